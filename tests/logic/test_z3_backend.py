from __future__ import annotations

import os
import signal
import threading

import pytest
from finite_structures import formulas, is_true, structure, structures
from hypothesis import given, settings
from propositional_problems import pigeonhole

from agentos_lab.logic import entails, follows, load_problem, satisfiable

SYLLOGISM = {"all_men": "∀x (Man(x) → Mortal(x))", "socrates": "Man(socrates)", "plato": "Man(plato)"}


def test_the_core_names_the_premises_that_were_used():
    answer = entails(SYLLOGISM, "Mortal(socrates)")
    assert (answer.status, answer.core, bool(answer)) == ("entailed", ("all_men", "socrates"), True)
    assert str(answer) == repr(answer) == "Entailed from all_men, socrates."


def test_what_contradicts_itself_is_shown_in_words():
    assert repr(satisfiable({"wet": "Rain", "dry": "~Rain", "cold": "Snow"})) == "Contradictory: wet, dry."


def test_what_does_not_follow_comes_with_a_structure_that_shows_it():
    answer = entails(SYLLOGISM, "Mortal(zeus)")
    assert answer.status == "not entailed" and not answer
    assert all(is_true(premise, answer.model) for premise in map(parsed, SYLLOGISM.values()))
    assert not is_true(parsed("Mortal(zeus)"), answer.model)


def parsed(text):
    from agentos_lab.logic import parse

    return parse(text)


@given(formulas(depth=2, functions=False), formulas(depth=2, functions=False))
@settings(max_examples=30)
def test_no_structure_contradicts_an_answer(premise, goal):
    answer = entails([premise], goal, rlimit=20_000)
    if answer.status == "entailed":
        assert not any(is_true(premise, s) and not is_true(goal, s) for s in structures(1))
    elif answer.model is not None:
        assert is_true(premise, answer.model) and not is_true(goal, answer.model)


@given(formulas(depth=2), structure(2))
@settings(max_examples=30)
def test_a_formula_that_is_true_somewhere_is_never_called_contradictory(formula, s):
    if is_true(formula, s):
        assert satisfiable([formula], rlimit=20_000).status != "contradictory"


@pytest.mark.parametrize("name", ["PEL24", "PEL38", "PEL47", "PEL55", "WEST", "CURIOSITY", "LOS", "DEMORGAN_SET"])
def test_known_theorems_are_entailed(name):
    problem = load_problem(name)
    assert entails(problem.premises, problem.goal, minimize=False)


@pytest.mark.parametrize("name", ["N_EXDIST", "N_PENGUIN", "N_AGATHA", "N_PROP2"])
def test_known_non_theorems_are_not(name):
    problem = load_problem(name)
    assert entails(problem.premises, problem.goal).status == "not entailed"


def test_premises_that_contradict_each_other_are_named():
    answer = entails({"rain": "rain", "sun": "sun", "never": "~(rain & sun)"}, "pigs_fly")
    assert answer.contradictory and set(answer.core) == {"rain", "sun", "never"}
    assert satisfiable(["p", "q", "p -> ~q"]).core == ("premise 1", "premise 2", "premise 3")


def test_premises_may_be_called_like_propositions():
    assert entails({"p": "q", "q": "q -> r", "goal": "s"}, "r").core == ("p", "q")
    assert not entails({"p": "q"}, "p")


def test_numbers_are_numbers():
    assert entails(["a < 3", "b = a + 1"], "b < 4")
    answer = entails(["a < 3", "b = a + 1"], "b < 3")
    assert int(answer.values["a"]) == 2 and int(answer.values["b"]) == 3
    assert not satisfiable(["2 * x = 5"]) and satisfiable(["2.0 * x = 5"]).values == {"x": "2.5"}
    assert entails(["∀n (n > 0 → Big(n + 5))"], "Big(9)")


def test_signs_without_numerals_may_mean_anything():
    assert entails([], "a < b | b <= a").status == "not entailed"


def test_a_limit_ends_the_question_the_same_way_each_time():
    laws = ["∀x y z (m(m(x,y),z) = m(x,m(y,z)))", "∀x (m(e,x) = x)", "∀x (m(i(x),x) = e)"]
    answers = {str(entails(laws, "∀x y (i(m(x,y)) = m(i(y),i(x)))", rlimit=100_000)) for _ in range(2)}
    assert answers == {"Unknown: Z3's rlimit was used up."}


def test_unknown_is_neither_true_nor_false():
    answer = entails(["∀x ∃y G(y,x)", "∀x ¬G(x,x)", "∀x y z (G(x,y) ∧ G(y,z) → G(x,z))"], "p", rlimit=100_000)
    assert answer.status == "unknown"
    with pytest.raises(ValueError, match="does not know"):
        bool(answer)


def test_a_step_is_confirmed_or_refuted():
    assert follows(["p → q", "p"], "q") is True
    assert follows(["p → q", "q"], "p") is False
    assert follows(["∀x (P(x) → Q(f(x)))", "P(a)"], "Q(f(a))") is True


@pytest.mark.parametrize(
    ("premises", "goal", "message"),
    [(["P(x"], "p", "ends too early|never closed"), (["P(a)"], "P(a,b)", "P is a predicate of 2 arguments")],
)
def test_bad_input_is_refused(premises, goal, message):
    with pytest.raises(ValueError, match=message):
        entails(premises, goal)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to itself")
def test_ctrl_c_ends_a_question():
    clauses = pigeonhole(13, 12)
    texts = [" | ".join(f"{'~' * (n < 0)}p{abs(n)}" for n in clause) for clause in clauses]
    threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        entails(texts, "q", rlimit=None)
