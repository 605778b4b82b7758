"""Forward chaining on a thousand edges, held against networkx."""

from __future__ import annotations

import random

import networkx

from agentos_lab.logic.forward_chaining import forward_chain


def test_the_transitive_closure_of_a_thousand_edges():
    chance = random.Random(0)
    edges = [(chance.randrange(150), chance.randrange(150)) for _ in range(1000)]
    rules = ["forall x y (Edge(x, y) -> Path(x, y))", "forall x y z (Edge(x, y) & Path(y, z) -> Path(x, z))"]
    closure = forward_chain(rules, [f"Edge(n{a}, n{b})" for a, b in edges])
    graph = networkx.transitive_closure(networkx.DiGraph(edges), reflexive=False)
    assert len(closure.relation("Path")) == graph.number_of_edges()
