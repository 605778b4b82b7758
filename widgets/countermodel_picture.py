"""The stage of a CountermodelView: graph, tables, evaluation; below them all the worlds, or those that were found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from agentos_lab.logic import Formula, Structure

from .countermodel_graph import arrow_looks, draw_graph
from .countermodel_reading import readings
from .countermodel_steps import Row, windowed
from .countermodel_tables import draw_tables
from .countermodel_world import Vocabulary, changed, world_text
from .picture import number
from .sketch_stage import Stage, fitting
from .text_metrics import fit, text_width, wrap

__all__ = ["countermodel_stage"]

Box = tuple[float, float, float, float]
SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
ROWS, ROW = 15, 19  # of the evaluation: how many fit, and their height
FORMULA_LINES = 4  # of a long formula
TOP, BOTTOM = 300, 400  # where the worlds begin, and where the stage ends
THUMBNAILS = (15, 13, 12, 11, 10, 9)  # sides of a thumbnail's cells: the largest with which all fit in
TALLEST, GROUP_GAP, GAP = 36, 20, 0.6  # pixels, pixels, sides of a cell
TONES = {"countermodel": "vermilion", "both true": "grey", "both false": "grey", "other way": "green"}


def countermodel_stage(
    width: float,
    world: Structure,
    vocabulary: Vocabulary,
    formulas: Iterable[Formula],
    rows: Sequence[Row],
    step: int,
    strip: Mapping[str, Any],
) -> dict[str, Any]:
    """The stage as data: marks, and the places that can be clicked."""
    stage = Stage(width)
    free = width - 32 - 48
    columns = (0.31 * free, 0.34 * free, 0.35 * free)
    lefts = (16.0, 40 + columns[0], 64 + columns[0] + columns[1])
    for left in lefts[1:]:
        stage.line(left - 12, 4, left - 12, TOP - 12)
    marked = frozenset(fact for row in rows if row.step == step for fact in row.facts)
    flips = {
        fact: {"world": world_text(changed(world, vocabulary, fact), vocabulary), "step": -1}
        for fact in vocabulary.facts(world.domain)
    }
    draw_heads(stage, lefts, columns, world, vocabulary)
    draw_graph(stage, (lefts[0], 40, columns[0], 226), world, vocabulary, marked, flips)
    read = readings(formulas, world)
    draw_tables(stage, (lefts[1], 40, columns[1], 248), world, vocabulary, marked, flips, read)
    draw_rows(stage, lefts[2], columns[2], rows, step)
    stage.line(16, TOP, width - 16, TOP)
    draw_strip(stage, width, strip)
    return stage.state(BOTTOM)


def draw_heads(
    stage: Stage, lefts: Sequence[float], columns: Sequence[float], world: Structure, vocabulary: Vocabulary
) -> None:
    """Titles of the graph and of the tables, and what the arrows mean."""
    elements = "one element" if world.size == 1 else f"{world.size} elements"
    stage.text(lefts[0], 16, f"A world with {elements}", weight=600)
    stage.text(lefts[1], 16, "The same world as a table", weight=600)
    looks = arrow_looks(vocabulary)
    told = "Click a cell to change it." if columns[1] < 260 else "First argument: the row. Click a cell to change it."
    if not any(arity == 2 for arity in [*vocabulary.predicates.values(), *vocabulary.functions.values()]):
        told = "Click a cell to change it."
    stage.text(lefts[1], 34, fit(told, columns[1], 11), **SMALL)
    if len(looks) == 1:
        (name,) = looks
        click = "Click to add or remove." if name in vocabulary.predicates else "Click to change."
        told = fitting(columns[0], f"An arrow means {name}. {click}", f"An arrow means {name}.")
        stage.text(lefts[0], 34, told, **SMALL)
    x = lefts[0]
    for name, (colour, dash) in looks.items() if len(looks) > 1 else ():
        if x + 26 + text_width(name, 11) > lefts[0] + columns[0]:
            break
        stage.path(f"M{number(x)} 30h18", fill="none", stroke=colour, thickness=2, dash=dash)
        stage.head((x + 22, 30), (x, 30), colour, size=7)
        stage.text(x + 26, 34, name, size=11, fill=colour)
        x += 40 + text_width(name, 11)
    words = [f"{name} holds for nothing" for name, arity in vocabulary.predicates.items()
             if arity == 2 and not world.predicates[name]]  # fmt: skip
    for name in looks if len(looks) == 1 and not words else ():
        if name in vocabulary.predicates:
            pairs = ", ".join(f"({', '.join(args)})" for args in sorted(world.predicates[name]))
            words = [f"{name} holds for {pairs}"]
    stage.text(lefts[0], TOP - 14, fit("; ".join(words), columns[0], 11), **SMALL)


def draw_rows(stage: Stage, x: float, width: float, rows: Sequence[Row], step: int) -> None:
    """Premises and goal with their verdicts, and the steps that lead there."""
    small = {row.part for row in rows if row.kind == "formula" and text_width(row.text, 12, mono=True) > width}
    whole = {row.part: row.text for row in rows if row.kind == "formula"}
    rows = [line for row in rows for line in formula_lines(row, width)]
    shown, above, below = windowed(rows, step, ROWS - (len(rows) > ROWS))
    right, y = x + width, 16.0
    if above + below or len(shown) < len(rows):
        hidden = [f"{above} above"] * (above > 0) + [f"{below} below"] * (below > 0)
        stage.text(right, TOP - 14, "rows: " + ", ".join(hidden) if hidden else "click a formula to unfold it",
                   anchor="end", **SMALL)  # fmt: skip
    for place, row in enumerate(shown):
        chosen = row.step == step and row.kind != "formula"
        if row.kind == "head" and place and shown[place - 1].kind != "head":
            y += 4
            stage.line(x, y - ROW + 4, right, y - ROW + 4)
        if chosen:
            stage.rect(x - 6, y - 14, width + 10, ROW, radius=4, fill="blue:0.12")
            stage.rect(x - 6, y - 14, 3, ROW, radius=1, fill="blue")
        tone = "green" if row.value else "vermilion"
        indent = 0.0 if row.kind != "step" else min(12.0 * row.depth, 60.0)
        if row.kind == "head":
            word = "true" if row.value else "false"
            stage.text(x, y, fit(row.text, width - 70, bold=True), weight=600)
            stage.text(right - 20, y, word, anchor="end", weight=600, fill=f"{tone}-text")
        elif row.kind == "formula":
            stage.text(x, y, row.text, mono=True, size=11 if row.part in small else 12)
        else:
            stage.text(x + indent, y, fit(row.text, width - indent - 24))
        if row.kind in ("head", "step"):
            if row.value:
                stage.tick(right - 13, y, "green")
            else:
                stage.cross(right - 8, y - 4)
            verdict, told = "true" if row.value else "false", row.text
            if row.kind == "head":
                told += f", {whole[row.part]}"
            stage.target((x - 6, y - 14, width + 10, ROW), f"{told}: {verdict}", {"step": row.step},
                         ("steps", place, 0), current=chosen)  # fmt: skip
        y += ROW


def formula_lines(row: Row, width: float) -> list[Row]:
    """A formula as several rows where it is too long for one; any other row as it is."""
    if row.kind != "formula" or text_width(row.text, 11, mono=True) <= width:
        return [row]
    lines = wrap(row.text, width, 11, mono=True)
    if len(lines) > FORMULA_LINES:
        lines[FORMULA_LINES - 1 :] = [f"{lines[FORMULA_LINES - 1]} …"]
    return [replace(row, text=fit(line, width, 11, mono=True)) for line in lines]


def draw_strip(stage: Stage, width: float, strip: Mapping[str, Any]) -> None:
    """The worlds below: all of them in groups, or the countermodels that were found."""
    stage.text(16, TOP + 22, strip["title"], weight=600)
    room = width - 48 - text_width(strip["title"], bold=True)
    stage.text(width - 16, TOP + 22, fitting(room, *strip["aside"]), anchor="end", **SMALL)
    right = width - 16
    side = next((side for side in THUMBNAILS if strip_end(strip, side) <= right), THUMBNAILS[-1])
    x, column = 20.0, 0
    for group in strip["groups"]:
        start, tone, drawn = x, TONES[group["kind"]], column
        for each in group["worlds"]:
            wide, tall = extent(each, side)
            if x + wide > right:
                break
            draw_world(stage, (x, TOP + 34, wide, tall), each, group["kind"], column)
            x += wide + GAP * side
            column += 1
        end, drawn = max(x - GAP * side, start + 20), column - drawn
        told = group["told"] if drawn in (0, group["count"]) else f"{group['told']}, {drawn} of them drawn"
        stage.line(start, BOTTOM - 24, end, BOTTOM - 24, stroke=tone, thickness=3 if tone == "vermilion" else 1.5)
        fill = f"{tone}-text" if tone != "grey" else "quiet"
        stage.text(start, BOTTOM - 9, told, size=11, fill=fill, weight=600 if tone == "vermilion" else None)
        x = max(x, start + text_width(told, 11, bold=True)) + GROUP_GAP


def extent(each: Mapping[str, Any], side: float) -> tuple[float, float]:
    """Width and height of a thumbnail with cells of this side, or of a chip."""
    if "cells" not in each:
        return text_width(each["label"], 11) + 14, 22
    rows = max(place[0] for place in each["cells"]) + 1
    side = min(side, TALLEST / rows)
    return each["wide"] * side, rows * side


def strip_end(strip: Mapping[str, Any], side: float) -> float:
    """Where the last thumbnail would end if their cells had this side; chips may be left out."""
    x = 20.0
    for group in strip["groups"]:
        start = x
        x += sum(extent(each, side)[0] + side * GAP for each in group["worlds"] if "cells" in each)
        x = max(x, start + text_width(group["told"], 11, bold=True)) + GROUP_GAP
    return x - GROUP_GAP


def draw_world(stage: Stage, box: Box, each: Mapping[str, Any], kind: str, column: int) -> None:
    """A world as a thumbnail of its cells, or as a chip with the fact that sets it apart."""
    x, y, wide, tall = box
    if "cells" in each:
        side = wide / each["wide"]
        for row, cell, filled in each["cells"]:
            fill = ("ink" if kind == "countermodel" else "quiet") if filled else "ground"
            stage.rect(
                x + cell * side + 0.5,
                y + row * side + 0.5,
                side - 1,
                side - 1,
                radius=0.17 * side,
                fill=fill,
                stroke="grey",
            )
    else:
        stage.rect(x, y, wide, tall, radius=6, fill="wash", stroke="hairline")
        stage.text(x + wide / 2, y + 15, each["label"], size=11, anchor="middle")
    around = (x - 4, y - 4, wide + 8, tall + 8)
    if each["present"]:
        stage.rect(*around, radius=5, fill="none", stroke="blue", thickness=2)
    send = {"world": each["world"], "step": -1}
    stage.target(around, each["spoken"], send, ("worlds", 0, column), current=each["present"])
