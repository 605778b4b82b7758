"""nbgrader itself: the students' version is the one that it makes, and it gives full, partial and no marks."""

from __future__ import annotations

import os
import sys
from functools import cache
from pathlib import Path

import pytest
from halves_notebook import MASTER

from agentos_lab.teaching.execute import read, write
from agentos_lab.teaching.release import solutions, solutions_version, student_version

ROOT = Path(__file__).parents[3]

NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))

RIGHT = "return [number / 2 for number in numbers]"

ANSWERS = {
    "right": {"halves": RIGHT, "again": RIGHT},
    "wrong": {"halves": "return [1.0, 2.0]", "again": "return numbers"},  # the first by heart from the visible test
}


@pytest.fixture(scope="module")
def quick_gradebooks():
    """One question to alembic, a process of its own, for all gradebooks; and none waits until it is on the disk."""
    api = pytest.importorskip("nbgrader.api")
    from sqlalchemy import Engine, event

    def never_wait(connection, _):
        connection.execute("PRAGMA synchronous = OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(api, "get_alembic_version", cache(api.get_alembic_version))
        event.listen(Engine, "connect", never_wait)
        yield
        event.remove(Engine, "connect", never_wait)


@pytest.fixture
def nbgrader_home(tmp_path, monkeypatch, quick_gradebooks):
    """nbgrader finds alembic, and the kernel this package, as with an activated environment."""
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "jupyter"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def grader(home: Path):
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    config = Config()
    config.CourseDirectory.root = str(home)
    config.CourseDirectory.db_url = f"sqlite:///{home / 'gradebook.db'}"
    return NbGraderAPI(config=config)


def succeed(answer: dict) -> None:
    assert answer["success"], answer.get("error") or answer.get("log")


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
def test_nbgrader_gives_full_partial_and_no_marks(nbgrader_home):
    home = nbgrader_home
    master = write(home / "halves.ipynb", MASTER)
    solutions(master, home / "source" / "ps1")
    api = grader(home)
    succeed(api.generate_assignment("ps1"))

    for student, bodies in ANSWERS.items():
        handed_in = read(home / "release" / "ps1" / "halves.ipynb")
        for cell in handed_in["cells"]:
            stub = "# YOUR CODE HERE\n    raise NotImplementedError()"
            for name, body in bodies.items():
                if f"def {name}(" in cell["source"]:
                    cell["source"] = cell["source"].replace(stub, body)
        folder = home / "submitted" / student / "ps1"
        folder.mkdir(parents=True)
        write(folder / "halves.ipynb", handed_in)
    for student in ANSWERS:
        succeed(api.autograde("ps1", student, create=True))

    with api.gradebook as gradebook:
        marks = {
            student: {
                grade.cell.name: grade.auto_score
                for grade in gradebook.find_submission_notebook("halves", "ps1", student).grades
            }
            for student in ANSWERS
        }
    graded = ("halves_tests", "halves_hidden_tests", "again_tests")
    assert {student: [scores[name] for name in graded] for student, scores in marks.items()} == {
        "right": [2, 3, 4],
        "wrong": [2, 0, 0],
    }


def test_the_students_version_is_what_nbgrader_makes_of_the_instructors(nbgrader_home):
    masters = {"halves": MASTER, **{path.stem: read(path) for path in NOTEBOOKS}}
    (nbgrader_home / "source" / "ps1").mkdir(parents=True)
    for name, master in masters.items():
        write(nbgrader_home / "source" / "ps1" / f"{name}.ipynb", solutions_version(master))
    succeed(grader(nbgrader_home).generate_assignment("ps1"))
    for name, master in masters.items():
        theirs = read(nbgrader_home / "release" / "ps1" / f"{name}.ipynb")
        ours = read(write(nbgrader_home / "ours.ipynb", student_version(master)))
        assert ours["cells"] == theirs["cells"], name
