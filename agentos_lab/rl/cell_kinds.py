"""What the cells of a grid world are to whoever walks there: floor, wall, cliff, goal or pit.

A map only has letters; what a cell does stands in the tables. An end that pays more than nothing is a goal, and one
that costs more than a step is a pit, whatever its letter; between the two the letter decides.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .tabular_mdp import TabularMDP

__all__ = ["arrival_rewards", "cell_kinds", "end_kind"]


def cell_kinds(mdp: TabularMDP) -> list[str]:
    """What each cell of a process on a grid is: "floor", "wall", "cliff", "goal" or "pit".

    Args:
        mdp: A process with a layout.
    """
    assert mdp.layout is not None
    letters = mdp.layout.text.replace("\n", "")
    paid = arrival_rewards(mdp)
    on_floor = paid[~mdp.terminal & ~np.isnan(paid)]
    step = float(np.median(on_floor)) if len(on_floor) else 0.0
    ends = mdp.terminal[: len(letters)] & (np.array(list(letters)) != "#")
    paying = {letter for state, letter in enumerate(letters) if ends[state] and paid[state] > 0}
    kinds = []
    for state, letter in enumerate(letters):
        pay = float(paid[state])
        if letter == "#":
            kinds.append("wall")
        elif ends[state]:
            # Of two ends that one letter marks, the one that pays nothing is no goal beside one that pays.
            kinds.append("pit" if pay <= 0 and letter in paying else end_kind(letter, pay, step))
        else:
            kinds.append("cliff" if letter == "C" and np.isnan(pay) else "floor")
    return kinds


def end_kind(letter: str, pay: float, step: float) -> str:
    """Whether a terminal cell is a "goal" or a "pit".

    Args:
        letter: On the map: H is a pit and all others are goals, where the pay does not say otherwise.
        pay: For arriving there; NaN where it is not known.
        step: What an ordinary step pays.
    """
    if pay > 0:
        return "goal"
    return "pit" if letter == "H" or pay < min(0.0, step) else "goal"


def arrival_rewards(mdp: TabularMDP) -> NDArray[np.float64]:
    """What arriving in each state from another one pays (S,), averaged over the ways to it; NaN where none leads."""
    S = mdp.num_states
    ways = mdp.P.copy()  # (S, A, S)
    ways[np.arange(S), :, np.arange(S)] = 0.0
    ways[mdp.terminal] = 0.0
    R = mdp.R if mdp.R.ndim == 3 else np.broadcast_to(mdp.R[..., None], ways.shape)
    weight = ways.sum(axis=(0, 1))
    paid = np.full(S, np.nan)
    np.divide((ways * R).sum(axis=(0, 1)), weight, out=paid, where=weight > 0)
    return paid.round(12)
