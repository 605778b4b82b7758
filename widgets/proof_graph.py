"""A proof as boxes and lines, as data: texts cut to fit, long proofs folded, high ones shown in windows."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from agentos_lab.logic import Proof
from agentos_lab.logic.proof import NEGATED_GOAL, ProofStep

from .proof_fold import folds
from .proof_layout import Box, Placed, place_boxes
from .proof_short_names import key_text, short_names, shortened
from .text_metrics import fit, text_width

__all__ = ["FOLDED", "LISTED", "MAP", "graph_state", "rests_on_goal", "windows"]

FOLDED = 25  # steps; beyond, lemmas are folded
LISTED = 60  # steps; beyond, the proof is shown as a list
MAP = 64  # pixels at the left for the map of a proof that is too high to be seen at once
PADDING, NUMBER_GAP = 7, 5
LINES = 4  # of a clause in a box
SHRUNK = 1.12  # a drawing that is wider than its place by so much is made smaller, not cut
SIZES = ((13, 190), (11, 170), (11, 128), (11, 96), (11, 72))  # type, and the widest text in a box


def rests_on_goal(proof: Proof) -> frozenset[int]:
    """The steps that have the negated goal among their ancestors."""
    found: set[int] = set()
    for step in proof:
        if step.formula_name == NEGATED_GOAL or any(parent.step in found for parent in step.parents):
            found.add(step.number)
    return frozenset(found)


def graph_state(proof: Proof, room: float, height: float, opened: Collection[int] = ()) -> dict[str, Any]:
    """The drawing of a proof.

    Args:
        proof: What is drawn.
        room, height: Pixels for it; a proof that is higher is shown in windows of whole rows.
        opened: The folded lemmas that the reader has opened.
    """
    parents = {step.number: tuple(dict.fromkeys(parent.step for parent in step.parents)) for step in proof}
    supposed = rests_on_goal(proof)
    folded = folds(parents, supposed, FOLDED, opened)
    hidden = {number for inside in folded.values() for number in inside}
    visible = [step for step in proof if step.number not in hidden]
    above = {
        step.number: tuple(
            sorted(
                {p for each in (step.number, *folded.get(step.number, ())) for p in parents[each]}
                - folded.get(step.number, frozenset())
            )
        )
        for step in visible
    }
    tries = [
        (True, 13, 190.0, 34.0),
        *((True, *each, 20.0) for each in SIZES),
        *((False, *each, 20.0) for each in SIZES),
    ]

    def fitted(names: Mapping[str, str]) -> tuple[dict[int, Any], Placed, int, float]:
        """The largest drawing that fits, with short names for some constants: lines, places, type, pixels for it."""
        for whole, size, widest, row_gap in tries:
            space = room if whole else room - MAP

            def drawn(texts: Mapping[int, float], size: int = size, space: float = space, gap: float = row_gap) -> Any:
                lines = {step.number: box_lines(step, size, texts[step.number], folded, names) for step in visible}
                boxes = {step.number: _box(step, lines[step.number], size, above, supposed) for step in visible}
                return lines, place_boxes(boxes, space, gap)

            lines, placed = drawn({step.number: widest for step in visible})
            if placed.width <= SHRUNK * space and (not whole or placed.height <= height):
                break
        wider, again = drawn(_roomier(placed, widest, space))  # where a row has room, its texts need not be cut
        if again.width <= max(space, placed.width) and again.height <= placed.height:
            lines, placed = wider, again
        return lines, placed, size, space

    names: dict[str, str] = {}
    found = fitted(names)
    if (cut := _cut(found[0])) and (short := short_names(proof)):
        shorter = fitted(short)
        if _cut(shorter[0]) < cut:
            names, found = short, shorter
    lines, placed, size, space = found
    return _drawing(proof, placed, lines, size, folded, supposed, height, space) | {"key": key_text(names)}


def _cut(lines: Mapping[int, list[list[list[Any]]]]) -> int:
    """How many literals do not stand there whole."""
    return sum("…" in text for box in lines.values() for line in box for text, number, _ in line if number != -2)


def _roomier(placed: Placed, widest: float, space: float) -> dict[int, float]:
    """How wide the texts of each step may be if the boxes of a row share the room that is left in it."""
    texts: dict[int, float] = {}
    for row in range(len(placed.rows)):
        beside = [box for box in placed.boxes if box.row == row]
        taken = sum(box.left + box.width / 2 + 12 for box in beside)
        for box in beside:
            more = widest + max(0.0, 0.85 * space - taken) / len(beside)
            texts[box.step] = min(texts.get(box.step, 210.0), more)
    return texts


def box_lines(
    step: ProofStep, size: int, widest: float, folded: Mapping[int, Collection[int]], names: Mapping[str, str]
) -> list[list[list[Any]]]:
    """What stands in a box, line by line: pieces of text, the number of their literal (below 0: none), their place."""
    texts = [fit(str(shortened(literal, names)), widest, size, bold=True) for literal in step.literals]
    lines: list[list[list[Any]]] = []
    many = len(texts) > 3
    for number, text in enumerate(texts):
        shown = f"{text} ∨" if number + 1 < len(texts) else text
        wide = text_width(shown, size, bold=True)
        end = _end(lines[-1], size) + 4 if lines else 0.0
        if many and lines and end + wide <= widest:
            lines[-1].append([text, number, end])
        else:
            lines.append([[text, number, 0.0]])
        if shown != text:
            lines[-1].append(["∨", -1, _end(lines[-1], size) + 4])
    if len(lines) > LINES:
        seen = {piece[1] for line in lines[: LINES - 1] for piece in line}
        left = len(texts) - len(seen - {-1})
        lines[LINES - 1 :] = [[[f"{left} more …", -1, 0.0]]]
    if step.number in folded:
        lines.append([[f"… {len(folded[step.number])} steps", -2, 0.0]])
    return lines


def _end(line: list[list[Any]], size: int) -> float:
    text, _, at = line[-1]
    return float(at) + text_width(text, size, bold=True)


def _box(
    step: ProofStep, lines: list[list[list[Any]]], size: int, above: Mapping[int, tuple[int, ...]], supposed: Any
) -> Box:
    wide = max((_end(line, size) for line in lines), default=18.0) + 2 * PADDING
    high = max(1, len(lines)) * _line_height(size) + 8 if step.literals else 32.0
    label = text_width(str(step.number), size, bold=True) + NUMBER_GAP
    return Box(step.number, wide, high, label, above[step.number], step.number in supposed)


def _line_height(size: int) -> int:
    return 17 if size == 13 else 14


def windows(rows: tuple[tuple[float, float], ...], height: float) -> list[tuple[int, int]]:
    """For each row, the first and last row of the window that shows it with as much around it as goes in."""
    found = []
    for row in range(len(rows)):
        first = last = row
        stuck = 0
        while stuck < 2:  # in turns one row above and one below
            one, other = (first - 1, last) if (last - first + stuck) % 2 == 0 else (first, last + 1)
            if one >= 0 and other < len(rows) and rows[other][0] + rows[other][1] - rows[one][0] <= height:
                first, last, stuck = one, other, 0
            else:
                stuck += 1
        found.append((first, last))
    return found


def _drawing(
    proof: Proof,
    placed: Placed,
    lines: Mapping[int, list[list[list[Any]]]],
    size: int,
    folded: Mapping[int, frozenset[int]],
    supposed: Collection[int],
    height: float,
    space: float,
) -> dict[str, Any]:
    """The placed boxes and lines as JSON."""
    at = {id(box): place for place, box in enumerate(placed.boxes)}
    seen: set[int] = set()
    boxes = []
    for box in placed.boxes:
        step = proof[box.step]
        kind = "empty" if not step.literals else "given" if not step.parents else "derived"
        boxes.append(
            {
                "step": box.step,
                "row": box.row,
                "box": [round(box.x - box.width / 2, 2), round(box.y, 2), round(box.width, 2), round(box.height, 2)],
                "kind": kind,
                "supposed": box.step in supposed,
                "lines": lines[box.step],
                "hides": sorted(folded.get(box.step, ())),
                "again": box.step in seen,
            }
        )
        seen.add(box.step)
    links = [
        {"from": at[id(link.start)], "to": at[id(link.end)], "pieces": [list(piece) for piece in link.pieces],
         "supposed": link.start.step in supposed}
        for link in placed.links
    ]  # fmt: skip
    shown = {number: number for number in lines} | {
        inside: root for root, hidden in folded.items() for inside in hidden
    }
    whole = placed.height <= height
    return {
        "boxes": boxes,
        "links": links,
        "size": size,
        "pitch": _line_height(size),
        "rows": [[round(top, 2), round(high, 2)] for top, high in placed.rows],
        "windows": [] if whole else [list(each) for each in windows(placed.rows, height)],
        "width": round(max(placed.width, 1), 2),
        "height": round(placed.height, 2),
        "space": round(space, 2),
        "shown": {str(number): root for number, root in sorted(shown.items())},
        "folded": len(lines) < len(proof),
    }
