"""The sentence in a training monitor's header: how far it has come, how good it is, and what to do about it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .runs import Runs, strong
from .training_runs import Run

__all__ = ["sentence_of"]

OVERFITTING = 0.02  # a validation loss so much above the best one, as a share of it, is worth a word


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
