"""What moves on a ContextPager: window and archive at a reference; `context_pager_moment.js` has the twins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .context_pager_layout import Place
from .sketch import Sketch
from .text_metrics import fit, text_width

__all__ = ["draw_moment", "ticks_of"]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
NOTES = {"new": "just loaded", "next": "next to go", "pinned": "pinned"}
NOTE_COLOURS = {"new": "vermilion-text", "next": "amber-text", "pinned": "blue-text"}
STACK_TOP, ARCHIVE, CHIPS, CHIP, CHIP_ROWS = 24, 210, 218, 20, 3


def draw_moment(sketch: Sketch, state: Mapping[str, Any], time: int, selected: str) -> None:
    """The window, the archive, the line at a reference and what there is to say of a page."""
    at, moment = Place(*state["place"]), state["moments"][time]
    row = state["labels"].index(selected) if selected in state["labels"] else -1
    _draw_stack(sketch, at, state, moment, row)
    _draw_archive(sketch, at, state, moment, time, row)
    if row >= 0:
        y, high = state["rows"][row]
        sketch.rect(at.left, y, at.right - at.left, high, fill="blue", opacity=0.14)
        sketch.rect(at.left - 4, y, 3, high, fill="blue")
    x = at.x(time)
    sketch.text(at.side + 24, at.axis, "reference", **SMALL)
    for label in state["ticks"]:
        if abs(at.x(label) - x) > 24:
            sketch.text(at.x(label), at.axis, str(label), anchor="middle", **SMALL)
    sketch.line(x, at.top - 5, x, at.axis - 11, stroke="ink", thickness=1.25)
    sketch.rect(x - 16, at.axis - 13, 32, 18, fill="ink", radius=6)
    sketch.text(x, at.axis, str(time), size=11, weight=600, fill="ground", anchor="middle")
    about = state["about"][row if row >= 0 else moment["row"]]
    sketch.text(16, at.line, about)


def ticks_of(at: Place) -> list[int]:
    """References with a number on the axis."""
    fits = max(1.0, (at.right - at.left) / 52)
    pitch = next(size * 10**power for power in range(9) for size in (1, 2, 5) if at.count / (size * 10**power) <= fits)
    return list(range(0, at.count, pitch))


def _draw_stack(sketch: Sketch, at: Place, state: Mapping[str, Any], moment: Mapping[str, Any], selected: int) -> None:
    wide, high = at.side - 16, at.frame - 2
    sketch.text(16, 13, "Window", size=13, weight=600)
    told = f"{moment['size']} pages" if state["unequal"] else f"{moment['size']} of {state['frames']} pages"
    sketch.text(73, 13, fit(f"{told}, most recent first", wide - 57, 11), **SMALL)
    for place in range(at.room):
        y = STACK_TOP + at.frame * place
        if place >= len(moment["stack"]):
            if not state["unequal"]:
                sketch.rect(16.5, y + 0.5, wide - 1, high - 1, fill="none", stroke="hairline", dash="3 3", radius=3)
            continue
        row, ago, look = moment["stack"][place]
        base = y + high / 2 + 4.5
        if row < 0:
            sketch.text(54, base, f"… {ago} more", **SMALL)
            continue
        sketch.rect(16, y, wide, high, fill="vermilion:0.14" if look == "new" else "blue:0.18", radius=3)
        if look == "new":
            sketch.rect(16, y, 3, high, fill="vermilion")
        if look == "next":
            edge = {"fill": "none", "stroke": "amber", "thickness": 1.5, "dash": "4 2", "radius": 3}
            sketch.rect(16.75, y + 0.75, wide - 1.5, high - 1.5, **edge)
        if row == selected:
            sketch.rect(16.75, y + 0.75, wide - 1.5, high - 1.5, fill="none", stroke="blue", thickness=2, radius=3)
        note = NOTES.get(look) or ("in use" if ago == 0 else f"{ago} ago")
        colour = NOTE_COLOURS.get(look, "quiet")
        note_look: dict[str, Any] = {"size": 11, "weight": 600 if look else None, "fill": colour}
        sketch.text(at.side - 6, base, note, anchor="end", **note_look)
        sketch.text(46, base, state["numbers"][row], size=11, weight=600, anchor="end")
        room = wide - 46 - text_width(note, 11, bold=bool(look)) - 8
        sketch.text(54, base, fit(state["names"][row], room), size=13)


def _draw_archive(
    sketch: Sketch, at: Place, state: Mapping[str, Any], moment: Mapping[str, Any], time: int, selected: int
) -> None:
    coming = [row for row, first in enumerate(state["first"]) if first > time]
    chips = [*moment["archive"], *coming]
    sketch.text(16, ARCHIVE, "Archive", size=13, weight=600)
    told = f"{len(chips)} page{'' if len(chips) == 1 else 's'}"
    sketch.text(70, ARCHIVE, told, **SMALL)
    room = at.side - 70 - text_width(told, 11) - 10
    if moment["out"]:
        one = f"out: {state['numbers'][moment['out'][0]]}"
        whole = f"{one} {state['names'][moment['out'][0]]}"
        out = f"out: {len(moment['out'])} pages" if len(moment["out"]) > 1 else whole
        out = fit(out, room, 11, bold=True)
        sketch.text(at.side, ARCHIVE, out, anchor="end", size=11, weight=600, fill="vermilion-text")
    elif coming:
        sketch.text(at.side, ARCHIVE, fit("dashed: to come", room, 11), anchor="end", **SMALL)
    room = at.chips * CHIP_ROWS
    pitch = (at.side - 16 + 4) / at.chips
    for index, row in enumerate(sorted(chips)[:room]):
        x, y = 16 + pitch * (index % at.chips), CHIPS + CHIP * (index // at.chips)
        if index == room - 1 and len(chips) > room:
            sketch.text(x + pitch / 2 - 2, y + 13, f"+{len(chips) - room + 1}", anchor="middle", **SMALL)
            continue
        gone, late = row in moment["out"], row in coming
        edge = "vermilion" if gone else "blue" if row == selected else "grey"
        frame: dict[str, Any] = {
            "thickness": 2 if gone or row == selected else 1,
            "dash": "2 2" if late else None,
            "radius": 3,
        }
        sketch.rect(x + 0.5, y + 0.5, pitch - 5, CHIP - 4, fill="none", stroke=edge, **frame)
        words: dict[str, Any] = {"size": 11, "weight": 600 if gone else None, "fill": "quiet" if late else "ink"}
        number = fit(state["numbers"][row], pitch - 6, 11)
        sketch.text(x + pitch / 2 - 2, y + 12.5, number, anchor="middle", **words)
