import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.rl import (
    blackjack,
    evaluate,
    monte_carlo_control,
    monte_carlo_prediction,
    random_walk,
    td_prediction,
    value_iteration,
)
from agentos_lab.rl.monte_carlo import learn_from_episode

FIVE = np.array([0, 1, 2, 3, 4, 5, 0]) / 6
EPISODES = st.lists(st.tuples(st.integers(0, 3), st.integers(-3, 3)), min_size=1, max_size=12)


@given(episodes=st.lists(EPISODES, min_size=1, max_size=4), gamma=st.sampled_from([0.0, 0.5, 1.0]), first=st.booleans())
def test_estimates_are_the_means_of_the_returns_that_followed(episodes, gamma, first):
    table, visits = np.full(4, 7.0), np.zeros(4, np.int64)
    returns = {key: [] for key in range(4)}
    for episode in episodes:
        keys, rewards = [key for key, _ in episode], [float(reward) for _, reward in episode]
        learn_from_episode(keys, rewards, table, visits, gamma, first_visit=first)
        for time, key in enumerate(keys):
            if not (first and key in keys[:time]):
                returns[key].append(sum(gamma**k * reward for k, reward in enumerate(rewards[time:])))
    for key, found in returns.items():
        assert table[key] == pytest.approx(np.mean(found) if found else 7.0)


def test_td_is_better_than_monte_carlo_on_the_five_state_walk_with_any_of_their_step_sizes():
    def error(run):
        return run.rms_error(FIVE).mean(axis=1)

    walk = random_walk(5)
    td = [td_prediction(walk, episodes=100, alpha=alpha, learners=200, initial=0.5) for alpha in (0.05, 0.1, 0.15)]
    mc = {
        alpha: monte_carlo_prediction(walk, episodes=100, alpha=alpha, first_visit=False, learners=100, initial=0.5)
        for alpha in (0.01, 0.02, 0.03, 0.04)
    }
    assert [error(run)[-1] for run in mc.values()] == pytest.approx([0.094, 0.077, 0.088, 0.101], abs=0.015)
    best_td, best_mc = (np.min([error(run) for run in runs], axis=0) for runs in (td, mc.values()))
    assert (best_td <= best_mc)[1:].all()  # after every number of episodes


@pytest.mark.parametrize("first_visit", [True, False])
def test_the_mean_of_returns_comes_to_the_true_values(first_visit):
    run = monte_carlo_prediction(random_walk(5), episodes=400, first_visit=first_visit, learners=30, keep_every=None)
    assert run.values.mean(axis=0) == pytest.approx(FIVE, abs=0.02)


def test_control_finds_most_of_the_best_play_of_blackjack():
    table = blackjack()
    best = value_iteration(table, gamma=1.0)
    run = monte_carlo_control(table, 8_000, epsilon=0.1, exploring_starts=True, learners=10)
    known = best.action_values.max(-1) - best.action_values.min(-1) > 0.25  # states in which it matters
    known &= ~table.terminal
    assert known.sum() > 20
    agreement = (run.policy == best.policy)[:, known].mean()
    assert agreement > 0.75  # actions that are nearly as good go on being confused
    earned = evaluate(run.policy[0], table, episodes=4_000).mean
    assert earned == pytest.approx(best.start_value, abs=0.06)  # random play loses 0.4


def test_with_exploring_starts_the_first_action_is_any_even_without_epsilon():
    run = monte_carlo_control(blackjack(), episodes=300, epsilon=0.0, exploring_starts=True, learners=20, initial=-9.0)
    tried = (run.action_values != -9.0).any(axis=0)
    assert tried.all(axis=-1).mean() > 0.3


def test_a_step_size_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="alpha must lie between 0 and 1"):
        monte_carlo_prediction(random_walk(5), alpha=2.0)
