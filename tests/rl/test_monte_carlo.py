import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.rl import (
    blackjack,
    monte_carlo_control,
    monte_carlo_prediction,
    random_walk,
)
from agentos_lab.rl.monte_carlo import learn_from_episode

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


def test_with_exploring_starts_the_first_action_is_any_even_without_epsilon():
    run = monte_carlo_control(blackjack(), episodes=300, epsilon=0.0, exploring_starts=True, learners=20, initial=-9.0)
    tried = (run.action_values != -9.0).any(axis=0)
    assert tried.all(axis=-1).mean() > 0.3


def test_a_step_size_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="alpha must lie between 0 and 1"):
        monte_carlo_prediction(random_walk(5), alpha=2.0)
