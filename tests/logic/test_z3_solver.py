from __future__ import annotations

import z3
from propositional_problems import pigeonhole

from agentos_lab.logic.z3_solver import LimitedSolver


def asked(pigeons: int, holes: int, **limits) -> LimitedSolver:
    context = z3.Context()
    limited = LimitedSolver(context, **limits)
    for clause in pigeonhole(pigeons, holes):
        atoms = [z3.Bool(f"x{abs(n)}", context) for n in clause]
        limited.solver.add(z3.Or([a if n > 0 else z3.Not(a) for a, n in zip(atoms, clause, strict=True)]))
    return limited


def test_answers_and_limits_have_names():
    assert asked(4, 4).check() == "sat"
    assert asked(5, 4).check() == "unsat"
    assert asked(10, 9, rlimit=10_000).check() == "Z3's rlimit was used up"
    assert asked(12, 11, seconds=0.05).check() == "Z3's time ended"


def test_the_limit_holds_for_each_question_anew():
    limited = asked(4, 4, rlimit=20_000)
    verdicts = {limited.check() for _ in range(20)}
    assert verdicts == {"sat"} and limited.spent > 0


def test_steps_are_counted_the_same_each_time():
    counts = set()
    for _ in range(3):
        limited = asked(6, 5)
        limited.check()
        counts.add(limited.spent)
    assert len(counts) == 1
