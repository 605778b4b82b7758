"""The model as a whole: against torch's encoder, and the laws that a language model must keep."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from small_models import FAMILIES, every_family, loud, text
from torch import nn

from agentos_lab.lm import GPT
from agentos_lab.lm.attention import causal_mask
from agentos_lab.lm.positional_encoding import sinusoidal_encoding


@every_family
def test_logits_are_batch_time_vocabulary(config):
    assert GPT(config, seed=0)(text(3, 5)).shape == (3, 5, 31)


@given(st.sampled_from(list(FAMILIES)), st.integers(2, 20), st.data())
def test_a_later_token_never_changes_an_earlier_logit(family, length, data):
    model = loud(FAMILIES[family])
    cut = data.draw(st.integers(1, length - 1))
    before = text(1, length, seed=data.draw(st.integers(0, 99)))
    after = before.clone()
    after[:, cut:] = text(1, length - cut, seed=data.draw(st.integers(100, 199)))
    with torch.no_grad():
        torch.testing.assert_close(model(before)[:, :cut], model(after)[:, :cut], atol=1e-5, rtol=0)


@every_family
def test_a_two_way_model_does_see_later_tokens(config):
    model = loud(config)
    tokens = text(1, 8)
    changed = tokens.clone()
    changed[0, -1] = (changed[0, -1] + 1) % 31
    with torch.no_grad():
        assert (model(tokens, causal=False)[0, 0] - model(changed, causal=False)[0, 0]).abs().max() > 1e-3


@pytest.mark.parametrize("causal", [True, False])
def test_the_articles_model_equals_torchs_transformer_encoder(causal):
    config = FAMILIES["article"]
    model = loud(config)
    layer = nn.TransformerEncoderLayer(32, config.heads, 128, 0.0, "gelu", batch_first=True, norm_first=False)
    encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False).eval()
    for theirs, ours in zip(encoder.layers, model.blocks, strict=True):
        theirs.self_attn.in_proj_weight.data = ours.attention.qkv.weight.data
        theirs.self_attn.in_proj_bias.data = ours.attention.qkv.bias.data
        theirs.self_attn.out_proj.load_state_dict(ours.attention.output.state_dict())
        theirs.linear1.load_state_dict(ours.feed_forward.up.state_dict())
        theirs.linear2.load_state_dict(ours.feed_forward.down.state_dict())
        theirs.norm1.load_state_dict(ours.attention_norm.state_dict())
        theirs.norm2.load_state_dict(ours.feed_forward_norm.state_dict())
    tokens = text(2, 11)
    with torch.no_grad():
        x = model.embedding.token(tokens) + sinusoidal_encoding(torch.arange(11), 32)
        out = encoder(x, mask=~causal_mask(11) if causal else None)
        expected = out @ model.head.table.T + model.head.bias
        torch.testing.assert_close(model(tokens, causal=causal), expected, atol=1e-4, rtol=1e-5)


@every_family
def test_padding_changes_nothing_for_the_real_tokens(config):
    model = loud(config)
    tokens, lengths = text(3, 9), torch.tensor([9, 4, 1])
    with torch.no_grad():
        for causal in (True, False):
            padded = model(tokens, mask=torch.arange(9) < lengths[:, None], causal=causal)
            assert padded.isfinite().all()
            for row, length in enumerate(lengths.tolist()):
                alone = model(tokens[row : row + 1, :length], causal=causal)
                torch.testing.assert_close(padded[row : row + 1, :length], alone, atol=1e-5, rtol=1e-5)


@every_family
def test_the_same_seed_gives_the_same_parameters_and_leaves_the_global_generator_alone(config):
    state = torch.get_rng_state()
    first, second, other = GPT(config, seed=1), GPT(config, seed=1), GPT(config, seed=2)
    assert torch.equal(torch.get_rng_state(), state)
    tokens = text(1, 6)
    assert torch.equal(first(tokens), second(tokens))
    assert not torch.equal(first(tokens), other(tokens))


@every_family
def test_an_untrained_model_is_about_as_surprised_as_a_blind_guess(config):
    logits = GPT(config, seed=0)(text(8, 20))
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), text(8, 20, seed=5).flatten())
    assert loss.item() == pytest.approx(torch.tensor(31.0).log().item(), abs=0.1)


@every_family
def test_from_state_rebuilds_the_same_model_without_copying(config):
    model = loud(config)
    again = GPT.from_state(config, model.state_dict())
    assert again.embedding.token.weight.data_ptr() == model.embedding.token.weight.data_ptr()
    assert torch.equal(again(text(2, 7)), model(text(2, 7)))


def test_from_state_names_the_parameter_that_does_not_fit():
    config = FAMILIES["gpt2"]
    state = GPT(config, seed=0).state_dict()
    with pytest.raises(ValueError, match=r"'blocks\.1\.attention\.qkv\.weight'.*the state holds nothing"):
        GPT.from_state(config, {name: t for name, t in state.items() if name != "blocks.1.attention.qkv.weight"})
    whole = {name: tensor.long() if name == "final_norm.bias" else tensor for name, tensor in state.items()}
    with pytest.raises(ValueError, match=r"'final_norm\.bias' holds torch\.int64"):
        GPT.from_state(config, whole)
    with pytest.raises(ValueError, match=r"'stranger'.*expects shape nothing"):
        GPT.from_state(config, {**state, "stranger": torch.zeros(1)})


def test_dropout_acts_in_training_only():
    model = GPT(FAMILIES["gpt2"].replace(dropout=0.5), seed=0)
    assert not torch.equal(model(text(1, 9)), model(text(1, 9)))
    model.eval()
    assert torch.equal(model(text(1, 9)), model(text(1, 9)))


@pytest.mark.parametrize("config", [65, "gpt2", FAMILIES["gpt2"].to_dict()])
def test_a_model_is_made_from_a_configuration_only(config):
    with pytest.raises(ValueError, match=r"GPT\(GPTConfig\(vocab_size=…\)\); got"):
        GPT(config)
