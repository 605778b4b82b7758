"""The replay buffer against a plain list that forgets its oldest entries."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.rl.replay import ReplayBuffer, Transitions


def steps(start, count):
    """K steps that can be told apart: everything in one follows from its number."""
    number = np.arange(start, start + count)
    obs = np.stack([number, -number], axis=1).astype(np.float32)
    return Transitions(obs, number % 3, number / 2, obs + 1, number % 5 == 0, number % 7 == 0)


def filled(capacity, sizes):
    buffer = ReplayBuffer(capacity)
    for start, size in zip(np.cumsum([0, *sizes]), sizes, strict=False):
        buffer.add(*steps(start, size))
    return buffer


def assert_same(ours, expected):
    for name, column in ours._asdict().items():
        np.testing.assert_array_equal(column.numpy(), getattr(expected, name), err_msg=name)


sizes = st.lists(st.integers(0, 12), min_size=1, max_size=8)


@given(st.integers(1, 10), sizes)
def test_it_holds_the_newest_steps_whole_and_nothing_else(capacity, sizes):
    buffer, total = filled(capacity, sizes), sum(sizes)
    assert buffer.added == total and len(buffer) == min(capacity, total)
    held = buffer.steps()
    order = held.obs[:, 0].argsort()
    assert_same(Transitions(*(column[order] for column in held)), steps(total - len(buffer), len(buffer)))


@given(st.integers(1, 10), sizes, st.integers(0, 99))
def test_what_is_drawn_was_put_in_and_stays_together(capacity, sizes, seed):
    buffer = filled(capacity, [*sizes, 1])
    drawn = buffer.sample(20, torch.Generator().manual_seed(seed))
    numbers = drawn.obs[:, 0].long()
    assert (numbers >= buffer.added - len(buffer)).all() and (numbers < buffer.added).all()
    every = steps(0, buffer.added)
    assert_same(drawn, Transitions(*(column[numbers.numpy()] for column in every)))


def test_all_that_is_held_is_drawn_equally_often():
    drawn = filled(5, [8]).sample(50_000, torch.Generator().manual_seed(0)).obs[:, 0]
    counts = torch.bincount(drawn.long())
    assert counts[:3].sum() == 0
    assert (counts[3:].float() / 50_000 - 0.2).abs().max() < 0.01  # 5 standard deviations


def test_terminated_and_truncated_are_kept_apart():
    buffer = ReplayBuffer(4)
    ends = np.array([[False, False], [True, False], [False, True], [True, True]])
    buffer.add(np.arange(4), np.zeros(4, int), np.zeros(4), np.arange(4), *ends.T)
    held = buffer.steps()
    assert torch.stack([held.terminated, held.truncated], 1).tolist() == ends.tolist()


@given(st.integers(1, 10), sizes, sizes)
def test_a_complete_snapshot_brings_another_buffer_to_the_same_state(capacity, before, after):
    buffer = filled(capacity, before)
    other = ReplayBuffer(capacity)
    other.restore(buffer.snapshot(), buffer.added)
    for one in (buffer, other):
        start = sum(before)
        for size in after:
            one.add(*steps(start, size))
            start += size
    assert repr(one) == repr(buffer)
    assert all(torch.equal(a, b) for a, b in zip(buffer.steps(), other.steps(), strict=True))


@given(st.integers(1, 10), sizes, st.lists(st.integers(0, 5), max_size=4))
def test_a_small_snapshot_undoes_the_steps_that_it_was_made_for(capacity, before, after):
    buffer, untouched = filled(capacity, before), filled(capacity, before)
    ahead, added = sum(after), buffer.added
    kept = buffer.snapshot(ahead)
    assert all(len(column) <= ahead for column in kept.values())
    for size in after:
        buffer.add(*steps(1_000, size))
    buffer.restore(kept, added, ahead)
    assert repr(buffer) == repr(untouched)
    assert all(torch.equal(a, b) for a, b in zip(buffer.steps(), untouched.steps(), strict=True))


def test_it_goes_back_to_having_held_nothing():
    buffer = ReplayBuffer(3)
    kept = buffer.snapshot(2)
    buffer.add(*steps(0, 2))
    buffer.restore(kept, 0, 2)
    with pytest.raises(ValueError, match="is empty"):
        buffer.sample(1, torch.Generator())


def test_wrong_use_is_refused():
    with pytest.raises(ValueError, match="capacity must be a positive whole number"):
        ReplayBuffer(0)
    buffer = ReplayBuffer(3)
    with pytest.raises(ValueError, match="empty; add steps"):
        buffer.sample(1, torch.Generator())
    with pytest.raises(ValueError, match="empty; add steps"):
        buffer.steps()
    good = steps(0, 2)
    with pytest.raises(ValueError, match=r"same first axis.* action \(3,\)"):
        buffer.add(*good._replace(action=np.zeros(3)))
    buffer.add(*good)
    with pytest.raises(ValueError, match=r"steps had shape \(2,\) so far, now \(3,\)"):
        buffer.add(*good._replace(obs=np.zeros((2, 3)), next_obs=np.zeros((2, 3))))
    assert len(buffer) == 2
