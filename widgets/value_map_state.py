"""What a ValueMap shows, by pure functions of the stretches of learning: sentences, tables, scales, read-out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentos_lab.rl import TabularMDP
from agentos_lab.rl.gridworlds import MOVES

from .runs import Runs, counted, rich, strong
from .text_metrics import text_width
from .value_map_history import CLOSE, Stretch
from .value_map_world import cell_names, kinds, painted
from .view import header, pack

__all__ = ["METHODS", "digits_for", "maps_after", "powers", "signed", "value_map_state", "with_edit"]

Edit = Sequence[Any]  # [frame, state, brush]

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
DIRECTIONS = {arrow: (right, down) for down, right, arrow in MOVES.values()}


def with_edit(edits: Sequence[Edit], frame: int, state: int, brush: str) -> list[list[Any]]:
    """The edits after one more: what was done later than this frame is gone, and the cell's last paint covers others.

    Args:
        edits: [frame, state, brush] each, in order.
        frame: When the cell is painted.
        state, brush: Which cell, and what it becomes.
    """
    kept = [list(edit) for edit in edits if edit[0] < frame or (edit[0] == frame and edit[1] != state)]
    return [*kept, [frame, state, brush]]


def maps_after(text: str, edits: Sequence[Edit]) -> list[tuple[int, str, list[tuple[int, str]]]]:
    """The maps that a series of edits makes: (first frame, text, the cells changed: (state, kind before)).

    Args:
        text: The map to begin with.
        edits: [frame, state, brush] each.

    Raises:
        ValueError: An edit that is not of this form.
    """
    maps: list[tuple[int, str, list[tuple[int, str]]]] = [(0, text, [])]
    for edit in sorted(edits, key=lambda each: each[0]):
        frame, state, brush = edit
        first, before, changed = maps[-1]
        after = painted(before, state, brush)
        if after == before:
            continue
        here = (state, kinds(before)[state])
        if frame == first:
            maps[-1] = (first, after, [*changed, here])
        else:
            maps.append((frame, after, [here]))
    return maps


def value_map_state(
    stretches: Sequence[Stretch],
    changes: Sequence[Sequence[tuple[int, str]]],
    method: str,
    gamma: float,
    slip: float | None,
    pay: Mapping[str, float],
) -> dict[str, Any]:
    """Everything that a ValueMap draws.

    Args:
        stretches: What was learnt, grid after grid.
        changes: The cells that begin each stretch: (state, kind before).
        method: A key of `METHODS`.
        gamma: Discount.
        slip: Of the world, or None where it is not known.
        pay: Pay for entering by character of the map, as far as it is known.
    """
    first = stretches[0].mdp
    layout = first.layout
    assert layout is not None
    names = cell_names(layout.rows, layout.columns)
    words = METHODS[method]
    misses = np.concatenate([stretch.misses for stretch in stretches])
    values = np.concatenate([np.where(stretch.floor, stretch.values, 0.0) for stretch in stretches])
    optimal = np.stack([np.where(stretch.floor, stretch.optimal, 0.0) for stretch in stretches])
    digits = digits_for(np.concatenate([values, optimal]))
    q = np.concatenate([stretch.action_values for stretch in stretches])
    q = np.where(np.isfinite(q), q, np.nan)
    errors = np.abs(misses).max(axis=-1)
    starts = [stretch.first for stretch in stretches]
    said = [
        sentence(stretch, frame, changes[number], starts[number], names, words, digits)
        for number, stretch in enumerate(stretches)
        for frame in range(len(stretch.values))
    ]
    many = f"{layout.columns} × {layout.rows} cells, γ = {gamma:g}" + ("" if slip is None else f", slip {slip:.2g}")
    return header(words["title"], said[0], meta=many) | {
        "words": dict(words),
        "rows": layout.rows,
        "columns": layout.columns,
        "names": names,
        "actions": [label(first, action) for action in range(first.num_actions)],
        "arrows": list(directions_of(first)),
        "directions": [DIRECTIONS.get(arrow, (0, 0)) for arrow in directions_of(first)],
        "digits": digits,
        "widest": max((signed(float(v), digits) for v in (values.min(), values.max())), key=text_width),
        "frames": len(values),
        "values": pack(values),
        "q": pack(q),
        "best": pack(bits(np.concatenate([stretch.best for stretch in stretches])), "uint16"),
        "astray": pack(np.concatenate([stretch.astray for stretch in stretches]), "uint8"),
        "optimal": pack(optimal),
        "misses": pack(misses),
        "stretches": [
            stretch_state(stretch, changes[number], names, values, pay) for number, stretch in enumerate(stretches)
        ],
        "errors": [float(error) for error in errors],
        "told": [signed(float(error), error_digits(float(error), digits)) for error in errors],
        "sentences": [rich(each) for each in said],
        "range": [float(min(0.0, values.min(), optimal.min())), float(max(0.0, values.max(), optimal.max()))],
        "axis": powers(float(errors.max()), max(float(errors.min()), float(max(np.abs(optimal).max(), 1e-9)) * CLOSE)),
    }


def stretch_state(
    stretch: Stretch,
    changed: Sequence[tuple[int, str]],
    names: Sequence[str],
    values: NDArray[np.float64],
    pay: Mapping[str, float],
) -> dict[str, Any]:
    """A grid: what stands where, and what was changed: [state, kind before, value before or null]."""
    layout = stretch.mdp.layout
    assert layout is not None
    text = layout.text.replace("\n", "")
    before = values[stretch.first - 1] if stretch.first else None
    now, most = kinds(layout.text), rounded_up(float(np.abs(stretch.misses).max(initial=0.0)))
    note = f"{now[changed[0][0]]} at {names[changed[0][0]]}" if len(changed) == 1 else f"{len(changed)} cells"
    return {
        "first": stretch.first,
        "kinds": now,
        "most": most,
        "legend": [f"+{most:g}", "0", f"−{most:g}"],
        "note": note if changed else "",
        "starts": [state for state, character in enumerate(text) if character == "S"],
        "pays": [plain_number(pay[character]) if character in pay and character in "GHC" else "" for character in text],
        "changed": [
            [state, was, None if before is None or was != "floor" else float(before[state])] for state, was in changed
        ],
    }


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


REST = " but every arrow is right already."


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
    layout = stretch.mdp.layout
    assert layout is not None
    ago = f", {frame} after " if frame else ", just after "
    state, _ = changed[-1]
    now = kinds(layout.text)[state]
    if len(changed) > 1:
        return [begin, ago, "you changed ", strong(counted(len(changed), "cell")), ": "]
    return [begin, ago, f"you put {'' if now == 'floor' else 'a '}{now} at ", strong(names[state]), ": "]


def label(mdp: TabularMDP, action: int) -> str:
    """An action's name where there is room for names, else its arrow."""
    if mdp.num_actions > 4 and mdp.layout is not None and mdp.layout.arrows:
        return mdp.layout.arrows[action]
    return mdp.action_name(action)


def directions_of(mdp: TabularMDP) -> str:
    """One arrow per action; dots where the layout has none."""
    assert mdp.layout is not None
    return mdp.layout.arrows if len(mdp.layout.arrows) == mdp.num_actions else "·" * mdp.num_actions


def bits(chosen: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Sets of actions (…, A) as numbers (…): action a is bit a."""
    return (chosen * 2 ** np.arange(chosen.shape[-1])).sum(axis=-1)


def digits_for(values: NDArray[np.float64]) -> int:
    """Decimals that a cell needs and has room for."""
    largest = float(np.abs(values).max())
    if largest > 2 and np.allclose(values, values.round()):
        return 0
    return 2 if largest < 9.995 else 1 if largest < 99.95 else 0


def error_digits(error: float, digits: int) -> int:
    """Decimals with which an error is not printed as 0."""
    return digits if error == 0 else max(digits, 1 - math.floor(math.log10(error))) if error < 0.1 else digits


def signed(value: float, digits: int) -> str:
    """A number in print, with a true minus sign and no minus zero."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if not float(text) else text.replace("-", "−")


def plain_number(value: float) -> str:
    """A pay in print: "+1", "−100", "0"."""
    text = f"{value:+g}".replace("-", "−")
    return "0" if not value else text


def rounded_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten; the end of a scale."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(float(f"{step * power:.6g}") for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10) if step * power >= value * 0.999999)


def powers(high: float, low: float) -> dict[str, Any]:
    """A logarithmic axis: its two ends as powers of ten, and labelled ticks [power, text].

    Args:
        high: The largest number on it.
        low: Below this all is as good as 0.
    """
    top = math.ceil(math.log10(max(high, 1e-9)) - 1e-9)
    bottom = min(math.floor(math.log10(max(low, 1e-12)) + 1e-9), top - 2)
    every = 1 if top - bottom <= 3 else 2
    ticks = [[power, tick(power)] for power in range(top, bottom - 1, -1) if (top - power) % every == 0]
    return {"top": top, "bottom": bottom, "ticks": ticks}


def tick(power: int) -> str:
    """A power of ten, written out where that is short."""
    return f"{10**power}" if power >= 0 else f"{10.0**power:.{-power}f}"[1:]
