"""ContextPager: pages come into a small window and go again, under one policy and another."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.kernel.paging import FIFO, LRU, LRUK, AttentionMass, Clock, Optimal, PagingRun

from .context_pager_curves import draw_faults, draw_filling, draw_sizes
from .context_pager_example import GROUPS, MARKED, PHASES, REFERENCES
from .context_pager_layout import HEIGHT, Place, place_of, rows_of
from .context_pager_load import RECORDED, Load, Outcome, load_of, phases_of
from .context_pager_map import draw_legend, draw_map, draw_phases
from .context_pager_moment import ARCHIVE, CHIP, CHIP_ROWS, CHIPS, NOTE_COLOURS, NOTES, STACK_TOP, draw_moment, ticks_of
from .context_pager_state import Story, about_page, failed_sentence, moment_states, sentence_at, story_of
from .picture import Picture
from .runs import Runs, counted
from .sketch import Sketch, draw_sketch
from .sketch_stage import Stage, StageView
from .view import header, notice

__all__ = ["ContextPager"]

MOST_REFERENCES, MOST_PAGES, MOST_POLICIES = 1_000, 120, 8
MOST_COMPARED = 14  # rows that are drawn a second time, for the policy that is compared


class ContextPager(StageView):
    """Which page was in the window and when, which had to go, and what another policy would have done.

    Drag over the map, or use the arrow keys, to see window and archive at a reference; N goes to the next fault. Click
    a page to follow it, P pins it; click the name of a curve to compare its policy, click on the small chart to change
    the size of the window.

    Args:
        source: References to pages of one size, by name or number; or a `PagingRun`, a `ContextWindow` or the events of
            one, which are shown as they were. None: a conversation of ours.
        policies: More of them by name: objects with a method ``victim(pages, now)``.
        groups: Name -> pages that are drawn together; of the first group the compared policy is drawn as well.
        phases: What went on: ``(name, first reference)``, in order.
        marked: Names of phases to be marked.
        masses: For each reference the attention that pages receive: `AttentionMass` is then one of the policies.
        title: Of the view.
        **settings: Initial values of the traits; `policy` may be an object, too.

    Attributes:
        policy: Who decides which page goes, by name.
        comparison: The policy that is compared; empty for none.
        frames: Number of pages in the window.
        pinned: Names of pages that stay once they are in.
        time: The reference that is looked at, from 0.
        selected: Name of the page that is followed; empty for none.

    Raises:
        ValueError: The source, a policy or a phase is none.

    Example:
        >>> class Newest:
        ...     "The page that came in last goes."
        ...     def victim(self, pages, now):
        ...         return max(pages, key=lambda page: page.loaded).id
        >>> view = ContextPager("123412512345", frames=3, policies={"newest": Newest()}, policy="newest", time=11)
        >>> print(view.sentence.split(":")[1])
         page 5 is missing; newest loads it and drops page 4
    """

    javascript = Path(__file__).with_name("context_pager.js")
    stylesheet = Path(__file__).with_name("context_pager.css")
    measures: ClassVar[Mapping[str, Any]] = {
        "notes": NOTES, "colours": NOTE_COLOURS, "stack": STACK_TOP, "archive": ARCHIVE, "chips": CHIPS, "chip": CHIP,
        "chipRows": CHIP_ROWS,
    }  # fmt: skip
    settings = ("policy", "comparison", "frames", "pinned", "width", "room")
    selections = ("time", "selected")

    policy = traitlets.Unicode().tag(sync=True)
    comparison = traitlets.Unicode().tag(sync=True)
    frames = traitlets.Int(8, min=1).tag(sync=True)
    pinned = traitlets.List(traitlets.Unicode()).tag(sync=True)
    time = traitlets.Int(0, min=0).tag(sync=True)
    selected = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        source: Any = None,
        *,
        policies: Mapping[str, Any] | None = None,
        groups: Mapping[str, Iterable[Hashable]] | None = None,
        phases: Iterable[tuple[str, int]] = (),
        marked: Iterable[str] = (),
        masses: Sequence[Mapping[Hashable, float]] | None = None,
        title: str = "Which page has to go?",
        **settings: Any,
    ) -> None:
        if source is None:
            source, groups, phases, marked = REFERENCES, GROUPS, PHASES, MARKED
            title = "Paging a long conversation through a small context window"
        self.load: Load = load_of(source, groups, masses)
        self.phases = phases_of(phases, marked, len(self.load.references))
        self.title = title
        self.policies = _policies_of(self.load, policies or {}, masses is not None)
        chosen = settings.get("policy", self._first_policy())
        if not isinstance(chosen, str):
            settings["policy"] = _name_of(chosen)
            self.policies = {**self.policies, settings["policy"]: _checked(settings["policy"], chosen)}
        if len(self.policies) > MOST_POLICIES:
            raise ValueError(f"{len(self.policies)} policies are too many to compare: give at most {MOST_POLICIES - 5}")
        recorded = self.load.recorded
        if recorded is not None:
            settings = {"frames": max(1, recorded.frames), **settings}
        name = settings.setdefault("policy", self._first_policy())
        others = [each for each in ("LRU-2", "LRU") if each in self.policies and each != name]
        settings.setdefault("comparison", others[0] if others else "")
        self._first_size = settings.get("frames", 8)
        super().__init__(**settings)

    @traitlets.validate("policy", "comparison")
    def _known_policy(self, proposal: Mapping[str, Any]) -> str:
        name, value = proposal["trait"].name, str(proposal["value"])
        if value not in self.policies and (name == "policy" or value):
            raise traitlets.TraitError(f"{name} is {value!r}; expected one of {', '.join(map(repr, self.policies))}")
        return value

    @traitlets.validate("pinned")
    def _known_pages(self, proposal: Mapping[str, Any]) -> list[str]:
        unknown = set(proposal["value"]) - set(self.load.labels())
        if unknown or (proposal["value"] and self.load.unequal):
            raise traitlets.TraitError(f"pinned: no pages that could be pinned here: {sorted(map(str, unknown))}")
        return list(proposal["value"])

    @property
    def run(self) -> PagingRun | None:
        """The run that is shown; None where the policy failed."""
        return self._outcome(self.policy, self.frames).run

    def state_for(self, width: float) -> dict[str, Any]:
        """The run of the chosen policy, and those of the others."""
        load, count = self.load, len(self.load.references)
        if not count:
            return notice("empty", self.title, "There are no references: give pages in the order of their use.")
        if count > MOST_REFERENCES or len(load.pages) > MOST_PAGES:
            told = f"{count:,} references to {len(load.pages):,} pages are more than can be drawn: at most "
            return notice("too-large", self.title, f"{told}{MOST_REFERENCES:,} to {MOST_PAGES}. Take a part of them.")
        outcomes = [self._outcome(name, self.frames) for name in self.policies]
        chosen = next(outcome for outcome in outcomes if outcome.name == self.policy)
        if chosen.run is None:
            return notice("failed", self.title, failed_sentence(chosen))
        return self._drawn(width, chosen.run, outcomes)

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        if state["drawn_for"] != picture.width:
            state = self.state_for(picture.width)
        height = super().draw(picture, state)
        sketch = Sketch()
        draw_moment(sketch, state, min(self.time, len(state["moments"]) - 1), self.selected)
        draw_sketch(picture, sketch.marks)
        return height

    def telling(self) -> Runs:
        """The sentence of the reference that is looked at."""
        told = self.state.get("told")
        return [(style, text) for style, text in told[min(self.time, len(told) - 1)]] if told else super().telling()

    def _drawn(self, width: float, run: PagingRun, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        load = self.load
        rows = {page: row for row, page in enumerate(load.pages)}
        stories = {
            each.name: story_of(each.name, each.run, rows, load.summaries) for each in outcomes if each.run is not None
        }
        story = stories[self.policy]
        compared = stories.get(self.comparison) if self.comparison != self.policy else None
        others = [each for each in (compared, stories.get("Optimal")) if each not in (None, story)]
        others = list(dict.fromkeys(others))
        frames = min(run.frames, len(load.pages)) if load.unequal else run.frames
        most = max(len(each.stack) for each in story.moments)
        at = place_of(width, len(run.references), most if load.unequal else frames, bool(self.phases))
        stage = Stage(width)
        places = self._draw_stage(stage, at, stories, compared, [each.name for each in outcomes if each.run is None])
        labels = load.labels()
        told = [sentence_at(load, story, others, time, width - 32) for time in range(at.count)]
        kept = [row for row, label in enumerate(labels) if label in self.pinned]
        return (
            header(self.title, self._last_sentence(told), self._meta())
            | {"told": told, "about": [about_page(load, story, others, row, width - 32) for row in range(len(rows))]}
            | {"moments": moment_states(story, at.room, kept), "place": list(at), "ticks": ticks_of(at)}
            | {"rows": [[round(part, 2) for part in row] for row in places]}
            | {"labels": labels, "numbers": list(load.numbers), "names": list(load.names)}
            | {"first": [story.of_row(row, "load")[0] for row in range(len(rows))]}
            | {"policies": list(self.policies), "frames": frames, "unequal": load.unequal}
            | {"fixed": self.policies[self.policy] is None, "sizes": self._sizes()}
            | stage.state(HEIGHT)
        )

    def _draw_stage(
        self, stage: Stage, at: Place, stories: Mapping[str, Story], compared: Story | None, failed: Sequence[str]
    ) -> list[tuple[float, float]]:
        load = self.load
        twice = load.groups[0][1] if compared and load.groups[0][1] <= MOST_COMPARED else 0
        places, other = rows_of(at, load.groups, twice)
        draw_legend(stage, at)
        draw_map(stage, at, load, stories[self.policy], places, compared if twice else None, other)
        draw_phases(stage, at, self.phases)
        draw_faults(stage, at, list(stories.values()), failed, self.policy, self.comparison, len(load.pages))
        if load.unequal:
            stacks = [each.stack for each in stories[self.policy].moments]
            if load.tokens:
                filled = [sum(load.tokens[row] for row in stack) for stack in stacks]
                draw_filling(stage, at, filled, load.budget, "token")
            else:
                draw_filling(stage, at, [len(stack) for stack in stacks], max(map(len, stacks)), "page")
        else:
            draw_sizes(stage, at, self._curves(), self.frames, self.policy, self.comparison)
        return places

    def _curves(self) -> dict[str, dict[int, int]]:
        """Policy -> size of the window -> faults."""
        found: dict[str, dict[int, int]] = {}
        for name in self.policies:
            runs = {size: self._outcome(name, size).run for size in self._sizes()}
            curve = {size: run.faults for size, run in runs.items() if run is not None}
            found |= {name: curve} if curve else {}
        return found

    def _sizes(self) -> list[int]:
        return self.load.sizes(self._first_size, self.frames, len(self.pinned))

    def _outcome(self, name: str, frames: int) -> Outcome:
        return self.load.outcome(name, self.policies[name], frames, self.pinned)

    def _first_policy(self) -> str:
        """The policy of a run that is given, else LRU."""
        return next((name for name, policy in self.policies.items() if policy is None), self._same_policy())

    def _same_policy(self) -> str:
        recorded = self.load.recorded
        return recorded.policy if recorded is not None and recorded.policy in self.policies else "LRU"

    def _meta(self) -> str:
        load = self.load
        size = f"{load.budget:,} tokens" if load.budget else "" if load.unequal else counted(self.frames, "page")
        told = f"{counted(len(load.references), 'reference')} to {counted(len(load.pages), 'page')}"
        return told + (f", window of {size}" if size else "")

    def _last_sentence(self, told: Sequence[list[list[str]]]) -> Runs:
        return [(style, text) for style, text in told[-1]]


def _policies_of(load: Load, more: Mapping[str, Any], attention: bool) -> dict[str, Any]:
    """Policies by name; None stands for that of a recorded run which no policy of ours repeats."""
    recorded = load.recorded
    if load.unequal:
        return {RECORDED: None}
    ours = [FIFO(), Clock(), LRU(), LRUK(2), *([AttentionMass()] if attention else []), Optimal()]
    found: dict[str, Any] = {str(policy): policy for policy in ours}
    found |= {str(name): _checked(str(name), policy) for name, policy in more.items()}
    if recorded is not None:
        again = load.outcome(recorded.policy, found.get(recorded.policy), recorded.frames).run
        if recorded.policy not in found or again is None or again.events != recorded.events:
            found[recorded.policy if recorded.policy not in found else RECORDED] = None
    return found


def _checked(name: str, policy: Any) -> Any:
    if isinstance(policy, type) or not callable(getattr(policy, "victim", None)):
        raise ValueError(f"policy {name!r} is no object with a method victim(pages, now): {policy!r:.60}")
    return policy


def _name_of(policy: Any) -> str:
    """What an object is called when it is printed, or what its class is called."""
    own = type(policy).__str__ is not object.__str__
    return str(policy) if own else getattr(policy, "__name__", type(policy).__name__)
