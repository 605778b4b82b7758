"""Clauses are satisfiable exactly when their formula is, stay few, and tell how they came about."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_formulas import FORMULAS, PROPOSITIONS, closed, truth

from agentos_lab.logic import (
    FALSE,
    TRUE,
    And,
    Atom,
    Equal,
    Exists,
    ForAll,
    Formula,
    Function,
    Iff,
    Implies,
    Not,
    Or,
    Variable,
    load_problem,
    negation_normal_form,
    parse,
    prenex,
    to_cnf,
)
from agentos_lab.logic.formulas import atoms, children, conjunction
from agentos_lab.logic.rewriting import part_at, phase
from agentos_lab.logic.skolemization import Names, skolemized

DEFINITIONS = st.sampled_from([None, True, False])


def literals(clause: Formula) -> tuple[Formula, ...]:
    return () if clause == FALSE else clause.parts if isinstance(clause, Or) else (clause,)


def holds(formula: Formula, true: set[str]) -> bool:
    """The truth value of a propositional formula where just these propositions hold."""
    match formula:
        case Atom(name):
            return name in true
        case Not(part):
            return not holds(part, true)
        case And(parts):
            return all(holds(part, true) for part in parts)
        case Or(parts):
            return any(holds(part, true) for part in parts)
        case Implies(left, right):
            return not holds(left, true) or holds(right, true)
        case Iff(left, right):
            return holds(left, true) == holds(right, true)
    return formula == TRUE


@settings(max_examples=60, deadline=None)
@given(PROPOSITIONS, DEFINITIONS)
def test_an_assignment_satisfies_a_formula_when_it_can_be_extended_to_its_clauses(
    formula: Formula, definitions: bool | None
) -> None:
    clauses = to_cnf(formula, definitions=definitions).clauses
    new = sorted({atom.predicate for clause in clauses for atom in atoms(clause)} - set("pqrs"))
    if len(new) > 7:
        return
    for values in product((False, True), repeat=4):
        true = {name for name, value in zip("pqrs", values, strict=True) if value}
        extended = any(
            all(
                holds(clause, true | {name for name, value in zip(new, more, strict=True) if value})
                for clause in clauses
            )
            for more in product((False, True), repeat=len(new))
        )
        assert holds(formula, true) == extended
        assert definitions is not False or not new


@settings(max_examples=60, deadline=None)
@given(FORMULAS, DEFINITIONS)
def test_clauses_are_disjunctions_of_different_literals(formula: Formula, definitions: bool | None) -> None:
    for clause in to_cnf(formula, definitions=definitions):
        parts = literals(clause)
        assert len(set(parts)) == len(parts)
        assert all(isinstance(part.part if isinstance(part, Not) else part, Atom | Equal) for part in parts)
        assert not any(Not(part) in parts for part in parts)


@settings(max_examples=25, deadline=None)
@given(FORMULAS, DEFINITIONS)
def test_z3_finds_the_clauses_satisfiable_exactly_when_it_finds_the_formula_so(
    formula: Formula, definitions: bool | None
) -> None:
    import z3

    verdicts = []
    for question in (formula, conjunction([closed(clause) for clause in to_cnf(formula, definitions=definitions)])):
        solver = z3.Solver()
        solver.set("rlimit", 300_000)
        solver.add(in_z3(question))
        verdicts.append(solver.check())
    assert z3.unknown in verdicts or verdicts[0] == verdicts[1]


def in_z3(formula: Formula):
    """The formula for Z3, over a sort of which nothing is known."""
    import z3

    sort = z3.DeclareSort("U")

    def term(value):
        if isinstance(value, Variable):
            return z3.Const(value.name, sort)
        return z3.Function(value.name, *[sort] * (len(value.args) + 1))(*map(term, value.args))

    match formula:
        case Atom(name, args):
            return z3.Function(name, *[sort] * len(args), z3.BoolSort())(*map(term, args))
        case Equal(left, right):
            return term(left) == term(right)
        case Not():
            return z3.Not(in_z3(formula.part))
        case And(parts):
            return z3.And([in_z3(part) for part in parts])
        case Or(parts):
            return z3.Or([in_z3(part) for part in parts])
        case Implies(left, right):
            return z3.Implies(in_z3(left), in_z3(right))
        case Iff(left, right):
            return in_z3(left) == in_z3(right)
        case ForAll(variable, body):
            return z3.ForAll([term(variable)], in_z3(body))
        case Exists(variable, body):
            return z3.Exists([term(variable)], in_z3(body))
    return z3.BoolVal(formula == TRUE)


@settings(max_examples=60, deadline=None)
@given(FORMULAS, DEFINITIONS)
def test_each_step_changes_the_part_that_it_names_and_nothing_else(formula: Formula, definitions: bool | None) -> None:
    form = to_cnf(formula, definitions=definitions)
    whole = formula
    for step in form.one_at_a_time():
        assert step.before == whole
        for change in step.changes:
            assert part_at(step.before, change.path) == change.before
            assert part_at(step.after, change.path) == change.after
            for length, place in enumerate(change.path):  # everything beside the path is as it was
                before, after = part_at(step.before, change.path[:length]), part_at(step.after, change.path[:length])
                beside = [
                    (a, b) for i, (a, b) in enumerate(zip(children(before), children(after), strict=True)) if i != place
                ]
                assert all(a is b or a == b for a, b in beside)
        whole = step.after
    assert whole == form.derivation.result
    assert conjunction(list(form.clauses)) == whole


@settings(max_examples=40, deadline=None)
@given(FORMULAS)
def test_negation_and_prenex_form_tell_their_steps_too(formula: Formula) -> None:
    for transform in (negation_normal_form, prenex):
        told = phase("form", "", formula, transform)
        steps = list(told.one_at_a_time())
        assert told.after == transform(formula) == steps[-1].after
        for step in steps:
            assert truth(step.after) == truth(formula)


def test_the_steps_of_a_textbook_example() -> None:
    form = to_cnf("∀x (∀y (Animal(y) → Loves(x, y)) → ∃y Loves(y, x))")
    assert [str(step.after) for step in form.derivation] == [
        "∀x (¬∀y (¬Animal(y) ∨ Loves(x, y)) ∨ ∃y Loves(y, x))",
        "∀x (∃y (Animal(y) ∧ ¬Loves(x, y)) ∨ ∃y Loves(y, x))",
        "∀x (∃y (Animal(y) ∧ ¬Loves(x, y)) ∨ ∃y2 Loves(y2, x))",
        "∀x (Animal(sk1(x)) ∧ ¬Loves(x, sk1(x)) ∨ Loves(sk2(x), x))",
        "Animal(sk1(x)) ∧ ¬Loves(x, sk1(x)) ∨ Loves(sk2(x), x)",
        "(Animal(sk1(x)) ∨ Loves(sk2(x), x)) ∧ (¬Loves(x, sk1(x)) ∨ Loves(sk2(x), x))",
    ]
    first = next(form.one_at_a_time())
    assert (first.rule, first.changes[0].path, str(first.changes[0].before)) == (
        "eliminate →", (0,), "∀y (Animal(y) → Loves(x, y)) → ∃y Loves(y, x)",
    )  # fmt: skip


def test_skolem_functions_depend_on_what_their_formula_speaks_of() -> None:
    def skolem(text: str) -> str:
        return str(skolemized(parse(text), Names({"sk1"})))

    assert skolem("∀x ∀y ∃z R(x, z)") == "∀x ∀y R(x, sk2(x))"
    assert skolem("∃x ∀y ∃z R(x, y, z)") == "∀y R(sk2, y, sk3(y))"
    assert skolem("∀x ∃y ∃z R(y, z, x)") == "∀x R(sk2(x), sk3(x), x)"
    assert skolem("∀x ∃y (P(x, y) ∧ ∃z Q(y, z))") == "∀x (P(x, sk2(x)) ∧ Q(sk2(x), sk3(x)))"


def test_new_names_are_new() -> None:
    names = Names({"sk1", "def1"})
    assert [names.new("sk"), names.new("def"), names.new("sk")] == ["sk2", "def2", "sk3"]
    form = to_cnf("∃x R(x, sk1) ∧ ∃x def1(sk2(x))")
    assert str(form) == "R(sk3, sk1)\ndef1(sk2(sk4))"
    shared = Names()
    assert str(to_cnf("∃x P(x)", names=shared)) == "P(sk1)" and str(to_cnf("∃x P(x)", names=shared)) == "P(sk2)"


def chain(n: int) -> Formula:
    formula: Formula = Atom(f"p{n}")
    for number in range(n - 1, 0, -1):
        formula = Iff(Atom(f"p{number}"), formula)
    return formula


@pytest.mark.parametrize("n", [3, 6, 9])
def test_definitions_keep_the_clauses_few(n: int) -> None:
    assert len(to_cnf(chain(n), definitions=False)) == 2 ** (n - 1)
    assert len(to_cnf(chain(n), definitions=True)) == 4 * (n - 2) + 2
    pairs = Or(tuple(And((Atom(f"p{i}"), Atom(f"q{i}"))) for i in range(n)))
    assert len(to_cnf(pairs, definitions=False)) == 2**n
    assert len(to_cnf(pairs, definitions=True)) == 2 * n
    assert len(to_cnf(load_problem("PEL34").goal)) <= 32


@pytest.mark.parametrize(
    ("formula", "clauses"),
    [
        (And(tuple(Atom(f"p{i}") for i in range(10_000))), 10_000),
        (Or(tuple(Atom(f"p{i}") for i in range(10_000))), 1),
        (Or(tuple(And((Atom(f"p{i}"), Atom(f"q{i}"))) for i in range(2_000))), 4_008),
        (chain(200), 4 * 198 + 2),
    ],
    ids=["conjunction", "disjunction", "pairs", "equivalences"],
)
def test_large_formulas_have_clauses(formula: Formula, clauses: int) -> None:
    assert abs(len(to_cnf(formula)) - clauses) <= 16


def test_what_would_explode_without_definitions_is_refused() -> None:
    pairs = Or(tuple(And((Atom(f"p{i}"), Atom(f"q{i}"))) for i in range(30)))
    with pytest.raises(ValueError, match="1,073,741,824 clauses; with definitions=None, names keep them few"):
        to_cnf(pairs, definitions=False)
    with pytest.raises(ValueError, match="literals, more than 100,000"):
        to_cnf(chain(40), definitions=False)


def test_borders() -> None:
    assert to_cnf("p | ~p").clauses == () and str(to_cnf("true")) == "no clause: the formula always holds"
    assert to_cnf("false").clauses == (FALSE,) and to_cnf("p & ~p").clauses == (parse("p"), parse("~p"))
    assert to_cnf("p").derivation.steps == ()
    assert len(str(to_cnf(And(tuple(Atom(f"p{i}") for i in range(99)))).clauses[0])) == 2
    assert len(str(to_cnf(And(tuple(Atom(f"p{i}") for i in range(99))))).splitlines()) == 10
    with pytest.raises(ValueError, match="x is free in P\\(x\\)"):
        to_cnf(Atom("P", (Variable("x"),)))
    assert to_cnf(Atom("P", (Function("x"),))).clauses == (parse("P(x)"),)
