"""Identification against the row space on random graphs, and every no of the literature with its hedge."""

from __future__ import annotations

import numpy as np
import pytest
from causal_graphs import cases, graph_of, random_graph, random_query
from causal_truth import assert_true_in_a_random_model, query_of

from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.hedge import Hedge
from agentos_lab.causal.identification import identify
from agentos_lab.causal.identification_result import Identified, NotIdentifiable
from agentos_lab.causal.row_space import row_space_residual

CASES = cases("causal_identification")

NO = [case for case in CASES if not case["identifiable"]]


@pytest.mark.parametrize("conditions", [False, True])
def test_the_verdict_on_random_graphs_is_that_of_the_row_space_and_the_estimand_the_truth(conditions: bool) -> None:
    verdicts = []
    for seed in range(60):  # benchmarks/causal.py goes on to more than a thousand
        generator = np.random.default_rng([seed, conditions])
        graph = random_graph(generator, int(generator.integers(3, 6)))
        answer = identify(graph, random_query(generator, graph, conditions))
        residual = row_space_residual(graph, answer.query, seed=seed)
        assert (residual < 1e-9) == answer.identifiable, (graph, answer.query, residual)
        verdicts.append(answer.identifiable)
        if isinstance(answer, Identified):
            assert_true_in_a_random_model(answer, cards=2, seed=seed)
        else:
            assert_is_a_hedge_with_nothing_to_spare(answer)
    assert 15 < sum(verdicts) < 50  # both kinds were met


@pytest.mark.parametrize("case", NO, ids=lambda case: case["name"])
def test_a_no_comes_with_a_minimal_hedge_and_two_worlds(case: dict) -> None:
    answer = identify(graph_of(case), query_of(case))
    assert isinstance(answer, NotIdentifiable)
    assert_is_a_hedge_with_nothing_to_spare(answer)
    worlds = answer.counterexample()
    np.testing.assert_allclose(worlds.first.joint(), worlds.second.joint(), rtol=0, atol=1e-10)
    assert worlds.effect_gap > 0.01
    assert worlds.first.graph == worlds.second.graph == answer.graph


def is_hedge(hedge: Hedge, outer: CausalGraph, inner: CausalGraph, graph: CausalGraph) -> bool:
    """Definitions 5 and 6 of Shpitser & Pearl 2006, word by word."""
    for forest in (outer, inner):
        one_district = len(forest.districts()) == 1
        leads_to_roots = set(hedge.roots) <= set(forest) and set(forest.ancestors(hedge.roots)) == set(forest)
        if not (one_district and leads_to_roots):
            return False
    nested = set(inner) < set(outer) and set(inner.directed) <= set(outer.directed)
    roots_reach = set(hedge.roots) <= set(graph.cut_incoming(hedge.treatments).ancestors(hedge.outcomes))
    return (
        nested and roots_reach and bool(set(hedge.treatments) & set(outer)) and not set(hedge.treatments) & set(inner)
    )


def assert_is_a_hedge_with_nothing_to_spare(answer: NotIdentifiable) -> None:
    hedge, graph = answer.hedge, answer.graph
    assert set(hedge.outer.directed) <= set(graph.directed)
    assert {frozenset(edge) for edge in hedge.outer.bidirected} <= {frozenset(edge) for edge in graph.bidirected}
    assert is_hedge(hedge, hedge.outer, hedge.inner, graph)
    for node in set(hedge.outer) - set(hedge.inner):
        rest = [name for name in hedge.outer if name != node]
        assert not is_hedge(hedge, hedge.outer.subgraph(rest), hedge.inner, graph)
    for edge in hedge.outer.directed:
        fewer = CausalGraph(
            directed=[other for other in hedge.outer.directed if other != edge],
            bidirected=hedge.outer.bidirected,
            nodes=hedge.outer.nodes,
        )
        assert not is_hedge(hedge, fewer, hedge.inner, graph)
    for edge in hedge.outer.bidirected:
        fewer = CausalGraph(
            directed=hedge.outer.directed,
            bidirected=[other for other in hedge.outer.bidirected if other != edge],
            nodes=hedge.outer.nodes,
        )
        assert not is_hedge(hedge, fewer, hedge.inner, graph)
