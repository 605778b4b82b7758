"""Token spelling: how the vocabularies of published models write bytes as text.

Vocabularies are kept in text files, where spaces and halves of characters would be lost, so they are spelled:

- byte-level (GPT-2, Llama 3, Qwen, SmolLM): each byte is a visible letter, a space is ``Ġ``: ``Ġcat``;
- SentencePiece (Llama 2, T5): a space is ``▁``, a byte that is not part of a known character ``<0x0A>``: ``▁cat``;
- WordPiece (BERT): a token is a word unless it begins with ``##``, which continues one: ``cat``, ``##s``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

__all__ = ["Spelling", "byte_letters", "spelling_of"]


@dataclass(frozen=True)
class Spelling:
    """How a vocabulary is spelled.

    Attributes:
        name: ``"byte-level"``, ``"SentencePiece"`` or ``"WordPiece"``.
        read: The bytes of a token, from its spelling.
        missing_bytes: Values of the bytes for which the vocabulary has no token.
    """

    name: str
    read: Callable[[str], bytes]
    missing_bytes: frozenset[int]


def spelling_of(definition: Mapping[str, Any]) -> Spelling:
    """How the vocabulary in a `tokenizer.json` is spelled, which its decoder tells.

    Raises:
        ValueError: If it is none of the three ways.
    """
    decoder, vocabulary = definition.get("decoder") or {}, definition["model"]["vocab"]
    steps = {step["type"]: step for step in decoder.get("decoders", [decoder] if decoder else [])}
    if "ByteLevel" in steps:
        missing = frozenset(value for value, letter in enumerate(byte_letters()) if letter not in vocabulary)
        return Spelling("byte-level", _read_byte_level, missing)
    if "WordPiece" in steps:
        prefix = steps["WordPiece"].get("prefix", "##")
        return Spelling("WordPiece", lambda token: _read_word_piece(token, prefix), frozenset())
    if "Metaspace" in steps or "ByteFallback" in steps:
        fallback = "ByteFallback" in steps and isinstance(vocabulary, Mapping)
        absent = (value for value in range(256) if fallback and f"<0x{value:02X}>" not in vocabulary)
        return Spelling("SentencePiece", _read_sentence_piece, frozenset(absent))
    raise ValueError(
        f"tokens are joined by {' + '.join(steps) or 'nothing'}; known are ByteLevel, Metaspace or ByteFallback "
        "(SentencePiece) and WordPiece"
    )


@cache
def byte_letters() -> tuple[str, ...]:
    """GPT-2's letter for each byte (Radford et al. 2019; the function is in the code published with it).

    Bytes that are visible characters in Latin-1 are their own letters; the others get the letters from U+0100 on.
    """
    visible = {*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)}
    others = iter(range(256, 512))
    return tuple(chr(value) if value in visible else chr(next(others)) for value in range(256))


@cache
def _byte_values() -> dict[str, int]:
    return {letter: value for value, letter in enumerate(byte_letters())}


def _read_byte_level(token: str) -> bytes:
    try:
        return bytes(map(_byte_values().__getitem__, token))
    except KeyError:
        return token.encode()  # not spelled: some vocabularies have a few tokens as they are


def _read_sentence_piece(token: str) -> bytes:
    if re.fullmatch(r"<0x[0-9A-F]{2}>", token):
        return bytes([int(token[3:5], 16)])
    return token.replace("▁", " ").encode()


def _read_word_piece(token: str, prefix: str) -> bytes:
    return token.removeprefix(prefix).encode() if token.startswith(prefix) else b" " + token.encode()
