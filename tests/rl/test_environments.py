"""From whatever names an environment to one or many of them."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from agentos_lab.rl import (
    CartPole,
    Environment,
    Pendulum,
    TabularMDP,
    TabularVector,
    VectorEnvironment,
    as_environment,
    as_vector,
    frozen_lake,
)


@pytest.mark.parametrize(
    ("env", "kind"),
    [
        ("CartPole-v1", CartPole),
        ("Pendulum-v1", Pendulum),
        (frozen_lake(), TabularVector),
        ("MountainCar-v0", VectorEnvironment),
        (gymnasium.make("Acrobot-v1"), VectorEnvironment),
        (lambda: gymnasium.make("Acrobot-v1"), VectorEnvironment),
        (CartPole(5), CartPole),
    ],
)
def test_everything_that_names_an_environment_becomes_a_vector(env, kind):
    vector = as_vector(env, 5, seed=0)
    assert isinstance(vector, kind) and isinstance(vector, VectorEnvironment) and vector.n == 5
    space = vector.single_action_space
    actions = np.zeros((5, *space.shape), dtype=space.dtype)
    obs, reward, terminated, truncated, info = vector.step(actions)
    shape = (5, *vector.single_observation_space.shape)
    assert obs.shape == info["final_obs"].shape == shape
    assert reward.shape == terminated.shape == truncated.shape == (5,)
    assert terminated.dtype == truncated.dtype == bool and reward.dtype == float


def test_our_cart_and_pole_has_the_limit_of_its_id():
    assert as_vector("CartPole-v1", 2).limit == 500 and as_vector("CartPole-v0", 2).limit == 200


def test_a_given_environment_is_copied_not_shared():
    env = gymnasium.make("MountainCar-v0")
    vector = as_vector(env, 3, seed=0)
    starts = vector.reset(seed=0)[0]
    assert len(np.unique(starts[:, 0])) == 3


def test_a_seed_begins_the_same_sequence_again():
    first, second = as_vector("Acrobot-v1", 3, seed=4), as_vector("Acrobot-v1", 3, seed=4)
    for _ in range(5):
        np.testing.assert_array_equal(first.step([0, 1, 2])[0], second.step([0, 1, 2])[0])


def test_one_environment_is_made_from_an_id_or_a_function_and_left_as_it_is():
    mdp = frozen_lake()
    assert as_environment(mdp) is mdp and as_environment(lambda: mdp) is mdp
    assert isinstance(as_environment("CartPole-v1"), Environment)
    assert isinstance(as_environment("FrozenLake-v1"), gymnasium.Env)


@pytest.mark.parametrize("convert", [as_environment, as_vector])
@pytest.mark.parametrize(
    ("env", "message"),
    [
        ("NoSuchThing-v1", "gymnasium cannot make 'NoSuchThing-v1'.*doesn't exist"),
        ("CliffWalking-v0", "gymnasium cannot make 'CliffWalking-v0'.*v1"),
        (42, "expected a gymnasium id, an environment, or a function that makes one; got 42 without reset, step"),
        (None, "expected a gymnasium id"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*out of date:DeprecationWarning")
def test_what_is_no_environment_is_refused(convert, env, message):
    with pytest.raises(ValueError, match=message):
        convert(env)


def test_vectors_where_one_is_expected_and_the_other_way_round_are_refused():
    with pytest.raises(ValueError, match="expected one environment, got a vector"):
        as_environment(CartPole(2))
    with pytest.raises(ValueError, match=r"reset one step late.*pass the id"):
        as_vector(gymnasium.make_vec("CartPole-v1", num_envs=2), 2)
    with pytest.raises(ValueError, match="has n=2, and n=3 was asked for"):
        as_vector(CartPole(2), 3)


def test_the_time_limit_of_a_table_truncates():
    vector = as_vector(TabularMDP(np.ones((1, 1, 1)), [[1.0]], [False], 0, limit=3), 2, seed=0)
    assert [vector.step([0, 0])[3].all() for _ in range(6)] == [False, False, True] * 2
