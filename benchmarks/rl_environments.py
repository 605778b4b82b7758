"""Steps a second of our environments against gymnasium's: CartPole, and also Acrobot, Pendulum, FrozenLake.

    python benchmarks/rl_environments.py [--repeat 15] [--steps 200000]

Random actions, drawn beforehand; resets included. `CartPoleVectorEnv` is gymnasium's own NumPy version, `SyncVectorEnv`
its loop over single environments. Ours resets in the same step and keeps the last observation; gymnasium's resets in
the next step, whose action it ignores, so that some of its steps move nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agentos_lab.rl import as_vector, frozen_lake
from benchmarks.compare import compare, environment

ROWS = [  # gymnasium's id, how gymnasium makes a vector of it, N, the share of the steps that the peer has time for
    ("CartPole-v1", "vector_entry_point", 64, 1.0),
    ("CartPole-v1", "vector_entry_point", 1024, 1.0),
    ("CartPole-v1", "sync", 64, 0.1),
    ("CartPole-v1", "sync", 1024, 0.1),
    ("Acrobot-v1", "sync", 64, 0.1),
    ("Pendulum-v1", "sync", 64, 0.1),
    ("FrozenLake-v1", "sync", 64, 0.1),
]


def steps_with(env: Any, n: int, steps: int) -> Callable[[], None]:
    """Take about so many steps, in all n environments together, by the same random actions each time."""
    space = env.single_action_space
    generator = np.random.default_rng(0)
    if isinstance(space, gymnasium.spaces.Discrete):
        actions = generator.integers(0, space.n, size=(64, n))
    else:
        actions = generator.uniform(space.low, space.high, size=(64, n, *space.shape)).astype(space.dtype)
    env.reset(seed=0)

    def run() -> None:
        for step in range(max(1, steps // n)):
            env.step(actions[step % 64])

    return run


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="Environment steps a second, ours against gymnasium's.")
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--steps", type=int, default=200_000)
    chosen = parser.parse_args()
    print(environment(["numpy", "gymnasium"]))
    print(f"{'environment and peer':<44}{'ours steps/s':>13}{'peer steps/s':>13}{'ratio':>8}{'processor':>11}")
    for name, mode, n, share in ROWS:
        source = frozen_lake() if name == "FrozenLake-v1" else name
        peer = gymnasium.make_vec(name, num_envs=n, vectorization_mode=mode)
        steps = int(chosen.steps * share) // n * n or n
        result = compare(
            steps_with(as_vector(source, n), n, steps), steps_with(peer, n, steps), chosen.repeat, warm_up=2
        )
        kind = {"vector_entry_point": "CartPoleVectorEnv", "sync": "SyncVectorEnv"}[mode]
        print(
            f"{f'{name}, n = {n} : {kind}':<44}{steps / result.candidate:>13,.0f}{steps / result.baseline:>13,.0f}"
            f"{result.ratio:>8.2f}{result.processor_ratio:>11.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
