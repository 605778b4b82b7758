"""EffectForest: one effect by several methods, against the published figures, and what each estimate rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.causal import EffectComparison, EffectEstimate, compare_effects

from .effect_forest_picture import draw_forest
from .effect_forest_state import PANEL, Published, forest_state, sentence
from .picture import Picture
from .runs import Runs, rich
from .view import View

__all__ = ["EffectForest"]


class EffectForest(View):
    """Estimates and intervals by method, published figures as rings, balance and overlap of the chosen one.

    Args:
        estimates: `EffectEstimate` by label, or a list of them, or an `EffectComparison`.
        published: For some labels the published figure, or (figure, low, high), as printed: the widget says whether the
            estimate rounds to it.
        **settings: Initial values of the other traits.

    Attributes:
        row: Number of the estimate whose diagnostics are shown, in the order given.
        order: "as given" or "by value".

    Raises:
        ValueError: No estimate, or a published figure for a label that is not there.

    Example:
        >>> view = EffectForest({"weighting": one, "matching": other}, published={"weighting": (3.44, 2.41, 4.47)})
        >>> view.observe(lambda change: print("row", change.new), "row")
    """

    javascript = Path(__file__).with_name("effect_forest.js")
    stylesheet = Path(__file__).with_name("effect_forest.css")
    selections = ("row", "order")
    measures: ClassVar[dict[str, Any]] = {"row": 38, "rows": 300, "height": 384, "panel": list(PANEL)}

    row = traitlets.Int(0, min=0).tag(sync=True)
    order = traitlets.Enum(["as given", "by value"], "as given").tag(sync=True)

    def __init__(
        self,
        estimates: EffectComparison | Mapping[str, EffectEstimate] | Iterable[EffectEstimate],
        published: Mapping[str, float | Sequence[float]] | None = None,
        **settings: Any,
    ) -> None:
        figures: dict[str, Published] = {
            label: tuple(figure) if isinstance(figure, Sequence) else (figure,)
            for label, figure in (published or {}).items()
        }
        for label, figure in figures.items():
            if len(figure) not in (1, 3) or not all(isinstance(part, Real) for part in figure):
                raise ValueError(f"the published figure of {label!r} is a number or (figure, low, high), not {figure}")
        given: Any = estimates.estimates if isinstance(estimates, EffectComparison) else estimates
        if isinstance(estimates, EffectComparison) and published is None:
            figures = {label: (figure,) for label, figure in estimates.published.items()}
        self.comparison = compare_effects(given, {label: figure[0] for label, figure in figures.items()})
        self._published = figures
        super().__init__(**settings)

    def compute(self) -> dict[str, Any]:
        """The rows."""
        return forest_state(self.comparison, self._published)

    @property
    def chosen(self) -> int:
        """The row that is shown."""
        return min(self.row, len(self.comparison) - 1)

    @property
    def estimate(self) -> EffectEstimate:
        """The chosen estimate."""
        return self.comparison[list(self.comparison)[self.chosen]]

    def telling(self) -> Runs:
        """The sentence of the chosen estimate."""
        return rich(sentence(self.state, self.chosen))  # type: ignore[return-value]

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        order = state["order"] if self.order == "by value" else range(len(state["rows"]))
        return draw_forest(picture, self.measures, state, list(order), self.chosen)
