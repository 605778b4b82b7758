"""Byte-pair encoding: a vocabulary that is learnt from text by merging its most frequent neighbours.

Start from the 256 bytes, which can write every text. Count all pairs of neighbours, make the most frequent pair a new
token, replace it everywhere, and go on until the vocabulary is as large as wanted. Encoding a text applies the same
merges in the order in which they were learnt (both in `byte_pair_merges`).

Gage 1994, "A new algorithm for data compression"; Sennrich, Haddow & Birch 2016, algorithm 1; bytes instead of
characters: Radford et al. 2019, section 2.2. Merges never cross the border of a word (see `pre_tokenization`), else
frequent phrases would become tokens.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from agentos_lab.errors import ParseError
from agentos_lab.results import Derivation, Step

from .byte_pair_merges import SOURCE, Merge, Segmentation, learn_merges, merge_steps, merge_word, shown
from .pre_tokenization import gpt2_pattern
from .tokenizer_file import read_saved
from .vocabulary import SpecialNames, Vocabulary, split_markers, utf8, with_special

__all__ = ["BytePairTokenizer", "Merge", "Segmentation"]

_CACHE_SIZE = 100_000  # words whose tokens are remembered


class BytePairTokenizer(Vocabulary):
    """Byte-level byte-pair encoding: tokens 0 … 255 are the bytes, then one for each merge, then the special ones.

    It can write any text, and decoding gives exactly that text back.

    Args:
        merges: The merges in the order in which they were learnt: `Merge`, or pairs of bytes.
        pattern: Regular expression (Python's `re`) whose matches are the words; what it does not match is a word too.
            None: GPT-2's (`pre_tokenization.gpt2_pattern`). ``"(?s).+"`` takes the whole text as one word.
        special: Special tokens, e.g. ``("<|endoftext|>",)`` or ``{"eos": "<|endoftext|>"}``.

    Raises:
        ValueError: If a merge uses a token that no earlier merge made.
        ParseError: If `pattern` is no regular expression.

    Example:
        >>> tokenizer = BytePairTokenizer.train("the cat, the hat, the bat", vocab_size=260)
        >>> [str(merge) for merge in tokenizer.merges[:2]]
        ["'a' + 't' → 'at' (count 3)", "'h' + 'e' → 'he' (count 3)"]
    """

    kind = "byte pairs"

    def __init__(
        self,
        merges: Iterable[Merge | tuple[bytes, bytes]],
        *,
        pattern: str | None = None,
        special: SpecialNames = (),
    ) -> None:
        self.merges = tuple(merge if isinstance(merge, Merge) else Merge(*merge) for merge in merges)
        self.pattern = pattern
        self._words = _compiled(gpt2_pattern() if pattern is None else pattern)
        self._ids = {bytes([value]): value for value in range(256)}
        for number, merge in enumerate(self.merges, 1):
            for part in (merge.left, merge.right):
                if part not in self._ids:
                    raise ValueError(f"merge {number} ({merge}) uses {shown(part)}, which no earlier merge made")
            # Two merges can make the same bytes (a + bc, ab + c): one token.
            self._ids.setdefault(merge.token, len(self._ids))
        super().__init__(*with_special(list(self._ids), special))
        self._ranks = {(merge.left, merge.right): rank for rank, merge in enumerate(self.merges)}
        self._cache: dict[str, list[int]] = {}

    @classmethod
    def train(
        cls,
        text: str,
        vocab_size: int,
        *,
        pattern: str | None = None,
        special: SpecialNames = (),
        min_count: int = 1,
    ) -> BytePairTokenizer:
        """Learn a vocabulary from `text`.

        Of pairs that are equally frequent, the one whose left token has the smaller number is merged first, then the
        one whose right token has: the same text always gives the same merges.

        Args:
            text: The training text. Special tokens written in it are left out of the counts.
            vocab_size: Number of tokens wanted, bytes and special tokens included. It becomes smaller if the text has
                no pairs left to merge.
            pattern: What a word is; see the class.
            special: Special tokens; see the class.
            min_count: Stop when the most frequent pair is rarer than this.

        Raises:
            ValueError: If `text` is no text, or `vocab_size` has no room for the 256 bytes and the special tokens.
        """
        if not isinstance(text, str):
            raise ValueError(
                f"train learns from one text, got {type(text).__name__}; several are joined first: '\\n'.join(texts)"
            )
        tokenizer = cls((), pattern=pattern, special=special)
        room = vocab_size - tokenizer.vocab_size
        if room < 0:
            raise ValueError(
                f"vocab_size={vocab_size} is too small: 256 bytes and {len(tokenizer.special)} special tokens make "
                f"{tokenizer.vocab_size}"
            )
        words: Counter[bytes] = Counter()
        for part in split_markers(text, tokenizer.markers):
            if isinstance(part, str):
                words.update(map(utf8, tokenizer.words(part)))
        return cls(learn_merges(words, room, min_count), pattern=pattern, special=special)

    @property
    def derivation(self) -> Derivation:
        """The training, merge by merge."""
        steps = (
            Step("merge the most frequent pair", SOURCE, Segmentation((merge.left, merge.right)), merge)
            for merge in self.merges
        )
        return Derivation(f"256 bytes and {len(self.merges):,} merges", tuple(steps))

    def words(self, text: str) -> list[str]:
        """The words of `text` by the tokenizer's pattern; joined, they are the text again."""
        words, end = [], 0
        for found in self._words.finditer(text):
            if found.end() > found.start():
                words += [text[end : found.start()]] if found.start() > end else []
                words.append(found.group())
                end = found.end()
        return [*words, text[end:]] if end < len(text) else words

    def encode_plain(self, text: str) -> list[int]:
        """The token numbers of `text`: each of its words, merged; see `merge_word`."""
        utf8(text)
        ids: list[int] = []
        for word in self.words(text):
            known = self._cache.get(word)
            if known is None:
                if len(self._cache) >= _CACHE_SIZE:
                    self._cache.clear()
                known = self._cache[word] = [self._ids[part] for part in merge_word(word.encode(), self._ranks)]
            ids += known
        return ids

    def encode_steps(self, word: str) -> Derivation:
        """How one word becomes tokens, merge by merge.

        Raises:
            ValueError: If the text is more than one word by the tokenizer's pattern.
        """
        return merge_steps(word, self.words(word), self._ranks)

    def to_dict(self) -> dict[str, Any]:
        """The tokenizer as plain data, ready for JSON; bytes are written as the characters U+0000 … U+00FF."""
        merges = [[merge.left.decode("latin-1"), merge.right.decode("latin-1"), merge.count] for merge in self.merges]
        return {"pattern": self.pattern, "merges": merges, "special": self.special_forms}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> BytePairTokenizer:
        """The tokenizer that `to_dict` described."""
        merges = (
            Merge(left.encode("latin-1"), right.encode("latin-1"), count) for left, right, count in state["merges"]
        )
        return cls(merges, pattern=state["pattern"], special=state["special"])

    @classmethod
    def load(cls, path: str | Path) -> BytePairTokenizer:
        """Read a tokenizer that `save` wrote; ValueError if the file is damaged or of another kind."""
        return read_saved(path, [cls])


def _compiled(pattern: str) -> re.Pattern[str]:
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ParseError(f"not a regular expression: {error.msg}", pattern, error.pos or 0) from error
