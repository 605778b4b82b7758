import numpy as np

from agentos_lab.rl import (
    TabularMDP,
    cliff_walking,
    double_q_learning,
    evaluate,
    q_learning,
)
from agentos_lab.rl.q_learning import q_learning_steps
from agentos_lab.rl.tabular_learning import TabularControl


def test_each_table_of_double_q_learning_counts_its_own_visits():
    mdp = TabularMDP([[[0.0, 1.0]], [[0.0, 1.0]]], [[1.0], [0.0]], terminal=[False, True], start=0)  # one step, pays 1
    run = double_q_learning(mdp, 20, alpha=lambda n: 1 / n, initial=100.0, learners=3)
    assert run.action_values[:, 0, 0].tolist() == [1.0] * 3  # the first sample takes the place of what was there


def test_the_steps_can_be_taken_one_by_one():
    learning = TabularControl(cliff_walking(), 20, learners=2, seed=3)
    for _ in q_learning_steps(learning):
        pass
    assert np.array_equal(learning.action_values, q_learning(cliff_walking(), 20, learners=2, seed=3).action_values)
    assert (learning.ended == 20).all()


def test_returns_are_the_sums_of_what_the_steps_paid():
    learning = TabularControl(cliff_walking(), 5, learners=3, seed=0)
    paid, expected = np.zeros(3), [[] for _ in range(3)]
    for step in q_learning_steps(learning):
        paid += step.reward
        for i in np.flatnonzero(step.done):
            expected[i].append(paid[i])
            paid[i] = 0.0
    assert learning.returns.tolist() == [row[:5] for row in expected]


def test_learners_are_independent_of_how_long_others_need():
    run = q_learning(cliff_walking(), 10, learners=4, seed=0)
    assert not np.isnan(run.returns).any()
    assert len({tuple(row) for row in run.returns.tolist()}) == 4


def test_any_gymnasium_environment_with_numbered_states_can_be_learned():
    run = q_learning("FrozenLake-v1", 300, alpha=0.1, learners=2, seed=0)
    assert run.action_values.shape == (2, 16, 4)
    assert run.task == "FrozenLake-v1"


def test_the_greedy_policy_can_be_evaluated_and_the_run_plotted():
    run = q_learning(cliff_walking(), 300, learners=5, keep_every=100)
    assert evaluate(run.policy[0], cliff_walking(), episodes=1).mean == -13.0
    assert run.kept.shape == (4, 5, 48, 4)
    assert np.array_equal(run.kept[-1], run.action_values)
    assert "cliff walking" in run.plot().alt
    assert str(run).startswith("Q-learning on cliff walking: 5 learners, 300 episodes each; alpha 0.5")


def test_an_interrupt_keeps_what_has_been_learned():
    learning = TabularControl(cliff_walking(), 50, learners=2)

    def interrupted():
        for number, step in enumerate(q_learning_steps(learning)):
            if number == 2000:
                raise KeyboardInterrupt
            yield step

    assert learning.run(interrupted())
    assert (learning.action_values != 0).any()
