"""Resolution and factoring: the examples of the textbooks, and random conclusions that Z3 confirms."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from small_clauses import clause, closed, made

from agentos_lab.logic.clauses import Clause, Literal
from agentos_lab.logic.equality import equality_factors, equality_resolvents, superpositions
from agentos_lab.logic.resolution import factors, resolvents
from agentos_lab.logic.terms import Function, Variable
from agentos_lab.logic.z3_backend import follows


def told(conclusions) -> list[str]:
    return [str(Clause(literals, inference)) for literals, inference in conclusions]


def test_two_clauses_meet_on_opposite_literals():
    assert told(resolvents(clause("¬Man(x) ∨ Mortal(x)"), 0, clause("Man(Socrates)"), 0)) == ["Mortal(Socrates)"]
    assert told(resolvents(clause("P(a)"), 0, clause("¬P(b)"), 0)) == []


def test_variables_of_the_two_are_kept_apart():
    assert told(resolvents(clause("P(x, f(x))"), 0, clause("¬P(x, y) ∨ Q(y, x)"), 0)) == ["Q(f(X0), X0)"]


def test_only_one_pair_is_resolved_away():
    """Two at once would derive □ from p ∨ q and ¬p ∨ ¬q, which hold together."""
    assert told(resolvents(clause("P ∨ Q"), 0, clause("¬P ∨ ¬Q"), 0)) == ["Q ∨ ¬Q"]


def test_factoring_makes_two_literals_one():
    assert told(factors(clause("P(x) ∨ P(f(y)) ∨ Q(x, y)"), 0)) == ["P(f(X0)) ∨ Q(f(X0), X0)"]
    assert told(factors(clause("P(a) ∨ P(b)"), 0)) == []


def test_an_inference_says_what_was_put_in_for_each_parent():
    ((_, inference),) = resolvents(clause("¬Man(x) ∨ Mortal(x)"), 0, clause("Man(Socrates)"), 0)
    first, second = inference.premises
    assert {str(v): str(t) for v, t in first.substitution.items()} == {"X0": "Socrates"}
    assert second.substitution == {}


def test_superposition_puts_equals_for_equals_from_large_to_small():
    source, target = clause("f(a) = b"), clause("P(f(a)) ∨ Q(a)")
    assert told(superpositions(source, 0, target, 0, target_is_given=False)) == ["P(b) ∨ Q(a)"]
    assert told(superpositions(clause("b = f(a)"), 0, clause("P(b)"), 0, target_is_given=False)) == []


def test_equality_resolution_and_factoring():
    assert told(equality_resolvents(clause("f(x) ≠ f(a) ∨ P(x)"), 0)) == ["P(a)"]
    assert told(equality_factors(clause("b = a ∨ b = c"), 0)) == ["b = c ∨ a ≠ c"]


VARIABLES = [Variable("X0"), Variable("X1")]
TERMS = st.recursive(
    st.sampled_from([*VARIABLES, Function("a"), Function("b")]),
    lambda inner: st.builds(Function, st.just("f"), inner),
    max_leaves=3,
)
ATOMS = st.one_of(
    st.builds(Function, st.just("P"), TERMS),
    st.builds(Function, st.just("R"), TERMS, TERMS),
    st.builds(Function, st.just("="), TERMS, TERMS),
)
CLAUSES = st.lists(st.builds(Literal, st.booleans(), ATOMS), min_size=1, max_size=3).map(made)


def all_conclusions(one: Clause, other: Clause):
    for at, (sign, atom) in enumerate(one.literals):
        yield from factors(one, at)
        yield from equality_resolvents(one, at)
        yield from equality_factors(one, at)
        for second, (other_sign, other_atom) in enumerate(other.literals):
            if sign != other_sign and atom.name == other_atom.name:
                yield from resolvents(one, at, other, second)
            if sign and atom.name == "=":
                yield from superpositions(one, at, other, second, target_is_given=False)
                yield from superpositions(one, at, other, second, target_is_given=True)


@settings(max_examples=60, deadline=None)
@given(CLAUSES, CLAUSES)
def test_every_conclusion_follows_from_its_parents(one, other):
    premises = [closed(one.literals), closed(other.literals)]
    for literals, _ in list(all_conclusions(one, other))[:12]:
        assert follows(premises, closed(literals), rlimit=100_000) is not False
