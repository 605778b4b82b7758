"""Probability expressions as formulas."""

from __future__ import annotations

from agentos_lab.causal import CausalGraph, SeparationClaim, derive, identify
from agentos_lab.causal.expression import ONE, ZERO, Probability, Variable
from widgets.formula_of_probability import (
    claim_formula,
    equation_formula,
    expression_formula,
    mutilated_formula,
    name_formula,
)

NAPKIN = CausalGraph("W -> Z -> X -> Y; W <-> X; W <-> Y")


def said(formula):
    """All texts, the leftmost first."""
    texts = [mark for mark in formula.marks if mark[0] == "text"]
    return "".join(mark[4] for mark in sorted(texts, key=lambda mark: (mark[1], mark[2])))


def test_a_term_reads_as_it_prints():
    term = Probability((Variable("Y"),), (Variable("Z", 1),), (Variable("X"),))
    assert said(expression_formula(term)).replace(" ", "") == "P(Ydo(X),Z=1)"  # the bar is a line
    assert sum(mark[0] == "line" for mark in expression_formula(term).marks) == 1


def test_letters_are_italic_digits_are_indices_words_are_upright():
    (x, one) = name_formula("X1").marks
    assert x[4:6] == ("X", True) and one[4:6] == ("1", False) and one[3] < x[3] and one[2] > x[2]
    assert name_formula("Smoking").marks[0][4:6] == ("Smoking", False)
    assert said(name_formula(Variable("X", primes=2))) == "X′′"


def test_every_term_of_a_derivation_is_there():
    found = [*identify(NAPKIN, "P(Y | do(X))").derivation, *derive(NAPKIN, "P(Y | do(X))")]
    for expression in [side for step in found for side in (step.before, step.after)]:
        formula = "".join(mark[4] for mark in expression_formula(expression).marks if mark[0] == "text")
        for ours, printed in (("P(", "P("), ("∑", "Σ"), ("do(", "do(")):
            assert formula.count(ours) == str(expression).count(printed)


def test_what_a_rule_moved_is_blue():
    term = Probability((Variable("Y"),), (), (Variable("X"), Variable("Z")))
    blue = [mark[4] for mark in expression_formula(term, moved={"Z"}).marks if mark[-1] == "blue-text"]
    assert blue == ["Z"]
    blue = [mark[4] for mark in expression_formula(term, moved={"X", "Z"}).marks if mark[-1] == "blue-text"]
    assert "".join(blue) == "do(XZ)"


def test_a_sum_that_something_follows_is_bracketed():
    steps = derive(CausalGraph("X -> M -> Y; X <-> Y"), "P(Y | do(X))")
    (bracketed,) = [s.after for s in steps if "[Σ" in str(s.after)][:1]
    plain = identify(CausalGraph("X -> M -> Y; X <-> Y"), "P(Y | do(X))").estimand.expression
    count = lambda e: sum(mark[0] == "line" for mark in expression_formula(e).marks)  # noqa: E731
    bars = str(bracketed).count("|")
    assert count(bracketed) == bars + 6 and count(plain) == str(plain).count("|")


def test_a_long_equation_is_broken_and_a_short_one_is_not():
    found = identify(CausalGraph("X -> M -> Y; X <-> Y"), "P(Y | do(X))")
    left, right = found.query.term, found.estimand.expression
    wide, narrow = equation_formula(left, right, 15, 1000), equation_formula(left, right, 15, 200)
    assert narrow.width < wide.width and narrow.down > wide.down and narrow.width <= 200
    assert sorted(m[4] for m in wide.marks if m[0] == "text") == sorted(m[4] for m in narrow.marks if m[0] == "text")


def test_claims_and_mutilated_graphs():
    claim = SeparationClaim(("Y",), ("X",), ("Z",))
    assert said(claim_formula(claim)) == "(YXZ)"
    assert len(claim_formula(claim, holds=False).marks) == len(claim_formula(claim).marks) + 1
    both = mutilated_formula(["Z"], ["X"])
    over, under = [mark for mark in both.marks if mark[0] == "line"]
    assert said(both) == "GZX" and over[2] < under[2]
    assert said(mutilated_formula([], [])) == "G"


def test_one_and_zero():
    assert said(expression_formula(ONE)) == "1" and said(expression_formula(ZERO)) == "0"
