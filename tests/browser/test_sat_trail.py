"""SatTrail in a real JupyterLab: walking along a search by mouse, slider and keys, pictures."""

from __future__ import annotations

import pytest

CODE = """from widgets import SatTrail
at = [[f"in({bird}, {hole})" for hole in (1, 2, 3)] for bird in "abcd"]
housed = [" | ".join(row) for row in at]
alone = [f"~{one[k]} | ~{two[k]}" for k in range(3) for n, one in enumerate(at) for two in at[:n]]
view = SatTrail([*housed, *alone])
view"""


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE])


@pytest.fixture
def view(notebook):
    notebook.execute("view.position = 0")
    shown = notebook.view("SatTrail")
    notebook.agrees(shown)
    return shown


@pytest.mark.parametrize("position", [0, 5, 13, 14, 1000])
def test_the_live_stage_and_the_static_picture_show_the_same(notebook, view, position):
    notebook.execute(f"view.position = {position}")
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []
    assert view.bounding_box()["height"] < 540
    notebook.picture(view, f"sat-trail-{position}")


def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view):
    notebook.execute("view.position = 14")
    for width in (640, 860, 1200):
        notebook.drawn_at(width, {"view": view}, "sat-trail", 590)


def test_with_less_room_it_is_laid_out_anew(notebook, view):
    notebook.page.set_viewport_size({"width": 1150, "height": 900})
    try:
        notebook.until(lambda: view.bounding_box()["width"] < 860)
        notebook.until(lambda: view.locator(".lab-svg").bounding_box()["width"] == view.bounding_box()["width"])
        notebook.until(lambda: notebook.python("view.state['drawn_for']") == view.bounding_box()["width"])
        assert view.evaluate("(root) => root.scrollWidth <= root.clientWidth")
        assert notebook.python("'width=\"860\"' in view.svg()")
        view.get_by_role("button", name="next conflict").click()
        notebook.after("view.position", 13)
        notebook.agrees(view)
        notebook.picture(view, "sat-trail-smaller")
    finally:
        notebook.page.set_viewport_size({"width": 1400, "height": 900})
    notebook.until(lambda: notebook.python("view.state['drawn_for']") == 860)


def test_keys_walk_along_the_search_and_from_conflict_to_conflict(notebook, view):
    view.get_by_role("button", name="Event: on").focus()
    for key, position in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("c", 13), ("c", 21), ("p", 13)):
        notebook.page.keyboard.press(key)
        notebook.after("view.position", position)
    notebook.agrees(view)
    assert "conflict (level 3)" in view.locator(".lab-sentence").text_content()
    last = notebook.python("len(view.trace)")
    for key, position in (("End", last), ("PageUp", last - 10), ("Home", 0)):
        notebook.page.keyboard.press(key)
        notebook.after("view.position", position)
    notebook.agrees(view)


def test_the_mouse_goes_to_conflicts_literals_and_clauses(notebook, view):
    view.get_by_role("button", name="next conflict").click()
    notebook.after("view.position", 13)
    notebook.agrees(view)
    view.get_by_role("button", name="Event: on").click()
    notebook.after("view.position", 14)
    view.get_by_text("1-UIP", exact=True).wait_for()
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []
    view.locator("[data-grid=trail]").first.click()
    notebook.after("view.position", 1)
    view.locator("[data-grid=conflicts]").nth(1).click()
    notebook.after("view.position", 21)
    view.locator("[data-grid=clauses]").first.click()
    notebook.until(lambda: notebook.python("view.position") != 21)
    view.get_by_role("button", name="Reset").click()
    notebook.after("view.position", 0)


def test_the_slider_and_playing_move_it(notebook, view):
    view.get_by_label("Position").fill("30")
    notebook.after("view.position", 30)
    notebook.agrees(view)
    view.get_by_role("button", name="Play").click()
    notebook.until(lambda: notebook.python("view.position") > 31)
    view.get_by_role("button", name="Pause").click()
    notebook.agrees(view)


def test_a_step_is_answered_quickly(notebook, view):
    press = """root.querySelector('.lab-button').dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }))"""
    trips = sorted(notebook.round_trips(view, [press] * 9))
    print(f"one step: median {trips[4]:.1f} ms, worst {trips[-1]:.1f}")
    assert trips[0] < 400
