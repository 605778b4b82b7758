"""Worlds of a CountermodelView: structures for the symbols of some formulas, each written as a short text.

``"a=1; f=21; Likes=0110"``: the constant a is the first element, f takes the first element to the second and back, and
Likes holds for (first, second) and (second, first). Arguments are counted like the digits of a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from agentos_lab.logic import Formula, Structure
from agentos_lab.logic.premises import closed_signature

__all__ = ["Fact", "Vocabulary", "changed", "fact_text", "parse_world", "world_text", "worlds"]

Fact = tuple[str, tuple[str, ...]]  # a symbol and its arguments
DIGITS = "123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Vocabulary:
    """The symbols of formulas, sorted, with their numbers of arguments."""

    constants: tuple[str, ...]
    functions: Mapping[str, int]
    predicates: Mapping[str, int]

    @classmethod
    def of(cls, formulas: Iterable[Formula]) -> Vocabulary:
        """The symbols that formulas use.

        Raises:
            ValueError: A variable is free, or a symbol is used in two ways.
        """
        symbols = sorted(closed_signature(formulas).symbols.items())
        functions = {name: arity for name, (kind, arity) in symbols if kind == "function"}
        predicates = {name: arity for name, (kind, arity) in symbols if kind == "predicate"}
        constants = tuple(name for name, arity in functions.items() if arity == 0)
        return cls(constants, {name: arity for name, arity in functions.items() if arity}, predicates)

    def count(self, size: int) -> int:
        """How many worlds there are with `size` elements."""
        functions = prod(size**size**arity for arity in self.functions.values())
        return size ** len(self.constants) * functions * 2 ** sum(size**arity for arity in self.predicates.values())

    def facts(self, domain: tuple[str, ...]) -> list[Fact]:
        """All that can be changed in a world, in the order of its text."""
        arities = dict.fromkeys(self.constants, 0) | dict(self.functions) | dict(self.predicates)
        return [(name, args) for name, arity in arities.items() for args in product(domain, repeat=arity)]


def world_text(world: Structure, vocabulary: Vocabulary) -> str:
    """A world as a text, from which `parse_world` makes it again."""
    digit = dict(zip(world.domain, DIGITS, strict=False))
    parts = [f"{name}={digit[world.constants[name]]}" for name in vocabulary.constants]
    for name, arity in vocabulary.functions.items():
        values = (world.functions[name][args] for args in product(world.domain, repeat=arity))
        parts.append(f"{name}={''.join(digit[value] for value in values)}")
    for name, arity in vocabulary.predicates.items():
        holds = (args in world.predicates[name] for args in product(world.domain, repeat=arity))
        parts.append(f"{name}={''.join('1' if each else '0' for each in holds)}")
    return "; ".join(parts)


def parse_world(text: str, vocabulary: Vocabulary, domain: tuple[str, ...]) -> Structure:
    """The world that a text describes; what it does not mention is the first element, or false.

    Raises:
        ValueError: An unknown symbol, or not as many digits as there are arguments.
    """
    given = dict(_assignment(part) for part in text.split(";") if part.strip())
    values: dict[str, dict[tuple[str, ...], str]] = {}
    for name, args in vocabulary.facts(domain):
        values.setdefault(name, {})[args] = ""
    unknown = sorted(set(given) - set(values))
    if unknown:
        raise ValueError(f"the formulas do not speak of {', '.join(unknown)}; they speak of {', '.join(values)}")
    for name, table in values.items():
        allowed = "01" if name in vocabulary.predicates else DIGITS[: len(domain)]
        digits = given.get(name, allowed[0] * len(table))
        if len(digits) != len(table) or not set(digits) <= set(allowed):
            raise ValueError(f"{name}={digits}: expected {len(table)} digits, each one of {', '.join(allowed)}")
        table.update(zip(table, digits, strict=True))
    element = dict(zip(DIGITS, domain, strict=False))
    return Structure(
        domain,
        {name: element[values[name][()]] for name in vocabulary.constants},
        {name: {args: element[digit] for args, digit in values[name].items()} for name in vocabulary.functions},
        {
            name: frozenset(args for args, digit in values[name].items() if digit == "1")
            for name in vocabulary.predicates
        },
        dict(vocabulary.predicates),
    )


def _assignment(part: str) -> tuple[str, str]:
    name, equals, digits = part.strip().partition("=")
    if not equals:
        raise ValueError(f"{part.strip()!r} should give a symbol its digits, such as Likes=0110")
    return name.strip(), digits.strip()


def changed(world: Structure, vocabulary: Vocabulary, fact: Fact) -> Structure:
    """The world with one fact the other way: a predicate toggled; a function or constant on to the next element."""
    name, args = fact
    if name in vocabulary.predicates:
        predicates = dict(world.predicates) | {name: world.predicates[name] ^ {args}}
        return Structure(world.domain, world.constants, world.functions, predicates, world.arities)
    old = world.functions[name][args] if args else world.constants[name]
    new = world.domain[(world.domain.index(old) + 1) % world.size]
    if not args:
        constants = dict(world.constants) | {name: new}
        return Structure(world.domain, constants, world.functions, world.predicates, world.arities)
    functions = dict(world.functions) | {name: dict(world.functions[name]) | {args: new}}
    return Structure(world.domain, world.constants, functions, world.predicates, world.arities)


def fact_text(world: Structure, vocabulary: Vocabulary, fact: Fact) -> str:
    """A fact as it is in this world: "Likes(d1, d2)", "¬Tall(d1)", "f(d1) = d2", "a = d1"."""
    name, args = fact
    applied = f"{name}({', '.join(args)})" if args else name
    if name in vocabulary.predicates:
        return applied if args in world.predicates[name] else f"¬{applied}"
    return f"{applied} = {world.functions[name][args] if args else world.constants[name]}"


def worlds(vocabulary: Vocabulary, domain: tuple[str, ...]) -> Iterator[str]:
    """The texts of all worlds with this domain; `Vocabulary.count` says how many."""
    sizes: dict[str, int] = {}
    for name, _ in vocabulary.facts(domain):
        sizes[name] = sizes.get(name, 0) + 1
    choices = [
        ["".join(digits) for digits in product("01" if name in vocabulary.predicates else DIGITS[: len(domain)],
                                               repeat=size)]
        for name, size in sizes.items()
    ]  # fmt: skip
    for values in product(*choices):
        yield "; ".join(f"{name}={digits}" for name, digits in zip(sizes, values, strict=True))
