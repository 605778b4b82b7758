"""Vector environments: N of a kind side by side; one that ends starts anew in the same step.

`info["final_obs"]` is always what was observed before any reset, so that no step is invented and none is lost:
gymnasium's default instead resets one step late, and who trains on all steps learns from steps that never were.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

import numpy as np
from gymnasium.spaces import Discrete
from numpy.typing import ArrayLike, NDArray

from .settings import check_count
from .single_environment import as_environment, check_spaces, reset_checked, step_checked

__all__ = ["VectorEnvironment", "VectorStep", "vectorize"]

# observations after any reset (N, *O), rewards (N,), terminated (N,), truncated (N,), info
VectorStep = tuple[NDArray[Any], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]


@runtime_checkable
class VectorEnvironment(Protocol):
    """N environments side by side; an episode that ends starts anew in the same step.

    Attributes:
        n: N.
        single_observation_space, single_action_space: gymnasium spaces of one of them.
    """

    n: int
    single_observation_space: Any
    single_action_space: Any

    def reset(self, seed: int | None = None) -> tuple[NDArray[Any], dict[str, Any]]:
        """Start all episodes anew: observations (N, *O) and an info with these as `final_obs`."""
        ...

    def step(self, actions: Any) -> VectorStep:
        """Act once in each.

        Args:
            actions: (N,) or (N, *A).

        Returns:
            Observations after any reset (N, *O), rewards (N,), terminated (N,), truncated (N,), and an info in which
            ``"final_obs"`` (N, *O) is what was observed before any reset: the true next observation everywhere. The
            arrays are for reading. An episode that ends in the last step allowed is terminated *and* truncated.
        """
        ...


def vectorize(make: str | Callable[[], Any], n: int) -> VectorEnvironment:
    """N environments of any kind, stepped one after the other.

    Args:
        make: A gymnasium id, or a function that makes one environment; called n times.
        n: N.

    Returns:
        A vector environment. Environment i is reset with ``seed + i``. Continuous actions are clipped to the bounds of
        the action space.

    Raises:
        ValueError: Observations or actions of a kind that does not stack into arrays; while running, an environment
            that speaks gym's old API, or pays NaN.

    Example:
        >>> lakes = vectorize("FrozenLake-v1", 3)
        >>> lakes.reset(seed=0)[0]
        array([0, 0, 0])
    """
    return _OneAfterTheOther(make, n)


class _OneAfterTheOther:
    """What `vectorize` returns."""

    def __init__(self, make: str | Callable[[], Any], n: int) -> None:
        check_count("n", n)
        self.n = n
        self.environments = [as_environment(make) for _ in range(n)]
        if len({id(env) for env in self.environments}) < n:
            raise ValueError("the function gave the same environment twice; let it make a new one at every call")
        first = self.environments[0]
        check_spaces(first)
        self.single_observation_space, self.single_action_space = first.observation_space, first.action_space

    def __repr__(self) -> str:
        return f"{self.n} × {self.environments[0]}"

    def reset(self, seed: int | None = None) -> tuple[NDArray[Any], dict[str, Any]]:
        """Start all episodes anew."""
        seeds = [None if seed is None else seed + i for i in range(self.n)]
        obs = self._stack([reset_checked(env, s) for env, s in zip(self.environments, seeds, strict=True)])
        return obs, {"final_obs": obs}

    def step(self, actions: ArrayLike) -> VectorStep:
        """Act once in each; see `VectorEnvironment.step`."""
        results = [
            step_checked(env, action) for env, action in zip(self.environments, self._read(actions), strict=True)
        ]
        last, reward, terminated, truncated = (list(column) for column in zip(*results, strict=True))
        final_obs = obs = self._stack(last)
        if any(terminated) or any(truncated):
            for i, env in enumerate(self.environments):
                if terminated[i] or truncated[i]:
                    last[i] = reset_checked(env, None)
            obs = self._stack(last)
        return obs, np.array(reward), np.array(terminated), np.array(truncated), {"final_obs": final_obs}

    def _stack(self, observations: list[Any]) -> NDArray[Any]:
        space = self.single_observation_space
        try:
            stacked = np.array(observations)
            read = stacked.astype(space.dtype)
        except (TypeError, ValueError) as error:
            raise ValueError(f"observations must be numbers of one shape, as in {space}: {error}") from error
        if stacked.shape[1:] != space.shape:
            raise ValueError(f"observations have shape {stacked.shape[1:]}; the observation space says {space.shape}")
        if isinstance(space, Discrete) and not ((stacked == read) & (read >= 0) & (read < space.n)).all():
            raise ValueError(f"observations are whole numbers 0 … {space.n - 1}, as {space} says; got {stacked}")
        if read.dtype.kind == "f" and np.isnan(read).any():
            raise ValueError(f"an observation is NaN: {stacked[np.isnan(read).reshape(self.n, -1).any(axis=1)][0]}")
        return read

    def _read(self, actions: ArrayLike) -> NDArray[Any]:
        """Actions (N, *A) as the environments take them."""
        space, actions = self.single_action_space, np.asarray(actions)
        if actions.shape != (self.n, *space.shape):
            raise ValueError(f"expected actions of shape {(self.n, *space.shape)}, got {actions.shape}")
        if isinstance(space, Discrete):
            if actions.dtype.kind not in "iu" or actions.min() < 0 or actions.max() >= space.n:
                raise ValueError(f"actions are whole numbers 0 … {space.n - 1}, got {actions}")
            return actions
        if not np.isfinite(actions).all():
            raise ValueError(f"actions must be finite numbers, got {actions}")
        return np.clip(actions, space.low, space.high).astype(space.dtype)
