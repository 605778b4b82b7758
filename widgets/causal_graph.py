"""CausalGraphExplorer: draw a causal graph, ask for an effect, and see paths, adjustment sets, verdict and proof."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.causal import CausalGraph, Identified, NotIdentifiable, identify

from .causal_graph_derivation import draw_derivation
from .causal_graph_edit import connected, disconnected, new_name, renamed, with_node, without_node
from .causal_graph_examples import EXAMPLES
from .causal_graph_layout import layout
from .causal_graph_panels import draw_adjustment, draw_verdict
from .causal_graph_picture import draw_graph, draw_paths
from .causal_graph_places import free_place
from .causal_graph_question import Question
from .causal_graph_state import causal_graph_state
from .causal_graph_worlds import worlds_state
from .picture import Picture
from .runs import Runs, strong
from .view import View

__all__ = ["CausalGraphExplorer"]

ROLES = ("treatment", "outcome", "given", "latent")
Names = str | Iterable[str] | None


class CausalGraphExplorer(View):
    """Draw a causal graph and ask whether data alone can give an effect.

    At the left the graph, with the paths from treatment to outcome: which are open, which blocked, and where; at the
    right the verdict with its formula, the sets that can be adjusted for, and the proof, step by step, each with the
    graph that it looks at. Double-click makes a node, dragging from its rim an arrow; keys: N node, A arrow from the
    chosen node, B two-headed edge, T O G L P roles, Delete.

    Args:
        graph: A `CausalGraph`, its text, or the name of an example ("napkin"); None to begin with an empty sheet.
        treatment, outcome: Nodes whose effect on whom is asked for.
        given: Nodes that are conditioned on: they decide which paths are open.
        **settings: Initial values of the other traits.

    Attributes:
        graph: The graph as text; set it to show another one.
        treatment, outcome, given, latent: The roles, as lists of names.
        places: Node -> [x, y] in shares of the panel, for nodes that were moved.
        conditional: Whether what is given belongs to the question, P(Y | do(X), Z); else it only says which paths are
            open and whether adjusting for it would do.
        worlds: Whether two worlds are shown that differ in an effect which is not identifiable.
        step, path: The step and the path that are shown (-1: the first path that is worth a look).
        chosen: The node that the reader has selected.
        refused: Why the last edit was not made; empty where it was.

    Raises:
        ValueError: A name that is no node, or one with two roles; a graph with a cycle.

    Example:
        >>> view = CausalGraphExplorer("X -> M -> Y; X <-> Y", "X", "Y")
        >>> view.answer.identifiable
        True
        >>> view.connect("Y", "->", "X")
        >>> view.refused
        'Y → X would close the cycle Y → X → M → Y: nothing can be its own cause.'
        >>> view.observe(lambda change: print("given", change.new), "given")
    """

    javascript = Path(__file__).with_name("causal_graph.js")
    stylesheet = Path(__file__).with_name("causal_graph.css")
    settings = ("graph", *ROLES, "conditional", "places", "worlds")
    selections = ("step", "path", "chosen", "refused")
    measures: ClassVar[Mapping[str, Any]] = {
        "gap": 24,  # between the columns
        "answer": 340,  # width of the right column, at least, where there is room
        "graph": 246,  # height of the panel
        "paths": 5,  # rows
        "formula": 44,  # height of the estimand
        "steps": 5,  # that are shown at once
        "row": 28,  # height of a step
        "open": 118,  # height of the chosen step
        "small": 156,  # width of its graph
        "height": 396,
        "examples": list(EXAMPLES),
    }

    graph = traitlets.Unicode("").tag(sync=True)
    treatment: Any = traitlets.List(traitlets.Unicode()).tag(sync=True)
    outcome: Any = traitlets.List(traitlets.Unicode()).tag(sync=True)
    given: Any = traitlets.List(traitlets.Unicode()).tag(sync=True)
    latent: Any = traitlets.List(traitlets.Unicode()).tag(sync=True)
    conditional = traitlets.Bool(False).tag(sync=True)
    places: Any = traitlets.Dict().tag(sync=True)
    worlds = traitlets.Bool(False).tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)
    path = traitlets.Int(-1, min=-1).tag(sync=True)
    chosen = traitlets.Unicode("").tag(sync=True)
    refused = traitlets.Unicode("").tag(sync=True)
    wish: Any = traitlets.List().tag(sync=True)  # [number, what, …]: an edit that the browser asks for

    def __init__(
        self,
        graph: CausalGraph | str | None = None,
        treatment: Names = None,
        outcome: Names = None,
        given: Names = (),
        **settings: Any,
    ) -> None:
        example = EXAMPLES.get(graph) if isinstance(graph, str) else None
        if example:
            graph = example.graph
            treatment = example.treatment if treatment is None else treatment
            outcome = example.outcome if outcome is None else outcome
            given = given or example.given
            settings = {"latent": list(example.latent), "places": places_of(example.places)} | settings
        shown = graph if isinstance(graph, CausalGraph) else CausalGraph(graph or "")
        roles = {"treatment": listed(treatment), "outcome": listed(outcome), "given": listed(given)}
        roles["latent"] = listed(settings.pop("latent", ()))
        check_roles(shown, roles)
        super().__init__(graph=str(shown), **roles, **settings)
        self.observe(self._grant, "wish")

    def compute(self) -> dict[str, Any]:
        """What the engine says about the present graph and question."""
        graph = self.causal_graph
        roles = {role: tuple(name for name in getattr(self, role) if name in graph) for role in ROLES}
        check_roles(graph, roles)
        question = Question(graph, **roles, conditional=self.conditional)
        state = causal_graph_state(question, self.places)
        return state | {"worlds": worlds_state(question) if self.worlds and question.asked else None}

    @property
    def causal_graph(self) -> CausalGraph:
        """The graph that is shown."""
        return CausalGraph(self.graph)

    @property
    def answer(self) -> Identified | NotIdentifiable:
        """The engine's answer to the present question, for use in code.

        Raises:
            ValueError: No treatment or no outcome is chosen.
        """
        if not self.treatment or not self.outcome:
            raise ValueError("choose a treatment and an outcome first: view.treatment = ['X']; view.outcome = ['Y']")
        roles = {role: tuple(getattr(self, role)) for role in ROLES}
        question = Question(self.causal_graph, **roles, conditional=self.conditional)
        return identify(question.observed, question.query)

    # --- editing: what cannot be done is refused in a sentence, and nothing changes ----------------------------

    def add_node(self, name: str = "", x: float | None = None, y: float | None = None) -> None:
        """A new node, with a letter of its own and a free place where none are given."""
        called = name or new_name(self.causal_graph)
        place = free_place(self._places()) if x is None or y is None else (x, y)
        self._edit(lambda graph: with_node(graph, called), {called: place}, chosen=called)

    def connect(self, a: str, kind: str, b: str) -> None:
        """An edge, ``"->"`` or ``"<->"``; one that closes a cycle is refused with the cycle."""
        self._edit(lambda graph: connected(graph, a, kind, b))

    def disconnect(self, a: str, kind: str, b: str) -> None:
        """Take an edge away."""
        self._edit(lambda graph: disconnected(graph, a, kind, b))

    def remove(self, name: str) -> None:
        """Take a node and its edges away."""
        self._edit(lambda graph: without_node(graph, name), chosen="")

    def rename(self, old: str, new: str) -> None:
        """Give a node another name."""
        place = self._places().get(old, (0.5, 0.5))
        roles = {role: [new if name == old else name for name in getattr(self, role)] for role in ROLES}
        self._edit(lambda graph: renamed(graph, old, new), {new: place}, chosen=new, **roles)

    def show(self, example: str) -> None:
        """One of the examples; see `widgets.causal_graph_examples`.

        Raises:
            ValueError: There is none of this name.
        """
        if example not in EXAMPLES:
            raise ValueError(f"there is no example {example!r}; there are {', '.join(EXAMPLES)}")
        shown = EXAMPLES[example]
        with self.hold_trait_notifications():
            self.graph, self.places = shown.graph, places_of(shown.places)
            self.treatment, self.outcome = [shown.treatment], [shown.outcome]
            self.given, self.latent = list(shown.given), list(shown.latent)
            self.step, self.path, self.chosen, self.refused, self.worlds = 0, -1, "", "", False
            self.conditional = False

    def _edit(self, change: Any, places: Mapping[str, Sequence[float]] | None = None, **traits: Any) -> None:
        try:
            graph = change(self.causal_graph)
        except ValueError as error:
            self.refused = str(error)
            return
        kept = {name: list(place) for name, place in (self._places() | dict(places or {})).items() if name in graph}
        roles = {role: [name for name in traits.get(role, getattr(self, role)) if name in graph] for role in ROLES}
        with self.hold_trait_notifications():
            for name, value in (traits | roles).items():
                setattr(self, name, value)
            self.graph, self.places, self.refused, self.worlds = str(graph), kept, "", False

    def _places(self) -> dict[str, Sequence[float]]:
        """Where everything stands now, so that an edit makes nothing jump."""
        return {node["name"]: (node["x"], node["y"]) for node in self.state.get("nodes", [])}

    def _grant(self, change: Mapping[str, Any]) -> None:
        """Do what the browser asks for."""
        _, what, *details = change["new"]
        deeds: dict[str, Callable[..., None]] = {
            "node": self.add_node, "connect": self.connect, "disconnect": self.disconnect,
            "remove": self.remove, "rename": self.rename, "show": self.show,
        }  # fmt: skip
        deeds[what](*details)

    # --- the picture -----------------------------------------------------------------------------------------

    def telling(self) -> Runs:
        """The sentence, or why the last edit was refused."""
        return [strong("Not possible: "), self.refused] if self.refused else super().telling()

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        at = layout(self.measures, picture.width)
        path = self.path if 0 <= self.path < len(state["paths"]) else state["first_path"]
        step = max(0, min(self.step, len(state["steps"]) - 1))
        draw_graph(picture, at, self.measures, state, path)
        draw_paths(picture, at, self.measures, state, path)
        picture.line(at["right"] - 12.5, 0, at["right"] - 12.5, self.measures["height"] - 8)
        draw_verdict(picture, at, self.measures, state)
        draw_adjustment(picture, at, self.measures, state)
        draw_derivation(picture, at, self.measures, state, step)
        return float(self.measures["height"])


def listed(names: Names) -> list[str]:
    """One name, several or none, as a list."""
    return [] if names is None else [names] if isinstance(names, str) else list(names)


def places_of(places: Mapping[str, Sequence[float]]) -> dict[str, list[float]]:
    """Places as JSON has them."""
    return {name: list(place) for name, place in places.items()}


def check_roles(graph: CausalGraph, roles: Mapping[str, Sequence[str]]) -> None:
    """A ValueError for a role of an unknown node, and for a node with two roles."""
    played: dict[str, str] = {}
    for role, names in roles.items():
        graph.mask(names)
        for name in names:
            if name in played:
                raise ValueError(f"{name} is {played[name]} and {role}; a node plays one part")
            played[name] = role
