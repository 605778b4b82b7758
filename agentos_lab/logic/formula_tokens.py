"""The words and signs of formulas: every way of writing them, in Unicode, ASCII and LaTeX, and common slips.

`tokens` cuts a text into them and turns each sign into its Unicode form, so that the parser knows only one.
"""

from __future__ import annotations

import difflib
import re
from typing import NamedTuple

from agentos_lab.errors import ParseError

__all__ = ["CONNECTIVE_WORDS", "QUANTIFIER_WORDS", "WORDS", "Token", "tokens"]

# Words in the place of signs; they are names only in quotes.
QUANTIFIER_WORDS = {"forall": "∀", "all": "∀", "exists": "∃", "some": "∃"}
CONNECTIVE_WORDS = {"and": "∧", "or": "∨", "implies": "→", "iff": "↔"}  # those between formulas
WORDS = {**QUANTIFIER_WORDS, **CONNECTIVE_WORDS, "not": "¬", "true": "⊤", "false": "⊥"}  # all of them
_SIGNS = {
    "~": "¬", "!": "¬", "&": "∧", "&&": "∧", "/\\": "∧", "|": "∨", "||": "∨", "\\/": "∨", "->": "→", "=>": "→",
    "⇒": "→", "⊃": "→", "<->": "↔", "<=>": "↔", "⇔": "↔", "≡": "↔", "!=": "≠", "≤": "<=", "≥": ">=", "·": "*",
}  # fmt: skip
_COMMANDS = {
    "\\forall": "∀", "\\exists": "∃", "\\lnot": "¬", "\\neg": "¬", "\\land": "∧", "\\wedge": "∧", "\\lor": "∨",
    "\\vee": "∨", "\\to": "→", "\\rightarrow": "→", "\\Rightarrow": "→", "\\implies": "→", "\\supset": "→",
    "\\leftrightarrow": "↔", "\\Leftrightarrow": "↔", "\\iff": "↔", "\\equiv": "↔", "\\top": "⊤", "\\bot": "⊥",
    "\\neq": "≠", "\\ne": "≠", "\\leq": "<=", "\\le": "<=", "\\geq": ">=", "\\ge": ">=", "\\cdot": "*",
}  # fmt: skip
_SLIPS = {
    "==>": "-> or →", "-->": "-> or →", "<==>": "<-> or ↔", "<-->": "<-> or ↔", "==": "= between terms, <-> between "
    "formulas", "===": "<-> or ↔", "<-": "-> or →, the other way round", "←": "→, the other way round",
    "^": "& or ∧", "~=": "!= or ≠", "<>": "!= or ≠", "=/=": "!= or ≠", "[": "( or, for a file of TPTP, read_tptp",
    "{": "(", "]": ")", "}": ")",
}  # fmt: skip
_TOKEN = re.compile(
    r"""(?:\s|\\[,;!\ ])*(?:
        (?P<slip><==>|<-->|==>|-->|===|==|~=|<>|=/=|<-(?!>|\d)|[←^\[\]{}])
      | (?P<latex>\\mathrm\{(?:[^{}\\]|\\[_\ \#&$%])+\}'*|[^\W\d_]_\{\d+\}'*)
      | (?P<sign><->|<=>|->|=>|!=|<=|>=|&&|\|\||/\\|\\/|[¬∧∨→↔⇒⇔⊃≡∀∃=≠<>≤≥⊤⊥~!&|+*·-])
      | (?P<command>\\[A-Za-z]+)
      | (?P<mark>[(),.:])
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<name>[^\W\d]\w*'*)
      | (?P<quoted>"(?:[^"\\]|\\.)*")
      | (?P<strange>\S)
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)


class Token(NamedTuple):
    """A word or sign.

    Attributes:
        kind: "sign", "mark", "number", "name" or "end".
        text: Signs in their Unicode form; names without quotes.
        position: Where it begins.
        end: Where it ends.
    """

    kind: str
    text: str
    position: int
    end: int


def tokens(text: str) -> list[Token]:
    """The tokens of a text; the last one is its end.

    Raises:
        ParseError: Something that is no part of a formula; with the sign that may have been meant.
    """
    found: list[Token] = []
    place = 0
    while not found or found[-1].kind != "end":
        match = _TOKEN.match(text, place)
        assert match is not None and match.lastgroup is not None  # the last alternatives take whatever there is
        found.append(_token(match.lastgroup, match[match.lastgroup], match.start(match.lastgroup), text))
        place = match.end()
    return found


def _token(kind: str, word: str, position: int, text: str) -> Token:
    end = position + len(word)
    if kind == "slip":
        raise ParseError(f"unexpected {word!r}; did you mean {_SLIPS[word]}?", text, position)
    if kind == "strange":
        what = "this quote is never closed" if word == '"' else f"unexpected {word!r}"
        raise ParseError(what, text, position, "a formula such as ∀x (P(x) → Q(x))")
    if kind == "command":
        if word not in _COMMANDS:
            close = difflib.get_close_matches(word, _COMMANDS, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            raise ParseError(f"unknown command {word}{hint}", text, position, "a sign such as \\forall or \\land")
        return Token("sign", _COMMANDS[word], position, end)
    if kind == "sign" or (kind == "name" and word in WORDS):
        return Token("sign", WORDS.get(word) or _SIGNS.get(word, word), position, end)
    if kind == "quoted":
        return Token("name", re.sub(r"\\(.)", r"\1", word[1:-1]), position, end)
    if kind == "latex":
        plain = re.sub(r"^\\mathrm\{(.*)\}", r"\1", word).replace("_{", "").replace("}", "")
        return Token("name", re.sub(r"\\(.)", r"\1", plain), position, end)
    return Token(kind, word, position if kind != "end" else len(text.rstrip()), end)
