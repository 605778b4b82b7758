"""Dyna: the published learning curves of the maze, and what a bonus for the long untried does."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from agentos_lab.rl import dyna_maze, dyna_q
from agentos_lab.rl.dyna import dyna_q_steps
from agentos_lab.rl.tabular_learning import TabularControl


def test_planning_saves_episodes_in_the_maze_as_in_figure_8_2():
    lengths = {
        planning: dyna_q(dyna_maze(), episodes, planning=planning, learners=8, seed=1).lengths.mean(axis=0)
        for planning, episodes in ((0, 30), (5, 15), (30, 20))
    }
    needed = {planning: int(np.argmax(steps < 20)) + 1 for planning, steps in lengths.items()}
    assert needed[30] <= 6
    assert needed[5] <= 10
    assert needed[0] >= 20
    assert lengths[30][-5:].mean() == pytest.approx(14 / 0.9, abs=3)  # 14 steps is the shortest way; ε makes detours


def test_a_bonus_makes_it_look_again_at_what_it_has_long_not_tried():
    def tried(bonus):
        learning = TabularControl(dyna_maze(), 10_000, alpha=0.5, epsilon=0.0, gamma=0.95, seed=0)
        steps = list(islice(dyna_q_steps(learning, 10, bonus), 1500))
        return len({(int(step.state[0]), int(step.action[0])) for step in steps[500:]})

    assert tried(0.01) > 1.3 * tried(0.0)
