"""Transport and recovery from selection against two explicit populations, and one of which a part is seen."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from causal_graphs import random_graph, random_query

from agentos_lab.causal.derivation_check import check_derivation
from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.evaluation import evaluate
from agentos_lab.causal.expression import Probability, Variable
from agentos_lab.causal.expression_algebra import substitute
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.identification import identify
from agentos_lab.causal.observed import Observed
from agentos_lab.causal.probability_table import Table
from agentos_lab.causal.query import Query
from agentos_lab.causal.row_space import joint_jacobian, query_jacobian
from agentos_lab.causal.selection import recover
from agentos_lab.causal.transport import Transported, transport
from agentos_lab.errors import IdentificationError


class TwoPopulations:
    """P*(…) is asked of the target, P(… | do(…)) of the source."""

    def __init__(self, graph: CausalGraph, differs: tuple[str, ...], seed: int) -> None:
        self.source = DiscreteModel.random(graph, 2, seed=seed)
        other = DiscreteModel.random(graph, 2, seed=seed + 1000)
        tables = {name: (other if name in differs else self.source).tables[name] for name in self.source.tables}
        self.target = replace(self.source, tables=tables, _interventional={})

    def probability(self, term: Probability, undefined: float = np.nan) -> Table:
        return (self.target if term.population == "*" else self.source).probability(term, undefined)


def assert_true_in_the_target(answer: Transported, seed: int) -> None:
    populations = TwoPopulations(answer.graph, answer.differs, seed)
    value = evaluate(answer.expression, populations)
    axes = tuple(dict.fromkeys([v.name for v in answer.query.term.variables + answer.query.term.do] + list(value.axes)))
    truth = populations.target.probability(answer.query.term).expanded(axes)
    assert np.max(np.abs(value.expanded(axes) - truth)) < 1e-10


@pytest.mark.parametrize(
    ("graph", "differs", "formula"),
    [
        ("Z -> X -> Y; Z -> Y; X <-> Y", "Z", "Σ_{Z} P*(Z) P(Y | do(X), Z)"),  # Pearl & Bareinboim 2014, figure 3a
        ("X -> Z -> Y; X <-> Y", "Z", "Σ_{Z} P*(Z | X) Σ_{X'} P*(X') P*(Y | X', Z)"),
        ("X -> Y; X <-> Y", "X", "P(Y | do(X))"),
        ("X -> Y", "Y", "P*(Y | X)"),
    ],
)
def test_the_classical_cases_come_out_as_published_and_true(graph: str, differs: str, formula: str) -> None:
    answer = transport(CausalGraph(graph), "P(Y | do(X))", differs)
    assert str(answer.expression) == formula
    assert_true_in_the_target(answer, seed=1)


def test_a_surrogate_that_differs_is_transported_by_what_is_seen_of_it_in_the_target() -> None:
    # Pearl & Bareinboim 2014, figure 3c: Z lies between X and Y, and responds differently in the target.
    answer = transport("X -> Z -> Y; X -> Y; X <-> Y", "P(Y | do(X))", "Z")
    assert str(answer.expression) == "Σ_{Z} P*(Z | X) P(Y | do(X), Z)"
    assert_true_in_the_target(answer, seed=2)


def test_a_difference_at_the_confounded_outcome_forbids_transport() -> None:
    answer = transport(CausalGraph("X -> Y; X <-> Y"), "P(Y | do(X))", "Y")
    assert not answer.transportable and answer.hedge.outer.nodes == ("X", "Y")
    assert repr(answer).startswith("not transportable: P*(Y | do(X)), because of the hedge")
    with pytest.raises(IdentificationError, match="difference between populations at Y"):
        _ = answer.expression


@pytest.mark.parametrize(
    ("graph", "differs", "f", "inner"),
    [
        ("X -> Y; X <-> Y; W -> Y; W <-> Y", "W", {"X", "Y", "W"}, {"Y", "W"}),
        ("X -> Y; X <-> Y; W -> Y; W <-> Y", "WY", {"X", "Y"}, {"Y"}),  # the smaller hedge is touched too
    ],
)
def test_the_hedge_that_forbids_transport_is_one_that_a_difference_touches(
    graph: str, differs: str, f: set, inner: set
) -> None:
    # X -> Y with X <-> Y alone is a hedge, but no difference is at Y: an experiment in the source shows that part.
    hedge = transport(graph, "P(Y | do(X))", list(differs)).hedge
    assert set(hedge.outer.nodes) == f and set(hedge.inner.nodes) == inner


def test_a_derivation_of_a_transport_tells_the_populations_apart() -> None:
    answer = transport("Z -> X -> Y; Z -> Y; X <-> Y", "P(Y | do(X))", "Z")
    shown = [f"{step.before} = {step.after}" for step in answer.derivation]
    assert shown[-2] == "P*(Y | do(Z, X)) = P(Y | do(X), Z)"  # the one step from the target to the source
    assert shown[-1] == "P*(Y | do(X)) = Σ_{Z} P*(Z) P(Y | do(X), Z)"
    with pytest.raises(ValueError, match="compares two populations"):
        check_derivation(answer.derivation)


def test_values_that_a_query_fixes_stand_in_the_transported_formula() -> None:
    answer = transport("Z -> X -> Y; Z -> Y; X <-> Y", "P(Y=1 | do(X=0))", "Z")
    assert str(answer) == "transportable: P*(Y=1 | do(X=0)) = Σ_{Z} P*(Z) P(Y=1 | do(X=0), Z)"


def is_determined(graph: CausalGraph, query: Query, differs: tuple[str, ...], seed: int, latent_card: int = 3) -> bool:
    """Whether every change of two populations that no observation of the target and no experiment in the source shows
    leaves the query alone, to first order: an oracle that knows nothing of hedges (see `row_space`)."""
    source = DiscreteModel.random(graph, 2, latent_card, seed)
    other = DiscreteModel.random(graph, 2, latent_card, seed + 1000)
    tables = {name: (other if name in differs else source).tables[name] for name in source.tables}
    target = replace(source, tables=tables, _interventional={})
    owners = [*source.tables, *(f"{name}*" for name in differs)]  # a table that differs has parameters of its own

    def slopes(jacobian: np.ndarray, star: str) -> np.ndarray:
        """Columns by table in the order of `owners`."""
        found, start = (
            {name: np.zeros((len(jacobian), source.tables[name.rstrip("*")].values.size)) for name in owners},
            0,
        )
        for name, table in source.tables.items():
            owner = name + star if name in differs else name
            found[owner], start = jacobian[:, start : start + table.values.size], start + table.values.size
        return np.hstack(list(found.values()))

    subsets = [frozenset(do) for size in range(len(graph) + 1) for do in combinations(graph.nodes, size)]
    shown = [slopes(joint_jacobian(source, do), "") for do in subsets] + [slopes(joint_jacobian(target), "*")]
    asked = slopes(query_jacobian(target, query.term), "*")
    _, sizes, rows = np.linalg.svd(np.unique(np.concatenate(shown), axis=0), full_matrices=False)
    rows = rows[sizes > 1e-10 * sizes[0]]
    return bool(np.max(np.abs(asked - asked @ rows.T @ rows)) < 1e-9)


def test_random_verdicts_on_transport_are_those_of_populations_that_no_data_tell_apart() -> None:
    verdicts = []
    for seed in range(60):
        generator = np.random.default_rng([31, seed])
        graph = random_graph(generator, int(generator.integers(2, 5)), directed=0.55, bidirected=0.5)
        query = random_query(generator, graph)
        differs = tuple(str(name) for name in graph.nodes if generator.random() < 0.5)
        answer = transport(graph, query, differs)
        assert answer.transportable == is_determined(graph, query, differs, seed), (graph, query, differs)
        verdicts.append(answer.transportable)
        if not answer.transportable:
            assert set(answer.hedge.inner.nodes) & set(differs)
    assert sum(verdicts) > 30 and len(verdicts) - sum(verdicts) > 10


def test_random_transports_are_the_truth_and_nothing_that_differs_nowhere_is_refused() -> None:
    found = 0
    for seed in range(60):
        generator = np.random.default_rng(seed)
        graph = random_graph(generator, int(generator.integers(3, 5)))
        query = random_query(generator, graph)
        differs = tuple(str(name) for name in graph.nodes if generator.random() < 0.4)
        answer = transport(graph, query, differs)
        if isinstance(answer, Transported):
            assert_true_in_the_target(answer, seed)
            found += 1
        else:
            assert not identify(graph, query).identifiable  # what can be observed there needs no transport
        assert transport(graph, query, ()).transportable
    assert 20 < found < 60


@pytest.mark.parametrize(
    ("graph", "query", "external", "formula"),
    [
        ("X -> Y; X -> S", "P(Y | X)", (), "P(Y | X, S=1)"),
        ("Z -> X -> Y; Z -> Y; Z -> S", "P(Y | do(X))", "Z", "Σ_{Z} P(Z) P(Y | Z, X, S=1)"),
        ("X -> Y; Z -> Y; Z -> S", "P(Y | do(X))", "Z", "Σ_{Z} P(Y | X, Z, S=1) P(Z)"),
    ],
)
def test_what_selection_spares_is_recovered(graph: str, query: str, external: str, formula: str) -> None:
    everybody = CausalGraph(graph)
    answer = recover(everybody, query, "S", external)
    assert str(answer.expression) == formula and answer.separations
    model = DiscreteModel.random(everybody, 2, seed=7)
    at_selected = evaluate(answer.expression, Observed.from_series(model.joint()))
    truth = model.probability(answer.query.term)
    axes = truth.axes
    assert np.max(np.abs(at_selected.expanded(axes) - truth.expanded(axes))) < 1e-10


@pytest.mark.parametrize(
    ("graph", "query", "external", "claim"),
    [
        ("X -> Y; Y -> S", "P(Y | X)", (), "(Y ⊥⊥ S | X)"),
        ("X -> Y; X -> S; Y -> S", "P(Y | do(X))", (), "(Y ⊥⊥ S | X)"),
        ("X -> Y; Z -> X; Z -> Y; Z -> S", "P(Y | do(X))", (), "(Z ⊥⊥ S)"),
    ],
)
def test_what_selection_changes_is_named(graph: str, query: str, external: tuple, claim: str) -> None:
    answer = recover(CausalGraph(graph), query, "S", external)
    assert not answer.recoverable and str(answer.claim) == claim
    with pytest.raises(IdentificationError, match="selection changes"):
        _ = answer.expression


def test_a_selection_that_is_itself_a_cause_is_no_reason_to_fail() -> None:
    confounds = recover("S -> X -> Y; S -> Y", "P(Y | do(X))", "S")
    assert not confounds.recoverable and "P(S), which data on the selected alone cannot show" in str(confounds)
    assert str(recover("S -> X -> Y", "P(Y | do(X))", "S").expression) == "P(Y | X, S=1)"


def test_wrong_names_and_conditions_are_refused() -> None:
    graph = CausalGraph("X -> Y; X -> S")
    with pytest.raises(ValueError, match="'T'"):
        transport(graph, "P(Y | do(X))", "T")
    with pytest.raises(ValueError, match="S says who is in the data"):
        recover(graph, "P(Y | S)", "S")
    with pytest.raises(ValueError, match="without conditions"):
        transport(graph, "P(Y | do(X), S)", "Y")
    with pytest.raises(ValueError, match="'T'"):
        recover(graph, "P(Y | X)", "T")
    with pytest.raises(ValueError, match="one node says who is in the data"):
        recover(graph, "P(Y | X)", ["S"])


def test_substituting_a_value_keeps_the_population() -> None:
    term = Probability((Variable("Y"),), population="*")
    assert str(substitute(term, {"Y": Variable("Y", 1)})) == "P*(Y=1)"
