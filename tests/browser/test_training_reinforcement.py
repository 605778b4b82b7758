"""TrainingMonitor with seeds of a learner from reward in a real JupyterLab: learning, stopping, another rate."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser

CELLS = [
    """
from agentos_lab.rl import PPO, PPOSettings
from widgets import TrainingMonitor

def learner(seed, **settings):
    settings = {"total_steps": 60_000, "environments": 4, "rollout": 32, "hidden": (16,), "anneal": False} | settings
    return PPO("CartPole-v1", PPOSettings(seed=seed, **settings))

one = TrainingMonitor([learner(seed) for seed in range(3)])
one
""",
    """
small, large = [learner(seed, lr=1e-3) for seed in range(2)], learner(0, lr=1e-2)
two = TrainingMonitor({"small steps": small, "large steps": large})
two.run(steps=40)
two
""",
]


@pytest.fixture(scope="module")
def notebook(lab):
    return lab.open(CELLS)


def test_seeds_learn_live_as_a_band_and_can_be_stopped_told_and_turned_back(notebook):
    view = notebook.view("TrainingMonitor", 0)
    assert notebook.drift(view, "one") == []
    view.get_by_role("button", name="▶ Play").click()
    view.get_by_text("Learning …").wait_for()
    notebook.until(lambda: notebook.python("one.done") > 600, seconds=60)
    slider = view.get_by_role("slider", name="Learning rate")
    slider.press("Home")
    notebook.until(lambda: notebook.python("[each.lr for each in one.recordings]") == [1e-5] * 3)
    changed = notebook.python("one.done")
    notebook.until(lambda: notebook.python("one.done") > changed + 200, seconds=60)
    view.get_by_role("button", name="Pause").click()
    notebook.until(lambda: not notebook.python("one.playing"))
    assert notebook.python("[each.records[-1].lr for each in one.recordings]") == [1e-5] * 3
    view.get_by_text("3 seeds: mean return").wait_for()
    assert notebook.drift(view, "one") == []

    view.get_by_role("button", name="show seed 2:").click()
    notebook.until(lambda: notebook.python("one.name") == "seed 2")
    steps = view.get_by_role("slider", name="Step", exact=True)
    steps.focus()
    notebook.page.keyboard.press("ArrowLeft")
    notebook.until(lambda: notebook.python("one.cursor") == notebook.python("one.recordings[2].records[-2].steps"))
    assert "mean return" in steps.get_attribute("aria-valuetext")
    notebook.page.keyboard.press("PageUp")
    notebook.page.wait_for_timeout(150)
    assert notebook.drift(view, "one") == []
    notebook.page.keyboard.press("Escape")

    view.get_by_role("button", name="Reset").click()
    notebook.until(lambda: notebook.python("[one.done, one.lr]") == [0, 3e-3])
    view.get_by_text("Nothing learnt yet.").wait_for()


@pytest.mark.parametrize("width", [640, 860, 1200])
def test_it_is_drawn_at_every_width_and_in_both_themes(notebook, width):
    notebook.execute("one.run(steps=8); one.cursor = 700; two.cursor = None")
    views = {name: notebook.view("TrainingMonitor", number) for number, name in enumerate(("one", "two"))}
    notebook.drawn_at(width, views, "reinforcement", tallest=520)
