"""Tokenizer: text to a list of integers, and back.

A language model never sees letters, it sees token numbers. `Tokenizer` says what the rest of the package asks of any
tokenizer; `CharTokenizer` is the simplest that works, with one token for each character of an alphabet. Byte-pair
encoding is in `byte_pair_encoding`, the tokenizers of published models are in `pretrained_tokenizer`.

Plain text never turns into a special token (end of turn, mask, …), even where it contains the characters that such a
token is written with: whoever writes a prompt must not be able to forge the end of a turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from .tokenizer_file import read_saved
from .vocabulary import Piece, SpecialNames, Vocabulary, utf8, with_special

__all__ = ["CharTokenizer", "Piece", "Tokenizer", "load_tokenizer"]


@runtime_checkable
class Tokenizer(Protocol):
    """What the rest of the package asks of a tokenizer; any object with these members will do.

    Decoding is concatenation: the text of several tokens is the UTF-8 text of their bytes, one after the other.

    Attributes:
        special: Numbers of the special tokens by name. The names ``bos``, ``eos``, ``pad``, ``unk`` and ``mask`` mean
            the same everywhere; one token may have several names.
    """

    special: dict[str, int]

    @property
    def vocab_size(self) -> int:
        """Number of tokens V; they are numbered 0 … V - 1."""
        ...

    def encode(self, text: str, *, allow_special: bool = False) -> list[int]:
        """The token numbers of `text`; special tokens are read in it only where `allow_special`."""
        ...

    def decode(self, ids: Iterable[int], *, show_special: bool = False) -> str:
        """The text of token numbers; invalid UTF-8 becomes U+FFFD, special tokens are left away or shown."""
        ...

    def token_text(self, id: int) -> str:
        """One token in print, e.g. ``" cat"``."""
        ...

    def token_bytes(self, id: int) -> bytes:
        """The bytes that one token stands for; ``b""`` for a special token."""
        ...

    def pieces(self, text: str, *, allow_special: bool = False) -> tuple[Piece, ...]:
        """The tokens of `text`, each with the characters it came from."""
        ...

    def save(self, path: str | Path) -> None:
        """Write the tokenizer to a file that `load_tokenizer` reads."""
        ...


class CharTokenizer(Vocabulary):
    """One token for each character of an alphabet.

    Args:
        alphabet: The characters; their order is their numbering.
        special: Special tokens, numbered after the alphabet: names such as ``("mask",)``, or a mapping from names to
            the way they are written in text.

    Raises:
        ValueError: If the alphabet is empty or names a character twice.

    Example:
        >>> tokenizer = CharTokenizer.from_text("hello", special=("mask",))
        >>> tokenizer.encode("hole"), tokenizer.special
        ([1, 3, 2, 0], {'mask': 4})
    """

    kind = "characters"

    def __init__(self, alphabet: Iterable[str], *, special: SpecialNames = ()) -> None:
        self.alphabet = "".join(alphabet)
        if not self.alphabet:
            raise ValueError("the alphabet is empty; CharTokenizer.from_text(text) takes it from a text")
        if len(set(self.alphabet)) < len(self.alphabet):
            twice = next(c for c in self.alphabet if self.alphabet.count(c) > 1)
            raise ValueError(f"the alphabet has {twice!r} twice; CharTokenizer.from_text(text) takes it from a text")
        super().__init__(*with_special([utf8(character) for character in self.alphabet], special))
        self._ids = {character: id for id, character in enumerate(self.alphabet)}

    @classmethod
    def from_text(cls, text: str, *, special: SpecialNames = ()) -> CharTokenizer:
        """The tokenizer whose alphabet is every character of `text`, in Unicode's order."""
        return cls(sorted(set(text)), special=special)

    def encode_plain(self, text: str) -> list[int]:
        """The number of each character.

        Raises:
            ValueError: If a character is not in the alphabet; the message names it and its position.
        """
        try:
            return [self._ids[character] for character in text]
        except KeyError:
            position = next(i for i, character in enumerate(text) if character not in self._ids)
        stranger = text[position]
        raise ValueError(
            f"character {stranger!r} (U+{ord(stranger):04X}) at position {position} is not in the alphabet of "
            f"{len(self.alphabet)} characters; build the tokenizer from a text that has it (CharTokenizer.from_text), "
            "remove it, or use a BytePairTokenizer, which can write anything"
        )

    def to_dict(self) -> dict[str, Any]:
        """The tokenizer as plain data, ready for JSON."""
        return {"alphabet": self.alphabet, "special": self.special_forms}

    @classmethod
    def from_dict(cls, state: Mapping[str, Any]) -> CharTokenizer:
        """The tokenizer that `to_dict` described."""
        return cls(state["alphabet"], special=state["special"])

    @classmethod
    def load(cls, path: str | Path) -> CharTokenizer:
        """Read a tokenizer that `save` wrote; ValueError if the file is damaged or of another kind."""
        return read_saved(path, [cls])


def load_tokenizer(path: str | Path) -> Tokenizer:
    """Read a tokenizer that was written by `save`, whatever its kind.

    Raises:
        FileNotFoundError: If there is no such file.
        ValueError: If the file is damaged or not a tokenizer of this package.
    """
    from .byte_pair_encoding import BytePairTokenizer  # here, so that characters need no other module
    from .pretrained_tokenizer import PretrainedTokenizer

    return read_saved(path, [CharTokenizer, BytePairTokenizer, PretrainedTokenizer])
