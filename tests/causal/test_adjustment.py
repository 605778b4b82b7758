"""Adjustment: the literature's sets, and the truth of random models."""

from __future__ import annotations

from itertools import combinations, islice

import numpy as np
import pytest
from causal_graphs import cases, graph_of, random_graph

from agentos_lab.causal import (
    CausalGraph,
    adjustment_set,
    check_adjustment,
    minimal_adjustment_sets,
    optimal_adjustment_set,
)
from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.evaluation import evaluate
from agentos_lab.causal.expression import Probability
from agentos_lab.causal.expression_algebra import product, total, variables

CASES = [case for case in cases("causal_identification") if not case["conditions"]]


def subsets(names):
    names = list(names)
    return [set(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_minimal_sets_of_the_literature(case):
    graph, asked = graph_of(case), (case["treatments"], case["outcomes"])
    expected = sorted(sorted(chosen) for chosen in case["minimal_adjustment_sets"])
    assert sorted(sorted(chosen) for chosen in minimal_adjustment_sets(graph, *asked)) == expected
    one = adjustment_set(graph, *asked)
    assert bool(one) == bool(expected)
    assert not one or sorted(one.names) in expected


@pytest.mark.parametrize("seed", range(60))
def test_a_set_is_valid_exactly_when_its_formula_is_the_truth(seed):
    graph = random_graph(seed, 4 + seed % 2, directed=0.5, bidirected=0.2)
    model = DiscreteModel.random(graph, seed=seed)
    names = graph.topological_order()
    treatments, outcome = (names[:1] if seed % 3 else (names[0], names[2])), names[-1]
    y, x = variables([outcome]), variables(treatments)
    truth = model.probability(Probability(y, do=x))
    for chosen in subsets(set(graph) - {*treatments, outcome}):
        z = variables(sorted(chosen))
        formula = total(z, product(Probability(y, x + z), *([Probability(z)] if z else [])))
        answer = evaluate(formula, model)
        axes = tuple(sorted({*truth.axes, *answer.axes}))
        gap = np.abs(answer.expanded(axes) - truth.expanded(axes)).max()
        if check_adjustment(graph, treatments, outcome, chosen):
            assert gap < 1e-12
        else:
            assert gap > 1e-9


def test_a_valid_set_gives_its_estimand():
    graph = CausalGraph("Z -> X -> M -> Y; Z -> Y")
    model = DiscreteModel.random(graph, cards=3, seed=1)
    answer = adjustment_set(graph, "X", "Y").estimand.evaluate(model.joint())
    truth = model.probability(Probability(variables(["Y"]), do=variables(["X"])))
    assert np.allclose(answer.to_numpy(), truth.expanded(("Y", "X")).ravel(), atol=1e-12)


def test_the_optimal_set_of_a_known_graph():
    graph = CausalGraph("Z -> X -> M -> Y; W -> M; V -> W; Z <- C -> Y; X -> D")
    assert set(optimal_adjustment_set(graph, "X", "Y")) == {"W", "C"}
    assert set(adjustment_set(graph, "X", "Y")) == {"C"}


@pytest.mark.parametrize(
    ("text", "given", "reason"),
    [
        ("X -> M -> Y", "M", "M carries the effect: X -> M -> Y"),
        ("X -> M -> Y; M -> D", "D", "D is changed by the effect: M -> D"),
        ("X -> Y -> D", "D", "D is changed by the effect: Y -> D"),
        ("X <- U -> Y; X -> Y", (), "X <- U -> Y is not causal, and open as it is"),
        ("X <- A -> C <- B -> Y; X -> Y", "C", "X <- A -> C <- B -> Y is not causal, and open given C"),
        ("Y -> X", (), "X <- Y is not causal"),
    ],
)
def test_a_no_says_why(text, given, reason):
    verdict = check_adjustment(CausalGraph(text), "X", "Y", given)
    assert not verdict and reason in verdict.reason and reason in str(verdict)


def test_no_adjustment_at_all_says_what_stays_open():
    none = adjustment_set(CausalGraph("Z -> X -> Y; X <-> Y"), "X", "Y")
    assert not none and none.path.route == "X <-> Y"
    assert "no adjustment will do" in str(none)
    asked = adjustment_set(CausalGraph("X -> M -> Y"), "X", "Y", include="M")
    assert asked.reason == "no set with these members will do: M carries the effect: X -> M -> Y"
    assert adjustment_set(CausalGraph("Z -> X -> Y; Z -> Y"), "X", "Y", allowed=()).path.route == "X <- Z -> Y"


def test_the_first_sets_of_very_many_come_at_once():
    columns = 20  # 2 ** 20 minimal sets: on each of the 20 back doors either node blocks
    text = "; ".join(f"X <- A{i} -> B{i} -> Y" for i in range(columns)) + "; X -> Y"
    found = list(islice(minimal_adjustment_sets(CausalGraph(text), "X", "Y"), 300))
    assert len(set(found)) == 300 and all(len(chosen) == columns for chosen in found)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("X", "X"), "treatment and outcome at once"),
        ((), "at least one treatment"),
        (("X", "Y", "X"), "cannot be adjusted for"),
        (("X", "Q"), "no node 'Q'"),
    ],
)
def test_bad_input_is_told_what_is_wrong(arguments, message):
    with pytest.raises(ValueError, match=message):
        check_adjustment(CausalGraph("X -> Y; Z"), *(arguments or ((), "Y")))
