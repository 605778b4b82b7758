"""DPLL and Z3 decide random problems alike."""

from __future__ import annotations

import pytest
from propositional_problems import random_3sat, z3_satisfiable

from agentos_lab.logic.dpll import dpll


@pytest.mark.parametrize("pure_literals", [True, False])
@pytest.mark.parametrize("ratio", [3.5, 4.26, 5.5])
def test_random_problems_are_decided_as_by_z3(ratio, pure_literals):
    for seed in range(15):
        clauses = random_3sat(14, seed, ratio)
        result = dpll(clauses, pure_literals=pure_literals)
        assert bool(result) == z3_satisfiable(clauses), f"seed {seed}"
        assert not result or result.cnf.satisfied_by(result.assignment)
