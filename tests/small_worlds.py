"""Tiny environments whose right answers are known on paper, for the tests of learning algorithms."""

from __future__ import annotations

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Discrete

__all__ = ["Bandit", "Forever", "Target"]


class Forever(gymnasium.Env):
    """Pays 1 at every step, whatever is done, and looks always the same; after `limit` steps it ends in `end`."""

    observation_space, action_space = Box(-1, 1, (1,), np.float32), Discrete(2)

    def __init__(self, end: str, limit: int = 5) -> None:
        self.end, self.limit, self.taken = end, limit, 0

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        self.taken = 0
        return np.ones(1, np.float32), {}

    def step(self, action):
        self.taken += 1
        over = self.taken == self.limit
        return np.ones(1, np.float32), 1.0, over and self.end == "terminated", over and self.end == "truncated", {}


class Bandit(gymnasium.Env):
    """One action per episode; the second of three pays 1, the others nothing."""

    observation_space, action_space = Discrete(1), Discrete(3)

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        return 0, {}

    def step(self, action):
        return 0, float(action == 1), True, False, {}


class Target(gymnasium.Env):
    """One number per episode; the nearer to 3, the better (of -10 … 10)."""

    observation_space, action_space = Box(-1, 1, (1,), np.float32), Box(-10, 10, (1,), np.float32)

    def reset(self, seed=None, options=None):
        super().reset(seed=seed)
        return np.zeros(1, np.float32), {}

    def step(self, action):
        return np.zeros(1, np.float32), -float((action[0] - 3) ** 2), True, False, {}
