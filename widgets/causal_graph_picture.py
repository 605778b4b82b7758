"""The drawn graph and its paths; `causal_graph_picture.js` draws the same.

A role is a colour and a shape: treatment a blue hexagon, outcome a vermilion double ring, given an amber square, latent
a dashed purple circle. The chosen path is a band under its edges; where it is blocked, bars stand across it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from agentos_lab.causal.edge_curve import Curve, Point

from .causal_graph_layout import shown_paths
from .causal_graph_places import curve_of
from .formula import draw_formula, fit_scale
from .picture import Picture, number
from .text_metrics import fit, text_width

__all__ = ["bar_across", "draw_edge", "draw_graph", "draw_node", "draw_paths"]

State = Mapping[str, Any]
Place = Mapping[str, float]
HEAD, GAP = 11.0, 3.0  # an arrowhead's length, and its distance from the node


def draw_graph(picture: Picture, at: Place, measures: Mapping[str, float], state: State, path: int) -> None:
    """The panel with the graph: bands, edges, nodes, remarks."""
    wide, high = at["graph"], measures["graph"]
    places, radius = {node["name"]: node for node in state["nodes"]}, state["radius"]

    def curve(a: str, bend: float, b: str) -> Curve:
        return curve_of((places[a]["x"], places[a]["y"]), (places[b]["x"], places[b]["y"]), bend, wide, high)

    with picture.group(at["left"], 0):
        if not state["nodes"]:
            draw_hint(picture, wide, high)
            return
        curves = {(a, kind, b): curve(a, bend, b) for a, kind, b, bend, _ in state["edges"]}
        hedge = state.get("hedge")
        if hedge:
            draw_hull(picture, places, hedge, wide, high)
        chosen = state["paths"][path] if 0 <= path < len(state["paths"]) else None
        if chosen:
            draw_band(picture, [curves[tuple(edge)] for edge in chosen["edges"]], chosen["open"])
        for a, kind, b, _, tone in state["edges"]:
            draw_edge(picture, curves[a, kind, b], kind == "<->", tone, radius)
        for node in state["nodes"]:
            draw_node(picture, node["x"] * wide, node["y"] * high, radius, node["role"])
            draw_name(picture, node, node["x"] * wide, node["y"] * high, radius)
        if chosen:
            draw_bars(picture, chosen, curves, radius)
            for remark in chosen["remarks"]:
                draw_remark(picture, remark, places[remark["node"]], wide, high)


def draw_hint(picture: Picture, wide: float, high: float) -> None:
    """What to do with an empty panel."""
    look: dict[str, Any] = {"fill": "none", "stroke": "hairline", "dash": "5 4", "radius": 6}
    picture.rect(0.5, 0.5, wide - 1, high - 1, **look)
    lines = (
        "Double-click: a node.",
        "Drag from a node’s rim: an arrow (Shift: two-headed).",
        "Keys: N node, A arrow, B two-headed.",
    )
    for index, line in enumerate(lines):
        picture.text(wide / 2, high / 2 - 14 + 20 * index, fit(line, wide - 16), fill="quiet", anchor="middle")


def path_of(curve: Curve) -> str:
    (x0, y0), (x1, y1), (x2, y2) = curve
    return f"M{number(x0)} {number(y0)}Q{number(x1)} {number(y1)} {number(x2)} {number(y2)}"


def draw_hull(picture: Picture, places: Mapping[str, Any], hedge: Mapping[str, Any], wide: float, high: float) -> None:
    """The hedge F, and F' in it, as stains about their nodes and edges."""
    look: dict[str, Any] = {"fill": "none", "stroke": "vermilion", "cap": "round", "join": "round"}
    for names, edges, thickness, opacity in (
        (hedge["outer"], hedge["edges"], 66, 0.14),
        (hedge["inner"], hedge["inner_edges"], 54, 0.2),
    ):
        points = {name: (places[name]["x"] * wide, places[name]["y"] * high) for name in names if name in places}
        lines = [(points[a], points[b]) for a, _, b in edges if a in points and b in points]
        lines += [(point, point) for point in points.values()]
        d = "".join(f"M{number(a[0])} {number(a[1])}L{number(b[0])} {number(b[1])}" for a, b in lines)
        picture.path(d, thickness=thickness, opacity=opacity, **look)


def draw_band(picture: Picture, curves: Sequence[Curve], is_open: bool) -> None:
    """The chosen path, as a band under its edges."""
    d = "".join(path_of(curve) for curve in curves)
    colour, opacity = ("green", 0.28) if is_open else ("grey", 0.3)
    picture.path(d, fill="none", stroke=colour, thickness=16, opacity=opacity, join="round", cap="round")


def draw_edge(
    picture: Picture, curve: Curve, two_headed: bool, tone: str, radius: float, *, head: float = HEAD
) -> None:
    """A shaft with one head or two; two-headed edges are dashed."""
    tip = radius + GAP * head / HEAD
    start = tip + head - 2 if two_headed else radius
    shaft = curve.trimmed(start, tip + head - 2)
    thickness = 1.8 if head == HEAD else 1.2
    dash = ("7 4" if head == HEAD else "4 3") if two_headed else None
    picture.path(path_of(shaft), fill="none", stroke=tone, thickness=thickness, dash=dash)
    whole = curve.trimmed(tip, tip)
    heads = arrowhead(whole.p2, curve.trimmed(tip, tip + head).p2, head)
    if two_headed:
        heads += arrowhead(whole.p0, curve.trimmed(tip + head, tip).p0, head)
    picture.path(heads, fill=tone)


def arrowhead(tip: Point, base: Point, head: float) -> str:
    """From the middle of its base to its tip."""
    long = max(tip.distance(base), 1e-9)
    across_x, across_y = -(tip.y - base.y) / long * head * 0.42, (tip.x - base.x) / long * head * 0.42
    one, two = (base.x + across_x, base.y + across_y), (base.x - across_x, base.y - across_y)
    return f"M{number(tip.x)} {number(tip.y)}L{number(one[0])} {number(one[1])}L{number(two[0])} {number(two[1])}z"


def draw_node(picture: Picture, x: float, y: float, r: float, role: str, *, faint: bool = False) -> None:
    """A node's shape."""
    thin = 1.8 if r > 8 else 1.4
    if role == "treatment":
        wide = 1.12 * r
        corners = [
            f"{number(x + wide * math.cos(k * math.pi / 3))} {number(y + wide * math.sin(k * math.pi / 3))}"
            for k in range(6)
        ]
        picture.path(f"M{'L'.join(corners)}z", fill="blue-fill")
    elif role == "outcome":
        picture.circle(x, y, r, fill="ground", stroke="vermilion", thickness=thin)
        picture.circle(x, y, 0.78 * r, fill="none", stroke="vermilion", thickness=thin)
    elif role == "given":
        side = 1.8 * r
        picture.rect(x - side / 2, y - side / 2, side, side, fill="amber", stroke="amber-text", thickness=1, radius=3)
    elif role == "latent":
        picture.circle(x, y, r, fill="ground", stroke="purple", thickness=thin, dash="4 3")
    else:
        picture.circle(x, y, r, fill="ground", stroke="hairline" if faint else "ink", thickness=thin - 0.2)


def draw_name(picture: Picture, node: Mapping[str, Any], x: float, y: float, radius: float) -> None:
    """A node's name: in it, or below it where it is long."""
    if node["inside"]:
        label = node["label"]
        room = 1.5 * radius
        width = label["width"] * fit_scale(label, room)
        draw_formula(picture, x - width / 2, y + 0.3 * radius, label, room=room)
    else:
        look: dict[str, Any] = {"anchor": "middle", "stroke": "ground", "thickness": 4, "paint_order": "stroke"}
        picture.text(x, y + radius + 15, node["name"], size=13 if radius > 12 else 11, **look)


def draw_bars(picture: Picture, chosen: Mapping[str, Any], curves: Mapping[Any, Curve], radius: float) -> None:
    """A bar across the chosen path at each node that blocks it, where the path comes in."""
    blocking = [remark["node"] for remark in chosen["remarks"] if not remark["open"]]
    for edge, after in zip(chosen["edges"], chosen["nodes"][1:], strict=True):
        if after in blocking:
            curve = curves[tuple(edge)]
            curve = curve if edge[2] == after else Curve(curve.p2, curve.p1, curve.p0)
            picture.path(bar_across(curve, radius + 17), fill="none", stroke="ink", thickness=4, cap="round")


def bar_across(curve: Curve, far: float, half: float = 9.0) -> str:
    """A short line across a curve, so far before its end."""
    near, before = curve.trimmed(0, far).p2, curve.trimmed(0, far + 4).p2
    long = max(near.distance(before), 1e-9)
    x, y = -(near.y - before.y) / long * half, (near.x - before.x) / long * half
    return f"M{number(near.x + x)} {number(near.y + y)}L{number(near.x - x)} {number(near.y - y)}"


def draw_remark(picture: Picture, remark: Mapping[str, Any], node: Mapping[str, Any], wide: float, high: float) -> None:
    """Why the path is open or blocked here, beside the node."""
    _, dx, dy = min(remark["spots"], key=lambda spot: abs(spot[0] - wide))
    x = max(2.0, min(wide - remark["width"] - 2, node["x"] * wide + dx))
    y = node["y"] * high + dy
    look: dict[str, Any] = {"stroke": "ground", "thickness": 4, "paint_order": "stroke", "join": "round"}
    colour = "green-text" if remark["open"] else "ink"
    picture.text(x, y + 11, remark["head"], weight=600, fill=colour, **look)
    for index, line in enumerate(remark["lines"]):
        picture.text(x, y + 26 + 14 * index, line, size=11, fill="quiet", **look)


def draw_paths(picture: Picture, at: Place, measures: Mapping[str, float], state: State, path: int) -> None:
    """The list of paths below the graph."""
    top, wide = measures["graph"] + 24, at["graph"]
    paths = state["paths"]
    if not state["asked"]:
        return
    names = {
        role: [node["name"] for node in state["nodes"] if node["role"] == role]
        for role in ("treatment", "outcome", "given")
    }
    given = f", given {', '.join(names['given'])}" if names["given"] else ""
    heading = f"Paths from {', '.join(names['treatment'])} to {', '.join(names['outcome'])}{given}"
    with picture.group(at["left"], top):
        first, last = shown_paths(measures, len(paths), path)
        picture.text(0, 0, fit(heading, wide - (76 if len(paths) > last - first else 0), bold=True), weight=600)
        if len(paths) > last - first:
            many = f"{first + 1}–{last} of {len(paths)}{'+' if state['more_paths'] else ''}"
            picture.text(wide, 0, many, size=11, fill="quiet", anchor="end")
        if not paths:
            picture.text(0, 22, "none: nothing joins them", fill="quiet")
        for row, index in enumerate(range(first, last)):
            draw_path_row(picture, paths[index], 22 + 22 * row, wide, index == path)


def draw_path_row(picture: Picture, path: Mapping[str, Any], y: float, wide: float, chosen: bool) -> None:
    """One path: open or blocked, its way, what it is."""
    is_open = path["open"]
    if chosen:
        picture.rect(-6, y - 15, wide + 12, 22, fill="wash", radius=4)
    tone = "green-text" if is_open else "quiet"
    if is_open:
        picture.circle(6, y - 4, 5, fill="green")
    else:
        picture.path(f"M0 {number(y - 4)}h12M6 {number(y - 10)}v12", fill="none", stroke="grey", thickness=2)
    picture.text(20, y, "open" if is_open else "blocked", fill=tone, weight=600 if is_open else None)
    room = wide - 76
    route = fit(path["route"], 0.62 * room)
    picture.text(76, y, route, fill="ink" if is_open else "quiet")
    used = max(text_width(route) + 14, min(0.42 * room, 150))
    picture.text(76 + used, y, fit(path["note"], room - used, 11), size=11, fill="quiet")
