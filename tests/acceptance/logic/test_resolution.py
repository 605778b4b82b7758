"""Every conclusion of every rule follows from its parents, as Z3 says."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from small_clauses import closed, made

from agentos_lab.logic.clauses import Clause, Literal
from agentos_lab.logic.equality import equality_factors, equality_resolvents, superpositions
from agentos_lab.logic.resolution import factors, resolvents
from agentos_lab.logic.terms import Function, Variable
from agentos_lab.logic.z3_backend import follows

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
