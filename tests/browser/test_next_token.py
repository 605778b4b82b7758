"""NextTokenExplorer in JupyterLab: reshaped in the browser, drawn by Python, walked by mouse and by keyboard."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

LETTERS = """
import torch
from agentos_lab.lm import GPT, CharTokenizer, GPTConfig, LanguageModel
from widgets import NextTokenExplorer

class Watched(NextTokenExplorer):
    computed = 0
    def compute(self):
        self.computed += 1
        return super().compute()

config = GPTConfig.llama(31, width=32, layers=6, context=40, kv_heads=2)
model = GPT(config, seed=0).eval()
with torch.no_grad():
    for parameter in model.parameters():
        parameter += 0.2 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1))
lm = LanguageModel(model, CharTokenizer("abcdefghijklmnopqrstuvwxyz .\\n", special=("bos", "eos")), "letters")
view = Watched(lm, "the cat", temperature=0.8, top_p=0.9, seed=7)
view
"""
SMOLLM2 = """
from agentos_lab.lm.pretrained import load_pretrained
from widgets import NextTokenExplorer
lm = load_pretrained("smollm2-135m-instruct")
view = NextTokenExplorer(lm, "The cat sat on the mat.", temperature=0.8, top_p=0.9, seed=7)
view.tokens = lm.tokenizer.encode(" The dog sat on the")
view
"""
PLAIN = (
    "view.temperature, view.top_k, view.top_p, view.seed, view.text = 0.8, None, 0.9, 7, 'the cat'; view.tokens = {}"
)


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open([LETTERS])


@pytest.fixture
def view(notebook):
    notebook.execute(PLAIN.format([]))
    shown = notebook.view("Watched")
    shown.get_by_role("button", name="Reset").click()
    shown.get_by_text("After the cat").first.wait_for()
    settled(notebook, shown)
    return shown


def settled(notebook, view):
    """Wait until the roads are known and the browser shows what Python says."""
    notebook.until(lambda: not notebook.python("view.state.get('pending', False)"))
    notebook.until(lambda: view.locator(".lab-sentence").inner_text() == notebook.python("view.sentence"))


def texts(view, selector):
    return view.locator(f"{selector} text").all_text_contents()


@pytest.mark.parametrize("settings", ["view.tokens = [2, 0]", "view.top_k = 3", "view.temperature = 0.0",
                                      "view.temperature, view.top_k, view.top_p = 1.5, 20, 0.6",
                                      "view.temperature, view.top_p = 1.0, None"])  # fmt: skip
def test_the_live_stage_and_the_static_picture_show_the_same_texts_at_the_same_places(notebook, view, settings):
    notebook.execute(settings)
    settled(notebook, view)
    assert notebook.drift(view, "view") == []


@pytest.mark.parametrize("temperature", [0.0, 0.05, 0.7, 1.0, 2.0])
@pytest.mark.parametrize("cuts", ["None, None", "3, None", "None, 0.55", "9, 0.8", "1, None"])
def test_sentence_and_facts_are_the_same_in_javascript_and_in_python(notebook, view, temperature, cuts):
    notebook.execute(f"view.temperature = {temperature}; view.top_k, view.top_p = {cuts}")
    notebook.until(lambda: view.locator(".lab-sentence").inner_text() == notebook.python("view.sentence"))
    assert view.locator(".lab-meta").inner_text() == notebook.python("view.facts()")
    assert notebook.drift(view, "view") == []


def test_the_sliders_reshape_without_python(notebook, view):
    before = notebook.python("view.computed")
    view.get_by_role("slider", name="Temperature").press("End")
    view.get_by_text("temperature 2 and top-p 0.90 leave").wait_for()
    for _ in range(5):
        view.get_by_role("slider", name="Top-p").press("ArrowLeft")
    view.get_by_role("button", name="Top-k: on").click()
    view.get_by_text("greedy").first.wait_for()  # top-k 1
    notebook.until(lambda: notebook.python("[view.temperature, view.top_k, view.top_p]") == [2, 1, 0.85])
    view.get_by_role("button", name="Top-k: back").click()
    view.get_by_role("slider", name="Top-p").press("End")
    notebook.until(lambda: notebook.python("[view.top_k, view.top_p]") == [None, None])
    assert notebook.python("view.computed") == before


def test_drawing_by_button_and_by_space_writes_what_generate_writes(notebook, view):
    written = "list(lm.generate('the cat', 4, temperature=0.8, top_p=0.9, seed=7).tokens)"
    view.get_by_role("button", name="Draw one token").click()
    notebook.until(lambda: len(notebook.python("view.tokens")) == 1)
    view.locator(".nt-row").first.focus()
    for count in (2, 3, 4):
        notebook.page.keyboard.press("Space")
        notebook.until(lambda count=count: view.locator(".nt-chip").count() == count)
    assert notebook.python("view.tokens") == notebook.python(written)
    settled(notebook, view)
    assert view.locator(".nt-road").count() == 4 * 2 + 3


def test_a_key_that_is_held_down_piles_up_no_work(notebook, view):
    view.locator(".nt-row").first.focus()
    for _ in range(30):
        view.evaluate("(root) => document.activeElement.dispatchEvent("
                      "new KeyboardEvent('keydown', { key: ' ', bubbles: true, cancelable: true }))")  # fmt: skip
    settled(notebook, view)
    notebook.page.wait_for_timeout(500)
    assert 2 <= len(notebook.python("view.tokens")) <= 30


def test_backspace_and_the_button_go_back_and_the_focus_stays_in_the_view(notebook, view):
    notebook.execute("view.tokens = [1, 2, 3]")
    view.get_by_text("3", exact=True).first.wait_for()
    view.locator(".nt-chip").last.focus()
    notebook.page.keyboard.press("Backspace")
    notebook.until(lambda: notebook.python("view.tokens") == [1, 2])
    notebook.until(lambda: view.evaluate("(root) => root.contains(document.activeElement)"))
    notebook.page.keyboard.press("Backspace")
    notebook.until(lambda: notebook.python("view.tokens") == [1])
    view.get_by_role("button", name="Back", exact=True).click()
    notebook.until(lambda: notebook.python("view.tokens") == [])
    assert view.get_by_role("button", name="Back", exact=True).is_disabled()


def test_a_token_is_taken_from_its_row_by_click_and_by_arrows_and_enter(notebook, view):
    rows = notebook.python("[row['id'] for row in view.state['rows']]")
    view.locator(".nt-row").nth(4).click()
    notebook.until(lambda: notebook.python("view.tokens") == [rows[4]])
    settled(notebook, view)
    after = notebook.python("[row['id'] for row in view.state['rows']]")
    view.get_by_role("button", name="Draw one token").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowDown"):  # into the rows, and on
        notebook.page.keyboard.press(key)
    at = view.evaluate("() => Number(document.activeElement.dataset.row)")
    notebook.page.keyboard.press("Enter")
    notebook.until(lambda: notebook.python("view.tokens") == [rows[4], after[at]])


def test_a_hovered_row_shows_its_rank_through_the_layers(notebook, view):
    row = notebook.python("view.state['rows'][5]['spoken']")
    rank = notebook.python("view.state['lens']['ranks'][5][-1]")
    view.locator(".nt-row").nth(5).hover()
    notebook.until(lambda: str(rank) in texts(view, ".lab-svg") and row in texts(view, ".lab-svg"))
    assert not view.get_by_text("stands at rank").count()  # the sentence is about the leader
    notebook.page.mouse.move(0, 0)


def test_a_hovered_layer_shows_its_favourites_in_place_of_the_bars(notebook, view):
    view.locator(".nt-layer").nth(2).hover()
    view.get_by_text("Layer 2 would say").wait_for()
    chances = notebook.python("view.state['lens']['chances'][2]")
    assert f"{chances[0]:.2f}" in texts(view, ".lab-svg")
    notebook.page.mouse.move(0, 0)
    view.get_by_text("The model says").wait_for()


def test_chips_and_roads_lead_back_and_elsewhere(notebook, view):
    notebook.execute("view.tokens = [1, 2, 3]")
    settled(notebook, view)
    view.locator(".nt-chip").nth(1).click()
    notebook.until(lambda: notebook.python("view.tokens") == [1])
    settled(notebook, view)
    road = notebook.python("[piece['id'] for piece in view.state['steps'][0]['roads'][0]['tokens']]")
    view.locator(".nt-road").first.locator(".nt-piece").nth(2).click()
    notebook.until(lambda: notebook.python("view.tokens") == road[:3])
    settled(notebook, view)
    walked = notebook.python("[[p['id'] for p in road['tokens']] for road in view.state['steps'][0]['roads']"
                             " if road['walked']]")  # fmt: skip
    assert [1, 2, 3] in walked  # the old trunk has become a road


def drag(notebook, view, selector, right, down):
    box = view.locator(selector).first.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    notebook.page.mouse.move(x, y)
    notebook.page.mouse.down()
    notebook.page.mouse.move(x + right / 2, y + down / 2, steps=4)
    notebook.page.mouse.move(x + right, y + down, steps=4)
    notebook.page.mouse.up()


def test_the_ring_is_dragged_sideways_for_top_p_and_up_for_top_k(notebook, view):
    drag(notebook, view, ".nt-ring", -31, 2)
    notebook.until(lambda: notebook.python("view.top_p") == pytest.approx(0.9 - 31 / 104, abs=0.011))
    assert notebook.python("view.top_k") is None
    notebook.execute("view.top_p = None")
    view.get_by_text("nothing is cut").wait_for()
    rows = view.locator(".nt-row").nth(4).bounding_box()
    ring = view.locator(".nt-ring").bounding_box()
    drag(notebook, view, ".nt-ring", 0, rows["y"] + rows["height"] - ring["y"] - ring["height"] / 2)
    notebook.until(lambda: notebook.python("view.top_k") == 5)
    view.get_by_text("5 kept, rest cut").wait_for()
    drag(notebook, view, ".nt-updown", 0, 300)
    notebook.until(lambda: notebook.python("view.top_k") is None)


def test_the_ring_answers_the_arrow_keys(notebook, view):
    ring = view.get_by_role("slider", name="Cut")
    ring.focus()
    notebook.page.keyboard.press("ArrowLeft")
    notebook.until(lambda: notebook.python("view.top_p") == 0.89)
    kept = int(ring.get_attribute("aria-valuetext").split()[-2])
    notebook.page.keyboard.press("ArrowUp")
    notebook.until(lambda: notebook.python("view.top_k") == kept - 1)
    assert ring.evaluate("(element) => element === document.activeElement")


def test_letters_lead_to_the_controls(notebook, view):
    view.get_by_role("button", name="Draw one token").focus()
    for key, name in (("t", "Temperature"), ("k", "Top-k"), ("p", "Top-p")):
        notebook.page.keyboard.press(key)
        assert notebook.page.evaluate("document.activeElement.getAttribute('aria-label')") == name
        view.get_by_role("button", name="Draw one token").focus()


def test_the_prompt_is_edited_in_place(notebook, view):
    assert view.get_by_label("Text", exact=True).count() == 0
    view.locator(".nt-prompt").click()
    field = view.get_by_label("Text", exact=True)
    field.wait_for()
    field.fill("a dog")
    notebook.until(lambda: notebook.python("view.state['after']") == "a dog")
    field.fill("")
    view.get_by_text("Type a text to continue.").wait_for()
    field.fill("ünder")
    view.get_by_text("is not in the alphabet").wait_for()
    field.fill("under")
    view.get_by_text("After under").first.wait_for()
    field.press("Enter")
    notebook.until(lambda: field.count() == 0)
    notebook.until(lambda: view.evaluate("(root) => document.activeElement.matches('.nt-prompt')"))  # not lost


def test_what_ends_the_text_ends_the_drawing(notebook, view):
    notebook.execute("view.tokens = [3, lm.tokenizer.special['eos']]")
    view.get_by_text("the model has ended its text").wait_for()
    assert view.get_by_role("button", name="Draw one token").is_disabled()
    notebook.until(lambda: notebook.drift(view, "view") == [])  # the roads follow a moment later
    view.get_by_role("button", name="Back", exact=True).click()
    notebook.until(lambda: notebook.python("view.tokens") == [3])


def test_a_real_model_answers_quickly_and_looks_well_at_every_width(lab, smollm2):
    notebook = lab.open([SMOLLM2], width=1700, height=1000)
    view = notebook.view("NextTokenExplorer")
    settled(notebook, view)
    assert notebook.drift(view, "view") == []
    for width in (860, 640, 1200):
        notebook.execute(f"view.width = {width}")
        notebook.until(lambda width=width: view.bounding_box()["width"] == width)
        notebook.picture(view, f"next-token-{width}-light")
        notebook.use_theme(dark=True)
        notebook.picture(view, f"next-token-{width}-dark")
        notebook.use_theme(dark=False)
    notebook.execute("view.width = 860")
    draw = "root.querySelector('.lab-primary').click()"
    trips = sorted(notebook.round_trips(view, [draw] * 12))
    slide = """const slider = root.querySelector('[aria-label="Temperature"]');
        slider.value = {}; slider.dispatchEvent(new Event("input"))"""
    redraws = sorted(notebook.redraws(view, [slide.format(0.3 + 0.1 * i) for i in range(12)]))
    print(f"draw, with the model's step and lens: median {trips[6]:.0f} ms, worst {trips[-1]:.0f}")
    print(f"slider: median {redraws[6]:.1f} ms, worst {redraws[-1]:.1f}")
    assert trips[0] < 2000 and redraws[0] < 200  # a machine's speed is no matter for a test; a hang is
