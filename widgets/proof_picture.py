"""The stage of a ProofExplorer in the static picture: the proof as boxes and lines or as a list, and one step apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .picture import Picture, number
from .sketch import draw_sketch, paint
from .text_metrics import fit, text_width, wrap

__all__ = ["draw_proof", "draw_words", "zone"]

State = Mapping[str, Any]
SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
FOLD = "… n steps: folded"
LEGEND = (("given", False, "given"), ("derived", False, "derived"), ("derived", True, "rests on the supposition"))


def zone(measures: Mapping[str, float], width: float) -> float:
    """Pixels for the drawing, left of the inspector."""
    return width - measures["inspector"] - 2 * 16 - 2 * measures["gap"]


def draw_proof(picture: Picture, measures: Mapping[str, float], state: State, sheet: Any, step: int) -> float:
    """Draw a proof with one of its steps chosen; returns the height."""
    room = zone(measures, picture.width)
    if state["kind"] == "list":
        draw_list(picture, measures, state, room, step)
    else:
        draw_graph(picture, measures, state["graph"], state["used"][step - 1], room, step)
    x = picture.width - 16 - measures["inspector"]
    picture.line(x - measures["gap"], 4, x - measures["gap"], measures["height"] - 8)
    with picture.group(x, 0):
        draw_sketch(picture, sheet)
    draw_verdict(picture, measures, state["verdicts"].get(str(step)), x)
    return measures["height"]


def draw_graph(
    picture: Picture, measures: Mapping[str, float], graph: State, used: Any, room: float, step: int
) -> None:
    """Boxes and lines; what comes after the chosen step is pale."""
    root = graph["shown"][str(step)]
    current = next(place for place, box in enumerate(graph["boxes"]) if box["step"] == root)
    first, last = window(graph, graph["boxes"][current]["row"])
    mapped = measures["map"] if graph["windows"] else 0
    if mapped:
        draw_map(picture, measures, graph, current, first, last)
    scale = min(1.0, (room - mapped) / graph["width"])
    x = 16 + mapped + max(0.0, (room - mapped - scale * graph["width"]) / 2)
    y = measures["top"] - scale * graph["rows"][first][0]
    y += 0 if mapped else max(0.0, (measures["graph"] - scale * graph["height"]) / 3)
    with picture.group(transform=f"translate({number(x)} {number(y)}) scale({scale:.3f})"):
        for link in graph["links"]:
            draw_link(picture, link, link["to"] == current, graph["boxes"][link["to"]]["step"] > root, first, last)
        above = {link["from"] for link in graph["links"] if link["to"] == current}
        for place, box in enumerate(graph["boxes"]):
            if first <= box["row"] <= last:
                role = "chosen" if place == current else "parent" if place in above else ""
                literals = [at for parent, marked in used if parent == box["step"] for at in marked]
                draw_box(picture, graph, box, role, box["step"] > root, literals if role == "parent" else [])
    draw_legend(picture, measures, graph, room)


def window(graph: State, row: int) -> tuple[int, int]:
    """The rows that are seen when this one is chosen."""
    if not graph["windows"]:
        return 0, len(graph["rows"]) - 1
    first, last = graph["windows"][row]
    return first, last


def draw_link(picture: Picture, link: State, chosen: bool, later: bool, first: int, last: int) -> None:
    """A line, as far as its rows are seen."""
    look: dict[str, Any] = {"stroke": "grey", "thickness": 1.25}
    if link["supposed"]:
        look = {"stroke": "purple", "thickness": 1.75, "dash": "5 3"}
    if chosen:
        look |= {"stroke": "blue", "thickness": 2.5}
    for row, path in link["pieces"]:
        if first <= row < last:
            picture.path(path, fill="none", opacity=0.4 if later else None, **look)


def draw_box(picture: Picture, graph: State, box: State, role: str, later: bool, literals: Sequence[int]) -> None:
    """A step: its number, and its clause with the literals struck through that cancel."""
    x, y, wide, high = box["box"]
    size = graph["size"]
    look = box_look(box, role)
    picture.rect(x, y, wide, high, **{name: paint(value) for name, value in look.items()})
    tone = "blue-text" if role else "quiet"
    picture.text(x - 5, y + high / 2 + 0.36 * size, str(box["step"]), size=size, anchor="end", fill=tone,
                 weight=600 if role else None)  # fmt: skip
    if box["kind"] == "empty":
        picture.rect(x + 10, y + 10, wide - 20, high - 20, fill="none", stroke="vermilion", thickness=2)
    for line, pieces in enumerate(box["lines"]):
        base = y + 4 + graph["pitch"] * (line + 1) - 0.27 * graph["pitch"]
        for text, literal, at in pieces:
            struck = literal in literals
            ink = "vermilion-text" if struck else "quiet" if later or literal < 0 else "ink"
            picture.text(
                x + 7 + at, base, text, size=size, fill=ink, weight=600 if role == "chosen" and literal >= 0 else None
            )
            if struck:
                middle = base - 0.33 * size
                end = x + 9 + at + text_width(text, size)
                picture.line(x + 5 + at, middle, end, middle, stroke="vermilion", thickness=1.5, opacity=0.65)


def box_look(box: State, role: str) -> dict[str, Any]:
    """How the frame of a step looks: given, derived, resting on the supposition; chosen or its parent."""
    look: dict[str, Any] = {"fill": "ground", "stroke": "grey", "thickness": 1.25, "radius": 6}
    if box["kind"] == "given":
        look |= {"fill": "grey:0.16", "stroke": "none"}
    if box["supposed"]:
        look |= {"stroke": "purple", "thickness": 1.5, "dash": "5 3"}
        look |= {"fill": "purple:0.14"} if box["kind"] == "given" else {}
    if box["hides"]:
        look |= {"stroke": "ink", "thickness": 1.25, "dash": "1.5 2.5"}
    if box["kind"] == "empty":
        look |= {"stroke": "vermilion", "thickness": 2, "dash": None}
    if role:
        look |= {"stroke": "blue", "thickness": 2.5 if role == "chosen" else 2}
    if role == "chosen" and box["kind"] != "empty":
        look |= {"fill": "blue:0.1"}
    return look


def draw_map(
    picture: Picture, measures: Mapping[str, float], graph: State, current: int, first: int, last: int
) -> None:
    """The whole proof, small, with the window that is seen."""
    scale = min(measures["graph"] / graph["height"], 0.5)
    across = min((measures["map"] - 18) / graph["width"], scale)
    for place, box in enumerate(graph["boxes"]):
        x, y, wide, high = box["box"]
        fill = "blue" if place == current else "purple" if box["supposed"] else "grey"
        picture.rect(18 + across * x, measures["top"] + scale * y, across * wide, max(2.0, scale * high - 1), fill=fill,
                     opacity=None if place == current else 0.55)  # fmt: skip
    top, (low, high) = graph["rows"][first][0], graph["rows"][last]
    picture.rect(16, measures["top"] + scale * top - 2, across * graph["width"] + 4, scale * (low + high - top) + 4,
                 fill="none", stroke="blue", thickness=1.5, radius=3)  # fmt: skip


def draw_legend(picture: Picture, measures: Mapping[str, float], graph: State, room: float) -> None:
    """What the frames mean, and the short names."""
    x, y = 16.0, measures["height"] - 12
    for kind, supposed, name in LEGEND:
        look = box_look({"kind": kind, "supposed": supposed, "hides": []}, "")
        picture.rect(x, y - 9, 16, 11, **{key: paint(value) for key, value in look.items()} | {"radius": 3})
        picture.text(x + 22, y, name, **SMALL)
        x += 22 + text_width(name, 11) + 16
    if graph["folded"]:
        picture.text(x, y, FOLD, **SMALL)
        x += text_width(FOLD, 11) + 16
    if graph["key"]:
        picture.text(x, y, fit(graph["key"], 16 + room - x, 11), size=11)


def draw_list(picture: Picture, measures: Mapping[str, float], state: State, room: float, step: int) -> None:
    """The steps one below the other, those around the chosen one."""
    many = int(measures["lines"])
    first = max(0, min(step - 1 - many // 2, state["count"] - many))
    for line, row in enumerate(state["rows"][first : first + many]):
        draw_row(picture, measures, row, first + line + 1, state["parents"][step - 1], step, line, room)
    picture.text(
        16,
        measures["height"] - 12,
        f"steps {first + 1} to {min(first + many, state['count'])} of {state['count']}{state['note']}",
        **SMALL,
    )


def draw_row(
    picture: Picture, measures: Mapping[str, float], row: Any, own: int, parents: Any, step: int, line: int, room: float
) -> None:
    """A step of the list: number, clause, reason."""
    clause, reason, kind = row
    y = measures["top"] + measures["pitch"] * line
    if own == step or own in parents:
        picture.rect(
            16, y, room, measures["pitch"] - 1, fill=paint("blue:0.14" if own == step else "blue:0.06"), radius=4
        )
    tone = "blue-text" if own == step or own in parents else "quiet"
    picture.text(42, y + 14, str(own), anchor="end", fill=tone, weight=600 if own == step else None)
    picture.rect(
        48, y + 4, 3, measures["pitch"] - 9, fill={"supposed": "purple", "given": "grey", "derived": "ink"}[kind]
    )
    half = (0.66 if reason else 1) * (room - 44)
    ink = "quiet" if own > step else "ink"
    picture.text(58, y + 14, fit(clause, half - 12, bold=True), fill=ink, weight=600 if own == step else None)
    picture.text(58 + half, y + 14, fit(reason, room - 44 - half, 11), **SMALL)


def draw_verdict(picture: Picture, measures: Mapping[str, float], found: Any, x: float) -> None:
    """What the check of the chosen step has found, in the place kept for it."""
    y = measures["height"] - 84
    if not found:
        picture.text(x, y + 68, "Is this right? Press the button, or C.", **SMALL)
        return
    tone = found["tone"]
    picture.rect(x, y, measures["inspector"], 76, fill=paint(f"{tone}:0.12"), radius=6)
    picture.circle(x + 18, y + 17, 8, fill=f"{tone}-fill")
    mark = {"green": "m-3.5 0l2.5 3l4.5 -6", "vermilion": "m-3 -3l6 6m0 -6l-6 6", "amber": "m0 -4v5m0 2.5v0.5"}[tone]
    picture.path(f"M{number(x + 18)} {number(y + 17)}{mark}", fill="none", stroke="on-fill", thickness=1.8)
    picture.text(x + 34, y + 21.5, found["title"], weight=600, fill=f"{tone}-text")
    for line, text in enumerate(found["lines"][:3]):
        picture.text(x + 34, y + 37 + 14 * line, text, **SMALL)


def draw_words(picture: Picture, state: State) -> float:
    """An answer without a proof: a panel with words."""
    width = picture.width - 32
    lines = [part for line in state["lines"] for part in wrap(line, width - 64)]
    high = 32 + 20 * len(lines)
    picture.rect(16, 8, width, high, fill=paint(f"{state['tone']}:0.1"), radius=6)
    picture.rect(16, 8, 4, high, fill=state["tone"])
    for line, text in enumerate(lines):
        picture.text(40, 38 + 20 * line, text)
    return high + 24
