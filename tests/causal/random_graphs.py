"""Random causal graphs and queries for the tests of the causal engine."""

from __future__ import annotations

import numpy as np

from agentos_lab.causal.expression import Variable
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.query import Query

__all__ = ["random_graph", "random_query"]


def random_graph(generator: np.random.Generator, most: int = 6) -> CausalGraph:
    """Three to `most` nodes, each pair joined by an arrow with probability 0.5 and a two-headed edge with 0.3."""
    count = int(generator.integers(3, most + 1))
    names = [f"V{i}" for i in range(count)]
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    arrows = [pair for pair in pairs if generator.random() < 0.5]
    twoheaded = [pair for pair in pairs if generator.random() < 0.3]
    return CausalGraph(directed=arrows, bidirected=twoheaded, nodes=names)


def random_query(generator: np.random.Generator, graph: CausalGraph, conditions: bool = False) -> Query:
    """An outcome, one or two treatments, of its ancestors where it has any, and, if asked for, a condition."""
    outcome = str(generator.choice(graph.nodes[len(graph) // 2 :]))
    causes = [name for name in graph.ancestors(outcome) if name != outcome]
    others = [name for name in graph.nodes if name != outcome]
    treatments = list(generator.permutation(causes or others))[: int(generator.integers(1, 3))]
    rest = [name for name in others if name not in treatments]
    seen = list(generator.permutation(rest))[:1] if conditions else []
    return Query(*(tuple(Variable(str(name)) for name in part) for part in ([outcome], treatments, seen)))
