"""Learning as a loop that can be driven from outside: a `Learner` makes one update after another.

A notebook, a widget, a test and a one-call function all turn the same wheel. All state is in the learner, so that it
can be stopped between any two updates, saved, taken back, or told another learning rate.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from agentos_lab.progress import progress_bar

from .learning_result import Learned, Update
from .settings import Settings, check_count

__all__ = ["Learned", "Learner", "Settings", "Snapshot", "Update"]


class Snapshot(NamedTuple):
    """Everything that the next update depends on: tensors by name, and facts that JSON can hold."""

    tensors: dict[str, Tensor]
    facts: dict[str, Any]


class Learner:
    """The state of a run; iterating over it makes the updates that are still to be made.

    A subclass is one algorithm: it says in `updates` how, and may add to `snapshot` and `restore` what else it needs.

    Args:
        settings: What it is told.
        modules: The networks that learn, by name: ``"policy"``, and perhaps ``"value"``.
        task: Name of the environment.

    Attributes:
        settings: As they are now; see `change`.
        modules: The networks.
        optimizers: One Adam for each network.
        generator: Source of all chance in the algorithm.
        steps: Environment steps so far.
        records: The updates so far.
    """

    algorithm = ""
    changeable: tuple[str, ...] = ("total_steps", "lr")  # settings that may change under way
    update_type: type[Update] = Update  # what `updates` yields

    def __init__(self, settings: Settings, modules: Mapping[str, nn.Module], task: str = "") -> None:
        self.settings, self.task = settings, task
        self.modules = dict(modules)
        self.generator = torch.Generator().manual_seed(settings.seed)
        for name, module in self.modules.items():
            if not isinstance(module, nn.Module):
                raise ValueError(f"{name} must be a torch module, got {type(module).__name__}")
        self.optimizers = {
            name: torch.optim.Adam(parameters, lr=settings.lr, eps=1e-5, fused=True)
            for name, module in self.modules.items()
            if (parameters := [parameter for parameter in module.parameters() if parameter.requires_grad])
        }
        self.steps = 0
        self.records: list[Update] = []
        self._updates: Iterator[Update] | None = None
        self._before: Snapshot | None = None

    # --- what an algorithm adds ------------------------------------------------------------------------------

    def updates(self) -> Iterator[Update]:
        """The algorithm: yields a record after each update. It keeps nothing from one to the next but in `self`."""
        raise NotImplementedError

    @property
    def policy(self) -> Any:
        """What acts."""
        return self.modules["policy"]

    @property
    def value(self) -> nn.Module | None:
        """The value function, if there is one."""
        return self.modules.get("value")

    @property
    def lr(self) -> float:
        """The learning rate of the next update."""
        return self.settings.lr

    # --- driving it ------------------------------------------------------------------------------------------

    @property
    def finished(self) -> bool:
        """Whether all steps have been taken."""
        return self.steps >= self.settings.total_steps

    def __iter__(self) -> Iterator[Update]:
        while not self.finished:
            yield self.step()

    def step(self) -> Update:
        """Make one update and return its record."""
        self._before = self.snapshot()
        for optimizer in self.optimizers.values():
            for group in optimizer.param_groups:
                group["lr"] = self.lr
        if self._updates is None:
            self._updates = self.updates()
        try:
            record = next(self._updates)
        except BaseException:
            self._updates = None  # a generator that raised is over; the next step makes a new one
            raise
        self.records.append(record)
        self._before = None
        return record

    def change(self, **changes: Any) -> None:
        """Change settings while learning is under way, e.g. ``learner.change(lr=3e-4)``.

        Raises:
            ValueError: The setting is one that cannot change once learning has begun.
        """
        if fixed := sorted(set(changes) - set(self.changeable)):
            raise ValueError(f"{', '.join(fixed)} cannot change under way; what can is {', '.join(self.changeable)}")
        self.settings = self.settings.replace(**changes)

    def run(
        self,
        *,
        on_record: Callable[[Update], None] | None = None,
        checkpoint: str | Path | None = None,
        checkpoint_every: int = 25,
        progress: bool = True,
    ) -> Learned:
        """Make all updates that are still to be made. An interrupt ends it early, with what has been learned so far.

        Args:
            on_record: Called with every update's record.
            checkpoint: File to keep the state in; see `checkpoint.py`.
            checkpoint_every: Updates from one writing to the next; it is also written at the end.
            progress: Show a bar.

        Raises:
            ValueError: `on_record` is no function, `checkpoint` a folder, or learning cannot go on.
        """
        from .checkpoint import save_checkpoint

        if on_record is not None and not callable(on_record):
            raise ValueError(f"on_record is a function that is called with every record, got {on_record!r}")
        if checkpoint is not None and Path(checkpoint).is_dir():
            raise ValueError(f"checkpoint is the name of a file, and {checkpoint} is a folder")
        check_count("checkpoint_every", checkpoint_every)
        interrupted = False
        bar = progress_bar(total=self.settings.total_steps, initial=self.steps, unit="step", hidden=not progress)
        try:
            for record in self:
                bar.update(record.steps - bar.n)
                bar.set_postfix_str(_short(record), refresh=False)
                if on_record is not None:
                    on_record(record)
                if checkpoint is not None and record.update % checkpoint_every == 0:
                    save_checkpoint(self, checkpoint)
        except KeyboardInterrupt:
            interrupted = True
            with contextlib.suppress(KeyboardInterrupt):  # who is impatient keeps the networks all the same
                self.forget_half_step()
        finally:
            bar.close()
        if checkpoint is not None:
            save_checkpoint(self, checkpoint)
        return self.result(interrupted)

    def result(self, interrupted: bool = False) -> Learned:
        """What has been learned so far."""
        return Learned(
            self.policy, self.value, tuple(self.records), self.settings, self.algorithm, self.task, interrupted
        )

    # --- going back ------------------------------------------------------------------------------------------

    def forget_half_step(self) -> None:
        """After an interrupt: take back the update that was cut short, so that it can be made again."""
        if self._before is not None:
            self.restore(self._before)

    def snapshot(self, complete: bool = False) -> Snapshot:
        """A copy of the state, between two updates.

        Args:
            complete: With all that another learner needs to go on; else this one can go back to it, and no other.
        """
        tensors = {"generator": self.generator.get_state()}
        for name, module in self.modules.items():
            tensors |= {f"{name}.{key}": tensor.detach().clone() for key, tensor in module.state_dict().items()}
        for name, optimizer in self.optimizers.items():
            for key, parameter in self.modules[name].named_parameters():
                kept = optimizer.state.get(parameter, {})
                tensors |= {f"adam.{name}.{key}.{kind}": tensor.clone() for kind, tensor in kept.items()}
        facts = {"settings": self.settings.to_dict(), "steps": self.steps, "updates": len(self.records)}
        return Snapshot(tensors, facts)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state that `snapshot` gave."""
        tensors, facts = snapshot
        self.generator.set_state(tensors["generator"])
        for name, module in self.modules.items():
            module.load_state_dict({key: tensors[f"{name}.{key}"] for key in module.state_dict()})
        for name, optimizer in self.optimizers.items():
            optimizer.state.clear()
            for key, parameter in self.modules[name].named_parameters():
                prefix = f"adam.{name}.{key}."
                kept = {kind.removeprefix(prefix): tensors[kind].clone() for kind in tensors if kind.startswith(prefix)}
                if kept:
                    optimizer.state[parameter] = kept
        self.settings = self.settings.from_dict(facts["settings"])
        self.steps = facts["steps"]
        del self.records[facts["updates"] :]
        self._updates = self._before = None


def _short(record: Update) -> str:
    return "" if record.mean_return is None else f"return {record.mean_return:.1f}"
