"""The probe: recording changes nothing, editing changes what it should."""

import pytest
import torch
from small_models import FAMILIES, every_family, loud, text

from agentos_lab.lm import ablate_heads, compose, logit_lens, patch


@every_family
def test_recording_changes_no_logit(config):
    model = loud(config)
    tokens = text(2, 9)
    with torch.no_grad():
        torch.testing.assert_close(model.record(tokens).logits, model(tokens), atol=1e-5, rtol=1e-5)


def test_a_trace_holds_every_site_with_its_shape():
    model = loud(FAMILIES["llama"])
    trace = model.record(text(2, 9))
    shapes = {
        "embedding": (2, 9, 32), "blocks.0.input": (2, 9, 32), "blocks.1.attention.q": (2, 4, 9, 8),
        "blocks.1.attention.k": (2, 2, 9, 8), "blocks.1.attention.v": (2, 2, 9, 8),
        "blocks.0.attention.scores": (2, 4, 9, 9), "blocks.0.attention.weights": (2, 4, 9, 9),
        "blocks.0.attention.heads": (2, 4, 9, 8), "blocks.0.attention.output": (2, 9, 32),
        "blocks.1.feed_forward.hidden": (2, 9, 128), "blocks.1.feed_forward.output": (2, 9, 32),
        "blocks.1.output": (2, 9, 32), "final_norm": (2, 9, 32), "logits": (2, 9, 31),
    }  # fmt: skip
    assert {name: tuple(trace[name].shape) for name in shapes} == shapes
    assert trace.stack("attention.weights").shape == (2, 2, 4, 9, 9)
    assert str(trace).startswith("Trace of 2 × 9 tokens: 25 activations: embedding, ")


def test_names_choose_what_is_kept_and_a_missing_one_is_named():
    trace = loud(FAMILIES["gpt2"]).record(text(1, 5), names=["blocks.*.attention.weights", "final_norm"])
    assert list(trace) == ["blocks.0.attention.weights", "blocks.1.attention.weights", "final_norm"]
    with pytest.raises(KeyError, match=r"'logits' was not recorded; this trace has blocks\.0"):
        trace["logits"]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("logits", r"a list of patterns; for a single one write \['logits'\]"),
        (
            ["logits", "attention.weights"],
            r"no activation is called 'attention\.weights'; there are embedding.*<layer>",
        ),
        (["blocks.2.output"], r"no activation is called 'blocks\.2\.output'"),
    ],
)
def test_names_that_would_record_nothing_are_refused(names, message):
    with pytest.raises(ValueError, match=message):
        loud(FAMILIES["gpt2"]).record(text(1, 5), names)


def test_every_site_that_the_model_visits_can_be_named():
    model = loud(FAMILIES["gpt2"])
    for name in model.record(text(1, 5)):
        assert list(model.record(text(1, 5), [name])) == [name]


@pytest.mark.parametrize(
    ("probe", "message"),
    [
        (lambda: ablate_heads({2: [0]}), "has layers 0 to 1, there is no layer 2"),
        (lambda: ablate_heads({0: [1], 1: [4]}), "layer 1 has heads 0 to 3, there is no head 4"),
        (lambda: ablate_heads({0: [-1]}), "no head -1"),
        (lambda: ablate_heads([(0, 1)]), "a layer to a list of its heads"),
        (lambda: ablate_heads({0: 1}), "a layer to a list of its heads"),
        (lambda: patch("blocks.2.output", torch.zeros(1, 5, 32)), "no layer 2"),
        (lambda: patch("blocks.0.outputs", torch.zeros(1, 5, 32)), r"no activation is called 'blocks\.0\.outputs'"),
        (lambda: patch("output", torch.zeros(1, 5, 32)), "no activation is called 'output'"),
    ],
)
def test_an_edit_of_what_the_model_does_not_have_is_refused_and_not_ignored(probe, message):
    with pytest.raises(ValueError, match=message):
        loud(FAMILIES["gpt2"])(text(1, 5), probe=probe())


def test_recorded_tensors_carry_no_gradient_and_dropout_is_off_while_recording():
    model = loud(FAMILIES["gpt2"].replace(dropout=0.5)).train()
    first, second = model.record(text(1, 5)), model.record(text(1, 5))
    assert torch.equal(first.logits, second.logits) and not first["embedding"].requires_grad
    assert model.training


def test_ablating_a_head_equals_zeroing_its_columns_of_the_output_projection():
    model, tokens = loud(FAMILIES["gpt2"]), text(1, 7)
    with torch.no_grad():
        ablated = model(tokens, probe=ablate_heads({1: [2]}))
        model.blocks[1].attention.output.weight[:, 16:24] = 0.0  # head 2 of width 8
        torch.testing.assert_close(ablated, model(tokens), atol=1e-5, rtol=1e-5)


def test_patching_every_position_of_a_clean_run_restores_it_exactly():
    model, clean, corrupt = loud(FAMILIES["llama"]), text(1, 8), text(1, 8, seed=1)
    with torch.no_grad():
        trace = model.record(clean)
        assert torch.equal(model(corrupt, probe=patch("blocks.0.output", trace["blocks.0.output"])), trace.logits)


def test_patching_one_position_changes_only_what_may_look_at_it():
    model, clean, corrupt = loud(FAMILIES["llama"]), text(1, 8), text(1, 8, seed=1)
    with torch.no_grad():
        trace, before = model.record(clean), model.record(corrupt).logits
        after = model(corrupt, probe=patch("blocks.0.output", trace["blocks.0.output"], positions=[5]))
    torch.testing.assert_close(after[:, :5], before[:, :5], atol=1e-5, rtol=0)
    assert (after[:, 5:] - before[:, 5:]).abs().max() > 1e-3


def test_a_patch_of_another_length_says_so():
    model = loud(FAMILIES["gpt2"])
    trace = model.record(text(1, 8))
    with pytest.raises(ValueError, match="same number of tokens"):
        model(text(1, 7), probe=patch("embedding", trace["embedding"]))


def test_composed_probes_see_what_earlier_ones_did():
    model, tokens = loud(FAMILIES["gpt2"]), text(1, 6)
    both = compose(ablate_heads({0: [0]}), ablate_heads({0: [1]}))
    trace = model.record(tokens, probe=both)
    assert trace["blocks.0.attention.heads"][:, :2].abs().max() == 0
    assert torch.equal(trace.logits, model.record(tokens, probe=ablate_heads({0: [0, 1]})).logits)


@pytest.mark.parametrize("family", ["article", "gpt2", "llama"])
def test_the_last_layer_of_the_logit_lens_is_the_answer(family):
    model = loud(FAMILIES[family])
    trace = model.record(text(2, 6))
    lens = logit_lens(model, trace)
    assert lens.shape == (2, 2, 6, 31)
    torch.testing.assert_close(lens[-1], trace.logits, atol=1e-5, rtol=1e-5)
