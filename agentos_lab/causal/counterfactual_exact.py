"""Exact counterfactuals: discrete noise is counted out; linear equations with normal noise are linear algebra."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .counterfactual_result import Counterfactual, agrees, told
from .noise import Normal

if TYPE_CHECKING:
    from .structural_model import StructuralCausalModel

__all__ = ["LinearMap", "counted_out", "linear_map", "linear_normal"]

_PROBES = 64  # units at which an equation is tested for being linear


def counted_out(
    model: StructuralCausalModel,
    changed: StructuralCausalModel,
    evidence: Mapping[str, Any],
    do: Mapping[str, Any],
    query: str,
) -> Counterfactual:
    """Exact: go through all combinations of noise, and keep those that agree with the evidence."""
    noise, weight = changed.worlds()  # with the noise of a stochastic intervention, where there is one
    factual = model.compute(noise, len(weight))
    possible = np.ones(len(weight), dtype=bool)
    for name, value in evidence.items():
        possible &= agrees(factual[name], value)
    total = float(weight[possible].sum())
    if total == 0:
        raise ValueError(f"the evidence {told(evidence)} has probability 0 in this model")
    kept = possible & (weight > 0)
    imagined = changed.compute({name: values[kept] for name, values in noise.items()}, int(kept.sum()))
    return Counterfactual(
        query, dict(evidence), dict(do), changed, {name: values[kept] for name, values in noise.items()},
        weight[kept] / total, factual[query][kept], imagined[query], "exact (counted out)", evidence_probability=total,
    )  # fmt: skip


@dataclass(frozen=True)
class LinearMap:
    """V = constant + slopes U for a model with linear equations: rows are variables, columns noise."""

    constant: np.ndarray
    slopes: np.ndarray


def linear_map(model: StructuralCausalModel) -> LinearMap | None:
    """The model as a linear map of its noise; None unless all noise is normal and all equations are linear."""
    if not all(isinstance(kind, Normal) for kind in model.noise.values()):
        return None
    columns = {name: place for place, name in enumerate(model.noise)}
    constant: dict[str, float] = dict.fromkeys(columns, 0.0)
    slopes: dict[str, np.ndarray] = {name: np.eye(len(columns))[place] for name, place in columns.items()}
    drawn = _spread_out(model)
    for name, equation in model.equations.items():
        causes = equation.causes
        others = np.stack([drawn[cause] for cause in causes], axis=1) if causes else np.zeros((1, 0))
        points = np.vstack([np.zeros(len(causes)), np.eye(len(causes)), others])  # (points, causes)
        with np.errstate(all="ignore"):
            values = np.broadcast_to(equation({cause: points[:, i] for i, cause in enumerate(causes)}), (len(points),))
            if not np.issubdtype(values.dtype, np.number) or not np.isfinite(values).all():
                return None
        at_zero, coefficients = float(values[0]), values[1 : 1 + len(causes)] - values[0]
        if not np.allclose(values, at_zero + points @ coefficients):
            return None
        constant[name] = at_zero + sum(
            float(b) * constant[cause] for b, cause in zip(coefficients, causes, strict=True)
        )
        own = [float(b) * slopes[cause] for b, cause in zip(coefficients, causes, strict=True)]
        slopes[name] = np.sum(own, axis=0) if own else np.zeros(len(columns))
    names = list(model.equations)
    return LinearMap(np.array([constant[name] for name in names]), np.array([slopes[name] for name in names]))


def _spread_out(model: StructuralCausalModel) -> dict[str, np.ndarray]:
    """Values of all noise and variables at which an equation shows whether it bends: units of the model, and far ones.

    A bend such as max(X, 0) is missed by points of one sign, so there are many, on both sides.
    """
    generator = np.random.default_rng(0)
    likely = {name: kind.sample(_PROBES, generator) for name, kind in model.noise.items()}
    with np.errstate(all="ignore"):
        values = {**likely, **model.compute(likely, _PROBES)}
    far = {name: 30 * generator.normal(size=_PROBES) for name in values}
    return {name: np.concatenate([np.asarray(each), far[name]]) for name, each in values.items()}


def linear_normal(
    model: StructuralCausalModel, changed: StructuralCausalModel, before: LinearMap, after: LinearMap,
    evidence: Mapping[str, Any], do: Mapping[str, Any], query: str,
) -> Counterfactual:  # fmt: skip
    """Exact: the noise given the evidence is normal, with the mean and covariance of linear regression on it."""
    mean = np.array([kind.mean for kind in model.noise.values()])  # type: ignore[attr-defined]
    covariance = np.diag([kind.sd**2 for kind in model.noise.values()])  # type: ignore[attr-defined]
    names = list(model.equations)
    if evidence:
        rows = [names.index(name) for name in evidence]
        seen, constant = before.slopes[rows], before.constant[rows]
        surprise = np.array([float(value) for value in evidence.values()]) - constant - seen @ mean
        gain = covariance @ seen.T @ np.linalg.pinv(seen @ covariance @ seen.T)
        if np.max(np.abs(seen @ gain @ surprise - surprise)) > 1e-8 * (1 + np.max(np.abs(surprise))):
            raise ValueError(f"the evidence {told(evidence)} has probability 0 in this model")
        mean = mean + gain @ surprise
        covariance = covariance - gain @ seen @ covariance
    row = names.index(query)
    expected = float(after.constant[row] + after.slopes[row] @ mean)
    sd = float(np.sqrt(max(0.0, after.slopes[row] @ covariance @ after.slopes[row])))
    # Draws from the exact distribution, for the pictures; the moments above are those that answer.
    draws = np.random.default_rng(0).multivariate_normal(
        mean,
        (covariance + covariance.T) / 2,
        2000,
        method="svd",
        check_valid="ignore",  # it may round to below 0
    )
    noise = {name: draws[:, column] for column, name in enumerate(model.noise)}
    factual, imagined = model.compute(noise, len(draws)), changed.compute(noise, len(draws))
    return Counterfactual(
        query, dict(evidence), dict(do), changed, noise, np.full(len(draws), 1 / len(draws)),
        factual[query], imagined[query], "exact (linear, normal)", moments=(expected, sd),
    )  # fmt: skip
