"""A stage that Python lays out as a whole: a sketch, and the places on it that answer the pointer and the keys.

What a place does is data, too: the changes of traits that a click sends. So a view whose every picture is computed
needs no drawing of its own in JavaScript; `sketch_stage.js` shows any such stage.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .picture import Picture, number
from .room import RoomView
from .sketch import Sketch, draw_sketch
from .text_metrics import fit, text_width

__all__ = ["Stage", "StageView", "fitting"]


class Stage(Sketch):
    """A sketch `width` pixels wide, with `targets`: what can be clicked or reached by the keys."""

    def __init__(self, width: float) -> None:
        super().__init__()
        self.width, self.targets = width, list[dict[str, Any]]()

    def target(
        self,
        box: tuple[float, float, float, float],
        label: str,
        send: Mapping[str, Any],
        place: tuple[str, int, int],
        *,
        current: bool = False,
    ) -> None:
        """A rectangle that can be clicked, and reached by the arrow keys.

        Args:
            box: Its left and upper edge, its width and height.
            label: What it is, for those who do not see it and as a hint.
            send: The traits that a click changes.
            place: The grid to which it belongs, its row and its column there.
            current: Whether it shows what is chosen now.
        """
        rounded = [round(part, 2) for part in box]
        self.targets.append(
            {"box": rounded, "label": label, "send": dict(send), "place": list(place), "current": current}
        )

    def track(self, d: str, label: str, send: Mapping[str, Any]) -> None:
        """A curve that can be clicked; whoever uses the keys has a target that does the same."""
        self.targets.append({"d": d, "label": label, "send": dict(send)})

    def tick(self, x: float, y: float, colour: str = "green") -> None:
        """A tick in place of a letter with its baseline at y."""
        d = f"M{number(x)} {number(y - 4)}l3.5 3.5l6 -8"
        self.path(d, fill="none", stroke=colour, thickness=2, cap="round", join="round")

    def cross(self, x: float, y: float, colour: str = "vermilion", *, reach: float = 4) -> None:
        """A cross about (x, y)."""
        left, top, side = number(x - reach), number(y - reach), number(2 * reach)
        d = f"M{left} {top}l{side} {side}m0 -{side}l-{side} {side}"
        self.path(d, fill="none", stroke=colour, thickness=2, cap="round")

    def head(self, tip: tuple[float, float], back: tuple[float, float], colour: str, *, size: float = 8) -> None:
        """The head of an arrow that comes from `back`."""
        dx, dy = tip[0] - back[0], tip[1] - back[1]
        length = max((dx * dx + dy * dy) ** 0.5, 1e-9)
        dx, dy = size * dx / length, size * dy / length
        corners = [tip, (tip[0] - dx - 0.45 * dy, tip[1] - dy + 0.45 * dx),
                   (tip[0] - dx + 0.45 * dy, tip[1] - dy - 0.45 * dx)]  # fmt: skip
        self.path("M" + "L".join(f"{number(x)} {number(y)}" for x, y in corners) + "z", fill=colour)

    def state(self, height: float) -> dict[str, Any]:
        """The part of a view's state that `sketch_stage.js` draws."""
        return {"marks": self.marks, "targets": self.targets, "drawn_for": self.width, "height": height}


class StageView(RoomView):
    """A view whose state holds a whole stage, laid out for the pixels that there are.

    A subclass defines `state_for` instead of `compute` and `draw`, and counts "width" and "room" among its settings.
    """

    stylesheet = Path(__file__).with_name("sketch_stage.css")

    def state_for(self, width: float) -> dict[str, Any]:
        """The state, with a stage of so many pixels; to be overridden."""
        raise NotImplementedError(f"{type(self).__name__} must define state_for()")

    def compute(self) -> dict[str, Any]:
        """The state for the width that the stage has."""
        return self.state_for(self.space)

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture, which has all of its width."""
        if state["drawn_for"] != picture.width:
            state = self.state_for(picture.width)
        draw_sketch(picture, state["marks"])
        return float(state["height"])


def fitting(width: float, *texts: str, size: float = 11) -> str:
    """The first of some texts, longest first, that fits into `width`; the last one cut where none does."""
    return next((text for text in texts if text_width(text, size) <= width), fit(texts[-1], width, size))
