"""Counterfactuals by weighted particles, for models that no exact method covers.

The noise is drawn. Where the equation of an observed variable tells what its noise must have been, that noise is
computed instead of drawn, and the particle weighed by its density (importance sampling with the posterior of one noise
variable at a time as the proposal).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .counterfactual_result import Counterfactual, agrees, told
from .noise import as_values

if TYPE_CHECKING:
    from .structural_model import StructuralCausalModel

__all__ = ["by_particles"]

_FEW = 50  # effective particles below which an answer is refused
_ROUNDING = 1e-9  # of a value whose noise was computed from it


def by_particles(
    model: StructuralCausalModel, changed: StructuralCausalModel, evidence: Mapping[str, Any], do: Mapping[str, Any],
    query: str, particles: int, generator: np.random.Generator,
) -> Counterfactual:  # fmt: skip
    """Weighted draws of the noise: each equation with evidence fixes one noise variable, or gives weight 0 or 1."""
    values: dict[str, np.ndarray] = {}
    weights = np.ones(particles)
    missed = ""  # the first variable of the evidence whose value no particle has
    for name, equation in model.equations.items():
        undrawn = [cause for cause in equation.causes if cause in model.noise and cause not in values]
        # The noise that the evidence will tell: a continuous one if there is one.
        undrawn.sort(key=lambda cause: model.noise[cause].support is not None)
        revealed = undrawn[0] if name in evidence and undrawn else None
        for cause in undrawn:
            if cause != revealed:
                values[cause] = model.noise[cause].sample(particles, generator)
        if revealed is not None:
            solve = _revealed_continuous if model.noise[revealed].support is None else _revealed_discrete
            values[revealed], factor = solve(model, name, revealed, evidence[name], values, particles, generator)
            weights = weights * factor
        values[name] = np.broadcast_to(equation(values), (particles,)).copy()
        if name in evidence:
            found = agrees(values[name], evidence[name], _ROUNDING)
            missed = missed if missed or found.any() else name
            weights = weights * found
    for cause in changed.noise:
        if cause not in values:
            values[cause] = changed.noise[cause].sample(particles, generator)
    total = float(weights.sum())
    effective = total**2 / float((weights**2).sum()) if total > 0 else 0.0
    if effective < min(_FEW, particles):
        remedy = (
            f"none has {missed}={evidence[missed]}, which cannot happen, or the equation of {missed} is no line in its "
            f"noise, so that its value does not tell the noise; write it as a line, or leave {missed} out"
            if missed
            else "ask for more particles, or for evidence that is less unlikely"
        )
        raise ValueError(
            f"only about {effective:.0f} of {particles} particles agree with the evidence {told(evidence)}: {remedy}"
        )
    weights = weights / total
    noise = {name: values[name] for name in changed.noise}
    imagined = changed.compute(noise, particles)[query]
    error = 0.0
    if np.issubdtype(imagined.dtype, np.number):
        error = float(np.sqrt((weights**2) @ (imagined - weights @ imagined) ** 2))
    return Counterfactual(
        query, dict(evidence), dict(do), changed, noise, weights, values[query], imagined, "particles", std_error=error,
        evidence_probability=total / particles,
    )  # fmt: skip


def _revealed_continuous(
    model: StructuralCausalModel, name: str, revealed: str, value: Any, values: dict[str, np.ndarray], particles: int,
    generator: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """The noise that makes an equation give the observed value, where it is linear in it; weighed by its density."""
    equation, kind = model.equations[name], model.noise[revealed]
    probes = kind.sample(particles, np.random.default_rng(0))

    def outcome(noise: np.ndarray) -> np.ndarray:
        return np.broadcast_to(equation({**values, revealed: noise}), (particles,))

    low, high = np.quantile(probes, (0.1, 0.9))
    points = (np.full(particles, low), np.full(particles, high), probes)
    with np.errstate(all="ignore"):
        at_low, at_high, at_probes = (outcome(noise) for noise in points)
        linear = np.issubdtype(at_low.dtype, np.number)
        if linear:  # a bend such as abs(U) shows at the probes, which lie on both sides of everything likely
            slope = (at_high - at_low) / (high - low)
            linear = bool(np.all(slope != 0)) and np.allclose(at_probes, at_low + slope * (probes - low))
    if not linear:
        return kind.sample(particles, generator), np.ones(particles)
    noise = low + (float(value) - at_low) / slope
    return noise, kind.density(noise) / np.abs(slope)


def _revealed_discrete(
    model: StructuralCausalModel, name: str, revealed: str, value: Any, values: dict[str, np.ndarray], particles: int,
    generator: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:  # fmt: skip
    """A draw among the noise values that give the observed value; weighed by their probability together."""
    equation, kind = model.equations[name], model.noise[revealed]
    options = as_values(kind.support or ())

    def fits(option: Any) -> np.ndarray:
        given = equation({**values, revealed: np.full(particles, option)})
        return agrees(np.broadcast_to(given, (particles,)), value, _ROUNDING) * kind.density(np.array(option))

    fitting = np.stack([fits(option) for option in options])  # (options, particles)
    total = fitting.sum(axis=0)
    cumulative = np.cumsum(fitting, axis=0)
    chosen = (generator.random(particles) * total > cumulative).sum(axis=0).clip(max=len(options) - 1)
    return options[chosen], total
