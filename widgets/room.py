"""Views whose picture is laid out by Python, for the pixels that the browser has."""

from __future__ import annotations

import traitlets

from .view import View

__all__ = ["RoomView"]


class RoomView(View):
    """A view that knows how wide its stage is; `room.js` tells it.

    A subclass counts "width" and "room" among its settings, and puts `space` as "drawn_for" into its state.

    Attributes:
        room: The pixels that the browser has for the stage; 0 while it is as many as `width`.
    """

    room = traitlets.Int(0, min=0).tag(sync=True)

    @property
    def space(self) -> int:
        """The pixels that the stage has."""
        return min(self.width, self.room or self.width)
