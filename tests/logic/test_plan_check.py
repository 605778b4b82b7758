from __future__ import annotations

import random

import pytest
from planning_problems import BANKS, BUY, FERRY, ITEMS, OVER, PEACE, SHORE

from agentos_lab.logic.plan_check import check_plan
from agentos_lab.logic.planning import plan
from agentos_lab.logic.planning_domain import Action

CROSSING = [
    "take(goat, left, right)", "alone(right, left)", "take(wolf, left, right)", "take(goat, right, left)",
    "take(cabbage, left, right)", "alone(right, left)", "take(goat, left, right)",
]  # fmt: skip


def ferry_check(steps):
    return check_plan(steps, SHORE, OVER, FERRY, objects=BANKS, invariants=PEACE)


def simulated(steps) -> bool:
    """The puzzle by hand: who is where, without any of the library."""
    where = dict.fromkeys(("farmer", "wolf", "goat", "cabbage"), "left")
    for step in steps:
        name, inside = step.rstrip(")").split("(")
        *cargo, start, end = inside.split(", ")
        moving = ["farmer", *cargo]
        if start == end or any(where[x] != start for x in moving) or (name == "take") != bool(cargo):
            return False
        where |= dict.fromkeys(moving, end)
        if any(where[a] == where["goat"] != where["farmer"] for a in ("wolf", "cabbage")):
            return False
    return all(where[x] == "right" for x in ("wolf", "goat", "cabbage"))


def test_a_plan_that_works_is_accepted():
    check = ferry_check(CROSSING)
    assert check and check.step is None and len(check.states) == 8
    assert str(check) == "the plan works: 7 steps, every one possible and within the invariants"
    one = check_plan(["take(goat, left, right)"], SHORE, "At(goat, right)", FERRY, objects=BANKS)
    assert str(one).startswith("the plan works: 1 step,")


@pytest.mark.parametrize("seed", range(40))
def test_a_changed_plan_is_judged_as_by_hand(seed):
    chance = random.Random(seed)
    steps = list(CROSSING)
    place = chance.randrange(len(steps))
    change = chance.choice(["drop", "swap", "other", "other"])
    if change == "drop":
        del steps[place]
    elif change == "swap":
        other = chance.randrange(len(steps))
        steps[place], steps[other] = steps[other], steps[place]
    else:
        steps[place] = f"take({chance.choice(BANKS['thing'])}, {', '.join(chance.sample(BANKS['bank'], 2))})"
    assert bool(ferry_check(steps)) == simulated(steps)


@pytest.mark.parametrize(
    ("steps", "step", "reason"),
    [
        (["take(wolf, left, right)"], 1, "(At(goat, b) ∧ At(cabbage, b) → At(farmer, b)) is broken"),
        (["alone(right, left)"], 1, "needs At(farmer, right), which does not hold then"),
        (["take(goat, left, right)", "take(wolf, right, left)"], 2, "needs At(wolf, right)"),
        (["take(goat, left, right)"], 2, "goal is missed: At(wolf, right) and At(cabbage, right) do not"),
        (["swim(goat)"], 1, "there is no action swim; known: alone, take"),
        (["alone(left)"], 1, "takes 2 arguments"),
        (["take(left, left, right)"], 1, "left is no thing, as x should be"),
        (["take goat"], 1, "is no action"),
        ([], 1, "goal is missed"),
    ],
)  # fmt: skip
def test_the_step_that_fails_is_named_with_its_reason(steps, step, reason):
    check = ferry_check(steps)
    assert not check and check.step == step
    assert reason in str(check)


def test_the_reason_stands_on_a_line_of_its_own():
    check = ferry_check(["take(goat, left, right)", "alone(left, right)"])
    assert str(check).splitlines() == [
        "the plan fails at step 2:",
        "  alone(left, right) needs At(farmer, left), which does not hold then",
    ]
    missed = ferry_check(["take(goat, left, right)"])
    assert str(missed).startswith("the plan fails at the end:\n  the goal is missed: ")
    begin = check_plan([], "budget = 1", "budget = 1", BUY, objects=ITEMS, invariants="budget >= 2")
    assert str(begin) == "the plan fails:\n  the initial state breaks the invariant budget >= 2"


def test_one_text_is_one_step():
    alone = check_plan("take(goat, left, right)", SHORE, "At(goat, right)", FERRY, objects=BANKS)
    assert alone and len(alone.states) == 2


def test_a_broken_beginning_is_step_zero():
    check = check_plan([], "budget = 1", "budget = 1", BUY, objects=ITEMS, invariants="budget >= 2")
    assert check.step == 0 and "initial state breaks" in check.reason


def test_numbers_are_counted_along():
    steps = ["buy(a)", "buy(b)", "buy(c)"]
    assert check_plan(steps, "budget = 12", "Have(c)", BUY, objects=ITEMS)
    check = check_plan(steps, "budget = 11", "Have(c)", BUY, objects=ITEMS)
    assert check.step == 3 and "budget >= 4" in check.reason
    assert dict(check.states[-1].numbers) == {"budget": 3}


def test_what_the_planner_finds_passes():
    found = plan("budget = 9", "Have(a) & Have(b)", BUY, objects=ITEMS)
    assert check_plan(found, "budget = 9", "Have(a) & Have(b)", BUY, objects=ITEMS)
    assert check_plan(found.steps, "budget = 9", "Have(a) & Have(b)", BUY, objects=ITEMS)


def test_an_invariant_about_a_misspelt_predicate_is_refused_and_not_kept_for_ever():
    door = Action("open", "d", "Shut(d)", add="Open(d)", delete="Shut(d)")
    with pytest.raises(ValueError, match="no fact and no action speaks of Opened; did you mean Open"):
        check_plan(["open(front)"], "Shut(front)", "Open(front)", [door], invariants="~Opened(front)")
