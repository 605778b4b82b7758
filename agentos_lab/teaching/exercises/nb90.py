"""Checks and quiz of notebook 90, make it yours."""

from __future__ import annotations

import json
import math
from typing import Any

from ..checking import exercise
from ..comparison import Problem, compare, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "Deaf", "Shouting", "calls", "coin_state"]


@exercise(
    "calls",
    points=1,
    hints=(
        "An observer is told of **changes**. Does the second line change anything?",
        "Setting a trait to the value it has already tells nobody.",
    ),
    right="The second assignment changes nothing, so nobody is told.",
)
def calls(answer: Any) -> Problem | None:
    """How often an observer of `text` is called by two equal assignments."""
    told = {
        2: "Two lines, but an observer is told of **changes**. What does the second line change?",
        0: "The first line changes the text: it was something else before.",
    }
    return require_number(answer, 1, told=told, what="the number of calls")


def _is_view(answer: Any) -> bool:
    """Whether a class is the notebook's `SoftmaxView` or made from it, as far as one can see from outside."""
    return isinstance(answer, type) and all(hasattr(answer, name) for name in ("settings", "temperature", "compute"))


@exercise(
    "Deaf",
    points=2,
    hints=(
        "`compute` runs when a **setting** changes. Which traits does this class call its settings?",
        'A tuple with one name in it, and so with a comma: `settings = ("temperature",)`.',
    ),
    right="The trait had changed all along; but only a change of a setting calls `compute`, and the picture shows "
    "the last state that `compute` has made.",
)
def Deaf(answer: Any) -> Problem | None:  # noqa: N802 - named like the class that the learner writes
    """A subclass of SoftmaxView whose picture follows its temperature."""
    if not _is_view(answer):
        return Problem("A subclass of `SoftmaxView` was expected.", yours=repr(answer))
    if isinstance(answer.settings, str):
        return Problem('This is a text, no tuple: a single name needs a comma, `("…",)`.', yours=answer.settings)
    if not isinstance(answer.settings, tuple | list) or not all(isinstance(name, str) for name in answer.settings):
        return Problem("The settings are a tuple of names, and each name is a text.", yours=repr(answer.settings))
    scores = {"left": 1.0, "right": 0.0}
    unknown = [name for name in answer.settings if not hasattr(answer, name)]
    if unknown:
        return Problem(f"The class has no trait called `{unknown[0]}`.", yours=repr(answer.settings))
    view = answer(scores)
    view.temperature = 5.0
    wanted = answer(scores, temperature=5.0)
    if view.state != wanted.state:
        case = "after temperature = 5.0"
        return Problem("The trait is 5 now, and the picture is the one for 1.", case, view.sentence, wanted.sentence)
    return None


@exercise(
    "coin_state",
    points=2,
    hints=(
        "`header(…) | {…}` joins two dictionaries.",
        'Return `header("A coin", "…") | {"surprise": [-math.log(p), -math.log(1 - p)]}`.',
    ),
    right="A state like this needs no browser to be tested, and no kernel to be stored.",
)
def coin_state(answer: Any) -> Problem | None:
    """A function of p that gives the state of a coin."""
    if not callable(answer):
        return compare_calls(answer, dict, [])
    for p in (0.5, 0.25):
        state, case = answer(p), f"coin_state({p})"
        if state is Ellipsis:
            raise NotImplementedError("the state is still `...`")
        if state is None:
            return Problem("Nothing came back: does the function `return` the state?", case)
        if not isinstance(state, dict):
            return Problem("A state is a dictionary.", case, repr(state))
        for key in ("title", "sentence", "surprise"):
            if key not in state:
                return Problem(f'The entry "{key}" is missing; `header` makes title, sentence and meta.', case)
        try:
            json.dumps(state)
        except TypeError as error:
            return Problem(f"The browser gets JSON, and this state is not plain data: {error}.", case)
        surprises = [-math.log(p), -math.log(1 - p)]
        if compare(state["surprise"], surprises) and compare(state["surprise"], [-s for s in surprises]) is None:
            return Problem("The sign is missing: a surprise is −ln p, which is never negative.", case)
        if compare(state["surprise"], surprises) and compare(state["surprise"], surprises[::-1]) is None:
            return Problem("The two are in the wrong order: heads comes first.", case)
        if compare(state["surprise"], [s / math.log(2) for s in surprises]) is None:
            return Problem("This is in bits. ln is the natural logarithm, `math.log`.", case)
        if problem := compare(state["surprise"], surprises, what='`state["surprise"]`'):
            return Problem(problem.message, case, problem.yours, problem.expected)
    return None


@exercise(
    "Shouting",
    points=2,
    hints=(
        "Override `compute`, and begin with `state = super().compute()`.",
        '`return state | {"title": state["title"].upper()}`',
    ),
    right="Three lines: the rest of the widget is inherited.",
)
def Shouting(answer: Any) -> Problem | None:  # noqa: N802 - named like the class that the learner writes
    """A subclass of SoftmaxView whose title is in capital letters."""
    if not (_is_view(answer) and _is_view(base := answer.__mro__[1])):
        return Problem("A subclass was expected: `class Shouting(SoftmaxView):`.", yours=repr(answer))
    scores = {"left": 1.0, "right": 0.0}
    yours, original = answer(scores).state, base(scores).state
    if yours == original:
        raise NotImplementedError("nothing is overridden yet")
    if yours.get("title") != original["title"].upper():
        return Problem("The title is not the original one in capital letters.", yours=str(yours.get("title")))
    changed = sorted(key for key in original if key != "title" and yours.get(key) != original[key])
    if changed:
        return Problem(f"Something else has changed or got lost: {', '.join(changed)}. Begin with `super().compute()`.")
    return None


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Where should a widget's numbers be computed?",
        (
            Option("In JavaScript, where they are drawn", "Then they exist twice, and one copy will be wrong one day."),
            Option(
                "In a pure Python function that makes the state",
                "It can be tested without a browser, and the static picture uses the same numbers.",
                right=True,
            ),
            Option("In the class, spread over its methods", "A function of its inputs is easier to test and to reuse."),
            Option("In the notebook cell", "Then every notebook computes them in its own way."),
        ),
    ),
    Question(
        "A learner reads the notebook on the web, without a kernel. What do they see in a widget's place?",
        (
            Option("Nothing", "That is what most widgets show; ours draw a static picture."),
            Option("The live widget", "Settings need Python to answer, and there is none."),
            Option("The picture that `svg()` drew when the notebook was run", "It is stored in the file.", right=True),
            Option("An error message", "Only if a stored widget state refers to files on the internet."),
        ),
    ),
    Question(
        "What does `observe` do?",
        (
            Option(
                "It calls your function whenever the trait changes.", "By the reader or by Python alike.", right=True
            ),
            Option("It looks at the trait once a second.", "Nothing is polled; the change itself calls you."),
            Option("It locks the trait.", "Others may still change it; you are told."),
            Option("It records a video of the widget.", "You get the old and the new value, no pictures."),
        ),
    ),
    Question(
        "Your `compute` runs a model for two seconds at every change. What is the best cure?",
        (
            Option("A faster computer", "Your learners have the computers they have."),
            Option("Forbid changes while it runs", "Then the widget is slow and deaf."),
            Option(
                "Run the model once, keep its results, and let `compute` choose among them",
                "Recording everything at once is cheap; choosing from it is free.",
                right=True,
            ),
            Option("Compute in JavaScript", "The model is in Python."),
        ),
    ),
)
