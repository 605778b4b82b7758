"""Snapshots: episodes from along the training, each set under the number of environment steps learned from by then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from agentos_lab.rl.dialogue_result import DialogueSample
from agentos_lab.rl.episode import Episode, play
from agentos_lab.rl.learning import Learner
from agentos_lab.rl.rollout import Rollout

__all__ = ["Snapshot", "dialogue_episode", "rehearse", "snapshots_of"]


class Snapshot(NamedTuple):
    """Episodes that one policy played.

    Attributes:
        steps: Environment steps (or updates, or whatever is counted) that it had learned from.
        episodes: At least one.
    """

    steps: int
    episodes: tuple[Episode, ...]


def snapshots_of(source: Any) -> tuple[Snapshot, ...]:
    """Snapshots in order of training time from whatever holds episodes.

    Args:
        source: An `Episode`, a `Rollout`, several episodes; or episodes along training: a mapping from steps to
            episodes, or a list of (steps, episodes).

    Raises:
        ValueError: It holds something else, an episode without a step, or the same number of steps twice.
    """
    if isinstance(source, Episode | Rollout):
        return _checked([Snapshot(0, _episodes(source))])
    if isinstance(source, Mapping):
        return _checked([Snapshot(int(steps), _episodes(held)) for steps, held in source.items()])
    if not isinstance(source, Iterable):
        raise _not_episodes(source)
    items = list(source)
    if all(isinstance(item, Episode) for item in items):
        return _checked([Snapshot(0, tuple(items))] if items else [])
    if not all(isinstance(item, Sequence) and len(item) == 2 and isinstance(item[0], int | np.integer)
               for item in items):  # fmt: skip
        raise _not_episodes(items)
    return _checked([Snapshot(int(steps), _episodes(held)) for steps, held in items])


def rehearse(
    learner: Learner, env: Any, *, every: int = 10, episodes: int = 1, greedy: bool = False, seed: int = 0
) -> list[Snapshot]:
    """Let a learner learn to its end, and play some episodes before, at every so many updates, and after.

    The episodes are played in environments of their own, from the same seeds each time: what differs is the policy.

    Args:
        learner: E.g. ``PPO("CartPole-v1", PPOSettings(total_steps=50_000))``.
        env: Where to play, as for `play`.
        every: Updates from one snapshot to the next.
        episodes: How many to play each time.
        greedy: Take the likeliest action instead of a sample.
        seed: Of the first episode; the others take the next ones.

    Example:
        >>> from agentos_lab.rl import PPO, PPOSettings
        >>> learner = PPO("CartPole-v1", PPOSettings(total_steps=3072))
        >>> [snapshot.steps for snapshot in rehearse(learner, "CartPole-v1", every=2)]
        [0, 2048, 3072]
    """
    if every < 1 or episodes < 1:
        raise ValueError(f"every and episodes must be at least 1, got {every} and {episodes}")
    gamma, lam = learner.settings.to_dict().get("gamma", 0.99), learner.settings.to_dict().get("lam", 0.95)

    def snapshot() -> Snapshot:
        seeds = range(seed, seed + episodes)
        played = [
            play(learner.policy, env, value=learner.value, greedy=greedy, seed=one, gamma=gamma, lam=lam)
            for one in seeds
        ]
        return Snapshot(learner.steps, tuple(played))

    found = [snapshot()]
    for update in learner:
        if update.update % every == 0 or learner.finished:
            found.append(snapshot())
    return found


def dialogue_episode(sample: DialogueSample) -> Episode:
    """A dialogue as an episode: one step for each token of the response, the reward with the last one.

    Args:
        sample: From the records of `reinforce_dialogue`. Tokens that others wrote have no probability. Show it with
            ``gamma=1``.
    """
    own = np.array(sample.own)
    reward = np.zeros(len(sample.response))
    reward[-1:] = sample.reward
    return Episode(
        np.array(["".join(sample.prompt), *sample.response]),
        np.arange(len(reward)),  # which token it was stands in the observation
        reward,
        terminated=True,
        truncated=False,
        log_prob=np.where(own, sample.log_prob, np.nan),
        advantage=np.array(sample.token_advantage),
        task="dialogue",
    )


def _episodes(held: Any) -> tuple[Episode, ...]:
    if isinstance(held, Episode):
        return (held,)
    if isinstance(held, Rollout):
        return tuple(held.episodes())
    if isinstance(held, Iterable):
        found = tuple(held)
        if found and all(isinstance(one, Episode) for one in found):
            return found
    raise _not_episodes(held)


def _checked(snapshots: list[Snapshot]) -> tuple[Snapshot, ...]:
    snapshots.sort(key=lambda snapshot: snapshot.steps)
    counts = [snapshot.steps for snapshot in snapshots]
    if twice := sorted({steps for steps in counts if counts.count(steps) > 1}):
        raise ValueError(f"there are two snapshots after {twice[0]} steps; give each its own number of steps")
    for snapshot in snapshots:
        if not all(len(episode) for episode in snapshot.episodes):
            raise ValueError(f"an episode after {snapshot.steps} steps of training has no step; leave it out")
    return tuple(snapshots)


def _not_episodes(source: Any) -> ValueError:
    return ValueError(
        f"expected an Episode (from play or collect(…).episodes()), several, or (steps, episodes) along training, got "
        f"{type(source).__name__}"
    )
