"""One update, prompt and token of a ReinforcementOfText read and told

`reinforcement_of_text_reading.js` is its twin: scrubbing needs no Python, and both say the same.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

from .reinforcement_of_text_layout import rows_shown
from .rollout_state import printed
from .runs import Run, code, strong
from .view import unpack

__all__ = [
    "Place",
    "Token",
    "advantage_of",
    "chance",
    "largest",
    "part",
    "place_of",
    "read_token",
    "sentence_of",
    "short",
    "token_rows",
    "update_rows",
    "verdict",
]

Data = Mapping[str, Any]
STILL = 5e-4  # a smaller move is none


class Place(NamedTuple):
    """What is looked at: a run, which of its updates, and which prompt, with the places of its dialogues."""

    run: Data
    update: int
    group: int
    groups: int
    prompt: int  # among all prompts of the run; −1 if the update has kept none
    rows: list[int]
    left_out: int


class Token(NamedTuple):
    """A token of a dialogue, with what the update did to it.

    Attributes:
        word: How it is written.
        own: Whether the policy wrote it.
        advantage: What it was told, or would have been by the true reward.
        before, change: ln of its probability before the update, and what the update added.
    """

    word: str
    own: bool
    advantage: float
    before: float
    change: float

    @property
    def effect(self) -> float:
        """Advantage × change of log-probability."""
        return self.advantage * self.change if self.advantage else 0.0  # 0 asks for nothing, however far it moved


def place_of(state: Data, name: str, update: int | None, prompt: int, most: int) -> Place:
    """What is shown: as chosen, but never beyond the last.

    Args:
        state: Of the view.
        name: Of the run.
        update: Its number; None: the last one.
        prompt: Which of the update's prompts, from 0.
        most: Rows for which there is room.
    """
    run = next((run for run in state["runs"] if run["name"] == name), state["runs"][0])
    made = run["updates"]
    index = len(made) - 1 if update is None else max(0, sum(each <= update for each in made) - 1)
    first, last = (int(each) for each in unpack(run["prompts.first"])[index : index + 2])
    group = min(prompt, max(0, last - first - 1))
    if first == last:
        return Place(run, index, 0, 0, -1, [], 0)
    begin, end = (int(each) for each in unpack(run["samples.first"])[first + group : first + group + 2])
    rows, left_out = rows_shown(begin, end, most)
    return Place(run, index, group, last - first, first + group, rows, left_out)


def part(run: Data, column: str, firsts: str, index: int) -> list[Any]:
    """The stretch of a column that belongs to one prompt or dialogue."""
    first, last = unpack(run[firsts])[index : index + 2]
    values: list[Any] = unpack(run[column])[first:last].tolist()
    return values


def advantage_of(run: Data, sample: int, judge: str) -> float:
    """The advantage of a dialogue, as it was paid or by the true reward."""
    return float(unpack(run["true_advantage" if judge == "true" else "advantage"])[sample])


def read_token(state: Data, run: Data, sample: int, token: int, judge: str) -> Token:
    """The numbers of one token."""
    at = int(unpack(run["tokens.first"])[sample]) + token
    own = bool(unpack(run["own"])[at])
    return Token(
        state["words"][int(unpack(run["token"])[at])],
        own,
        advantage_of(run, sample, judge) if own else 0.0,
        float(unpack(run["log_prob"])[at]),
        float(unpack(run["change"])[at]),
    )


def largest(state: Data, place: Place, judge: str) -> tuple[int, int] | None:
    """(row, token) with the largest effect of either sign among the dialogues shown; None if nothing has any."""
    best, found = 0.0, None
    for row, sample in enumerate(place.rows):
        for token in range(len(part(place.run, "token", "tokens.first", sample))):
            effect = abs(read_token(state, place.run, sample, token, judge).effect)
            if effect > best:
                best, found = effect, (row, token)
    return found


# --- in words ---------------------------------------------------------------------------------------------------


def short(value: float) -> str:
    """A reward in print: a whole number as it is, others with two decimals."""
    return printed(value, 0 if value == int(value) else 2)


def chance(log_prob: float, digits: int) -> str:
    """A probability in print; a small one with four decimals, so that it does not look like 0."""
    p = math.exp(log_prob)
    if p < 1e-4:
        return "<0.0001"
    return printed(p, digits if p >= 10**-digits else 4)


def verdict(token: Token, judge: str) -> str:
    """What the update did to a token, and whether that is what its advantage asked for."""
    if not token.own:
        return "not written by the policy: read, and masked"
    moved = (
        "kept its chance" if abs(token.change) < STILL else f"got {'likelier' if token.change > 0 else 'less likely'}"
    )
    if token.advantage == 0:
        return f"{moved}; an advantage of 0 asks for nothing"
    if abs(token.change) < STILL:
        return moved
    asked = "the true reward" if judge == "true" else "its advantage"
    return f"{moved}, {'as' if token.effect > 0 else 'against what'} {asked} asked"


def sentence_of(state: Data, place: Place, seen: tuple[int, int] | None, judge: str) -> list[Run | str]:
    """The header's sentence: how far the run has come, and what happened to the token that is looked at."""
    run, update = place.run, place.update
    paid, true = (float(unpack(run[name])[update]) for name in ("mean_return", "success"))
    told: list[Run | str] = [f"Update {run['updates'][update]}: {run['name']} ", strong(printed(paid, 2))]
    if not run["is_true"]:
        told += [", true success ", strong(printed(true, 2))]
    if not place.rows:
        return [*told, ". Of this update no dialogue was kept."]
    if seen is None:
        if all(advantage_of(run, sample, judge) == 0 for sample in place.rows):
            count = len(place.rows) + place.left_out
            return [*told, f". All {count} answers to this prompt earned the same: nothing to learn from them."]
        return [*told, ". No token has moved."]
    token = read_token(state, run, place.rows[seen[0]], seen[1], judge)
    told += [". ", code(token.word)]
    if token.own:
        told.append(f" ({chance(token.before, 2)} → {chance(token.before + token.change, 2)})")
    return [*told, f" {'is ' if not token.own else ''}{verdict(token, judge)}."]


def token_rows(token: Token, judge: str) -> list[list[str]]:
    """The table of one token: [label, value, look], look being "", "rule" (a line above) or "sum" with a colour."""
    after = token.before + token.change
    tone = "quiet" if abs(token.effect) < STILL else "vermilion-text" if token.effect < 0 else "blue-text"
    return [
        ["ln p after the update", printed(after, 3), ""],
        ["− ln p before", printed(-token.before, 3, signed=True), ""],
        ["= change", printed(token.change, 3, signed=True), "sum ink"],
        ["× true advantage" if judge == "true" else "× advantage", printed(token.advantage, 2, signed=True), ""],
        ["= effect", printed(token.effect, 3, signed=True), f"sum {tone}"],
        ["probability", f"{chance(token.before, 3)} → {chance(after, 3)}", "rule"],
    ]


def update_rows(place: Place) -> list[list[str]]:
    """What else is known of the update: [label, value]."""
    kl, equal = (float(unpack(place.run[name])[place.update]) for name in ("kl", "zero_variance"))
    share = "–" if math.isnan(equal) else f"{printed(100 * equal, 0)} %"
    return [
        ["KL from the reference", "–" if math.isnan(kl) else f"{printed(kl, 2)} nats"],
        ["groups without a lesson", share],
    ]
