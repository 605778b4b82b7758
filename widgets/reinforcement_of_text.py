"""ReinforcementOfText: what each update of a language policy did to each token, and what reward asked for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.rl.dialogue_result import DialogueUpdate
from agentos_lab.rl.group_advantage import GroupAdvantage

from .picture import Picture
from .reinforcement_of_text_layout import layout
from .reinforcement_of_text_panels import draw_curves, draw_reading
from .reinforcement_of_text_picture import draw_texts
from .reinforcement_of_text_reading import Place, largest, part, place_of, read_token, sentence_of
from .reinforcement_of_text_runs import TextRun, updates_in
from .reinforcement_of_text_state import reinforcement_of_text_state
from .runs import Runs
from .view import View

__all__ = ["ReinforcementOfText"]


class ReinforcementOfText(View):
    """Answers of a language policy while it learns by reward, each token in the colour of advantage × change of ln p.

    Blue: the update moved the token as its advantage asked; vermilion: the other way. Point at a token, or walk to it
    with Tab and the arrow keys, for its numbers; a click keeps them. Drag over the curves, or use PageUp and PageDown,
    to go along the updates; Space plays. Where the reward that was paid is not the true one, J colours the same update
    by the advantage that the true reward would have given.

    Args:
        source: A `LearnedDialogue`, its history, or several of these by the names of what was paid; None: nothing
            yet, see `add`. The more prompts an update has kept (``show=4``), the more there is to choose from.
        advantage: How rewards became advantages, where the source does not say.
        **settings: Initial values of the traits.

    Attributes:
        name: The run that is shown, by its name.
        update: Number of the update; None is the last one.
        prompt: Which of the update's prompts, from 0.
        judge: Whose advantage colours the tokens: "paid", the reward of the training, or "true", the task's own.
        chosen: Row and place of the token whose numbers are shown; None: the one with the largest effect.
        page: Which stretch of the answers, from 0, where they are too long for one row.

    Raises:
        ValueError: The source holds no updates of a language policy.

    Example:
        >>> learned = reinforce_dialogue(policy, task, show=4)                                # doctest: +SKIP
        >>> hacked = reinforce_dialogue(policy, task, reward=parenthesis_share, show=4)       # doctest: +SKIP
        >>> view = ReinforcementOfText({"true reward": learned, "proxy": hacked}, update=10)  # doctest: +SKIP
        >>> view.observe(lambda change: print("now at", change.new), "update")                # doctest: +SKIP

    It can watch a policy learn: show the view, and in the next cell let the training tell it each update. The
    notebook's stop button stops the training, and the next `run` goes on. ::

        view = ReinforcementOfText()
        view
        learner = DialogueLearner(policy, task)
        learner.run(on_record=view.add)
    """

    javascript = Path(__file__).with_name("reinforcement_of_text.js")
    stylesheet = Path(__file__).with_name("reinforcement_of_text.css")
    selections = ("name", "update", "prompt", "judge", "chosen", "page")
    measures: ClassVar[Mapping[str, float]] = {
        "left": 112,  # where the tokens begin; what an answer earned stands before
        "side": 224,  # width of the panels at the right
        "gap": 28,
        "heading": 43,
        "rows_top": 51,
        "row": 37,
        "most_rows": 8,
        "legend": 353,
        "reading": 228,
        "line": 17,
        "height": 386,
    }

    name = traitlets.Unicode().tag(sync=True)
    update = traitlets.Int(None, allow_none=True, min=0).tag(sync=True)
    prompt = traitlets.Int(0, min=0).tag(sync=True)
    judge = traitlets.Enum(["paid", "true"], "paid").tag(sync=True)
    chosen = traitlets.List(traitlets.Int(min=0), None, minlen=2, maxlen=2, allow_none=True).tag(sync=True)
    page = traitlets.Int(0, min=0).tag(sync=True)

    def __init__(self, source: Any = None, *, advantage: GroupAdvantage = "grpo", **settings: Any) -> None:
        self.text_runs, self.advantage = updates_in(source, advantage), advantage
        super().__init__(**{"name": self.text_runs[0].name if self.text_runs else "", **settings})

    def compute(self) -> dict[str, Any]:
        """All runs; what is chosen among them needs no new state."""
        return reinforcement_of_text_state(self.text_runs)

    def add(self, record: DialogueUpdate, name: str = "") -> None:
        """Show one update more, for instance as it is made: ``reinforce_dialogue(…, on_record=view.add)``.

        Args:
            record: Later than the last one of its run.
            name: Of the run; empty: the one that is shown. A new name begins a new run.

        Raises:
            ValueError: It is no update of a language policy, or an earlier one.
        """
        name = name or self.name or "reward"
        run = next((run for run in self.text_runs if run.name == name), None)
        (checked,) = updates_in([*(run.records if run else ()), record], self.advantage)
        if run is None:
            self.text_runs.append(TextRun(name, checked.records, self.advantage))
            self.name = name
        else:
            run.records = checked.records
        self.refresh()

    @property
    def place(self) -> Place:
        """What is shown: as chosen, but never beyond the last."""
        return place_of(self.state, self.name, self.update, self.prompt, int(self.measures["most_rows"]))

    @property
    def judging(self) -> str:
        """Whose advantage colours the tokens: as chosen, where the two differ."""
        return "paid" if self.place.run["is_true"] else self.judge

    @property
    def token(self) -> tuple[int, int] | None:
        """Row and place of the token whose numbers are shown."""
        place = self.place
        if self.chosen is not None and self.chosen[0] < len(place.rows):
            row, token = self.chosen
            if token < len(part(place.run, "token", "tokens.first", place.rows[row])):
                return row, token
        return largest(self.state, place, self.judging)

    def telling(self) -> Runs:
        """The sentence for what is chosen."""
        if "status" in self.state:
            return super().telling()
        return sentence_of(self.state, self.place, self.token, self.judging)

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        at, place, seen = layout(self.measures, picture.width, state["wide"]), self.place, self.token
        title = "This token" if seen is not None and seen == tuple(self.chosen or ()) else "Largest effect"
        draw_texts(picture, self.measures, at, state, place, seen, self.page, self.judging)
        draw_curves(picture, self.measures, at, place)
        token = None if seen is None else read_token(state, place.run, place.rows[seen[0]], seen[1], self.judging)
        draw_reading(picture, self.measures, at, token, title if seen else "No effect", self.judging)
        return float(self.measures["height"])
