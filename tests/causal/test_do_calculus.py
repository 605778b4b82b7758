"""The three rules, the search for short derivations, and the checker that believes neither."""

from __future__ import annotations

from dataclasses import replace

import networkx
import numpy as np
import pytest
from causal_graphs import random_graph, random_query
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.causal.causal_step import CausalStep, SeparationClaim
from agentos_lab.causal.d_separation import separated
from agentos_lab.causal.derivation_check import check_derivation, separated_by_moral_graph
from agentos_lab.causal.derivation_search import derive
from agentos_lab.causal.do_calculus import rule_1, rule_2, rule_3
from agentos_lab.causal.expression import Probability, Variable
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.identification import identify
from agentos_lab.causal.query import parse_query
from agentos_lab.errors import IdentificationError
from agentos_lab.results import Derivation

FRONT = CausalGraph("X -> Z -> Y; X <-> Y")
BACK = CausalGraph("Z -> X -> Y; Z -> Y")
NAPKIN = CausalGraph("W1 -> W2 -> X -> Y; W1 <-> X; W1 <-> Y")


def test_rule_1_deletes_an_observation_that_tells_nothing() -> None:
    step = rule_1(CausalGraph("X -> Y; Z -> X"), "P(Y | do(X), Z)", delete="Z")
    assert str(step.after) == "P(Y | do(X))"
    assert step.graph == CausalGraph("X -> Y; Z") and str(step.separations[0]) == "(Y ⊥⊥ Z | X)"
    assert (
        rule_1(CausalGraph("X -> Y; Z -> X"), "P(Y | do(X))", insert="Z").after == parse_query("P(Y | do(X), Z)").term
    )


def test_rule_2_exchanges_doing_and_seeing_where_no_back_door_is_open() -> None:
    assert str(rule_2(BACK, "P(Y | do(X), Z)", see="X").after) == "P(Y | Z, X)"
    assert str(rule_2(FRONT, "P(Y | do(X), Z)", do="Z").after) == "P(Y | do(X, Z))"
    with pytest.raises(ValueError, match=r"\(Y ⊥⊥ X\) does not hold in the graph Z -> X; Z -> Y\n  open"):
        rule_2(BACK, "P(Y | do(X))", see="X")


def test_rule_3_deletes_an_intervention_that_does_nothing() -> None:
    assert str(rule_3(FRONT, "P(Y | do(X, Z))", delete="X").after) == "P(Y | do(Z))"
    assert str(rule_3(NAPKIN, "P(Y | do(X))", insert="W2").after) == "P(Y | do(X, W2))"
    with pytest.raises(ValueError, match="rule 3"):
        rule_3(FRONT, "P(Y | do(X))", delete="X")


def test_rule_3_keeps_the_edges_into_what_lies_above_an_observation() -> None:
    # Z is an ancestor of the observed W, so that its incoming edges stay: seeing W opens Z's district to Y.
    graph = CausalGraph("Z -> W; Z <-> Y")
    with pytest.raises(ValueError, match="rule 3"):
        rule_3(graph, "P(Y | do(Z), W)", delete="Z")
    assert str(rule_3(graph, "P(Y | do(Z))", delete="Z").after) == "P(Y)"


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: rule_1(BACK, "P(Y | do(X))", delete="Z"), "Z does not stand in"),
        (lambda: rule_1(BACK, "P(Y | do(X), Z)", insert="Z"), "Z stands in .* already"),
        (lambda: rule_2(BACK, "P(Y | do(X), Z)"), "what to see or what to do"),
        (lambda: rule_3(BACK, "P(Y | do(X))", delete="T"), "'T'"),
        (lambda: rule_2(BACK, "P(Y | do(X), Z)", see="Z"), "Z does not stand in"),
    ],
)
def test_a_rule_says_what_is_wrong_with_its_arguments(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("graph", "rules"),
    [
        (BACK, ["condition and sum", "do-calculus, rule 2", "do-calculus, rule 3"]),
        (
            FRONT,
            [
                "condition and sum", "do-calculus, rule 2", "do-calculus, rule 3", "condition and sum",
                "do-calculus, rule 2", "do-calculus, rule 3", "do-calculus, rule 2",
            ],
        ),
    ],
    ids=["back door", "front door"],
)  # fmt: skip
def test_the_search_finds_the_proof_of_the_textbook(graph: CausalGraph, rules: list[str]) -> None:
    derivation = derive(graph, "P(Y | do(X))")
    assert [step.rule for step in derivation] == rules
    assert check_derivation(derivation, graph)


def test_the_napkin_takes_nine_steps_and_its_first_two_set_and_see() -> None:
    derivation = derive(NAPKIN, "P(Y | do(X))")
    assert len(derivation) == 9
    assert [str(derivation[number].after) for number in range(3)] == [
        "P(Y | do(W2, X))", "P(Y | do(W2), X)", "P(X, Y | do(W2)) / P(X | do(W2))",
    ]  # fmt: skip
    assert check_derivation(derivation, NAPKIN)


def test_derivations_on_random_graphs_hold_and_agree_with_identification() -> None:
    found = 0
    for seed in range(40):
        generator = np.random.default_rng(seed)
        graph = random_graph(generator, int(generator.integers(3, 5)))
        query = random_query(generator, graph, conditions=bool(seed % 2))
        identified = identify(graph, query)
        try:
            derivation = derive(graph, query)
        except IdentificationError:
            assert not identified.identifiable  # with so few nodes the search misses nothing
            continue
        found += 1
        assert identified.identifiable
        assert (verdict := check_derivation(derivation, graph, models=2)), verdict
        assert (verdict := check_derivation(identified.derivation, graph, models=2)), verdict
    assert 15 < found < 40


def test_what_cannot_be_derived_is_said_and_a_large_graph_refused() -> None:
    with pytest.raises(IdentificationError, match="no derivation"):
        derive(CausalGraph("X -> Y; X <-> Y"), "P(Y | do(X))")
    with pytest.raises(ValueError, match="at most 6 nodes"):
        derive(CausalGraph("A -> B -> C -> D -> E -> F -> G"), "P(G | do(A))")


def test_the_checker_finds_each_kind_of_lie() -> None:
    derivation = derive(FRONT, "P(Y | do(X))")
    steps = list(derivation)
    wrong_rule = replace(steps[1], rule="do-calculus, rule 1")
    assert "rule 1 does not turn" in str(check_derivation(Derivation(derivation.goal, (steps[0], wrong_rule)), FRONT))
    skipped = replace(steps[0], after=parse_query("P(Y | X)").term)
    assert "differ by" in str(check_derivation(Derivation(derivation.goal, (skipped,)), FRONT))
    assert "still done" in str(check_derivation(Derivation(derivation.goal, tuple(steps[:3])), FRONT))
    bow = CausalGraph("X -> Y; X <-> Y")
    claimed = CausalStep("do-calculus, rule 2", "", parse_query("P(Y | do(X))").term, parse_query("P(Y | X)").term)
    verdict = check_derivation(Derivation(parse_query("P(Y | do(X))"), (claimed,)), bow)
    assert not verdict and "(Y ⊥⊥ X) does not hold" in verdict.steps[0].fault


def test_a_rule_that_there_is_not_is_named() -> None:
    same = parse_query("P(Y | X)").term
    checked = check_derivation(
        Derivation(parse_query("P(Y | X)"), (CausalStep("do-calculus, rule 4", "", same, same),)), BACK
    )
    assert not checked and "there is no 'do-calculus, rule 4', only do-calculus, rule 1" in str(checked)


def test_a_rule_claimed_on_the_wrong_graph_is_found_by_logic_alone() -> None:
    derivation = derive(FRONT, "P(Y | do(X))")
    other = CausalGraph("X -> Z -> Y; X -> Y; X <-> Y")
    verdict = check_derivation(derivation, other, models=0)
    assert not verdict and verdict.models == 0


@settings(max_examples=80)
@given(st.integers(0, 10_000))
def test_the_moral_graph_agrees_with_the_walk_and_with_networkx(seed: int) -> None:
    generator = np.random.default_rng(seed)
    graph = random_graph(generator, int(generator.integers(3, 7)))
    names = list(generator.permutation(graph.nodes))
    a, b, given_ = names[:1], names[1:2], names[2 : 2 + int(generator.integers(0, len(names) - 1))]
    claim = SeparationClaim(tuple(a), tuple(b), tuple(given_))
    verdict = separated_by_moral_graph(graph, claim)
    assert verdict == separated(graph, graph.mask(a), graph.mask(b), graph.mask(given_))
    explicit = networkx.DiGraph(list(graph.directed))
    explicit.add_nodes_from(graph.nodes)
    for one, other in graph.bidirected:
        explicit.add_edges_from([((one, other), one), ((one, other), other)])
    assert verdict == networkx.is_d_separator(explicit, set(a), set(b), set(given_))


def test_identification_of_a_printed_query_can_be_checked_by_name() -> None:
    answer = identify(NAPKIN, "P(Y=1 | do(X=0))")
    assert check_derivation(answer.derivation)  # the derivation knows its graph
    with pytest.raises(ValueError, match="which graph"):
        check_derivation(Derivation(answer.query, tuple(answer.derivation)))
    assert answer.query.term == Probability((Variable("Y", 1),), do=(Variable("X", 0),))


def test_a_derivation_says_of_which_part_a_step_speaks_and_what_it_rests_on() -> None:
    derivation = derive(FRONT, "P(Y | do(X))")
    assert "   2. = Σ_{Z} P(Y | do(X, Z)) P(Z | do(X))" in str(derivation)
    assert r"(Y \perp\!\!\!\perp Z \mid X)$ in X -&gt; Z; X &lt;-&gt; Y" in derivation._repr_html_()
    lines = identify(FRONT, "P(Y | do(X))").derivation
    assert "P(Z | do(X, Y)) = P(Z | do(X))" in str(lines)  # line 2 is about one factor of line 4
    assert str(rule_2(FRONT, "P(Z | do(X))", see="X")).startswith(
        "P(Z | do(X)) = P(Z | X)\n  do-calculus, rule 2: (Z ⊥⊥"
    )
