"""Cells are called by what they do, not by their letter alone."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl import as_mdp, cliff_walking, frozen_lake, gridworld, random_walk, small_gridworld
from agentos_lab.rl.cell_kinds import arrival_rewards, cell_kinds, end_kind


@pytest.mark.parametrize("slip", [0.0, 0.2])
def test_an_end_that_pays_is_a_goal_and_one_that_costs_is_a_pit_whatever_its_letter(slip):
    world = gridworld("S.H\n#.G", rewards={"H": 3.0, "G": -5.0}, slip=slip)
    assert cell_kinds(world) == ["floor", "floor", "goal", "wall", "floor", "pit"]


def test_a_goal_that_costs_no_more_than_a_step_stays_one():
    assert cell_kinds(small_gridworld())[0] == "goal" and cell_kinds(cliff_walking())[-1] == "goal"
    assert cell_kinds(cliff_walking())[37] == "cliff"


@pytest.mark.parametrize("lake", [frozen_lake(), as_mdp("FrozenLake-v1")])
def test_a_hole_that_pays_nothing_stays_a_pit(lake):
    assert [cell_kinds(lake)[state] for state in (5, 7, 11, 12, 15)] == ["pit"] * 4 + ["goal"]


def test_only_the_end_of_a_walk_that_pays_is_its_goal():
    assert [cell_kinds(random_walk(5))[end] for end in (0, 6)] == ["pit", "goal"]
    assert [cell_kinds(random_walk(19, left=-1.0))[end] for end in (0, 20)] == ["pit", "goal"]


def test_an_end_that_nobody_can_reach_is_called_by_its_letter():
    assert cell_kinds(gridworld("S#H\n.#G", rewards={"H": 3.0}))[2::3] == ["pit", "goal"]
    assert np.isnan(arrival_rewards(gridworld("S#H"))[2])
    assert end_kind("H", float("nan"), -1.0) == "pit"
