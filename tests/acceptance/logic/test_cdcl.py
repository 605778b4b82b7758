"""CDCL on many random problems, held against Z3; models and proofs are checked."""

from __future__ import annotations

import pytest
from propositional_problems import pigeonhole, random_3sat, z3_satisfiable

from agentos_lab.logic.cdcl import cdcl
from agentos_lab.logic.reverse_unit_propagation import check_rup
from agentos_lab.logic.satisfiability_trace import Deletion, Restart


@pytest.mark.parametrize("ratio", [2.0, 4.0, 4.26, 4.6, 6.0])
def test_two_hundred_random_problems_are_decided_as_by_z3(ratio):
    for seed in range(40):
        clauses = random_3sat(20 + seed % 11, seed, ratio)
        result = cdcl(clauses, max_events=0)
        assert bool(result) == z3_satisfiable(clauses), f"seed {seed}"
        assert result.cnf.satisfied_by(result.assignment) if result else check_rup(clauses, result.proof)


def test_a_search_restarts_and_forgets():
    result = cdcl(pigeonhole(7, 6), max_events=20_000, keep_learned=20)
    assert not result and check_rup(pigeonhole(7, 6), result.proof)
    assert result.statistics.restarts > 3 and result.statistics.deleted > 50
    kinds = {type(event) for event in result.trace}
    assert {Restart, Deletion} <= kinds
    for index, event in enumerate(result.trace):
        if isinstance(event, Restart):
            assert all(entry.level == 0 for entry in result.trace.trail(index + 1))
