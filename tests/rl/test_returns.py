"""Returns against sums written out by hand, a filter of scipy, and the laws that tie them to each other."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from random_series import random_series, shares
from scipy.signal import lfilter

from agentos_lab.rl.returns import discounted_return, lambda_return, monte_carlo_return, n_step_return


def by_hand(reward, next_value, terminated, truncated, gamma, n):
    """The n-step return of one column, walked forward step by step."""
    steps, result = len(reward), []
    for start in range(steps):
        total, weight = 0.0, 1.0
        for t in range(start, steps):
            total += weight * reward[t]
            weight *= gamma
            if terminated[t]:
                break
            if truncated[t] or t == steps - 1 or t - start + 1 == n:
                total += weight * next_value[t]
                break
        result.append(total)
    return result


@given(random_series(2), shares, st.integers(1, 10))
def test_an_n_step_return_is_the_sum_walked_forward(data, gamma, n):
    expected = np.transpose([by_hand(*(part[:, i] for part in data), gamma, n) for i in range(data[0].shape[1])])
    np.testing.assert_allclose(n_step_return(*data, gamma, n), expected, atol=1e-12)


@given(random_series(2), shares)
def test_a_long_enough_n_step_return_is_the_monte_carlo_return(data, gamma):
    np.testing.assert_allclose(n_step_return(*data, gamma, 99), monte_carlo_return(*data, gamma), atol=1e-12)


@given(random_series(2), shares, st.floats(0, 0.99))
def test_the_lambda_return_weighs_all_n_step_returns(data, gamma, lam):
    longest = len(data[0])
    weights = [(1 - lam) * lam ** (n - 1) for n in range(1, longest)] + [lam ** (longest - 1)]
    expected = sum(w * n_step_return(*data, gamma, n) for n, w in enumerate(weights, 1))
    np.testing.assert_allclose(lambda_return(*data, gamma, lam), expected, atol=1e-12)


@given(random_series(2), shares)
def test_within_an_episode_the_discounted_return_is_a_recursive_filter(data, gamma):
    reward = data[0]
    expected = lfilter([1], [1, -gamma], reward[::-1], axis=0)[::-1]
    np.testing.assert_allclose(discounted_return(reward, np.zeros_like(reward), gamma), expected, atol=1e-12)


@given(random_series(2), shares)
def test_where_all_values_are_zero_nothing_is_bootstrapped(data, gamma):
    reward, _, terminated, truncated = data
    plain = discounted_return(reward, terminated | truncated, gamma)
    np.testing.assert_allclose(
        monte_carlo_return(reward, np.zeros_like(reward), terminated, truncated, gamma), plain, atol=1e-12
    )


@given(random_series(2), shares)
def test_steps_after_an_end_change_nothing_before_it(data, gamma):
    reward, next_value, terminated, truncated = data
    done = terminated | truncated
    other = np.where(np.cumsum(done, axis=0) - done > 0, 100.0, reward)  # rewards of later episodes
    first = np.cumsum(done, axis=0) - done == 0
    before, after = (monte_carlo_return(r, next_value, terminated, truncated, gamma) for r in (reward, other))
    np.testing.assert_array_equal(
        np.where(first & done.any(axis=0), before, 0), np.where(first & done.any(axis=0), after, 0)
    )


def test_the_textbook_example():
    """Sutton & Barto 2018, exercise 3.8: rewards -1, 2, 6, 3, 2, then the end; γ = 0.5."""
    returns = discounted_return(np.array([-1.0, 2, 6, 3, 2]), np.array([0, 0, 0, 0, 1]), 0.5)
    assert returns.tolist() == [2.0, 6.0, 8.0, 4.0, 2.0]


def test_termination_cuts_the_bootstrap_and_truncation_does_not():
    reward, value, yes, no = np.ones(1), np.full(1, 10.0), np.ones(1, bool), np.zeros(1, bool)
    assert monte_carlo_return(reward, value, yes, no, 0.9) == 1.0
    assert monte_carlo_return(reward, value, no, yes, 0.9) == 10.0
    assert monte_carlo_return(reward, value, yes, yes, 0.9) == 1.0  # terminal states have no future, limit or not


@pytest.mark.parametrize("kind", [torch.float32, torch.float64])
def test_tensors_give_tensors_of_their_type(kind):
    reward = torch.tensor([1.0, 2.0], dtype=kind)
    done = torch.tensor([False, True])
    returns = discounted_return(reward, done, 0.5)
    assert returns.dtype == kind and returns.tolist() == [2.0, 2.0]
    assert discounted_return(reward.numpy(), done.numpy(), 0.5).dtype == reward.numpy().dtype


def test_whole_numbers_give_fractions():
    assert discounted_return([1, 1], [0, 1], 0.5).tolist() == [1.5, 1.0]


def test_half_precision_is_read_and_given_back():
    reward = torch.ones(2, dtype=torch.bfloat16)
    found = discounted_return(reward, torch.tensor([False, True]), 0.5)
    assert found.dtype == torch.bfloat16 and found.tolist() == [1.5, 1.0]


def test_the_arguments_stay_as_they_are():
    reward, done = np.ones(3), np.zeros(3, bool)
    discounted_return(reward, done, 0.9)
    lambda_return(reward, reward, done, done, 0.9, 0.5)
    assert reward.tolist() == [1, 1, 1] and not done.any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0], [True], 1.01), r"gamma must lie between 0 and 1, got 1.01"),
        (([1.0], [True], float("nan")), r"gamma must lie between 0 and 1"),
        (([1.0, 2.0], [True], 0.9), r"one shape, .* got reward \(2,\), done \(1,\)"),
        (([[1.0], [float("nan")]], [[0], [1]], 0.9), r"reward is NaN at step 1 \(index \(1, 0\)\)"),
        (([1.0, float("inf")], [0, 1], 0.9), "reward is infinite at step 1"),
        (([0, 1], [-1.0, 0.5], 0.9), "done says of each step whether it is one.*-1 is neither.*in their order"),
        ((["one"], [True], 0.9), "reward must be an array of numbers"),
        (([[1.0, 2.0], [3.0]], [0, 1], 0.9), "reward must be an array of numbers"),
        (([1.0], [True], "0.9"), "gamma must lie between 0 and 1, got '0.9'"),
        (([], [], 0.9), r"at least one step; reward has shape \(0,\)"),
        ((1.0, True, 0.9), r"at least one step; reward has shape \(\)"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        discounted_return(*arguments)


def test_n_and_lambda_are_checked():
    one, no = np.ones(1), np.zeros(1, bool)
    with pytest.raises(ValueError, match="n must be a positive whole number, got 0"):
        n_step_return(one, one, no, no, 0.9, 0)
    with pytest.raises(ValueError, match=r"lam must lie between 0 and 1, got -0\.1"):
        lambda_return(one, one, no, no, 0.9, -0.1)
