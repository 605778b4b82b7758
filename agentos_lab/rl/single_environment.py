"""One environment: gymnasium's API, checked where it is used.

Two kinds of mistake are common enough to be told apart from all others: environments written for gym before version
0.26 (whose `step` returned four values and merged *terminated* with *truncated*), and rewards that are not numbers.
"""

from __future__ import annotations

import inspect
from typing import Any, Protocol, runtime_checkable

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Discrete

__all__ = ["Environment", "as_environment", "check_spaces", "reset_checked", "step_checked"]


@runtime_checkable
class Environment(Protocol):
    """One environment, as gymnasium defines it."""

    observation_space: Any
    action_space: Any

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin an episode: (observation, info)."""
        ...

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Act once: (observation, reward, terminated, truncated, info)."""
        ...


def as_environment(env: Any) -> Environment:
    """One environment from a gymnasium id, or the environment itself, when it speaks gymnasium's API.

    Args:
        env: E.g. ``"CartPole-v1"``, a gymnasium environment, a `TabularMDP`, or a function that makes one of these.

    Raises:
        ValueError: There is no such id, or the object is not an environment, or one of gym's old API.
    """
    if isinstance(env, str):
        try:
            return gymnasium.make(env)
        except (gymnasium.error.Error, ModuleNotFoundError) as error:
            raise ValueError(f"gymnasium cannot make {env!r}: {error}") from error
    if isinstance(env, gymnasium.vector.VectorEnv) or hasattr(env, "single_action_space"):
        raise ValueError(f"expected one environment, got a vector of them: {env!r}")
    if isinstance(env, Environment) and not isinstance(env, type):  # a class is a function that makes one
        _check_reset(env)
        return env
    if callable(env):
        try:
            made = env()
        except TypeError as error:
            raise ValueError(
                f"expected an environment, or a function of no arguments that makes one: {error}"
            ) from error
        return as_environment(made)
    missing = [name for name in ("reset", "step", "observation_space", "action_space") if not hasattr(env, name)]
    raise ValueError(
        "expected a gymnasium id, an environment, or a function that makes one; "
        f"got {env!r} without {', '.join(missing)}"
    )


def check_spaces(env: Environment) -> None:
    """Refuse observations that do not stack into one array, and actions that are neither one of n nor numbers.

    Raises:
        ValueError: Those; it names the space and what to do.
    """
    for what, space in (("observation", env.observation_space), ("action", env.action_space)):
        if not isinstance(space, Box | Discrete):
            remedy = "gymnasium.wrappers.FlattenObservation" if what == "observation" else "a gymnasium.ActionWrapper"
            raise ValueError(
                f"the {what} space must be Box (numbers) or Discrete (one of n), got {space}; wrap it in {remedy}"
            )
        if isinstance(space, Discrete) and space.start != 0:
            raise ValueError(f"the {what} space must count from 0, got {space}; shift it with a wrapper")


def reset_checked(env: Environment, seed: int | None) -> Any:
    """The first observation of a new episode.

    Raises:
        ValueError: `reset` does not return (observation, info).
    """
    result = env.reset(seed=seed)
    if not (isinstance(result, tuple) and len(result) == 2 and isinstance(result[1], dict)):
        raise ValueError(f"reset() must return (observation, info), got {_described(result)}: {_OLD_API}")
    return result[0]


def step_checked(env: Environment, action: Any) -> tuple[Any, float, bool, bool]:
    """Observation, reward, terminated, truncated of one step.

    Raises:
        ValueError: `step` does not return five values, pays NaN or infinity, or does not say whether it is the end.
    """
    result = env.step(action)
    if not (isinstance(result, tuple) and len(result) == 5):
        raise ValueError(f"step() must return 5 values, got {_described(result)}: {_OLD_API}")
    obs, reward, terminated, truncated, _ = result
    try:
        paid = float(reward) if np.ndim(reward) == 0 and not isinstance(reward, str) else np.nan
    except TypeError:  # None, for instance
        paid = np.nan
    if not np.isfinite(paid):
        raise ValueError(f"the environment paid {reward!r} for action {action}; a reward is one finite number")
    for name, end in (("terminated", terminated), ("truncated", truncated)):
        if not (isinstance(end, bool | np.bool_) or (np.ndim(end) == 0 and end in (0, 1))):
            raise ValueError(f"step() must say True or False for {name}, its value number 3 or 4, got {end!r}")
    return obs, paid, bool(terminated), bool(truncated)


_OLD_API = (
    "this is the API of gym before 0.26. Let reset(seed=None, options=None) return (obs, info), and step(action) "
    "(obs, reward, terminated, truncated, info): terminated if the task is over, truncated if a time limit cut it"
)


def _described(result: Any) -> str:
    return f"{len(result)} values" if isinstance(result, tuple) else type(result).__name__


def _check_reset(env: Environment) -> None:
    parameters = inspect.signature(env.reset).parameters.values()
    if not any(each.name == "seed" or each.kind is each.VAR_KEYWORD for each in parameters):
        raise ValueError(f"reset() of {env!r} takes no seed: {_OLD_API}")
