from __future__ import annotations

import random

import pytest
import z3

from agentos_lab.logic import parse
from agentos_lab.logic.backward_chaining import backward_chain
from agentos_lab.logic.forward_chaining import forward_chain

FAMILY = [
    "forall x y (Parent(x, y) -> Ancestor(x, y))",
    "forall x y z (Parent(x, y) & Ancestor(y, z) -> Ancestor(x, z))",
    "Parent(ann, bob)",
    "Parent(bob, cid)",
    "Parent(bob, dora)",
]
NUMBERS = ["forall x Plus(zero, x, x)", "forall x y z (Plus(x, y, z) -> Plus(s(x), y, s(z)))"]


def values(answers, *names):
    return [tuple(str(answer[name]) for name in names) for answer in answers]


def test_every_answer_is_found_in_the_order_of_the_rules():
    answers = backward_chain(FAMILY, goal="exists x Ancestor(ann, x)")
    assert values(answers, "x") == [("bob",), ("cid",), ("dora",)] and answers.complete


def test_an_answer_carries_its_proof():
    (answer,) = backward_chain(FAMILY, goal="Ancestor(ann, dora)")
    assert str(answer) == "yes"
    assert str(answer.explanations[0]).split("\n") == [
        "1. Parent(ann, bob)     given",
        "2. Parent(bob, dora)    given",
        "3. Ancestor(bob, dora)  rule 1 from 2",
        "4. Ancestor(ann, dora)  rule 2 from 1, 3",
    ]


@pytest.mark.parametrize("seed", range(8))
def test_it_agrees_with_forward_chaining_on_graphs_without_cycles(seed):
    chance = random.Random(seed)
    edges = {tuple(sorted(chance.sample(range(9), 2))) for _ in range(14)}
    facts = [f"Parent(n{a}, n{b})" for a, b in sorted(edges)]
    closure = forward_chain(FAMILY[:2], facts)
    answers = backward_chain(FAMILY[:2], facts, "exists x y Ancestor(x, y)")
    assert answers.complete
    assert set(values(answers, "x", "y")) == closure.relation("Ancestor")
    for answer in answers:
        explained = answer.explanations[0]
        assert str(explained.fact) == f"Ancestor({answer['x']}, {answer['y']})"
        assert all(step.fact in closure for step in explained)


def test_functions_run_programs_in_both_directions():
    three = backward_chain(NUMBERS, goal="exists x Plus(s(zero), s(s(zero)), x)")
    assert values(three, "x") == [("s(s(s(zero)))",)]
    splits = backward_chain(NUMBERS, goal="exists x y Plus(x, y, s(s(zero)))")
    assert len(splits) == 3 and splits.complete


def test_z3_agrees_on_sums():
    numeral = ["zero"]
    for _ in range(8):
        numeral.append(f"s({numeral[-1]})")
    x = z3.Int("x")
    for a, b in ((1, 3), (4, 2), (5, 1)):
        (answer,) = backward_chain(NUMBERS, goal=f"exists y Plus({numeral[a]}, y, {numeral[b + a]})")
        solver = z3.Solver()
        solver.add(a + x == a + b)
        assert solver.check() == z3.sat and numeral[solver.model()[x].as_long()] == str(answer["y"])


def test_the_occurs_check_prevents_a_false_yes():
    answers = backward_chain("forall x Smaller(x, s(x))", goal="exists y Smaller(s(y), y)")
    assert not answers and answers.complete
    assert "occurs check" in answers.tree()


def test_a_conjunction_shares_its_variables():
    answers = backward_chain(FAMILY, goal="exists x (Parent(ann, x) & Parent(x, dora))")
    assert values(answers, "x") == [("bob",)]
    assert [str(explained.fact) for explained in answers[0].explanations] == ["Parent(ann, bob)", "Parent(bob, dora)"]


def test_endless_answers_end_at_the_limit():
    answers = backward_chain(["Nat(zero)", "forall x (Nat(x) -> Nat(s(x)))"], goal="exists x Nat(x)", max_answers=4)
    assert len(answers) == 4 and answers.limits == ("4 answers",) and "perhaps more" in str(answers)


def test_a_rule_that_calls_itself_ends_at_the_depth_and_is_no_no():
    left = ["forall x y z (Path(x, y) & Edge(y, z) -> Path(x, z))", "forall x y (Edge(x, y) -> Path(x, y))"]
    answers = backward_chain(left, ["Edge(a, b)"], "Path(b, a)", max_depth=30)
    assert not answers.complete and answers.limits == ("depth 30",)
    with pytest.raises(ValueError, match="depth 30"):
        bool(answers)
    assert str(answers).startswith("Path(b, a): gave up: depth 30")
    assert backward_chain(left, ["Edge(a, b)"], "Path(a, b)", max_depth=30)


def test_steps_are_limited():
    answers = backward_chain(["forall x (P(x) -> P(x))", "forall x (P(x) -> P(s(x)))"], goal="P(a)", max_steps=200)
    assert "200 steps" in answers.limits


def test_the_trace_is_the_search_tree():
    tree = backward_chain(FAMILY, goal="Ancestor(bob, ann)").tree()
    assert tree.split("\n") == [
        "Ancestor(bob, ann)",
        "  rule 1: Parent(bob, ann)   [no rule fits]",
        "    given: Parent(bob, cid)   [no: clash: ann is not cid]",
        "    given: Parent(bob, dora)   [no: clash: ann is not dora]",
        "  rule 2: Parent(bob, y₄), Ancestor(y₄, ann)",
        "    given: Ancestor(cid, ann)  with y₄ = cid",
        "      rule 1: Parent(cid, ann)   [no rule fits]",
        "      rule 2: Parent(cid, y₇), Ancestor(y₇, ann)   [no rule fits]",
        "    given: Ancestor(dora, ann)  with y₄ = dora",
        "      rule 1: Parent(dora, ann)   [no rule fits]",
        "      rule 2: Parent(dora, y₁₀), Ancestor(y₁₀, ann)   [no rule fits]",
    ]


def test_each_node_of_the_trace_follows_from_its_parent():
    answers = backward_chain(FAMILY, goal="exists x Ancestor(ann, x)")
    for step in answers.trace[1:]:
        assert step.parent is not None and step.parent < step.number
    assert sum(step.outcome == "answer" for step in answers.trace) == 3


@pytest.mark.parametrize(
    ("goal", "why"),
    [("forall x P(x)", "no goal for chaining"), ("~P(a)", "is no atom"), ("P(a) | P(b)", "is no atom")],
)
def test_a_goal_that_chaining_cannot_show_is_refused(goal, why):
    with pytest.raises(ValueError, match=why):
        backward_chain("P(a)", goal=goal)


def test_negated_conditions_are_left_to_forward_chaining():
    with pytest.raises(ValueError, match=r"forward_chain\(\)"):
        backward_chain("forall x (P(x) & ~Q(x) -> R(x))", goal="R(a)")


def test_names_of_variables_never_mix():
    """The rule's x is not the goal's x, not even when it looks like a renamed one."""
    rule = parse("forall x x₁ (Q(x₁, x) -> P(x, x₁))")
    answers = backward_chain([rule, "Q(a, b)"], goal="exists x x₁ P(x, x₁)")
    assert values(answers, "x", "x₁") == [("b", "a")]
