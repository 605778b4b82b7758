"""HedgeExplorer: worlds that no data can tell apart, and the effect that differs between them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.causal import CausalGraph, Identified, NotIdentifiable, identify
from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.query import parse_query
from agentos_lab.causal.row_space import row_space_residual

from .hedge_frames import DIRECTIONS, Worlds, bow_worlds, is_bow, walk_worlds
from .hedge_picture import draw_hedge
from .hedge_state import drawn_shares, hedge_state, point_state, sentence
from .picture import Picture
from .runs import Runs, rich
from .view import View, notice

__all__ = ["EXAMPLES", "HedgeExplorer"]

MOST_CELLS = 64  # of P(V): beyond, the bars cannot be seen, and the walk is long
# Name in the menu -> graph and query.
EXAMPLES = {
    "bow arc": ("X -> Y; X <-> Y", "P(Y | do(X))"),
    "instrument": ("Z -> X -> Y; X <-> Y", "P(Y | do(X))"),
    "leaky front door": ("X -> Z -> Y; X <-> Y; Z <-> Y", "P(Y | do(X))"),
    "hedge upstream": ("X -> Z -> Y; X <-> Z", "P(Y | do(X))"),
    "front door": ("X -> Z -> Y; X <-> Y", "P(Y | do(X))"),
    "back door": ("Z -> X -> Y; Z -> Y", "P(Y | do(X))"),
}


class HedgeExplorer(View):
    """Slide along the null direction: the bars of P(V) stand still while P(y | do(x)) moves.

    Two worlds A and B have the same graph and the same P(V). Drag them on the strip (or the free splits of the
    mechanism) and see what the data cannot decide. For the bow arc all worlds are known in closed form, and the ends of
    the strip are the sharp bounds; for other graphs they come from a walk along the level set of P(V).

    Args:
        graph: The graph, as text or as a `CausalGraph`.
        query: What is asked.
        shares: For the bow arc, what is observed: P(X=1), P(Y=1 | X=0) and P(Y=1 | X=1).
        **settings: Initial values of the other traits.

    Attributes:
        graph, query: As text; changes are shown at once.
        direction: For the bow arc, which free splits move: "both", "do(1) only", "do(0) only".
        draws, sample: So many draws from each world are marked on the bars; `sample` seeds them.
        world_a, world_b: The places of the two worlds, counted from the strip's lower end; −1 for the first choice.

    Raises:
        ValueError: A graph or a query that cannot be read, or that do not fit each other.

    Example:
        >>> view = HedgeExplorer("X -> Y; X <-> Y")
        >>> view.sentence[:42]
        'Both worlds produce the same P(X, Y). Set '
        >>> view.observe(lambda change: print("world A is now", change.new), "world_a")
    """

    javascript = Path(__file__).with_name("hedge.js")
    stylesheet = Path(__file__).with_name("hedge.css")
    settings = ("graph", "query", "direction", "shares", "draws", "sample")
    selections = ("world_a", "world_b")
    measures: ClassVar[dict[str, Any]] = {
        "gap": 22,
        "graph": 132,
        "row_label": 52,
        "strip_label": 132,
        "world_a": 30,
        "world_b": 186,
        "row": 28,  # height of a row of types
        "row_top": 28,  # from the top of a world
        "row_step": 48,
        "between": 168,
        "chip": 284,
        "strip_line": 350,
        "height": 402,
    }
    examples: ClassVar[dict[str, tuple[str, str]]] = EXAMPLES

    graph = traitlets.Unicode("X -> Y; X <-> Y").tag(sync=True)
    query = traitlets.Unicode("P(Y | do(X))").tag(sync=True)
    direction = traitlets.Enum(list(DIRECTIONS), "both").tag(sync=True)
    shares: Any = traitlets.List([0.5, 0.4, 0.7]).tag(sync=True)
    draws = traitlets.Int(0, min=0, max=100_000).tag(sync=True)
    sample = traitlets.Int(0, min=0).tag(sync=True)
    world_a = traitlets.Int(-1, min=-1).tag(sync=True)
    world_b = traitlets.Int(-1, min=-1).tag(sync=True)
    menu: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        graph: str | CausalGraph = "X -> Y; X <-> Y",
        query: str = "P(Y | do(X))",
        shares: Sequence[float] = (0.5, 0.4, 0.7),
        **settings: Any,
    ) -> None:
        text = str(graph)
        self._walks: dict[tuple[str, str], Worlds] = {}
        shown = [[name, *example] for name, example in self.examples.items()]
        if [text, str(query)] not in [each[1:] for each in shown]:
            shown.insert(0, ["this graph", text, str(query)])
        super().__init__(graph=text, query=str(query), shares=list(shares), menu=shown, **settings)

    def compute(self) -> dict[str, Any]:
        """The worlds for the present graph and query."""
        graph, query = CausalGraph(self.graph), parse_query(self.query)
        self.answer = identify(graph, query)
        if 2 ** len(graph) > MOST_CELLS:
            told = f"P(V) has {2 ** len(graph):,} cells; give a graph of at most 6 variables."
            return notice("too-large", "Same data, two worlds", f"{self.answer.query}: {told}")
        self._worlds = self._found()
        if isinstance(self.answer, Identified):
            residual = row_space_residual(graph, str(self.answer.query))
            return point_state(graph, query, self.answer.estimand.expression, self._worlds, residual)
        drawn = drawn_shares(self._worlds, self.draws, self.sample)
        return hedge_state(graph, query, self.answer.hedge, self._worlds, self.direction, drawn)

    @property
    def chosen(self) -> tuple[int, int]:
        """The frames of world A and world B that are shown."""
        last = self.state["frames"] - 1
        first = round(0.8 * last), round(0.2 * last)
        a, b = (
            start if at < 0 else min(at, last) for at, start in zip((self.world_a, self.world_b), first, strict=True)
        )
        return a, b

    @property
    def worlds(self) -> Worlds:
        """All worlds that are slid through."""
        return self._worlds

    def telling(self) -> Runs:
        """The sentence for the two worlds that are shown."""
        return super().telling() if "status" in self.state else rich(sentence(self.state, *self.chosen))  # type: ignore[return-value]

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        return draw_hedge(picture, self.measures, state, *self.chosen)

    def _found(self) -> Worlds:
        """The worlds of the present graph: in closed form, or by a walk, which is remembered."""
        answer = self.answer
        if isinstance(answer, NotIdentifiable) and is_bow(answer.graph, answer.query):
            return bow_worlds(answer.query, self.shares, self.direction)
        key = (self.graph, self.query)
        if key not in self._walks:
            if isinstance(answer, NotIdentifiable):
                if self.state:  # a walk may take seconds: say so where the reader looks
                    self.state = notice(
                        "loading", self.state["title"], f"Walking along the level set of P(V) for {answer.query} …"
                    )
                models: Sequence[DiscreteModel] = answer.counterexample().path
            else:
                models = [DiscreteModel.random(answer.graph, seed=1)]
            self._walks[key] = walk_worlds(models, answer.query)
        return self._walks[key]
