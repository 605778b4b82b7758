"""All benchmarks of the language model: training, then generation.

python benchmarks/lm.py [--threads 2] [--repeat 5]
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import lm_generation, lm_training

if __name__ == "__main__":
    lm_training.main()
    print()
    lm_generation.main()
