"""Nodes have names: sets of names become masks, masks become names, and a misspelt name is answered with a hint."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .bit_graph import BitGraph, bits

__all__ = ["NamedNodes", "Names"]

Names = str | Iterable[str]  # one name, or several


class NamedNodes(BitGraph):
    """A graph whose nodes have names; bit i of a mask is ``nodes[i]``.

    Attributes:
        nodes: The names.
    """

    nodes: tuple[str, ...]
    _index: dict[str, int]  # the bit of each name

    def mask(self, names: Names) -> int:
        """A set of nodes as an integer.

        Raises:
            ValueError: A name that the graph does not have; the message gives the nearest ones.
        """
        index, mask = self._index, 0
        try:
            if isinstance(names, str):
                return 1 << index[names]
            for name in names:
                mask |= 1 << index[name]
        except (KeyError, TypeError):
            raise ValueError(self._unknown(names)) from None
        return mask

    def names(self, mask: int) -> tuple[str, ...]:
        """The nodes of a mask, in the graph's order."""
        if not mask & (mask - 1):  # none or one: the commonest sets, at a third of the price
            return (self.nodes[mask.bit_length() - 1],) if mask else ()
        return tuple(self.nodes[node] for node in bits(mask))

    def _unknown(self, names: object) -> str:
        """What is wrong with something that is no node and no set of nodes."""
        import difflib

        if not isinstance(names, str | Iterable):
            return f"a node's name or several are expected, not {names!r}"
        given = [names] if isinstance(names, str) else names
        name = next((name for name in given if not (isinstance(name, str) and name in self._index)), names)
        near = difflib.get_close_matches(str(name), self.nodes, n=3, cutoff=0.5)
        near += [node for node in self.nodes if node.lower() == str(name).lower() and node not in near]
        hint = f"; did you mean {' or '.join(near)}?" if near else ";"
        rest = ", …" if len(self) > 20 else ""
        return f"the graph has no node {name!r}{hint} its nodes are {', '.join(self.nodes[:20])}{rest}"

    def __len__(self) -> int:
        return len(self.nodes)

    def __iter__(self) -> Iterator[str]:
        return iter(self.nodes)

    def __contains__(self, name: object) -> bool:
        return name in self.nodes
