"""The attention explorer in Python: its state is the library's trace, its arithmetic and its sentences are right."""

from __future__ import annotations

import dataclasses
import re
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
import traitlets
from hypothesis import given
from hypothesis import strategies as st
from small_models import FAMILIES, every_family, loud

from agentos_lab.lm import CharTokenizer, LanguageModel, ablate_heads
from widgets import AttentionExplorer
from widgets.attention_arithmetic import amount, cell_steps, share
from widgets.attention_layout import MEASURES, fold, layout, shown_tokens
from widgets.attention_reading import read
from widgets.attention_state import ablation_told, attention_patterns, attention_state, changed, head_effects, ordinal
from widgets.runs import plain
from widgets.view import pack, unpack

STORY = "When Mary and John went out, John gave a drink to"
LETTERS = "abcdefghijklmnopqrst ABCDEF."  # 28 of the 31 tokens of the small models


def language_model(config=FAMILIES["llama"], special=("bos",)):
    return LanguageModel(loud(config), CharTokenizer(LETTERS, special=special), "a small model")


def masked_model():
    return language_model(FAMILIES["gpt2"].replace(causal=False), special=("mask", "cls", "sep"))


@pytest.fixture(scope="module")
def lm():
    return language_model()


@pytest.fixture(scope="module")
def reading(lm):
    return read(lm, "a cat and a dog")


@pytest.fixture
def explorer(lm):
    return AttentionExplorer(lm, "a cat and a dog", layer=1, head=2)


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


# --- a reading ---------------------------------------------------------------------------------------------------


@every_family
def test_the_weights_are_those_of_the_trace(config):
    lm = language_model(config)
    state = attention_state(read(lm, "a cat", start=False), 1, 3)
    trace = lm.record("a cat")
    assert np.array_equal(unpack(state["weights"]), trace["blocks.1.attention.weights"][0, 3].numpy())


@every_family
def test_the_arithmetic_of_every_cell_comes_to_its_weight(config):
    lm = language_model(config)
    state = attention_state(read(lm, "a cat", start=False), 1, 2)
    scores = lm.record("a cat")["blocks.1.attention.scores"][0, 2]
    q, k = (torch.from_numpy(unpack(state[name]).copy()) for name in "qk")
    for row in range(5):
        for key in range(row + 1):
            steps = cell_steps(q[row], k[: row + 1], key)
            assert sum(steps["products"]) == pytest.approx(steps["sum"])
            assert steps["score"] == pytest.approx(float(scores[row, key]), abs=1e-4)
            assert steps["weight"] == pytest.approx(float(unpack(state["weights"])[row, key]), abs=1e-5)
            assert sum(steps["shares"]) == pytest.approx(1)


@every_family
@pytest.mark.parametrize("causal", [True, False], ids=["causal", "two-way"])
@pytest.mark.parametrize("positions", [True, False], ids=["positions", "no positions"])
def test_silencing_from_the_middle_of_a_run_equals_silencing_in_a_whole_run(config, causal, positions):
    lm = language_model(config)
    part = read(lm, "a cat and", causal=causal, positions=positions)
    tokens = torch.tensor([part.tokens])
    where = None if positions else torch.zeros(tokens.shape[1], dtype=torch.long)
    for layer in range(2):
        found = part.without(layer, [0, 3])
        for row, head in enumerate((0, 3)):
            with torch.no_grad():
                silenced = ablate_heads({layer: [head]})
                logits = lm.model(tokens, causal=causal, positions=where, probe=silenced)
            assert found[row] == pytest.approx(logits[0, -1].softmax(-1).numpy(), abs=1e-5)


def test_a_model_in_training_is_read_without_dropout_and_goes_on_training():
    lm = language_model(FAMILIES["llama"].replace(dropout=0.5))
    lm.model.train()
    first, second = read(lm, "a cat"), read(lm, "a cat")
    assert torch.equal(first.weights, second.weights)
    assert torch.equal(first.without(0, [1]), second.without(0, [1]))
    assert lm.model.training


def test_the_text_stands_after_the_token_that_begins_texts(lm):
    with_start, bare = read(lm, "a cat"), read(lm, "a cat", start=False)
    assert with_start.tokens == [lm.tokenizer.special["bos"], *bare.tokens]
    assert (with_start.begins, bare.begins) == (True, False)
    assert attention_state(with_start, 0, 0)["tokens"][0] == ["start", ""]


def test_a_masked_model_looks_both_ways_and_answers_at_its_mask():
    lm = masked_model()
    masked = read(lm, "a c<mask>t")
    assert masked.labels[0] == "<cls>" and masked.labels[-1] == "<sep>"
    assert masked.place == 4 and not masked.causal
    state = attention_state(masked, 0, 0)
    assert state["next"]["title"] == "At the mask"
    answer = lm.model.record(torch.tensor([masked.tokens])).logits[0, 4].softmax(-1)
    assert state["next"]["tokens"][0]["before"] == pytest.approx(float(answer.max()), abs=1e-5)
    assert attention_state(read(lm, "a cat"), 0, 0)["next"]["title"] == "In place of t"


def test_without_positions_a_model_cannot_tell_the_order():
    lm = language_model(FAMILIES["gpt2"].replace(causal=False), special=())
    one, other = (read(lm, text, positions=False) for text in ("abc", "cba"))
    assert one.weights[:, :, 0, 1] == pytest.approx(other.weights[:, :, 2, 1].numpy(), abs=1e-5)
    seen, turned = read(lm, "abc"), read(lm, "cba")
    assert (seen.weights[:, :, 0, 1] - turned.weights[:, :, 2, 1]).abs().max() > 1e-3


# --- words and numbers -------------------------------------------------------------------------------------------


def test_the_sentence_names_the_strongest_key_of_each_row(reading):
    state = attention_state(reading, 0, 1)
    weights = unpack(state["weights"])
    for row, sentence in enumerate(state["rows"]):
        told = plain(sentence)
        assert told.startswith("Layer 0, head 1: ")
        assert float(re.search(r"\((0\.\d+|1\.0+)\)\.$", told)[1]) == pytest.approx(weights[row].max(), abs=0.0051)
        assert state["strongest"][row] == weights[row].argmax()


def test_equal_tokens_are_told_apart(reading):
    state = attention_state(reading, 0, 1)
    assert [label + mark for label, mark in state["tokens"]][:4] == ["start", "a₁", "·₁", "c"]
    assert plain(state["rows"][4]).startswith("Layer 0, head 1: the second a looks mostly at ")


def test_places_are_counted_as_in_english():
    told = {2: "second", 10: "tenth", 11: "11th", 13: "13th", 21: "21st", 22: "22nd", 103: "103rd", 112: "112th"}
    assert {place: ordinal(place) for place in told} == told


def test_differences_are_taken_before_rounding():
    assert changed(0.62683, 0.29346)["shown"] == ["0.627", "0.293", "−0.333"]
    assert changed(0.0341, 0.0432) == {"shown": ["0.034", "0.043", "+0.009"], "tone": "quiet"}
    assert [changed(0.5, after)["tone"] for after in (0.3, 0.7)] == ["vermilion-text", "blue-text"]


def test_what_silencing_does_is_told_in_words(reading):
    before, other = reading.probabilities, 1 - reading.probabilities
    first = int(before.argmax())
    less, same = before.clone(), before.clone()
    less[first] *= 0.9
    assert ablation_told(reading, None) == []
    assert plain(ablation_told(reading, other / other.sum())).startswith(" Without this head the favourite turns from ")
    fall = plain(ablation_told(reading, less))
    numbers = [float(number) for number in re.findall(r"0\.\d+", fall)]
    assert " falls " in fall and numbers == pytest.approx([float(before[first]), float(less[first])], abs=0.0051)
    assert " stays at " in plain(ablation_told(reading, same))


def test_the_reader_is_warned_of_what_the_model_was_not_trained_for(lm):
    for settings, note in [
        ({"causal": False}, "This model never saw the future in training."),
        ({"positions": False}, "All tokens stand at position 0."),
    ]:
        assert plain(attention_state(read(lm, "a cat", **settings), 0, 0)["rows"][2]).endswith(note)
    onesided = attention_state(read(masked_model(), "a cat", causal=True), 0, 0)
    assert plain(onesided["sentence"]).endswith("This model always saw both sides in training.")


def test_likely_tokens_that_differ_by_a_space_are_told_apart(smollm2):
    reading = read(smollm2, "Once upon a time there was")
    tokenizer = smollm2.tokenizer
    (the,), (spaced,) = tokenizer.encode("the"), tokenizer.encode(" the")
    without = torch.zeros_like(reading.probabilities)
    without[[the, spaced]] = 0.5
    labels = [token["label"] for token in attention_state(reading, 0, 0, without)["next"]["tokens"]]
    assert {"the", "·the"} <= set(labels)


@given(st.floats(1e-60, 1e60) | st.floats(-1e60, -1e-60) | st.just(0.0))
def test_an_amount_in_print_is_the_amount(value):
    printed = amount(value)
    digits = printed.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹−", "-0123456789-")).replace("×10", "e")
    assert float(digits) == pytest.approx(value, rel=0.051, abs=0.0051 if 0.01 <= abs(value) < 1e5 else 0)
    assert len(printed) <= 10


@given(st.floats(0, 1))
def test_a_small_weight_keeps_two_digits(weight):
    assert float(share(weight)) == pytest.approx(weight, abs=0.0051 if weight >= 0.0995 else 0.00051)


def test_scores_too_large_to_raise_e_to_are_shifted():
    steps = cell_steps(torch.full((4,), 100.0), torch.tensor([[100.0] * 4, [99.0] * 4]), 0)
    assert steps["shift"] == 20_000 and steps["weight"] == pytest.approx(1) and np.isfinite(steps["total"])


# --- overview ----------------------------------------------------------------------------------------------------


def test_the_overview_shows_each_weight_as_a_step_of_opacity(reading):
    levels = unpack(attention_patterns(reading)["levels"])
    assert np.array_equal(levels, (5 * reading.weights.numpy() ** 0.75).round())


def test_a_long_text_is_shown_by_the_largest_weights_of_each_neighbourhood():
    lm = language_model(FAMILIES["gpt2"].replace(context=80))
    long = read(lm, "abcdefgh" * 8, start=False)
    levels = unpack(attention_patterns(long)["levels"])
    assert levels.shape == (2, 4, 32, 32)
    pooled = long.weights.reshape(2, 4, 32, 2, 32, 2).amax((3, 5))
    assert np.array_equal(levels, (5 * pooled.numpy() ** 0.75).round())


def test_habits_are_mean_weights(reading):
    weights = reading.weights[1, 0, 1:]
    expected = [weights[:, 0].mean(), weights[:, 1:].diag().mean(), weights.diag().mean()]
    assert attention_state(reading, 1, 0)["habit"] == pytest.approx([float(value) for value in expected])


def test_effects_are_changes_of_the_favourites_probability(lm, explorer):
    explorer.measured = 2
    change = unpack(explorer.effects["change"])
    reading = read(lm, explorer.text)
    favourite = int(reading.probabilities.argmax())
    for layer in range(2):
        after = reading.without(layer, range(4))[:, favourite]
        assert change[layer] == pytest.approx((after - reading.probabilities[favourite]).numpy(), abs=1e-6)
    assert explorer.effects["measured"] == 2
    assert head_effects(reading, [])["measured"] == 0


# --- layout ------------------------------------------------------------------------------------------------------


@given(st.integers(640, 1200), st.integers(1, 48), st.integers(1, 32), st.integers(1, 64), st.integers(40, 72))
def test_everything_has_its_place_at_every_width(width, layers, heads, count, label):
    at = layout(width, layers, heads, count, label)
    matrix = at.matrix_x + at.cell * count
    assert at.matrix_x >= at.title_x + label
    assert matrix <= (at.panel_x - 11 if at.kind == "wide" else width - 16)
    assert at.next_x + at.next_width <= width - 16
    assert at.matrix_y + at.cell * count + MEASURES["base"] + 17 <= at.height  # bars and their caption
    if heads * min(4, layers) <= 40:  # enormous models may need a wider view
        assert 16 + at.fold.used <= (at.title_x if at.kind != "narrow" else width - 16)
    assert at.height <= 410 or at.kind != "wide"


def test_many_layers_are_folded_and_few_are_drawn_large():
    assert fold(30, 9, 326, MEASURES["tall"]) == dataclasses.replace(fold(30, 9, 326, 226), blocks=2, rows=15, pitch=15)
    assert (fold(4, 4, 326, 226).blocks, fold(4, 4, 326, 226).pitch) == (1, 50)


def test_a_long_text_keeps_its_first_token_in_the_window():
    assert shown_tokens(64, -1) == list(range(64))
    assert shown_tokens(100, -1) == [0, *range(37, 100)]
    assert shown_tokens(100, 0) == list(range(64))
    assert shown_tokens(100, 500) == shown_tokens(100, -1)
    assert shown_tokens(100, -500) == shown_tokens(100, 0)


# --- the view ----------------------------------------------------------------------------------------------------


def test_another_head_is_shown_without_running_the_model(explorer, monkeypatch):
    monkeypatch.setattr(explorer.lm.model, "forward", lambda *_, **__: pytest.fail("the model ran"))
    explorer.layer, explorer.head, explorer.query = 0, 3, 4
    assert explorer.sentence.startswith("Layer 0, head 3: ")


def test_a_trained_model_is_read_anew_on_refresh():
    lm = language_model()
    explorer = AttentionExplorer(lm, "a cat")
    before = unpack(explorer.state["weights"])
    with torch.no_grad():
        for parameter in lm.model.parameters():
            parameter.mul_(1.5)
    explorer.head = 1
    explorer.head = 0
    assert np.array_equal(unpack(explorer.state["weights"]), before)
    explorer.refresh()
    assert not np.allclose(unpack(explorer.state["weights"]), before)


def test_a_new_text_is_read_and_its_effects_are_not_those_of_the_old(explorer):
    explorer.measured = 2
    explorer.text = "the end"
    assert len(explorer.state["tokens"]) == 8
    assert explorer.effects["measured"] == explorer.measured == 0
    assert unpack(explorer.patterns["levels"]).shape == (2, 4, 8, 8)


def test_effects_can_be_asked_for_at_the_start(lm):
    assert AttentionExplorer(lm, "a cat", measured=1).effects["measured"] == 1


def test_silencing_shows_before_and_after(explorer):
    assert explorer.state["next"]["off"] == ""
    explorer.ablated = True
    assert explorer.state["next"]["off"] == "head 1.2 off"
    after = read(explorer.lm, explorer.text).without(1, [2])[0]
    for token in explorer.state["next"]["tokens"]:
        assert token["after"] in after.tolist()
    assert "Without this head" in explorer.sentence


def test_the_chosen_row_has_the_sentence(explorer):
    assert explorer.sentence == plain(explorer.state["rows"][-1])
    explorer.query = 3
    assert explorer.sentence == plain(explorer.state["rows"][3])
    explorer.query = 99
    assert explorer.sentence == plain(explorer.state["rows"][-1])
    explorer.query = None
    assert "of the weight lies on" in explorer.sentence and "all rows" in texts(explorer.svg())


def test_selections_can_be_observed(explorer):
    heard = []
    explorer.observe(lambda change: heard.append((change.name, change.new)), ["query", "key", "head"])
    explorer.set_state({"query": 2, "key": 1, "head": 0})  # one message of the browser
    assert set(heard) == {("query", 2), ("key", 1), ("head", 0)}


@pytest.mark.parametrize(("settings", "message"), [({"layer": 2}, "layers 0 to 1"), ({"head": -1}, "heads 0 to 3")])
def test_a_head_that_does_not_exist_is_named_with_those_that_do(lm, settings, message):
    with pytest.raises(ValueError, match=message):
        AttentionExplorer(lm, "a cat", **settings)
    explorer = AttentionExplorer(lm, "a cat")
    (name, number), *_ = settings.items()
    setattr(explorer, name, number)
    assert explorer.state["status"] == "failed" and message in explorer.sentence
    setattr(explorer, name, 0)
    assert "status" not in explorer.state


def test_a_model_without_its_tokenizer_is_not_enough(lm):
    with pytest.raises(ValueError, match=r"expected a LanguageModel, got GPT; LanguageModel\(model, tokenizer"):
        AttentionExplorer(lm.model, "a cat")


def test_a_text_that_cannot_be_read_is_told_with_the_reason(explorer):
    explorer.text = "a zebra"
    assert explorer.state["status"] == "failed" and "'z'" in explorer.sentence
    explorer.text = "a" * 30
    assert explorer.state["status"] == "failed" and "context" in explorer.sentence
    explorer.text = "a cat"
    assert explorer.sentence.startswith("Layer 1, head 2: ")


def test_no_text_and_too_much_text_say_what_to_do(explorer):
    explorer.text = ""
    assert explorer.state["status"] == "empty" and explorer.sentence.startswith("Type a text")
    explorer.text = "a" * 300
    assert explorer.state["status"] == "too-large" and "keep 256 or fewer" in explorer.sentence
    assert "too large to draw" in texts(explorer.svg())


def test_while_the_model_reads_the_view_says_so(explorer):
    said = []
    explorer.observe(lambda change: said.append(plain(change.new["sentence"])), "state")
    explorer.text = "the end"
    assert said[0] == "Reading 8 tokens …"


@pytest.mark.parametrize("text", ["a", "ab", "a cat and a dog and"])
@pytest.mark.parametrize("settings", [{}, {"query": None}, {"mask": "two-way"}, {"overview": "effect", "measured": 1}])
@pytest.mark.parametrize("width", [640, 760, 860, 1200])
def test_the_static_picture_is_whole_and_always_the_same(lm, text, settings, width):
    pictures = [AttentionExplorer(lm, text, start=False, width=width, **settings).svg() for _ in range(2)]
    assert pictures[0] == pictures[1]
    root = ElementTree.fromstring(pictures[0])
    assert int(root.get("width")) == width
    for place in root.iter("{http://www.w3.org/2000/svg}text"):
        assert -1 <= float(place.get("x")) <= width and 0 <= float(place.get("y")) <= float(root.get("height"))


def test_the_static_picture_shows_the_numbers_of_the_strongest_cell(explorer):
    state, shown = explorer.state, texts(explorer.svg())
    row, key = len(state["tokens"]) - 1, state["strongest"][-1]
    q, k = (torch.from_numpy(unpack(state[name]).copy()) for name in "qk")
    steps = cell_steps(q[row], k, key)
    for name in ("sum", "score", "exponential", "total"):
        assert amount(steps[name]) in shown
    assert share(steps["weight"]) in shown


def test_a_pinned_cell_is_the_one_explained(explorer):
    explorer.query, explorer.key = 5, 2
    names = [label + mark for label, mark in explorer.state["tokens"]]
    assert f"{names[5]} → {names[2]}" in texts(explorer.svg())
    explorer.query = 1  # key 2 lies in its future
    assert f"{names[1]} → {names[explorer.state['strongest'][1]]}" in texts(explorer.svg())


def test_one_number_changes_both_drawings(lm):
    class LinearExplorer(AttentionExplorer):
        measures = {**AttentionExplorer.measures, "power": 1.0}  # noqa: RUF012

    linear, usual = LinearExplorer(lm, "a cat"), AttentionExplorer(lm, "a cat")
    assert '"power":1.0' in linear._esm and '"power":0.75' in usual._esm
    assert linear.svg() != usual.svg()
    assert not np.array_equal(unpack(linear.patterns["levels"]), unpack(usual.patterns["levels"]))


@pytest.mark.parametrize(
    ("name", "value"),
    [("largest", 12), ("thumb", 20), ("rank", 30), ("top", 60), ("overview", 340), ("above", 70), ("window", 8)],
)
def test_the_layout_follows_the_measures_of_a_subclass(lm, name, value):
    class Changed(AttentionExplorer):
        measures = {**AttentionExplorer.measures, name: value}  # noqa: RUF012

    assert Changed(lm, "a cat and a dog").svg() != AttentionExplorer(lm, "a cat and a dog").svg()


def test_a_model_without_positions_has_no_switch_for_them():
    assert not AttentionExplorer(language_model(FAMILIES["no positions"]), "a cat").has_positions


def test_masks_have_two_names(explorer):
    with pytest.raises(traitlets.TraitError):
        explorer.mask = "none"


def test_what_is_packed_can_be_unpacked():
    values = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert np.array_equal(unpack(pack(values)), values)


def test_a_head_of_a_real_model_turns_the_answer(smollm2):
    explorer = AttentionExplorer(smollm2, STORY, layer=23, head=3, ablated=True)
    assert explorer.sentence == (
        "Layer 23, head 3: to looks mostly at the second John (0.51). "
        "Without this head the favourite turns from Mary (0.63) to John (0.44)."
    )
