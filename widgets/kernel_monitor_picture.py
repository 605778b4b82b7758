"""The stage of a KernelMonitor: the processes with their last steps and budgets, and the questions to the person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentos_lab.kernel import Question

from .kernel_monitor_panel import draw_panel, panel_height
from .kernel_monitor_state import WINDOW, Line, Moment, Use, short_number
from .schedule_marks import boxes_path, draw_arrival, draw_end, draw_waits, outlined
from .sketch_stage import Stage, fitting
from .text_metrics import fit, text_width

__all__ = ["MOST_LINES", "MOST_QUESTIONS", "monitor_stage", "options_shown", "shown_lines"]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
TOP, ROW = 22.0, 22.0
MOST_LINES = 14  # processes that are drawn
MOST_QUESTIONS = 3  # that are drawn
QUESTION, LEAST = 32.0, 120.0  # height of a question, and pixels for its text


def monitor_stage(
    width: float, moment: Moment, selected: str, answers: Mapping[str, Any], kills: Sequence[str]
) -> dict[str, Any]:
    """The stage as data: marks, and the places that can be clicked.

    Args:
        width: Pixels.
        moment: What is to be seen.
        selected: Number of the process that is looked at.
        answers, kills: What the reader has answered and killed before; a click adds to it.
    """
    stage = Stage(width)
    side = max(200.0, 0.27 * width)
    right = width - 16 - side - 24
    lines = shown_lines(moment, selected)
    rows = max(len(lines), 6)
    draw_lines(stage, 16, right, lines, moment, selected)
    bottom = max(TOP + ROW * rows + 22, panel_height(moment))
    stage.line(right + 12, 4, right + 12, bottom - 6)
    draw_panel(stage, width - 16 - side, side, moment, selected, kills)
    stage.line(16, bottom, width - 16, bottom)
    return stage.state(draw_questions(stage, bottom + 8, moment.questions, answers))


def shown_lines(moment: Moment, selected: str) -> list[Line]:
    """As many processes as there is room for: the living first, and the selected one in any case; by descent."""
    order = sorted(moment.lines, key=lambda line: (line.pid != selected, not line.living))
    kept = {line.pid for line in order[:MOST_LINES]}
    return [line for line in moment.lines if line.pid in kept]


# --- processes -----------------------------------------------------------------------------------------------------


def draw_lines(stage: Stage, left: float, right: float, lines: Sequence[Line], moment: Moment, selected: str) -> None:
    """A row a process: its name, what it does, what it did in the last steps, and how much of its budget is left."""
    whole = right - left
    doing, past, tokens, budget = (left + share * whole for share in (0.17, 0.48, 0.805, 0.84))
    start = max(0, moment.now - WINDOW)
    scale = (tokens - past - 46) / WINDOW
    stage.text(left + 4, 13, "Process", **SMALL)
    stage.text(doing + 20, 13, "what it does", **SMALL)
    stage.text(past, 13, f"the last {WINDOW} steps", **SMALL)
    stage.text(tokens, 13, "tokens", anchor="end", **SMALL)
    stage.text(budget, 13, fitting(right - budget, "tightest budget", "budget"), **SMALL)
    stage.line(left, 18, right, 18)
    bottom = TOP + ROW * max(len(lines), 6)
    ticks = [(tick, past + scale * (tick - start)) for tick in range(-(-start // 20) * 20, start + WINDOW + 1, 20)]
    for _, x in ticks:
        stage.line(x, 18, x, bottom + 3, opacity=0.7)
    for row, line in enumerate(lines):
        y = TOP + ROW * row
        mine = line.pid == selected
        if mine:
            stage.rect(left, y, right - left, ROW, fill="blue:0.1", radius=4)
            stage.rect(left - 5, y, 3, ROW, fill="blue")
        x = left + 4 + 10 * min(line.depth, 3)
        name = fit(line.name, doing - x - 6, bold=mine)
        stage.text(x, y + 15.5, name, weight=600 if mine else None, fill="ink" if line.living else "quiet")
        draw_mark(stage, line.mark, doing + 2, y + ROW / 2)
        tone = {"failed": "vermilion-text", "ask": "amber-text", "done": "quiet"}.get(line.mark, "ink")
        stage.text(doing + 20, y + 15.5, fit(line.doing, past - doing - 30, 12), size=12, fill=tone)
        draw_past(stage, past, y + 4, scale, start, line)
        stage.text(tokens, y + 15.5, f"{line.tokens:,}", size=12, anchor="end")
        draw_budget(stage, budget, y, right - budget - 4, line)
        to = "" if mine else line.pid
        stage.target((left, y, right - left, ROW), f"{line.name}, process {line.pid}: {line.doing}", {"selected": to},
                     ("processes", row, 0), current=mine)  # fmt: skip
    now = past + scale * (moment.now - start)
    stage.line(now, 19, now, bottom + 3, stroke="ink", thickness=1.25)
    stage.text(now, bottom + 15, str(moment.now), size=11, weight=600, anchor="middle")
    for tick, x in ticks:
        if abs(x - now) > 22:
            stage.text(x, bottom + 15, str(tick), anchor="middle", **SMALL)
    if len(moment.lines) > len(lines):
        stage.text(left + 4, bottom + 15, f"{len(lines)} of {len(moment.lines)} processes", **SMALL)


def draw_mark(stage: Stage, mark: str, x: float, y: float) -> None:
    """A sign of what a process does; its place is 12 pixels wide."""
    if mark == "decode":
        stage.rect(x, y - 6, 12, 12, fill="blue", radius=2)
    elif mark == "wait":
        draw_waits(stage, [(x, y - 4, 12, 8)])
    elif mark in ("tool", "idle"):
        stage.rect(x + 0.5, y - 5.5, 11, 11, **outlined(mark))
    elif mark == "ask":
        stage.circle(x + 6, y, 7, fill="amber-fill")
        stage.text(x + 6, y + 4, "?", size=11, weight=600, fill="on-fill", anchor="middle")
    elif mark == "coming":
        draw_arrival(stage, x + 9, y)
    elif mark == "ready":
        stage.circle(x + 6, y, 3.6, fill="ground", stroke="ink", thickness=1.4)
    else:
        draw_end(stage, x + 6, y, mark)


def draw_past(stage: Stage, left: float, top: float, scale: float, start: int, line: Line) -> None:
    """The last steps of a process, as in a ScheduleView."""

    def boxes(kind: str, high: float) -> list[tuple[float, float, float, float]]:
        return [
            (left + scale * (first - start), top + 7 - high / 2, scale * (end - first), high)
            for which, first, end in line.past
            if which == kind
        ]

    if waits := boxes("wait", 7):
        draw_waits(stage, waits)
    if decodes := boxes("decode", 14):
        stage.path(boxes_path(decodes), fill="blue")
    for kind in ("tool", "idle"):
        for x, y, wide, high in boxes(kind, 13):
            stage.rect(x + 0.5, y, max(0.5, wide - 1), high, **outlined(kind))


def draw_budget(stage: Stage, x: float, y: float, wide: float, line: Line) -> None:
    """The part of its budget that is nearest to its end."""
    use = line.tightest
    if use is None:
        stage.text(x, y + 15, "no limit", **SMALL)
        return
    told = f"{short_number(use.used)} of {short_number(use.limit)} {use.what}"
    short = f"{short_number(use.used)} / {short_number(use.limit)}"
    stage.text(x, y + 11, fitting(wide, told, short), **SMALL)
    draw_bar(stage, x, y + 15, wide, use)


def draw_bar(stage: Stage, x: float, y: float, wide: float, use: Use) -> None:
    """How much of a budget is used; it warns from four fifths on."""
    colour = "blue" if use.share < 0.8 else "amber" if use.share < 1 else "vermilion"
    stage.rect(x, y, wide, 4, fill="hairline", radius=2)
    if use.used:
        stage.rect(x, y, max(2.0, wide * use.share), 4, fill=colour, radius=2)


# --- questions -----------------------------------------------------------------------------------------------------


def draw_questions(stage: Stage, top: float, questions: Sequence[Question], answers: Mapping[str, Any]) -> float:
    """What the person is asked, the oldest first, with the answers that can be clicked; returns where it ends."""
    if not questions:
        stage.text(20, top + 15, "No open question.", **SMALL)
        return top + 24
    for row, question in enumerate(questions[:MOST_QUESTIONS]):
        y = top + QUESTION * row
        stage.rect(16, y, stage.width - 32, QUESTION - 4, fill="amber:0.14", radius=6)
        draw_mark(stage, "ask", 24, y + 14)
        stage.text(46, y + 18.5, question.name, weight=600)
        left, x = question_left(question), stage.width - 22
        for column, option in reversed(list(enumerate(options_shown(stage.width, question)))):
            x -= answer_width(option)
            draw_answer(stage, (x, y + 3, answer_width(option), 22), question, option, answers, (row, column))
            x -= 8
        text = f"may it {question.text}?" if question.permission else question.text
        stage.text(left, y + 18.5, fit(text, x - left - 8))
    more = len(questions) - MOST_QUESTIONS
    bottom = top + QUESTION * min(len(questions), MOST_QUESTIONS)
    if more > 0:
        stage.text(20, bottom + 12, f"and {more} more", **SMALL)
    return bottom + (20 if more > 0 else 4)


def options_shown(width: float, question: Question) -> tuple[str, ...]:
    """The answers that have a button; none where not all have room, and a field takes the answer instead."""
    needed = sum(answer_width(option) + 8 for option in question.options)
    return question.options if question_left(question) + LEAST + needed <= width - 22 else ()


def question_left(question: Question) -> float:
    return 54 + text_width(question.name, bold=True)


def answer_width(option: str) -> float:
    return text_width(option, bold=True) + 26


def draw_answer(
    stage: Stage,
    box: tuple[float, float, float, float],
    question: Question,
    option: str,
    answers: Mapping[str, Any],
    place: tuple[int, int],
) -> None:
    """A button with an answer."""
    x, y, wide, high = box
    fill = {"allow": "green-fill", "deny": "vermilion-fill"}.get(option if question.permission else "", "")
    if fill:
        stage.rect(x, y, wide, high, fill=fill, radius=6)
    else:
        stage.rect(x + 0.5, y + 0.5, wide - 1, high - 1, fill="ground", stroke="grey", thickness=1, radius=6)
    label = option.capitalize() if fill else option
    stage.text(x + wide / 2, y + 15.5, label, weight=600, anchor="middle", fill="on-fill" if fill else "ink")
    stage.target(box, f"{question.name}: {label}", {"answers": {**answers, str(question.number): option}},
                 ("answers", *place))  # fmt: skip
