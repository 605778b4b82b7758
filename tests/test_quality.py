"""Format and lint: the tools' own verdicts on everything; `acceptance/test_annotations.py` asks for the types."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def verdict(*words: str) -> str:
    """What a tool says; empty when it has nothing to complain of."""
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, capture_output=True, encoding="utf-8")
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_the_code_is_formatted():
    assert verdict("ruff", "format", "--check", "--quiet", ".") == ""


def test_the_code_has_no_lint():
    assert verdict("ruff", "check", "--quiet", "--output-format=concise", ".") == ""
