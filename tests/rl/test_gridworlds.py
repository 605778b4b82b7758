"""Grid worlds from text."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from agentos_lab.rl import (
    cliff_walking,
    dyna_maze,
    from_gymnasium,
    frozen_lake,
    gridworld,
    jumping_gridworld,
    taxi,
    windy_gridworld,
)

UP, RIGHT, DOWN, LEFT = range(4)


@pytest.mark.parametrize(
    ("ours", "name", "options"),
    [
        (cliff_walking(), "CliffWalking-v1", {}),
        (cliff_walking(slippery=True), "CliffWalking-v1", {"is_slippery": True}),
        (frozen_lake(), "FrozenLake-v1", {}),
        (frozen_lake("8x8"), "FrozenLake8x8-v1", {}),
        (frozen_lake(slippery=False), "FrozenLake-v1", {"is_slippery": False}),
        (frozen_lake(success_rate=0.8), "FrozenLake-v1", {"success_rate": 0.8}),
        (frozen_lake("SFH\nFFG"), "FrozenLake-v1", {"desc": ["SFH", "FFG"]}),
        (taxi(), "Taxi-v4", {}),
    ],
    ids=lambda value: str(value).split("\n")[0],
)
def test_the_tables_are_gymnasiums(ours, name, options):
    theirs = from_gymnasium(gymnasium.make(name, **options))
    np.testing.assert_allclose(ours.P, theirs.P, atol=1e-12)
    np.testing.assert_allclose(ours.expected_reward, theirs.expected_reward, atol=1e-12)
    np.testing.assert_array_equal(ours.terminal, theirs.terminal)
    np.testing.assert_allclose(ours.start, theirs.start, atol=1e-12)
    if "desc" not in options:
        assert ours.limit == theirs.limit


def follow(mdp, state: int, action: int) -> tuple[int, float]:
    """Where a move leads for sure, and its pay."""
    (to,) = np.flatnonzero(mdp.P[state, action])
    return int(to), float(mdp.expected_reward[state, action])


def test_walls_and_edges_stop_a_move():
    mdp = gridworld("S#.\n..G", bump_reward=-5.0)
    assert follow(mdp, 0, RIGHT) == follow(mdp, 0, UP) == (0, -5.0)
    assert follow(mdp, 0, DOWN) == (3, -1.0) and follow(mdp, 2, DOWN) == (5, -1.0)
    assert mdp.terminal.tolist() == [False, True, False, False, False, True]


def test_a_cliff_leads_back_to_the_start():
    assert follow(gridworld(".CG\nS.."), 0, RIGHT) == (3, -100.0)
    assert follow(gridworld(".CG\nS..", rewards={"C": -7.0}), 0, RIGHT) == (3, -7.0)


def test_slipping_goes_to_either_side_with_half_the_probability():
    mdp = gridworld("...\n.S.\n..G", slip=0.2, rewards={"G": 3.0})
    np.testing.assert_allclose(mdp.P[4, UP, [1, 3, 5]], [0.8, 0.1, 0.1])
    np.testing.assert_allclose(mdp.P[5, DOWN, [8, 4, 5]], [0.8, 0.1, 0.1])  # the right side is the edge
    assert mdp.expected_reward[5, DOWN] == pytest.approx(0.8 * 3 - 0.2)


def test_the_wind_lifts_by_the_strength_of_the_column_one_leaves():
    mdp = windy_gridworld()
    assert follow(mdp, 3 * 10 + 2, RIGHT) == (3 * 10 + 3, -1.0)  # no wind in column 2
    assert follow(mdp, 3 * 10 + 3, RIGHT) == (2 * 10 + 4, -1.0)
    assert follow(mdp, 3 * 10 + 6, RIGHT) == (1 * 10 + 7, -1.0)
    assert follow(mdp, 0 * 10 + 6, LEFT) == (0 * 10 + 5, -1.0)  # not beyond the edge
    king = windy_gridworld(king=True, stay=True)
    assert king.action_names[8] == "stay" and follow(king, 3 * 10 + 3, 8) == (2 * 10 + 3, -1.0)


def test_jumps_leave_by_every_action():
    mdp = jumping_gridworld()
    assert {follow(mdp, 1, action) for action in range(4)} == {(21, 10.0)}
    assert {follow(mdp, 3, action) for action in range(4)} == {(13, 5.0)}
    assert follow(mdp, 0, UP) == (0, -1.0) and follow(mdp, 0, DOWN) == (5, 0.0)


def test_an_episode_starts_at_s_or_anywhere():
    np.testing.assert_allclose(gridworld("S.S\n..G").start, [0.5, 0, 0.5, 0, 0, 0])
    np.testing.assert_allclose(gridworld("..\n#G").start, [0.5, 0.5, 0, 0])
    assert dyna_maze().start.argmax() == 2 * 9


def test_the_map_may_be_written_with_spaces_or_f_and_an_empty_first_line():
    assert gridworld("\nS G\nFFF\n").layout.text == "S.G\n..."


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"text": "S..\n.G"}, r"all lines of a map must have one length, got \[3, 2\]"),
        ({"text": ""}, "all lines of a map must have one length"),
        ({"text": "G#H"}, "no cell to start from"),
        ({"text": "S.G", "moves": ["up", "sideways"]}, r"unknown moves \['sideways'\]; there are up, right"),
        ({"text": "S.G", "moves": []}, "at least one move"),
        ({"text": "S.G", "slip": 1.5}, "slip must lie between 0 and 1, got 1.5"),
        ({"text": "S.G", "wind": [1]}, "wind must name a strength for each of the 3 columns, got 1"),
        ({"text": "S.G", "jumps": {"A": ("a", 1.0)}}, "the jump from 'A' to 'a' needs 'A' in the map"),
        ({"text": "SA.G", "jumps": {"A": "S"}}, "a jump is .where to, reward.*for 'A' jumps has 'S'"),
        ({"text": ["S.G"]}, "a map is one text, its rows parted by line breaks"),
        ({"text": "S.G", "wind": [0.5, 0, 0]}, "wind is a whole number of rows for each column"),
    ],
)
def test_maps_that_make_no_world_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        gridworld(**arguments)


def test_the_limit_of_a_lake_is_gymnasiums_unless_one_says_otherwise():
    assert [frozen_lake().limit, frozen_lake("8x8").limit, frozen_lake("SFG").limit] == [100, 200, None]
    assert frozen_lake(limit=None).limit is None and frozen_lake(limit=7).limit == 7
    with pytest.raises(ValueError, match="limit must be a number of steps, None, or 'gymnasium'"):
        frozen_lake(limit="none")


def test_a_lake_that_nobody_has_drawn_is_refused():
    with pytest.raises(ValueError, match="map must be 4x4 or 8x8, or a map drawn with S, F, H and G, got '5x5'"):
        frozen_lake("5x5")
    with pytest.raises(ValueError, match="success_rate must lie between 0 and 1, got 2"):
        frozen_lake(success_rate=2)
