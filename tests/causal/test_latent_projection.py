"""Latent projection: its definition by paths, the separations that it keeps, and the order that does not matter."""

from __future__ import annotations

import networkx

from agentos_lab.causal import CausalGraph


def test_an_explicit_common_cause_becomes_a_two_headed_edge():
    explicit = CausalGraph.from_networkx(networkx.DiGraph([("U", "X"), ("U", "Y"), ("X", "Y")]))
    assert explicit.latent_projection("U") == CausalGraph("X -> Y; X <-> Y")
