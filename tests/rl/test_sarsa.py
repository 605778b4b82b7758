import numpy as np
import pytest

from agentos_lab.rl import (
    cliff_walking,
    expected_sarsa,
    sarsa,
)
from agentos_lab.rl.exploration import epsilon_greedy, epsilon_greedy_probabilities


def test_epsilon_greedy_chooses_with_the_probabilities_that_it_says():
    values = np.array([[1.0, 1.0, 0.0, -np.inf], [2.0, 3.0, -np.inf, -np.inf]])
    said = epsilon_greedy_probabilities(values, 0.3)
    assert said.tolist() == [pytest.approx([0.45, 0.45, 0.1, 0.0]), pytest.approx([0.15, 0.85, 0.0, 0.0])]
    generator = np.random.default_rng(0)
    for row, chances in zip(values, said, strict=True):
        chosen = epsilon_greedy(np.repeat(row[None], 50_000, axis=0), 0.3, generator)
        assert np.bincount(chosen, minlength=4) / 50_000 == pytest.approx(chances, abs=0.01)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"gamma": "0.9"}, "gamma must lie between 0 and 1, got '0.9'"),
        ({"seed": -1}, "seed must be a whole number from 0 on, got -1"),
        ({"seed": None}, "seed must be a whole number from 0 on, got None"),
        ({"initial": np.nan}, "initial must hold finite numbers, got nan"),
        ({"initial": "high"}, "initial must be an array of numbers"),
        ({"initial": np.zeros((4, 48))}, r"initial must be a number or an array of shape \(48, 4\), got \(4, 48\)"),
        ({"alpha": lambda n: 5 * n}, r"alpha as a function must give one number between 0 and 1 .* got \[5. 5.\]"),
        ({"alpha": lambda n: n * np.nan}, r"alpha as a function must give one number between 0 and 1 .* got \[nan"),
        ({"epsilon": lambda n: 3}, "epsilon as a function must give one number between 0 and 1 for each of .* got 3"),
        ({"epsilon": lambda n: np.zeros(7)}, "epsilon as a function must give one number between 0 and 1"),
    ],
)
def test_what_learns_nothing_or_never_ends_is_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        sarsa(cliff_walking(), 2, learners=2, **fields)


def test_settings_that_make_no_sense_are_refused_by_name():
    with pytest.raises(ValueError, match="epsilon must lie between 0 and 1"):
        sarsa(cliff_walking(), epsilon=10)
    with pytest.raises(ValueError, match="learners must be a positive whole number"):
        expected_sarsa(cliff_walking(), learners=0)


def test_a_choice_needs_a_row_of_values_and_a_share_of_chance():
    generator = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"action_values must have shape \(N, A\), .* got \(2,\)"):
        epsilon_greedy(np.zeros(2), 0.1, generator)
    with pytest.raises(ValueError, match="epsilon must lie between 0 and 1, got 2"):
        epsilon_greedy(np.zeros((2, 2)), 2, generator)
    assert epsilon_greedy([[1.0, 2.0]], 0.0, generator).tolist() == [1]
