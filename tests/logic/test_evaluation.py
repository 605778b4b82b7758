from __future__ import annotations

import pytest
from finite_structures import formulas, is_true, structure
from hypothesis import given

from agentos_lab.logic import And, Exists, ForAll, Iff, Implies, Not, Or, Structure

LIKES = Structure(("Ann", "Bob"), {"boss": "Ann"}, {}, {"Likes": frozenset({("Ann", "Bob"), ("Bob", "Ann")})})


def settles(node) -> bool:
    """Whether the parts that a node keeps are enough for its value, by the truth tables alone."""
    values = [part.value for part in node.because]
    match node.formula:
        case Not():
            return values == [not node.value]
        case And(parts):
            return (values == [True] * len(parts)) if node.value else values == [False]
        case Or(parts):
            return values == [True] if node.value else values == [False] * len(parts)
        case Implies(left, right):
            kept = [(part.formula, part.value) for part in node.because]
            return kept in ([(left, False)], [(right, True)]) if node.value else values == [True, False]
        case Iff():
            return len(values) == 2 and (values[0] == values[1]) == node.value
    return not values


@given(formulas(), structure(2))
def test_each_node_is_true_or_false_and_settled_by_the_parts_it_keeps(formula, s):
    for _, node in s.evaluate(formula).walk():
        assert node.value == is_true(node.formula, s, dict(node.assignment))
        if isinstance(node.formula, ForAll | Exists):
            name = node.formula.variable.name
            needs_one = isinstance(node.formula, Exists) == node.value
            assert len(node.because) == (1 if needs_one else s.size)
            assert (node.element in s.domain) == needs_one
            assert all(part.value == node.value for part in node.because)
            chosen = [part.assignment.get(name, node.element) for part in node.because]
            assert not needs_one or chosen == [node.element]
        else:
            assert settles(node)


def test_a_true_universal_names_a_witness_for_each_element():
    assert str(LIKES.evaluate("∀x ∃y Likes(x, y)")).split("\n") == [
        "∀x ∃y Likes(x, y)  is true: every element",
        "  ∃y Likes(x, y)  [x = Ann]  is true: witness y = Bob",
        "    Likes(x, y)  [x = Ann, y = Bob]  is true",
        "  ∃y Likes(x, y)  [x = Bob]  is true: witness y = Ann",
        "    Likes(x, y)  [x = Bob, y = Ann]  is true",
    ]


def test_a_false_universal_names_its_counterexample():
    evaluation = LIKES.evaluate("∀x Likes(x, boss)")
    assert (evaluation.value, evaluation.element, evaluation.reason) == (False, "Ann", "counterexample x = Ann")
    assert str(evaluation.because[0]) == "Likes(x, boss)  [x = Ann]  is false: boss is Ann"


def test_a_short_cut_is_named():
    assert LIKES.evaluate("Likes(boss, boss) → ∀x Likes(x, x)").reason == "its left side is false"
    assert LIKES.evaluate("Likes(boss, boss) ∨ boss = boss").reason == "part 2 of 2 is true"


def test_unknown_symbols_are_named_even_where_they_are_not_needed():
    with pytest.raises(ValueError, match="nothing of the predicate Hates"):
        LIKES.evaluate("boss = boss ∨ Hates(boss, boss)")


def test_a_long_trace_prints_its_beginning():
    big = Structure(tuple(f"d{i}" for i in range(20)), predicates={"R": frozenset()})
    text = str(big.evaluate("∀x y ¬R(x, y)"))
    assert len(text.split("\n")) == 61 and text.endswith("lines more")


def test_a_notebook_gets_a_tree_that_folds():
    html = LIKES.evaluate("∀x ∃y Likes(x, y)")._repr_html_()
    assert html.count("<details") == html.count("</details>") == 3 and "witness y = Bob" in html
