"""Propositional problems and formulas for the tests, random ones from a seed."""

from __future__ import annotations

import random
from itertools import combinations

import z3
from hypothesis import strategies as st

from agentos_lab.logic import FALSE, TRUE, And, Atom, Formula, Iff, Implies, Not, Or

Clauses = list[tuple[int, ...]]


def pigeonhole(pigeons: int, holes: int) -> Clauses:
    """Each pigeon sits in a hole, no two in the same one."""
    number = {(i, j): i * holes + j + 1 for i in range(pigeons) for j in range(holes)}
    somewhere = [tuple(number[i, j] for j in range(holes)) for i in range(pigeons)]
    apart = [(-number[i, j], -number[k, j]) for j in range(holes) for i, k in combinations(range(pigeons), 2)]
    return somewhere + apart


def random_3sat(propositions: int, seed: int, ratio: float = 4.26) -> Clauses:
    """Random clauses of three literals; at this ratio about half of the problems are satisfiable."""
    chance = random.Random(seed)
    chosen = range(1, propositions + 1)
    return [
        tuple(n * chance.choice((1, -1)) for n in chance.sample(chosen, 3)) for _ in range(round(propositions * ratio))
    ]


def z3_satisfiable(clauses: Clauses) -> bool:
    """What Z3 says."""
    solver = z3.SimpleSolver()
    for clause in clauses:
        literals = [z3.Bool(f"x{abs(n)}") for n in clause]
        signed = [atom if n > 0 else z3.Not(atom) for atom, n in zip(literals, clause, strict=True)]
        solver.add(z3.Or(*signed) if signed else z3.BoolVal(False))
    return solver.check() == z3.sat


def _larger(smaller: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    several = st.lists(smaller, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        smaller.map(Not),
        several.map(And),
        several.map(Or),
        st.builds(Implies, smaller, smaller),
        st.builds(Iff, smaller, smaller),
    )


# Formulas over p, q, r, s, with ⊤ and ⊥ now and then.
FORMULAS = st.recursive(st.sampled_from([*map(Atom, "pqrspqrs"), TRUE, FALSE]), _larger, max_leaves=14)
