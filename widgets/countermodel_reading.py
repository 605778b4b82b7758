"""How two quantifiers are read off a table: ∀x ∃y asks every row for one cell, ∃y ∀x asks for one full column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from agentos_lab.logic import Atom, Exists, ForAll, Formula, Structure

__all__ = ["Reading", "readings"]


@dataclass(frozen=True)
class Reading:
    """What one formula asks of the lines of a table.

    Attributes:
        axis: "row" or "column".
        full: Whether it asks for one full line (∃∀); else for a cell in every line (∀∃).
        lines: For each line, whether it is as asked, and what shows it: the first cell there, or missing.
    """

    axis: str
    full: bool
    lines: tuple[tuple[bool, str], ...]

    @property
    def holds(self) -> bool:
        """Whether the formula is true."""
        found = [good for good, _ in self.lines]
        return any(found) if self.full else all(found)

    def __str__(self) -> str:
        if self.full:
            return f"{'a' if self.holds else 'no'} {self.axis} is full"
        return f"every {self.axis} has one" if self.holds else f"a {self.axis} has none"


def readings(formulas: Iterable[Formula], world: Structure) -> dict[str, list[Reading]]:
    """For each relation, the readings of the formulas ∀∃ and ∃∀ about it: at most one for rows and one for columns."""
    found: dict[str, dict[str, Reading]] = {}
    for formula in formulas:
        match formula:
            case ForAll(outer, Exists(inner, Atom(name, (first, second)))) if {first, second} == {outer, inner}:
                reading = read(world, name, "row" if first == outer else "column", full=False)
            case Exists(outer, ForAll(inner, Atom(name, (first, second)))) if {first, second} == {outer, inner}:
                reading = read(world, name, "row" if first == outer else "column", full=True)
            case _:
                continue
        found.setdefault(name, {}).setdefault(reading.axis, reading)
    return {name: list(by_axis.values()) for name, by_axis in found.items()}


def read(world: Structure, name: str, axis: str, *, full: bool) -> Reading:
    """Look along the rows or the columns of a relation."""
    tuples, lines = world.predicates[name], []
    for one in world.domain:
        held = [((one, other) if axis == "row" else (other, one)) in tuples for other in world.domain]
        good = all(held) if full else any(held)
        # The element that shows it: one that holds, or for a line that is not full the first that is missing.
        shows = held.index(not full) if (not full) in held else -1
        lines.append((good, world.domain[shows] if shows >= 0 else ""))
    return Reading(axis, full, tuple(lines))
