"""InterventionLab: one question of a structural model, seen, done and imagined."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from numbers import Real
from pathlib import Path
from typing import Any, ClassVar

import traitlets

from agentos_lab.causal import StructuralCausalModel

from .intervention_examples import EXERCISE, exercise
from .intervention_numbers import Simulation, imagined_curves, simulate
from .intervention_picture import draw_lab
from .intervention_state import at_value, lab_state, sentence
from .picture import Picture
from .runs import Runs, rich
from .view import View

__all__ = ["InterventionLab"]


class InterventionLab(View):
    """The same question three times: who is seen near x, what setting all to x does, what x would have done to one.

    Drag a pill to change x in all three panels, click a dot to imagine that person, click an arrow into X in the second
    panel to mend or to cut it. The other view shows how a counterfactual is found: abduction, action, prediction.

    Args:
        model: A `StructuralCausalModel`, or a function that makes one from named numbers, which become sliders; the
            example of exercise and cholesterol when left out.
        treatment, outcome: Two variables of the model, with numbers as values.
        person: The values of all variables for somebody, and perhaps a "name"; the first record when left out.
        sliders: For a function: the lowest and the highest value of each of its arguments.
        names, units: What variables stand for, by name.
        title: Of the picture.
        **settings: Initial values of the other traits.

    Attributes:
        x: The value of the treatment that is shown.
        values: The present value of each slider.
        person: Number of the record that is imagined; −1 for the person given.
        known: The variables that are known of the person; hide one, and a spread remains.
        seed: Of the units.
        cut: Whether the arrows into the treatment are cut in the second panel.
        panels: "three questions" or "three stages".

    Raises:
        ValueError: An unknown variable, one that never varies or is no number, or sliders that do not fit the function.

    Example:
        >>> view = InterventionLab()
        >>> view.sentence[-46:]
        'Ada, at 5.2 with 5.0 h, would have 4.7.'
        >>> view.observe(lambda change: print("x is", change.new), "x")
    """

    javascript = Path(__file__).with_name("intervention.js")
    stylesheet = Path(__file__).with_name("intervention.css")
    settings = ("values", "person", "known", "seed")
    selections = ("x", "cut", "panels")
    measures: ClassVar[dict[str, Any]] = {
        "gap": 24,
        "graph_top": 42,
        "chart_top": 178,
        "chart_foot": 318,
        "verdict": 368,
        "height": 378,
    }

    values: Any = traitlets.Dict().tag(sync=True)
    sliders: Any = traitlets.Dict().tag(sync=True)
    person = traitlets.Int(-1, min=-1).tag(sync=True)
    known: Any = traitlets.List().tag(sync=True)
    seed = traitlets.Int(7).tag(sync=True)
    x = traitlets.Float(0.0).tag(sync=True)
    cut = traitlets.Bool(True).tag(sync=True)
    panels = traitlets.Enum(["three questions", "three stages"], "three questions").tag(sync=True)

    def __init__(
        self,
        model: StructuralCausalModel | Callable[..., StructuralCausalModel] | None = None,
        treatment: str = "X",
        outcome: str = "Y",
        person: Mapping[str, Any] | None = None,
        *,
        sliders: Mapping[str, Sequence[float]] | None = None,
        names: Mapping[str, str] | None = None,
        units: Mapping[str, str] | None = None,
        title: str = "",
        **settings: Any,
    ) -> None:
        example = EXERCISE if model is None else {}
        self._make = exercise if model is None else model
        self._treatment, self._outcome = treatment, outcome
        self._words = {
            "title": title or example.get("title", f"Seeing, doing, imagining: {treatment} and {outcome}"),
            "names": dict(names or example.get("names", {})),
            "units": dict(units or example.get("units", {})),
            "meta": example.get("meta", ""),
        }
        self._given: Mapping[str, Any] | None = person or example.get("person")
        ranges = {name: [float(v) for v in ends] for name, ends in (sliders or example.get("sliders", {})).items()}
        values = self._first_values(ranges)
        self._found: dict[str, Any] = {}
        start: dict[str, Any] = {"sliders": ranges, "values": values}
        first = self._model(values)
        found = simulate(first, treatment, outcome, settings.get("seed", 7))
        start["known"] = list(first.equations)
        start["x"] = float(example.get("x", found.grid[round(0.7 * (len(found.grid) - 1))]))
        if self._given is not None:
            check_person(self._given, first, (treatment, outcome))
        super().__init__(**start | settings)

    def compute(self) -> dict[str, Any]:
        """The three answers of the present model."""
        model = self._model(self.values)
        key = (repr(sorted(self.values.items())), self.seed)
        if self._found.get("key") != key:
            self._found = {"key": key, "simulation": simulate(model, self._treatment, self._outcome, self.seed)}
        found: Simulation = self._found["simulation"]
        person = self._person(found)
        if unknown := set(self.known) - set(model.equations):
            raise ValueError(f"known holds {sorted(unknown)[0]!r}; the variables are {', '.join(model.equations)}")
        known = [name for name in model.equations if name in self.known]
        evidence = {name: person["values"][name] for name in known}
        try:
            imagined: Any = imagined_curves(model, self._treatment, self._outcome, evidence, found, self.seed)
        except ValueError as error:
            imagined = f"This person cannot be imagined: {error}"
        return lab_state(model, self._treatment, self._outcome, found, imagined, person | {"known": known}, self._words)

    @property
    def model(self) -> StructuralCausalModel:
        """The structural model with the present values of the sliders."""
        return self._model(self.values)

    @property
    def simulation(self) -> Simulation:
        """What is seen and done, for every value of the treatment."""
        found: Simulation = self._found["simulation"]
        return found

    def telling(self) -> Runs:
        """The sentence at the value of the treatment that is shown."""
        if "status" in self.state:
            return super().telling()
        return rich(sentence(self.state, at_value(self.state["grid"], self.x)))  # type: ignore[return-value]

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        at = at_value(state["grid"], self.x)
        return draw_lab(picture, self.measures, state, at, self.cut, self.panels == "three stages")

    def _model(self, values: Mapping[str, float]) -> StructuralCausalModel:
        return self._make if isinstance(self._make, StructuralCausalModel) else self._make(**values)

    def _first_values(self, ranges: Mapping[str, Sequence[float]]) -> dict[str, float]:
        """The defaults of the function's arguments, or the middle of their ranges."""
        if isinstance(self._make, StructuralCausalModel):
            if ranges:
                raise ValueError("sliders go with a function that makes the model from named numbers")
            return {}
        if not callable(self._make):
            raise ValueError(f"a StructuralCausalModel is expected, or a function that makes one, not {self._make!r}")
        parameters = inspect.signature(self._make).parameters
        if unknown := set(ranges) - set(parameters):
            raise ValueError(
                f"there is no argument {sorted(unknown)[0]!r} for a slider; there are {', '.join(parameters)}"
            )
        for name, parameter in parameters.items():
            if parameter.default is inspect.Parameter.empty and name not in ranges:
                raise ValueError(f"the argument {name!r} has no default: give it one, or sliders={{{name!r}: (0, 1)}}")
        values = {}
        for name, (low, high) in ranges.items():
            if not low < high:
                raise ValueError(
                    f"the slider {name!r} goes from its lowest to its highest value, not {low:g} to {high:g}"
                )
            default = parameters[name].default
            values[name] = (low + high) / 2 if default is inspect.Parameter.empty else float(default)
        return values

    def _person(self, found: Simulation) -> dict[str, Any]:
        """Who is imagined: the person given, or one of the records."""
        if self.person < 0 and self._given is not None:
            values = {name: value for name, value in self._given.items() if name != "name"}
            return {"name": self._given.get("name", "the person"), "values": values}
        row = min(max(self.person, 0), len(found.records[self._treatment]) - 1)
        return {
            "name": f"unit {row + 1}",
            "values": {name: column[row].item() for name, column in found.records.items()},
        }


def check_person(person: Mapping[str, Any], model: StructuralCausalModel, drawn: tuple[str, str]) -> None:
    """A ValueError for somebody without a value for each variable, or whose treatment or outcome is no number."""
    if missing := set(model.equations) - set(person):
        raise ValueError(f"the person has no value for {', '.join(sorted(missing))}; give one for each variable")
    for name in drawn:
        if not isinstance(person[name], Real):
            raise ValueError(f"the person has {name} = {person[name]!r}, and a number is expected")
