"""Seeds as a band: what several runs of one algorithm have in common, at common places along the environment steps.

The band goes from the lowest to the highest of the seeds, with their median inside: with three or five seeds an
interval of confidence would claim more than is known.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["at_steps", "band"]

POINTS = 240  # places at which a band is drawn; more cannot be seen

Curve = tuple[NDArray[np.float64], NDArray[np.float64]]  # steps (K,), rising, and values (K,), NaN where there is none


def band(curves: Sequence[Curve]) -> dict[str, NDArray[np.float64]]:
    """Range and median of some curves, where all of them have values.

    Args:
        curves: One (steps, values) for each seed.

    Returns:
        `step`, `low`, `middle` and `high`, of one length; empty where the curves have no stretch in common.
    """
    known = [(steps[kept], values[kept]) for steps, values in curves for kept in [np.isfinite(values)]]
    if not known or any(not len(steps) for steps, _ in known):
        return {name: np.zeros(0) for name in ("step", "low", "middle", "high")}
    first, last = max(steps[0] for steps, _ in known), min(steps[-1] for steps, _ in known)
    places = np.unique(np.concatenate([steps for steps, _ in known]))
    places = places[(places >= first) & (places <= last)]
    if len(places) > POINTS:
        places = places[np.unique(np.linspace(0, len(places) - 1, POINTS).round().astype(int))]
    values = np.stack([at_steps(steps, values, places) for steps, values in known])  # (seeds, K)
    low, middle, high = np.quantile(values, (0, 0.5, 1), axis=0) if len(places) else np.zeros((3, 0))
    return {"step": places, "low": low, "middle": middle, "high": high}


def at_steps(
    steps: NDArray[np.float64], values: NDArray[np.float64], places: NDArray[np.float64]
) -> NDArray[np.float64]:
    """A curve between its points, in straight lines."""
    return np.interp(places, steps, values)
