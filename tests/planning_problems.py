"""Planning problems for the tests: the ferry, blocks, a purse, the towers of Hanoi."""

from __future__ import annotations

from itertools import pairwise, product

from agentos_lab.logic.planning_domain import Action

BANKS = {"bank": ["left", "right"], "thing": ["wolf", "goat", "cabbage"]}
FERRY = [
    Action("alone", "a: bank, b: bank", "At(farmer, a) & a != b", "At(farmer, b)", "At(farmer, a)"),
    Action(
        "take",
        "x: thing, a: bank, b: bank",
        "At(farmer, a) & At(x, a) & a != b",
        "At(farmer, b) & At(x, b)",
        "At(farmer, a) & At(x, a)",
    ),
]
SHORE = "At(farmer, left) & At(wolf, left) & At(goat, left) & At(cabbage, left)"
OVER = "At(wolf, right) & At(goat, right) & At(cabbage, right)"
PEACE = [
    "forall b (At(wolf, b) & At(goat, b) -> At(farmer, b))",
    "forall b (At(goat, b) & At(cabbage, b) -> At(farmer, b))",
]

STACK = [
    Action(
        "move", "b: block, x: place, y: place", "On(b, x) & Clear(b) & Clear(y) & b != y & x != y",
        "On(b, y) & Clear(x) & Clear(table)", "On(b, x) & Clear(y)",
    )
]  # fmt: skip

BUY = [Action("buy", "x: item", "~Have(x) & budget >= 4", "Have(x)", sets={"budget": "budget - 4"})]
ITEMS = {"item": ["a", "b", "c"]}


def hanoi(discs: int) -> tuple[list[str], list[str], list[Action], dict[str, list[str]]]:
    """A tower on the first of three pegs, to be moved to the last: initial state, goal, actions and objects."""
    names = [f"d{n}" for n in range(1, discs + 1)]
    pegs = ["p1", "p2", "p3"]
    move = Action(
        "move", "d: disc, x: thing, y: thing", "On(d, x) & Clear(d) & Clear(y) & Smaller(d, y) & x != y",
        "On(d, y) & Clear(x)", "On(d, x) & Clear(y)",
    )  # fmt: skip
    smaller = [f"Smaller({d}, {p})" for d, p in product(names, pegs)]
    smaller += [f"Smaller({a}, {b})" for i, a in enumerate(names) for b in names[i + 1 :]]
    tower = [f"On({a}, {b})" for a, b in pairwise(names)]
    initial = [*smaller, *tower, f"On({names[-1]}, p1)", f"Clear({names[0]})", "Clear(p2)", "Clear(p3)"]
    return initial, [*tower, f"On({names[-1]}, p3)"], [move], {"disc": names, "thing": [*names, *pegs]}
