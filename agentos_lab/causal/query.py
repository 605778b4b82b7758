"""Causal queries as text: P(Y1, Y2 | do(X), Z=1)."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from agentos_lab.errors import ParseError

from .expression import Probability, Variable

__all__ = ["Query", "TermReader", "parse_query"]


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

    __repr__ = __str__

    def latex(self) -> str:
        """The query as LaTeX, without dollar signs."""
        return self.term.latex()

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def parse_query(text: str | Query) -> Query:
    """Read a query such as ``P(Y1, Y2 | do(X), Z)``.

    A name is a word of letters, digits and the marks _ . ' or any text in double quotes; ``Y=1`` asks about one value.
    Values are read as numbers where they look like numbers, and as text otherwise. A query that is one already is
    handed back.

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
    r"""\s*(?:(?P<quoted>"[^"]*")
         | (?P<number>[-+]?\d+(?:\.\d+)?(?![\w.]))
         | (?P<world>_\s*\{)                                  # begins what is set in a counterfactual's world
         | (?P<word>\w[\w.'′]*?(?=\s*_\s*\{|(?![\w.'′])))      # ends before such a world, or where the letters end
         | (?P<mark>[^\w\s]))""",
    re.VERBOSE,
)


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


class TermReader:
    """A reader of P(…) by recursive descent: what plain and counterfactual queries have in common.

    name = word | quoted;  value = word | quoted | number
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

    def begin(self, example: str) -> None:
        """The P and its bracket."""
        self.expect("P", f'a query such as "{example}"')
        self.expect("(", "'('")

    def end(self, expected: str) -> None:
        """The closing bracket, and nothing after it."""
        self.expect(")", expected)
        self.expect("", "the end of the query")

    def name(self) -> str:
        """A variable's name."""
        return self.advance(
            ("word", "quoted"), "the name of a variable, in double quotes where it is no word"
        ).text.strip('"')

    def value(self) -> Hashable:
        """A number where it looks like one, else a text."""
        token = self.advance(("word", "quoted", "number"), "a value")
        if token.kind == "number":
            return float(token.text) if "." in token.text else int(token.text)
        return token.text.strip('"')

    def variable(self) -> Variable:
        """A name, perhaps with a value."""
        name = self.name()
        return Variable(name, self.value()) if self.take("=") else Variable(name)

    def advance(self, kinds: tuple[str, ...], expected: str) -> _Token:
        """The next token, which must be of one of these kinds."""
        token = self.tokens[self.next]
        if token.kind not in kinds:
            self.fail(token, expected)
        self.next += 1
        return token

    def take(self, mark: str) -> bool:
        """Step over the next token if it is this one."""
        taken = self.tokens[self.next].text == mark and self.tokens[self.next].kind != "quoted"
        self.next += taken
        return taken

    def expect(self, mark: str, expected: str) -> None:
        """Step over the next token, which must be this one."""
        if not self.take(mark):
            self.fail(self.tokens[self.next], expected)

    def fail(self, token: _Token, expected: str) -> NoReturn:
        """Raise the error that points at a token."""
        what = f"unexpected {token.text!r}" if token.text else "the query ends too early"
        raise ParseError(what, self.text, token.position, expected)


class _QueryReader(TermReader):
    """The grammar of plain queries, one method for each rule.

    query = "P" "(" names [ "|" condition { "," condition } ] ")";  condition = "do" "(" names ")" | variable
    names = variable { "," variable };  variable = name [ "=" value ]
    """

    def query(self) -> Query:
        self.begin("P(Y | do(X), Z)")
        outcomes = self._names()
        treatments: list[Variable] = []
        conditions: list[Variable] = []
        if self.take("|"):
            self._condition(treatments, conditions)
            while self.take(","):
                self._condition(treatments, conditions)
        self.end("',' or ')'" if treatments or conditions else "',', '|' or ')'")
        return Query(tuple(outcomes), tuple(treatments), tuple(conditions))

    def _condition(self, treatments: list[Variable], conditions: list[Variable]) -> None:
        opens = self.tokens[self.next + 1 : self.next + 2]
        if self.tokens[self.next].text == "do" and opens and opens[0].text == "(":
            self.next += 2
            treatments += self._names()
            self.expect(")", "',' or ')'")
        else:
            conditions.append(self.variable())

    def _names(self) -> list[Variable]:
        found = [self.variable()]
        while self.take(","):
            found.append(self.variable())
        return found
