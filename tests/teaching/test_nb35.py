"""The checks of notebook 35: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.teaching import check


def on_the_treated(share, takes, gain):
    treated = [s * t for s, t in zip(share, takes, strict=True)]
    return sum(w * g for w, g in zip(treated, gain, strict=True)) / sum(treated)


def imagined_mean(model, evidence, do, query):
    noise, weight = model.worlds()
    was, changed = model.compute(noise, len(weight)), model.do(do).compute(noise, len(weight))
    kept = [i for i in range(len(weight)) if all(was[name][i] == value for name, value in evidence.items())]
    return sum(weight[i] * changed[query][i] for i in kept) / sum(weight[i] for i in kept)


def without_sharing(model, evidence, do, query):
    noise, weight = model.worlds()
    was, changed = model.compute(noise, len(weight)), model.do(do).compute(noise, len(weight))
    agrees = np.ones(len(weight))
    for name, value in evidence.items():
        agrees = agrees * (was[name] == value)
    return (weight * agrees) @ changed[query]


def evidence_in_the_wrong_world(model, evidence, do, query):
    changed = model.do(do)
    noise, weight = changed.worlds()
    values = changed.compute(noise, len(weight))
    agrees = np.ones(len(weight), dtype=bool)
    for name, value in evidence.items():
        agrees &= values[name] == value
    total = (weight * agrees).sum()
    return (weight * agrees) @ values[query] / total if total else np.nan


def mediation(P_M, E_Y):
    (a, b), ((y00, y01), (y10, y11)) = P_M, E_Y
    nothing = (1 - a) * y00 + a * y01
    total = (1 - b) * y10 + b * y11 - nothing
    return total, (1 - a) * y10 + a * y11 - nothing, (1 - b) * y00 + b * y01 - nothing


def total_minus_direct(P_M, E_Y):
    total, direct, _ = mediation(P_M, E_Y)
    return total, direct, total - direct


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("encouraged", 2.85),
        ("on_the_treated", on_the_treated),
        ("imagined_mean", imagined_mean),
        ("imagined_mean", lambda m, evidence, do, query: m.counterfactual(evidence, do, query).mean),
        ("blame", 0.6),
        ("blame", 12 / 20),
        ("mediation", mediation),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"35.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("encouraged", 2.55, "more encouragement"),
        ("encouraged", 1.8, "rung 2"),
        ("encouraged", 2.1, "own noise"),
        ("encouraged", 2.45, "one way only"),
        ("encouraged", 1.9, "too small"),
        ("on_the_treated", lambda share, takes, gain: np.dot(share, gain), "on everybody"),
        ("on_the_treated", lambda share, takes, gain: np.sum(np.multiply(share, takes) * gain), "divide by their sum"),
        ("on_the_treated", lambda share, takes, gain: np.dot(takes, gain) / sum(takes), "how many people"),
        ("on_the_treated", lambda s, takes, gain: on_the_treated(s, [1 - t for t in takes], gain), "*untreated*"),
        ("imagined_mean", lambda m, evidence, do, query: m.counterfactual({}, do, query).mean, "rung 2"),
        ("imagined_mean", lambda m, evidence, do, query: m.counterfactual(evidence, {}, query).mean, "action is"),
        ("imagined_mean", without_sharing, "add up to 1"),
        ("imagined_mean", evidence_in_the_wrong_world, "*changed* world"),
        ("blame", 0.5, "experiment alone"),
        ("blame", 0.4, "counts the others"),
        ("blame", 12, "share among the 20"),
        ("blame", 0.25, "like those in the experiment"),
        ("blame", 0, "four steps"),
        ("blame", 1.0, "too large"),
        ("mediation", total_minus_direct, "E_Y[0], not E_Y[1]"),
        ("mediation", lambda P, E: tuple(mediation(P, E)[i] for i in (0, 2, 1)), "exchanged"),
        ("mediation", lambda P, E: (mediation(P, E)[0], E[1][0] - E[0][0], mediation(P, E)[2]), "held at 0"),
        ("mediation", lambda P, E: mediation(P, E)[:2], "shape (2,)"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"35.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
