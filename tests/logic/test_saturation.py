"""The given-clause loop: it refutes what is contradictory, stops by its limits, and every switch leaves it sound."""

from __future__ import annotations

from itertools import product, zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.logic.clausal_form import to_cnf
from agentos_lab.logic.clauses import Clause, Literal
from agentos_lab.logic.formulas import Not
from agentos_lab.logic.inference import Inference
from agentos_lab.logic.parser import parse
from agentos_lab.logic.problem import load_problem
from agentos_lab.logic.refutation import clause_set, refute
from agentos_lab.logic.saturation import Search, saturate
from agentos_lab.logic.strategy import Limits, Strategy
from agentos_lab.logic.terms import Function

SMALL = Limits(given=400, clauses=5_000)


def proves(goal: str, *premises: str, strategy: Strategy | None = None) -> bool:
    named = {str(number): parse(text) for number, text in enumerate(premises)}
    return refute(named, parse(goal), strategy, SMALL).proof is not None


# Problems that some switch must not lose; with each of them turned.
SWITCHES = {
    "as it is": Strategy(),
    "no selection": Strategy(selection="none"),
    "no ordering": Strategy(selection="none", ordered=False),
    "equality by axioms": Strategy(equality="axioms"),
    "no demodulation": Strategy(demodulation=False),
    "no shortening": Strategy(shortening=False),
    "no subsumption": Strategy(subsumption=False),
    "tautologies kept": Strategy(tautology_deletion=False),
    "no definitions": Strategy(definitions=False),
    "set of support": Strategy(set_of_support=True),
    "first in, first out": Strategy(weight_to_age=(0, 1)),
    "by weight alone": Strategy(weight_to_age=(1, 0)),
}


@pytest.mark.parametrize("strategy", SWITCHES.values(), ids=SWITCHES.keys())
def test_each_switch_still_proves_what_is_easy(strategy):
    assert proves("Mortal(Socrates)", "∀x (Man(x) → Mortal(x))", "Man(Socrates)", strategy=strategy)
    assert proves("∀x ∃y R(x, y) ∨ ∃x ∀y ¬R(x, y)", strategy=strategy)
    assert proves("P(b)", "P(a)", "a = b", strategy=strategy)


@pytest.mark.parametrize("strategy", SWITCHES.values(), ids=SWITCHES.keys())
def test_no_switch_proves_what_does_not_follow(strategy):
    assert not proves("∃y ∀x R(x, y)", "∀x ∃y R(x, y)", strategy=strategy)
    assert not proves("Man(Socrates)", "∀x (Man(x) → Mortal(x))", "Mortal(Socrates)", strategy=strategy)


@pytest.mark.parametrize("name", ["PEL56", "PEL62"])
def test_factoring_is_not_lost_to_subsumption(name):
    problem = load_problem(name)
    assert refute(problem.premises, problem.goal, None, SMALL).proof is not None


def test_an_equation_with_a_variable_alone_on_one_side_rewrites_everything():
    assert proves("b = c", "∀x (x = a)")
    assert proves("∀x P(x)", "∀x (x = a ∨ x = b)", "P(a)", "P(b)")


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.booleans(), st.sampled_from("pqrs")), min_size=1, max_size=3), min_size=1, max_size=10
    )
)
def test_propositional_clauses_are_refuted_exactly_when_no_row_of_the_truth_table_holds(clauses):
    premises = {
        str(number): parse(" ∨ ".join(("" if sign else "¬") + name for sign, name in literals))
        for number, literals in enumerate(clauses)
    }
    satisfiable = any(
        all(any(row["pqrs".index(name)] == sign for sign, name in literals) for literals in clauses)
        for row in product([True, False], repeat=4)
    )
    found = refute(premises, None, None, SMALL)
    assert (found.proof is not None) == (not satisfiable)
    assert found.saturated == satisfiable


def endless():
    named = {"0": parse("N(0)"), "step": parse("∀x (N(x) → N(s(x)))")}
    return clause_set(named, Not(parse("∃x M(x)"))).clauses


def test_an_endless_search_ends_by_the_limit_that_it_names():
    assert saturate(endless(), limits=Limits(given=50)).limit == "50 given clauses"
    assert saturate(endless(), limits=Limits(clauses=60)).limit == "60 clauses"
    assert saturate(endless(), limits=Limits(given=10**9, clauses=10**9, seconds=0.05)).limit == "0.05 seconds"


def test_the_same_search_makes_the_same_clauses_in_the_same_order():
    def told() -> list[str]:
        problem = load_problem("PEL47")
        search = Search(clause_set(problem.premises, problem.goal).clauses)
        return [f"{step.given.number}: {step.given}" for step in search.rounds()]

    assert told() == told()


def test_a_search_can_be_watched_round_by_round():
    search = Search(clause_set({"a": parse("P ∨ Q"), "b": parse("¬P")}, parse("Q")).clauses)
    rounds = list(search.rounds())
    assert search.result().empty is not None
    assert rounds[-1].new[-1].literals == ()
    assert [step.active for step in rounds] == sorted(step.active for step in rounds)


def test_backward_demodulation_simplifies_what_is_active_already():
    premises = {"far": parse("P(f(f(a)))"), "near": parse("f(a) = a"), "no": parse("¬P(a)")}
    assert refute(premises, None, None, SMALL).proof is not None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"selection": "positive"}, 'selection is "negative" or "none"'),
        ({"equality": "paramodulation"}, 'equality is "superposition" or "axioms"'),
        ({"weight_to_age": (0, 0)}, "not both 0"),
        ({"goal_weight": 0}, "larger than 0"),
    ],
)
def test_a_strategy_that_does_not_exist_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        Strategy(**arguments)


def test_one_set_of_clauses_can_be_searched_in_turns():
    """Each search numbers its own copies: with a tautology among the clauses the numbers differ."""
    problem = clause_set(["P ∨ ¬P", "P → Q", "P", "Q → R"], "R", Strategy(definitions=False))
    clauses = (
        Clause((Literal(True, Function("P")), Literal(False, Function("P"))), Inference("input")),
        *problem.clauses,
    )
    alone = [str(saturate(clauses, strategy)) for strategy in (Strategy(), Strategy(tautology_deletion=False))]
    one, other = Search(clauses), Search(clauses, Strategy(tautology_deletion=False))
    for _ in zip_longest(one.rounds(), other.rounds()):
        pass
    assert [str(one.result()), str(other.result())] == alone
    assert all(clause.number == 0 for clause in clauses)


@pytest.mark.parametrize("wrong", ["P", ["P"], [parse("P")], None, to_cnf("P").clauses, clause_set(["P"], "P")])
def test_a_search_takes_clauses_and_nothing_else(wrong):
    with pytest.raises(
        ValueError, match=r"expected clauses, as in Search\(clause_set\(premises, goal\).clauses\), got"
    ):
        saturate(wrong)


def test_a_search_prints_itself_in_words():
    search = Search(clause_set(["P → Q", "P"], "Q").clauses)
    first = next(search.rounds())
    assert repr(first) == str(first) == "given: ¬Q\n  2 passive, 1 active"
    assert repr(search.result()).startswith("nothing is left: 1 given")
