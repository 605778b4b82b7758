"""Causal graphs: arrows for direct causes, two-headed edges for unobserved common causes.

``CausalGraph("X -> Z -> Y; X <-> Y")`` is an acyclic directed mixed graph: X causes Z, Z causes Y, and something
that nobody measured moves both X and Y. All questions of the engine are asked of such a graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .bit_graph import Masks, bits
from .graph_text import parse_graph, write_graph
from .latent_projection import project
from .node_names import NamedNodes, Names

if TYPE_CHECKING:
    import networkx

    from .graph_drawing import GraphPicture

__all__ = ["CausalGraph", "Names", "as_graph"]

Edge = tuple[str, str]


class CausalGraph(NamedNodes):
    """An acyclic graph of named variables with directed and bidirected edges; it never changes.

    Two graphs are equal when they have the same nodes and the same edges, in whatever order. Wherever a set of nodes
    is asked for, one name or any iterable of names will do; answers are tuples in the order of `nodes`.

    Args:
        text: The graph as text: statements like ``X -> Z -> Y``, ``X <-> Y``, ``A, B -> C`` or a lone ``W``, parted
            by ``;`` or by lines. See `agentos_lab.causal.graph_text`.
        directed: Arrows as pairs (cause, effect).
        bidirected: Two-headed edges as pairs: the two have an unobserved common cause.
        nodes: Nodes that may have no edge. Their order comes first.

    Attributes:
        nodes: The names, in the order of first mention.
        parent_masks, child_masks, sibling_masks, all_mask: The graph as integers, where bit i is ``nodes[i]``;
            see `BitGraph`.

    Raises:
        ParseError: The text does not follow its grammar.
        ValueError: A directed cycle, an edge from a node to itself, a name that is no text.

    Source: Richardson 2003, "Markov properties for acyclic directed mixed graphs"; Pearl 2009, section 1.2.
    """

    def __init__(
        self, text: str = "", *, directed: Iterable[Edge] = (), bidirected: Iterable[Edge] = (), nodes: Names = ()
    ) -> None:
        if not isinstance(text, str):
            raise ValueError(
                f"a graph's text is expected, not {text!r}; pairs are given as directed=… and bidirected=…"
            )
        read = parse_graph(text)
        arrows = [*read.directed, *_pairs(directed, "directed")]
        twoheaded = [*read.bidirected, *_pairs(bidirected, "bidirected")]
        listed = [nodes] if isinstance(nodes, str) else list(nodes)
        names = dict.fromkeys([*listed, *read.nodes, *(name for edge in arrows + twoheaded for name in edge)])
        for name in names:
            if not isinstance(name, str) or not name:
                raise ValueError(f"a node's name must be a text of at least one character, not {name!r}")
        index = {name: bit for bit, name in enumerate(names)}
        parents, siblings = [0] * len(index), [0] * len(index)
        for kind, edges in (("->", arrows), ("<->", twoheaded)):
            for a, b in edges:
                if a == b:
                    raise ValueError(
                        f"{a} {kind} {b} joins a node to itself; statements are parted by ';', names by ','"
                    )
                if kind == "->":
                    parents[index[b]] |= 1 << index[a]
                else:
                    siblings[index[a]] |= 1 << index[b]
                    siblings[index[b]] |= 1 << index[a]
        self._set(tuple(names), parents, siblings)
        if len(self.order) < len(self.nodes):
            raise ValueError(
                f"a causal graph has no directed cycle, but here is {self._cycle()}; remove one of its edges"
            )

    def _set(self, nodes: tuple[str, ...], parents: Iterable[int], siblings: Iterable[int]) -> None:
        """Fill in the attributes; children follow from parents."""
        parent_masks = tuple(parents)
        children = [0] * len(nodes)
        for node, mask in enumerate(parent_masks):
            for parent in bits(mask):
                children[parent] |= 1 << node
        self.__dict__.update(  # past __setattr__, which keeps everybody else from changing a graph
            nodes=nodes,
            parent_masks=parent_masks,
            child_masks=tuple(children),
            sibling_masks=tuple(siblings),
            all_mask=(1 << len(nodes)) - 1,
            _index={name: bit for bit, name in enumerate(nodes)},
        )

    @classmethod
    def from_masks(cls, nodes: tuple[str, ...], parents: Iterable[int], siblings: Iterable[int]) -> CausalGraph:
        """A graph from its parents and siblings as masks, which must hold no cycle: nothing is checked."""
        graph = object.__new__(cls)
        graph._set(nodes, parents, siblings)
        return graph

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a CausalGraph never changes; make another one")

    # --- nodes, edges, neighbours ---------------------------------------------------------------------------

    @cached_property
    def directed(self) -> tuple[Edge, ...]:
        """The arrows as pairs (cause, effect)."""
        return tuple(
            (a, self.nodes[b]) for a, mask in zip(self.nodes, self.child_masks, strict=True) for b in bits(mask)
        )

    @cached_property
    def bidirected(self) -> tuple[Edge, ...]:
        """The two-headed edges, each as one pair."""
        pairs = ((a, b) for a, mask in enumerate(self.sibling_masks) for b in bits(mask) if a < b)
        return tuple((self.nodes[a], self.nodes[b]) for a, b in pairs)

    @property
    def is_dag(self) -> bool:
        """Whether there is no two-headed edge."""
        return not any(self.sibling_masks)

    def parents(self, names: Names) -> tuple[str, ...]:
        """The direct causes of these nodes, themselves excepted."""
        return self._neighbours(names, self.parent_masks)

    def children(self, names: Names) -> tuple[str, ...]:
        """The direct effects of these nodes, themselves excepted."""
        return self._neighbours(names, self.child_masks)

    def siblings(self, names: Names) -> tuple[str, ...]:
        """The nodes that share an unobserved cause with one of these (also: spouses), themselves excepted."""
        return self._neighbours(names, self.sibling_masks)

    def _neighbours(self, names: Names, masks: Masks) -> tuple[str, ...]:
        chosen, found = self.mask(names), 0
        for node in bits(chosen):
            found |= masks[node]
        return self.names(found & ~chosen)

    def ancestors(self, names: Names) -> tuple[str, ...]:
        """These nodes and all their causes, direct or not."""
        return self.names(self.ancestor_mask(self.mask(names)))

    def descendants(self, names: Names) -> tuple[str, ...]:
        """These nodes and all their effects, direct or not."""
        return self.names(self.descendant_mask(self.mask(names)))

    def districts(self) -> tuple[tuple[str, ...], ...]:
        """The districts (c-components): the nodes parted by what two-headed edges join (Tian & Pearl 2002)."""
        return tuple(self.names(mask) for mask in self.district_masks())

    def district(self, name: str) -> tuple[str, ...]:
        """The district that a node belongs to."""
        return self.names(self.district_mask(self.mask(name), self.all_mask))

    def topological_order(self) -> tuple[str, ...]:
        """All nodes, causes before effects."""
        return tuple(self.nodes[node] for node in self.order)

    # --- other graphs made from this one --------------------------------------------------------------------

    def cut_incoming(self, names: Names) -> CausalGraph:
        """The graph after ``do``: nothing points at these nodes now (X with a bar over; Pearl 2009, section 3.4)."""
        parents, _, siblings = self.mutilated(self.mask(names), 0)
        return self.from_masks(self.nodes, parents, siblings)

    def cut_outgoing(self, names: Names) -> CausalGraph:
        """The graph in which these nodes have no effects (X with a bar under; Pearl 2009, section 3.4)."""
        parents, _, siblings = self.mutilated(0, self.mask(names))
        return self.from_masks(self.nodes, parents, siblings)

    def subgraph(self, names: Names) -> CausalGraph:
        """The graph on these nodes alone, with the edges between them."""
        return self._kept(self.mask(names), self.parent_masks, self.sibling_masks)

    def latent_projection(self, latents: Names) -> CausalGraph:
        """The graph over the other nodes that says the same about them; see `agentos_lab.causal.latent_projection`."""
        hidden = self.mask(latents)
        return self._kept(self.all_mask & ~hidden, *project(self, hidden))

    def _kept(self, kept: int, parents: Iterable[int], siblings: Iterable[int]) -> CausalGraph:
        """The graph on the nodes of a mask, renumbered."""
        place = {old: new for new, old in enumerate(bits(kept))}

        def moved(masks: Iterable[int]) -> list[int]:
            return [sum(1 << place[b] for b in bits(mask & kept)) for node, mask in enumerate(masks) if node in place]

        return self.from_masks(self.names(kept), moved(parents), moved(siblings))

    # --- exchange with other programs -----------------------------------------------------------------------

    @classmethod
    def from_dagitty(cls, text: str) -> CausalGraph:
        """The graph of dagitty's text; see `agentos_lab.causal.graph_exchange`, also for the other formats."""
        from .graph_exchange import from_dagitty

        return from_dagitty(text)

    @classmethod
    def from_dot(cls, text: str) -> CausalGraph:
        """The graph of a DOT text; ``dir=both`` is a two-headed edge."""
        from .graph_exchange import from_dot

        return from_dot(text)

    @classmethod
    def from_networkx(cls, graph: networkx.DiGraph) -> CausalGraph:
        """The graph of a networkx DiGraph; nodes with ``latent=True`` are projected out."""
        from .graph_exchange import from_networkx

        return from_networkx(graph)

    def to_dagitty(self, treatments: Names = (), outcomes: Names = ()) -> str:
        """The graph as dagitty reads it, treatments and outcomes marked."""
        from .graph_exchange import to_dagitty

        return to_dagitty(self, treatments, outcomes)

    def to_dot(self) -> str:
        """The graph in DOT, for Graphviz."""
        from .graph_exchange import to_dot

        return to_dot(self)

    def to_networkx(self) -> networkx.DiGraph:
        """The graph as a networkx DiGraph; a two-headed edge becomes a node with ``latent=True``."""
        from .graph_exchange import to_networkx

        return to_networkx(self)

    def _cycle(self) -> str:
        """A directed cycle, as a text; there must be one."""
        stuck = self.all_mask & ~sum(1 << node for node in self.order)
        walk = [next(bits(stuck))]
        while True:  # whoever is stuck has a stuck parent: going up comes back to somebody seen
            parent = next(bits(self.parent_masks[walk[-1]] & stuck))
            if parent in walk:
                cycle = [parent, *reversed(walk[walk.index(parent) :])]
                return " -> ".join(self.nodes[node] for node in cycle)
            walk.append(parent)

    @cached_property
    def _as_sets(self) -> tuple[frozenset[Any], ...]:
        return frozenset(self.nodes), frozenset(self.directed), frozenset(map(frozenset, self.bidirected))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CausalGraph) and self._as_sets == other._as_sets

    def __hash__(self) -> int:
        return hash(self._as_sets)

    # --- text and pictures ----------------------------------------------------------------------------------

    def __str__(self) -> str:
        return write_graph(self)

    def __repr__(self) -> str:
        return f"CausalGraph({str(self)!r})"

    def _repr_svg_(self) -> str:
        return self.plot().svg

    def plot(self, **roles: Names) -> GraphPicture:
        """A small picture of the graph.

        Args:
            **roles: ``treatments``, ``outcomes``, ``given``, ``latents`` and more; see `draw_graph`.
        """
        from .graph_drawing import draw_graph

        return draw_graph(self, **roles)


def as_graph(graph: CausalGraph | str) -> CausalGraph:
    """The graph itself, or the one that a text describes.

    Raises:
        ParseError: The text does not follow the grammar.
        ValueError: Neither a graph nor a text.
    """
    if isinstance(graph, CausalGraph):
        return graph
    if isinstance(graph, str):
        return CausalGraph(graph)
    raise ValueError(f'expected a CausalGraph, or a text such as "X -> Y; X <-> Y", got {type(graph).__name__}')


def _pairs(edges: Iterable[Edge], kind: str) -> list[Edge]:
    """Edges as pairs of names, or an error that shows the one that is not."""
    found = []
    for edge in edges:
        if not isinstance(edge, Sequence) or isinstance(edge, str) or len(edge) != 2:
            raise ValueError(f"an edge in {kind}=… is a pair of names like ('X', 'Y'), not {edge!r}")
        found.append((edge[0], edge[1]))
    return found
