"""Low-rank adapters against their formula, W + B A α/r."""

import pytest
import torch
from small_models import FAMILIES, every_family, loud, text
from torch import nn

from agentos_lab.lm import GPT
from agentos_lab.lm.adapters import (
    LowRankLinear,
    adapters_of,
    add_adapters,
    load_adapters,
    merge_adapters,
    remove_adapters,
    save_adapters,
)
from agentos_lab.lm.checkpoint import load_checkpoint, save_checkpoint
from agentos_lab.lm.training import Trainer, train
from agentos_lab.lm.training_result import TrainSettings
from agentos_lab.tensor_file import write_tensors

EVERYWHERE = ("attention.qkv", "attention.output", "feed_forward.up", "feed_forward.down")
TOKENS = torch.arange(31).repeat(40)
QUICK = {"steps": 5, "batch_size": 4, "lr": 1e-2, "progress": False}


def taught(config, **options):
    """A model with adapters that have learnt something, and its logits before it had any."""
    model = loud(config)
    with torch.no_grad():
        before = model(text(2, 9))
    add_adapters(model, 3, targets=EVERYWHERE, **options)
    train(model, TOKENS, **QUICK)
    return model, before


def logits_of(model):
    with torch.no_grad():
        return model(text(2, 9))


@every_family
def test_fresh_adapters_change_nothing_and_only_they_train(config):
    model = loud(config)
    before, state = logits_of(model), {name: tensor.clone() for name, tensor in model.state_dict().items()}
    summary = add_adapters(model, 4, targets=EVERYWHERE)
    assert torch.equal(logits_of(model), before)
    assert {name.rsplit(".", 1)[1] for name, p in model.named_parameters() if p.requires_grad} == {"down", "up"}
    shapes = [m.weight.shape for m in model.modules() if isinstance(m, LowRankLinear)]
    assert summary.trainable == sum(4 * (out + into) for out, into in shapes)
    assert f"{summary.trainable:,} of {summary.total:,} parameters train" in str(summary)
    train(model, TOKENS, **QUICK)
    assert not torch.allclose(logits_of(model), before, atol=1e-3)
    assert all(torch.equal(model.state_dict()[name], tensor) for name, tensor in state.items())


@every_family
def test_removing_adapters_gives_the_old_model_back_bit_for_bit(config):
    expected = loud(config)
    model, before = taught(config)
    remove_adapters(model)
    assert model.state_dict().keys() == expected.state_dict().keys()
    assert all(
        torch.equal(a, b) for a, b in zip(model.state_dict().values(), expected.state_dict().values(), strict=True)
    )
    assert torch.equal(logits_of(model), before) and all(p.requires_grad for p in model.parameters())
    assert not any(isinstance(module, LowRankLinear) for module in model.modules())


@every_family
def test_merged_adapters_give_the_same_logits_as_a_plain_model(config):
    model, before = taught(config)
    adapted = logits_of(model)
    merge_adapters(model)
    torch.testing.assert_close(logits_of(model), adapted, atol=1e-5, rtol=1e-5)
    assert not torch.allclose(adapted, before, atol=1e-3)
    again = GPT.from_state(config, model.state_dict())  # nothing but the ordinary parameters is left
    assert torch.equal(logits_of(again), logits_of(model))


def test_the_change_is_b_times_a_times_alpha_over_r():
    linear = nn.Linear(6, 4)
    layer = LowRankLinear(linear, 2, 5.0, torch.Generator().manual_seed(0))
    with torch.no_grad():
        layer.up.normal_(generator=torch.Generator().manual_seed(1))
    x = torch.randn(3, 6, generator=torch.Generator().manual_seed(2))
    weight = linear.weight + layer.up @ layer.down * (5.0 / 2)
    torch.testing.assert_close(layer(x), x @ weight.T + linear.bias)
    assert torch.linalg.matrix_rank(layer.change()) == 2


def test_targets_name_single_layers_and_kinds_of_layers():
    model = GPT(FAMILIES["gpt2"], seed=0)
    assert add_adapters(model, 2, targets=["blocks.1.feed_forward.up", "attention.qkv"]).layers == (
        "blocks.0.attention.qkv", "blocks.1.attention.qkv", "blocks.1.feed_forward.up",
    )  # fmt: skip
    one = add_adapters(GPT(FAMILIES["gpt2"], seed=0), 2, targets="blocks.1.attention.output")
    assert one.layers == ("blocks.1.attention.output",)


def test_what_cannot_be_adapted_is_refused():
    model = GPT(FAMILIES["gpt2"], seed=0)
    with pytest.raises(ValueError, match=r"no linear layer is called 'attention\.query'; there are attention\.output"):
        add_adapters(model, targets=["attention.query"])
    with pytest.raises(ValueError, match="no plain linear layer; one made for inference"):
        add_adapters(nn.LayerNorm(3))
    with pytest.raises(ValueError, match="rank must be a positive whole number, got 0"):
        add_adapters(model, 0)
    with pytest.raises(ValueError, match="has no adapters"):
        adapters_of(model)
    assert all(parameter.requires_grad for parameter in model.parameters())
    add_adapters(model)
    with pytest.raises(ValueError, match="has adapters already"):
        add_adapters(model)


def test_saved_adapters_work_on_a_fresh_copy_of_the_model(tmp_path):
    config = FAMILIES["llama"]
    model, _ = taught(config, alpha=7.0)
    path = save_adapters(model, tmp_path / "adapters.safetensors")
    copy = loud(config)
    summary = load_adapters(copy, path)
    assert torch.equal(logits_of(copy), logits_of(model)) and summary == adapters_of(model) and summary.alpha == 7.0
    assert path.stat().st_size < 4 * sum(p.numel() for p in model.parameters())
    with pytest.raises(ValueError, match=r"is for a weight \(64, 32\) \(out, in\); the model has \(96, 32\)"):
        load_adapters(GPT(FAMILIES["gpt2"], seed=0), path)
    write_tensors(path, {"a": torch.zeros(1)}, {"format": "something else"})
    with pytest.raises(ValueError, match="no adapters"):
        load_adapters(loud(config), path)


def test_training_adapters_can_be_resumed(tmp_path):
    settings = TrainSettings(steps=6, batch_size=4, lr=1e-2)

    def fresh():
        model = loud(FAMILIES["gpt2"])
        add_adapters(model, 2)
        return model

    unbroken = Trainer(fresh(), TOKENS, settings)
    list(unbroken)
    broken = Trainer(fresh(), TOKENS, settings)
    broken.step()
    path = save_checkpoint(broken, tmp_path / "run.safetensors")
    resumed = load_checkpoint(path, TOKENS, model=fresh())
    list(resumed)
    assert resumed.records == unbroken.records
    with pytest.raises(ValueError, match="another model"):
        load_checkpoint(path, TOKENS)


def test_the_default_strength_is_twice_the_rank():
    assert add_adapters(GPT(FAMILIES["gpt2"], seed=0), 5).alpha == 10.0
