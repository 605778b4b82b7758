"""Runs of reinforcement learning as a monitor sees them: learners that go on, results, and seeds that belong together.

Runs that were told the same, but for the seed, are seeds of one algorithm and make a group: what varies within it is
chance. Their curves are drawn as one band, and a new learning rate is for all of them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from agentos_lab.rl.learning import Learner
from agentos_lab.rl.learning_result import Learned, Update

from .training_runs import Recording

__all__ = ["LearnedRecording", "ReinforcementLearner", "ReinforcementRun", "alike", "is_reinforcement"]


@dataclass(frozen=True)
class ReinforcementRun:
    """One run as far as it has come.

    Attributes:
        name: What the reader calls it.
        records: The updates made.
        group: Name of the group of seeds that it belongs to.
        total_steps: Environment steps made and planned; None if that is not known.
        finished: Whether no further update will be made.
        algorithm: Its name, e.g. "PPO".
        task: Name of the environment.
        changes: (steps, learning rate) where the reader has changed it.
    """

    name: str
    records: Sequence[Update]
    group: str = ""
    total_steps: int | None = None
    finished: bool = True
    algorithm: str = ""
    task: str = ""
    changes: tuple[tuple[int, float], ...] = ()

    @property
    def done(self) -> int:
        """Environment steps made."""
        return self.records[-1].steps if self.records else 0

    @property
    def steps(self) -> int:
        """Environment steps made and planned."""
        return max(self.done, self.total_steps or 0)

    @property
    def broken_at(self) -> int | None:
        """Steps made at the first update whose loss is no number."""
        broken = (each.steps for each in self.records if each.loss is not None and not math.isfinite(each.loss))
        return next(broken, None)

    @property
    def talks(self) -> bool:
        """Whether it learns to talk, so that steps are dialogues and returns are rewards."""
        return any(hasattr(each, "examination") for each in self.records[:1])


class LearnedRecording(Recording):
    """A result of reinforcement learning.

    Args:
        name: What the reader calls it.
        learned: The result.
    """

    def __init__(self, name: str, learned: Learned) -> None:
        super().__init__(name, learned.history)
        self.learned, self.interrupted = learned, learned.interrupted

    def run(self) -> Any:
        """What is to be seen of it."""
        learned = self.learned
        planned = learned.settings.total_steps if learned.interrupted else None
        return ReinforcementRun(
            self.name, tuple(self.records), self.group, planned, not learned.interrupted,
            learned.algorithm, learned.task,
        )  # fmt: skip


class ReinforcementLearner(Recording):
    """A learner: it makes updates, takes another learning rate on the way, and can go back to where it began.

    Args:
        name: What the reader calls it.
        learner: PPO, DQN, a dialogue learner, …
    """

    can_change = True

    def __init__(self, name: str, learner: Learner) -> None:
        super().__init__(name, ())
        self.learner, self.records = learner, learner.records
        self._beginning, self._records_then = learner.snapshot(complete=True), list(learner.records)
        self._changes: list[tuple[int, float]] = []

    @property
    def finished(self) -> bool:
        """Whether all steps are made."""
        return self.learner.finished

    @property
    def lr(self) -> float:
        """The learning rate that it was told; a schedule may lower it."""
        return self.learner.settings.lr

    def advance(self) -> None:
        """Make one update; one that is cut short is taken back."""
        try:
            self.learner.step()
        except BaseException:
            self.learner.forget_half_step()
            raise

    def change_rate(self, lr: float) -> None:
        """Learn on with another learning rate."""
        self.learner.change(lr=lr)
        here = self.learner.steps
        self._changes = [*(each for each in self._changes if each[0] != here), (here, lr)]

    def restart(self) -> None:
        """Give networks, environments and all chance back as they were when the monitor was made."""
        self.learner.restore(self._beginning)
        self.learner.records[:] = self._records_then
        self._changes = []

    def run(self) -> Any:
        """What is to be seen of it now."""
        learner = self.learner
        return ReinforcementRun(
            self.name, tuple(learner.records), self.group, learner.settings.total_steps, learner.finished,
            learner.algorithm, learner.task, tuple(each for each in self._changes if each[0] > 0),
        )  # fmt: skip


def is_reinforcement(recording: Recording) -> bool:
    """Whether its records are updates of reinforcement learning, as far as can be known."""
    if isinstance(recording, LearnedRecording | ReinforcementLearner):
        return True
    return bool(recording.records) and isinstance(recording.records[0], Update)


def alike(recordings: Iterable[Recording]) -> None:
    """Give those recordings that were told the same, but for the seed, the same group.

    A group of several has the algorithm's name, one of a single run the name of the run.
    """
    groups: dict[str, list[Recording]] = {}
    for one in recordings:
        told = one.learner if isinstance(one, ReinforcementLearner) else getattr(one, "learned", None)
        if told is None:
            groups.setdefault(f"{one.name} alone", []).append(one)
            continue
        settings = told.settings.to_dict() | {"seed": None}
        groups.setdefault(json.dumps([told.algorithm, told.task, settings], default=str), []).append(one)
    names: set[str] = set()
    for members in groups.values():
        told = getattr(members[0], "learner", None) or getattr(members[0], "learned", None)
        name = members[0].name if len(members) == 1 or told is None else told.algorithm or members[0].name
        name = f"{name} ({members[0].name})" if name in names else name
        names.add(name)
        for one in members:
            one.group = name
