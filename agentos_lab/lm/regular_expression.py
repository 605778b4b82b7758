"""Regular expressions as trees: sets of byte strings, built from ranges of bytes by a handful of operations.

A language model writes tokens, tokens are bytes, and a constraint must judge them byte by byte. So characters are
turned at once into the bytes of their UTF-8: one of α…ω becomes "CE then B1-BF, or CF then 80-89". The notation in
which people write such expressions is read by `pattern_parser`; the automata that they stand for are built in
`regular_language`.

Source: Kleene 1956, "Representation of events in nerve nets and finite automata" (union, concatenation, iteration).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = [
    "EMPTY",
    "Alternation",
    "Byte",
    "Call",
    "Concatenation",
    "Expression",
    "Intersection",
    "Listing",
    "Ranges",
    "Repetition",
    "between",
    "characters",
    "complement",
    "literal",
]

Ranges = Sequence[tuple[int, int]]  # inclusive ranges of code points


class Expression:
    """A set of byte strings, described by a tree of the classes below."""


@dataclass(frozen=True)
class Byte(Expression):
    """One byte from `low` to `high`, both included."""

    low: int
    high: int


@dataclass(frozen=True)
class Concatenation(Expression):
    """The parts one after the other; no part at all is the empty string."""

    parts: tuple[Expression, ...]


EMPTY = Concatenation(())  # the empty string


@dataclass(frozen=True)
class Alternation(Expression):
    """Any one of the options; no option at all matches nothing, not even the empty string."""

    options: tuple[Expression, ...]


@dataclass(frozen=True)
class Repetition(Expression):
    """`part` at least `minimum` and at most `maximum` times (None: no limit), with `separator` between."""

    part: Expression
    minimum: int = 0
    maximum: int | None = None
    separator: Expression = EMPTY


@dataclass(frozen=True)
class Listing(Expression):
    """Parts in a fixed order, `separator` between those present; a part paired with False may be left out."""

    parts: tuple[tuple[Expression, bool], ...]
    separator: Expression


@dataclass(frozen=True)
class Intersection(Expression):
    """What both `left` and `right` describe (regular languages are closed under intersection)."""

    left: Expression
    right: Expression


@dataclass(frozen=True)
class Call(Expression):
    """Whatever the named rule of a grammar describes: the one step beyond regular languages."""

    rule: str


def literal(text: str | bytes) -> Expression:
    """Exactly this text."""
    data = text.encode("utf-8") if isinstance(text, str) else text
    return Concatenation(tuple(Byte(b, b) for b in data))


def between(low: bytes, high: bytes, floor: bytes, ceiling: bytes) -> Expression:
    """All strings from `low` to `high` in dictionary order, position i running from floor[i] to ceiling[i].

    One construction serves UTF-8 (later bytes run from 80 to BF), decimal numbers (digits run from 0 to 9)
    and hexadecimal escapes: split off the first symbol; only the extreme ones restrict what follows.

    Args:
        low, high: Ends of the range, both included, `low` <= `high`.
        floor, ceiling: Least and greatest byte allowed at each position. All four have one length.
    """
    if len(low) == 1:
        return Byte(low[0], high[0])
    if low[0] == high[0]:
        return Concatenation((Byte(low[0], low[0]), between(low[1:], high[1:], floor[1:], ceiling[1:])))
    first, last, options = low[0], high[0], []
    if low[1:] != floor[1:]:  # the least first symbol allows only what is above low's tail
        tail = between(low[1:], ceiling[1:], floor[1:], ceiling[1:])
        options.append(Concatenation((Byte(first, first), tail)))
        first += 1
    if high[1:] != ceiling[1:]:  # and the greatest only what is below high's
        tail = between(floor[1:], high[1:], floor[1:], ceiling[1:])
        options.append(Concatenation((Byte(last, last), tail)))
        last -= 1
    if first <= last:
        free = map(Byte, floor[1:], ceiling[1:])
        options.append(Concatenation((Byte(first, last), *free)))
    return Alternation(tuple(options))


# UTF-8 writes each of these blocks with its own number of bytes; surrogates (D800-DFFF) are no characters.
_BLOCKS = ((0, 0x7F), (0x80, 0x7FF), (0x800, 0xD7FF), (0xE000, 0xFFFF), (0x10000, 0x10FFFF))


def characters(ranges: Ranges) -> Expression:
    """The UTF-8 of any one character in the given ranges of code points (surrogates are left out)."""
    options = []
    for low, high in ranges:
        for first, last in _BLOCKS:
            if max(low, first) <= min(high, last):
                least, most = (chr(c).encode("utf-8") for c in (max(low, first), min(high, last)))
                tail = len(least) - 1
                options.append(between(least, most, b"\0" + b"\x80" * tail, b"\xff" + b"\xbf" * tail))
    return Alternation(tuple(options))


def complement(ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The code points that lie in none of the ranges."""
    gaps, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            gaps.append((start, low - 1))
        start = max(start, high + 1)
    return [*gaps, (start, 0x10FFFF)] if start <= 0x10FFFF else gaps
