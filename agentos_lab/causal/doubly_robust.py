"""Augmented inverse probability weighting: right if the outcome model or the propensity model is right.

The outcome model's prediction is corrected by the weighted residuals. With cross-fitting each row is judged by models
that did not see it, so that flexible learners may serve.
"""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np

from .diagnostics import covariate_balance, overlap, weight_summary
from .effect_estimate import Estimated
from .nuisance import fit_regressor
from .propensity_score import check_overlap, fit_propensity
from .study import Study
from .weighting import TARGETS, inverse_probability_weights

__all__ = ["aipw", "aipw_influence"]


def aipw(
    study: Study,
    *,
    outcome_model: Any = "linear",
    propensity_model: Any = "logit",
    folds: int | None = None,
    seed: int = 0,
    target: str = "ATE",
) -> Estimated:
    """The doubly robust estimate.

    Args:
        study: The data; treatment 0 or 1.
        outcome_model: ``"linear"``, ``"logit"``, or an object with scikit-learn's ``fit`` and ``predict``, which gets
            the columns of treatment, covariates and products.
        propensity_model: ``"logit"`` or an object with ``fit`` and ``predict_proba``.
        folds: In how many parts to cut the rows for cross-fitting; 1 fits and predicts on the same rows. Default 5 for
            learners from outside, which may remember single rows, and 1 for our own regressions, which cannot.
        seed: Of the cut.
        target: ``"ATE"`` or ``"ATT"``.

    Raises:
        ValueError: No overlap, separation, an unknown target, more folds than rows of either kind.

    Source: Robins, Rotnitzky & Zhao 1994; Chernozhukov et al. 2018, "Double/debiased machine learning for treatment
    and structural parameters", section 5.1.
    """
    if target not in ("ATE", "ATT"):
        raise ValueError(f"target must be 'ATE' or 'ATT', not {target!r}; swap the levels to get the ATC as −ATT")
    if folds is None:
        folds = 1 if isinstance(outcome_model, str) and isinstance(propensity_model, str) else 5
    fold = _folds(study.treatment, folds, seed)
    control, treated = np.empty(len(study)), np.empty(len(study))
    scores = np.empty(len(study))
    for held_out in range(folds):
        rows = fold == held_out
        learnt = study.take(~rows) if folds > 1 else study
        judged = study.take(rows)
        predict = fit_regressor(outcome_model, learnt.outcome_matrix(), learnt.outcome)
        control[rows], treated[rows] = predict(judged.outcome_matrix(0.0)), predict(judged.outcome_matrix(1.0))
        scores[rows] = fit_propensity(learnt, propensity_model)(judged.covariate_matrix())
    check_overlap(scores, study)
    value, influence = aipw_influence(study.outcome, study.treatment, scores, control, treated, target)
    weights = inverse_probability_weights(study.treatment, scores, target)
    found: dict[str, Any] = {"overlap": overlap(study, scores), "weights": weight_summary(weights),
                             "balance": covariate_balance(study, weights)}  # fmt: skip
    if found["weights"].largest_share > 0.05:
        found["notes"] = [f"one row carries {found['weights'].largest_share:.0%} of all weight: overlap is poor"]
    cut = f"cross-fitted in {folds} folds" if folds > 1 else "no cross-fitting"
    settings = f"{TARGETS[target]}, {_name(outcome_model)} and {_name(propensity_model)}, {cut}"
    return Estimated(value, float(influence.std() / np.sqrt(len(study))), settings, found)


def aipw_influence(
    outcome: np.ndarray,
    treatment: np.ndarray,
    scores: np.ndarray,
    control: np.ndarray,
    treated: np.ndarray,
    target: str = "ATE",
) -> tuple[float, np.ndarray]:
    """The estimate and its influence function, from the nuisance models' predictions.

    Args:
        outcome, treatment: (N,).
        scores: P(A = 1 | L), (N,).
        control, treated: E[Y | A = 0, L] and E[Y | A = 1, L], (N,).
        target: ``"ATE"`` or ``"ATT"``.
    """
    if target == "ATT":
        share = treatment.mean()
        terms = (treatment - (1 - treatment) * scores / (1 - scores)) * (outcome - control) / share
        value = float(terms.mean())
        return value, terms - value * treatment / share
    terms = (
        treated
        - control
        + treatment * (outcome - treated) / scores
        - (1 - treatment) * (outcome - control) / (1 - scores)
    )
    value = float(terms.mean())
    return value, terms - value


def _folds(treatment: np.ndarray, folds: int, seed: int) -> np.ndarray:
    """The fold of each row (N,); treated and untreated are spread evenly."""
    fewest = int(min(treatment.sum(), (1 - treatment).sum()))
    if not isinstance(folds, Integral) or not 1 <= folds <= fewest:
        raise ValueError(
            f"folds must lie between 1 and {fewest}, the smaller number of treated and untreated, not {folds}"
        )
    generator = np.random.default_rng(seed)
    fold = np.empty(len(treatment), dtype=int)
    for value in (0, 1):
        rows = generator.permutation(np.flatnonzero(treatment == value))
        fold[rows] = np.arange(len(rows)) % folds
    return fold


def _name(model: Any) -> str:
    return model if isinstance(model, str) else type(model).__name__
