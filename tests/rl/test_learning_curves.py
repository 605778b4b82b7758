"""Curves over seeds: what they show, where they end, and what an interrupt leaves of them."""

from dataclasses import replace

import numpy as np
import pytest

from agentos_lab.rl import actor_critic, cliff_walking, q_learning
from agentos_lab.rl.learning_curves import LearningCurves, learning_curves


@pytest.fixture(scope="module")
def curves():
    return learning_curves(actor_critic, "CartPole-v1", seeds=3, points=10, total_steps=4_096, progress=False)


def test_curves_of_several_seeds_lie_over_each_other(curves):
    assert curves.returns.shape == (3, 10) and curves.steps[-1] == 4_096
    for seed, run in enumerate(curves.runs):
        assert run.settings.seed == seed
        for steps, value in zip(curves.steps, curves.returns[seed], strict=True):
            newest = [update for update in run.history if update.steps <= steps]
            expected = newest[-1].mean_return if newest else None
            assert (np.isnan(value) and expected is None) or value == expected
    assert "3 seeds, 4,096 steps each" in str(curves)


def test_a_band_reaches_from_the_worst_to_the_best(curves):
    figure = curves.plot()
    line = figure.axes[0].lines[0].get_ydata()
    np.testing.assert_allclose(line, np.median(curves.returns[:, -len(line) :], axis=0))
    assert len(figure.axes[0].collections) == 1


def test_when_a_target_was_first_reached():
    curves = LearningCurves(np.array([10, 20, 30]), np.array([[1.0, 5, 2], [np.nan, 1, 1]]), (), "X", "Y")
    assert curves.reached(5) == [20, None] and curves.final.tolist() == [2.0, 1.0]


def test_an_interrupt_keeps_the_curves_up_to_there():
    def stop(record):
        if record.update == 2:
            raise KeyboardInterrupt

    for on_record in (stop, lambda record: stop(replace(record, update=2))):
        curves = learning_curves(
            actor_critic, "CartPole-v1", seeds=3, points=4, total_steps=512, progress=False, on_record=on_record
        )
        assert len(curves.runs) == 1 and curves.runs[0].interrupted and curves.returns.shape == (1, 4)
        assert str(curves) and curves.plot()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"seeds": []}, "at least one seed"),
        ({"seeds": -2}, "at least one seed"),
        ({"points": 0}, "points must be a positive whole number, got 0"),
        ({"algorithm": "ppo"}, "algorithm is a function, reinforce, actor_critic, ppo or dqn, got 'ppo'"),
        ({"algorithm": q_learning, "env": cliff_walking(), "episodes": 1}, "got a ControlRun; tabular algorithms take"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        learning_curves(**{"algorithm": actor_critic, "env": "CartPole-v1", "seeds": 1} | arguments)
