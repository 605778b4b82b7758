"""What a class gets is what nbgrader would make of it, and nbgrader marks what comes back exactly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from halves_notebook import MASTER

from agentos_lab.teaching import cells
from agentos_lab.teaching.execute import read, write
from agentos_lab.teaching.release import otter, release, solutions, solutions_version, student_version

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


@pytest.mark.parametrize("path", [None, *NOTEBOOKS], ids=lambda path: path.stem if path else "master")
def test_students_get_no_solution_no_hidden_test_and_no_output(path):
    made = student_version(read(path) if path else MASTER)
    assert not any(cells.is_attempt(cell) for cell in made["cells"])
    text = json.dumps(made)
    assert "END SOLUTION" not in text and "HIDDEN TESTS" not in text
    assert '"output_type"' not in text


def test_the_instructors_version_keeps_the_answers_open_and_drops_the_attempts():
    made = solutions_version(MASTER)
    assert not any(cells.is_attempt(cell) for cell in made["cells"])
    assert "source_hidden" not in json.dumps(made)
    assert json.dumps(made).count("### BEGIN SOLUTION") == 3


def test_folders_are_converted_whole_and_the_report_names_the_files(tmp_path):
    write(tmp_path / "10_a.ipynb", MASTER)
    write(tmp_path / "11_b.ipynb", MASTER)
    written = release(tmp_path, tmp_path / "out")
    assert [path.name for path in written.paths] == ["10_a.ipynb", "11_b.ipynb"]
    assert str(written).startswith("2 notebooks (for students) written:")


def test_the_committed_notebooks_are_never_overwritten(tmp_path):
    path = write(tmp_path / "10_a.ipynb", MASTER)
    before = path.read_bytes()
    for convert in (release, solutions, otter):
        with pytest.raises(ValueError, match="another folder"):
            convert(tmp_path, tmp_path / "." / ".")
    assert path.read_bytes() == before


def test_an_empty_folder_and_a_missing_notebook_are_named(tmp_path):
    with pytest.raises(ValueError, match="no notebook in"):
        release(tmp_path, tmp_path / "out")
    with pytest.raises(ValueError, match="is not a notebook"):
        release(tmp_path / "a.ipynb", tmp_path / "out")


@pytest.mark.parametrize("kind", ["SOLUTION", "HIDDEN TESTS"])
def test_a_region_outside_its_kind_of_cell_is_refused_and_nothing_is_written(tmp_path, kind):
    write(tmp_path / "10_a.ipynb", MASTER)
    write(tmp_path / "11_b.ipynb", cells.notebook(cells.code(f"### BEGIN {kind}\n1\n### END {kind}")))
    with pytest.raises(ValueError, match=r"11_b\.ipynb: .*stand"):
        release(tmp_path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def raw_lines(path: Path) -> list[str]:
    return [cell["source"].split("\n")[0] for cell in read(path)["cells"] if cell["cell_type"] == "raw"]


def test_otters_form_opens_and_closes_each_question_in_order(tmp_path):
    write(tmp_path / "halves.ipynb", MASTER)
    (path,) = otter(tmp_path, tmp_path / "out").paths
    question = ["# BEGIN QUESTION", "# BEGIN SOLUTION", "# END SOLUTION"]
    tested = [*question, "# BEGIN TESTS", "# END TESTS", "# END QUESTION"]
    written = [*question, "# END QUESTION"]
    assert raw_lines(path) == ["# ASSIGNMENT CONFIG", *tested, *tested, *written]
    assert "nbgrader" not in path.read_text(encoding="utf-8")
    assert "### " not in "".join(cell["source"] for cell in read(path)["cells"] if cell["cell_type"] == "code")


def test_otters_tests_carry_the_same_points_and_hide_the_same_tests(tmp_path):
    write(tmp_path / "halves.ipynb", MASTER)
    (path,) = otter(tmp_path, tmp_path / "out").paths
    tests = [cell["source"] for cell in read(path)["cells"] if "# BEGIN TEST CONFIG" in cell["source"]]
    settings = [test.split('"""')[1].split("\n")[1:-1] for test in tests]
    assert settings == [
        ["points: 2"],
        ["points: 3", "hidden: true"],
        ["points: 0"],
        ["points: 4", "hidden: true"],
    ]
    assert "assert again" not in tests[2]
    assert 'check("11.again", again).require()' in tests[3] and "assert again" in tests[3]
