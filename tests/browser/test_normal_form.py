"""NormalFormStepper in a real JupyterLab: steps by mouse and by keys, other formulas, mistakes, pictures."""

from __future__ import annotations

import pytest

CODE = "from widgets import NormalFormStepper\nview = NormalFormStepper()\nview"


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE])


@pytest.fixture
def view(notebook):
    notebook.execute("view.formula = view.examples['loved animals']; view.step = 0")
    shown = notebook.view("NormalFormStepper")
    notebook.agrees(shown)
    return shown


@pytest.mark.parametrize(
    "example", ["loved animals", "order of quantifiers", "equivalence", "negation", "propositions"]
)
def test_the_live_stage_and_the_static_picture_show_the_same(notebook, view, example):
    notebook.execute(f"view.formula = view.examples[{example!r}]")
    for step in (0, 1, 7, 99):
        notebook.execute(f"view.step = {step}")
        notebook.agrees(view)
        assert notebook.drift(view, "view") == []
    assert view.bounding_box()["height"] < 520
    notebook.picture(view, f"normal-form-{example.replace(' ', '-')}")


def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view):
    notebook.execute("view.step = 7")
    for width in (640, 860, 900, 1200):
        notebook.drawn_at(width, {"view": view}, "normal-form", 570)


# --- walking -----------------------------------------------------------------------------------------------------


def line(view, number):
    return view.get_by_role("button", name=f"line {number}:")


def test_a_click_on_a_line_chooses_its_step(notebook, view):
    line(view, 7).click()
    notebook.after("view.step", 7)
    assert "∃y is replaced by sk1(x)" in view.locator(".lab-sentence").text_content()
    assert line(view, 7).get_attribute("aria-pressed") == "true"


def test_the_buttons_of_the_brackets_lead_to_their_last_lines(notebook, view):
    for name, step in (("NNF", 5), ("Skolem", 8), ("CNF", 11)):
        view.get_by_role("button", name=f"to the last line of {name}").click()
        notebook.after("view.step", step)
    view.get_by_role("button", name="Step: back").click()
    notebook.after("view.step", 10)


def test_keys_walk_through_the_steps_and_the_sentence_is_read(notebook, view):
    view.get_by_role("button", name="Reset").focus()
    for key, step in (
        ("ArrowRight", 1),
        ("ArrowRight", 2),
        ("ArrowLeft", 1),
        ("End", 11),
        ("ArrowRight", 11),
        ("Home", 0),
    ):
        notebook.page.keyboard.press(key)
        notebook.after("view.step", step)
    sentence = view.locator(".lab-sentence")
    assert sentence.get_attribute("aria-live") == "polite" and "as it was given" in sentence.text_content()


def test_with_the_focus_on_a_line_the_arrows_take_it_along(notebook, view):
    line(view, 0).focus()
    for key, step in (("ArrowDown", 1), ("ArrowRight", 2), ("End", 11), ("ArrowUp", 10)):
        notebook.page.keyboard.press(key)
        notebook.after("view.step", step)
        notebook.until(lambda step=step: focused(view).startswith(f"line {step}:"))
    line(view, 8).click()
    notebook.page.keyboard.press("ArrowLeft")
    notebook.after("view.step", 7)
    notebook.agrees(view)


def focused(view):
    return view.evaluate("(root) => root.getRootNode().activeElement.ariaLabel ?? ''")


def test_a_world_under_the_pointer_is_told(notebook, view):
    view.get_by_role("button", name="line 0, world 64:").hover()
    told = view.locator(".lab-stage text", has_text="World 64")
    assert "Loves: (1,1), (1,2), (2,1), (2,2)" in told.text_content()


# --- another formula ---------------------------------------------------------------------------------------------


def test_a_typed_formula_is_shown_and_a_mistake_keeps_the_last_one(notebook, view):
    field = view.get_by_label("Formula")
    field.fill("∃x (P(x) ∧ Q(x))")
    notebook.after("[line['text'] for line in view.state['lines']][0]", "∃x (P(x) ∧ Q(x))")
    field.press("End")
    field.press("Backspace")
    notebook.after("view.state['problem'] is not None", True)
    assert notebook.python("view.state['lines'][0]['text']") == "∃x (P(x) ∧ Q(x))"
    notebook.agrees(view)
    assert view.locator(".lab-stage text", has_text="^").count() == 1
    assert notebook.drift(view, "view") == []
    notebook.picture(view, "normal-form-mistake")
    assert field.get_attribute("aria-invalid") == "true"
    field.type(")")
    notebook.after("view.state['problem']", None)
    assert field.get_attribute("aria-invalid") is None
    field.press("Enter")  # no second line, and no cell of JupyterLab is run
    assert field.input_value() == "∃x (P(x) ∧ Q(x))"


def test_the_space_bar_plays_and_pauses(notebook, view):
    view.locator(".step-row[tabindex='0']").focus()
    notebook.page.keyboard.press("Home")
    notebook.page.keyboard.press("Space")
    notebook.until(lambda: notebook.python("view.step") >= 1)
    notebook.page.keyboard.press("Space")
    view.get_by_role("button", name="▶ Play").wait_for()
    notebook.agrees(view)


def test_escape_leaves_the_field_for_the_cell(notebook, view):
    view.get_by_label("Formula").focus()
    notebook.page.keyboard.press("Escape")
    assert notebook.page.evaluate("document.activeElement.matches('.jp-Cell')")


def test_a_free_variable_or_no_text_at_all_says_what_to_do(notebook, view):
    field = view.get_by_label("Formula")
    field.fill("")
    notebook.until(lambda: "Not a formula yet" in view.locator(".lab-sentence").text_content())
    view.get_by_role("button", name="Reset").click()
    notebook.after("view.state['problem']", None)
    notebook.agrees(view)


def test_the_menu_shows_another_example(notebook, view):
    view.get_by_label("Example").select_option("negation")
    notebook.after("view.formula", "¬∃x (Man(x) ∧ ¬Mortal(x))")
    notebook.agrees(view)
