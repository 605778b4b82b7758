"""The stage of a SatTrail: the trail by levels, the clauses, the implication graph, and the level over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentos_lab.logic import CNF, SatTrace
from agentos_lab.logic.satisfiability_trace import Conflict, Learned, TrailEntry

from .picture import number
from .runs import counted
from .sat_trail_clauses import draw_clauses
from .sat_trail_graph import draw_implications
from .sat_trail_moment import Moment, assigned_at, level_after
from .sketch_stage import Stage, fitting
from .text_metrics import fit, text_width

__all__ = ["sat_trail_stage", "search_levels"]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
TOP, BOTTOM = 318, 396  # where the level over time begins, and where the stage ends
LINE, CHIP, LABEL = 26, 20, 50  # of the trail: distance of lines, height of a chip, room for "level 3"
LINES = 10  # of the trail
MOST_CROSSES = 60  # conflicts that can be clicked in the level over time


def sat_trail_stage(width: float, trace: SatTrace, moment: Moment, levels: Sequence[int]) -> dict[str, Any]:
    """The stage as data: marks, and the places that can be clicked.

    Args:
        width: Pixels.
        trace, moment: The search, and the moment that is shown.
        levels: The level of the search before the first event and after each.
    """
    stage = Stage(width)
    free = width - 32 - 48
    columns = (0.3 * free, 0.32 * free, 0.38 * free)
    lefts = (16.0, 40 + columns[0], 64 + columns[0] + columns[1])
    for left in lefts[1:]:
        stage.line(left - 12, 4, left - 12, TOP - 12)
    assigned = assigned_at(trace, moment.position)
    draw_trail(stage, lefts[0], columns[0], trace.cnf, moment, assigned)
    draw_clauses(stage, lefts[1], columns[1], TOP - 14, trace, moment)
    draw_reasons(stage, lefts[2], columns[2], trace.cnf, moment, assigned)
    stage.line(16, TOP, width - 16, TOP)
    draw_levels(stage, width, trace, moment, levels)
    return stage.state(BOTTOM)


# --- the trail -----------------------------------------------------------------------------------------------------


def trail_lines(cnf: CNF, moment: Moment, room: float) -> list[tuple[int, bool, list[tuple[TrailEntry, bool, float]]]]:
    """The trail as lines: the level, whether the line is its first, and (entry, still there, width of its chip)."""
    dropped = [(entry, False) for entry in moment.dropped]
    entries = sorted([(entry, True) for entry in moment.trail] + dropped, key=lambda each: each[0].level)
    # Level 0 has its line even when it is empty: the search may jump back to it.
    lines: list[tuple[int, bool, list[tuple[TrailEntry, bool, float]]]] = [(0, True, [])]
    used = 0.0
    for entry, there in entries:
        wide = min(text_width(cnf.text(entry.literal), bold=True) + 16, room)
        new = lines[-1][0] != entry.level
        if new or used + wide > room:
            lines.append((entry.level, new, []))
            used = 0.0
        lines[-1][2].append((entry, there, wide))
        used += wide + 5
    return lines


def draw_trail(stage: Stage, x: float, width: float, cnf: CNF, moment: Moment, assigned: Mapping[int, int]) -> None:
    """The true literals, a line for each level: decisions filled, what they force beside them."""
    stage.text(x, 16, "Trail", weight=600)
    stage.text(x + 42, 16, fitting(width - 42, "filled: decided; pale: forced", "filled: decided"), **SMALL)
    lines = trail_lines(cnf, moment, width - LABEL)
    last = getattr(moment.event, "literal", None)
    here = next(
        (n for n, (_, _, chips) in enumerate(lines) if any(e.literal == last for e, _, _ in chips)), len(lines) - 1
    )
    start = max(0, min(here - LINES + 3, len(lines) - LINES))
    if start:
        stage.text(x, TOP - 14, f"{start} lines above", **SMALL)
    heights: dict[int, float] = {}
    for row, (level, first, chips) in enumerate(lines[start : start + LINES]):
        y = 30 + LINE * row
        if first:
            stage.text(x, y + 14.5, f"level {level}", **SMALL)
            heights[level] = y + CHIP / 2
        left = x + LABEL
        if not chips:
            stage.text(left, y + 14.5, "nothing yet", **SMALL)
        for column, (entry, there, wide) in enumerate(chips):
            draw_chip(
                stage, (left, y, wide, CHIP), cnf.text(entry.literal), entry, there, entry.literal == last and there
            )
            if entry.literal in assigned:
                why = f"by {cnf.clause_text(entry.reason)}" if entry.reason else "decided"
                stage.target((left, y, wide, CHIP), f"{cnf.text(entry.literal)}, level {entry.level}, {why}",
                             {"position": assigned[entry.literal]}, ("trail", row, column))  # fmt: skip
            left += wide + 5
    event = moment.event
    if isinstance(event, Learned) and event.level < event.from_level:
        draw_jump(stage, x, heights, event)


def draw_chip(
    stage: Stage, box: tuple[float, float, float, float], text: str, entry: TrailEntry, there: bool, latest: bool
) -> None:
    """One literal of the trail; what was just dropped is dashed and struck out."""
    x, y, wide, high = box
    decided = entry.reason is None
    radius = 2 if decided else 10
    if not there:
        stage.rect(x, y, wide, high, radius=radius, fill="none", stroke="grey", thickness=1, dash="3 3")
    elif decided:
        stage.rect(x, y, wide, high, radius=radius, fill="blue-fill")
    else:
        stage.rect(x, y, wide, high, radius=radius, fill="wash", stroke="hairline", thickness=1)
    fill = "quiet" if not there else "on-fill" if decided else "ink"
    stage.text(x + wide / 2, y + 14.5, fit(text, wide - 8, bold=True), anchor="middle", fill=fill,
               weight=600 if decided and there else None)  # fmt: skip
    if not there:
        stage.line(x + 4, y + high / 2, x + wide - 4, y + high / 2, stroke="grey")
    if latest:
        stage.rect(x - 3, y - 3, wide + 6, high + 6, radius=radius + 3, fill="none", stroke="blue", thickness=2)


def draw_jump(stage: Stage, x: float, heights: Mapping[int, float], event: Learned) -> None:
    """An arrow back from the level of the conflict to the one where the learned clause forces a literal."""
    start = heights.get(event.from_level)
    end = heights.get(event.level)
    if start is None or end is None:
        return
    stage.path(f"M{number(x - 2)} {number(start)}C{number(x - 16)} {number(start)} {number(x - 16)} {number(end)} "
               f"{number(x - 4)} {number(end)}", fill="none", stroke="vermilion", thickness=2)  # fmt: skip
    stage.head((x - 1, end), (x - 9, end), "vermilion", size=7)


# --- the implication graph and the level over time -----------------------------------------------------------------


def draw_reasons(stage: Stage, x: float, width: float, cnf: CNF, moment: Moment, assigned: Mapping[int, int]) -> None:
    """The implication graph with its heading, and what is learned from it."""
    conflict = bool(moment.graph.conflict)
    stage.text(x, 16, "Why there is a conflict" if conflict else "What has forced what", weight=600)
    stage.text(
        x, 33, fitting(width, "An arrow: helped to force. Underlined: a decision.", "Underlined: a decision."), **SMALL
    )
    learned = moment.learned
    draw_implications(stage, (x, 44, width, 208 if conflict else 250), moment, cnf, assigned)
    if not learned:
        return
    if learned.clause:
        uip = cnf.text(-learned.clause[0])
        passed = fitting(width, f"Every way from decision to conflict passes {uip}.", f"Every way passes {uip}.")
        chain = " → ".join(cnf.text(pivot) for pivot, _ in learned.resolved) or "nothing"
        told = [passed, f"clause {learned.number}: resolved on {chain}"]
    else:
        told = ["Nothing was supposed: there is no way out."]
    for place, line in enumerate(told):
        stage.text(x, 270 + 16 * place, fit(line, width, 11), **SMALL)
    stage.text(x, TOP - 14, fit(f"Learned: {cnf.clause_text(learned.clause)}", width, bold=True), weight=600,
               fill="blue-text")  # fmt: skip


def draw_levels(stage: Stage, width: float, trace: SatTrace, moment: Moment, levels: Sequence[int]) -> None:
    """The level of the search over its events, with a cross at each conflict."""
    left, right, base, high = 76.0, width - 24, BOTTOM - 21.0, 42.0
    count, most = max(1, len(trace)), max([*levels, 1])

    def place(position: int, level: float) -> tuple[float, float]:
        return left + (right - left) * position / count, base - high * level / most

    stage.text(16, base - high / 2 + 4, "Level", weight=600)
    stage.text(left - 8, base + 4, "0", anchor="end", **SMALL)
    stage.text(left - 8, base - high + 4, str(most), anchor="end", **SMALL)
    stage.line(left, base, right, base)
    d = f"M{number(left)} {number(base)}"
    for position, level in enumerate(levels[1:], 1):
        if level != levels[position - 1] or position == len(trace):
            x, y = place(position, level)
            d += f"H{number(x)}V{number(y)}"
    stage.path(d, fill="none", stroke="ink", thickness=1.4, join="round")
    conflicts = [place for place, event in enumerate(trace, 1) if isinstance(event, Conflict)]
    for column, position in enumerate(conflicts[:MOST_CROSSES]):
        x, y = place(position, levels[position])
        stage.cross(x, y, reach=3.5)
        stage.target((x - 6, y - 6, 12, 12), f"conflict {column + 1} of {len(conflicts)}, event {position}",
                     {"position": position}, ("conflicts", 0, column), current=position == moment.position)  # fmt: skip
    x, y = place(moment.position, levels[moment.position])
    stage.line(x, base + 5, x, base - high - 5, stroke="blue", thickness=1.6)
    stage.circle(x, y, 4.5, fill="blue-fill", stroke="ground", thickness=1.2)
    told = f"{counted(len(trace), 'event')}, {counted(len(conflicts), 'conflict')}"
    stage.text(right, base + 14, told, anchor="end", **SMALL)


def search_levels(trace: SatTrace) -> list[int]:
    """The level of the search at the beginning and after each event."""
    levels = [0]
    for event in trace:
        levels.append(level_after(event, levels[-1]))
    return levels
