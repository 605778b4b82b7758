"""KernelMonitor in a real JupyterLab: it runs while other cells run; pause, step, answers, kill, by mouse and keys."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

CODE = """from agentos_lab.kernel import Kernel, RoundRobin, ScriptedCore, tool
from widgets import KernelMonitor

@tool(ticks=9)
def search(query: str) -> str:
    "Search."
    return "found"

deleted = []

@tool(effect="irreversible")
def delete(name: str) -> str:
    "Delete."
    deleted.append(name)
    return "gone"

async def helper(syscall, n):
    return await syscall.generate(f"part {n}", max_new_tokens=18)

async def planner(syscall):
    await syscall.generate("plan", max_new_tokens=12)
    pids = [await syscall.spawn(helper, f"helper {n}", n=n) for n in (1, 2)]
    return [await syscall.wait(pid) for pid in pids]

async def searcher(syscall):
    for n in range(3):
        await syscall.generate(f"q{n}", max_new_tokens=10)
        await syscall.call("search", query="x")
    return "found it"

async def cleaner(syscall):
    await syscall.generate("which", max_new_tokens=6)
    return await syscall.call("delete", name="old.txt")

async def guide(syscall):
    await syscall.sleep(8)
    return await syscall.ask("Which city shall I describe?")

async def chooser(syscall):
    return await syscall.ask("Which of these?", options=["tea", "coffee"])

async def talker(syscall):
    while True:
        await syscall.generate("again", max_new_tokens=15)

def make():
    kernel = Kernel(ScriptedCore(slots=2), scheduler=RoundRobin(5), tools=[search, delete], journal=False)
    kernel.spawn(planner)
    kernel.spawn(searcher, budget={"tokens": 60})
    kernel.spawn(cleaner, budget={"tokens": 8})
    kernel.spawn(guide)
    kernel.spawn(chooser)
    kernel.spawn(talker, arrives=30)
    return kernel

view = KernelMonitor(make)
view"""


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([CODE, "1 + 1"])


@pytest.fixture
def view(notebook):
    notebook.execute("view.restart(); view.selected, view.speed = '', 10; deleted.clear()")
    shown = notebook.view("KernelMonitor")
    notebook.agrees(shown)
    return shown


def test_the_live_stage_and_the_static_picture_show_the_same(notebook, view):
    assert notebook.drift(view, "view") == []
    for ticks, selected in ((20, "2"), (25, "1.1"), (40, "6")):
        notebook.execute(f"view.run(ticks={ticks}); view.selected = '{selected}'")
        notebook.agrees(view)
        assert notebook.drift(view, "view") == []


def test_it_looks_well_in_both_themes_and_at_every_width(notebook, view):
    notebook.execute("view.run(ticks=45); view.selected = '2'")
    for width in (640, 860, 1200):
        notebook.drawn_at(width, {"view": view}, "kernel-monitor", 600)


def test_it_runs_while_other_cells_run_and_pauses(notebook, view):
    view.get_by_role("radio", name="50").click()
    view.get_by_role("button", name="Run").click()
    notebook.until(lambda: notebook.python("view.now") > 5)
    before = notebook.python("view.now")
    assert notebook.python("sum(range(1000))") == 499_500
    notebook.until(lambda: notebook.python("view.now") > before)
    assert "Running" in view.locator(".lab-sentence").text_content()
    view.get_by_role("button", name="Pause").click()
    notebook.after("view.playing", False)
    now = notebook.python("view.now")
    notebook.page.wait_for_timeout(300)
    assert notebook.python("view.now") == now == notebook.python("view.kernel.now")
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []


def test_one_step_is_one_tick(notebook, view):
    for tick in (1, 2, 3):
        view.get_by_role("button", name="One step").click()
        notebook.after("view.now", tick)
    notebook.page.keyboard.press("s")
    notebook.after("view.kernel.now", 4)


def test_the_reader_is_the_person_whom_the_kernel_asks(notebook, view):
    notebook.execute("view.run(ticks=40)")
    notebook.agrees(view)
    view.get_by_role("button", name="cleaner: Allow").click()
    view.get_by_role("button", name="chooser: coffee").click()
    view.get_by_label("answer for guide").fill("Lisbon")
    notebook.page.keyboard.press("Enter")
    notebook.after("len(view.kernel.questions)", 0)
    notebook.execute("view.run(ticks=60)")
    assert notebook.python("deleted") == ["old.txt"]
    assert notebook.python("[view.result().results[pid] for pid in '345']") == ["gone", "Lisbon", "coffee"]


def test_what_is_denied_does_not_happen_and_an_answer_wakes_a_kernel_that_waits(notebook, view):
    notebook.execute("view.kernel.kill('6'); view.speed = 0")
    view.get_by_role("button", name="Run").click()
    notebook.until(lambda: "waits for you" in view.locator(".lab-sentence").text_content())
    assert notebook.python("view.playing")
    view.get_by_role("button", name="cleaner: Deny").click()
    notebook.after("view.kernel.processes['3'].state", "failed")
    view.get_by_role("button", name="chooser: tea").click()
    view.get_by_label("answer for guide").fill("Rome")
    view.get_by_role("button", name="answer guide").click()
    notebook.after("view.playing", False)
    notebook.agrees(view)
    assert view.locator(".lab-sentence").text_content().startswith("All over")
    assert notebook.python("deleted") == []
    assert view.get_by_role("button", name="Run").get_attribute("aria-disabled") == "true"
    view.get_by_role("button", name="Start anew").click()
    notebook.after("view.now", 0)


def test_a_process_is_chosen_and_killed_by_mouse_and_keys(notebook, view):
    notebook.execute("view.run(ticks=35)")
    view.get_by_role("button", name="talker, process 6").click()
    notebook.after("view.selected", "6")
    view.get_by_role("button", name="kill talker").click()
    notebook.after("view.kernel.processes['6'].state", "killed")
    notebook.agrees(view)
    assert notebook.drift(view, "view") == []
    view.get_by_role("button", name="One step").focus()
    notebook.page.keyboard.press("ArrowUp")
    notebook.after("view.selected", "5")
    notebook.page.keyboard.press("Escape")
    notebook.after("view.selected", "")
    notebook.page.keyboard.press("Space")  # on a focused button: it is pressed
    notebook.after("view.now", 36)


def test_a_tick_is_shown_quickly(notebook, view):
    press = "root.querySelectorAll('.lab-controls button')[1].click()"
    trips = sorted(notebook.round_trips(view, [press] * 9))
    print(f"one step: median {trips[4]:.1f} ms, worst {trips[-1]:.1f}")
    assert trips[0] < 500
