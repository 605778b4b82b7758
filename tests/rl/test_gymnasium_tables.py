"""Processes read from gymnasium's dictionaries."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Discrete

from agentos_lab.rl import as_mdp, from_gymnasium, frozen_lake, value_iteration


class Door(gymnasium.Env):
    """Two rooms; going through the door (action 1) from 0 to 1 ends the episode half of the time.

    So that room 1 is entered both at the end and in the midst of an episode.
    """

    observation_space, action_space = Discrete(2), Discrete(2)
    P = {  # noqa: RUF012
        0: {0: [(1.0, 0, -1.0, False)], 1: [(0.5, 1, 10.0, True), (0.5, 1, 0.0, False)]},
        1: {0: [(1.0, 0, 0.0, False)], 1: [(1.0, 1, -1.0, False)]},
    }
    initial_state_distrib = np.array([1.0, 0.0])


def test_a_state_entered_both_ways_is_no_end_itself():
    mdp = from_gymnasium(Door())
    assert mdp.num_states == 3 and mdp.terminal.tolist() == [False, False, True]
    assert mdp.P[0, 1].tolist() == [0.0, 0.5, 0.5]
    # v(0) = 5 + γ v(1) / 2 and v(1) = γ v(0)
    assert value_iteration(mdp, 0.9).start_value == pytest.approx(5 / (1 - 0.81 / 2))


def test_the_name_the_limit_and_the_map_come_along():
    mdp = from_gymnasium("FrozenLake-v1")
    assert (mdp.name, mdp.limit) == ("FrozenLake-v1", 100)
    assert mdp.layout == frozen_lake().layout


def test_outcomes_with_the_same_next_state_are_paid_their_mean():
    env = Door()
    env.P = {
        0: {a: [(0.25, 1, 8.0, True), (0.75, 1, 0.0, True)] for a in range(2)},
        1: {a: [(1.0, 1, 0.0, True)] for a in range(2)},
    }
    mdp = from_gymnasium(env)
    assert mdp.P[0, 0].tolist() == [0.0, 1.0] and mdp.expected_reward[0].tolist() == [2.0, 2.0]


def test_a_process_is_taken_as_it_is():
    mdp = frozen_lake()
    assert as_mdp(mdp) is mdp


@pytest.mark.parametrize("name", ["CartPole-v1", "Blackjack-v1"])
def test_an_environment_without_a_table_is_refused(name):
    with pytest.raises(ValueError, match=r"carries no table of transitions.*learn from samples instead"):
        from_gymnasium(name)
