import sys
from unittest.mock import patch

import numpy as np

from agentos_lab.rl import TabularMDP, cliff_walking, q_learning
from agentos_lab.rl import single_learner as single_learner_module
from agentos_lab.rl.single_learner import q_learning_of_one


def test_it_is_taken_by_q_learning_where_it_can_be():
    noisy = TabularMDP(np.eye(2)[[[1], [1]]], np.zeros((2, 1)), [False, True], 0, reward_std=np.ones((2, 1)))
    cases = [
        (cliff_walking(), {}, True),
        (cliff_walking(), {"learners": 2}, False),
        (cliff_walking(), {"alpha": lambda visits: 1 / visits}, False),
        (noisy, {}, False),
        ("FrozenLake-v1", {}, False),
    ]
    for env, told, expected in cases:
        # By the table of modules: `agentos_lab.rl.q_learning` is also the name of the function.
        module = sys.modules["agentos_lab.rl.q_learning"]
        with patch.object(module, "q_learning_of_one", wraps=q_learning_of_one) as way:
            assert not np.isnan(q_learning(env, 3, **told).returns).any()
        assert way.called is expected


def test_an_interrupt_leaves_what_was_learned_so_far():
    def interrupted(*args):
        for ended in episodes(*args):
            yield ended
            if ended == 5:
                raise KeyboardInterrupt

    episodes = single_learner_module._episodes
    with patch.object(single_learner_module, "_episodes", interrupted):
        run = q_learning(cliff_walking(), 20)
    assert run.interrupted
    assert np.isnan(run.returns[0]).tolist() == [False] * 5 + [True] * 15
    assert np.array_equal(run.action_values, q_learning(cliff_walking(), 5).action_values)
