from __future__ import annotations

import pytest
from finite_structures import formulas, is_true, structure
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.logic import Atom, Equal, ForAll, Implies, Not, parse
from agentos_lab.logic.miniscoping import narrowed


def parts_of(formula):
    """A formula and everything inside it."""
    yield formula
    for name in ("part", "body", "left", "right"):
        inner = getattr(formula, name, None)
        if inner is not None and not isinstance(formula, Equal):
            yield from parts_of(inner)
    for inner in getattr(formula, "parts", ()):
        yield from parts_of(inner)


@given(formulas(), st.integers(1, 3).flatmap(structure))
@settings(max_examples=60)
def test_the_meaning_stays(formula, s):
    assert is_true(narrowed(formula), s) == is_true(formula, s)


@given(formulas(depth=4))
def test_no_arrow_is_left_and_negation_stands_before_atoms_alone(formula):
    for part in parts_of(narrowed(formula)):
        assert not isinstance(part, Implies)
        assert not isinstance(part, Not) or isinstance(part.part, Atom | Equal)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("∀x y (P(x) ∨ Q(y))", "∀y Q(y) ∨ ∀x P(x)"),
        ("∀x (P(x) ∧ Q(x))", "∀x P(x) ∧ ∀x Q(x)"),
        ("∃x (P(x) ∧ ∀y Q(y))", "∀y Q(y) ∧ ∃x P(x)"),
        ("¬∀x (P(x) → Q(x))", "∃x (P(x) ∧ ¬Q(x))"),
        ("∀x y z (E(x,y) ∧ E(y,z) → E(x,z))", "∀x ∀y ∀z (¬E(x,y) ∨ ¬E(y,z) ∨ E(x,z))"),
        ("∀x ∀x p", "p"),
    ],
)
def test_quantifiers_go_inwards_where_that_makes_them_narrower(before, after):
    assert narrowed(parse(before)) == parse(after)


def test_a_path_of_many_variables_needs_only_two_at_once():
    names = [f"x{i}" for i in range(12)]
    links = " | ".join(f"~R({a},{b})" for a, b in zip(names, [*names[1:], "x0"], strict=True))
    formula = narrowed(parse(f"forall {' '.join(names)}. ({links})"))
    deepest = [part for part in parts_of(formula) if isinstance(part, ForAll)]
    assert max(len(part.body.free) for part in deepest) == 3  # a circle cut open at one place
