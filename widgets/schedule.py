"""ScheduleView: agents that share a language core, under one policy and another."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import traitlets

from agentos_lab.kernel import Fifo, Kernel, MultilevelFeedback, RoundRobin, ShortestJobFirst
from agentos_lab.kernel.run import Run
from agentos_lab.kernel.trace import Trace

from .picture import Picture
from .runs import counted
from .schedule_moment import draw_moment, name_of
from .schedule_picture import draw_chart, place_of, ticks_of
from .schedule_run import LOADS, Played, play, recorded
from .schedule_state import chart_of, figures_of, moment_words, sentence_of
from .schedule_table import Policy, draw_table, table_height
from .sketch_stage import Stage, StageView
from .view import header, notice

__all__ = ["ScheduleView"]

BASE = "one at a time"
MOST_BARS = 4_000  # that a browser draws well
MOST_POLICIES = 10
# What each policy makes of a quantum; the first is the one that the others are compared with, on a single slot.
POLICIES: Mapping[str, Callable[[int], Any]] = {
    BASE: lambda quantum: Fifo(),
    "first come, first served": lambda quantum: Fifo(),
    "shortest first": lambda quantum: ShortestJobFirst(),
    "round-robin": RoundRobin,
    "multilevel feedback": lambda quantum: MultilevelFeedback((quantum, 2 * quantum, 4 * quantum)),
}


class ScheduleView(StageView):
    """Who decodes when, what it costs the others, and that the outputs do not depend on it.

    Drag over the chart, or use the arrow keys, to see what all do at a step; point at a bar to read what was written
    in it; click a name to follow one agent; click a policy to see its chart. Times are the kernel's steps: one is one
    token for each agent that decodes.

    Args:
        source: A load, which is carried out under every policy: a function that fills a fresh `Kernel`, or a list of
            jobs ``(name, arrives, tokens, tools)``, or several of these by name. Or what has been run already: a
            `Trace`, a `Run` or a `Kernel` (after it has gone on, call `refresh`). None: two loads of ours.
        policies: More of them by name: schedulers, functions ``(views, slots, now) -> pids``, or classes of schedulers
            that take a quantum.
        core: A function that makes a core with so many slots, e.g. ``lambda slots: lm.core(slots=slots)``;
            `ScriptedCore`, with made-up words, unless given.
        tools: That the agents of the load may call.
        **settings: Initial values of the traits.

    Attributes:
        load: Which of the loads, by name.
        policy: Whose chart is shown, by name.
        quantum: Tokens of a turn, for policies that know turns.
        slots: Places of the core, for all policies but the first.
        tick: The step that is looked at.
        selected: Number of the process that is followed; empty for none.

    Raises:
        ValueError: A job or a policy is none, or the load's function fails.

    Example:
        >>> def last_come(views, slots, now):
        ...     return [view.pid for view in sorted(views, key=lambda view: -view.arrived)][:slots]
        >>> view = ScheduleView([("long", 0, 40), ("short", 1, 8)], policies={"mine": last_come}, slots=1)
        >>> view.policy = "mine"
        >>> print(view.sentence.split(";")[0])
        Mine: done after 48 steps, first token after 1.0 on average
    """

    javascript = Path(__file__).with_name("schedule.js")
    stylesheet = Path(__file__).with_name("schedule.css")
    settings = ("load", "policy", "quantum", "slots", "width", "room")
    selections = ("tick", "selected")

    load = traitlets.Unicode().tag(sync=True)
    policy = traitlets.Unicode().tag(sync=True)
    quantum = traitlets.Int(8, min=1, max=64).tag(sync=True)
    slots = traitlets.Int(3, min=1, max=16).tag(sync=True)
    tick = traitlets.Int(0, min=0).tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        source: Any = None,
        *,
        policies: Mapping[str, Any] | None = None,
        core: Callable[[int], Any] | None = None,
        tools: Iterable[Any] = (),
        **settings: Any,
    ) -> None:
        self.source, self.made = source, isinstance(source, Trace | Run | Kernel)
        self.loads = {} if self.made else _loads_of(source)
        self.policies = {name: _on_quantum(name, each) for name, each in {**POLICIES, **(policies or {})}.items()}
        if len(self.policies) > MOST_POLICIES:
            raise ValueError(f"{len(self.policies)} policies are too many to compare; give at most {MOST_POLICIES - 5}")
        self.core, self.tools = core, tuple(tools)
        self._played: dict[tuple[Any, ...], Policy] = {}
        first = {"load": next(iter(self.loads), ""), "policy": "" if self.made else "round-robin"}
        super().__init__(**{**first, **settings})

    @traitlets.validate("policy", "load")
    def _known(self, proposal: Mapping[str, Any]) -> str:
        name, value = proposal["trait"].name, str(proposal["value"])
        known = {"": None} if self.made else self.policies if name == "policy" else self.loads
        if value not in known:
            raise traitlets.TraitError(f"{name} is {value!r}; expected one of {', '.join(map(repr, known))}")
        return value

    def state_for(self, width: float) -> dict[str, Any]:
        """The chosen policy's chart, and all policies."""
        every = self._every_policy()
        chosen = next(each for each in every if each.name == self.policy)
        chart, played = chosen.chart, chosen.played
        title = "Who has the language core?" if self.made else _title(len(chart.pids))
        if not chart.pids:
            return notice("empty", title, "No agent has been spawned: the load fills the kernel that it is given.")
        if len(chart.bars) > MOST_BARS:
            told = f"{len(chart.bars):,} stretches of time are more than can be drawn (at most {MOST_BARS:,}): "
            return notice("too-large", title, told + "take fewer agents, fewer tokens, or a larger quantum.")
        slots = max(self.slots, played.slots) if not self.made else played.slots
        at = place_of(width, len(chart.pids), slots, chart.last)
        stage = Stage(width)
        draw_chart(stage, at._replace(slots=played.slots), chart)
        draw_table(stage, at.end, every, self.policy)
        digests = [each.played.digest for each in every if each.played.over and not each.played.error]
        base = [each for each in every if each.name == BASE != self.policy and each.played.over]
        figures = {"": chosen.figures} | {each.name: each.figures for each in base}
        sentence = sentence_of("" if self.made else chosen.label, BASE, played, figures, digests)
        return (
            header(title, sentence, _facts(played))
            | {"place": list(at), "ticks": ticks_of(at), "pids": list(chart.pids), "moments": moment_words(chart)}
            | {"names": [name_of(name, at) for name in chart.names[: at.rows]], "full": list(chart.names)}
            | {"bars": [list(bar) for bar in chart.bars], "last": chart.last, "made": self.made}
            | {"loads": list(self.loads)}
            | stage.state(at.end + table_height(every))
        )

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        if state["drawn_for"] != picture.width:
            state = self.state_for(picture.width)
        height = super().draw(picture, state)
        chart = next(each for each in self._every_policy() if each.name == self.policy).chart
        draw_moment(picture, state, chart, self.tick, self.selected)
        return height

    def _every_policy(self) -> list[Policy]:
        if self.made:
            played = recorded(self.source)  # a kernel may have gone on
            return [Policy("", "as recorded", played, chart_of(played), figures_of(played))]
        found = []
        for name, on_quantum in self.policies.items():
            slots, scheduler = 1 if name == BASE else self.slots, on_quantum(self.quantum)
            key = (self.load, name, slots, repr(scheduler))
            if key not in self._played:
                played = play(self.loads[self.load], scheduler, slots, self.core, self.tools)
                label = _label(name, scheduler)
                self._played[key] = Policy(name, label, played, chart_of(played), figures_of(played))
            found.append(self._played[key])
        return found


def _loads_of(source: Any) -> dict[str, Any]:
    loads = LOADS if source is None else source if isinstance(source, Mapping) else {"": source}
    for load in loads.values():
        if not callable(load) and (isinstance(load, str) or not isinstance(load, Iterable)):
            raise ValueError(
                f"expected a Trace, a Run, a Kernel, a function that fills a kernel, or a list of jobs, got {load!r}"
            )
    return {str(name): load if callable(load) else list(load) for name, load in loads.items()}


def _on_quantum(name: str, policy: Any) -> Callable[[int], Any]:
    """A policy as a function of the quantum."""
    if name in POLICIES and policy is POLICIES[name]:
        return POLICIES[name]
    if isinstance(policy, type):
        return policy
    if not callable(policy):
        raise ValueError(f"policy {name!r} is no function of (views, slots, now) and no scheduler: {policy!r}")
    return lambda quantum: policy


def _label(name: str, scheduler: Any) -> str:
    """The name of a policy with its quantum."""
    quantum = getattr(scheduler, "quantum", None)
    quanta = getattr(scheduler, "quanta", None)
    told = f", quantum {quantum}" if quantum else f", {'/'.join(map(str, quanta))}" if quanta else ""
    return name[:1].upper() + name[1:] + told


def _facts(played: Played) -> str:
    return f"{counted(played.trace.metrics().tokens, 'token')}, {counted(played.slots, 'slot')}"


def _title(count: int) -> str:
    words = ("No agents", "One agent", "Two agents", "Three agents", "Four agents", "Five agents", "Six agents",
             "Seven agents", "Eight agents", "Nine agents", "Ten agents")  # fmt: skip
    return f"{words[count] if count < len(words) else f'{count} agents'} on one language core"
