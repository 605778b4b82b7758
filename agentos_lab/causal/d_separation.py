"""d-separation, and m-separation where there are two-headed edges: which independences a causal graph promises.

Two sets of variables are separated by a third when every path between them is blocked; then they are independent
given the third in every model that has the graph. One walk over the graph decides, without listing the paths.
"""

from __future__ import annotations

import html
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from .bit_graph import BitGraph
from .graph import CausalGraph, Names, as_graph
from .paths import Path, find_paths, open_path

if TYPE_CHECKING:
    from .graph_drawing import GraphPicture

__all__ = ["Separation", "d_separated", "reach", "separated"]

_PRINTED, _SHOWN = 8, 50  # paths: in a text, in a table


@dataclass(frozen=True)
class Separation:
    """Whether two sets of variables are separated by a third, and the paths that say why. As a bool: `holds`.

    Attributes:
        holds: Whether no path is open.
        a, b, given: The sets.
        limit: The most paths that are listed.
    """

    holds: bool
    a: tuple[str, ...]
    b: tuple[str, ...]
    given: tuple[str, ...]
    limit: int = 1000
    graph: CausalGraph = field(repr=False, compare=False, default_factory=CausalGraph)

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """The paths between the two, open ones first, then the shortest; found when they are first asked for.

        At most `limit` of them; when the sets are not separated, one that is open is always among them.
        """
        found = list(islice(find_paths(self.graph, self.a, self.b, self.given), self.limit))
        witness = self.open_path
        if witness is not None and witness not in found:
            found = [witness, *found[: self.limit - 1]]
        return tuple(sorted(found, key=lambda path: not path.open))

    @cached_property
    def open_path(self) -> Path | None:
        """A shortest open path, or None when the sets are separated."""
        return None if self.holds else open_path(self.graph, *map(self.graph.mask, (self.a, self.b, self.given)))

    def __bool__(self) -> bool:
        return self.holds

    @property
    def statement(self) -> str:
        """What was asked, ``"X ⊥⊥ Y | Z"``, or ``"X not ⊥⊥ Y | Z"`` where it does not hold."""
        sign = "⊥⊥" if self.holds else "not ⊥⊥"
        given = f" | {', '.join(self.given)}" if self.given else ""
        return f"{', '.join(self.a)} {sign} {', '.join(self.b)}{given}"

    def __str__(self) -> str:
        verdict = "separated" if self.holds else "not separated"
        more = len(self.paths) - _PRINTED
        lines = [f"{self.statement}  ({verdict}{'' if self.paths else ': no path joins them'})"]
        lines += [f"  {path}" for path in self.paths[:_PRINTED]]
        return "\n".join(lines + ([f"  … and {more} more"] if more > 0 else []))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def row(path: Path) -> str:
            cells = "<b>open</b>" if path.open else "blocked", html.escape(path.route), html.escape(path.why)
            return "<tr>" + "".join(f"<td style='text-align:left'>{cell}</td>" for cell in cells) + "</tr>"

        said = html.escape(f"{self.statement} ({'separated' if self.holds else 'not separated'})")
        head = "<thead><tr><th>path</th><th>from end to end</th><th>because</th></tr></thead>"
        body = "".join(map(row, self.paths[:_SHOWN]))
        table = f"<table><caption style='text-align:left'>{said}</caption>{head}<tbody>{body}</tbody></table>"
        more = len(self.paths) - _SHOWN
        return table + (f"<p>… and {more} more</p>" if more > 0 else "")

    def plot(self) -> GraphPicture:
        """The graph, with `a` as treatments, `b` as outcomes, and what is given."""
        return self.graph.plot(treatments=self.a, outcomes=self.b, given=self.given)


def d_separated(graph: CausalGraph | str, a: Names, b: Names, given: Names = (), *, limit: int = 1000) -> Separation:
    """Whether `given` blocks every path between `a` and `b`.

    Args:
        graph: The graph; with two-headed edges this is m-separation.
        a, b, given: Sets of nodes that do not overlap.
        limit: The most paths that the answer lists.

    Returns:
        The verdict, with the paths and the reason why each is open or blocked.

    Raises:
        ValueError: An unknown name, or a node in two of the sets.

    Source: Pearl 2009, definition 1.2.3; Richardson 2003, "Markov properties for acyclic directed mixed graphs".
    """
    graph = as_graph(graph)
    first, second, seen = graph.mask(a), graph.mask(b), graph.mask(given)
    if twice := first & second | (first | second) & seen:
        raise ValueError(f"the three sets must not overlap, but {', '.join(graph.names(twice))} stands in two of them")
    holds = separated(graph, first, second, seen)
    return Separation(holds, graph.names(first), graph.names(second), graph.names(seen), limit, graph)


def separated(graph: BitGraph, a: int, b: int, given: int, cut_incoming: int = 0, cut_outgoing: int = 0) -> bool:
    """`d_separated` on masks, in a graph that may be mutilated.

    Args:
        graph: The graph.
        a, b, given: Sets that do not overlap.
        cut_incoming, cut_outgoing: Nodes whose incoming or outgoing edges are taken away first.
    """
    ancestral = graph.ancestor_mask(a | b | given, None, cut_incoming, cut_outgoing)
    reached, _ = reach(graph, a, given, ancestral, cut_incoming, cut_outgoing, stop=b)
    return not reached & b


def reach(
    graph: BitGraph, start: int, given: int, ancestral: int, cut_incoming: int = 0, cut_outgoing: int = 0, stop: int = 0
) -> tuple[int, int]:
    """What is connected with `start` given `given`, in linear time.

    Within the ancestors of all three sets of a separation every collider has a descendant among them, so a walk may
    pass each node that is not given in any direction, and each given one that an arrowhead enters upwards and
    sideways (the ball of Shachter 1998, in the augmented ancestral graph of Richardson 2003).

    Args:
        graph: The graph.
        start, given: Sets that do not overlap.
        ancestral: An ancestral set that holds both: walk in it alone.
        cut_incoming, cut_outgoing: Nodes whose incoming or outgoing edges are taken away first.
        stop: End as soon as one of these is reached.

    Returns:
        The nodes outside `given` that were reached, and the nodes of `given` that the walk came upon.
    """
    parents, children, siblings = graph.mutilated(cut_incoming, cut_outgoing)
    free, watched = ancestral & ~given, ancestral & given
    found = frontier = start
    touched = 0
    while frontier and not found & stop:
        low = frontier & -frontier
        frontier ^= low
        node = low.bit_length() - 1
        if low & given:  # entered by an arrowhead: two arrowheads meet here, and what they meet in is seen
            onward = parents[node]
            heads = siblings[node]
        else:
            onward = parents[node]
            heads = siblings[node] | children[node]
        touched |= (onward | heads) & watched
        new = ((onward | heads) & free | heads & watched) & ~found
        found |= new
        frontier |= new
    return found & ~given, touched
