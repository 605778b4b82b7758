"""Vector environments made of single ones: resets in the same step, and refusals of what cannot be right."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from gymnasium.spaces import Box, Dict, Discrete

from agentos_lab.rl import as_vector, vectorize


class Counter(gymnasium.Env):
    """Counts its steps; terminates at 3, or is truncated at 2 when asked to."""

    observation_space = Box(0, 10, shape=(1,))
    action_space = Discrete(2)

    def __init__(self, cut: bool = False) -> None:
        self.cut = cut

    def reset(self, *, seed=None, options=None):
        self.count = 0
        return np.zeros(1, np.float32), {}

    def step(self, action):
        self.count += 1
        end = self.count == (2 if self.cut else 3)
        return np.full(1, self.count, np.float32), float(action), end and not self.cut, end and self.cut, {}


def test_no_step_is_lost_and_none_invented():
    cuts = iter([False, True])
    vector = vectorize(lambda: Counter(next(cuts)), 2)
    vector.reset(seed=0)
    seen = [vector.step([1, 0]) for _ in range(6)]
    assert np.array([obs[:, 0] for obs, *_ in seen]).T.tolist() == [[1, 2, 0, 1, 2, 0], [1, 0, 1, 0, 1, 0]]
    final = np.array([info["final_obs"][:, 0] for *_, info in seen]).T
    assert final.tolist() == [[1, 2, 3, 1, 2, 3], [1, 2, 1, 2, 1, 2]]
    assert np.array([terminated for _, _, terminated, _, _ in seen]).T.tolist() == [[0, 0, 1] * 2, [0] * 6]
    assert np.array([truncated for *_, truncated, _ in seen]).T.tolist() == [[0] * 6, [0, 1] * 3]
    assert np.array([reward for _, reward, *_ in seen]).T.tolist() == [[1.0] * 6, [0.0] * 6]


def test_environment_i_starts_from_the_seed_plus_i_as_gymnasiums_do():
    ours = vectorize("MountainCar-v0", 3)
    theirs = gymnasium.make_vec("MountainCar-v0", num_envs=3, vectorization_mode="sync")
    np.testing.assert_array_equal(ours.reset(seed=5)[0], theirs.reset(seed=5)[0])
    for t in range(50):
        np.testing.assert_array_equal(ours.step([t % 3] * 3)[0], theirs.step(np.array([t % 3] * 3))[0])


def test_continuous_actions_are_clipped_to_their_bounds():
    vectors = [vectorize("MountainCarContinuous-v0", 2) for _ in range(2)]
    for vector in vectors:
        vector.reset(seed=0)
    np.testing.assert_array_equal(vectors[0].step([[5.0], [-5.0]])[0], vectors[1].step([[1.0], [-1.0]])[0])


class OldReset(Counter):
    """Gym before 0.26: the observation alone."""

    def reset(self, *, seed=None, options=None):
        return super().reset()[0]


class OlderReset(Counter):
    """Gym before 0.22: no seed."""

    def reset(self):
        return np.zeros(1)


class OldStep(Counter):
    """Gym before 0.26: one `done` for both ends."""

    def step(self, action):
        obs, reward, terminated, truncated, info = super().step(action)
        return obs, reward, terminated or truncated, info


class PaysNaN(Counter):
    def step(self, action):
        obs, _, *rest = super().step(action)
        return obs, float("nan"), *rest


class PaysTwice(Counter):
    def step(self, action):
        obs, _, *rest = super().step(action)
        return obs, np.ones(2), *rest


class WrongShape(Counter):
    def step(self, action):
        _, *rest = super().step(action)
        return np.zeros(2, np.float32), *rest


class TwoRooms(Counter):
    observation_space = Dict({"room": Discrete(2)})


class ManyActions(Counter):
    action_space = gymnasium.spaces.MultiDiscrete([2, 2])


class CountsFromOne(Counter):
    action_space = Discrete(2, start=1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (OldReset, r"reset\(\) must return \(observation, info\), got ndarray: this is the API of gym before 0.26"),
        (OlderReset, "takes no seed: this is the API of gym before 0.26"),
        (OldStep, r"step\(\) must return 5 values, got 4 values: .*terminated if the task is over, truncated if"),
        (PaysNaN, "the environment paid nan for action 1; a reward is one finite number"),
        (PaysTwice, "a reward is one finite number"),
        (WrongShape, r"observations have shape \(2,\); the observation space says \(1,\)"),
        (TwoRooms, "the observation space must be Box .* or Discrete .*FlattenObservation"),
        (ManyActions, "the action space must be Box .* or Discrete .*ActionWrapper"),
        (CountsFromOne, "the action space must count from 0"),
    ],
)
def test_environments_that_cannot_be_right_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        as_vector(make, 2, seed=0).step([1, 1])


class Says(Counter):
    """Gives one of its answers in a way of its own."""

    def __init__(self, **answers):
        super().__init__()
        self.answers = answers
        self.observation_space = answers.get("space", self.observation_space)

    def reset(self, *, seed=None, options=None):
        obs, info = super().reset(seed=seed)
        return self.answers.get("obs", obs), info

    def step(self, action):
        obs, reward, terminated, truncated, info = super().step(action)
        told = {"obs": obs, "reward": reward, "terminated": terminated, "truncated": truncated} | self.answers
        return told["obs"], told["reward"], told["terminated"], told["truncated"], info


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({"reward": None}, "the environment paid None for action 0; a reward is one finite number"),
        ({"reward": "1"}, "the environment paid '1' for action 0"),
        ({"terminated": None}, "must say True or False for terminated, its value number 3 or 4, got None"),
        ({"terminated": {}}, "must say True or False for terminated"),  # the info in its place
        ({"truncated": "False"}, "must say True or False for truncated, .* got 'False'"),
        ({"obs": 7, "space": Discrete(3)}, r"observations are whole numbers 0 … 2, as Discrete\(3\) says; got \[7\]"),
        ({"obs": 0.5, "space": Discrete(3)}, r"observations are whole numbers 0 … 2, .* got \[0.5\]"),
        ({"obs": [np.nan], "space": Box(-1, 1, (1,))}, "an observation is NaN"),
        ({"obs": "far", "space": Box(-1, 1, (1,))}, "observations must be numbers of one shape"),
    ],
)
def test_answers_that_would_be_learned_from_wrongly_are_refused(answers, message):
    vector = vectorize(lambda: Says(**answers), 1)
    with pytest.raises(ValueError, match=message):
        vector.reset(seed=0)
        vector.step([0])


@pytest.mark.parametrize("end", [np.bool_(True), 1, True])
def test_every_way_to_say_yes_is_understood(end):
    vector = vectorize(lambda: Says(terminated=end, reward=np.float32(2)), 1)
    vector.reset(seed=0)
    _, reward, terminated, *_ = vector.step([0])
    assert terminated.dtype == bool and terminated.tolist() == [True] and reward.tolist() == [2.0]


@pytest.mark.parametrize("actions", [[0], [0, 2], [0, -1], [0.5, 0.5], [[0], [1]]])
def test_actions_that_do_not_exist_are_refused(actions):
    vector = vectorize(Counter, 2)
    vector.reset()
    with pytest.raises(ValueError, match="actions"):
        vector.step(actions)


def test_actions_must_be_finite():
    vector = vectorize("MountainCarContinuous-v0", 1)
    vector.reset(seed=0)
    with pytest.raises(ValueError, match="actions must be finite"):
        vector.step([[np.nan]])


def test_a_function_must_make_a_new_environment_each_time():
    env = Counter()
    with pytest.raises(ValueError, match="same environment twice"):
        vectorize(lambda: env, 2)
    with pytest.raises(ValueError, match="n must be a positive whole number"):
        vectorize(Counter, 0)
