"""Equal terms are one object, which knows what it holds and never changes."""

from __future__ import annotations

import copy
import gc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.logic import Function, Term, Variable, constant, substitute, subterms
from agentos_lab.logic import terms as terms_module

x, y = Variable("x"), Variable("y")
a = constant("a")
TERMS = st.recursive(
    st.sampled_from([x, y, a]),
    lambda inside: st.builds(lambda *args: Function("f", *args), inside, inside),
    max_leaves=8,
)


def test_equal_terms_are_the_same_object() -> None:
    assert Function("f", x, a) is Function("f", Variable("x"), Function("a"))
    assert (
        Function("f", x) is not Function("f", y)
        and Function("x") is not x
        and Function("f", x) is not Function("f", x, x)
    )
    assert copy.deepcopy(Function("f", x, a)) is Function("f", x, a)


def test_a_term_never_changes() -> None:
    with pytest.raises(AttributeError, match="never changes"):
        x.name = "y"  # type: ignore[misc]


def test_terms_that_nobody_uses_are_forgotten() -> None:
    gc.collect()
    before = len(terms_module._shared)
    kept = [Function("forgotten", constant(f"c{number}")) for number in range(100)]
    assert len(terms_module._shared) == before + 200
    del kept
    gc.collect()
    assert len(terms_module._shared) <= before


@given(TERMS)
def test_a_term_knows_its_size_and_variables(term: Term) -> None:
    parts = [part for _, part in subterms(term)]
    assert term.size == len(parts)
    assert term.variables == {part for part in parts if isinstance(part, Variable)}
    assert term.ground == (not term.variables)


@given(TERMS)
def test_positions_lead_to_their_parts(term: Term) -> None:
    for position, part in subterms(term):
        found = term
        for place in position:
            found = found.args[place]
        assert found is part


@given(TERMS, TERMS, TERMS)
def test_a_substitution_replaces_all_at_once(term: Term, for_x: Term, for_y: Term) -> None:
    replaced = substitute(term, {x: for_x, y: for_y})
    sizes = {x: for_x.size, y: for_y.size}
    assert replaced.size == sum(sizes.get(part, 1) if not part.args else 1 for _, part in subterms(term))  # type: ignore[call-overload]
    assert substitute(substitute(term, {x: y, y: x}), {x: y, y: x}) is term


@given(TERMS, TERMS)
def test_large_terms_are_replaced_as_small_ones_are(term: Term, value: Term) -> None:
    assert terms_module.replaced_inside_out(term, {x: value}.get) is substitute(term, {x: value})


def test_deep_and_heavily_shared_terms_are_no_trouble() -> None:
    deep: Term = x
    for _ in range(5000):
        deep = Function("s", deep)
    assert substitute(deep, {x: a}).ground and str(deep).count("s(") == 5000
    shared: Term = x
    for _ in range(100):
        shared = Function("f", shared, shared)
    assert substitute(shared, {x: a}).size == shared.size == 2**101 - 1


def test_a_term_is_made_of_a_text_and_of_terms():
    for make in (lambda: Variable(5), lambda: Function(None), lambda: constant(7)):
        with pytest.raises(ValueError, match="has a text as its name"):
            make()
    for wrong in ("a", ["a"], [Variable("x")], 5):
        with pytest.raises(ValueError, match="the arguments of f are terms, such as"):
            Function("f", wrong)
