"""A quiz works without a kernel: static, folded, one right option a question, a reason for each option."""

from __future__ import annotations

import pytest

from agentos_lab.teaching.questions import Option, Question, Quiz, quiz

RIGHT = Option("Yes.", "It is.", right=True)
WRONG = Option("No, `a < b`.", "It is **not** so.")


def test_each_option_is_a_disclosure_that_opens_to_its_reason():
    page = Quiz("1", (Question("Is it?", (RIGHT, WRONG)),))._repr_html_()
    assert page.count("<details") == page.count("<summary") == 2
    assert "open" not in page.split("<details")[1].split(">")[0]
    first, second = page.split("<details")[1:]
    assert ">Right</strong> It is." in first
    assert ">Not this one</strong> It is <strong>not</strong> so." in second
    assert "<code>a &lt; b</code>" in second


def test_the_text_form_asks_without_telling():
    text = str(Quiz("1", (Question("Is it?", (RIGHT, WRONG)),)))
    assert text == "Quiz 1: 1 questions\n1. Is it?\n   A) Yes.\n   B) No, a < b."


@pytest.mark.parametrize("options", [(WRONG, WRONG), (RIGHT, RIGHT)])
def test_a_question_needs_exactly_one_right_option(options):
    with pytest.raises(ValueError, match="exactly one option"):
        Question("Is it?", options)


def test_an_option_without_reason_is_refused():
    with pytest.raises(ValueError, match="its reason"):
        Question("Is it?", (RIGHT, Option("No.", " ")))


def test_an_unknown_notebook_has_no_quiz():
    with pytest.raises(ValueError, match="no exercises for notebook '99'"):
        quiz("99")
