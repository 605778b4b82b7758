"""The schedule against torch's own schedulers, and its laws."""

from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.schedule import warmup_cosine


def test_the_descent_is_torchs_cosine_annealing():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.3)
    theirs = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=19, eta_min=0.01)
    for step in range(20):
        ours = warmup_cosine(step, steps=20, peak=0.3, floor=0.01)
        assert ours == pytest.approx(theirs.get_last_lr()[0], abs=1e-12)
        optimizer.step()
        theirs.step()


@given(st.integers(1, 200), st.integers(0, 250), st.floats(1e-6, 1), st.floats(0, 1))
def test_it_rises_to_the_peak_and_falls_to_the_floor(steps, warmup, peak, share):
    floor = share * peak
    rates = [warmup_cosine(step, steps=steps, peak=peak, floor=floor, warmup=warmup) for step in range(steps + 3)]
    assert all(0 < rate <= peak * (1 + 1e-12) for rate in rates[:-1][: max(1, steps - 1)])
    rising, falling = rates[: min(warmup, steps)], rates[warmup:]
    assert rising == sorted(rising)
    assert all(after <= before * (1 + 1e-12) for before, after in pairwise(falling))
    if warmup < steps - 1:
        assert rates[warmup] == pytest.approx(peak)
        assert rates[steps - 1 :] == [floor] * 4


def test_warm_up_rises_in_equal_parts_and_never_starts_at_zero():
    rates = [warmup_cosine(step, steps=100, peak=1.0, warmup=4) for step in range(5)]
    assert rates == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])


@pytest.mark.parametrize("wrong", [{"step": -1}, {"steps": 0}, {"warmup": -1}, {"floor": 2.0}])
def test_senseless_schedules_are_refused(wrong):
    with pytest.raises(ValueError, match="expected"):
        warmup_cosine(**{"step": 0, "steps": 10, "peak": 1.0, **wrong})
