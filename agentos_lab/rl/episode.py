"""Episode: one play from the first observation to the last, with what was thought on the way."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import nn
from torch.distributions import Categorical

from .advantage import gae, td_error
from .environments import as_vector
from .exploration import epsilon_greedy_probabilities
from .gymnasium_tables import as_mdp
from .policies import check_policy, check_value
from .settings import check_count, check_flag, check_seed, check_share
from .transition_tables import read_numbers

if TYPE_CHECKING:
    from .policies import Policy

__all__ = ["Episode", "play", "play_table", "task_name"]


@dataclass(frozen=True)
class Episode:
    """T steps of one environment, as NumPy arrays.

    Attributes:
        obs: Observations (T+1, *O); the last one is what the last step led to.
        action: (T,) or (T, A), as the policy chose them.
        reward: (T,).
        terminated: Whether it ended in a terminal state.
        truncated: Whether a time limit cut it off. Neither: it was left while under way.
        log_prob: Logarithms of the probabilities with which the actions were chosen (T,).
        value: What the value function promised before each step (T,); None without one.
        advantage: GAE of each step (T,); None without a value function.
        probabilities: Of all actions (T, A), where these are finite in number; else None.
        task: Name of the environment.
    """

    obs: NDArray[Any]
    action: NDArray[Any]
    reward: NDArray[np.float64]
    terminated: bool
    truncated: bool
    log_prob: NDArray[Any] | None = None
    value: NDArray[Any] | None = None
    advantage: NDArray[Any] | None = None
    probabilities: NDArray[Any] | None = None
    task: str = ""

    def __len__(self) -> int:
        return len(self.reward)

    @property
    def total_reward(self) -> float:
        """Sum of all rewards: the return without discount."""
        return float(np.sum(self.reward))

    def __str__(self) -> str:
        end = "terminated" if self.terminated else "cut off by a limit" if self.truncated else "left under way"
        where = f" of {self.task}" if self.task else ""
        return f"episode{where}: {len(self)} steps, return {self.total_reward:.1f}, {end}"

    __repr__ = __str__

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain lists and numbers, ready for JSON."""
        plain = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}
        return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in plain.items()}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Episode:
        """Inverse of `to_dict`."""
        arrays: dict[str, Any] = {name: np.array(value) for name, value in fields.items() if isinstance(value, list)}
        return cls(**(fields | arrays))


def play(
    policy: Policy,
    env: Any,
    *,
    value: nn.Module | None = None,
    greedy: bool = False,
    seed: int = 0,
    gamma: float = 0.99,
    lam: float = 0.95,
    longest: int = 10_000,
) -> Episode:
    """Play one episode and note everything that there is to see of it.

    Args:
        policy: Chooses the actions.
        env: A gymnasium id, an environment, or one of ours.
        value: A value function to ask before each step.
        greedy: Take the likeliest action instead of a sample.
        seed: Of the environment and of the samples.
        gamma, lam: Of the advantages; see `gae`.
        longest: Steps after which to leave an episode that does not end.

    Raises:
        ValueError: No policy, not an environment, or a number out of range.
    """
    check_share("gamma", gamma)
    check_share("lam", lam)
    check_seed(seed)
    check_count("longest", longest)
    check_flag("greedy", greedy)
    world = as_vector(env, 1)
    check_policy(policy)
    check_value(value)
    generator = torch.Generator().manual_seed(seed)
    now, _ = world.reset(seed=seed)
    observations, actions = [now[0]], []
    rewards: list[float] = []
    terminated = truncated = False
    while len(rewards) < longest and not (terminated or truncated):
        chosen = policy.act(torch.as_tensor(now), generator, greedy)
        now, paid, ended, cut, info = world.step(policy.to_environment(chosen).numpy())
        observations.append(info["final_obs"][0])
        actions.append(chosen[0].numpy())
        rewards.append(float(paid[0]))
        terminated, truncated = bool(ended[0]), bool(cut[0]) and not bool(ended[0])
    obs, action, reward = np.stack(observations), np.stack(actions), np.array(rewards)
    with torch.no_grad():
        distribution = policy(torch.as_tensor(obs[:-1]))
        log_prob = distribution.log_prob(torch.as_tensor(action)).numpy()
        probabilities = distribution.probs.numpy() if isinstance(distribution, Categorical) else None
        values = None if value is None else value(torch.as_tensor(obs)).double().numpy()  # (T+1,)
    advantage = None
    if values is not None:
        ends = np.zeros(len(reward), bool)
        ends[-1] = terminated
        advantage = gae(td_error(reward, values[:-1], values[1:], ends, gamma), np.zeros_like(ends), gamma, lam)
        values = values[:-1]
    task = task_name(env)
    return Episode(obs, action, reward, terminated, truncated, log_prob, values, advantage, probabilities, task)


def play_table(
    env_or_mdp: Any,
    action_values: ArrayLike,
    *,
    epsilon: float = 0.0,
    gamma: float = 1.0,
    lam: float = 0.0,
    seed: int = 0,
    longest: int = 10_000,
) -> Episode:
    """Play one episode ε-greedily by a table of action values; the value of a state is what the policy expects of it.

    Args:
        env_or_mdp: A `TabularMDP`, or a gymnasium environment or id with a table of its own.
        action_values: Q (S, A), e.g. ``run.action_values[0]``, or ``run.kept[3, 0]`` from under way.
        epsilon: Share of random actions.
        gamma, lam: Of the advantages.
        seed: Of the environment and of the actions.
        longest: Steps after which to leave an episode that does not end.

    Raises:
        ValueError: The table has not one row for each state and one column for each action.
    """
    check_share("epsilon", epsilon)
    check_seed(seed)
    check_count("longest", longest)
    mdp = as_mdp(env_or_mdp)
    q = read_numbers("action_values", action_values)
    if q.shape != (mdp.num_states, mdp.num_actions):
        raise ValueError(f"action_values must have shape {(mdp.num_states, mdp.num_actions)} (S, A), got {q.shape}")
    if np.isnan(q).any():
        raise ValueError(f"action_values is NaN in state {int(np.flatnonzero(np.isnan(q).any(axis=1))[0])}")
    policy = epsilon_greedy_probabilities(q, epsilon)  # (S, A)
    values = np.where(mdp.terminal, 0.0, (policy * np.where(policy > 0, q, 0.0)).sum(axis=-1))
    generator = np.random.default_rng(seed)
    states, actions, rewards = [mdp.reset(seed=seed)[0]], list[int](), list[float]()
    terminated = truncated = False
    while len(rewards) < longest and not (terminated or truncated):
        actions.append(int(generator.choice(mdp.num_actions, p=policy[states[-1]])))
        state, paid, terminated, truncated, _ = mdp.step(actions[-1])
        states.append(state)
        rewards.append(paid)
    obs, action, reward = np.array(states), np.array(actions), np.array(rewards)
    ends = np.arange(len(reward)) == len(reward) - 1
    error = td_error(reward, values[obs[:-1]], values[obs[1:]], ends & terminated, gamma)
    chances = policy[obs[:-1]]
    return Episode(
        obs,
        action,
        reward,
        terminated,
        truncated and not terminated,
        np.log(chances[np.arange(len(action)), action]),
        values[obs[:-1]],
        gae(error, ends, gamma, lam),
        chances,
        mdp.name,
    )


def task_name(env: Any) -> str:
    """What to call an environment in print."""
    if isinstance(env, str):
        return env
    spec = getattr(env, "spec", None)
    return str(getattr(spec, "id", "") or getattr(env, "name", "") or type(env).__name__)
