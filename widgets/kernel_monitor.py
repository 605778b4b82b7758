"""KernelMonitor: a kernel at work, tick by tick; pause it, step it, answer its questions, kill its processes."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import traitlets

from agentos_lab.kernel import Kernel
from agentos_lab.kernel.run import Run

from .background import interruptible, running_loop
from .kernel_monitor_fold import Fold
from .kernel_monitor_picture import MOST_QUESTIONS, monitor_stage, options_shown
from .kernel_monitor_state import Moment, moment_of, sentence_of
from .sketch_stage import StageView
from .view import header, notice

__all__ = ["KernelMonitor"]

TITLE = "What is the kernel doing?"
SLICE = 0.03  # seconds of ticks between two looks at what else there is to do
BREATH = 0.002  # seconds in which that is done
WAITING = 0.05  # seconds between two looks whether the person has answered
REPAINT = 0.08  # seconds from one picture to the next


class KernelMonitor(StageView):
    """Watch a kernel live: who decodes, who waits for what, what is left of the budgets; and be the person it asks.

    The monitor drives the kernel, a tick at a time, between the notebook's other work and in the same thread: other
    cells can be run meanwhile, and none of them sees half a tick. While it is there, questions of agents and of access
    rules come to it, unless the kernel was given somebody else to ask.

    Args:
        source: A `Kernel` with its processes; or a function that makes one, which lets the reader start anew.
        **settings: Initial values of the traits; ``playing=True`` starts at once.

    Attributes:
        kernel: The kernel.
        playing: Whether it is running now.
        speed: Ticks a second; 0 is as fast as it goes.
        selected: Number of the process that is looked at; empty for none.
        now: The kernel's tick.
        answers: Number of a question -> the answer that was given here.

    Example:
        >>> from agentos_lab.kernel import ScriptedCore
        >>> async def agent(syscall):
        ...     return await syscall.generate("Hello", max_new_tokens=5)
        >>> kernel = Kernel(ScriptedCore(slots=1))
        >>> pid = kernel.spawn(agent, name="ada")
        >>> monitor = KernelMonitor(kernel)
        >>> monitor.run(ticks=2).sentence
        'Paused at step 2: 1 decodes; 2 tokens.'
    """

    javascript = Path(__file__).with_name("kernel_monitor.js")
    stylesheet = Path(__file__).with_name("kernel_monitor.css")
    settings = ("selected", "width", "room")

    playing = traitlets.Bool(False).tag(sync=True)
    speed = traitlets.Float(10.0, min=0.0).tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)
    now = traitlets.Int(0).tag(sync=True)
    answers = traitlets.Dict().tag(sync=True)
    kills: traitlets.List[str] = traitlets.List().tag(sync=True)
    steps_asked = traitlets.Int(0).tag(sync=True)
    restarts_asked = traitlets.Int(0).tag(sync=True)

    def __init__(self, source: Kernel | Callable[[], Kernel], **settings: Any) -> None:
        self._make = None if isinstance(source, Kernel) else source
        self._take(source)
        self._is_running, self._mode, self._error, self._painted = False, "paused", "", 0.0
        self._turn = 0  # which run is the present one, in the background or in a cell
        self._loop, self._thread = running_loop(), threading.get_ident()
        playing = settings.pop("playing", False)
        super().__init__(**settings)
        self.playing = playing

    def _take(self, source: Any) -> None:
        self.kernel = source if isinstance(source, Kernel) else source()
        if not isinstance(self.kernel, Kernel):
            raise ValueError(f"expected a Kernel or a function that makes one, got {type(self.kernel).__name__}")
        self.fold = Fold(self.kernel.trace)
        if self.kernel.person.answers is None:
            self.kernel.person.answers = "later"

    def state_for(self, width: float) -> dict[str, Any]:
        """The kernel as it is."""
        moment = self.moment()
        self.now = moment.now
        if not moment.lines:
            return notice("empty", TITLE, "No process yet: kernel.spawn(agent) starts one.") | self._can()
        asks = [
            {"number": each.number, "name": each.name, "text": each.text}
            for each in moment.questions[:MOST_QUESTIONS]
            if not options_shown(width, each)
        ]
        return (
            header(TITLE, sentence_of(moment, self._mode, self._error), moment.scheduler)
            | {"asks": asks, "order": [line.pid for line in moment.lines], **self._can()}
            | monitor_stage(width, moment, self.selected, self.answers, self.kills)
        )

    def moment(self) -> Moment:
        """What is to be seen, as plain data."""
        self.fold.advance()
        return moment_of(self.kernel, self.fold)

    def run(self, ticks: int | None = None) -> KernelMonitor:
        """Run now, so many ticks or until nothing is left to do without the person; the cell waits for it."""
        with self._running():  # a run in the background ends with it
            left = ticks
            while left != 0 and self.playing and self._one_tick() and self._mode == "running":
                left = None if left is None else left - 1
                if left != 0:
                    self._paint()
        return self

    def step(self) -> None:
        """Make one tick."""
        if not self.playing:
            self.run(ticks=1)

    def restart(self) -> None:
        """Begin anew with a fresh kernel, where the monitor was given a function that makes one."""
        if self._make is None:
            raise ValueError("a kernel cannot be turned back: give the monitor a function that makes one")
        self.playing = False
        self.kernel.close()
        self._take(self._make)
        self.answers, self.kills, self._mode, self._error = {}, [], "paused", ""
        self.refresh()

    def result(self) -> Run:
        """Where the run stands; see `Kernel.result`."""
        return self.kernel.result()

    def close(self) -> None:
        """Stop and take the view away; the kernel stays."""
        self.playing = False
        super().close()

    def _can(self) -> dict[str, Any]:
        return {"can": {"run": self._mode != "over", "restart": self._make is not None}}

    # ---------------------------------------------------------------- running, all of it in one thread

    def _do(self, action: Callable[[], None]) -> None:
        """Do something in the thread that runs the kernel; a front end's wishes may arrive in another one."""
        if self._loop is None or threading.get_ident() == self._thread:
            action()
        else:
            self._loop.call_soon_threadsafe(action)

    @traitlets.observe("playing")
    def _play(self, change: Mapping[str, Any]) -> None:
        if self.playing:
            self._do(self._begin)

    def _begin(self) -> None:
        """Start to run in the background, unless that is happening already."""
        if self._is_running or not self.playing:
            return
        self._loop = self._loop or running_loop()
        if self._loop is None:
            self.playing = False
            raise RuntimeError("only a notebook can run a kernel in the background; here call monitor.run()")
        self._is_running = True
        self._task = self._loop.create_task(self._go())  # kept, or it might be collected on its way

    async def _go(self) -> None:
        """Tick until paused; between the ticks the notebook does whatever has come in."""
        if not self.playing:  # paused before it began
            self._is_running = False
            return
        with self._running() as turn:
            going = True
            while going and self.playing and turn == self._turn:
                until = time.monotonic() + SLICE
                with interruptible():
                    going = self._one_tick()
                    while going and self.playing and not self._pause() and time.monotonic() < until:
                        going = self._one_tick()
                self._paint(at_once=self._pause() > REPAINT)
                await asyncio.sleep(self._pause() or BREATH)

    def _pause(self) -> float:
        """Seconds until the next tick."""
        return WAITING if self._mode == "waiting" else 1 / self.speed if self.speed else 0.0

    @contextmanager
    def _running(self) -> Iterator[int]:
        """`playing` is true inside; afterwards it is false and all is drawn, unless another run has taken over."""
        self._turn += 1
        turn = self._turn
        self._is_running, self._mode, self._error = True, "running", ""
        self.playing = True
        try:
            yield turn
        finally:
            if turn == self._turn:
                self._is_running = False
                if self._mode in ("running", "waiting"):
                    self._mode = "paused"
                self.playing = False
                self.refresh()

    def _one_tick(self) -> bool:
        """One tick; False when running is over, for now or for good."""
        try:
            more = self.kernel.tick()
        except KeyboardInterrupt:
            self._mode = "interrupted"
            return False
        except (ValueError, RuntimeError) as error:
            self._mode, self._error = "failed", f"{type(error).__name__}: {error}"
            return False
        self._mode = "running" if more else "waiting" if self.kernel.questions else "over"
        return self._mode != "over"

    def _paint(self, at_once: bool = False) -> None:
        """Show how things stand, if the last picture is old enough."""
        if not at_once and time.monotonic() - self._painted < REPAINT:
            return
        self._painted = time.monotonic()
        with self.hold_sync():
            self.state = self.compute()

    # ---------------------------------------------------------------- what the front end asks for

    @traitlets.observe("answers")
    def _answer_questions(self, change: Mapping[str, Any]) -> None:
        def give() -> None:
            for number, value in self.answers.items():
                if any(each.number == int(number) for each in self.kernel.questions):
                    self.kernel.answer(int(number), value)
            self._revive()

        self._do(give)

    @traitlets.observe("kills")
    def _kill_processes(self, change: Mapping[str, Any]) -> None:
        def kill() -> None:
            for pid in self.kills:
                self.kernel.kill(pid)
            self._revive()

        self._do(kill)

    def _revive(self) -> None:
        """Something has come from outside: there may be more to do."""
        if self.kernel.processes:
            living = any(not process.ended for process in self.kernel.processes.values())
            if self._mode in ("over", "waiting"):
                self._mode = "running" if self.playing else "paused" if living else "over"
            self.refresh()

    @traitlets.observe("steps_asked")
    def _asked_for_steps(self, change: Mapping[str, Any]) -> None:
        self._do(self.step)

    @traitlets.observe("restarts_asked")
    def _asked_to_restart(self, change: Mapping[str, Any]) -> None:
        self._do(self.restart)
