"""ReinforcementOfText in JupyterLab: scrubbed and read token by token in the browser, by mouse and by keyboard."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

CELLS = [
    """
from agentos_lab.lm import load_pretrained
from agentos_lab.rl import DialogueLearner, DialogueSettings, ToolCallTask, parenthesis_share, reinforce_dialogue
from widgets import ReinforcementOfText

reference, task = load_pretrained("tool-call-gpt").model, ToolCallTask()
sizes = {"prompts": 8, "samples": 6, "show": 3, "total_steps": 10 * 48, "progress": False}
learned = reinforce_dialogue(reference, task, seed=0, **sizes)
hacked = reinforce_dialogue(reference, task, seed=0, reward=parenthesis_share, **sizes)
both = ReinforcementOfText({"true reward": learned, "proxy": hacked}, name="proxy", update=2)
both
""",
    """
turns = reinforce_dialogue(reference, ToolCallTask(turns=2), seed=1, **{**sizes, "total_steps": 2 * 48, "show": 8})
two = ReinforcementOfText(turns, update=1, prompt=4)
two
""",
    """
from agentos_lab.rl import DialogueSample, DialogueUpdate

said = tuple(f" word{i}" for i in range(30))
def told(advantage, words):
    moved = tuple(0.02 * (i % 7 - 3) for i in range(len(words)))
    return DialogueSample(0, ("Tell", " a", " story", ":"), words, (True,) * len(words), advantage, advantage,
                          advantage, (-1.0,) * len(words), moved)

answers = tuple(told(0.1 * i - 0.9, said[: 30 - i]) for i in range(18))
long = ReinforcementOfText([DialogueUpdate(1, 18, 0.5, 18, 0.1, success=0.5, samples=answers)])
long
""",
    """
live = ReinforcementOfText()
live
""",
]
NAMES = ("both", "two", "long", "live")


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open(CELLS)


def shown(notebook, index):
    view = notebook.view("ReinforcementOfText", index)
    if view.get_by_role("button", name="Reset").count():
        view.get_by_role("button", name="Reset").click()
    return view


@pytest.fixture
def both(notebook):
    view = shown(notebook, 0)
    notebook.until(lambda: notebook.python("[both.name, both.update, both.judge]") == ["proxy", 2, "paid"])
    return view


def told(notebook, view, name):
    notebook.until(lambda: view.locator(".lab-sentence").inner_text() == notebook.python(f"{name}.sentence"))


@pytest.mark.parametrize("index", range(3))
def test_the_live_stage_and_the_static_picture_show_the_same_texts_at_the_same_places(notebook, index):
    view, name = shown(notebook, index), NAMES[index]
    for settings in ("pass", f"{name}.update = None", f"{name}.update = 3", f"{name}.judge = 'true'",
                     f"{name}.prompt = 1", f"{name}.chosen = [1, 2]", f"{name}.page = 1"):  # fmt: skip
        notebook.execute(settings)
        told(notebook, view, name)
        notebook.page.wait_for_timeout(60)
        assert notebook.drift(view, name) == []
        assert not view.get_by_text("NaN").count() and not view.get_by_text("undefined").count()
    shown(notebook, index)


@pytest.mark.parametrize("window", [900, 1366])
@pytest.mark.parametrize("dark", [False, True])
def test_it_is_drawn_in_both_themes_and_in_windows_of_two_sizes(notebook, window, dark):
    notebook.page.set_viewport_size({"width": window, "height": 900})
    notebook.page.evaluate(f"() => window.jupyterapp.shell.{'collapse' if window < 1000 else 'expand'}Left()")
    notebook.use_theme(dark=dark)
    for index, name in enumerate(NAMES):
        view = shown(notebook, index)
        notebook.page.wait_for_timeout(100)
        assert view.evaluate("(root) => root.scrollWidth <= root.clientWidth")
        assert view.bounding_box()["height"] <= (520 if window == 1366 else 560)
        notebook.picture(view, f"reinforcement-of-text-{name}-{window}-{'dark' if dark else 'light'}")
    notebook.use_theme(dark=False)
    notebook.page.set_viewport_size({"width": 1400, "height": 900})


@pytest.mark.parametrize("width", [640, 1200])
def test_it_fits_into_other_widths(notebook, both, width):
    notebook.page.set_viewport_size({"width": 1800, "height": 900})
    notebook.execute(f"both.width = {width}")
    notebook.until(lambda: both.bounding_box()["width"] == width)
    notebook.page.wait_for_timeout(100)
    assert notebook.drift(both, "both") == []
    notebook.picture(both, f"reinforcement-of-text-{width}")
    notebook.execute("both.width = 860")
    notebook.until(lambda: both.bounding_box()["width"] == 860)
    notebook.page.set_viewport_size({"width": 1400, "height": 900})


def test_pointing_at_a_token_tells_its_numbers_and_a_click_keeps_them(notebook, both):
    token = both.locator('[data-grid="answers"][data-row="1"][data-column="0"]')
    token.hover()
    both.locator("svg").get_by_text("This token", exact=True).wait_for()
    assert notebook.python("both.chosen") is None
    token.click()
    notebook.until(lambda: notebook.python("both.chosen") == [1, 0])
    notebook.page.mouse.move(0, 0)
    both.locator("svg").get_by_text("This token", exact=True).wait_for()
    told(notebook, both, "both")
    assert notebook.drift(both, "both") == []
    token.click()
    notebook.until(lambda: notebook.python("both.chosen") is None)


def test_the_arrow_keys_walk_over_the_tokens_and_each_says_its_numbers(notebook, both):
    press = notebook.page.keyboard.press
    stop = both.locator('[data-grid="answers"][tabindex="0"]')
    assert stop.count() == 1
    stop.focus()
    press("Home")
    press("ArrowDown")
    focus = "document.activeElement.closest('[data-grid]').dataset"
    here = notebook.page.evaluate(f"() => [Number({focus}.row), Number({focus}.column)]")
    said = notebook.page.evaluate("() => document.activeElement.getAttribute('aria-label')")
    assert here[1] == 0 and "advantage" in said and "effect" in said and "probability" in said
    both.locator("svg").get_by_text("This token", exact=True).wait_for()
    press("ArrowRight")
    assert notebook.page.evaluate(f"() => Number({focus}.column)") == 1
    press("Enter")
    notebook.until(lambda: notebook.python("both.chosen") == [here[0], 1])
    press("PageDown")  # the next update, with the token still in focus
    notebook.until(lambda: notebook.python("both.update") == 3)
    told(notebook, both, "both")
    press("Escape")
    notebook.until(lambda: notebook.python("both.chosen") is None)


def test_the_focus_stays_among_the_tokens_when_an_update_has_shorter_answers(notebook, both):
    stop = both.locator('[data-grid="answers"][tabindex="0"]')
    stop.focus()
    press = notebook.page.keyboard.press
    widest = "Math.max(...[...root.querySelectorAll('[data-grid]')].map((one) => Number(one.dataset.column)))"
    for key in ("PageDown", "PageUp"):
        column = both.evaluate(f"(root) => {widest}")
        both.locator(f'[data-grid="answers"][data-column="{column}"]').first.focus()
        for _ in range(9):
            press(key)
            notebook.page.wait_for_timeout(40)
            grid = "document.activeElement.closest('[data-grid]')?.dataset.grid"
            assert notebook.page.evaluate(f"() => {grid}") == "answers"
    notebook.until(lambda: notebook.python("both.update") == 1)


def test_the_mouse_reads_every_token_chooses_pay_judge_and_prompt_and_leaves_no_trace(notebook, both):
    stage = both.locator("svg")
    tokens = both.locator('[data-grid="answers"]')
    for index in (0, tokens.count() - 1):
        tokens.nth(index).hover()
        stage.get_by_text("This token", exact=True).wait_for()
        said = tokens.nth(index).get_attribute("aria-label")
        shown_word = tokens.nth(index).locator("text").first.text_content()
        assert shown_word.strip("·…") in said
    tokens.first.click()
    notebook.until(lambda: notebook.python("both.chosen") == [0, 0])
    assert tokens.first.get_attribute("aria-pressed") == "true"
    notebook.page.mouse.move(0, 0)
    tokens.first.click()  # once more: let go
    notebook.until(lambda: notebook.python("both.chosen") is None)
    both.get_by_role("radio", name="as true").click()
    notebook.until(lambda: notebook.python("both.judge") == "true")
    told(notebook, both, "both")
    both.get_by_role("radio", name="true reward").click()
    notebook.until(lambda: notebook.python("both.name") == "true reward")
    told(notebook, both, "both")
    both.get_by_role("button", name="Prompt: on").click()
    notebook.until(lambda: notebook.python("both.prompt") == 1)
    both.get_by_role("button", name="Prompt: back").click()
    notebook.until(lambda: notebook.python("both.prompt") == 0)
    both.get_by_role("button", name="Reset").click()
    notebook.until(lambda: notebook.python("[both.name, both.judge, both.update]") == ["proxy", "paid", 2])
    notebook.page.mouse.move(0, 0)
    stage.get_by_text("This token", exact=True).wait_for(state="detached")


def test_a_pressed_mouse_scrubs_and_a_mere_pointer_does_not(notebook, both):
    slider = both.get_by_role("slider", name="Update")
    box = slider.bounding_box()
    notebook.page.mouse.move(box["x"] + box["width"] - 4, box["y"] + 30)
    notebook.page.wait_for_timeout(120)
    assert notebook.python("both.update") == 2
    notebook.page.mouse.down()
    notebook.page.mouse.move(box["x"] + 1, box["y"] + 30, steps=5)
    notebook.page.mouse.up()
    notebook.until(lambda: notebook.python("both.update") == 1)
    notebook.page.mouse.move(box["x"] + box["width"] - 4, box["y"] + 30)  # let go: it follows no more
    notebook.page.wait_for_timeout(120)
    assert notebook.python("both.update") == 1


def test_dragging_over_the_curves_goes_along_the_updates_without_python(notebook, both):
    answers, box = both.get_attribute("data-answers"), both.get_by_role("slider", name="Update").bounding_box()
    notebook.page.mouse.move(box["x"] + 12, box["y"] + 40)
    notebook.page.mouse.down()
    notebook.page.mouse.move(box["x"] + box["width"] - 1, box["y"] + 40, steps=6)
    notebook.page.mouse.up()
    notebook.until(lambda: notebook.python("both.update") is None)
    told(notebook, both, "both")
    assert both.get_attribute("data-answers") == answers


def test_everything_can_be_done_by_the_keyboard(notebook, both):
    press = notebook.page.keyboard.press
    both.get_by_role("slider", name="Update").focus()
    for key, update in (("ArrowRight", 3), ("Home", 1), ("ArrowLeft", 1), ("End", None), ("ArrowLeft", 9)):
        press(key)
        notebook.until(lambda update=update: notebook.python("both.update") == update)
    press("j")
    notebook.until(lambda: notebook.python("both.judge") == "true")
    told(notebook, both, "both")
    both.get_by_role("button", name="Prompt: on").click()
    notebook.until(lambda: notebook.python("both.prompt") == 1)
    both.get_by_role("radio", name="true reward").click()
    notebook.until(lambda: notebook.python("both.name") == "true reward")
    told(notebook, both, "both")
    assert both.get_by_text("true success").count() == 0  # one curve: what is paid is the truth
    both.get_by_role("radio", name="proxy").click()
    both.get_by_role("radio", name="as paid").click()
    notebook.until(lambda: notebook.python("[both.name, both.judge]") == ["proxy", "paid"])


def test_it_plays_and_pauses(notebook, both):
    both.get_by_role("slider", name="Update").focus()
    notebook.page.keyboard.press("Space")
    notebook.until(lambda: (notebook.python("both.update") or 10) >= 4)
    notebook.page.keyboard.press("Space")
    both.get_by_role("button", name="▶ Play").wait_for()
    told(notebook, both, "both")


def test_prompt_and_tool_turn_have_no_colour_and_are_told_as_masked(notebook):
    view = shown(notebook, 1)
    assert view.get_by_role("img", name="prompt: ").count() == 1
    masked = view.get_by_role("button", name="read, and masked")
    assert masked.count() > 0
    masked.first.hover()
    view.locator("svg").get_by_text("not written by the policy: read, and").wait_for()
    assert view.locator("svg").get_by_text("= effect").count() == 0


def test_long_answers_have_parts_and_many_have_the_best_and_the_worst(notebook):
    view = shown(notebook, 2)
    assert view.locator("svg").get_by_text("8/18", exact=True).count() == 1
    assert view.get_by_role("button", name="·word29").count() == 0
    for _ in range(3):
        view.get_by_role("button", name="Part: on").click()
    notebook.until(lambda: notebook.python("long.page") >= 2)
    told(notebook, view, "long")


def test_a_training_that_is_under_way_is_shown_as_it_goes(notebook):
    view = notebook.view("ReinforcementOfText", 3)
    view.get_by_text("No update yet").wait_for()
    notebook.execute("""
learner = DialogueLearner(reference, task, DialogueSettings(prompts=4, samples=4, total_steps=64))
for _, record in zip(range(2), learner):
    live.add(record)
""")
    view.get_by_text("Update 2").first.wait_for()
    assert notebook.python("live.sentence").startswith("Update 2: reward ")
    notebook.execute("learner.run(on_record=live.add, progress=False)")  # goes on where it was stopped
    told(notebook, view, "live")
    assert notebook.python("len(live.text_runs[0].records)") == 4
    assert notebook.drift(view, "live") == []


def test_pointing_and_scrubbing_are_quick(notebook, both):
    look = (
        """root.querySelector('[data-grid="answers"][data-row="{}"]').dispatchEvent(new PointerEvent("pointerenter"))"""
    )
    key = """root.querySelector('[aria-label="Update"]').dispatchEvent(
        new KeyboardEvent("keydown", {{ key: "{}", bubbles: true, cancelable: true }}))"""
    looks = sorted(notebook.redraws(both, [look.format(row % 6) for row in range(12)]))
    moves = sorted(notebook.redraws(both, [key.format(way) for way in ("ArrowRight", "ArrowLeft")] * 8))
    print(f"a token: median {looks[6]:.1f} ms; an update: median {moves[8]:.1f} ms")
    assert looks[0] < 50 and moves[0] < 50  # a loaded machine's worst is no matter, its best is
