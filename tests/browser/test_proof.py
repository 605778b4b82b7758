"""ProofExplorer in a real JupyterLab: steps by mouse and by keys, checks, folds, the search, pictures."""

from __future__ import annotations

import pytest

CODE = """from agentos_lab.logic import Strategy, load_problem, prove
from widgets import ProofExplorer
def proof(name):
    problem = load_problem(name)
    return prove(problem.premises, problem.goal, engine="resolution")
view = ProofExplorer(proof("WEST"))
view"""
LARGE = "large = ProofExplorer(proof('PEL47'))\nlarge"
SEARCH = """search = ProofExplorer.search(load_problem("CURIOSITY"),
    strategy={"default": Strategy(), "first in, first out": Strategy(weight_to_age=(0, 1), subsumption=False)})
search"""


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE, LARGE, SEARCH])


@pytest.fixture
def view(notebook):
    notebook.execute("view.step, view.asked, view.opened, view.latex, view.view = 0, [], [], False, 'graph'")
    shown = notebook.view("ProofExplorer")
    notebook.agrees(shown)
    return shown


@pytest.mark.parametrize("width", [640, 860, 900, 1200])
def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view, width):
    views = {"view": view, "large": notebook.view("ProofExplorer", 1), "search": notebook.view("ProofExplorer", 2)}
    notebook.execute("view.step, view.asked = 12, [12]")
    notebook.agrees(view)
    notebook.drawn_at(width, views, "proof", 570)


# --- steps -------------------------------------------------------------------------------------------------------


def box(view, number):
    return view.get_by_role("button", name=f"step {number}:").first


def test_keys_walk_through_the_steps_and_along_the_lines(notebook, view):
    view.get_by_label("the proof: arrow keys").focus()
    for key, step in (
        ("Home", 1),
        ("ArrowRight", 2),
        ("End", 18),
        ("ArrowLeft", 17),
        ("ArrowUp", 8),
        ("ArrowDown", 17),
    ):
        notebook.page.keyboard.press(key)
        notebook.after("view.step", step)
    notebook.agrees(view)
    assert view.locator(".lab-sentence").get_attribute("aria-live") == "polite"


def test_a_click_chooses_a_step_and_hover_takes_one_apart(notebook, view):
    box(view, 16).click()
    notebook.after("view.step", 16)
    notebook.agrees(view)
    assert box(view, 16).get_attribute("aria-current") == "step"
    box(view, 17).hover()
    view.get_by_text("Step 17 of 18", exact=True).wait_for()
    notebook.page.mouse.move(2, 2)
    view.get_by_text("Step 16 of 18", exact=True).wait_for()


@pytest.mark.parametrize("way", ["button", "key"])
def test_a_step_is_checked(notebook, view, way):
    notebook.execute("view.step = 12")
    if way == "button":
        view.get_by_role("button", name="Is this right?").click()
    else:
        view.get_by_label("the proof: arrow keys").focus()
        notebook.page.keyboard.press("c")
    view.get_by_text("This step is right", exact=True).wait_for()
    notebook.after("view.asked", [12])
    notebook.agrees(view)
    assert notebook.python("view.sentence").endswith("This step is right.")
    view.get_by_role("button", name="Check all 18").click()
    notebook.after("len(view.state['verdicts'])", 18)
    view.get_by_role("button", name="Reset").click()
    notebook.after("[view.step, view.asked]", [0, []])


def test_it_plays_and_pauses(notebook, view):
    view.get_by_role("button", name="Play").click()
    notebook.until(lambda: notebook.python("view.step") >= 2)
    view.get_by_role("button", name="Pause").click()
    view.get_by_label("the proof: arrow keys").focus()
    notebook.page.keyboard.press("End")
    notebook.agrees(view)


def test_latex_and_the_list_and_back(notebook, view):
    view.get_by_label("LaTeX").check()
    view.get_by_text(r"\mathrm{Criminal}").first.wait_for()
    assert notebook.drift(view, "view") == []
    view.get_by_role("button", name="Copy").wait_for()
    view.get_by_label("LaTeX").uncheck()
    view.get_by_role("radio", name="list").click()
    view.get_by_text("unit deletion of 16, 17").wait_for()
    assert notebook.drift(view, "view") == []
    view.get_by_role("radio", name="search").click()
    view.get_by_text("□ found").wait_for()
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []


# --- folds, large proofs, searches -------------------------------------------------------------------------------


def test_a_fold_opens_by_click_and_by_key_and_closes_by_escape(lab):
    opened = lab.open([CODE.replace('ProofExplorer(proof("WEST"))', 'ProofExplorer(proof("PEL55"))')])
    shown = opened.view("ProofExplorer")
    root = opened.python("next(box['step'] for box in view.state['graph']['boxes'] if box['hides'])")
    opened.execute(f"view.step = {root}")
    box(shown, root).click()
    opened.after("view.opened", [root])
    shown.get_by_label("the proof: arrow keys").focus()
    opened.page.keyboard.press("Escape")
    opened.after("view.opened", [])
    opened.page.keyboard.press("Enter")
    opened.after("view.opened", [root])
    opened.page.mouse.move(2, 2)
    opened.agrees(shown)
    assert opened.drift(shown, "view") == []
    opened.page.close()


def test_a_large_proof_is_a_list_that_keys_walk(notebook, view):
    large = notebook.view("ProofExplorer", 1)
    assert large.get_by_role("radio", name="list").get_attribute("aria-checked") == "true"
    for key, step in (("Home", 1), ("PageDown", 11), ("ArrowRight", 12), ("PageUp", 2)):
        large.get_by_label("the proof: arrow keys").press(key)
        notebook.after("large.step", step)
    large.get_by_role("slider", name="Step").fill("59")
    notebook.after("large.step", 59)
    box(large, 60).click()
    notebook.after("large.step", 60)
    notebook.page.mouse.move(2, 2)
    notebook.page.keyboard.press("ArrowUp")
    notebook.after("large.step", 59)
    notebook.agrees(large, "large")
    assert notebook.drift(large, "large") == []


def test_rounds_of_two_searches_are_scrubbed_together(notebook, view):
    search = notebook.view("ProofExplorer", 2)
    search.get_by_label("the search: arrow keys").focus()
    notebook.page.keyboard.press("Home")
    notebook.after("search.round", 0)
    notebook.page.keyboard.press("ArrowRight")
    notebook.after("search.round", 1)
    notebook.agrees(search, "search")
    assert notebook.drift(search, "search") == []
    curves = search.locator(".px-curves").first.bounding_box()
    notebook.page.mouse.click(curves["x"] + curves["width"] / 2, curves["y"] + 20)
    notebook.until(lambda: 4 <= notebook.python("search.round") <= 10)
    search.get_by_label("beside").select_option("nothing")
    notebook.after("search.against", "")
    notebook.agrees(search, "search")
    assert notebook.drift(search, "search") == []
    search.get_by_label("Strategy").select_option("first in, first out")
    notebook.after("search.run", "first in, first out")
    search.get_by_role("radio", name="graph").click()
    notebook.after("search.state['kind']", "graph")
    notebook.agrees(search, "search")
