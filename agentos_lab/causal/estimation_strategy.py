"""From the graph to a way of estimating: which set to adjust for, which front door, which instrument, or why none.

A method that does not fit the graph is refused with the reason, and with what the graph allows instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from .adjustment import AdjustmentSet, NoAdjustment, adjustment_set, check_adjustment
from .data_columns import read_columns
from .estimand import Estimand
from .expression import Variable
from .front_door import FrontDoorSet, NoFrontDoor, check_front_door, front_door_set
from .graph import CausalGraph, Names
from .identification import identify
from .identification_result import NotIdentifiable
from .instruments import Instrument, check_instrument, instruments
from .query import Query

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Grounds",
    "allowed_methods",
    "choose_adjustment",
    "choose_estimand",
    "choose_front_door",
    "choose_grounds",
    "choose_instruments",
    "observed_graph",
]

_ADJUSTING = "aipw, ipw, matching, regression, g_formula, g_estimation"


class Grounds(NamedTuple):
    """What in the graph an estimate rests on.

    Attributes:
        adjusted_for: What is held fixed.
        estimand: What is estimated, as a formula.
        why: The choice in a sentence.
        extra: Mediators or instruments.
        proviso: What must be added to the claim.
    """

    adjusted_for: tuple[str, ...]
    estimand: Estimand | str
    why: str
    extra: tuple[str, ...] = ()
    proviso: str = ""


def choose_grounds(
    rests_on: str,
    graph: CausalGraph,
    treatment: str,
    outcome: str,
    names: Names | None = None,
    given: Names | None = None,
) -> Grounds:
    """Ask the graph for a set to adjust for, for a front door, or for instruments.

    Args:
        rests_on: ``"adjustment"``, ``"front door"`` or ``"instrument"``.
        graph, treatment, outcome: Whose effect on whom.
        names: The set, the mediators or the instruments that were asked for; None lets the graph choose.
        given: What is held fixed beside the instruments.

    Raises:
        ValueError: There are none, or not these; the message has the reason and what the graph allows.
    """
    if rests_on == "adjustment":
        chosen = choose_adjustment(graph, treatment, outcome, names)
        how = "the graph's minimal set" if names is None else "as asked; the graph agrees"
        why = f"adjusted for {', '.join(chosen.names) or 'nothing'} ({how})"
        return Grounds(chosen.names, chosen.estimand, why)
    if rests_on == "front door":
        door = choose_front_door(graph, treatment, outcome, names)
        return Grounds((), door.estimand, str(door), door.names)
    found = choose_instruments(graph, treatment, outcome, names, given)
    moving = tuple(one.name for one in found)
    proviso = f", if it is the same for all; else among those whom {', '.join(moving)} moves"
    return Grounds(found[0].given, found[0].estimand, "; ".join(map(str, found)), moving, proviso)


def choose_adjustment(graph: CausalGraph, treatment: str, outcome: str, names: Names | None = None) -> AdjustmentSet:
    """The set to adjust for: the minimal one that the graph gives, or the one that was asked for, once checked.

    Raises:
        ValueError: No set is valid, or not this one; the message has the reason and what the graph allows.
    """
    if names is None:
        found = adjustment_set(graph, treatment, outcome)
    else:
        found = check_adjustment(graph, treatment, outcome, names)
    if isinstance(found, NoAdjustment):
        asked = "" if names is None else f"adjusting for {', '.join(found.given) or 'nothing'} does not do: "
        raise ValueError(f"{asked}{found.reason}. {allowed_methods(graph, treatment, outcome)}")
    return found


def choose_front_door(graph: CausalGraph, treatment: str, outcome: str, names: Names | None = None) -> FrontDoorSet:
    """The front-door set that the graph gives, or the one that was asked for, once checked.

    Raises:
        ValueError: As for `choose_adjustment`.
    """
    if names is None:
        found = front_door_set(graph, treatment, outcome)
    else:
        found = check_front_door(graph, treatment, outcome, names)
    if isinstance(found, NoFrontDoor):
        asked = "" if names is None else f"{', '.join(found.given)} is no front-door set: "
        raise ValueError(f"{asked}{found.reason}. {allowed_methods(graph, treatment, outcome)}")
    return found


def choose_instruments(
    graph: CausalGraph, treatment: str, outcome: str, names: Names | None = None, given: Names | None = None
) -> tuple[Instrument, ...]:
    """The first instrument that the graph gives, or those that were asked for, once checked.

    Args:
        graph, treatment, outcome: Whose effect on whom.
        names: One or several instruments; None takes the first one found.
        given: What is held fixed; None takes the set that goes with the instrument found.

    Raises:
        ValueError: As for `choose_adjustment`.
    """
    if names is None:
        candidates = list(instruments(graph, treatment, outcome))
        if given is not None:
            checked = (check_instrument(graph, one.name, treatment, outcome, given) for one in candidates)
            candidates = [one for one in checked if isinstance(one, Instrument)]
        if not candidates:
            raise ValueError(f"no variable is an instrument here. {allowed_methods(graph, treatment, outcome)}")
        return (candidates[0],)
    asked = (names,) if isinstance(names, str) else tuple(names)
    if given is None:
        known = {one.name: one.given for one in instruments(graph, treatment, outcome)}
        given = known.get(asked[0], ())
    found = []
    for name in asked:
        one = check_instrument(graph, name, treatment, outcome, given)
        if not isinstance(one, Instrument):
            raise ValueError(f"{one}. {allowed_methods(graph, treatment, outcome)}")
        found.append(one)
    return tuple(found)


def choose_estimand(graph: CausalGraph, treatment: str, outcome: str) -> Estimand:
    """The formula of P(outcome | do(treatment)), by the identification algorithm.

    Raises:
        ValueError: It is not identifiable; the message has the hedge and what the graph allows.
    """
    answer = identify(graph, Query((Variable(outcome),), (Variable(treatment),)))
    if isinstance(answer, NotIdentifiable):
        raise ValueError(f"{answer}. {allowed_methods(graph, treatment, outcome)}")
    return answer.estimand


def observed_graph(graph: CausalGraph | str, data: pd.DataFrame, *named: str) -> CausalGraph:
    """The graph over those of its nodes that are columns of the data; the others become two-headed edges.

    Args:
        graph: The graph or its text.
        data: The data.
        named: Variables that must be nodes and columns.

    Raises:
        ValueError: No graph, no data frame, or a variable that is not in both.
    """
    graph = CausalGraph(graph) if isinstance(graph, str) else graph
    if not isinstance(graph, CausalGraph):
        raise ValueError(f"the graph must be a CausalGraph, or its text, not {type(graph).__name__}")
    graph.mask(named)
    read_columns(data, [])
    for name in named:
        if name not in data.columns:
            raise ValueError(f"the data has no column {name!r}; its columns are {', '.join(map(str, data.columns))}")
    return graph.latent_projection([name for name in graph.nodes if name not in data.columns])


def allowed_methods(graph: CausalGraph, treatment: str, outcome: str) -> str:
    """What the graph allows, as a sentence."""
    ways = []
    found = adjustment_set(graph, treatment, outcome)
    if isinstance(found, AdjustmentSet):
        ways.append(f"adjusting for {', '.join(found.names) or 'nothing'} ({_ADJUSTING})")
    through = front_door_set(graph, treatment, outcome)
    if isinstance(through, FrontDoorSet):
        ways.append(f"the front door through {', '.join(through.names) or 'nothing'} (front_door)")
    if not isinstance(identify(graph, Query((Variable(outcome),), (Variable(treatment),))), NotIdentifiable):
        ways.append("the identification algorithm's formula (plug_in)")
    by = next(instruments(graph, treatment, outcome), None)
    if by is not None:
        given = f" given {', '.join(by.given)}" if by.given else ""
        ways.append(f"the instrument {by.name}{given}, if effects are linear (2sls)")
    if not ways:
        return "With these columns the graph allows no method: measure more, or argue for other edges"
    return "This graph allows " + "; ".join(ways)
