"""The front door: every subset of small graphs by its paths, the truth of random models, and the reasons."""

from __future__ import annotations

from itertools import combinations, islice

import numpy as np
import pytest
from causal_graphs import cases, graph_of, graphs, random_graph
from hypothesis import given, settings

from agentos_lab.causal import (
    CausalGraph,
    FrontDoorSet,
    NoFrontDoor,
    check_front_door,
    find_paths,
    front_door_set,
    front_door_sets,
)
from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.evaluation import evaluate
from agentos_lab.causal.expression import Probability
from agentos_lab.causal.expression_algebra import variables


def subsets(names):
    names = list(names)
    return [set(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)]


def holds_by_its_paths(graph, x, y, chosen):
    """Pearl's three conditions word by word, on the listed paths of each single member."""

    def back_doors(start, end, seen):
        return [path for path in find_paths(graph, start, end, seen) if path.edges[0] != "->"]

    intercepted = all(set(path.nodes) & chosen for path in find_paths(graph, x, y) if path.is_causal)
    first = not any(path.open for z in chosen for path in back_doors(x, z, ()))
    # A back-door path from z that leaves another member by an arrow is that member's causal path.
    second = not any(
        path.open
        for z in chosen
        for path in back_doors(z, y, x)
        if not any(
            (edge == "->" and a in chosen) or (edge == "<-" and b in chosen)
            for a, edge, b in zip(path.nodes, path.edges, path.nodes[1:], strict=False)
        )
    )
    return intercepted and first and second


@settings(max_examples=200, deadline=None)
@given(graphs(smallest=2, largest=6))
def test_all_front_door_sets_are_found(graph):
    x, y = graph.nodes[0], graph.nodes[-1]
    expected = {frozenset(z) for z in subsets(set(graph) - {x, y}) if holds_by_its_paths(graph, x, y, z)}
    found = [frozenset(chosen) for chosen in front_door_sets(graph, x, y)]
    assert len(found) == len(set(found)) and set(found) == expected
    for chosen in subsets(set(graph) - {x, y}):
        assert bool(check_front_door(graph, x, y, chosen)) == (chosen in expected)
    one = front_door_set(graph, x, y)
    assert bool(one) == bool(expected)
    assert not one or not any(other < set(one) for other in expected)


@pytest.mark.parametrize("seed", range(40))
def test_a_front_door_set_gives_the_true_effect(seed):
    graph = random_graph(seed, 5, directed=0.5, bidirected=0.2)
    names = graph.topological_order()
    model = DiscreteModel.random(graph, seed=seed)
    for treatments in (names[:1], names[:2]):
        truth = model.probability(Probability(variables(names[-1:]), do=variables(treatments)))
        for chosen in front_door_sets(graph, treatments, names[-1]):
            answer = evaluate(FrontDoorSet(treatments, names[-1:], chosen).estimand.expression, model)
            axes = tuple(sorted({*truth.axes, *answer.axes}))
            assert np.abs(answer.expanded(axes) - truth.expanded(axes)).max() < 1e-12


def test_the_front_door_of_the_literature():
    (case,) = (case for case in cases("causal_identification") if case["name"] == "frontdoor")
    found = front_door_set(graph_of(case), case["treatments"], case["outcomes"])
    assert found.names == ("Z",)
    assert str(found) == "front door Z: P(Y | do(X)) = Σ_{Z} P(Z | X) Σ_{X'} P(Y | X', Z) P(X')"


@pytest.mark.parametrize(
    ("text", "chosen", "condition", "reason"),
    [
        ("X -> Z -> Y; X -> Y", "Z", "(i)", "the causal path X -> Y passes it by"),
        ("X -> Z -> Y; X <-> Z", "Z", "(ii)", "the back-door path X <-> Z is open"),
        ("X -> Z -> Y; Z <-> Y", "Z", "(iii)", "the back-door path Z <-> Y is open given X"),
        ("X -> Z -> Y; W -> X; W -> Z", "Z", "(ii)", "X <- W -> Z"),
    ],
)
def test_a_no_says_which_condition_fails_and_why(text, chosen, condition, reason):
    for verdict in (check_front_door(CausalGraph(text), "X", "Y", chosen), front_door_set(CausalGraph(text), "X", "Y")):
        assert isinstance(verdict, NoFrontDoor) and not verdict
    verdict = check_front_door(CausalGraph(text), "X", "Y", chosen)
    assert verdict.condition == condition and reason in str(verdict)


def test_what_may_and_must_be_in_the_set():
    graph = CausalGraph("X -> A -> B -> Y; X <-> Y")
    assert set(front_door_sets(graph, "X", "Y")) == {("A",), ("B",), ("A", "B")}
    assert set(front_door_sets(graph, "X", "Y", include="A")) == {("A",), ("A", "B")}
    assert set(front_door_sets(graph, "X", "Y", allowed="B")) == {("B",)}
    assert not front_door_set(graph, "X", "Y", allowed=())


def test_the_first_sets_of_very_many_come_at_once():
    graph = CausalGraph(" -> ".join(["X", *(f"A{i}" for i in range(25)), "Y"]) + "; X <-> Y")
    assert len(set(islice(front_door_sets(graph, "X", "Y"), 200))) == 200


def test_bad_input_is_told_what_is_wrong():
    with pytest.raises(ValueError, match="cannot be in the set"):
        check_front_door(CausalGraph("X -> Y"), "X", "Y", "X")
    with pytest.raises(ValueError, match="treatment and outcome at once"):
        front_door_sets(CausalGraph("X -> Y"), "X", "X")
