"""TrainingMonitor: watch a model or a policy learn, stop it, go on, and change the learning rate while it learns."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from .background import interruptible, running_loop
from .picture import Picture
from .training_picture import draw_training
from .training_reinforcement import reinforcement_state
from .training_reinforcement_runs import is_reinforcement
from .training_sources import recordings, seen
from .training_state import training_state
from .view import View

__all__ = ["TrainingMonitor"]

SLICE = 0.04  # seconds of training between two looks at what else the kernel has to do
BREATH = 0.002  # seconds in which it does that; one message takes several turns of its event loop
REPAINT = 0.1  # seconds from one picture to the next while training runs
PACE_OVER = 2.0  # seconds over which the speed is averaged


class TrainingMonitor(View):
    """Loss curves that grow while a model learns, with the samples it writes; stop, go on, change the learning rate.

    Reinforcement learning is shown by return, loss, entropy and KL divergence against environment steps. Runs that
    differ in their seed only are drawn as a band, median and range, with the chosen one on top; a new learning rate
    is for all of them.

    Training runs in slices between the kernel's other work, in the same thread as the cells: other cells can be run
    meanwhile (while one of them computes, training waits), and none of them ever sees half a step.

    Args:
        source: A `Trainer`, a `TrainResult`, an iterable of `TrainingRecord` (from a generator they are taken one by
            one); or several of these by name, which are drawn together and take turns. For reinforcement learning a
            learner of `agentos_lab.rl`, a `Learned`, an iterable of `Update`, or a sequence of seeds of the first two
            (`LearningCurves` too); or several by name.
        **settings: Initial values of the traits; ``playing=True`` starts at once.

    Attributes:
        playing: Whether it is learning now.
        lr: Highest learning rate of the chosen run's schedule; what is left of the schedule is scaled with it.
        cursor: The step whose numbers are shown; None is the last one.
        name: The chosen run.
        done: Steps made (by the run that has made most); environment steps, where there are any.

    Example:
        >>> monitor = TrainingMonitor(trainer)                                           # doctest: +SKIP
        >>> monitor.run(steps=60)                                                        # doctest: +SKIP
        >>> monitor.observe(lambda change: print("now at", change.new), "done")          # doctest: +SKIP
        >>> seeds = [PPO("CartPole-v1", PPOSettings(seed=seed)) for seed in range(5)]    # doctest: +SKIP
        >>> TrainingMonitor(seeds)                                                       # doctest: +SKIP

    To show something else, override `compute`: add a column to each run and a row to the table. ::

        class Watchful(TrainingMonitor):
            def compute(self):
                state = super().compute()
                state["rows"] = [row for row in state["rows"] if row["column"] != "gradient"]
                return state
    """

    javascript = Path(__file__).with_name("training.js")
    stylesheet = Path(__file__).with_name("training.css")
    selections = ("cursor", "name")
    measures: ClassVar[Mapping[str, float]] = {
        "left": 46,  # room for the numbers of the axes
        "side": 272,  # width of the table, at most
        "gap": 24,
        "heading": 26,
        "loss": 212,  # heights of the panels
        "between": 58,  # from a panel to the next one, its heading included
        "rate": 44,
        "close": 40,  # the same for the panels of reinforcement learning
        "return": 104,
        "term": 38,
        "axis": 26,
    }

    playing = traitlets.Bool(False).tag(sync=True)
    lr = traitlets.Float(0.0, min=0.0).tag(sync=True)
    cursor = traitlets.Int(None, allow_none=True, min=0).tag(sync=True)
    name = traitlets.Unicode().tag(sync=True)
    can = traitlets.Dict().tag(sync=True)
    pace = traitlets.Float(0.0).tag(sync=True)
    steps_asked = traitlets.Int(0).tag(sync=True)
    restarts_asked = traitlets.Int(0).tag(sync=True)
    done = traitlets.Int(0).tag(sync=True)

    def __init__(self, source: Any, **settings: Any) -> None:
        self.recordings = recordings(source)
        self._interrupted, self._error = any(one.interrupted for one in self.recordings), ""
        self._is_learning, self._painted = False, 0.0
        self._read: deque[tuple[float, int]] = deque()  # (when, tokens or steps by then)
        self._loop, self._thread = running_loop(), threading.get_ident()
        playing = settings.pop("playing", False)
        first = self.recordings[0] if self.recordings else None
        super().__init__(**{"name": first.name if first else "", "lr": first.lr if first else 0.0} | settings)
        self.playing = playing

    def compute(self) -> dict[str, Any]:
        """The state as far as training has come."""
        mode = "running" if self.playing else "interrupted" if self._interrupted else "paused"
        state_of = reinforcement_state if any(map(is_reinforcement, self.recordings)) else training_state
        state = state_of([seen(one) for one in self.recordings], mode, self._error)
        self.done = max((run["done"] for run in state.get("runs", ())), default=0)
        self.can = {
            "learn": self._can_learn(),
            "restart": any(one.can_change for one in self.recordings),
            "change": bool(self.recordings) and self._chosen().can_change,
        }
        return state

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        chosen = self.recordings.index(self._chosen())
        return draw_training(picture, self.measures, state, self.cursor, chosen)

    def run(self, steps: int | None = None) -> TrainingMonitor:
        """Learn now, until so many steps more are made or there are none left; the cell waits for it.

        An interrupt, or the view's pause button where the front end can be heard meanwhile, ends it early.
        """
        with self._learning():
            for _ in count() if steps is None else range(steps):
                if not self._one_round():
                    break
                self._paint()
        return self

    def step(self) -> None:
        """Make one step in every run."""
        if not self.playing:
            self.run(steps=1)

    def restart(self) -> None:
        """Forget everything learnt since the monitor was made."""
        self.playing = False
        for one in self.recordings:
            one.restart()
        self._interrupted, self._error, self.cursor = False, "", None
        self._read.clear()
        self.lr = self._chosen().lr
        self.refresh()

    def close(self) -> None:
        """Stop learning and take the view away."""
        self.playing = False
        super().close()

    # ---------------------------------------------------------------- learning, all of it in one thread

    def _do(self, action: Callable[[], None]) -> None:
        """Do something in the thread that learns; a front end's wishes may arrive in another one."""
        if self._loop is None or threading.get_ident() == self._thread:
            action()
        else:
            self._loop.call_soon_threadsafe(action)

    @traitlets.observe("playing")
    def _play(self, change: Mapping[str, Any]) -> None:
        if self.playing:
            self._do(self._begin)

    def _begin(self) -> None:
        """Start to learn in the background, unless that is happening already."""
        if self._is_learning or not self.playing:
            return
        self._loop = self._loop or running_loop()
        if self._loop is None:
            self.playing = False
            raise RuntimeError("only a notebook can learn in the background; here call monitor.run()")
        self._is_learning = True
        self._task = self._loop.create_task(self._learn())  # kept, or it might be collected on its way

    async def _learn(self) -> None:
        """Learn in slices until paused; between them the kernel answers whatever has come in."""
        with self._learning():
            going = True
            while going:
                until = time.monotonic() + SLICE
                with interruptible():
                    going = self._one_round()
                    while going and time.monotonic() < until:
                        going = self._one_round()
                self._paint()
                await asyncio.sleep(BREATH)

    @contextmanager
    def _learning(self) -> Iterator[None]:
        """`playing` is true inside; afterwards it is false and the last picture is drawn."""
        self._is_learning, self._interrupted, self._error = True, False, ""
        self.playing = True
        try:
            yield
        finally:
            self._is_learning = False
            self._read.clear()
            self.pace = 0.0
            self.playing = False
            self.refresh()

    def _one_round(self) -> bool:
        """Make a step of every run that has any left; False when learning is over, for now or for good."""
        if not self.playing or not self._can_learn():
            return False
        try:
            for one in self.recordings:
                if not one.finished:
                    one.advance()
        except KeyboardInterrupt:
            self._interrupted = True
            return False
        except (ValueError, RuntimeError) as error:
            self._error = f"{type(error).__name__}: {error}"
            return False
        return True

    def _can_learn(self) -> bool:
        broken = any(one.broken for one in self.recordings)
        return not broken and any(not one.finished for one in self.recordings)

    def _paint(self) -> None:
        """Show how far it has come, if the last picture is old enough."""
        now = time.monotonic()
        if now - self._painted < REPAINT:
            return
        self._painted = now
        self._read.append((now, sum(one.lived for one in self.recordings)))
        while self._read[-1][0] - self._read[0][0] > PACE_OVER:
            self._read.popleft()
        (first, before), (last, after) = self._read[0], self._read[-1]
        with self.hold_sync():
            self.state = self.compute()
            self.pace = (after - before) / (last - first) if last > first else 0.0

    # ---------------------------------------------------------------- what the front end asks for

    @traitlets.observe("steps_asked")
    def _asked_for_a_step(self, change: Mapping[str, Any]) -> None:
        self._do(self.step)

    @traitlets.observe("restarts_asked")
    def _asked_to_restart(self, change: Mapping[str, Any]) -> None:
        self._do(self.restart)

    @traitlets.observe("lr")
    def _change_rate(self, change: Mapping[str, Any]) -> None:
        def apply() -> None:
            if self._chosen().can_change and self.lr > 0 and self._chosen().lr != self.lr:
                for one in self._together():
                    one.change_rate(self.lr)
                self.refresh()

        if self.recordings:
            self._do(apply)

    @traitlets.observe("name")
    def _choose(self, change: Mapping[str, Any]) -> None:
        if self.recordings:
            self.lr = self._chosen().lr
            self.can = {**self.can, "change": self._chosen().can_change}

    @traitlets.validate("name")
    def _known(self, proposal: Mapping[str, Any]) -> str:
        names = [one.name for one in self.recordings]
        if names and proposal["value"] not in names:
            raise traitlets.TraitError(f"name is {proposal['value']!r}; the runs are {', '.join(names)}")
        return str(proposal["value"])

    def _together(self) -> list[Any]:
        """The chosen run, with those that are seeds of the same algorithm."""
        group = self._chosen().group
        return [one for one in self.recordings if one.group == group] if group else [self._chosen()]

    def _chosen(self) -> Any:
        return next((one for one in self.recordings if one.name == self.name), self.recordings[0])
