from __future__ import annotations

from itertools import product

import pytest

from agentos_lab.logic import parse
from agentos_lab.logic.clause_writer import GroundingTooLarge
from agentos_lab.logic.grounding import ground
from agentos_lab.logic.miniscoping import narrowed


def test_a_universal_formula_becomes_one_clause_for_each_tuple():
    grounding = ground([narrowed(parse("∀x y (R(x,y) → R(y,x))"))], 3)
    assert len(grounding.clauses) == 1 + 9  # the first says that proposition 1 is true
    assert set(grounding.predicates) == {("R", pair) for pair in product(range(3), repeat=2)}


def test_a_function_has_exactly_one_value_at_each_place():
    grounding = ground([narrowed(parse("∀x P(f(x))"))], 3)
    assert set(grounding.cells) == {("f", (0,)), ("f", (1,)), ("f", (2,))}
    for values in grounding.cells.values():
        assert tuple(values) in grounding.clauses
        assert all((-one, -other) in grounding.clauses for k, one in enumerate(values) for other in values[:k])


def test_a_subformula_is_written_once_for_the_same_elements():
    one = ground([narrowed(parse("∀x ((∃y R(x,y)) ↔ P(x))"))], 4)
    parts = " & ".join(["(p | ∃y ∀x R(x,y))"] * 3)
    many, single = ground([narrowed(parse(parts))], 4), ground([narrowed(parse("p | ∃y ∀x R(x,y)"))], 4)
    assert len(one.predicates) == 16 + 4
    assert len(many.clauses) <= 3 * len(single.clauses)


def test_the_first_constants_are_the_first_elements():
    grounding = ground([narrowed(parse("P(a) ∧ P(b)"))], 3)
    a, b = grounding.cells["a", ()], grounding.cells["b", ()]
    assert (-a[1],) in grounding.clauses and (-a[2],) in grounding.clauses
    assert (-b[2], a[1]) in grounding.clauses and (-b[1],) not in grounding.clauses


def test_constants_that_are_known_to_differ_need_no_proposition():
    grounding = ground([narrowed(parse("R(a,b) ∧ a ≠ b"))], 2, fixed={"a": 0, "b": 1})
    assert grounding.cells == {} and list(grounding.predicates) == [("R", (0, 1))]


def test_a_formula_that_is_too_large_says_at_which_size():
    names = " ".join(f"x{i}" for i in range(12))
    equal = " | ".join(f"x{i} = x{j}" for i in range(12) for j in range(i))
    with pytest.raises(GroundingTooLarge, match="size 3 takes more than 100,000 literals"):
        ground([narrowed(parse(f"forall {names}. ({equal})"))], 3, max_literals=100_000)
