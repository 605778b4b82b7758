"""FCI against a count of all ancestral graphs with the same separations, and on larger graphs against the truth."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from itertools import combinations, product

import numpy as np
from hypothesis import given as any_of
from hypothesis import strategies as st

from agentos_lab.causal.d_separation import d_separated
from agentos_lab.causal.fci import fci
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.independence_tests import d_separation_oracle
from agentos_lab.causal.marked_graph import CIRCLE, TAIL, Edge, MarkedGraph

Marks = dict[tuple[int, int], tuple[str, str]]

KINDS = [("-", ">"), (">", "-"), (">", ">"), ("-", "-")]


def mark(graph: Marks, node: int, other: int) -> str:
    """The mark at `node` of its edge with `other`."""
    return graph[min(node, other), max(node, other)][node > other]


def ancestors(graph: Marks, count: int) -> list[set[int]]:
    """For each node itself and what reaches it by arrows."""
    found = [{node} for node in range(count)]
    for _ in range(count):
        for i, j in graph:
            for a, b in ((i, j), (j, i)):
                if mark(graph, a, b) == "-" and mark(graph, b, a) == ">":
                    found[b] |= found[a]
    return found


def is_ancestral(graph: Marks, count: int) -> bool:
    """No cycle, no arrowhead at an ancestor or at the end of an undirected edge (Richardson & Spirtes 2002, sec. 3)."""
    above = ancestors(graph, count)
    for i, j in graph:
        for a, b in ((i, j), (j, i)):
            if mark(graph, b, a) == ">" and b in above[a]:
                return False
            undirected = mark(graph, a, b) == mark(graph, b, a) == "-"
            if undirected and any(mark(graph, a, c) == ">" for c in range(count) if (min(a, c), max(a, c)) in graph):
                return False
    return True


def independences(graph: Marks, count: int) -> frozenset[tuple[int, int, tuple[int, ...]]]:
    """All that is m-separated, by walking every path (Richardson & Spirtes 2002, section 3.4)."""
    above = ancestors(graph, count)
    paths: dict[tuple[int, int], list[list[int]]] = defaultdict(list)

    def walk(path: list[int]) -> None:
        paths[path[0], path[-1]].append(path)
        for after in range(count):
            if after not in path and (min(path[-1], after), max(path[-1], after)) in graph:
                walk([*path, after])

    for node in range(count):
        walk([node])

    def is_open(path: list[int], given: set[int]) -> bool:
        for a, b, c in zip(path, path[1:], path[2:], strict=False):
            collider = mark(graph, b, a) == ">" == mark(graph, b, c)
            if collider != any(b in above[z] for z in given) if collider else b in given:
                return False
        return True

    found = []
    for a, b in combinations(range(count), 2):
        others = [node for node in range(count) if node not in (a, b)]
        for size in range(len(others) + 1):
            for given in combinations(others, size):
                if not any(is_open(path, set(given)) for path in paths[a, b]):
                    found.append((a, b, given))
    return frozenset(found)


def is_maximal(graph: Marks, count: int) -> bool:
    """Whether each pair that is not adjacent is separated by something."""
    apart = {(a, b) for a, b, _ in independences(graph, count)}
    return all(pair in apart for pair in combinations(range(count), 2) if pair not in graph)


def mags(count: int, pairs: list[tuple[int, int]], kinds: list[tuple[str, str]]) -> list[Marks]:
    """All maximal ancestral graphs with these neighbours."""
    graphs = (dict(zip(pairs, choice, strict=True)) for choice in product(kinds, repeat=len(pairs)))
    return [graph for graph in graphs if is_ancestral(graph, count) and is_maximal(graph, count)]


@cache
def classes(count: int) -> dict[frozenset, list[Marks]]:
    """All maximal ancestral graphs on so many nodes, by their independences."""
    found: dict[frozenset, list[Marks]] = defaultdict(list)
    every = list(combinations(range(count), 2))
    for size in range(len(every) + 1):
        for pairs in combinations(every, size):
            for graph in mags(count, list(pairs), KINDS):
                found[independences(graph, count)].append(graph)
    return found


def common_marks(members: list[Marks], names: tuple[str, ...]) -> MarkedGraph:
    """The PAG of a class: the marks that all members share, circles elsewhere."""
    edges = []
    for i, j in members[0]:
        marks = [{mark(member, *ends) for member in members} for ends in ((i, j), (j, i))]
        shown = [found.pop() if len(found) == 1 else CIRCLE for found in marks]
        edges.append(Edge(names[i], *shown, names[j]))
    return MarkedGraph(nodes=names, edges=edges)


def test_every_class_of_ancestral_graphs_on_four_nodes_is_found_selection_included() -> None:
    names = ("A", "B", "C", "D")
    assert len(classes(4)) > 185  # there are more than classes of DAGs
    for known, members in classes(4).items():

        def test(a: str, b: str, given: tuple[str, ...], known: frozenset = known) -> bool:
            i, j = sorted((names.index(a), names.index(b)))
            return (i, j, tuple(sorted(map(names.index, given)))) in known

        assert fci(names, test=test).graph == common_marks(members, names)


def random_mixed_graph(seed: int, most: int) -> CausalGraph:
    """A graph with unobserved causes whose nodes are in no order."""
    generator = np.random.default_rng(seed)
    names = list("ABCDEFG"[: int(generator.integers(4, most + 1))])
    order = combinations(generator.permutation(names).tolist(), 2)
    return CausalGraph(
        directed=[pair for pair in order if generator.random() < 0.35],
        bidirected=[pair for pair in combinations(names, 2) if generator.random() < 0.2],
        nodes=names,
    )


def test_random_graphs_with_unobserved_causes_on_five_nodes_give_exactly_their_pag() -> None:
    checked = 0
    for seed in range(60):
        graph = random_mixed_graph(seed, 5)
        oracle = d_separation_oracle(graph)
        names, count = graph.nodes, len(graph)
        found = fci(names, test=oracle).graph
        neighbours = [(names.index(edge.a), names.index(edge.b)) for edge in found.edges]
        if count < 5 or len(neighbours) > 5:
            continue
        known = frozenset(
            (i, j, given)
            for i, j in combinations(range(count), 2)
            for size in range(count - 1)
            for given in combinations([node for node in range(count) if node not in (i, j)], size)
            if oracle(names[i], names[j], [names[node] for node in given]).p_value == 1
        )
        graphs = (dict(zip(neighbours, choice, strict=True)) for choice in product(KINDS[:3], repeat=len(neighbours)))
        members = [one for one in graphs if is_ancestral(one, count) and independences(one, count) == known]
        assert found == common_marks(members, names)
        checked += 1
    assert checked > 8


@any_of(st.integers(0, 10**6))
def test_on_larger_graphs_every_mark_is_true_and_neighbours_are_those_that_nothing_separates(seed: int) -> None:
    graph = random_mixed_graph(seed, 7)
    found = fci(graph.nodes, test=d_separation_oracle(graph))
    for edge in found.graph.edges:
        for near, mark_near, far in ((edge.a, edge.mark_a, edge.b), (edge.b, edge.mark_b, edge.a)):
            is_cause = near in graph.ancestors(far)
            assert mark_near == CIRCLE or (mark_near == TAIL) == is_cause
    for a, b in combinations(graph.nodes, 2):
        best = [name for name in graph.ancestors([a, b]) if name not in (a, b)]  # separates whatever can be separated
        apart = bool(d_separated(graph, a, b, best))
        assert apart == (not found.graph.edge(a, b).mark_a)
