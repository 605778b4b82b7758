"""What to hold fixed for natural effects: found whenever there is something."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from causal_graphs import graphs
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.causal import CausalGraph
from agentos_lab.causal.mediation_set import choose_mediation_set


@settings(max_examples=100)
@given(graphs(4, 6), st.permutations(range(4)))
def test_a_set_is_found_whenever_any_serves(graph, places):
    x, m, y = (graph.topological_order()[place] for place in sorted(places[:3]))
    chain_edges = [*graph.directed, (x, m), (m, y)]
    graph = CausalGraph(directed=chain_edges, bidirected=graph.bidirected, nodes=graph.nodes)
    rest = [name for name in graph.nodes if name not in (x, m, y)]

    def serves(names):
        try:
            return choose_mediation_set(graph, x, (m,), y, names)[0] == graph.names(graph.mask(names))
        except ValueError:
            return False

    some = any(serves(names) for names in chain.from_iterable(combinations(rest, k) for k in range(len(rest) + 1)))
    try:
        found = choose_mediation_set(graph, x, (m,), y)[0]
    except ValueError:
        assert not some
    else:
        assert serves(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("X -> M -> Y; X -> Y", ()),
        ("X -> M -> Y; X -> Y; W -> M, Y", ("W",)),
        ("X -> M -> Y; X -> Y; W -> X, M; V -> M, Y", ("W", "V")),
        ("X -> M -> Y; X -> Y; W -> Y", ()),
    ],
)
def test_examples(text, expected):
    found, why = choose_mediation_set(CausalGraph(text), "X", ("M",), "Y")
    assert set(found) == set(expected) and why.startswith("adjusted for")
