from __future__ import annotations

import random

import pytest
from planning_problems import BANKS, BUY, FERRY, ITEMS, OVER, PEACE, SHORE, STACK, hanoi

from agentos_lab.errors import ParseError
from agentos_lab.logic.plan_check import check_plan
from agentos_lab.logic.planning import NoPlan, Plan, PlanUnknown, Reason, plan
from agentos_lab.logic.planning_domain import Action, Domain, holds


def shortest(initial, goal, actions, objects=None, invariants=()) -> int | None:
    """The length of a shortest plan by breadth-first search over all states."""
    domain = Domain(initial, actions, objects)
    wanted, kept = domain.condition(goal).values(), domain.condition(invariants).values()
    ground = domain.ground_actions()
    layer, seen, steps = {domain.initial}, {domain.initial}, 0
    if not all(holds(part, domain.initial) for part in kept):
        return None
    while layer:
        if any(all(holds(part, state) for part in wanted) for state in layer):
            return steps
        reached = {
            action.after(state)
            for state in layer
            for action in ground
            if all(holds(part, state) for part in action.preconditions)
        }
        layer = {state for state in reached - seen if all(holds(part, state) for part in kept)}
        seen |= layer
        steps += 1
    return None


def test_wolf_goat_and_cabbage_take_seven_crossings():
    found = plan(SHORE, OVER, FERRY, objects=BANKS, invariants=PEACE)
    assert isinstance(found, Plan) and len(found) == 7
    assert found.steps[0] == "take(goat, left, right)"
    assert check_plan(found, SHORE, OVER, FERRY, objects=BANKS, invariants=PEACE)
    assert shortest(SHORE, OVER, FERRY, BANKS, PEACE) == 7
    assert len(plan(SHORE, OVER, FERRY, objects=BANKS)) == 5, "without the invariants it is easier"


@pytest.mark.parametrize("seed", range(6))
def test_blocks_are_stacked_as_shortly_as_breadth_first_search_does(seed):
    chance = random.Random(seed)
    blocks = ["a", "b", "c", "d"][: 3 + seed % 2]

    def towers() -> list[str]:
        order, below = chance.sample(blocks, len(blocks)), "table"
        facts = ["Clear(table)"]
        for place, block in enumerate(order):
            below = "table" if chance.random() < 0.4 else below
            if below == "table" and place:
                facts.append(f"Clear({order[place - 1]})")
            facts.append(f"On({block}, {below})")
            below = block
        return [*facts, f"Clear({order[-1]})"]

    initial, goal = towers(), [fact for fact in towers() if fact.startswith("On")]
    objects = {"block": blocks, "place": [*blocks, "table"]}
    found = plan(initial, goal, STACK, 8, objects=objects)
    assert isinstance(found, Plan) and len(found) == shortest(initial, goal, STACK, objects)
    assert check_plan(found, initial, goal, STACK, objects=objects)


def test_parcels_travel_with_trucks_and_fuel():
    actions = [
        Action("drive", "a: place, b: place", "At(truck, a) & Road(a, b) & fuel >= 3", "At(truck, b)", "At(truck, a)",
               sets={"fuel": "fuel - 3"}),
        Action("load", "p: parcel, a: place", "At(truck, a) & At(p, a)", "In(p)", "At(p, a)"),
        Action("unload", "p: parcel, a: place", "At(truck, a) & In(p)", "At(p, a)", "In(p)"),
    ]  # fmt: skip
    objects = {"place": ["x", "y", "z"], "parcel": ["p", "q"]}
    roads = ["Road(x, y)", "Road(y, x)", "Road(y, z)", "Road(z, y)"]
    initial = [*roads, "At(truck, x)", "At(p, x)", "At(q, y)", "fuel = 6"]
    found = plan(initial, "At(p, z) & At(q, z)", actions, objects=objects)
    assert len(found) == shortest(initial, "At(p, z) & At(q, z)", actions, objects) == 6
    assert dict(found.states[-1].numbers) == {"fuel": 0}
    empty = plan([*initial[:-1], "fuel = 5"], "At(p, z)", actions, 7, objects=objects)
    assert Reason("precondition of drive", "fuel >= 3") in empty.core and Reason("initially", "fuel = 5") in empty.core


def test_the_core_explains_and_nothing_in_it_can_be_left_out():
    none = plan("budget = 9", "Have(a) & Have(b) & Have(c)", BUY, 5, objects=ITEMS)
    assert {str(reason) for reason in none.core} == {
        *(f"initially: ¬Have({x})" for x in "abc"),
        *(f"goal: Have({x})" for x in "abc"),
        "initially: budget = 9",
        "precondition of buy: budget >= 4",
    }
    assert str(none).startswith("no plan of at most 5 steps, because of\n  initially: ")
    # Each repair of one part makes a plan possible.
    assert plan("budget = 12", "Have(a) & Have(b) & Have(c)", BUY, 5, objects=ITEMS)
    assert plan("budget = 9", "Have(a) & Have(b)", BUY, 5, objects=ITEMS)
    assert plan("budget = 9 & Have(c)", "Have(a) & Have(b) & Have(c)", BUY, 5, objects=ITEMS)


def test_a_forbidden_state_is_named_in_the_core():
    none = plan("budget = 9", "Have(a) & Have(b)", BUY, 5, objects=ITEMS, invariants="budget >= 2")
    assert Reason("invariant", "budget >= 2") in none.core
    assert not plan("budget = 1", "budget = 1", BUY, 2, objects=ITEMS, invariants="budget >= 2")


def test_numbers_may_have_decimals():
    pour = [Action("pour", "", "level <= 0.75", sets={"level": "level + 0.25"})]
    found = plan("level = 0", "level = 1", pour)
    assert len(found) == 4 and check_plan(found, "level = 0", "level = 1", pour)


def test_a_goal_that_holds_needs_no_step():
    assert len(plan("P(a)", "P(a)", [])) == 0
    assert isinstance(plan("P(a)", "P(b)", [], 3), NoPlan)


def test_the_limit_ends_the_search_and_is_told():
    initial, goal, actions, objects = hanoi(4)
    unknown = plan(initial, goal, actions, objects=objects, rlimit=1000)
    assert isinstance(unknown, PlanUnknown) and "limit" in str(unknown)
    with pytest.raises(ValueError, match="no yes or no"):
        bool(unknown)


def test_the_same_problem_gives_the_same_plan():
    assert plan(SHORE, OVER, FERRY, objects=BANKS, invariants=PEACE) == plan(
        SHORE, OVER, FERRY, objects=BANKS, invariants=PEACE
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("P(a) | Q(a)", "P(a)", []), "the initial state holds"),
        (("~P(a)", "P(a)", []), "the initial state holds"),
        (("P(a)", "P(a, b)", []), "P is a predicate of 2 arguments"),
        (("P(a)", "P(b)", [Action("go", "x: city", "P(x)", "P(b)")]), "unknown type 'city'"),
        (("P(a)", "P(b)", [Action("go", "x y", "P(x)", "P(b)")]), "'x y' is no parameter"),
        (("P(a)", "P(b)", [Action("go", "x", "P(x)", "P(b) | P(a)")]), "adds or deletes"),
        (("P(a)", "P(b)", [Action("go", "x", "P(x)", "P(b)", sets={"gold": "gold + 1"})]), "sets gold"),
        (("P(a)", "P(b)", [Action("go", "x", "gold > 1", "P(b)")]), "gold is no number"),
    ],
)
def test_a_problem_that_cannot_be_read_says_where(arguments, message):
    with pytest.raises(ValueError, match=message):
        plan(*arguments)


def test_misspelt_conditions_and_horizons_are_refused():
    with pytest.raises(ParseError):
        plan("P(a", "P(a)", [])
    with pytest.raises(ValueError, match="horizon"):
        plan("P(a)", "P(a)", [], -1)
