"""Checks and quiz of notebook 36, discovering causes."""

from __future__ import annotations

from numbers import Integral
from typing import Any

import numpy as np

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_list
from ..questions import Option, Question

__all__ = ["QUIZ", "class_sizes", "effects", "equivalent", "v_structures"]


@exercise(
    "class_sizes",
    points=1,
    hints=(
        "Keep the skeleton and the v-structures. In a chain without v-structure any node may be the one on top.",
        "In (iii) all three are joined, so there is no v-structure at all: every order of the nodes will do.",
    ),
    right="Four, one and six: a chain is open, a v-structure settles everything below it, a triangle settles nothing.",
)
def class_sizes(answer: Any) -> Problem | None:
    """The sizes of the classes of a chain of four, a v-structure with a tail, and a triangle."""
    told = {
        (0, 8): "(i) 8 counts all directions. Those with a collider are no members: it would be a new v-structure.",
        (0, 2): "(i) Not only the chain and its reverse: a fork at B or at C has the same separations.",
        (1, 2): "(ii) C - D has one direction only: D -> C would make new v-structures with A and with B.",
        (1, 4): "(ii) A -> C <- B is a v-structure: none of its arrows can be turned.",
        (2, 8): "(iii) 8 counts the two cycles as well.",
        (1, 3): "(ii) 3 counts the arrows. Which of them can be turned without making a new v-structure?",
        (2, 3): "(iii) Not only who is on top may change: with A on top, both B -> C and C -> B will do.",
        (2, 1): "(iii) A -> C <- B is no v-structure here, since A and B are joined.",
    }
    look = (
        "(i) There is no v-structure, and there must be none afterwards. Which node may be the one on top?",
        "(ii) Find the v-structure first. Then ask of each other edge whether turning it makes a new one.",
        "(iii) All three are joined. Count the directions that make no cycle.",
    )

    def is_size(entry: Any) -> bool:
        return isinstance(entry, Integral) and not isinstance(entry, bool) and int(entry) > 0

    if problem := require_list(answer, 3, is_size, "a whole number, 1 or more"):
        return problem
    for place, (yours, size) in enumerate(zip(answer, [4, 1, 6], strict=True)):
        if yours != size:
            return Problem(told.get((place, yours), look[place]))
    return None


def _v_structures(edges: Any, apart: Any, *, inside: bool = False, every: bool = False) -> set[Any]:
    near = {frozenset(edge) for edge in edges}
    names = {name for edge in edges for name in edge}
    return {
        (a, c, b)
        for (a, b), given in apart.items()
        for c in names
        if {a, c} in near and {b, c} in near and (every or (c in given) == inside)
    }


@exercise(
    "v_structures",
    points=1,
    hints=(
        "`given` is the set that parted a and b. What does it mean that c was needed for it, and what that it was not?",
        "A chain or a fork at c must be in `given`. So the collider is the case `c not in given`.",
    ),
    right="Whoever was not needed to part two is no way between them.",
)
def v_structures(answer: Any) -> Problem | None:
    """A function of edges and separating sets: the set of (a, c, b) with a collider at c."""
    mistakes = {
        "These are the chains and forks: c is in the set that parted a and b. A collider is not in it.": (
            lambda edges, apart: _v_structures(edges, apart, inside=True)
        ),
        "These are all common neighbours. Only those that are not in `given` are colliders.": (
            lambda edges, apart: _v_structures(edges, apart, every=True)
        ),
        "Found are those that were parted by the empty set. A v-structure may need another set to part its ends.": (
            lambda edges, apart: {found for found in _v_structures(edges, apart) if not apart[found[0], found[2]]}
        ),
    }
    cases = [
        ([("A", "C"), ("B", "C")], {("A", "B"): ()}),
        ([("A", "C"), ("B", "C")], {("A", "B"): ("C",)}),
        (
            [("W", "R"), ("W", "S"), ("R", "M"), ("M", "S"), ("M", "G")],
            {("R", "S"): ("W",), ("W", "M"): ("R", "S"), ("W", "G"): ("M",), ("R", "G"): ("M",), ("S", "G"): ("M",)},
        ),
    ]
    return compare_calls(answer, _v_structures, cases, mistakes=mistakes, what="the set")


def _features(arrows: Any, *, shielded: bool = False) -> tuple[Any, Any]:
    skeleton = {frozenset(arrow) for arrow in arrows}
    colliders = {
        (frozenset((a, b)), c)
        for a, c in arrows
        for b, d in arrows
        if c == d and a != b and (shielded or frozenset((a, b)) not in skeleton)
    }
    return skeleton, colliders


def _equivalent(one: Any, other: Any) -> bool:
    return _features(one) == _features(other)


@exercise(
    "equivalent",
    points=2,
    hints=(
        "Skeleton: a set of `frozenset(arrow)`. Two graphs have the same when the two sets are equal.",
        "v-structures: all a -> c and b -> c with a different from b and `frozenset((a, b))` not in the skeleton. Put "
        "`(frozenset((a, b)), c)` into a set, so that the order of a and b does not matter.",
    ),
    right="Skeleton and v-structures: the theorem of Verma and Pearl as a function.",
)
def equivalent(answer: Any) -> Problem | None:
    """A function of two lists of arrows: whether the DAGs are Markov equivalent."""
    mistakes = {
        "The skeletons are compared, and the v-structures are not: A -> B <- C is not A -> B -> C.": (
            lambda one, other: _features(one)[0] == _features(other)[0]
        ),
        "You also count colliders whose two causes are joined. These are no v-structures.": (
            lambda one, other: _features(one, shielded=True) == _features(other, shielded=True)
        ),
        "The v-structures are compared, and the skeletons are not.": (
            lambda one, other: _features(one)[1] == _features(other)[1]
        ),
        "As many v-structures are not the same v-structures: compare the sets.": (
            lambda one, other: (
                _features(one)[0] == _features(other)[0] and len(_features(one)[1]) == len(_features(other)[1])
            )
        ),
        "This asks whether the graphs are the same. Equivalent graphs may have different arrows.": (
            lambda one, other: set(one) == set(other)
        ),
    }
    chain, triangle = [("A", "B"), ("B", "C")], [("A", "B"), ("A", "C"), ("B", "C")]
    cases = [
        (chain, [("B", "A"), ("B", "C")]),
        (chain, [("A", "B"), ("C", "B")]),
        (chain, [("A", "B"), ("A", "C")]),
        (triangle, [("B", "A"), ("A", "C"), ("B", "C")]),
        (triangle, [("A", "B"), ("C", "A"), ("C", "B")]),
        (triangle, chain),
        ([("A", "C"), ("B", "C")], [("B", "C"), ("A", "C")]),
        ([("A", "C"), ("B", "C"), ("C", "D")], [("A", "C"), ("B", "C"), ("D", "C")]),
        ([("A", "B"), ("C", "B"), ("C", "D")], [("A", "B"), ("B", "C"), ("D", "C")]),
    ]
    return compare_calls(answer, _equivalent, cases, mistakes=mistakes, what="the verdict")


def _slope(data: Any, x: str, y: str, held: Any, *, intercept: bool = True) -> float:
    columns = [np.ones(len(data))] if intercept else []
    design = np.column_stack([data[x], *(data[name] for name in held), *columns])
    return float(np.linalg.lstsq(design, data[y], rcond=None)[0][0])


def _effects(dags: Any, data: Any, x: str, y: str, *, zero: bool = True, intercept: bool = True) -> list[float]:
    return [
        0.0
        if zero and y in dag.parents(x)
        else _slope(data, x, y, [name for name in dag.parents(x) if name != y], intercept=intercept)
        for dag in dags
    ]


def _gardens() -> tuple[Any, Any]:
    """Three graphs of one class, and a table whose columns do not have the mean 0."""
    import pandas as pd

    from agentos_lab.causal import CausalGraph

    generator = np.random.default_rng(0)
    w, u, v, s = generator.normal(size=(4, 300))
    rain, watering = 5 - 0.8 * w + 0.6 * u, 2 + 0.8 * w + 0.6 * v
    data = pd.DataFrame({"W": w + 3, "R": rain, "S": watering, "M": 0.8 * rain + 0.3 * watering + 0.5 * s + 1})
    texts = ("W -> R -> M; W -> S -> M", "S -> W -> R -> M; S -> M", "R -> W -> S -> M; R -> M")
    return [CausalGraph(text, nodes=("W", "R", "S", "M")) for text in texts], data


@exercise(
    "effects",
    points=3,
    hints=(
        "For each DAG: `parents = dag.parents(x)`. If y is one of them, append 0.0 and go on with the next.",
        "The columns of the regression: ones, x, and the parents: `np.column_stack([np.ones(len(data)), "
        "data[[x, *parents]]])`. `np.linalg.lstsq(columns, data[y], rcond=None)[0]` holds the slopes; which is of x?",
    ),
    right="One value for each member: this is what data alone say about an effect.",
)
def effects(answer: Any) -> Problem | None:
    """A function of DAGs, data, x and y: a list with the effect in each."""
    mistakes = {
        "Nothing is held fixed: this is the plain slope. Put the parents of x into the regression.": (
            lambda dags, data, x, y: [0.0 if y in dag.parents(x) else _slope(data, x, y, ()) for dag in dags]
        ),
        "The intercept is missing: put a column of ones into the regression.": (
            lambda dags, data, x, y: _effects(dags, data, x, y, intercept=False)
        ),
        "These are the parents of y. For the whole effect of x hold the parents of *x* fixed.": (
            lambda dags, data, x, y: [
                0.0 if y in dag.parents(x) else _slope(data, x, y, [name for name in dag.parents(y) if name != x])
                for dag in dags
            ]
        ),
        "Where y is a parent of x, x does nothing to y: the effect is 0.": (
            lambda dags, data, x, y: _effects(dags, data, x, y, zero=False)
        ),
        "A list with one value for each DAG was asked for, not the set of different values.": (
            lambda dags, data, x, y: sorted({round(value, 9) for value in _effects(dags, data, x, y)})
        ),
    }
    dags, data = _gardens()
    cases = [(dags[1:2], data, "S", "M"), (dags[:1], data, "S", "M"), (dags, data, "S", "M"), (dags, data, "W", "R")]
    return compare_calls(answer, _effects, cases, mistakes=mistakes, what="the effects")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A -> B -> C with normal noise, a billion rows, nothing hidden, faithful. What can be found out?",
        (
            Option("All arrows.", "Two other graphs give exactly the same distribution."),
            Option(
                "A - B - C, and that B is no collider.",
                "The skeleton is sure, and one of four ways to direct it is excluded.",
                right=True,
            ),
            Option("Nothing.", "That A and C are not joined, and that B is no collider, is found."),
            Option("The arrows, by the better score.", "Equivalent graphs have the same score, to the last digit."),
        ),
    ),
    Question(
        "PC parted A and B by the empty set. C is joined to both. Why does it draw A -> C <- B?",
        (
            Option("Because C correlates with both.", "It would do so in a chain or a fork, too."),
            Option(
                "In a chain or a fork, the path through C would be open, and A and B dependent.",
                "So C, which was not needed to part them, can only be a collider.",
                right=True,
            ),
            Option("Because C comes later in time.", "No method here looks at time."),
            Option("To avoid a cycle.", "That is Meek's rule 2; here there is no cycle in sight."),
        ),
    ),
    Question(
        "FCI answers X <-> Y. What follows for somebody who wants to change Y by changing X?",
        (
            Option("The effect goes both ways.", "Two arrowheads say that neither is a cause of the other."),
            Option("The direction is unknown.", "For that FCI has circles. An arrowhead is a statement."),
            Option(
                "It will not work: X is no cause of Y.",
                "They have a hidden common cause, if the tests were right and the data are faithful.",
                right=True,
            ),
            Option("More rows are needed.", "In the beach example 2,000 rows gave it 20 times of 20."),
        ),
    ),
    Question(
        "A discovered class has two members; they give the effects +0.26 and −0.18. What do you report?",
        (
            Option("The mean, +0.04.", "No member says so: one of the two is right, or none."),
            Option("The larger one, to be safe.", "Safe for whom? The sign is open."),
            Option("The effect of the graph with the better score.", "Members of one class have the same score."),
            Option(
                "Both, and which fact or experiment would decide between them.",
                "This is all that the data say, and it tells what to ask next.",
                right=True,
            ),
        ),
    ),
)
