"""ScheduleView in a real JupyterLab: scrubbing, hover, following an agent, policies by mouse and keys, pictures."""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browser

CODE = """from widgets import ScheduleView
def mine(views, slots, now):
    return [view.pid for view in sorted(views, key=lambda view: (not view.running, -view.arrived))][:slots]
view = ScheduleView()
view"""
MORE = """def wrong(views, slots, now):
    return ["9"]
crowd = [(f"agent {n}", 3 * n, 10 + n % 7 * 3, ((5, 10),)) for n in range(1, 31)]
loads = {"crowd": crowd, "two": [("long", 0, 40), ("short", 1, 8)]}
other = ScheduleView(loads, policies={"mine": mine, "wrong": wrong})
other"""
RECORDED = """from agentos_lab.kernel import Kernel, RoundRobin, ScriptedCore
kernel = Kernel(ScriptedCore(slots=2), scheduler=RoundRobin(4), journal=False)
async def agent(syscall):
    first = await syscall.generate("a", max_new_tokens=9)
    await syscall.sleep(5)
    return first + await syscall.generate("b", max_new_tokens=6)
for name in ("ada", "bob", "eve"):
    kernel.spawn(agent, name)
made = ScheduleView(kernel.run())
made"""


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE, MORE, RECORDED])


@pytest.fixture
def view(notebook):
    notebook.execute("view.policy, view.quantum, view.slots, view.load = 'round-robin', 8, 3, 'mixed'")
    notebook.execute("view.tick, view.selected = 0, ''")
    shown = notebook.view("ScheduleView")
    notebook.agrees(shown)
    return shown


def told(view):
    return "".join(view.locator(".lab-svg text").filter(has_text=re.compile(r"^Step \d+:")).all_text_contents())


CHANGES = ("pass", "view.tick = 58", "view.tick, view.selected = 20, '3'", "view.slots = 8", "view.tick = 10_000",
           "view.policy = 'one at a time'", "view.load = 'convoy'")  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_live_stage_and_the_static_picture_show_the_same(notebook, view, change):
    notebook.execute(change)
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []
    assert view.bounding_box()["height"] < 540


def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view):
    notebook.execute("view.tick = 58")
    views = {"view": view, "other": notebook.view("ScheduleView", 1), "made": notebook.view("ScheduleView", 2)}
    for width in (640, 860, 1200):
        notebook.drawn_at(width, views, "schedule", 700)


def test_the_notebook_fits_windows_of_900_and_1366_pixels(notebook, view):
    notebook.execute("view.tick, view.selected = 58, '3'")
    try:
        for width in (900, 1366):
            notebook.page.set_viewport_size({"width": width, "height": 900})
            notebook.until(lambda: notebook.python("view.state['drawn_for']") == view.bounding_box()["width"])
            assert view.evaluate("(root) => root.scrollWidth <= root.clientWidth")
            notebook.picture(view, f"schedule-window-{width}")
    finally:
        notebook.page.set_viewport_size({"width": 1400, "height": 900})
    notebook.until(lambda: notebook.python("view.state['drawn_for']") == 860)


def test_dragging_over_the_chart_tells_what_all_do(notebook, view):
    sheet = view.get_by_role("slider", name="Step")
    box = sheet.bounding_box()
    notebook.page.mouse.move(box["x"] + 10, box["y"] + 30)
    notebook.page.mouse.down()
    notebook.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30, steps=4)
    notebook.page.mouse.up()
    last = notebook.python("view.state['last']")
    notebook.until(lambda: abs(notebook.python("view.tick") - last / 2) <= 1)
    assert sheet.get_attribute("aria-valuetext").startswith(f"Step {notebook.python('view.tick')}: ")


def test_pointing_at_a_bar_tells_the_tokens_and_touches_nothing_in_python(notebook, view):
    row, start, said = notebook.python(
        "next([b[0], b[2], b[6]] for b in view.state['bars'] if b[1] == 'decode' and b[3] - b[2] > 6)")  # fmt: skip
    at = notebook.python("view.state['place']")
    stage = view.locator(".lab-svg").bounding_box()
    x = at[0] + (at[1] - at[0]) * (start + 2.5) / at[-1]
    notebook.page.mouse.move(stage["x"] + x, stage["y"] + at[2] + at[3] * (row + 0.5))
    view.locator(".lab-svg text").filter(has_text=said[:40]).wait_for()
    assert "tokens: " in said and notebook.python("view.tick") == 0
    notebook.page.mouse.move(stage["x"] + x, stage["y"] + stage["height"] + 200)
    notebook.until(lambda: "wait" in told(view) or "decode" in told(view))


def test_an_agent_is_followed_by_mouse_and_keys(notebook, view):
    view.get_by_role("button", name="critic: follow it").click()
    notebook.after("view.selected", "4")
    notebook.page.keyboard.press("ArrowDown")
    notebook.page.keyboard.press("Enter")
    notebook.after("view.selected", "5")
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []
    notebook.page.keyboard.press("Escape")
    notebook.after("view.selected", "")


def test_policies_are_chosen_by_mouse_and_keys(notebook, view):
    view.get_by_role("button", name="Shortest first").click()
    notebook.after("view.policy", "shortest first")
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []
    view.get_by_role("slider", name="Step").focus()
    notebook.page.keyboard.press("ArrowUp")
    notebook.after("view.policy", "first come, first served")
    notebook.page.keyboard.press("ArrowDown")
    notebook.after("view.policy", "shortest first")
    for key, tick in (("ArrowRight", 1), ("Shift+ArrowRight", 11), ("ArrowLeft", 10), ("Home", 0)):
        notebook.page.keyboard.press(key)
        notebook.after("view.tick", tick)
    view.get_by_role("button", name="Reset").click()
    notebook.after("view.policy", "round-robin")


def test_quantum_slots_and_load_are_recomputed_at_once(notebook, view):
    view.get_by_role("spinbutton", name="quantum").focus()
    notebook.page.keyboard.press("ArrowUp")
    notebook.after("view.quantum", 9)
    view.get_by_role("spinbutton", name="slots").focus()
    notebook.page.keyboard.press("ArrowDown")
    notebook.after("view.slots", 2)
    view.get_by_role("radio", name="convoy").click()
    notebook.after("view.load", "convoy")
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []


def test_it_plays_and_stops(notebook, view):
    view.get_by_role("button", name="Play").click()
    notebook.until(lambda: notebook.python("view.tick") > 3)
    view.get_by_role("button", name="Pause").click()


def test_a_readers_policy_is_compared_and_a_wrong_one_told(notebook, view):
    other = notebook.view("ScheduleView", 1)
    other.get_by_role("button", name="Mine").click()
    notebook.after("other.policy", "mine")
    notebook.agrees(other, "other")
    assert notebook.drift(other, "other") == []
    other.get_by_role("button", name="Wrong").click()
    notebook.agrees(other, "other")
    assert "could not go on" in other.locator(".lab-sentence").text_content()
    other.get_by_role("button", name="Reset").click()
    notebook.after("other.policy", "round-robin")


def test_answers_and_redraws_are_quick(notebook, view):
    step = """root.querySelector('.lab-stepper [role=spinbutton]').dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowUp', bubbles: true, cancelable: true }))"""
    trips = sorted(notebook.round_trips(view, [step] * 9))
    scrub = """root.querySelector('.sv-sheet').dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }))"""
    draws = sorted(notebook.redraws(view, [scrub] * 9))
    print(f"quantum: median {trips[4]:.1f} ms, worst {trips[-1]:.1f}; scrub: median {draws[4]:.1f}")
    assert trips[0] < 500 and draws[0] < 50


def test_a_hovered_agent_is_shown_in_rows_and_slots(notebook, view):
    notebook.execute("view.tick = 30")
    notebook.agrees(view)
    at = notebook.python("view.state['place']")
    stage = view.locator(".lab-svg").bounding_box()
    before = view.locator(".lab-svg rect").count()
    notebook.page.mouse.move(stage["x"] + at[0] + 300, stage["y"] + at[5] + 8)  # a slot
    notebook.until(lambda: view.locator(".lab-svg rect").count() > before + 1)
    assert "decodes in slot 1" in told(view)
    notebook.picture(view, "schedule-hover")
