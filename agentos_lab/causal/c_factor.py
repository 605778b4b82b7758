"""The c-factor Q[S] = P(s | do(v \\ s)), written with observed probabilities.

Q[S] of a district S is always identifiable: it is the product of P(v_i | what comes before v_i) over the nodes of S
(Tian & Pearl 2002, lemma 1). Summing nodes out of it, and taking a district of what is left, gives the c-factors of
smaller sets. That is the arithmetic under the identification algorithm, and all of it that is not graph theory.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .bit_graph import bits
from .expression import Expression, Probability, Variable
from .expression_algebra import fraction, product, total
from .graph import CausalGraph

__all__ = ["CFactor", "observed_c_factor"]

Link = tuple[int, Expression]


@dataclass(frozen=True)
class CFactor:
    """Q[S] as a chain of conditional distributions, one for each node, summed over some of the nodes.

    Attributes:
        symbols: The index variable of each node of the graph.
        links: (node, its distribution given nodes before it), in a topological order.
        bound: The nodes among the links that are summed out. S is the others.
    """

    symbols: tuple[Variable, ...]
    links: tuple[Link, ...]
    bound: int = 0

    def marginal(self, kept: int) -> CFactor:
        """Q of the nodes `kept` (a mask, closed under ancestors within S): the others are summed out."""
        leaving = sum([1 << node for node, _ in self.links]) & ~self.bound & ~kept
        return self._without_idle(self.links, self.bound | leaving) if leaving else self

    def district(self, nodes: int) -> CFactor:
        """Q of one district of S: the product of its nodes' distributions given all earlier nodes of S."""
        if not self.bound:  # nothing is summed: every link is given all earlier nodes as it stands
            return CFactor(self.symbols, tuple([link for link in self.links if nodes >> link[0] & 1]))
        chosen = [node for node in self._nodes() if nodes >> node & 1]
        return CFactor(self.symbols, tuple([(node, self._given_earlier(node)) for node in chosen]))

    def expression(self) -> Expression:
        """Q[S] as a formula: factors that no sum touches stand in front of it."""
        if not self.bound:
            return product(*[link for _, link in self.links])
        names = {self.symbols[node].symbol for node in bits(self.bound)}
        outside = [link for _, link in self.links if not link.free & names]
        inside = [link for _, link in self.links if link.free & names]
        over = (self.symbols[node] for node, _ in self.links if self.bound >> node & 1)
        return product(*outside, total(over, product(*inside)))

    def _nodes(self) -> list[int]:
        return [node for node, _ in self.links if not self.bound >> node & 1]

    def _given_earlier(self, node: int) -> Expression:
        """P(node | earlier nodes of S): Q[S] without the later nodes, over the same without the node too."""
        order = self._nodes()
        later = sum(1 << other for other in order[order.index(node) + 1 :])
        above = self._without_idle(self.links, self.bound | later)
        below = self._without_idle(self.links, self.bound | later | 1 << node)
        return fraction(*_cancelled(above, below))

    def _without_idle(self, links: Sequence[Link], bound: int) -> CFactor:
        """Drop each summed node that no other distribution mentions: its own distribution sums to 1."""
        kept: list[Link] = []
        mentioned: set[str] = set()
        for node, link in reversed(links):
            if bound >> node & 1 and self.symbols[node].symbol not in mentioned:
                bound &= ~(1 << node)
            else:
                kept.append((node, link))
                mentioned |= link.free
        return CFactor(self.symbols, tuple(reversed(kept)), bound)


def observed_c_factor(
    graph: CausalGraph, nodes: int, symbols: tuple[Variable, ...], known: dict[tuple[int, int], Probability]
) -> CFactor:
    """Q of an ancestral set of nodes: P(nodes) by the chain rule, each factor with as few conditions as suffice.

    Given what comes before it, a node depends only on its district there and on the parents of that district (its
    Markov pillow: Richardson 2003, section 5; Tian 2002, section 5.2).

    Args:
        graph: The graph.
        nodes: The set.
        symbols: The index variable of each node of the graph.
        known: Factors by node and pillow, to be shared between sets; new ones are added.
    """
    links: list[Link] = []
    districts: list[tuple[int, int]] = []  # of the nodes so far, each with its members' parents
    for node in graph.order:
        if nodes >> node & 1:
            district, parents, siblings = 1 << node, graph.parent_masks[node], graph.sibling_masks[node]
            apart = []
            for members, theirs in districts:
                if members & siblings:  # the node joins this district to its own
                    district, parents = district | members, parents | theirs
                else:
                    apart.append((members, theirs))
            districts = [*apart, (district, parents)]
            pillow = (district | parents) & ~(1 << node)
            if (node, pillow) not in known:
                known[node, pillow] = Probability((symbols[node],), tuple([symbols[other] for other in bits(pillow)]))
            links.append((node, known[node, pillow]))
    return CFactor(symbols, tuple(links))


def _cancelled(above: CFactor, below: CFactor) -> tuple[Expression, Expression]:
    """Numerator and denominator without the factors that both have in front of their sums."""
    summed = {above.symbols[node].symbol for node in bits(above.bound | below.bound)}
    shared = [link for link in above.links if link in below.links and not link[1].free & summed]
    parts = (
        CFactor(part.symbols, tuple(link for link in part.links if link not in shared), part.bound)
        for part in (above, below)
    )
    numerator, denominator = (part.expression() for part in parts)
    return numerator, denominator
