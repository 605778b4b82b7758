"""Texts with styled parts: their words, their width, and lines that keep every style."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.runs import code, counted, plain, rich, runs_width, strong, wrap_runs
from widgets.text_metrics import wrap

STYLES = st.sampled_from(["", "strong", "code", "code quiet"])
RUNS = st.lists(st.tuples(STYLES, st.text(alphabet="ab cdé日 ", max_size=30)), max_size=8)


def styled_letters(runs):
    return [(style, letter) for style, text in runs for letter in text]


def test_a_sentence_is_a_list_of_styles_and_texts_for_json():
    runs = ["Layer ", strong(3), ": ", code("cat")]
    assert rich(runs) == [["", "Layer "], ["strong", "3"], ["", ": "], ["code", "cat"]]
    assert plain(runs) == plain(rich(runs)) == "Layer 3: cat"


def test_numbers_have_their_nouns_in_singular_and_plural():
    assert [counted(number, "token") for number in (0, 1, 2300)] == ["0 tokens", "1 token", "2,300 tokens"]


def test_the_width_is_that_of_each_part_in_its_face():
    assert runs_width([strong("a"), "a"]) == pytest.approx(2 * 0.556 * 13)
    assert runs_width([code("ab")]) == pytest.approx(2 * 0.602 * 13)


@given(RUNS, st.floats(20, 300))
def test_lines_fit_and_lose_neither_a_word_nor_a_style(runs, width):
    lines = wrap_runs(runs, width)
    assert " ".join(map(plain, lines)) == plain(runs)
    assert all(runs_width(line) <= width + 1e-9 or " " not in plain(line) for line in lines)
    kept = [letter for letter in styled_letters(runs) if letter[1] != " "]
    assert [letter for line in lines for letter in styled_letters(line) if letter[1] != " "] == kept


@given(st.text(alphabet="ab cdé ", max_size=80), st.floats(20, 300))
def test_a_text_without_styles_is_broken_where_plain_text_is(text, width):
    assert [plain(line) for line in wrap_runs(text, width)] == wrap(text, width)
