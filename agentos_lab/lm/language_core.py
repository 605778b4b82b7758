"""The language core: a language model as the processor of an operating system.

Texts in, texts out, one token at a time, many side by side; each may be taken out between any two tokens and put back
later. It is `serving.py` for texts instead of tokens, with one thing more: **prefix sharing**. Agents begin their
prompts with the same instructions; keys and values of such a beginning are computed once (Zheng et al. 2024, "SGLang",
§3, does it for a tree of prefixes). Prompts are read in chunks of one size, so whole chunks are shared, and the bits
are those of a prompt that was read alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .constraint import Constraint, choices, json_schema, regex
from .kv_cache import CacheSnapshot
from .same_bits import SameBits
from .sampling import Sampling
from .sequence_snapshot import SequenceSnapshot, load_snapshot, save_snapshot
from .serving import ContinuousBatch
from .stop_text import StopText

if TYPE_CHECKING:
    from .language_model import LanguageModel

__all__ = ["GPTCore"]

_KINDS = {"choices": choices, "schema": json_schema, "pattern": regex}


class GPTCore:
    """Decodes texts for whoever drives it.

    Args:
        lm: Model and tokenizer.
        slots: How many texts can be in at once.
        capacity: Longest text, in tokens; at most the model's context.
        chunk: Prompts are read so many tokens at a time; whole chunks are shared.
        one_thread: Compute with one thread: then the bits of a text do not depend on its slot (see `same_bits`).
        shared_bytes: Most memory for the beginnings of earlier prompts.

    Attributes:
        slots: How many texts can be in at once.
        preemptible: True: a text can be taken out between any two tokens.
        prompt_tokens, shared_tokens: Read so far, and how many of them needed no computation.

    Example:
        >>> core = lm.core(slots=8)
        >>> a = core.prefill("Once upon a time", max_new_tokens=20, seed=0)
        >>> while not core.step([a])[a]:
        ...     pass
        >>> core.reply(a)["text"]
    """

    preemptible = True

    def __init__(
        self,
        lm: LanguageModel,
        slots: int = 8,
        capacity: int = 512,
        *,
        chunk: int = 32,
        one_thread: bool = False,
        shared_bytes: int = 256_000_000,
    ) -> None:
        self.lm, self.slots = lm, slots
        self.batch = ContinuousBatch(lm.model, slots, capacity, chunk=chunk, one_thread=one_thread)
        self.shared_bytes = shared_bytes
        self.prompt_tokens = self.shared_tokens = 0
        self._prefixes: OrderedDict[tuple[int, ...], CacheSnapshot] = OrderedDict()
        self._stops: dict[int, StopText] = {}
        self._constraints: dict[str, Constraint] = {}

    def __repr__(self) -> str:
        return f"GPTCore({self.lm.name!r}, {self.slots} slots of {self.batch.capacity} tokens)"

    def prefill(
        self,
        prompt: str | Sequence[Mapping[str, str]],
        *,
        seed: int,
        max_new_tokens: int = 64,
        temperature: float = 0.0,
        top_k: int | None = None,
        top_p: float | None = None,
        stop: Sequence[str] = (),
        constraint: Mapping[str, Any] | None = None,
    ) -> int:
        """Read a prompt into a free slot.

        Args:
            prompt: A text, or the messages of a conversation for a model that was trained to chat.
            seed: Of the text's own random numbers.
            max_new_tokens, temperature, top_k, top_p, stop: As in `LanguageModel.generate`.
            constraint: None, or ``{"choices": […]}``, ``{"schema": {…}}`` or ``{"pattern": "…"}``.

        Returns:
            The text's number.

        Raises:
            ValueError: No slot is free, or the prompt, a setting or the constraint cannot be used.
        """
        watch = StopText(stop, self.lm.tokenizer.decode)
        tokens = self.lm.prompt_tokens(prompt)
        sequence = self.batch.admit(
            tokens,
            max_new_tokens=max_new_tokens,
            sampling=Sampling(temperature, top_k, top_p),
            seed=seed,
            stop_tokens=self.lm.end_tokens(),
            constraint=self._constraint(constraint),
            until=watch.has_come if watch.stop else None,
            known=self._known(tokens),
        )
        self._stops[sequence] = watch
        self._share(sequence, tokens)
        return sequence

    def step(self, batch: Sequence[int]) -> dict[int, bool]:
        """One more token for each of some texts; text -> whether it has ended."""
        decoded = self.batch.step(batch)
        return {sequence: each.finish_reason is not None for sequence, each in decoded.items()}

    def reply(self, sequence: int) -> dict[str, Any]:
        """What was written so far: text, tokens, logprobs, finish_reason (None while it goes on)."""
        decoding = self.batch.decoding(sequence)
        return {
            "text": self._stops[sequence].text(decoding.tokens),
            "tokens": list(decoding.tokens),
            "logprobs": list(decoding.logprobs),
            "finish_reason": decoding.finish_reason,
        }

    def release(self, sequence: int) -> None:
        """Free a text's slot."""
        self.batch.release(sequence)
        del self._stops[sequence]

    def snapshot(self, sequence: int) -> SequenceSnapshot:
        """Copy a text out, with all that it needs to go on; it stays in."""
        return self.batch.snapshot(sequence)

    def restore(self, snapshot: SequenceSnapshot) -> int:
        """Put a snapshot into a free slot; its number."""
        sequence = self.batch.restore(snapshot)
        until = snapshot.decoding.until
        self._stops[sequence] = getattr(until, "__self__", None) or StopText((), self.lm.tokenizer.decode)
        return sequence

    def save(self, snapshot: SequenceSnapshot, path: str | Path) -> Path:
        """Write a snapshot to a file; see `save_snapshot`."""
        return save_snapshot(snapshot, path)

    def load(
        self, path: str | Path, *, constraint: Mapping[str, Any] | None = None, stop: Sequence[str] = (), **_: Any
    ) -> SequenceSnapshot:
        """Read a snapshot; constraint and stop texts are those with which the text began."""
        snapshot = load_snapshot(path, constraint=self._constraint(constraint))
        watch = StopText(stop, self.lm.tokenizer.decode)
        return SequenceSnapshot(snapshot.decoding.copy(until=watch.has_come if watch.stop else None), snapshot.cache)

    def same_bits(self) -> SameBits:
        """Measure what this machine can promise: the same bits in every slot, and beside every neighbour."""
        return self.batch.self_test()

    def _constraint(self, wanted: Mapping[str, Any] | None) -> Constraint | None:
        """Compile a constraint, once."""
        if wanted is None:
            return None
        if len(wanted) != 1 or next(iter(wanted)) not in _KINDS:
            raise ValueError(f"a constraint is one of {', '.join(_KINDS)} and its value, got {dict(wanted)!r}")
        kind, value = next(iter(wanted.items()))
        key = f"{kind}: {value!r}"
        if key not in self._constraints:
            self._constraints[key] = _KINDS[kind](value, self.lm.tokenizer)  # type: ignore[operator]
        return self._constraints[key]

    def _known(self, tokens: Sequence[int]) -> CacheSnapshot | None:
        """Keys and values of the longest beginning of a prompt that an earlier one shares, in whole chunks."""
        chunk = self.batch.chunk
        for length in range((len(tokens) - 1) // chunk * chunk, 0, -chunk):
            prefix = tuple(tokens[:length])
            if prefix in self._prefixes:
                self._prefixes.move_to_end(prefix)
                self.shared_tokens += length
                return self._prefixes[prefix]
        return None

    def _share(self, sequence: int, tokens: Sequence[int]) -> None:
        """Keep the beginning of a prompt for later ones; the least recently used go when there is no room."""
        self.prompt_tokens += len(tokens)
        chunk = self.batch.chunk
        length = (len(tokens) - 1) // chunk * chunk
        if length == 0 or tuple(tokens[:length]) in self._prefixes:
            return
        cache = self.batch.snapshot(sequence).cache
        for end in range(chunk, length + 1, chunk):
            self._prefixes.setdefault(
                tuple(tokens[:end]), CacheSnapshot(cache.keys[:, :, :end].clone(), cache.values[:, :, :end].clone())
            )
        while sum(kept.nbytes for kept in self._prefixes.values()) > self.shared_bytes and self._prefixes:
            self._prefixes.popitem(last=False)
