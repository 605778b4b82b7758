"""The stage of an InterventionLab in the static picture: three panels with one and the same axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

from .formula import draw_formula
from .intervention_layout import Panel, outline, panels, to_x, to_y
from .intervention_sketches import SIZE
from .picture import Picture, number
from .sketch import draw_sketch, paint
from .text_metrics import fit, text_width, wrap

__all__ = ["draw_lab"]

State = Mapping[str, Any]
SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
TONES = {"seen": "amber", "done": "blue", "imagined": "purple"}
ARROWS = {"up": "↗", "down": "↘", "flat": "→", "": ""}
REACH = 44  # pixels of the widest place of a distribution


def draw_lab(picture: Picture, measures: Mapping[str, float], state: State, at: int, cut: bool, stages: bool) -> float:
    """Draw the three questions, or the three stages of imagining; returns the height."""
    three = panels(measures, picture.width)
    for panel in three[1:]:
        x = panel["left"] - panel["gap"] / 2
        picture.line(x, 4, x, measures["height"] - 10)
    questions, three_stages = (draw_seen, draw_done, draw_imagined), (draw_abduction, draw_action, draw_prediction)
    draw: tuple[Callable[..., None], ...] = three_stages if stages else questions
    for index, panel in enumerate(three):
        draw[index](picture, measures, panel, state, at, cut)
    return measures["height"]


# --- the three questions -----------------------------------------------------------------------------------------


def draw_seen(picture: Picture, measures: Mapping[str, float], panel: Panel, state: State, at: int, cut: bool) -> None:
    """Those who happen to be near x."""
    draw_head(picture, panel, "1 Seeing", state["formulas"]["seen"], seen_line(state, at))
    draw_graph(picture, panel, measures, state["graphs"]["seen"])
    draw_axes(picture, panel, state)
    draw_slice(picture, panel, state, at)
    draw_verdict(picture, measures, panel, state, "seen", 0)


def draw_done(picture: Picture, measures: Mapping[str, float], panel: Panel, state: State, at: int, cut: bool) -> None:
    """Everybody set to x; with the arrows into the treatment mended, seeing once more."""
    name, shown = state["treatment"], state["shown"][at]
    line = f"put all {state['records']:,} at {name} = {shown}" if cut else "arrows mended: nobody is set, only seen"
    draw_head(picture, panel, "2 Doing", state["formulas"]["done" if cut else "seen"], line)
    parts = state["graphs"]["done"]
    draw_graph(picture, panel, measures, [*parts["rest"], *parts["cut" if cut else "whole"], *parts["nodes"]])
    draw_axes(picture, panel, state)
    if cut:
        draw_everybody(picture, panel, state, at)
    else:
        draw_slice(picture, panel, state, at)
    draw_verdict(picture, measures, panel, state, "done" if cut else "seen", 1 if cut else 0)


def draw_imagined(
    picture: Picture, measures: Mapping[str, float], panel: Panel, state: State, at: int, cut: bool
) -> None:
    """One person, with x changed and nothing else."""
    draw_person_panel(picture, measures, panel, state, at, "3 Imagining", state["formulas"]["imagined"])


def draw_person_panel(
    picture: Picture, measures: Mapping[str, float], panel: Panel, state: State, at: int, title: str, formula: Any
) -> None:
    """The panel of the person's counterfactual."""
    draw_head(picture, panel, title, formula, imagined_line(state, at))
    draw_graph(picture, panel, measures, state["graphs"]["imagined"])
    draw_axes(picture, panel, state)
    if state["imagined"] is None:
        for index, line in enumerate(wrap(state["trouble"], panel["width"] - 40, 11)[:4]):
            picture.text(panel["x0"] + 6, panel["y0"] + 30 + 15 * index, line, size=11, fill="vermilion-text")
    else:
        draw_counterfactual(picture, panel, state, at)
    draw_verdict(picture, measures, panel, state, "imagined", 2)


def seen_line(state: State, at: int) -> str:
    """What seeing does with the records."""
    near, name, shown = state["near"][at], state["treatment"], state["shown"][at]
    sign = "=" if state["x_axis"]["levels"] else "≈"
    return f"keep the {near:,} of {state['records']:,} with {name} {sign} {shown}"


def imagined_line(state: State, at: int) -> str:
    """What imagining does with the person."""
    return f"{state['keep']}set {state['treatment']} to {state['shown'][at]}"


def draw_head(picture: Picture, panel: Panel, title: str, formula: Any, line: str) -> None:
    """Name, formula, and one line about what is done with the rows."""
    left, wide = panel["left"], panel["width"]
    picture.text(left, 16, title, weight=600)
    if formula:
        start = text_width(title, 13, bold=True) + 10
        room = min(formula["width"], wide - start)
        draw_formula(picture, left + wide - room, 16, formula, room=wide - start)
    picture.text(left, 34, fit(line, wide, 11), **SMALL)


def draw_graph(picture: Picture, panel: Panel, measures: Mapping[str, float], marks: Any) -> None:
    """A graph in the middle of its place."""
    scale = min(1.0, panel["width"] / SIZE[0])
    x = panel["left"] + (panel["width"] - scale * SIZE[0]) / 2
    move = f"translate({number(x)} {number(measures['graph_top'])})"
    with picture.group(transform=move + (f" scale({number(scale)})" if scale < 1 else "")):
        draw_sketch(picture, marks)


def draw_axes(picture: Picture, panel: Panel, state: State) -> None:
    """Axes, labels and the cloud of records, alike in all panels."""
    for value, label in state["y_axis"]["ticks"]:
        y = to_y(panel, state, value)
        picture.line(panel["x0"], y, panel["x1"], y)
        picture.text(panel["x0"] - 6, y + 4, label, anchor="end", **SMALL)
    picture.line(panel["x0"], panel["y1"], panel["x1"], panel["y1"], stroke="grey")
    for value, label in state["x_axis"]["ticks"]:
        picture.text(to_x(panel, state, value), panel["y1"] + 15, label, anchor="middle", **SMALL)
    picture.text(panel["x1"], panel["y1"] + 30, state["x_axis"]["label"], anchor="end", **SMALL)
    picture.text(panel["left"], panel["y0"] - 10, state["y_axis"]["label"], **SMALL)
    d = "".join(f"M{number(to_x(panel, state, x))} {number(to_y(panel, state, y))}h0" for x, y in state["cloud"])
    picture.path(d, fill="none", stroke="grey", thickness=2.4, cap="round", opacity=0.4)


def draw_slice(picture: Picture, panel: Panel, state: State, at: int) -> None:
    """Seeing: the records near x, and how their outcomes are spread."""
    value, window, curves = state["grid"][at], state["window"], state["seen"]
    x = to_x(panel, state, value)
    if window:
        left, right = to_x(panel, state, value - window), to_x(panel, state, value + window)
        picture.rect(left, panel["y0"], right - left, panel["y1"] - panel["y0"], fill=paint("amber:0.28"))
    draw_curve(picture, panel, state, curves["mean"], "amber", None)
    reach = window if window else 0.3 * level_step(state["x_axis"])
    near = [
        f"M{number(to_x(panel, state, a))} {number(to_y(panel, state, b))}h0"
        for a, b in state["cloud"] if abs(a - value) <= reach
    ]  # fmt: skip
    picture.path("".join(near), fill="none", stroke="amber-text", thickness=3.4, cap="round")
    if curves["mean"][at] is None:
        picture.text(
            (panel["x0"] + panel["x1"]) / 2, panel["y0"] + 14, "nobody is seen here", size=11, fill="amber-text",
            anchor="middle",
        )  # fmt: skip
        picture.line(x, panel["y0"], x, panel["y1"], stroke="amber-text", thickness=1.4, dash="3 3")
    else:
        draw_distribution(picture, panel, state, x, curves["density"][at], "amber")
        draw_mean(picture, panel, state, x, curves, at, "amber")
    draw_pill(picture, panel, x, state["shown"][at], "amber")


def draw_everybody(picture: Picture, panel: Panel, state: State, at: int) -> None:
    """Doing: everybody slides along a line of their own, and ends at x."""
    x, curves = to_x(panel, state, state["grid"][at]), state["done"]
    threads = []
    for (own, _), outcomes in zip(state["cloud"], state["own"], strict=False):
        start = nearest(state["grid"], own)
        way = range(start, at + 1) if at >= start else range(start, at - 1, -1)
        points = [
            f"{number(to_x(panel, state, state['grid'][k]))} {number(to_y(panel, state, outcomes[k]))}" for k in way
        ]
        threads.append("M" + "L".join(points))
    picture.path("".join(threads), fill="none", stroke="grey", thickness=1, opacity=0.55)
    for mean, dash in zip(split_by_support(state), (None, "3 4"), strict=True):
        draw_curve(picture, panel, state, mean, "blue", dash)
    draw_distribution(picture, panel, state, x, curves["density"][at], "blue")
    draw_mean(picture, panel, state, x, curves, at, "blue")
    draw_bias(picture, panel, state, x, at)
    draw_pill(picture, panel, x, state["shown"][at], "blue")


def split_by_support(state: State) -> list[list[float | None]]:
    """The mean of doing where units are seen, and where only the model speaks; each begins where the other ends."""
    done, known = state["done"]["mean"], [each is not None for each in state["seen"]["mean"]]
    around = [all(known[max(0, k - 1) : k + 2]) for k in range(len(known))]
    inner = [value if here else None for value, here in zip(done, known, strict=True)]
    return [inner, [None if here else value for value, here in zip(done, around, strict=True)]]


def draw_bias(picture: Picture, panel: Panel, state: State, x: float, at: int) -> None:
    """How far seeing is from doing."""
    seen, done = state["seen"]["mean"][at], state["done"]["mean"][at]
    if seen is None:
        return
    top, foot = to_y(panel, state, seen), to_y(panel, state, done)
    if abs(top - foot) < 9:
        return
    wide = 30
    beside = x + REACH + wide - 8
    if beside + wide - 6 > panel["x1"]:  # no room at the right: beyond the number, or beyond the distribution
        beside = x - (REACH + wide if x + REACH + 2 > panel["x1"] else 66)
    picture.line(beside, top, beside, foot, stroke="quiet", dash="2 3")
    picture.line(beside - 7, top, beside + 7, top, stroke="amber-text", thickness=2)
    picture.line(beside - 7, foot, beside + 7, foot, stroke="blue", thickness=2)
    up = -1 if top < foot else 1
    seen_at = f"seen {state['seen']['label'][at]}"
    haloed(picture, beside, top + (-5 if up < 0 else 14), seen_at, size=11, fill="amber-text", anchor="middle")
    digits = len(state["seen"]["label"][at].partition(".")[2])
    gap = f"bias {abs(seen - done):.{digits}f}"
    haloed(picture, beside, foot + (14 if up < 0 else -5), gap, size=11, weight=600, anchor="middle", fill="ink")


def draw_counterfactual(picture: Picture, panel: Panel, state: State, at: int) -> None:
    """Imagining: the person's own line, from what happened to what would have."""
    person, curves = state["person"], state["imagined"]
    x, y = to_x(panel, state, state["grid"][at]), to_y(panel, state, curves["mean"][at])
    draw_curve(picture, panel, state, curves["mean"], "purple", "5 4")
    if curves["sd"][at] > 0.01 * (state["y_axis"]["high"] - state["y_axis"]["low"]):
        draw_distribution(picture, panel, state, x, curves["density"][at], "purple")
    else:
        picture.line(x, panel["y0"], x, panel["y1"], stroke="purple-text", thickness=1.3, dash="4 3")
    px, py = to_x(panel, state, person["x"]), to_y(panel, state, person["y"])
    far = abs(px - x) + abs(py - y) > 22
    if far:
        picture.line(px, py, px + 0.9 * (x - px), py + 0.9 * (y - py), stroke="purple-text", thickness=2.4)
    picture.circle(px, py, 5, fill="ink")
    below = py < y
    picture.text(px, py + (-10 if below else 20), person["label"], weight=600, size=11, anchor="middle")
    draw_mean(picture, panel, state, x, curves, at, "purple", (px, py))
    draw_pill(picture, panel, x, state["shown"][at], "purple")


def draw_curve(
    picture: Picture, panel: Panel, state: State, mean: Sequence[float | None], tone: str, dash: str | None
) -> None:
    """The mean for every value of the treatment; it stops where nothing is known."""
    axis, pieces, pen = state["y_axis"], [], "M"
    for value, each in zip(state["grid"], mean, strict=True):
        if each is None or not axis["low"] <= each <= axis["high"]:
            pen = "M"
            continue
        pieces.append(f"{pen}{number(to_x(panel, state, value))} {number(to_y(panel, state, each))}")
        pen = "L"
    picture.path("".join(pieces), fill="none", stroke=tone, thickness=2.2, dash=dash, join="round")


def draw_distribution(
    picture: Picture, panel: Panel, state: State, x: float, density: Sequence[float], tone: str
) -> None:
    """How the outcomes at x are spread, beside the line at x."""
    picture.line(x, panel["y0"], x, panel["y1"], stroke=f"{tone}-text", thickness=1.4)
    points = outline(panel, state, x, density, REACH)
    if state["y_axis"]["levels"]:
        for left, top, wide, high in points:
            picture.rect(left, top, wide, high, fill=paint(f"{tone}:0.35"), stroke=f"{tone}-text", thickness=1)
        return
    d = "M" + "L".join(f"{number(a)} {number(b)}" for a, b in points)
    ends = f"L{number(x)} {number(panel['y0'])}L{number(x)} {number(panel['y1'])}z"
    picture.path(d + ends, fill=tone, opacity=0.25)
    picture.path(d, fill="none", stroke=f"{tone}-text", thickness=1.4)


def draw_mean(
    picture: Picture,
    panel: Panel,
    state: State,
    x: float,
    curves: Mapping[str, Any],
    at: int,
    tone: str,
    taken: tuple[float, float] = (0.0, 0.0),
) -> None:
    """The mean at x, as a ring and a number, which keeps away from a place that is taken."""
    y = to_y(panel, state, curves["mean"][at])
    picture.circle(x, y, 5, fill="ground", stroke=f"{tone}-text", thickness=2.4)
    label = curves["label"][at]
    wide = text_width(label, 15, bold=True)
    flipped = x + REACH + 2 > panel["x1"]
    right = x + 10 + wide < panel["x1"] if flipped else x - 10 - wide < panel["x0"]
    hidden = x - wide - 18 < taken[0] < x + 4 and y < taken[1] < y + 24
    right = right or (hidden and x + 10 + wide < panel["x1"])
    place = (x + 10 if right else x - 10, y + 18)
    look: dict[str, Any] = {"size": 15, "weight": 600, "anchor": "start" if right else "end"}
    haloed(picture, *place, label, fill=f"{tone}-text", **look)


def haloed(picture: Picture, x: float, y: float, text: str, **look: Any) -> None:
    """A text with a rim of the ground, to be read over lines."""
    picture.text(x, y, text, **look | {"fill": "ground", "stroke": "ground", "thickness": 4, "join": "round"})
    picture.text(x, y, text, **look)


def draw_pill(picture: Picture, panel: Panel, x: float, shown: str, tone: str) -> None:
    """The handle above the chart."""
    wide = max(34.0, text_width(shown, 11, bold=True) + 16)
    x = min(max(x, panel["x0"] - 4 + wide / 2), panel["x1"] + 4 - wide / 2)
    picture.rect(x - wide / 2, panel["y0"] - 21, wide, 18, radius=9, fill=f"{tone}-fill")
    picture.text(x, panel["y0"] - 8, shown, size=11, weight=600, fill="on-fill", anchor="middle")


def draw_verdict(
    picture: Picture, measures: Mapping[str, float], panel: Panel, state: State, question: str, index: int
) -> None:
    """How steep the curve is, in a number and in words."""
    slope, way = state["slopes"][question]
    y = measures["verdict"]
    if slope:
        unit = f" per {state['unit']}" if state["unit"] else f" per unit of {state['treatment']}"
        shown = f"{ARROWS[way]} {slope}{unit}"
        picture.text(panel["left"], y, shown, weight=600, fill=f"{TONES[question]}-text")
        room = panel["width"] - text_width(shown, 13, bold=True) - 10
        words = fit(state["verdicts"][index], room, 11)
        picture.text(panel["left"] + panel["width"], y, words, anchor="end", **SMALL)


# --- the three stages of imagining -------------------------------------------------------------------------------


def draw_abduction(
    picture: Picture, measures: Mapping[str, float], panel: Panel, state: State, at: int, cut: bool
) -> None:
    """What the evidence says about the noise."""
    draw_head(picture, panel, "1 Abduction", None, f"what {state['person']['record']} says about the noise")
    left, wide = panel["left"], panel["width"]
    for index, each in enumerate(state["abduction"]):
        top = 52 + 72 * index
        picture.text(left, top + 12, each["name"], weight=600)
        picture.text(left + wide, top + 12, each["told"], weight=600, fill="purple-text", anchor="end")
        foot = top + 54
        picture.path(hill(each["before"], left, wide, foot), fill="grey", opacity=0.35)
        if each["after"] is None:
            low, high = each["range"]
            x = left + wide * (each["mean"] - low) / (high - low)
            picture.line(x, foot - 34, x, foot, stroke="purple-text", thickness=2.4)
            picture.circle(x, foot - 34, 3.5, fill="purple-text")
        else:
            picture.path(hill(each["after"], left, wide, foot), fill="purple", opacity=0.55)
        picture.line(left, foot, left + wide, foot, stroke="grey")
    if not state["abduction"]:
        for index, line in enumerate(wrap(state["trouble"], wide, 11)):
            picture.text(left, 64 + 15 * index, line, size=11, fill="vermilion-text")
    picture.text(left, measures["verdict"], fit(f"grey: before, purple: after  {state['told']}", wide, 11), **SMALL)


def hill(shares: Sequence[float], left: float, wide: float, foot: float) -> str:
    """A histogram as a smooth hill of 34 pixels."""
    step = wide / len(shares)
    points = [f"{number(left + step * (k + 0.5))} {number(foot - 34 * share)}" for k, share in enumerate(shares)]
    return f"M{number(left)} {number(foot)}L" + "L".join(points) + f"L{number(left + wide)} {number(foot)}z"


def draw_action(
    picture: Picture, measures: Mapping[str, float], panel: Panel, state: State, at: int, cut: bool
) -> None:
    """The equation of the treatment is replaced."""
    name = state["treatment"]
    draw_head(picture, panel, "2 Action", None, f"replace the equation of {name}, and no other")
    parts = state["graphs"]["done"]
    draw_graph(picture, panel, measures, [*parts["rest"], *parts["cut"], *parts["nodes"]])
    y = measures["graph_top"] + SIZE[1] + 34
    for each, formula in state["equations"]:
        lines = wrap(f"{each} = {formula}", panel["width"], 12, mono=True)
        gone = each == name
        for line in lines:
            picture.text(panel["left"], y, line, mono=True, size=12, fill="quiet" if gone else "ink")
            if gone:
                wide = text_width(line, 12, mono=True)
                picture.line(panel["left"], y - 4, panel["left"] + wide, y - 4, stroke="vermilion", thickness=1.6)
            y += 17
        if gone:
            put = f"{name} := {state['shown'][at]}"
            picture.text(panel["left"], y, put, mono=True, size=12, weight=600, fill="blue-text")
            y += 17
        y += 8


def draw_prediction(
    picture: Picture, measures: Mapping[str, float], panel: Panel, state: State, at: int, cut: bool
) -> None:
    """The changed model is run with the noise that was found."""
    draw_person_panel(picture, measures, panel, state, at, "3 Prediction", state["formulas"]["imagined"])


def nearest(grid: Sequence[float], value: float) -> int:
    """The place of the grid's nearest value; the first of two."""
    away = [abs(each - value) for each in grid]
    return away.index(min(away))


def level_step(axis: Mapping[str, Any]) -> float:
    """The least distance between the values of a discrete variable."""
    levels = axis["levels"]
    return min((b - a for a, b in pairwise(levels)), default=1.0)
