"""Copies for inference: the same model, stored in another way."""

import pytest
import torch
from small_models import every_family, loud, text

from agentos_lab.lm.activations import ablate_heads
from agentos_lab.lm.adapters import add_adapters
from agentos_lab.lm.generation import generate
from agentos_lab.lm.gpt import GPTConfig
from agentos_lab.lm.inference_weights import for_inference


@every_family
def test_packed_weights_give_the_same_logits(config):
    model = loud(config)
    fast = for_inference(model, "packed", torch.float32)
    torch.testing.assert_close(fast(text(2, 9)), model(text(2, 9)), atol=1e-5, rtol=1e-5)


@every_family
def test_packed_bfloat16_equals_plain_bfloat16(config):
    model = loud(config)
    packed, plain = (for_inference(model, weights, torch.bfloat16) for weights in ("packed", "plain"))
    torch.testing.assert_close(packed(text(2, 9)), plain(text(2, 9)), atol=0.1, rtol=0.05)
    assert packed.dtype == packed.new_cache().keys.dtype == torch.bfloat16


@every_family
def test_eight_bits_stay_close(config):
    model = loud(config)
    exact = model(text(4, 20)).softmax(-1)
    rough = for_inference(model, "int8", torch.float32)(text(4, 20)).softmax(-1)
    assert 0 < (exact - rough).abs().max() < 0.05


@pytest.mark.parametrize("weights", ["packed", "int8"])
def test_a_masked_model_with_its_transformed_head_is_converted_too(weights):
    model = loud(GPTConfig.bert(31, width=32, heads=4, layers=2, context=24))
    fast = for_inference(model, weights, torch.float32)
    torch.testing.assert_close(fast(text(2, 9)), model(text(2, 9)), atol=0.1, rtol=0.1)


@pytest.mark.parametrize("weights", ["packed", "int8"])
def test_probes_and_cache_work_on_the_copy(weights):
    model = loud(GPTConfig.llama(31, width=32, heads=4, layers=2, context=24))
    fast = for_inference(model, weights)
    probe = ablate_heads({0: [1]})
    trace = fast.record(text(1, 6), probe=probe)
    assert not trace["blocks.0.attention.heads"][:, 1].any()
    assert len(generate(fast, [[1, 2]], max_new_tokens=6)[0]) == 6


def test_the_original_stays_as_it_was_and_trainable():
    model = loud(GPTConfig(31, width=32, heads=4, layers=2, context=24))
    before = model(text(1, 5))
    for weights in ("packed", "int8", "plain"):
        fast = for_inference(model, weights)
        assert not any(parameter.requires_grad for parameter in fast.parameters())
    assert torch.equal(model(text(1, 5)), before)
    assert all(parameter.requires_grad and parameter.dtype == torch.float32 for parameter in model.parameters())


def test_an_unknown_kind_is_named():
    with pytest.raises(ValueError, match="int4"):
        for_inference(loud(GPTConfig(31, width=32, heads=4, layers=1)), "int4")


def test_what_has_no_plain_weights_is_not_converted():
    model = loud(GPTConfig(31, width=32, heads=4, layers=1))
    fast = for_inference(model, "int8")
    add_adapters(model)
    for other in (fast, model):
        with pytest.raises(ValueError, match="adapters are merged first"):
            for_inference(other, "packed")
