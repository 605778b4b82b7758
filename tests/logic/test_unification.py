"""Unifiers make terms equal, are most general, and are found without writing them out."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.logic import Function, Term, Variable, match, most_general_unifier, parse, substitute, unify
from agentos_lab.logic.unification import resolved

x, y, z = Variable("x"), Variable("y"), Variable("z")
a, b = Function("a"), Function("b")


def f(*args: Term) -> Term:
    return Function("f", *args)


def g(*args: Term) -> Term:
    return Function("g", *args)


TERMS = st.recursive(
    st.sampled_from([x, y, z, a, b]),
    lambda inside: st.one_of(st.builds(lambda t: Function("h", t), inside), st.builds(f, inside, inside)),
    max_leaves=6,
)


def robinson(left: Term, right: Term) -> dict[Variable, Term] | None:
    """The textbook's way (Robinson 1965): find the first difference, bind it everywhere, begin again."""
    found: dict[Variable, Term] = {}

    def difference(one: Term, other: Term) -> tuple[Term, Term] | None:
        if (
            isinstance(one, Variable)
            or isinstance(other, Variable)
            or (one.name, len(one.args)) != (other.name, len(other.args))
        ):
            return None if one == other else (one, other)
        return next((d for pair in zip(one.args, other.args, strict=True) if (d := difference(*pair))), None)

    while pair := difference(left, right):
        variable, value = pair if isinstance(pair[0], Variable) else pair[::-1]
        if not isinstance(variable, Variable) or variable in value.variables:
            return None
        found = {v: substitute(t, {variable: value}) for v, t in found.items()} | {variable: value}
        left, right = substitute(left, {variable: value}), substitute(right, {variable: value})
    return found


@given(TERMS, TERMS)
def test_a_unifier_makes_the_terms_equal_and_exists_when_the_textbook_finds_one(left: Term, right: Term) -> None:
    result, fast, textbook = unify(left, right), most_general_unifier(left, right), robinson(left, right)
    assert bool(result) == (fast is not None) == (textbook is not None)
    if textbook is not None and fast is not None:
        for unifier in (result.unifier, {v: resolved(v, fast) for v in fast}):
            assert substitute(left, unifier) is substitute(right, unifier)
            assert {
                v: substitute(t, unifier) for v, t in unifier.items()
            } == unifier  # putting it in twice changes nothing
            # equally general as the textbook's: each is an instance of the other
            mine = f(*(substitute(v, unifier) for v in (x, y, z)))
            theirs = f(*(substitute(v, textbook) for v in (x, y, z)))
            renamed = {v: Variable(v.name + "1") for v in (x, y, z)}
            assert match(mine, substitute(theirs, renamed)) is not None
            assert match(theirs, substitute(mine, renamed)) is not None


@given(TERMS, TERMS)
def test_every_unifier_is_an_instance_of_the_most_general_one(left: Term, right: Term) -> None:
    unifier = most_general_unifier(left, right)
    rng = random.Random(f"{left} {right}")
    for _ in range(5):
        values = {v: rng.choice([a, b, f(a, b), f(a, a)]) for v in (x, y, z)}
        if substitute(left, values) is substitute(right, values):  # a unifier found by chance
            assert unifier is not None
            general = f(*(resolved(v, unifier) for v in (x, y, z)))
            assert match(general, f(*values.values())) is not None


@given(TERMS, TERMS)
def test_the_steps_lead_from_the_question_to_the_answer(left: Term, right: Term) -> None:
    result = unify(left, right)
    assert result.steps[0].before.waiting == ((left, right),)
    for step, following in zip(result.steps, result.steps[1:], strict=False):
        assert step.after is following.before
    last = result.steps[-1]
    if result:
        assert last.after.waiting == () and last.after.bindings == result.bindings
        for step in result.steps:  # what solves the rest solves the whole
            assert all(substitute(s, result.unifier) is substitute(t, result.unifier) for s, t in step.before.waiting)
    else:
        assert last.rule in ("clash", "occurs check") and result.reason.startswith(last.rule)


def test_failures_say_why() -> None:
    clash = unify(f(x, a), f(b, x))
    assert not clash and clash.reason == "clash: a is not b"
    assert "no unifier: clash: a is not b" in str(clash)
    with pytest.raises(ValueError, match="do not unify: clash"):
        _ = clash.unifier
    occurs = unify(x, f(a, x))
    assert occurs.reason == "occurs check: x would have to hold itself in x = f(a, x)"
    assert unify(f(x, f(x, y)), f(z, z)).reason.startswith("occurs check")
    assert unify(f(a, b), f(a)).reason == "clash: f/2 is not f/1"
    assert most_general_unifier(f(x, f(y, x)), f(f(y, z), z)) is None  # x = f(y, z), z = f(y, x) hold each other


def test_a_success_prints_its_bindings() -> None:
    assert str(unify(g(x, f(x, y)), g(a, z))).splitlines() == [
        "g(x, f(x, y)) ≟ g(a, z)",
        "  decompose: x ≟ a, f(x, y) ≟ z",
        "  eliminate x = a: f(a, y) ≟ z",
        "  orient: z ≟ f(a, y)",
        "  eliminate z = f(a, y): nothing left to solve",
        "unifier: x = a, z = f(a, y)",
    ]
    assert str(unify(a, a)).endswith("unifier: nothing needs to change")


def doubling(n: int) -> tuple[Term, Term]:
    """g(x1, …, xn) and g(f(x0, x0), …): the unifier has 2^n symbols when it is written out."""
    variables = [Variable(f"x{number}") for number in range(n + 1)]
    return g(*variables[1:]), g(*(f(v, v) for v in variables[:-1]))


@pytest.mark.parametrize("n", [16, 64, 200])
def test_an_exponentially_large_unifier_is_found_in_a_few_steps(n: int) -> None:
    left, right = doubling(n)
    result = unify(left, right)
    assert len(result.steps) == n + 1
    assert result.unifier[Variable(f"x{n}")].size == 2 ** (n + 1) - 1
    bindings = most_general_unifier(left, right)
    assert bindings is not None and resolved(left, bindings) is resolved(right, bindings)
    assert len(str(result)) < 500 * n  # nor is it printed
    assert (
        most_general_unifier(f(left, Variable(f"x{n}")), f(right, Variable("x0"))) is None
    )  # the occurs check is quick, too


def test_deep_terms_unify() -> None:
    one, other = x, a
    for _ in range(2000):
        one, other = Function("s", one), Function("s", other)
    assert unify(one, other).unifier == {x: a} and match(one, other) == {x: a}
    assert substitute(one, {x: a}) is other


def test_matching_binds_the_pattern_alone() -> None:
    assert match(f(x, y), f(a, x)) == {x: a, y: x}
    assert match(f(x, x), f(a, b)) is None
    assert match(f(a, x), f(y, b)) is None
    assert match(x, f(x, x)) == {x: f(x, x)}
    known = {x: a}
    assert match(f(x, y), f(b, b), known) is None and match(f(x, y), f(a, b), known) == {x: a, y: b} and known == {x: a}


@pytest.mark.parametrize("wrong", ["x", 5, parse("P(a)")])
def test_only_terms_are_unified(wrong):
    for pair in ((wrong, Variable("x")), (Variable("x"), wrong)):
        with pytest.raises(ValueError, match="unify takes two terms, such as"):
            unify(*pair)
