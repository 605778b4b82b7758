"""TD prediction: the published error of n-step TD, and with small steps the exact values."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl import TabularMDP, policy_evaluation, random_walk, td_prediction

FIVE = np.array([0, 1, 2, 3, 4, 5, 0]) / 6  # values of the walk of example 6.2, from its symmetry

NINETEEN = np.array([0.0, *np.linspace(-0.9, 0.9, 19), 0.0])


def rms(run, states=None):
    """Mean over learners of the error after each episode."""
    true = FIVE if run.values.shape[1] == 7 else NINETEEN
    return run.rms_error(true, states).mean(axis=1)


def test_the_error_of_n_step_td_is_u_shaped_with_its_minimum_at_four():
    walk = random_walk(19, left=-1.0)
    best = {1: 0.8, 2: 0.6, 4: 0.4, 8: 0.2, 16: 0.1}  # n: best step size (figure 7.2)
    inner = np.arange(1, 20)
    errors = [
        rms(td_prediction(walk, episodes=10, alpha=alpha, n=n, learners=300, seed=n), inner)[1:].mean()
        for n, alpha in best.items()
    ]
    assert errors == pytest.approx([0.347, 0.280, 0.267, 0.282, 0.326], abs=0.02)
    assert int(np.argmin(errors)) == 2


def random_tables(seed):
    """A process with six states and two actions."""
    rng = np.random.default_rng(seed)
    return rng.dirichlet(np.ones(6), size=(6, 2)), rng.normal(size=(6, 2))


@pytest.mark.parametrize("lam", [None, 0.7])
def test_with_small_steps_the_values_of_a_policy_come_out(lam):
    P, R = random_tables(3)
    mdp = TabularMDP(P, R, terminal=np.arange(6) == 5, start=0)
    policy = np.array([[0.7, 0.3]] * 6)
    exact = policy_evaluation(mdp, policy, gamma=0.9).values
    run = td_prediction(mdp, policy, 1000, alpha=0.02, gamma=0.9, lam=lam, learners=40, keep_every=None)
    assert run.values.mean(axis=0) == pytest.approx(exact, abs=0.08)
    assert np.abs(exact).max() > 0.3  # so that the tolerance proves something
