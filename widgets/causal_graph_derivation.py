"""The derivation: its steps, the chosen one at length with the graph that it looks at, and how all were checked.

`causal_graph_derivation.js` draws the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentos_lab.causal.edge_curve import Curve

from .causal_graph_layout import formula_room, shown_steps
from .causal_graph_panels import CHECK, CROSS, draw_instead
from .causal_graph_picture import bar_across, draw_edge, draw_node
from .causal_graph_places import curve_of
from .formula import draw_formula, fit_scale
from .picture import Picture
from .text_metrics import fit, text_width, wrap

__all__ = ["draw_derivation"]

State = Mapping[str, Any]
Place = Mapping[str, float]


def draw_derivation(picture: Picture, at: Place, measures: Mapping[str, float], state: State, step: int) -> None:
    """The steps, the chosen one at length, and how they were checked."""
    top, wide = 80 + measures["formula"], at["answer"]
    with picture.group(at["right"], top):
        steps = state["steps"]
        if not steps:
            draw_instead(picture, state, wide)
            return
        heading = "Derivation" if state.get("searched") else "Derivation by the ID algorithm"
        picture.text(0, 4, heading, weight=600)
        first, last = shown_steps(measures, steps, step)
        picture.text(wide - 18, 4, f"step {step + 1} of {len(steps)}", size=11, fill="quiet", anchor="end")
        y = 14.0
        for index in range(first, last):
            if index == step:
                draw_open_step(picture, measures, state, steps[index], index, y, wide)
                y += measures["open"]
            else:
                draw_step(picture, measures, state, steps[index], index, y, wide)
                y += measures["row"]
        draw_check(picture, state, 14 + measures["open"] + (measures["steps"] - 1) * measures["row"] + 18, wide)


def draw_number(picture: Picture, number: int, y: float, chosen: bool) -> None:
    """The number of a step, in a disc."""
    look: dict[str, Any] = {"fill": "blue-fill"} if chosen else {"fill": "none", "stroke": "grey"}
    picture.circle(10, y, 9.5, **look)
    picture.text(10, y + 4, str(number), size=11, fill="on-fill" if chosen else "ink", anchor="middle")


def draw_badge(picture: Picture, step: Mapping[str, Any], y: float) -> None:
    """The name of the rule."""
    picture.rect(28, y - 9, 46, 18, fill="wash", radius=4)
    look: dict[str, Any] = {"fill": "blue-text", "weight": 600} if step["rule"] else {"fill": "quiet"}
    picture.text(51, y + 4, step["badge"], size=11, anchor="middle", **look)


def draw_step(
    picture: Picture,
    measures: Mapping[str, float],
    state: State,
    step: Mapping[str, Any],
    index: int,
    y: float,
    wide: float,
) -> None:
    """A step in one row: what it makes, and its graph as a thumbnail."""
    middle = y + measures["row"] / 2
    draw_number(picture, index + 1, middle, False)
    draw_badge(picture, step, middle)
    thumbnail = step["shows_graph"] and state["detailed"]
    room = wide - 84 - (80 if thumbnail else 0)
    high = formula_room(step["line"], room, 26)
    scale = fit_scale(step["line"], high)
    baseline = middle + (step["line"]["up"] - step["line"]["down"]) * scale / 2
    draw_formula(picture, 84, baseline, step["line"], room=high)
    if thumbnail:
        draw_small(picture, state, step, (wide - 72, y + 1, 68, 26), 4.0)


def draw_open_step(
    picture: Picture,
    measures: Mapping[str, float],
    state: State,
    step: Mapping[str, Any],
    index: int,
    y: float,
    wide: float,
) -> None:
    """The chosen step: what it does, its formula, the separation that it rests on, its graph."""
    high = measures["open"]
    picture.rect(0, y, wide, high - 4, fill="wash", radius=4)
    picture.rect(-8, y, 3, high - 4, fill="blue")
    draw_number(picture, index + 1, y + 16, True)
    draw_badge(picture, step, y + 16)
    graph = step["shows_graph"] and state["detailed"]
    room = wide - 34 - (measures["small"] + 12 if graph else 0)
    picture.text(84, y + 20, fit(step["title"], wide - 88, bold=True), weight=600)
    formula = step["formula"]
    limit = formula_room(formula, room, 40)
    scale = fit_scale(formula, limit)
    draw_formula(picture, 28, y + 34 + formula["up"] * scale, formula, room=limit)
    if step["claim"]:
        base = y + claim_baseline(formula, scale)
        with picture.group(10, base):
            picture.path(CHECK, fill="none", stroke="green", thickness=2.4, cap="round", join="round")
        draw_formula(picture, 28, base, step["claim"], room=room)
        for row, line in enumerate(wrap(step["why"], room, 11)[:2]):
            picture.text(28, base + 17 + 13 * row, line, size=11, fill="quiet")
    if graph:
        draw_small(picture, state, step, (wide - measures["small"] - 6, y + 27, measures["small"], high - 35), 10.0)


def claim_baseline(formula: Mapping[str, Any], scale: float) -> float:
    """Where the separation stands below the formula of an open step."""
    return max(70.0, 50 + (formula["up"] + formula["down"]) * scale)


def draw_small(
    picture: Picture, state: State, step: Mapping[str, Any], box: tuple[float, float, float, float], radius: float
) -> None:
    """The graph that a step looks at: what was cut is pale and dotted."""
    left, top, wide, high = box
    inner_w, inner_h = wide - 2 * radius - 4, high - 2 * radius - 4
    present = set(step["present"])
    places = {node["name"]: (node["x"], node["y"]) for node in state["nodes"] if node["role"] != "latent"}
    large = radius > 8
    with picture.group(left + radius + 2, top + radius + 2):
        for a, kind, b, bend in state["observed"]:
            curve = curve_of(places[a], places[b], bend, inner_w, inner_h)
            if [a, kind, b] in step["kept"]:
                draw_edge(picture, curve, kind == "<->", "ink", radius, head=8.0 if large else 5.0)
            else:
                draw_cut(picture, curve, large)
        for *edge, end in step["bars"] if large else []:
            curve = curve_between(places, state, edge, inner_w, inner_h)
            curve = curve if edge[2] == end else Curve(curve.p2, curve.p1, curve.p0)
            picture.path(bar_across(curve, radius + 11, 5), fill="none", stroke="ink", thickness=3, cap="round")
        for node in state["nodes"]:
            name = node["name"]
            if name not in places:
                continue
            x, y = places[name][0] * inner_w, places[name][1] * inner_h
            role = step["roles"].get(name, "plain")
            draw_node(picture, x, y, radius, role, faint=name not in present)
            if large and node["inside"]:
                label = step_label(node, role)
                width = label["width"] * 0.64
                draw_formula(picture, x - width / 2, y + 4.5, label, room=width)


def curve_between(places: Mapping[str, Any], state: State, edge: list[str], wide: float, high: float) -> Curve:
    """The curve of an edge of the observed graph."""
    bend = next(bend for *each, bend in state["observed"] if each == edge)
    return curve_of(places[edge[0]], places[edge[2]], bend, wide, high)


def step_label(node: Mapping[str, Any], role: str) -> dict[str, Any]:
    """A node's name in the colour of the part that it plays in a step."""
    colour = {"treatment": "on-fill", "outcome": "vermilion-text", "given": "#1a1a1a"}.get(role, "ink")
    return {**node["label"], "marks": [[*mark[:-1], colour] for mark in node["label"]["marks"]]}


def draw_cut(picture: Picture, curve: Curve, large: bool) -> None:
    """An edge that is not there any more."""
    (x0, y0), (x1, y1), (x2, y2) = curve
    d = f"M{x0:.1f} {y0:.1f}Q{x1:.1f} {y1:.1f} {x2:.1f} {y2:.1f}"
    picture.path(d, fill="none", stroke="grey", thickness=1.2 if large else 1, dash="2 4")
    if large:
        middle = curve.at(0.5)
        with picture.group(middle.x, middle.y):
            picture.circle(0, 0, 7, fill="wash")
            picture.path("M-3.5 -3.5l7 7M3.5 -3.5l-7 7", fill="none", stroke="ink", thickness=1.6, cap="round")


def draw_check(picture: Picture, state: State, y: float, wide: float) -> None:
    """How the derivation was checked."""
    check = state["check"]
    if not check:
        return
    picture.line(0, y - 16.5, wide, y - 16.5)
    with picture.group(5, y):
        sign, tone = (CHECK, "green") if check["holds"] else (CROSS, "vermilion")
        picture.path(sign, fill="none", stroke=tone, thickness=2.4, cap="round")
    told = f"each step = the truth in {check['models']} random models"
    picture.text(28, y, fit(told, wide - 28))
    gap = f"largest gap {check['worst']}"
    if text_width(told) + text_width(gap, 11) + 44 <= wide:
        picture.text(wide, y, gap, size=11, fill="quiet", anchor="end")
