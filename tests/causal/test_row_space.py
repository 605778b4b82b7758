"""The row-space test where its answer is known, and where latent variables need more values than usual."""

from __future__ import annotations

import pytest

from agentos_lab.causal.identification import identify
from agentos_lab.causal.row_space import row_space_residual


@pytest.mark.parametrize(
    ("graph", "query", "identifiable"),
    [
        ("X -> Y; X <-> Y", "P(Y | do(X))", False),
        ("X -> M -> Y; X <-> Y", "P(Y | do(X))", True),
        ("I -> X -> Y; X <-> Y", "P(Y | do(X))", False),
        ("W1 -> W2 -> X -> Y; W1 <-> X; W1 <-> Y", "P(Y | do(X))", True),
        ("X -> Y; X <-> Y", "P(Y | X)", True),
    ],
)
def test_the_query_moves_exactly_where_it_is_not_identifiable(graph: str, query: str, identifiable: bool) -> None:
    assert (row_space_residual(graph, query) < 1e-9) is identifiable


def test_three_values_of_the_latent_variables_are_not_always_enough() -> None:
    graph = "V1 -> V0; V1 -> V3 -> V2 -> V4; V3 -> V4; V0 <-> V3; V1 <-> V3; V2 <-> V4; V3 <-> V4"
    query = "P(V2 | do(V3, V1), V4)"
    assert not identify(graph, query).identifiable
    assert row_space_residual(graph, query, seed=455, latent_card=3) < 1e-9
    assert row_space_residual(graph, query, seed=455, latent_card=4) > 1e-3
