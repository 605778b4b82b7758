"""Text metrics: the table agrees with real fonts, and lines are cut and wrapped by it."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font, LoadFlags

from widgets.text_metrics import fit, measures, text_width, wrap

WORDS = st.text(alphabet="abc ÄΩ日🙂\u0301", max_size=60)


def test_widths_are_those_of_the_real_code_face():
    """matplotlib ships DejaVu Sans Mono."""
    face = FT2Font(font_manager.findfont("DejaVu Sans Mono"))
    for character in "aW.→é":
        advance = face.load_char(ord(character), flags=LoadFlags.NO_SCALE).horiAdvance
        assert text_width(character, 1000, mono=True) == pytest.approx(advance * 1000 / face.units_per_EM, abs=1)


def test_widths_are_those_of_helvetica():
    """The metrics file of Adobe's Helvetica gives 278 for a blank, 667 for A, 556 for a, 222 for i, 1000 for a dash."""
    assert [text_width(character, 1000) for character in " Aai—"] == [278, 667, 556, 222, 1000]
    assert [text_width(character, 1000, bold=True) for character in " Aai—"] == [278, 722, 556, 278, 1000]


def test_unseen_characters_take_no_room_and_wide_ones_a_square():
    assert text_width("e\u0301", 13) == text_width("e", 13)
    assert text_width("\u200d\ufe0f", 13) == 0
    assert text_width("日🙂", 13) == text_width("日🙂", 13, mono=True) == 26


@given(WORDS, WORDS)
def test_widths_add_up(one, other):
    assert text_width(one + other) == pytest.approx(text_width(one) + text_width(other))


@given(WORDS, st.floats(0, 300))
def test_a_cut_text_fits_and_is_a_beginning(text, width):
    cut = fit(text, width)
    assert cut == text or text_width(cut) <= width + 1e-9
    assert cut == text or cut == "" or (cut.endswith("…") and text.startswith(cut[:-1]))


@given(WORDS, st.floats(20, 300))
def test_wrapped_lines_fit_and_lose_no_word(text, width):
    lines = wrap(text, width)
    assert " ".join(lines) == text
    assert all(text_width(line) <= width or " " not in line for line in lines)


def test_the_table_for_javascript_has_each_code_point_at_most_once():
    for ranges in (measures()["unseen_ranges"], measures()["wide_ranges"]):
        assert all(first <= last for first, last in ranges)
        assert all(one[1] < two[0] for one, two in pairwise(ranges))
