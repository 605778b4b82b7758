"""A mixed graph as integers: node i is bit i, a set of nodes is one `int`, an edge list is one mask per node.

Union, intersection and difference of sets are then single machine-like operations (`|`, `&`, `& ~`), and a walk
over the graph touches each node once. Every algorithm of the engine runs on this level; `CausalGraph` adds names.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

__all__ = ["BitGraph", "bits"]


def bits(mask: int) -> Iterator[int]:
    """The positions of the ones of a mask, from the lowest: ``bits(0b1010)`` gives 1, 3."""
    while mask:
        low = mask & -mask  # the lowest one alone
        yield low.bit_length() - 1
        mask ^= low


class BitGraph:
    """Directed and bidirected edges between the nodes 0 … n−1, as masks.

    Attributes:
        parent_masks, child_masks, sibling_masks: For each node the set of its parents, children, and of the nodes
            that it shares a bidirected edge with. They never change.
        all_mask: The set of all nodes.
    """

    parent_masks: tuple[int, ...]
    child_masks: tuple[int, ...]
    sibling_masks: tuple[int, ...]
    all_mask: int

    @cached_property
    def order(self) -> tuple[int, ...]:
        """A topological order as bit indices: parents first, the earliest node where there is a choice.

        Nodes on a directed cycle, and those behind one, are left out (a `CausalGraph` has none).
        """
        placed, waiting, order = 0, self.all_mask, []
        ready = sum(1 << node for node, parents in enumerate(self.parent_masks) if not parents)
        while ready:
            low = ready & -ready
            node = low.bit_length() - 1
            order.append(node)
            placed |= low
            waiting ^= low
            ready ^= low
            for child in bits(self.child_masks[node] & waiting):
                if not self.parent_masks[child] & ~placed:
                    ready |= 1 << child
        return tuple(order)

    def ancestor_mask(self, mask: int, within: int | None = None, cut_incoming: int = 0, cut_outgoing: int = 0) -> int:
        """The nodes of a set and their ancestors, in the graph or in a mutilated part of it.

        Args:
            mask: The set.
            within: Walk in the subgraph on these nodes only; default all.
            cut_incoming: Nodes that have lost the edges that point at them, as after ``do``.
            cut_outgoing: Nodes that have lost the edges that leave them.
        """
        reachable = (self.all_mask if within is None else within) & ~cut_outgoing
        return self._closure(mask, self.parent_masks, reachable, ~cut_incoming)

    def descendant_mask(
        self, mask: int, within: int | None = None, cut_incoming: int = 0, cut_outgoing: int = 0
    ) -> int:
        """The nodes of a set and their descendants; arguments as `ancestor_mask`."""
        reachable = (self.all_mask if within is None else within) & ~cut_incoming
        return self._closure(mask, self.child_masks, reachable, ~cut_outgoing)

    def district_masks(self, within: int | None = None) -> tuple[int, ...]:
        """The districts (c-components): sets of nodes joined by bidirected edges, by their earliest node.

        Args:
            within: Take the subgraph on these nodes; default all.
        """
        rest = self.all_mask if within is None else within
        districts = []
        while rest:
            found = self._closure(rest & -rest, self.sibling_masks, rest, -1)
            districts.append(found)
            rest &= ~found
        return tuple(districts)

    @staticmethod
    def _closure(mask: int, next_masks: tuple[int, ...], reachable: int, leavable: int) -> int:
        """All that is reached from a set: steps end in `reachable` nodes and start in `leavable` ones."""
        found = mask
        frontier = mask & leavable
        while frontier:
            low = frontier & -frontier
            new = next_masks[low.bit_length() - 1] & reachable & ~found
            found |= new
            frontier = (frontier ^ low) | (new & leavable)
        return found
