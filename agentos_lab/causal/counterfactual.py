"""Counterfactuals in three stages: abduction, action, prediction (Pearl 2009, theorem 7.1.7).

Abduction: what does the evidence say about the noise of these units? Action: replace the equations of what is imagined.
Prediction: run the changed model with the noise that abduction found.

With discrete noise every combination is counted out; with linear equations and normal noise the noise given the
evidence is normal again; both are exact. Everything else is done by weighted particles.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .counterfactual_exact import counted_out, linear_map, linear_normal
from .counterfactual_particles import by_particles
from .counterfactual_result import Counterfactual

if TYPE_CHECKING:
    from .structural_model import StructuralCausalModel

__all__ = ["imagine"]


def imagine(
    model: StructuralCausalModel,
    evidence: Mapping[str, Any],
    do: Mapping[str, Any],
    query: str,
    *,
    method: str = "auto",
    particles: int = 20_000,
    seed: int = 0,
) -> Counterfactual:
    """Answer a counterfactual query; see `StructuralCausalModel.counterfactual`.

    Raises:
        ValueError: An unknown variable or method, evidence that cannot happen, or so unlikely that hardly a particle
            agrees with it.
    """
    for name in (*evidence, query):
        if name not in model.equations:
            raise ValueError(f"there is no variable {name!r}; there are {', '.join(model.equations)}")
    for name, value in evidence.items():
        if value != value:  # only nan differs from itself
            raise ValueError(f"the evidence {name}={value} is no value; leave {name} out where it was not seen")
    _check_kinds(model, evidence)
    if method not in ("auto", "exact", "particles"):
        raise ValueError(f'method is "auto", "exact" or "particles", got {method!r}')
    if particles < 1:
        raise ValueError(f"particles must be at least 1, got {particles}")
    changed = model.do(do)
    if method != "particles":
        if model.is_discrete and changed.is_discrete:
            return counted_out(model, changed, evidence, do, query)
        if (linear := linear_map(model)) and (after := linear_map(changed)) and set(changed.noise) == set(model.noise):
            return linear_normal(model, changed, linear, after, evidence, do, query)
        if method == "exact":
            raise ValueError("an exact answer needs discrete noise, or linear equations with normal noise")
    return by_particles(model, changed, evidence, do, query, particles, np.random.default_rng(seed))


def _check_kinds(model: StructuralCausalModel, evidence: Mapping[str, Any]) -> None:
    """Refuse a word as evidence about a variable whose values are numbers."""
    words = [name for name, value in evidence.items() if isinstance(value, str)]
    if words:
        units = model.sample(1)
        for name in words:
            if isinstance(units[name].iloc[0], (int, float, np.number)):
                raise ValueError(
                    f"the evidence {name}={evidence[name]!r} is a text, but the values of {name} are numbers"
                )
