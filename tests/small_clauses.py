"""Clauses from their texts, and clauses as closed formulas: what several tests of the prover begin with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agentos_lab.logic import Formula, Literal, parse
from agentos_lab.logic.clauses import Clause, clause_of, formula_of, named_canonically
from agentos_lab.logic.formulas import ForAll
from agentos_lab.logic.inference import Inference


def clause(text: str) -> Clause:
    """A clause from its text; the variables x, y, z are bound around it."""
    return made(clause_of(parse(f"∀x ∀y ∀z ({text})").body.body.body))


def made(literals: Iterable[Literal]) -> Clause:
    """A clause of some literals."""
    return Clause(named_canonically(literals)[0], Inference("input"))


def closed(literals: Sequence[Literal]) -> Formula:
    """A clause as a formula whose variables are bound by ∀."""
    formula = formula_of(literals)
    for variable in sorted(formula.free, key=lambda variable: variable.name):
        formula = ForAll(variable, formula)
    return formula
