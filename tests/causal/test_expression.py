"""Expressions: how they write themselves, what they depend on, and the algebra that keeps bound names apart."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.evaluation import evaluate
from agentos_lab.causal.expression import ONE, ZERO, Expression, Fraction, Probability, Product, Sum, Variable
from agentos_lab.causal.expression_algebra import fraction, product, substitute, total, variables, with_fresh_names
from agentos_lab.causal.graph import CausalGraph

X, Y, Z = (Variable(name) for name in "XYZ")
FRONT_DOOR = total(
    (Z,), product(Probability((Z,), (X,)), total((X,), product(Probability((Y,), (X, Z)), Probability((X,)))))
)
MODEL = DiscreteModel.random(CausalGraph("X -> Z -> Y; X <-> Y"), {"X": 3, "Z": 2, "Y": 2}, seed=3)


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> Expression:
    """Any expression over X, Y, Z without a sum that binds nothing in its body."""
    kind = draw(st.sampled_from(["term", "product", "sum", "fraction"])) if depth else "term"
    if kind == "term":
        names = draw(st.permutations("XYZ"))
        before, given_ = draw(st.integers(1, 3)), draw(st.integers(0, 2))
        return Probability(variables(names[:before]), variables(names[before : before + given_]))
    if kind == "product":
        return product(*draw(st.lists(expressions(depth=depth - 1), min_size=2, max_size=3)))
    if kind == "fraction":
        return fraction(draw(expressions(depth=depth - 1)), draw(expressions(depth=depth - 1)))
    body = draw(expressions(depth=depth - 1))
    if not body.free:
        return body
    return total(variables(draw(st.lists(st.sampled_from(sorted(body.free)), min_size=1, unique=True))), body)


def values_of(expression: Expression, order: tuple[str, ...]) -> np.ndarray:
    return evaluate(expression, MODEL).expanded(order)


def test_the_front_door_formula_writes_itself_with_a_prime_on_the_inner_sum() -> None:
    fresh = with_fresh_names(FRONT_DOOR)
    assert str(fresh) == "Σ_{Z} P(Z | X) Σ_{X'} P(Y | X', Z) P(X')"
    assert fresh.latex() == r"\sum_{Z} P(Z \mid X)\,\sum_{X'} P(Y \mid X', Z)\,P(X')"
    assert fresh.free == {"X", "Y"}


def test_a_sum_inside_a_product_stands_in_brackets_unless_it_ends_the_line() -> None:
    inner = Sum((Z,), Probability((Y,), (Z,)))
    assert str(Product((inner, Probability((X,))))) == "[Σ_{Z} P(Y | Z)] P(X)"
    assert Product((inner, Probability((X,)))).latex() == r"\left(\sum_{Z} P(Y \mid Z)\right)\,P(X)"
    assert str(Product((Probability((X,)), inner))) == "P(X) Σ_{Z} P(Y | Z)"


@pytest.mark.parametrize(
    ("variable", "text", "latex"),
    [
        (Variable("X1"), "X1", "X_{1}"),
        (Variable("X", primes=2), "X''", "X''"),
        (Variable("Smoking"), "Smoking", r"\mathrm{Smoking}"),
        (Variable("wt82_71"), "wt82_71", r"\mathrm{wt82\_71}"),
        (Variable("blood pressure", value="high"), "blood pressure=high", r"\mathrm{blood\ pressure}=\mathrm{high}"),
        (Variable("tea & milk", value="50%"), "tea & milk=50%", r"\mathrm{tea\ \&\ milk}=\mathrm{50\%}"),
        (Variable("Y", value=1), "Y=1", "Y=1"),
    ],
)
def test_a_variable_writes_itself_as_text_and_as_latex(variable: Variable, text: str, latex: str) -> None:
    assert (str(variable), variable.latex()) == (text, latex)


def test_an_expression_shows_itself_as_it_is_written() -> None:
    total = Sum((Z,), Product((Probability((Y,), given=(Z,)), Probability((Z,)))))
    assert repr([total]) == "[Σ_{Z} P(Y | Z) P(Z)]"


def test_terms_with_do_and_with_another_population_write_themselves() -> None:
    term = Probability((Y,), given=(Z,), do=(X,), population="*")
    assert str(term) == "P*(Y | do(X), Z)"
    assert term.latex() == r"P^{*}(Y \mid \mathrm{do}(X), Z)"


def test_a_variable_that_stands_twice_in_a_term_is_named() -> None:
    with pytest.raises(ValueError, match="X stands twice"):
        Probability((X,), given=(X,))
    with pytest.raises(ValueError, match="no variable"):
        Probability(())


def test_products_open_and_trivial_factors_vanish() -> None:
    term = Probability((Y,))
    assert product(term, ONE) == term
    assert product(product(term, term), term) == Product((term, term, term))
    assert product(term, ZERO) == ZERO
    assert total((), term) == term
    assert fraction(term, ONE) == term
    assert str(ONE) == "1" and ONE.latex() == "1" and ZERO.latex() == str(ZERO) == "0"


@settings(max_examples=60)
@given(expressions())
def test_fresh_names_change_no_value_and_leave_no_name_with_two_meanings(expression: Expression) -> None:
    fresh = with_fresh_names(expression)
    np.testing.assert_allclose(values_of(fresh, ("X", "Y", "Z")), values_of(expression, ("X", "Y", "Z")), rtol=1e-12)
    assert_no_name_has_two_meanings(fresh, fresh.free)


@settings(max_examples=60)
@given(expressions(), st.sampled_from("XYZ"), st.integers(0, 1))
def test_fixing_a_value_selects_its_slice(expression: Expression, name: str, value: int) -> None:
    if name not in expression.free:
        assert substitute(expression, {name: Variable(name, value=value)}) == expression
        return
    fixed = substitute(expression, {name: Variable(name, value=value)})
    assert fixed.free == expression.free - {name}
    whole = evaluate(expression, MODEL).select({name: value})
    np.testing.assert_allclose(evaluate(fixed, MODEL).expanded(whole.axes), whole.values, rtol=1e-12)


def test_a_substituted_index_is_not_caught_by_a_sum_over_the_same_name() -> None:
    # In Σ_{X'} P(Y | X') P(X') Z, naming an outer index X' must not bind it.
    body = Sum((Variable("X", primes=1),), Probability((Variable("X", primes=1),), given=(Z,)))
    moved = substitute(body, {"Z": Variable("X", primes=1)})
    assert moved == Sum((Variable("X", primes=2),), Probability((Variable("X", primes=2),), (Variable("X", primes=1),)))


def test_names_lists_every_variable_once_in_order_of_appearance() -> None:
    assert with_fresh_names(Fraction(FRONT_DOOR, Probability((Y,)))).names == ("Z", "X", "Y")


def assert_no_name_has_two_meanings(expression: Expression, around: frozenset[str]) -> None:
    match expression:
        case Product(factors):
            for factor in factors:
                assert_no_name_has_two_meanings(factor, around)
        case Fraction(numerator, denominator):
            assert_no_name_has_two_meanings(numerator, around)
            assert_no_name_has_two_meanings(denominator, around)
        case Sum(over, body):
            bound = [variable.symbol for variable in over]
            assert len(set(bound)) == len(bound) and not set(bound) & around
            assert_no_name_has_two_meanings(body, around | set(bound))
