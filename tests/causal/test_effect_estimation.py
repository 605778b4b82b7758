"""The entry point: what fits the graph, what is refused and why."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from causal_studies import CONFOUNDED, confounded

from agentos_lab.causal import CausalGraph, EffectEstimate, difference_in_means, estimate_effect

WORLD = confounded(0)
BINARY_METHODS = ("aipw", "ipw", "matching", "g_estimation", "difference")


def effect(method="aipw", data=WORLD, graph=CONFOUNDED, **options):
    return estimate_effect(data, graph, "x", "y", method, **options)


# --- what comes back ---------------------------------------------------------------------------------------


def test_the_contract():
    found = estimate_effect(WORLD, CONFOUNDED, treatment="x", outcome="y")
    assert isinstance(found, EffectEstimate)
    assert found.interval[0] < found.value < found.interval[1] and found.std_error > 0
    assert (found.method, found.n, found.adjusted_for) == ("aipw", 600, ("z", "c"))
    assert str(found.estimand) == "P(y | do(x)) = Σ_{z, c} P(y | x, z, c) P(z, c)"
    assert found.contrast == "E[y | do(x=1)] − E[y | do(x=0)]"
    assert str(found).splitlines()[2] == "  adjusted for z, c (the graph's minimal set)"
    assert "<b>" in found._repr_html_() and "aipw" in repr(found)
    assert effect(graph=str(CONFOUNDED)).value == found.value


@pytest.mark.parametrize("method", ["aipw", "ipw", "matching", "g_formula", "regression"])
def test_an_effect_that_differs_between_units_is_averaged(method):
    data = confounded(3, 4000, varying=1.0)
    terms = ("x:z",) if method in ("aipw", "g_formula", "regression") else ()
    found = effect(method, data, terms=terms)
    assert abs(found.value - (2 + data["z"].mean())) < 4 * found.std_error
    if method != "regression":
        treated = effect(method, data, terms=terms, target="ATT")
        assert abs(treated.value - (2 + data["z"][data["x"] == 1].mean())) < 4 * treated.std_error
        assert treated.value > found.value + 0.2


def test_a_wider_confidence_is_a_wider_interval():
    narrow, wide = effect(confidence=0.8), effect(confidence=0.99)
    assert narrow.interval[0] > wide.interval[0] and narrow.std_error == wide.std_error


def test_two_words_can_be_a_treatment():
    data = WORLD.assign(x=np.where(WORLD["x"] == 1, "yes", "no"))
    found = effect(data=data, levels=("no", "yes"))
    assert found.value == effect().value and found.contrast == "E[y | do(x=yes)] − E[y | do(x=no)]"
    assert effect(data=data, levels=("yes", "no")).value == pytest.approx(-found.value)
    assert effect(data=WORLD.assign(x=WORLD["x"].astype(bool))).value == found.value


def test_any_of_pandas_types_means_the_same():
    codes = WORLD["c"].map({"high": 0, "low": 1, "middle": 2})
    for change in (
        {"c": codes.astype("category")},
        {"c": WORLD["c"].astype("string"), "z": WORLD["z"].astype("Float64"), "x": WORLD["x"].astype("Int64")},
    ):
        assert effect(data=WORLD.assign(**change)).value == pytest.approx(effect().value)
    repeated = WORLD.set_index(pd.Index([1] * len(WORLD)))
    assert effect(data=repeated).value == effect().value


def test_a_treatment_of_many_values_for_methods_that_can():
    generator = np.random.default_rng(0)
    z = generator.normal(size=500)
    dose = z + generator.normal(size=500)
    data = pd.DataFrame({"z": z, "x": dose, "y": 3 * dose - z + generator.normal(size=500)})
    for method in ("regression", "g_formula"):
        assert effect(method, data, "z -> x -> y; z -> y").value == pytest.approx(3, abs=0.2)
        steps = effect(method, data, "z -> x -> y; z -> y", levels=(0.5, 2.5))
        assert steps.value == pytest.approx(2 * effect(method, data, "z -> x -> y; z -> y").value)


def test_what_the_graph_knows_and_the_data_lack_is_unobserved():
    with pytest.raises(ValueError, match=r"no adjustment will do: x <-> y"):
        effect(data=WORLD.drop(columns="z"))


def test_a_given_set_is_used_and_checked():
    graph = CausalGraph("z, c -> x -> y; z, c -> y; w -> y; x -> m")
    data = WORLD.assign(w=np.sin(np.arange(len(WORLD))), m=WORLD["x"] + np.cos(np.arange(len(WORLD))))
    found = effect(data=data, graph=graph, adjust_for=["w", "c", "z"])
    assert set(found.adjusted_for) == {"z", "c", "w"} and "as asked; the graph agrees" in found.chosen
    with pytest.raises(ValueError, match="adjusting for z does not do: x <- c -> y is not causal, and open given z"):
        effect(data=data, graph=graph, adjust_for="z")
    with pytest.raises(ValueError, match=r"is changed by the effect|no node"):
        effect(data=data, graph=CausalGraph("z, c -> x -> y; z, c -> y; y -> m"), adjust_for=["z", "c", "m"])


# --- refusals ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["aipw", "ipw", "matching", "regression", "g_formula", "g_estimation"])
def test_adjustment_is_refused_where_nothing_will_do(method):
    with pytest.raises(ValueError, match=r"x <-> y is not causal.*This graph allows the instrument z given c"):
        effect(method, graph="z -> x -> y; x <-> y; c -> z; c -> y")


@pytest.mark.parametrize(
    ("method", "reason"),
    [
        (
            "front_door",
            r"no front-door set exists: the causal path x -> y passes it by. This graph allows adjusting for z",
        ),
        ("2sls", r"no variable is an instrument here. This graph allows adjusting for z, c \(aipw"),
        ("difference", r"adjusting for nothing does not do: x <- z -> y is not causal, and open as it is"),
    ],
)
def test_other_methods_are_refused_with_the_reason_and_what_would_fit(method, reason):
    with pytest.raises(ValueError, match=reason):
        effect(method)


def test_a_confounder_that_is_no_column_is_named():
    with pytest.raises(ValueError, match=r"allows no method.*The data has no column for c of the graph"):
        estimate_effect(confounded(0).drop(columns="c"), CONFOUNDED, "x", "y", "aipw")


def test_plug_in_is_refused_with_the_hedge():
    with pytest.raises(ValueError, match=r"not identifiable: .*because of.*allows no method"):
        effect("plug_in", graph="x -> y; x <-> y; z; c")


def test_an_association_makes_no_claim():
    found = difference_in_means(WORLD, "x", "y")
    assert found.contrast == "E[y | x=1] − E[y | x=0]" and "nothing is adjusted for" in str(found)
    assert found.value > 2.5
    assert found.std_error == pytest.approx(
        np.sqrt(sum(group.var(ddof=1) / len(group) for _, group in WORLD.groupby("x")["y"]))
    )


# --- bad input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"z": 1.0}, r"column 'z' is constant: it is 1.0 in every row.*leave it out"),
        ({"x": 1}, r"column 'x' is constant"),
        ({"y": 0}, r"column 'y' is constant"),
        ({"z": WORLD["z"].where(WORLD.index != 7)}, r"column 'z' has 1 missing values, the first in row 7; .*dropna"),
        ({"c": WORLD["c"].where(WORLD.index != 8)}, r"column 'c' has 1 missing values, the first in row 8"),
        ({"y": WORLD["y"].where(WORLD.index != 9)}, r"column 'y' has 1 missing values, the first in row 9"),
        ({"z": WORLD["z"].where(WORLD.index != 7, np.inf)}, r"column 'z' is infinite in row 7"),
        ({"z": WORLD["x"] * 2.0}, r"column 'z' follows exactly from the treatment"),
        ({"y": WORLD["y"].astype(str)}, r"column 'y' is the outcome and must hold numbers"),
        ({"x": WORLD["c"]}, r"column 'x' is the treatment, whose values are 'high', 'low', 'middle'; say which two"),
        (
            {"z": WORLD["z"] * 1e-3 + 1e9},
            r"column 'z' varies by no more than 0.00\d+ around 1e\+09, .*subtract its mean",
        ),
        ({"x": (WORLD.index == 3) * 1}, r"only one row is treated"),
        ({"x": (WORLD.index != 3) * 1}, r"only one row is untreated"),
        ({"x": (WORLD["z"] > 0) * 1}, r"separation: most of all the column 'z'"),
        ({"x": WORLD["x"].where(WORLD["c"] != "low", 1)}, r"separation: most of all the column 'c\[low\]'"),
        ({"x": WORLD["x"] + 1}, r"'x' has 2 values \(1, 2\): say which is which with levels=\(1, 2\)"),
        ({"x": WORLD["z"] * 3 + WORLD["y"]}, r"'x' has 600 values .*use method='regression' or 'g_formula'"),
    ],
)
@pytest.mark.parametrize("method", ["aipw", "ipw", "matching", "g_estimation"])
def test_data_that_cannot_be_used_are_refused_by_column_and_row(method, change, message):
    with pytest.raises(ValueError, match=message):
        effect(method, WORLD.assign(**change))


@pytest.mark.parametrize("method", ["regression", "g_formula"])
def test_an_outcome_model_says_where_it_extrapolates(method):
    found = effect(method, WORLD.assign(x=WORLD["x"].where(WORLD["c"] != "low", 1)))
    assert "no overlap" in found.notes[0] and "note: " in str(found)
    assert effect(method).notes == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"method": "magic"}, r"there is no method 'magic'; there are aipw, "),
        ({"fold": 3}, r"method 'aipw' has no option 'fold'; it has outcome_model, propensity_model, folds, target"),
        ({"instrument": "z"}, r"method 'aipw' has no use for instrument='z': it rests on adjustment"),
        ({"method": "plug_in", "terms": ["z^2"]}, r"method 'plug_in' has no use for terms"),
        ({"method": "difference", "adjust_for": "z"}, r"no use for adjust_for='z': it adjusts for nothing"),
        ({"method": "matching", "bootstrap": 50}, r"not valid for matching"),
        ({"method": "regression", "censored": "c"}, r"does not know of censoring"),
        ({"confidence": 95}, r"confidence must lie between 0 and 1"),
        ({"terms": ["w^2"]}, r"the term w\^2 uses 'w', which is neither the treatment nor adjusted for"),
        ({"data": WORLD.iloc[:0]}, r"the data has no rows"),
        ({"data": WORLD.iloc[:4]}, r"rows are too few|is constant"),
        ({"data": WORLD.to_numpy()}, r"must be a pandas DataFrame"),
        ({"data": WORLD.drop(columns="y")}, r"the data has no column 'y'; its columns are z, c, x"),
        ({"graph": 42}, r"graph"),
        ({"graph": "z -> x"}, r"the graph has no node 'y'"),
        ({"adjust_for": "age"}, r"the graph has no node 'age'"),
        ({"levels": (0, 2)}, r"no row has x = 2"),
        ({"levels": 1}, r"levels must be two values of 'x', control and treated, not 1"),
        ({"terms": 5}, r"a term is a text such as 'age\^2', .* not 5"),
        ({"method": "regression", "at": {"z": "high"}}, r"at asks for z='high', but its values are numbers"),
        ({"levels": (1, 1)}, r"levels must be two values of 'x'"),
        ({"levels": ("a", "b"), "data": WORLD.assign(x=WORLD["x"] + 0.1 * WORLD["z"])}, r"levels must be two numbers"),
        ({"method": "ipw", "trim": "much"}, r"trim is the lowest score to keep, such as 0.1"),
        ({"method": "ipw", "trim": (0.1, 0.2, 0.3)}, r"trim is the lowest score to keep, such as 0.1"),
        ({"method": "ipw", "trim": 0.6}, r"trim is the lowest score to keep, such as 0.1"),
        ({"method": "ipw", "bootstrap": 1}, r"at least 2 replicates .*not 1"),
        ({"method": "ipw", "bootstrap": -3}, r"at least 2 replicates .*not -3"),
        ({"bootstrap": 10.5}, r"at least 2 replicates .*not 10.5"),
        ({"folds": 2.5}, r"folds must lie between 1 and \d+, .*not 2.5"),
        ({"method": "ipw", "censored": "c"}, r"column 'c' must be 1 where the outcome was not seen"),
        (
            {"method": "g_formula", "target": "ATT", "data": WORLD.assign(x=WORLD["z"] + WORLD["y"])},
            r"target 'ATT' is the effect on the treated, and 'x' is not 0 or 1",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        effect(**arguments)


def test_one_term_needs_no_list():
    assert effect(terms="z^2").value == effect(terms=["z^2"]).value


def test_trimming_nothing_keeps_all_rows():
    assert effect("ipw", trim=0).value == effect("ipw").value


def test_treatment_and_outcome_differ():
    with pytest.raises(ValueError, match="'x' cannot be treatment and outcome at once"):
        estimate_effect(WORLD, CONFOUNDED, "x", "x")
