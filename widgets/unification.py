"""UnificationStepper: two terms made equal step by step, up to a unifier, a clash or an occurs failure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.errors import ParseError
from agentos_lab.logic import Atom, Term, Unification, unify

from .picture import Picture
from .runs import Runs, rich
from .unification_picture import draw_unification
from .unification_state import problem_state, unification_state
from .unification_terms import read_term
from .view import View, notice

__all__ = ["EXAMPLES", "UnificationStepper"]

# Name in the menu -> the two terms.
EXAMPLES = {
    "a unifier": ("P(x, f(x), y)", "P(g(z), f(g(a)), z)"),
    "who loves whom": ("Loves(x, mother(x))", "Loves(john, y)"),
    "clash": ("P(x, f(a))", "P(b, f(x))"),
    "occurs failure": ("P(x, f(x))", "P(y, y)"),
    "shared parts": ("g(x1, x2, x3, x4)", "g(f(x0, x0), f(x1, x1), f(x2, x2), f(x3, x3))"),
}


class UnificationStepper(View):
    """Walk through the unification of two terms: which rule is applied, what waits, what is bound.

    Both terms stand there as trees, with the bindings put in; green is what agrees already, blue what a step is about,
    vermilion why there is no unifier. Of large terms, parts that come again are drawn once. Both terms can be edited.

    Args:
        left, right: Terms, as text or as a `Term`. In a text u, v, w, x, y, z (with digits or primes) are variables and
            all other names are not; P(x) is read as a term too.
        **settings: Initial values of the other traits.

    Attributes:
        left, right: As text; changes are shown at once.
        step: Which step is shown; 0 is the beginning.
        result: The `Unification` that is shown.

    Raises:
        ParseError: A text that is no term.

    Example:
        >>> view = UnificationStepper("f(x)", "f(a)", step=2)
        >>> view.sentence
        'Step 2 of 2: x ↦ a. x is replaced by a everywhere, in both terms.'
    """

    javascript = Path(__file__).with_name("unification.js")
    stylesheet = Path(__file__).with_name("unification.css")
    settings = ("left", "right")
    selections = ("step",)
    measures: ClassVar[Mapping[str, float]] = {
        "head": 18,
        "pitch": 21,  # of a row of the steps
        "rows": 13,
        "steps": 0.36,  # width of the steps, as a share
        "rule": 124,  # from the left edge of a step to its equation
        "between": 40,  # between the two trees
        "lists": 186,  # where the lists under the trees begin
        "height": 326,
    }
    examples: ClassVar[dict[str, tuple[str, str]]] = EXAMPLES

    left = traitlets.Unicode().tag(sync=True)
    right = traitlets.Unicode().tag(sync=True)
    step = traitlets.Int(0, min=0).tag(sync=True)
    menu: Any = traitlets.List().tag(sync=True)

    def __init__(
        self,
        left: str | Term | Atom = EXAMPLES["a unifier"][0],
        right: str | Term | Atom = EXAMPLES["a unifier"][1],
        **settings: Any,
    ) -> None:
        self._given = {str(term): term for term in (left, right) if isinstance(term, Term)}
        texts = (str(left), str(right))
        shown = [[name, *example] for name, example in self.examples.items()]
        if texts not in self.examples.values():
            shown.insert(0, ["these terms", *texts])
        super().__init__(left=texts[0], right=texts[1], menu=shown, **settings)

    def compute(self) -> dict[str, Any]:
        """The state for the present texts; the last good one, with the mistake, where one is no term."""
        entry = f"{self.left}  ≟  {self.right}"
        terms: list[Term] = []
        for side, text in (("left", self.left), ("right", self.right)):
            try:
                terms.append(self._given.get(text) or read_term(text))
            except ParseError as error:
                if "frames" in self.state:
                    return problem_state(self.state, entry, side, error)
                if not self.state:
                    raise
                return notice("failed", self.state["title"], str(error)) | {"entry": entry}
        left, right = terms
        self.result: Unification = unify(left, right)
        return unification_state(left, right, entry)

    @property
    def shown(self) -> int:
        """The step that is shown, as far as there are so many."""
        return min(self.step, len(self.state["frames"]) - 1)

    def telling(self) -> Runs:
        """The sentence of the step that is shown."""
        if "status" in self.state:
            return super().telling()
        problem = self.state["problem"]
        return rich(problem["sentence"] if problem else self.state["frames"][self.shown]["sentence"])  # type: ignore[return-value]

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        return draw_unification(picture, self.measures, state, self.shown)
