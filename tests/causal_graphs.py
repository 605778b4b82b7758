"""The literature's cases, and random acyclic mixed graphs and queries, for the tests of the causal engine."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import strategies as st

from agentos_lab.causal import CausalGraph, Query, Variable

CASES = Path(__file__).parent / "causal" / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of the literature, from `causal/cases/<name>.json`."""
    return json.loads((CASES / f"{name}.json").read_text("utf-8"))


def graph_of(case: dict[str, Any]) -> CausalGraph:
    """The graph of a case."""
    return CausalGraph(nodes=case["nodes"], directed=case["directed"], bidirected=case["bidirected"])


def random_graph(
    seed: int | np.random.Generator, size: int, directed: float = 0.5, bidirected: float = 0.3
) -> CausalGraph:
    """A graph on V0 … V{size−1}, listed in an order that is not topological; each edge is there by chance."""
    generator = np.random.default_rng(seed)
    names = [f"V{number}" for number in range(size)]
    hidden_order = [names[place] for place in generator.permutation(size)]
    pairs = list(combinations(hidden_order, 2))
    return CausalGraph(
        nodes=names,
        directed=[pair for pair in pairs if generator.random() < directed],
        bidirected=[pair for pair in pairs if generator.random() < bidirected],
    )


def random_query(generator: np.random.Generator, graph: CausalGraph, conditions: bool = False) -> Query:
    """An outcome late in the graph, one or two treatments among its causes if it has any, a condition if asked for."""
    outcome = str(generator.choice(graph.topological_order()[len(graph) // 2 :]))
    causes = [name for name in graph.ancestors(outcome) if name != outcome]
    others = [name for name in graph.nodes if name != outcome]
    treatments = list(generator.permutation(causes or others))[: int(generator.integers(1, 3))]
    rest = [name for name in others if name not in treatments]
    seen = list(generator.permutation(rest))[:1] if conditions else []
    return Query(*(tuple(Variable(str(name)) for name in part) for part in ([outcome], treatments, seen)))


@st.composite
def graphs(draw: st.DrawFn, smallest: int = 2, largest: int = 6, bidirected: bool = True) -> CausalGraph:
    """Graphs whose edges hypothesis chooses one by one, so that it can make a failing example smaller."""
    size = draw(st.integers(smallest, largest))
    names = draw(st.permutations([f"V{number}" for number in range(size)]))
    pairs = list(combinations(names, 2))
    arrows = [pair for pair in pairs if draw(st.booleans())]
    twoheaded = [pair for pair in pairs if draw(st.integers(0, 3)) == 0] if bidirected else []
    return CausalGraph(nodes=sorted(names), directed=arrows, bidirected=twoheaded)
