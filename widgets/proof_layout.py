"""Where the steps of a proof stand: rows from the premises down to □, no box over another, no line through a box.

Each step stands right above its first use, and a premise again where it is used far below.
A line that passes a row gets a place of its own in it. Then the boxes of a row move, in their order, as close as they
can to what they are joined with; the best such places are found exactly, by pooling neighbours that would collide.

Source: layers and places for passing lines: Sugiyama, Tagawa & Toda 1981.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from .picture import number as shown

__all__ = ["Box", "Link", "Placed", "place_boxes", "pooled"]

GAP, LANE = 12.0, 6.0  # between boxes; half the width of a line's place
FAR = 2  # rows; a premise that is used further below stands there once more


@dataclass(eq=False)
class Box:
    """A step on the picture; a premise may have several.

    Attributes:
        step: The number of the step.
        width, height: Of the box, in pixels.
        label: Pixels to its left, for the number.
        parents: The steps that it follows from.
        supposed: Whether it rests on the negated goal.
        x, y: The middle and the top of the box.
        row: From 0.
    """

    step: int
    width: float
    height: float
    label: float = 0.0
    parents: tuple[int, ...] = ()
    supposed: bool = False
    x: float = 0.0
    y: float = 0.0
    row: int = 0
    above: list[Box] = field(default_factory=list)
    below: list[Box] = field(default_factory=list)

    @property
    def left(self) -> float:
        """How far it reaches to the left of its middle, with its number."""
        return self.width / 2 + self.label


@dataclass(frozen=True)
class Link:
    """A line from a box to one that follows from it.

    Attributes:
        start, end: The boxes.
        pieces: Row above, and the SVG path down to the next row.
    """

    start: Box
    end: Box
    pieces: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class Placed:
    """A drawing: boxes, links, the top and height of each row, and how wide and high it all is."""

    boxes: tuple[Box, ...]
    links: tuple[Link, ...]
    rows: tuple[tuple[float, float], ...]
    width: float
    height: float


def place_boxes(boxes: Mapping[int, Box], room: float, row_gap: float = 20.0) -> Placed:
    """Place the boxes of a proof.

    Args:
        boxes: By the number of the step; the largest number is □.
        room: Pixels that the rows may take, if they can.
        row_gap: Pixels between rows.
    """
    drawn, chains = _in_rows(boxes)
    rows: list[list[Box]] = [[] for _ in range(1 + max(box.row for box in drawn))]
    for box in _ordered(drawn, max(boxes)):
        rows[box.row].append(box)
    _uncross(rows)
    width = max(room, *(_least(row) for row in rows))
    _settle(rows, width)
    tops, y = [], 0.0
    for row in rows:
        high = max(box.height for box in row)
        tops.append((y, high))
        for box in row:
            box.y = y + high - box.height if box.step else y
            box.height = box.height if box.step else high
        y += high + row_gap
    left = min(box.x - box.left for box in drawn)
    for box in drawn:
        box.x -= left
    wide = max(box.x + box.width / 2 for box in drawn)
    links = tuple(Link(chain[0], chain[-1], _pieces(chain, tops)) for chain in chains)
    return Placed(tuple(box for box in drawn if box.step), links, tuple(tops), wide, y - row_gap)


def pooled(wanted: Sequence[float], gaps: Sequence[float], low: float, high: float) -> list[float]:
    """The places nearest to those wanted (least squares) that keep their order and their distances.

    Args:
        wanted: Where each would like to be.
        gaps: The least distance of each to the one before it; the first one's is not used.
        low, high: Between these the first and the last must be, if they can.
    """
    offsets, total = [0.0], 0.0
    for gap in gaps[1:]:
        total += gap
        offsets.append(total)
    blocks: list[tuple[float, int]] = []  # the mean of those that are pressed together, and how many they are
    for value, offset in zip(wanted, offsets, strict=True):
        mean, count = value - offset, 1
        while blocks and blocks[-1][0] > mean:
            before, many = blocks.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        blocks.append((mean, count))
    flat = [min(max(mean, low), max(low, high - total)) for mean, count in blocks for _ in range(count)]
    return [value + offset for value, offset in zip(flat, offsets, strict=True)]


def _in_rows(boxes: Mapping[int, Box]) -> tuple[list[Box], list[list[Box]]]:
    """All boxes with their rows, copies and passing lines among them, and the chain of boxes of each line."""
    uses: dict[int, list[Box]] = {step: [] for step in boxes}
    for box in boxes.values():
        for parent in dict.fromkeys(box.parents):
            uses[parent].append(box)
    for step in sorted(boxes, reverse=True):  # counted upwards from □; what follows from a step is done before it
        boxes[step].row = min((child.row for child in uses[step]), default=0) - 1
    top = min(box.row for box in boxes.values())
    for box in boxes.values():
        box.row -= top
    drawn, chains = list(boxes.values()), []
    for step, box in boxes.items():
        children = sorted(uses[step], key=lambda child: (child.row, child.step))
        stands = box
        for child in children:
            if not box.parents and child.row - stands.row - 1 >= FAR:
                stands = Box(step, box.width, box.height, box.label, (), box.supposed, row=child.row - 1)
                drawn.append(stands)
            passing = [Box(0, 2 * LANE, 0, row=row) for row in range(stands.row + 1, child.row)]
            chain = [stands, *passing, child]
            for one, other in pairwise(chain):
                one.below.append(other)
                other.above.append(one)
            drawn += passing
            chains.append(chain)
    return drawn, chains


def _ordered(drawn: Sequence[Box], last: int) -> list[Box]:
    """A first order from left to right: upwards from □, what rests on the negated goal first."""
    seen: set[int] = set()
    order: list[Box] = []
    waiting = [box for box in drawn if box.step == last]
    while waiting:
        box = waiting.pop()
        if id(box) not in seen:
            seen.add(id(box))
            order.append(box)
            waiting += sorted(box.above, key=lambda above: (above.supposed, not above.step, -above.row))
    return order


def _crossings(rows: Sequence[Sequence[Box]]) -> int:
    places = {id(box): place for row in rows for place, box in enumerate(row)}
    count = 0
    for row in rows:
        ends = [places[id(child)] for box in row for child in sorted(box.below, key=lambda child: places[id(child)])]
        count += sum(one > other for at, one in enumerate(ends) for other in ends[at + 1 :])
    return count


def _uncross(rows: list[list[Box]]) -> None:
    """Sort the rows by the middle of what they are joined with, up and down; keep the order with fewest crossings."""
    best, fewest = [list(row) for row in rows], _crossings(rows)
    for turn in range(8):
        side = "below" if turn % 2 == 0 else "above"
        for row in rows[::-1] if turn % 2 == 0 else rows:
            places = {id(box): place for every in rows for place, box in enumerate(every)}

            def middle(box: Box, places: dict[int, int] = places, side: str = side) -> float:
                joined = getattr(box, side)
                return sum(places[id(each)] for each in joined) / len(joined) if joined else places[id(box)]

            row.sort(key=middle)
        crossings = _crossings(rows)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    rows[:] = best


def _apart(one: Box, other: Box) -> float:
    """The least distance of the middles of two neighbours."""
    return one.width / 2 + GAP + other.left


def _least(row: Sequence[Box]) -> float:
    """The least width of a row."""
    return sum(box.left + box.width / 2 for box in row) + GAP * (len(row) - 1)


def _settle(rows: Sequence[Sequence[Box]], width: float) -> None:
    """Move the boxes of each row towards what they are joined with."""
    gaps = [[0.0, *(_apart(one, other) for one, other in pairwise(row))] for row in rows]
    for row, apart in zip(rows, gaps, strict=True):
        for box, x in zip(row, pooled([width / 2] * len(row), apart, 0, width), strict=True):
            box.x = x
    for turn in range(24):
        down = turn % 2 == 0
        for row, apart in zip(rows if down else rows[::-1], gaps if down else gaps[::-1], strict=True):
            wanted = []
            for box in row:
                joined = [*(box.above if down else box.below)] or [*box.above, *box.below]
                wanted.append(sum(each.x for each in joined) / len(joined) if joined else box.x)
            low, high = row[0].left, width - row[-1].width / 2
            for box, x in zip(row, pooled(wanted, apart, low, high), strict=True):
                box.x = x


def _pieces(chain: Sequence[Box], tops: Sequence[tuple[float, float]]) -> tuple[tuple[int, str], ...]:
    """The line through a chain of boxes, in pieces from row to row; curved only between the rows."""
    pieces = []
    for one, other in pairwise(chain):
        top, high = tops[one.row]
        start, end = top + high, tops[other.row][0]
        x = one.x
        into = other.x + (_port(one, other) if other.step else 0.0)
        half = (start + end) / 2
        lead = f"M{shown(x)} {shown(top)}V{shown(start)}" if not one.step else f"M{shown(x)} {shown(start)}"
        curve = f"C{shown(x)} {shown(half)} {shown(into)} {shown(half)} {shown(into)} {shown(end)}"
        tail = f"V{shown(other.y)}" if other.step and other.y > end else ""
        pieces.append((one.row, lead + curve + tail))
    return tuple(pieces)


def _port(one: Box, other: Box) -> float:
    """Lines enter a box side by side, in the order of where they come from."""
    order = sorted(other.above, key=lambda above: above.x)
    return 9.0 * (2 * next(at for at, each in enumerate(order) if each is one) - len(order) + 1)
