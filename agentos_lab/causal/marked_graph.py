"""Graphs whose edges have a mark at each end: what data can tell about a causal graph, and what they leave open.

A tail (A -) says that A is a cause of the other end, an arrowhead (-> B) that B is not; a circle (o) leaves it open.
``A - B`` in the graph of an equivalence class of DAGs (CPDAG) is an arrow either way; in a partial ancestral graph
(PAG) ``A <-> B`` are joined by an unobserved common cause, and ``A o-> B`` may be ``A -> B`` or ``A <-> B``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from .bit_graph import Masks, bits
from .graph import CausalGraph
from .graph_text import quoted
from .node_names import NamedNodes, Names

if TYPE_CHECKING:
    from .graph_drawing import GraphPicture

__all__ = ["ARROW", "CIRCLE", "TAIL", "Edge", "MarkedGraph"]

TAIL = "-"  # at an edge's end: a cause of the other end
ARROW = ">"  # no cause of the other end
CIRCLE = "o"  # open: either
_LEFT = {"-": TAIL, "<": ARROW, "o": CIRCLE}
_SIGN = re.compile(r"(?<=\s)([-<o])?-([->o])?(?=\s)")
_MIRRORED = {"-": "-", ">": "<", "o": "o"}


class Edge(NamedTuple):
    """An edge with its marks: ``Edge("A", "o", ">", "B")`` prints as ``A o-> B``; without marks there is no edge.

    Attributes:
        a: One end.
        mark_a: The mark at `a`: "-" (tail), ">" (arrowhead) or "o" (circle); "" when there is no edge.
        mark_b: The mark at `b`.
        b: The other end.
    """

    a: str
    mark_a: str
    mark_b: str
    b: str

    @property
    def sign(self) -> str:
        """The edge between the names, such as ``o->``; ``-`` for two tails."""
        if not self.mark_a:
            return "no edge"
        near, far = _MIRRORED[self.mark_a], self.mark_b
        if near == TAIL and far != CIRCLE:  # "-o" and "o-" show their tail, "->" and "-" need none
            return "-" + far.replace(TAIL, "")
        return near + "-" + (far if far != TAIL or near == CIRCLE else "")

    def __str__(self) -> str:
        if (self.mark_a == ARROW and self.mark_b != ARROW) or (self.mark_a == TAIL and self.mark_b == CIRCLE):
            return str(Edge(self.b, self.mark_b, self.mark_a, self.a))  # read from tail to head
        if not self.mark_a:
            return f"{quoted(self.a)}, {quoted(self.b)}: no edge"
        return f"{quoted(self.a)} {self.sign} {quoted(self.b)}"


class MarkedGraph(NamedNodes):
    """A graph of named nodes whose edges have marks; it never changes.

    Args:
        text: Statements parted by ``;``: chains like ``A o-> B <-> C - D``, or a lone node.
        edges: More edges.
        nodes: Nodes that may have no edge; their order comes first.

    Attributes:
        nodes: The names.
        head_masks, tail_masks, circle_masks: For each node its neighbours by the edge's mark *at the node*.
        parent_masks, child_masks, sibling_masks, undirected_masks: Its neighbours by ``->``, ``<-``, ``<->``, ``-``.

    Raises:
        ValueError: A statement that is none, two edges between the same nodes, an edge from a node to itself.

    Source: Zhang 2008, "On the completeness of orientation rules for causal discovery in the presence of latent
    confounders and selection bias", section 2.
    """

    head_masks: Masks
    tail_masks: Masks
    circle_masks: Masks
    undirected_masks: Masks

    def __init__(self, text: str = "", *, edges: Iterable[Edge] = (), nodes: Names = ()) -> None:
        read_nodes, read_edges = _parse(text)
        listed = [nodes] if isinstance(nodes, str) else list(nodes)
        every = [*read_edges, *edges]
        names = tuple(dict.fromkeys([*listed, *read_nodes, *(end for edge in every for end in (edge.a, edge.b))]))
        index = {name: place for place, name in enumerate(names)}
        masks: dict[str, list[int]] = {mark: [0] * len(names) for mark in (ARROW, TAIL, CIRCLE)}
        for a, mark_a, mark_b, b in every:
            i, j = index[a], index[b]
            if i == j:
                raise ValueError(f"an edge joins two different nodes, not {a!r} with itself")
            if any(mask[i] >> j & 1 for mask in masks.values()):
                raise ValueError(f"there are two edges between {a!r} and {b!r}; a marked graph has at most one")
            masks[mark_a][i] |= 1 << j
            masks[mark_b][j] |= 1 << i
        self._set(names, masks[ARROW], masks[TAIL], masks[CIRCLE])

    @classmethod
    def from_masks(
        cls, nodes: tuple[str, ...], heads: Iterable[int], tails: Iterable[int], circles: Iterable[int]
    ) -> MarkedGraph:
        """A graph from `head_masks`, `tail_masks` and `circle_masks`."""
        graph = object.__new__(cls)
        graph._set(nodes, heads, tails, circles)
        return graph

    def _set(self, nodes: tuple[str, ...], heads: Iterable[int], tails: Iterable[int], circles: Iterable[int]) -> None:
        head, tail, circle = tuple(heads), tuple(tails), tuple(circles)

        def where(near: Masks, far: Masks) -> Masks:
            """For each node the neighbours with one mark at the node and another at the neighbour."""
            return tuple(
                sum(1 << other for other in bits(mask) if far[other] >> node & 1) for node, mask in enumerate(near)
            )

        self.__dict__.update(
            nodes=nodes,
            head_masks=head,
            tail_masks=tail,
            circle_masks=circle,
            parent_masks=where(head, tail),
            child_masks=where(tail, head),
            sibling_masks=where(head, head),
            undirected_masks=where(tail, tail),
            all_mask=(1 << len(nodes)) - 1,
            _index={name: bit for bit, name in enumerate(nodes)},
        )

    @classmethod
    def complete(cls, nodes: Iterable[str], mark: str) -> MarkedGraph:
        """The graph with an edge between any two nodes, all ends marked alike."""
        names = tuple(nodes)
        everybody = (1 << len(names)) - 1
        others = [everybody & ~(1 << node) for node in range(len(names))]
        none = [0] * len(names)
        return cls.from_masks(names, *(others if kind == mark else none for kind in (ARROW, TAIL, CIRCLE)))

    def edge(self, a: str, b: str) -> Edge:
        """The edge between two nodes; without marks if there is none.

        Raises:
            ValueError: An unknown name.
        """
        i, j = (self.mask(name).bit_length() - 1 for name in (a, b))
        return Edge(a, self._mark(i, j), self._mark(j, i), b)

    def _mark(self, node: int, other: int) -> str:
        """The mark at `node` of its edge with `other`."""
        kinds = ((ARROW, self.head_masks), (TAIL, self.tail_masks), (CIRCLE, self.circle_masks))
        return next((kind for kind, masks in kinds if masks[node] >> other & 1), "")

    @cached_property
    def edges(self) -> tuple[Edge, ...]:
        """All edges, by the order of the nodes."""
        pairs = [(i, j) for i, mask in enumerate(self.adjacent_masks) for j in bits(mask) if i < j]
        return tuple(Edge(self.nodes[i], self._mark(i, j), self._mark(j, i), self.nodes[j]) for i, j in pairs)

    @cached_property
    def adjacent_masks(self) -> Masks:
        """For each node its neighbours."""
        kinds = zip(self.head_masks, self.tail_masks, self.circle_masks, strict=True)
        return tuple(head | tail | circle for head, tail, circle in kinds)

    @property
    def directed(self) -> tuple[tuple[str, str], ...]:
        """The arrows ``->`` as pairs (cause, effect)."""
        return tuple(
            (a, self.nodes[b]) for a, mask in zip(self.nodes, self.child_masks, strict=True) for b in bits(mask)
        )

    @property
    def undirected(self) -> tuple[tuple[str, str], ...]:
        """The edges with two tails, as pairs."""
        return tuple((edge.a, edge.b) for edge in self.edges if edge.mark_a == edge.mark_b == TAIL)

    @property
    def bidirected(self) -> tuple[tuple[str, str], ...]:
        """The edges ``<->``, as pairs."""
        return tuple((edge.a, edge.b) for edge in self.edges if edge.mark_a == edge.mark_b == ARROW)

    def dags(self) -> Iterator[CausalGraph]:
        """All DAGs of the class, if this is the CPDAG of one: its arrows, and each ``-`` as an arrow, with no new
        collider between nodes that are not adjacent. None where the marks contradict each other.

        Raises:
            ValueError: A circle or an edge ``<->``, which no DAG over these nodes can tell.

        Source: Verma & Pearl 1990, "Equivalence and synthesis of causal models", theorem 1.
        """
        from .equivalence_class import check_class, members

        check_class(self)
        return members(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MarkedGraph) and self._as_sets == other._as_sets

    def __hash__(self) -> int:
        return hash(self._as_sets)

    @cached_property
    def _as_sets(self) -> tuple[frozenset[str], frozenset[frozenset[tuple[str, str]]]]:
        ends = (frozenset(((edge.a, edge.mark_a), (edge.b, edge.mark_b))) for edge in self.edges)
        return frozenset(self.nodes), frozenset(ends)

    def __str__(self) -> str:
        alone = (quoted(name) for name, mask in zip(self.nodes, self.adjacent_masks, strict=True) if not mask)
        return "; ".join([*map(str, self.edges), *alone])

    def __repr__(self) -> str:
        return f"MarkedGraph({str(self)!r})"

    def plot(self) -> GraphPicture:
        """A small picture of the graph."""
        from .marked_graph_drawing import draw_marked_graph

        return draw_marked_graph(self)

    def _repr_svg_(self) -> str:
        return self.plot().svg


def _parse(text: str) -> tuple[list[str], list[Edge]]:
    """Nodes and edges of a text."""
    if not isinstance(text, str):
        raise ValueError(
            f"a marked graph is read from a text such as 'A o-> B', not {text!r}; see CausalGraph for DAGs"
        )
    nodes: list[str] = []
    edges: list[Edge] = []
    for statement in re.split(r"[;\n]", text):
        if not statement.strip():
            continue
        signs = list(_SIGN.finditer(statement))
        starts, stops = [0, *(sign.end() for sign in signs)], [*(sign.start() for sign in signs), len(statement)]
        names = [statement[start:stop].strip().strip('"') for start, stop in zip(starts, stops, strict=True)]
        if any(not name or re.search(r"[-=<>]{2}", name) for name in names):
            raise ValueError(
                f"expected a chain of names such as 'A -> B o-o C <-> D - E', with spaces around the edges, "
                f"got {statement.strip()!r}"
            )
        nodes += names
        for a, sign, b in zip(names, signs, names[1:], strict=False):
            edges.append(Edge(a, _LEFT[sign[1] or "-"], sign[2] or "-", b))
    return nodes, edges
