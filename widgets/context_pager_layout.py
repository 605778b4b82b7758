"""Where things stand on the stage of a ContextPager."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["HEIGHT", "Place", "place_of", "rows_of"]

HEIGHT = 410.0  # of the stage
GAP, COMPARED = 6.0, 0.72  # between groups of rows; height of a row of the other policy, as a share
STACK, FRAME, LEAST = 168.0, 28.0, 14.0  # height of the drawn window, most and least of one page in it
TALLEST = 24.0  # height of a row
CHIP = 28.5  # width of a page's chip in the archive, with the gap


class Place(NamedTuple):
    """Left column: its end, the places of its stack. Right: the references' ends, map, phases, curves, axis."""

    side: float
    chips: int
    frame: float
    room: int
    left: float
    right: float
    top: float
    bottom: float
    phases: float
    curve: float
    floor: float
    axis: float
    line: float
    count: int  # type: ignore[assignment]  # no one counts in this tuple

    @property
    def pitch(self) -> float:
        """Pixels of a reference."""
        return (self.right - self.left) / max(self.count, 1)

    def x(self, time: float) -> float:
        """The middle of a reference."""
        return self.left + self.pitch * (time + 0.5)


def place_of(width: float, count: int, frames: int, phases: bool) -> Place:
    """The places for so many pixels, references and pages in the window."""
    chips = min(9, max(6, int((width * 0.272 - 4) // CHIP)))
    side = 16 + CHIP * chips - 4
    room = min(max(frames, 1), int(STACK // LEAST))
    left = side + 24 + min(90.0, max(66.0, width * 0.1))
    bottom = 266.0 if phases else 286.0
    return Place(side, chips, min(FRAME, STACK / room), room, left, width - 80, 24, bottom, 275, 304, 364, 380, 402,
                 count)  # fmt: skip


def rows_of(at: Place, groups: Sequence[tuple[str, int]], compared: int) -> tuple[list[tuple[float, float]], float]:
    """Upper edge and height of every row of the map, and of the rows of the other policy behind the first group's.

    Args:
        at: The places.
        groups: Name and number of rows of each group.
        compared: Number of rows that are drawn for the other policy, too; 0 for none.

    Returns:
        The rows, and where those of the other policy begin.
    """
    gaps = GAP * (len(groups) - 1 + (compared > 0))
    units = sum(count for _, count in groups) + COMPARED * compared
    height = min(TALLEST, (at.bottom - at.top - gaps) / max(units, 1))
    y, rows, other = at.top, [], 0.0
    for index, (_, count) in enumerate(groups):
        rows += [(y + height * row, height) for row in range(count)]
        y += height * count + GAP
        if index == 0 and compared:
            other = y
            y += COMPARED * height * compared + GAP
    return rows, other
