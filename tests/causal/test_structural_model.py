"""Structural models: equations as text and as functions, what is seen, what is done, and what would have been."""

from __future__ import annotations

import re

import numpy as np
import pytest

from agentos_lab.causal.counterfactual_result import Counterfactual
from agentos_lab.causal.d_separation import d_separated
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.identification import identify
from agentos_lab.causal.noise import Bernoulli, Categorical, Normal, Uniform
from agentos_lab.causal.structural_model import StructuralCausalModel
from agentos_lab.causal.twin_network import twin_network
from agentos_lab.errors import ParseError

# The firing squad (Pearl 2009, section 7.1.2): court C, riflemen A and B, prisoner D; W makes A nervous.
SQUAD = StructuralCausalModel(
    "C = U; A = max(C, W); B = C; D = max(A, B)", noise={"U": Bernoulli(0.7), "W": Bernoulli(0.1)}
)
# Joe's homework (Pearl, Glymour & Jewell 2016, section 4.2.3): encouragement X, homework H, score Y.
JOE = StructuralCausalModel(
    {"X": "U1", "H": "0.5 * X + U2", "Y": lambda X, H, U3: 0.7 * X + 0.4 * H + U3},
    noise={"U1": Normal(), "U2": Normal(), "U3": Normal()},
)
FRONT = StructuralCausalModel(
    "X = where(V > 1, U, 1 - U); Z = where(W == 0, X, 1 - X); Y = (Z + U + T) % 2",
    noise={"U": Bernoulli(0.3), "V": Categorical((0, 1, 2)), "W": Bernoulli(0.2), "T": Bernoulli(0.4)},
)


def test_the_firing_squad_answers_as_the_book_does() -> None:
    p, q = 0.7, 0.1
    answer = SQUAD.counterfactual(evidence={"D": 1}, do={"A": 0}, query="D")
    assert answer.probability(0) == pytest.approx((1 - p) * q / (1 - (1 - p) * (1 - q)), abs=1e-12)
    assert answer.evidence_probability == pytest.approx(1 - (1 - p) * (1 - q))
    first = answer.abduction.iloc[0]
    assert (first["U"], first["W"]) == (1, 0) and answer.abduction["probability"].sum() == pytest.approx(1)


def test_joes_score_with_twice_the_homework_is_that_of_the_book() -> None:
    answer = JOE.counterfactual(evidence={"X": 0.5, "H": 1, "Y": 1.5}, do={"H": 2}, query="Y")
    assert answer.mean == pytest.approx(1.9, abs=1e-9) and answer.sd == pytest.approx(0, abs=1e-6)
    assert answer.noise["U3"].mean() == pytest.approx(0.75, abs=1e-9)
    assert "exact (linear, normal)" in str(answer)


@pytest.mark.parametrize("evidence", [{"Y": 1.5}, {"X": 0.5, "Y": -1.0}, {}])
def test_particles_agree_with_the_exact_answer_of_a_linear_model(evidence: dict) -> None:
    exact = JOE.counterfactual(evidence, {"H": 2}, "Y")
    drawn = JOE.counterfactual(evidence, {"H": 2}, "Y", method="particles", particles=20_000, seed=1)
    assert drawn.std_error > 0
    assert abs(drawn.mean - exact.mean) < 5 * drawn.std_error
    assert drawn.sd == pytest.approx(exact.sd, rel=0.05)


def test_particles_agree_with_counting_out() -> None:
    for evidence, do in (({"D": 1}, {"A": 0}), ({"A": 1}, {"C": 0}), ({"B": 0}, {"A": 1})):
        exact = SQUAD.counterfactual(evidence, do, "D")
        drawn = SQUAD.counterfactual(evidence, do, "D", method="particles", seed=2)
        assert abs(drawn.mean - exact.mean) < 5 * max(drawn.std_error, 1e-3)


def test_particles_work_where_nothing_is_linear() -> None:
    model = StructuralCausalModel("X = U; Y = exp(X) + X * V", noise={"U": Uniform(0.5, 1), "V": Normal()})
    answer = model.counterfactual(evidence={"X": 0.8, "Y": 3.0}, do={"X": 0.6}, query="Y")
    noise = (3.0 - np.exp(0.8)) / 0.8  # one unit, known altogether
    assert answer.method == "particles"
    assert answer.mean == pytest.approx(np.exp(0.6) + 0.6 * noise, abs=1e-9)
    assert "±" not in str(answer) and "sd" not in str(answer)  # a unit known altogether has neither


def test_a_counterfactual_without_evidence_is_an_intervention() -> None:
    answer = FRONT.counterfactual({}, {"X": 1}, "Y")
    assert answer.mean == pytest.approx(FRONT.do(X=1).joint().groupby("Y").sum()[1], abs=1e-12)


def test_the_law_of_consistency_imagining_what_was_done_changes_nothing() -> None:
    for x in (0, 1):
        answer = FRONT.counterfactual({"X": x}, {"X": x}, "Y")
        np.testing.assert_array_equal(answer.factual, answer.imagined)


def test_the_joint_distribution_feeds_identification_and_the_estimand_is_what_do_gives() -> None:
    assert FRONT.graph == CausalGraph("X -> Z -> Y; X <-> Y")
    effect = identify(FRONT.graph, "P(Y | do(X))").estimand.evaluate(FRONT.joint())
    for x in (0, 1):
        done = FRONT.do(X=x).joint().groupby("Y").sum()
        assert effect[1, x] == pytest.approx(done[1], abs=1e-12)


def test_samples_come_from_the_exact_distribution_and_repeat_by_their_seed() -> None:
    sample = FRONT.sample(20_000, seed=3)
    frequencies = sample.groupby(["X", "Z", "Y"]).size() / len(sample)
    assert (frequencies - FRONT.joint()).abs().max() < 5 * np.sqrt(0.25 / len(sample))
    assert sample.equals(FRONT.sample(20_000, seed=3)) and not sample.equals(FRONT.sample(20_000, seed=4))
    assert set(FRONT.sample(3, with_noise=True).columns) == {"X", "Z", "Y", "U", "V", "W", "T"}
    assert len(FRONT.sample(0)) == 0


def test_the_same_units_are_seen_and_done() -> None:
    seen, done = JOE.sample(50, seed=7), JOE.do(H=2).sample(50, seed=7)
    np.testing.assert_array_equal(seen["X"], done["X"])
    np.testing.assert_allclose(done["Y"] - seen["Y"], 0.4 * (2 - seen["H"]))


def test_interventions_may_be_a_number_a_distribution_a_policy_or_a_function() -> None:
    assert (JOE.do({"H": 2}).sample(5)["H"] == 2).all()
    assert set(JOE.do(H=Bernoulli(0.5)).sample(200)["H"]) == {0, 1}
    policy = JOE.do(H="where(X > 0, 1, 0)").sample(200)
    assert (policy["H"] == (policy["X"] > 0)).all()
    assert JOE.do(H=lambda X: X + 1).graph == CausalGraph("X -> H -> Y; X -> Y")
    assert JOE.do(H=2).graph == CausalGraph("X -> Y; H -> Y")


def test_formulas_know_arithmetic_comparisons_and_choices() -> None:
    model = StructuralCausalModel(
        "A = 3; B = 2 ** A % 5 // 2 - -1; C = 0 < A < 2 or not B == 2; D = 1 if A > 2 and B >= 2 else 0; E = min(A, B)",
        noise={},
    )
    assert model.sample(1).iloc[0].to_dict() == {"A": 3, "B": 2, "C": 0, "D": 1, "E": 2}


def test_the_twin_network_shows_why_adjustment_works_and_where_it_does_not() -> None:
    confounded = twin_network(CausalGraph("Z -> X -> Y; Z -> Y"), do="X")
    assert not d_separated(confounded, "Y*", "X")
    assert d_separated(confounded, "Y*", "X", given="Z")
    assert "Z*" not in confounded  # the intervention cannot change Z
    assert not d_separated(twin_network(CausalGraph("X -> Y; X <-> Y"), do="X"), "Y*", "X")


@pytest.mark.parametrize(
    ("formula", "caret", "what"),
    [("U +", 3, ""), ("0.5 U", 4, "invalid syntax"), ("(U + 1", 0, "never closed"), ("", 0, "")],
)
def test_the_caret_stands_where_a_formula_goes_wrong(formula, caret, what):  # type: ignore[no-untyped-def]
    with pytest.raises(ParseError, match=f"equation of X cannot be read.*{what}") as caught:
        StructuralCausalModel({"X": formula}, {"U": Normal()})
    assert caught.value.position == caret and "0.5 * X + U" in caught.value.expected


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: StructuralCausalModel("X = Y; Y = X", {}), ValueError, "X -> Y -> X"),
        (lambda: StructuralCausalModel("X = foo(3)", {}), ParseError, "cannot hold this"),
        (lambda: StructuralCausalModel("X = U.__class__", {"U": Normal()}), ParseError, "cannot hold this"),
        (lambda: StructuralCausalModel("X = U +", {"U": Normal()}), ParseError, "equation of X cannot be read"),
        (lambda: StructuralCausalModel("X = Q", {}), ValueError, "X uses Q"),
        (lambda: StructuralCausalModel("X = 1; X = 2", {}), ValueError, "X has two equations"),
        (lambda: StructuralCausalModel("just words", {}), ValueError, "expected an equation"),
        (lambda: StructuralCausalModel("U = 1", {"U": Normal()}), ValueError, "U has an equation and is noise"),
        (lambda: StructuralCausalModel({"X": lambda *values: 1}, {}), ValueError, r"not take \*args"),
        (lambda: StructuralCausalModel({"X": [1]}, {}), ValueError, "a text, a function or a number"),  # type: ignore[dict-item]
        (lambda: StructuralCausalModel("X = U"), ValueError, r"as in noise=\{'U': Normal\(\)\}"),
        (lambda: StructuralCausalModel("X = X + 1"), ValueError, "the equation of X uses X itself"),
        (lambda: JOE.do(Z=1), ValueError, "no variable 'Z'"),
        (lambda: JOE.sample(-1), ValueError, "negative"),
        (lambda: SQUAD.counterfactual({"D": 0, "A": 1}, {}, "D"), ValueError, "D=0, A=1 has probability 0"),
        (lambda: JOE.counterfactual({"X": 1}, {}, "Q"), ValueError, "no variable 'Q'"),
        (lambda: JOE.counterfactual({"X": 1}, {}, "Y", method="magic"), ValueError, "method"),
        (lambda: JOE.counterfactual({"X": float("nan")}, {}, "Y"), ValueError, "X=nan is no value"),
        (lambda: JOE.counterfactual({}, {}, "Y", method="particles", particles=0), ValueError, "at least 1"),
        (lambda: JOE.joint(), ValueError, "continuous"),
        (lambda: Normal(0, -1), ValueError, "at least 0"),
        (lambda: Uniform(1, 1), ValueError, "low < high"),
        (lambda: Bernoulli(1.5), ValueError, "between 0 and 1"),
        (lambda: Categorical((0, 0)), ValueError, "all different"),
        (lambda: Categorical((0, 1), (0.5, 0.6)), ValueError, "sum to 1"),
        (lambda: Categorical((0, 1), (1.0,)), ValueError, "2 values and 1"),
    ],
)
def test_a_mistake_is_named(make, error: type[Exception], message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(error, match=message):
        make()


def test_evidence_that_hardly_a_particle_meets_is_an_error_not_a_number() -> None:
    model = StructuralCausalModel("X = U * U; Y = X + V", noise={"U": Normal(), "V": Normal()})
    with pytest.raises(ValueError, match="of 20000 particles agree with the evidence X=2"):
        model.counterfactual({"X": 2.0}, {}, "Y")
    with pytest.raises(ValueError, match="an exact answer needs"):
        model.counterfactual({"Y": 2.0}, {}, "Y", method="exact")


def test_the_distribution_of_an_answer_is_a_series_over_its_values() -> None:
    answer = SQUAD.counterfactual({"D": 1}, {"A": 0}, "D")
    assert isinstance(answer, Counterfactual)
    assert answer.distribution.to_dict() == pytest.approx({0: answer.probability(0), 1: answer.probability(1)})


@pytest.mark.parametrize("kind", [Normal(1, 2), Uniform(-1, 3), Categorical((1, 4), (0.25, 0.75))])
def test_draws_have_the_density_that_the_noise_says(kind) -> None:  # type: ignore[no-untyped-def]
    draws = kind.sample(40_000, np.random.default_rng(0))
    if kind.support is not None:
        for value in kind.support:
            assert np.mean(draws == value) == pytest.approx(float(kind.density(np.array(value))), abs=0.01)
        return
    edges = np.linspace(draws.min(), draws.max(), 30)
    middle = (edges[1:] + edges[:-1]) / 2
    histogram, _ = np.histogram(draws, bins=edges, density=True)
    assert np.max(np.abs(histogram - kind.density(middle))) < 0.03


def test_a_discrete_distribution_prints_its_probabilities_without_rounding_noise() -> None:
    assert str(Bernoulli(0.7)) == "Categorical(0: 0.3, 1: 0.7)"
    assert str(Categorical(tuple(range(100)))) == "Categorical(0: 0.01, 1: 0.01, 2: 0.01, 3: 0.01, …, 99: 0.01)"


@pytest.mark.parametrize("bent", ["max(X, 0)", "abs(X)", "where(X > 2, 5, X)", "X + 0.001 * X * X", "exp(X)"])
def test_an_equation_that_bends_anywhere_is_not_taken_for_a_line(bent: str) -> None:
    model = StructuralCausalModel(f"X = U; Y = {bent} + V", noise={"U": Normal(), "V": Normal()})
    assert model.counterfactual({"Y": 1.0}, {"X": -1}, "Y").method == "particles"
    policy = JOE.counterfactual({"Y": 1.5}, {"H": bent}, "Y")
    assert policy.method == "particles"
    drawn = JOE.counterfactual({"Y": 1.5}, {"H": bent}, "Y", method="particles", seed=1)
    assert abs(policy.mean - drawn.mean) < 5 * (policy.std_error + drawn.std_error)


def test_an_equation_that_bends_only_where_the_intervention_leads_is_not_taken_for_a_line() -> None:
    model = StructuralCausalModel("X = U; Y = where(X > 1000, 0, X) + V", noise={"U": Normal(), "V": Normal()})
    answer = model.counterfactual({"X": 1.0, "Y": 1.5}, {"X": 2000}, "Y")
    assert answer.mean == pytest.approx(0.5, abs=1e-9)


def test_words_are_counted_and_have_no_mean() -> None:
    model = StructuralCausalModel(
        {"mood": "U", "says": "where(mood == 'good', 'yes', 'no')"}, noise={"U": Categorical(("good", "bad"))}
    )
    answer = model.counterfactual({"says": "yes"}, {"mood": "bad"}, "says")
    assert str(answer) == "says had mood=bad, given says=yes: no 1.0000  (exact (counted out))"
    with pytest.raises(ValueError, match="no mean"):
        _ = answer.mean


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: StructuralCausalModel("X = exp(U, U)", {"U": Normal()}), r"exp cannot take 2 values .*exp\(x\)"),
        (lambda: StructuralCausalModel("X = min(U)", {"U": Normal()}), r"min cannot take 1 values .*min\(a, b\)"),
        (lambda: StructuralCausalModel("X = 'a' * 9999999999"), "cannot hold this"),
        (lambda: StructuralCausalModel("X = 9 ** 9 ** 9 ** 9").sample(1), "equation of X cannot be computed"),
        (lambda: StructuralCausalModel("X = U & 1", {"U": Normal()}).sample(2), "X cannot be computed.*whole ones"),
        (lambda: StructuralCausalModel({"X": lambda U: 1 if U > 0 else 0}, {"U": Normal()}).sample(2), "numpy.where"),
        (lambda: StructuralCausalModel({"X": lambda U: U[:1]}, {"U": Normal()}).sample(3), "3 values, one per unit"),
        (lambda: StructuralCausalModel("X = U", {"U": Normal}), "U must be a distribution"),  # type: ignore[dict-item]
        (lambda: JOE.do(H=[1, 2]), "H can be set to one value"),
        (lambda: JOE.do(H=np.zeros(3)).sample(2), "H must give 2 values"),
        (lambda: JOE.do(H=None), "H can be set to one value"),
        (lambda: JOE.counterfactual({"X": "tall"}, {}, "Y"), "the values of X are numbers"),
        (lambda: Normal(0, float("inf")), "finite standard deviation"),
        (lambda: Uniform(float("-inf"), 0), "finite"),
        (lambda: Categorical((0, 1), (float("nan"), 1.0)), "sum to 1"),
        (lambda: Categorical((None, 1)), "not missing"),
    ],
)
def test_a_mistake_in_equations_noise_or_evidence_tells_the_remedy(make, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError) as caught:
        make()
    assert re.search(message, str(caught.value), re.DOTALL)


def test_functions_of_several_values_leave_their_arguments_alone() -> None:
    model = StructuralCausalModel("X = U; Y = V; Z = 3 + 0 * X; M = min(X, Y, Z)", {"U": Normal(), "V": Normal()})
    drawn = model.sample(100)
    assert (drawn["Z"] == 3).all() and (drawn["M"] == drawn[["X", "Y", "Z"]].min(axis=1)).all()


def test_numbers_and_words_may_be_values_of_one_variable() -> None:
    model = StructuralCausalModel("X = U", {"U": Categorical((1, "many"), (0.25, 0.75))})
    assert model.joint().to_dict() == {1: 0.25, "many": 0.75}
    answer = model.counterfactual({"X": 1}, {}, "X")
    assert answer.probability(1) == 1 and str(answer).startswith("X, given X=1: 1 1.0000")
    axes = model.counterfactual({}, {}, "X").plot().axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1", "many"]


def test_decimal_evidence_agrees_up_to_rounding() -> None:
    model = StructuralCausalModel("X = U; Y = 0.1 * X + 0.2 * V", {"U": Bernoulli(), "V": Bernoulli()})
    answer = model.counterfactual({"Y": 0.3}, {"X": 0}, "Y")  # 0.1 + 0.2 is not quite 0.3
    assert answer.probability(0.2) == 1 and answer.evidence_probability == 0.25
    small = StructuralCausalModel("Y = 1e-10 * U", {"U": Categorical((1, 2, 3))})
    assert small.counterfactual({"Y": 2e-10}, {}, "Y").evidence_probability == pytest.approx(1 / 3)


def test_noise_that_does_not_vary_is_a_number() -> None:
    model = StructuralCausalModel("X = U; Y = max(X, 0) + V", {"U": Normal(), "V": Normal(2, 0)})
    assert model.counterfactual({"X": 1.0, "Y": 3.0}, {"X": 4}, "Y").mean == pytest.approx(6)


def test_where_an_equation_bends_in_its_noise_the_value_does_not_tell_the_noise() -> None:
    """Y = |V| = 3 leaves two values of V, and max(V, 0) = 0 a whole half line: E[V | V ≤ 0] = −√(2/π)."""
    noise = {"U": Normal(), "V": Normal()}
    folded = StructuralCausalModel("X = U; Y = abs(V) + X; Q = V + 0 * X", noise)
    with pytest.raises(ValueError, match=r"none has Y=3.0, .* no line in its noise"):
        folded.counterfactual({"X": 1.0, "Y": 3.0}, {"X": 0}, "Q")
    cut = StructuralCausalModel("X = U; Y = max(V, 0) + 0 * X; Q = V + 0 * X", noise)
    answer = cut.counterfactual({"Y": 0.0}, {"X": 0}, "Q")
    assert abs(answer.mean + np.sqrt(2 / np.pi)) < 5 * answer.std_error


def test_a_model_and_an_answer_show_themselves() -> None:
    assert repr(SQUAD).startswith("StructuralCausalModel('C = U; A = max(C, W); B = C; D = max(A, B)', noise=")
    assert "A = max(C, W)\n" in SQUAD._repr_html_()
    answer = SQUAD.counterfactual({"D": 1}, {"A": 0}, "D")
    assert repr(answer) == str(answer)
    (was, would) = answer.plot().axes[0].containers
    assert was.datavalues.tolist() == [0, 1]  # type: ignore[attr-defined]
    assert would.datavalues.tolist() == pytest.approx([answer.probability(0), answer.mean])  # type: ignore[attr-defined]
    assert str(JOE.counterfactual({"X": 1}, {}, "Y")).startswith("Y, given X=1: mean")
    assert JOE.counterfactual({"X": 1}, {"H": 0}, "Y").plot().axes[0].get_xlabel() == "Y"
