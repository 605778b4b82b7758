"""Omitted-variable bias: what an unmeasured cause of given strength would do to a regression's estimate.

Strength is a partial R²: the share of what is left of the treatment (and of the outcome) that it would explain. The
robustness value is the strength, equal for both, that would just explain the estimate away.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .effect_estimate import EffectEstimate
from .effect_estimation import estimate_effect
from .graph import CausalGraph, Names
from .linear_regression import linear_regression
from .study import make_study
from .terms import Term, parse_terms

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "OmittedVariableBias",
    "adjusted_effect",
    "benchmark_strength",
    "omitted_variable_bias",
    "partial_r2",
    "robustness_value",
]


@dataclass(frozen=True)
class OmittedVariableBias:
    """What it would take, and what causes as strong as a measured one would do.

    Attributes:
        estimate: The regression's.
        partial_r2: The share of the outcome's rest that the treatment explains.
        robustness_value: The strength that brings the estimate to 0.
        robustness_of_interval: The strength that brings the interval's end to 0.
        benchmark: The measured variable to compare with; empty without one.
        rows: For each strength k: k, partial R² with the treatment, with the outcome (at most 1), the estimate then and
            its standard error.
    """

    estimate: EffectEstimate
    partial_r2: float
    robustness_value: float
    robustness_of_interval: float
    benchmark: str = ""
    rows: tuple[tuple[float, float, float, float, float], ...] = ()

    @property
    def table(self) -> pd.DataFrame:
        """The rows as a table."""
        import pandas as pd

        return pd.DataFrame(self.rows, columns=["times", "r2_treatment", "r2_outcome", "estimate", "std_error"])

    def __str__(self) -> str:
        lines = [
            f"estimate {self.estimate.value:.4f}; the treatment explains {self.partial_r2:.2%} of the outcome's rest",
            f"an unmeasured cause brings it to 0 if it explains {self.robustness_value:.2%} of the rest of both; the "
            f"interval's end, {self.robustness_of_interval:.2%}",
        ]
        for times, _, r2_outcome, value, error in self.rows:
            then = f"  {times:g} times as strong as {self.benchmark}: estimate {value:.4f}"
            most = r2_outcome == 1  # the bound of Cinelli and Hazlett is beyond what is possible
            lines.append(
                f"{then}, if it explains all of the outcome" if most else f"{then} (standard error {error:.4f})"
            )
        return "\n".join(lines)

    __repr__ = __str__


def omitted_variable_bias(
    data: pd.DataFrame,
    graph: CausalGraph | str,
    treatment: str,
    outcome: str,
    *,
    benchmark: str | None = None,
    strengths: Sequence[float] = (1, 2, 3),
    adjust_for: Names | None = None,
    terms: Iterable[str | Term] = (),
    levels: tuple[Hashable, Hashable] | None = None,
    confidence: float = 0.95,
) -> OmittedVariableBias:
    """The sensitivity of a linear regression's estimate to a cause that was left out.

    Args:
        data, graph, treatment, outcome, adjust_for, terms, levels, confidence: As for `estimate_effect`.
        benchmark: A variable that is adjusted for; the omitted cause is compared with it.
        strengths: How many times as strong.

    Raises:
        ValueError: As for `estimate_effect`; products with the treatment; a benchmark that is not adjusted for, or
            that is so strong that nothing can be k times as strong.

    Source: Cinelli & Hazlett 2020, "Making sense of sensitivity: extending omitted variable bias", sections 3 and 4.
    """
    terms = parse_terms(terms)
    estimate = estimate_effect(
        data, graph, treatment, outcome, "regression", adjust_for=adjust_for, terms=terms, levels=levels,
        confidence=confidence,
    )  # fmt: skip
    study = make_study(data, treatment, outcome, estimate.adjusted_for, terms=terms, levels=levels)
    if study.effect_terms:
        raise ValueError(f"the formulas hold for one coefficient of the treatment; leave out {study.effect_terms[0]}")
    freedom = int(estimate.diagnostics["degrees of freedom"])
    if not estimate.std_error > 1e-12 * abs(estimate.value):
        raise ValueError(f"the regression explains all of {outcome}; there is nothing left for an unmeasured cause")
    t = estimate.value / estimate.std_error
    rows = []
    if benchmark is not None:
        if benchmark not in estimate.adjusted_for:
            known = ", ".join(estimate.adjusted_for) or "nothing"
            raise ValueError(f"the benchmark {benchmark!r} must be one of what is adjusted for: {known}")
        own = [benchmark in term.names for term in study.terms for _ in term.columns(study.data, study.categories)]
        covariates, mask = study.covariate_matrix(), np.array([False, *own])
        with_treatment = partial_r2(covariates[:, ~mask], covariates[:, mask], study.treatment)
        others = np.column_stack([covariates[:, ~mask], study.treatment])
        with_outcome = partial_r2(others, covariates[:, mask], study.outcome)
        for times in strengths:
            strong = benchmark_strength(with_treatment, with_outcome, times)
            rows.append((float(times), *strong, *adjusted_effect(estimate.value, estimate.std_error, freedom, *strong)))
    return OmittedVariableBias(
        estimate,
        t**2 / (t**2 + freedom),
        robustness_value(t, freedom),
        robustness_value(t, freedom, confidence=confidence),
        benchmark or "",
        tuple(rows),
    )


def robustness_value(t: float, freedom: int, share: float = 1.0, confidence: float | None = None) -> float:
    """The partial R², with treatment and outcome alike, that takes away a share of the estimate.

    Args:
        t: The treatment's t-value.
        freedom: Degrees of freedom of the regression.
        share: 1 for all of the estimate.
        confidence: Take away as much that the interval at this confidence holds 0; None for the estimate itself.

    Source: Cinelli & Hazlett 2020, equations 18 and 19.
    """
    f = share * abs(t) / math.sqrt(freedom)
    if confidence is not None:
        f -= _t_quantile(0.5 + confidence / 2, freedom - 1) / math.sqrt(freedom - 1)
    if f <= 0:
        return 0.0
    return (math.sqrt(f**4 + 4 * f**2) - f**2) / 2


def adjusted_effect(
    value: float, std_error: float, freedom: int, r2_treatment: float, r2_outcome: float
) -> tuple[float, float]:
    """Estimate and standard error, had a cause of this strength been in the regression (its bias taken towards 0).

    Source: Cinelli & Hazlett 2020, equations 13 and 15.
    """
    bias = std_error * math.sqrt(freedom * r2_outcome * r2_treatment / (1 - r2_treatment))
    error = std_error * math.sqrt((1 - r2_outcome) / (1 - r2_treatment) * freedom / (freedom - 1))
    return math.copysign(1, value) * (abs(value) - bias), error


def benchmark_strength(with_treatment: float, with_outcome: float, times: float) -> tuple[float, float]:
    """The partial R² with treatment and outcome of a cause `times` as strong as a measured one.

    Args:
        with_treatment: Partial R² of the measured one with the treatment, given the other covariates.
        with_outcome: The same with the outcome, given the treatment too.
        times: How many times as strong.

    Raises:
        ValueError: Nothing can be so strong, or the strength is not positive.

    Source: Cinelli & Hazlett 2020, section 4.4.
    """
    if not times > 0:
        raise ValueError(f"a strength says how many times as strong a cause is; it is positive, not {times!r}")
    r2_treatment = times * with_treatment / (1 - with_treatment)
    if r2_treatment >= 1 or times * with_treatment >= 1:
        raise ValueError(
            f"nothing can be {times:g} times as strong: it would explain {r2_treatment:.0%} of the treatment"
        )
    shared = times * with_treatment**2 / ((1 - times * with_treatment) * (1 - with_treatment))
    if shared >= 1:
        raise ValueError(f"nothing can be {times:g} times as strong as this benchmark; take a smaller strength")
    factor = (math.sqrt(times) + math.sqrt(shared)) / math.sqrt(1 - shared)
    return r2_treatment, min(factor**2 * with_outcome / (1 - with_outcome), 1.0)


def partial_r2(others: np.ndarray, columns: np.ndarray, target: np.ndarray) -> float:
    """The share of what `others` (N, P) leave of `target` (N,) that `columns` (N, Q) explain."""
    before = linear_regression(others, target).residuals
    after = linear_regression(np.column_stack([others, columns]), target).residuals
    return 1 - float(after @ after) / float(before @ before)


def _t_quantile(probability: float, freedom: int) -> float:
    """Student's quantile by Cornish and Fisher's expansion; right to three decimals from 10 degrees of freedom."""
    from statistics import NormalDist  # here, since it loads decimal and fractions

    z = NormalDist().inv_cdf(probability)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
