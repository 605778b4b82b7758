"""The worlds between which a HedgeExplorer slides: models of one graph with one and the same P(V).

For the bow arc they are known in closed form: everybody has a type, by what would happen without and with the
treatment, and P(X, Y) fixes only half of each split. For every other graph they are the models on the walk of
`TwoWorlds.path`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from numbers import Real
from typing import Any

import numpy as np

from agentos_lab.causal import CausalGraph, Query
from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.expression import Probability

__all__ = ["DIRECTIONS", "TYPES", "Worlds", "bow_worlds", "is_bow", "walk_worlds"]

# Which effect the walk between the two worlds changes.
DIRECTIONS = ("both", "do(1) only", "do(0) only")
STEPS = 100  # along a direction of the bow arc
# What happens to somebody without and with the treatment, and what such people are called.
TYPES: Mapping[str, tuple[int, int]] = {"always": (1, 1), "helped": (0, 1), "harmed": (1, 0), "never": (0, 0)}
MOST_EFFECTS = 8  # bars of the effect


@dataclass(frozen=True, eq=False)
class Worlds:
    """Models with one P(V), sorted by what the query answers.

    Attributes:
        joint: (N, cells) P(V) of each of N worlds, cells in the order of `cells`.
        cells: The values of the observed variables in each cell.
        effects: (N, E) the query at its outcome, for each of E settings of treatments and conditions.
        settings: The values of treatments and conditions for each effect, by name.
        outcome: The values of the outcomes that `effects` speaks about, by name.
        steered: The column of `effects` that the sentence is about.
        seen: (E,) what is seen instead: P(outcome | the same values, observed).
        types: (N, 2, 4) for the bow arc: shares of the types, of those without and with the treatment apart.
        tables: For other graphs: the names of the tables that move, and their entries (N, rows) of value 1.
    """

    joint: np.ndarray
    cells: tuple[tuple[Any, ...], ...]
    effects: np.ndarray
    settings: tuple[Mapping[str, Any], ...]
    outcome: Mapping[str, Any]
    steered: int
    seen: np.ndarray
    types: np.ndarray | None = None
    tables: Mapping[tuple[str, ...], np.ndarray] | None = None

    def __len__(self) -> int:
        return len(self.joint)

    @property
    def contrast(self) -> np.ndarray | None:
        """(N,) effect of setting 1 minus effect of setting 0, where there are just these two."""
        if len(self.settings) != 2 or len(self.settings[0]) != 1:
            return None
        return self.effects[:, 1] - self.effects[:, 0]

    @property
    def gap(self) -> float:
        """The largest difference in P(V) between any world and the first."""
        return float(np.max(np.abs(self.joint - self.joint[0])))


def is_bow(graph: CausalGraph, query: Query) -> bool:
    """Whether this is the effect in a bow arc, X -> Y with X <-> Y, and nothing else."""
    if len(query.outcomes) != 1 or len(query.treatments) != 1 or query.conditions:
        return False
    (x,), (y,) = query.treatments, query.outcomes
    whole = x.value is None and y.value is None and len(graph) == 2
    return whole and graph.directed == ((x.name, y.name),) and len(graph.bidirected) == 1


def bow_worlds(query: Query, shares: Sequence[float], direction: str = "both") -> Worlds:
    """The worlds of a bow arc, from the least to the greatest effect.

    Args:
        query: P(Y | do(X)).
        shares: What is observed: P(X=1), P(Y=1 | X=0) and P(Y=1 | X=1).
        direction: Which free splits move: "both", "do(1) only" (those without the treatment), "do(0) only".

    Raises:
        ValueError: Shares that are no probabilities, or an unknown direction.
    """
    if len(shares) != 3 or not all(isinstance(share, Real) and 0 < share < 1 for share in shares):
        raise ValueError(
            f"shares are P(X=1), P(Y=1 | X=0) and P(Y=1 | X=1), each strictly between 0 and 1; got {list(shares)}"
        )
    if direction not in DIRECTIONS:
        raise ValueError(f"direction is {direction!r}; expected {', '.join(DIRECTIONS)}")
    treated, without, with_it = shares
    moves = np.linspace(0, 1, STEPS + 1)
    half = np.full_like(moves, 0.5)
    # How many would have Y = 1 with the treatment among the untreated, and without it among the treated.
    q1, q0 = (half if direction == "do(0) only" else moves), (half if direction == "do(1) only" else 1 - moves)
    untreated_types = [without * q1, (1 - without) * q1, without * (1 - q1), (1 - without) * (1 - q1)]
    treated_types = [with_it * q0, with_it * (1 - q0), (1 - with_it) * q0, (1 - with_it) * (1 - q0)]
    groups = [(1 - treated) * np.stack(untreated_types, axis=1), treated * np.stack(treated_types, axis=1)]
    types = np.stack(groups, axis=1)  # (N, 2, 4)
    outcome = np.array(list(TYPES.values()))  # (4, 2): Y of each type under do(0) and do(1)
    effects = np.einsum("ngt,td->nd", types, outcome)
    happens = np.einsum("ngt,tg->ng", types, outcome)  # P(X=g, Y=1): each group shows its own half of the types
    joint = np.stack([types.sum(axis=2) - happens, happens], axis=2).reshape(len(moves), 4)
    (x,), (y,) = query.treatments, query.outcomes
    return Worlds(
        joint, tuple(product((0, 1), (0, 1))), effects, ({x.name: 0}, {x.name: 1}), {y.name: 1},
        0 if direction == "do(0) only" else 1, np.array([without, with_it]), types=types,
    )  # fmt: skip


def walk_worlds(models: Sequence[DiscreteModel], query: Query) -> Worlds:
    """The worlds on a walk along the level set of P(V), sorted so that the answer that moves most grows.

    Args:
        models: Such as `TwoWorlds.path`; one model alone is a walk that goes nowhere.
        query: The query that they answer differently; values in it choose among its answers.
    """
    first = models[0]
    general = Probability(
        tuple(v._replace(value=None) for v in query.outcomes), tuple(v._replace(value=None) for v in query.conditions),
        tuple(v._replace(value=None) for v in query.treatments),
    )  # fmt: skip
    fixed = {v.name: v.value for v in (*query.outcomes, *query.treatments, *query.conditions) if v.value is not None}
    tables = [model.probability(general) for model in models]
    axes = tables[0].axes
    answers = np.stack([table.values for table in tables], axis=-1)  # (one axis per name, N)
    asked = [v.name for v in query.outcomes]
    free = [v.name for v in (*query.treatments, *query.conditions)]
    spread = answers.max(axis=-1) - answers.min(axis=-1)
    places = [
        place for place in product(*(range(len(first.levels[axis])) for axis in axes))
        if all(axis not in fixed or first.levels[axis][at] == fixed[axis] for axis, at in zip(axes, place, strict=True))
    ]  # fmt: skip
    if not places:
        told = ", ".join(f"{name}={value}" for name, value in fixed.items())
        raise ValueError(f"the worlds have the values 0 and 1 only; the query asks about {told}")
    # Among equal spreads the last place: P(Y=1 | do(X=1)) rather than P(Y=0 | do(X=1)).
    most = max(places, key=lambda place: (round(float(spread[place]), 9), place))
    value = {axis: first.levels[axis][at] for axis, at in zip(axes, most, strict=True)}
    chosen = [place for place in places if all(place[axes.index(name)] == most[axes.index(name)] for name in asked)]
    chosen = sorted(chosen, key=lambda place: [place[axes.index(name)] for name in free])[:MOST_EFFECTS]
    if most not in chosen:
        chosen[-1] = most
    order = np.argsort(answers[most], kind="stable")
    joint = np.stack([model.interventional().values.ravel() for model in models])
    observed = first.probability(Probability(general.variables, general.given + general.do))
    back = [observed.axes.index(axis) for axis in axes]
    seen = observed.values.transpose(back)
    return Worlds(
        joint[order],
        tuple(product(*(first.levels[name] for name in first.graph.nodes))),
        np.stack([answers[place] for place in chosen], axis=1)[order],
        tuple({name: first.levels[name][place[axes.index(name)]] for name in free} for place in chosen),
        {name: value[name] for name in asked},
        chosen.index(most),
        np.array([seen[place] for place in chosen]),
        tables=_moving_tables(models, order),
    )


def _moving_tables(models: Sequence[DiscreteModel], order: np.ndarray) -> dict[tuple[str, ...], np.ndarray]:
    """The tables that move along the walk: by (variable, its causes), P(variable = 1 | causes) or a latent's shares."""
    found = {}
    for name, table in models[0].tables.items():
        values = np.stack([model.tables[name].values for model in models])[order]
        if np.max(values.max(axis=0) - values.min(axis=0)) < 1e-9:
            continue
        rows = values if name in models[0].latents else values[..., -1]
        found[(name, *table.axes[:-1])] = rows.reshape(len(models), -1)
    return found
