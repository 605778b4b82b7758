"""TrainingMonitor with learners of agentos_lab.rl: one, seeds together, several algorithms, results, dialogues."""

from __future__ import annotations

import asyncio
import dataclasses
from xml.etree import ElementTree

import pytest
import torch

from agentos_lab.lm.gpt import GPT, GPTConfig
from agentos_lab.lm.training import Trainer
from agentos_lab.lm.training_result import TrainSettings
from agentos_lab.rl import DQN, PPO, DialogueLearner, DialogueSettings, DQNSettings, PPOSettings
from agentos_lab.rl.learning_curves import learning_curves
from agentos_lab.rl.ppo import ppo
from agentos_lab.rl.tool_call_task import VOCABULARY, ToolCallTask
from widgets import TrainingMonitor

TINY = {"total_steps": 640, "environments": 4, "rollout": 16, "hidden": (8,), "epochs": 2}


def learner(seed=0, **settings):
    return PPO("CartPole-v1", PPOSettings.of(**TINY | {"seed": seed} | settings))


def bits(learner):
    """Every number of every record, NaN being equal to itself."""
    return [str(dataclasses.astuple(record)) for record in learner.records]


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_it_makes_the_updates_that_the_learner_would_make():
    watched, alone = learner(), learner()
    monitor = TrainingMonitor(watched).run(steps=4)
    assert monitor.done == 256 and repr(monitor).startswith(
        "TrainingMonitor: Paused after 256 of 640 steps. Mean return"
    )
    monitor.run()
    alone.run(progress=False)
    assert bits(watched) == bits(alone) and not monitor.can["learn"]
    assert "All 640 steps made." in repr(monitor)


def test_a_restart_gives_back_networks_environments_and_chance():
    watched = learner()
    monitor = TrainingMonitor(watched).run(steps=4)
    first = bits(watched)
    monitor.lr = 1e-4
    monitor.run(steps=2)
    monitor.restart()
    assert (monitor.done, monitor.lr, watched.records) == (0, 3e-3, [])
    assert bits(monitor.run(steps=4).recordings[0].learner) == first


def test_a_restart_goes_back_to_where_the_monitor_found_the_learner():
    watched, alone = learner(), learner()
    watched.step()
    monitor = TrainingMonitor(watched).run(steps=3)
    monitor.restart()
    assert monitor.done == 64
    monitor.run(steps=2)
    for _ in range(3):
        alone.step()
    assert bits(watched) == bits(alone)


def test_a_new_learning_rate_counts_from_the_next_update_and_is_marked():
    watched = learner(anneal=False)
    monitor = TrainingMonitor(watched).run(steps=3)
    monitor.lr = 1e-3
    monitor.run(steps=2)
    assert [record.lr for record in watched.records] == [3e-3] * 3 + [1e-3] * 2
    assert "lr 1.00e-3" in texts(monitor.svg())
    monitor.restart()
    assert "lr 1.00e-3" not in texts(monitor.svg())


def test_seeds_take_turns_and_take_a_new_learning_rate_together():
    seeds = [learner(seed) for seed in range(3)]
    monitor = TrainingMonitor(seeds).run(steps=2)
    assert [one.steps for one in seeds] == [128] * 3
    monitor.name = "seed 2"
    monitor.lr = 1e-3
    assert [one.settings.lr for one in seeds] == [1e-3] * 3
    assert monitor.state["bands"][0]["runs"] == [0, 1, 2]
    assert "PPO · CartPole-v1 · 3 seeds" in texts(monitor.svg())


def test_choosing_a_seed_changes_none_of_them():
    seeds = [learner(seed) for seed in range(2)]
    monitor = TrainingMonitor(seeds)
    seeds[1].change(lr=1e-4)
    monitor.name = "seed 1"
    assert [one.settings.lr for one in seeds] == [3e-3, 1e-4]


def test_algorithms_by_name_are_groups_of_their_own():
    runs = {"wide": [learner(0, hidden=(16,)), learner(1, hidden=(16,))], "narrow": [learner(0), learner(1)]}
    monitor = TrainingMonitor(runs).run(steps=2)
    assert [run["name"] for run in monitor.state["runs"]] == [
        "wide, seed 0", "wide, seed 1", "narrow, seed 0", "narrow, seed 1",
    ]  # fmt: skip
    assert len({run["colour"] for run in monitor.state["runs"]}) == 2
    monitor.name = "narrow, seed 1"
    monitor.lr = 1e-3
    assert [one.lr for one in monitor.recordings] == [3e-3] * 2 + [1e-3] * 2


def test_runs_that_were_told_the_same_but_for_the_seed_are_seeds_and_others_are_not():
    alike = TrainingMonitor({"a": learner(0), "b": learner(1)})
    assert [one.group for one in alike.recordings] == ["PPO", "PPO"]
    different = TrainingMonitor({"careful": learner(lr=1e-4), "bold": learner(lr=1e-2)})
    assert [one.group for one in different.recordings] == ["careful", "bold"]
    different.lr = 1e-3
    assert [one.lr for one in different.recordings] == [1e-3, 1e-2]


def test_results_curves_of_seeds_and_generators_of_updates_are_shown():
    learned = learner().run(progress=False)
    assert "All 640 steps made." in repr(TrainingMonitor(learned)) and not TrainingMonitor(learned).can["learn"]
    curves = learning_curves(ppo, "CartPole-v1", seeds=2, progress=False, **TINY)
    assert "2 seeds: mean return" in repr(TrainingMonitor(curves))
    live = TrainingMonitor(iter(learner()))
    assert live.run(steps=3).done == 192 and not live.can["change"] and not live.can["restart"]
    assert live.run().done == 640
    recorded = TrainingMonitor({"before": learned.history, "after": list(learned.history)})
    assert "before" in texts(recorded.svg()) and "Mean return: before" in repr(recorded)


def test_an_interrupted_result_says_so():
    def interrupt(record):
        if record.update == 3:
            raise KeyboardInterrupt

    learned = learner().run(on_record=interrupt, progress=False)
    assert "Interrupted after 192 of 640 steps." in repr(TrainingMonitor(learned))


def test_an_interrupt_takes_the_update_back_that_it_cut_short(monkeypatch):
    watched, alone = learner(), learner()
    monitor = TrainingMonitor(watched).run(steps=2)

    def interrupted(*args, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(watched.optimizers["policy"], "step", interrupted)
        assert "Interrupted after 128 of 640 steps." in repr(monitor.run())
    monitor.run()
    alone.run(progress=False)
    assert bits(watched) == bits(alone)


def test_action_values_have_panels_of_their_own():
    settings = DQNSettings.of(total_steps=400, warmup=64, hidden=(8,), batch_size=16)
    monitor = TrainingMonitor(DQN("CartPole-v1", settings))
    before = monitor.svg()
    after = monitor.run().svg()
    for title in ("Return", "Loss", "Mean value", "ε"):
        assert title in texts(before) and title in texts(after)
    assert "Entropy" not in texts(after)


def test_a_policy_that_talks_is_shown_with_reward_success_and_what_it_says():
    class Guess(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.table = torch.nn.Parameter(torch.zeros(len(VOCABULARY), len(VOCABULARY)))

        def forward(self, tokens, mask=None):
            return self.table[tokens]

    settings = DialogueSettings.of(total_steps=48, prompts=2, samples=4, show=2, examine_every=2, examine_dialogues=8)
    monitor = TrainingMonitor(DialogueLearner(Guess(), ToolCallTask(), settings)).run(steps=3)
    seen = texts(monitor.svg())
    assert {"Mean reward", "success", "KL from the reference", "After 24 dialogues", "Said after 24 dialogues"} <= set(
        seen
    )
    assert any(text.startswith("examination after 16") for text in seen)
    assert any("U:" in text for text in seen)


def test_it_learns_in_the_background():
    watched = learner(total_steps=64 * 60)

    async def work():
        monitor = TrainingMonitor(watched, playing=True)
        while monitor.done < 64 * 5:
            await asyncio.sleep(0.001)
        monitor.lr = 1e-4
        here = len(watched.records)
        while len(watched.records) < here + 3:
            await asyncio.sleep(0.001)
        monitor.playing = False
        await asyncio.sleep(0.05)
        return monitor

    monitor = asyncio.run(asyncio.wait_for(work(), 60))
    assert watched.records[-1].lr <= 1e-4 and monitor.done == watched.steps < 64 * 60


def test_a_language_model_and_a_learner_do_not_share_a_picture():
    model = GPT(GPTConfig.article(5, context=8, layers=1, heads=2, width=16), seed=0)
    trainer = Trainer(model, [0, 1, 2, 3, 4] * 40, TrainSettings(steps=4))
    with pytest.raises(ValueError, match="no axis in common"):
        TrainingMonitor({"model": trainer, "policy": learner()})


@pytest.fixture(scope="module")
def made():
    return [learner(seed).run(progress=False) for seed in range(3)]


@pytest.mark.parametrize("width", [640, 860, 1200])
@pytest.mark.parametrize("cursor", [None, 1, 200, 9999])
def test_the_static_picture_is_valid_and_steady(width, cursor, made):
    first = TrainingMonitor(made, width=width, cursor=cursor).svg()
    assert first == TrainingMonitor(made, width=width, cursor=cursor).svg()
    root = ElementTree.fromstring(first)
    assert float(root.get("height")) < 480 and root.get("width") == str(width)
    titles = {1: "Before the first update", 200: "After 192 steps"}
    assert titles.get(cursor, "After 640 steps") in texts(first)
