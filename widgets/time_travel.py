"""TimeTravel: a run as its journal knows it, the state at any row, and what another reply would have changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.kernel import Failed, Kernel, Ok
from agentos_lab.kernel.journal import Row
from agentos_lab.kernel.time_travel import Difference, Moment, state_at

from .picture import Picture
from .runs import Runs, counted
from .sketch import Sketch, draw_sketch
from .sketch_stage import Stage, StageView
from .time_travel_fork import FAILS, Branch, branch_off, reply_of, text_of
from .time_travel_picture import (
    LINE,
    TITLES,
    Place,
    columns_of,
    draw_differences,
    draw_lanes,
    draw_legend,
    draw_moment,
    mark_size,
    middles_of,
    place_of,
    ticks_of,
)
from .time_travel_state import call_text, difference_lines, moment_state, pids_of, sentence_at
from .view import header, notice

__all__ = ["TimeTravel"]

MOST_ROWS, MOST_PROCESSES = 400, 12
MOST_DIFFERENCES = 6


class TimeTravel(StageView):
    """Walk along a journal, see the state after any row, and fork the run there with another reply.

    Drag over the rows, or use the arrow keys. "Fork here" drives the agents again up to the row, gives the call the
    reply that stands in the field, and lets the run go on: what the fork does otherwise is purple. Tools are called
    again in the fork, with all that they do to the world.

    Args:
        source: A `Kernel` after its run; or the rows of a journal, which cannot be forked.
        names: Number -> name of the processes, where the source does not know them.
        **settings: Initial values of the traits.

    Attributes:
        row: The row that is looked at, from 1; 0 is the beginning.
        fork_row: The row with the other reply; 0: there is no fork.
        fork_reply: The other reply as a text: what the core wrote, a text, JSON, or ``!`` and what went wrong.

    Raises:
        ValueError: The source has no journal.

    Example:
        >>> from agentos_lab.kernel import Kernel, ScriptedCore
        >>> async def agent(syscall):
        ...     await syscall.write("weather", await syscall.generate("Rain?"))
        >>> kernel = Kernel(ScriptedCore({"Rain?": "Yes."}))
        >>> run = kernel.spawn(agent, "ada"), kernel.run()
        >>> view = TimeTravel(kernel, row=2)
        >>> view.fork_at(1, "No.")
        >>> print(view.difference)
        the runs part at row 1
          weather: "Yes." → "No."
    """

    javascript = Path(__file__).with_name("time_travel.js")
    stylesheet = Path(__file__).with_name("time_travel.css")
    measures: ClassVar[Mapping[str, Any]] = {"line": LINE, "titles": list(TITLES), "fails": FAILS}
    settings = ("fork_row", "fork_reply", "width", "room")
    selections = ("row",)

    row = traitlets.Int(0, min=0).tag(sync=True)
    fork_row = traitlets.Int(0, min=0).tag(sync=True)
    fork_reply = traitlets.Unicode().tag(sync=True)

    def __init__(self, source: Kernel | Iterable[Row], names: Mapping[str, str] | None = None, **settings: Any) -> None:
        self.kernel = source if isinstance(source, Kernel) else None
        if isinstance(source, Kernel) and source.journal is None:
            raise ValueError("this kernel keeps no journal: make it with journal=True")
        rows = source.journal if isinstance(source, Kernel) and source.journal is not None else source
        self.rows: list[Row] = list(rows)  # type: ignore[arg-type]
        if not all(isinstance(row, Row) for row in self.rows):
            raise ValueError(f"expected a Kernel or the rows of a journal, got {source!r:.60}")
        known = self.kernel.trace.names if self.kernel is not None else {}
        self.names = {**known, **(names or {})}
        self._branches: dict[tuple[int, str], Branch] = {}
        self._moments: list[Moment] = []
        super().__init__(**settings)

    def fork_at(self, row: int, reply: Any) -> None:
        """Fork the run at a row with another reply: an `Ok`, a `Failed`, or a value (of a core, the text)."""
        if not 1 <= row <= len(self.rows):
            raise ValueError(f"there is no row {row}; there are rows 1 to {len(self.rows)}")
        given = reply if isinstance(reply, Ok | Failed) else Ok(reply)
        if self.rows[row - 1].call == "generate" and isinstance(given, Ok) and isinstance(given.value, str):
            given = Ok({"text": given.value})
        old = self.rows[row - 1]
        with self.hold_trait_notifications():
            self.fork_row, self.fork_reply = row, text_of(Row(old.seq, old.pid, old.n, old.call, {}, given, old.tick))

    @property
    def branch(self) -> Branch | None:
        """The other run; None while there is none."""
        if not self.fork_row or self.kernel is None:
            return None
        key = (self.fork_row, self.fork_reply)
        if key not in self._branches:
            if self.fork_row > len(self.rows):
                raise ValueError(f"there is no row {self.fork_row}; there are rows 1 to {len(self.rows)}")
            row = self.rows[self.fork_row - 1]
            self._branches[key] = branch_off(self.kernel, row, reply_of(row, self.fork_reply))
        return self._branches[key]

    @property
    def difference(self) -> Difference | None:
        """Where the two runs part; None while there is one only."""
        return None if self.branch is None else self.branch.difference

    def state_for(self, width: float) -> dict[str, Any]:
        """The lanes of one run or two, and the state after every row."""
        title = "What has happened, and what would have"
        branch, problem = self._branch_or_problem()
        journals = [self.rows, branch.rows if branch else []]
        pids, count = pids_of(*journals), max(map(len, journals))
        if not self.rows:
            return notice("empty", title, "The journal has no rows: let the kernel run() first.")
        if count > MOST_ROWS or len(pids) > MOST_PROCESSES:
            many = f"{count:,} rows and {len(pids)} processes are more than can be drawn: at most "
            return notice("too-large", title, f"{many}{MOST_ROWS} and {MOST_PROCESSES}. Give the rows of a part.")
        known = {**(branch.kernel.trace.names if branch else {}), **self.names}
        names = {pid: known.get(pid, f"process {pid}") for pid in pids}
        lines = difference_lines(branch.difference, names, (width - 56) / 2)[:MOST_DIFFERENCES] if branch else []
        columns, past = columns_of(width), self._past()
        others = branch.rows if branch else []
        second = [state_at(others, row).storage if branch else None for row in range(len(past))]
        moments = [moment_state(self.rows, moment, names, columns, width - 32, stored,
                                others[moment.seq - 1] if 0 < moment.seq <= len(others) else None)
                   for moment, stored in zip(past, second, strict=True)]  # fmt: skip
        tall = max(len(each[part]) for each in moments for part in ("processes", "storage", "mail"))
        at = place_of(width, len(pids), count, tall, len(lines) if branch else None)
        stage = self._stage(width, at, pids, names, branch, lines)
        difference = branch.difference if branch else None
        told = [sentence_at(self.rows, moment, names, difference) for moment in past]
        meta = f"{counted(len(self.rows), 'row')}, {len(pids)} process{'es' * (len(pids) > 1)}"
        return (
            header(title, "", meta)
            | {"told": told, "moments": moments, "place": list(at), "columns": list(columns), "ticks": ticks_of(at)}
            | {"replies": ["", *map(text_of, self.rows)], "calls": ["", *(row.call for row in self.rows)]}
            | {"spoken": ["the beginning", *(call_text(row, names)[:160] for row in self.rows)]}
            | {"lanes": [0, *(pids.index(row.pid) for row in self.rows)], "problem": problem}
            | {"mark": list(mark_size(at)), "middles": middles_of(at, pids, self.rows, others)}
            | {"forkable": self.kernel is not None, "forked": branch.row if branch else 0}
            | stage.state(at.end)
        )

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        if state["drawn_for"] != picture.width:
            state = self.state_for(picture.width)
        height = super().draw(picture, state)
        sketch = Sketch()
        draw_moment(sketch, state, min(self.row, len(self.rows)))
        draw_sketch(picture, sketch.marks)
        return height

    def telling(self) -> Runs:
        """The sentence of the row that is looked at, or why there is no fork."""
        if self.state.get("problem"):
            return str(self.state["problem"])
        told = self.state.get("told")
        return [(style, text) for style, text in told[min(self.row, len(told) - 1)]] if told else super().telling()

    def _branch_or_problem(self) -> tuple[Branch | None, str]:
        try:
            return self.branch, ""
        except (ValueError, RuntimeError) as error:
            return None, f"There is no fork: {error}"

    def _past(self) -> list[Moment]:
        """The state after every row, told once."""
        if not self._moments:
            self._moments = [state_at(self.rows, row) for row in range(len(self.rows) + 1)]
        return self._moments

    def _stage(
        self, width: float, at: Place, pids: list[str], names: Mapping[str, str], branch: Branch | None,
        lines: list[list[str]],
    ) -> Stage:  # fmt: skip
        stage = Stage(width)
        draw_legend(stage, branch is not None)
        if branch is None:
            draw_lanes(stage, at, self.rows, pids, names, at.top)
            return stage
        x = at.x(branch.row)
        stage.line(x, at.top, x, at.second + at.lane * at.lanes, stroke="purple", dash="3 3", thickness=1.5)
        draw_lanes(stage, at, self.rows, pids, names, at.top)
        first = {(row.pid, row.n): (row.call, row.arguments, row.reply) for row in self.rows}
        others = frozenset(row.seq for row in branch.rows
                           if first.get((row.pid, row.n)) != (row.call, row.arguments, row.reply))  # fmt: skip
        stage.text(16, at.second - 7, f"Fork at row {branch.row}", weight=600, fill="purple-text")
        draw_lanes(stage, at, branch.rows, pids, names, at.second, others, branch.row)
        draw_differences(stage, at, lines, branch.ended)
        return stage
