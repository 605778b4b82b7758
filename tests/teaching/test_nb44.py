"""The checks of notebook 44: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import pytest

from agentos_lab.logic import Action, check_plan
from agentos_lab.teaching import check

RULES = ["forall o (Shipped(o) -> Paid(o))", "forall o ~(Refunded(o) & Shipped(o))", "refunds <= 100"]


def first_fault(steps, state, actions, forbidden):
    if any(bad <= state for bad in forbidden):
        return 0
    for number, name in enumerate(steps, 1):
        needs, add, delete = actions[name]
        if not needs <= state:
            return number
        state = (state - delete) | add
        if any(bad <= state for bad in forbidden):
            return number
    return None


def no_state_kept(steps, state, actions, forbidden):
    if any(bad <= state for bad in forbidden):
        return 0
    for number, name in enumerate(steps, 1):
        needs, add, delete = actions[name]
        if not needs <= state or any(bad <= (state - delete) | add for bad in forbidden):
            return number
    return None


def only_in_the_loop(steps, state, actions, forbidden):
    for number, name in enumerate(steps, 1):
        fault = first_fault([name], state, actions, [])
        state = (state - actions[name][2]) | actions[name][1]
        if fault or first_fault([], state, actions, forbidden) == 0:
            return number
    return None


def any_fact(steps, state, actions, forbidden):
    return first_fault(steps, state, actions, [{fact} for bad in forbidden for fact in bad])


def from_zero(steps, state, actions, forbidden):
    found = first_fault(steps, state, actions, forbidden)
    return found if found is None else found - 1


def swapped_sets(steps, state, actions, forbidden):
    return first_fault(steps, state, {n: (v[0], v[2], v[1]) for n, v in actions.items()}, forbidden)


def equal_states(steps, state, actions, forbidden):
    for number, name in enumerate(["", *steps]):
        needs, add, delete = actions[name] if name else (set(), set(), set())
        if not needs <= state:
            return number
        state = (state - delete) | add
        if state in forbidden:
            return number
    return None


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("first_failures", ["works", 3, "goal", 3]),
        ("first_failures", ("works", 3, "goal", 3)),
        ("after", lambda state, add, delete: (state - delete) | add),
        ("after", lambda state, add, delete: state - (delete - add) | add),
        ("first_fault", first_fault),
        ("house_rules", RULES),
        ("house_rules", ["forall o ((Shipped(o) -> Paid(o)) & (Shipped(o) -> ~Refunded(o)))", "100 >= refunds"]),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"44.{name}", answer)


@pytest.mark.parametrize(
    ("steps", "failed"),
    [
        (["take", "unlock"], None),
        (["take", "drop", "unlock"], 3),
        (["take", "unlock", "lock", "drop"], 5),
        (["take", "unlock", "drop", "take"], 3),
    ],
)
def test_the_failures_of_the_door_are_those_of_the_library(steps, failed):
    door = [
        Action("take", "", "OnTable", "Mine", "OnTable"),
        Action("unlock", "", "Mine & Locked", "Open", "Locked"),
        Action("lock", "", "Mine & Open", "Locked", "Open"),
        Action("drop", "", "Mine", "OnTable", "Mine"),
    ]
    assert check_plan(steps, "OnTable & Locked", "Open", door, invariants="~(Open & OnTable)").step == failed


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("first_failures", [2, 3, "goal", 3], "this plan works"),
        ("first_failures", ["works", 2, "goal", 3], "one step later"),
        ("first_failures", ["works", "works", "goal", 3], "not yours any more"),
        ("first_failures", ["works", 3, 4, 3], "which the invariant allows"),
        ("first_failures", ["works", 3, "works", 3], "state at the end"),
        ("first_failures", ["works", 3, "goal", 4], "state before it"),
        ("first_failures", ["works", 3, "goal", "works"], "forbidden"),
        ("first_failures", ["works", 3, "goal"], "expected 4"),
        ("first_failures", ["works", "3", "goal", 3], "Entry 2 is '3'"),
        ("first_failures", [None, 3, "goal", 3], "Entry 1 is None"),
        ("first_failures", ["goal", 3, "goal", 3], "the goal at the end"),
        ("first_failures", ["works", 1, "goal", 3], "Whose is it after"),
        ("first_failures", ["works", 3, 5, 3], "There are four steps"),
        ("first_failures", ["works", 3, "goal", "goal"], "the state after each step"),
        ("after", lambda state, add, delete: (state | add) - delete, "deletes first"),
        ("after", lambda state, add, delete: state | add, "both banks"),
        ("after", lambda state, add, delete: state - delete, "Nothing is added"),
        ("after", lambda state, add, delete: add, "stays as it was"),
        ("after", lambda state, add, delete: (state - delete) ^ add, "takes out what is there"),
        ("first_fault", lambda s, state, a, f: first_fault(s, state, a, []), "never looked at"),
        ("first_fault", any_fact, "hold together"),
        ("first_fault", only_in_the_loop, "the answer is 0"),
        (
            "first_fault",
            lambda s, state, a, f: first_fault(s, state, {n: (set(), *v[1:]) for n, v in a.items()}, f),
            "(needs) are never",
        ),
        ("first_fault", no_state_kept, "keep the new state"),
        ("first_fault", from_zero, "counted from 1"),
        (
            "first_fault",
            lambda s, state, a, f: first_fault(s, state, {n: (v[0], v[1] - v[2], v[2]) for n, v in a.items()}, f),
            "Delete first",
        ),
        ("first_fault", lambda s, state, a, f: a.get("nothing"), "for every plan"),
        ("first_fault", 3, "A function was expected"),
        ("first_fault", swapped_sets, "in this order"),
        ("first_fault", equal_states, "a part of the state"),
        ("first_fault", lambda s, state, a, f: first_fault(s, state, a, f[:1]), "no fault. But there is one"),
        ("house_rules", "refunds <= 100", "A list of formulas"),
        ("house_rules", ["forall o (Paid(o) -> Shipped(o))", *RULES[1:]], "if shipped"),
        ("house_rules", RULES[1:], "nobody paid"),
        ("house_rules", ["(exists o Shipped(o)) -> exists o Paid(o)", *RULES[1:]], "because a was paid"),
        ("house_rules", [RULES[0], "forall o ~Refunded(o)", RULES[2]], "a refund of an order"),
        ("house_rules", [RULES[0], "forall o p ~(Refunded(o) & Shipped(p))", RULES[2]], "one order cannot be both"),
        ("house_rules", [RULES[0], RULES[2]], "was shipped be refunded"),
        ("house_rules", [*RULES[:2], "refunds < 100"], "100 is allowed"),
        ("house_rules", RULES[:2], "150"),
        ("house_rules", ["Shipped(o) -> Paid(o)", "~(Refunded(o) & Shipped(o))", RULES[2]], "forall o"),
        ("house_rules", ["forall o (Shipped(o) -> Paid(o)", *RULES[1:]], "cannot be read"),
        ("house_rules", ["forall o (Shiped(o) -> Paid(o))", *RULES[1:]], "does not know Shiped."),
        ("house_rules", [*RULES[:2], "forall o (refunds(o) <= 100)"], "does not know refunds with 1 argument"),
        ("house_rules", ["Shipped(a) -> Paid(a)", *RULES[1:]], "names one single order"),
        ("house_rules", [RULES[0], None, RULES[2]], "of type NoneType"),
        ("house_rules", [*RULES[:2], True], "of type bool"),
        ("house_rules", [], "nobody paid"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"44.{name}", answer)
    assert result.verdict == "wrong"
    assert said in str(result)


def test_rules_that_are_not_written_yet_are_no_attempt():
    assert check("44.house_rules", [...]).verdict == "open"
