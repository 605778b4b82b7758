"""ValueMap in JupyterLab: played, scrubbed, painted by mouse and by keyboard."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

MAZE = '''
from widgets import ValueMap
MAZE = """.........
.###.###.
...#...#G
.#.....#H
.#.#.#...
.#.#.###.
...#....."""
view = ValueMap(MAZE, sweep=40)
view
'''


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([MAZE])


@pytest.fixture
def view(notebook):
    shown = notebook.view("ValueMap")
    shown.get_by_role("button", name="Reset").click()
    notebook.until(lambda: notebook.python("[view.sweep, view.edits, view.method]") == [40, [], "value iteration"])
    notebook.page.mouse.move(0, 0)
    agree(notebook, shown)
    return shown


def agree(notebook, view):
    """Wait until the browser says what Python says."""
    notebook.until(lambda: view.locator(".lab-sentence").inner_text() == notebook.python("view.sentence"))


def cell(view, name):
    return view.locator(f'.vm-cell[aria-label^="{name}:"]')


def test_the_live_stage_and_the_static_picture_show_the_same_texts(notebook, view):
    assert notebook.drift(view, "view") == []


def test_it_looks_well_in_both_themes(notebook, view):
    cell(view, "E3").click()
    notebook.until(lambda: len(notebook.python("view.edits")) == 1)
    notebook.execute("view.sweep = 46; view.cell = 31")
    agree(notebook, view)
    notebook.page.mouse.move(0, 0)
    notebook.picture(view, "value-map-light")
    notebook.use_theme(dark=True)
    notebook.picture(view, "value-map-dark")
    notebook.use_theme(dark=False)
    assert view.bounding_box()["height"] < 520
