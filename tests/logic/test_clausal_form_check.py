"""The way from a formula to its clauses is accepted as `to_cnf` writes it, and refused when something is changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.logic.clausal_form import ClausalForm, to_cnf
from agentos_lab.logic.clausal_form_check import clausal_form_faults, is_clause_of
from agentos_lab.logic.formulas import FALSE, TRUE, And, Not
from agentos_lab.logic.parser import parse
from agentos_lab.logic.problem import load_problem, problem_names
from agentos_lab.logic.rewriting import Change, Rewriting
from agentos_lab.logic.terms import Function, Variable
from agentos_lab.results import Derivation
from tests.finite_structures import formulas


def faults(form: ClausalForm) -> dict[str, str]:
    return clausal_form_faults({"it": form}, [form.formula])


@settings(max_examples=80, deadline=None)
@given(formulas(depth=3), st.sampled_from([None, True, False]))
def test_what_to_cnf_writes_is_accepted(formula, definitions):
    form = to_cnf(formula, definitions=definitions)
    assert faults(form) == {}
    assert all(is_clause_of(form, clause) for clause in form.clauses)


@pytest.mark.parametrize("name", [name for name in problem_names() if name.startswith("PEL")][::4])
def test_the_clausal_forms_of_problems_are_accepted(name):
    problem = load_problem(name)
    for formula in [*problem.premises.values(), problem.goal]:
        assert faults(to_cnf(formula)) == {}
        assert faults(to_cnf(formula, definitions=True)) == {}


EXAMPLE = "∀x (∀y (Animal(y) → Loves(x, y)) → ∃y Loves(y, x)) ∧ (Cat(Tuna) ↔ ¬∃x Dog(x))"


def with_step(form: ClausalForm, number: int, **parts: object) -> ClausalForm:
    steps = list(form.derivation.steps)
    steps[number] = replace(steps[number], **parts)
    return replace(form, derivation=Derivation(form.formula, tuple(steps)))


def test_a_change_to_something_else_is_refused():
    form = to_cnf(EXAMPLE)
    wrong = parse("Cat(Tuna)")
    refused = 0
    for number, step in enumerate(form.derivation.steps):
        assert isinstance(step, Rewriting)
        for at, change in enumerate(step.changes):
            other = (*step.changes[:at], change._replace(after=wrong), *step.changes[at + 1 :])
            assert faults(with_step(form, number, changes=other)), str(change)
            refused += 1
    assert refused >= 8


def test_a_step_that_is_left_out_is_refused():
    form = to_cnf(EXAMPLE)
    for number in range(len(form.derivation)):
        steps = form.derivation.steps[:number] + form.derivation.steps[number + 1 :]
        assert faults(replace(form, derivation=Derivation(form.formula, steps)))


def test_clauses_that_are_not_those_of_the_end_are_refused():
    form = to_cnf(EXAMPLE)
    assert faults(replace(form, clauses=form.clauses[:-1])) == {"it": "the clauses are not those of the last step"}


def test_a_skolem_function_must_be_new():
    form = to_cnf("∃x P(x) ∧ Q(sk1)")
    assert "sk2" in str(form)
    clash = clausal_form_faults({"one": form, "two": form}, [form.formula])
    assert list(clash) == ["two"]
    taken = clausal_form_faults({"one": form}, [form.formula, parse("R(sk2)")])
    assert list(taken) == ["one"]


def test_a_skolem_function_must_depend_on_what_its_formula_speaks_of():
    form = to_cnf("∀x ∃y R(x, y)")
    (step,) = [step for step in form.derivation.steps if step.rule == "Skolemize"]
    change = step.changes[0]
    x = Variable("x")
    constant = parse("∀x R(x, sk1)").body
    wrong = step.__class__(
        step.rule, step.source, step.before, parse("∀x R(x, sk1)"), (change._replace(after=constant),)
    )
    assert Function("sk1", x) in dict.fromkeys(change.after.args)
    steps = (wrong, *form.derivation.steps[1:])
    assert "may not become" in faults(replace(form, derivation=Derivation(form.formula, steps)))["it"]


def test_a_clause_is_the_same_whatever_its_variables_are_called():
    form = to_cnf("∀x ∀y (R(x, y) → R(y, x))")
    clause = parse("∀u ∀v (¬R(u, v) ∨ R(v, u))").body.body
    assert is_clause_of(form, clause)
    assert not is_clause_of(form, parse("∀u ∀v (¬R(u, v) ∨ R(u, v))").body.body)
    assert not is_clause_of(form, parse("∀u (¬R(u, u) ∨ R(u, u))").body)


def test_a_part_may_say_less_only_where_nothing_negates_it():
    """¬(A ∨ B) would become ¬⊤: a contradiction, out of a formula that has models."""
    start = parse("¬(A ∨ B)")
    weaker = Rewriting("distribute", "", start, Not(TRUE), (Change("distribute", "", (0,), start.part, TRUE),))
    end = Rewriting("simplify", "", Not(TRUE), FALSE, (Change("simplify", "", (), Not(TRUE), FALSE),))
    form = ClausalForm(start, (FALSE,), Derivation(start, (weaker, end)))
    assert "A ∨ B may not become ⊤" in faults(form)["it"]


@pytest.mark.parametrize(
    "definitions", ["(D1 ↔ ¬D2) ∧ (D2 ↔ D1)", "D1 ↔ ¬D1", "(¬D1 ∨ D2) ∧ (¬D2 ∨ ¬D1)", "(D1 ↔ ¬D2) ∧ (D2 ↔ D1 ∨ A)"]
)
def test_definitions_in_a_circle_are_refused(definitions):
    start, added = parse("A"), parse(definitions)
    after = And((start, *(added.parts if isinstance(added, And) else (added,))))
    form = ClausalForm(start, after.parts, Derivation(start, (Rewriting("name parts", "", start, after, ()),)))
    assert "it is not the same" in faults(form)["it"]


def test_a_definition_that_is_used_with_other_arguments_is_refused():
    start, after = parse("A ∨ B"), And((parse("A ∨ D(c)"), parse("D ↔ B")))
    form = ClausalForm(start, after.parts, Derivation(start, (Rewriting("name parts", "", start, after, ()),)))
    assert "it is not the same" in faults(form)["it"]
