"""NormalFormStepper: from a formula to clauses, one rule at a time, with what changes and whether the meaning does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.errors import ParseError
from agentos_lab.logic import ClausalForm, Formula, parse, to_cnf

from .normal_form_picture import draw_normal_form
from .normal_form_state import normal_form_state, problem_state
from .picture import Picture
from .runs import Runs, rich
from .view import View, notice

__all__ = ["EXAMPLES", "NormalFormStepper"]

# Name in the menu -> formula.
EXAMPLES = {
    "loved animals": "∀x (∀y (Animal(y) → Loves(x, y)) → ∃y Loves(y, x))",
    "order of quantifiers": "∃x ∀y Likes(y, x) → ∀y ∃x Likes(y, x)",
    "equivalence": "∀x (Happy(x) ↔ ∃y Likes(x, y))",
    "negation": "¬∃x (Man(x) ∧ ¬Mortal(x))",
    "propositions": "(rain ∧ cold) ∨ (sun ∧ warm)",
}


class NormalFormStepper(View):
    """Walk from a formula to its clauses and see what each rewriting changes, and whether the meaning stays.

    The ledger shows every line with the rule that made it; dashed is what is about to change, tinted what has changed.
    Below stand the part before and after as trees, why the rule may do it, and in which worlds of two elements the two
    lines are true. The formula can be edited; while it cannot be read, the last one stays.

    Args:
        formula: As text or as a `Formula`; without free variables.
        **settings: Initial values of the other traits.

    Attributes:
        formula: As text; changes are shown at once.
        step: The line that is chosen, counted from 0, the formula itself; the steps are numbered like their lines.
        form: The `ClausalForm` that is shown.

    Raises:
        ParseError: A text that is no formula.
        ValueError: A formula with a free variable.

    Example:
        >>> view = NormalFormStepper("∃x P(x)", step=1)
        >>> view.sentence[:32]
        'Step 1 of 2: ∃x is replaced by s'
    """

    javascript = Path(__file__).with_name("normal_form.js")
    stylesheet = Path(__file__).with_name("normal_form.css")
    settings = ("formula",)
    selections = ("step",)
    measures: ClassVar[Mapping[str, float]] = {
        "head": 18,  # names of the columns
        "rows": 9,  # lines in sight
        "pitch": 21,  # of a line
        "formula": 98,  # left edge of the formulas
        "rule": 104,  # widths
        "meaning": 84,
        "why": 196,
        "grids": 174,  # both grids with the space between
        "grid": 78,  # of one
        "panel": 152,  # height of what stands under the ledger
    }
    examples: ClassVar[dict[str, str]] = EXAMPLES

    formula = traitlets.Unicode().tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)
    menu: Any = traitlets.List().tag(sync=True)

    def __init__(self, formula: str | Formula = EXAMPLES["loved animals"], **settings: Any) -> None:
        if isinstance(formula, Formula):
            to_cnf(formula)  # refuses a free variable, which in a text would be a constant
        text = str(formula)
        shown = [[name, example] for name, example in self.examples.items()]
        if text not in self.examples.values():
            shown.insert(0, ["this formula", text])
        super().__init__(formula=text, menu=shown, **settings)

    def compute(self) -> dict[str, Any]:
        """The state for the present text; the last good one, with the mistake, where the text is no formula."""
        try:
            formula = parse(self.formula)
        except ParseError as error:
            if "lines" in self.state:
                return problem_state(self.state, self.formula, error)
            if not self.state:
                raise
            return notice("failed", self.state["title"], str(error)) | {"entry": self.formula}
        self.form: ClausalForm = to_cnf(formula)
        return normal_form_state(self.form, self.formula)

    @property
    def shown(self) -> int:
        """The line that is chosen, as far as there are so many."""
        return min(self.step, len(self.state["lines"]) - 1)

    def telling(self) -> Runs:
        """The sentence of the chosen step."""
        if "status" in self.state:
            return super().telling()
        problem = self.state["problem"]
        return rich(problem["sentence"] if problem else self.state["steps"][self.shown]["sentence"])  # type: ignore[return-value]

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        return draw_normal_form(picture, self.measures, state, self.shown)
