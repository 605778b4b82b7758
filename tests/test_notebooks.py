"""The hygiene of the committed notebooks: what a reader on the web, a learner and a grader rely on.

Whether their results are still the same is another question; `python3 lab.py test notebooks` asks it.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LONGEST_CELL = 12
LIVE, PICTURE = "application/vnd.jupyter.widget-view+json", "image/svg+xml"
MACHINE_PATH = re.compile(r"/tmp/|/home/|/root/|/Users/|[A-Z]:\\\\?Users|/usr/lib|site-packages|ipykernel_\d")


def faults(notebook: dict[str, Any]) -> Iterator[str]:
    """What is wrong with a notebook as it is committed."""
    cells = notebook["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    if "widgets" in notebook["metadata"]:
        yield "it stores widget state, which hides every static picture on the web"
    yield from opening_faults(cells[0] if cells else {})
    counts = [cell["execution_count"] for cell in code if source(cell).strip()]
    if counts != list(range(1, len(counts) + 1)):
        yield f"it was not run from top to bottom: {counts}"
    solutions = [cell for cell in code if cell["metadata"].get("nbgrader", {}).get("solution")]
    if len(solutions) < 3:
        yield f"it has {len(solutions)} exercises with a solution for nbgrader, and needs 3"
    for number, cell in enumerate(cells):
        yield from (f"cell {number}: {fault}" for fault in cell_faults(cell))


def opening_faults(cell: dict[str, Any]) -> Iterator[str]:
    text = source(cell) if cell.get("cell_type") == "markdown" else ""
    if not text.startswith("# "):
        yield "the first cell has no title"
    if "fterwards you can" not in text or len(re.findall(r"^- ", text, re.MULTILINE)) < 3:
        yield "the first cell does not say three things that you can do afterwards"
    if not re.search(r"\d+ minutes", text):
        yield "the first cell does not say how many minutes it takes"
    if not re.search(r"\*\*Needs\*\* \S", text):
        yield "the first cell does not say what is needed"


def cell_faults(cell: dict[str, Any]) -> Iterator[str]:
    tags = cell["metadata"].get("tags", [])
    if "nbval-" + "skip" in tags:
        yield "it is left out of the tests"
    if cell["cell_type"] != "code":
        return
    graded = "nbgrader" in cell["metadata"] or "attempt" in tags
    lines = [line for line in source(cell).split("\n") if line.strip()]
    if len(lines) > LONGEST_CELL and not graded and "long" not in tags:
        yield f"{len(lines)} lines of code, and {LONGEST_CELL} are enough (or the tag `long`)"
    for output in cell["outputs"]:
        data = output.get("data", {})
        if output["output_type"] == "error" and "raises-exception" not in tags:
            yield f"an error is committed: {output.get('ename')}"
        if (LIVE in data or shows_view(cell)) and data and PICTURE not in data:
            yield "a widget without a static picture"
        printed = "".join(output.get("text", [])) + "".join(map(text_of, data.values()))
        if found := MACHINE_PATH.search(printed):
            yield f"a path of one machine in its output: {found.group()}"
    if found := re.search(r"[\"'](?:/[a-z]+/|[A-Z]:\\)[\w/\\.-]+[\"']", source(cell)):
        yield f"an absolute path: {found.group()}"


def shows_view(cell: dict[str, Any]) -> bool:
    """Whether the cell's last line shows one of the course's widgets."""
    last = source(cell).strip().split("\n")[-1]
    kinds = "Explorer|Monitor|Stepper|Player|View|Map|Text|Lab|Trace|Trail|Forest|Pager"
    return re.fullmatch(rf"\w*({kinds})\(.*\)", last) is not None


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else "".join(value) if isinstance(value, list) else json.dumps(value)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_committed_notebook_is_clean_complete_and_run(path):
    assert list(faults(json.loads(path.read_text("utf-8")))) == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_valid_and_named_after_its_place(path):
    import nbformat

    nbformat.validate(nbformat.read(path, as_version=4))
    assert re.fullmatch(r"\d\d_[a-z0-9_]+", path.stem)
    assert path.stat().st_size < 2_000_000


def test_there_are_notebooks():
    assert NOTEBOOKS


# --- the rules themselves ----------------------------------------------------------------------------------


def code_cell(text: str, count: int, *outputs: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "source": text,
        "execution_count": count,
        "outputs": list(outputs),
        "metadata": metadata,
    }


def shown(**data: str) -> dict[str, Any]:
    kinds = {"text": "text/plain", "svg": PICTURE, "live": LIVE}
    return {"output_type": "display_data", "data": {kinds[name]: value for name, value in data.items()}}


@pytest.fixture
def good():
    """A small notebook without a fault."""
    first = (
        "# Title\n\nWhy?\n\n**Afterwards you can**\n\n- a;\n- b;\n- c.\n\n**Time** about 20 minutes · **Needs** Python"
    )
    solution = {"grade_id": "a", "solution": True}
    cells = [
        {"cell_type": "markdown", "source": first, "metadata": {"tags": ["opening"]}},
        code_cell("1 + 1", 1, shown(text="2")),
        code_cell("AttentionExplorer(lm)", 2, shown(text="AttentionExplorer: …", live="{}", svg="<svg/>")),
        *(code_cell("answer = 1", count, nbgrader=solution) for count in (3, 4, 5)),
    ]
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def test_a_good_notebook_has_no_fault(good):
    assert list(faults(good)) == []


def test_a_cell_may_fail_or_be_long_when_it_says_so(good):
    error = {"output_type": "error", "ename": "ValueError"}
    good["cells"].append(code_cell("f()", 6, error, tags=["raises-exception"]))
    good["cells"].append(code_cell("x = 1\n" * 30, 7, tags=["long"]))
    assert list(faults(good)) == []


def spoil(path: str, value: Any):
    """A change of one place, written like `cells.1.source`."""

    def change(notebook: dict[str, Any]) -> None:
        *way, last = (int(step) if step.isdigit() else step for step in path.split("."))
        place = notebook
        for step in way:
            place = place[step]
        place[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (spoil("metadata.widgets", {}), "widget state"),
        (spoil("cells.0.cell_type", "raw"), "no title"),
        (spoil("cells.0.source", "# T\n- a\n20 minutes **Needs** x"), "three things"),
        (spoil("cells.0.source", "# T\nAfterwards you can\n- a\n- b\n- c\n**Needs** x"), "how many minutes"),
        (spoil("cells.0.source", "# T\nAfterwards you can\n- a\n- b\n- c\n5 minutes"), "what is needed"),
        (spoil("cells.1.execution_count", None), "not run from top to bottom"),
        (spoil("cells.1.execution_count", 7), "not run from top to bottom"),
        (spoil("cells.3.metadata", {}), "2 exercises"),
        (spoil("cells.1.source", "x = 1\n" * 13), "13 lines"),
        (spoil("cells.1.source", "open('/data/x.txt')"), "an absolute path"),
        (spoil("cells.1.outputs", [{"output_type": "error", "ename": "ValueError"}]), "an error is committed"),
        (spoil("cells.1.outputs", [shown(text="/tmp/ipykernel_12/3.py")]), "a path of one machine"),
        (spoil("cells.1.outputs", [{"output_type": "stream", "text": ["/home/ada/x"]}]), "a path of one machine"),
        (spoil("cells.1.outputs", [shown(text="x", live="{}")]), "without a static picture"),
        (spoil("cells.2.outputs", [shown(text="AttentionExplorer: …")]), "without a static picture"),
        (spoil("cells.1.metadata", {"tags": ["nbval-" + "skip"]}), "left out of the tests"),
    ],
)
def test_each_fault_is_found(good, change, fault):
    spoilt = copy.deepcopy(good)
    change(spoilt)
    assert any(fault in found for found in faults(spoilt))
