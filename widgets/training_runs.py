"""Where a monitor's curves come from: a trainer that can learn more, records that arrive one by one, or a past run."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from agentos_lab.lm.training import Trainer
from agentos_lab.lm.training_result import TrainingRecord, TrainResult, TrainSettings

__all__ = ["Learner", "Recording", "Run", "Stream"]


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

    @property
    def examined(self) -> bool:
        """Whether there are evaluations, or will be."""
        planned = self.settings is not None and self.settings.evaluate_every > 0 and self.done < self.steps
        return planned or any(record.evaluation is not None for record in self.records)


class Recording:
    """A run that has been made.

    Args:
        name: What the reader calls it.
        records: The steps, in order.
        result: Where they come from, if more than them is known.

    Attributes:
        group: Name of the group of seeds that it belongs to, in reinforcement learning.
    """

    can_change = False
    group = ""

    def __init__(self, name: str, records: Iterable[Any], result: TrainResult | None = None) -> None:
        self.name, self.records, self.result = name, list(records), result
        self.interrupted = result is not None and result.interrupted

    @property
    def finished(self) -> bool:
        """Whether there is no further step."""
        return True

    @property
    def broken(self) -> bool:
        """Whether the last loss is no number."""
        loss = self.records[-1].loss if self.records else None
        return loss is not None and not math.isfinite(loss)

    @property
    def lived(self) -> int:
        """How much experience it has had: tokens read, or environment steps taken."""
        if not self.records:
            return 0
        last = self.records[-1]
        return int(last.tokens if isinstance(last, TrainingRecord) else last.steps)

    @property
    def lr(self) -> float:
        """The rate that can be changed; 0 where none can."""
        return 0.0

    def change_rate(self, lr: float) -> None:
        """Take another rate; a recording has none."""

    def advance(self) -> None:
        """Make one step; a recording has none to make."""

    def restart(self) -> None:
        """Go back to where the monitor found it."""

    def run(self) -> Any:
        """What is to be seen of it now."""
        if self.result is None:
            return Run(self.name, tuple(self.records))
        return Run(self.name, tuple(self.records), self.result.settings, self.result.vocab_size)


class Stream(Recording):
    """A generator of records: what it yields next is the next step. It cannot be turned back."""

    def __init__(self, name: str, source: Iterator[Any]) -> None:
        super().__init__(name, ())
        self.source, self._ended = source, False

    @property
    def finished(self) -> bool:
        """Whether the generator has ended."""
        return self._ended

    def advance(self) -> None:
        """Take the next record."""
        try:
            self.records.append(next(self.source))
        except StopIteration:
            self._ended = True


class Learner(Recording):
    """A trainer: it makes steps, takes another learning rate on the way, and can go back to where it began."""

    can_change = True

    def __init__(self, name: str, trainer: Trainer) -> None:
        super().__init__(name, ())
        self.trainer, self.records = trainer, trainer.records
        model = {name: tensor.detach().clone() for name, tensor in trainer.model.state_dict().items()}
        optimizer = copy.deepcopy(trainer.optimizer.state_dict())
        self._beginning = model, optimizer, trainer.generator.get_state(), trainer.settings, list(trainer.records)

    @property
    def finished(self) -> bool:
        """Whether all steps are made."""
        return len(self.trainer.records) >= self.trainer.settings.steps

    @property
    def lr(self) -> float:
        """The highest rate of the schedule."""
        return self.trainer.settings.lr

    def advance(self) -> None:
        """Make one update."""
        try:
            self.trainer.step()
        except KeyboardInterrupt:
            self.trainer.forget_half_step()
            raise

    def change_rate(self, lr: float) -> None:
        """Scale what is left of the schedule so that its highest rate is `lr`."""
        settings = self.trainer.settings
        lowest = {} if settings.min_lr is None else {"min_lr": settings.min_lr * lr / settings.lr}
        self.trainer.change(lr=lr, **lowest)

    def restart(self) -> None:
        """Give the model, the optimizer and the order of the data back as they were when the monitor was made."""
        model, optimizer, generator, settings, records = self._beginning
        trainer = self.trainer
        trainer.model.load_state_dict(model)
        trainer.optimizer.load_state_dict(copy.deepcopy(optimizer))
        trainer.optimizer.zero_grad()
        trainer.generator.set_state(generator)
        trainer.settings = settings
        trainer.records[:] = records

    def run(self) -> Run:
        """What is to be seen of it now."""
        trainer = self.trainer
        facts = (
            f"{trainer.model.num_parameters():,} parameters · "
            f"{trainer.settings.batch_size} windows of {trainer.context} tokens a step"
        )
        vocab_size, writes = trainer.model.config.vocab_size, trainer.sample is not None
        return Run(self.name, tuple(trainer.records), trainer.settings, vocab_size, facts, writes)
