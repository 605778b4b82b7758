"""Language cores: what the kernel needs from a language model, and a scripted one for experiments and tests.

For the kernel a model is a processor with a few slots, each of which holds one text on its way. A step adds one token
to each of some texts. A text can be taken out between any two tokens and put back later (a context switch): that is
what makes decoding preemptible. `lm.core()` makes such a core of a `LanguageModel`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

__all__ = ["LanguageCore", "ScriptedCore"]


class LanguageCore(Protocol):
    """What every core offers. Sequences are named by whole numbers that the core gives out.

    Attributes:
        slots: How many sequences can be in at once.
        preemptible: Whether a sequence can be taken out between two tokens. If not, the kernel lets it finish.
    """

    slots: int
    preemptible: bool

    def prefill(self, prompt: str | Sequence[Mapping[str, str]], *, seed: int, **settings: Any) -> int:
        """Read a prompt into a free slot; the settings are those of `Generate`. ValueError: it cannot be read."""
        ...

    def step(self, batch: Sequence[int]) -> Mapping[int, bool | Exception]:
        """One more token for each of these sequences; sequence -> whether it has ended, or what it alone failed with.

        An exception that is raised is a failure of the core: all of the batch begin again.
        """
        ...

    def reply(self, sequence: int) -> dict[str, Any]:
        """What has been written so far: text, tokens, logprobs, finish_reason."""
        ...

    def release(self, sequence: int) -> None:
        """Free its slot."""
        ...

    def snapshot(self, sequence: int) -> Any:
        """All that the sequence needs to go on: tokens, keys and values, random numbers. It has `nbytes`."""
        ...

    def restore(self, snapshot: Any) -> int:
        """Put a snapshot into a free slot; it goes on as if it had never left."""
        ...


@dataclass(frozen=True)
class ScriptedText:
    """A text on its way in a `ScriptedCore`, immutable: its own snapshot.

    Attributes:
        words: All that it will say.
        done: How many have been said.
        limit: Most that may be.
    """

    words: tuple[str, ...]
    limit: int
    done: int = 0
    nbytes: int = 0

    @property
    def ended(self) -> bool:
        return self.done >= min(len(self.words), self.limit)


class ScriptedCore:
    """A core that says what a script tells it to, a word a step: schedules without a model.

    Args:
        script: Prompt -> reply, or a function of the prompt and the seed; None: made-up words, as many as are asked
            for, that depend on the prompt and the seed alone.
        slots: How many texts can be in at once.
        preemptible: Whether texts may be taken out.

    Example:
        >>> core = ScriptedCore({"Who are you?": "A very small model."}, slots=2)
    """

    def __init__(
        self,
        script: Mapping[str, str] | Callable[[Any, int], str] | None = None,
        slots: int = 4,
        preemptible: bool = True,
    ) -> None:
        if slots < 1:
            raise ValueError(f"a core needs at least one slot, got {slots}")
        self.script, self.slots, self.preemptible = script, slots, preemptible
        self.steps = 0
        self._texts: dict[int, ScriptedText] = {}
        self._next = 0

    def prefill(
        self, prompt: str | Sequence[Mapping[str, str]], *, seed: int, max_new_tokens: int = 64, **_: Any
    ) -> int:
        """Look the reply up."""
        if self.script is None:
            words = _made_up(prompt, seed, max_new_tokens)
        elif callable(self.script):
            words = _words(self.script(prompt, seed))
        elif isinstance(prompt, str) and prompt in self.script:
            words = _words(self.script[prompt])
        else:
            raise ValueError(f"the script has no reply to {prompt!r}; it knows {', '.join(map(repr, self.script))}")
        return self.restore(ScriptedText(tuple(words), max_new_tokens))

    def step(self, batch: Sequence[int]) -> dict[int, bool]:
        """One more word each."""
        self.steps += 1
        for sequence in batch:
            text = self._texts[sequence]
            self._texts[sequence] = replace(text, done=text.done + 1)
        return {sequence: self._texts[sequence].ended for sequence in batch}

    def reply(self, sequence: int) -> dict[str, Any]:
        """The words so far."""
        text = self._texts[sequence]
        said = text.words[: text.done]
        tokens = [int.from_bytes(hashlib.blake2b(word.encode(), digest_size=2).digest(), "big") for word in said]
        reason = "stop" if text.done >= len(text.words) else "length"
        return {"text": "".join(said), "tokens": tokens, "logprobs": [0.0] * len(said), "finish_reason": reason}

    def release(self, sequence: int) -> None:
        """Free its slot."""
        del self._texts[sequence]

    def snapshot(self, sequence: int) -> ScriptedText:
        """The text as it is."""
        return self._texts[sequence]

    def restore(self, snapshot: ScriptedText) -> int:
        """Into a free slot."""
        if len(self._texts) >= self.slots:
            raise ValueError(f"all {self.slots} slots are taken")
        self._next += 1
        self._texts[self._next] = snapshot
        return self._next


def _words(text: str) -> list[str]:
    """A text cut before its spaces."""
    pieces = text.split(" ")
    return [pieces[0], *(f" {piece}" for piece in pieces[1:])]


def _made_up(prompt: Any, seed: int, count: int) -> list[str]:
    """Words from a chain of hashes: each depends on all before it, as a model's tokens do."""
    words: list[str] = []
    state = hashlib.blake2b(f"{prompt}/{seed}".encode(), digest_size=4).digest()
    for _ in range(count):
        words.append(f" {state.hex()[:4]}" if words else state.hex()[:4])
        state = hashlib.blake2b(state, digest_size=4).digest()
    return words
