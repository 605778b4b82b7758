"""Make a class's notebooks from the committed ones: the students', the instructor's, and otter-grader's form.

- `release` writes what students get: solutions replaced by stubs, hidden tests and outputs gone, tests locked;
  the same as ``nbgrader generate_assignment`` makes of the instructor's version.
- `solutions` writes the instructor's: answers and all tests open, the learner's attempts left out. It is what
  nbgrader expects in its ``source/`` folder; it then marks what students hand in.
- `otter` writes the same assignment for ``otter assign``.

Neither nbgrader nor otter-grader is needed to write them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .cells import Cell, code, is_attempt, replace_region
from .execute import read, write

__all__ = ["Written", "otter", "otter_version", "release", "solutions", "solutions_version", "student_version"]

STUBS = {"code": "# YOUR CODE HERE\nraise NotImplementedError()", "markdown": "YOUR ANSWER HERE"}


@dataclass(frozen=True)
class Written:
    """The notebooks that were written, and what they are."""

    what: str
    paths: tuple[Path, ...]

    def __str__(self) -> str:
        plural = "" if len(self.paths) == 1 else "s"
        listed = "\n".join(f"  {path}" for path in self.paths)
        return f"{len(self.paths)} notebook{plural} ({self.what}) written:\n{listed}"


def release(source_dir: str | Path, out_dir: str | Path) -> Written:
    """Write the students' version of every notebook in `source_dir` to `out_dir`.

    Args:
        source_dir: A folder of notebooks, or one notebook.
        out_dir: Another folder; made when missing, files in it of the same name are replaced.

    Raises:
        ValueError: If there is no notebook, the folders are the same, or a solution or hidden test stands in a
            cell that is not marked for it.
    """
    return _convert(source_dir, out_dir, student_version, "for students")


def solutions(source_dir: str | Path, out_dir: str | Path) -> Written:
    """Write the instructor's version, with answers and hidden tests; arguments and errors as for `release`."""
    return _convert(source_dir, out_dir, solutions_version, "for the instructor")


def otter(source_dir: str | Path, out_dir: str | Path) -> Written:
    """Write the form that ``otter assign`` reads; arguments and errors as for `release`."""
    return _convert(source_dir, out_dir, otter_version, "for otter assign")


def solutions_version(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook without the learner's attempts and with nothing folded."""
    return {**notebook, "cells": [_unfolded(cell) for cell in notebook["cells"] if not is_attempt(cell)]}


def student_version(notebook: dict[str, Any]) -> dict[str, Any]:
    """The notebook as students get it: see `release`."""
    return {**notebook, "cells": [_students(cell) for cell in solutions_version(notebook)["cells"]]}


def otter_version(notebook: dict[str, Any], name: str) -> dict[str, Any]:
    """The notebook with otter-grader's raw cells in place of nbgrader's metadata; `name` is the assignment's."""
    cells = solutions_version(notebook)["cells"]
    made = [_raw(f"# ASSIGNMENT CONFIG\nname: {name}\ngenerate:\n  pdf: false\nexport_cell: false")]
    place = 0
    while place < len(cells):
        grading = _grading(cells[place])
        if not grading.get("solution"):
            made.append(_without_grading(cells[place]))
            place += 1
            continue
        tests: list[Cell] = []
        while place + 1 + len(tests) < len(cells) and _is_test(cells[place + 1 + len(tests)]):
            tests.append(cells[place + 1 + len(tests)])
        made += _otter_question(cells[place], tests)
        place += 1 + len(tests)
    numbered = [{**cell, "id": f"cell-{number}"} for number, cell in enumerate(made, 1)]
    return {**notebook, "cells": numbered}


def _convert(source: str | Path, out_dir: str | Path, version: Callable[..., dict[str, Any]], what: str) -> Written:
    source, out_dir = Path(source), Path(out_dir)
    paths = sorted(source.glob("*.ipynb")) if source.is_dir() else [source]
    if not paths:
        raise ValueError(f"there is no notebook in {source}")
    if out_dir.resolve() in {path.resolve().parent for path in paths}:
        raise ValueError(f"{out_dir} holds the notebooks themselves; give another folder to write to")
    made = []
    for path in paths:
        arguments = (read(path), path.stem) if version is otter_version else (read(path),)
        try:
            made.append((out_dir / path.name, version(*arguments)))
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from error
    out_dir.mkdir(parents=True, exist_ok=True)
    return Written(what, tuple(write(path, notebook) for path, notebook in made))


def _students(cell: Cell) -> Cell:
    """One cell as nbgrader releases it: locked, cleared of its answer, output and hidden tests, with checksum."""
    grading, source = _grading(cell), cell["source"]
    stub = STUBS.get(cell["cell_type"], "")
    cleared = replace_region(source, "SOLUTION", stub)
    if cleared != source and not grading.get("solution"):
        raise ValueError(f"a solution stands in a cell that is not an answer: {source.splitlines()[0]!r} …")
    if cleared == source and grading.get("solution"):
        cleared = stub
    visible = replace_region(cleared, "HIDDEN TESTS", "")
    if visible != cleared and not grading.get("grade"):
        raise ValueError(f"hidden tests stand in a cell that is not marked: {source.splitlines()[0]!r} …")

    metadata = {key: value for key, value in cell["metadata"].items() if key not in ("collapsed", "scrolled")}
    if grading.get("solution") or grading.get("grade") or grading.get("locked"):
        metadata["deletable"] = False
        if not grading["solution"]:
            metadata["editable"] = False
        checksum = _checksum(cell["cell_type"], visible, grading)
        metadata["nbgrader"] = {**grading, "checksum": checksum, "cell_type": cell["cell_type"]}
    emptied: Cell = {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else {}
    return {**cell, "metadata": metadata, "source": visible, **emptied}


def _checksum(cell_type: str, source: str, grading: dict[str, Any]) -> str:
    """nbgrader's fingerprint of a cell, by which it notices that a locked cell was changed."""
    grade, solution = grading["grade"], grading["solution"]
    locked = not solution and (grade or grading["locked"])
    parts = [source, cell_type, str(grade), str(solution), str(locked), grading["grade_id"]]
    parts += [str(float(grading["points"]))] if grade else []
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _otter_question(answer: Cell, tests: list[Cell]) -> Iterator[Cell]:
    grading = _grading(answer)
    written = answer["cell_type"] == "markdown"
    marks = f"points: {grading['points']}\nmanual: true" if written else ""
    yield _raw(f"# BEGIN QUESTION\nname: {grading['grade_id']}\n{marks}".rstrip())
    yield _raw("# BEGIN SOLUTION")
    lines = answer["source"].replace("### BEGIN SOLUTION", "# BEGIN SOLUTION")
    yield {**_without_grading(answer), "source": lines.replace("### END SOLUTION", "# END SOLUTION")}
    yield _raw("# END SOLUTION")
    if tests:
        yield _raw("# BEGIN TESTS")
        for test in tests:
            yield from _otter_tests(test)
        yield _raw("# END TESTS")
    yield _raw("# END QUESTION")


def _otter_tests(test: Cell) -> Iterator[Cell]:
    """A test with a hidden part becomes a visible one for nothing and a hidden one of the whole for the points."""
    points, source = _grading(test)["points"], test["source"]
    visible = replace_region(source, "HIDDEN TESTS", "")
    kept = [line for line in source.split("\n") if "### BEGIN HIDDEN" not in line and "### END HIDDEN" not in line]
    if visible == source:
        yield code(_otter_config(points) + source)
        return
    if any(line.strip() and not line.lstrip().startswith("#") for line in visible.split("\n")):
        yield code(_otter_config(0) + visible)
    yield code(_otter_config(points, "hidden: true\n") + "\n".join(kept))


def _otter_config(points: float, more: str = "") -> str:
    return f'""" # BEGIN TEST CONFIG\npoints: {points}\n{more}""" # END TEST CONFIG\n'


def _raw(source: str) -> Cell:
    return {"cell_type": "raw", "metadata": {}, "source": source}


def _grading(cell: Cell) -> dict[str, Any]:
    return dict(cell["metadata"].get("nbgrader", {}))


def _is_test(cell: Cell) -> bool:
    grading = _grading(cell)
    return bool(grading.get("grade")) and not grading.get("solution")


def _without_grading(cell: Cell) -> Cell:
    return {**cell, "metadata": {key: value for key, value in cell["metadata"].items() if key != "nbgrader"}}


def _unfolded(cell: Cell) -> Cell:
    shown = {key: value for key, value in cell["metadata"].get("jupyter", {}).items() if key != "source_hidden"}
    metadata = {key: value for key, value in cell["metadata"].items() if key != "jupyter"}
    return {**cell, "metadata": {**metadata, "jupyter": shown} if shown else metadata}
