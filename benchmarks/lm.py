"""All benchmarks of the language model: training, then generation.

python benchmarks/lm.py [--threads 2] [--repeat 5]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import lm_generation, lm_training


def main() -> None:
    """Run both; each reads the same two options."""
    parser = argparse.ArgumentParser(description="Speed of training and generation against transformers and llama.cpp.")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=5)
    parser.parse_args()
    lm_training.main()
    print()
    lm_generation.main()


if __name__ == "__main__":
    main()
