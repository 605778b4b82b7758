"""Identification against two things that it does not know: published verdicts and the truth.

The truth is the truncated factorisation of a random model with explicit latent variables of three values.
"""

from __future__ import annotations

import copy
import pickle

import numpy as np
import pytest
from causal_graphs import cases, graph_of
from causal_truth import assert_true_in_a_random_model, query_of

from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.identification import identify
from agentos_lab.causal.identification_result import Identified
from agentos_lab.causal.query import parse_query
from agentos_lab.causal.two_worlds import two_worlds
from agentos_lab.errors import IdentificationError, ParseError

CASES = cases("causal_identification")
NAPKIN = CausalGraph("W1 -> W2 -> X -> Y; W1 <-> X; W1 <-> Y")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_of_the_literature_gets_its_verdict_and_its_estimand_is_the_truth(case: dict) -> None:
    answer = identify(graph_of(case), query_of(case))
    assert answer.identifiable == case["identifiable"]
    if isinstance(answer, Identified):
        assert_true_in_a_random_model(answer, cards=3 if len(case["nodes"]) < 7 else 2, seed=1)


@pytest.mark.parametrize(
    ("graph", "query", "estimand"),
    [
        ("X -> Z -> Y; X <-> Y", "P(Y | do(X))", "Σ_{Z} P(Z | X) Σ_{X'} P(X') P(Y | X', Z)"),
        ("Z -> X -> Y; Z -> Y", "P(Y | do(X))", "Σ_{Z} P(Z) P(Y | Z, X)"),
        (
            str(NAPKIN),
            "P(Y | do(X))",
            "(Σ_{W1} P(W1) P(X, Y | W1, W2)) / (Σ_{W1} P(W1) P(X | W1, W2))",
        ),
        ("U2 -> Z; U1 -> X; U1 -> Z; U2 -> Y; X -> Y", "P(Y | do(X))", "P(Y | X)"),
        ("X -> Y", "P(X | do(Y))", "P(X)"),
        ("X -> Y", "P(Y | X)", "P(Y | X)"),
        ("X -> Z -> Y; X <-> Y", "P(Y=1 | do(X=0))", "Σ_{Z} P(Z | X=0) Σ_{X'} P(X') P(Y=1 | X', Z)"),
    ],
)
def test_well_known_estimands_come_out_as_the_books_write_them(graph: str, query: str, estimand: str) -> None:
    answer = identify(CausalGraph(graph), query)
    assert str(answer.estimand.expression) == estimand


def test_the_derivation_names_the_lines_of_the_algorithm() -> None:
    answer = identify(NAPKIN, "P(Y | do(X))")
    assert [step.rule for step in answer.derivation] == [
        "ID, line 3", "ID, line 7", "ID, line 2", "ID, line 6", "put together",
    ]  # fmt: skip
    assert answer.derivation.result == answer.estimand.expression
    assert "Shpitser & Pearl 2006a" in str(answer.derivation)


def test_a_copy_of_an_answer_has_the_same_derivation_and_so_has_a_pickle() -> None:
    answer = identify(NAPKIN, "P(Y | do(X))")
    for same in (copy.deepcopy(answer), pickle.loads(pickle.dumps(answer))):
        assert same == answer and same.derivation == answer.derivation and len(same.derivation) == 5


def test_a_condition_that_acts_like_an_intervention_is_exchanged_by_a_stated_separation() -> None:
    answer = identify(CausalGraph("X -> Y; Z -> Y; X -> Z"), "P(Y | do(X), Z)")
    step = answer.derivation[0]
    assert step.rule == "do-calculus, rule 2" and str(step.separations[0]) == "(Y ⊥⊥ Z | X)"
    assert step.graph == CausalGraph("X -> Y; X -> Z")


def test_every_model_on_the_walk_between_two_worlds_has_the_same_observations() -> None:
    worlds = identify(CausalGraph("X -> Y; X <-> Y"), "P(Y | do(X))").counterexample()
    first = worlds.path[0].interventional().values
    effects = [model.probability(worlds.query.term).select({"X": 0, "Y": 0}).values for model in worlds.path]
    assert max(np.max(np.abs(model.interventional().values - first)) for model in worlds.path) < 1e-12
    assert np.all(np.diff(effects) > 0) or np.all(np.diff(effects) < 0)
    assert "same P(V)" in str(worlds) and "do(X=" in str(worlds)


def test_two_worlds_of_an_identifiable_query_are_not_found() -> None:
    bow, front = CausalGraph("X -> Y; X <-> Y"), CausalGraph("X -> Z -> Y; X <-> Y")
    hedge = identify(bow, "P(Y | do(X))").hedge
    with pytest.raises(ValueError, match="no two models"):
        two_worlds(bow, parse_query("P(X | do(Y))"), hedge)
    with pytest.raises(ValueError, match="no part of the graph"):
        two_worlds(front, parse_query("P(Y | do(X))"), hedge)


def test_the_estimand_of_a_no_is_an_error_that_names_the_hedge() -> None:
    answer = identify(CausalGraph("X -> Y; X <-> Y"), "P(Y | do(X))")
    with pytest.raises(IdentificationError, match=r"hedge F = \{X, Y\} around F' = \{Y\}"):
        _ = answer.estimand


def test_what_is_free_in_the_estimand_is_a_level_of_the_answer_and_does_not_matter() -> None:
    model = DiscreteModel.random(NAPKIN, 2, seed=4)
    answer = identify(NAPKIN, "P(Y | do(X))").estimand.evaluate(model.joint())
    assert answer.index.names == ["Y", "X", "W2"]
    spread = answer.groupby(["Y", "X"]).agg(np.ptp)
    assert spread.max() < 1e-12


@pytest.mark.parametrize(
    ("query", "error", "message"),
    [
        ("P(Y | do(T))", ValueError, "'T'"),
        ("P(Y | do(Y))", ValueError, "Y is an outcome and a treatment"),
        ("P(Y | do(X)", ParseError, "ends too early"),
    ],
)
def test_a_wrong_query_is_refused_by_name(query: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        identify(CausalGraph("X -> Y"), query)
