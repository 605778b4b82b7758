"""The literature's cases and random acyclic mixed graphs, for the tests of the causal engine."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import strategies as st

from agentos_lab.causal import CausalGraph

CASES = Path(__file__).parent / "causal" / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    """The cases of the literature, from `causal/cases/<name>.json`."""
    return json.loads((CASES / f"{name}.json").read_text("utf-8"))


def graph_of(case: dict[str, Any]) -> CausalGraph:
    """The graph of a case."""
    return CausalGraph(nodes=case["nodes"], directed=case["directed"], bidirected=case["bidirected"])


def random_graph(seed: int, size: int, directed: float = 0.4, bidirected: float = 0.2) -> CausalGraph:
    """A graph on V0 … V{size−1}, listed in an order that is not topological; each edge is there by chance."""
    random = Random(seed)
    names = [f"V{number}" for number in range(size)]
    hidden_order = random.sample(names, size)
    pairs = list(combinations(hidden_order, 2))
    return CausalGraph(
        nodes=names,
        directed=[pair for pair in pairs if random.random() < directed],
        bidirected=[pair for pair in pairs if random.random() < bidirected],
    )


@st.composite
def graphs(draw: st.DrawFn, smallest: int = 2, largest: int = 6, bidirected: bool = True) -> CausalGraph:
    """Graphs whose edges hypothesis chooses one by one, so that it can make a failing example smaller."""
    size = draw(st.integers(smallest, largest))
    names = draw(st.permutations([f"V{number}" for number in range(size)]))
    pairs = list(combinations(names, 2))
    arrows = [pair for pair in pairs if draw(st.booleans())]
    twoheaded = [pair for pair in pairs if draw(st.integers(0, 3)) == 0] if bidirected else []
    return CausalGraph(nodes=sorted(names), directed=arrows, bidirected=twoheaded)
