"""The panels of a training monitor and the table beside them: which columns of the runs are drawn, and how.

A panel has curves; a curve is a column of a run (numbers by step, NaN where there is none) and a way to draw it. The
table reads the same columns at one step.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from .training_reading import told
from .training_runs import Run

__all__ = ["loss_panel", "rate_panel", "rows_of", "ticks"]


def loss_panel(runs: Sequence[Run], shown: Sequence[Mapping[str, Any]], window: int) -> dict[str, Any]:
    """Losses from 0 up to just above ln V; what lies higher is drawn at the edge and told."""
    several = len(runs) > 1
    blind = {run.blind_loss for run in runs if run.blind_loss}
    finite = [record.loss for run in runs for record in run.records if math.isfinite(record.loss)]
    evaluations = [record.evaluation for run in runs for record in run.records if record.evaluation is not None]
    finite += filter(math.isfinite, evaluations)
    highest = max([*finite, *blind], default=1.0)
    high = 1.08 * min(highest, 1.5 * max(blind)) if blind else 1.04 * highest
    curves, keys = [], []
    for index, run in enumerate(shown):
        if not several:
            curves.append({"run": index, "column": "loss", "look": "faint", "colour": "blue"})
        curves.append({"run": index, "column": "mean", "look": "line", "colour": run["colour"]})
        examined = {"look": "rings", "colour": run["colour"]} if several else {"look": "dots", "colour": "vermilion"}
        curves.append({"run": index, "column": "evaluation"} | examined)
        if several:
            keys.append({"label": run["name"], "look": "line", "colour": run["colour"], "run": index})
    if not several:
        keys.append({"label": "training", "look": "line", "colour": "blue"})
    if any(run.examined for run in runs):
        examined = {"look": "rings", "colour": "quiet"} if several else {"look": "dots", "colour": "vermilion"}
        keys.append({"label": "validation"} | examined)
    above = f"↑ highest: {told(highest, 'loss')}" if highest > high else ""
    lines = [{"value": value, "label": f"knowing nothing: ln V = {value:.2f}"} for value in sorted(blind)]
    unit = "nats per token" + (f", mean of {window} steps" if window > 1 else "")
    return {
        "name": "loss",
        "title": "Loss",
        "unit": unit,
        "high": high,
        "ticks": ticks(high),
        "curves": curves,
        "lines": lines,
        "keys": keys,
        "above": above,
        "marks": [[run.broken_at, "✕"] for run in runs if run.broken_at],
    }


def rate_panel(runs: Sequence[Run], shown: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Learning rates made, and those planned, dotted."""
    rates = [record.lr for run in runs for record in run.records]
    rates += [rate for run in shown for _, rate in run["plan"]]
    highest = max(rates, default=1.0) or 1.0
    curves = [
        {"run": index, "column": "lr", "look": "line", "colour": run["colour"]} for index, run in enumerate(shown)
    ]
    curves += [
        {"run": index, "column": "plan", "look": "dotted", "colour": run["colour"]}
        for index, run in enumerate(shown)
        if run["plan"]
    ]
    planned = any(run["plan"] for run in shown)
    return {
        "name": "rate",
        "title": "Learning rate",
        "unit": "dotted: planned" if planned else "",
        "high": 1.08 * highest,
        "ticks": [[0.0, "0"], [highest, told(highest, "rate")]],
        "curves": curves,
        "lines": [],
        "keys": [],
        "above": "",
        "marks": [],
    }


def rows_of(runs: Sequence[Run], window: int) -> list[dict[str, str]]:
    """The table beside the picture: what to read from the columns at one step, and how to write it."""
    mean = [{"column": "mean", "label": f"mean of {window} steps", "format": "loss"}] if window > 1 else []
    validation = [
        {"column": "evaluation", "label": "validation loss", "format": "loss", "held": "after step"},
        {"column": "perplexity", "label": "perplexity", "format": "perplexity", "held": ""},
    ]
    return [
        {"column": "loss", "label": "training loss", "format": "loss"},
        *mean,
        *(validation if any(run.examined for run in runs) else []),
        {"column": "lr", "label": "learning rate", "format": "rate"},
        {"column": "gradient", "label": "length of the gradient", "format": "short"},
        {"column": "tokens", "label": "tokens read", "format": "count"},
    ]


def ticks(high: float, *, whole: bool = False) -> list[list[Any]]:
    """[value, text] of three to six round numbers from 0 to `high`."""
    rough = high / 5
    power = 10.0 ** math.floor(math.log10(rough)) if rough > 0 else 1.0
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    step = max(step, 1.0) if whole else step
    digits = max(0, -math.floor(math.log10(step)))
    return [[step * index, f"{step * index:,.{digits}f}"] for index in range(int(high / step) + 1)]
