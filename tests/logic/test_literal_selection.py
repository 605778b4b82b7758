"""Which literals take part: the selected negative one, else the maximal ones."""

from __future__ import annotations

import pytest

from agentos_lab.logic.clauses import Clause, clause_of, named_canonically
from agentos_lab.logic.inference import Inference
from agentos_lab.logic.literal_selection import eligible_literals
from agentos_lab.logic.parser import parse
from agentos_lab.logic.strategy import Strategy


def eligible(text: str, **switches: object) -> list[str]:
    formula = parse(f"∀x ∀y ({text})").body.body
    clause = Clause(named_canonically(clause_of(formula))[0], Inference("input"))
    return [str(clause.literals[number]) for number in eligible_literals(clause, Strategy(**switches))]


@pytest.mark.parametrize(
    ("text", "switches", "expected"),
    [
        ("¬P(x) ∨ ¬P(f(x)) ∨ Q(f(f(x)))", {}, ["¬P(f(X0))"]),
        ("P(x) ∨ P(f(x))", {}, ["P(f(X0))"]),
        ("P(x) ∨ P(y)", {}, ["P(X0)", "P(X1)"]),
        ("¬P(a) ∨ P(f(f(a)))", {"selection": "none"}, ["P(f(f(a)))"]),
        ("¬P(a) ∨ P(f(a))", {"selection": "none", "ordered": False}, ["¬P(a)", "P(f(a))"]),
        ("¬P(a) ∨ P(f(a))", {"set_of_support": True}, ["¬P(a)", "P(f(a))"]),
        ("f(a) = b ∨ a = b", {}, ["f(a) = b"]),
    ],
)
def test_the_literals_that_take_part(text, switches, expected):
    assert eligible(text, **switches) == expected
