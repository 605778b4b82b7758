"""Predictions, checks and quizzes in a real JupyterLab: before anything runs, by keyboard, and after a rerun."""

from __future__ import annotations

import pytest

from agentos_lab.teaching import cells
from agentos_lab.teaching.execute import execute, write

pytestmark = pytest.mark.browser

CELLS = (
    "from agentos_lab.teaching import check, predict, reveal",
    'rates = predict("rates", "In how many of six departments was the rate **lower**?", range(7))\nrates',
    'loss = predict("loss", "What is the loss of a guess among 65 letters?")\nloss',
    'reveal("rates", 2, "In four of six it was higher.")',
    "from agentos_lab.teaching.checking import exercise\n"
    "mask = exercise('mask', hints=('Look at the diagonal.', 'And below it.'))(lambda answer: answer(3))\n"
    "check(mask, lambda length: length / 0)",
    "from agentos_lab.teaching.questions import Option, Question, Quiz\n"
    "right, wrong = Option('Yes, by the root.', 'It keeps the spread.', right=True), Option('No.', 'It does.')\n"
    "Quiz('11', (Question('Does √d matter?', (wrong, right)), Question('And `d`?', (right, wrong))))",
)

# Contrast (WCAG 2.2) of every piece of text in the outputs with the nearest painted ground behind it.
CONTRASTS = """() => {
  const colour = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, place) => sum + c * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (node) => {
    const painted = colour(getComputedStyle(node).backgroundColor);
    return painted.length === 3 || painted[3] > 0.5 || !node.parentElement ? painted : ground(node.parentElement);
  };
  const found = [];
  for (const output of document.querySelectorAll(".jp-OutputArea-output")) {
    const walker = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode.parentElement;
      if (!walker.currentNode.textContent.trim() || !node.checkVisibility()) continue;
      const pair = [luminance(colour(getComputedStyle(node).color)), luminance(ground(node))];
      const ratio = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
      found.push([ratio, walker.currentNode.textContent]);
    }
  }
  return found;
}"""


@pytest.fixture(scope="module")
def notebook(lab, tmp_path_factory):
    """A committed notebook, opened and not yet run."""
    path = tmp_path_factory.mktemp("lesson") / "lesson.ipynb"
    write(path, cells.notebook(*map(cells.code, CELLS)))
    execute([path])
    return lab.open_copy(str(path), run=False, height=1600)


@pytest.fixture(scope="module")
def running(notebook):
    notebook.run_all()
    notebook.page.locator(".agentos-prediction").nth(1).wait_for()
    return notebook


def test_before_the_first_run_the_question_is_shown_and_no_error(notebook):
    shown = notebook.page.locator(".jp-OutputArea-output", has_text="Your prediction").first
    shown.locator("li").nth(6).wait_for()
    assert shown.locator("li").all_inner_texts() == [str(number) for number in range(7)]
    assert notebook.page.get_by_text("Error displaying widget").count() == 0


def test_an_option_is_chosen_by_keyboard_and_survives_a_rerun(running):
    view = running.page.locator(".agentos-prediction").first
    view.get_by_role("radio", name="2").focus()
    running.page.keyboard.press("Space")
    running.page.keyboard.press("ArrowRight")
    running.until(lambda: running.python("rates.answer") == "3")
    assert view.get_by_role("status").inner_text() == "Kept: 3. Go on and see."

    running.run_all()
    view = running.page.locator(".agentos-prediction").first
    view.get_by_role("radio", name="3", checked=True).wait_for()
    running.page.get_by_text("You predicted 3; it is 2.").wait_for()


def test_a_number_is_typed_and_kept_with_enter(running):
    view = running.page.locator(".agentos-prediction").nth(1)
    view.get_by_label("Your prediction", exact=True).fill(" 4.2 ")
    running.page.keyboard.press("Enter")
    running.until(lambda: running.python("loss.answer") == "4.2")


def test_an_answer_set_in_python_is_shown(running):
    running.execute("rates.answer = '5'")
    running.page.locator(".agentos-prediction").first.get_by_role("radio", name="5", checked=True).wait_for()


def test_a_hint_and_an_option_open_by_keyboard(running):
    page = running.page
    for summary, opened in (("Hint 1", "Look at the diagonal"), ("B. Yes, by the root", "It keeps the spread")):
        folded = page.locator("details", has_text=opened).first
        assert not folded.get_by_text(opened).is_visible()
        folded.locator("summary", has_text=summary).focus()
        page.keyboard.press("Enter")
        folded.get_by_text(opened).wait_for(state="visible")


@pytest.mark.parametrize("dark", [False, True])
def test_text_keeps_its_contrast_in_both_themes(running, dark):
    running.use_theme(dark=dark)
    ratios = running.page.evaluate(CONTRASTS)
    assert len(ratios) >= 20
    assert min(ratio for ratio, _ in ratios) >= 4.5, sorted(ratios)[:3]
    running.picture(running.page.locator(".jp-Notebook"), f"teaching-{'dark' if dark else 'light'}")
