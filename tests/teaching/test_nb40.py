"""The checks of notebook 40: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import pytest

from agentos_lab.logic import And, Atom, Exists, ForAll, Implies, Not, Or, Structure
from agentos_lab.teaching import check

MEANT = [
    "∀x (Votes(x) → Member(x))",
    "∃x (Robot(x) ∧ Idle(x))",
    "∀x (Robot(x) → ¬Idle(x))",
    "∃x (Key(x) ∧ ∀y (Door(y) → Opens(x, y)))",
]
OTHER_WAYS = [
    "¬exists z (Votes(z) & ~Member(z))",
    "¬∀x (Robot(x) → ¬Idle(x))",
    "¬∃x (Idle(x) ∧ Robot(x))",
    "∃k ∀d (Key(k) ∧ (Door(d) → Opens(k, d)))",
]


def true_in(formula, structure, elements):
    match formula:
        case Atom():
            return structure.holds(formula, elements)
        case Not(part):
            return not true_in(part, structure, elements)
        case And(parts):
            return all(true_in(part, structure, elements) for part in parts)
        case Or(parts):
            return any(true_in(part, structure, elements) for part in parts)
        case Implies(left, right):
            return not true_in(left, structure, elements) or true_in(right, structure, elements)
        case ForAll(variable, body):
            return all(true_in(body, structure, {**elements, variable.name: one}) for one in structure.domain)
        case Exists(variable, body):
            return any(true_in(body, structure, {**elements, variable.name: one}) for one in structure.domain)


def with_both_sides(formula, structure, elements):
    match formula:
        case Implies(left, right):
            return true_in(And((left, right)), structure, elements)
        case ForAll(variable, body):
            return all(with_both_sides(body, structure, {**elements, variable.name: e}) for e in structure.domain)
        case Exists(variable, body):
            return any(with_both_sides(body, structure, {**elements, variable.name: e}) for e in structure.domain)
    return true_in(formula, structure, elements)


def some_is_all(formula, structure, elements):
    match formula:
        case Exists(variable, body) | ForAll(variable, body):
            return all(some_is_all(body, structure, {**elements, variable.name: e}) for e in structure.domain)
        case And(parts):
            return all(some_is_all(part, structure, elements) for part in parts)
    return true_in(formula, structure, elements)


def evaluator(conjunction=all, disjunction=any, implication=lambda left, right: not left or right):
    """Tarski's definition, with other meanings of the connectives."""

    def answer(formula, structure, elements):
        match formula:
            case And(parts):
                return conjunction([answer(part, structure, elements) for part in parts])
            case Or(parts):
                return disjunction([answer(part, structure, elements) for part in parts])
            case Implies(left, right):
                return implication(answer(left, structure, elements), answer(right, structure, elements))
            case ForAll(variable, body):
                return all(answer(body, structure, {**elements, variable.name: one}) for one in structure.domain)
            case Exists(variable, body):
                return any(answer(body, structure, {**elements, variable.name: one}) for one in structure.domain)
        return true_in(formula, structure, elements)

    return answer


def changing_the_elements(formula, structure, elements):
    match formula:
        case And(parts):
            return all(changing_the_elements(part, structure, elements) for part in parts)
        case ForAll(variable, body) | Exists(variable, body):
            settled_by = isinstance(formula, Exists)
            for one in structure.domain:
                elements[variable.name] = one
                if changing_the_elements(body, structure, elements) == settled_by:
                    return settled_by
            return not settled_by
    return true_in(formula, structure, elements)


def relation(*pairs, domain=("a", "b", "c")):
    return Structure(domain, predicates={"R": frozenset(pairs)}, arities={"R": 2})


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("truths", [True, False, True, False, True]),
        ("truths", (True, False, True, False, True)),
        ("mended", MEANT),
        ("mended", OTHER_WAYS),
        ("true_in", true_in),
        ("true_in", lambda formula, structure, elements: structure.holds(formula, elements)),
        ("not_reflexive", relation(("a", "a"))),
        ("not_reflexive", relation(("a", "a"), ("a", "b"), ("b", "a"), ("b", "b"))),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"40.{name}", answer)


def mended(place, text):
    return [*MEANT[:place], text, *MEANT[place + 1 :]]


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("truths", [False, False, True, False, True], "one witness is enough"),
        ("truths", [True, True, True, False, True], "rex is black and no cat"),
        ("truths", [True, False, False, False, True], "is not asked"),
        ("truths", [True, False, True, True, True], "does not love herself"),
        ("truths", [True, False, True, False, False], "nobody can break"),
        ("truths", [True], "has 1 entry, expected 5"),
        ("truths", ["True", "False", "True", "False", "True"], "Each is True or False"),
        ("truths", [1, 0, 1, 0, 1], "Each is True or False"),
        ("truths", "TFTFT", "of type str"),
        ("mended", mended(0, "∀x (Member(x) → Votes(x))"), "turns the arrow round"),
        ("mended", mended(0, "∀x (Member(x) <-> Votes(x))"), "says as well"),
        ("mended", mended(1, "exists y (Robot(y) -> Idle(y))"), "∃ goes with ∧"),
        ("mended", mended(2, "¬∀x (Robot(x) → Idle(x))"), "not every robot"),
        ("mended", mended(2, "∃x (Robot(x) ∧ ¬Idle(x))"), "not every robot"),
        ("mended", mended(3, "∀y (Door(y) → ∃x (Key(x) ∧ Opens(x, y)))"), "a key of its own"),
        ("mended", mended(3, "∃x ∀y (Key(x) ∧ Door(y) → Opens(x, y))"), "no key is a witness"),
        ("mended", mended(3, "∃x ∀y (Door(y) → Opens(x, y))"), "there is a world"),
        ("mended", mended(0, "∀x (Votes(x) → Member(x)"), "never closed"),
        ("mended", mended(0, "∀x (Vote(x) → Member(x))"), "speaks of Vote as well"),
        ("mended", mended(1, "∃x (Robot(x) ∧ Idle(x, x))"), "cannot be read"),
        ("mended", mended(0, "Votes(x) → Member(x)"), "x stands outside every quantifier"),
        ("mended", "∀x (Votes(x) → Member(x))", "list of four"),
        ("true_in", with_both_sides, "as ∧ does"),
        ("true_in", some_is_all, "not `all`"),
        ("true_in", lambda formula, structure, elements: not structure.holds(formula, elements), "other way round"),
        ("true_in", evaluator(implication=lambda left, right: left == right), "as ↔ does"),
        ("true_in", evaluator(disjunction=lambda parts: any(parts[:2])), "Or holds any number"),
        ("true_in", evaluator(conjunction=lambda parts: all(parts[:2])), "And holds any number"),
        ("true_in", changing_the_elements, "Make a new dictionary"),
        ("true_in", True, "A function was expected"),
        ("not_reflexive", relation(("a", "b")), "not symmetric"),
        ("not_reflexive", relation(("a", "b"), ("b", "a")), "not transitive"),
        ("not_reflexive", relation(), "no pair (x, x)"),
        ("not_reflexive", relation(("a", "a"), domain=("a",)), "is reflexive here"),
        ("not_reflexive", Structure(("a",), predicates={"R": frozenset({("a",)})}), "with pairs"),
        ("not_reflexive", {"R": []}, "`Structure` was expected"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"40.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


@pytest.mark.parametrize("name", ["truths", "mended", "true_in", "not_reflexive"])
def test_what_is_not_tried_is_open(name):
    assert check(f"40.{name}", ...).verdict == "open"
    if name in ("truths", "mended"):
        assert check(f"40.{name}", [...] * 5).verdict == "open"


def test_the_case_of_a_wrong_evaluator_can_be_typed():
    result = check("40.true_in", with_both_sides)
    assert result.problem.case.startswith("true_in(parse('∀x (Loves(x, x) → ")
