"""ContextPager in a real JupyterLab: scrubbing, faults, pages, policies and sizes by mouse and keys, pictures."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

CODE = """from widgets import ContextPager
view = ContextPager(time=66)
view"""
TEXTBOOK = """class Newest:
    def victim(self, pages, now):
        return max(pages, key=lambda page: page.loaded).id
textbook = ContextPager("123412512345", frames=3, policy="FIFO", policies={"newest": Newest()}, time=7)
textbook"""
WINDOW = """from agentos_lab.kernel.context import ContextWindow
window = ContextWindow(60)
for n in range(12):
    window.add(f"message {n}: " + "word " * (3 + n % 5), "user" if n % 2 else "assistant", name=f"message {n}")
    if n > 4:
        window.reference(n % 3)
recorded = ContextPager(window, title="A conversation in 60 tokens", time=14)
recorded"""


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE, TEXTBOOK, WINDOW])


@pytest.fixture
def view(notebook):
    notebook.execute("view.policy, view.comparison, view.frames, view.pinned = 'LRU', 'LRU-2', 8, []")
    notebook.execute("view.time, view.selected = 66, ''")
    shown = notebook.view("ContextPager")
    notebook.agrees(shown)
    return shown


CHANGES = ("pass", "view.time = 0", "view.time = 10_000", "view.policy = 'Clock'", "view.selected = 'notes'",
           "view.frames = 14", "view.pinned = ['system prompt', 'plan']", "view.comparison = ''")  # fmt: skip


@pytest.mark.parametrize("change", CHANGES)
def test_the_live_stage_and_the_static_picture_show_the_same(notebook, view, change):
    notebook.execute(change)
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []
    assert view.bounding_box()["height"] < 540


def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view):
    views = {"view": view, "textbook": notebook.view("ContextPager", 1), "recorded": notebook.view("ContextPager", 2)}
    for width in (640, 860, 1200):
        notebook.drawn_at(width, views, "context-pager", 590)


def test_the_notebook_fits_windows_of_900_and_1366_pixels(notebook, view):
    try:
        for width in (900, 1366):
            notebook.page.set_viewport_size({"width": width, "height": 900})
            notebook.until(lambda: notebook.python("view.state['drawn_for']") == view.bounding_box()["width"])
            assert view.evaluate("(root) => root.scrollWidth <= root.clientWidth")
            notebook.picture(view, f"context-pager-window-{width}")
    finally:
        notebook.page.set_viewport_size({"width": 1400, "height": 900})
    notebook.until(lambda: notebook.python("view.state['drawn_for']") == 860)


def test_dragging_over_the_map_moves_the_reference_without_python(notebook, view):
    notebook.execute("answers = []; view.observe(answers.append, names='state')")
    sheet = view.get_by_role("slider", name="Reference")
    box = sheet.bounding_box()
    notebook.page.mouse.move(box["x"] + 10, box["y"] + 30)
    notebook.page.mouse.down()
    notebook.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 30, steps=4)
    notebook.page.mouse.up()
    notebook.until(lambda: abs(notebook.python("view.time") - 51) <= 1)
    notebook.agrees(view)
    assert sheet.get_attribute("aria-valuetext") == notebook.python("view.sentence")
    assert notebook.python("len(answers)") == 0


def test_pointing_at_a_page_says_what_it_does_there(notebook, view):
    left, right, count = notebook.python("[view.state['place'][n] for n in (4, 5, 13)]")
    top, high = notebook.python("view.state['rows'][3]")
    stage = view.locator(".lab-svg").bounding_box()
    notebook.page.mouse.move(stage["x"] + left + (right - left) * 3.5 / count, stage["y"] + top + high / 2)
    view.get_by_text("page 3, notes, comes in for the first time.").wait_for()
    notebook.page.mouse.move(stage["x"] + left + (right - left) * 1.5 / count, stage["y"] + top + high / 2)
    view.get_by_text("page 3, notes, is to come.").wait_for()
    notebook.page.mouse.move(stage["x"] + 5, stage["y"] + stage["height"] + 200)
    view.get_by_text("in the window for").wait_for()


def test_keys_walk_to_references_and_faults(notebook, view):
    view.get_by_role("slider", name="Reference").focus()
    faults = notebook.python("[n for n, each in enumerate(view.state['moments']) if each['kind'] == 'fault']")
    following = next(time for time in faults if time > 66)
    before = max(time for time in faults if time < following)
    for key, time in (("ArrowRight", 67), ("ArrowLeft", 66), ("Shift+ArrowRight", 76), ("PageUp", 66), ("n", following),
                      ("b", before), ("End", 102), ("Home", 0)):  # fmt: skip
        notebook.page.keyboard.press(key)
        notebook.after("view.time", time)
    notebook.agrees(view)


def test_a_page_is_followed_and_pinned(notebook, view):
    view.get_by_role("button", name="page 3, notes", exact=False).first.click()
    notebook.after("view.selected", "notes")
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []
    notebook.page.keyboard.press("p")
    notebook.after("view.pinned", ["notes"])
    notebook.agrees(view)
    assert notebook.python("[each for each in view.run.events if each.kind == 'evict' and each.page == 'notes']") == []
    assert notebook.drift(view, "view") == []
    view.get_by_role("button", name="unpin page 3").click()
    notebook.after("view.pinned", [])
    notebook.page.keyboard.press("Escape")
    notebook.after("view.selected", "")
    view.locator("[data-grid=archive]").first.focus()
    notebook.page.keyboard.press("ArrowRight")
    notebook.page.keyboard.press("Enter")
    notebook.until(lambda: notebook.python("view.selected") != "")


def test_policy_comparison_and_size_are_chosen_by_mouse_and_keys(notebook, view):
    view.get_by_role("radio", name="Clock").click()
    notebook.after("view.policy", "Clock")
    notebook.agrees(view)
    assert view.locator(".lab-sentence").text_content().count("Clock") >= 1
    view.get_by_role("button", name="FIFO, 68 faults: compare it").click()
    notebook.after("view.comparison", "FIFO")
    view.get_by_role("button", name="a window of 12 pages").click()
    notebook.after("view.frames", 12)
    view.get_by_role("spinbutton", name="window").focus()
    notebook.page.keyboard.press("ArrowDown")
    notebook.after("view.frames", 11)
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []
    view.get_by_role("button", name="Reset").click()
    notebook.after("[view.policy, view.comparison, view.frames]", ["LRU", "LRU-2", 8])


def test_it_plays_and_stops(notebook, view):
    view.get_by_role("button", name="Play").click()
    notebook.until(lambda: notebook.python("view.time") > 67)
    view.get_by_role("button", name="Pause").click()


def test_a_readers_policy_and_a_recorded_window_are_shown(notebook, view):
    textbook, recorded = notebook.view("ContextPager", 1), notebook.view("ContextPager", 2)
    textbook.get_by_role("radio", name="newest").click()
    notebook.after("textbook.policy", "newest")
    notebook.agrees(textbook, "textbook")
    assert notebook.drift(textbook, "textbook") == []
    notebook.execute("textbook.policy = 'FIFO'")
    assert recorded.get_by_role("radio").count() == 0
    recorded.get_by_role("slider", name="Reference").focus()
    notebook.page.keyboard.press("End")
    notebook.agrees(recorded, "recorded")
    assert notebook.drift(recorded, "recorded") == []


def test_answers_and_redraws_are_quick(notebook, view):
    press = """const all = [...root.querySelectorAll('[role=radio]')];
        all[(all.findIndex((one) => one.ariaChecked === 'true') + 1) % all.length].click()"""
    trips = sorted(notebook.round_trips(view, [press] * 9))
    scrub = """root.querySelector('.cp-sheet').dispatchEvent(
        new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true, cancelable: true }))"""
    draws = sorted(notebook.redraws(view, [scrub] * 9))
    print(f"policy: median {trips[4]:.1f} ms, worst {trips[-1]:.1f}; scrub: median {draws[4]:.1f}")
    assert trips[0] < 500 and draws[0] < 50
