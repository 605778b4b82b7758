from unittest.mock import patch

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.rl import TabularMDP, cliff_walking, q_learning
from agentos_lab.rl import single_learner as single_learner_module
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


@settings(max_examples=40, deadline=None)
@given(
    number=st.integers(0, 10**6),
    S=st.integers(2, 6),
    A=st.integers(1, 4),
    alpha=st.sampled_from([0.1, 0.5, 1]),
    epsilon=st.sampled_from([0.0, 0.1, 1, lambda played: 1 / (1 + played)]),
    gamma=st.sampled_from([0, 0.9, 1]),
    keep_every=st.sampled_from([None, 1, 3]),
    paid_by_next=st.booleans(),
)
def test_it_learns_what_many_learners_learn_to_the_last_bit(
    number, S, A, alpha, epsilon, gamma, keep_every, paid_by_next
):
    g = np.random.default_rng(number)
    P = g.multinomial(3, np.ones(S) / S, size=(S, A)) / 3
    allowed = g.random((S, A)) < 0.7
    allowed[np.arange(S), g.integers(A, size=S)] = True
    terminal = np.arange(S) == S - 1
    start = np.append(g.dirichlet(np.ones(S - 1)), 0.0)
    R = g.integers(-2, 3, size=(S, A, S) if paid_by_next else (S, A))  # whole numbers: many ties
    mdp = TabularMDP(P, R, terminal, start, limit=20, allowed=allowed)
    told = {"alpha": alpha, "epsilon": epsilon, "gamma": gamma, "keep_every": keep_every, "seed": number}
    assert_equal_to_the_last_bit(*learned_both_ways(mdp, 12, **told))


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
        with patch("agentos_lab.rl.q_learning.q_learning_of_one", wraps=q_learning_of_one) as way:
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
