"""The worlds of two elements in which a formula is asked: all of them where they are few, else a sample.

A world interprets the symbols of the first formula. A later line may have symbols that the first has not, Skolem
functions and named parts: then it is asked under every choice of them (or, where these are many, under some), and what
counts is in how many choices it is true.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod

from agentos_lab.logic import Exists, ForAll, Formula, Signature, Structure, uses_numbers
from agentos_lab.logic.formulas import children

__all__ = ["MOST_CHOICES", "MOST_WORLDS", "Shares", "Worlds", "told_world", "worlds_of"]

MOST_WORLDS = 64  # of which truth is asked; of more, a sample
MOST_CHOICES = 16  # of the meanings of new symbols, in each world
MOST_WORK = 1_000_000  # for all lines together, counted as `work` does: about a second
MOST_ARGUMENTS = 5  # of a symbol, whose meaning has 2^5 places then
DOMAIN = ("1", "2")

Symbols = tuple[tuple[str, str, int], ...]  # (name, "predicate" or "function", number of arguments)


@dataclass(frozen=True)
class Shares:
    """In what part of the choices of its new symbols a line is true, world by world.

    Attributes:
        values: One share for each world; 0 or 1 where the line has no new symbol.
        new: The new symbols.
        choices, tried: How many choices there are, and how many were tried.
    """

    values: tuple[float, ...]
    new: tuple[str, ...] = ()
    choices: int = 1
    tried: int = 1

    @property
    def count(self) -> int:
        """The worlds in which the line is true for some choice."""
        return sum(value > 0 for value in self.values)


@dataclass(frozen=True)
class Worlds:
    """Worlds of two elements for a formula.

    Attributes:
        symbols: What they interpret.
        places: Their numbers among all worlds, from 0.
        total: How many there are in all.
    """

    symbols: Symbols
    places: tuple[int, ...]
    total: int

    def structures(self) -> Iterator[Structure]:
        """The worlds themselves."""
        return (interpretation(self.symbols, place) for place in self.places)

    def shares(self, formula: Formula, most_choices: int = MOST_CHOICES) -> Shares:
        """In which worlds a formula is true, its free variables read as "for all".

        Args:
            formula: A line.
            most_choices: The choices of its new symbols that are tried in each world.
        """
        return _shares(self, formula, most_choices)

    def new_symbols(self, formula: Formula) -> Symbols:
        """The symbols of a line that these worlds do not interpret."""
        return tuple(symbol for symbol in symbols_of(formula) if symbol not in self.symbols)

    def affordable_choices(self, formulas: Collection[Formula]) -> int:
        """How many choices of new symbols can be tried for each of some lines; 0 if not even one."""
        if any(arity > MOST_ARGUMENTS for each in formulas for _, _, arity in self.new_symbols(each)):
            return 0
        costs = [(work(each), prod(map(meanings, self.new_symbols(each)))) for each in formulas]
        for most in (MOST_CHOICES, 8, 4, 2, 1):
            if len(self.places) * sum(cost * min(choices, most) for cost, choices in costs) <= MOST_WORK:
                return most
        return 0


@lru_cache(maxsize=256)  # for the formula that comes again, after a slip of the pen or in a second view
def _shares(worlds: Worlds, formula: Formula, most_choices: int) -> Shares:
    new = worlds.new_symbols(formula)
    choices = prod(map(meanings, new))
    tried = _some(choices, most_choices)
    for variable in sorted(formula.free, key=lambda each: each.name):
        formula = ForAll(variable, formula)
    values = []
    for place in worlds.places:
        true = sum(interpretation(worlds.symbols, place, new, choice).holds(formula) for choice in tried)
        values.append(true / len(tried))
    return Shares(tuple(values), tuple(name for name, _, _ in new), choices, len(tried))


def worlds_of(formula: Formula) -> Worlds | str:
    """The worlds of two elements for a formula; where there are none to be asked, why not."""
    if uses_numbers([formula]):
        return "The formula speaks of numbers, and two elements are too few for them."
    symbols = symbols_of(formula)
    if any(arity > MOST_ARGUMENTS for _, _, arity in symbols):
        return f"A symbol has more than {MOST_ARGUMENTS} arguments: too many meanings even here."
    total = prod(map(meanings, symbols))
    return Worlds(symbols, tuple(_some(total, MOST_WORLDS)), total)


def symbols_of(formula: Formula) -> Symbols:
    """The symbols of a formula in the order of its text."""
    signature = Signature()
    signature.add(formula)
    return tuple((name, kind, arity) for name, (kind, arity) in signature.symbols.items())


def meanings(symbol: tuple[str, str, int]) -> int:
    """How many meanings a symbol can have among two elements: 2 for each of its 2^arity places."""
    return 2 ** (2 ** symbol[2])


def work(formula: Formula) -> int:
    """How many parts are looked at, at most, to ask a formula in a world, and to take it apart before that."""
    parts = 0
    waiting = [(formula, 2 ** len(formula.free))]
    while waiting:
        part, times = waiting.pop()
        parts += 2 + times
        times *= 2 if isinstance(part, ForAll | Exists) else 1
        waiting += [(inner, times) for inner in children(part)]
    return parts


def interpretation(symbols: Symbols, place: int, new: Symbols = (), choice: int = 0) -> Structure:
    """The world with a number; each digit of the number says what a symbol means."""
    constants: dict[str, str] = {}
    functions: dict[str, Mapping[tuple[str, ...], str]] = {}
    predicates: dict[str, frozenset[tuple[str, ...]]] = {}
    for wanted, rest in ((symbols, place), (new, choice)):
        for name, kind, arity in wanted:
            rest, meaning = divmod(rest, 2 ** (2**arity))
            arguments = list(product(DOMAIN, repeat=arity))
            bits = [meaning >> bit & 1 for bit in range(len(arguments))]
            if kind == "predicate":
                predicates[name] = frozenset(args for args, bit in zip(arguments, bits, strict=True) if bit)
            elif arity:
                functions[name] = {args: DOMAIN[bit] for args, bit in zip(arguments, bits, strict=True)}
            else:
                constants[name] = DOMAIN[bits[0]]
    arities = {name: arity for name, kind, arity in (*symbols, *new) if kind == "predicate"}
    return Structure(DOMAIN, constants, functions, predicates, arities)


def told_world(world: Structure) -> str:
    """A world in one line: "Animal: 1; Loves: (1,2)"."""
    told = [f"{name} is {element}" for name, element in world.constants.items()]
    told += [
        f"{name}: {', '.join(f'{_args(args)} ↦ {value}' for args, value in table.items())}"
        for name, table in world.functions.items()
    ]
    for name, tuples in world.predicates.items():
        if world.arity(name) == 0:
            told.append(f"{name} is {'true' if tuples else 'false'}")
        else:
            told.append(f"{name}: {', '.join(map(_args, sorted(tuples))) or 'nothing'}")
    return ";  ".join(told)


def _args(args: tuple[str, ...]) -> str:
    return args[0] if len(args) == 1 else f"({','.join(args)})"


def _some(count: int, most: int) -> list[int]:
    """All numbers below `count`, or so many of them, the same every time."""
    if count <= most:
        return list(range(count))
    generator, found = random.Random(count), set[int]()
    while len(found) < most:
        found.add(generator.randrange(count))
    return sorted(found)
