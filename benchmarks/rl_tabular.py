"""Steps a second of Q-learning in tables, against the same loop written over gymnasium.

    python benchmarks/rl_tabular.py [--repeat 7]

The peer is the loop that tutorials print: one environment of gymnasium, one NumPy table, an ε-greedy action, a step, an
update. Ours learns the same from its own table of the same task, alone and with many learners at once. Counted are
steps that are learnt from: who has played all episodes and waits for other learners adds nothing. What is set up before
the first step (our tables, gymnasium's environment) is made beforehand; our preparations for a run are counted.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["AGENTOS_LAB_QUIET"] = "1"  # no progress bars in a table
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import gymnasium
import numpy as np

from agentos_lab.rl import TabularMDP, cliff_walking, frozen_lake, q_learning, taxi
from benchmarks.compare import compare, environment, rates

ALPHA, GAMMA, EPSILON = 0.1, 0.99, 0.1
PEER_EPISODES = 200
TASKS = {"CliffWalking-v1": cliff_walking, "FrozenLake-v1": frozen_lake, "Taxi-v4": taxi}
LEARNERS = {1: (3000, 10), 100: (200, 0), 1000: (20, 10)}  # episodes of each, and the aim, if there is one


def ours(mdp: TabularMDP, learners: int, episodes: int) -> Callable[[], int]:
    """Learn with our engine; returns the number of steps."""

    def run() -> int:
        told = {"alpha": ALPHA, "gamma": GAMMA, "epsilon": EPSILON, "seed": 0}
        return int(q_learning(mdp, episodes, learners=learners, **told).lengths.sum())

    return run


def over_gymnasium(env: gymnasium.Env, episodes: int) -> Callable[[], int]:
    """Learn with the usual loop; returns the number of steps."""
    actions = int(env.action_space.n)

    def run() -> int:
        generator = np.random.default_rng(0)
        table = np.zeros((env.observation_space.n, actions))
        steps = 0
        env.reset(seed=0)
        for _ in range(episodes):
            state, _ = env.reset()
            done = False
            while not done:
                action = int(generator.integers(actions) if generator.random() < EPSILON else np.argmax(table[state]))
                follow, reward, terminated, truncated, _ = env.step(action)
                target = reward + GAMMA * (0.0 if terminated else table[follow].max())
                table[state, action] += ALPHA * (target - table[state, action])
                state, done = follow, terminated or truncated
                steps += 1
        return steps

    return run


def measure(repeat: int) -> None:
    """Print the table."""
    print(
        f"{'Q-learning steps a second, ours : gymnasium':<46}{'ours':>13}{'peer':>13}{'ratio':>8}{'processor':>11}  aim"
    )
    for learners, (episodes, aim) in LEARNERS.items():
        for name, make in TASKS.items():
            candidate, baseline = ours(make(), learners, episodes), over_gymnasium(gymnasium.make(name), PEER_EPISODES)
            result = compare(candidate, baseline, repeat, warm_up=1)
            who = "1 learner" if learners == 1 else f"{learners:,} learners"
            print(rates(f"{name}, {who}", result, candidate(), baseline(), aim), flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Steps a second of tabular Q-learning, ours against gymnasium.")
    parser.add_argument("--repeat", type=int, default=7)
    chosen = parser.parse_args()
    print(environment(["numpy", "gymnasium"]))
    measure(chosen.repeat)


if __name__ == "__main__":
    main()
