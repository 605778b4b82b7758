"""What an InterventionLab shows, by pure functions: three curves as numbers, three graphs as sketches, words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from agentos_lab.causal import StructuralCausalModel
from agentos_lab.causal.counterfactual_result import Counterfactual
from agentos_lab.causal.expression import Probability, Variable

from .formula import Formula, beside, symbol, with_index, word
from .formula_of_probability import expression_formula, name_formula
from .intervention_numbers import Axis, Curves, Simulation, smooth
from .intervention_sketches import done_sketches, seen_sketch, twin_sketch
from .runs import Runs, strong
from .view import header

__all__ = ["at_value", "lab_state", "sentence"]

DOTS = 520  # of the records, drawn
NOISES = 4  # noise variables whose abduction is drawn
NOISE_BINS = 40


def lab_state(
    model: StructuralCausalModel,
    treatment: str,
    outcome: str,
    found: Simulation,
    imagined: tuple[Counterfactual, Curves] | str,
    person: Mapping[str, Any],
    words: Mapping[str, Any],
) -> dict[str, Any]:
    """The state.

    Args:
        model, treatment, outcome: What is asked of which model.
        found: What is seen and done.
        imagined: The person's counterfactual and its curves; or why there is none.
        person: "name", "values" (all variables) and "known" (the evidence).
        words: "title", "names" and "units" by variable.
    """
    curves = None if isinstance(imagined, str) else imagined[1]
    unit = words["units"].get(treatment, "")
    grid = [round(float(value), 6) for value in found.grid]
    digits = digits_of(found.y)
    return header(words["title"], "", meta=words.get("meta", "")) | {
        "treatment": treatment,
        "outcome": outcome,
        "unit": unit,
        "grid": grid,
        "shown": [printed(value, found.x) for value in grid],
        "x_axis": axis_state(found.x, label_of(treatment, words)),
        "y_axis": axis_state(found.y, label_of(outcome, words)),
        "window": round(found.window, 6),
        "records": len(found.records[treatment]),
        "near": found.near.tolist(),
        "cloud": cloud_of(found, treatment, outcome),
        "seen": curves_state(found.seen, digits),
        "done": curves_state(found.done, digits),
        "imagined": None if curves is None else curves_state(curves, digits),
        "own": np.round(found.own, 4).tolist(),
        "person": person_state(person, treatment, outcome, found),
        "trouble": imagined if isinstance(imagined, str) else "",
        "slopes": slopes_of(found, curves),
        "telling": telling_of(treatment, outcome, found, curves, person, words, digits),
        "graphs": {
            "seen": seen_sketch(model.graph, treatment, outcome, words["names"]),
            "done": done_sketches(model.graph, treatment, outcome, words["names"]),
            "imagined": twin_sketch(model.graph, treatment, outcome),
        },
        "formulas": formulas_of(treatment, outcome, person),
        "abduction": [] if isinstance(imagined, str) else abduction_of(model, outcome, imagined[0]),
        "equations": [[name, str(equation)] for name, equation in model.equations.items()],
        "told": "" if isinstance(imagined, str) else method_of(imagined[0]),
        "keep": keep_of(model, outcome, imagined, person),
        "verdicts": ["as it looks", "on average, for all", f"for {person['name']}"],
    }


def sentence(state: Mapping[str, Any], at: int) -> Runs:
    """The three answers at a value of the treatment."""
    told = state["telling"]
    seen = told["seen"][at]
    here = strong(state["shown"][at])
    first = [told["first"], here, told["have"], strong(seen), told["unit"]] if seen else [told["none"], here]
    middle = [told["done"], strong(told["done_values"][at])]
    last = [told["person"], strong(told["imagined"][at]), "."] if told["imagined"] else ["."]
    return [*first, *middle, *last]


# --- words -----------------------------------------------------------------------------------------------------------


def telling_of(
    treatment: str, outcome: str, found: Simulation, curves: Curves | None, person: Mapping[str, Any],
    words: Mapping[str, Any], digits: int,
) -> dict[str, Any]:  # fmt: skip
    """The parts of the sentence, and the numbers that go into it, by value of the treatment."""
    x, y = (words["names"].get(name, name) for name in (treatment, outcome))
    unit, of_y = (f" {words['units'][name]}" if name in words["units"] else "" for name in (treatment, outcome))
    have = person["values"]
    then = f"{told(have[outcome], digits)} with {printed(have[treatment], found.x)}{unit}"
    return {
        "first": f"With {x} ",
        "have": f"{unit}, {y} is seen to be ",
        "none": f"Nobody is seen with {x} ",
        "unit": of_y,
        "done": "; were everyone set to it, ",
        "person": f"; {person['name']}, at {then}, would have ",
        "seen": [told(value, digits) for value in found.seen.mean],
        "done_values": [told(value, digits) for value in found.done.mean],
        "imagined": [] if curves is None else [told(value, digits) for value in curves.mean],
    }


def told(value: float, digits: int) -> str:
    """A number; nothing for one that is not known."""
    return "" if np.isnan(value) else f"{value:.{digits}f}".replace("-", "−")


def told_change(value: float) -> str:
    """A difference with its sign."""
    text = f"{value:+.2f}".replace("-", "−")
    return "0.00" if text in ("+0.00", "−0.00") else text


def printed(value: float, axis: Axis) -> str:
    """A value of the treatment."""
    if axis.levels:
        return f"{value:g}".replace("-", "−")
    return f"{value:.{1 if axis.high - axis.low >= 2 else 2}f}".replace("-", "−")


def recorded(value: Any) -> str:
    """A value of the person's record: a number, or a word."""
    return value if isinstance(value, str) else f"{value:.4g}".replace("-", "−")


def digits_of(axis: Axis) -> int:
    """How many decimals the outcome has in print."""
    span = axis.high - axis.low
    return 2 if axis.levels or span < 4 else 1 if span < 60 else 0


def label_of(name: str, words: Mapping[str, Any]) -> str:
    """What an axis is called."""
    unit = words["units"].get(name, "")
    return f"{words['names'].get(name, name)} {name}{f', {unit}' if unit else ''}" if name in words["names"] else name


def keep_of(
    model: StructuralCausalModel, outcome: str, imagined: tuple[Counterfactual, Curves] | str, person: Mapping[str, Any]
) -> str:
    """What of the person stays the same: the noise of the outcome, where it has one that abduction tells."""
    if not isinstance(imagined, str):
        uses = [cause for equation in model.equations.values() for cause in equation.causes]
        for each in abduction_of(model, outcome, imagined[0]):
            if each["name"] in model.equations[outcome].causes and uses.count(each["name"]) == 1:
                return f"keep {person['name']}’s {each['name']} = {each['told']}, "
    return f"keep {person['name']}’s noise, "


def method_of(result: Counterfactual) -> str:
    """How the noise was found."""
    return {"particles": "by weighted particles"}.get(result.method, result.method)


# --- numbers ---------------------------------------------------------------------------------------------------------


def curves_state(curves: Curves, digits: int) -> dict[str, Any]:
    """Curves as lists; None where nothing is known."""
    known = [not np.isnan(value) for value in curves.mean]
    peak = max(float(curves.density.max()), 1e-9)
    return {
        "mean": [round(float(value), 4) if here else None for value, here in zip(curves.mean, known, strict=True)],
        "label": [told(value, digits) for value in curves.mean],
        "sd": [round(float(value), 4) if here else None for value, here in zip(curves.sd, known, strict=True)],
        "density": np.round(curves.density / peak, 4).tolist(),
    }


def axis_state(axis: Axis, label: str) -> dict[str, Any]:
    """An axis with its ticks."""
    if axis.levels:
        ticks = list(axis.levels)
    else:
        first = int(np.floor(np.log10(axis.high - axis.low))) - 1
        steps = [each * 10.0**power for power in (first, first + 1) for each in (1, 2, 5)]
        step = next(each for each in steps if (axis.high - axis.low) / each <= 7)
        ticks = [
            round(step * k, 9) for k in range(int(np.ceil(axis.low / step - 1e-9)), int(axis.high / step + 1e-9) + 1)
        ]
    return {
        "low": axis.low,
        "high": axis.high,
        "levels": list(axis.levels),
        "ticks": [[tick, f"{tick + 0.0:g}".replace("-", "−")] for tick in ticks],
        "label": label,
    }


def cloud_of(found: Simulation, treatment: str, outcome: str) -> list[list[float]]:
    """The first records as dots; discrete values are shaken a little so that dots do not hide each other."""
    shake = np.random.default_rng(0).uniform(-1, 1, (2, DOTS))
    columns = []
    for name, axis, moved in ((treatment, found.x, shake[0]), (outcome, found.y, shake[1])):
        reach = 0.16 * float(min(np.diff(axis.levels), default=1.0)) if axis.levels else 0.0
        columns.append(np.asarray(found.records[name][:DOTS], dtype=float) + reach * moved)
    return np.round(np.stack(columns, axis=1), 4).tolist()


def slopes_of(found: Simulation, curves: Curves | None) -> dict[str, list[str]]:
    """How each curve rises between two inner values: the difference per unit, its sign in a word."""
    end = len(found.grid) - 1
    first, last = (0, end) if found.x.levels else (round(0.3 * end), round(0.7 * end))
    wide = found.grid[last] - found.grid[first]
    slopes = {}
    for name, each in (("seen", found.seen), ("done", found.done), ("imagined", curves)):
        mean = np.array([np.nan]) if each is None else each.mean
        slope = np.nan if each is None else (mean[last] - mean[first]) / wide
        word_of = "" if np.isnan(slope) else "flat" if abs(slope) < 0.005 else "up" if slope > 0 else "down"
        slopes[name] = ["" if np.isnan(slope) else told_change(float(slope)), word_of]
    return slopes


def person_state(person: Mapping[str, Any], treatment: str, outcome: str, found: Simulation) -> dict[str, Any]:
    """The person on the picture."""
    values = person["values"]
    record = ", ".join(f"{name} = {recorded(values[name])}" for name in person["known"])
    return {
        "name": person["name"],
        "x": round(float(values[treatment]), 4),
        "y": round(float(values[outcome]), 4),
        "label": f"{person['name']} {told(values[outcome], digits_of(found.y))}",
        "record": record,
        "known": list(person["known"]),
    }


def abduction_of(model: StructuralCausalModel, outcome: str, result: Counterfactual) -> list[dict[str, Any]]:
    """For a few noise variables, that of the outcome among them: their distribution before and after the evidence."""
    found = []
    generator = np.random.default_rng(0)
    own = model.equations[outcome].causes
    first = sorted(model.noise, key=lambda name: name not in own)[:NOISES]
    for name, kind in model.noise.items():
        before = kind.sample(4000, generator)
        if name not in first:
            continue
        after, weights = result.noise[name], result.weights
        if not np.issubdtype(before.dtype, np.number):
            continue
        low, high = (float(np.quantile(before, share)) for share in (0.002, 0.998))
        low, high = min(low, float(after.min())), max(high, float(after.max()))
        edges = np.linspace(low - 1e-9, high + 1e-9, NOISE_BINS + 1)
        mean = float(weights @ after)
        sd = float(np.sqrt(weights @ (after - mean) ** 2))
        point = sd < 0.02 * (high - low)
        densities = [
            smooth(np.histogram(values, edges, weights=shares)[0]) for values, shares in
            ((before, np.full(len(before), 1 / len(before))), (after, weights))
        ]  # fmt: skip
        found.append({
            "name": name,
            "range": [low, high],
            "before": np.round(densities[0] / densities[0].max(), 4).tolist(),
            "after": None if point else np.round(densities[1] / densities[1].max(), 4).tolist(),
            "mean": mean,
            "told": told_number(mean) if point else f"{told_number(mean)} ± {sd:.2f}",
        })  # fmt: skip
    return found


def told_number(value: float) -> str:
    """A noise value: two decimals, fewer for large ones."""
    return (f"{value:.1f}" if abs(value) >= 10 else f"{value:+.2f}").replace("-", "−")


# --- formulas ----------------------------------------------------------------------------------------------------


def formulas_of(treatment: str, outcome: str, person: Mapping[str, Any]) -> dict[str, Any]:
    """The three questions as formulas."""
    y, x = Variable(outcome), Variable(treatment, "x")
    seen, done = Probability((y,), (x,)), Probability((y,), (), (x,))
    index = beside(name_formula(treatment, 10), word(" = ", 10), symbol("x", 10))
    bar: Formula = word(f"  given {person['name']}’s record", 13)
    imagined = beside(with_index(name_formula(outcome, 14), index, 14), bar)
    return {
        "seen": expression_formula(seen, 14).state(str(seen)),
        "done": expression_formula(done, 14).state(str(done)),
        "imagined": imagined.state(f"{outcome} had {treatment} been x, given {person['name']}'s record"),
    }


def at_value(grid: Sequence[float], value: float) -> int:
    """The place of the grid's value that is nearest."""
    return int(np.argmin(np.abs(np.asarray(grid) - value)))
