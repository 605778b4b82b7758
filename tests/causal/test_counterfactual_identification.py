"""Counterfactual identification against the truth of models whose worlds are all counted out.

A random model here has a noise variable for each node that picks one of a few random functions of its causes, and one
for each two-headed edge; so that joint events in several worlds have an exact probability.
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from canonical_models import two_canonical_models
from causal_graphs import cases, graph_of, random_graph, random_query

from agentos_lab.causal.counterfactual_identification import identify_counterfactual
from agentos_lab.causal.counterfactual_identification_result import (
    CounterfactualIdentified,
    CounterfactualNotIdentifiable,
)
from agentos_lab.causal.counterfactual_query import (
    CounterfactualQuery,
    CounterfactualVariable,
    Event,
    parse_counterfactual,
)
from agentos_lab.causal.derivation_check import check_derivation
from agentos_lab.causal.evaluation import evaluate
from agentos_lab.causal.expression import Probability, Variable
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.identification import identify
from agentos_lab.causal.noise import Categorical
from agentos_lab.causal.observed import Observed, conditional
from agentos_lab.causal.probability_table import Table
from agentos_lab.causal.structural_model import StructuralCausalModel
from agentos_lab.errors import IdentificationError, ParseError

CASES = cases("causal_counterfactual")


def as_events(items: list) -> tuple[Event, ...]:
    return tuple(
        Event(CounterfactualVariable(name, tuple(Variable(k, v) for k, v in sorted(do.items()))), Variable(name, value))
        for name, do, value in items
    )


def random_model(graph: CausalGraph, seed: int, functions: int = 3) -> StructuralCausalModel:
    """Each variable is one of `functions` random binary functions of its causes, chosen by its noise."""
    generator = np.random.default_rng(seed)
    hidden = {pair: f"U_{pair[0]}_{pair[1]}" for pair in graph.bidirected}
    noise = {name: Categorical((0, 1), tuple(generator.dirichlet((2, 2)))) for name in hidden.values()}
    equations = {}
    for name in graph.nodes:
        causes = [*graph.parents(name), *(latent for pair, latent in hidden.items() if name in pair)]
        noise[f"U_{name}"] = Categorical(tuple(range(functions)), tuple(generator.dirichlet(np.ones(functions) * 2)))
        table = generator.integers(0, 2, (functions, *[2] * len(causes)))
        signature = ", ".join([f"U_{name}", *causes])
        equations[name] = eval(f"lambda {signature}: table[{signature}]", {"table": table})
    return StructuralCausalModel(equations, noise)


def true_probability(model: StructuralCausalModel, events: tuple[Event, ...]) -> float:
    noise, weight = model.worlds()
    happens = np.ones(len(weight), dtype=bool)
    for event in events:
        world = model.do({variable.name: variable.value for variable in event.variable.do})
        happens &= world.compute(noise, len(weight))[event.variable.name] == event.value.value
    return float(weight[happens].sum())


class Experiments:
    """All that experiments on a model can show: P(V | do(X)) for every X."""

    def __init__(self, model: StructuralCausalModel) -> None:
        self.model = model
        self.names = tuple(model.equations)

    def probability(self, term: Probability, undefined: float = np.nan) -> Table:
        done = [variable.name for variable in term.do]
        values = np.zeros([2] * len(self.names))
        for setting in itertools.product((0, 1), repeat=len(done)):
            world = self.model.do(dict(zip(done, setting, strict=True)))
            noise, weight = world.worlds()
            computed = world.compute(noise, len(weight))
            np.add.at(values, tuple(computed[name] for name in self.names), weight)
        return conditional(Table(self.names, values), term, dict.fromkeys(self.names, (0, 1)), undefined)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_of_the_literature_gets_its_verdict(case: dict) -> None:
    query = CounterfactualQuery(as_events(case["event"]), as_events(case["given"]))
    answer = identify_counterfactual(graph_of(case), query)
    # No assumption is made on how many values a variable has: the effect on the treated behind a bow, which two
    # values of X make identifiable, is not.
    assert answer.identifiable == bool(case["identifiable_from_Pstar"])


@pytest.mark.parametrize(
    ("graph", "query", "estimand"),
    [
        ("Z -> X -> Y; Z -> Y", "P(Y_{X=1}=1 | X=0)", "(Σ_{Z} P(Z, X=0) P(Y=1 | Z, X=1)) / P(X=0)"),
        ("X -> Z -> Y; X <-> Y", "P(Y_{X=1}=1 | X=0)", "Σ_{Z} P(Y=1 | X=0, Z) P(Z | X=1)"),
        ("X -> M -> Y; X -> Y", "P(Y_{X=1, M=0}=1, M_{X=0}=0)", "P(M=0 | X=0) P(Y=1 | X=1, M=0)"),
        ("X -> Y", "P(Y_{X=1}=1 | X=1, Y=1)", "1"),
        ("X -> Y", "P(Y_{X=1}=1 | X=1, Y=0)", "0"),
        ("X -> Y; X <-> Y", "P(X_{X=1}=1)", "1"),
        ("X -> Y; X <-> Y", "P(X_{X=1}=0)", "0"),
    ],
)
def test_known_counterfactuals_come_out_as_the_books_write_them(graph: str, query: str, estimand: str) -> None:
    assert str(identify_counterfactual(CausalGraph(graph), query).observational()) == estimand


@pytest.mark.parametrize(
    ("graph", "query"),
    [
        ("X -> Y", "P(Y_{X=1}=1, Y_{X=0}=0)"),  # the probability of necessity and sufficiency
        ("X -> Y", "P(Y_{X=0}=0 | X=1, Y=1)"),  # of necessity: y0 0.2.11 returns an estimand
        ("X -> Y; X <-> Y", "P(Y_{X=1}=1 | X=0)"),
        ("X -> M -> Y; X -> Y; M <-> Y", "P(Y_{X=1, M=0}=1, M_{X=0}=0)"),
    ],
)
def test_what_no_experiment_shows_is_refused_with_the_worlds_that_contradict(graph: str, query: str) -> None:
    answer = identify_counterfactual(CausalGraph(graph), query)
    assert isinstance(answer, CounterfactualNotIdentifiable)
    assert len(answer.conflict) > 1 and answer.values[0] != answer.values[1]
    with pytest.raises(IdentificationError, match="at once"):
        _ = answer.expression


def test_an_event_that_the_conditions_make_certain_has_probability_1_though_they_are_no_experiment() -> None:
    # The conditions say how Y responds to X, which no experiment shows; X is 0, so that Y_{X=0} is Y.
    answer = identify_counterfactual("X -> Y", "P(Y_{X=0}=0 | X=0, Y=0, Y_{X=1}=1)")
    assert str(answer.expression) == "1"


def test_each_step_of_a_counterfactual_derivation_is_an_equation() -> None:
    derivation = identify_counterfactual("Z -> X -> Y; Z -> Y", "P(Y_{X=1}=1 | X=0, Z=1)").derivation
    assert [f"{step.before} = {step.after}" for step in derivation] == [
        "P(Y_{X=1}=1 | X=0, Z=1) = P(Y_{X=1}=1 | Z=1)",
        "P(Y_{X=1}=1 | Z=1) = P(Y_{X=1, Z=1}=1)",
        "P(Y_{X=1, Z=1}=1) = P(Y=1 | do(X=1, Z=1))",
        "P(Y_{X=1}=1 | X=0, Z=1) = P(Y=1 | do(X=1, Z=1))",
    ]
    divided = identify_counterfactual("Z -> X -> Y; Z -> Y", "P(Y_{X=1}=1 | X=0)").derivation[0]
    assert f"{divided.before} = {divided.after}" == "P(Y_{X=1}=1 | X=0) = P(Y_{X=1}=1, X=0) / P(X=0)"
    with pytest.raises(ValueError, match="both sides must be probability expressions"):
        check_derivation(derivation)


def test_an_event_without_a_value_stands_for_each_value() -> None:
    graph = CausalGraph("Z -> X -> Y; Z -> Y; Z -> W")
    answer = identify_counterfactual(graph, "P(Y_{X=1} | Z, W)")
    model = random_model(graph, seed=2)
    value = evaluate(answer.expression, Experiments(model))
    for y, z, w in itertools.product((0, 1), repeat=3):
        given = parse_counterfactual(f"P(Z={z}, W={w})").events
        both = parse_counterfactual(f"P(Y_{{X=1}}={y}, Z={z}, W={w})").events
        truth = true_probability(model, both) / true_probability(model, given)
        assert value.select({"Y": y, "Z": z, "W": w}).values == pytest.approx(truth, abs=1e-12)
    # X without a value is set in no world that could be compared with X = 1: not identifiable for all of its values.
    assert not identify_counterfactual("X -> Y", "P(Y_{X=1}=1 | Y=0, X)").identifiable


@pytest.mark.parametrize("query", ["P(Y_{X=1} | Y)", "P(Y_{X=1}, Y_{X=0})", "P(Y_{X=1}=1 | X=0, Y)", "P(X_{X=1})"])
def test_a_variable_in_several_worlds_needs_its_values(query: str) -> None:
    with pytest.raises(ValueError, match=r"stands in several worlds of .* as in "):
        identify_counterfactual("X -> Y", query)


def test_what_happens_in_one_world_is_one_experiment() -> None:
    graph = CausalGraph("Z -> M -> Y; X -> Y; Z -> Y; Z <-> X")
    assert str(identify_counterfactual(graph, "P(Y_{X=1}=1, M_{X=1}=0)").expression) == "P(M=0, Y=1 | do(X=1))"
    assert str(identify_counterfactual(graph, "P(M_{X=1}=0)").expression) == "P(M=0)"  # which X does not touch
    assert str(identify_counterfactual(graph, "P(Y_{X=1}=1, X=1)").expression) == "P(X=1, Y=1)"  # what is seen is done


def test_what_only_experiments_show_is_told_apart_from_what_observations_show() -> None:
    answer = identify_counterfactual(CausalGraph("X -> Y; X <-> Y"), "P(Y_{X=1}=1)")
    assert str(answer.expression) == "P(Y=1 | do(X=1))"
    with pytest.raises(IdentificationError, match="experiments are needed"):
        answer.observational()


def is_identified_and_true(graph: CausalGraph, query: CounterfactualQuery, seed: int) -> bool:
    """Whether a query has an answer; one that a random model has shown to be true, else this fails."""
    model = random_model(graph, seed)
    given = true_probability(model, query.given)
    try:
        answer = identify_counterfactual(graph, query)
    except ValueError as error:
        assert "cannot happen" in str(error) and given == 0
        return False
    if not isinstance(answer, CounterfactualIdentified) or given < 1e-9:
        return False
    truth = true_probability(model, query.events + query.given) / given
    value = evaluate(answer.expression, Experiments(model)).values
    if np.isnan(value).any():
        return False  # the random functions left a condition of the formula without any weight
    assert np.allclose(value, truth, atol=1e-10), (graph, query, answer.expression, value, truth)
    return True


def test_random_counterfactuals_that_are_identified_are_the_truth() -> None:
    identified = 0
    for seed in range(90):
        generator = np.random.default_rng(seed)
        graph = random_graph(generator, int(generator.integers(3, 5)))
        identified += is_identified_and_true(graph, random_counterfactual(generator, graph), seed)
    assert identified > 25


def test_random_effects_on_groups_seen_in_the_world_as_it_is_are_the_truth() -> None:
    """P(y_x | z, …): a condition that acts like setting it belongs to another world than the outcome."""
    identified = 0
    for seed in range(90):
        generator = np.random.default_rng([7, seed])
        graph = random_graph(generator, int(generator.integers(3, 5)), directed=0.6, bidirected=0.25)
        *others, outcome = graph.topological_order()
        done, *seen = (Variable(str(name), int(generator.integers(2))) for name in generator.permutation(others))
        effect = Event(CounterfactualVariable(outcome, (done,)), Variable(outcome, 1))
        group = tuple(Event(CounterfactualVariable(value.name), value) for value in seen)
        identified += is_identified_and_true(graph, CounterfactualQuery((effect,), group), seed)
    assert identified > 40


@pytest.mark.parametrize(
    ("graph", "query", "expression"),
    [
        ("X -> Y; Z -> Y", "P(Y_{X=1}=1 | Z=1)", "P(Y=1 | do(X=1, Z=1))"),
        ("Z -> X -> Y; Z -> Y", "P(Y_{X=1}=1 | X=0, Z=1)", "P(Y=1 | do(X=1, Z=1))"),
        ("X -> Y; W -> Z -> Y; W -> Y", "P(Y_{X=1}=1 | Z=1, W=0)", "P(Y=1 | do(W=0, X=1, Z=1))"),
    ],
)
def test_an_effect_in_a_group_is_that_of_the_group(graph: str, query: str, expression: str) -> None:
    assert str(identify_counterfactual(graph, query).expression) == expression


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_canonical_models_of_the_literature_s_cases_move_where_they_should(case: dict) -> None:
    graph, query = graph_of(case), CounterfactualQuery(as_events(case["event"]), as_events(case["given"]))
    found = two_canonical_models(graph, query, dict.fromkeys(graph, 2) | (case["card"] or {}))
    assert (found is None) == case["oracle_identifiable"]
    if found:
        shown, one, other = found
        assert shown < 1e-12 and abs(one - other) > 0.01


def test_random_verdicts_are_those_of_models_that_no_experiment_tells_apart() -> None:
    verdicts = []
    for seed in range(140):
        generator = np.random.default_rng([6, seed])
        graph = random_graph(generator, int(generator.integers(2, 5)), bidirected=0.25)
        query = random_counterfactual(generator, graph, events=(2, 4), worlds=0.7)
        done = {variable.name for event in query.events + query.given for variable in event.variable.do}
        cards = {name: 3 if name in done else 2 for name in graph}  # two values identify more: the bow of the cases
        try:
            answer = identify_counterfactual(graph, query)
            found = two_canonical_models(graph, query, cards, seed)
        except ValueError as error:
            assert "cannot happen" in str(error) or "too many states" in str(error)
            continue
        assert answer.identifiable == (found is None), (graph, query, found)
        if found:
            shown, one, other = found
            assert shown < 1e-12 and abs(one - other) > 1e-5, (graph, query, found)
        verdicts.append(answer.identifiable)
    assert sum(verdicts) > 30 and len(verdicts) - sum(verdicts) > 15


def random_counterfactual(
    generator: np.random.Generator, graph: CausalGraph, events: tuple[int, int] = (1, 4), worlds: float = 0.5
) -> CounterfactualQuery:
    """A few events, perhaps some of them conditions, each in a world of its own with probability `worlds`."""
    items: list[Event] = []
    late = int(generator.integers(len(graph)))  # events early in the graph are mostly plain ones
    for _ in range(int(generator.integers(*events))):
        name = str(generator.choice(graph.topological_order()[late:]))
        causes = [cause for cause in graph.ancestors(name) if cause != name]
        others = causes or [other for other in graph if other != name]
        done = [str(generator.choice(others))] if generator.random() < worlds else []
        world = tuple(Variable(other, int(generator.integers(2))) for other in done)
        items.append(Event(CounterfactualVariable(name, world), Variable(name, int(generator.integers(2)))))
    items = list({event.variable: event for event in items}.values())
    cut = int(generator.integers(1, len(items) + 1))
    return CounterfactualQuery(tuple(items[:cut]), tuple(items[cut:]))


@pytest.mark.parametrize("seed", range(40))
def test_in_a_single_world_a_counterfactual_is_identified_exactly_when_the_plain_query_is(seed: int) -> None:
    generator = np.random.default_rng([8, seed])
    graph = random_graph(generator, int(generator.integers(3, 6)))
    query = random_query(generator, graph, conditions=True)
    world = ", ".join(f"{variable.name}=1" for variable in query.treatments)
    (outcome, *_), (condition, *_) = query.outcomes, (*query.conditions, None)
    seen = f" | {condition.name}_{{{world}}}=0" if condition else ""
    answer = identify_counterfactual(graph, f"P({outcome.name}_{{{world}}}=1{seen})")
    try:
        answer.observational()
    except IdentificationError:
        assert not identify(graph, query).identifiable
    else:
        assert identify(graph, query).identifiable


def test_observations_and_experiments_agree_where_both_answer() -> None:
    graph = CausalGraph("X -> Z -> Y; X <-> Y")
    model = random_model(graph, seed=3)
    answer = identify_counterfactual(graph, "P(Y_{X=1}=1 | X=0)")
    one = evaluate(answer.expression, Experiments(model)).values
    other = evaluate(answer.observational(), Observed.from_series(model.joint())).values
    assert one == pytest.approx(float(other), abs=1e-12)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("Y=1", 0),
        ("P(Y_{X}=1)", 6),
        ("P(Y=1", 5),
        ("P(Y=1 | X=0 | Z=1)", 12),
        ("P(Y=1) and", 7),
        ("P(Y | do(X=1))", 6),
        ("P(Y_{X=1, X=0}=1)", 10),
        ("P(=1)", 2),
    ],
)
def test_an_error_points_at_the_character(text: str, position: int) -> None:
    with pytest.raises(ParseError) as caught:
        parse_counterfactual(text)
    assert caught.value.position == position


def test_names_may_be_words_and_hold_marks_and_values_may_be_texts() -> None:
    query = parse_counterfactual('P(Lung_Cancer_{Smoking=1}=1, dose.2 = -1 | "Body mass"="very high", M_1_{X\'=low})')
    assert str(query) == "P(Lung_Cancer_{Smoking=1}=1, dose.2=-1 | Body mass=very high, M_1_{X'=low}=M_1)"
    assert query.events[1].value == Variable("dose.2", -1)
    assert query.latex().startswith(r"P({\mathrm{Lung\_Cancer}}_{\mathrm{Smoking}=1}=1, ")
    answer = identify_counterfactual(
        "Smoking -> Tar -> Cancer; Smoking <-> Cancer", "P(Cancer_{Smoking=1} | Smoking=0)"
    )
    assert str(answer.observational()) == "Σ_{Tar} P(Cancer | Smoking=0, Tar) P(Tar | Smoking=1)"


def test_a_query_is_written_as_it_is_read_and_unknown_names_are_refused() -> None:
    query = parse_counterfactual("P( Y_{X=1,Z=0}=1,M_{X=0} | W=low )")
    assert str(query) == "P(Y_{X=1, Z=0}=1, M_{X=0}=M | W=low)"
    with pytest.raises(ValueError, match="'T'"):
        identify_counterfactual(CausalGraph("X -> Y"), "P(Y_{T=1}=1)")
    with pytest.raises(ValueError, match="cannot happen"):
        identify_counterfactual(CausalGraph("X -> Y"), "P(Y=1 | X_{X=1}=0)")
