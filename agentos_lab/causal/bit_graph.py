"""A mixed graph as integers: node i is bit i, a set of nodes is one `int`, an edge list is one mask per node.

Union, intersection and difference of sets are then single machine-like operations (`|`, `&`, `& ~`), and a walk
over the graph touches each node once. Every algorithm of the engine runs on this level; `CausalGraph` adds names.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

__all__ = ["BitGraph", "Masks", "bits"]

Masks = tuple[int, ...]  # for each node a set of nodes


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

    parent_masks: Masks
    child_masks: Masks
    sibling_masks: Masks
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

    @cached_property
    def ancestors_of(self) -> Masks:
        """For each node itself and its ancestors, as a mask."""
        found = [0] * len(self.parent_masks)
        for node in self.order:
            found[node] = 1 << node
            for parent in bits(self.parent_masks[node]):
                found[node] |= found[parent]
        return tuple(found)

    def ancestor_mask(self, mask: int, within: int | None = None, cut_incoming: int = 0, cut_outgoing: int = 0) -> int:
        """The nodes of a set and their ancestors, in the graph or in a mutilated part of it.

        Args:
            mask: The set.
            within: Walk in the subgraph on these nodes only; default all.
            cut_incoming: Nodes that have lost the edges that point at them, as after ``do``.
            cut_outgoing: Nodes that have lost the edges that leave them.
        """
        if within is None and not cut_incoming and not cut_outgoing:
            found = 0
            while mask:
                low = mask & -mask
                found |= self.ancestors_of[low.bit_length() - 1]
                mask &= ~found
            return found
        reachable = (self.all_mask if within is None else within) & ~cut_outgoing
        return self._closure(mask, self.parent_masks, reachable, ~cut_incoming)

    def descendant_mask(
        self, mask: int, within: int | None = None, cut_incoming: int = 0, cut_outgoing: int = 0
    ) -> int:
        """The nodes of a set and their descendants; arguments as `ancestor_mask`."""
        reachable = (self.all_mask if within is None else within) & ~cut_incoming
        return self._closure(mask, self.child_masks, reachable, ~cut_outgoing)

    def district_masks(self, within: int | None = None) -> Masks:
        """The districts (c-components): sets of nodes joined by bidirected edges, by their earliest node.

        Args:
            within: Take the subgraph on these nodes; default all.
        """
        rest = self.all_mask if within is None else within
        districts = []
        while rest:
            found = self.district_mask(rest & -rest, rest)
            districts.append(found)
            rest &= ~found
        return tuple(districts)

    def district_mask(self, mask: int, within: int) -> int:
        """The nodes of a set, and all that bidirected edges join to them in the subgraph on the nodes `within`."""
        return self._closure(mask, self.sibling_masks, within, -1)

    def mutilated(self, cut_incoming: int, cut_outgoing: int) -> tuple[Masks, Masks, Masks]:
        """Parents, children and siblings after cutting edges; a two-headed edge points at both its ends.

        Args:
            cut_incoming: Nodes that lose the edges that point at them.
            cut_outgoing: Nodes that lose the edges that leave them.
        """
        if not cut_incoming and not cut_outgoing:
            return self.parent_masks, self.child_masks, self.sibling_masks

        def cut(masks: Masks, emptied: int, removed: int) -> Masks:
            return tuple(0 if emptied >> node & 1 else mask & ~removed for node, mask in enumerate(masks))

        return (
            cut(self.parent_masks, cut_incoming, cut_outgoing),
            cut(self.child_masks, cut_outgoing, cut_incoming),
            cut(self.sibling_masks, cut_incoming, cut_incoming),
        )

    @staticmethod
    def _closure(mask: int, next_masks: Masks, reachable: int, leavable: int) -> int:
        """All that is reached from a set: steps end in `reachable` nodes and start in `leavable` ones."""
        found = mask
        frontier = mask & leavable
        while frontier:
            low = frontier & -frontier
            new = next_masks[low.bit_length() - 1] & reachable & ~found
            found |= new
            frontier = (frontier ^ low) | (new & leavable)
        return found
