"""Checks and quiz of notebook 32, the do-calculus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_list
from ..questions import Option, Question

if TYPE_CHECKING:
    from agentos_lab.causal import CausalGraph

__all__ = ["QUIZ", "front_door", "mutilate", "napkin_effect", "rule_2_holds", "which_rule"]

Array = NDArray[np.float64]
Edge = tuple[str, str, str]

_JOINT = np.random.default_rng(0).dirichlet(np.ones(8)).reshape(2, 2, 2)
_WIDE = np.random.default_rng(1).dirichlet(np.ones(12)).reshape(3, 2, 2)
_NAPKIN = np.random.default_rng(2).dirichlet(np.ones(16)).reshape(2, 2, 2, 2)
_NAPKIN_WIDE = np.random.default_rng(3).dirichlet(np.ones(24)).reshape(3, 2, 2, 2)

# What makes each equation of the first exercise true, or why none does.
_EQUATIONS = (
    ("(i)", "Only the condition a goes away; do(c) stays. With C set, A meets D at the collider B, so it holds."),
    (
        "(ii)",
        "do(c) becomes c: doing is exchanged for seeing. With the arrow out of C cut, the seen B blocks "
        "C <- B <-> D, so it holds.",
    ),
    ("(iii)", "do(c) goes away altogether. C comes after B: setting an effect does not move its cause."),
    ("(iv)", "This would be rule 2. With the arrow out of C cut, is anything given that blocks C <- B <-> D?"),
)


@exercise(
    "which_rule",
    points=1,
    hints=(
        "First ask what changes: a seen variable goes away (1), doing becomes seeing (2), a done one goes away (3).",
        "Then draw the mutilated graph. In (iv) cut the arrow out of C, and look at the way over B.",
    ),
    right="What changes tells the rule, the mutilated graph tells whether it may be used.",
)
def which_rule(answer: Any) -> Problem | None:
    """The rule behind each of four equations; 0 where there is none."""
    right = [1, 2, 3, 0]

    def is_rule(entry: Any) -> bool:
        return isinstance(entry, int) and not isinstance(entry, bool) and entry in (0, 1, 2, 3)

    if problem := require_list(answer, len(right), is_rule, "1, 2, 3 or 0"):
        return problem
    for yours, rule, (name, why) in zip(answer, right, _EQUATIONS, strict=True):
        if yours != rule:
            return Problem(f"{name}: {why}", yours=str(yours))
    return None


def _front_door(p: Array) -> Array:
    p_x = p.sum(axis=(1, 2))
    p_z_x = p.sum(axis=2) / p_x[:, None]
    p_y_do_z = np.einsum("x,xzy->zy", p_x, p / p.sum(axis=2, keepdims=True))
    return np.asarray(p_z_x @ p_y_do_z)


def _seen_tar(p: Array) -> Array:
    p_z_x = p.sum(axis=2) / p.sum(axis=(1, 2))[:, None]
    return np.asarray(p_z_x @ (p.sum(axis=0) / p.sum(axis=(0, 2))[:, None]))


def _unweighted(p: Array) -> Array:
    p_z_x = p.sum(axis=2) / p.sum(axis=(1, 2))[:, None]
    return np.asarray(p_z_x @ (p / p.sum(axis=2, keepdims=True)).mean(axis=0))


def _summed(p: Array) -> Array:
    p_z_x = p.sum(axis=2) / p.sum(axis=(1, 2))[:, None]
    return np.asarray(p_z_x @ (p / p.sum(axis=2, keepdims=True)).sum(axis=0))


def _seen(p: Array) -> Array:
    return np.asarray(p.sum(axis=1) / p.sum(axis=(1, 2))[:, None])


@exercise(
    "front_door",
    points=1,
    hints=(
        "The effect of Z has a back door over X: adjust for X.",
        "Σ_x' P(y | x', z) P(x'): weigh `P_y_xz` by `P_x` and add up over the first axis.",
    ),
    right="`P_y_xz` averaged over everybody's x, whatever z they have: tar done, not tar seen.",
)
def front_door(answer: Any) -> Problem | None:
    """A function that computes P(y | do(x)) by the front door."""
    mistakes = {
        "P(y | z) is tar *seen*: who has tar, smokes, too. Average P(y | x, z) over x with the weights P(x).": (
            _seen_tar
        ),
        "All x count alike here. Weigh them by P(x).": _unweighted,
        "The weights P(x) are missing: these are no probabilities.": _summed,
        "This is P(y | x), what is seen.": _seen,
    }
    return compare_calls(answer, _front_door, [(_JOINT,), (_WIDE,)], mistakes=mistakes, what="the effect")


def _mutilate(edges: Sequence[Edge], into: Sequence[str] = (), out_of: Sequence[str] = ()) -> list[Edge]:
    left = []
    for a, kind, b in edges:
        heads = {b} if kind == "->" else {a, b}
        tails = {a} if kind == "->" else set()
        if not heads & set(into) and not tails & set(out_of):
            left.append((a, kind, b))
    return left


def _bow_stays(edges: Sequence[Edge], into: Sequence[str] = (), out_of: Sequence[str] = ()) -> list[Edge]:
    return [
        (a, kind, b) for a, kind, b in edges if b not in into and not (kind == "->" and a in out_of)
    ]  # fmt: skip


def _bow_never_cut(edges: Sequence[Edge], into: Sequence[str] = (), out_of: Sequence[str] = ()) -> list[Edge]:
    return [(a, kind, b) for a, kind, b in edges if kind == "<->" or (b not in into and a not in out_of)]


def _bow_has_tails(edges: Sequence[Edge], into: Sequence[str] = (), out_of: Sequence[str] = ()) -> list[Edge]:
    kept = _mutilate(edges, into, out_of)
    return [(a, kind, b) for a, kind, b in kept if kind == "->" or not {a, b} & set(out_of)]


def _exchanged(edges: Sequence[Edge], into: Sequence[str] = (), out_of: Sequence[str] = ()) -> list[Edge]:
    return _mutilate(edges, out_of, into)


_FRONT: list[Edge] = [("X", "->", "Z"), ("Z", "->", "Y"), ("X", "<->", "Y")]
_CUTS = [
    (_FRONT, (), ()),
    (_FRONT, ("Z",), ()),
    (_FRONT, (), ("Z",)),
    (_FRONT, ("Y",), ()),
    (_FRONT, ("X",), ()),
    (_FRONT, (), ("X",)),
    (_FRONT, (), ("Y",)),
    ([*_FRONT, ("Z", "->", "W"), ("W", "<->", "Z")], ("X", "W"), ("Z",)),
]


@exercise(
    "mutilate",
    points=2,
    hints=(
        "For each edge: which of its ends have a head, which have a tail?",
        "`a -> b` has a head at b and a tail at a. `a <-> b` has a head at both ends and no tail.",
    ),
    right="Both ends of a two-headed edge are heads: a bar above cuts it, a bar below never does.",
)
def mutilate(answer: Any) -> Problem | None:
    """A function that cuts edges into some nodes and out of others."""
    mistakes = {
        "A two-headed edge has a head at *both* ends, at the one that is written first, too.": _bow_stays,
        "A two-headed edge is cut as well when one of its ends is in `into`: it has a head there.": _bow_never_cut,
        "A two-headed edge has no tail: `out_of` must leave it.": _bow_has_tails,
        "`into` and `out_of` are exchanged: `into` cuts at the head, `out_of` at the tail.": _exchanged,
    }
    return compare_calls(answer, _mutilate, _CUTS, mistakes=mistakes, what="the list of edges")


def _separated(graph: CausalGraph, y: Any, z: Any, given: Any) -> bool:
    from agentos_lab.causal import d_separated

    return bool(d_separated(graph, y, z, given))


def _rule_2_holds(
    graph: CausalGraph, y: Sequence[str], z: Sequence[str], x: Sequence[str] = (), w: Sequence[str] = ()
) -> bool:
    return _separated(graph.cut_incoming(x).cut_outgoing(z), y, z, (*x, *w))


def _uncut_x(graph: CausalGraph, y: Any, z: Any, x: Any = (), w: Any = ()) -> bool:
    return _separated(graph.cut_outgoing(z), y, z, (*x, *w))


def _without_w(graph: CausalGraph, y: Any, z: Any, x: Any = (), w: Any = ()) -> bool:
    return _separated(graph.cut_incoming(x).cut_outgoing(z), y, z, x)


def _without_x(graph: CausalGraph, y: Any, z: Any, x: Any = (), w: Any = ()) -> bool:
    return _separated(graph.cut_incoming(x).cut_outgoing(z), y, z, w)


def _rule_3(graph: CausalGraph, y: Any, z: Any, x: Any = (), w: Any = ()) -> bool:
    return _separated(graph.cut_incoming((*x, *z)), y, z, (*x, *w))


def _nothing_cut(graph: CausalGraph, y: Any, z: Any, x: Any = (), w: Any = ()) -> bool:
    return _separated(graph, y, z, (*x, *w))


def _questions() -> list[tuple[Any, ...]]:
    from agentos_lab.causal import CausalGraph

    napkin = CausalGraph("W -> Z -> X -> Y; W <-> X; W <-> Y")
    return [
        (CausalGraph("X -> Z -> Y; X <-> Y"), ("Z",), ("X",), (), ()),
        (CausalGraph("Z -> X -> Y; X <-> Y"), ("Y",), ("X",), (), ()),
        (CausalGraph("Z -> X -> Y; Z -> Y"), ("Y",), ("X",), (), ("Z",)),
        (CausalGraph("X -> Z -> Y; X <-> Y"), ("Y",), ("Z",), ("X",), ()),
        (CausalGraph("X -> Z -> Y; X -> Y"), ("Y",), ("Z",), ("X",), ()),
        (CausalGraph("Z -> W; Z <-> Y"), ("Y",), ("Z",), (), ()),
        (napkin, ("Y",), ("X",), ("Z",), ()),
        (napkin, ("Y",), ("X",), (), ("W",)),
        (napkin, ("X", "Y"), ("Z",), (), ("W",)),
    ]


@exercise(
    "rule_2_holds",
    points=2,
    hints=(
        "Two cuts, one after the other: into x, out of z.",
        "In the graph that is left: `d_separated(mutilated, y, z, (*x, *w))`. `bool` of it is the answer.",
    ),
    right="Two cuts and one question: that is all there is to a rule.",
)
def rule_2_holds(answer: Any) -> Problem | None:
    """A function that says whether rule 2 of the do-calculus applies."""
    mistakes = {
        "The edges into x are not cut. What is set is not moved by its causes.": _uncut_x,
        "w is not among what is given; what is seen blocks paths, and opens others.": _without_w,
        "x is not among what is given. It is set, and so known.": _without_x,
        "This cuts the edges *into* z: that is rule 3. Rule 2 cuts the arrows out of z.": _rule_3,
        "Nothing is cut here. Seeing and doing differ by which edges work.": _nothing_cut,
    }
    return compare_calls(answer, _rule_2_holds, _questions(), mistakes=mistakes, what="the verdict")


def _napkin_effect(p: Array) -> Array:
    above = np.einsum("w,wzxy->zxy", p.sum(axis=(1, 2, 3)), p / p.sum(axis=(2, 3), keepdims=True))
    return np.asarray(above / above.sum(axis=2, keepdims=True))


def _given_zx(p: Array) -> Array:
    return np.asarray(p.sum(axis=0) / p.sum(axis=(0, 3))[:, :, None])


def _adjusted_for_w(p: Array) -> Array:
    return np.einsum("w,wzxy->zxy", p.sum(axis=(1, 2, 3)), p / p.sum(axis=3, keepdims=True))


def _numerator_only(p: Array) -> Array:
    return np.einsum("w,wzxy->zxy", p.sum(axis=(1, 2, 3)), p / p.sum(axis=(2, 3), keepdims=True))


def _unweighted_napkin(p: Array) -> Array:
    above = (p / p.sum(axis=(2, 3), keepdims=True)).mean(axis=0)
    return np.asarray(above / above.sum(axis=2, keepdims=True))


@exercise(
    "napkin_effect",
    points=3,
    hints=(
        "P(x, y | w, z) is p divided by its sum over x and y: `p.sum(axis=(2, 3), keepdims=True)`.",
        "The upper half: `np.einsum('w,wzxy->zxy', P_w, P_xy_wz)`. The lower half is its sum over y.",
    ),
    right="In the napkin's own worlds both values of z give the same table; for any other p they need not.",
)
def napkin_effect(answer: Any) -> Problem | None:
    """A function that computes the napkin's estimand for each value of z."""
    mistakes = {
        "This is P(y | z, x): the sums over w are weighed by what z and x tell about w. Weigh by P(w).": _given_zx,
        "This averages P(y | w, z, x). The formula averages P(x, y | w, z) and P(x | w, z), and divides then.": (
            _adjusted_for_w
        ),
        "This is the upper half of the fraction. Divide it by Σ_w P(x | w, z) P(w).": _numerator_only,
        "All w count alike here. Weigh them by P(w).": _unweighted_napkin,
    }
    return compare_calls(answer, _napkin_effect, [(_NAPKIN,), (_NAPKIN_WIDE,)], mistakes=mistakes, what="the array")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Why are the edges *into* X cut for do(X)?",
        (
            Option("To keep X from acting on others.", "X acts on. The arrows out of it stay."),
            Option(
                "Because X does not listen to its causes any more.",
                "You set it. Its factor is struck out, and the rest is the factorisation of the graph without them.",
                right=True,
            ),
            Option("Because the causes of X are not measured.", "Some are. It makes no difference."),
            Option("To make the graph smaller.", "It is the same nodes; only the mechanism of X is replaced."),
        ),
    ),
    Question(
        "Rule 2 does not turn P(y | do(x)) into P(y | x) in your graph. So …",
        (
            Option(
                "the effect cannot be known.", "In the front-door graph the rule fails, too, and the effect is found."
            ),
            Option("P(y | do(x)) = P(y).", "That would be rule 3, and needs another separation."),
            Option(
                "P(y | x) is the wrong formula in general; another may be right.",
                "A rule that fails forbids one step. Other ways may be open: ask identify.",
                right=True,
            ),
            Option("more data are needed.", "More rows make P(y | x) more precise, and it stays the wrong number."),
        ),
    ),
    Question(
        "`derive` finds no derivation on a graph with seven variables. What do you know?",
        (
            Option("That the effect is not identifiable.", "The search is limited; that it found none proves nothing."),
            Option(
                "Nothing yet: ask the ID algorithm.",
                "ID is complete: it ends with a formula, or with the reason why there is none.",
                right=True,
            ),
            Option("That the graph is wrong.", "A graph cannot be wrong by itself, only about the world."),
            Option("That the three rules do not suffice.", "They do, with the laws of probability. It is proved."),
        ),
    ),
    Question(
        "The front-door estimand gives −4.5 points on a million rows. What could still be wrong?",
        (
            Option("Nothing: the derivation was checked.", "It was checked *for this graph*. Is the graph true?"),
            Option("The estimate varies too much.", "A million rows: its error is about a tenth of a point."),
            Option(
                "The graph: an arrow from X to Y that is not drawn.",
                "What is not drawn is what you assume. The data give no warning.",
                right=True,
            ),
            Option("The hidden cause may be too strong.", "It may be as strong as it likes: it is in the graph."),
        ),
    ),
)
