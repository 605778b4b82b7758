"""Small vocabularies for tests of constrained decoding: single bytes, merges at random, bytes missing."""

from __future__ import annotations

import random
from collections.abc import Iterable


class FakeTokenizer:
    """Just enough of a tokenizer: the bytes of each token, and an end-of-text token at the end."""

    def __init__(self, pieces: Iterable[bytes], eos: bool = True) -> None:
        self.tokens = [*pieces, b""] if eos else list(pieces)
        self.special = {"eos": len(self.tokens) - 1} if eos else {}

    @property
    def vocab_size(self) -> int:
        return len(self.tokens)

    def token_bytes(self, id: int) -> bytes:
        return self.tokens[id]

    def text(self, tokens: Iterable[int]) -> bytes:
        return b"".join(self.tokens[token] for token in tokens)


BYTES = FakeTokenizer(bytes([b]) for b in range(256))


def random_merges(alphabet: str, seed: int, count: int, longest: int = 4, missing: float = 0.0) -> FakeTokenizer:
    """Tokens of one to `longest` characters of the alphabet, of which single ones may be missing."""
    draw = random.Random(seed)
    singles = [c for c in alphabet if draw.random() >= missing]
    merged = ["".join(draw.choices(alphabet, k=draw.randint(2, longest))) for _ in range(count)]
    return FakeTokenizer(text.encode() for text in [*singles, *merged])
