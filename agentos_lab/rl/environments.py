"""Environments: what an agent acts upon, one at a time (gymnasium's API) or many side by side (vector environments).

Two habits keep the learning algorithms right. *Terminated* (the task is over, nothing follows) and *truncated* (a time
limit cut the episode, and life would have gone on) are never merged. And a vector environment resets in the same step
and always hands over the observation from before the reset, so that no step is invented and none is lost.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any, Protocol, runtime_checkable

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import ArrayLike, NDArray

from .cartpole import CartPole
from .tabular_mdp import TabularMDP

__all__ = ["Environment", "TabularVector", "VectorEnvironment", "as_environment", "as_vector", "vectorize"]

VectorStep = tuple[NDArray[Any], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]

_OWN_CARTPOLES = {"CartPole-v0": 200, "CartPole-v1": 500}  # gymnasium's ids and their time limits


@runtime_checkable
class Environment(Protocol):
    """One environment, as gymnasium (≥ 0.26) defines it."""

    observation_space: Any
    action_space: Any

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode: (observation, info)."""
        ...

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Act once: (observation, reward, terminated, truncated, info)."""
        ...


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
        """Start all episodes anew: observations (N, *O) and an info."""
        ...

    def step(self, actions: Any) -> VectorStep:
        """Act once in each: observations after any reset (N, *O), rewards (N,), terminated (N,), truncated (N,), info.

        ``info["final_obs"]`` (N, *O) is what was observed before any reset: the true next observation everywhere. An
        episode that reaches its goal in the last step allowed is terminated *and* truncated.
        """
        ...


def as_environment(env: Any) -> Environment:
    """One environment from a gymnasium id, or the environment itself, when it speaks gymnasium's API.

    Args:
        env: E.g. ``"CartPole-v1"``, a gymnasium environment, a `TabularMDP`, or a function that makes one of these.

    Raises:
        ValueError: There is no such id, or the object is not an environment.
    """
    if isinstance(env, str):
        try:
            return gymnasium.make(env)
        except gymnasium.error.Error as error:
            raise ValueError(f"gymnasium cannot make {env!r}: {error}") from error
    if isinstance(env, VectorEnvironment | gymnasium.vector.VectorEnv):
        raise ValueError(f"expected one environment, got a vector of them: {env!r}")
    if isinstance(env, Environment):
        return env
    if callable(env):
        return as_environment(env())
    raise ValueError(
        f"expected a gymnasium id, an environment with reset, step, observation_space and action_space, or a function "
        f"that makes one; got {env!r}"
    )


def as_vector(env: Any, n: int | None = None, seed: int | None = None) -> VectorEnvironment:
    """N environments side by side from whatever names one.

    Args:
        env: A gymnasium id (``"CartPole-v1"`` gives our own `CartPole`, bit-equal and much faster), a gymnasium
            environment (copied n times), a function that makes one, a `TabularMDP`, or a vector environment (as it is).
        n: N; 1 when left out. A vector environment keeps its own.
        seed: Seed to reset them with at once; later resets without a seed continue from there.

    Raises:
        ValueError: Not an environment, or one of an unsupported kind; the message says what to do.
    """
    vector = _as_vector(env, n)
    if seed is not None:
        vector.reset(seed=seed)
    return vector


def _as_vector(env: Any, n: int | None) -> VectorEnvironment:
    if isinstance(env, gymnasium.vector.VectorEnv):
        raise ValueError(
            "gymnasium's vector environments reset one step late, or hide the last observation in an info of ragged "
            "arrays; pass the id, or a function that makes one environment, and n"
        )
    if isinstance(env, VectorEnvironment):
        if n not in (None, env.n):
            raise ValueError(f"this vector environment has n={env.n}, and n={n} was asked for")
        return env
    n = 1 if n is None else n
    if isinstance(env, str) and env in _OWN_CARTPOLES:
        return CartPole(n, limit=_OWN_CARTPOLES[env])
    if isinstance(env, TabularMDP):
        return TabularVector(env, n)
    if isinstance(env, str) or (callable(env) and not isinstance(env, Environment)):
        return vectorize(env, n)
    single = as_environment(env)
    if n == 1:
        return vectorize(lambda: single, 1)
    try:
        return vectorize(lambda: copy.deepcopy(single), n)
    except TypeError as error:
        raise ValueError(f"{single!r} cannot be copied ({error}); pass a function that makes one") from error


class TabularVector:
    """N episodes of one `TabularMDP` side by side; observations are states (N,) int64.

    Args:
        mdp: The process; its own episode, if one is under way, is not touched.
        n: N.
    """

    def __init__(self, mdp: TabularMDP, n: int) -> None:
        _check_count(n)
        self.mdp, self.n = mdp, n
        self.single_observation_space, self.single_action_space = mdp.observation_space, mdp.action_space
        self.states = np.zeros(n, dtype=np.int64)
        self.steps = np.zeros(n, dtype=np.int64)
        self._generator: np.random.Generator | None = None

    def reset(self, seed: int | None = None) -> tuple[NDArray[np.int64], dict[str, Any]]:
        """Start all episodes anew."""
        if seed is not None or self._generator is None:
            self._generator = np.random.default_rng(seed)
        self.states = self.mdp.sample_start(self.n, self._generator)
        self.steps = np.zeros(self.n, dtype=np.int64)
        return self.states.copy(), self._info(self.states)

    def step(self, actions: ArrayLike) -> VectorStep:
        """Act once in each; see `VectorEnvironment.step`."""
        if self._generator is None:
            raise ValueError("call reset() before the first step")
        actions = np.asarray(actions)
        self.mdp.check_actions(self.states, actions)
        final, reward, terminated = self.mdp.sample(self.states, actions, self._generator)
        self.steps += 1
        truncated = np.zeros(self.n, bool) if self.mdp.limit is None else self.steps >= self.mdp.limit
        self.states = final.copy()
        done = terminated | truncated
        if done.any():
            self.states[done] = self.mdp.sample_start(int(done.sum()), self._generator)
            self.steps[done] = 0
        return self.states.copy(), reward, terminated, truncated, self._info(final)

    def _info(self, final_obs: NDArray[np.int64]) -> dict[str, Any]:
        if self.mdp.allowed.all():
            return {"final_obs": final_obs}
        return {"final_obs": final_obs, "action_mask": self.mdp.allowed[self.states]}


def vectorize(make: str | Callable[[], Any], n: int) -> VectorEnvironment:
    """N environments of any kind, stepped one after the other.

    Args:
        make: A gymnasium id, or a function that makes one environment; called n times.
        n: N.

    Returns:
        A vector environment. Environment i is reset with ``seed + i``. Continuous actions are clipped to the bounds of
        the action space.

    Raises:
        ValueError: The observations or actions are of a kind that does not stack into arrays; while running, an
            environment that speaks gym's old API, or pays NaN.
    """
    return _Vectorized(make, n)


class _Vectorized:
    """What `vectorize` returns."""

    def __init__(self, make: str | Callable[[], Any], n: int) -> None:
        _check_count(n)
        self.n = n
        self.environments = [as_environment(make) for _ in range(n)]
        if len({id(env) for env in self.environments}) < n:
            raise ValueError("the function gave the same environment twice; it has to make a new one at every call")
        first = self.environments[0]
        self.single_observation_space, self.single_action_space = first.observation_space, first.action_space
        _check_observation_space(first.observation_space)
        _check_action_space(first.action_space)

    def reset(self, seed: int | None = None) -> tuple[NDArray[Any], dict[str, Any]]:
        """Start all episodes anew."""
        seeds = [None if seed is None else seed + i for i in range(self.n)]
        obs = self._stack([_reset(env, s) for env, s in zip(self.environments, seeds, strict=True)])
        return obs, {"final_obs": obs}

    def step(self, actions: ArrayLike) -> VectorStep:
        """Act once in each; see `VectorEnvironment.step`."""
        actions = self._checked(actions)
        results = [_step(env, action) for env, action in zip(self.environments, actions, strict=True)]
        last, reward, terminated, truncated = (list(column) for column in zip(*results, strict=True))
        final_obs = obs = self._stack(last)
        if any(terminated) or any(truncated):
            for i, env in enumerate(self.environments):
                if terminated[i] or truncated[i]:
                    last[i] = _reset(env, None)
            obs = self._stack(last)
        return obs, np.array(reward), np.array(terminated), np.array(truncated), {"final_obs": final_obs}

    def _stack(self, observations: list[Any]) -> NDArray[Any]:
        space = self.single_observation_space
        stacked = np.stack([np.asarray(obs, dtype=space.dtype) for obs in observations])
        if stacked.shape[1:] != space.shape:
            raise ValueError(
                f"observations have shape {stacked.shape[1:]}, and the observation space says {space.shape}"
            )
        return stacked

    def _checked(self, actions: ArrayLike) -> NDArray[Any]:
        """Actions (N, *A) as the environments take them."""
        space, actions = self.single_action_space, np.asarray(actions)
        if actions.shape != (self.n, *space.shape):
            raise ValueError(f"expected actions of shape {(self.n, *space.shape)}, got {actions.shape}")
        if isinstance(space, Discrete):
            if (
                actions.dtype.kind not in "iu"
                or (actions < space.start).any()
                or (actions >= space.start + space.n).any()
            ):
                raise ValueError(
                    f"actions are whole numbers {space.start} … {space.start + space.n - 1}, got {actions}"
                )
            return actions
        if not np.isfinite(actions).all():
            raise ValueError(f"actions must be finite numbers, got {actions}")
        return np.clip(actions, space.low, space.high).astype(space.dtype)


def _check_count(n: int) -> None:
    if not isinstance(n, int | np.integer) or n < 1:
        raise ValueError(f"n must be a whole number of environments ≥ 1, got {n!r}")


def _check_observation_space(space: Any) -> None:
    if not isinstance(space, Box | Discrete):
        raise ValueError(
            f"observations of {space} do not stack into one array; wrap each environment in "
            "gymnasium.wrappers.FlattenObservation"
        )


def _check_action_space(space: Any) -> None:
    if not isinstance(space, Box | Discrete):
        raise ValueError(f"actions must be Discrete (one of n) or Box (numbers), got {space}")


_OLD_API = (
    "this is the API of gym before 0.26. Change the environment to reset() -> (obs, info) and step() -> (obs, reward, "
    "terminated, truncated, info), where terminated means that the task is over and truncated that a time limit cut it"
)


def _reset(env: Any, seed: int | None) -> Any:
    result = env.reset(seed=seed)
    if not (isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], dict)):
        raise ValueError(f"reset() must return (observation, info), got {type(result).__name__}: {_OLD_API}")
    return result[0]


def _step(env: Any, action: Any) -> tuple[Any, float, bool, bool]:
    result = env.step(action)
    if not (isinstance(result, tuple) and len(result) == 5):
        got = f"{len(result)} values" if isinstance(result, tuple) else type(result).__name__
        raise ValueError(f"step() must return 5 values, got {got}: {_OLD_API}")
    obs, reward, terminated, truncated, _ = result
    if not np.isfinite(reward):
        raise ValueError(f"the environment paid a reward of {reward} for action {action}; rewards must be finite")
    return obs, float(reward), bool(terminated), bool(truncated)
