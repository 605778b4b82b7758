"""Stop texts: ending a generation at a phrase, although the model writes tokens that know nothing of phrases.

A stop text may begin in the middle of one token and end in the middle of another. So the text, not the tokens, is
searched; and while text is streamed, an end that could still become a stop text is held back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

__all__ = ["StopText"]

_HALF_CHARACTER = "\ufffd"  # what a decoder writes for bytes that are no whole character (yet)


class StopText:
    """Looks for stop texts in what a model writes.

    Args:
        stop: One text or several; none of them empty.
        decode: Turns token ids into text.
    """

    def __init__(self, stop: str | Sequence[str], decode: Callable[[Sequence[int]], str]) -> None:
        if not isinstance(stop, Sequence):
            raise ValueError(f"stop must be a text or a list of texts, got {stop!r}; leave it away for none")
        self.stop = (stop,) if isinstance(stop, str) else tuple(stop)
        self.decode = decode
        if "" in self.stop:
            raise ValueError("a stop text must not be empty: it would end every generation before it began")

    def has_come(self, tokens: Sequence[int]) -> bool:
        """Whether the text of these tokens contains a stop text."""
        return bool(self.stop) and any(stop in self.decode(tokens) for stop in self.stop)

    def text(self, tokens: Sequence[int]) -> str:
        """The text of the tokens, up to the first stop text."""
        text = self.decode(tokens)
        return text[: min((text.find(stop) for stop in self.stop if stop in text), default=len(text))]

    def certain(self, tokens: Sequence[int]) -> str:
        """The beginning of the text that later tokens cannot change: without half characters and begun stop texts."""
        text = self.text(tokens)
        if self.has_come(tokens):
            return text
        whole = text.rstrip(_HALF_CHARACTER)
        begun = [
            length
            for stop in self.stop
            for length in range(1, min(len(stop), len(whole) + 1))
            if whole.endswith(stop[:length])
        ]
        return whole[: len(whole) - max(begun, default=0)]
