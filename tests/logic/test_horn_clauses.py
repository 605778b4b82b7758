from __future__ import annotations

import pytest

from agentos_lab.errors import ParseError
from agentos_lab.logic import parse
from agentos_lab.logic.horn_clauses import read_rules


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("forall x y (Edge(x, y) -> Path(x, y))", ["Path(x, y) ← Edge(x, y)"]),
        ("Edge(a, b)", ["Edge(a, b)"]),
        ("forall x (P(x) -> Q(x) & R(x))", ["Q(x) ← P(x)", "R(x) ← P(x)"]),
        ("forall x (P(x) | Q(x) -> R(x))", ["R(x) ← P(x)", "R(x) ← Q(x)"]),
        ("forall x ((exists y Edge(x, y)) -> Start(x))", ["Start(x) ← Edge(x, y)"]),
        ("forall x y (P(x, y) -> (Q(y) -> R(x)))", ["R(x) ← P(x, y), Q(y)"]),
        ("forall x (~P(x) | Q(x))", ["Q(x) ← P(x)"]),
        ("forall x (P(x) & ~Q(x) -> R(x))", ["R(x) ← P(x), ¬Q(x)"]),
        ("forall x (P(x) <-> Q(x))", ["Q(x) ← P(x)", "P(x) ← Q(x)"]),
        ("true -> P(a)", ["P(a)"]),
        ("forall x ((exists y P(x, y)) & (exists y Q(x, y)) -> R(x))", ["R(x) ← P(x, y), Q(x, y')"]),
        ("true", []),
    ],
)
def test_rules_are_read(text, rules):
    assert [str(rule) for rule in read_rules(text)] == rules


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("forall x (P(x) -> Q(x) | R(x))", r"which of Q\(x\) and R\(x\) holds is left open"),
        ("forall x (P(x) -> exists y Q(y))", "invent an object"),
        ("forall x (P(x) -> ~Q(x))", "only says what is false"),
        ("forall x ~P(x)", "only says what is false"),
        ("forall x (~P(x) | ~Q(x))", "no conclusion"),
        ("forall x ((forall y P(y)) -> Q(x))", "speaks of all objects"),
        ("forall x (P(x) -> x = a)", "equation"),
        ("forall x (x = a -> P(x))", "equation"),
        ("forall x (P(x) -> x < 3)", "arithmetic"),
        ("forall x ((P(x) -> Q(x)) -> R(x))", "neither an atom nor a negated atom"),
        ("false", "only says what is false"),
    ],
)
def test_what_is_no_horn_clause_is_refused_with_the_reason(text, why):
    with pytest.raises(ValueError, match=why) as caught:
        read_rules(text)
    assert str(caught.value).startswith(str(parse(text)))


def test_names_come_from_a_mapping_or_are_counted():
    assert [rule.name for rule in read_rules({"step": "P(a) -> Q(a)", "start": "P(a)"})] == ["step", "start"]
    assert [rule.name for rule in read_rules(["P(a)", "P(a) -> Q(a)"])] == ["given", "rule 2"]


def test_symbols_are_used_in_one_way_across_rules():
    with pytest.raises(ParseError, match="P is a predicate of 2 arguments here"):
        read_rules(["P(a)", "P(a, b)"])
    with pytest.raises(ValueError, match="P is a predicate of 2 arguments here"):
        read_rules([parse("P(a)"), parse("P(a, b)")])
