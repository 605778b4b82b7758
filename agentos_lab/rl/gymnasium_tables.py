"""From gymnasium to tables: the environments that carry their own model (`env.unwrapped.P`) become a `TabularMDP`.

Gymnasium marks transitions that end an episode, we mark states. A state that is only ever entered at the end becomes
terminal. Should a state be entered both ways, the ending transitions lead to one more state, the last.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium.envs.toy_text.frozen_lake import FrozenLakeEnv
from gymnasium.spaces import Discrete

from .single_environment import as_environment
from .tabular_mdp import Layout, TabularMDP
from .transition_tables import Outcome, tables

__all__ = ["as_mdp", "from_gymnasium"]

GymnasiumTable = Mapping[int, Mapping[int, list[tuple[float, int, float, bool]]]]  # P[s][a] = [(p, s′, r, terminated)]


def from_gymnasium(env: Any) -> TabularMDP:
    """The decision process that a gymnasium environment carries in its table.

    Args:
        env: An environment whose ``unwrapped.P[s][a]`` lists (probability, next state, reward, terminated), or its id:
            FrozenLake, CliffWalking, Taxi and those built like them.

    Returns:
        The process, with the time limit of the environment.

    Raises:
        ValueError: The environment has no table.
    """
    env = as_environment(env)
    inner = getattr(env, "unwrapped", env)
    table: GymnasiumTable | None = getattr(inner, "P", None)
    if not isinstance(table, Mapping):
        raise ValueError(
            f"{env} carries no table of transitions (env.unwrapped.P), so that it can be sampled but not solved; learn "
            "from samples instead, or build a TabularMDP"
        )
    if not (isinstance(env.observation_space, Discrete) and isinstance(env.action_space, Discrete)):
        raise ValueError(f"a table needs Discrete states and actions, got {env.observation_space}, {env.action_space}")
    S, A = int(env.observation_space.n), int(env.action_space.n)
    start = np.asarray(getattr(inner, "initial_state_distrib", np.ones(S) / S), dtype=float)
    ends = _entered_at_the_end(table)
    if ends & _reachable(table, start):  # such a state is no end by itself
        S, start, ends, goal = S + 1, np.append(start, 0.0), {S}, S
    else:
        goal = None
    outcomes: dict[tuple[int, int], list[Outcome]] = {
        (s, a): [
            (p, goal if terminated and goal is not None else int(follow), float(reward))
            for p, follow, reward, terminated in cases
        ]
        for s, actions in table.items()
        for a, cases in actions.items()
    }
    P, R = tables(outcomes, S, A)
    spec = getattr(env, "spec", None)
    name, limit = ("", None) if spec is None else (spec.id, spec.max_episode_steps)
    ended = np.isin(np.arange(S), list(ends))
    return TabularMDP(P, R, ended, start, limit=limit, name=name, layout=_lake_layout(inner))


def as_mdp(env: Any) -> TabularMDP:
    """A `TabularMDP` as it is, or that of a gymnasium environment or id."""
    return env if isinstance(env, TabularMDP) else from_gymnasium(env)


def _lake_layout(inner: Any) -> Layout | None:
    """The map of a frozen lake, the one environment that shows its cells."""
    if not isinstance(inner, FrozenLakeEnv):
        return None
    rows = ["".join(row).replace("F", ".") for row in np.asarray(inner.desc).astype(str)]
    return Layout(len(rows), len(rows[0]), "\n".join(rows), "←↓→↑")


def _entered_at_the_end(table: GymnasiumTable) -> set[int]:
    """States that some transition with a positive probability enters as it ends the episode."""
    return {
        int(follow)
        for actions in table.values()
        for cases in actions.values()
        for p, follow, _, terminated in cases
        if terminated and p > 0
    }


def _reachable(table: GymnasiumTable, start: np.ndarray) -> set[int]:
    """States that an episode can be in while it goes on."""
    seen = {int(state) for state in np.flatnonzero(start)}
    frontier = list(seen)
    while frontier:
        for cases in table[frontier.pop()].values():
            for p, follow, _, terminated in cases:
                if p > 0 and not terminated and int(follow) not in seen:
                    seen.add(int(follow))
                    frontier.append(int(follow))
    return seen
