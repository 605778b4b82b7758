"""What a training monitor may be given, and what each kind becomes: runs of one kind, each under a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from agentos_lab.lm.training import Trainer
from agentos_lab.lm.training_result import TrainResult
from agentos_lab.rl.learning import Learner
from agentos_lab.rl.learning_curves import LearningCurves
from agentos_lab.rl.learning_result import Learned

from .training_reinforcement_runs import (
    LearnedRecording,
    ReinforcementLearner,
    ReinforcementRun,
    alike,
    is_reinforcement,
)
from .training_runs import Learner as TrainerRecording
from .training_runs import Recording, Stream

__all__ = ["recordings", "seen"]


def recordings(source: Any) -> list[Recording]:
    """One run, or several by name, as the kind that each is; seeds of one algorithm may come as a sequence.

    Raises:
        ValueError: It is none of those that a monitor can show, or runs that have no picture in common.
    """
    made: list[Recording] = []
    ungrouped: list[Recording] = []
    for name, one in (source if isinstance(source, Mapping) else {"": source}).items():
        seeds = _seeds(one)
        if seeds is None:
            made.append(_recording(str(name) or "run", one))
            ungrouped.append(made[-1])
            continue
        names = _seed_names(seeds, f"{name}, " if name else "")
        several = [_recording(each, seed) for each, seed in zip(names, seeds, strict=True)]
        for recording in several if name else ():
            recording.group = str(name)
        ungrouped += [] if name else several
        made += several
    learners = [one for one in made if is_reinforcement(one)]
    if learners and any(isinstance(one, TrainerRecording) or one.result is not None for one in made):
        raise ValueError(
            "language models and reinforcement learners have no axis in common: give each kind a monitor of its own"
        )
    alike(one for one in ungrouped if one in learners)
    return made


def seen(recording: Recording) -> Any:
    """What is to be seen of a run now: a `Run`, or a `ReinforcementRun`."""
    if type(recording) in (Recording, Stream) and is_reinforcement(recording):
        group = recording.group or recording.name
        return ReinforcementRun(recording.name, tuple(recording.records), group, None, recording.finished)
    return recording.run()


def _seeds(source: Any) -> Sequence[Any] | None:
    """The runs of a group, if it is one."""
    if isinstance(source, LearningCurves):
        return source.runs
    if isinstance(source, list | tuple) and source and all(isinstance(each, Learner | Learned) for each in source):
        return source
    return None


def _seed_names(seeds: Sequence[Any], group: str) -> list[str]:
    """ "seed 3" for each, by its settings; by its place where they do not tell them apart."""
    told = [each.settings.seed for each in seeds]
    numbers = told if len(set(told)) == len(told) else range(len(seeds))
    return [f"{group}seed {number}" for number in numbers]


def _recording(name: str, source: Any) -> Recording:
    if isinstance(source, Trainer):
        return TrainerRecording(name, source)
    if isinstance(source, Learner):
        return ReinforcementLearner(name, source)
    if isinstance(source, Iterator):
        return Stream(name, source)
    if isinstance(source, TrainResult):
        return Recording(name, source.records, source)
    if isinstance(source, Learned):
        return LearnedRecording(name, source)
    if isinstance(source, Iterable) and not isinstance(source, str):
        return Recording(name, source)
    raise ValueError(
        f"{name} is of type {type(source).__name__}; a monitor shows a Trainer, a TrainResult, an iterable of "
        "TrainingRecord, a learner of agentos_lab.rl, what it has learned, an iterable of its updates, or a dict of "
        "these by name"
    )
