from __future__ import annotations

import z3

from agentos_lab.logic import parse
from agentos_lab.logic.z3_models import read_structure, read_values
from agentos_lab.logic.z3_translation import Z3Language


def model_of(*texts):
    formulas = [parse(text) for text in texts]
    language = Z3Language(formulas, z3.Context())
    solver = z3.Solver(ctx=language.context)
    for formula in formulas:
        solver.add(language.formula(formula))
    assert solver.check() == z3.sat
    return solver.model(), language, formulas


def test_a_model_becomes_a_structure_that_our_evaluation_confirms():
    model, language, formulas = model_of("∀x ∃y R(x,y)", "¬∃y ∀x R(x,y)", "f(a) ≠ a", "p ∧ ¬q", "P(f(f(a)))")
    structure = read_structure(model, language)
    assert all(structure.holds(formula) for formula in formulas)
    assert "p is true" in str(structure) and "q is false" in str(structure)


def test_a_model_of_propositions_has_one_element():
    model, language, _ = model_of("p → q", "p")
    assert str(read_structure(model, language)) == "domain: d1\np is true\nq is true"


def test_numbers_are_read_as_values():
    model, language, _ = model_of("x = 3 - 5", "y * 4 = 6.0", "z * 3 = 1", "p")
    assert read_structure(model, language) is None
    assert read_values(model, language) == {"p": "true", "x": "-2.0", "y": "1.5", "z": "1/3"}
