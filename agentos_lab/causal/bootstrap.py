"""The bootstrap: how much an estimate would vary is seen by drawing the rows again, with replacement.

Replicates are independent, so any `concurrent.futures` executor may compute them; each has its own seed, so that the
answer does not depend on who computed which. Source: Efron 1979, "Bootstrap methods: another look at the jackknife".
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["bootstrap", "bootstrap_counts", "check_replicates", "percentile_interval", "usable"]

Statistic = Callable[[np.ndarray], float | np.ndarray]  # from the drawn rows' positions to one number or several
_CHUNKS_PER_EXECUTOR = 16
_MOST_FAILURES = 0.1  # share of replicates that may fail


def bootstrap(
    statistic: Statistic,
    count: int,
    *,
    replicates: int = 200,
    seed: int = 0,
    executor: Executor | None = None,
) -> np.ndarray:
    """Compute a statistic on rows drawn with replacement, again and again.

    Args:
        statistic: From the positions of the drawn rows (count,) to a number, or several. A ValueError from it is
            a replicate that failed. For a process pool it must be a function that can be pickled.
        count: How many rows there are, and are drawn.
        replicates: How often.
        seed: Of the draws.
        executor: Who computes; None does it here. The result is the same.

    Returns:
        The values (replicates,), or (replicates, several), without those that failed.

    Raises:
        ValueError: Fewer than 2 replicates; more than a tenth of them failed, with what the first of them said.
    """
    check_replicates(replicates)
    seeds = np.random.SeedSequence(seed).spawn(replicates)
    if executor is None:
        found = [_replicate(statistic, count, one) for one in seeds]
    else:
        chunks = [seeds[start::_CHUNKS_PER_EXECUTOR] for start in range(min(_CHUNKS_PER_EXECUTOR, replicates))]
        answers = list(executor.map(partial(_replicates, statistic, count), chunks))
        found = [answers[place % len(chunks)][place // len(chunks)] for place in range(replicates)]
    failed = [answer for answer in found if isinstance(answer, str)]
    values = np.array([answer for answer in found if not isinstance(answer, str)], dtype=float)
    return usable(values, replicates, failed[0] if failed else "")


def check_replicates(replicates: int) -> None:
    """Make sure that there are samples enough for a standard error.

    Raises:
        ValueError: No whole number, or fewer than 2.
    """
    if not isinstance(replicates, Integral) or replicates < 2:
        raise ValueError(f"a bootstrap needs at least 2 replicates (100 or more are usual), not {replicates!r}")


def usable(values: np.ndarray, replicates: int, reason: str) -> np.ndarray:
    """The values, if few enough of the replicates failed.

    Raises:
        ValueError: Too many failed, for this reason.
    """
    lost = replicates - len(values)
    if lost > _MOST_FAILURES * replicates:
        raise ValueError(f"{lost} of {replicates} bootstrap samples could not be estimated; the first said: {reason}")
    return values


def bootstrap_counts(count: int, replicates: int, seed: int | np.random.Generator = 0) -> np.ndarray:
    """How often each row is drawn in each sample, (replicates, count): weights for estimators that take weights."""
    return np.random.default_rng(seed).multinomial(count, np.full(count, 1 / count), size=replicates)


def percentile_interval(values: np.ndarray, confidence: float) -> tuple[float, float]:
    """The middle share of the bootstrap's values."""
    low, high = np.quantile(values, [(1 - confidence) / 2, (1 + confidence) / 2])
    return float(low), float(high)


def _replicate(statistic: Statistic, count: int, seed: np.random.SeedSequence) -> np.ndarray | str:
    rows = np.random.default_rng(seed).integers(0, count, count)
    try:
        return np.asarray(statistic(rows), dtype=float)
    except ValueError as error:  # e.g. a sample with treated rows only
        return str(error)


def _replicates(statistic: Statistic, count: int, seeds: list[np.random.SeedSequence]) -> list[np.ndarray | str]:
    return [_replicate(statistic, count, seed) for seed in seeds]
