r"""JSON's strings and numbers as regular expressions over bytes (RFC 8259, sections 6 and 7).

Strings may hold any character, raw in UTF-8 or escaped; what JSON readers stumble over is left out: raw control
characters and halves of surrogate pairs. Numbers are kept to 15 significant places before the point (and 15 after), so
that every reader gets the value that was written, and none overflows.

A range of numbers is a regular language too: compare digit by digit, and only while the digits equal those of a bound
does the bound restrict the next digit.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import ceil, floor

from .pattern_parser import parse
from .regular_expression import (
    EMPTY,
    Alternation,
    Byte,
    Concatenation,
    Expression,
    Intersection,
    Repetition,
    between,
    characters,
    complement,
    literal,
)

__all__ = ["NUMBER", "STRING", "WHITESPACE", "integer", "number", "string", "string_like", "string_other_than"]

# Any number of spaces, tabs and line ends.
WHITESPACE = Repetition(Alternation((Byte(0x20, 0x20), Byte(0x09, 0x0A), Byte(0x0D, 0x0D))))

_QUOTE = literal('"')
_HEX = "[0-9a-fA-F]"
_ANY_CHARACTER = parse(
    r'[^"\\\x00-\x1f]|\\(["\\/bfnrt]|u('  # as it is, or a short escape, or \u and four digits:
    rf"[0-9a-cefA-CEF]{_HEX}{{3}}|[dD][0-7]{_HEX}{{2}}|"  # one that is no surrogate, or a high and a low one
    rf"[dD][89abAB]{_HEX}{{2}}\\u[dD][c-fC-F]{_HEX}{{2}}))"
)
_MUST_ESCAPE = [(0x00, 0x1F), (0x22, 0x22), (0x5C, 0x5C)]

_DIGITS = 15  # a double keeps any 15 significant decimal digits apart
# Any number; without bounds it may have an exponent.
NUMBER = parse(rf"-?(0|[1-9]\d{{0,{_DIGITS - 1}}})(\.\d{{1,{_DIGITS}}})?([eE][+-]?\d{{1,2}})?")


def string(least: int = 0, most: int | None = None) -> Expression:
    """A JSON string of `least` to `most` characters (code points; an escape is one)."""
    return Concatenation((_QUOTE, Repetition(_ANY_CHARACTER, least, most), _QUOTE))


STRING = string()  # any string


def string_like(pattern: str, least: int = 0, most: int | None = None) -> Expression:
    """A JSON string in which `pattern` matches somewhere (everywhere between ``^`` and ``$``), of a bounded length.

    Characters are written in one way only: raw, or by the shortest escape where JSON demands one.

    Raises:
        ParseError: The pattern is not in the supported subset.
    """
    matching = Concatenation((_QUOTE, parse(pattern, _character, search=True), _QUOTE))
    return matching if (least, most) == (0, None) else Intersection(matching, string(least, most))


def string_other_than(names: Iterable[str]) -> Expression:
    """Any JSON string, each character in one way only, that is none of `names`."""
    return Concatenation((_QUOTE, _content_other_than(set(names)), _QUOTE))


def _content_other_than(names: set[str]) -> Expression:
    # Spell the names as a trie; leave it at a character that no name has next, or stop inside of one.
    if not names:
        return Repetition(_character([(0, 0x10FFFF)]))
    following = sorted({name[0] for name in names if name})
    leave = complement((ord(c), ord(c)) for c in following)
    options = [] if "" in names else [EMPTY]
    options.append(Concatenation((_character(leave), Repetition(_character([(0, 0x10FFFF)])))))
    for c in following:
        rest = _content_other_than({name[1:] for name in names if name[:1] == c})
        options.append(Concatenation((_character([(ord(c), ord(c))]), rest)))
    return Alternation(tuple(options))


def _character(ranges: Sequence[tuple[int, int]]) -> Expression:
    """One character of the given code points, written as `json.dumps` does without ASCII escapes."""
    forbidden = complement(ranges) + _MUST_ESCAPE
    codes = {code for low, high in _MUST_ESCAPE for code in range(low, high + 1)}
    escaped = [code for code in sorted(codes) if any(low <= code <= high for low, high in ranges)]
    options = [literal(json.dumps(chr(code))[1:-1]) for code in escaped]
    return Alternation((characters(complement(forbidden)), *options))


def integer(low: Fraction | None, high: Fraction | None, strict: tuple[bool, bool] = (False, False)) -> Expression:
    """An integer between two bounds; without a bound, of at most 15 digits.

    Args:
        low, high: The bounds; None for no bound.
        strict: Whether the lower and the upper bound itself is excluded.
    """
    return _decimals(*_bounds(low, high, 10**_DIGITS - 1), strict, places=0)


def number(low: Fraction | None, high: Fraction | None, strict: tuple[bool, bool] = (False, False)) -> Expression:
    """A number between two bounds; with a bound it is written without exponent, in at most 15 digits.

    With one bound only the other is 10⁹ in size, or ten times the given one where that is larger.
    """
    if low is None and high is None:
        return NUMBER
    low, high = _bounds(low, high, 10**9 - 1)
    whole = len(str(int(max(abs(low), abs(high)))))
    return _decimals(low, high, strict, places=max(_DIGITS - whole, 0))


def _bounds(low: Fraction | None, high: Fraction | None, size: int) -> tuple[Fraction, Fraction]:
    size = max([size, *(10 * abs(ceil(bound)) for bound in (low, high) if bound is not None and abs(bound) > size)])
    return Fraction(-size) if low is None else low, Fraction(size) if high is None else high


def _decimals(low: Fraction, high: Fraction, strict: tuple[bool, bool], places: int) -> Expression:
    """Decimals from `low` to `high` with at most so many places after the point; minus nought is left out."""
    options: list[Expression] = []
    for after in range(places + 1):  # exactly so many places: integers in units of the last place
        least = floor(low * 10**after) + 1 if strict[0] else ceil(low * 10**after)
        most = ceil(high * 10**after) - 1 if strict[1] else floor(high * 10**after)
        options += _unsigned(max(least, 0), most, after)
        options += [Concatenation((literal("-"), e)) for e in _unsigned(max(-most, 1), -least, after)]
    return Alternation(tuple(options))


def _unsigned(least: int, most: int, after: int) -> list[Expression]:
    options = []
    for length in range(after + 1, max(after + 1, len(str(most))) + 1):  # at least one digit before the point
        low = max(least, 0 if length == after + 1 else 10 ** (length - 1))  # no leading noughts
        high = min(most, 10**length - 1)
        if low <= high:
            ends = (low, high, 0, 10**length - 1)
            options.append(between(*(_with_point(str(end).zfill(length), after) for end in ends)))
    return options


def _with_point(digits: str, after: int) -> bytes:
    return (f"{digits[:-after]}.{digits[-after:]}" if after else digits).encode()
