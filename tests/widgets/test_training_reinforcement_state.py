"""What a monitor says and shows of reinforcement learning, as plain data."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.rl.learning_result import Update
from widgets.runs import plain
from widgets.training_bands import band
from widgets.training_reading import reading
from widgets.training_reinforcement import reinforcement_state
from widgets.training_reinforcement_panels import limits, round_ticks
from widgets.training_reinforcement_runs import ReinforcementRun
from widgets.view import unpack

NUMBERS = st.floats(-1e6, 1e6)


def run(returns, name="run", group="PPO", total_steps=None, finished=True, **fields):
    """A run of updates of 100 steps each, with these mean returns."""
    records = [
        Update(number, 100 * number, value, number, 0.01, loss=0.5, entropy=0.7, kl=0.01)
        for number, value in enumerate(returns, 1)
    ]
    return ReinforcementRun(name, [replace(one, **fields) for one in records], group, total_steps, finished, "PPO")


def sentence(*runs, **options):
    return plain(reinforcement_state(runs, **options)["sentence"])


@given(st.lists(st.lists(NUMBERS, min_size=4, max_size=4), min_size=1, max_size=6))
def test_a_band_at_common_steps_is_numpys_range_and_median(seeds):
    steps = np.array([10.0, 20.0, 30.0, 40.0])
    made = band([(steps, np.array(values)) for values in seeds])
    assert made["step"].tolist() == steps.tolist()
    assert np.allclose(made["low"], np.min(seeds, axis=0))
    assert np.allclose(made["middle"], np.median(seeds, axis=0))
    assert np.allclose(made["high"], np.max(seeds, axis=0))


def test_a_band_is_where_every_seed_has_a_value():
    early = np.array([10.0, 20.0, 30.0]), np.array([math.nan, 2.0, 4.0])
    late = np.array([15.0, 25.0, 45.0]), np.array([1.0, 3.0, 9.0])
    made = band([early, late])
    assert made["step"].tolist() == [20.0, 25.0, 30.0]
    assert made["low"].tolist() == [2.0, 3.0, 4.0] and made["high"].tolist() == [2.0, 3.0, 4.5]
    assert len(band([early, (np.array([10.0]), np.array([math.nan]))])["step"]) == 0


@given(st.lists(st.integers(1, 3000), min_size=1, max_size=4))
def test_a_long_band_is_thinned_and_stays_in_order(lengths):
    made = band([(np.arange(1.0, length + 1), np.zeros(length)) for length in lengths])
    assert len(made["step"]) <= 240 and made["step"][-1] == min(lengths)
    assert (np.diff(made["step"]) > 0).all()


@given(NUMBERS, st.floats(1e-5, 1e6), st.integers(2, 4))
def test_ticks_are_few_and_enclose_the_range(low, width, most):
    ticks = round_ticks(low, low + width, most)
    values = [value for value, _ in ticks]
    slack = 1e-6 * max(1.0, abs(low), width)  # less than anybody can see
    assert values[0] <= low + slack and values[-1] >= low + width - slack
    assert 2 <= len(ticks) <= most + 2
    assert len({text for _, text in ticks}) == len(ticks) or width < 1e-3 * abs(low)


def test_ticks_are_short():
    assert [text for _, text in round_ticks(0, 0.693, 2)] == ["0", "0.4", "0.8"]
    assert [text for _, text in round_ticks(-480, -80, 4)] == ["-500", "-400", "-300", "-200", "-100", "0"]
    assert [text for _, text in round_ticks(0, 3e-5, 2)] == ["0", "2e-5", "4e-5"]


def test_an_axis_has_zero_unless_all_is_negative_and_tells_outliers():
    assert limits([]) == (0.0, 1.0, "")
    assert limits([20.0, 500.0]) == (0.0, 500.0, "")
    assert limits([-500.0, -80.0]) == (-500.0, -80.0, "")
    assert limits([-0.01, 9.0])[0] == 0.0 and limits([-2.0, 9.0])[0] == -2.0
    low, high, above = limits([1.0] * 99 + [1000.0])
    assert (low, high, above) == (0.0, 4.0, "↑ highest: 1000.00")


def test_columns_are_numbers_by_environment_step():
    state = reinforcement_state([run([10.0, None, 30.0])])
    columns = {name: unpack(column) for name, column in state["runs"][0]["columns"].items()}
    assert columns["step"].tolist() == [100, 200, 300]
    assert columns["mean_return"][[0, 2]].tolist() == [10.0, 30.0] and np.isnan(columns["mean_return"][1])
    assert "epsilon" not in columns and state["words"]["axis"] == "steps"
    assert reading(state["runs"][0], state["rows"], 250)["rows"][0] == ["mean return", "–"]
    assert reading(state["runs"][0], state["rows"], None)["rows"][0] == ["mean return", "30.00"]


def test_seeds_are_a_band_with_the_chosen_one_on_top():
    seeds = [run([value, 2 * value], name=f"seed {index}") for index, value in enumerate((10.0, 20.0, 60.0))]
    state = reinforcement_state([*seeds, run([5.0, 6.0], name="other", group="other")])
    assert [one["runs"] for one in state["bands"]] == [[0, 1, 2]]
    columns = {name: unpack(column).tolist() for name, column in state["bands"][0]["columns"].items()}
    assert columns["mean_return.step"] == [100, 200]
    assert [columns[f"mean_return.{part}"] for part in ("low", "middle", "high")] == [[10, 20], [20, 40], [60, 120]]
    lines = [curve for curve in state["panels"][0]["curves"] if curve["look"] == "line"]
    assert [curve.get("only") for curve in lines] == ["chosen"] * 3 + [None]
    assert [key["label"] for key in state["panels"][0]["keys"]] == ["PPO, 3 seeds", "other"]


@pytest.mark.parametrize("count", [2999, 3001, 9000])
def test_a_long_run_is_thinned_and_keeps_its_last_update(count):
    state = reinforcement_state([run([1.0] * count)])
    steps = unpack(state["runs"][0]["columns"]["step"])
    assert len(steps) <= 3000 and steps[-1] == 100 * count


def test_panels_do_not_change_when_learning_begins():
    def titles(returns):
        return [panel["title"] for panel in reinforcement_state([run(returns, total_steps=900)])["panels"]]

    assert titles([]) == titles([20.0]) == ["Return", "Loss", "Entropy", "KL"]


class TestSentences:
    def test_before_the_first_update(self):
        assert sentence(run([], total_steps=900, finished=False)) == "Nothing learnt yet. Press Play."

    def test_they_tell_where_it_stands(self):
        going = run([20.0, 40.0], total_steps=900, finished=False)
        verdict = "Mean return of the last 100 episodes 40.0 after 200 steps; at first 20.0."
        assert sentence(going) == f"Paused after 200 of 900 steps. {verdict}"
        assert sentence(going, mode="interrupted") == f"Interrupted after 200 of 900 steps. {verdict}"
        assert sentence(run([20.0, 40.0])) == f"All 200 steps made. {verdict}"

    def test_while_it_runs_they_change_ten_times_only(self):
        told = [
            sentence(run([float(value) for value in range(made)], total_steps=10_000, finished=False), mode="running")
            for made in range(100)
        ]
        assert len(set(told)) == 10 and all(one.startswith("Learning … ") for one in told)

    def test_they_notice_what_has_been_unlearnt(self):
        said = sentence(run([20.0, 100.0, 200.0, 150.0, 60.0, 40.0]))
        assert "it was 200.0 after 300 steps: it has unlearnt. Lower the learning rate." in said

    def test_they_say_what_to_do_when_the_loss_is_no_number(self):
        said = sentence(run([20.0, 30.0], loss=math.nan))
        assert said.startswith("The loss is no number any more since 100 steps.") and "lower the learning rate" in said

    def test_seeds_are_summed_up(self):
        seeds = [run([value], name=str(value)) for value in (10.0, 20.0, 60.0)]
        assert sentence(*seeds).endswith("3 seeds: mean return 20.0 in the median, from 10.0 to 60.0.")

    def test_algorithms_are_compared(self):
        runs = [run([10.0], "a"), run([30.0], "b"), run([50.0], "c", group="A2C")]
        assert sentence(*runs).endswith("Median return: PPO 20.0 (10.0 to 30.0), A2C 50.0.")

    def test_an_error_is_told(self):
        assert sentence(run([1.0]), error="ValueError: no") == "An update could not be made. ValueError: no"


def test_nothing_to_show_and_too_much_are_notices():
    assert reinforcement_state([])["status"] == reinforcement_state([run([])])["status"] == "empty"
    assert reinforcement_state([run([1.0], group=str(index)) for index in range(6)])["status"] == "too-large"
    assert reinforcement_state([run([1.0])] * 41)["status"] == "too-large"
