"""Checks and quiz of notebook 33, what cannot be known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_law, require_list
from ..questions import Option, Question

__all__ = ["QUIZ", "districts", "known", "moves_unseen", "no_assumption", "world_with"]

Array = NDArray[np.float64]

# The right answer for each graph of the first exercise, and why.
_GRAPHS = (
    ("(i)", True, "X -> Y has no two-headed arrow around it; X <-> Z only meets Y's child, which nobody looks at."),
    ("(ii)", False, "X -> Y with X <-> Y is a bow. An instrument Z does not remove it; it gives bounds."),
    ("(iii)", True, "The front door: no two-headed arrow joins X with its child Z."),
    ("(iv)", False, "X -> Z with X <-> Z is a bow, and from Z the outcome is reached."),
)


@exercise(
    "known",
    points=1,
    hints=(
        "Look for a treatment that is joined with its own child by two-headed arrows, directly or over others.",
        '`identify("X -> Y -> Z; X <-> Z", "P(Y | do(X))")` gives the verdict for (i).',
    ),
    right="A hedge needs two-headed arrows that join the treatment with where its arrows lead.",
)
def known(answer: Any) -> Problem | None:
    """For four graphs: whether the effect is identifiable."""
    if problem := require_list(answer, len(_GRAPHS), lambda entry: isinstance(entry, bool), "True or False"):
        return problem
    for yours, (name, right, why) in zip(answer, _GRAPHS, strict=True):
        if yours != right:
            return Problem(f"{name}: {why}", yours=str(yours))
    return None


def _no_assumption(p: Array) -> Array:
    return np.array([p[1, 1] + p[0, 0] - 1, p[1, 1] + p[0, 0]])


_TABLES = [
    (np.array([[0.30, 0.20], [0.15, 0.35]]),),
    (np.array([[0.5, 0.1], [0.1, 0.3]]),),
    (np.array([[0.1, 0.4], [0.25, 0.25]]),),
]


@exercise(
    "no_assumption",
    points=1,
    hints=(
        "The smallest difference: the smallest P(Y=1 | do(X=1)) and the *largest* P(Y=1 | do(X=0)).",
        "`with_it[0] - without[1]` and `with_it[1] - without[0]`.",
    ),
    right="The two free parts move on their own, so the extremes go in opposite directions. The width is always 1.",
)
def no_assumption(answer: Any) -> Problem | None:
    """A function that gives the bounds on the effect without any assumption."""
    mistakes = {
        "Smallest minus smallest, largest minus largest: as if the two groups had to move together. "
        "For the smallest difference take the *largest* P(Y=1 | do(X=0)).": lambda p: (
            p[1, 1] - p[0, 1],
            p[1, 1] + p[0].sum() - p[0, 1] - p[1].sum(),
        ),
        "The two bounds are exchanged: the smaller one first.": lambda p: _no_assumption(p)[::-1],
        "This is what is seen, twice. The bounds are about doing.": lambda p: (_seen_difference(p),) * 2,
    }
    return compare_calls(answer, _no_assumption, _TABLES, mistakes=mistakes, what="the pair of bounds")


def _seen_difference(p: Array) -> float:
    return float(p[1, 1] / p[1].sum() - p[0, 1] / p[0].sum())


def _has_the_effect(pair: Any, effect: float) -> bool:
    a, b = pair
    return abs(0.15 + (a - b) / 2 - effect) < 1e-9


def _is_a_world(pair: Any, effect: float) -> bool:
    return all(-1e-12 <= value <= 1 + 1e-12 for value in pair)


def _is_a_pair(pair: Any, effect: float) -> bool:
    return (
        isinstance(pair, tuple | list)
        and len(pair) == 2
        and all(isinstance(value, int | float | np.floating) for value in pair)
    )


_EFFECTS: list[tuple[Any, ...]] = [(0.65,), (-0.35,), (0.15,), (0.0,), (0.3,), (-0.2,), (0.6,)]


@exercise(
    "world_with",
    points=2,
    hints=(
        "Solve for a − b: it is 2 · (effect − 0.15), between −1 and 1.",
        "If a − b is positive, let b be 0; if it is negative, let a be 0.",
    ),
    right="For nearly every effect there are even many such worlds. The data fit all of them.",
)
def world_with(answer: Any) -> Problem | None:
    """A function that gives the two unseen numbers of a world with a certain effect."""
    if not callable(answer):
        return compare_calls(answer, lambda effect: (0.0, 0.0), _EFFECTS)
    laws = {
        "Two numbers are wanted, a and b, as a tuple.": _is_a_pair,
        "a and b are probabilities: both must lie between 0 and 1.": _is_a_world,
        "0.15 + (a − b)/2 is not the effect that was asked for.": _has_the_effect,
    }
    problems = (require_law(answer, law, _EFFECTS, message) for message, law in laws.items())
    return next((problem for problem in problems if problem), None)


def _moves_unseen(J: Array, q: Array) -> Array:
    return np.asarray(q - J.T @ np.linalg.lstsq(J.T, q, rcond=1e-10)[0])


def _one_row(J: Array, q: Array) -> Array:
    return np.asarray(q - J.T @ (J @ q))


_JACOBIANS = [
    (np.array([[1.0, 0.0, 0.0]]), np.array([2.0, 3.0, 0.0])),
    (np.array([[1.0, 1.0, 0.0], [2.0, 2.0, 0.0]]), np.array([1.0, 0.0, 4.0])),  # rows that repeat each other
    (np.array([[1.0, 2.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]]), np.array([1.0, 3.0, 1.0, 1.0])),  # identifiable: zeros
    (np.random.default_rng(0).normal(size=(3, 6)), np.random.default_rng(1).normal(size=6)),
]


@exercise(
    "moves_unseen",
    points=2,
    hints=(
        "`np.linalg.lstsq(J.T, q, rcond=1e-10)[0]` gives the weights of the best combination of rows.",
        "The combination itself is `J.T @ best`. What is left of q?",
    ),
    right="A step in this direction is what the walk between two worlds is made of.",
)
def moves_unseen(answer: Any) -> Problem | None:
    """A function that gives the part of q outside the row space of J."""
    mistakes = {
        "This is the part *inside* the row space, the one that the data show. Take it away from q.": lambda J, q: (
            q - _moves_unseen(J, q)
        ),
        "This would be right if the rows of J were of length 1 and at right angles. Use least squares.": _one_row,
        "These are the weights of the rows, not a direction of θ. The combination is `J.T @ best`.": lambda J, q: (
            np.linalg.lstsq(J.T, q, rcond=1e-10)[0]
        ),
        "The sign is turned round: q minus its part in the row space.": lambda J, q: -_moves_unseen(J, q),
    }
    return compare_calls(answer, _moves_unseen, _JACOBIANS, mistakes=mistakes, what="the direction")


def _districts(nodes: Iterable[str], pairs: Sequence[tuple[str, str]]) -> list[set[str]]:
    found = [{node} for node in nodes]
    for a, b in pairs:
        one, other = (next(part for part in found if end in part) for end in (a, b))
        if one is not other:
            found.remove(other)
            one |= other
    return found


def _neighbours_only(nodes: Iterable[str], pairs: Sequence[tuple[str, str]]) -> list[set[str]]:
    alone = [{node} for node in nodes if all(node not in pair for pair in pairs)]
    return [set(pair) for pair in pairs] + alone


def _without_single(nodes: Iterable[str], pairs: Sequence[tuple[str, str]]) -> list[set[str]]:
    return [part for part in _districts(nodes, pairs) if len(part) > 1]


_PAIRS: list[tuple[Any, ...]] = [
    (["A", "B"], []),
    (["X", "Z", "Y"], [("X", "Y")]),
    (["W", "Z", "X", "Y"], [("W", "X"), ("W", "Y")]),
    (["A", "B", "C", "D", "E"], [("A", "B"), ("C", "D"), ("D", "B")]),
    (["A", "B", "C"], [("A", "B"), ("B", "C"), ("C", "A")]),
]


def _sorted(parts: Any) -> Any:
    """The parts in a steady order, as lists, so that the order of the learner's list does not matter."""
    if isinstance(parts, list | tuple) and all(isinstance(part, set | frozenset | list | tuple) for part in parts):
        return sorted(sorted(map(str, part)) for part in parts)
    return parts


@exercise(
    "districts",
    points=3,
    hints=(
        "Begin with one set for each node. Each pair may join two sets.",
        "Find the set of a and the set of b; if they are not the same, make one of them.",
    ),
    right="The joined sets are where the c-factors live, and where hedges grow.",
)
def districts(answer: Any) -> Problem | None:
    """A function that gives the districts of a graph."""
    if not callable(answer):
        return compare_calls(answer, _districts, _PAIRS)

    def wrapped(nodes: Any, pairs: Any) -> Any:
        return _sorted(answer(nodes, pairs))

    wrapped.__name__ = getattr(answer, "__name__", "districts")
    mistakes = {
        "Nodes that are joined over a third one belong together, too.": lambda nodes, pairs: _sorted(
            _neighbours_only(nodes, pairs)
        ),
        "A node without a two-headed arrow is a district of its own.": lambda nodes, pairs: _sorted(
            _without_single(nodes, pairs)
        ),
        "All nodes stand alone here: join those of each pair.": lambda nodes, pairs: [[node] for node in sorted(nodes)],
    }
    return compare_calls(
        wrapped, lambda nodes, pairs: _sorted(_districts(nodes, pairs)), _PAIRS, mistakes=mistakes, what="the list"
    )


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "An effect is not identifiable. What would ten times the data change?",
        (
            Option("The estimate becomes precise enough.", "Precise about P(V). Both worlds have the same P(V)."),
            Option(
                "Nothing about it.",
                "The data say more and more exactly what both worlds agree on.",
                right=True,
            ),
            Option("The bounds shrink to a point.", "They settle at their true width, 1 without assumptions."),
            Option("The hedge disappears.", "It is in the graph, and no row of data changes the graph."),
        ),
    ),
    Question(
        "A model has more parameters than P(V) has cells. So …",
        (
            Option(
                "no effect is identifiable.", "The front door has 25 parameters, 8 cells, and an identifiable effect."
            ),
            Option("every effect is identifiable with enough data.", "The bow arc's is not, with any data."),
            Option(
                "it depends on whether the effect moves where the data stand still.",
                "There are free directions; what counts is whether the effect changes along one of them.",
                right=True,
            ),
            Option("the model is wrong.", "Hidden causes always bring more parameters than can be seen."),
        ),
    ),
    Question(
        "You draw one more two-headed arrow into a graph. What can happen?",
        (
            Option(
                "An effect that was identifiable may be lost; none is gained.",
                "Each arrow allows more worlds. What all of them agree on can only become less.",
                right=True,
            ),
            Option("An effect may become identifiable.", "All old worlds are still allowed, and they disagree."),
            Option("Nothing: it is hidden.", "It is what hedges are made of."),
            Option("The data must be collected again.", "P(V) is what it is; the graph is your assumption."),
        ),
    ),
    Question(
        "The bounds with an instrument are 0.39 and 0.78. The effect is …",
        (
            Option("0.585, the middle.", "Nothing favours the middle: each value is that of some world."),
            Option("somewhere there with 95 % certainty.", "This is no confidence interval: with all data it stays."),
            Option(
                "any value between them is possible, and none outside.",
                "If the graph is right, and apart from sampling error.",
                right=True,
            ),
            Option("not significant.", "0 is excluded, though the effect is not identifiable."),
        ),
    ),
)
