"""The numbers of a training run at one step, as the table beside the curves shows them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .view import unpack

__all__ = ["reading", "told"]

DIGITS = {"loss": 4, "short": 2, "perplexity": 1}  # decimals


def told(value: float, form: str) -> str:
    """A number of the table as text; `told` in training.js writes the same.

    Args:
        value: NaN is "–".
        form: "loss" (four decimals), "rate" (three digits), "short", "perplexity" or "count".
    """
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    if form == "count":
        return f"{int(value):,}"
    if form == "rate" or abs(value) >= 10_000:
        mantissa, exponent = f"{value:.2e}".split("e")
        return f"{mantissa}e{int(exponent)}" if value else "0"
    text = f"{value:.{DIGITS[form]}f}"
    return text.removeprefix("-") if float(text) == 0 else text


def reading(run: Mapping[str, Any], rows: Sequence[Mapping[str, str]], cursor: int | None) -> dict[str, Any]:
    """What the table shows of a run at a step; `reading` in training.js does the same.

    Args:
        run: From the state's `runs`.
        rows: The state's `rows`.
        cursor: A step; None is the last one.

    Returns:
        `step` (that was made at or before the cursor; 0 for none), `rows` of [label, text], `samples` ([step, text]
        each) until then, the last one first.
    """
    columns = {name: unpack(column) for name, column in run["columns"].items()}
    steps = columns["step"]
    last = run["done"] if cursor is None else min(cursor, run["done"])
    at = int(np.searchsorted(steps, last, side="right")) - 1
    found = []
    for row in rows:
        place, label = at, row["label"]
        if "held" in row:
            while place >= 0 and math.isnan(columns[row["column"]][place]):
                place -= 1
            if row["held"] and place >= 0:
                label = f"{label} {row['held']} {int(steps[place]):,}"
        value = float(columns[row["column"]][place]) if place >= 0 else math.nan
        found.append([label, told(value, row["format"])])
    step = int(steps[at]) if at >= 0 else 0
    samples = [sample for sample in run["samples"] if sample[0] <= step]
    return {"step": step, "rows": found, "samples": samples[::-1]}
