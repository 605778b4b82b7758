"""Cells of a course notebook: plain dictionaries with the metadata that grading and testing need.

An exercise stands in the committed notebook as a short row of cells, made from one source by `exercise`:

1. the **attempt**, open: the source with its solution replaced by `...`, and a `check` below it. The learner
   writes here, runs the cell and reads what is wrong. It carries the tag ``attempt`` and no grading metadata;
2. the **answer**, folded to one line: the same source with the solution between ``### BEGIN SOLUTION`` and
   ``### END SOLUTION``. One click opens it. Run from top to bottom, it defines what later cells use;
3. the **tests**, folded: what nbgrader marks, with hidden tests between ``### BEGIN HIDDEN TESTS`` and
   ``### END HIDDEN TESTS``.

So the notebook runs without an error from top to bottom whether or not the exercises were tried, a learner
meets the task before its answer, and the answer and test cells alone are a valid nbgrader assignment.
`agentos_lab.teaching.release` drops the attempts and makes the student's version from what is left.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import count
from textwrap import dedent
from typing import Any, TypeAlias

__all__ = [
    "Cell",
    "attempt_cell",
    "code",
    "exercise",
    "is_attempt",
    "markdown",
    "name_cells",
    "notebook",
    "open_question",
    "opening",
    "replace_region",
    "solution_cell",
    "test_cell",
]

# A cell as nbformat stores it: a dictionary that JSON can hold.
Cell: TypeAlias = dict[str, Any]

FOLDED = {"source_hidden": True}


def markdown(source: str, *, tags: Sequence[str] = ()) -> Cell:
    """A markdown cell; common indentation and surrounding blank lines of `source` are taken away."""
    return {"cell_type": "markdown", "metadata": _tagged(tags), "source": _clean(source)}


def code(source: str, *, compare: bool = True, tags: Sequence[str] = ()) -> Cell:
    """A code cell.

    Args:
        source: Python; common indentation and surrounding blank lines are taken away.
        compare: Whether the tests compare the stored output with a fresh one. False for what no two runs
            share: times, drawings whose bytes depend on the machine's fonts.
        tags: Further cell tags, e.g. ``["raises-exception"]``.
    """
    tags = [*tags] if compare else [*tags, "nbval-ignore-output"]
    return {
        "cell_type": "code",
        "execution_count": None,
        "metadata": _tagged(tags),
        "outputs": [],
        "source": _clean(source),
    }


def opening(title: str, question: str, *, able_to: Sequence[str], minutes: int, needs: str, picture: str = "") -> Cell:
    """The first cell: the question, what you will be able to do, how long it takes, what you need.

    Args:
        title: The notebook's title, without number and without `#`.
        question: One or two sentences that one wants answered (markdown).
        able_to: Three endings of "Afterwards you can …", each starting with a verb.
        minutes: Honest minutes for one reading with its exercises.
        needs: Prerequisites in words, e.g. ``"Python; notebook 10"``.
        picture: Markdown put between the question and the goals, e.g. a table; may be empty.
    """
    goals = "\n".join(f"- {goal}" for goal in able_to)
    middle = f"\n\n{_clean(picture)}" if picture else ""
    text = (
        f"# {title}\n\n{_clean(question)}{middle}\n\n**Afterwards you can**\n\n{goals}\n\n"
        f"**Time** about {minutes} minutes · **Needs** {needs}"
    )
    return markdown(text, tags=["opening"])


def attempt_cell(source: str) -> Cell:
    """The cell in which the learner tries; left out of what is given to a class."""
    return code(source, tags=["attempt"])


def solution_cell(grade_id: str, source: str) -> Cell:
    """nbgrader's autograded answer, folded; `source` holds the BEGIN SOLUTION and END SOLUTION lines."""
    source = _clean(source)
    if replace_region(source, "SOLUTION", "") == source:
        raise ValueError(
            f"the answer {grade_id!r} has no solution region; put the lines '### BEGIN SOLUTION' and "
            "'### END SOLUTION' around what the learner is to write"
        )
    cell = code(source)
    cell["metadata"] = {"jupyter": dict(FOLDED), "nbgrader": _grading(grade_id, solution=True)}
    return cell


def test_cell(grade_id: str, points: float, source: str) -> Cell:
    """nbgrader's autograder tests, folded: full points when it runs without an error, none otherwise."""
    cell = code(source)
    grading = _grading(grade_id, grade=True, locked=True, points=points)
    cell["metadata"] = {"jupyter": dict(FOLDED), "nbgrader": grading}
    return cell


def exercise(
    name: str,
    source: str,
    *,
    points: float,
    hidden: str = "",
    hidden_points: float = 0,
    attempt: str | None = None,
    answer: str | None = None,
) -> list[Cell]:
    """The attempt, the folded answer and the folded tests of one exercise.

    Args:
        name: Notebook's number and exercise, e.g. ``"11.causal_mask"``: the name `check` knows it by.
        source: The model answer. What the learner is to write stands between the lines
            ``### BEGIN SOLUTION`` and ``### END SOLUTION``; what is outside (signature, docstring, imports)
            is given. For a value, give its name first: ``answer = ...`` and below it the region.
        points: For passing `check`.
        hidden: Further assertions, never shown to students of a graded course.
        hidden_points: What they are worth apart; 0 puts them under the same points as `check`.
        attempt: Source of the attempt, if not the answer with `...` in place of the solution (say, a line to
            change); the check is added below it.
        answer: Expression handed to `check`, if not the variable named like the exercise.

    Returns:
        Three cells, or four when the hidden tests have points of their own.

    Raises:
        ValueError: If `name` has no number, or `source` no solution region.
    """
    number, dot, short = name.partition(".")
    if not (dot and number.isdigit() and short.isidentifier()):
        raise ValueError(f"an exercise is named like '11.causal_mask', not {name!r}")
    call = f'check("{name}", {answer or short})'
    source = _clean(source)
    tried = _clean(attempt) if attempt is not None else replace_region(source, "SOLUTION", "...  # your turn")
    tests = f"# Exercise {short}: tests\n{call}.require()"
    if hidden and not hidden_points:
        tests += f"\n{_hidden(hidden)}"
    cells = [
        attempt_cell(f"{tried}\n\n\n{call}"),
        solution_cell(short, f"# Exercise {short}: answer\n{source}"),
        test_cell(f"{short}_tests", points, tests),
    ]
    if hidden and hidden_points:
        more = f"# Exercise {short}: more tests run when it is marked\n{_hidden(hidden)}"
        cells.append(test_cell(f"{short}_hidden_tests", hidden_points, more))
    return cells


def open_question(name: str, question: str, *, answer: str, points: float = 0) -> list[Cell]:
    """A question answered in words: the question, and a model answer with its rubric, folded.

    Args:
        name: e.g. ``"11.why_scale"``.
        question: Markdown.
        answer: Markdown: one good answer and what it must contain. A class gets "YOUR ANSWER HERE" instead,
            which its teacher marks by hand.
        points: For the teacher's marks.
    """
    short = name.partition(".")[2] or name
    summary = "<summary>One good answer, and how to judge yours</summary>"
    folded = markdown(
        f"<!-- ### BEGIN SOLUTION -->\n<details>{summary}\n\n{_clean(answer)}\n\n</details>\n<!-- ### END SOLUTION -->"
    )
    folded["metadata"] = {"nbgrader": _grading(short, grade=True, solution=True, points=points)}
    return [markdown(question), folded]


def notebook(*cells: Cell | Iterable[Cell]) -> dict[str, Any]:
    """A notebook (nbformat 4.5) of cells and lists of cells, each cell with a steady, readable id."""
    flat = [cell for item in cells for cell in ([item] if isinstance(item, dict) else item)]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
    }
    return {"cells": name_cells(flat), "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def name_cells(cells: Sequence[Cell]) -> list[Cell]:
    """Copies of the cells with ids from their section and place in it: an edit changes few of them.

    Graded cells are called by their grade id, the others like ``three-tokens-by-hand-2``.
    """
    named: list[Cell] = []
    section, place, taken = "start", 0, set[str]()
    for cell in cells:
        heading = re.search(r"^#{1,4} +(.+)$", "".join(cell["source"]), re.M)
        if cell["cell_type"] == "markdown" and heading:
            words = re.sub(r"[^a-z0-9]+", "-", heading[1].lower()).strip("-")
            section, place = words[:40].strip("-") or "section", 0
        place += 1
        wanted = cell["metadata"].get("nbgrader", {}).get("grade_id") or f"{section}-{place}"
        again = (f"{wanted}-{number}" for number in count(2))
        identifier = wanted if wanted not in taken else next(name for name in again if name not in taken)
        taken.add(identifier)
        named.append({**cell, "id": identifier})
    return named


def is_attempt(cell: Cell) -> bool:
    """Whether this is a learner's attempt (and not part of what a class is given)."""
    return "attempt" in cell["metadata"].get("tags", ())


def replace_region(source: str, kind: str, stub: str) -> str:
    """`source` with `stub` in place of each region ``BEGIN kind`` … ``END kind``, indented alike.

    An empty stub removes the region. Text without a region comes back unchanged.

    Raises:
        ValueError: If a region is nested or not closed.
    """
    kept: list[str] = []
    inside = False
    for line in source.split("\n"):
        if f"BEGIN {kind}" in line:
            if inside:
                raise ValueError(f"nested 'BEGIN {kind}': {line.strip()!r} stands inside another region")
            inside = True
            indent = line[: len(line) - len(line.lstrip())]
            kept += [indent + text for text in stub.split("\n")] if stub else []
        elif f"END {kind}" in line:
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise ValueError(f"a region 'BEGIN {kind}' has no 'END {kind}' in: {source.splitlines()[0]!r} …")
    return "\n".join(kept)


def _clean(source: str) -> str:
    return dedent(source).strip("\n").rstrip()


def _tagged(tags: Sequence[str]) -> dict[str, Any]:
    return {"tags": list(tags)} if tags else {}


def _hidden(source: str) -> str:
    return f"### BEGIN HIDDEN TESTS\n{_clean(source)}\n### END HIDDEN TESTS"


def _grading(
    grade_id: str,
    *,
    grade: bool = False,
    solution: bool = False,
    locked: bool = False,
    points: float | None = None,
) -> dict[str, Any]:
    metadata: dict[str, Any] = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": locked,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    }
    return metadata if points is None else {**metadata, "points": points}
