"""Runs of learning to talk as a view of their texts sees them: updates with their dialogues, and what these were paid.

What the task itself says of a dialogue (its success) and what the policy was paid (its reward) may differ. Then there
are two advantages of each dialogue: the one that the update was told, and the one that the true reward would have told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, cast, get_args

from agentos_lab.rl.dialogue_result import DialogueSample, DialogueUpdate, LearnedDialogue
from agentos_lab.rl.group_advantage import GroupAdvantage, group_advantage

__all__ = ["TextRun", "groups_of", "true_advantage", "updates_in"]

UNNAMED = "reward"  # a run alone


@dataclass
class TextRun:
    """One run as far as it has come.

    Attributes:
        name: What it was paid for, in the reader's word.
        records: The updates, in order.
        advantage: How rewards became advantages.
        facts: What learned, and on which task.
    """

    name: str
    records: list[DialogueUpdate] = field(default_factory=list)
    advantage: GroupAdvantage = "grpo"
    facts: str = ""

    @property
    def is_true(self) -> bool:
        """Whether it was paid what the task itself says, as far as can be seen."""
        return all(
            record.mean_return == record.success and all(sample.reward == sample.success for sample in record.samples)
            for record in self.records
        )

    @property
    def tokens(self) -> int:
        """How many tokens its dialogues have together."""
        return sum(len(sample.response) for record in self.records for sample in record.samples)


def updates_in(source: Any, advantage: GroupAdvantage = "grpo") -> list[TextRun]:
    """Runs from whatever holds updates of a language policy.

    Args:
        source: A `LearnedDialogue`, an iterable of `DialogueUpdate`, several of these by name; None: no run yet.
        advantage: How rewards became advantages, for updates that come without their settings.

    Raises:
        ValueError: It holds something else, updates out of order, or the advantage is unknown.
    """
    if advantage not in get_args(GroupAdvantage):
        raise ValueError(f"advantage must be one of {', '.join(get_args(GroupAdvantage))}; got {advantage!r}")
    if source is None:
        return []
    if isinstance(source, Mapping):
        return [_run(str(name), held, advantage) for name, held in source.items()]
    return [_run(UNNAMED, source, advantage)]


def _run(name: str, source: Any, advantage: GroupAdvantage) -> TextRun:
    if isinstance(source, LearnedDialogue):
        kind = cast(GroupAdvantage, getattr(source.settings, "advantage", advantage))
        return TextRun(name, _checked(source.history), kind, f"{source.algorithm} on {source.task}")
    if not isinstance(source, Iterable) or isinstance(source, str):
        raise ValueError(f"expected a LearnedDialogue or DialogueUpdates, for example learned.history; got {source!r}")
    return TextRun(name, _checked(source), advantage)


def _checked(records: Iterable[Any]) -> list[DialogueUpdate]:
    """The updates, if they are updates of a language policy, each later than the one before."""
    kept = list(records)
    for record in kept:
        if not isinstance(record, DialogueUpdate):
            raise ValueError(
                f"expected updates of a language policy (DialogueUpdate), got {type(record).__name__}; "
                "reinforce_dialogue makes them, and its result keeps them as .history"
            )
    for before, after in pairwise(kept):
        if after.update <= before.update:
            raise ValueError(
                f"updates must be in order, got update {after.update} behind update {before.update}; "
                "give two runs by name: {'one': …, 'two': …}"
            )
    return kept


def groups_of(record: DialogueUpdate) -> list[list[DialogueSample]]:
    """The kept dialogues of an update by prompt, those of each with the largest advantage first and equal ones
    together.
    """
    groups: dict[int, list[DialogueSample]] = {}
    for sample in record.samples:
        groups.setdefault(sample.group, []).append(sample)
    return [sorted(group, key=lambda each: (-each.advantage, each.response)) for _, group in sorted(groups.items())]


def true_advantage(group: Sequence[DialogueSample], kind: GroupAdvantage) -> list[float]:
    """What the update would have been told, had it been paid what the task itself says; a divergence costs nothing.

    Args:
        group: All dialogues of one prompt.
        kind: How rewards become advantages.
    """
    success = [sample.success for sample in group]
    if len(group) < 2 and kind != "none":
        return [0.0] * len(group)
    advantages: list[float] = group_advantage([success], kind)[0].tolist()
    return advantages
