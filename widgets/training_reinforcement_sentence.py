"""The sentence in a monitor's header while a policy learns from reward: how far, how good, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .runs import Runs, strong
from .training_reinforcement_runs import ReinforcementRun

__all__ = ["reinforcement_sentence"]

FORGOTTEN = 0.5  # of what was once gained, lost again: worth a word
PARTS = 10  # while it learns the sentence changes so many times, not with every update: it is read aloud


def reinforcement_sentence(runs: Sequence[ReinforcementRun], mode: str, error: str) -> Runs:
    """The state of things in one sentence or two.

    Args:
        runs: At least one.
        mode: "running", "paused" or "interrupted".
        error: What went wrong, if an update could not be made.
    """
    if error:
        return [strong("An update could not be made. "), error]
    broken = next((run for run in runs if run.broken_at), None)
    if broken:
        who = f" of {broken.name}" if len(runs) > 1 else ""
        begun = strong(f"The loss{who} is no number any more since {counted(broken.broken_at or 0, broken)}. ")
        return [begun, "The steps were too long: press Reset, lower the learning rate, press Play."]
    begun = strong(beginning(runs, mode))
    if not any(run.records for run in runs):
        return [begun, "" if mode == "running" else "Press Play."]
    seen = [until_last_part(run) if mode == "running" else run for run in runs]
    if not all(run.records for run in seen):
        return [begun, ""]
    groups = list(dict.fromkeys(run.group for run in seen))
    if len(groups) > 1:
        return [begun, comparison(seen, groups)]
    return [begun, verdict(seen[0]) if len(seen) == 1 else spread(seen)]


def beginning(runs: Sequence[ReinforcementRun], mode: str) -> str:
    """What the learning is doing."""
    done, steps = min(run.done for run in runs), max(run.steps for run in runs)
    if mode == "running":
        return "Learning … "
    if not any(run.records for run in runs):
        return "Nothing learnt yet. "
    if all(run.finished for run in runs):
        return f"All {counted(max(run.done for run in runs), runs[0])} made. "
    of = f"{done:,} of {counted(steps, runs[0])}" if steps > done else counted(done, runs[0])
    return f"{'Interrupted' if mode == 'interrupted' else 'Paused'} after {of}. "


def until_last_part(run: ReinforcementRun) -> ReinforcementRun:
    """The run as it was when the last tenth of its steps was complete; of unknown steps, when they last doubled."""
    part = max(1, run.total_steps // PARTS if run.total_steps else 2 ** max(0, run.done.bit_length() - 1))
    reached = run.done // part * part
    records = tuple(record for record in run.records if record.steps <= reached)
    return ReinforcementRun(run.name, records, run.group, run.total_steps, False, run.algorithm, run.task)


def verdict(run: ReinforcementRun) -> str:
    """How good one run is, in words."""
    known = [(record.steps, record.mean_return) for record in run.records if record.mean_return is not None]
    if not known:
        return "No episode has ended yet."
    (_, first), (step, last) = known[0], known[-1]
    best_step, best = max(known, key=lambda one: (one[1], -one[0]))
    what = "Mean reward" if run.talks else "Mean return"
    if best - first > 0 and best - last > FORGOTTEN * (best - first) and len(known) > 5:
        at = counted(best_step, run)
        return f"{what} {number(last)}; it was {number(best)} after {at}: it has unlearnt. Lower the learning rate."
    success = run.records[-1].success
    if run.talks and success is not None:
        if first < last and success < (run.records[0].success or 0.0) - 0.05:
            return f"{what} {number(first)} → {number(last)}, but success falls to {success:.2f}: the reward is hacked."
        return f"{what} {number(first)} → {number(last)}, success {success:.2f}, after {counted(step, run)}."
    return f"{what} of the last 100 episodes {number(last)} after {counted(step, run)}; at first {number(first)}."


def spread(runs: Sequence[ReinforcementRun]) -> str:
    """How good the seeds of one algorithm are."""
    last = last_returns(runs)
    if len(last) < len(runs):
        return f"{len(runs)} seeds take turns; not every one has ended an episode."
    what = "mean reward" if runs[0].talks else "mean return"
    return f"{len(runs)} seeds: {what} {number(float(np.median(last)))} in the median, {between(last)}."


def comparison(runs: Sequence[ReinforcementRun], groups: Sequence[str]) -> str:
    """Several algorithms side by side."""
    told = []
    for group in groups:
        members = [run for run in runs if run.group == group]
        if last := last_returns(members):
            range_ = f" ({number(min(last))} to {number(max(last))})" if len(last) > 1 else ""
            told.append(f"{group} {number(float(np.median(last)))}{range_}")
    what = "Median return" if len(groups) < len(runs) else "Mean return"
    return f"{what}: {', '.join(told)}." if told else "No episode has ended yet."


def last_returns(runs: Sequence[ReinforcementRun]) -> list[float]:
    """The last mean return of those runs that have one."""
    return [last for run in runs if run.records and (last := run.records[-1].mean_return) is not None]


def between(values: Sequence[float]) -> str:
    """The range of some numbers."""
    return f"from {number(min(values))} to {number(max(values))}"


def number(value: float) -> str:
    """A return, with as many decimals as help."""
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def counted(steps: int, run: ReinforcementRun) -> str:
    """Steps with their noun."""
    return f"{steps:,} {'dialogues' if run.talks else 'steps'}"
