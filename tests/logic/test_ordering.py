"""The Knuth–Bendix ordering has the laws that make rewriting by it end."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.logic.ordering import larger, larger_multiset
from agentos_lab.logic.terms import Function, Variable, substitute

VARIABLES = [Variable(name) for name in ("x", "y")]
CONSTANTS = [Function(name) for name in ("a", "b", "c")]


def terms(leaves) -> st.SearchStrategy:
    return st.recursive(
        st.sampled_from(leaves),
        lambda inner: st.one_of(
            st.builds(Function, st.just("f"), inner), st.builds(Function, st.just("g"), inner, inner)
        ),
        max_leaves=5,
    )


TERMS, GROUND = terms([*VARIABLES, *CONSTANTS]), terms(CONSTANTS)
BINDINGS = st.fixed_dictionaries(dict.fromkeys(VARIABLES, GROUND))
LAW = settings(max_examples=100, deadline=None)


@LAW
@given(GROUND, GROUND)
def test_two_different_ground_terms_are_always_comparable(s, t):
    assert larger(s, t) + larger(t, s) == (s is not t)


@LAW
@given(GROUND, GROUND, GROUND)
def test_it_is_transitive(s, t, u):
    if larger(s, t) and larger(t, u):
        assert larger(s, u)


@LAW
@given(TERMS, TERMS, BINDINGS)
def test_what_is_larger_stays_larger_under_a_substitution(s, t, bindings):
    if larger(s, t):
        assert larger(substitute(s, bindings), substitute(t, bindings))


@LAW
@given(TERMS, TERMS, TERMS)
def test_what_is_larger_stays_larger_inside_a_term(s, t, other):
    if larger(s, t):
        assert larger(Function("g", s, other), Function("g", t, other))
        assert larger(Function("g", other, s), Function("g", other, t))


@LAW
@given(TERMS)
def test_a_term_is_larger_than_its_parts(s):
    assert larger(Function("f", s), s)
    assert larger(Function("g", s, s), s)


def test_a_variable_that_only_the_smaller_side_has_forbids_the_comparison():
    x, y = VARIABLES
    assert not larger(Function("f", Function("f", x)), Function("f", y))
    assert not larger(Function("g", x, y), Function("g", y, x))


def test_a_multiset_is_larger_when_something_in_it_outweighs_what_the_other_has_more():
    a, b, c = CONSTANTS
    assert larger_multiset([c], [a, b, b])
    assert larger_multiset([c, c], [c, b])
    assert not larger_multiset([c, a], [a, c])
    assert not larger_multiset([b, b], [c])
