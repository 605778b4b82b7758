"""TimeTravel in a real JupyterLab: scrubbing a journal, forking it with another reply, by mouse and keys, pictures."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

CODE = """from agentos_lab.kernel import Kernel, ScriptedCore, tool
from widgets import TimeTravel

@tool(ticks=3)
def weather(city: str) -> str:
    "What the sky will be like."
    return "rain"

def core(prompt, seed):
    return "Go by train." if "rain" in prompt else "Go by bike." if "sun" in prompt else "Paris in spring"

async def planner(syscall):
    city = await syscall.generate("Which city?", max_new_tokens=3)
    await syscall.write("trip/city", city)
    sky = await syscall.call("weather", city="Paris")
    await syscall.write("trip/sky", sky)
    advice = await syscall.generate(f"It will be {sky}: how to travel?")
    await syscall.send("2", advice)
    if (await syscall.receive())["message"] == "good":
        await syscall.write("trip/plan", advice)
    return str(advice)

async def critic(syscall):
    await syscall.sleep(2)
    plan = (await syscall.receive())["message"]
    clerk_pid = await syscall.spawn(clerk, name="clerk", plan=plan)
    letters = await syscall.wait(clerk_pid)
    await syscall.send("1", "good" if letters < 12 else "too long")
    return letters

async def clerk(syscall, plan):
    await syscall.write("letters", len(plan))
    return len(plan)

async def logger(syscall):
    for number in range(3):
        await syscall.write("log", number)
        await syscall.sleep(4)

kernel = Kernel(ScriptedCore(core), tools=[weather])
for agent in (planner, critic, logger):
    kernel.spawn(agent)
run = kernel.run()
view = TimeTravel(kernel, row=8)
view"""
ROWS = """async def busy(syscall):
    for number in range(20):
        await syscall.write(f"value {number % 7}", number)
        await syscall.send("1", number)
many = Kernel(ScriptedCore())
for number in range(6):
    many.spawn(busy, f"agent {number}")
many.run()
rows = TimeTravel(many.journal.rows(), {"1": "the first"}, row=120)
rows"""


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE, ROWS])


@pytest.fixture
def view(notebook):
    notebook.execute("view.fork_row, view.fork_reply, view.row = 0, '', 8")
    shown = notebook.view("TimeTravel")
    notebook.agrees(shown)
    return shown


CHANGES = ("pass", "view.row = 0", "view.row = 1_000", "view.fork_at(7, 'sun')", "view.fork_at(3, 'Rome')")


@pytest.mark.parametrize("change", CHANGES)
def test_the_live_stage_and_the_static_picture_show_the_same(notebook, view, change):
    notebook.execute(change)
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []
    assert view.bounding_box()["height"] < 580


@pytest.mark.parametrize("forked", [False, True])
def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view, forked):
    notebook.execute("view.fork_at(7, 'sun'); view.row = 11" if forked else "pass")
    views = {"view": view} if forked else {"view": view, "rows": notebook.view("TimeTravel", 1)}
    for width in (640, 860, 1200):
        notebook.drawn_at(width, views, "time-travel" + "-fork" * forked, 640)


def test_the_notebook_fits_windows_of_900_and_1366_pixels(notebook, view):
    notebook.execute("view.fork_at(7, 'sun')")
    try:
        for width in (900, 1366):
            notebook.page.set_viewport_size({"width": width, "height": 900})
            notebook.until(lambda: notebook.python("view.state['drawn_for']") == view.bounding_box()["width"])
            assert view.evaluate("(root) => root.scrollWidth <= root.clientWidth")
            notebook.picture(view, f"time-travel-window-{width}")
    finally:
        notebook.page.set_viewport_size({"width": 1400, "height": 900})
    notebook.until(lambda: notebook.python("view.state['drawn_for']") == 860)


def test_dragging_and_pointing_need_no_python(notebook, view):
    notebook.execute("answers = []; view.observe(answers.append, names='state')")
    box = view.get_by_role("slider", name="Row").bounding_box()
    notebook.page.mouse.move(box["x"] + box["width"] - 3, box["y"] + 30)
    last = notebook.python("len(view.rows)")
    view.get_by_text(notebook.python("view.state['moments'][-1]['call']"), exact=True).wait_for()
    assert notebook.python("view.row") == 8
    notebook.page.mouse.down()
    notebook.page.mouse.up()
    notebook.after("view.row", last)
    notebook.agrees(view)
    assert notebook.python("len(answers)") == 0


def test_keys_walk_along_the_journal_and_along_a_process(notebook, view):
    view.get_by_role("slider", name="Row").focus()
    mine = notebook.python("[row.seq for row in view.rows if row.pid == view.rows[8].pid]")
    following = next(row for row in mine if row > 9)
    for key, row in (("ArrowRight", 9), ("ArrowDown", following), ("ArrowUp", 9), ("Home", 0), ("ArrowRight", 1),
                     ("PageDown", 11), ("Shift+ArrowLeft", 1)):  # fmt: skip
        notebook.page.keyboard.press(key)
        notebook.after("view.row", row)
    notebook.agrees(view)


def test_a_run_is_forked_with_another_reply_and_the_fork_forgotten(notebook, view):
    row = notebook.python("next(row.seq for row in view.rows if row.call == 'call')")
    notebook.execute(f"view.row = {row}")
    reply = view.get_by_label("Reply to fork with")
    notebook.until(lambda: reply.input_value() == "rain")
    reply.fill("sun")
    view.get_by_role("button", name=f"Fork at row {row}").click()
    notebook.after("[view.fork_row, view.fork_reply]", [row, "sun"])
    notebook.agrees(view)
    assert notebook.python("view.difference.storage['trip/sky']") == ["rain", "sun"]
    assert notebook.drift(view, "view") == []
    view.get_by_role("button", name="No fork").click()
    notebook.after("view.difference is None", True)
    reply.fill("!the sensor is broken")
    view.get_by_role("button", name=f"Fork at row {row}").click()
    notebook.until(lambda: notebook.python("view.fork_reply") == "!the sensor is broken")
    notebook.agrees(view)
    assert notebook.python("view.branch.kernel.result().failures['1'].kind") == "ToolFailed"
    view.get_by_role("slider", name="Row").focus()
    notebook.page.keyboard.press("Escape")
    notebook.after("view.fork_row", 0)


def test_a_reply_that_cannot_be_read_is_told_and_the_picture_stays(notebook, view):
    row = notebook.python("next(row.seq for row in view.rows if row.call == 'receive')")
    notebook.execute(f"view.row = {row}")
    notebook.agrees(view)
    view.get_by_label("Reply to fork with").fill("{no json")
    view.get_by_role("button", name=f"Fork at row {row}").click()
    notebook.until(lambda: "is no JSON" in view.locator(".lab-sentence").text_content())
    assert view.locator(".tt-sheet").count() == 1
    view.get_by_role("button", name="Reset").click()
    notebook.after("[view.fork_row, view.row]", [0, 8])


def test_it_plays_and_stops(notebook, view):
    view.get_by_role("button", name="Play").click()
    notebook.until(lambda: notebook.python("view.row") > 9)
    view.get_by_role("button", name="Pause").click()


def test_rows_alone_cannot_be_forked(notebook, view):
    rows = notebook.view("TimeTravel", 1)
    assert (
        rows.get_by_role("button", name="Fork").count() == 0 and rows.get_by_role("button", name="Reset").count() == 1
    )
