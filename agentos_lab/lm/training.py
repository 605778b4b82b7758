"""Training: show the model a batch, measure its surprise, nudge every parameter downhill; again and again.

`Trainer.step` is one turn of that wheel, a dozen lines that read from top to bottom. `train` turns it to the end; a
notebook, a widget or a test may turn it themselves, one record at a time, and change their mind on the way.
"""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from agentos_lab.progress import progress_bar

from .batches import all_windows, as_tokens, random_windows, split_tokens
from .data_parallel import World, current_world
from .gpt import GPT, expect_model
from .objectives import IGNORED, corrupt, cross_entropy
from .optimizer import adamw
from .precision import bfloat16_pays, mixed_precision
from .schedule import warmup_cosine
from .training_result import TrainingRecord, TrainResult, TrainSettings

__all__ = ["Trainer", "train", "training_steps"]

_CHANGEABLE = ("steps", "lr", "min_lr", "warmup", "clip", "accumulate", "evaluate_every")


def train(
    model: GPT,
    tokens: Tensor | Sequence[int],
    *,
    validation: Tensor | Sequence[int] | float = 0.1,
    sample: Callable[[GPT], str] | None = None,
    on_record: Callable[[TrainingRecord], None] | None = None,
    checkpoint: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> TrainResult:
    """Train a model in place on a text.

    An interrupt (Ctrl-C, or the notebook's stop button) ends training early and leaves the model as it is then.

    Args:
        model: Changed in place, and left in evaluation mode.
        tokens: The text as token ids (N,).
        validation: Share of the text, from its end, to examine the model on; or other tokens; 0 for none.
        sample: Called with the model at every evaluation; what it returns is kept in the record, e.g.
            ``lambda model: tokenizer.decode(generate(model, …))``.
        on_record: Called with every step's record.
        checkpoint: File to keep the state in, written at every evaluation and at the end; see `checkpoint.py`.
        progress: Show a bar.
        **settings: The fields of `TrainSettings`: steps, batch_size, context, lr, warmup, seed, objective, …

    Returns:
        The records of all steps, which print and plot themselves.

    Raises:
        ValueError: A setting makes no sense, or the text is too short for one window, or not of token ids.

    Example:
        >>> from agentos_lab.lm import GPT, GPTConfig
        >>> text = list(range(10)) * 20
        >>> result = train(GPT(GPTConfig(10, context=8, width=16), seed=0), text, steps=20, progress=False)
        >>> result.losses[-1] < result.losses[0]
        True
    """
    trainer = Trainer(model, tokens, TrainSettings(**settings), validation=validation, sample=sample)
    return trainer.run(on_record=on_record, checkpoint=checkpoint, progress=progress)


def training_steps(
    model: GPT, tokens: Tensor | Sequence[int], *, validation: Tensor | Sequence[int] | float = 0.1, **settings: Any
) -> Iterator[TrainingRecord]:
    """The steps of `train` one at a time: each `next` makes one update and yields its record."""
    yield from Trainer(model, tokens, TrainSettings(**settings), validation=validation)


class _Batch(NamedTuple):
    """Windows of text to read (B, T), and what is asked about each token: the answer, or `IGNORED` (B, T)."""

    inputs: Tensor
    answers: Tensor

    @property
    def guesses(self) -> int:
        """How many answers are asked for."""
        return int((self.answers != IGNORED).sum())


class Trainer:
    """The state of a training run; iterating over it makes the steps that are still to be made.

    Leaving the loop and iterating again continues where it stopped. Under ``torchrun`` every process makes the same
    trainer, and each computes its share of every batch (see `data_parallel.py`).

    Args:
        model: Changed in place. Parameters with ``requires_grad=False`` stay as they are.
        tokens: The text as token ids (N,).
        settings: See `TrainSettings`.
        validation: As in `train`.
        sample: As in `train`.

    Attributes:
        records: The steps made so far.

    Raises:
        ValueError: See `train`.
    """

    def __init__(
        self,
        model: GPT,
        tokens: Tensor | Sequence[int],
        settings: TrainSettings | None = None,
        *,
        validation: Tensor | Sequence[int] | float = 0.1,
        sample: Callable[[GPT], str] | None = None,
    ) -> None:
        expect_model(model)
        self.model, self.sample, self.world = model, sample, current_world()
        settings = TrainSettings() if settings is None else settings
        self.context = model.config.context if settings.context is None else settings.context
        _check(model, settings, self.context, self.world)
        text = as_tokens(tokens, model.config.vocab_size)
        self.tokens, self.validation = split_tokens(text, validation, model.config.vocab_size)
        self.generator = torch.Generator().manual_seed(settings.seed)
        self.settings = settings
        random_windows(self.tokens, 1, self.window, torch.Generator())  # a text too short is told now, not later
        self.world.copy_from_first(model.parameters())
        self.parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        self.optimizer = adamw(
            self.parameters, lr=settings.lr, weight_decay=settings.weight_decay, betas=settings.betas
        )
        self.records: list[TrainingRecord] = []
        self._step_start = (0, self.generator.get_state())
        self.forward = torch.compile(model) if settings.compile else model
        self.evaluation_batch = self._validation_batch() if settings.evaluate_every else None
        if settings.autocast == "auto":
            self.settings = settings.replace(autocast=self._measure_precision())

    def __repr__(self) -> str:
        return f"Trainer({len(self.records):,} of {self.settings.steps:,} steps made)"

    @property
    def window(self) -> int:
        """Tokens to cut from the text for one window: guessing the next token takes one more than is read."""
        return self.context + 1 if self.settings.objective == "next_token" else self.context

    def __iter__(self) -> Iterator[TrainingRecord]:
        while len(self.records) < self.settings.steps:
            yield self.step()

    def step(self) -> TrainingRecord:
        """Make one update and return its record."""
        settings, done = self.settings, len(self.records)
        self._step_start = (done, self.generator.get_state())
        lr = warmup_cosine(
            done, steps=settings.steps, peak=settings.lr, floor=settings.floor_lr, warmup=settings.warmup_steps
        )
        windows = random_windows(self.tokens, settings.batch_size, self.window, self.generator)
        batch = self._draw(windows, self.generator)
        self.model.train()
        with self._dropout_randomness():
            loss = self._gradients(batch)
        self.world.add_up([loss])
        self.world.add_up_gradients(self.parameters)
        grad_norm = nn.utils.clip_grad_norm_(self.parameters, settings.clip or float("inf"))
        for group in self.optimizer.param_groups:
            group["lr"] = lr
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.model.eval()
        read = batch.inputs.numel() + (self.records[-1].tokens if self.records else 0)
        # Kept before the examination: whoever interrupts that, the step has been made.
        self.records.append(TrainingRecord(done + 1, float(loss), lr, float(grad_norm), read))
        evaluation, sample = self._examine(done + 1)
        self.records[-1] = dataclasses.replace(self.records[-1], evaluation=evaluation, sample=sample)
        return self.records[-1]

    def _gradients(self, batch: _Batch) -> Tensor:
        """Leave this process's share of the gradient in the parameters, and return its share of the loss.

        Each part counts by its guesses among those of the whole batch, so that the shares add up to the gradient of
        the batch's mean loss, whatever the number of pieces and processes. (Of a tiny batch no token may be hidden:
        it has no loss, NaN, and teaches nothing.)
        """
        loss = torch.full((), 0.0 if batch.guesses else math.nan, device=self.model.device)
        shares = (self.world.share(part).tensor_split(self.settings.accumulate) for part in batch)
        for piece in map(_Batch, *shares):
            if piece.guesses:  # of a short text, a piece may hide no token
                part = self._loss(piece) * (piece.guesses / batch.guesses)
                part.backward()
                loss += part.detach()
        return loss

    def _loss(self, batch: _Batch) -> Tensor:
        device = self.model.device
        forward = self.forward if self.model.training else self.model  # evaluations are not worth a translation
        with mixed_precision(device, self.settings.autocast is True):
            logits = forward(batch.inputs.to(device))  # (B, T, V)
        return cross_entropy(logits, batch.answers.to(device))

    def _draw(self, windows: Tensor, generator: torch.Generator) -> _Batch:
        """Questions and answers of some windows (B, T+1), or (B, T) for the masked objective."""
        settings = self.settings
        if settings.objective == "next_token":
            return _Batch(windows[:, :-1], windows[:, 1:])
        assert settings.mask_id is not None
        return _Batch(
            *corrupt(
                windows, settings.mask_id, self.model.config.vocab_size,
                rate=settings.mask_rate, special=settings.special, generator=generator,
            )
        )  # fmt: skip

    def _validation_batch(self) -> _Batch | None:
        """The windows that every evaluation reads, the same each time, with the same tokens hidden."""
        if not len(self.validation):
            return None
        windows = all_windows(self.validation, self.window, self.settings.evaluate_windows)
        batch = self._draw(windows, torch.Generator().manual_seed(0))
        if not batch.guesses:
            raise ValueError(
                f"none of the {windows.numel()} tokens of the validation text is hidden, so there is nothing to guess; "
                "give a longer text or a higher mask_rate"
            )
        return batch

    def _examine(self, step: int) -> tuple[float | None, str | None]:
        """Validation loss and sample, when an evaluation is due after this step."""
        every = self.settings.evaluate_every
        if not every or (step % every and step != self.settings.steps):
            return None, None
        return self.evaluate(), None if self.sample is None else self.sample(self.model)

    @torch.no_grad()
    def evaluate(self) -> float | None:
        """Loss of the model as it is now on the validation text, in nats/token; None without such a text."""
        self.evaluation_batch = self.evaluation_batch or self._validation_batch()
        if self.evaluation_batch is None:
            return None
        self.model.eval()
        total = 0.0
        for piece in map(_Batch, *(part.split(self.settings.batch_size) for part in self.evaluation_batch)):
            if piece.guesses:
                total += float(self._loss(piece)) * piece.guesses
        return total / self.evaluation_batch.guesses

    def change(self, **changes: Any) -> None:
        """Change settings while training is under way, e.g. ``trainer.change(lr=3e-4)`` or ``change(steps=2000)``.

        Raises:
            ValueError: The setting is one that training cannot change once it has begun.
        """
        if fixed := sorted(set(changes) - set(_CHANGEABLE)):
            raise ValueError(f"{', '.join(fixed)} cannot change under way; what can is {', '.join(_CHANGEABLE)}")
        self.settings = self.settings.replace(**changes)

    def run(
        self,
        *,
        on_record: Callable[[TrainingRecord], None] | None = None,
        checkpoint: str | Path | None = None,
        progress: bool = True,
    ) -> TrainResult:
        """Make all steps that are still to be made; the arguments are those of `train`."""
        from .checkpoint import save_checkpoint

        interrupted = False
        hidden = not progress or self.world.rank > 0
        bar = progress_bar(total=self.settings.steps, initial=len(self.records), unit="step", hidden=hidden)
        try:
            for record in self:
                bar.update()
                bar.set_postfix_str(f"loss {record.loss:.4f}", refresh=False)
                if on_record is not None:
                    on_record(record)
                if checkpoint is not None and record.evaluation is not None and record.step < self.settings.steps:
                    save_checkpoint(self, checkpoint)
        except KeyboardInterrupt:
            interrupted = True
            self.forget_half_step()
        finally:
            bar.close()
        self.model.eval()
        if checkpoint is not None:
            save_checkpoint(self, checkpoint)
        return self.result(interrupted)

    def forget_half_step(self) -> None:
        """After an interrupt: drop the gradients of the step that was cut short, and draw its batch again."""
        self.optimizer.zero_grad()
        done, state = self._step_start
        if done == len(self.records):
            self.generator.set_state(state)

    def result(self, interrupted: bool = False) -> TrainResult:
        """What has been done so far."""
        return TrainResult(tuple(self.records), self.settings, self.model.config.vocab_size, interrupted)

    @contextmanager
    def _dropout_randomness(self) -> Iterator[None]:
        """Within the block torch's global generator, from which dropout draws, follows from our own."""
        if not self.model.config.dropout:
            yield
            return
        seed = int(torch.randint(2**62, (), generator=self.generator)) + self.world.rank
        device = self.model.device
        with torch.random.fork_rng([device] if device.type == "cuda" else []):
            torch.manual_seed(seed)
            yield

    def _measure_precision(self) -> bool:
        """Whether mixed precision pays for this model and batch; all processes agree with the first."""
        settings, generator = self.settings, torch.Generator().manual_seed(0)
        batch = self._draw(random_windows(self.tokens, settings.batch_size, self.window, generator), generator)

        def step(mixed: bool) -> None:
            self.settings = settings.replace(autocast=mixed)
            self._gradients(batch)

        pays = torch.zeros((), device=self.model.device)
        if self.world.rank == 0:
            with self._dropout_randomness():
                pays += bfloat16_pays(step, self.model.device)
        self.settings = settings
        self.optimizer.zero_grad()
        self.world.copy_from_first([pays])
        return bool(pays)


def _check(model: GPT, settings: TrainSettings, context: int, world: World) -> None:
    """Refuse what cannot work, and warn of what works and misleads."""
    if not any(parameter.requires_grad for parameter in model.parameters()):
        raise ValueError("all parameters of the model are frozen: there is nothing to train")
    if not 1 <= context <= model.config.context:
        raise ValueError(f"context must lie between 1 and the model's {model.config.context}, got {context}")
    if settings.batch_size < world.size:
        raise ValueError(f"a batch of {settings.batch_size} windows cannot be shared by {world.size} processes")
    if settings.objective == "next_token" and not model.config.causal:
        warnings.warn(
            "this model sees the whole text, so the next token is before its eyes: the loss will fall towards 0 and "
            "nothing is learnt. Use GPTConfig(causal=True), or objective='masked'",
            stacklevel=4,
        )
    if settings.objective == "masked" and model.config.causal:
        warnings.warn(
            "this model sees only what stands before a hidden token; to use both sides take GPTConfig(causal=False)",
            stacklevel=4,
        )
