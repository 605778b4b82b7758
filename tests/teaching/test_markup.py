"""Prose becomes safe HTML, and what is coloured can be read."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.teaching.markup import CHIPS, chip, inline, panel, plain


def luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("colour", CHIPS.values(), ids=CHIPS)
def test_white_text_on_a_chip_has_a_contrast_of_at_least_four_and_a_half(colour):
    assert 1.05 / (luminance(colour) + 0.05) >= 4.5


@given(st.text() | st.text("*`<&a "))
def test_any_text_survives_as_text(text):
    class Reader(HTMLParser):
        seen = ""

        def handle_data(self, data: str) -> None:
            self.seen += data

    reader = Reader()
    reader.feed(inline(text))
    reader.close()
    assert reader.seen.replace("\r", "") == plain(text).replace("\r", "")


def test_code_and_strong_are_understood():
    assert inline("a **b** `c < d`") == "a <strong>b</strong> <code>c &lt; d</code>"
    assert inline("the *same* word") == "the <em>same</em> word"
    assert inline("2 * 3 * 4, a*b*c, `*x*`") == "2 * 3 * 4, a*b*c, <code>*x*</code>"
    assert plain("a **b** `c < d`") == "a b c < d"


def test_a_panel_has_an_accessible_name_and_a_chip_a_word():
    assert 'aria-label="Check of 1 &lt; 2"' in panel("", "right", "Check of 1 < 2")
    assert ">Not yet</strong>" in chip("Not yet", "wrong")
