"""Types: mypy's own verdict on the library, the widgets and `lab.py`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def verdict(*words: str) -> str:
    """What mypy says; empty when it has nothing to complain of."""
    done = subprocess.run([sys.executable, "-m", "mypy", *words], cwd=ROOT, capture_output=True, encoding="utf-8")
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_annotations_hold():
    assert verdict() == ""


def test_the_annotations_of_lab_hold():
    assert verdict("--config-file=", "--strict", "lab.py") == ""
