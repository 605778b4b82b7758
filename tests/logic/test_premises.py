from __future__ import annotations

import pytest

from agentos_lab.logic import Atom, Variable, parse
from agentos_lab.logic.premises import closed_signature, named_formulas


def test_premises_without_names_are_counted():
    assert named_formulas(["p", "q"]) == {"premise 1": parse("p"), "premise 2": parse("q")}
    assert named_formulas({"rain": "p"}) == {"rain": parse("p")}
    assert named_formulas("p") == named_formulas(parse("p")) == {"premise 1": parse("p")}


def test_all_formulas_share_one_signature():
    assert closed_signature([parse("P(a)"), parse("R(a,b)")]).symbols["R"] == ("predicate", 2)
    with pytest.raises(ValueError, match="P is a predicate of 2 arguments here"):
        closed_signature([parse("P(a)"), parse("P(a,b)")])
    with pytest.raises(ValueError, match=r"x is free in P\(x\); bind it"):
        closed_signature([Atom("P", (Variable("x"),))])
