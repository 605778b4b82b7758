"""What an EffectForest shows, by pure functions of estimates: rows, words, and the diagnostics of each as a sketch."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from agentos_lab.causal import EffectComparison, EffectEstimate

from .picture import number
from .runs import Runs, counted, strong
from .sketch import Mark, Sketch
from .text_metrics import fit, text_width, wrap
from .view import header

__all__ = ["PANEL", "agreement", "axis_of", "decimals", "forest_state"]

PANEL = (300.0, 372.0)  # pixels of the sketch of an estimate's diagnostics
COVARIATES = 9  # of the love plot: those that were least balanced before
BINS = 30  # of the propensity scores
BALANCED = 0.1  # a standardised difference below this is usually called balanced
Published = tuple[float, ...]  # value, or value with both ends of an interval


def forest_state(comparison: EffectComparison, published: Mapping[str, Published]) -> dict[str, Any]:
    """The state.

    Args:
        comparison: The estimates by label.
        published: The published figure of some of them, perhaps with its interval.
    """
    first = next(iter(comparison.estimates.values()))
    digits = digits_of(comparison, published)
    rows = [row_of(label, one, published.get(label), digits) for label, one in comparison.estimates.items()]
    ends = [end for row in rows for end in (row["low"], row["high"], *(row["published"] or []))]
    title = f"The effect of {first.treatment} on {first.outcome}, by {counted(len(rows), 'method')}"
    contrasts = [one.contrast for one in comparison.estimates.values()]
    meta = next((told for told in contrasts if "do(" in told), first.contrast)  # an effect, not what is seen
    return header(title, "", meta=meta) | {
        "rows": rows,
        "axis": axis_of(min(ends), max(ends)),
        "order": [int(k) for k in np.argsort([row["value"] for row in rows], kind="stable")],
        "unit": f"{first.confidence:.0%} intervals",
        "legend": bool(published),
    }


def row_of(label: str, one: EffectEstimate, published: Published | None, digits: int) -> dict[str, Any]:
    """One estimate."""
    low, high = one.interval
    return {
        "label": label,
        "value": float(one.value),
        "low": float(low),
        "high": float(high),
        "shown": printed(one.value, digits),
        "interval": f"({printed(low, digits)} to {printed(high, digits)})",
        "published": None if published is None else [float(part) for part in published],
        "agrees": published is not None and agreement(one, published)[0],
        "sentence": sentence_of(label, one, published, digits),
        "panel": panel_of(label, one),
        "notes": len(one.notes),
    }


# --- words and numbers -------------------------------------------------------------------------------------------


def sentence_of(label: str, one: EffectEstimate, published: Published | None, digits: int) -> list[Any]:
    """What an estimate says."""
    low, high = one.interval
    parts: list[Any] = [
        f"{label}: ", strong(printed(one.value, digits)),
        f", between {printed(low, digits)} and {printed(high, digits)}, from {one.n:,} rows",
    ]  # fmt: skip
    if published is not None:
        good, told = agreement(one, published)
        figure = f"{published[0]:,}".replace("-", "−")
        parts += [f"; published {figure}, ", strong(told) if good else told]
    return [*parts, "."]


def agreement(one: EffectEstimate, published: Published) -> tuple[bool, str]:
    """Whether an estimate rounds to the published figures, in words if not by how far it misses the first of them."""
    ours = (one.value, *one.interval)
    same = [round(value, decimals(figure)) == figure for value, figure in zip(ours, published, strict=False)]
    if all(same):
        return True, "equal in all printed digits"
    places = decimals(published[0])
    missed = abs(one.value - published[0])
    if same[0]:
        return False, "equal, but for the interval"
    return False, f"{missed:,.{max(places, 2)}f} away"


def decimals(figure: float) -> int:
    """How many decimals a figure was printed with: 3 has none, 3.0 has one."""
    text = f"{figure!r}"
    return 0 if "e" in text else len(text.partition(".")[2])


def digits_of(comparison: EffectComparison, published: Mapping[str, Published]) -> int:
    """Decimals for all rows: enough for the published figures, three where effects are small."""
    largest = max(abs(one.value) for one in comparison.estimates.values())
    return max([2 if largest >= 1 else 3, *(decimals(figure[0]) for figure in published.values())])


def printed(value: float, digits: int) -> str:
    """A number with commas and a real minus."""
    text = f"{value:,.{digits}f}".replace("-", "−")
    return text.lstrip("−") if not text.strip("−0.,") else text


def axis_of(low: float, high: float) -> dict[str, Any]:
    """An axis that holds all figures, and zero unless it is far away."""
    wide = max(high - low, 1e-9)
    if low > 0 and low < 1.5 * wide:
        low = 0.0
    if high < 0 and -high < 1.5 * wide:
        high = 0.0
    margin = 0.04 * (high - low)
    start, end = low - margin, high + margin
    power = math.floor(math.log10(end - start))
    steps = [each * 10.0**at for at in range(power - 1, power + 2) for each in (1, 2, 5)]
    step = next(each for each in steps if (end - start) / each <= 7)
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    ticks = [round(step * k, 9) + 0.0 for k in range(math.ceil(start / step), math.floor(end / step) + 1)]
    return {"low": start, "high": end, "ticks": [[tick, printed(tick, places)] for tick in ticks]}


# --- diagnostics -------------------------------------------------------------------------------------------------


def panel_of(label: str, one: EffectEstimate) -> list[Mark]:
    """Balance, overlap and notes of one estimate, in a box of `PANEL`."""
    sketch = Sketch()
    wide, high = PANEL
    sketch.text(0, 14, fit(f"{label}: what it rests on", wide, 13, bold=True), weight=600)
    y = 32.0
    for line in wrap(one.chosen or "no choice of covariates", wide, 11)[:2]:
        sketch.text(0, y, line, size=11, fill="quiet")
        y += 15
    balance, overlap = one.diagnostics.get("balance"), one.diagnostics.get("overlap")
    y += 10
    y = draw_balance(sketch, y, balance) if balance is not None and balance.names else nothing(
        sketch, y, "Balance", "this method tells of none: it weights no rows"
    )  # fmt: skip
    y += 12
    y = draw_overlap(sketch, y, overlap) if overlap is not None else nothing(
        sketch, y, "Overlap", "this method uses no propensity score"
    )  # fmt: skip
    told = [str(one.diagnostics["weights"])] if "weights" in one.diagnostics else []
    lines = [line for note in told for line in wrap(f"weights {note}", wide, 11)[:2]]
    warnings = [line for note in one.notes for line in wrap(f"! {note}", wide, 11)]
    for line in [*lines, *warnings][: max(0, int((high - y) // 15))]:
        sketch.text(0, y + 13, line, size=11, fill="quiet" if line in lines else "vermilion-text")
        y += 15
    return sketch.marks


def nothing(sketch: Sketch, y: float, title: str, reason: str) -> float:
    """A heading with the reason why there is no picture."""
    sketch.text(0, y + 10, title, weight=600)
    sketch.text(0, y + 27, reason, size=11, fill="quiet")
    return y + 36


def draw_balance(sketch: Sketch, y: float, balance: Any) -> float:
    """The love plot: standardised differences before (crosses) and after (dots); returns its lower end."""
    order = sorted(range(len(balance.names)), key=lambda k: -abs(balance.before[k]))[:COVARIATES]
    left, right = 104.0, PANEL[0] - 8
    most = max(0.2, *(abs(balance.before[k]) for k in order), *(abs(balance.after[k]) for k in order))

    def at(value: float) -> float:
        return left + (right - left) * abs(value) / most

    sketch.text(0, y + 10, "Balance", weight=600)
    x = text_width("Balance", 13, bold=True) + 10
    shown = "× before  ● after" + (
        f"  ({len(order)} of {len(balance.names)})" if len(balance.names) > len(order) else ""
    )
    sketch.text(x, y + 10, shown, size=11, fill="quiet")
    top = y + 20
    foot = top + 13 * len(order)
    sketch.rect(left, top, at(BALANCED) - left, foot - top, fill="green:0.14")
    sketch.line(left, top, left, foot, stroke="grey")
    for index, k in enumerate(order):
        middle = top + 13 * index + 7
        sketch.text(left - 8, middle + 3.5, fit(balance.names[k], left - 10, 11), size=11, anchor="end", fill="quiet")
        a, b = at(balance.before[k]), at(balance.after[k])
        sketch.line(a, middle, b, middle, stroke="grey", thickness=1)
        cross = f"M{number(a - 3)} {number(middle - 3)}l6 6m0 -6l-6 6"
        sketch.path(cross, fill="none", stroke="vermilion", thickness=1.6)
        sketch.circle(b, middle, 3.2, fill="blue")
    for value in (0.0, BALANCED, most):
        if value != BALANCED or min(at(most) - at(value), at(value) - left) > 24:  # else the figures would touch
            sketch.text(at(value), foot + 12, f"{value:.2g}", size=11, fill="quiet", anchor="middle")
    return foot + 16


def draw_overlap(sketch: Sketch, y: float, overlap: Any) -> float:
    """Propensity scores: the treated above the line, the untreated below it; returns the lower end."""
    wide = PANEL[0] - 8
    edges = np.linspace(0, 1, BINS + 1)
    groups = [np.histogram(overlap.scores[overlap.treatment == value], edges)[0] for value in (1, 0)]
    shares = [group / max(1, group.sum()) for group in groups]
    most = max(float(share.max()) for share in shares)
    sketch.text(0, y + 10, "Overlap", weight=600)
    x = text_width("Overlap", 13, bold=True) + 10
    sketch.text(x, y + 10, "propensity scores: treated above, others below", size=11, fill="quiet")
    line, step = y + 54, wide / BINS
    for share, tone, up in zip(shares, ("blue", "grey"), (1, -1), strict=True):
        for index, each in enumerate(share):
            tall = 34 * float(each) / most
            if tall > 0.05:
                top = line - tall if up > 0 else line
                sketch.rect(step * index + 0.5, top, step - 1, tall, fill=tone)
    sketch.line(0, line, wide, line, stroke="ink", thickness=1)
    for value in (0.0, 0.5, 1.0):
        anchor = {0.0: "start", 0.5: "middle", 1.0: "end"}[value]
        sketch.text(wide * value, line + 48, f"{value:g}", size=11, fill="quiet", anchor=anchor)
    return line + 50


def sentence(state: Mapping[str, Any], row: int) -> Runs:
    """What the chosen estimate says."""
    told: Sequence[Any] = state["rows"][row]["sentence"]
    return list(told)
