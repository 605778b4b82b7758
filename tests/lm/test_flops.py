"""Counts by formula against the parameters that exist and the products that torch saw."""

import pytest
import torch
from small_models import FAMILIES, text
from torch.utils.flop_counter import FlopCounterMode

from agentos_lab.lm import GPT, GPTConfig
from agentos_lab.lm.flops import count_flops, count_parameters
from agentos_lab.lm.objectives import cross_entropy

CONFIGS = {
    **FAMILIES,
    "bert": GPTConfig.bert(31, width=32, heads=4, layers=2, context=24),
    "tied llama": FAMILIES["llama"].replace(tied=True, hidden=50),
    "bare": GPTConfig(31, width=32, layers=3, context=24, bias=False),
    "article, tied, rms": FAMILIES["article"].replace(tied=True, norm="rms"),
}
each = pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS.keys())


@each
def test_parameters_are_those_of_the_model(config):
    model, count = GPT(config, device="meta"), count_parameters(config)
    assert count.total == model.num_parameters()
    parts = {"attention.": count.attention, "feed_forward.": count.feed_forward}
    for part, expected in parts.items():
        assert sum(p.numel() for name, p in model.named_parameters() if part in name) == expected
    assert sum(p.numel() for name, p in model.named_parameters() if name.startswith("head.")) == count.head


@pytest.mark.parametrize(
    ("config", "published"), [(GPTConfig.gpt2("124M"), 124_439_808), (GPTConfig.smollm2("135M"), 134_515_008)]
)
def test_parameters_of_published_models(config, published):
    assert count_parameters(config).total == published


@each
def test_flops_are_the_products_that_torch_counts_forward_and_backward(config):
    model, tokens = GPT(config, seed=0), text(3, 10)
    with FlopCounterMode(display=False) as forward:
        # A probe that does nothing: torch counts no products inside its fused attention on a CPU.
        logits = model(tokens, probe=lambda name, layer, tensor: None)
    loss = cross_entropy(logits, tokens)
    with FlopCounterMode(display=False) as backward:
        loss.backward()
    count = count_flops(config, 3, 10)
    assert count.forward == forward.get_total_flops()
    assert count.training == forward.get_total_flops() + backward.get_total_flops()
    assert count.tokens == 30


def test_six_times_parameters_times_tokens_is_nearly_right_for_large_models():
    config = GPTConfig.gpt2("1558M")
    count, parameters = count_flops(config), count_parameters(config)
    assert count.training == pytest.approx(6 * parameters.total * count.tokens, rel=0.1)


def test_counts_print_as_tables():
    assert str(count_parameters(FAMILIES["gpt2"])).splitlines()[-1].split()[:2] == ["total", "27,232"]
    lines = str(count_flops(FAMILIES["gpt2"], 2)).splitlines()
    assert lines[-1].endswith("FLOPs for 48 tokens") and lines[-2].split()[0] == "forward"
    assert torch.tensor([float(line.split()[2]) for line in lines[:4]]).sum() == pytest.approx(100, abs=0.3)


@pytest.mark.parametrize("size", [{"batch": 0}, {"length": 0}, {"length": -1}])
def test_no_text_costs_nothing_that_could_be_counted(size):
    with pytest.raises(ValueError, match="batch and length must be at least 1"):
        count_flops(GPTConfig(10), **size)
