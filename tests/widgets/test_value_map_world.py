"""The rules behind a grid world's tables, and cells painted anew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.rl import (
    as_mdp,
    cliff_walking,
    dyna_maze,
    frozen_lake,
    gridworld,
    jumping_gridworld,
    random_walk,
    small_gridworld,
    windy_gridworld,
)
from widgets.value_map_world import brushes_for, cell_names, kinds, painted, read_rules

WORLDS = {
    "cliff": cliff_walking(),
    "slippery cliff": cliff_walking(slippery=True),
    "lake": frozen_lake(),
    "sure lake": frozen_lake("8x8", slippery=False),
    "gymnasium's lake": as_mdp("FrozenLake-v1"),
    "wind": windy_gridworld(),
    "king's wind": windy_gridworld(king=True, stay=True),
    "jumps": jumping_gridworld(),
    "small": small_gridworld(),
    "maze": dyna_maze(),
}


def same(one, other):
    return (
        np.allclose(one.P, other.P)
        and np.allclose(one.expected_reward, other.expected_reward)
        and (one.terminal == other.terminal).all()
        and np.allclose(one.start, other.start)
    )


@pytest.mark.parametrize("name", WORLDS)
def test_the_rules_that_are_read_make_the_tables_they_were_read_from(name):
    world = WORLDS[name]
    rules = read_rules(world)
    assert rules is not None and same(rules.world(world.layout.text), world)
    assert (rules.limit, rules.name) == (world.limit, world.name)


@given(
    cells=st.lists(st.sampled_from(".....#GHSC"), min_size=12, max_size=12),
    slip=st.sampled_from([0.0, 0.1, 0.2, 0.5, 2 / 3]),
    step=st.floats(-2, 1).map(lambda x: round(x, 2)),
    pit=st.floats(-50, 5).map(lambda x: round(x, 2)),
)
@settings(max_examples=40, deadline=None)
def test_any_map_is_read_back(cells, slip, step, pit):
    text = "\n".join("".join(cells[row : row + 4]) for row in (0, 4, 8))
    if "." not in text and "S" not in text:
        return
    world = gridworld(text, slip=slip, step_reward=step, rewards={"G": 3.0, "H": pit, "C": pit})
    rules = read_rules(world)
    assert rules is not None and same(rules.world(text), world)


def test_a_wall_in_the_way_makes_the_world_that_was_drawn_so():
    text = painted(cliff_walking().layout.text, 25, "wall")
    assert text.split("\n")[2] == ".#.........."
    assert same(read_rules(cliff_walking()).world(text), gridworld(text, name="cliff walking"))


def test_a_world_of_other_tables_has_no_rules():
    assert read_rules(random_walk(5)) is None
    lake = frozen_lake()
    rewards = lake.R.copy()
    rewards[0, 1] = 0.3  # pay for one action in one place
    odd = type(lake)(lake.P, rewards, lake.terminal, lake.start, layout=lake.layout)
    assert read_rules(odd) is None


def test_new_goals_and_pits_keep_their_meaning_where_steps_are_dear():
    dear = read_rules(gridworld("S..."))
    assert dear.pay["G"] == 0.0 and dear.pay["H"] == -10.0
    cheap = read_rules(gridworld("S...", step_reward=-0.1))
    assert cheap.pay["G"] == 1.0 and cheap.pay["H"] == -1.0
    assert read_rules(frozen_lake()).pay == {"G": 1.0, "H": 0.0}  # what the world says comes first


@given(st.text(".#GHSC", min_size=6, max_size=6), st.integers(0, 5), st.sampled_from(["floor", "wall", "goal", "pit"]))
def test_painting_changes_one_cell_and_twice_is_once(cells, state, brush):
    text = f"{cells[:3]}\n{cells[3:]}"
    after = painted(text, state, brush)
    wanted = ("pit", "cliff") if brush == "pit" else (brush,)
    assert kinds(after)[state] in wanted
    assert [k for i, k in enumerate(kinds(after)) if i != state] == [k for i, k in enumerate(kinds(text)) if i != state]
    assert painted(after, state, brush) == after
    if kinds(text)[state] in wanted:
        assert after == text  # a start stays a start


def test_brushes_paint_what_a_cell_does_and_not_its_letter():
    odd = read_rules(gridworld("S.H\n..G", rewards={"H": 3.0, "G": -5.0}))
    assert kinds("S.H\n..G", odd.letters)[2::3] == ["goal", "pit"]
    assert painted("S..", 2, "goal", odd.letters) == "S.H" and painted("S..", 2, "pit", odd.letters) == "S.G"
    rich = read_rules(gridworld("S.H\n..G", rewards={"H": 3.0, "G": 5.0}))
    assert brushes_for("S..C", rich.letters) == ["floor", "wall", "goal", "pit"]  # a cliff
    assert brushes_for("S..", rich.letters) == ["floor", "wall", "goal"]
    with pytest.raises(ValueError, match="no cell of this world can be a pit"):
        painted("S..", 2, "pit", rich.letters)


def test_bad_brushes_and_cells_are_told():
    with pytest.raises(ValueError, match="brush is 'lava'; expected floor, wall, goal, pit"):
        painted("...", 0, "lava")
    with pytest.raises(ValueError, match="there is no cell 9: the map has 3"):
        painted("...", 9, "wall")


def test_cells_are_named_as_on_a_board():
    assert cell_names(2, 2) == ["A1", "B1", "A2", "B2"]
    assert cell_names(1, 28)[-2:] == ["AA1", "AB1"]
