"""The checks of notebook 41: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

from itertools import product

import pytest

from agentos_lab.logic import (
    And,
    Exists,
    ForAll,
    Function,
    Implies,
    Not,
    Or,
    Variable,
    constant,
    negation_normal_form,
    parse,
    to_cnf,
    unify,
)
from agentos_lab.teaching import check
from agentos_lab.teaching.exercises import nb41


def clauses(formula, combined=product):
    match formula:
        case And(parts):
            return [clause for part in parts for clause in clauses(part, combined)]
        case Or(parts):
            return [frozenset().union(*choice) for choice in combined(*[clauses(part, combined) for part in parts])]
    return [frozenset({str(formula)})]


def side_by_side(formula):
    if isinstance(formula, And | Or):
        return [clause for part in formula.parts for clause in side_by_side(part)]
    return [frozenset({str(formula)})]


def quantifiers_kept(formula):
    match formula:
        case Not(ForAll(variable, body)):
            return ForAll(variable, quantifiers_kept(Not(body)))
        case ForAll(variable, body):
            return ForAll(variable, quantifiers_kept(body))
        case Not(Exists(variable, body)):
            return Exists(variable, quantifiers_kept(Not(body)))
    return negation_normal_form(formula)


def connectives_kept(formula):
    match formula:
        case Not(And(parts)):
            return And(tuple(connectives_kept(Not(part)) for part in parts))
    return negation_normal_form(formula)


def stops_after_two_signs(formula):
    return (
        formula.part.part
        if isinstance(formula, Not) and isinstance(formula.part, Not)
        else negation_normal_form(formula)
    )


def first_two_parts(formula):
    match formula:
        case Not(And((one, other, *_))):
            return Or((Not(one), Not(other)))
    return negation_normal_form(formula)


def one_move(formula):
    match formula:
        case Not(Not(part)):
            return part
        case Implies(left, right):
            return Or((Not(left), right))
        case Not(And(parts)):
            return Or(tuple(Not(part) for part in parts))
    return formula


def occurs(variable, term, bindings):
    waiting, seen = [term], set()
    while waiting:
        part = waiting.pop()
        if part is variable:
            return True
        if part not in seen:
            seen.add(part)
            waiting += [bindings[part]] if part in bindings else part.args
    return False


def plain_occurs(variable, term, bindings):
    if term is variable:
        return True
    inside = [bindings[term]] if term in bindings else term.args
    return any(plain_occurs(variable, part, bindings) for part in inside)


def without_bindings(variable, term, bindings):
    return variable in term.variables


def one_binding(variable, term, bindings):
    return variable in term.variables or any(variable in bindings[v].variables for v in term.variables if v in bindings)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("outcomes", ["unifies", "clash", "unifies", "occurs", "clash"]),
        ("outcomes", ("unifies", "clash", "unifies", "occurs", "clash")),
        ("clauses", clauses),
        ("clauses", lambda formula: list(reversed(clauses(formula)))),
        ("nnf", negation_normal_form),
        ("occurs", occurs),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"41.{name}", answer)


def test_the_outcomes_are_those_of_the_library():
    x, y = Variable("x"), Variable("y")
    a, b = constant("a"), constant("b")

    def f(term):
        return Function("f", term)

    pairs = [((x, b), (a, y)), ((x, x), (a, b)), ((x, f(y)), (f(y), x)), ((f(x), x), (y, y))]
    pairs.append(((f(a), Function("g", x)), (y, y)))
    found = [unify(Function("P", *left), Function("P", *right)) for left, right in pairs]
    assert ["unifies" if one else one.reason.split()[0].strip(":") for one in found] == [
        "unifies",
        "clash",
        "unifies",
        "occurs",
        "clash",
    ]


def test_the_model_answer_of_distribution_agrees_with_the_library():
    for text in ("(A ∧ B) ∨ (C ∧ D)", "A ∧ (B ∨ (C ∧ D))", "(A ∧ ¬B) ∨ (C ∧ D) ∨ E"):
        literals = {
            frozenset(str(part) for part in (clause.parts if isinstance(clause, Or) else (clause,)))
            for clause in to_cnf(text, definitions=False)
        }
        assert set(clauses(parse(text))) == literals


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("outcomes", ["clash", "clash", "unifies", "occurs", "clash"], "nothing is in the way"),
        ("outcomes", ["unifies", "unifies", "unifies", "occurs", "clash"], "two different constants"),
        ("outcomes", ["unifies", "clash", "occurs", "occurs", "clash"], "does not occur in itself"),
        ("outcomes", ["unifies", "clash", "unifies", "unifies", "clash"], "hold itself"),
        ("outcomes", ["unifies", "clash", "unifies", "occurs", "occurs"], "different signs"),
        ("outcomes", ["yes", "clash", "unifies", "occurs", "clash"], "Entry 1 is 'yes'"),
        ("outcomes", ["unifies", "clash", "unifies", "occurs"], "has 4 entries, expected 5"),
        ("outcomes", "unifies", "of type str"),
        ("clauses", lambda formula: clauses(formula, lambda *lists: zip(*lists, strict=False)), "`zip` pairs"),
        ("clauses", side_by_side, "That would be ∧"),
        ("clauses", [], "A function was expected"),
        ("nnf", quantifiers_kept, "The meaning has changed"),
        ("nnf", connectives_kept, "The meaning has changed"),
        ("nnf", one_move, "An arrow is left"),
        ("nnf", stops_after_two_signs, "An arrow is left"),
        ("nnf", first_two_parts, "The meaning has changed"),
        ("nnf", lambda formula: one_move(formula) if isinstance(formula, Not) else formula, "An arrow is left"),
        ("nnf", str, "of type str"),
        ("occurs", plain_occurs, "Keep a set"),
        ("occurs", lambda variable, term, bindings: int(term is variable), "True or False should come back"),
        ("occurs", without_bindings, "must be followed"),
        ("occurs", one_binding, "all the way"),
        ("occurs", lambda variable, term, bindings: term is variable, "deep inside"),
        ("occurs", True, "A function was expected"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"41.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


@pytest.mark.parametrize("name", ["outcomes", "clauses", "nnf", "occurs"])
def test_what_is_not_tried_is_open(name):
    assert check(f"41.{name}", ...).verdict == "open"


def test_the_case_of_wrong_clauses_can_be_typed():
    assert check("41.clauses", side_by_side).problem.case == "clauses(parse('A ∨ ¬B'))"


def test_every_sentence_of_the_check_can_be_brought_to_its_normal_form():
    assert all(parse(text) for text in nb41._SENTENCES)
