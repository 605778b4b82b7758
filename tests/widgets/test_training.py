"""TrainingMonitor in Python: learning now and in the background, changes on the way, the static picture."""

from __future__ import annotations

import asyncio
import math
from xml.etree import ElementTree

import pytest
import torch
import traitlets

from agentos_lab.lm.gpt import GPT, GPTConfig
from agentos_lab.lm.training import Trainer, train, training_steps
from agentos_lab.lm.training_result import TrainSettings
from widgets import TrainingMonitor

TEXT = [0, 1, 2, 3, 4, 3, 2, 1] * 40
CONFIG = GPTConfig.article(5, context=8, layers=1, heads=2, width=16)


def trainer(sample=None, **settings):
    settings = {"steps": 40, "batch_size": 4, "evaluate_every": 10} | settings
    return Trainer(GPT(CONFIG, seed=0), TEXT, TrainSettings(**settings), sample=sample)


def losses(trainer):
    return [record.loss for record in trainer.records]


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_it_makes_the_steps_that_the_trainer_would_make():
    watched, alone = trainer(), trainer()
    monitor = TrainingMonitor(watched)
    assert monitor.run(steps=15) is monitor
    monitor.run()
    alone.run(progress=False)
    assert losses(watched) == losses(alone)
    assert monitor.done == 40 and not monitor.playing and not monitor.can["learn"]


def test_its_name_says_where_it_stands():
    monitor = TrainingMonitor(trainer())
    assert repr(monitor).startswith(
        "TrainingMonitor: Nothing learnt yet. A blind guess among 5 tokens costs ln V = 1.61"
    )
    assert repr(monitor.run(steps=12)).startswith("TrainingMonitor: Paused after 12 of 40 steps. Validation loss ")


def test_done_can_be_observed():
    monitor, heard = TrainingMonitor(trainer()), []
    monitor.observe(lambda change: heard.append(change.new), "done")
    monitor.step()
    monitor.step()
    assert heard == [1, 2]


def test_the_learning_rate_changes_for_the_steps_to_come():
    watched = trainer(lr=1e-3, warmup=0, min_lr=1e-3)
    monitor = TrainingMonitor(watched).run(steps=3)
    monitor.lr = 5e-4
    monitor.run(steps=2)
    assert [record.lr for record in watched.records] == pytest.approx([1e-3] * 3 + [5e-4] * 2)  # min_lr is scaled too


def test_a_restart_makes_the_same_steps_again():
    watched = trainer(lr=1e-2)
    monitor = TrainingMonitor(watched).run(steps=12)
    first = losses(watched)
    monitor.lr = 1e-3
    monitor.run(steps=5)
    monitor.restart()
    assert (monitor.done, monitor.lr, losses(watched)) == (0, 1e-2, [])
    monitor.run(steps=12)
    assert losses(watched) == first


def test_a_restart_goes_back_to_where_the_monitor_found_the_trainer():
    watched, alone = trainer(), trainer()
    watched.step(), alone.step()
    monitor = TrainingMonitor(watched).run(steps=4)
    monitor.restart()
    assert monitor.done == 1
    monitor.run(steps=3)
    for _ in range(3):
        alone.step()
    assert losses(watched) == losses(alone)


def test_a_loss_that_is_no_number_stops_it():
    monitor = TrainingMonitor(trainer(lr=1e8, warmup=0, clip=None)).run()
    assert monitor.done < 40 and not monitor.can["learn"]
    assert "no number any more" in repr(monitor) and "✕" in texts(monitor.svg())
    monitor.restart()
    monitor.lr = 1e-3
    assert monitor.run(steps=5).done == 5


def test_an_interrupt_leaves_a_model_that_learns_on_as_if_nothing_had_been():
    calls = []

    def interrupting(model):
        calls.append(1)
        if len(calls) == 1:
            raise KeyboardInterrupt
        return "text"

    watched = trainer(interrupting)
    monitor = TrainingMonitor(watched).run()
    assert "Interrupted after 10 of 40 steps." in repr(monitor)
    assert all(parameter.grad is None for parameter in watched.model.parameters())
    assert monitor.run().done == 40


def test_a_failing_sample_is_told():
    def failing(model):
        raise ValueError("no such prompt")

    monitor = TrainingMonitor(trainer(failing)).run()
    assert monitor.done == 10 and "ValueError: no such prompt" in repr(monitor)


def test_it_learns_in_the_background_while_other_work_is_done():
    watched, alone = trainer(steps=120), trainer(steps=120)

    async def work():
        monitor = TrainingMonitor(watched, playing=True)
        turns = 0
        while monitor.playing:
            turns += 1
            await asyncio.sleep(0.001)
            if monitor.done >= 40:
                monitor.playing = False
        stopped = len(watched.records)
        await asyncio.sleep(0.05)
        assert len(watched.records) == stopped == monitor.done and turns > 1
        monitor.playing = True
        while monitor.playing:
            await asyncio.sleep(0.001)
        return monitor

    monitor = asyncio.run(asyncio.wait_for(work(), 60))
    alone.run(progress=False)
    assert monitor.done == 120 and losses(watched) == losses(alone)


def test_wishes_from_another_thread_are_fulfilled_in_the_one_that_learns():
    watched = trainer(steps=5000)

    async def work():
        monitor = TrainingMonitor(watched)
        await asyncio.to_thread(setattr, monitor, "playing", True)
        while monitor.done < 50:
            await asyncio.sleep(0.001)
        await asyncio.to_thread(setattr, monitor, "lr", 1e-5)
        await asyncio.to_thread(setattr, monitor, "restarts_asked", 1)
        while monitor.playing or monitor.done:
            await asyncio.sleep(0.001)
        await asyncio.to_thread(setattr, monitor, "steps_asked", 1)
        while not monitor.done:
            await asyncio.sleep(0.001)
        return monitor

    monitor = asyncio.run(asyncio.wait_for(work(), 60))
    assert len(watched.records) == 1 and monitor.lr == 1e-3


def test_without_an_event_loop_it_says_how_to_learn():
    monitor = TrainingMonitor(trainer())
    with pytest.raises(RuntimeError, match=r"monitor\.run\(\)"):
        monitor.playing = True
    assert not monitor.playing


def test_closing_it_ends_the_learning():
    watched = trainer(steps=5000)

    async def work():
        monitor = TrainingMonitor(watched, playing=True)
        await asyncio.sleep(0.05)
        monitor.close()
        await asyncio.sleep(0.1)

    asyncio.run(work())
    assert 0 < len(watched.records) < 5000


def test_results_records_and_generators_are_shown():
    result = train(GPT(CONFIG, seed=0), TEXT, steps=12, batch_size=4, evaluate_every=6, progress=False)
    assert "All 12 steps made." in repr(TrainingMonitor(result))
    assert not TrainingMonitor(result).can["learn"]
    records = TrainingMonitor(result.records[:5])
    assert "All 5 steps made." in repr(records) and not records.can["change"]
    steps = training_steps(GPT(CONFIG, seed=0), TEXT, steps=12, batch_size=4, evaluate_every=6)
    live = TrainingMonitor(steps)
    assert live.run(steps=5).done == 5
    assert live.run().done == 12 and not live.can["learn"] and not live.can["restart"]
    assert [record.loss for record in live.recordings[0].records] == list(result.losses)


def test_an_interrupted_result_says_so():
    def interrupt(record):
        if record.step == 7:
            raise KeyboardInterrupt

    model = GPT(CONFIG, seed=0)
    result = train(model, TEXT, steps=12, batch_size=4, evaluate_every=0, on_record=interrupt, progress=False)
    assert "Interrupted after 7 of 12 steps." in repr(TrainingMonitor(result))


def test_several_runs_take_turns():
    runs = {"slow": trainer(lr=1e-4, steps=30), "quick": trainer(lr=1e-2, steps=20)}
    monitor = TrainingMonitor(runs).run(steps=25)
    assert [len(one.records) for one in runs.values()] == [25, 20]
    assert {"slow", "quick"} <= set(texts(monitor.svg()))
    monitor.name = "quick"
    assert monitor.lr == 1e-2
    monitor.lr = 1e-3
    assert [one.settings.lr for one in runs.values()] == [1e-4, 1e-3]
    with pytest.raises(traitlets.TraitError, match="the runs are slow, quick"):
        monitor.name = "other"


def test_what_is_no_run_is_refused():
    with pytest.raises(ValueError, match="a monitor shows a Trainer"):
        TrainingMonitor(3)
    assert "There is no step yet" in repr(TrainingMonitor([]))


@pytest.fixture(scope="module")
def twins():
    """Two monitors of equal runs, each learnt by itself."""
    return [TrainingMonitor(trainer(lambda model: "one\ntwo <&> " * 30)).run(steps=25) for _ in range(2)]


@pytest.mark.parametrize("width", [640, 860, 1200])
@pytest.mark.parametrize("cursor", [None, 1, 15, 99])
def test_the_static_picture_is_valid_and_steady(width, cursor, twins):
    for monitor in twins:
        monitor.width, monitor.cursor = width, cursor
    first, second = (monitor.svg() for monitor in twins)
    assert first == second
    root = ElementTree.fromstring(first)
    assert float(root.get("height")) < 476 and root.get("width") == str(width)
    assert f"After step {25 if cursor in (None, 99) else cursor}" in texts(first)


def test_no_speed_and_no_time_is_in_the_picture_or_the_state():
    monitor = TrainingMonitor(trainer()).run(steps=25)
    assert monitor.pace == 0.0
    assert "tokens/s" not in monitor.svg() and "pace" not in monitor.state


def test_a_model_that_learns_by_heart_is_noticed():
    noise = torch.randint(5, (60,), generator=torch.Generator().manual_seed(0)).tolist()
    model = GPT(CONFIG.replace(width=64, hidden=256), seed=0)
    learner = Trainer(model, noise, TrainSettings(steps=150, batch_size=8, lr=1e-2, evaluate_every=25), validation=0.3)
    assert "now it learns by heart" in repr(TrainingMonitor(learner).run())
    assert math.isfinite(learner.records[-1].loss)
