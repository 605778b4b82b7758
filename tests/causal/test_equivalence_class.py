"""Classes of equivalent DAGs against a count of all DAGs by what they separate."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import combinations, product

import numpy as np
import pytest

from agentos_lab.causal.d_separation import separated
from agentos_lab.causal.equivalence_class import equivalence_class, extension
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.marked_graph import ARROW, TAIL, Edge, MarkedGraph

NAMES = ("A", "B", "C", "D", "E")


def dags(names: tuple[str, ...], pairs: list[tuple[str, str]] | None = None) -> list[CausalGraph]:
    """All DAGs over these names; with the given neighbours only, where there are any."""
    found = []
    ways = (1, 2) if pairs is not None else (0, 1, 2)
    every = pairs if pairs is not None else list(combinations(names, 2))
    for choice in product(ways, repeat=len(every)):
        arrows = [(a, b) if way == 1 else (b, a) for (a, b), way in zip(every, choice, strict=True) if way]
        try:
            found.append(CausalGraph(directed=arrows, nodes=names))
        except ValueError:
            continue  # a cycle
    return found


@cache
def independences(graph: CausalGraph) -> frozenset[tuple[int, int, int]]:
    """All (a, b, given) that a graph separates."""
    count = len(graph)
    return frozenset(
        (a, b, given)
        for a in range(count)
        for b in range(a)
        for given in range(1 << count)
        if not given >> a & 1 and not given >> b & 1 and separated(graph, 1 << a, 1 << b, given)
    )


def common_graph(members: list[CausalGraph]) -> MarkedGraph:
    """An arrow where all members agree, else two tails."""
    arrows = set.intersection(*(set(member.directed) for member in members))
    neighbours = {frozenset(edge) for edge in members[0].directed} - {frozenset(edge) for edge in arrows}
    edges = [Edge(a, TAIL, ARROW, b) for a, b in arrows] + [
        Edge(*sorted(edge)[:1], TAIL, TAIL, max(edge)) for edge in neighbours
    ]
    return MarkedGraph(nodes=members[0].nodes, edges=edges)


def test_every_class_of_dags_on_four_nodes_is_found_whole() -> None:
    classes: dict[frozenset, list[CausalGraph]] = defaultdict(list)
    for graph in dags(NAMES[:4]):
        classes[independences(graph)].append(graph)
    assert sum(map(len, classes.values())) == 543 and len(classes) == 185  # as Andersson et al. 1997 counted them
    for members in classes.values():
        found = common_graph(members)
        assert all(equivalence_class(member) == found for member in members)
        assert set(found.dags()) == set(members) and len(list(found.dags())) == len(members)


@pytest.mark.parametrize("seed", range(12))
def test_random_classes_on_five_nodes_are_found_whole(seed: int) -> None:
    generator = np.random.default_rng(seed)
    pairs = [pair for pair in combinations(NAMES, 2) if generator.random() < 0.6]
    graph = CausalGraph(directed=pairs, nodes=NAMES)
    members = [other for other in dags(NAMES, pairs) if independences(other) == independences(graph)]
    assert equivalence_class(graph) == common_graph(members)
    assert set(equivalence_class(graph).dags()) == set(members)


def test_background_knowledge_that_needs_the_fourth_rule_is_followed() -> None:
    found = [set(graph.directed) for graph in MarkedGraph("A - B; A - C; A - D; D -> C; C -> B").dags()]
    assert found and all(("A", "B") in arrows for arrows in found)


@pytest.mark.parametrize("edge", ["A o-> B", "A o-o B", "A <-> B"])
def test_a_graph_that_stands_for_more_than_dags_is_refused(edge: str) -> None:
    with pytest.raises(ValueError, match=f"{edge} is no edge of a CPDAG"):
        MarkedGraph(f"{edge}; B - C").dags()


def test_a_graph_without_a_dag_has_no_members() -> None:
    assert extension(MarkedGraph("A - B - C - D - A")) is None
    assert list(MarkedGraph("A - B - C - D - A").dags()) == []


def test_a_two_headed_edge_has_no_cpdag() -> None:
    with pytest.raises(ValueError, match="X <-> Y"):
        equivalence_class(CausalGraph("X <-> Y"))
