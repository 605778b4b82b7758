"""What learning tells prints itself in a few lines, plots itself, and survives a way through JSON."""

import json

from agentos_lab.rl.learning_result import Learned, Update
from agentos_lab.rl.settings import Settings

HISTORY = (
    Update(1, 100, None, 0, 1e-3, loss=2.0),
    Update(2, 200, 20.0, 7, 1e-3, loss=1.0, entropy=0.5, kl=0.01),
    Update(3, 300, 15.0, 12, 5e-4, loss=1.5, entropy=0.25, kl=0.02, value_loss=3.0),
)


def learned(history=HISTORY, **fields):
    return Learned(None, None, tuple(history), Settings(), "PPO", "CartPole-v1", **fields)


def test_it_prints_what_was_done_and_what_came_out():
    assert str(learned()).split("\n") == [
        "PPO on CartPole-v1: 300 steps, 3 updates, 12 episodes",
        "mean return of the last 100 episodes 15.0, best 20.0",
        "last update: entropy 0.2500, kl 0.0200, value loss 3.0000",
    ]
    assert "<pre>PPO on" in learned()._repr_html_()


def test_it_says_when_there_is_nothing_to_tell():
    assert str(learned([])) == "PPO on CartPole-v1: no update was made"
    assert str(learned([], interrupted=True)).endswith("no update was made (interrupted)")
    assert "no episode has ended yet" in str(learned(HISTORY[:1]))
    assert learned(HISTORY[:1]).best_return is None and learned([]).mean_return is None


def test_a_loss_that_is_no_number_is_explained():
    assert "try a smaller lr" in str(learned([Update(1, 10, 5.0, 1, 1.0, loss=float("nan"))]))


def test_an_update_prints_what_it_has():
    assert str(HISTORY[0]) == "update 1, 100 steps: no episode has ended, loss 2.0000"
    assert str(HISTORY[1]) == "update 2, 200 steps: mean return 20.0, loss 1.0000, entropy 0.5000, kl 0.0100"


def test_an_update_survives_json():
    for record in HISTORY:
        assert Update.from_dict(json.loads(json.dumps(record.to_dict()))) == record


def test_the_plot_shows_the_mean_return_by_step():
    figure = learned().plot()
    line = figure.axes[0].lines[0]
    assert line.get_xdata().tolist() == [200, 300] and line.get_ydata().tolist() == [20.0, 15.0]
    assert "20 → 15" in figure.alt
    assert learned([]).plot().axes
