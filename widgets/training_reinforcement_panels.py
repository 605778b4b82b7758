"""The panels of a monitor of reinforcement learning: return, loss, and what becomes of the policy, and the table.

All share the axis of environment steps. A run alone is a line; seeds of one algorithm are a band with their median,
and the chosen one a line on top.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .training_reading import told
from .training_reinforcement_runs import ReinforcementRun

__all__ = ["fields_of", "limits", "return_panel", "round_ticks", "rows_of", "term_panel"]

# Field of `Update` -> title of its panel, and what it is counted in.
TERMS: Mapping[str, tuple[str, str]] = {
    "loss": ("Loss", "what the optimizer lowers"),
    "entropy": ("Entropy", "nats per action; 0 when certain"),
    "kl": ("KL", "nats; how far an update moves the policy"),
    "mean_value": ("Mean value", "of the actions taken"),
    "epsilon": ("ε", "share of random actions"),
}
TALKING: Mapping[str, tuple[str, str]] = {
    **TERMS,
    "entropy": ("Entropy", "nats per token; 0 when certain"),
    "kl": ("KL", "nats per dialogue, from the reference"),
}
VALUES = ("loss", "mean_value", "epsilon")  # the panels of an algorithm that learns action values
POLICIES = ("loss", "entropy", "kl")
OUTLIER = 4.0  # a value so many times above nearly all others would flatten them: it is told, not drawn
INVISIBLE = 0.02  # of an axis: less than a pixel of a small panel, and no reason to make room below zero
ROWS: Sequence[tuple[str, str, str]] = (
    ("mean_return", "mean return", "short"),
    ("success", "success", "loss"),
    ("examination", "examination", "loss"),
    ("loss", "loss", "loss"),
    ("policy_loss", "policy loss", "loss"),
    ("value_loss", "value loss", "loss"),
    ("entropy", "entropy", "loss"),
    ("kl", "KL", "loss"),
    ("clip_fraction", "share clipped", "loss"),
    ("explained_variance", "explained variance", "loss"),
    ("mean_value", "mean value", "short"),
    ("epsilon", "ε", "loss"),
    ("zero_variance", "groups that taught nothing", "short"),
    ("length", "tokens per dialogue", "short"),
    ("grad_norm", "length of the gradient", "short"),
    ("lr", "learning rate", "rate"),
    ("episodes", "episodes", "count"),
    ("update", "updates", "count"),
)


def fields_of(runs: Sequence[ReinforcementRun]) -> tuple[str, ...]:
    """Which three fields have a panel of their own: by what is recorded, else by the algorithm's name."""
    recorded = any(run.records for run in runs)
    values = any(record.epsilon is not None for run in runs for record in run.records[:1])
    return VALUES if values or (not recorded and all(run.algorithm == "DQN" for run in runs)) else POLICIES


def return_panel(
    runs: Sequence[ReinforcementRun], shown: Sequence[Mapping[str, Any]], bands: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return against steps, with success beside it where the policy talks."""
    talks = any(run.talks for run in runs)
    values = [record.mean_return for run in runs for record in run.records if record.mean_return is not None]
    curves = curves_of("mean_return", shown, bands)
    keys = [
        {"label": label_of(band, shown), "look": "band", "colour": band["colour"], "run": band["runs"][0]}
        for band in bands
    ]
    keys += [
        {"label": run["name"], "look": "line", "colour": run["colour"], "run": index}
        for index, run in enumerate(shown)
        if len(shown) > 1 and not any(index in band["runs"] for band in bands)
    ]
    if talks and any(record.success is not None for run in runs for record in run.records[:1]):
        values += [record.success for run in runs for record in run.records if record.success is not None]
        values += [0.0, 1.0]
        for index in range(len(shown)):
            curves.append({"run": index, "column": "success", "look": "dashed", "colour": "green", "only": "chosen"})
        if len(keys) == 0:
            keys.append({"label": "reward", "look": "line", "colour": "blue"})
        keys.append({"label": "success", "look": "dashed", "colour": "green"})
    low, high, above = limits(values)
    ticks = round_ticks(low, high, 4)
    several = len(runs) > 1
    return panel("return", "Mean reward" if talks else "Return", "" if talks else "mean of the last 100 episodes") | {
        "low": ticks[0][0],
        "high": ticks[-1][0],
        "ticks": ticks,
        "curves": curves,
        "keys": keys,
        "above": above,
        "marks": [[run.broken_at, "✕"] for run in runs if run.broken_at]
        + [
            [step, f"lr {told(rate, 'rate')}", "quiet"]
            for step, rate in dict.fromkeys(change for run in (runs[:1] if several else runs) for change in run.changes)
        ],
    }


def term_panel(
    field: str,
    runs: Sequence[ReinforcementRun],
    shown: Sequence[Mapping[str, Any]],
    bands: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """One of the small panels."""
    title, unit = (TALKING if any(run.talks for run in runs) else TERMS)[field]
    values = [value for run in runs for record in run.records if (value := getattr(record, field)) is not None]
    low, high, above = limits([value for value in values if math.isfinite(value)])
    ticks = round_ticks(low, high, 2)
    unit = unit if values or not any(run.records for run in runs) else f"{unit}: not recorded"
    return panel("term", title, unit) | {
        "low": ticks[0][0],
        "high": ticks[-1][0],
        "ticks": ticks,
        "curves": curves_of(field, shown, bands),
        "above": above,
    }


def panel(name: str, title: str, unit: str) -> dict[str, Any]:
    """A panel with nothing in it; its name is that of its height among the measures."""
    return {"name": name, "title": title, "unit": unit, "lines": [], "keys": [], "above": "", "marks": []}


def curves_of(
    field: str, shown: Sequence[Mapping[str, Any]], bands: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Bands first, then their medians, then the runs: those of a band only when they are chosen."""
    banded = {run for band in bands for run in band["runs"]}
    ranges: list[dict[str, Any]] = [
        {"band": at, "column": f"{field}.low", "upper": f"{field}.high", "look": "band"} for at in range(len(bands))
    ]
    medians: list[dict[str, Any]] = [
        {"band": at, "column": f"{field}.middle", "look": "median"} for at in range(len(bands))
    ]
    for curve in [*ranges, *medians]:
        curve |= {"steps": f"{field}.step", "colour": bands[curve["band"]]["colour"]}
    lines = [
        {"run": index, "column": field, "look": "line", "colour": run["colour"]}
        | ({"only": "chosen"} if index in banded else {})
        for index, run in enumerate(shown)
    ]
    return [*ranges, *medians, *lines]


def label_of(band: Mapping[str, Any], shown: Sequence[Mapping[str, Any]]) -> str:
    """What the key of a band says."""
    seeds = f"{len(band['runs'])} seeds"
    alone = len(band["runs"]) == len(shown)
    return f"median and range of {seeds}" if alone else f"{band['name']}, {seeds}"


def limits(values: Sequence[float]) -> tuple[float, float, str]:
    """From where to where an axis goes, and what to say of values that lie outside.

    Zero is on it unless all values are negative; a few values far above the rest are told instead of drawn.
    """
    if not len(values):
        return 0.0, 1.0, ""
    lowest, highest = min(values), max(values)
    usual = float(np.quantile(np.abs(values), 0.95))
    low, high = max(lowest, -OUTLIER * usual), min(highest, OUTLIER * usual)
    outside = [f"↑ highest: {told(highest, 'short')}"] if highest > high else []
    outside += [f"↓ lowest: {told(lowest, 'short')}"] if lowest < low else []
    if -INVISIBLE * high < low or high >= 0 <= low:
        low = 0.0
    return low, high, ", ".join(outside)


def round_ticks(low: float, high: float, most: int) -> list[list[Any]]:
    """[value, text] of round numbers that enclose a range, at most `most` steps and two apart."""
    rough = max(high - low, 1e-9 * max(abs(low), abs(high)), 1e-12) / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 3, 4, 5, 6, 8, 10) if factor * power >= rough * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [[step * index, tick_text(step * index, step)] for index in range(first, max(last, first + 1) + 1)]


def tick_text(value: float, step: float) -> str:
    """A tick's number: short enough for the room left of the axis."""
    if not value:
        return "0"
    if step < 1e-3 or abs(value) >= 1e6:
        digits = max(0, math.floor(math.log10(abs(value)) + 1e-9) - math.floor(math.log10(step) + 1e-9))
        mantissa, exponent = f"{value:.{digits}e}".split("e")
        return f"{mantissa.rstrip('0').rstrip('.') if digits else mantissa}e{int(exponent)}"
    return f"{value:,.{max(0, -math.floor(math.log10(step) + 1e-9))}f}"


def rows_of(runs: Sequence[ReinforcementRun], columns: Sequence[str]) -> list[dict[str, str]]:
    """The table beside the picture: every field that some run has recorded."""
    names = {"mean_return": "mean reward", "kl": "KL from the reference"} if any(run.talks for run in runs) else {}
    hidden = {"episodes"} if names else set()  # a dialogue is an episode, and steps count them
    return [
        {"column": field, "label": names.get(field, label), "format": form}
        | ({"held": "after"} if field == "examination" else {})
        for field, label, form in ROWS
        if field in columns and field not in hidden
    ]
