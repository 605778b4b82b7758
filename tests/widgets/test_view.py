"""A view in Python: state, settings, reset, failures, static picture, the module and the style sheet it sends."""

from __future__ import annotations

import json
import re
from typing import Any, ClassVar
from xml.etree import ElementTree

import numpy as np
import pytest
import traitlets

import widgets
from widgets.picture import Picture
from widgets.view import View, code, header, notice, pack, strong


class Counter(View):
    """Counts; 13 fails."""

    javascript = "export default lab.view({ stage: () => [] });"
    stylesheet = ".mine { color: red; }"
    measures: ClassVar[dict[str, float]] = {"bar": 12}
    settings = ("count", "step")
    selections = ("chosen",)

    count = traitlets.Int(1).tag(sync=True)
    step = traitlets.Int(1).tag(sync=True)
    chosen = traitlets.Int(0).tag(sync=True)

    def __init__(self, **settings: Any) -> None:
        self.computed: list[tuple[int, int]] = []
        super().__init__(**settings)

    def compute(self) -> dict[str, Any]:
        self.computed.append((self.count, self.step))
        if self.count == 13:
            raise ValueError("13 is not counted here; take 12 or 14")
        return header("A count", ["It is ", strong(self.count), "."], meta=f"by {self.step}") | {"count": self.count}

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        picture.rect(16, 8, self.measures["bar"] * state["count"], 20, fill="blue")
        return 40


@pytest.fixture
def view() -> Counter:
    return Counter(count=2)


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_first_state_is_there_before_the_browser_hears_of_the_view(view):
    assert view.computed == [(2, 1)]
    assert view.get_state("state")["state"]["count"] == 2


def test_its_name_is_the_sentence_of_the_header(view):
    assert repr(view) == "Counter: It is 2."


def test_a_changed_setting_is_computed_once_and_a_selection_never(view):
    view.count = 5
    assert view.sentence == "It is 5."
    view.chosen = 3
    assert view.computed == [(2, 1), (5, 1)]


def test_settings_that_change_together_are_computed_once(view):
    view.set_state({"count": 7, "step": 2})  # one message of the browser
    assert view.computed == [(2, 1), (7, 2)]


def test_a_failure_after_a_change_is_shown_and_left_by_the_next_change(view):
    view.count = 13
    assert view.state["status"] == "failed" and view.state["title"] == "A count"
    assert "take 12 or 14" in repr(view)
    assert "take 12 or 14" in "".join(texts(view.svg()))
    view.count = 14
    assert "status" not in view.state and not view.busy


def test_a_failure_at_construction_is_raised_as_ever():
    with pytest.raises(ValueError, match="take 12 or 14"):
        Counter(count=13)


def test_the_browser_is_told_what_reset_means(view):
    view.count, view.chosen = 9, 4
    assert view.initial == {"count": 2, "step": 1, "chosen": 0}


def test_display_gives_words_a_live_view_and_a_picture(view):
    data, _ = view._repr_mimebundle_()
    assert data["text/plain"] == "Counter: It is 2."
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == view.model_id
    assert data["image/svg+xml"] == view.svg()


def test_the_static_picture_is_the_same_for_the_same_state(view):
    assert view.svg() == Counter(count=2).svg()
    assert view.model_id not in view.svg()


def test_the_static_picture_holds_header_and_stage_in_words_and_shapes(view):
    root = ElementTree.fromstring(view.svg())
    assert root.find("{http://www.w3.org/2000/svg}title").text == "It is 2."
    assert texts(view.svg()) == ["A count", "by 1", "It is 2."]
    assert (root.get("width"), root.get("height")) == ("860", "104")
    assert 'width="24"' in view.svg()


def test_a_long_sentence_takes_a_second_line_and_moves_the_stage_down(view):
    short = ElementTree.fromstring(view.svg())
    view.state = header("A count", "many words " * 20) | {"count": 1}
    long = ElementTree.fromstring(view.svg())
    assert int(long.get("height")) == int(short.get("height")) + 18
    assert " ".join(texts(view.svg())[1:]).split() == ("many words " * 20).split()


def test_a_sentence_of_two_lines_keeps_its_bold_and_its_code(view):
    view.state = header("A count", ["many words " * 14, strong("twelve"), " of ", code("them")]) | {"count": 1}
    spans = ElementTree.fromstring(view.svg()).iter("{http://www.w3.org/2000/svg}tspan")
    styled = {span.text: (span.get("font-weight"), span.get("font-family")) for span in spans}
    assert styled["twelve"] == ("600", None) and "monospace" in styled["them"][1]


@pytest.mark.parametrize("error", [KeyboardInterrupt, KeyError])
def test_an_interrupt_or_a_mistake_is_raised_and_leaves_no_grey_stage(view, monkeypatch, error):
    def fail() -> dict[str, Any]:
        raise error

    monkeypatch.setattr(view, "compute", fail)
    with pytest.raises(error):
        view.count = 5
    assert not view.busy


@pytest.mark.parametrize("width", [639, 1201])
def test_the_width_stays_between_640_and_1200(view, width):
    with pytest.raises(traitlets.TraitError):
        view.width = width


def test_the_module_is_constants_then_shared_then_the_views_own(view):
    constants = dict(re.findall(r"^const ([A-Z]+) = (.*);$", view._esm, re.MULTILINE))
    assert json.loads(constants["NAME"]) == "Counter"
    assert json.loads(constants["MEASURES"]) == {"bar": 12}
    assert set(json.loads(constants["TRAITS"])) == {"busy", "chosen", "count", "initial", "state", "step", "width"}
    assert view._esm.index("const TEXT") < view._esm.index("const lab =") < view._esm.rindex("export default")
    assert len(re.findall("^export default", view._esm, re.MULTILINE)) == 1


def test_the_module_and_the_style_sheet_name_no_other_place(view):
    addresses = re.findall(r"https?://[^\s\"')]+", view._esm + view._css)
    assert set(addresses) == {"http://www.w3.org/2000/svg"}  # a name, not a place
    assert "@import" not in view._css and "url(" not in view._css


def test_the_style_sheet_ends_with_the_views_own(view):
    assert view._css.index("--lab-blue:") < view._css.index(".lab-header") < view._css.index(".mine")


def test_reload_reads_the_files_again(tmp_path):
    script = tmp_path / "one.js"
    script.write_text("export default lab.view({ stage: () => 1 });")

    class Edited(Counter):
        javascript = script

    edited = Edited()
    script.write_text("export default lab.view({ stage: () => 2 });")
    edited.reload()
    assert edited._esm.endswith("stage: () => 2 });")


def test_a_notice_says_what_is_the_matter():
    state = notice("empty", "A count", "Give it a number.")
    assert state["status"] == "empty" and state["sentence"] == [["", "Give it a number."]]
    with pytest.raises(ValueError, match="too-large"):
        notice("broken", "A count", "")


@pytest.mark.parametrize("dtype", ["float32", "float16", "int32", "uint16", "uint8"])
def test_packed_arrays_are_little_endian_bytes_with_their_shape(dtype):
    packed = pack([[1, 2, 3], [4, 5, 6]], dtype)
    assert packed["shape"] == [2, 3] and packed["dtype"] == dtype
    read = np.frombuffer(packed["data"], np.dtype(dtype).newbyteorder("<")).reshape(packed["shape"])
    assert read.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_an_array_that_the_browser_cannot_read_is_refused():
    with pytest.raises(ValueError, match="float64"):
        pack([1.0], "float64")


def test_the_package_names_its_views_and_loads_them_when_asked():
    assert widgets.View is View
    assert "TokenizerExplorer" in dir(widgets)
    with pytest.raises(AttributeError, match="it has AttentionExplorer"):
        widgets.Nothing  # noqa: B018
