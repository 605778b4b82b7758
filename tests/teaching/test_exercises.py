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
