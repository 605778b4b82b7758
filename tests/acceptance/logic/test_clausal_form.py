"""Clauses of formulas as deep as they may be."""

from __future__ import annotations

import pytest

from agentos_lab.logic import (
    And,
    Atom,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    to_cnf,
)


@pytest.mark.parametrize("kind", [Implies, Iff, lambda a, b: And((a, Or((b, a)))), lambda a, b: Not(Or((b, a)))])
@pytest.mark.parametrize("left", [False, True])
def test_deep_formulas_have_clauses(kind, left: bool) -> None:
    formula: Formula = Atom("p")
    while formula.depth < 195:
        other = Atom(f"q{formula.depth}")
        formula = kind(formula, other) if left else kind(other, formula)
        if len(str(formula)) > 3_000:  # twice the same part inside: large before it is deep
            break
    assert len(to_cnf(formula)) >= 1
