"""Subsumption, and its index, are as defined."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st
from small_clauses import made

from agentos_lab.logic.clauses import Clause, Literal
from agentos_lab.logic.subsumption import SubsumptionIndex, subsumes
from agentos_lab.logic.terms import Function, Variable
from agentos_lab.logic.unification import match

TERMS = st.recursive(
    st.sampled_from([Variable("X0"), Variable("X1"), Function("a"), Function("b")]),
    lambda inner: st.builds(Function, st.just("f"), inner),
    max_leaves=3,
)

LITERALS = st.builds(Literal, st.booleans(), st.builds(Function, st.sampled_from(["P", "Q"]), TERMS, TERMS))

CLAUSES = st.lists(LITERALS, min_size=1, max_size=3).map(made)


def subsumes_by_definition(general: Clause, special: Clause) -> bool:
    """Try every way to give the literals of one clause different literals of the other."""
    for chosen in permutations(special.literals, len(general)):
        bindings: dict | None = {}
        for (sign, atom), (other_sign, other) in zip(general.literals, chosen, strict=True):
            bindings = match(atom, other, bindings) if sign == other_sign and bindings is not None else None
        if bindings is not None:
            return True
    return False


@settings(max_examples=150, deadline=None)
@given(CLAUSES, CLAUSES)
def test_subsumption_is_as_defined(general, special):
    assert subsumes(general, special) == subsumes_by_definition(general, special)


@settings(max_examples=40, deadline=None)
@given(st.lists(CLAUSES, min_size=1, max_size=8), CLAUSES)
def test_the_index_finds_what_trying_all_finds(clauses, asked):
    index = SubsumptionIndex()
    for number, each in enumerate(clauses):
        each.number = number
        index.add(each)
    assert (index.subsumer_of(asked) is not None) == any(subsumes(each, asked) for each in clauses)
    assert {each.number for each in index.subsumed_by(asked)} == {
        each.number for each in clauses if subsumes(asked, each)
    }
    index.remove(clauses[0])
    rest = clauses[1:]
    assert (index.subsumer_of(asked) is not None) == any(subsumes(each, asked) for each in rest)
