import numpy as np
import pytest

from agentos_lab.rl import cliff_walking, dyna_maze, dyna_q, q_learning


def test_without_planning_it_is_q_learning():
    told = {"alpha": 0.1, "epsilon": 0.1, "gamma": 0.95, "learners": 3, "seed": 0}
    planned = dyna_q(cliff_walking(), 5, planning=0, **told)
    assert np.array_equal(planned.action_values, q_learning(cliff_walking(), 5, **told).action_values)


def test_settings_that_make_no_sense_are_refused_by_name():
    with pytest.raises(ValueError, match="planning must be a whole number"):
        dyna_q(dyna_maze(), planning=-1)
    with pytest.raises(ValueError, match="bonus must not be negative"):
        dyna_q(dyna_maze(), bonus=-1.0)
