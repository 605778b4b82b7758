"""Advantages: the sum of equation 16 written out, and the laws between its special cases."""

import numpy as np
import pytest
import torch
from hypothesis import given
from random_series import random_series, shares

from agentos_lab.rl.advantage import gae, monte_carlo_advantage, normalize, td_error
from agentos_lab.rl.returns import lambda_return, monte_carlo_return, n_step_return


def errors(data, gamma):
    reward, value, next_value, terminated, truncated = data
    return td_error(reward, value, next_value, terminated, gamma), terminated | truncated


@given(random_series(3), shares, shares)
def test_gae_is_the_weighted_sum_of_later_errors(data, gamma, lam):
    delta, done = errors(data, gamma)
    expected = np.zeros_like(delta)
    for t, i in np.ndindex(delta.shape):
        for later in range(t, len(delta)):
            expected[t, i] += (gamma * lam) ** (later - t) * delta[later, i]
            if done[later, i]:
                break
    np.testing.assert_allclose(gae(delta, done, gamma, lam), expected, atol=1e-12)


@given(random_series(3), shares)
def test_gae_with_lambda_zero_is_the_td_error(data, gamma):
    delta, done = errors(data, gamma)
    np.testing.assert_array_equal(gae(delta, done, gamma, 0.0), delta)


@given(random_series(3), shares)
def test_gae_with_lambda_one_is_the_return_with_bootstrap_less_the_value(data, gamma):
    reward, value, *rest = chained = consistent(data)
    delta, done = errors(chained, gamma)
    np.testing.assert_allclose(
        gae(delta, done, gamma, 1.0) + value, monte_carlo_return(reward, *rest, gamma), atol=1e-9
    )


@given(random_series(3), shares, shares)
def test_gae_plus_value_is_the_lambda_return(data, gamma, lam):
    reward, value, *rest = chained = consistent(data)
    delta, done = errors(chained, gamma)
    np.testing.assert_allclose(
        gae(delta, done, gamma, lam) + value, lambda_return(reward, *rest, gamma, lam), atol=1e-9
    )


@given(random_series(3), shares)
def test_the_monte_carlo_advantage_is_return_less_value_and_the_td_error_is_its_one_step_form(data, gamma):
    reward, value, next_value, terminated, truncated = data
    rest = (next_value, terminated, truncated)
    np.testing.assert_allclose(
        monte_carlo_advantage(reward, value, *rest, gamma), monte_carlo_return(reward, *rest, gamma) - value, atol=1e-12
    )
    one = n_step_return(reward, *rest, gamma, 1) - value
    np.testing.assert_allclose(td_error(reward, value, next_value, terminated, gamma), one, atol=1e-12)


def consistent(data):
    """The same steps with V(s[t+1]) as next value wherever the episode goes on."""
    reward, value, next_value, terminated, truncated = data
    goes_on = ~(terminated | truncated)[:-1]
    next_value = next_value.copy()
    next_value[:-1] = np.where(goes_on, value[1:], next_value[:-1])
    return reward, value, next_value, terminated, truncated


def test_termination_cuts_the_bootstrap_truncation_does_not_and_both_cut_the_trace():
    reward, value, next_value = np.zeros((2, 3)), np.zeros((2, 3)), np.full((2, 3), 10.0)
    terminated = np.array([[True, False, False], [False] * 3])
    truncated = np.array([[False, True, False], [False] * 3])
    delta = td_error(reward, value, next_value, terminated, 0.5)
    assert delta[0].tolist() == [0.0, 5.0, 5.0]
    advantage = gae(delta, terminated | truncated, 0.5, 1.0)
    assert advantage[0].tolist() == [0.0, 5.0, 5.0 + 0.5 * 5.0]


@given(random_series(3))
def test_normalized_advantages_have_mean_zero_and_deviation_one_and_keep_their_order(data):
    advantage = data[0]
    scaled = normalize(advantage)
    assert abs(scaled.mean()) < 1e-9
    assert scaled.std() == pytest.approx(1.0 if advantage.size > 1 else 0.0, abs=1e-5)
    np.testing.assert_array_equal(scaled.argsort(axis=None), advantage.argsort(axis=None))


def test_equal_advantages_normalize_to_nothing():
    assert normalize(torch.full((4,), 3.0)).tolist() == [0.0] * 4


def test_tensors_and_arrays_agree():
    generator = np.random.default_rng(0)
    delta, done = generator.normal(size=(6, 2)), generator.random((6, 2)) < 0.3
    tensor = gae(torch.from_numpy(delta).float(), torch.from_numpy(done), 0.9, 0.8)
    assert tensor.dtype == torch.float32
    torch.testing.assert_close(tensor.double(), torch.from_numpy(gae(delta, done, 0.9, 0.8)), atol=1e-6, rtol=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0], [0], 2, 0.5), "gamma must lie between 0 and 1, got 2"),
        (([1.0], [0], 0.5, 1.5), "lam must lie between 0 and 1, got 1.5"),
        (([1.0], [[0]], 0.5, 0.5), r"one shape, .* got td_error \(1,\), done \(1, 1\)"),
        (([float("nan")], [0], 0.5, 0.5), "td_error is NaN at step 0"),
        (([0, 0, 1], [0.5, -0.2, 0.7], 0.5, 0.5), "done says of each step whether it is one, .*0.5 is neither"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        gae(*arguments)


def test_shapes_of_a_td_error_are_compared():
    with pytest.raises(ValueError, match=r"reward \(2,\), value \(1,\)"):
        td_error([1.0, 1.0], [1.0], [1.0, 1.0], [0, 0], 0.9)
