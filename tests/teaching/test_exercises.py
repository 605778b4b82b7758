"""Every notebook's exercises: found by name, patient with empty answers, and agreeing with the notebook."""

from __future__ import annotations

import json
import re
from pathlib import Path
from pkgutil import iter_modules

import numpy as np
import pytest
import torch

from agentos_lab.teaching import check, exercises, quiz
from agentos_lab.teaching.checking import Exercise, exercise_module

ROOT = Path(__file__).parents[2]
NUMBERS = sorted(module.name[2:] for module in iter_modules(exercises.__path__))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


def exercises_of(number: str) -> dict[str, Exercise]:
    return {name: e for name, e in vars(exercise_module(number)).items() if isinstance(e, Exercise)}


@pytest.mark.parametrize("number", NUMBERS)
def test_each_exercise_is_named_like_its_function_and_has_hints_and_points(number):
    for name, task in exercises_of(number).items():
        assert task.name == name
        assert task.points > 0 and task.hints and task.right, name


@pytest.mark.parametrize("number", NUMBERS)
def test_an_exercise_not_attempted_is_answered_politely(number):
    for name in exercises_of(number):
        assert check(f"{number}.{name}", ...).verdict == "open"


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("answer", [object(), np.array([1, 2]), np.array(["a", "b"]), torch.zeros(3), {"a": 1}, b"x"])
def test_a_foreign_answer_is_wrong_and_does_not_break_the_check(number, answer):
    for name in exercises_of(number):
        assert check(f"{number}.{name}", answer).verdict == "wrong"


# Those of notebook 00 ask a model; see test_nb00.
@pytest.mark.parametrize("number", [number for number in NUMBERS if number != "00"])
@pytest.mark.parametrize(
    "made", [lambda *_: np.zeros(2), lambda *_: torch.zeros(3), lambda *_: "x", lambda *_: {"x": 1}]
)
def test_a_function_that_gives_something_foreign_does_not_break_the_check(number, made):
    for name in exercises_of(number):
        assert check(f"{number}.{name}", made).verdict == "wrong"


# The exercises whose answer is a value: a wrong one must not be told what the right one is.
VALUES = {
    "00.surprise": 6.91,
    "10.second_token": "papa",
    "11.asks_nothing": torch.zeros(2),
    "12.first_number": -1.34,
    "13.blind_loss": 5.55,
    "14.unchanged": 150,
    "15.needed": 64,
    "16.kept": 2,
    "17.when_row": 0.0,
    "17.same_token_head": (14, 3),
    "18.key_parameters": 110_592,
    "18.clock": r"([01]\d|2[0-3]):[0-5]\d",
    "20.late": 6,
    "20.indifferent": 0.786,
    "21.middle": 0.5,
    "22.target": 0.8,
    "23.score_left": -0.8,
    "24.cut_off": -0.6,
    "25.two_targets": (5.6, 2.9),
    "26.lone_mistake": -1,
    "30.mostly_large": 0.750,
    "30.adjust_for": {"age": True, "blood pressure": False, "hospital": False, "coin": False},
    "31.opens": {"A", "D"},
    "32.which_rule": [1, 2, 3, 0],
    "33.known": [True, False, True, False],
    "34.weights": (1.25, 5),
    "35.encouraged": 2.85,
    "35.blame": 0.6,
    "36.class_sizes": [4, 1, 6],
    "90.calls": 1,
}
STRANGE = (
    True,
    False,
    "",
    "x",
    12_345.6,
    -7,
    float("nan"),
    [],
    [0],
    [None] * 2,
    [[0, 0]],
    ("a", "b"),
    {1, 2},
    {0: 0},
    len,
)


@pytest.mark.parametrize("name", VALUES)
def test_a_value_is_accepted_and_never_told(name):
    assert check(name, VALUES[name])
    for answer in (*STRANGE, {"answer": VALUES[name]}, str(VALUES[name]) + "0", [VALUES[name]] * 5):
        result = check(name, answer)
        assert result.verdict == "wrong", answer
        assert not result.problem.expected


@pytest.mark.parametrize("number", NUMBERS)
def test_the_quiz_has_four_questions_with_three_or_more_options(number):
    questions = quiz(number).questions
    assert len(questions) == 4
    assert all(len(question.options) >= 3 for question in questions)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_checks_every_exercise_and_gives_it_the_same_points(path):
    number = path.name[:2]
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    graded = {
        cell["metadata"]["nbgrader"]["grade_id"]: cell["metadata"]["nbgrader"].get("points")
        for cell in cells
        if cell["metadata"].get("nbgrader", {}).get("grade")
    }
    called = set(re.findall(rf'check\(\\?"{number}\.(\w+)\\?"', json.dumps(cells)))
    known = exercises_of(number)
    assert called == set(known)
    for name, task in known.items():
        assert graded[f"{name}_tests"] == task.points
