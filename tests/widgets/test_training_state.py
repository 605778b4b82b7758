"""What a monitor says and shows of training runs, as plain data."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.training_result import TrainingRecord, TrainSettings
from widgets.runs import plain
from widgets.training_panels import ticks
from widgets.training_reading import reading, told
from widgets.training_runs import Run
from widgets.training_state import trailing_mean, training_state
from widgets.view import unpack

LOSSES = st.lists(st.floats(0, 20, width=32), min_size=1, max_size=60)


def made(losses, every=0, evaluations=None):
    """Records with these losses, examined after every so many steps."""
    return [
        TrainingRecord(
            step, loss, 0.01, 0.5, 100 * step, evaluations[step // every - 1] if every and not step % every else None
        )
        for step, loss in enumerate(losses, 1)
    ]


def sentence(*runs, **options):
    return plain(training_state(runs, **options)["sentence"])


def test_the_mean_follows_the_steps_before():
    assert trailing_mean(np.array([4.0, 2.0, 0.0, 0.0]), 2).tolist() == [4.0, 3.0, 1.0, 0.0]


@given(LOSSES, st.integers(1, 10))
def test_the_mean_is_that_of_its_window(losses, window):
    means = trailing_mean(np.array(losses), window)
    for index, mean in enumerate(means):
        assert mean == pytest.approx(np.mean(losses[max(0, index + 1 - window) : index + 1]), abs=1e-9)


@given(st.floats(1e-6, 1e6))
def test_ticks_are_few_round_and_inside(high):
    values = [value for value, _ in ticks(high)]
    assert values[0] == 0 and values[-1] <= high and 3 <= len(values) <= 7
    for value, text in ticks(high):
        assert float(text.replace(",", "")) == pytest.approx(value, rel=1e-9)


def test_numbers_are_told_with_the_decimals_of_their_kind():
    assert [told(2.5, "loss"), told(0.25, "short"), told(12.34, "perplexity")] == ["2.5000", "0.25", "12.3"]
    assert [told(3e-4, "rate"), told(0.0, "rate"), told(20.0, "rate")] == ["3.00e-4", "0", "2.00e1"]
    assert [told(1_234_567, "count"), told(math.nan, "loss"), told(math.inf, "loss")] == ["1,234,567", "–", "∞"]
    assert told(123_456.0, "loss") == "1.23e5"


@given(LOSSES, st.integers(1, 80))
def test_the_table_reads_the_last_step_up_to_the_cursor(losses, cursor):
    state = training_state([Run("run", made(losses))])
    read = reading(state["runs"][0], state["rows"], cursor)
    assert read["step"] == min(cursor, len(losses))
    assert read["rows"][0] == ["training loss", told(float(np.float32(losses[read["step"] - 1])), "loss")]


def test_a_validation_loss_is_held_until_the_next_one():
    run = Run("run", made([3.0] * 9, every=3, evaluations=[2.5, 2.0, 1.5]))
    state = training_state([run])
    rows = {cursor: dict(reading(state["runs"][0], state["rows"], cursor)["rows"]) for cursor in (2, 5, 9, None)}
    assert rows[2]["validation loss"] == "–"
    assert rows[5]["validation loss after step 3"] == "2.5000"
    assert rows[9] == rows[None] and rows[9]["perplexity"] == "4.5"


def test_samples_are_those_written_by_then_the_last_first():
    records = [TrainingRecord(step, 1.0, 0.1, 1.0, step, 1.0, f"text {step}") for step in (1, 2, 3)]
    state = training_state([Run("run", records)])
    assert reading(state["runs"][0], state["rows"], 2)["samples"] == [[2, "text 2"], [1, "text 1"]]


@pytest.mark.parametrize("count", [1999, 2000, 2001, 4500, 6001])
def test_a_long_run_is_thinned_and_keeps_its_last_step_and_all_evaluations(count):
    evaluations = [5.0 - step / count for step in range(50, count + 1, 50)]
    state = training_state([Run("run", made([1.0] * count, every=50, evaluations=evaluations))])
    columns = {name: unpack(column) for name, column in state["runs"][0]["columns"].items()}
    assert len(columns["step"]) <= 2000 and columns["step"][-1] == count
    assert {len(column) for column in columns.values()} == {len(columns["step"])}
    seen = columns["evaluation"][~np.isnan(columns["evaluation"])]
    assert np.allclose(seen, evaluations)


def test_the_plan_goes_on_where_the_steps_end():
    settings = TrainSettings(steps=200, lr=1e-2, warmup=20)
    state = training_state([Run("run", made([2.0] * 10), settings, 50)])
    planned = state["runs"][0]["plan"]
    assert planned[0][0] == 11 and planned[-1] == [200, pytest.approx(1e-3)]
    assert max(rate for _, rate in planned) == pytest.approx(1e-2)
    assert state["span"] == 200


def test_losses_above_the_picture_are_told():
    run = Run("run", made([4.0, 90.0, 3.0]), TrainSettings(steps=3), 50)
    panel = training_state([run])["panels"][0]
    assert panel["high"] < 7 and panel["above"] == "↑ highest: 90.0000"
    calm = training_state([Run("run", made([4.0, 3.0]), TrainSettings(steps=2), 50)])["panels"][0]
    assert calm["above"] == "" and calm["high"] > math.log(50)


class TestSentences:
    settings = TrainSettings(steps=6, evaluate_every=3)

    def run(self, losses, evaluations=(), vocab_size=50, settings=settings):
        return Run("run", made(losses, every=3 if evaluations else 0, evaluations=evaluations), settings, vocab_size)

    def test_before_the_first_step_they_say_what_ignorance_costs(self):
        assert sentence(self.run([])) == (
            "Nothing learnt yet. A blind guess among 50 tokens costs ln V = 3.91 nats. Press Play."
        )

    def test_they_tell_where_it_stands(self):
        learning = self.run([3.0, 2.0, 2.0, 2.0], [2.0])
        verdict = "Validation loss 2.0000 after step 3: as unsure as among 7.4 of 50 tokens."
        assert sentence(learning) == f"Paused after 4 of 6 steps. {verdict}"
        assert sentence(learning, mode="interrupted") == f"Interrupted after 4 of 6 steps. {verdict}"
        assert sentence(learning, mode="running") == f"Learning … {verdict}"

    def test_while_it_runs_only_evaluations_change_them(self):
        told_of = {sentence(self.run([3.0] * steps, [2.0]), mode="running") for steps in (3, 4, 5)}
        assert len(told_of) == 1
        assert sentence(self.run([3.0]), mode="running") == "Learning … The first validation comes after step 3."

    def test_they_notice_learning_by_heart(self):
        assert sentence(self.run([2.0] * 6, [1.5, 1.8])) == (
            "All 6 steps made. Validation loss 1.8000; it was best after step 3 (1.5000): now it learns by heart."
        )

    def test_they_notice_what_is_worse_than_ignorance(self):
        assert "worse than knowing nothing (3.91). Lower the learning rate." in sentence(self.run([4.5] * 3, [4.5]))

    def test_they_say_what_to_do_when_the_loss_is_no_number(self):
        said = sentence(self.run([3.0, math.nan]))
        assert said.startswith("The loss is no number any more since step 2.") and "lower the learning rate" in said

    def test_without_a_trainer_they_tell_what_is_known(self):
        assert sentence(Run("run", made([3.0, 2.0]))) == "All 2 steps made. Training loss 2.0000."

    def test_an_error_is_told(self):
        assert sentence(self.run([3.0]), error="ValueError: no") == "A step could not be made. ValueError: no"

    def test_several_runs_are_compared(self):
        one, two = (Run(name, made([loss] * 4), self.settings, 50) for name, loss in (("slow", 3.0), ("quick", 2.0)))
        assert sentence(one, two).endswith("Training loss: slow 3.0000, quick 2.0000.")


def test_nothing_to_show_and_too_many_runs_are_notices():
    assert training_state([])["status"] == training_state([Run("run", [])])["status"] == "empty"
    runs = [Run(str(number), made([1.0])) for number in range(6)]
    assert training_state(runs)["status"] == "too-large"
