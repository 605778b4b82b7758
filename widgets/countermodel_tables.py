"""The tables of a CountermodelView: the same world as cells, each of which can be changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from agentos_lab.logic import Structure

from .countermodel_graph import hint
from .countermodel_reading import Reading
from .countermodel_world import Fact, Vocabulary
from .sketch_stage import Stage
from .text_metrics import fit, text_width

__all__ = ["draw_tables"]

Box = tuple[float, float, float, float]
LARGEST, SMALLEST = 56.0, 12.0  # pixels of a cell's side
LIST_LINE = 18.0
MOST_READ = 4  # elements up to which is said what rows and columns show
BESIDE, BELOW = 66.0, 62.0  # room for what is read off rows, and off columns with the words for both


class Tables:
    """Draws the tables of one world; `row` counts the rows that the arrow keys walk through."""

    def __init__(
        self, stage: Stage, box: Box, world: Structure, vocabulary: Vocabulary, marked: Collection[Fact],
        flips: Mapping[Fact, Mapping[str, Any]],
    ) -> None:  # fmt: skip
        self.stage, self.box, self.world, self.vocabulary = stage, box, world, vocabulary
        self.marked, self.flips, self.row = marked, flips, 0
        self.named: set[str] = set()  # the tables whose filled cells say the name

    def grid(self, name: str, x: float, y: float, side: float, label: float) -> None:
        """A symbol of two arguments: the first one to the left, the second above."""
        domain = self.world.domain
        size = 13 if side >= 22 else 11
        self.stage.text(
            x + label - 8, y - 8, fit(name, label + side / 2, size, bold=True), anchor="end", weight=600, size=size
        )
        for place, element in enumerate(domain):
            middle = side * (place + 0.5)
            self.stage.text(
                x + label + middle, y - 8, fit(element, side, size), anchor="middle", size=size, fill="quiet"
            )
            self.stage.text(
                x + label - 8, y + middle + 4, fit(element, label - 8, size), anchor="end", size=size, fill="quiet"
            )
        for row, one in enumerate(domain):
            for column, other in enumerate(domain):
                box = (x + label + side * column, y + side * row, side, side)
                self.cell((name, (one, other)), box, self.row + row, column)
        self.row += len(domain)

    def readings(self, found: Sequence[Reading], x: float, y: float, side: float) -> None:
        """Beside the rows and below the columns of a grid at (x, y): what the quantifiers ask of them."""
        stage, edge = self.stage, side * self.world.size
        for reading in found:
            for place, (good, shows) in enumerate(reading.lines):
                words = f"not {shows}" if reading.full and not good else shows
                middle = side * (place + 0.5)
                left, base = (
                    (x + edge + 8, y + middle + 4) if reading.axis == "row" else (x + middle - 5, y + edge + 16)
                )
                if good:
                    stage.tick(left, base)
                else:
                    stage.cross(left + 5, base - 4)
                if reading.axis == "row":
                    stage.text(left + 15, base, fit(words, BESIDE - 24, 11), size=11, fill="quiet")
                else:
                    stage.text(x + middle, base + 15, fit(words, side - 2, 11), anchor="middle", size=11, fill="quiet")
        columns = any(reading.axis == "column" for reading in found)
        for place, reading in enumerate(found):
            tone = "green-text" if reading.holds else "vermilion-text"
            base = y + edge + (50 if columns else 18) + 15 * place
            stage.text(x, base, str(reading), size=11, weight=600, fill=tone)

    def line(self, name: str, x: float, y: float, side: float, wide: float, label: float) -> None:
        """A symbol of one argument as a row of cells."""
        self.stage.text(x + label - 8, y + side / 2 + 4, fit(name, label - 8, bold=True), anchor="end", weight=600)
        for column, element in enumerate(self.world.domain):
            self.cell((name, (element,)), (x + label + wide * column, y, wide, side), self.row, column)
        self.row += 1

    def single(self, name: str, x: float, y: float, column: int) -> float:
        """A proposition or a constant; returns its right edge."""
        wide = text_width(name, bold=True) + 8
        value = self.world.constants.get(name)
        room = max(34.0, text_width(value or "false") + 16)
        self.stage.text(x, y + 17, name, weight=600)
        self.cell((name, ()), (x + wide, y, room, 24), self.row, column)
        return x + wide + room

    def name_cells(self, names: Sequence[str], width: float, height: float) -> None:
        """Let filled cells say their name where that goes into the cells of all these tables; else they have a tick."""
        if all(text_width(name, 13 if height >= 22 else 11) <= width - 8 for name in names):
            self.named |= set(names)

    def cell(self, fact: Fact, box: tuple[float, float, float, float], row: int, column: int) -> None:
        """One cell: filled where a predicate holds, dashed where not; or the value of a function."""
        (name, args), (x, y, width, height) = fact, box
        stage = self.stage
        size = 13 if height >= 22 else 11
        middle, base = x + width / 2, y + height / 2 + 0.35 * size
        if name in self.vocabulary.predicates:
            holds = args in self.world.predicates[name]
            if holds:
                stage.rect(x + 1.5, y + 1.5, width - 3, height - 3, radius=4, fill="ink")
            else:
                stage.rect(
                    x + 2, y + 2, width - 4, height - 4, radius=4, fill="ground", stroke="grey", thickness=1, dash="3 3"
                )
            filled = name if name in self.named else "✓" if width >= 16 else ""
            word = ("true" if holds else "false") if not args else filled if holds else "–" if width >= 16 else ""
            if word:
                stage.text(middle, base, word, anchor="middle", size=size, fill="ground" if holds else "quiet")
        else:
            value = self.world.functions[name][args] if args else self.world.constants[name]
            stage.rect(x + 1.5, y + 1.5, width - 3, height - 3, radius=4, fill="wash", stroke="hairline", thickness=1)
            stage.text(middle, base, fit(value, width - 4, size), anchor="middle", size=size)
        if fact in self.marked:
            stage.rect(x - 0.5, y - 0.5, width + 1, height + 1, radius=6, fill="none", stroke="blue", thickness=2.5)
        stage.target(box, hint(self.world, self.vocabulary, fact), self.flips[fact], ("cells", row, column))


def draw_tables(
    stage: Stage,
    box: Box,
    world: Structure,
    vocabulary: Vocabulary,
    marked: Collection[Fact],
    flips: Mapping[Fact, Mapping[str, Any]],
    read: Mapping[str, Sequence[Reading]],
) -> None:
    """Draw all symbols: two arguments as squares, one as rows, none as single cells, more as lists in words."""
    x, y, width, height = box
    arities = dict.fromkeys(vocabulary.constants, 0) | dict(vocabulary.functions) | dict(vocabulary.predicates)
    by_arity = {arity: [name for name, own in arities.items() if own == arity] for arity in set(arities.values())}
    grids, lines, singles = (by_arity.get(arity, []) for arity in (2, 1, 0))
    lists = [name for name, arity in arities.items() if arity > 2]
    tables = Tables(stage, box, world, vocabulary, marked, flips)
    y = draw_singles(tables, singles, box)
    names = [*world.domain, *lines]
    label = min(80.0, 12 + max([text_width(name, bold=True) for name in [*names, *grids]] or [0.0]))
    bottom = box[1] + height - LIST_LINE * len(lists)
    grid_rows = -(-len(grids) // columns_for(grids))
    if lines:
        y = draw_lines(tables, lines, (x, y, width, bottom - y), label, grid_rows) + 6
    if grids:
        y = draw_grids(tables, grids, (x, y, width, bottom - y), label, read)
    for name in lists:
        stage.text(x, y + 14, fit(in_words(name, world), width, 11), size=11, fill="quiet")
        y += LIST_LINE


def columns_for(grids: Sequence[str]) -> int:
    """How many squares stand side by side."""
    return 1 if len(grids) <= 1 else 2 if len(grids) <= 4 else 3


def draw_lines(tables: Tables, names: Sequence[str], box: Box, label: float, grid_rows: int) -> float:
    """Symbols of one argument below each other, with the elements above unless squares follow; where they end."""
    x, y, width, height = box
    wide = min(LARGEST, (width - label) / tables.world.size)
    if not grid_rows:
        for place, element in enumerate(tables.world.domain):
            middle = x + label + wide * (place + 0.5)
            tables.stage.text(middle, y + 12, fit(element, wide), anchor="middle", fill="quiet")
        y, height = y + 22, height - 22
    side = min(28.0, max(16.0, height / (len(names) + 3 * grid_rows + 1)))
    room = int(height // side)
    tables.name_cells(names, wide, side)
    for name in names if len(names) <= room else names[: room - 1]:
        tables.line(name, x, y, side, wide, label)
        y += side
    if len(names) > room:
        tables.stage.text(x, y + 14, f"and {len(names) - room + 1} more", size=11, fill="quiet")
        y += side
    return y


def draw_grids(
    tables: Tables, names: Sequence[str], box: Box, label: float, read: Mapping[str, Sequence[Reading]]
) -> float:
    """Symbols of two arguments as squares; a single one with what its lines show. Returns where they end."""
    x, y, width, height = box
    count, columns = tables.world.size, columns_for(names)
    rows = -(-len(names) // columns)
    found = read.get(names[0], []) if len(names) == 1 and count <= MOST_READ else []
    beside, below = (BESIDE, BELOW) if found else (0.0, 0.0)
    side = min(LARGEST, (width / columns - label - beside) / count, ((height - below) / rows - 24) / count)
    if side < SMALLEST:
        tables.stage.text(x, y + 16, fit("too large to draw; look at view.structure", width, 11), size=11, fill="quiet")
        return y + 22
    tables.name_cells(names, side, side)
    for place, name in enumerate(names):
        left, top = x + place % columns * width / columns, y + 22 + place // columns * (count * side + 26)
        tables.grid(name, left, top, side, label)
        tables.readings(found, left + label, top, side)
    return y + rows * (count * side + 26)


def draw_singles(tables: Tables, names: list[str], box: Box) -> float:
    """Propositions and constants side by side, in as many lines as they need; returns where the rest begins."""
    x, y, width, _ = box
    right, column = x, 0
    for name in names:
        needed = text_width(name, bold=True) + 8 + max(34.0, text_width(tables.world.constants.get(name, "false")) + 16)
        if right > x and right + needed > x + width:
            right, column = x, 0
            y += 30
            tables.row += 1
        right = tables.single(name, right, y, column) + 14
        column += 1
    if names:
        tables.row += 1
    return y + (34 if names else 0)


def in_words(name: str, world: Structure) -> str:
    """A symbol of three or more arguments, in words."""
    if name in world.predicates:
        tuples = ", ".join(f"({', '.join(args)})" for args in sorted(world.predicates[name]))
        return f"{name} holds for {tuples or 'nothing'}"
    return ", ".join(f"{name}({', '.join(args)}) = {value}" for args, value in sorted(world.functions[name].items()))
