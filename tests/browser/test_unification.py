"""UnificationStepper in a real JupyterLab: steps by mouse and by keys, other terms, mistakes, pictures."""

from __future__ import annotations

import pytest

CODE = "from widgets import UnificationStepper\nview = UnificationStepper()\nview"


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE])


@pytest.fixture
def view(notebook):
    notebook.execute("view.left, view.right = view.examples['a unifier']; view.step = 0")
    shown = notebook.view("UnificationStepper")
    notebook.agrees(shown)
    return shown


@pytest.mark.parametrize("example", ["a unifier", "who loves whom", "clash", "occurs failure", "shared parts"])
def test_the_live_stage_and_the_static_picture_show_the_same(notebook, view, example):
    notebook.execute(f"view.left, view.right = view.examples[{example!r}]")
    for step in (0, 2, 3, 99):
        notebook.execute(f"view.step = {step}")
        notebook.agrees(view)
        assert notebook.drift(view, "view") == []
    assert view.bounding_box()["height"] < 520
    notebook.picture(view, f"unification-{example.replace(' ', '-')}")


def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view):
    notebook.execute("view.step = 2")
    for width in (640, 860, 900, 1200):
        notebook.drawn_at(width, {"view": view}, "unification", 570)


# --- walking -----------------------------------------------------------------------------------------------------


def step(view, number):
    return view.get_by_role("button", name=f"step {number}:")


def test_a_click_on_a_step_shows_it(notebook, view):
    step(view, 5).click()
    notebook.after("view.step", 5)
    assert "z is replaced by a" in view.locator(".lab-sentence").text_content()
    assert step(view, 5).get_attribute("aria-pressed") == "true"
    view.get_by_role("button", name="Step: on").click()
    notebook.after("view.step", 6)


def test_keys_walk_through_the_steps_and_the_sentence_is_read(notebook, view):
    view.get_by_role("button", name="Reset").focus()
    for key, to in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 7), ("ArrowRight", 7), ("Home", 0)):
        notebook.page.keyboard.press(key)
        notebook.after("view.step", to)
    sentence = view.locator(".lab-sentence")
    assert sentence.get_attribute("aria-live") == "polite" and "which terms" in sentence.text_content()


def test_with_the_focus_on_a_step_the_arrows_take_it_along(notebook, view):
    step(view, 0).focus()
    for key, to in (("ArrowDown", 1), ("ArrowRight", 2), ("End", 7), ("ArrowUp", 6)):
        notebook.page.keyboard.press(key)
        notebook.after("view.step", to)
        notebook.until(lambda to=to: focused(view).startswith(f"step {to}:"))
    notebook.agrees(view)


def focused(view):
    return view.evaluate("(root) => root.getRootNode().activeElement.ariaLabel ?? ''")


# --- other terms -------------------------------------------------------------------------------------------------


def test_typed_terms_are_unified_and_a_mistake_keeps_the_last_ones(notebook, view):
    field = view.get_by_label("Right term")
    field.fill("Q(x)")
    notebook.after("view.state['meta']", "clash")
    field.press("End")
    field.press("Backspace")
    notebook.after("view.state['problem'] is not None", True)
    assert notebook.python("[view.result.left.name, view.state['frames'][-1]['rule'], view.state['meta']]") == [
        "P", "clash", ""]  # fmt: skip
    notebook.agrees(view)
    assert field.get_attribute("aria-invalid") == "true"
    assert view.get_by_label("Left term").get_attribute("aria-invalid") is None
    assert view.locator(".lab-stage text", has_text="^").count() == 1
    assert notebook.drift(view, "view") == []
    notebook.picture(view, "unification-mistake")
    field.type(")")
    notebook.after("view.state['problem']", None)
    assert view.get_by_label("Example").evaluate("(menu) => menu.selectedOptions[0].text") == "your own"
    view.get_by_role("button", name="Reset").click()
    notebook.after("view.state['meta']", "unified")
    notebook.agrees(view)


def test_the_menu_shows_another_example(notebook, view):
    view.get_by_label("Example").select_option("occurs failure")
    notebook.after("[view.left, view.right]", ["P(x, f(x))", "P(y, y)"])
    notebook.agrees(view)
