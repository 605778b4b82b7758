"""Reading terms: names with arguments, numbers, and sums and products of them.

sum  = product { ("+" | "-") product };  product = term { "*" term }
term = name [ "(" sum { "," sum } ")" ] | number | "(" sum ")"
"""

from __future__ import annotations

import difflib
from typing import NoReturn

from agentos_lab.errors import ParseError

from .formula_tokens import CONNECTIVE_WORDS, QUANTIFIER_WORDS, Token, tokens
from .signature import Signature
from .terms import Function, Term, Variable

__all__ = ["OPERATORS", "TermReader"]

OPERATORS = ("+", "-", "*")  # functions that stand between their arguments


class TermReader:
    """A reader of terms, with what a reader of formulas needs as well.

    Args:
        text: The text.
        signature: The symbols of formulas read before.
    """

    def __init__(self, text: str, signature: Signature) -> None:
        self.text, self.signature = text, signature
        self.own = Signature()  # the symbols of this formula
        self.tokens = tokens(text)
        self.closing = _closing(self.tokens)
        self.next = self.calls = 0
        self.bound: list[str] = []  # the variables of the quantifiers around this place
        self.closed: set[str] = set()  # variables of quantifiers that have ended
        self.constants: dict[str, int] = {}  # where each constant stood first

    def _arguments(self) -> tuple[Term, ...]:
        if self._sees(")"):
            self._fail("there is nothing between these parentheses", "a term; what has no arguments has no parentheses")
        args = [self._term()]
        while self._take(","):
            args.append(self._term())
        if not self._take(")"):
            self._ends_too_early()
        return tuple(args)

    def _term(self) -> Term:
        """A sum. Terms inside it are built from the inside out on a stack of our own, however deep they are."""
        levels = [_Level(None)]
        while True:
            token = self._here
            if self._take("("):
                levels.append(_Level(None))
                continue
            if token.kind == "name" and self.tokens[self.next + 1].text == "(":
                self.next += 2
                if self._sees(")"):
                    self._arguments()
                levels.append(_Level(token))
                continue
            value = self._leaf()
            while True:  # a value is complete: what does it belong to?
                level = levels[-1]
                level.operand(value)
                if self._sees(*OPERATORS):
                    level.operator(self._here.text)
                    self.next += 1
                    break
                value = level.value()
                if len(levels) == 1:
                    return value
                level.args.append(value)
                if level.head is not None and self._take(","):
                    break
                if not self._take(")"):
                    if level.head is not None:
                        self._ends_too_early()
                    self._fail("the parenthesis around this term is not closed", "')'")
                if level.head is not None:
                    self._note("function", level.head, len(level.args))
                    value = Function(level.head.text, *level.args)
                levels.pop()

    def _leaf(self) -> Term:
        token = self._here
        negative = self._sees("-") and self.tokens[self.next + 1].kind == "number"
        if token.kind == "number" or negative:
            self.next += 1 + negative
            return Function("-" * negative + self.tokens[self.next - 1].text)
        if token.kind != "name":
            what = "the formula ends too early" if token.kind == "end" else self._surprise()
            self._fail(what, "a formula" if self.next == 0 else "a term or a formula")
        self.next += 1
        if token.text in self.bound:
            return Variable(token.text)
        if token.text in self.closed:
            self._outside(token.text, token.position)
        self.constants.setdefault(token.text, token.position)
        self._note("function", token, 0)
        return Function(token.text)

    def _note(self, kind: str, token: Token, arity: int) -> None:
        problem = self.signature.clash(kind, token.text, arity) or self.own.note(kind, token.text, arity)
        if problem:
            raise ParseError(problem, self.text, token.position, "one kind and number of arguments for each symbol")

    def _outside(self, name: str, position: int) -> NoReturn:
        """Refuse a name that is a variable elsewhere in the formula: a slip, and hardly ever a constant."""
        wanted = f"parentheses around all that the quantifier is about, as in ∀{name} (…), or another name"
        raise ParseError(f"{name} stands outside its quantifier", self.text, position, wanted)

    @property
    def _here(self) -> Token:
        return self.tokens[self.next]

    def _sees(self, *texts: str) -> bool:
        return self._here.kind in ("sign", "mark") and self._here.text in texts

    def _take(self, text: str) -> bool:
        taken = self._sees(text)
        self.next += taken
        return taken

    def _ends_too_early(self) -> NoReturn:
        what = "the list of arguments ends too early" if self._here.kind == "end" else self._surprise()
        self._fail(what, "',' or ')' after a term")

    def _surprise(self) -> str:
        """What is said about an unexpected word, with the word that may have been meant. It may move back to it."""
        here, before = self._here, self.tokens[max(self.next - 1, 0)]
        if here.kind == "end":
            return "the formula ends too early"
        for token, words in ((here, CONNECTIVE_WORDS), (before, {**QUANTIFIER_WORDS, "not": "¬"})):
            close = difflib.get_close_matches(token.text.lower(), words, n=1)
            if token.kind == "name" and close:
                self.next = self.tokens.index(token)
                return f"unexpected {token.text!r}; did you mean {close[0]} ({words[close[0]]})?"
        return f"unexpected {self.text[here.position : here.end]!r}"

    def _fail(self, what: str, expected: str) -> NoReturn:
        raise ParseError(what, self.text, self._here.position, expected)


class _Level:
    """A term that is being read: a sum, inside a list of arguments, inside parentheses, or on its own."""

    def __init__(self, head: Token | None) -> None:
        self.head = head  # the function whose arguments are read
        self.args: list[Term] = []
        self.total: Term | None = None  # what stands before the last + or -
        self.sign = ""
        self.product: Term | None = None

    def operand(self, value: Term) -> None:
        self.product = value if self.product is None else Function("*", self.product, value)

    def operator(self, sign: str) -> None:
        if sign != "*":
            self.total, self.sign = self._sum(), sign
            self.product = None

    def value(self) -> Term:
        found = self._sum()
        self.total = self.product = None
        return found

    def _sum(self) -> Term:
        assert self.product is not None
        return self.product if self.total is None else Function(self.sign, self.total, self.product)


def _closing(found: list[Token]) -> dict[int, int]:
    """The place of each parenthesis' partner."""
    opened: list[int] = []
    partner: dict[int, int] = {}
    for place, token in enumerate(found):
        if token.kind == "mark" and token.text == "(":
            opened.append(place)
        elif token.kind == "mark" and token.text == ")" and opened:
            partner[opened.pop()] = place
    return partner
