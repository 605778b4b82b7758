"""Vocabulary: the table of tokens that a model knows, and what stands for no text at all.

`Vocabulary` numbers byte strings 0, 1, 2, …; some of its tokens are *special* (end of text, mask, …). Decoding needs
nothing more than this table; how text is cut into tokens is the business of its subclasses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .tokenizer_file import write_saved

__all__ = [
    "Piece",
    "Vocabulary",
    "as_ids",
    "check_text",
    "spans",
    "split_markers",
    "utf8",
    "with_special",
]

SpecialNames = Sequence[str] | Mapping[str, str]


@dataclass(frozen=True)
class Piece:
    """One token of a text and where it came from.

    Attributes:
        id: The token's number.
        text: The token in print; bytes that are not whole characters are written as escapes, e.g. ``\\xe2``.
        data: The bytes that the token stands for; ``b""`` for a special token.
        start: Index of the first character of the text that the token touches.
        end: Index after the last one. Neighbours overlap where one character is cut into several tokens.
    """

    id: int
    text: str
    data: bytes
    start: int
    end: int


class Vocabulary:
    """Tokens as a table of byte strings, some of them special: they stand for no text.

    A subclass says how plain text is cut (`encode_plain`) and what is saved (`to_dict`, `from_dict`).

    Args:
        tokens: The bytes of token 0, 1, 2, …; those of a special token are never used.
        special: Numbers of the special tokens by name; a token may have several.
        markers: Numbers of the special tokens by the way they are written in text.
    """

    kind: str  # names the class in a saved file

    def __init__(self, tokens: Sequence[bytes], special: Mapping[str, int], markers: Mapping[str, int]) -> None:
        self.special, self.markers = dict(special), dict(markers)
        self._written = {id: form for form, id in markers.items()}
        self.tokens = tuple(b"" if id in self._written else token for id, token in enumerate(tokens))

    @property
    def vocab_size(self) -> int:
        """Number of tokens V, the special ones included."""
        return len(self.tokens)

    @property
    def special_forms(self) -> dict[str, str]:
        """The way each special token is written in text, by its name."""
        return {name: self._written[id] for name, id in self.special.items()}

    def encode_plain(self, text: str) -> list[int]:
        """The token numbers of a text in which nothing is special."""
        raise NotImplementedError

    def encode(self, text: str, *, allow_special: bool = False) -> list[int]:
        """The token numbers of `text`.

        Args:
            text: Any text.
            allow_special: Read the written form of a special token (`markers`) as that token. Leave it off for text
                that somebody else wrote: it could forge the end of a turn.

        Raises:
            ValueError: If `text` is no text, holds half of a surrogate pair, or a character that the tokenizer cannot
                write.
        """
        check_text(text)
        if not allow_special:
            return self.encode_plain(text)
        ids: list[int] = []
        for part in split_markers(text, self.markers):
            ids.extend(self.encode_plain(part) if isinstance(part, str) else [part])
        return ids

    def decode(self, ids: Iterable[int], *, show_special: bool = False) -> str:
        """The text of token numbers: their bytes, one after the other, read as UTF-8.

        Bytes that are not valid UTF-8 (half a character at the end, say) become U+FFFD, the replacement character.

        Args:
            ids: Token numbers: a list, array or one-dimensional tensor.
            show_special: Write special tokens out instead of leaving them away.

        Raises:
            ValueError: If a number is not in the vocabulary.
        """
        shown = {id: form.encode() for id, form in self._written.items()} if show_special else {}
        numbers = as_ids(ids, self.vocab_size)
        data = [self.tokens[id] or shown.get(id, b"") for id in numbers]
        return b"".join(data).decode("utf-8", errors="replace")

    def token_bytes(self, id: int) -> bytes:
        """The bytes that token `id` stands for; ``b""`` for a special token."""
        (id,) = as_ids([id], self.vocab_size)
        return self.tokens[id]

    def token_text(self, id: int) -> str:
        """Token `id` in print: its text (escapes for bytes that are not whole characters) or its special form."""
        return self._written.get(id) or self.token_bytes(id).decode("utf-8", errors="backslashreplace")

    def pieces(self, text: str, *, allow_special: bool = False) -> tuple[Piece, ...]:
        """The tokens of `text`, each with the characters it came from."""
        ids = self.encode(text, allow_special=allow_special)
        data = [self.tokens[id] or self._written[id].encode() for id in ids]
        return tuple(
            Piece(id, self.token_text(id), self.tokens[id], start, end)
            for id, (start, end) in zip(ids, spans(text, data), strict=True)
        )

    def to_dict(self) -> dict[str, Any]:
        """The tokenizer as plain data, ready for JSON."""
        raise NotImplementedError

    def save(self, path: str | Path) -> None:
        """Write the tokenizer to `path` as JSON."""
        write_saved(path, self.kind, self.to_dict())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Vocabulary) and self.kind == other.kind and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash((self.kind, self.tokens))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.vocab_size:,} tokens, {len(self.special)} of them special)"


def with_special(tokens: Sequence[bytes], special: SpecialNames) -> tuple[list[bytes], dict[str, int], dict[str, int]]:
    """Number special tokens after those of a table.

    Args:
        tokens: The bytes of the ordinary tokens.
        special: Names, or a mapping from each name to the way it is written in text. A bare word is written in angle
            brackets (``"mask"`` as ``<mask>``), any other name as it stands.

    Returns:
        What `Vocabulary` takes: tokens, special tokens by name, special tokens by written form.
    """
    if isinstance(special, str):
        special = (special,)
    if not isinstance(special, Mapping):
        special = {name: f"<{name}>" if name.isidentifier() else name for name in special}
    if len(set(special.values())) < len(special) or "" in special.values():
        raise ValueError(f"special tokens must be written in different, non-empty ways; got {dict(special)}")
    numbers = {name: len(tokens) + index for index, name in enumerate(special)}
    markers = {form: numbers[name] for name, form in special.items()}
    return [*tokens, *(b"" for _ in special)], numbers, markers


def check_text(text: str) -> None:
    """Refuse what is no text: a list of texts would be encoded as something else, or fail far from here."""
    if not isinstance(text, str):
        raise ValueError(
            f"a tokenizer encodes one text, got {type(text).__name__}; several are encoded one by one: "
            "[tokenizer.encode(each) for each in texts]"
        )


def utf8(text: str) -> bytes:
    """The UTF-8 bytes of `text`.

    Raises:
        ValueError: If the text holds half of a surrogate pair, which stands for no character.
    """
    try:
        return text.encode()
    except UnicodeEncodeError as error:
        position = error.start
    raise ValueError(
        f"the text holds half of a surrogate pair (U+{ord(text[position]):04X}) at position {position}, which is no "
        "character and has no bytes; mend it with text.encode('utf-16', 'surrogatepass').decode('utf-16', 'replace')"
    )


def split_markers(text: str, markers: Mapping[str, int]) -> Iterator[str | int]:
    """Cut a text at the written forms of special tokens: yields stretches of plain text, and token numbers.

    Where two forms begin at the same character, the longer one counts.
    """
    end = 0
    if markers:
        forms = "|".join(re.escape(form) for form in sorted(markers, key=len, reverse=True))
        for found in re.finditer(forms, text):
            if found.start() > end:
                yield text[end : found.start()]
            yield markers[found.group()]
            end = found.end()
    if end < len(text):
        yield text[end:]


def spans(text: str, data: Iterable[bytes], dropped: frozenset[int] = frozenset()) -> Iterator[tuple[int, int]]:
    """For each piece of the bytes of `text`, the characters it touches: (first, one after the last).

    Args:
        text: The whole text.
        data: Its UTF-8 bytes, cut into pieces.
        dropped: Byte values that stand in the text but in no piece.
    """
    whole = utf8(text)
    owner = [index for index, character in enumerate(text) for _ in character.encode()]  # byte -> its character
    position = 0
    for piece in data:
        while whole[position] in dropped:
            position += 1
        first, end = position, position
        for _ in piece:
            while whole[end] in dropped:
                end += 1
            end += 1
        yield owner[first], owner[end - 1] + 1
        position = end


def as_ids(ids: Any, vocab_size: int) -> list[int]:
    """Token numbers as a list of int.

    Args:
        ids: A list, array or one-dimensional tensor of integers.
        vocab_size: V; the numbers must lie in 0 … V - 1.

    Raises:
        ValueError: If a number is out of range or not whole, or `ids` is no flat sequence.
    """
    numbers = ids.tolist() if hasattr(ids, "tolist") else ids
    if isinstance(numbers, str) or not isinstance(numbers, Iterable):
        raise ValueError(f"expected a sequence of token numbers, got {ids!r}; a single one is given as [number]")
    numbers = list(numbers)
    if any(isinstance(id, (list, tuple)) for id in numbers):
        raise ValueError(f"expected one sequence of token numbers, got a batch of {len(numbers)}: go row by row")
    if strange := [id for id in numbers if not hasattr(id, "__index__")]:
        raise ValueError(f"token numbers are whole numbers, got {strange[0]!r}; text becomes such by encode")
    if numbers and not 0 <= min(numbers) <= max(numbers) < vocab_size:
        position = next(index for index, id in enumerate(numbers) if not 0 <= id < vocab_size)
        raise ValueError(
            f"token number {numbers[position]} at position {position} is not in the vocabulary 0 … {vocab_size - 1}; "
            "are these token ids of another tokenizer?"
        )
    return list(map(int, numbers))
