"""Published tables, to the printed decimals.

NHEFS: Hernán & Robins 2020, "Causal Inference: What If", chapters 12 to 16. LaLonde, Card, Thornton: Cunningham 2021,
"Causal Inference: The Mixtape".
"""

from __future__ import annotations

import pytest
from causal_studies import (
    LALONDE,
    LALONDE_TERMS,
    NHEFS,
    NHEFS_TERMS,
    lalonde_with_cps,
    nhefs,
    nhefs_everybody,
)

from agentos_lab.causal import difference_in_means, estimate_effect

CONTROLS = "exper, black, south, married, smsa"


def smoking(method, *more_terms, data=None, **options):
    data = nhefs() if data is None else data
    return estimate_effect(data, NHEFS, "qsmk", "wt82_71", method, terms=NHEFS_TERMS + more_terms, **options)


def printed(estimate, decimals=2):
    return tuple(round(number, decimals) for number in (estimate.value, *estimate.interval))


@pytest.mark.parametrize("stabilize", [False, True])
def test_weighting_gives_the_effect_of_quitting(stabilize):
    found = smoking("ipw", stabilize=stabilize)
    assert printed(found) == (3.44, 2.41, 4.47) and found.n == 1566
    weights = found.diagnostics["weights"]
    shown = round(weights.lowest, 2), round(weights.mean, 2), round(weights.highest, 2)
    assert shown == ((0.33, 1.0, 4.3) if stabilize else (1.05, 2.0, 16.7))


def test_weighting_for_censoring_too():
    assert printed(smoking("ipw", data=nhefs_everybody(), censored="censored"), 1) == (3.5, 2.5, 4.5)


def test_standardisation():
    found = smoking("g_formula", "qsmk:smokeintensity")
    assert round(found.value, 2) == 3.52
    drawn = smoking("standardization", "qsmk:smokeintensity", bootstrap=100)
    assert drawn.value == found.value and printed(drawn, 0) == (4, 3, 4)


def test_regression():
    assert printed(smoking("regression")) == (3.46, 2.60, 4.32)


@pytest.mark.parametrize(("cigarettes", "expected"), [(5, (2.79, 1.48, 4.10)), (40, (4.43, 2.76, 6.09))])
def test_the_effect_differs_with_what_one_smoked(cigarettes, expected):
    assert printed(smoking("regression", "qsmk:smokeintensity", at={"smokeintensity": cigarettes})) == expected


def test_g_estimation_with_censoring_weights():
    found = smoking("g_estimation", data=nhefs_everybody(), censored="censored")
    assert round(found.value, 3) == 3.446 and found.n == 1566
    assert printed(found, 1) == (3.4, 2.5, 4.4)
    both = smoking("g_estimation", "qsmk:smokeintensity", data=nhefs_everybody(), censored="censored")
    assert both.diagnostics["psi"] == "qsmk 2.8595, qsmk:smokeintensity 0.0300"  # the book: 2.86 and 0.03


@pytest.mark.parametrize("method", ["wald", "2sls"])
def test_the_price_of_cigarettes_is_a_weak_instrument(method):
    data = nhefs().dropna(subset=["price82"])
    data = data.assign(dear=(data["price82"] >= 1.5) * 1)
    found = estimate_effect(data, "dear -> qsmk -> wt82_71; qsmk <-> wt82_71", "qsmk", "wt82_71", method)
    assert round(found.value, 2) == 2.40 and round(found.std_error, 1) == 19.8 and found.n == 1476
    assert "weak" in found.notes[0]


def test_crude_means():
    found = difference_in_means(nhefs(), "qsmk", "wt82_71")
    assert round(found.value, 2) == 2.54
    assert found.diagnostics["means"] == "treated 4.5251 (n = 403), untreated 1.9845 (n = 1163)"


def test_the_experiment_of_lalonde():
    from causaldata import nsw_mixtape

    data = nsw_mixtape.load_pandas().data
    found = estimate_effect(data, "treat -> re78", "treat", "re78", "difference", errors="HC3")
    assert (round(found.value, 2), round(found.std_error, 1), found.n) == (1794.34, 672.7, 445)


def test_lalonde_with_people_who_are_not_comparable():
    assert round(difference_in_means(lalonde_with_cps(), "treat", "re78").value, 2) == -8497.52


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"normalize": False}, -11876.8),
        ({}, -7238.1),
        ({"normalize": False, "trim": (0.1, 0.9)}, 2006.4),
        ({"trim": (0.1, 0.9)}, 1806.7),
    ],
)
def test_lalonde_weighted_and_trimmed(options, expected):
    found = estimate_effect(lalonde_with_cps(), LALONDE, "treat", "re78", "ipw", terms=LALONDE_TERMS, **options)
    assert round(found.value, 1) == expected
    if not options:
        overlap = found.diagnostics["overlap"]
        means = [overlap.scores[overlap.treatment == kind].mean().round(4) for kind in (1, 0)]
        assert means == [0.4254, 0.0066]  # on int8 columns age ** 2 overflows, and gives 0.3275 without a word


def test_the_returns_to_schooling_near_a_college():
    from causaldata import close_college

    data = close_college.load_pandas().data.dropna()
    graph = f"nearc4 -> educ -> lwage; educ <-> lwage; {CONTROLS} -> nearc4, educ, lwage"
    found = estimate_effect(data, graph, "educ", "lwage", "2sls")
    assert (round(found.value, 4), round(found.std_error, 3), found.n) == (0.1242, 0.050, 3003)
    assert found.diagnostics["first stage"].startswith("nearc4 0.3273 ")
    assert round(found.diagnostics["first stage F"], 2) == 15.77
    plain = estimate_effect(data, f"{CONTROLS} -> educ -> lwage; {CONTROLS} -> lwage", "educ", "lwage", "regression")
    assert (round(plain.value, 4), round(plain.std_error, 4)) == (0.0712, 0.0035)


def test_who_fetched_the_result_when_it_was_paid():
    from causaldata import thornton_hiv

    data = thornton_hiv.load_pandas().data.dropna(subset=["got", "any"])
    found = estimate_effect(data, "any -> got", "any", "got", "difference")
    assert found.diagnostics["means"].startswith("treated 0.789") and "untreated 0.3387 " in found.diagnostics["means"]
    assert (round(found.value, 3), found.n) == (0.451, 2834)


def people(name, counts):
    from agentos_lab.datasets import load_table

    table = load_table(name)
    return table.loc[table.index.repeat(table[counts])].reset_index(drop=True)


def test_berkeley_turns_around_within_departments():
    applicants, sexes = people("berkeley_admissions", "applicants"), ("male", "female")
    assert len(applicants) == 4526
    crude = difference_in_means(applicants, "sex", "admitted", levels=sexes)
    assert round(100 * crude.value, 1) == -14.2
    graph = "department -> sex -> admitted; department -> admitted"  # the reading that holds departments fixed
    adjusted = estimate_effect(applicants, graph, "sex", "admitted", "plug_in", levels=sexes, bootstrap=20)
    assert round(100 * adjusted.value, 1) == 4.3


@pytest.mark.parametrize("method", ["plug_in", "ipw", "aipw", "matching"])
def test_the_better_treatment_of_kidney_stones(method):
    patients, graph = people("kidney_stones", "patients"), "size -> treatment -> success; size -> success"
    assert len(patients) == 700
    crude = difference_in_means(patients, "treatment", "success", levels=("B", "A"))
    assert (
        crude.diagnostics["means"].startswith("treated 0.7800 ") and "untreated 0.8257 " in crude.diagnostics["means"]
    )
    found = estimate_effect(patients, graph, "treatment", "success", method, levels=("B", "A"))
    assert found.value == pytest.approx(357 / 700 * (81 / 87 - 234 / 270) + 343 / 700 * (192 / 263 - 55 / 80))
