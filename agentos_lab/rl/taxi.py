"""The taxi: fetch a passenger from one of four places and bring her to another (Dietterich 2000, §3.1)."""

from __future__ import annotations

from itertools import product

import numpy as np

from .tabular_mdp import TabularMDP
from .transition_tables import Outcome, tables

__all__ = ["taxi"]

_MAP = ("R: | : :G", " : | : : ", " : : : : ", " | : | : ", "Y| : |B: ")  # a cell, then what is between it and the next
_PLACES = {(0, 0): "R", (0, 4): "G", (4, 0): "Y", (4, 3): "B"}
_ABOARD = 4  # where the passenger is, when she is in no place
_ACTIONS = ("south", "north", "east", "west", "pick up", "drop off")
_STEP, _WRONG, _DELIVERED = -1.0, -10.0, 20.0


def taxi(*, limit: int | None = 200) -> TabularMDP:
    """The taxi problem with the tables of gymnasium's Taxi-v4: 500 states, 6 actions.

    State ``((row · 5 + column) · 5 + passenger) · 4 + destination``; the passenger is at place 0 … 3 (R, G, Y, B) or
    aboard (4). A step costs 1, a delivery pays 20, picking up or dropping off where that makes no sense costs 10.

    Args:
        limit: Steps after which an episode is cut off, 200 in gymnasium; None for no limit.
    """
    outcomes = {}
    names = []
    for row, column, passenger, destination in product(range(5), range(5), range(5), range(4)):
        state = _state(row, column, passenger, destination)
        names.append(
            f"taxi at {(row, column)}, passenger {'RGYB '[passenger] if passenger < 4 else 'aboard'}"
            f" to {'RGYB'[destination]}"
        )
        for action in range(6):
            outcomes[state, action] = [_outcome(row, column, passenger, destination, action)]
    P, R = tables(outcomes, 500, 6)
    states = np.arange(500)
    waiting, wanted = states // 4 % 5, states % 4
    start = (waiting != _ABOARD) & (waiting != wanted)
    ends = np.isin(states, [_state(*place, i, i) for i, place in enumerate(_PLACES)])  # delivered
    return TabularMDP(
        P, R, ends, start / start.sum(), limit=limit, name="taxi", state_names=names, action_names=_ACTIONS
    )


def _state(row: int, column: int, passenger: int, destination: int) -> int:
    return ((row * 5 + column) * 5 + passenger) * 4 + destination


def _outcome(row: int, column: int, passenger: int, destination: int, action: int) -> Outcome:
    """The one thing that can happen: (probability, state, reward)."""
    reward, places = _STEP, list(_PLACES)
    if action == 0:
        row = min(row + 1, 4)
    elif action == 1:
        row = max(row - 1, 0)
    elif action == 2 and column < 4 and _MAP[row][2 * column + 1] == ":":
        column += 1
    elif action == 3 and column > 0 and _MAP[row][2 * column - 1] == ":":
        column -= 1
    elif action == 4:
        if passenger < _ABOARD and (row, column) == places[passenger]:
            passenger = _ABOARD
        else:
            reward = _WRONG
    elif action == 5:
        if passenger == _ABOARD and (row, column) in _PLACES:
            passenger = places.index((row, column))
            reward = _DELIVERED if passenger == destination else _STEP
        else:
            reward = _WRONG
    return 1.0, _state(row, column, passenger, destination), reward
