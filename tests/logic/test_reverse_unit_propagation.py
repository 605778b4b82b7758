from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from propositional_problems import pigeonhole, random_3sat, z3_satisfiable

from agentos_lab.logic.cdcl import cdcl
from agentos_lab.logic.reverse_unit_propagation import check_rup


def test_a_proof_of_the_solver_is_right():
    clauses = pigeonhole(6, 5)
    check = check_rup(clauses, cdcl(clauses).proof)
    assert check and check.checked == len(cdcl(clauses).proof)
    assert str(check).startswith("right: ")


def test_a_proof_without_the_empty_clause_proves_nothing():
    clauses = pigeonhole(4, 3)
    check = check_rup(clauses, cdcl(clauses).proof[:-1])
    assert not check and "empty clause" in str(check)


def test_a_clause_that_does_not_follow_is_named():
    check = check_rup([(1, 2), (-1, 2)], [(2,), (1,), ()])
    assert not check and check.checked == 2 and "learned clause 2 (1)" in check.reason


def test_the_empty_clause_alone_is_no_proof_where_search_is_needed():
    assert not check_rup(pigeonhole(4, 3), [()])
    assert check_rup([(1,), (-1,)], [()])
    assert check_rup([()], [()])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6))
def test_no_proof_refutes_what_is_satisfiable(seed):
    """Whatever is given as a proof: random clauses, ended by the empty one."""
    clauses = random_3sat(8, seed, 4.0)
    if z3_satisfiable(clauses):
        chance = random.Random(seed)
        lies = [tuple(n * chance.choice((1, -1)) for n in chance.sample(range(1, 9), 2)) for _ in range(6)]
        assert not check_rup(clauses, [*lies, ()])


@pytest.mark.parametrize("seed", range(10))
def test_a_proof_with_a_literal_turned_is_caught_or_still_follows(seed):
    clauses = random_3sat(20, seed, 6.0)
    proof = list(cdcl(clauses).proof)
    chance = random.Random(seed)
    place = chance.randrange(len(proof) - 1)
    proof[place] = (-proof[place][0], *proof[place][1:])
    check = check_rup(clauses, proof[: place + 1])
    # What is accepted must follow: Z3 finds no model of the problem in which the changed clause is false.
    follows = not z3_satisfiable([*clauses, *((-literal,) for literal in proof[place])])
    assert follows or "does not follow" in check.reason
