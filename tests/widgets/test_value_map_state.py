"""What a ValueMap shows, by pure functions."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.rl import cliff_walking, frozen_lake, gridworld, windy_gridworld
from widgets.runs import plain
from widgets.value_map_history import history, learn_by_sampling, sweep_on
from widgets.value_map_numbers import digits_for, error_digits, powers, rounded_up, signed
from widgets.value_map_panels import short
from widgets.value_map_state import maps_after, value_map_state, with_edit
from widgets.view import unpack

TEXT = "...G\n.#.H\nS..."
PAY = {"G": 1.0, "H": -1.0}


def world(text):
    return gridworld(text, step_reward=-0.02, rewards=PAY, slip=0.2)


def state(edits=(), method="value iteration", gamma=0.9):
    maps = maps_after(TEXT, edits)
    learner = sweep_on(gamma) if method == "value iteration" else learn_by_sampling(gamma, 0.3, 0.2, 0, 30)
    stretches = history([(first, world(text)) for first, text, _ in maps], gamma, learner)
    return value_map_state(stretches, [changed for _, _, changed in maps], method, gamma, 0.2, PAY)


def test_an_edit_covers_the_same_cell_and_forgets_the_future():
    edits = with_edit(with_edit([], 5, 2, "wall"), 9, 3, "pit")
    assert edits == [[5, 2, "wall"], [9, 3, "pit"]]
    assert with_edit(edits, 9, 3, "floor") == [[5, 2, "wall"], [9, 3, "floor"]]
    assert with_edit(edits, 7, 1, "goal") == [[5, 2, "wall"], [7, 1, "goal"]]


def test_edits_make_maps_and_what_changes_nothing_makes_none():
    maps = maps_after(TEXT, [[4, 2, "wall"], [4, 6, "wall"], [8, 5, "wall"], [9, 2, "floor"]])
    assert [(first, changed) for first, _, changed in maps] == [
        (0, []), (4, [(2, "floor"), (6, "floor")]), (9, [(2, "wall")]),
    ]  # fmt: skip
    assert maps[1][1] == "..#G\n.##H\nS..." and maps[2][1] == "...G\n.##H\nS..."


def test_the_state_is_json_but_for_the_packed_arrays():
    shown = state([[6, 2, "wall"]])
    packed = ("values", "q", "best", "astray", "optimal", "optimal_best", "misses")
    json.dumps({name: value for name, value in shown.items() if name not in packed})
    frames = shown["frames"]
    assert [len(shown[name]) for name in ("errors", "told", "sentences")] == [frames] * 3
    assert unpack(shown["q"]).shape == (frames, 12, 4)


def test_values_are_where_v_star_minus_what_misses_is():
    shown = state([[6, 2, "wall"]])
    values, misses, optimal = (unpack(shown[name]) for name in ("values", "misses", "optimal"))
    firsts = [stretch["first"] for stretch in shown["stretches"]]
    for frame in range(shown["frames"]):
        row = optimal[sum(first <= frame for first in firsts) - 1]
        assert np.allclose(values[frame] + misses[frame], row, atol=1e-6)
    assert np.allclose(np.abs(misses).max(axis=1), shown["errors"], rtol=1e-6)


def test_the_sets_of_best_actions_are_those_with_the_largest_q():
    shown = state()
    q, best = unpack(shown["q"])[3], unpack(shown["best"])[3]
    floor = [cell for cell, kind in enumerate(shown["stretches"][0]["kinds"]) if kind == "floor"]
    for cell in floor:
        wanted = {a for a in range(4) if q[cell, a] > q[cell].max() - 1e-6}
        assert {a for a in range(4) if int(best[cell]) >> a & 1} == wanted
    assert all(best[cell] == 0 for cell in range(12) if cell not in floor)


def test_the_sentences_tell_the_course():
    shown = state([[6, 2, "wall"]])
    told = [plain(each) for each in shown["sentences"]]
    assert told[0].startswith("Nothing learnt yet, V = 0: values must still ")
    assert told[3].startswith("Sweep 3: values must still rise by up to 0.")
    assert told[6].startswith("Sweep 6, just after you put a wall at C1: values must still ")
    assert told[8].startswith("Sweep 8, 2 after you put a wall at C1: ")
    assert told[-1].endswith("V = V* to four digits, and every arrow points the best way.")
    assert max(map(len, told)) <= 125


def test_several_changes_and_other_kinds_have_their_words():
    several = [plain(each) for each in state([[6, 2, "wall"], [6, 1, "pit"]])["sentences"]]
    assert several[7].startswith("Sweep 7, 1 after you changed 2 cells: ")
    floor = [plain(each) for each in state([[6, 5, "floor"]])["sentences"]]
    assert floor[7].startswith("Sweep 7, 1 after you put floor at B2: ")


def test_what_a_sampler_has_missed_is_called_too_low_or_too_high():
    told = [plain(each) for each in state(method="q-learning")["sentences"]]
    assert told[0].startswith("Nothing learnt yet, V = 0: V is off by up to 0.")
    assert "too low" in told[5] or "too high" in told[5]
    assert told[5].startswith("Episode 5: ") and "will" not in told[5]


def test_a_grid_without_floor_is_told():
    text = "C#G"
    mdp = gridworld("S#G")
    stretches = history([(0, mdp)], 0.9, sweep_on(0.9))
    object.__setattr__(stretches[0].mdp.layout, "text", text)
    told = value_map_state(stretches, [[]], "value iteration", 0.9, 0.0, {})["sentences"][0]
    assert plain(told) == "Nothing learnt yet, V = 0: there is no floor to stand on."


def test_a_new_wall_remembers_what_the_cell_was_worth():
    shown = state([[6, 2, "wall"]])
    ((cell, was, before),) = shown["stretches"][1]["changed"]
    assert (cell, was) == (2, "floor") and before == pytest.approx(float(unpack(shown["values"])[5, 2]), abs=1e-6)
    assert state([[0, 2, "wall"]])["stretches"][0]["changed"] == [[2, "floor", None]]


def test_pay_and_names_come_from_the_world():
    shown = state()
    assert shown["stretches"][0]["pays"][3] == "+1" and shown["stretches"][0]["pays"][7] == "−1"
    assert shown["stretches"][0]["starts"] == [8]
    assert (shown["actions"], shown["arrows"]) == (["up", "right", "down", "left"], list("↑→↓←"))
    many = windy_gridworld(king=True)
    eight = value_map_state(history([(0, many)], 0.9, sweep_on(0.9)), [[]], "value iteration", 0.9, 0.0, {})
    assert eight["actions"] == list("↑→↓←↗↘↙↖") and eight["directions"][4] == (1, -1)


def test_numbers_have_as_many_decimals_as_they_need_and_have_room_for():
    assert [digits_for(np.array(values)) for values in ([0.5], [-13.0, 2.0], [-13.2], [250.5], [1.0, 0.0])] == [
        2, 0, 1, 0, 2,
    ]  # fmt: skip
    assert signed(-0.001, 2) == "0.00" and signed(-0.126, 2) == "−0.13" and signed(-100.0, 0) == "−100"


@given(st.floats(1e-7, 1e4))
def test_an_error_is_never_printed_as_nothing(error):
    assert float(signed(error, error_digits(error, 2))) > 0


@given(st.floats(1e-6, 1e6))
def test_the_end_of_a_scale_is_round_and_just_above(value):
    end = rounded_up(value)
    assert value * 0.99999 <= end <= 1.51 * value
    assert float(f"{end:.2g}") == end


@given(st.floats(1e-3, 1e5), st.floats(1e-9, 1.0))
def test_a_log_axis_holds_both_ends_and_has_few_ticks(high, share):
    axis = powers(high, high * share)
    assert 10.0 ** axis["bottom"] <= high * share * (1 + 1e-6) and high <= 10.0 ** axis["top"] * (1 + 1e-6)
    assert axis["ticks"][0][0] == axis["top"] and 2 <= len(axis["ticks"]) <= 9
    for power, text in axis["ticks"]:
        assert math.isclose(float(text), 10.0**power)


@pytest.mark.parametrize("mdp", [cliff_walking(), frozen_lake(), windy_gridworld()])
def test_every_sentence_fits_its_line(mdp):
    shown = value_map_state(history([(0, mdp)], 0.99, sweep_on(0.99)), [[]], "value iteration", 0.99, None, {})
    assert max(len(plain(each)) for each in shown["sentences"]) <= 125


@pytest.mark.parametrize(
    ("miss", "text"), [(0.412, ".41"), (-0.12, "−.12"), (-0.004, ""), (1.0, "1.0"), (-1.64, "−1.6"), (-12.7, "−13")]
)
def test_what_is_missing_is_told_in_two_digits(miss, text):
    assert short(miss) == text
