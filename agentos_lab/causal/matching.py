"""Matching: each unit is compared with the most similar units that were treated otherwise, with replacement.

The standard error is Abadie and Imbens': a bootstrap is not valid for matching, however often it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .diagnostics import covariate_balance, overlap
from .effect_estimate import Estimated
from .linear_regression import linear_regression
from .propensity_score import propensity_scores
from .study import Study
from .weighting import TARGETS, target_rows

__all__ = ["matching", "nearest"]

_CELLS = 4_000_000  # distances that are held at once


def matching(
    study: Study,
    *,
    neighbours: int = 1,
    metric: str = "mahalanobis",
    bias_correction: bool = True,
    target: str = "ATE",
    propensity_model: Any = "logit",
) -> Estimated:
    """Nearest-neighbour matching with replacement; neighbours at the same distance all count.

    Args:
        study: The data; treatment 0 or 1.
        neighbours: How many matches each unit gets.
        metric: ``"mahalanobis"``, ``"scaled"`` (each column divided by its spread) or ``"propensity"``. The standard
            error takes the propensity score as known, which for the ATE errs on the safe side (Abadie & Imbens 2016).
        bias_correction: Add what a regression on the matched units expects from the remaining difference in
            covariates. Without it the bias of matching on several continuous covariates vanishes too slowly.
        target: ``"ATE"``, ``"ATT"`` or ``"ATC"``.
        propensity_model: For the metric ``"propensity"``, and to see whether there is overlap.

    Raises:
        ValueError: Nothing to match on; no overlap; an unknown metric or target; more neighbours than units.

    Source: Abadie & Imbens 2006, "Large sample properties of matching estimators for average treatment effects"
    (theorem 6 and 7); 2011, "Bias-corrected matching estimators"; Abadie et al. 2004 (ties).
    """
    if not study.adjusted_for:
        raise ValueError("there is nothing to match on; use method='difference', or name covariates in adjust_for")
    treated = study.treatment == 1
    fewest = int(min(treated.sum(), (~treated).sum()))
    if not 1 <= neighbours < fewest:
        raise ValueError(f"neighbours must lie between 1 and {fewest - 1}, not {neighbours}")
    scores = propensity_scores(study, propensity_model)  # refuses where nobody comparable exists
    covariates = study.covariate_matrix()[:, 1:]
    points = _points(covariates, metric, scores)
    chosen = target_rows(study, target)
    contribution = np.zeros(len(study))  # outcome minus that of the matches, treated minus untreated
    times = np.zeros(len(study))  # K(i): how often a unit serves as a match, in shares
    squared = np.zeros(len(study))  # the same with squared shares
    for group, sign in ((treated, 1), (~treated, -1)):
        asking, offering = np.flatnonzero(group & chosen), np.flatnonzero(~group)
        if not len(asking):
            continue
        used = np.zeros(len(study))
        away = np.zeros_like(covariates)  # how far each unit's covariates lie from its matches'
        for who, match in nearest(points[asking], points[offering], neighbours):  # a place for each pair
            who, match = asking[who], offering[match]
            share = 1 / np.bincount(who, minlength=len(study))[who]
            used += np.bincount(match, share, len(study))
            squared += np.bincount(match, share**2, len(study))
            contribution += sign * np.bincount(who, share * (study.outcome[who] - study.outcome[match]), len(study))
            for place, column in enumerate(covariates.T):
                away[:, place] += np.bincount(who, share * (column[who] - column[match]), len(study))
        times += used
        if bias_correction:
            rows = used > 0
            model = linear_regression(_with_ones(covariates[rows]), study.outcome[rows], used[rows])
            contribution -= sign * away @ model.coefficients[1:]
    value = float(contribution[chosen].mean())
    noise = _conditional_variance(study, points)
    # Abadie & Imbens 2006, theorems 6 and 7, with ties as in Abadie et al. 2004.
    spread = ((contribution[chosen] - value) ** 2).sum()
    reuse = ((times**2 - squared + (2 * times if target == "ATE" else 0)) * noise).sum()
    std_error = float(np.sqrt(spread + reuse) / chosen.sum())
    settings = f"{TARGETS[target]}, {neighbours} nearest by {metric} distance" + (", bias-corrected" * bias_correction)
    weights = np.where(chosen, 1.0, 0.0) + times
    found = {
        "overlap": overlap(study, scores),
        "balance": covariate_balance(study, weights),
        "most used": f"{times.max():.1f} times",
    }
    return Estimated(value, std_error, settings, found)


def nearest(points: np.ndarray, among: np.ndarray, count: int) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The nearest ones of each point, ties included, in portions that fit into memory.

    Args:
        points: (N, D).
        among: (M, D).
        count: How many at least.

    Yields:
        Pairs as two arrays of positions: a point, and one that is among its nearest. All of a point come together.
    """
    rows = max(1, _CELLS // len(among))
    lengths = (among**2).sum(axis=1)
    for start in range(0, len(points), rows):
        some = points[start : start + rows]
        distances = np.maximum((some**2).sum(axis=1)[:, None] + lengths - 2 * some @ among.T, 0.0)  # squared, (n, M)
        reach = np.partition(distances, count - 1, axis=1)[:, count - 1]
        who, match = np.nonzero(distances <= reach[:, None] + 1e-9 * (1 + reach[:, None]))
        yield who + start, match


def _points(covariates: np.ndarray, metric: str, scores: np.ndarray) -> np.ndarray:
    """Where each unit lies (N, D), so that plain distance is the metric."""
    if metric == "propensity":
        return np.log(scores / (1 - scores))[:, None]
    centred = covariates - covariates.mean(axis=0)
    if metric == "scaled":
        return centred / centred.std(axis=0)
    if metric == "mahalanobis":
        scaled = centred / centred.std(axis=0)
        values, vectors = np.linalg.eigh(scaled.T @ scaled / len(scaled))
        return scaled @ vectors / np.sqrt(np.maximum(values, 1e-12))
    raise ValueError(f"metric must be 'mahalanobis', 'scaled' or 'propensity', not {metric!r}")


def _conditional_variance(study: Study, points: np.ndarray, count: int = 2) -> np.ndarray:
    """The outcome's variance given treatment and covariates (N,), from each unit's nearest ones of its own kind."""
    variance = np.zeros(len(study))
    for value in (0, 1):
        rows = np.flatnonzero(study.treatment == value)
        outcome = study.outcome[rows]
        for who, alike in nearest(points[rows], points[rows], min(count + 1, len(rows))):  # the unit is among them
            size = np.maximum(np.bincount(who, minlength=len(rows)), 2)
            mean = np.bincount(who, outcome[alike], len(rows)) / size
            variance[rows] += np.bincount(who, (outcome[alike] - mean[who]) ** 2, len(rows)) / (size - 1)
    return variance


def _with_ones(columns: np.ndarray) -> np.ndarray:
    return np.column_stack([np.ones(len(columns)), columns])
