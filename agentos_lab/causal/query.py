"""Causal queries as text: P(Y1, Y2 | do(X), Z=1)."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from agentos_lab.errors import ParseError

from .expression import Probability, Variable

__all__ = ["Query", "parse_query"]


@dataclass(frozen=True)
class Query:
    """P(outcomes | do(treatments), conditions).

    Raises:
        ValueError: No outcome, or a variable that stands twice.
    """

    outcomes: tuple[Variable, ...]
    treatments: tuple[Variable, ...] = ()
    conditions: tuple[Variable, ...] = ()

    def __post_init__(self) -> None:
        if not self.outcomes:
            raise ValueError("the query asks about no outcome: name at least one variable before the bar")
        roles: dict[str, str] = {}
        parts = (("an outcome", self.outcomes), ("a treatment", self.treatments), ("a condition", self.conditions))
        for role, part in parts:
            for variable in part:
                if variable.name in roles:
                    other = roles[variable.name]
                    both = f"{role} twice" if other == role else f"{other} and {role}"
                    raise ValueError(f"{variable.name} is {both} in the query; each variable may stand there once")
                roles[variable.name] = role

    @property
    def term(self) -> Probability:
        """The query as a probability expression."""
        return Probability(self.outcomes, given=self.conditions, do=self.treatments)

    def __str__(self) -> str:
        return str(self.term)

    def latex(self) -> str:
        """The query as LaTeX, without dollar signs."""
        return self.term.latex()

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def parse_query(text: str | Query) -> Query:
    """Read a query such as ``P(Y1, Y2 | do(X), Z)``.

    A name is a word, or any text in double quotes; ``Y=1`` asks about one value. Values are read as numbers where they
    look like numbers, and as text otherwise. A query that is one already is handed back.

    Raises:
        ParseError: The text does not follow the grammar; the message points at the character.
        ValueError: A variable that stands twice, or as both treatment and outcome.
    """
    if isinstance(text, Query):
        return text
    if not isinstance(text, str):
        raise ValueError(f'expected a query as text, such as "P(Y | do(X))", got {type(text).__name__}')
    return _QueryReader(text).query()


_TOKEN = re.compile(
    r'\s*(?:(?P<quoted>"[^"]*")|(?P<number>[-+]?\d+(?:\.\d+)?(?![\w.]))|(?P<word>\w[\w.]*)|(?P<mark>[^\w\s]))'
)


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


class _QueryReader:
    """A reader by recursive descent: one method for each rule of the grammar.

    query = "P" "(" names [ "|" condition { "," condition } ] ")";  condition = "do" "(" names ")" | name
    names = name { "," name };  name = (word | quoted) [ "=" (word | quoted | number) ]
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = list(self._scanned())
        self.next = 0

    def _scanned(self) -> Iterator[_Token]:
        position = 0
        while match := _TOKEN.match(self.text, position):
            kind = match.lastgroup or ""
            yield _Token(kind, match[kind], match.start(kind))
            position = match.end()
        yield _Token("end", "", len(self.text.rstrip()))

    def query(self) -> Query:
        self._expect("P", 'a query such as "P(Y | do(X), Z)"')
        self._expect("(", "'('")
        outcomes = self._names()
        treatments: list[Variable] = []
        conditions: list[Variable] = []
        if self._take("|"):
            self._condition(treatments, conditions)
            while self._take(","):
                self._condition(treatments, conditions)
        self._expect(")", "',' or ')'" if treatments or conditions else "',', '|' or ')'")
        self._expect("", "the end of the query")
        return Query(tuple(outcomes), tuple(treatments), tuple(conditions))

    def _condition(self, treatments: list[Variable], conditions: list[Variable]) -> None:
        opens = self.tokens[self.next + 1 : self.next + 2]
        if self.tokens[self.next].text == "do" and opens and opens[0].text == "(":
            self.next += 2
            treatments += self._names()
            self._expect(")", "',' or ')'")
        else:
            conditions.append(self._name())

    def _names(self) -> list[Variable]:
        found = [self._name()]
        while self._take(","):
            found.append(self._name())
        return found

    def _name(self) -> Variable:
        token = self._advance(("word", "quoted"), "the name of a variable")
        name = token.text.strip('"')
        return Variable(name, self._value()) if self._take("=") else Variable(name)

    def _value(self) -> Hashable:
        token = self._advance(("word", "quoted", "number"), "a value")
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        return token.text.strip('"')

    def _advance(self, kinds: tuple[str, ...], expected: str) -> _Token:
        token = self.tokens[self.next]
        if token.kind not in kinds:
            self._fail(token, expected)
        self.next += 1
        return token

    def _take(self, mark: str) -> bool:
        taken = self.tokens[self.next].text == mark and self.tokens[self.next].kind != "quoted"
        self.next += taken
        return taken

    def _expect(self, mark: str, expected: str) -> None:
        if not self._take(mark):
            self._fail(self.tokens[self.next], expected)

    def _fail(self, token: _Token, expected: str) -> None:
        what = f"unexpected {token.text!r}" if token.text else "the query ends too early"
        raise ParseError(what, self.text, token.position, expected)
