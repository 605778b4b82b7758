"""Inverse probability weighting: rows of a rare kind of treatment count for those like them who had the other.

Weighted by 1 / P(A = a | L), treated and untreated have the same covariates, as if treatment had been drawn by lot.
"""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np

from .bootstrap import bootstrap_counts, check_replicates, usable
from .diagnostics import covariate_balance, overlap, weight_summary
from .effect_estimate import Estimated
from .logistic_regression import logistic_regression, logistic_regressions
from .propensity_score import check_overlap, propensity_scores
from .study import Study

__all__ = ["TARGETS", "bootstrap_ipw", "inverse_probability_weights", "ipw", "target_rows"]

_WEIGHTS_AT_ONCE = 4_000_000  # samples times rows that a bootstrap holds in memory
# For whom an average effect is meant.
TARGETS = {"ATE": "everybody", "ATT": "the treated", "ATC": "the untreated"}


def ipw(
    study: Study,
    *,
    propensity_model: Any = "logit",
    normalize: bool = True,
    stabilize: bool = False,
    trim: float | tuple[float, float] | None = None,
    target: str = "ATE",
    errors: str = "robust",
) -> Estimated:
    """The difference of weighted means.

    Args:
        study: The data; treatment 0 or 1.
        propensity_model: ``"logit"`` or an object with scikit-learn's ``fit`` and ``predict_proba``.
        normalize: Divide by the sum of the weights (Hájek) instead of the number of rows (Horvitz & Thompson).
        stabilize: Multiply the weights by P(A = a). With one binary treatment this changes what they look like and
            nothing else.
        trim: Keep only rows whose score lies strictly between these two, e.g. ``(0.1, 0.9)``; 0.1 means the same. The
            effect is then that among them.
        target: ``"ATE"``, ``"ATT"`` or ``"ATC"``.
        errors: ``"robust"`` takes the weights as known, which for the ATE errs on the safe side; ``"sandwich"`` also
            counts that the logit was fitted.

    Raises:
        ValueError: No overlap, separation, nothing left after trimming or no such limits, an unknown target or kind of
            errors.

    Source: Hernán & Robins 2020, chapter 12; Hirano, Imbens & Ridder 2003; Crump et al. 2009 (trimming); Lunceford &
    Davidian 2004, "Stratification and weighting via the propensity score" (sandwich).
    """
    scores = propensity_scores(study, propensity_model)
    if errors not in ("robust", "sandwich"):
        raise ValueError(f"errors must be 'robust' or 'sandwich' (or bootstrap=200), not {errors!r}")
    if errors == "sandwich" and not (propensity_model == "logit" and normalize and trim is None):
        raise ValueError(
            "errors='sandwich' is for the normalised estimate with a logit and no trimming; use bootstrap=200"
        )
    low, high = (0.0, 1.0) if trim is None else _limits(trim)
    kept = (scores > low) & (scores < high)
    if len(set(study.treatment[kept])) < 2:
        raise ValueError(f"between the scores {low} and {high} there are not both kinds; trim less")
    used, scores = study.take(kept), scores[kept]
    weights = inverse_probability_weights(used.treatment, scores, target)
    if stabilize:
        share = used.treatment.mean()
        weights = weights * np.where(used.treatment == 1, share, 1 - share)
    if used.weights is not None:
        weights = weights * used.weights
    value, influence = _difference(used, weights, scores, normalize, target)
    if errors == "sandwich":
        influence = influence + _through_the_logit(used, weights, scores, target)
    settings = ["normalised" if normalize else "not normalised", TARGETS[target]]
    settings += ["stabilised"] * stabilize + ([f"trimmed to scores {low} to {high}"] if trim else [])
    found: dict[str, Any] = {"overlap": overlap(used, scores), "weights": weight_summary(weights),
                             "balance": covariate_balance(used, weights)}  # fmt: skip
    found["notes"] = _notes(found, int((~kept).sum()), target)
    std_error = float(np.sqrt((influence**2).mean() / len(used)))
    return Estimated(value, std_error, ", ".join(settings), found, int((weights > 0).sum()))


def inverse_probability_weights(treatment: np.ndarray, scores: np.ndarray, target: str = "ATE") -> np.ndarray:
    """The weight of each row (N,) for an average effect on everybody, the treated, or the untreated.

    Raises:
        ValueError: An unknown target.
    """
    _check_target(target)
    of_interest = {"ATE": np.ones_like(scores), "ATT": scores, "ATC": 1 - scores}[target]
    return of_interest / np.where(treatment == 1, scores, 1 - scores)


def target_rows(study: Study, target: str) -> np.ndarray:
    """The rows that an average effect is taken over, as a mask (N,).

    Raises:
        ValueError: An unknown target; the treated or untreated of a treatment that is not 0 or 1.
    """
    _check_target(target)
    if target == "ATE":
        return np.ones(len(study), dtype=bool)
    if not study.is_binary:
        raise ValueError(
            f"target {target!r} is the effect on {TARGETS[target]}, and {study.treatment_name!r} is not 0 or 1"
        )
    return study.treatment == (1 if target == "ATT" else 0)


def bootstrap_ipw(
    study: Study, *, replicates: int, seed: int, normalize: bool = True, target: str = "ATE"
) -> np.ndarray:
    """The bootstrap's values (B,) of IPW with a logit: all samples at once, as weights on the same rows.

    Raises:
        ValueError: Fewer than 2 replicates; too many samples in which the logit does not converge.
    """
    check_replicates(replicates)
    features, treatment = study.covariate_matrix(), study.treatment
    start = logistic_regression(features, treatment, names=list(study.covariates()))
    check_overlap(start.probabilities, study)
    size = max(1, _WEIGHTS_AT_ONCE // len(study))
    generator = np.random.default_rng(seed)
    values = []
    for first in range(0, replicates, size):
        counts = bootstrap_counts(len(study), min(size, replicates - first), generator).astype(float)  # (B, N)
        scores, converged = logistic_regressions(features, treatment, counts, start.coefficients)
        found = _weighted_differences(study, counts, scores, normalize, target)
        values.append(found[converged & np.isfinite(found)])
    return usable(np.concatenate(values), replicates, "the logit did not converge (separation in the sample)")


def _weighted_differences(
    study: Study, counts: np.ndarray, scores: np.ndarray, normalize: bool, target: str
) -> np.ndarray:
    """The estimates (B,) of samples that hold each row `counts` times (B, N)."""
    treatment = study.treatment
    rows = counts if study.weights is None else counts * study.weights
    weights = rows * inverse_probability_weights(treatment, scores, target)
    if normalize:
        treated, untreated = weights * treatment, weights * (1 - treatment)
        return treated @ study.outcome / treated.sum(axis=1) - untreated @ study.outcome / untreated.sum(axis=1)
    of_interest = {"ATE": np.ones_like(treatment), "ATT": treatment, "ATC": 1 - treatment}[target]
    return weights @ ((2 * treatment - 1) * study.outcome) / (counts @ of_interest)


def _difference(
    study: Study, weights: np.ndarray, scores: np.ndarray, normalize: bool, target: str
) -> tuple[float, np.ndarray]:
    """The difference of weighted means and its influence function (N,), the weights taken as known."""
    treated = study.treatment == 1
    if normalize:
        means = [np.average(study.outcome[group], weights=weights[group]) for group in (treated, ~treated)]
        parts = [
            group * weights * (study.outcome - mean) / (weights * group).mean()
            for group, mean in zip((treated, ~treated), means, strict=True)
        ]
        return float(means[0] - means[1]), parts[0] - parts[1]
    plain = inverse_probability_weights(study.treatment, scores, target)
    plain = plain if study.weights is None else plain * study.weights
    of_interest = target_rows(study, target)
    terms = np.where(treated, 1, -1) * plain * study.outcome / of_interest.mean()
    value = float(terms.mean())
    return value, terms - value * of_interest / of_interest.mean()


def _through_the_logit(study: Study, weights: np.ndarray, scores: np.ndarray, target: str) -> np.ndarray:
    """What the fitted logit adds to the influence function (N,)."""
    treated, features = study.treatment == 1, study.covariate_matrix()
    # How a weight moves with the log-odds of its score.
    slope = {
        "ATE": np.where(treated, -(1 - scores), scores),
        "ATT": np.where(treated, 0.0, 1.0),
        "ATC": np.where(treated, -1.0, 0.0),
    }[target] * weights
    moved = np.zeros(len(study))
    for group, sign in ((treated, 1), (~treated, -1)):
        mean = np.average(study.outcome[group], weights=weights[group])
        moved += sign * group * slope * (study.outcome - mean) / (weights * group).mean()
    gradient = (features * moved[:, None]).mean(axis=0)
    curvature = (features.T * (scores * (1 - scores))) @ features / len(study)
    return (features * (study.treatment - scores)[:, None]) @ np.linalg.pinv(curvature) @ gradient


def _notes(found: dict[str, Any], dropped: int, target: str) -> list[str]:
    notes = []
    if dropped:
        notes.append(f"{dropped} rows were trimmed: this is the effect among those that are left")
    if found["weights"].largest_share > 0.05:
        notes.append(f"one row carries {found['weights'].largest_share:.0%} of all weight: overlap is poor")
    elif target == "ATE" and found["overlap"].extreme:
        notes.append(f"{found['overlap'].extreme} rows have scores within 0.01 of 0 or 1: see how the estimate changes "
                     "with trim=(0.05, 0.95)")  # fmt: skip
    return notes


def _limits(trim: Any) -> tuple[float, float]:
    """The scores between which rows are kept."""
    limits: Any = (trim, 1 - float(trim)) if isinstance(trim, Real) else trim
    numbers = isinstance(limits, (tuple, list)) and all(isinstance(limit, Real) for limit in limits)
    if not numbers or len(limits) != 2 or not 0 <= limits[0] < limits[1] <= 1:
        raise ValueError(f"trim is the lowest score to keep, such as 0.1, or lowest and highest, not {trim!r}")
    return limits[0], limits[1]


def _check_target(target: str) -> None:
    if target not in TARGETS:
        raise ValueError(f"target must be one of {', '.join(TARGETS)}, not {target!r}")
