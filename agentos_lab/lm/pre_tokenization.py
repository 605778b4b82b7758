"""Pre-tokenisation: text is cut into words, numbers, punctuation and white space before byte-pair encoding.

GPT-2's rule (Radford et al. 2019, section 2.2, and the code published with it) leaves the space with the word that
follows it, so that " cat" is one word, and never puts letters, numbers and punctuation together.

The rule speaks of Unicode's categories: letters (L), numbers (N), white space. Python's `re` has no notation for them
but comes close: ``\\w`` is letters, numbers and the underscore, ``\\d`` the decimal digits. So only the numbers that
are no decimal digits (½, ², Ⅷ) need a list, and `unicodedata` knows them.
"""

from __future__ import annotations

import sys
import unicodedata
from functools import cache

__all__ = ["gpt2_pattern", "unicode_classes"]


@cache
def gpt2_pattern() -> str:
    """GPT-2's pattern of a word, as a regular expression for Python's `re`.

    In this order: the ending of an English contraction; letters, numbers, or other characters, each with one space
    before them; white space, whose last character is left to the word that follows; white space.
    """
    letter, number, space = unicode_classes()
    letters = rf"(?:[a-zA-Z]+|{letter}+)+"  # the ASCII ones again, on their own: three times as fast on English
    others = r"(?:[!-/:-@\[-`{-~]+|[^\w\s]+|[_\x1c-\x1f]+)+"
    contraction = r"'(?:[stmd]|re|ve|ll)"
    return rf"{contraction}| ?{letters}| ?{number}+| ?{others}|{space}+(?={space}|\Z)|{space}+"


@cache
def unicode_classes() -> tuple[str, str, str]:
    """Character classes for `re`: letters (Unicode category L), numbers (N) and white space (White_Space).

    They follow the version of Unicode that this Python knows: characters that were assigned later belong to none.
    """
    fractions_and_such = "".join(
        character
        for character in map(chr, range(sys.maxunicode + 1))
        if character.isnumeric() and unicodedata.category(character) in ("Nl", "No")
    )
    # `re` also takes the four control characters U+001C … U+001F for white space, Unicode does not.
    return rf"[^\W\d_{fractions_and_such}]", rf"[\d{fractions_and_such}]", r"[^\S\x1c-\x1f]"
