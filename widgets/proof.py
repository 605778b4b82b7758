"""ProofExplorer: a proof as a drawing, each step taken apart and checked; and the search that found it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.logic import Formula, GaveUp, Limits, Problem, Proof, Proved, Refuted, Strategy

from .picture import Picture
from .proof_graph import LISTED, graph_state
from .proof_inspector import inspect_step
from .proof_picture import draw_proof, draw_words, zone
from .proof_search import Run, named_strategies, record
from .proof_search_picture import draw_search
from .proof_search_state import search_state, search_telling
from .proof_state import answer_state, proof_state
from .proof_verdict import verdict
from .room import RoomView
from .runs import Runs, strong
from .view import View, notice

__all__ = ["ProofExplorer"]

LEGIBLE = 1.35  # a drawing that would have to be made smaller by more than this is shown as a list


class ProofExplorer(RoomView):
    """A proof as boxes and lines from the premises to □: step through it, take each step apart, check it.

    Args:
        answer: A proof, or an answer of `prove`; one without a proof says why there is none.
        **settings: Initial values of the other traits.

    Attributes:
        view: "graph", "list", or "search": the given-clause loop that found the proof, round by round.
        room: The pixels that the browser has; 0 while they are as many as `width`.
        step: The chosen step; 0 for the last one.
        round: The round of the search that is shown; −1 for the last one.
        asked: The steps that have been checked ("is this right?").
        opened: The folded lemmas that are open, by the number of their last step.
        latex: Whether clauses are shown as LaTeX source, in a list.
        run, against: The strategies that are shown, by name; `against` may be empty.

    Example:
        >>> from agentos_lab.logic import load_problem, prove
        >>> problem = load_problem("SOCRATES")
        >>> view = ProofExplorer(prove(problem.premises, problem.goal), step=4, asked=[4])
        >>> view.sentence[:50]
        'Step 4 of 5: because ¬Man(x) ∨ Mortal(x) (1) and M'
        >>> view.state["verdicts"]["4"]["title"]
        'This step is right'
    """

    javascript = Path(__file__).with_name("proof.js")
    stylesheet = Path(__file__).with_name("proof.css")
    settings = ("view", "latex", "asked", "opened", "run", "against", "width", "room")
    selections = ("step", "round")
    measures: ClassVar[dict[str, Any]] = {
        "height": 408,
        "graph": 370,  # pixels of the drawing
        "top": 8,
        "inspector": 264,
        "gap": 12,  # on both sides of the line between drawing and inspector
        "map": 64,  # left of a drawing that is too high
        "lines": 18,  # of the list
        "pitch": 20,
    }

    view = traitlets.Enum(["graph", "list", "search"], "graph").tag(sync=True)
    latex = traitlets.Bool(False).tag(sync=True)
    asked: Any = traitlets.List(traitlets.Int()).tag(sync=True)
    opened: Any = traitlets.List(traitlets.Int()).tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)
    round = traitlets.Int(-1, min=-1).tag(sync=True)
    run = traitlets.Unicode("").tag(sync=True)
    against = traitlets.Unicode("").tag(sync=True)
    names: Any = traitlets.List().tag(sync=True)
    sheets: Any = traitlets.List().tag(sync=True)

    _sheets_for: tuple[int, bool] | None = None  # the proof and the notation that `sheets` were made for

    def __init__(self, answer: Proof | Proved | Refuted | GaveUp | None = None, **settings: Any) -> None:
        self._set_up(answer)
        super().__init__(**settings)

    @classmethod
    def search(
        cls,
        premises: Problem | Mapping[str, str | Formula] | Iterable[str | Formula],
        goal: str | Formula | None = None,
        strategy: Strategy | Collection[Strategy] | Mapping[str, Strategy] | None = None,
        limits: Limits | None = None,
        **settings: Any,
    ) -> ProofExplorer:
        """Watch the search itself, one strategy or several beside each other on the same problem.

        Args:
            premises: As for `prove`, or a whole problem.
            goal: What is to be proved.
            strategy: One, several, or several by name; the first two are shown beside each other.
            limits: When each search gives up; by default after 400 rounds.
            **settings: Initial values of traits.

        Raises:
            ParseError: A text is no formula.
            ValueError: A free variable, or a symbol used in two ways.
        """
        asked, goal = (premises.premises, premises.goal) if isinstance(premises, Problem) else (premises, goal)
        runs = [record(name, asked, goal, each, limits) for name, each in named_strategies(strategy).items()]
        explorer = cls.__new__(cls)
        explorer._set_up(None, runs)
        names = [run.name for run in runs]
        chosen = {"view": "search", "run": names[0], "against": names[1] if names[1:] else "", "names": names}
        View.__init__(explorer, **(chosen | settings))
        return explorer

    def compute(self) -> dict[str, Any]:
        """The state for the present settings."""
        return self._state_for(self.space) | {"drawn_for": self.space}

    def _state_for(self, width: int) -> dict[str, Any]:
        if self.view == "search" and (self._runs or self.proof is not None):
            return search_state(self._found_runs(), self.run, self.against) | {"proved": self.proof is not None}
        proof = self.proof
        if proof is None:
            self.sheets = []
            if self._runs:
                return answer_state(self._chosen_run().answer) | {"searched": True}
            if self._given is None:
                told: Runs = ["Give it an answer, for example ", strong("ProofExplorer(prove(premises, goal))"), "."]
                return notice("empty", "Proof explorer", told)
            assert not isinstance(self._given, Proof)
            return answer_state(self._given)
        sheets_for = (id(proof), self.latex)
        if sheets_for != self._sheets_for:
            self._sheets_for = sheets_for
            self.sheets = [inspect_step(proof, step, self.latex) for step in proof]
        listed = self.view == "list" or self.latex or len(proof) > LISTED
        verdicts = {number: self._verdict(number) for number in self.asked if 1 <= number <= len(proof)}
        graph = None if listed else self._graph(proof, width)
        if graph and graph["width"] > LEGIBLE * graph["space"]:
            graph = None
        note = "" if listed or graph else " · too wide to be drawn here"
        return proof_state(proof, graph, self.latex, verdicts, self._effort()) | {"note": note}

    @property
    def proof(self) -> Proof | None:
        """The proof that is shown; None where there is none."""
        if self._runs:
            return self._chosen_run().proof
        if isinstance(self._given, Proof):
            return self._given
        return self._given.proof if isinstance(self._given, Proved) else None

    @property
    def chosen(self) -> int:
        """The number of the step that is shown."""
        count = self.state.get("count", 0)
        return min(self.step, count) or int(count)

    def telling(self) -> Runs:
        """The sentence of the chosen step with its verdict, or of the chosen round."""
        kind = self.state.get("kind")
        if kind == "search":
            return search_telling(self.state, self.round)
        if kind not in ("graph", "list"):
            return super().telling()
        found = self.state["verdicts"].get(str(self.chosen))
        told = self.state["tellings"][self.chosen - 1]
        return [*told, " ", strong(f"{found['title']}.")] if found else told

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture, which has all of its width."""
        if state["drawn_for"] != picture.width:
            state = self._state_for(self.width)
        if state["kind"] == "words":
            return draw_words(picture, state)
        if state["kind"] == "search":
            return draw_search(picture, self.measures, state, self.round)
        return draw_proof(picture, self.measures, state, self.sheets[self.chosen - 1], self.chosen)

    def _set_up(self, answer: Proof | Proved | Refuted | GaveUp | None, runs: Iterable[Run] = ()) -> None:
        if not isinstance(answer, Proof | Proved | Refuted | GaveUp | None):
            told = "expected a Proof or an answer of prove(…)"
            raise ValueError(f"{told}, got {type(answer).__name__}; for premises there is ProofExplorer.search")
        self._given, self._runs = answer, list(runs)
        self._again: list[Run] = []
        self._graphs: dict[Any, dict[str, Any]] = {}
        self._verdicts: dict[Any, dict[str, Any]] = {}
        self._sheets_for = None

    def _chosen_run(self) -> Run:
        return next((run for run in self._runs if run.name == self.run), self._runs[0])

    def _found_runs(self) -> list[Run]:
        """The recorded searches; for a bare proof one with the default strategy, made when it is first looked at."""
        if not self._runs and self.proof is not None:
            self._again = self._again or [record("default", self.proof.premises, self.proof.goal, Strategy(), None)]
            return self._again
        return self._runs

    def _graph(self, proof: Proof, width: int) -> dict[str, Any]:
        key = (id(proof), width, tuple(self.opened))
        if key not in self._graphs:
            room = zone(self.measures, width)
            self._graphs[key] = graph_state(proof, room, self.measures["graph"], self.opened)
        return self._graphs[key]

    def _verdict(self, number: int) -> dict[str, Any]:
        proof = self.proof
        assert proof is not None
        key = (id(proof), number)
        if key not in self._verdicts:
            self._verdicts[key] = verdict(proof, proof[number])
        return self._verdicts[key]

    def _effort(self) -> str:
        if self._runs:
            return self._chosen_run().effort
        return getattr(self._given, "effort", "")
