"""InterventionLab in a real JupyterLab: x by mouse and by keys, surgery, persons, sliders, pictures."""

from __future__ import annotations

import pytest

CODE = "from widgets import InterventionLab\nview = InterventionLab()\nview"


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE])


@pytest.fixture
def view(notebook):
    notebook.execute("[setattr(view, name, value) for name, value in view.initial.items()]")
    shown = notebook.view("InterventionLab")
    notebook.agrees(shown)
    return shown


@pytest.mark.parametrize(
    "settings",
    ["view.x = 7.0", "view.x = 0.0", "view.x = 10.0", "view.cut = False", "view.known = ['A', 'X']",
     "view.panels = 'three stages'", "view.panels, view.known = 'three stages', ['X', 'Y']",
     "view.values = {'ageing': 0.0, 'noise': 0.9}", "view.person = 11"],
)  # fmt: skip
def test_the_live_stage_and_the_static_picture_show_the_same(notebook, view, settings):
    notebook.execute(settings)
    notebook.agrees(view)
    notebook.until(lambda: notebook.drift(view, "view") == [])
    assert view.bounding_box()["height"] < 520


def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view):
    for width in (640, 860, 1200):
        notebook.drawn_at(width, {"view": view}, "intervention", 570)
    notebook.execute("view.panels = 'three stages'")
    notebook.agrees(view)
    notebook.picture(view, "intervention-stages")


def pill(view, name="done"):
    return view.get_by_role("slider", name=f"X, {name}")


def test_a_pill_is_dragged_and_all_three_follow(notebook, view):
    box = pill(view).bounding_box()
    notebook.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 8)
    notebook.page.mouse.down()
    notebook.page.mouse.move(box["x"] + box["width"] / 2 - 60, box["y"] + 8, steps=5)
    notebook.page.mouse.up()
    notebook.until(lambda: notebook.python("view.x") < 6)
    notebook.agrees(view)
    shown = f"{notebook.python('view.x'):.1f}"
    assert view.locator(".il-pill text").all_text_contents() == [shown] * 3
    assert notebook.drift(view, "view") == []


def test_keys_move_x_cut_and_change_the_panels(notebook, view):
    pill(view, "seen").focus()
    start = notebook.python("view.state['grid'].index(view.x)")
    for key, at in (("ArrowRight", start + 1), ("Shift+ArrowLeft", start - 9), ("Home", 0), ("PageUp", 10)):
        notebook.page.keyboard.press(key)
        notebook.after("view.state['grid'].index(view.x)", at)
    notebook.page.keyboard.press("c")
    notebook.after("view.cut", False)
    notebook.page.keyboard.press("p")
    notebook.after("view.person", 0)
    notebook.page.keyboard.press("s")
    notebook.after("view.panels", "three stages")
    view.get_by_text("1 Abduction").wait_for()
    notebook.agrees(view)
    view.get_by_role("button", name="Reset").click()
    notebook.after("[view.cut, view.panels, view.x]", [True, "three questions", 7.0])


def test_an_arrow_is_mended_and_cut_by_a_click_and_by_enter(notebook, view):
    view.get_by_role("button", name="A → X: cut").click()
    notebook.after("view.cut", False)
    view.get_by_text("arrows mended").wait_for()
    view.locator(".il-spot").focus()
    notebook.page.keyboard.press("Enter")
    notebook.after("view.cut", True)
    assert notebook.drift(view, "view") == []


def test_a_click_on_a_dot_imagines_that_person(notebook, view):
    spot = notebook.python(
        "[next(i for i, (x, y) in enumerate(view.state['cloud']) if x < 3.6),"
        " view.state['x_axis'], view.state['y_axis'], view.state['cloud']]"
    )
    at, x_axis, y_axis, cloud = spot
    chart = view.locator(".il-chart").nth(2).bounding_box()
    across = (cloud[at][0] - x_axis["low"]) / (x_axis["high"] - x_axis["low"])
    up = (cloud[at][1] - y_axis["low"]) / (y_axis["high"] - y_axis["low"])
    notebook.page.mouse.click(chart["x"] + across * chart["width"], chart["y"] + (1 - up) * (chart["height"] - 18))
    notebook.until(lambda: notebook.python("view.person") >= 0)
    notebook.agrees(view)
    assert "unit " in notebook.python("view.sentence")


def test_sliders_of_the_model_and_what_is_known_ask_python(notebook, view):
    view.get_by_role("slider", name="ageing").press("Home")
    notebook.after("view.values['ageing']", 0)
    notebook.agrees(view)
    view.get_by_label("A known").click()
    notebook.after("view.known", ["X", "Y"])
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []


def test_it_plays_and_pauses(notebook, view):
    notebook.execute("view.x = 3.0")
    notebook.agrees(view)
    view.get_by_role("button", name="Play").click()
    notebook.until(lambda: notebook.python("view.x") > 3.5)
    view.get_by_role("button", name="Pause").click()
    notebook.agrees(view)


def test_a_step_is_drawn_within_a_frame_or_two(notebook, view):
    press = """root.querySelector('.il-pill').dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true, cancelable: true }))"""
    redraws = sorted(notebook.redraws(view, [press] * 11))
    print(f"one step: median {redraws[5]:.1f} ms, worst {redraws[-1]:.1f}")
    assert redraws[0] < 200


def test_a_discrete_model_agrees_with_its_static_picture(lab):
    coins = (
        "from agentos_lab.causal import Bernoulli, StructuralCausalModel\nfrom widgets import InterventionLab\n"
        "noise = {'U': Bernoulli(0.5), 'E': Bernoulli(0.2), 'F': Bernoulli(0.3)}\n"
        "model = StructuralCausalModel('Z = U; X = Z ^ E; Y = (X & F) | Z', noise)\n"
        "view = InterventionLab(model)\nview"
    )
    notebook = lab.open([coins])
    shown = notebook.view("InterventionLab")
    assert notebook.drift(shown, "view") == []
    notebook.picture(shown, "intervention-coins")
