"""Environments: what an agent acts upon, one at a time (gymnasium's API) or many side by side (vector environments).

Two habits keep the learning algorithms right. *Terminated* (the task is over, nothing follows) and *truncated* (a time
limit cut the episode, and life would have gone on) are never merged. And a vector environment resets in the same step
and always hands over the observation from before the reset.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import gymnasium

from .acrobot import Acrobot
from .cartpole import CartPole
from .pendulum import Pendulum
from .single_environment import Environment, as_environment
from .tabular_mdp import TabularMDP
from .tabular_vector import TabularVector
from .vector_environment import VectorEnvironment, vectorize

__all__ = ["Environment", "VectorEnvironment", "as_environment", "as_vector", "vectorize"]

# gymnasium's ids, with the time limits registered there.
_OWN: dict[str, Callable[[int], VectorEnvironment]] = {
    "CartPole-v0": lambda n: CartPole(n, limit=200),
    "CartPole-v1": lambda n: CartPole(n, limit=500),
    "Acrobot-v1": lambda n: Acrobot(n, limit=500),
    "Pendulum-v1": lambda n: Pendulum(n, limit=200),
}


def as_vector(env: Any, n: int | None = None, seed: int | None = None) -> VectorEnvironment:
    """N environments side by side from whatever names one.

    Args:
        env: A gymnasium id (those of CartPole, Acrobot and Pendulum give our own: the same tasks, much faster), a
            gymnasium environment (copied n times), a function that makes one, a `TabularMDP`, or a vector environment
            (as it is).
        n: N; 1 when left out. A vector environment keeps its own.
        seed: Seed to reset them with at once; later resets without a seed continue from there.

    Raises:
        ValueError: Not an environment, or one of an unsupported kind; the message says what to do.

    Example:
        >>> as_vector("CartPole-v1", 8, seed=0)
        CartPole(8, limit=500)
    """
    if hasattr(env, "act") or hasattr(env, "forward"):
        raise ValueError(
            f"expected an environment, got a {type(env).__name__}, which looks like a policy: are the arguments in "
            "their order?"
        )
    vector = _vector(env, n)
    if seed is not None:
        vector.reset(seed=seed)
    return vector


def _vector(env: Any, n: int | None) -> VectorEnvironment:
    if isinstance(env, gymnasium.vector.VectorEnv):
        raise ValueError(
            "gymnasium's vector environments reset one step late, or keep the last observations in ragged arrays; pass "
            "the id, or a function that makes one environment, and n"
        )
    if isinstance(env, VectorEnvironment):
        if n not in (None, env.n):
            raise ValueError(f"this vector environment has n={env.n}, and n={n} was asked for")
        return env
    n = 1 if n is None else n
    if isinstance(env, str) and env in _OWN:
        return _OWN[env](n)
    if isinstance(env, TabularMDP):
        return TabularVector(env, n)
    if isinstance(env, str | type) or (callable(env) and not isinstance(env, Environment)):
        return vectorize(env, n)
    single = as_environment(env)
    if n == 1:
        return vectorize(lambda: single, 1)
    try:
        return vectorize(lambda: copy.deepcopy(single), n)
    except TypeError as error:
        raise ValueError(f"{single!r} cannot be copied ({error}); pass a function that makes one") from error
