"""The learning-rate schedule: how large a step may be, and when.

Warm-up: at first the gradient's averages inside AdamW rest on a handful of batches and are not to be trusted, and a
post-norm model falls over when it is pushed hard. Cosine decay: at the end small steps settle what large ones found.
"""

from __future__ import annotations

import math

__all__ = ["warmup_cosine"]


def warmup_cosine(step: int, *, steps: int, peak: float, floor: float = 0.0, warmup: int = 0) -> float:
    """Learning rate of one update: linear rise to `peak`, then half a cosine down to `floor`.

    The rise is that of Vaswani et al. 2017, §5.3; the descent is Loshchilov & Hutter 2017, eq. 5, with one period.

    Args:
        step: Which update, counted from 0.
        steps: How many updates there are in all; the last one, ``steps - 1``, has the rate `floor`.
        peak: Highest rate, reached at update ``warmup``.
        floor: Lowest rate, kept from the last update on.
        warmup: Number of updates that rise; 0 starts at the peak.

    Raises:
        ValueError: A count is negative, or the floor lies above the peak.
    """
    if step < 0 or steps < 1 or warmup < 0:
        raise ValueError(f"expected step ≥ 0, steps ≥ 1, warmup ≥ 0; got {step}, {steps}, {warmup}")
    if not 0 <= floor <= peak:
        raise ValueError(f"expected 0 ≤ floor ≤ peak, got floor {floor} and peak {peak}")
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    if step >= steps - 1:
        return floor if steps > 1 else peak
    progress = (step - warmup) / (steps - 1 - warmup)  # 0 at the peak, 1 at the last update
    return floor + (peak - floor) * 0.5 * (1 + math.cos(math.pi * progress))
