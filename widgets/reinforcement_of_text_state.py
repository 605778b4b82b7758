"""What a ReinforcementOfText shows, by pure functions: all runs as columns of numbers for the browser.

Which update, prompt and token are looked at is no part of it: `reinforcement_of_text_reading` reads them here, and
`reinforcement_of_text_reading.js` there, so that scrubbing needs no Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np

from agentos_lab.rl.dialogue_result import DialogueUpdate

from .reinforcement_of_text_layout import row_width
from .reinforcement_of_text_runs import TextRun, groups_of, true_advantage
from .rollout_state import axis, rounded_up
from .token_label import token_label
from .view import header, notice, pack

__all__ = ["TITLE", "reinforcement_of_text_state"]

TITLE = "What reward does to every word"  # stands over the view, and over its notices
MOST_TOKENS = 400_000  # of all runs together; about 6 MB
MOST_RUNS = 6
STILL = 1e-3  # a smaller move is none
MOST = 0.95  # share of the answers that should have room in one row
REACH = 0.98  # share of the moves that end inside their scale; the rest is drawn at its end


def reinforcement_of_text_state(runs: Sequence[TextRun]) -> dict[str, Any]:
    """Everything about all runs.

    Args:
        runs: Those that have made an update are shown.

    Returns:
        A dict with the header and: `words`, how tokens are written; `runs`, for each its `name`, whether it `is_true`,
        and packed columns of updates, prompts, dialogues and tokens, where ``….first`` says where those of each
        update, prompt or dialogue begin; `limits` of the two scales, `effect` and `change`; `wide`, the width that
        most answers keep to in large letters.
    """
    begun = [run for run in runs if run.records]
    if not begun:
        ask = "No update yet: give the result of reinforce_dialogue, or let it tell its updates: on_record=view.add."
        return notice("empty", TITLE, ask)
    if not any(record.samples for run in begun for record in run.records):
        ask = "The updates have kept no dialogue: let reinforce_dialogue keep those of a prompt or more, by show=1."
        return notice("empty", TITLE, ask)
    if len(begun) > MOST_RUNS or (tokens := sum(run.tokens for run in begun)) > MOST_TOKENS:
        told = f"{len(begun)} runs" if len(begun) > MOST_RUNS else f"{tokens:,} tokens"
        most = f"at most {MOST_RUNS} runs with {MOST_TOKENS:,} tokens together"
        return notice("too-large", TITLE, f"{told} are too many to scrub ({most}): keep fewer prompts, by show=1.")
    words: dict[str, int] = {}
    shown = [run_state(run, words) for run in begun]
    facts = begun[0].facts if len({run.facts for run in begun}) == 1 else ""
    samples = [sample for run in begun for record in run.records for sample in record.samples]
    return header(TITLE, "", facts) | {
        "words": [token_label(word) for word in words],
        "wide": float(
            np.quantile([row_width([token_label(word) for word in each.response]) for each in samples], MOST)
        ),
        "runs": shown,
        "limits": {
            "effect": limit_of([sample.effect for sample in samples]),
            "change": limit_of([sample.log_prob_change for sample in samples]),
        },
    }


def run_state(run: TextRun, words: dict[str, int]) -> dict[str, Any]:
    """A run as columns; new words are added to `words`."""
    groups = [groups_of(record) for record in run.records]
    prompts = [group for of_update in groups for group in of_update]
    samples = [sample for group in prompts for sample in group]
    judged = [advantage for group in prompts for advantage in true_advantage(group, run.advantage)]
    return {
        "name": run.name,
        "is_true": run.is_true,
        "updates": [record.update for record in run.records],
        "dialogues": [record.steps for record in run.records],
        **{name: pack(column(run.records, name)) for name in ("mean_return", "success", "kl", "zero_variance")},
        "axis": curve_axis(run.records),
        "prompts.first": starts(groups),
        "samples.first": starts(prompts),
        "tokens.first": starts([sample.response for sample in samples]),
        "history.first": starts([group[0].prompt for group in prompts]),
        "history": numbered([group[0].prompt for group in prompts], words),
        "token": numbered([sample.response for sample in samples], words),
        "own": pack(flat([sample.own for sample in samples]), "uint8"),
        "log_prob": pack(flat([sample.log_prob for sample in samples])),
        "change": pack(flat([sample.log_prob_change for sample in samples])),
        **{name: pack([getattr(sample, name) for sample in samples]) for name in ("reward", "advantage")},
        "true": pack([sample.success for sample in samples]),
        "true_advantage": pack(judged),
    }


def column(records: Sequence[DialogueUpdate], name: str) -> list[float]:
    """A field of the updates; NaN where it has no value."""
    values = [getattr(record, name) for record in records]
    return [float("nan") if value is None else float(value) for value in values]


def curve_axis(records: Sequence[DialogueUpdate]) -> dict[str, Any]:
    """An axis that holds both curves, and 0 and 1 too: where both ends of a share are in sight, a height means much."""
    known = [value for name in ("mean_return", "success") for value in column(records, name) if np.isfinite(value)]
    return axis(min([0.0, *known]), max([1.0, *known]))


def starts(parts: Sequence[Sequence[Any]]) -> Mapping[str, Any]:
    """Where each of several lists begins when they are put behind each other, and where the last one ends."""
    return pack([0, *accumulate(len(part) for part in parts)], "int32")


def numbered(texts: Sequence[Sequence[str]], words: dict[str, int]) -> Mapping[str, Any]:
    """Tokens as their places among the words; those that are new there are added."""
    return pack([words.setdefault(word, len(words)) for text in texts for word in text], "int32")


def flat(parts: Sequence[Sequence[float]]) -> list[float]:
    """Several lists of numbers behind each other."""
    return [number for part in parts for number in part]


def limit_of(moves: Sequence[Sequence[float]]) -> float:
    """The end of a scale about zero: all but the largest few of those that moved at all lie inside."""
    sizes = np.abs(np.array(flat(moves)))
    moved = sizes[np.isfinite(sizes) & (sizes > STILL)]
    return rounded_up(float(np.quantile(moved, REACH))) if moved.size else 1.0
