"""All speed benchmarks of reinforcement learning: environments, Q-learning in tables, PPO; each beside its peer.

    python benchmarks/rl.py [--repeat 7] [--seeds 3]

About three minutes. Candidate and peer take turns in one process, so that whatever else the machine does hits both
alike; the ratio is by the clock, and beside it stands the one by processor time, the steadier on a busy machine.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy and torch are loaded
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import rl_environments, rl_ppo, rl_tabular
from benchmarks.compare import environment


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description="Speed of reinforcement learning against its peers.")
    parser.add_argument("--repeat", type=int, default=7, help="rounds of each row; the medians are shown")
    parser.add_argument("--seeds", type=int, default=3, help="runs of PPO")
    chosen = parser.parse_args()
    print(f"$ python benchmarks/rl.py --repeat {chosen.repeat} --seeds {chosen.seeds}")
    print(f"{environment(['numpy', 'torch', 'gymnasium'])}, 1 thread\n")
    rl_environments.measure(chosen.repeat)
    print()
    rl_tabular.measure(chosen.repeat)
    print()
    rl_ppo.measure(chosen.seeds)


if __name__ == "__main__":
    main()
