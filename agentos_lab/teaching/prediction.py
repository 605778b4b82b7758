"""Predict, then look: the learner commits to an answer before the result is shown.

`predict` asks and keeps the answer for as long as the kernel lives; `reveal` puts it beside the result. Both
read well where there is no kernel: the question is then shown with its options and nothing to click.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anywidget
import traitlets

from .markup import chip, inline, panel, paragraph, plain

__all__ = ["Prediction", "Reveal", "predict", "reveal"]

HERE = Path(__file__).parent

_kept: dict[str, str] = {}  # answers by the prediction's name, for this kernel; what a learner typed or chose


class Prediction(anywidget.AnyWidget):
    """A question to be answered before going on: radio buttons, or a field for a number or a few words.

    `answer` is the kept answer as text, empty when there is none; it can be observed and set.
    """

    _esm = HERE / "prediction.js"
    _css = HERE / "prediction.css"

    question = traitlets.Unicode().tag(sync=True)  # HTML
    options = traitlets.List(traitlets.Unicode()).tag(sync=True)  # HTML; empty: a field to type in
    values = traitlets.List(traitlets.Unicode()).tag(sync=True)  # what is kept when an option is chosen
    answer = traitlets.Unicode().tag(sync=True)

    def __init__(self, name: str, question: str, options: Iterable[Any] | None) -> None:
        self.name, self.text = name, question
        values = [str(option) for option in options] if options is not None else []
        kept = _kept.get(name, "")
        super().__init__(
            question=inline(question),
            options=[inline(value) for value in values],
            values=values,
            answer=kept if not values or kept in values else "",
        )

    @traitlets.validate("answer")
    def _known_option(self, proposal: traitlets.Bunch) -> str:
        answer = str(proposal["value"]).strip()
        if self.values and answer and answer not in self.values:
            raise traitlets.TraitError(f"{answer!r} is not one of the options {self.values}")
        return answer

    @traitlets.observe("answer")
    def _keep(self, change: traitlets.Bunch) -> None:
        if change["new"]:
            _kept[self.name] = change["new"]

    def __repr__(self) -> str:
        choices = f" Options: {' · '.join(map(plain, self.values))}." if self.values else ""
        kept = f"You said: {plain(self.answer)}." if self.answer else "No answer kept yet."
        return f"Your prediction: {plain(self.text)}{choices} {kept}"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        live = super()._repr_mimebundle_(**kwargs)  # for where there is a kernel
        data, metadata = live if live is not None else ({}, {})
        return {**data, "text/plain": repr(self), "text/html": self._static_html()}, metadata

    def _static_html(self) -> str:
        listed = "".join(f"<li>{option}</li>" for option in self.options)
        row = "display:flex;flex-wrap:wrap;gap:0 32px;margin:0"
        asked = paragraph(f"{chip('Your prediction', 'chosen')} {self.question}")
        choices = f'<ul style="{row}">{listed}</ul>' if listed else ""
        return panel(asked + choices, "chosen", "A question to predict")


@dataclass(frozen=True, repr=False)
class Reveal:
    """A result beside what was predicted; `predicted` is None when nothing was."""

    name: str
    predicted: str | None
    value: Any
    why: str = ""

    @property
    def agrees(self) -> bool:
        """Whether the prediction was right: equal as text, or as numbers to the digits shown."""
        if self.predicted is None:
            return False
        try:
            return math.isclose(float(self.predicted), float(self.value), rel_tol=5e-3, abs_tol=1e-9)
        except (TypeError, ValueError):
            return self.predicted.casefold() == str(self.value).casefold()

    def _sentence(self) -> str:
        value = f"{self.value:.4g}" if isinstance(self.value, float) else str(self.value)
        if self.predicted is None:
            return f"You made no prediction yet. The result: **{value}**."
        joint = ", and" if self.agrees else ";"
        return f"You predicted **{self.predicted}**{joint} it is **{value}**."

    def __str__(self) -> str:
        return plain(f"{self._sentence()} {self.why}").rstrip()

    __repr__ = __str__

    def _repr_html_(self) -> str:
        why = paragraph(inline(self.why)) if self.why else ""
        kind = "right" if self.agrees else "chosen"
        return panel(paragraph(inline(self._sentence())) + why, kind, "Your prediction and the result")


def predict(name: str, question: str, options: Iterable[Any] | None = None) -> Prediction:
    """Ask for a prediction and keep it; running the cell again shows the kept answer.

    Args:
        name: A word for this prediction, unique in the notebook; `reveal` finds it by this name.
        question: What to predict. `code` between backticks and **strong** between stars are understood.
        options: The possible answers, e.g. ``range(7)`` or ``["more", "fewer"]``; None asks for a number or a
            few words.

    Returns:
        The question, to stand as the last line of its cell.
    """
    return Prediction(name, question, options)


def reveal(name: str, value: Any, why: str = "") -> Reveal:
    """Show a result beside what was predicted for it.

    Args:
        name: The name given to `predict`.
        value: The result; a float is shown with four digits.
        why: One or two sentences on why it is so.
    """
    return Reveal(name, _kept.get(name), value, why)
