"""What there is to see of reinforcement learning: a pure function from updates to plain data.

It has the form of `training_state`, so that the same drawing serves: panels one above the other over one axis, here
environment steps; runs with columns of numbers; rows of the table. New are bands: seeds of one algorithm together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .training_bands import band
from .training_panels import ticks
from .training_reinforcement_panels import ROWS, fields_of, return_panel, rows_of, term_panel
from .training_reinforcement_runs import ReinforcementRun
from .training_reinforcement_sentence import reinforcement_sentence
from .training_state import COLOURS, TITLE
from .view import header, notice, pack

__all__ = ["reinforcement_state"]

DRAWN = 3000  # updates that are drawn, of all runs together
SEEDS = 40  # runs that one picture can hold
TOLD = 24  # updates of a run whose dialogues are kept for reading
WHOLE = ("update", "episodes")
STEPS = {
    "axis": "steps",
    "after": "After % steps",
    "before": "Before the first update",
    "pace": "steps/s",
    "sample": "",
    "all": "Mean return of each",
}
DIALOGUES = STEPS | {
    "axis": "dialogues",
    "after": "After % dialogues",
    "pace": "dialogues/s",
    "sample": "Said after % dialogues",
    "all": "Mean reward of each",
}


def reinforcement_state(runs: Sequence[ReinforcementRun], mode: str = "paused", error: str = "") -> dict[str, Any]:
    """Everything the monitor shows of learning from reward, but for the speed.

    Args:
        runs: Seeds share a `group`; at most five groups.
        mode: "running", "paused" or "interrupted" (by hand).
        error: What went wrong, if an update could not be made.

    Returns:
        As `training_state`, and `bands`: for each group of several runs its `name`, `colour`, `runs` (their places)
        and `columns`: `step`, and for each field drawn its ``.low``, ``.middle`` and ``.high``.
    """
    if not runs or not any(run.steps for run in runs):
        return notice("empty", TITLE, "There is no step yet: give the monitor a learner, a result or updates.")
    groups = list(dict.fromkeys(run.group for run in runs))
    if len(groups) > len(COLOURS) or len(runs) > SEEDS:
        most = f"at most {len(COLOURS)} algorithms with {SEEDS} runs together"
        return notice("too-large", TITLE, f"{len(runs)} runs in one picture cannot be told apart; compare {most}.")
    colours = dict(zip(groups, COLOURS, strict=False))
    names = [field for field, _, _ in ROWS if any(has(run, field) for run in runs)]
    shown = [run_state(run, colours[run.group], groups.index(run.group), names, DRAWN // len(runs)) for run in runs]
    fields = fields_of(runs)
    bands = [
        band_state(group, colours[group], members, runs, ("mean_return", *fields))
        for group in groups
        if len(members := [index for index, run in enumerate(runs) if run.group == group]) > 1
    ]
    span = max(run.steps for run in runs)
    talks = any(run.talks for run in runs)
    return header(TITLE, reinforcement_sentence(runs, mode, error), facts(runs, groups)) | {
        "runs": shown,
        "bands": bands,
        "span": span,
        "ticks": [tick for tick in ticks(span, whole=True) if tick[0] > 0],  # at 0 stands the name of the axis
        "panels": [return_panel(runs, shown, bands), *(term_panel(field, runs, shown, bands) for field in fields)],
        "rows": rows_of(runs, names),
        "words": DIALOGUES if talks else STEPS,
        "spacing": "close",
        "walk": "records",
    }


def run_state(run: ReinforcementRun, colour: str, group: int, names: Sequence[str], most: int) -> dict[str, Any]:
    """A run as columns of numbers by environment step."""
    kept = thinned(run, max(most, 2))
    columns = {name: pack(column(kept, name), "int32" if name in WHOLE else "float32") for name in names}
    return {
        "name": run.name,
        "colour": colour,
        "group": group,
        "done": run.done,
        "steps": run.steps,
        "columns": {"step": pack([record.steps for record in kept], "int32")} | columns,
        "plan": [],
        "samples": samples(run),
        "no_sample": "",
    }


def thinned(run: ReinforcementRun, most: int) -> list[Any]:
    """At most so many of the updates, evenly; the last one and those with an examination are always among them."""
    count = len(run.records)
    if count <= most:
        return list(run.records)
    kept = set(np.linspace(0, count - 1, most).round().astype(int).tolist())
    examined = {index for index, one in enumerate(run.records) if getattr(one, "examination", None) is not None}
    return [run.records[index] for index in sorted(kept | examined)]


def column(records: Sequence[Any], name: str) -> list[float]:
    """A field of the updates; NaN where it has no value."""
    values = [getattr(record, name, None) for record in records]
    missing = 0 if name in WHOLE else float("nan")
    return [missing if value is None else value for value in values]


def has(run: ReinforcementRun, field: str) -> bool:
    """Whether any update of a run has a value for a field."""
    return any(getattr(record, field, None) is not None for record in run.records)


def band_state(
    name: str, colour: str, members: Sequence[int], runs: Sequence[ReinforcementRun], fields: Sequence[str]
) -> dict[str, Any]:
    """Median and range of the seeds of one algorithm; each field has steps of its own, as some begin later."""
    columns: dict[str, Any] = {}
    for field in fields:
        curves = [
            (np.array([record.steps for record in records], dtype=float), np.array(column(records, field), dtype=float))
            for records in (thinned(runs[index], 1000) for index in members)
        ]
        found = band(curves)
        columns |= {f"{field}.{part}": pack(values, "float32") for part, values in found.items()}
    return {"name": name, "colour": colour, "runs": list(members), "columns": columns}


def samples(run: ReinforcementRun) -> list[list[Any]]:
    """[steps, text] of some updates whose dialogues are known: the first two of each."""
    told = [record for record in run.records if getattr(record, "samples", ())]
    if len(told) > TOLD:
        told = [told[index] for index in np.unique(np.linspace(0, len(told) - 1, TOLD).round().astype(int))]
    return [[record.steps, "\n".join(said(each) for each in record.samples[:2])] for record in told]  # type: ignore[attr-defined]


def said(sample: Any) -> str:
    """A dialogue on a line, with its reward in front."""
    return f"{sample.reward:+.2f} {''.join(sample.prompt).strip()} → {''.join(sample.response).strip()}"


def facts(runs: Sequence[ReinforcementRun], groups: Sequence[str]) -> str:
    """Quiet facts for the header: what learns, where, and how often."""
    known = list(dict.fromkeys(run.algorithm for run in runs if run.algorithm)) if len(groups) == 1 else []
    tasks = list(dict.fromkeys(run.task for run in runs if run.task))
    counts = [f"{len(runs)} {'seeds' if len(groups) == 1 else 'runs'}"] if len(runs) > 1 else []
    return " · ".join([*known, *(tasks if len(tasks) == 1 else []), *counts])
