"""What a ValueMap shows, by pure functions of the stretches of learning: tables, scales, what stands where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentos_lab.rl import TabularMDP
from agentos_lab.rl.gridworlds import MOVES

from .runs import rich
from .text_metrics import text_width
from .value_map_history import CLOSE, Stretch
from .value_map_numbers import digits_for, error_digits, plain_number, powers, rounded_up, signed
from .value_map_sentence import METHODS, sentence
from .value_map_world import BRUSHES, LETTERS, cell_names, kinds, painted
from .view import header, pack

__all__ = ["maps_after", "value_map_state", "with_edit"]

Edit = Sequence[Any]  # [frame, state, brush]

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


def maps_after(
    text: str, edits: Sequence[Edit], letters: Mapping[str, str] = LETTERS
) -> list[tuple[int, str, list[tuple[int, str]]]]:
    """The maps that a series of edits makes: (first frame, text, the cells changed: (state, kind before)).

    Args:
        text: The map to begin with.
        edits: [frame, state, brush] each.
        letters: What the characters of the map stand for.

    Raises:
        ValueError: An edit that is not of this form.
    """
    maps: list[tuple[int, str, list[tuple[int, str]]]] = [(0, text, [])]
    for edit in sorted(edits, key=lambda each: each[0]):
        frame, state, brush = edit
        first, before, changed = maps[-1]
        after = painted(before, state, brush, letters)
        if after == before:
            continue
        here = (state, kinds(before, letters)[state])
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
    brushes: Sequence[str] = BRUSHES,
) -> dict[str, Any]:
    """Everything that a ValueMap draws.

    Args:
        stretches: What was learnt, grid after grid.
        changes: The cells that begin each stretch: (state, kind before).
        method: A key of `METHODS`.
        gamma: Discount.
        slip: Of the world, or None where it is not known.
        pay: Pay for entering by character of the map, as far as it is known.
        brushes: What cells can be painted with.
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
    ends = (values.min(), values.max(), optimal.min(), optimal.max())
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
        "brushes": list(brushes),
        "rows": layout.rows,
        "columns": layout.columns,
        "names": names,
        "actions": [label(first, action) for action in range(first.num_actions)],
        "arrows": list(directions_of(first)),
        "directions": [DIRECTIONS.get(arrow, (0, 0)) for arrow in directions_of(first)],
        "digits": digits,
        "widest": max((signed(float(end), digits) for end in ends), key=text_width),
        "frames": len(values),
        "values": pack(values),
        "q": pack(q),
        "best": pack(bits(np.concatenate([stretch.best for stretch in stretches])), "uint16"),
        "astray": pack(np.concatenate([stretch.astray for stretch in stretches]), "uint8"),
        "optimal": pack(optimal),
        "optimal_best": pack(bits(np.stack([stretch.optimal_best for stretch in stretches])), "uint16"),
        "misses": pack(misses),
        "stretches": [
            stretch_state(stretch, changes[number], names, values, pay) for number, stretch in enumerate(stretches)
        ],
        "errors": [float(error) for error in errors],
        "told": [signed(float(error), error_digits(float(error), digits)) for error in errors],
        "sentences": [rich(each) for each in said],
        "range": [float(min(0.0, *ends)), float(max(0.0, *ends))],
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
    now, most = stretch.kinds, rounded_up(float(np.abs(stretch.misses).max(initial=0.0)))
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
