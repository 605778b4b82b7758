"""What there is to see of training runs: a pure function from records to plain data.

The picture is made of panels one above the other that share the axis of steps. A panel has curves; a curve is a column
of a run (numbers by step, NaN where there is none) and a way to draw it. The table beside the panels reads the same
columns at one step. A new kind of run needs other columns and panels, and no other drawing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from agentos_lab.lm.schedule import warmup_cosine
from agentos_lab.lm.training_result import TrainingRecord, TrainSettings

from .picture import Runs, strong
from .view import header, notice, pack

__all__ = ["Run", "reading", "told", "training_state"]

TITLE = "Is it learning?"
COLOURS = ("blue", "vermilion", "green", "purple", "amber")
DRAWN = 2000  # steps of a run that are drawn; of a longer one every second, third, …
DIGITS = {"loss": 4, "short": 2, "perplexity": 1}  # decimals
OVERFITTING = 0.02  # a validation loss so much above the best one, as a share of it, is worth a word


@dataclass(frozen=True)
class Run:
    """One training run as far as it has come.

    Attributes:
        name: What the reader calls it.
        records: The steps made.
        settings: What it was told; None if that is not known.
        vocab_size: Number of tokens V; None if that is not known.
        facts: Quiet facts about it.
        writes: Whether it makes samples.
    """

    name: str
    records: Sequence[TrainingRecord]
    settings: TrainSettings | None = None
    vocab_size: int | None = None
    facts: str = ""
    writes: bool = False

    @property
    def done(self) -> int:
        """Steps made."""
        return self.records[-1].step if self.records else 0

    @property
    def steps(self) -> int:
        """Steps made and planned."""
        return max(self.done, self.settings.steps if self.settings else 0)

    @property
    def blind_loss(self) -> float | None:
        """ln V: the loss of a model that knows nothing but how many tokens there are."""
        return math.log(self.vocab_size) if self.vocab_size else None

    @property
    def broken_at(self) -> int | None:
        """The first step whose loss is no number."""
        return next((record.step for record in self.records if not math.isfinite(record.loss)), None)


def training_state(runs: Sequence[Run], mode: str = "paused", error: str = "") -> dict[str, Any]:
    """Everything the monitor shows, but for the speed.

    Args:
        runs: At most five.
        mode: "running", "paused" or "interrupted" (by hand); what else there is to say about a run, its records say.
        error: What went wrong, if a step could not be made.

    Returns:
        A dict with the header and:
        `runs`: for each its `name`, `colour`, `done` and `steps`, `columns` of packed numbers (`step` among them),
        `plan` (the learning rates still to come), `samples` ([step, text] each), and what to say before the first;
        `span`: the last step on the axis, `ticks` of it; `panels` from top to bottom; `rows` of the table.
    """
    if not runs or not any(run.steps for run in runs):
        return notice("empty", TITLE, "There is no step yet: give the monitor a Trainer, a TrainResult or records.")
    if len(runs) > len(COLOURS):
        sentence = f"{len(runs)} runs in one picture cannot be told apart; compare at most {len(COLOURS)}."
        return notice("too-large", TITLE, sentence)
    span = max(run.steps for run in runs)
    window = mean_window(span)
    shown = [run_state(run, colour, window) for run, colour in zip(runs, COLOURS, strict=False)]
    meta = runs[0].facts if len(runs) == 1 else f"{len(runs)} runs"
    return header(TITLE, sentence_of(runs, window, mode, error), meta) | {
        "runs": shown,
        "span": span,
        "ticks": ticks(span, whole=True),
        "panels": [loss_panel(runs, shown, window), rate_panel(runs, shown)],
        "rows": rows_of(runs, window),
    }


def run_state(run: Run, colour: str, window: int) -> dict[str, Any]:
    """A run as columns of numbers by step."""
    every = -(-len(run.records) // DRAWN) or 1
    first = (len(run.records) - 1) % every  # the last step is always among those drawn
    kept = list(run.records[first::every])
    losses = np.array([record.loss for record in run.records], dtype=np.float64)
    evaluations = last_seen(run.records, every, first)
    columns: dict[str, Any] = {
        "loss": [record.loss for record in kept],
        "mean": trailing_mean(losses, window)[first::every],
        "evaluation": evaluations,
        "perplexity": np.exp(np.minimum(evaluations, 80.0)),
        "lr": [record.lr for record in kept],
        "gradient": [record.grad_norm for record in kept],
    }
    whole = {"step": [record.step for record in kept], "tokens": [record.tokens for record in kept]}
    return {
        "name": run.name,
        "colour": colour,
        "done": run.done,
        "steps": run.steps,
        "columns": {name: pack(values, "float32") for name, values in columns.items()}
        | {name: pack(values, "int32") for name, values in whole.items()},
        "plan": plan(run),
        "samples": [[record.step, record.sample] for record in run.records if record.sample is not None],
        "no_sample": no_sample(run),
    }


def no_sample(run: Run) -> str:
    """What is said where a sample would stand."""
    if run.writes and run.settings and run.settings.evaluate_every:
        return f"The first comes after step {min(run.settings.evaluate_every, run.steps):,}."
    return "A trainer with a sample function shows here what the model writes at every evaluation."


def last_seen(records: Sequence[TrainingRecord], every: int, first: int) -> np.ndarray:
    """Validation loss of each kept step, NaN where none was measured since the kept step before."""
    values = np.full(len(records[first::every]), np.nan)
    for index, record in enumerate(records):
        if record.evaluation is not None:
            values[max(0, -((first - index) // every))] = record.evaluation
    return values


def trailing_mean(values: np.ndarray, window: int) -> np.ndarray:
    """Mean of each value and those before it, `window` in all (fewer at the beginning)."""
    sums = np.concatenate([[0.0], np.cumsum(values)])
    ends = np.arange(1, len(values) + 1)
    starts = np.maximum(0, ends - window)
    return (sums[ends] - sums[starts]) / (ends - starts)


def mean_window(span: int) -> int:
    """How many steps to average over: a fiftieth of all, so that the curve is calm and still follows."""
    return max(1, min(100, span // 50))


def plan(run: Run) -> list[list[float]]:
    """[step, learning rate] of some of the steps to come, close enough to draw."""
    settings = run.settings
    if settings is None or run.done >= settings.steps:
        return []
    ahead = np.unique(np.linspace(run.done + 1, settings.steps, 60).round().astype(int))
    corner = settings.warmup_steps + 1
    steps = sorted({*ahead.tolist(), *([corner] if corner > run.done else [])})
    return [
        [
            step,
            warmup_cosine(
                step - 1,
                steps=settings.steps,
                peak=settings.lr,
                floor=settings.floor_lr,
                warmup=settings.warmup_steps,
            ),
        ]
        for step in steps
        if step <= settings.steps
    ]


# ---------------------------------------------------------------- panels


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
    if any(map(is_examined, runs)):
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
        *(validation if any(map(is_examined, runs)) else []),
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


# ---------------------------------------------------------------- numbers at a step


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
    return f"{value:.{DIGITS[form]}f}"


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
    columns = {name: unpacked(column) for name, column in run["columns"].items()}
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


def unpacked(column: Mapping[str, Any]) -> np.ndarray:
    """The numbers of a column that `pack` has packed."""
    return np.frombuffer(column["data"], np.dtype(column["dtype"]).newbyteorder("<"))


# ---------------------------------------------------------------- sentences


def sentence_of(runs: Sequence[Run], window: int, mode: str, error: str) -> Runs:
    """The state of things in one sentence or two; while training runs it changes with evaluations only."""
    if error:
        return [strong("A step could not be made. "), error]
    broken = next((run for run in runs if run.broken_at), None)
    if broken:
        who = f" of {broken.name}" if len(runs) > 1 else ""
        begun = strong(f"The loss{who} is no number any more since step {broken.broken_at:,}. ")
        return [begun, "The steps were too long: press Reset, lower the learning rate, press Play."]
    begun = strong(beginning(runs, mode))
    if len(runs) > 1:
        return [begun, comparison(runs, window, mode)]
    return [begun, verdict(runs[0], window, mode)]


def beginning(runs: Sequence[Run], mode: str) -> str:
    """What the training is doing."""
    done, steps = min(run.done for run in runs), max(run.steps for run in runs)
    if mode == "running":
        return "Learning … "
    if not any(run.records for run in runs):
        return "Nothing learnt yet. "
    if all(run.done >= run.steps for run in runs):
        return f"All {steps:,} steps made. "
    return f"{'Interrupted' if mode == 'interrupted' else 'Paused'} after {done:,} of {steps:,} steps. "


def verdict(run: Run, window: int, mode: str) -> str:
    """How good one run is, in words."""
    blind = run.blind_loss
    evaluations = [(record.step, record.evaluation) for record in run.records if record.evaluation is not None]
    if not run.records:
        if blind is None:
            return "Press Play."
        return f"A blind guess among {run.vocab_size:,} tokens costs ln V = {blind:.2f} nats. Press Play."
    if not evaluations:
        every = run.settings.evaluate_every if run.settings else 0
        if mode == "running":
            return f"The first validation comes after step {min(every, run.steps):,}." if every else "No validation."
        return f"Training loss {recent(run, window):.4f}" + (f" from ln V = {blind:.2f}." if blind else ".")
    step, last = evaluations[-1]
    best_step, best = min(evaluations, key=lambda one: (one[1], one[0]))
    if blind and min(last, recent(run, window)) > 1.02 * blind:
        return f"Validation loss {last:.4f}: worse than knowing nothing ({blind:.2f}). Lower the learning rate."
    if last > (1 + OVERFITTING) * best:
        return f"Validation loss {last:.4f}; it was best after step {best_step:,} ({best:.4f}): now it learns by heart."
    among = f" of {run.vocab_size:,}" if run.vocab_size else ""
    return f"Validation loss {last:.4f} after step {step:,}: as unsure as among {math.exp(last):.1f}{among} tokens."


def comparison(runs: Sequence[Run], window: int, mode: str) -> str:
    """The losses of several runs side by side."""
    if mode == "running":
        return "The runs take turns, step by step."
    if not all(run.records for run in runs):
        return "Press Play: the runs take turns, step by step."
    losses = ", ".join(f"{run.name} {recent(run, window):.4f}" for run in runs)
    return f"Training loss{f' (mean of {window} steps)' if window > 1 else ''}: {losses}."


def recent(run: Run, window: int) -> float:
    """Mean training loss of the last steps."""
    losses = [record.loss for record in run.records[-window:]]
    return sum(losses) / len(losses)


def is_examined(run: Run) -> bool:
    """Whether there are evaluations, or will be."""
    planned = run.settings is not None and run.settings.evaluate_every > 0 and run.done < run.steps
    return planned or any(record.evaluation is not None for record in run.records)
