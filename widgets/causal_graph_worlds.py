"""Two worlds for an effect that is not identifiable: the same in all that can be seen, different when X is set."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from agentos_lab.causal import NotIdentifiable, identify
from agentos_lab.causal.expression import Probability, Variable

from .causal_graph_question import Question, tiny
from .formula_of_probability import expression_formula

__all__ = ["worlds_state"]

MOST_NODES = 6  # beyond these the search takes seconds


@lru_cache(maxsize=16)
def worlds_state(question: Question) -> dict[str, Any] | None:
    """Where the two worlds differ most: the probability, its two values, and how far P(V) differs; None if identified.

    Raises:
        ValueError: The graph is too large for the search.
    """
    seen = question.observed
    if len(seen) > MOST_NODES:
        raise ValueError(
            f"two worlds are sought in graphs of at most {MOST_NODES} observed nodes, and here are {len(seen)}"
        )
    found = identify(seen, question.query)
    if not isinstance(found, NotIdentifiable):
        return None
    pair, term = found.counterexample(), question.query.term
    one, other = (model.probability(term) for model in (pair.first, pair.second))
    place = np.unravel_index(np.argmax(np.abs(one.values - other.values)), one.values.shape)
    value = {axis: pair.first.levels[axis][index] for axis, index in zip(one.axes, place, strict=True)}
    parts = (term.variables, term.given, term.do)
    cell = Probability(*(tuple(Variable(v.name, value[v.name]) for v in part) for part in parts))  # type: ignore[arg-type]
    values = [round(float(one.values[place]), 2), round(float(other.values[place]), 2)]
    return {
        "formula": expression_formula(cell, 15).state(str(cell)),
        "values": values,
        "printed": [f"{each:.2f}" for each in values],
        "gap": tiny(pair.observed_gap),
    }
