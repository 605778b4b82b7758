"""Mixed precision is chosen where the hardware has it and the clock agrees."""

import pytest
import torch

from agentos_lab.lm import GPT, GPTConfig, precision
from agentos_lab.lm.objectives import next_token_loss
from agentos_lab.lm.precision import bfloat16_pays, has_bfloat16, mixed_precision

CPU = torch.device("cpu")


@pytest.fixture
def clock(monkeypatch):
    """A clock that a step moves by hand."""
    now = [0.0]
    monkeypatch.setattr(precision.time, "perf_counter", lambda: now[0])
    monkeypatch.setattr(precision, "has_bfloat16", lambda device: True)

    def step_lasting(plain, mixed, warm_up=0.0):
        pending = [warm_up, warm_up]

        def step(is_mixed):
            now[0] += (mixed if is_mixed else plain) + (pending.pop() if pending else 0.0)

        return step

    return step_lasting


@pytest.mark.parametrize(("plain", "mixed", "pays"), [(2.0, 1.0, True), (1.0, 1.0, False), (1.0, 5.0, False)])
def test_the_faster_precision_wins(clock, plain, mixed, pays):
    assert bfloat16_pays(clock(plain, mixed, warm_up=100.0), CPU) is pays


def test_a_small_gain_is_not_worth_the_digits(clock):
    assert not bfloat16_pays(clock(1.02, 1.0), CPU) and bfloat16_pays(clock(1.02, 1.0), CPU, gain=1.01)


def test_without_the_hardware_nothing_is_timed(monkeypatch):
    monkeypatch.setattr(precision, "has_bfloat16", lambda device: False)
    assert not bfloat16_pays(lambda mixed: pytest.fail("timed"), CPU)
    assert not has_bfloat16(torch.device("mps"))


def test_products_run_in_bfloat16_only_where_enabled():
    a = torch.ones(4, 4)
    for enabled, expected in ((True, torch.bfloat16), (False, torch.float32)):
        with mixed_precision(CPU, enabled):
            assert (a @ a).dtype == expected


@pytest.mark.parametrize("kv_heads", [4, 2])
def test_gradients_in_mixed_precision_are_those_of_float32_to_three_digits(kv_heads):
    config = GPTConfig.llama(31, width=32, layers=2, context=40, kv_heads=kv_heads)
    tokens = torch.randint(31, (4, 40), generator=torch.Generator().manual_seed(0))
    gradients = []
    for enabled in (False, True):
        model = GPT(config, seed=0)
        with mixed_precision(CPU, enabled):
            logits = model(tokens)
        assert logits.dtype == (torch.bfloat16 if enabled else torch.float32)
        next_token_loss(logits, tokens).backward()
        gradients.append(torch.cat([parameter.grad.flatten() for parameter in model.parameters()]))
        assert gradients[-1].dtype == torch.float32
    plain, mixed = gradients
    assert 0 < (mixed - plain).norm() < 0.02 * plain.norm()
