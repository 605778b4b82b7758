"""CountermodelView: a world in which the premises are true and the conclusion false, evaluated step by step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import traitlets

from agentos_lab.logic import Countermodel, Formula, NoCountermodel, Not, Refuted, Structure, find_countermodel, parse
from agentos_lab.logic.finite_models import MAX_LITERALS, RLIMIT, ModelSearch
from agentos_lab.logic.number_sorts import uses_numbers
from agentos_lab.logic.premises import named_formulas

from .countermodel_picture import countermodel_stage
from .countermodel_state import Census, census, kind_of, sentence, strip_of, title_of
from .countermodel_steps import evaluated_rows, telling_step
from .countermodel_world import Vocabulary, parse_world, world_text
from .runs import counted
from .sketch_stage import StageView
from .view import header

__all__ = ["CountermodelView"]

Premises = Mapping[str, str | Formula] | Iterable[str | Formula] | str | Formula
LARGEST = 8  # elements
OFFERED = 4  # sizes in the row of controls
FOLLOWS_RLIMIT = 1_000_000  # steps of Z3 to find out that there is no countermodel of any size
NONE = "No world with {} is a countermodel; that is no proof."


class CountermodelView(StageView):
    """Click cells and arrows, and see at once which formulas stay true and where an evaluation turns.

    One step is linked in three places: its row in the evaluation, a ring around the cell that it looks up, and the
    arrow in the graph.

    Args:
        given: A `Countermodel` (also from a `Refuted`), or the premises: formulas or their texts, named or in order.
        goal: The conclusion, where premises are given.
        names: What the elements are called; d1, d2, … by default.
        **settings: Initial values of the traits.

    Attributes:
        size: The number of elements, 1 to 8; 0 for the smallest countermodel up to 4 elements.
        world: The world as a text such as ``"Likes=0110"`` (see `countermodel_world`); empty for one that was found.
        step: The chosen step of the evaluation, from 0; −1 for the one that tells most.
        structure: The world that is shown, as a `Structure`.

    Raises:
        ValueError: No formula, a free variable, a symbol used in two ways, or a result without a countermodel.

    Example:
        >>> view = CountermodelView(["∀x ∃y Likes(x, y)"], "∃y ∀x Likes(x, y)", names=["Ann", "Bob"])
        >>> view.sentence[:66]
        'No. In this world the premise is true and the conclusion is false.'
    """

    javascript = Path(__file__).with_name("countermodel.js")
    settings = ("size", "world", "step", "width", "room")

    size = traitlets.Int(0, min=0, max=LARGEST).tag(sync=True)
    world = traitlets.Unicode("").tag(sync=True)
    step = traitlets.Int(-1, min=-1).tag(sync=True)

    def __init__(
        self,
        given: Countermodel | Refuted | Premises = (),
        goal: str | Formula | None = None,
        names: Sequence[str] = (),
        **settings: Any,
    ) -> None:
        self.premises, self.goal, start = _formulas(given, goal)
        formulas = [*self.premises.values(), self.goal]
        self._vocabulary = Vocabulary.of(formulas)
        self._names = tuple(names) or (start.domain if start is not None else ())
        if len(set(self._names)) < len(self._names):
            raise ValueError(f"each element needs a name of its own, got {', '.join(self._names)}")
        if uses_numbers(formulas):
            raise ValueError("the formulas speak of numbers, and no finite world holds them all; try entails()")
        self._found: dict[int, tuple[str | None, str]] = {}
        self._known: dict[int, Census] = {}
        if start is not None:
            if isinstance(given, Countermodel) and given.minimal:
                self._found |= {size: (None, NONE.format(counted(size, "element"))) for size in range(1, start.size)}
            renamed = _renamed(start, self._domain(start.size))
            self._found[start.size] = (world_text(renamed, self._vocabulary), "")
            settings.setdefault("size", start.size)
        super().__init__(**settings)

    @property
    def structure(self) -> Structure:
        """The world that is shown."""
        return parse_world(self.state["present"], self._vocabulary, self._domain(self.state["elements"]))

    def state_for(self, width: float) -> dict[str, Any]:
        """The present world, evaluated."""
        size = self.size or self._smallest()
        domain, formulas = self._domain(size), list(self.premises.values())
        found, searched = self._search(size)
        if size not in self._known:
            self._known[size] = census(self._vocabulary, domain, formulas, self.goal, found)
        known = self._known[size]
        spare = next(iter(known.kinds["both true"]), "")  # where there is no countermodel: a world to look around in
        world = parse_world(self.world or found or spare, self._vocabulary, domain)
        present = world_text(world, self._vocabulary)
        rows = evaluated_rows(world, self._shown_names())
        last = max(row.step for row in rows)
        step = telling_step(rows) if self.step < 0 else min(self.step, last)
        words = ("premise" if len(formulas) == 1 else "a premise", "conclusion")
        strip = strip_of(known, self._vocabulary, domain, present, words)
        told = sentence(rows, step, size, searched, bool(self.world))
        counter = known.kinds["countermodel"]
        following = counter[(counter.index(present) + 1) % len(counter) if present in counter else 0] if counter else ""
        kind = kind_of(world, formulas, self.goal)
        return (
            header(title_of(formulas, self.goal), told, self._meta(size) if kind == "countermodel" else "")
            | {"present": present, "elements": size, "chosen": step, "last": last, "another": following}
            | {"kind": kind, "sizes": sorted({*range(1, OFFERED + 1), size})}
            | {"countermodels": len(counter)}
            | countermodel_stage(width, world, self._vocabulary, self._shown_names().values(), rows, step, strip)
        )

    def _meta(self, size: int) -> str:
        """Whether a smaller world would do, as far as that is known."""
        ruled_out = all(self._found.get(n, ("?", ""))[0] is None for n in range(1, size))
        if not ruled_out:
            return ""
        return "no smaller world is a countermodel" if size > 1 else "no world is smaller"

    def _shown_names(self) -> dict[str, Formula]:
        """Premises and goal by the names that they have in the picture."""
        shown = {
            name.capitalize() if name.startswith("premise ") else name: each for name, each in self.premises.items()
        }
        if list(shown) == ["Premise 1"]:
            shown = {"Premise": shown["Premise 1"]}
        last = "Conclusion" if "Conclusion" not in shown else "Conclusion (goal)"
        return {**shown, last: self.goal}

    def _domain(self, size: int) -> tuple[str, ...]:
        """The elements' names: those given, as far as they go."""
        named = self._names[:size]
        free = [f"d{number}" for number in range(1, 2 * LARGEST + 1) if f"d{number}" not in named]
        # A view without names of its own counts d1, d2, …; with some, it goes on from their number.
        return (*named, *free[len(named) if free[0] == "d1" else 0 :][: size - len(named)])

    def _smallest(self) -> int:
        """The smallest size that has a countermodel, as far as they were looked for; else 2."""
        return next((size for size in range(1, OFFERED + 1) if self._search(size)[0] is not None), 2)

    def _search(self, size: int) -> tuple[str | None, str]:
        """A countermodel with `size` elements, or why there is none, in words; remembered."""
        if size not in self._found:
            formulas = [*self.premises.values(), Not(self.goal)]
            found = ModelSearch(formulas, RLIMIT, None, MAX_LITERALS).at_size(size, {})
            if isinstance(found, Structure):
                self._found[size] = world_text(_renamed(found, self._domain(size)), self._vocabulary), ""
            else:
                gave_up = f"Gave up ({found}): not a Yes." if found is not None else ""
                self._found[size] = None, gave_up or self._none(size)
        return self._found[size]

    def _none(self, size: int) -> str:
        """What it means that no world of this size is a countermodel: for some formulas, that there is none at all."""
        found = find_countermodel(self.premises, self.goal, max_size=max(size, OFFERED), rlimit=FOLLOWS_RLIMIT)
        if isinstance(found, NoCountermodel) and found.complete:
            return "Yes. No world of any size is a countermodel: the conclusion follows."
        if isinstance(found, Countermodel):
            here, there = counted(size, "element"), counted(found.size, "element")
            return f"No world with {here} is a countermodel, but one with {there} is."
        return NONE.format(counted(size, "element"))


def _formulas(
    given: Countermodel | Refuted | Premises, goal: str | Formula | None
) -> tuple[dict[str, Formula], Formula, Structure | None]:
    """Premises, goal and, where one was given, the structure."""
    if isinstance(given, Refuted):
        if given.countermodel is None:
            raise ValueError(f"this result has no countermodel ({given.reason}); give premises and goal instead")
        given = given.countermodel
    if isinstance(given, Countermodel):
        return dict(given.premises), given.goal, given.structure
    if goal is None:
        raise ValueError("give a countermodel, or premises and a goal: CountermodelView([…], goal)")
    return named_formulas([given] if isinstance(given, Formula) else given), parse(goal), None


def _renamed(structure: Structure, domain: tuple[str, ...]) -> Structure:
    """The structure with other names for its elements."""
    name = dict(zip(structure.domain, domain, strict=True))
    return Structure(
        domain,
        {constant: name[element] for constant, element in structure.constants.items()},
        {
            function: {tuple(name[arg] for arg in args): name[value] for args, value in table.items()}
            for function, table in structure.functions.items()
        },
        {
            predicate: frozenset(tuple(name[arg] for arg in args) for args in tuples)
            for predicate, tuples in structure.predicates.items()
        },
        dict(structure.arities),
    )
