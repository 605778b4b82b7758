"""One learner learns what many learn, to the last bit, on the textbook's problems."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.rl import TabularMDP, cliff_walking, frozen_lake, gamblers_problem, taxi
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
