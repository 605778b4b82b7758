"""Satisfiability: can these formulas hold together? One door to truth tables, DPLL and CDCL.

Propositional logic can be decided: `solve` ends in a model, in a proof that there is none, or at a limit that it names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .cdcl import cdcl
from .dpll import dpll
from .propositional_clauses import PropositionalProblem, propositional_clauses
from .satisfiability_result import SatResult, model_found

__all__ = ["satisfiable_assignment", "solve"]

_METHODS = ("cdcl", "dpll", "truth table")
_MOST_ROWS = 2**16


def solve(problem: PropositionalProblem, method: str = "cdcl", **limits: int) -> SatResult:
    """Decide whether a propositional problem is satisfiable.

    Args:
        problem: A formula or its text (`"(p | q) & ~p"`), several of them, clauses of signed numbers
            (`[(1, 2), (-1,)]`), or a `CNF` from `read_dimacs`.
        method: "cdcl", "dpll" or "truth table".
        limits: Handed on: `max_conflicts`, `max_events` for CDCL; `max_decisions`, `max_events` for DPLL.

    Returns:
        The model, the proof, or the limit; with the trace of the search.

    Raises:
        ParseError: A text that is no formula.
        ValueError: Something that is not propositional, or an unknown method.
    """
    if method not in _METHODS:
        raise ValueError(f"unknown method {method!r}; there are {', '.join(map(repr, _METHODS))}")
    if method == "truth table":
        return _by_table(problem)
    solver: Callable[..., SatResult] = cdcl if method == "cdcl" else dpll
    return solver(problem, **limits)


def satisfiable_assignment(problem: PropositionalProblem, method: str = "cdcl") -> Mapping[str, bool] | None:
    """Truth values under which a problem holds; None where there are none.

    Raises:
        ValueError: The search gave up, or the problem is not propositional.
    """
    result = solve(problem, method)
    return result.model if result else None


def _by_table(problem: PropositionalProblem) -> SatResult:
    """Try the assignments one by one, the first one all true."""
    cnf = propositional_clauses(problem)
    size = len(cnf.names)
    for row in range(min(2**size, _MOST_ROWS)):
        literals = [-n if row >> (size - n) & 1 else n for n in range(1, size + 1)]
        if cnf.satisfied_by(literals):
            return SatResult(cnf, True, model_found(cnf, {abs(n): n > 0 for n in literals}), method="truth table")
    if 2**size > _MOST_ROWS:
        return SatResult(cnf, None, limit=f"{_MOST_ROWS:,} rows of 2^{size}", method="truth table")
    return SatResult(cnf, False, method="truth table")
