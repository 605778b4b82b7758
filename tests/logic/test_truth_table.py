from __future__ import annotations

from textwrap import dedent

import pytest
import z3
from hypothesis import given, settings
from propositional_problems import FORMULAS

from agentos_lab.logic.formulas import And, Atom, Falsity, Formula, Iff, Implies, Not, Or, Truth
from agentos_lab.logic.truth_table import truth_table


def to_z3(formula: Formula) -> z3.BoolRef:
    match formula:
        case Atom(name, ()):
            return z3.Bool(name)
        case Not(part):
            return z3.Not(to_z3(part))
        case And(parts):
            return z3.And(*map(to_z3, parts))
        case Or(parts):
            return z3.Or(*map(to_z3, parts))
        case Implies(left, right):
            return z3.Implies(to_z3(left), to_z3(right))
        case Iff(left, right):
            return to_z3(left) == to_z3(right)
        case Truth() | Falsity():
            return z3.BoolVal(isinstance(formula, Truth))
    raise AssertionError(formula)


def z3_verdict(formula: Formula) -> str:
    answers = []
    for asked in (formula, Not(formula)):
        solver = z3.Solver()
        solver.add(to_z3(asked))
        answers.append(solver.check() == z3.sat)
    return {(True, False): "tautology", (False, True): "contradiction", (True, True): "contingent"}[tuple(answers)]


@settings(max_examples=40, deadline=None)
@given(FORMULAS)
def test_the_verdict_is_that_of_z3(formula):
    assert truth_table(formula).verdict == z3_verdict(formula)


def test_it_prints_as_a_table():
    expected = """
        p q │ p → q
        ────┼───────
        T T │   T
        T F │   F
        F T │   T
        F F │   T"""
    assert str(truth_table("p -> q")) == dedent(expected).lstrip("\n")


def test_parts_have_columns_of_their_own_inner_ones_first():
    table = truth_table("(p -> q) & ~q", parts=True)
    assert [str(column) for column in table.formulas] == ["p → q", "¬q", "(p → q) ∧ ¬q"]


def test_an_argument_is_valid_without_a_counterexample():
    assert truth_table("p -> q", "p", "q").valid
    wrong = truth_table("p -> q", "q", "p")
    assert not wrong.valid
    assert wrong.counterexamples == ({"p": False, "q": True},)


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("p | ~p", "tautology"), ("p & ~p", "contradiction"), ("p", "contingent"), ("true", "tautology")],
)
def test_formulas_are_classified(text, verdict):
    assert truth_table(text).verdict == verdict


def test_models_are_assignments():
    assert truth_table("p <-> q").models == ({"p": True, "q": True}, {"p": False, "q": False})


def test_a_long_table_is_cut_and_says_so():
    text = str(truth_table(" & ".join(f"p{i}" for i in range(6))))
    assert text.endswith("… 32 more rows")
    assert "32 more rows" in truth_table(" & ".join(f"p{i}" for i in range(6)))._repr_html_()


def test_html_escapes_and_marks_falsehoods():
    page = truth_table("p <-> q")._repr_html_()
    assert page.count("<b>F</b>") == 2 * 2 + 2 and "p ↔ q" in page


def test_too_many_propositions_are_refused_with_a_way_out():
    with pytest.raises(ValueError, match=r"131,072 rows.*solve\(\)"):
        truth_table(" | ".join(f"p{i}" for i in range(17)))
    with pytest.raises(ValueError, match="needs a formula"):
        truth_table()
    with pytest.raises(ValueError, match="quantifier"):
        truth_table("exists x P(x)")
