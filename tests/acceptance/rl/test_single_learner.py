"""One learner learns what many learn, to the last bit, on the textbook's problems."""

from __future__ import annotations

import pytest

from agentos_lab.rl import cliff_walking, frozen_lake, gamblers_problem, taxi
from agentos_lab.rl.q_learning import q_learning_steps
from agentos_lab.rl.single_learner import is_single_learner, q_learning_of_one
from agentos_lab.rl.tabular_learning import TabularControl


def learned_both_ways(mdp, episodes, **told):
    alone, together = TabularControl(mdp, episodes, **told), TabularControl(mdp, episodes, **told)
    assert is_single_learner(alone, mdp)
    assert not q_learning_of_one(alone, mdp)
    for _ in q_learning_steps(together):
        pass
    return alone, together


def assert_equal_to_the_last_bit(alone, together):
    for name in ("table", "returns", "lengths", "ended", "kept"):
        one, other = getattr(alone, name), getattr(together, name)
        assert (one is None and other is None) or one.tobytes() == other.tobytes(), name


@pytest.mark.parametrize("mdp", [cliff_walking(), frozen_lake(), taxi(), gamblers_problem()], ids=lambda mdp: mdp.name)
def test_on_known_problems_too(mdp):
    assert_equal_to_the_last_bit(*learned_both_ways(mdp, 60, alpha=0.1, gamma=0.99, seed=3, initial=0.5))
