"""Steps a second of our environments against gymnasium's: CartPole, and also Acrobot, Pendulum, FrozenLake.

    python benchmarks/rl_environments.py [--repeat 15]

Random actions, drawn beforehand; resets included. `CartPoleVectorEnv` is gymnasium's own NumPy version, `SyncVectorEnv`
its loop over single environments. Ours resets in the same step and keeps the last observation; gymnasium's resets in
the next step, whose action it ignores, so that some of its steps move nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import gymnasium
import numpy as np

from agentos_lab.rl import as_vector, frozen_lake
from benchmarks.compare import compare, environment, rates

STEPS = 200_000  # of all n environments together, in a round
ROWS = [  # gymnasium's id, how it makes a vector, N, the share of the steps that there is time for, and the aim
    ("CartPole-v1", "vector_entry_point", 64, 1.0, 1.3),
    ("CartPole-v1", "vector_entry_point", 1024, 1.0, 1.3),
    ("CartPole-v1", "sync", 64, 0.1, 10),
    ("CartPole-v1", "sync", 1024, 0.1, 10),
    ("Acrobot-v1", "sync", 64, 0.1, 0),
    ("Pendulum-v1", "sync", 64, 0.1, 0),
    ("FrozenLake-v1", "sync", 64, 0.1, 0),
]


def steps_with(env: Any, n: int, steps: int) -> Callable[[], None]:
    """Take so many steps, in all n environments together, by the same random actions each time."""
    space = env.single_action_space
    generator = np.random.default_rng(0)
    if isinstance(space, gymnasium.spaces.Discrete):
        actions = generator.integers(0, space.n, size=(64, n))
    else:
        actions = generator.uniform(space.low, space.high, size=(64, n, *space.shape)).astype(space.dtype)
    env.reset(seed=0)

    def run() -> None:
        for step in range(steps // n):
            env.step(actions[step % 64])

    return run


def measure(repeat: int) -> None:
    """Print the table."""
    print(f"{'environment steps a second, ours : peer':<46}{'ours':>13}{'peer':>13}{'ratio':>8}{'processor':>11}  aim")
    for name, mode, n, share, aim in ROWS:
        source = frozen_lake() if name == "FrozenLake-v1" else name
        peer = gymnasium.make_vec(name, num_envs=n, vectorization_mode=mode)
        steps = int(STEPS * share) // n * n
        result = compare(steps_with(as_vector(source, n), n, steps), steps_with(peer, n, steps), repeat)
        kind = {"vector_entry_point": "CartPoleVectorEnv", "sync": "SyncVectorEnv"}[mode]
        print(rates(f"{name}, n = {n} : {kind}", result, steps, aim=aim), flush=True)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Environment steps a second, ours against gymnasium's.")
    parser.add_argument("--repeat", type=int, default=15)
    chosen = parser.parse_args()
    print(environment(["numpy", "gymnasium"]))
    measure(chosen.repeat)


if __name__ == "__main__":
    main()
