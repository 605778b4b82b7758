from __future__ import annotations

from itertools import islice, pairwise

import networkx
import pytest
from hypothesis import given, settings
from propositional_problems import FORMULAS, pigeonhole, random_3sat, z3_satisfiable

from agentos_lab.logic.cdcl import cdcl, luby
from agentos_lab.logic.propositional_clauses import truth_value
from agentos_lab.logic.reverse_unit_propagation import check_rup
from agentos_lab.logic.satisfiability_result import SatStatistics
from agentos_lab.logic.satisfiability_trace import Conflict, Decision, Learned, Propagation
from agentos_lab.logic.truth_table import truth_table


@pytest.mark.parametrize("ratio", [2.0, 4.0, 4.26, 4.6, 6.0])
def test_random_problems_are_decided_as_by_z3(ratio):
    for seed in range(8):
        clauses = random_3sat(20 + seed, seed, ratio)
        result = cdcl(clauses, max_events=0)
        assert bool(result) == z3_satisfiable(clauses), f"seed {seed}"
        assert result.cnf.satisfied_by(result.assignment) if result else check_rup(clauses, result.proof)


@pytest.mark.parametrize(("propositions", "seed"), [(60, 0), (60, 1), (80, 2), (80, 3), (100, 4), (100, 5)])
def test_hard_random_problems_are_decided_with_a_model_or_a_proof(propositions, seed):
    clauses = random_3sat(propositions, seed)
    result = cdcl(clauses, max_events=0)
    assert bool(result) == z3_satisfiable(clauses)
    assert result.cnf.satisfied_by(result.assignment) if result else check_rup(clauses, result.proof)


@settings(max_examples=60, deadline=None)
@given(FORMULAS)
def test_formulas_are_decided_as_by_their_truth_table(formula):
    result = cdcl(formula)
    assert bool(result) == bool(truth_table(formula).models)
    assert not result or truth_value(formula, result.model)


@pytest.mark.parametrize("holes", [2, 3, 4, 5])
def test_one_pigeon_too_many_has_no_place(holes):
    result = cdcl(pigeonhole(holes + 1, holes))
    assert not result
    assert check_rup(pigeonhole(holes + 1, holes), result.proof)


def test_pigeons_with_enough_holes_find_places():
    assert cdcl(pigeonhole(6, 6))


@pytest.mark.parametrize("seed", range(8))
def test_each_event_of_the_trace_is_right_where_it_stands(seed):
    result = cdcl(random_3sat(25, seed, 4.6))
    trace, known = result.trace, list(result.cnf.clauses)
    assert trace.complete
    for index, event in enumerate(trace):
        trail = trace.trail(index)
        true = {entry.literal for entry in trail}
        assert not any(-literal in true for literal in true)
        match event:
            case Propagation(literal, level, reason, number):
                assert sorted(known[number]) == sorted(reason)
                assert {-other for other in reason if other != literal} <= true
                assert level == max((entry.level for entry in trail), default=0)
            case Decision(literal, level):
                assert abs(literal) not in {abs(other) for other in true}
                assert level == 1 + max((entry.level for entry in trail), default=0) or level > 1
            case Conflict(clause, number, _, _):
                assert sorted(known[number]) == sorted(clause)
                assert {-literal for literal in clause} <= true
            case Learned(clause, number, level, from_level, _):
                assert number == len(known)
                known.append(clause)
                left = {entry.literal for entry in trace.trail(index + 1)}
                assert {-literal for literal in clause[1:]} <= left
                assert not clause or (abs(clause[0]) not in map(abs, left) and level < from_level)
    assert result.proof == tuple(known[len(result.cnf.clauses) :]) if not result else result.proof == ()


@pytest.mark.parametrize("seed", range(8))
def test_the_learned_literal_is_the_first_dominator_of_the_conflict(seed):
    """A unique implication point is a dominator of the conflict in its level's part of the graph."""
    events = cdcl(random_3sat(25, seed, 4.6)).trace.events

    seen = 0
    for conflict, lesson in pairwise(events):
        if not isinstance(conflict, Conflict) or not lesson.clause:
            continue
        seen += 1
        drawn = conflict.graph.graph()
        assert networkx.is_directed_acyclic_graph(drawn)
        level = [node for node in drawn if drawn.nodes[node]["level"] == conflict.level]
        (decision,) = [node for node in level if drawn.nodes[node]["decision"]]
        above = networkx.immediate_dominators(drawn.subgraph(level), decision)
        chain, node = [], 0
        while node != decision:
            node = above[node]
            chain.append(node)
        assert conflict.graph.unique_implication_points == tuple(chain)
        assert lesson.clause[0] == -chain[0]
        # Resolving step by step gives the learned clause, but for what is false at level 0.
        clause = set(conflict.clause)
        for literal, reason in lesson.resolved:
            assert -literal in clause and literal in reason
            clause = (clause | set(reason)) - {literal, -literal}
        fixed = {entry.literal for entry in conflict.graph.entries if entry.level == 0}
        assert {literal for literal in clause if -literal not in fixed} == set(lesson.clause)
    assert seen > 2


def test_the_work_is_told_in_words_and_one_of_a_kind_in_the_singular():
    counted = SatStatistics(decisions=1, propagations=1200, conflicts=1, deleted=1)
    assert str(counted) == "1 decision, 1,200 propagations, 1 conflict, 1 deleted"
    assert str(SatStatistics()) == "no search was needed"


def test_the_limit_ends_the_search_and_is_named():
    result = cdcl(pigeonhole(10, 9), max_conflicts=200)
    assert result.satisfiable is None and result.limit == "200 conflicts"
    assert str(result).startswith("gave up: 200 conflicts")
    with pytest.raises(ValueError, match="gave up"):
        bool(result)


def test_a_trace_keeps_only_its_first_events_and_says_so():
    whole, cut = cdcl(pigeonhole(5, 4)).trace, cdcl(pigeonhole(5, 4), max_events=10).trace
    assert cut.events == whole.events[:10] and whole.complete and not cut.complete
    assert str(cut).endswith("and others that were not kept")


def test_the_same_problem_gives_the_same_search():
    assert cdcl(random_3sat(40, 3)).trace == cdcl(random_3sat(40, 3)).trace


@pytest.mark.parametrize(
    ("clauses", "satisfiable"),
    [
        ([], True),
        ([()], False),
        ([(1,), (-1,)], False),
        ([(1, -1)], True),
        ([(1, 1), (-1, -1)], False),
        ([(1,), (), (2,)], False),
        ([(5,)], True),
    ],
)
def test_degenerate_problems_are_decided(clauses, satisfiable):
    result = cdcl(clauses)
    assert bool(result) is satisfiable
    assert satisfiable or check_rup(clauses, result.proof)


def test_the_luby_sequence_is_that_of_the_paper():
    assert [luby(n) for n in range(1, 16)] == [1, 1, 2, 1, 1, 2, 4, 1, 1, 2, 1, 1, 2, 4, 8]


def test_a_model_names_the_given_propositions_only():
    result = cdcl("(rain & cold) | (sun & ~rain)")
    assert set(result.model) == {"rain", "cold", "sun"}
    assert truth_value("(rain & cold) | (sun & ~rain)", result.model)


def test_a_trace_tells_each_event_in_words():
    lines = str(cdcl("(p | q) & (p | ~q) & (~p | q) & (~p | ~q)").trace).split("\n")
    assert lines[0] == "  decide ¬p (level 1)"
    assert list(islice(lines, 2, 4)) == [
        "  conflict (level 1): clause 1 is false: p ∨ ¬q",
        "  learn clause 4: p; jump back to level 0",
    ]
    assert lines[-1] == "learn □, the empty clause: unsatisfiable"
