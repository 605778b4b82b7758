from __future__ import annotations

import pytest
from finite_structures import is_true

from agentos_lab.logic import Countermodel, NoCountermodel, find_countermodel, load_problem, problem_names

PROBLEMS = [load_problem(name) for name in problem_names()]
NO_THEOREMS = [problem for problem in PROBLEMS if problem.provable is False]
INFINITE = {"N_DENSE"}  # every countermodel is infinite
SIZES = {"N_GRPCOMM": 6, "N_EXDIST": 2, "N_ALLDIST": 2, "N_EXIMP": 1, "N_PENGUIN": 1, "N_AGATHA": 2, "N_PROP2": 1}


@pytest.mark.parametrize("problem", NO_THEOREMS, ids=lambda problem: problem.name)
def test_what_does_not_follow_has_a_countermodel_if_a_finite_one_exists(problem):
    limit = 4 if problem.name in INFINITE else 6
    found = find_countermodel(problem.premises, problem.goal, max_size=limit)
    if problem.name in INFINITE:
        assert isinstance(found, NoCountermodel) and not found.complete
        return
    assert isinstance(found, Countermodel) and found.minimal
    assert all(is_true(premise, found.structure) for premise in problem.premises.values())
    assert not is_true(problem.goal, found.structure)
    assert found.size == SIZES.get(problem.name, found.size)


def test_no_theorem_has_a_countermodel():
    decided = 0
    for problem in PROBLEMS:
        if problem.provable and problem.goal is not None:
            found = find_countermodel(problem.premises, problem.goal, max_size=2, rlimit=100_000)
            assert isinstance(found, NoCountermodel), problem.name
            decided += found.complete
    assert decided >= 25  # those without functions and without ∃ below ∀


def test_a_countermodel_reads_like_an_argument():
    found = find_countermodel({"likes": "∀x ∃y Likes(x,y)"}, "∃y ∀x Likes(x,y)")
    assert str(found).split("\n") == [
        "A countermodel with 2 elements; no smaller one exists.",
        "domain: d1, d2",
        str(found.structure).split("\n")[1],
        "true:  ∀x ∃y Likes(x, y)",
        "false: ∃y ∀x Likes(x, y)",
    ]
    # Two of the 16 relations do it (counted by hand): each likes the other, or each only themselves.
    assert found.structure.predicates["Likes"] in ({("d1", "d2"), ("d2", "d1")}, {("d1", "d1"), ("d2", "d2")})
    assert "<svg" in found._repr_html_() and "false: ∃y ∀x" in found._repr_html_()


def test_without_functions_the_search_can_prove_the_goal():
    found = find_countermodel(["∀x (Man(x) → Mortal(x))", "Man(socrates)"], "Mortal(socrates)")
    assert found.complete and not found
    assert str(found) == (
        "No countermodel, of any size: the goal follows (without functions, 1 element would be enough for a model)."
    )


def test_affirming_the_consequent_is_refuted_by_two_propositions():
    found = find_countermodel(["p → q", "q"], "p")
    assert str(found.structure) == "domain: d1\np is false\nq is true"


def test_a_size_below_one_is_refused():
    with pytest.raises(ValueError, match="max_size=0"):
        find_countermodel(["p"], "q", max_size=0)
