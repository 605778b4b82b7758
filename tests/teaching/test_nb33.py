"""The checks of notebook 33: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from agentos_lab.causal import CausalGraph, effect_bounds, identify
from agentos_lab.teaching import check
from agentos_lab.teaching.exercises import nb33


def no_assumption(p):
    joint = pd.Series({(x, y): p[x, y] for x in (0, 1) for y in (0, 1)}).rename_axis(["X", "Y"])
    found = effect_bounds(joint, "X", "Y")
    return found.low, found.high


def world_with(effect):
    difference = 2 * (effect - 0.15)
    return 0.5 + difference / 2, 0.5 - difference / 2


def moves_unseen(J, q):
    _, sizes, rows = np.linalg.svd(J, full_matrices=True)
    null = rows[np.sum(sizes > 1e-10) :]
    return null.T @ (null @ q)


def districts(nodes, pairs):
    return [set(part) for part in CausalGraph(nodes=nodes, bidirected=pairs).districts()][::-1]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("known", [True, False, True, False]),
        ("no_assumption", no_assumption),
        ("world_with", world_with),
        ("moves_unseen", moves_unseen),
        ("districts", districts),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"33.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("known", [True, True, True, False], "(ii): X -> Y with"),
        ("known", [True, False, False, False], "(iii): The front door"),
        ("known", [True, False], "2 entries, expected 4"),
        ("known", [True, None, True, None], "Entry 2 is None"),
        ("known", ["True", "False", "True", "False"], "Each is True or False"),
        ("known", True, "of type bool"),
        ("no_assumption", lambda p: (p[1, 1] - p[0, 1], p[1, 1] + p[0].sum() - p[0, 1] - p[1].sum()), "move together"),
        ("no_assumption", lambda p: no_assumption(p)[::-1], "exchanged"),
        ("no_assumption", lambda p: (nb33._seen_difference(p),) * 2, "what is seen"),
        ("world_with", lambda effect: (2 * (effect - 0.15), 0.0), "between 0 and 1"),
        ("world_with", lambda effect: (0.5, 0.5), "not the effect"),
        ("moves_unseen", lambda J, q: q - moves_unseen(J, q), "*inside*"),
        ("moves_unseen", nb33._one_row, "right angles"),
        ("moves_unseen", lambda J, q: np.linalg.lstsq(J.T, q, rcond=1e-10)[0], "weights of the rows"),
        ("moves_unseen", lambda J, q: -moves_unseen(J, q), "turned round"),
        ("districts", nb33._neighbours_only, "over a third one"),
        ("districts", nb33._without_single, "of its own"),
        ("districts", lambda nodes, pairs: [{node} for node in nodes], "join those"),
        ("world_with", lambda effect: [].append(effect), "does the function `return`"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"33.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


def test_the_graphs_of_the_first_exercise_are_as_claimed():
    graphs = (
        "X -> Y -> Z; X <-> Z",
        "Z -> X -> Y; X <-> Y",
        "X -> Z -> Y; X <-> Y",
        "X -> Z -> Y; X <-> Z; Z <-> Y",
    )
    assert [identify(graph, "P(Y | do(X))").identifiable for graph in graphs] == [True, False, True, False]
