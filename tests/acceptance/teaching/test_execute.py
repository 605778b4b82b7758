"""An executed notebook holds its outputs and nothing that differs between runs or machines."""

from __future__ import annotations

import json

import pytest

from agentos_lab.teaching import cells
from agentos_lab.teaching.execute import LIVE_WIDGET, clean, execute, read, write


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """A notebook with a live widget, run twice."""
    path = tmp_path_factory.mktemp("notebooks") / "11_small.ipynb"
    source = cells.notebook(
        cells.markdown("# Small"),
        cells.code("import os\nfrom agentos_lab.teaching import predict, reveal"),
        cells.code('print(os.environ["OMP_NUM_THREADS"], os.environ["NBVAL"], os.path.basename(os.getcwd()))'),
        cells.code('predict("sum", "What is 1 + 1?", range(4))'),
        cells.code('reveal("sum", 2)'),
        cells.code("import time; time.time()", compare=False),
    )
    write(path, source)
    report = execute([path], twice=True)
    return path, report


def test_it_reports_the_time_of_each_notebook(executed):
    path, report = executed
    assert report.seconds[path] > 0
    assert str(path) in str(report) and "in all" in str(report)


def test_it_runs_with_one_thread_in_the_notebooks_folder(executed):
    path, _ = executed
    assert read(path)["cells"][2]["outputs"][0]["text"] == f"1 1 {path.parent.name}\n"


def test_a_live_widget_is_stored_as_its_page_and_text_alone(executed):
    path, _ = executed
    (output,) = read(path)["cells"][3]["outputs"]
    assert set(output["data"]) == {"text/plain", "text/html"}
    assert "widgets" not in read(path)["metadata"]


def test_nothing_that_differs_between_runs_is_stored(executed):
    path, _ = executed
    stored = read(path)
    assert stored["metadata"] == cells.notebook()["metadata"]
    assert all(set(cell["metadata"]) <= {"tags"} for cell in stored["cells"])
    assert LIVE_WIDGET not in path.read_text(encoding="utf-8")


def test_cleaning_a_clean_notebook_changes_no_byte(executed):
    path, _ = executed
    before = path.read_bytes()
    write(path, clean(read(path)))
    assert path.read_bytes() == before
    assert before.endswith(b"}\n") and b"\r" not in before


def test_an_error_names_the_notebook_and_leaves_it_as_it_was(tmp_path):
    path = write(tmp_path / "failing.ipynb", cells.notebook(cells.code("1 / 0")))
    before = path.read_bytes()
    with pytest.raises(ValueError, match=r"failing\.ipynb[\s\S]*ZeroDivisionError"):
        execute([path])
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["failing.ipynb"]


def test_outputs_that_differ_between_two_runs_are_refused(tmp_path):
    path = write(tmp_path / "random.ipynb", cells.notebook(cells.code("import random\nrandom.random()")))
    with pytest.raises(ValueError, match="two runs of cell 'start-1' differ"):
        execute([path], twice=True)


@pytest.mark.parametrize("name", ["missing.ipynb", "text.txt", "broken.ipynb"])
def test_what_is_no_notebook_is_said_to_be_none(tmp_path, name):
    if name != "missing.ipynb":
        (tmp_path / name).write_text("{")
    with pytest.raises(ValueError, match="is not a notebook"):
        execute([tmp_path / name])


def test_foreign_metadata_and_old_outputs_are_cleaned_without_running():
    cell = cells.code("x")
    cell["metadata"] = {"execution": {"iopub.status.busy": "2024"}, "tags": ["kept"], "ExecuteTime": {}}
    view = {LIVE_WIDGET: {"model_id": "1"}, "text/plain": "x"}
    cell["outputs"] = [{"output_type": "display_data", "metadata": {}, "data": view}]
    source = {**cells.notebook(cell), "metadata": {"widgets": {}, "language_info": {"version": "3.9"}}}
    cleaned = clean(source)
    assert cleaned["cells"][0]["metadata"] == {"tags": ["kept"]}
    assert cleaned["cells"][0]["outputs"][0]["data"] == {"text/plain": "x"}
    assert json.dumps(cleaned["metadata"]) == json.dumps(cells.notebook()["metadata"])
