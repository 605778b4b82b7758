"""Returns: what an action was worth, counted from the rewards that followed it.

All functions here are pure, take arrays of shape (T,) or (T, N) (time first, then environments) and go backwards
through time. Two kinds of end are never confused. An episode that *terminated* has no future: nothing is added. One
that was *truncated* (by a time limit, or because the batch is full) has a future that was not played: an estimate of
its value takes the place of the rewards that are missing. Both cut the sum: the next row belongs to another episode.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor

from .settings import check_count, check_share
from .transition_tables import read_numbers

__all__ = ["discounted_return", "lambda_return", "monte_carlo_return", "n_step_return", "read_series"]

_ENDS = ("done", "terminated", "truncated")  # series of truth values
Array = TypeVar("Array", np.ndarray, Tensor)  # what comes out is of the kind of the first argument


def discounted_return(reward: Array, done: Array, gamma: float) -> Array:
    """The return G[t] = r[t] + γ r[t+1] + γ² r[t+2] + … up to the end of the episode (Sutton & Barto 2018, eq. 3.8).

    An episode that is still under way in the last row counts as if it ended there; if its value is known,
    `monte_carlo_return` does better.

    Args:
        reward: (T,) or (T, N).
        done: Whether the episode ended with this step, however that came about; same shape.
        gamma: Discount γ in [0, 1].

    Returns:
        The same shape as `reward`.

    Raises:
        ValueError: Shapes differ, a number is NaN or infinite, `done` is neither true nor false, or γ outside [0, 1].
    """
    check_share("gamma", gamma)
    series, back = read_series(reward=reward, done=done)
    return back(_backwards(series["reward"], series["done"], lambda t, later: series["reward"][t] + gamma * later))


def monte_carlo_return(reward: Array, next_value: Array, terminated: Array, truncated: Array, gamma: float) -> Array:
    """The return with bootstrap: all rewards of the episode, and the value of the state where it was broken off.

    Args:
        reward: (T,) or (T, N).
        next_value: Value of the state reached by each step, before any reset; only those of truncated steps and of the
            last row are used.
        terminated: Whether the step led to a terminal state, whose value is 0 by definition.
        truncated: Whether the episode was broken off after this step.
        gamma: Discount γ in [0, 1].

    Returns:
        The same shape as `reward`.
    """
    return lambda_return(reward, next_value, terminated, truncated, gamma, lam=1.0)


def n_step_return(reward: Array, next_value: Array, terminated: Array, truncated: Array, gamma: float, n: int) -> Array:
    """The n-step return r[t] + … + γⁿ⁻¹ r[t+n-1] + γⁿ V(s[t+n]) (Sutton & Barto 2018, eq. 7.1).

    Where the episode or the batch ends earlier, the sum does, too: n = 1 is the target of TD(0), n ≥ T the Monte-Carlo
    return.

    Args:
        reward, next_value, terminated, truncated, gamma: As in `monte_carlo_return`, but here every value may count.
        n: Number of rewards before the value.

    Returns:
        The same shape as `reward`.
    """
    check_count("n", n)
    one_step, done, series, back = _one_step(reward, next_value, terminated, truncated, gamma)
    result = one_step
    for _ in range(min(n, len(one_step)) - 1):
        longer = one_step.copy()  # of the last row and of the ends of episodes, which have no later step
        longer[:-1] = np.where(done[:-1], one_step[:-1], series["reward"][:-1] + gamma * result[1:])
        result = longer
    return back(result)


def lambda_return(
    reward: Array, next_value: Array, terminated: Array, truncated: Array, gamma: float, lam: float
) -> Array:
    """The λ-return: n-step returns of all n, weighted by (1-λ) λⁿ⁻¹ (Sutton & Barto 2018, eq. 12.2 and 12.18).

    Args:
        reward, next_value, terminated, truncated, gamma: As in `n_step_return`.
        lam: λ in [0, 1]; 0 is the target of TD(0), 1 the Monte-Carlo return.

    Returns:
        The same shape as `reward`.
    """
    check_share("lam", lam)
    one_step, done, series, back = _one_step(reward, next_value, terminated, truncated, gamma)
    done[-1] = True  # the batch ends here
    mixed = one_step - gamma * lam * np.where(done, 0.0, series["next_value"])
    return back(_backwards(one_step, done, lambda t, later: mixed[t] + gamma * lam * later))


def read_series(**named: Any) -> tuple[dict[str, np.ndarray], Callable[[np.ndarray], Any]]:
    """Read arrays or tensors that describe the same steps, as NumPy arrays of float64 (and of bool: ends).

    Args:
        **named: Arrays of one shape, (T,) or (T, …), by the names that messages call them.

    Returns:
        The arrays by name, and a function that turns a result into what came first: a tensor of the same type and
        device, or an array of the same type.

    Raises:
        ValueError: Shapes differ, there is no step, a number is NaN or infinite, or an end neither true nor false.
    """
    first = next(iter(named.values()))
    series: dict[str, Any] = {}
    for name, value in named.items():
        if name in ("td_error", "value", "next_value") and str(getattr(value, "dtype", "")).endswith("bool"):
            raise ValueError(f"{name} holds truth values in place of numbers; are the arguments in their order?")
        plain = value.detach().cpu().double().numpy() if isinstance(value, Tensor) else value
        series[name] = read_numbers(name, plain)
    shapes = {name: array.shape for name, array in series.items()}
    if len(set(shapes.values())) > 1:
        told = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise ValueError(f"all series must have one shape, (T,) or (T, N), got {told}")
    if not next(iter(shapes.values())) or not next(iter(shapes.values()))[0]:
        raise ValueError(
            f"a series has at least one step; {next(iter(shapes))} has shape {next(iter(shapes.values()))}"
        )
    for name, array in series.items():
        if not (fine := np.isfinite(array)).all():
            place = tuple(int(i) for i in np.argwhere(~fine)[0])
            found = "NaN" if np.isnan(array[place]) else "infinite"
            raise ValueError(
                f"{name} is {found} at step {place[0]} (index {place}); look there, nothing can be learnt of it"
            )
        if name in _ENDS:
            if not np.isin(array, (0, 1)).all():
                strange = array[~np.isin(array, (0, 1))][0]
                raise ValueError(
                    f"{name} says of each step whether it is one, True or False; {strange:g} is neither. Are the "
                    "arguments in their order?"
                )
            series[name] = array.astype(bool)

    def back(result: np.ndarray) -> Any:
        if isinstance(first, Tensor):
            dtype = first.dtype if first.dtype.is_floating_point else torch.get_default_dtype()
            return torch.from_numpy(result).to(dtype).to(first.device)
        kind = np.asarray(first).dtype
        return result.astype(kind if kind.kind == "f" else np.float64)

    return series, back


def _one_step(
    reward: Any, next_value: Any, terminated: Any, truncated: Any, gamma: float
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray], Callable[[np.ndarray], Any]]:
    """The 1-step return of every step, and where episodes end."""
    check_share("gamma", gamma)
    series, back = read_series(reward=reward, next_value=next_value, terminated=terminated, truncated=truncated)
    value = np.where(series["terminated"], 0.0, series["next_value"])
    return series["reward"] + gamma * value, series["terminated"] | series["truncated"], series, back


def _backwards(at_end: np.ndarray, done: np.ndarray, step: Callable[[int, np.ndarray], np.ndarray]) -> np.ndarray:
    """Fill a result from the last row to the first: `at_end` where an episode is done, else a step back in time."""
    result = at_end.copy()
    for t in reversed(range(len(result) - 1)):
        result[t] = np.where(done[t], at_end[t], step(t, result[t + 1]))
    return result
