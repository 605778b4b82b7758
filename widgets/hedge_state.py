"""What a HedgeExplorer shows, by pure functions: worlds as numbers and words, the hedge as a sketch, the sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from agentos_lab.causal import CausalGraph, Hedge, Query
from agentos_lab.causal.expression import Expression, Probability, Variable

from .formula import Formula, beside, word
from .formula_of_probability import expression_formula
from .graph_sketch import draw_edges, draw_hull, draw_nodes, edge_curves, places_in
from .hedge_frames import Worlds
from .runs import Runs, strong
from .sketch import Mark, Sketch
from .view import header

__all__ = ["BARS", "drawn_shares", "hedge_state", "point_state", "power_of_ten", "sentence", "signed", "span_of"]

GRAPH = (132.0, 124.0)  # pixels of the sketch of the graph
BARS = (302.0, 30.0, 50.0)  # pixels of the small tables: width of all, height of a bar, step of the rows
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def hedge_state(
    graph: CausalGraph,
    query: Query,
    hedge: Hedge,
    worlds: Worlds,
    direction: str,
    drawn: Sequence[Sequence[float]] = (),
) -> dict[str, Any]:
    """The state for a query that is not identifiable.

    Args:
        graph, query, hedge: As `identify` tells them.
        worlds: What there is to slide along.
        direction: The direction through the worlds of a bow arc.
        drawn: The shares of the cells in samples from world A and world B, if any.
    """
    contrast = worlds.contrast if worlds.types is not None else None
    values = worlds.effects[:, worlds.steered] if contrast is None else contrast
    signs = contrast is not None
    setting = worlds.settings[worlds.steered]
    happens = ", ".join(f"{name} = {value}" for name, value in worlds.outcome.items())
    names = ", ".join(graph.nodes)
    first = f"Both worlds produce the same P({names}). {told_setting(query, setting)}, and {happens} for "
    differ = [first, " in world A but ", " in world B."]
    same = [f"World A and world B are one and the same here: {happens} for ", "; move one of them."]
    title = "Same data, opposite effects: a hedge" if signs and values[0] < 0 < values[-1] else "Same data, two worlds"
    return header(title, "", meta=f"{query} in {graph}") | {
        "kind": "types" if worlds.types is not None else "tables",
        "frames": len(worlds),
        "direction": direction,
        "differ": differ,
        "same": same,
        "told": [f"{100 * effect:.0f} %" for effect in worlds.effects[:, worlds.steered]],
        "world": world_titles(query, worlds),
        "big": big_numbers(worlds),
        "joint": rounded(worlds.joint),
        "effects": rounded(worlds.effects),
        "values": rounded(values),
        "types": None if worlds.types is None else rounded(worlds.types),
        "rows": row_labels(query, worlds),
        "tables": None if worlds.tables is None else small_tables(worlds.tables),
        "drawn": [list(each) for each in drawn],
        "equal": f"gap < {power_of_ten(worlds.gap)}",
        "latest": worlds.steered,
        "graph": graph_marks(graph, query, hedge),
        "notes": [f"F = {{{', '.join(hedge.outer.nodes)}}}", f"F′ = {{{', '.join(hedge.inner.nodes)}}}"],
        "reason": why(graph, query, hedge),
        "verdict": "not identifiable",
        **headings(graph, query, worlds),
        "strip": strip_of(values, seen_value(worlds, signs), signs, axis_formula(query, worlds, signs), worlds),
    }


def point_state(
    graph: CausalGraph, query: Query, expression: Expression, worlds: Worlds, residual: float
) -> dict[str, Any]:
    """The state for an identifiable query: there is nothing to slide along.

    Args:
        graph, query: What was asked.
        expression: The estimand.
        worlds: One model of the graph, for the numbers.
        residual: How far the effect's gradient lies from the rows of the Jacobian of P(V).
    """
    values = worlds.effects[:, worlds.steered]
    told = f"P(V) leaves {query} no freedom: no null direction, the interval is "
    large = beside(expression_formula(query.term, 15), word(" = ", 15))
    return header("Same data, one answer: no hedge", [told, strong("a point"), "."], meta=f"{query} in {graph}") | {
        "kind": "point",
        "frames": 1,
        "direction": "both",
        "world": world_titles(query, worlds),
        "big": big_numbers(worlds),
        "joint": rounded(worlds.joint),
        "effects": rounded(worlds.effects),
        "values": rounded(values),
        "types": None,
        "rows": [],
        "tables": None,
        "drawn": [],
        "formulas": [large.state(str(query)), expression_formula(expression, 15).state(str(expression))],
        "proof": (
            "Move the tables of this model as you like, but keep P(V): to first order the answer stands still. The "
            f"part of its gradient outside the rows of ∂P(V)/∂θ is {power_of_ten(residual)} of it at most."
        ),
        "graph": graph_marks(graph, query, None),
        "notes": [],
        "reason": "Every hidden cause can be told from the effect: there is no hedge.",
        "verdict": "identified",
        **headings(graph, query, worlds),
        "strip": strip_of(values, seen_value(worlds, False), False, axis_formula(query, worlds, False), worlds),
    }


def sentence(state: Mapping[str, Any], a: int, b: int) -> Runs:
    """What the two chosen worlds have in common, and what not."""
    if state["kind"] == "point":
        return state["sentence"]
    one, other = strong(state["told"][a]), strong(state["told"][b])
    if a == b:
        return [state["same"][0], one, state["same"][1]]
    return [state["differ"][0], one, state["differ"][1], other, state["differ"][2]]


def drawn_shares(worlds: Worlds, count: int, sample: int) -> list[list[float]]:
    """The shares of the cells among `count` draws from P(V), once for world A and once for world B."""
    if not count:
        return []
    probability = np.clip(worlds.joint[0], 0, 1)
    generators = [np.random.default_rng([sample, world]) for world in (0, 1)]
    return [(each.multinomial(count, probability / probability.sum()) / count).tolist() for each in generators]


# --- words and numbers -------------------------------------------------------------------------------------------


def told_setting(query: Query, setting: Mapping[str, Any]) -> str:
    """The setting that the sentence is about: "Set X = 1 for everyone"."""
    done = [f"{v.name} = {setting[v.name]}" for v in query.treatments if v.name in setting]
    given = [f"{v.name} = {setting[v.name]}" for v in query.conditions if v.name in setting]
    among = f"those with {', '.join(given)}" if given else "everyone"
    return f"Set {', '.join(done)} for {among}" if done else f"Look at {among}"


def world_titles(query: Query, worlds: Worlds) -> list[str]:
    """What to say of each world: who is helped and harmed, or the answer of the query."""
    if worlds.types is not None:
        return [f" helps {100 * each[1]:.0f} %, harms {100 * each[2]:.0f} %" for each in worlds.types.sum(axis=1)]
    label = effect_label(query, worlds.settings[worlds.steered])
    happens = ", ".join(f"{name} = {value}" for name, value in worlds.outcome.items())
    return [f": {label} gives {happens} to {100 * value:.0f} %" for value in worlds.effects[:, worlds.steered]]


def big_numbers(worlds: Worlds) -> list[list[str]]:
    """The contrast of each world, or its one answer; its sign in a word, and its colour."""
    contrast = worlds.contrast
    if contrast is None:
        return [[f"{value:.2f}", "", "ink"] for value in worlds.effects[:, worlds.steered]]
    (y, *_) = worlds.outcome
    looks = {1: [f"raises {y}", "green-text"], -1: [f"lowers {y}", "vermilion-text"], 0: ["no effect", "ink"]}
    signs = [0 if abs(value) < 0.005 else int(math.copysign(1, value)) for value in contrast]
    return [[signed(float(value)), *looks[sign]] for value, sign in zip(contrast, signs, strict=True)]


def row_labels(query: Query, worlds: Worlds) -> list[list[str]]:
    """For each row of the types: who they are, and how many."""
    if worlds.types is None:
        return []
    (x,) = query.treatments
    return [[f"{x.name} = {row}", f"{100 * share:.0f} %"] for row, share in enumerate(worlds.types[0].sum(axis=1))]


def why(graph: CausalGraph, query: Query, hedge: Hedge) -> str:
    """The reason in a sentence."""
    x = " and ".join(hedge.treatments)
    if len(hedge.outer.nodes) == 2:
        return (
            f"A hidden cause moves {' and '.join(hedge.outer.nodes)} together; nothing observed tells its work from "
            f"that of {x} → {hedge.inner.nodes[-1]}."
        )
    return f"Hidden causes join all of F. What they do to F′ and what {x} does look alike in all that is observed."


def power_of_ten(gap: float) -> str:
    """The power of ten just above a gap: 10⁻¹⁵."""
    exponent = max(-16, math.floor(math.log10(gap)) + 1) if gap > 0 else -16
    return "10" + str(exponent).translate(SUPERSCRIPT)


def signed(value: float) -> str:
    """Two decimals with a sign."""
    text = f"{value:+.2f}".replace("-", "−")
    return "0.00" if text in ("−0.00", "+0.00") else text


def rounded(values: np.ndarray) -> list[Any]:
    """As nested lists for JSON; the drawings need no more than six decimals."""
    listed: list[Any] = (np.round(values, 6) + 0.0).tolist()
    return listed


# --- formulas, the strip ---------------------------------------------------------------------------------------------


def headings(graph: CausalGraph, query: Query, worlds: Worlds) -> dict[str, Any]:
    """The heads of the columns of data and effect, and the names of their bars."""
    lower = Probability(tuple(Variable(name) for name in graph.nodes))
    asked = tuple(v._replace(value=worlds.outcome[v.name]) for v in query.outcomes)
    general = Probability(
        asked, tuple(Variable(v.name) for v in query.conditions), tuple(Variable(v.name) for v in query.treatments)
    )
    cells = [",".join(map(str, cell)) for cell in worlds.cells]
    bars = [effect_label(query, setting) for setting in worlds.settings]
    return {
        "cells": cells,
        "bars": bars,
        "data_formula": expression_formula(lower, 13).state(str(lower)),
        "effect_formula": expression_formula(general, 13).state(str(general)),
        "axis_names": ",".join(graph.nodes),
    }


def effect_label(query: Query, setting: Mapping[str, Any]) -> str:
    """The name of an effect's bar: "do(1)", "do(1), 0"."""
    done = ",".join(str(setting[v.name]) for v in query.treatments if v.name in setting)
    given = [str(setting[v.name]) for v in query.conditions if v.name in setting]
    return ", ".join([f"do({done})"] * bool(done) + given)


def seen_value(worlds: Worlds, contrast: bool) -> float:
    """What a look at the data shows in place of the effect."""
    return float(worlds.seen[1] - worlds.seen[0] if contrast else worlds.seen[worlds.steered])


def axis_formula(query: Query, worlds: Worlds, contrast: bool) -> Formula:
    """What the strip measures."""

    def term(setting: Mapping[str, Any]) -> Formula:
        asked = tuple(v._replace(value=worlds.outcome[v.name]) for v in query.outcomes)
        done, given = (
            tuple(v._replace(value=setting[v.name]) for v in part) for part in (query.treatments, query.conditions)
        )
        return expression_formula(Probability(asked, given, done), 13)

    if contrast:
        return beside(term(worlds.settings[1]), word(" − ", 13), term(worlds.settings[0]))
    return term(worlds.settings[worlds.steered])


def strip_of(values: np.ndarray, seen: float, signs: bool, formula: Formula, worlds: Worlds) -> dict[str, Any]:
    """The strip along which the worlds are slid."""
    low, high = float(values[0]), float(values[-1])
    span, ticks = span_of(min(low, seen), max(high, seen))
    shown = signed if signs else "{:.2f}".format
    tick_digits = 1 if len(ticks) > 1 and ticks[1] - ticks[0] > 0.09 else 2
    ends = ["lowest", "highest"] if worlds.types is not None else ["the walk's end", "its other end"]
    return {
        "low": low,
        "high": high,
        "span": span,
        "ticks": [[tick, f"{tick:.{tick_digits}f}".replace("-", "−")] for tick in ticks],
        "ends": [f"{ends[0]} {shown(low)}", f"{ends[1]} {shown(high)}"] if high > low else [shown(low)],
        "seen": [seen, f"as seen {shown(seen)}"],
        "shown": [shown(float(value)) for value in values],
        "zero": signs,
        "formula": formula.state("effect"),
    }


def span_of(low: float, high: float) -> tuple[list[float], list[float]]:
    """The ends of an axis around an interval, and round ticks on it."""
    margin = max(0.04, 0.05 * (high - low))
    start, end = round(low - margin, 9), round(high + margin, 9)
    step = next(each for each in (0.02, 0.05, 0.1, 0.2, 0.5, 1.0) if (end - start) / each <= 8)
    ticks = [round(k * step, 10) + 0.0 for k in range(math.ceil(start / step), math.floor(end / step) + 1)]
    return [start, end], ticks


# --- sketches --------------------------------------------------------------------------------------------------------


def graph_marks(graph: CausalGraph, query: Query, hedge: Hedge | None) -> list[Mark]:
    """The graph with its roles; the hedge as two hulls about its nodes."""
    sketch = Sketch()
    wide, high = GRAPH
    columns = len({x for x, _ in places_in(graph, 0, 0, 1, 1).values()})
    radius = 16.0 if columns <= 2 else 13.0 if columns == 3 else 10.0
    margin = radius + 9
    places = places_in(graph, margin, margin + 8, wide - 2 * margin, high - 2 * margin - 28)
    curves = edge_curves(graph, places, radius)
    if hedge is not None:
        for part, reach, share in ((hedge.outer, radius + 8, 0.08), (hedge.inner, radius + 4, 0.2)):
            joined = {(a, "->", b) for a, b in part.directed} | {(a, "<->", b) for a, b in part.bidirected}
            drawn = [curve for (a, kind, b), curve in curves.items() if {(a, kind, b), (b, kind, a)} & joined]
            draw_hull(sketch, part.nodes, drawn, places, reach, share)
    draw_edges(sketch, curves, radius, colours={edge: "purple-text" for edge in curves if edge[1] == "<->"})
    roles = dict.fromkeys([v.name for v in query.conditions], "given")
    roles |= dict.fromkeys([v.name for v in query.outcomes], "outcome")
    roles |= dict.fromkeys([v.name for v in query.treatments], "treatment")
    draw_nodes(sketch, places, roles, radius)
    return sketch.marks


def small_tables(tables: Mapping[tuple[str, ...], np.ndarray]) -> dict[str, Any]:
    """The tables that move, as groups of small bars: where each stands, its formula, and the bars' heights by frame."""
    latents = [name for name in dict.fromkeys(part for key in tables for part in key) if name.startswith("U(")]
    short = {name: "U" if len(latents) == 1 else f"U{place}" for place, name in enumerate(latents, 1)}
    labels = [table_formula(key, short) for key in tables]
    counts = [values.shape[1] for values in tables.values()]
    wide, _, step = BARS
    for bar in (11.0, 9.0, 7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0):
        spots = flow([max(label.width, bar * count) for label, count in zip(labels, counts, strict=True)], wide)
        if max((row for _, row in spots), default=0) < 2:
            break
    bars = [
        [round(x + bar * index, 2), step * row + 16, bar - (1 if bar > 2 else 0.3)]
        for (x, row), count in zip(spots, counts, strict=True)
        for index in range(count)
    ]
    legend = ", ".join(f"{short[name]}: {name[2:-1].replace(', ', ' ↔ ')}" for name in latents)
    return {
        "labels": [[x, step * row + 10, label.state()] for (x, row), label in zip(spots, labels, strict=True)],
        "bars": bars,
        "heights": rounded(np.hstack(list(tables.values()))) if tables else [],
        "legend": legend,
    }


def table_formula(key: Sequence[str], short: Mapping[str, str]) -> Formula:
    """What a small table holds: P(Z=1 | X, U), or the shares P(U) of a latent variable."""
    name, *causes = key
    given = tuple(Variable(short.get(cause, cause)) for cause in causes)
    asked = Variable(short[name]) if name in short else Variable(name, 1)
    return expression_formula(Probability((asked,), given), 11)


def flow(widths: Sequence[float], room: float, gap: float = 16) -> list[tuple[float, int]]:
    """Boxes from left to right, in a new row where the next would not fit: (x, row) each."""
    spots, x, row = [], 0.0, 0
    for width in widths:
        if x and x + width > room:
            x, row = 0.0, row + 1
        spots.append((round(x, 2), row))
        x += width + gap
    return spots
