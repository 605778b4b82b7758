"""The stage of a HedgeExplorer in the static picture: two worlds, one above the other, and the strip between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .formula import draw_formula
from .hedge_layout import place, segments, strip_x
from .hedge_state import BARS, GRAPH
from .picture import Picture, number
from .sketch import draw_sketch, paint
from .text_metrics import fit, text_width, wrap

__all__ = ["draw_hedge"]

State = Mapping[str, Any]
Layout = Mapping[str, float]
SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
FILLS = {"always": "grey:0.35", "helped": "green-fill", "harmed": "vermilion-fill", "never": "grey:0.08"}
INKS = {"always": "ink", "helped": "on-fill", "harmed": "on-fill", "never": "ink"}
MEANINGS = {"always": "1→1", "helped": "0→1", "harmed": "1→0", "never": "0→0"}


def draw_hedge(picture: Picture, measures: Mapping[str, float], state: State, a: int, b: int) -> float:
    """Draw everything for the two chosen worlds; returns the height."""
    at = place(measures, picture.width)
    draw_graph(picture, measures, at, state)
    draw_heads(picture, at, state)
    worlds = (
        [("A", measures["world_a"], a), ("B", measures["world_b"], b)] if state["kind"] != "point" else [("", 40, 0)]
    )
    for index, (name, top, frame) in enumerate(worlds):
        draw_world(picture, measures, at, state, name, top, frame)
        draw_bars(picture, at, state, top, frame, index)
    if state["kind"] == "point":
        draw_reason(picture, at, state)
    else:
        draw_between(picture, measures, at, state, a, b)
    draw_strip(picture, measures, at, state)
    knobs = [("B", b), ("A", a)] if state["kind"] != "point" else [("", 0)]
    for name, frame in knobs:
        draw_knob(picture, strip_x(at, state["strip"], state["values"][frame]), measures["strip_line"], name)
    return measures["height"]


def draw_graph(picture: Picture, measures: Mapping[str, float], at: Layout, state: State) -> None:
    """The column of the graph: the hedge, its sets, the reason, the verdict."""
    picture.text(16, 16, "Graph", weight=600)
    scale = at["graph"] / GRAPH[0]
    with picture.group(16, 26, transform=f"translate(16 26) scale({number(scale)})"):
        draw_sketch(picture, state["graph"])
    y = 26 + GRAPH[1] + 18
    for note in state["notes"]:
        picture.text(16, y, fit(note, at["graph"], 11, bold=True), size=11, weight=600, fill="vermilion-text")
        y += 16
    for line in wrap(state["reason"], at["graph"], 11):
        picture.text(16, y + 2, line, **SMALL)
        y += 15
    good = state["verdict"] == "identified"
    wide = text_width(state["verdict"], 11, bold=True) + 30
    picture.rect(16, measures["chip"], wide, 20, radius=10, fill="green-fill" if good else "vermilion-fill")
    mark = "M24 {0}l3 3l6 -7" if good else "M25 {0}m0 -4l7 7m0 -7l-7 7"
    picture.path(mark.format(number(measures["chip"] + 10)), fill="none", stroke="on-fill", thickness=1.8)
    picture.text(38, measures["chip"] + 14, state["verdict"], size=11, weight=600, fill="on-fill")


def draw_heads(picture: Picture, at: Layout, state: State) -> None:
    """The heads of the other columns, and the hairlines between the columns."""
    names = {"types": "Mechanism", "tables": "Tables that move", "point": "Formula"}
    picture.text(at["mechanism"], 16, names[state["kind"]], weight=600)
    if state["kind"] == "types":
        x = at["mechanism"] + text_width("Mechanism", 13, bold=True) + 10
        picture.text(x, 16, fit("what would happen without and with", at["mechanism_width"] - 80, 11), **SMALL)
    for column, title, formula in (("data", "Data", "data_formula"), ("effect", "Effect", "effect_formula")):
        picture.text(at[column], 16, title, weight=600)
        x = at[column] + text_width(title, 13, bold=True) + 8
        draw_formula(picture, x, 16, state[formula], room=at[column] + at[f"{column}_width"] - x)
    for column in ("mechanism", "data", "effect"):
        picture.line(at[column] - at["gap"] / 2, 4, at[column] - at["gap"] / 2, 312)


def draw_world(
    picture: Picture, measures: Mapping[str, float], at: Layout, state: State, name: str, top: float, frame: int
) -> None:
    """A world's badge, title and mechanism."""
    if name:
        draw_badge(picture, at["mechanism"], top, name)
        picture.text(at["mechanism"] + 26, top + 14, f"World {name}{state['world'][frame]}")
    if state["kind"] == "types":
        for row in (0, 1):
            draw_types(picture, measures, at, state, top + measures["row_top"] + measures["row_step"] * row, frame, row)
    elif state["kind"] == "tables":
        draw_tables(picture, at, state, top + 23, frame)


def draw_badge(picture: Picture, x: float, top: float, name: str) -> None:
    """The letter of a world: A filled, B as a ring, as on the strip."""
    filled = name == "A"
    picture.rect(
        x + 1, top + 1, 18, 18, radius=4, fill="blue-fill" if filled else "ground", stroke="blue-fill", thickness=1.6
    )
    picture.text(
        x + 10, top + 14.5, name, weight=600, size=12, anchor="middle", fill="on-fill" if filled else "blue-text"
    )


def draw_types(
    picture: Picture, measures: Mapping[str, float], at: Layout, state: State, y: float, frame: int, row: int
) -> None:
    """One row of types; the bold line is fixed by the data, the splits with triangles are free."""
    label, share = state["rows"][row]
    picture.text(at["mechanism"], y + 11, label)
    picture.text(at["mechanism"], y + 24, share, **SMALL)
    high = measures["row"]
    parts = segments(at, state["types"][frame], row)
    for name, part, x, wide in parts:
        outline: dict[str, Any] = {"stroke": "hairline", "thickness": 1} if name == "never" else {}
        picture.rect(x, y, max(0.0, wide - 1), high, fill=paint(FILLS[name]), **outline)
        shown = f"{100 * part:.0f}"
        look: dict[str, Any] = {"fill": INKS[name], "size": 11, "anchor": "middle"}
        if text_width(name, 11, bold=True) <= wide - 6:
            picture.text(x + wide / 2, y + 12, name, weight=600, **look)
            picture.text(x + wide / 2, y + 24, shown, **look)
        elif text_width(shown, 11) <= wide - 4:
            picture.text(x + wide / 2, y + 18, shown, **look)
    fixed = parts[2][2] - 0.5
    picture.line(fixed, y - 4, fixed, y + high + 4, stroke="ink", thickness=3)
    for index in (1, 3):
        picture.path(grip(parts[index][2] - 0.5, y + high + 6), fill="purple-text")


def grip(x: float, y: float) -> str:
    """Two triangles that point away from x: a split that the data leave free."""
    return f"M{number(x - 2)} {number(y - 4)}v8l-6 -4zM{number(x + 2)} {number(y - 4)}v8l6 -4z"


def draw_tables(picture: Picture, at: Layout, state: State, y: float, frame: int) -> None:
    """The tables that move, as small bars."""
    tables, high = state["tables"], BARS[1]
    scale = min(1.0, at["mechanism_width"] / BARS[0])
    with picture.group(transform=f"translate({number(at['mechanism'])} {number(y)}) scale({number(scale)})"):
        for x, base, formula in tables["labels"]:
            draw_formula(picture, x, base, formula)
        for (x, top, wide), value in zip(tables["bars"], tables["heights"][frame], strict=True):
            picture.rect(x, top, wide, high, fill=paint("grey:0.14"))
            picture.rect(x, top + high * (1 - value), wide, high * value, fill="purple")


def draw_bars(picture: Picture, at: Layout, state: State, top: float, frame: int, world: int) -> None:
    """The data and the effect of one world as bars."""
    base = top + 100
    joint = state["joint"][frame]
    few = len(joint) <= 4
    wide = at["data_width"] - (18 if few else 0)
    step, most = wide / len(joint), max(max(each) for each in (joint, *state["drawn"]))
    for index, value in enumerate(joint):
        x, high = at["data"] + step * index, 68 * value / most
        picture.rect(x + 0.1 * step, base - high, 0.8 * step, high, fill="grey")
        if few:
            picture.text(x + step / 2, base - high - 4, f"{value:.2f}", size=11, anchor="middle")
            picture.text(x + step / 2, base + 14, state["cells"][index], anchor="middle", **SMALL)
        if state["drawn"]:
            mark = base - 68 * state["drawn"][world][index] / most
            picture.line(x, mark, x + step, mark, stroke="vermilion-text", thickness=2)
    picture.line(at["data"], base, at["data"] + wide, base, stroke="grey")
    if few:
        picture.text(at["data"] + at["data_width"], base + 14, state["axis_names"], anchor="end", **SMALL)
    else:
        picture.text(at["data"], base + 14, state["cells"][0], **SMALL)
        picture.text(at["data"] + wide, base + 14, state["cells"][-1], anchor="end", **SMALL)
    draw_effects(picture, at, state, top, frame)


def draw_effects(picture: Picture, at: Layout, state: State, top: float, frame: int) -> None:
    """The effect of one world: a bar for each setting, and their difference as a large number."""
    base, effects = top + 100, state["effects"][frame]
    big, words, tone = state["big"][frame]
    wide = at["effect_width"] - room_for_big(state)
    step = wide / len(effects)
    for index, value in enumerate(effects):
        x, high = at["effect"] + step * index, 68 * value
        picture.rect(x + 0.12 * step, base - high, 0.76 * step, high, fill="blue" if index % 2 else "sky")
        if step > 24:
            picture.text(x + step / 2, base - high - 4, f"{value:.2f}", weight=600, size=11, anchor="middle")
        picture.text(x + step / 2, base + 14, fit(state["bars"][index], step, 11), anchor="middle", **SMALL)
    picture.line(at["effect"], base, at["effect"] + wide, base, stroke="grey")
    if words:
        right = at["effect"] + at["effect_width"]
        picture.text(right, top + 52, big, size=20, weight=600, fill=tone, anchor="end")
        picture.text(right, top + 68, words, size=11, fill=tone, anchor="end")


def room_for_big(state: State) -> float:
    """Room beside the bars of the effect for the large number."""
    return 68.0 if state["big"][0][1] else 0.0


def draw_between(picture: Picture, measures: Mapping[str, float], at: Layout, state: State, a: int, b: int) -> None:
    """Between the worlds: a legend, that the data are equal, that the effects are not."""
    y = measures["between"]
    if state["kind"] == "types":
        x = at["mechanism"]
        for name, label in legend(at):
            picture.rect(x, y - 8, 9, 9, fill=paint(FILLS[name]), stroke="hairline", thickness=1)
            picture.text(x + 12, y, label, **SMALL)
            x += 18 + text_width(label, 11)
    else:
        told = f"bars: shares of value 1   {state['tables']['legend']}"
        picture.text(at["mechanism"], y, fit(told, at["mechanism_width"], 11), **SMALL)
    picture.text(at["data"], y + 2, "=", size=17, weight=600)
    picture.text(at["data"] + 16, y, state["equal"], **SMALL)
    gap, label = widest(state, a, b)
    picture.text(at["effect"], y + 2, "≠" if gap >= 0.005 else "=", size=17, weight=600, fill="vermilion-text")
    picture.text(at["effect"] + 16, y, fit(f"gap {gap:.2f} in {label}", at["effect_width"] - 16, 11), **SMALL)


def legend(at: Layout) -> list[tuple[str, str]]:
    """The types with their meaning, where there is room for it."""
    full = [(name, f"{name} {meaning}") for name, meaning in MEANINGS.items()]
    room = sum(18 + text_width(label, 11) for _, label in full) - 6
    return full if room <= at["mechanism_width"] else [(name, name) for name in MEANINGS]


def widest(state: State, a: int, b: int) -> tuple[float, str]:
    """The largest difference between the effects of two worlds, and in which; the steered one among equals."""
    gaps = [round(abs(one - two), 4) for one, two in zip(state["effects"][a], state["effects"][b], strict=True)]
    steered = state["latest"]
    index = steered if gaps[steered] == max(gaps) else gaps.index(max(gaps))
    return gaps[index], state["bars"][index]


def draw_reason(picture: Picture, at: Layout, state: State) -> None:
    """For an identifiable query: its formula, and what was tested."""
    room = at["mechanism_width"]
    one, two = state["formulas"]
    draw_formula(picture, at["mechanism"], 62, one, room=room)
    draw_formula(picture, at["mechanism"] + 12, 98, two, room=room - 12)
    for index, line in enumerate(wrap(state["proof"], room)):
        picture.text(at["mechanism"], 146 + 18 * index, line, fill="quiet")


def draw_strip(picture: Picture, measures: Mapping[str, float], at: Layout, state: State) -> None:
    """The strip with its ends, its ticks and what is seen instead of the effect."""
    strip, y = state["strip"], measures["strip_line"]
    picture.line(16, 312, picture.width - 16, 312)
    moves = state["kind"] != "point"
    picture.text(16, y - 8, "Slide" if moves else "Nowhere to slide", weight=600)
    picture.text(16, y + 9, "every point fits the" if moves else "one point fits", **SMALL)
    picture.text(16, y + 24, "data exactly as well" if moves else "the data", **SMALL)
    low, high = (strip_x(at, strip, strip[end]) for end in ("low", "high"))
    zero = min(max(strip_x(at, strip, 0.0), low), high) if strip["zero"] else low
    picture.rect(low, y - 8, max(0.0, zero - low), 16, fill=paint("vermilion:0.25"))
    picture.rect(zero, y - 8, high - zero, 16, fill=paint("green:0.25" if strip["zero"] else "sky:0.35"))
    picture.line(at["strip"], y + 8, at["strip_end"], y + 8, stroke="grey")
    for value, label in strip["ticks"]:
        x = strip_x(at, strip, value)
        picture.line(x, y + 8, x, y + 12, stroke="grey")
        picture.text(x, y + 25, label, anchor="middle", **SMALL)
    if strip["zero"]:
        x = strip_x(at, strip, 0.0)
        picture.line(x, y - 12, x, y + 12, stroke="ink", thickness=1.4)
    if moves:
        for x, label in zip((low, high), strip["ends"], strict=True):
            picture.line(x, y - 12, x, y + 8, stroke="ink", thickness=2)
            picture.text(x, y - 17, label, anchor="middle", **SMALL)
    seen, label = strip["seen"]
    x = strip_x(at, strip, seen)
    picture.path(f"M{number(x - 5)} {number(y + 38)}h10l-5 -8z", fill="ink")
    picture.text(x + 9, y + 40, label, **SMALL)
    formula = strip["formula"]
    right = at["strip_end"] + 26 - formula["width"]
    free = x + 9 + text_width(label, 11) + 12 < right
    draw_formula(picture, right if free else at["strip"], y + 41, formula)


def draw_knob(picture: Picture, x: float, y: float, name: str) -> None:
    """A world on the strip."""
    filled = name != "B"
    picture.circle(x, y, 11, fill="blue-fill" if filled else "ground", stroke="blue-fill", thickness=2)
    if name:
        picture.text(x, y + 4.5, name, weight=600, size=12, anchor="middle", fill="on-fill" if filled else "blue-text")
