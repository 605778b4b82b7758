from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from propositional_problems import FORMULAS

from agentos_lab.errors import ParseError
from agentos_lab.logic import parse
from agentos_lab.logic.propositional_clauses import CNF, propositional_clauses, propositions, truth_value
from agentos_lab.logic.truth_table import truth_table


def models_of(cnf: CNF) -> set[tuple[bool, ...]]:
    """The models by brute force, cut down to the given propositions; one for each extension to the definitions."""
    size = len(cnf.names)
    found = [
        values[: cnf.given]
        for values in product((True, False), repeat=size)
        if cnf.satisfied_by([n if value else -n for n, value in enumerate(values, 1)])
    ]
    assert len(found) == len(set(found)), "definitions are equivalences: a model has one extension"
    return set(found)


@settings(max_examples=40, deadline=None)
@given(FORMULAS)
def test_definitions_keep_exactly_the_models(formula):
    cnf = propositional_clauses(formula)
    if len(cnf.names) > 13:
        return
    table = truth_table(formula)
    assert models_of(cnf) == {tuple(model.values()) for model in table.models}


def test_a_formula_in_clausal_form_needs_no_definitions():
    cnf = propositional_clauses("(p | ~q) & (q -> r) & ~(s | p & r)")
    assert cnf.names[:4] == ("p", "q", "r", "s") and cnf.given == 4 == len(cnf.names)
    assert cnf.clauses == ((1, -2), (-2, 3), (-4,), (-1, -3))


def test_a_chain_of_equivalences_grows_linearly():
    sizes = [len(propositional_clauses(" <-> ".join(f"p{i}" for i in range(n)))) for n in (10, 20, 40)]
    assert sizes[2] - sizes[1] == 2 * (sizes[1] - sizes[0]) and sizes[2] <= 4 * 40


def test_names_of_definitions_avoid_those_of_the_formula():
    cnf = propositional_clauses("(d1 & q) | (d2 & r)")
    assert len(set(cnf.names)) == len(cnf.names)
    assert set(cnf.names[: cnf.given]) == {"d1", "q", "d2", "r"}


def test_a_definition_is_shared():
    once, twice = propositional_clauses("a | b & c"), propositional_clauses("(a | b & c) & (e | b & c)")
    assert len(once.names) - once.given == len(twice.names) - twice.given == 1


def test_several_formulas_hold_together_and_ground_atoms_are_propositions():
    cnf = propositional_clauses(["Man(socrates) -> Mortal(socrates)", parse("Man(socrates)")])
    assert cnf.names == ("Man(socrates)", "Mortal(socrates)")
    assert cnf.clauses == ((-1, 2), (1,))
    assert cnf.clause_text((-1, 2)) == "¬Man(socrates) ∨ Mortal(socrates)" and cnf.clause_text(()) == "□"


def test_clauses_of_numbers_are_taken_as_they_are():
    cnf = propositional_clauses([[1, -3], [2]])
    assert cnf.clauses == ((1, -3), (2,)) and cnf.names == ("x1", "x2", "x3")
    assert propositional_clauses(cnf) is cnf


@pytest.mark.parametrize(
    ("problem", "message"),
    [
        ("forall x P(x)", "quantifier"),
        ("a = b & p", "equation"),
        ([(1, 0)], "clause 1 holds 0"),
        ([(1,), (2, "x")], "clause 2 holds 'x'"),
        ([(1,), (True,)], "clause 2 holds True"),
        ([1, 2], "clause 1 should be a sequence"),
        (["p", (1, 2)], "clause 1 should be a sequence"),
        (7, "got int"),
        ({"p": True}, "got dict"),
    ],
)
def test_what_is_not_propositional_is_refused_with_its_place(problem, message):
    with pytest.raises(ValueError, match=message):
        propositional_clauses(problem)


def test_a_misspelt_formula_points_at_the_place():
    with pytest.raises(ParseError, match="never closed"):
        propositional_clauses("(p | q")


def test_a_truth_value_needs_all_propositions():
    assert truth_value("p -> q", {"p": False, "q": False})
    assert not truth_value("p <-> q | false", {"p": True, "q": False})
    with pytest.raises(ValueError, match="q has no truth value"):
        truth_value("p & q", {"p": True})


def test_propositions_come_in_the_order_of_the_text():
    assert propositions(parse("q -> (p <-> ~q) & R(a)")) == ("q", "p", "R(a)")
