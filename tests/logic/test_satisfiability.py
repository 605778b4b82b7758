from __future__ import annotations

import pytest
from hypothesis import given, settings
from propositional_problems import FORMULAS, pigeonhole

from agentos_lab.logic.propositional_clauses import truth_value
from agentos_lab.logic.reverse_unit_propagation import check_rup
from agentos_lab.logic.satisfiability import satisfiable_assignment, solve

# Smullyan: A says that both are knaves. A is a knight exactly when that is true.
KNAVES = ["knight_a <-> ~knight_a & ~knight_b"]


@pytest.mark.parametrize("method", ["cdcl", "dpll", "truth table"])
def test_every_method_solves_the_knaves(method):
    result = solve(KNAVES, method=method)
    assert result.method == method and result.model == {"knight_a": False, "knight_b": True}
    assert not solve([*KNAVES, "~(~knight_a & knight_b)"], method=method)


@settings(max_examples=40, deadline=None)
@given(FORMULAS)
def test_the_methods_agree(formula):
    answers = [solve(formula, method=method) for method in ("cdcl", "dpll")]
    assert bool(answers[0]) == bool(answers[1])
    for answer in answers:
        assert not answer or truth_value(formula, answer.model)


def test_an_assignment_or_none():
    assert satisfiable_assignment("p & ~q") == {"p": True, "q": False}
    assert satisfiable_assignment("p & ~p") is None
    assert satisfiable_assignment([(1,), (-1, 2)]) == {"x1": True, "x2": True}


def test_limits_are_handed_on():
    assert solve(pigeonhole(9, 8), max_conflicts=50).limit == "50 conflicts"
    assert solve(pigeonhole(9, 8), "dpll", max_decisions=50).limit == "50 decisions"
    assert solve(pigeonhole(9, 8), "truth table").limit == "65,536 rows of 2^72"


def test_an_unknown_method_is_refused():
    with pytest.raises(ValueError, match="unknown method 'magic'"):
        solve("p", method="magic")


def test_an_answer_prints_itself_and_its_proof():
    yes, no = solve("p & ~q"), solve(pigeonhole(3, 2))
    assert str(yes) == "satisfiable (2 propagations)\n  p, ¬q" == repr(yes)
    assert str(no).startswith("unsatisfiable (") and "learned clauses" in str(no)
    lines = [tuple(map(int, line.split()[:-1])) for line in no.drat().splitlines()]
    assert lines[-1] == () and check_rup(no.cnf.clauses, lines)
