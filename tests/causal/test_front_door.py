"""The front door: the truth of random models, and the reasons."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest
from causal_graphs import cases, graph_of, random_graph

from agentos_lab.causal import (
    CausalGraph,
    FrontDoorSet,
    NoFrontDoor,
    check_front_door,
    front_door_set,
    front_door_sets,
)
from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.evaluation import evaluate
from agentos_lab.causal.expression import Probability
from agentos_lab.causal.expression_algebra import variables


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
