"""Instruments: the ratio of covariances is the effect in random linear models; what is found, and the reasons."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from causal_graphs import graphs, random_graph
from hypothesis import given, settings

from agentos_lab.causal import CausalGraph, check_instrument, instruments


def subsets(names):
    names = list(names)
    return [set(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)]


def linear_model(graph, seed):
    """Total effects (from row to column) and covariances of a linear model with random coefficients."""
    generator = np.random.default_rng(seed)
    place = {node: number for number, node in enumerate(graph)}
    direct, noise = np.zeros((len(graph),) * 2), np.eye(len(graph))
    for a, b in graph.directed:
        direct[place[a], place[b]] = generator.uniform(0.5, 1.5) * generator.choice([-1, 1])
    for a, b in graph.bidirected:
        loading = np.zeros(len(graph))
        loading[place[a]], loading[place[b]] = generator.uniform(0.5, 1.5, 2)
        noise += np.outer(loading, loading)
    total = np.linalg.inv(np.eye(len(graph)) - direct)
    return total, total.T @ noise @ total, place


def partial_covariance(covariance, a, b, seen):
    if not seen:
        return covariance[a, b]
    onto = np.linalg.solve(covariance[np.ix_(seen, seen)], covariance[np.ix_(seen, [b])])
    return covariance[a, b] - (covariance[np.ix_([a], seen)] @ onto)[0, 0]


@pytest.mark.parametrize("seed", range(60))
def test_the_ratio_of_covariances_is_the_total_effect(seed):
    graph = random_graph(seed, 5 + seed % 2, directed=0.45, bidirected=0.25)
    total, covariance, place = linear_model(graph, seed)
    order = graph.topological_order()
    for treatment, outcome in ((order[1], order[-1]), (order[2], order[-1]), (order[1], order[3])):
        for instrument in set(graph) - {treatment, outcome}:
            for seen in subsets(set(graph) - {treatment, outcome, instrument}):
                if check_instrument(graph, instrument, treatment, outcome, seen):
                    z, x, y, w = place[instrument], place[treatment], place[outcome], [place[node] for node in seen]
                    moved = partial_covariance(covariance, z, x, w)
                    assert abs(moved) > 1e-9
                    assert partial_covariance(covariance, z, y, w) / moved == pytest.approx(total[x, y], abs=1e-6)


@settings(max_examples=200, deadline=None)
@given(graphs(smallest=3, largest=6))
def test_an_instrument_is_found_whenever_there_is_one(graph):
    treatment, outcome = graph.nodes[0], graph.nodes[1]
    found = list(instruments(graph, treatment, outcome))
    for each in found:
        assert check_instrument(graph, each.name, treatment, outcome, each.given)
        assert not any(
            check_instrument(graph, each.name, treatment, outcome, set(each.given) - {node}) for node in each.given
        )
    names = {each.name for each in found}
    for instrument in set(graph) - {treatment, outcome}:
        for seen in subsets(set(graph) - {treatment, outcome, instrument}):
            if check_instrument(graph, instrument, treatment, outcome, seen):
                assert names
                if seen <= set(graph.ancestors([instrument, outcome])) - set(graph.descendants(treatment)):
                    assert instrument in names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Z -> X -> Y; X <-> Y", {"Z": ()}),
        ("Z -> X -> Y; X <-> Y; W -> Z; W -> Y", {"Z": ("W",)}),
        ("Z -> X -> Y; X <-> Y; Z -> Y", {}),
        ("Z -> X -> M -> Y; X <-> Y", {"Z": ()}),
        ("Z <-> X -> Y; X <-> Y", {"Z": ()}),
        ("X -> Y; X <-> Y; Z", {}),
    ],
)
def test_instruments_of_known_graphs(text, expected):
    assert {each.name: each.given for each in instruments(CausalGraph(text), "X", "Y")} == expected


@pytest.mark.parametrize(
    ("text", "seen", "reason"),
    [
        ("Z -> X -> Y; X <-> Y; Z -> Y", (), "Z -> Y is open, and is not an effect of X"),
        ("Z -> X -> Y; W -> Z; W -> Y", (), "Z <- W -> Y is open"),
        ("X -> Y; Z", (), "says nothing about X"),
        ("Z -> V -> X -> Y", "V", "says nothing about X given V"),
        ("X -> Y -> Z", (), "Z is changed by the effect of X"),
        ("Z -> X -> M -> Y", "M", "M is changed by the effect of X"),
    ],
)
def test_a_no_says_why(text, seen, reason):
    verdict = check_instrument(CausalGraph(text), "Z", "X", "Y", seen)
    assert not verdict and reason in str(verdict)


def test_an_instrument_tells_its_formula():
    graph = CausalGraph("Z -> X -> Y; X <-> Y; W -> Z; W -> Y")
    (found,) = instruments(graph, "X", "Y")
    assert str(found) == "Z is an instrument for X -> Y given W: cov(Z, Y | W) / cov(Z, X | W)"
    assert list(instruments(graph, "X", "Y", allowed="Z")) == []


def test_bad_input_is_told_what_is_wrong():
    graph = CausalGraph("Z -> X -> Y")
    with pytest.raises(ValueError, match="two roles"):
        check_instrument(graph, "X", "X", "Y")
    with pytest.raises(ValueError, match="one treatment and one outcome"):
        instruments(graph, ["X", "Z"], "Y")
    with pytest.raises(ValueError, match="no node 'Q'"):
        check_instrument(graph, "Q", "X", "Y")
