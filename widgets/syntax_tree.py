"""Trees of formulas and terms as sketches: parents above children, and a part that is shared is drawn once.

Nodes are numbered, the root is 0. Each stands below the deepest of its parents, so that no edge goes upwards; a child
that stands twice under one parent gets two curved edges.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .picture import number
from .sketch import Sketch
from .text_metrics import text_width

__all__ = ["LEVEL", "Node", "tree_sketch"]

LEVEL = 34.0  # pixels from one level to the next
HIGH = 20.0  # of a node
GAP = 10.0  # between neighbours
# How a node looks: frame, dashes of the frame, ground, ink.
LOOKS: dict[str, tuple[str, str | None, str, str]] = {
    "": ("none", None, "ground", "ink"),
    "chosen": ("blue", "4 3", "ground", "ink"),
    "new": ("none", None, "blue:0.26", "ink"),
    "agreed": ("none", None, "green:0.26", "ink"),
    "wrong": ("vermilion", None, "vermilion:0.15", "ink"),
    "holds": ("vermilion", "4 3", "ground", "ink"),
    "more": ("none", None, "ground", "quiet"),
}


@dataclass(frozen=True)
class Node:
    """A node: what is written in it, the numbers of its children from left to right, its look, and its slant."""

    label: str
    children: tuple[int, ...] = ()
    look: str = ""
    italic: bool = False


def tree_sketch(nodes: Sequence[Node]) -> dict[str, Any]:
    """The drawing of a tree, or of a directed graph without cycles, as `marks` with `width` and `height`."""
    levels = _levels(nodes)
    owned = _owned(nodes, levels)
    widths = [text_width(node.label, 13, mono=True) + 12 for node in nodes]
    spans: dict[int, float] = {}  # node -> width of all that stands below it
    for index in sorted(range(len(nodes)), key=lambda one: -levels[one]):
        below = sum(spans[child] for child in owned[index]) + GAP * max(0, len(owned[index]) - 1)
        spans[index] = max(widths[index], below)
    middles = {0: spans[0] / 2}
    for index in sorted(range(len(nodes)), key=lambda one: levels[one]):
        below = sum(spans[child] for child in owned[index]) + GAP * max(0, len(owned[index]) - 1)
        left = middles[index] - below / 2
        for child in owned[index]:
            middles[child] = left + spans[child] / 2
            left += spans[child] + GAP
    bends = {(index, place): _bend(nodes, levels, index, place) for index, place in _edges(nodes)}
    margin = max([0.0, *(abs(bend) / 2 for bend in bends.values())])
    middles = {index: middle + margin for index, middle in middles.items()}
    sketch = Sketch()
    for (index, place), bend in bends.items():
        child = nodes[index].children[place]
        start, end = (middles[index], levels[index] * LEVEL + HIGH), (middles[child], levels[child] * LEVEL)
        sketch.path(_edge(start, end, bend), fill="none", stroke="grey", thickness=1.2)
    for index, node in enumerate(nodes):
        frame, dash, ground, ink = LOOKS[node.look]
        slant = "italic" if node.italic else None
        x, y = middles[index] - widths[index] / 2, levels[index] * LEVEL
        if node.look not in ("", "more"):
            sketch.rect(x, y, widths[index], HIGH, fill=ground, stroke=frame, thickness=1.6, dash=dash, radius=5)
        sketch.text(middles[index], y + 14.5, node.label, mono=True, anchor="middle", fill=ink, slant=slant)
    return {"marks": sketch.marks, "width": round(spans[0] + 2 * margin, 2), "height": max(levels) * LEVEL + HIGH}


def _levels(nodes: Sequence[Node]) -> list[int]:
    """For each node the length of the longest way down to it."""
    levels = [0] * len(nodes)
    waiting = [0]
    while waiting:
        index = waiting.pop()
        for child in nodes[index].children:
            if levels[child] <= levels[index]:
                levels[child] = levels[index] + 1
                waiting.append(child)
    return levels


def _owned(nodes: Sequence[Node], levels: Sequence[int]) -> list[list[int]]:
    """For each node the children that stand below it: each node below one parent, the deepest."""
    owner: dict[int, int] = {}
    for index in sorted(range(len(nodes)), key=lambda one: (levels[one], one)):
        for child in nodes[index].children:
            if child not in owner or levels[owner[child]] < levels[index]:
                owner[child] = index
    return [
        [child for child in dict.fromkeys(node.children) if owner[child] == index] for index, node in enumerate(nodes)
    ]


def _edges(nodes: Sequence[Node]) -> Iterator[tuple[int, int]]:
    """Each edge as the number of the parent and the place of the child under it."""
    return ((index, place) for index, node in enumerate(nodes) for place in range(len(node.children)))


def _bend(nodes: Sequence[Node], levels: Sequence[int], index: int, place: int) -> float:
    """How far an edge bends to the right: twins apart, and an edge that passes other levels around what is there."""
    below = nodes[index].children
    twins = [at for at, other in enumerate(below) if other == below[place]]
    passed = levels[below[place]] - levels[index] - 1
    side = 1 if place % 2 else -1
    return 14.0 * (twins.index(place) - (len(twins) - 1) / 2) + side * 26.0 * min(passed, 4)


def _edge(start: tuple[float, float], end: tuple[float, float], bend: float) -> str:
    (x1, y1), (x2, y2) = start, end
    if not bend:
        return f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"
    x, y = (x1 + x2) / 2 + bend, (y1 + y2) / 2
    return f"M{number(x1)} {number(y1)}Q{number(x)} {number(y)} {number(x2)} {number(y2)}"
