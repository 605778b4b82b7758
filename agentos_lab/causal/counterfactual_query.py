"""Counterfactual queries as text: P(Y_{X=1}=1 | X=0) asks about Y, had X been 1, for units where X was 0.

Each variable lives in a world, named by what is set there: ``Y_{X=1}`` is Y in the world where X is set to 1, ``Y``
alone in the world as it is. A query may speak of several worlds at once; no experiment shows them together.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass

from agentos_lab.errors import ParseError

from .expression import Variable

__all__ = ["CounterfactualQuery", "CounterfactualVariable", "Event", "parse_counterfactual"]


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


_ITEM = re.compile(
    r"""\s*(?P<name>[^\W\d]\w*?|"[^"]+")\s*
        (?:_\s*\{(?P<do>[^{}]*)\}\s*)?
        (?:=\s*(?P<value>[^\s,|(){}=]+))?\s*""",
    re.VERBOSE,
)


def parse_counterfactual(text: str | CounterfactualQuery) -> CounterfactualQuery:
    """Read a query such as ``P(Y_{X=1}=1, Y_{X=0}=0)`` or ``P(Y_{X=1}=1 | X=0)``.

    Without a value, as in ``P(Y_{X=1} | X=0)``, the event stands for every value of the variable.

    Raises:
        ParseError: The text does not follow the grammar; the message points at the character.
    """
    if isinstance(text, CounterfactualQuery):
        return text
    if not isinstance(text, str):
        raise ValueError(f'expected a query as text, such as "P(Y_{{X=1}}=1 | X=0)", got {type(text).__name__}')
    start = re.match(r"\s*P\s*\(", text)
    if not start:
        raise ParseError("unexpected beginning", text, 0, 'a query such as "P(Y_{X=1}=1 | X=0)"')
    sides: list[list[Event]] = [[]]
    position = start.end()
    while True:
        event, position = _event(text, position)
        sides[-1].append(event)
        mark = text[position : position + 1]
        position += 1
        if mark == ")":
            break
        if mark == "|" and len(sides) == 1:
            sides.append([])
        elif mark != ",":
            expected = "',' or ')'" if len(sides) > 1 else "',', '|' or ')'"
            raise ParseError(
                f"unexpected {mark!r}" if mark else "the query ends too early", text, position - 1, expected
            )
    if text[position:].strip():
        raise ParseError("unexpected text after the query", text, position, "the end of the query")
    return CounterfactualQuery(tuple(sides[0]), tuple(sides[1]) if len(sides) > 1 else ())


def _event(text: str, position: int) -> tuple[Event, int]:
    match = _ITEM.match(text, position)
    if not match:
        raise ParseError("unexpected character", text, position, "a variable such as Y or Y_{X=1}")
    name = match["name"].strip('"')
    do = []
    for part in (match["do"] or "").split(",") if match["do"] is not None else []:
        cause, sign, value = (piece.strip() for piece in part.partition("="))
        if not cause or not sign or not value:
            raise ParseError("a world is named by values", text, match.start("do"), "what is set, such as {X=1}")
        do.append(Variable(cause.strip('"'), _read(value)))
    value = Variable(name, _read(match["value"])) if match["value"] else Variable(name)
    return Event(CounterfactualVariable(name, tuple(sorted(do, key=lambda v: v.name))), value), match.end()


def _read(text: str) -> Hashable:
    """A number where the text looks like one."""
    try:
        number = float(text)
    except ValueError:
        return text.strip('"')
    return int(number) if re.fullmatch(r"[-+]?\d+", text) else number
