"""Counterfactual queries as text: P(Y_{X=1}=1 | X=0) asks about Y, had X been 1, for units where X was 0.

Each variable lives in a world, named by what is set there: ``Y_{X=1}`` is Y in the world where X is set to 1, ``Y``
alone in the world as it is. A query may speak of several worlds at once; no experiment shows them together.
"""

from __future__ import annotations

from dataclasses import dataclass

from .expression import Variable
from .query import TermReader

__all__ = ["CounterfactualQuery", "CounterfactualVariable", "Event", "parse_counterfactual"]

_EXAMPLE = "P(Y_{X=1}=1 | X=0)"


@dataclass(frozen=True)
class CounterfactualVariable:
    """A variable in the world where some others are set.

    Attributes:
        name: The variable.
        do: What is set in its world, each with its value, sorted by name; empty for the world as it is.
    """

    name: str
    do: tuple[Variable, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}_{{{', '.join(str(variable) for variable in self.do)}}}" if self.do else self.name


@dataclass(frozen=True)
class Event:
    """A counterfactual variable has a value: a fixed one, or the value of an index.

    Attributes:
        variable: In which world.
        value: A `Variable` of the same name: its value, or the index that stands for it.
    """

    variable: CounterfactualVariable
    value: Variable

    def __str__(self) -> str:
        return f"{self.variable}={self.value.symbol if self.value.value is None else self.value.value}"

    def latex(self) -> str:
        """The event as LaTeX; one that stands for every value is written without it."""
        world = f"_{{{', '.join(variable.latex() for variable in self.variable.do)}}}" if self.variable.do else ""
        name = Variable(self.variable.name).latex()
        value = "" if self.value.value is None else self.value._replace(primes=0).latex().removeprefix(name)
        return f"{{{name}}}{world}{value}"


@dataclass(frozen=True)
class CounterfactualQuery:
    """P(events | given).

    Raises:
        ValueError: No event.
    """

    events: tuple[Event, ...]
    given: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        if not self.events:
            raise ValueError("the query asks about no event: name at least one before the bar")

    def __str__(self) -> str:
        bar = f" | {', '.join(map(str, self.given))}" if self.given else ""
        return f"P({', '.join(map(str, self.events))}{bar})"

    __repr__ = __str__

    def latex(self) -> str:
        """The query as LaTeX, without dollar signs."""
        bar = rf" \mid {_latex_list(self.given)}" if self.given else ""
        return f"P({_latex_list(self.events)}{bar})"

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


def _latex_list(events: tuple[Event, ...]) -> str:
    return ", ".join(event.latex() for event in events)


def parse_counterfactual(text: str | CounterfactualQuery) -> CounterfactualQuery:
    """Read a query such as ``P(Y_{X=1}=1, Y_{X=0}=0)`` or ``P(Y_{X=1}=1 | X=0)``.

    Names and values are written as in `parse_query`. Without a value, as in ``P(Y_{X=1} | X=0)``, the event stands for
    every value of the variable.

    Raises:
        ParseError: The text does not follow the grammar, or sets a variable twice in one world; the message points at
            the character.
    """
    if isinstance(text, CounterfactualQuery):
        return text
    if not isinstance(text, str):
        raise ValueError(f'expected a query as text, such as "{_EXAMPLE}", got {type(text).__name__}')
    return _CounterfactualReader(text).counterfactual()


class _CounterfactualReader(TermReader):
    """The grammar of counterfactual queries, one method for each rule.

    query = "P" "(" events [ "|" events ] ")";  events = event { "," event }
    event = name [ "_{" setting { "," setting } "}" ] [ "=" value ];  setting = name "=" value
    """

    def counterfactual(self) -> CounterfactualQuery:
        self.begin(_EXAMPLE)
        events = self._events()
        given = self._events() if self.take("|") else ()
        self.end("',' or ')'" if given else "',', '|' or ')'")
        return CounterfactualQuery(events, given)

    def _events(self) -> tuple[Event, ...]:
        found = [self._event()]
        while self.take(","):
            found.append(self._event())
        return tuple(found)

    def _event(self) -> Event:
        if self.tokens[self.next].text == "do" and self.tokens[self.next + 1].text == "(":
            self.fail(self.tokens[self.next], "a world, which is written Y_{X=1} here and not do(X=1)")
        name = self.name()
        do: list[Variable] = []
        if self.tokens[self.next].kind == "world":
            self.next += 1
            self._setting(do)
            while self.take(","):
                self._setting(do)
            self.expect("}", "',' or '}'")
        value = Variable(name, self.value()) if self.take("=") else Variable(name)
        return Event(CounterfactualVariable(name, tuple(sorted(do, key=lambda variable: variable.name))), value)

    def _setting(self, do: list[Variable]) -> None:
        token = self.tokens[self.next]
        name = self.name()
        self.expect("=", "'=' and the value it is set to: a world is named by values, as in Y_{X=1}")
        if name in [variable.name for variable in do]:
            self.fail(token, f"another variable: {name} is set already in this world")
        do.append(Variable(name, self.value()))
