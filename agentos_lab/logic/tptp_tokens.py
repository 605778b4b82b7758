"""The words and signs of TPTP: lower-case symbols, upper-case variables, 'quoted' names, "distinct objects", numbers.

Comments (``% …``, ``# …`` and ``/* … */``) and white space are passed over.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["TptpToken", "tptp_tokens", "unquoted"]

_TOKEN = re.compile(
    r"""(?:\s|%[^\n]*|\#[^\n]*|/\*(?s:.*?)\*/)*(?:
        (?P<lower>[a-z][A-Za-z0-9_]*)
      | (?P<upper>[A-Z][A-Za-z0-9_]*)
      | (?P<dollar>\$\$?[a-z][A-Za-z0-9_]*)
      | (?P<quoted>'(?:[^\\'\n]|\\[\\'])+')
      | (?P<object>"(?:[^\\"\n]|\\[\\"])*")
      | (?P<number>[+-]?\d+(?:/\d+|(?:\.\d+)?(?:[Ee][+-]?\d+)?))
      | (?P<sign><=>|<~>|-->|:=|==|!!|\?\?|!>|\?\*|@[+-]|=>|<=|~\||~&|!=|<<|[~&|!?=()\[\],.:{}-])
      | (?P<strange>\S)
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)


class TptpToken(NamedTuple):
    """A word or sign, and where it begins."""

    kind: str
    text: str
    position: int


def tptp_tokens(text: str) -> list[TptpToken]:
    """The tokens of a text; the last one is its end. What is no part of TPTP has the kind "strange"."""
    found: list[TptpToken] = []
    place = 0
    while not found or found[-1].kind != "end":
        match = _TOKEN.match(text, place)
        assert match is not None and match.lastgroup is not None  # the last alternatives take whatever there is
        found.append(TptpToken(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup)))
        place = match.end()
    return found


def unquoted(token: TptpToken) -> str:
    """The name that a token stands for."""
    if token.kind != "quoted":
        return token.text
    return re.sub(r"\\(.)", r"\1", token.text[1:-1])
