"""CausalGraphExplorer in JupyterLab: drawn, questioned and read by mouse and by keyboard."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

CELLS = """
from widgets import CausalGraphExplorer
view = CausalGraphExplorer("napkin", step=1)
view
"""


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CELLS])


@pytest.fixture
def view(notebook):
    shown = notebook.view("CausalGraphExplorer")
    notebook.page.mouse.move(0, 0)
    shown.get_by_role("button", name="Reset").click()
    now = "[view.graph, view.treatment, view.given, view.step, view.path, view.chosen, view.refused]"
    fresh = ["W -> Z -> X -> Y; W <-> X; W <-> Y", ["X"], ["Z"], 1, -1, "", ""]
    notebook.until(lambda: notebook.python(now) == fresh)
    agree(notebook, shown)
    return shown


def agree(notebook, view):
    """Wait until the browser says what Python says."""
    notebook.until(lambda: view.locator(".lab-sentence").inner_text() == notebook.python("view.sentence"))


def test_the_live_view_and_the_static_picture_are_alike(notebook, view):
    assert notebook.drift(view, "view") == []
    notebook.picture(view, "causal-graph")
    assert view.bounding_box()["height"] <= 520
