"""The sentence of a ValueMap: how far learning has come, what is still missing, and what was changed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .runs import Runs, counted, strong
from .value_map_history import CLOSE, Stretch
from .value_map_numbers import error_digits, signed

__all__ = ["METHODS", "sentence"]

# What a method calls one step, and how it speaks about V* − V.
METHODS: Mapping[str, Mapping[str, Any]] = {
    "value iteration": {
        "title": "Value iteration on a grid you can edit",
        "unit": "sweep",
        "missing": "Still to change",
        "signs": ["will rise", "settled", "will fall"],
        "corner": "arrow will turn",
    },
    "q-learning": {
        "title": "Q-learning on a grid you can edit",
        "unit": "episode",
        "missing": "Still wrong",
        "signs": ["too low", "right", "too high"],
        "corner": "not the best way",
    },
}
REST = " but every arrow is right."


def sentence(
    stretch: Stretch,
    frame: int,
    changed: Sequence[tuple[int, str]],
    first: int,
    names: Sequence[str],
    words: Mapping[str, Any],
    digits: int,
) -> Runs:
    """What the map shows at a frame of a stretch."""
    miss, floor = stretch.misses[frame], stretch.floor
    at = int(np.abs(miss).argmax())
    error, astray = abs(float(miss[at])), int(stretch.astray[frame].sum())
    where = when(stretch, frame, changed, first, names, words["unit"])
    if not floor.any():
        return [*where, "there is no floor to stand on."]
    near = CLOSE * max(1e-9, float(np.abs(stretch.optimal).max()))
    if error < near:
        return [*where, *settled(stretch, astray)]
    sampled = words["unit"] == "episode"
    size = strong(signed(error, error_digits(error, digits)))
    rise, fall = bool((miss > near).any()), bool((miss < -near).any())
    if sampled:
        way = "too low" if miss[at] > 0 else "too high"
        tail = [" and ", strong(counted(astray, "arrow")), f" {do(astray)} not point the best way."]
        return [*where, "V is off by up to ", size, f" (at {names[at]}, {way}),", *(tail if astray else [REST])]
    way = "change" if rise and fall else "rise" if rise else "fall"
    tail = [" and ", strong(counted(astray, "arrow")), " will still turn."]
    return [*where, f"values must still {way} by up to ", size, f" (at {names[at]}),", *(tail if astray else [REST])]


def settled(stretch: Stretch, astray: int) -> Runs:
    """The end of the sentence when V is as good as V*."""
    goal = strong("V = V*")
    if astray:
        return ["all values are right to four digits, ", strong(counted(astray, "arrow")), f" {do(astray)} not settle."]
    return [goal, " to four digits, and every arrow points the best way."]


def do(count: int) -> str:
    """The verb for so many."""
    return "does" if count == 1 else "do"


def when(
    stretch: Stretch, frame: int, changed: Sequence[tuple[int, str]], first: int, names: Sequence[str], unit: str
) -> list[Any]:
    """The beginning of the sentence: which sweep or episode, and how long after which change."""
    number = first + frame
    begin = f"{unit.capitalize()} {number}"
    if not changed:
        return [f"{begin}: "] if number else ["Nothing learnt yet, V = 0: "]
    ago = f", {frame} after " if frame else ", just after "
    state, _ = changed[-1]
    now = stretch.kinds[state]
    if len(changed) > 1:
        return [begin, ago, "you changed ", strong(counted(len(changed), "cell")), ": "]
    return [begin, ago, f"you put {'' if now == 'floor' else 'a '}{now} at ", strong(names[state]), ": "]
