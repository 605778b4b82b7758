"""The index loses no partner, and leaves out those that clash in their first argument."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.logic.clauses import Clause, Literal
from agentos_lab.logic.inference import Inference
from agentos_lab.logic.literal_index import LiteralIndex
from agentos_lab.logic.terms import Function, Variable
from agentos_lab.logic.unification import most_general_unifier

TERMS = st.sampled_from([Variable("X0"), Function("a"), Function("b"), Function("f", Variable("X0"))])
LITERALS = st.builds(
    Literal,
    st.booleans(),
    st.one_of(st.builds(Function, st.sampled_from(["P", "="]), TERMS, TERMS), st.builds(Function, st.just("Q"), TERMS)),
)


def clause(number: int, literal: Literal) -> Clause:
    made = Clause((literal,), Inference("input"))
    made.number = number
    return made


@settings(max_examples=80, deadline=None)
@given(st.lists(LITERALS, max_size=10), LITERALS)
def test_everything_that_unifies_is_a_candidate(literals, asked):
    index = LiteralIndex()
    clauses = [clause(number, literal) for number, literal in enumerate(literals)]
    for each in clauses:
        index.add(each, 0)
    found = {each.number for each, _ in index.candidates(asked.positive, asked.atom)}
    for each in clauses:
        apart = each.apart[0]
        if apart.positive == asked.positive and most_general_unifier(apart.atom, asked.atom) is not None:
            assert each.number in found
    for each in clauses:
        index.remove(each, 0)
    assert list(index.candidates(asked.positive, asked.atom)) == []


def test_what_starts_with_another_constant_is_left_out():
    index = LiteralIndex()
    for number, name in enumerate(["a", "b", "c"]):
        index.add(clause(number, Literal(True, Function("Edge", Function(name), Function("z")))), 0)
    asked = Function("Edge", Function("b"), Variable("X0"))
    assert [each.number for each, _ in index.candidates(True, asked)] == [1]
