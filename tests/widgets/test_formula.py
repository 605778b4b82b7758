"""Formulas: boxes with a baseline, the same everywhere."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.formula import (
    Formula,
    beside,
    bracketed,
    draw_formula,
    fit_scale,
    fraction,
    in_lines,
    independence_sign,
    space,
    sum_sign,
    symbol,
    with_bar,
    with_index,
    word,
)
from widgets.formula_metrics import serif_width
from widgets.picture import Picture

SVG = "{http://www.w3.org/2000/svg}"
words = st.text("xyzPQ0() =+", min_size=1, max_size=4).map(word) | st.sampled_from("xyzw").map(symbol)


def combined(children):
    return st.one_of(
        st.builds(beside, children, children),
        st.builds(fraction, children, children),
        st.builds(with_index, children, children),
        st.builds(bracketed, children),
        st.builds(sum_sign, children),
        st.builds(with_bar, children, below=st.booleans()),
    )


formulas = st.recursive(words, combined, max_leaves=5)


def extent(formula: Formula) -> tuple[float, float, float, float]:
    """What the marks really cover: left, top, right, foot."""
    boxes = []
    for kind, x, y, *rest in formula.marks:
        if kind == "line":
            boxes.append((min(x, rest[0]), min(y, rest[1]), max(x, rest[0]), max(y, rest[1])))
        else:
            size, text, italic, _ = rest
            boxes.append((x, y - 0.66 * size, x + serif_width(text, size, italic=italic), y))
    lefts, tops, rights, feet = zip(*boxes, strict=True) if boxes else ((0,),) * 4
    return min(lefts), min(tops), max(rights), max(feet)


@given(formulas)
def test_the_marks_stay_inside_their_box(formula):
    left, top, right, foot = extent(formula)
    assert left >= -0.01 and right <= formula.width + 0.01
    assert top >= -formula.up - 0.01 and foot <= formula.down + 0.01


@given(formulas, formulas)
def test_what_stands_beside_something_begins_where_that_ends(one, two):
    both = beside(one, two)
    assert both.width == pytest.approx(one.width + two.width)
    assert both.marks[: len(one.marks)] == one.marks
    assert both.marks[len(one.marks) :] == two.moved(one.width, 0)


@given(formulas, formulas)
def test_a_fractions_halves_do_not_touch_its_line(above, below):
    whole = fraction(above, below)
    line = next(mark for mark in whole.marks[len(above.marks) :] if mark[0] == "line")
    over, under = whole.marks[: len(above.marks)], whole.marks[len(above.marks) + 1 :]
    for mark in over:
        assert mark[2] < line[2]
    for mark in under:
        top = min(mark[2], mark[4]) if mark[0] == "line" else mark[2] - 0.7 * mark[3]
        assert top > line[2] - 0.2 * 15


def test_widths_are_those_of_the_face():
    assert serif_width("P(x)", 10) == pytest.approx(10 * (0.556 + 0.333 + 0.5 + 0.333))
    assert serif_width("P", 10, italic=True) == pytest.approx(6.11)
    assert serif_width("☃", 10) == 5  # not in the table


def test_blanks_at_the_ends_of_a_word_take_room():
    equals = word(" = ", 10)
    ((_, x, *_),) = equals.marks
    assert x == pytest.approx(2.5) and equals.width == pytest.approx(2.5 + 5.64 + 2.5)
    assert word("  ").marks == () and word("  ").width > 0


def test_long_formulas_are_broken_between_boxes():
    boxes = [word("abc"), word("defg"), word("hi")]
    one = in_lines(boxes, 1000)
    assert one == beside(*boxes)
    three = in_lines(boxes, 1, indent=10)
    baselines = [mark[2] for mark in three.marks]
    assert baselines == sorted(set(baselines)) and three.marks[1][1] == 10
    assert three.width <= max(box.width for box in boxes) + 10


def test_independence_is_drawn_and_crossed_out_where_it_does_not_hold():
    assert len(independence_sign().marks) == 3 and len(independence_sign(holds=False).marks) == 4
    assert {mark[0] for mark in independence_sign().marks} == {"line"}


def test_a_formula_shrinks_to_its_room_and_no_further():
    state = word("0" * 20).state()
    assert fit_scale(state, 1000) == 1 and fit_scale(state, state["width"] / 2) == pytest.approx(0.5)
    assert fit_scale(space(0).state(), 10) == 1
    picture = Picture(200)
    draw_formula(picture, 5, 20, state, room=state["width"] / 2)
    assert 'transform="translate(5 20) scale(0.500)"' in str(picture)


@given(formulas)
def test_the_picture_is_the_same_to_the_byte_and_holds_every_mark(formula):
    state = json.loads(json.dumps(formula.state("spoken")))
    assert state["spoken"] == "spoken"

    def drawn():
        picture = Picture(400)
        draw_formula(picture, 16, 40, state)
        return str(picture)

    assert drawn() == drawn()
    document = ElementTree.fromstring(drawn())
    texts = [text.text for text in document.iter(f"{SVG}text")]
    assert texts == [mark[4] for mark in formula.marks if mark[0] == "text"]
    assert len(list(document.iter(f"{SVG}line"))) == sum(mark[0] == "line" for mark in formula.marks)


def test_colours_are_names_of_the_palette_and_letters_are_italic():
    picture = Picture(100)
    draw_formula(picture, 0, 0, beside(symbol("x", colour="blue-text"), word("(")).state())
    first, second = ElementTree.fromstring(str(picture)).iter(f"{SVG}text")
    assert first.get("fill") == "#005a8f" and first.get("font-style") == "italic"
    assert second.get("font-style") is None and "Times New Roman" in second.get("font-family")
