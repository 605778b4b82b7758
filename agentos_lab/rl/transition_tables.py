"""Transition tables: P and R from a list of what can happen, and the checks that make a table a decision process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Outcome", "check_probabilities", "check_rewards", "read_mask", "read_numbers", "read_start", "tables"]

Outcome = tuple[float, int, float]  # probability, next state, reward

_ROUNDING = 1e-8  # how far from 1 the probabilities of a row may add up


def tables(
    outcomes: Mapping[tuple[int, int], Sequence[Outcome]], S: int, A: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """P (S, A, S) and R from a list of what can happen.

    Args:
        outcomes: For each (state, action) the outcomes: (probability, next state, reward).
        S, A: Numbers of states and actions. Pairs that `outcomes` does not name stay where they are, unpaid.

    Returns:
        P, and R: (S, A) where every reward follows from state and action, else (S, A, S). Outcomes with the same next
        state are paid their mean, which changes no expected value.
    """
    P, paid = np.zeros((S, A, S)), np.zeros((S, A, S))
    for (state, action), cases in outcomes.items():
        for probability, follow, reward in cases:
            P[state, action, follow] += probability
            paid[state, action, follow] += probability * reward
    possible = P > 0
    R = np.divide(paid, P, out=np.zeros_like(paid), where=possible)
    unnamed = ~possible.any(axis=-1)
    P[unnamed, np.nonzero(unnamed)[0]] = 1.0
    least = np.where(possible, R, np.inf).min(axis=-1, initial=np.inf)
    most = np.where(possible, R, -np.inf).max(axis=-1, initial=-np.inf)
    if ((most - least)[~unnamed] < _ROUNDING).all():
        return P, np.where(unnamed, 0.0, most)
    return P, R


def read_numbers(what: str, table: ArrayLike) -> NDArray[np.float64]:
    """A copy of a table as floating-point numbers; a ValueError names the table."""
    try:
        return np.array(table, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{what} must be an array of numbers: {error}") from error


def read_mask(what: str, table: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.bool_]:
    """A copy of a table as truth values of a given shape; a ValueError names the table."""
    mask = np.array(table)
    if mask.shape != shape or not np.isin(mask, (0, 1)).all():
        raise ValueError(f"{what} must hold {shape} truth values, got {mask.dtype} of shape {mask.shape}")
    return mask.astype(bool)


def read_start(start: ArrayLike | int, terminal: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Start probabilities (S,) from probabilities or one state; none of it at a terminal state (S,)."""
    S = len(terminal)
    if np.ndim(start) == 0:
        number = np.asarray(start)
        if number.dtype.kind not in "iu" or not 0 <= number < S:
            raise ValueError(f"start must be a state 0 … {S - 1}, or {S} probabilities, got {start!r}")
        start = np.eye(S)[int(number)]
    start = read_numbers("start", start)
    if start.shape != (S,) or not (start >= 0).all() or abs(start.sum() - 1) > _ROUNDING:
        raise ValueError(f"start must hold {S} probabilities that add up to 1, got {start!r}")
    if (start[terminal] > 0).any():
        state = int(np.flatnonzero(terminal & (start > 0))[0])
        raise ValueError(f"an episode cannot start at the terminal state {state}: it would be over already")
    return start / start.sum()


def check_probabilities(P: NDArray[np.float64]) -> None:
    """Refuse P (S, A, S) unless each row holds probabilities that add up to 1."""
    negative = np.argwhere(~(P >= 0))  # NaN too
    if len(negative):
        s, a, follow = map(int, negative[0])
        raise ValueError(f"P[{s}, {a}, {follow}] is {P[s, a, follow]}; a probability lies between 0 and 1")
    off = np.argwhere(np.abs(P.sum(axis=-1) - 1) > _ROUNDING)
    if len(off):
        s, a = map(int, off[0])
        raise ValueError(
            f"the probabilities P[{s}, {a}] of what follows state {s} under action {a} add up to {P[s, a].sum():.6g}, "
            "not to 1"
        )


def check_rewards(R: NDArray[np.float64]) -> None:
    """Refuse NaN and infinite rewards."""
    if not np.isfinite(R).all():
        where = tuple(int(index) for index in np.argwhere(~np.isfinite(R))[0])
        raise ValueError(f"R[{', '.join(map(str, where))}] is {R[where]}; rewards must be finite numbers")
