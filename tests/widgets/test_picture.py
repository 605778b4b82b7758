"""Pictures: valid SVG whatever the text, numbers and colours written one way, options as in JavaScript."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from widgets.picture import Picture, number
from widgets.runs import code, strong

SVG = "{http://www.w3.org/2000/svg}"


def parsed(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(str(picture).encode())


def readable(text: str) -> str:
    return "".join(character for character in text if character.isprintable() and character != "\ufffd")


@given(st.text(), st.text())
def test_any_text_makes_a_valid_document_that_shows_it(label, text):
    picture = Picture(100, label)
    picture.text(0, 10, f"|{text}|")
    shown = parsed(picture).find(f"{SVG}text")
    assert readable(shown.text) == readable(f"|{text}|")


@given(st.text(alphabet="ab ", min_size=1))
def test_blanks_are_kept_where_svg_would_drop_them(text):
    picture = Picture(100)
    picture.text(0, 10, text)
    shown = parsed(picture).find(f"{SVG}text")
    keeps = shown.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    assert shown.text == text
    assert keeps == (text != " ".join(text.split()))


@given(st.floats(-1e6, 1e6))
def test_a_coordinate_is_within_half_a_hundredth_and_has_no_superfluous_signs(value):
    text = number(value)
    assert abs(float(text) - value) <= 0.005 + 1e-9
    assert text != "-0" and not (text.endswith("0") and "." in text) and "e" not in text


def test_colours_are_names_of_the_palette_or_stay_as_they_are():
    light, dark = Picture(10), Picture(10, dark=True)
    for picture in (light, dark):
        picture.rect(0, 0, 1, 1, fill="blue", stroke="#123456")
    assert [r.get("fill") for r in parsed(light).iter(f"{SVG}rect")] == ["#ffffff", "#0072b2"]
    assert [r.get("fill") for r in parsed(dark).iter(f"{SVG}rect")] == ["#111111", "#56b4e9"]
    assert parsed(light).findall(f"{SVG}rect")[1].get("stroke") == "#123456"


def test_options_become_the_attributes_of_svg():
    picture = Picture(10)
    picture.line(0, 0, 1, 1, thickness=2, dash="3 2", cap="round", paint_order="stroke", opacity=None)
    drawn = parsed(picture).find(f"{SVG}line").attrib
    assert drawn["stroke-width"] == "2" and drawn["stroke-dasharray"] == "3 2" and drawn["stroke-linecap"] == "round"
    assert drawn["paint-order"] == "stroke" and "opacity" not in drawn


def test_a_group_moves_what_is_drawn_inside():
    picture = Picture(10)
    with picture.group(3, 4.5, opacity=0.5):
        picture.circle(0, 0, 1)
    group = parsed(picture).find(f"{SVG}g")
    assert group.attrib == {"transform": "translate(3 4.5)", "opacity": "0.5"}
    assert len(group) == 1


def test_styled_parts_keep_their_style():
    picture = Picture(100)
    picture.text(0, 0, ["Layer ", strong(3), ": ", code(" cat")])
    spans = parsed(picture).find(f"{SVG}text")
    assert [span.text for span in spans] == ["Layer ", "3", ": ", " cat"]
    assert [span.get("font-weight") for span in spans] == [None, "600", None, None]
    assert "monospace" in spans[3].get("font-family")
