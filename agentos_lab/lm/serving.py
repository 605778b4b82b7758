"""Serving: many texts decoded together, each of which may pause, leave, come back or start at any token.

Between two tokens the members of the batch can change (iteration-level scheduling, Yu et al. 2022, "Orca", §3.1), so a
newcomer waits for one token of the others, not for the end of their texts. The batch has a fixed number of *slots*, and
every product in it a fixed shape: always all slots, always the whole length of the cache, prompts in chunks of one
size. An idle slot computes something that is thrown away. That costs time when few slots are in use, and buys a
property that a changing batch cannot have: a matrix product of other shape is summed in another order, and its last
bits differ; with fixed shapes the numbers of a text do not depend on who else is there. `ContinuousBatch.self_test`
measures on the machine at hand how far that holds; with one thread it has on every one seen so far.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from .decoding import Decoding, FinishReason, Generated
from .gpt import GPT, expect_model, without_dropout
from .kv_cache import CacheSnapshot
from .same_bits import SameBits, measure_same_bits
from .sampling import Sampling
from .sequence_snapshot import SequenceSnapshot
from .vocabulary import as_ids

if TYPE_CHECKING:
    from .constraint import Constraint

__all__ = ["ContinuousBatch", "Decoded"]


@dataclass(frozen=True)
class Decoded:
    """What one step brought one sequence.

    Attributes:
        token: The new token's id; None when the sequence ended instead (a stop token came).
        logprob: Natural logarithm of the model's own probability for the token.
        finish_reason: Why the sequence ended with this step (see `Generated`); None while it goes on.
        logits: The model's scores (V,) from which the token was chosen.
    """

    token: int | None
    logprob: float | None
    finish_reason: FinishReason | None
    logits: Tensor = field(repr=False)


class ContinuousBatch:
    """A fixed number of slots in which sequences are decoded, a token at a time, in any order.

    Args:
        model: A causal model.
        slots: How many sequences can be in at once.
        capacity: Longest sequence, in tokens; at most the model's context.
        chunk: Prompts are read so many tokens at a time.
        one_thread: Compute with one of torch's threads, so that the bits of a sequence do not depend on its slot.

    Example:
        >>> batch = ContinuousBatch(lm.model, slots=4)
        >>> a = batch.admit(prompt, max_new_tokens=100)
        >>> while batch.finish_reason(a) is None:
        ...     token = batch.step([a])[a].token
        >>> batch.generated(a).tokens
    """

    def __init__(
        self, model: GPT, slots: int = 8, capacity: int = 512, *, chunk: int = 64, one_thread: bool = False
    ) -> None:
        expect_model(model)
        if slots < 1 or chunk < 1:
            raise ValueError(f"a batch needs at least one slot and chunks of at least one token, got {slots}, {chunk}")
        if not model.config.causal:
            raise ValueError("a masked model sees the future and cannot generate from left to right; use a causal one")
        self.model, self.one_thread = model, one_thread
        self.capacity = min(capacity, model.config.context)
        self.chunk = min(chunk, self.capacity)
        self._cache = model.new_cache(slots, self.capacity, fixed_shape=True)
        self._prompt_cache = model.new_cache(1, self.capacity, fixed_shape=True)
        self._decodings: dict[int, Decoding] = {}
        self._slots: dict[int, int] = {}  # sequence -> slot
        self._next = 0

    def __repr__(self) -> str:
        return f"ContinuousBatch({len(self._slots)} of {self.slots} slots taken, {self.capacity} tokens each)"

    @property
    def slots(self) -> int:
        """Number of slots B."""
        return self._cache.batch

    @property
    def free_slots(self) -> list[int]:
        """Slots without a sequence."""
        taken = set(self._slots.values())
        return [slot for slot in range(self.slots) if slot not in taken]

    @property
    def sequences(self) -> tuple[int, ...]:
        """Numbers of the sequences that are in, finished ones included, in order of admission."""
        return tuple(self._slots)

    def admit(
        self,
        prompt: Sequence[int],
        *,
        max_new_tokens: int,
        sampling: Sampling | None = None,
        seed: int = 0,
        stop_tokens: Sequence[int] = (),
        constraint: Constraint | None = None,
        until: Callable[[Sequence[int]], bool] | None = None,
        slot: int | None = None,
        known: CacheSnapshot | None = None,
    ) -> int:
        """Read a prompt into a free slot.

        Args:
            prompt: Token ids, at least one.
            max_new_tokens: Most tokens to add.
            sampling: How to choose; None is greedy.
            seed: Of the sequence's own random numbers.
            stop_tokens: Ids that end the sequence.
            constraint: Restricts which tokens may come.
            until: Looks at the new tokens after each; True ends the sequence.
            slot: Which slot; None takes the first that is free.
            known: Keys and values of the prompt's beginning, if another prompt began in the same way. With a whole
                number of chunks the bits are the same as without.

        Returns:
            The sequence's number.

        Raises:
            ValueError: No slot is free, or the prompt is empty or does not fit.
        """
        decoding = Decoding(
            self._checked(prompt),
            Sampling(temperature=0.0) if sampling is None else sampling,
            torch.Generator().manual_seed(seed),
            max_new_tokens,
            self.capacity,
            frozenset(stop_tokens),
            until=until,
            constraint=constraint,
        )
        slot = self._free(slot)
        return self._enter(SequenceSnapshot(decoding, self._read(decoding.text, known)), slot)

    def extend(
        self,
        sequence: int,
        tokens: Sequence[int],
        *,
        max_new_tokens: int,
        sampling: Sampling | None = None,
        stop_tokens: Sequence[int] | None = None,
        constraint: Constraint | None = None,
    ) -> None:
        """Add text that the model did not write (a tool's answer, the user's next message) and let it go on.

        Args:
            sequence: Its number; it may have finished.
            tokens: What comes after its text so far; may be empty.
            max_new_tokens: Most tokens to add from here.
            sampling: How to choose from here; None: as before.
            stop_tokens: Ids that end it; None: as before.
            constraint: Of what comes from here; None: none.
        """
        before = self._decoding(sequence)
        after = before.copy(
            prompt=(*before.text, *self._checked(tokens)),
            max_new_tokens=max_new_tokens,
            sampling=before.sampling if sampling is None else sampling,
            stop_tokens=before.stop_tokens if stop_tokens is None else frozenset(stop_tokens),
            constraint=constraint,
            tokens=[],
            logprobs=[],
            finish_reason=None,
            state=None,
        )
        slot = self._slots[sequence]
        self._cache.restore(slot, self._read(after.text, self._cache.snapshot(slot)))
        self._decodings[sequence] = after

    def step(self, sequences: Sequence[int] | None = None) -> dict[int, Decoded]:
        """One more token for each of some sequences.

        Args:
            sequences: Their numbers; None: all that have not finished. The others stay exactly as they are.

        Returns:
            Sequence -> what the step brought.

        Raises:
            ValueError: A sequence is not in the batch or has finished.
        """
        if sequences is None:
            sequences = [each for each in self.sequences if self.finish_reason(each) is None]
        chosen = list(dict.fromkeys(sequences))  # one token each, however often it is named
        for sequence in chosen:
            if self.finish_reason(sequence) is not None:
                raise ValueError(
                    f"sequence {sequence} has finished ({self.finish_reason(sequence)}); extend or release it"
                )
        if not chosen:
            return {}
        with self._threads():
            logits = self._logits(chosen)  # (B, V)
            return {sequence: self._choose(sequence, logits[self._slots[sequence]]) for sequence in chosen}

    def tokens(self, sequence: int) -> list[int]:
        """All tokens of a sequence: what it was given and what it wrote."""
        return self._decoding(sequence).text

    def decoding(self, sequence: int) -> Decoding:
        """A copy of how far a sequence has come: its tokens, their probabilities, its settings."""
        return self._decoding(sequence).copy()

    def finish_reason(self, sequence: int) -> FinishReason | None:
        """Why a sequence ended (see `Generated`); None while it goes on."""
        return self._decoding(sequence).finish_reason

    def snapshot(self, sequence: int) -> SequenceSnapshot:
        """Copy a sequence out; it stays in."""
        return SequenceSnapshot(self._decoding(sequence).copy(), self._cache.snapshot(self._slots[sequence]))

    def restore(self, snapshot: SequenceSnapshot, *, slot: int | None = None) -> int:
        """Put a snapshot into a free slot, of this batch or another of the same model and capacity.

        The snapshot stays as it is: restoring it twice forks the sequence.

        Returns:
            The sequence's new number.

        Raises:
            ValueError: No slot is free, or the snapshot does not fit.
        """
        decoding = snapshot.decoding.copy(context=self.capacity)
        return self._enter(SequenceSnapshot(decoding, snapshot.cache), self._free(slot))

    def generated(self, sequence: int) -> Generated:
        """What a finished sequence wrote since `admit` or `extend`; ValueError while it goes on."""
        return self._decoding(sequence).result()

    def release(self, sequence: int) -> None:
        """Take a sequence out, finished or not, and free its slot."""
        self._decoding(sequence)
        lengths = list(self._cache.lengths)
        lengths[self._slots[sequence]] = 0
        self._cache.rewind(lengths)
        del self._decodings[sequence], self._slots[sequence]

    def self_test(self, prompt: Sequence[int] | None = None) -> SameBits:
        """Measure whether a sequence gets the same bits in every slot and beside every neighbour: see `same_bits.py`.

        On this machine, with this model, its number of slots and torch's present number of threads. The batch must be
        empty, and is empty again afterwards.

        Args:
            prompt: Token ids of the sequence that is compared; None: a few tokens of the vocabulary.
        """
        vocabulary = self.model.config.vocab_size
        return measure_same_bits(self, [token % vocabulary for token in range(1, 8)] if prompt is None else prompt)

    def _checked(self, tokens: Sequence[int]) -> tuple[int, ...]:
        """The tokens, all of them in the vocabulary: a wrong one would be noticed in `step` only, by everyone."""
        return tuple(as_ids(tokens, self.model.config.vocab_size))

    def _decoding(self, sequence: int) -> Decoding:
        if sequence not in self._decodings:
            raise ValueError(f"there is no sequence {sequence} in the batch; it holds {list(self._slots)}")
        return self._decodings[sequence]

    def _free(self, wanted: int | None) -> int:
        free = self.free_slots
        if not free:
            raise ValueError(f"all {self.slots} slots are taken; release a sequence, or snapshot and release it")
        if wanted is not None and wanted not in free:
            raise ValueError(f"slot {wanted} is not free; free are {free}")
        return free[0] if wanted is None else wanted

    def _enter(self, snapshot: SequenceSnapshot, slot: int) -> int:
        if snapshot.cache.keys.dtype != self._cache.keys.dtype:
            raise ValueError(
                f"the snapshot holds {snapshot.cache.keys.dtype}, this batch computes in {self._cache.keys.dtype}; "
                "restore it in a batch of the model it came from"
            )
        self._cache.restore(slot, snapshot.cache)
        number, self._next = self._next, self._next + 1
        self._decodings[number], self._slots[number] = snapshot.decoding, slot
        return number

    @torch.inference_mode()
    def _read(self, text: Sequence[int], known: CacheSnapshot | None = None) -> CacheSnapshot:
        """Read all but the last token of a text, alone and in chunks of one size; the last one is read by `step`."""
        cache = self._prompt_cache
        cache.rewind(0)
        if known is not None:
            cache.restore(0, known)
        unread = text[:-1]
        with without_dropout(self.model), self._threads():
            while cache.lengths[0] < len(unread):
                # The last chunk may not reach over the end of the cache: it starts earlier and reads some twice.
                start = min(cache.lengths[0], self.capacity - self.chunk)
                part = unread[start : start + self.chunk]
                cache.rewind(start)
                padded = [*part, *[0] * (self.chunk - len(part))]
                self.model.hidden_states(torch.tensor([padded], device=self.model.device), cache=cache)
                cache.rewind(start + len(part))
        return cache.snapshot()

    @torch.inference_mode()
    def _logits(self, chosen: Sequence[int]) -> Tensor:
        """Read the last token of the chosen sequences and score the next: (B, V), one row a slot."""
        lengths = list(self._cache.lengths)
        last = [0] * self.slots  # idle slots read token 0, and forget it
        for sequence in chosen:
            slot = self._slots[sequence]
            last[slot] = self._decodings[sequence].text[-1]
            lengths[slot] += 1
        with without_dropout(self.model), self._threads():
            x = self.model.hidden_states(torch.tensor(last, device=self.model.device)[:, None], cache=self._cache)
            logits = self.model.unembed(x[:, 0]).float()  # (B, D) -> (B, V)
        self._cache.rewind(lengths)
        return logits

    def _choose(self, sequence: int, logits: Tensor) -> Decoded:
        decoding = self._decodings[sequence]
        new = decoding.step(logits)
        if new is None:
            return Decoded(None, None, decoding.finish_reason, logits)
        return Decoded(new.token, new.logprob, decoding.finish_reason, logits)

    @contextmanager
    def _threads(self) -> Iterator[None]:
        before = torch.get_num_threads()
        if not self.one_thread or before == 1:
            yield
            return
        torch.set_num_threads(1)
        try:
            yield
        finally:
            torch.set_num_threads(before)
