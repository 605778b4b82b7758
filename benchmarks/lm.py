"""All measurements of the language-model engine in one run: training, generation, loading, memory, import.

    python benchmarks/lm.py [--threads 2] [--repeat 5]

The peers run in the same processes as ours; see `lm_training.py` and `lm_generation.py` for what each row compares.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
IMPORT = "import time; start = time.perf_counter(); import agentos_lab; print(f'{time.perf_counter() - start:.3f} s')"
LOADING = (
    "import time, resource\n"
    "from agentos_lab.lm import load_pretrained\n"
    "start = time.perf_counter(); load_pretrained('smollm2-135m-instruct'); seconds = time.perf_counter() - start\n"
    "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024\n"
    "print(f'{seconds:.2f} s, {peak:.0f} MB at most in memory')"
)


def main() -> None:
    """Run every part and let it print its own table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeat", type=int, default=5)
    arguments = parser.parse_args()
    for title, program in (("import agentos_lab", IMPORT), ("loading SmolLM2 from the cache", LOADING)):
        print(f"\n{title}: ", end="", flush=True)
        subprocess.run([sys.executable, "-c", program], cwd=HERE.parent, check=True)
    for part in ("lm_training.py", "lm_generation.py"):
        print(f"\n== {part}", flush=True)
        options = ["--threads", str(arguments.threads), "--repeat", str(arguments.repeat)]
        subprocess.run([sys.executable, str(HERE / part), *options], check=True)


if __name__ == "__main__":
    main()
