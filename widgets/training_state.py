"""What there is to see of training runs: a pure function from records to plain data.

The picture is made of panels one above the other that share the axis of steps (`training_panels`), the table beside
them reads the same columns at one step (`training_reading`), and the header says it in words (`training_sentence`). A
new kind of run needs other columns and panels, and no other drawing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from agentos_lab.lm.schedule import warmup_cosine
from agentos_lab.lm.training_result import TrainingRecord

from .training_panels import loss_panel, rate_panel, rows_of, ticks
from .training_runs import Run
from .training_sentence import sentence_of
from .view import header, notice, pack

__all__ = ["training_state"]

TITLE = "Is it learning?"
WORDS = {
    "axis": "step",
    "after": "After step %",
    "before": "Before the first step",
    "pace": "tokens/s",
    "sample": "Sample after step %",
    "all": "",
}
COLOURS = ("blue", "vermilion", "green", "purple", "amber")
DRAWN = 2000  # steps of a run that are drawn; of a longer one every second, third, …


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
        `span`: the last step on the axis, `ticks` of it; `panels` from top to bottom; `rows` of the table;
        `words` that the drawing needs, `%` for a number; `spacing`: the measure between two panels; `walk`: what the
        arrow keys count, "steps" or "records".
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
        "words": WORDS,
        "spacing": "between",
        "walk": "steps",
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
