"""CountermodelView in a real JupyterLab: worlds changed by mouse and by keys, steps, sizes, pictures."""

from __future__ import annotations

import pytest

CODE = """from widgets import CountermodelView
view = CountermodelView(["∀x ∃y Likes(x, y)"], "∃y ∀x Likes(x, y)", names=["Ann", "Bob"])
view"""
MIXED = """mixed = CountermodelView(
    ["∀x (Man(x) → Loves(x, mother(x)))", "Man(socrates) ∨ p", "¬∃x Between(x, x, x)"], "∀x Man(x)")
mixed"""

# The middle of a curve, in pixels of the page.
MIDDLE = """(path) => {
  const at = path.getPointAtLength(path.getTotalLength() / 2).matrixTransform(path.getScreenCTM());
  return [at.x, at.y];
}"""


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE, MIXED])


@pytest.fixture
def view(notebook):
    notebook.execute("view.size = 0; view.world = ''; view.step = -1")
    shown = notebook.view("CountermodelView")
    notebook.agrees(shown)
    return shown


def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view):
    mixed = notebook.view("CountermodelView", 1)
    for width in (640, 860, 1200):
        notebook.drawn_at(width, {"view": view, "mixed": mixed}, "countermodel", 590)


def test_a_click_on_a_cell_changes_the_world_and_everything_with_it(notebook, view):
    view.get_by_role("button", name="¬Likes(Ann, Ann): change").click()
    notebook.after("view.world", "Likes=1110")
    notebook.agrees(view)
    assert (
        view.locator(".lab-sentence").text_content().startswith("Not a countermodel any more: the conclusion is true")
    )
    assert notebook.drift(view, "view") == []
    view.get_by_role("button", name="Likes(Ann, Ann): change", exact=True).click()
    notebook.after("view.world", "Likes=0110")
    notebook.agrees(view)
    assert view.locator(".lab-sentence").text_content().startswith("No.")


def test_a_click_on_an_arrow_and_on_the_ghost_of_one_changes_it(notebook, view):
    for label, world in (("Likes(Ann, Bob)", "Likes=0010"), ("¬Likes(Bob, Bob)", "Likes=0011")):
        arrow = view.locator("g.sketch-place:not([data-grid])", has_text=label).first.locator("path")
        place = arrow.evaluate(MIDDLE)
        notebook.page.mouse.click(*place)
        notebook.after("view.world", world)
        notebook.agrees(view)


def test_keys_walk_through_cells_steps_and_sizes(notebook, view):
    view.get_by_role("button", name="¬Likes(Ann, Ann): change").focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.page.keyboard.press("Enter")
    notebook.after("view.world", "Likes=0010")
    notebook.agrees(view)
    notebook.page.keyboard.press("ArrowDown")
    notebook.page.keyboard.press("Space")
    notebook.after("view.world", "Likes=0011")
    view.get_by_role("button", name="Reset").click()
    notebook.after("view.world", "")
    for key, step in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 9)):
        notebook.page.keyboard.press(key)
        notebook.after("view.step", step)
    notebook.agrees(view)
    assert "Step 10 of 10" in view.locator(".lab-sentence").text_content()
    notebook.page.keyboard.press("3")
    notebook.after("[view.size, len(view.structure.domain)]", [3, 3])
    notebook.agrees(view)
    view.get_by_text("Countermodels among all 512 worlds with 3 elements").wait_for()
    notebook.page.keyboard.press("a")
    notebook.until(lambda: notebook.python("view.world") != "")
    notebook.agrees(view)
    assert view.locator(".lab-sentence").text_content().startswith("No.")
    assert notebook.drift(view, "view") == []


def test_a_row_and_a_small_world_are_chosen_by_a_click(notebook, view):
    view.get_by_role("button", name="Likes(Bob, Ann): true").click()
    notebook.after("view.step", 4)
    view.get_by_role(
        "button", name="both true: Likes(Ann, Ann), Likes(Ann, Bob), Likes(Bob, Ann), Likes(Bob, Bob)"
    ).click()
    notebook.after("view.world", "Likes=1111")
    notebook.agrees(view)
    view.get_by_role("radio", name="1").click()
    view.get_by_text("no countermodel of this size").or_(
        view.get_by_text("All 2 worlds with one element")
    ).first.wait_for()
    notebook.agrees(view)
    assert "but one with 2 elements is" in view.locator(".lab-sentence").text_content()


def test_constants_and_functions_go_on_to_the_next_element(notebook, view):
    notebook.execute("mixed.size = 2")
    mixed = notebook.view("CountermodelView", 1)
    notebook.agrees(mixed, "mixed")
    before = notebook.python("mixed.structure.constants['socrates']")
    mixed.locator("[data-grid=cells]", has_text="socrates = ").click()
    notebook.until(lambda: notebook.python("mixed.structure.constants['socrates']") != before)
    before = notebook.python("list(mixed.structure.functions['mother'].values())")
    mixed.locator("[data-grid=cells]", has_text="mother(").first.click()
    notebook.until(lambda: notebook.python("list(mixed.structure.functions['mother'].values())") != before)
    notebook.agrees(mixed, "mixed")
    assert notebook.drift(mixed, "mixed") == []


def test_the_same_view_in_a_wide_and_in_a_narrow_place_comes_to_rest(lab):
    narrow = 'from ipywidgets import Layout, VBox\nVBox([view], layout=Layout(width="700px"))'
    twice = lab.open([CODE, narrow])
    first, second = twice.view("CountermodelView", 0), twice.view("CountermodelView", 1)
    twice.until(lambda: second.bounding_box()["width"] <= 700, seconds=30)
    twice.page.wait_for_timeout(1500)
    answers = first.get_attribute("data-answers")
    twice.page.wait_for_timeout(1500)
    assert first.get_attribute("data-answers") == answers  # they do not ask for two widths in turns
    second.get_by_role("button", name="Step: on").click()
    twice.after("view.step", 8)
    for view in (first, second):
        twice.agrees(view)
    twice.page.close()


def test_a_change_is_answered_quickly(notebook, view):
    press = "root.querySelector('[data-grid=cells]').dispatchEvent(new MouseEvent('click', { bubbles: true }))"
    trips = sorted(notebook.round_trips(view, [press] * 9))
    print(f"one change: median {trips[4]:.1f} ms, worst {trips[-1]:.1f}")
    assert trips[0] < 400
