"""The graphs of an InterventionLab as sketches: as it is seen, after surgery, and as a twin of two worlds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from agentos_lab.causal import CausalGraph
from agentos_lab.causal.edge_curve import Point, bent

from .graph_sketch import Edge, draw_edges, draw_nodes, edge_curves, places_in
from .sketch import Mark, Sketch

__all__ = ["SIZE", "done_sketches", "seen_sketch", "twin_sketch"]

SIZE = (244.0, 104.0)  # width and height of one sketch
RADIUS = 15.0
SMALL = 12.0  # radius in the twin graph


def seen_sketch(graph: CausalGraph, treatment: str, outcome: str, names: Mapping[str, str]) -> list[Mark]:
    """The graph with the treatment given."""
    sketch = Sketch()
    places = places_of(graph, treatment, outcome)
    draw_edges(sketch, edge_curves(graph, places, RADIUS), RADIUS)
    draw_nodes(sketch, places, {treatment: "given", outcome: "outcome"}, RADIUS)
    captions(sketch, places, names)
    return sketch.marks


def done_sketches(graph: CausalGraph, treatment: str, outcome: str, names: Mapping[str, str]) -> dict[str, Any]:
    """The graph for surgery, in parts: what stays, the edges into the treatment whole and cut, and where they are."""
    places = places_of(graph, treatment, outcome)
    curves = edge_curves(graph, places, RADIUS)
    into = [edge for edge in curves if edge[2] == treatment or (edge[1] == "<->" and treatment in edge)]
    rest, whole, cut, nodes = Sketch(), Sketch(), Sketch(), Sketch()
    draw_edges(rest, {edge: curve for edge, curve in curves.items() if edge not in into}, RADIUS)
    draw_edges(whole, {edge: curves[edge] for edge in into}, RADIUS)
    draw_edges(cut, {edge: curves[edge] for edge in into}, RADIUS, cut=into)
    draw_nodes(nodes, places, {treatment: "treatment", outcome: "outcome"}, RADIUS)
    captions(nodes, places, names)
    spots = [
        [*map(float, curves[edge].at(0.5)), f"{edge[0]} {'→' if edge[1] == '->' else '↔'} {edge[2]}"] for edge in into
    ]
    return {"rest": rest.marks, "whole": whole.marks, "cut": cut.marks, "nodes": nodes.marks, "spots": spots}


def twin_sketch(graph: CausalGraph, treatment: str, outcome: str) -> list[Mark]:
    """The world as it was at the left, as it would have been at the right, and between them what they share."""
    changed = [name for name in graph.topological_order() if name in graph.descendants(treatment)]
    shared = [name for name in graph.topological_order() if name not in changed]
    wide, high = SIZE
    places: dict[str, Point] = {}
    step = (0.5 * wide - SMALL - 20) / max(1, len(changed) - 0.5)
    for place, name in enumerate(changed):
        x = SMALL + 4 + step * place
        places[name], places[f"{name}*"] = Point(x, 0.56 * high), Point(wide - x, 0.56 * high)
    common = {f"U({a}, {b})": (a, b) for a, b in graph.bidirected}
    noise = [f"U({name})" for name in changed if name != treatment]
    spread_row(places, [*shared, *common], SMALL + 2)
    spread_row(places, noise, high - SMALL - 1)
    arrows = list(graph.directed)
    arrows += [(f"{a}*" if a in changed else a, f"{b}*") for a, b in graph.directed if b in changed and b != treatment]
    arrows += [(f"U({name})", copy) for name in changed if name != treatment for copy in (name, f"{name}*")]
    for hidden, pair in common.items():
        copies = [f"{name}*" for name in pair if name in changed and name != treatment]
        arrows += [(hidden, name) for name in (*pair, *copies)]
    gone = [(a, f"{treatment}*") for a in graph.parents(treatment)]
    twin = CausalGraph(directed=arrows + gone, nodes=tuple(places))
    curves = edge_curves(twin, places, SMALL)
    for edge, curve in curves.items():  # what would leave the picture goes straight
        if not all(0 <= point.y <= high for point in curve.samples()):
            curves[edge] = bent(curve.p0, curve.p2, 0.0)
    sketch = Sketch()
    imagined = {edge for edge in curves if edge[2].endswith("*") or edge[0].startswith("U(")}
    cut: list[Edge] = [(a, "->", b) for a, b in gone]
    draw_edges(sketch, curves, SMALL, cut=cut, colours=dict.fromkeys(imagined, "purple-text"))
    roles = dict.fromkeys(changed, "given") | {f"{name}*": "imagined" for name in changed}
    roles |= dict.fromkeys([*noise, *common], "latent") | dict.fromkeys(shared, "given")
    names = {f"{name}*": f"{name}′" for name in changed} | dict.fromkeys([*noise, *common], "U")
    draw_nodes(sketch, places, roles, SMALL, names=names)
    return sketch.marks


def places_of(graph: CausalGraph, treatment: str, outcome: str) -> dict[str, Point]:
    """The treatment at the left, the outcome at the right, the others above them; large graphs in layers."""
    wide, high = SIZE
    others = [name for name in graph.topological_order() if name not in (treatment, outcome)]
    if len(others) > 3:
        return places_in(graph, 24, RADIUS + 4, wide - 48, high - 2 * RADIUS - 18)
    places: dict[str, Point] = {}
    spread_row(places, others, RADIUS + 2)
    foot = high - RADIUS - 16
    places[treatment], places[outcome] = Point(0.2 * wide, foot), Point(0.8 * wide, foot)
    return {name: places[name] for name in graph.nodes}


def spread_row(places: dict[str, Point], names: list[str], y: float) -> None:
    """Give nodes places side by side about the middle."""
    for place, name in enumerate(names):
        places[name] = Point(0.5 * SIZE[0] + (place - (len(names) - 1) / 2) * 46, y)


def captions(sketch: Sketch, places: Mapping[str, Point], names: Mapping[str, str]) -> None:
    """What the letters stand for."""
    for name, told in names.items():
        if name in places and len(name) <= 3:
            x, y = places[name]
            if y < 40:
                sketch.text(x + RADIUS + 6, y + 4, told, size=11, fill="quiet")
            else:
                sketch.text(x, y + RADIUS + 13, told, size=11, fill="quiet", anchor="middle")
