"""The checks of notebook 32: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.causal import CausalGraph, d_separated, identify, parse_query
from agentos_lab.causal.causal_step import SeparationClaim
from agentos_lab.causal.derivation_check import separated_by_moral_graph
from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.observed import as_series
from agentos_lab.causal.probability_table import Table
from agentos_lab.teaching import check
from agentos_lab.teaching.exercises import nb32


def by_estimand(graph, p, free):
    """The library's estimand of P(Y | do(X)) for a joint array whose axes are the graph's nodes."""
    axes = graph.nodes
    joint = as_series(Table(axes, p), {name: tuple(range(n)) for name, n in zip(axes, p.shape, strict=True)})
    found = identify(graph, "P(Y | do(X))").estimand.evaluate(joint).reorder_levels(free).sort_index()
    return found.to_numpy().reshape([p.shape[axes.index(name)] for name in free])


def front_door(p):
    return by_estimand(CausalGraph("X -> Z -> Y; X <-> Y"), p, ["X", "Y"])


def napkin_effect(p):
    return by_estimand(CausalGraph("W -> Z -> X -> Y; W <-> X; W <-> Y"), p, ["Z", "X", "Y"])


def mutilate(edges, into=(), out_of=()):
    def cut(a, kind, b):
        return b in into or (kind == "<->" and a in into) or (kind == "->" and a in out_of)

    return [edge for edge in edges if not cut(*edge)]


def rule_2_holds(graph, y, z, x=(), w=()):
    return separated_by_moral_graph(
        graph.cut_incoming(x).cut_outgoing(z), SeparationClaim(tuple(y), tuple(z), (*x, *w))
    )


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("which_rule", [1, 2, 3, 0]),
        ("which_rule", (1, 2, 3, 0)),
        ("front_door", front_door),
        ("mutilate", mutilate),
        ("rule_2_holds", rule_2_holds),
        ("napkin_effect", napkin_effect),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"32.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("which_rule", [3, 2, 3, 0], "(i): Only the condition"),
        ("which_rule", [1, 2, 3, 2], "(iv): This would be rule 2"),
        ("which_rule", [1, 2, 3], "3 entries, expected 4"),
        ("which_rule", ["1", "2", "3", "0"], "Entry 1 is '1'"),
        ("which_rule", [True, 2, 3, 0], "Entry 1 is True"),
        ("which_rule", "1230", "of type str"),
        ("front_door", nb32._seen_tar, "tar *seen*"),
        ("front_door", nb32._unweighted, "count alike"),
        ("front_door", nb32._summed, "no probabilities"),
        ("front_door", nb32._seen, "what is seen"),
        ("mutilate", nb32._bow_stays, "at *both* ends"),
        ("mutilate", nb32._bow_never_cut, "in `into`"),
        ("mutilate", nb32._bow_has_tails, "no tail"),
        ("mutilate", nb32._exchanged, "exchanged"),
        ("rule_2_holds", nb32._uncut_x, "into x are not cut"),
        ("rule_2_holds", nb32._without_w, "w is not among"),
        ("rule_2_holds", nb32._without_x, "x is not among"),
        ("rule_2_holds", nb32._rule_3, "that is rule 3"),
        ("rule_2_holds", lambda graph, y, z, x=(), w=(): bool(d_separated(graph, y, z, (*x, *w))), "Nothing is cut"),
        ("napkin_effect", nb32._given_zx, "P(y | z, x)"),
        ("napkin_effect", nb32._adjusted_for_w, "averages P(y | w, z, x)"),
        ("napkin_effect", nb32._numerator_only, "upper half"),
        ("napkin_effect", nb32._unweighted_napkin, "count alike"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"32.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


def test_the_four_equations_of_the_first_exercise_are_as_claimed():
    model = DiscreteModel.random(CausalGraph("A -> B -> C -> D; B <-> D"), seed=1)

    def table(text):
        return model.probability(parse_query(text).term).expanded(("A", "B", "C", "D"))

    pairs = [
        ("P(D | do(C), A)", "P(D | do(C))"),
        ("P(D | do(C), B)", "P(D | C, B)"),
        ("P(B | do(C))", "P(B)"),
        ("P(D | do(C))", "P(D | C)"),
    ]
    assert [bool(np.allclose(table(left), table(right))) for left, right in pairs] == [True, True, True, False]
