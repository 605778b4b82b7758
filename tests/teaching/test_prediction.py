"""A prediction is kept for the kernel's life, shown beside the result, and readable where nothing runs."""

from __future__ import annotations

import pytest
import traitlets

from agentos_lab.teaching import predict, reveal


def test_the_answer_survives_a_rerun_of_its_cell():
    predict("rerun", "How many?", range(7)).answer = "5"
    again = predict("rerun", "How many?", range(7))
    assert again.answer == "5"
    assert repr(again).endswith("You said: 5.")


def test_an_answer_that_is_no_option_any_more_is_forgotten():
    predict("options", "Which?", ["a", "b"]).answer = "a"
    assert predict("options", "Which?", ["b", "c"]).answer == ""


def test_only_an_option_can_be_kept():
    with pytest.raises(traitlets.TraitError, match="not one of the options"):
        predict("foreign", "Which?", ["a", "b"]).answer = "z"


def test_the_text_form_is_a_stable_sentence():
    asked = predict("stable", "Is `a` **more** than b?", ["yes", "no"])
    assert repr(asked) == "Your prediction: Is a more than b? Options: yes · no. No answer kept yet."


def test_the_bundle_has_the_live_widget_and_a_page_without_it():
    data, _ = predict("bundle", "Is `a < b`?", ["yes", "no"])._repr_mimebundle_()
    assert set(data) == {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
    assert "<code>a &lt; b</code>" in data["text/html"]
    assert data["text/html"].count("<li>") == 2 and "<script" not in data["text/html"]


@pytest.mark.parametrize(
    "predicted, value, said",
    [
        ("5", 4, "You predicted 5; it is 4. Because."),
        ("4", 4, "You predicted 4, and it is 4. Because."),
        ("4.17", 4.174387, "You predicted 4.17, and it is 4.174. Because."),
        ("more", "More", "You predicted more, and it is More. Because."),
        ("many", 4, "You predicted many; it is 4. Because."),
        (None, 4, "You made no prediction yet. The result: 4. Because."),
    ],
)
def test_the_result_stands_beside_the_prediction(predicted, value, said):
    name = f"{predicted} {value}"
    if predicted is not None:
        predict(name, "What?").answer = predicted
    assert str(reveal(name, value, "Because.")) == said


def test_the_page_of_a_result_is_escaped():
    assert "&lt;b&gt;" in reveal("escaped", "<b>")._repr_html_()
