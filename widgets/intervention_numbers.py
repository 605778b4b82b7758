"""The three questions of an InterventionLab, answered for every value of the treatment: seen, done, imagined.

Everything is simulated from one structural model, with the same noise for every value: seeing keeps the units near a
value, doing sets all of them to it, imagining changes it for a single unit whose noise abduction has found.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agentos_lab.causal import StructuralCausalModel
from agentos_lab.causal.counterfactual_result import Counterfactual

__all__ = ["Axis", "Curves", "Simulation", "imagined_curves", "simulate", "smooth"]

SAMPLE, SETTINGS, RECORDS, PARTICLES = 60_000, 6_000, 1_500, 2_000  # draws: to see, to do, to show, to imagine
STEPS = 100  # of the treatment's axis
BINS = 48  # of the outcome's axis
FEW_LEVELS = 6  # a variable with at most so many values is drawn as discrete
FEWEST = 40  # of the large sample; where fewer are near a value, nothing can be said about those seen there


@dataclass(frozen=True)
class Axis:
    """The range of a variable in the pictures.

    Attributes:
        low, high: Its ends.
        levels: Its values, if it has few; else empty.
    """

    low: float
    high: float
    levels: tuple[float, ...] = ()


@dataclass(frozen=True, eq=False)
class Curves:
    """The outcome for each value of the treatment.

    Attributes:
        mean, sd: (G,), NaN where nothing is known.
        density: (G, D) its distribution over the outcome's bins or levels; each row sums to 1.
    """

    mean: np.ndarray
    sd: np.ndarray
    density: np.ndarray


@dataclass(frozen=True, eq=False)
class Simulation:
    """What a model says about X and Y.

    Attributes:
        x, y: The axes.
        grid: (G,) values of the treatment.
        records: The units that are shown: (RECORDS,) values by variable.
        near: (G,) how many of the records are seen near each value.
        window: Half the width of "near".
        seen, done: The curves of the two questions about everybody.
        own: (T, G) the outcomes of the first units of the records, one curve each.
    """

    x: Axis
    y: Axis
    grid: np.ndarray
    records: Mapping[str, np.ndarray]
    near: np.ndarray
    window: float
    seen: Curves
    done: Curves
    own: np.ndarray


def simulate(model: StructuralCausalModel, treatment: str, outcome: str, seed: int, own: int = 40) -> Simulation:
    """Answer what is seen and what is done, for all values of the treatment.

    Args:
        model: The structural model.
        treatment, outcome: Two of its variables, with numbers as values.
        seed: Of the noise.
        own: How many units get a curve of their own.

    Raises:
        ValueError: An unknown variable, values that are no numbers, or a treatment that never varies.
    """
    for name in (treatment, outcome):
        if name not in model.equations:
            raise ValueError(f"there is no variable {name!r}; there are {', '.join(model.equations)}")
    if treatment == outcome:
        raise ValueError(f"{treatment} cannot be both the treatment and the outcome")
    noise = draw_noise(model, SAMPLE, seed)
    values = model.compute(noise, SAMPLE)
    for name in (treatment, outcome):
        if not np.issubdtype(values[name].dtype, np.number) or not np.isfinite(values[name]).all():
            raise ValueError(f"{name} must have finite numbers as values to be drawn on an axis")
    if np.ptp(values[treatment]) == 0:
        raise ValueError(f"{treatment} is {values[treatment][0]} for everybody: there is nothing to compare")
    x = axis_of(values[treatment], 0.0005)
    grid = np.array(x.levels) if x.levels else np.linspace(x.low, x.high, STEPS + 1)
    few = {name: part[:SETTINGS] for name, part in noise.items()}
    outcomes = np.stack([set_to(model, treatment, value, few, SETTINGS)[outcome] for value in settings_of(x, grid)])
    y = axis_of(np.concatenate([values[outcome][:RECORDS], outcomes[:: max(1, len(grid) // 5), :300].ravel()]))
    window = 0.0 if x.levels else 0.025 * (x.high - x.low)
    records = {name: part[:RECORDS] for name, part in values.items()}
    seen = seen_curves(values[treatment].astype(float), values[outcome].astype(float), grid, window, y)
    near = np.array([(np.abs(records[treatment] - value) <= window + 1e-9).sum() for value in grid])
    done = curves_of(outcomes.astype(float), np.full(SETTINGS, 1 / SETTINGS), y)
    return Simulation(x, y, grid, records, near, window, seen, done, outcomes[:, :own].T.astype(float))


def imagined_curves(
    model: StructuralCausalModel,
    treatment: str,
    outcome: str,
    evidence: Mapping[str, Any],
    found: Simulation,
    seed: int,
) -> tuple[Counterfactual, Curves]:
    """One unit's outcome for all values of the treatment, with the noise that abduction finds.

    Returns:
        The counterfactual at the first value of the grid, which holds the abduced noise, and the curves.
    """
    first = settings_of(found.x, found.grid)[0]
    result = model.counterfactual(evidence, {treatment: first}, outcome, particles=PARTICLES, seed=seed)
    kept = np.argsort(-result.weights, kind="stable")[:PARTICLES]
    kept = kept[result.weights[kept] > 0]
    weights = result.weights[kept] / result.weights[kept].sum()
    noise = {name: values[kept] for name, values in result.noise.items()}
    settings = settings_of(found.x, found.grid)
    outcomes = [set_to(model, treatment, value, noise, len(kept))[outcome] for value in settings]
    return result, curves_of(np.stack(outcomes).astype(float), weights, found.y)


def draw_noise(model: StructuralCausalModel, count: int, seed: int) -> dict[str, np.ndarray]:
    """The noise of so many units."""
    generator = np.random.default_rng(seed)
    return {name: kind.sample(count, generator) for name, kind in model.noise.items()}


def set_to(
    model: StructuralCausalModel, treatment: str, value: float, noise: Mapping[str, np.ndarray], count: int
) -> dict[str, np.ndarray]:
    """All variables of the units with this noise when the treatment is set."""
    changed = model.do({treatment: value})
    return changed.compute({name: noise[name] for name in changed.noise}, count)


def settings_of(axis: Axis, grid: np.ndarray) -> list[float]:
    """The values to set the treatment to; whole numbers stay whole, so that equations with &, | and ^ can use them."""
    whole = bool(axis.levels) and all(level.is_integer() for level in axis.levels)
    return [int(value) if whole else float(value) for value in grid]


def axis_of(values: np.ndarray, tail: float = 0.003) -> Axis:
    """An axis with round ends that holds all but the share `tail` at each end; discrete for few different values."""
    different = np.unique(values)
    if len(different) <= FEW_LEVELS:
        levels = tuple(float(value) for value in different)
        margin = 0.5 * min(np.diff(different), default=1.0)
        return Axis(levels[0] - margin, levels[-1] + margin, levels)
    low, high = np.quantile(values, [tail, 1 - tail])
    step = 10.0 ** np.floor(np.log10(high - low))
    step = next(each for each in (step / 5, step / 2, step) if (high - low) / each <= 12)
    return Axis(round(float(np.floor(low / step) * step), 9), round(float(np.ceil(high / step) * step), 9))


def seen_curves(x: np.ndarray, y: np.ndarray, grid: np.ndarray, window: float, axis: Axis) -> Curves:
    """The outcome among those seen near each value."""
    order = np.argsort(x, kind="stable")
    x, y = x[order], y[order]
    means, sds, densities = [], [], []
    for value in grid:
        near = y[np.searchsorted(x, value - window - 1e-9) : np.searchsorted(x, value + window + 1e-9)]
        enough = len(near) >= FEWEST
        means.append(near.mean() if enough else np.nan)
        sds.append(near.std() if enough else np.nan)
        densities.append(density_of(near, np.ones(len(near)), axis) if enough else np.zeros(cells(axis)))
    return Curves(np.array(means), np.array(sds), np.stack(densities))


def curves_of(outcomes: np.ndarray, weights: np.ndarray, axis: Axis) -> Curves:
    """The curves of weighted outcomes (G, N)."""
    mean = outcomes @ weights
    sd = np.sqrt(np.maximum(0.0, ((outcomes - mean[:, None]) ** 2) @ weights))
    return Curves(mean, sd, np.stack([density_of(each, weights, axis) for each in outcomes]))


def cells(axis: Axis) -> int:
    """Of how many bins or levels a density is made."""
    return len(axis.levels) or BINS


def density_of(values: np.ndarray, weights: np.ndarray, axis: Axis) -> np.ndarray:
    """The distribution over the levels or the bins of an axis; what lies outside of it is left out."""
    if axis.levels:
        nearest = np.abs(values[:, None] - np.array(axis.levels)).argmin(axis=1)
        return np.bincount(nearest, weights, minlength=len(axis.levels)) / weights.sum()
    shares, _ = np.histogram(values, BINS, (axis.low, axis.high), weights=weights)
    return smooth(shares / weights.sum())


def smooth(shares: Sequence[float] | np.ndarray, width: float = 1.2) -> np.ndarray:
    """A histogram with a normal kernel of so many bins laid over it; what would fall outside is folded back."""
    reach = int(np.ceil(3 * width))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    padded = np.pad(np.asarray(shares, dtype=float), reach, mode="constant")
    spread = np.convolve(padded, kernel / kernel.sum(), mode="same")
    inner = spread[reach:-reach].copy()
    inner[:reach] += spread[:reach][::-1]
    inner[-reach:] += spread[-reach:][::-1]
    return inner
