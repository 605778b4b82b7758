from __future__ import annotations

import pytest
from propositional_problems import pigeonhole, random_3sat

from agentos_lab.logic.dpll import dpll
from agentos_lab.logic.satisfiability_trace import Backtrack, Conflict, Decision, Propagation, PureLiteral


def test_the_trace_is_the_search():
    result = dpll("(p | q) & (~p | r) & (~q | r) & (~r | s | t) & (~s | ~r) & (~t | ~p) & (~t | ~q)")
    assert not result
    assert str(result.trace).split("\n") == [
        "  decide p (level 1)",
        "  r must hold (level 1), by clause 1: ¬p ∨ r",
        "  ¬s must hold (level 1), by clause 4: ¬s ∨ ¬r",
        "  t must hold (level 1), by clause 3: ¬r ∨ s ∨ t",
        "  conflict (level 1): clause 5 is false: ¬t ∨ ¬p",
        "  go back and try ¬p instead (level 1)",
        "  q must hold (level 1), by clause 0: p ∨ q",
        "  r must hold (level 1), by clause 2: ¬q ∨ r",
        "  ¬s must hold (level 1), by clause 4: ¬s ∨ ¬r",
        "  t must hold (level 1), by clause 3: ¬r ∨ s ∨ t",
        "  conflict (level 1): clause 6 is false: ¬t ∨ ¬q",
    ]


@pytest.mark.parametrize("seed", range(6))
def test_each_event_of_the_trace_is_right_where_it_stands(seed):
    result = dpll(random_3sat(12, seed, 4.5))
    clauses = result.cnf.clauses
    for index, event in enumerate(result.trace):
        true = {entry.literal for entry in result.trace.trail(index)}
        assert not any(-literal in true for literal in true)
        match event:
            case Propagation(literal, _, reason, number):
                assert clauses[number] == reason
                assert {-other for other in reason if other != literal} <= true
            case Conflict(clause, number, _, None):
                assert clauses[number] == clause and {-literal for literal in clause} <= true
            case PureLiteral(literal, _):
                assert all(-literal not in clause or true & set(clause) for clause in clauses)
            case Decision(literal, level):
                assert literal not in true and -literal not in true
            case Backtrack(literal, level):
                assert any(e.literal == -literal and e.level == level for e in result.trace.trail(index))
    if result:
        assert {entry.literal for entry in result.trace.trail(len(result.trace))} <= set(result.assignment)


def test_a_pure_literal_is_used_only_when_asked_for():
    problem = "(p | q) & (p | ~q)"
    assert any(isinstance(event, PureLiteral) for event in dpll(problem).trace)
    assert not any(isinstance(event, PureLiteral) for event in dpll(problem, pure_literals=False).trace)


def test_the_limit_ends_the_search_and_is_named():
    result = dpll(pigeonhole(7, 6), max_decisions=50)
    assert result.satisfiable is None and result.limit == "50 decisions"
    assert not result.trace.complete or len(result.trace) < 5_000
    with pytest.raises(ValueError, match="50 decisions"):
        bool(result)


def test_pigeons_have_no_place():
    assert dpll(pigeonhole(5, 4)).status == "unsatisfiable"
