"""EffectForest in a real JupyterLab: rows by mouse and by keys, sorting, pictures."""

from __future__ import annotations

from pathlib import Path

import pytest

CODE = f"""import sys
sys.path.insert(0, {str(Path(__file__).parents[1])!r})
from causal_studies import NHEFS, NHEFS_TERMS, nhefs
from agentos_lab.causal import difference_in_means, estimate_effect
from widgets import EffectForest
data = nhefs()
methods = ("ipw", "g_formula", "regression", "aipw", "g_estimation", "matching")
estimates = {{"as seen": difference_in_means(data, "qsmk", "wt82_71")}}
estimates |= {{
    name: estimate_effect(
        data, NHEFS, "qsmk", "wt82_71", name, terms=NHEFS_TERMS, bootstrap=20 if name == "g_formula" else None
    )
    for name in methods
}}
published = {{"ipw": (3.44, 2.41, 4.47), "regression": 3.46, "g_formula": 3.52}}
view = EffectForest(estimates, published, row=1)
view"""


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE])


@pytest.fixture
def view(notebook):
    notebook.execute("view.row, view.order = 1, 'as given'")
    shown = notebook.view("EffectForest")
    notebook.agrees(shown)
    return shown


@pytest.mark.parametrize("settings", ["view.row = 0", "view.row = 1", "view.row = 6; view.order = 'by value'"])
def test_the_live_stage_and_the_static_picture_show_the_same(notebook, view, settings):
    notebook.execute(settings)
    notebook.agrees(view)
    notebook.until(lambda: notebook.drift(view, "view") == [])
    assert view.bounding_box()["height"] < 520


def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view):
    for width in (640, 860, 1200):
        notebook.drawn_at(width, {"view": view}, "effect-forest", 600)


def test_rows_are_chosen_by_click_keys_and_menu(notebook, view):
    view.locator(".ef-row").nth(4).click()
    notebook.after("view.row", 4)
    notebook.agrees(view)
    notebook.page.keyboard.press("ArrowUp")
    notebook.after("view.row", 3)
    view.get_by_label("Method", exact=True).select_option("matching")
    notebook.after("view.row", 6)
    view.get_by_text("matching: what it rests on").wait_for()
    view.get_by_role("button", name="the method above").click()
    notebook.after("view.row", 5)
    notebook.agrees(view)


def test_the_order_is_by_value_or_as_given(notebook, view):
    view.get_by_role("radio", name="by value").click()
    notebook.after("view.order", "by value")
    wanted = notebook.python("[view.state['rows'][k]['label'] for k in view.state['order']]")
    notebook.until(
        lambda: [name.split(":")[0] for name in view.locator(".ef-row").evaluate_all(
            "(rows) => rows.map((row) => row.getAttribute('aria-label'))")] == wanted
    )  # fmt: skip
    view.get_by_role("button", name="Reset").click()
    notebook.after("view.order", "as given")
