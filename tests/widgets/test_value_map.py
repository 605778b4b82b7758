"""ValueMap in Python: traits, painting, refusals, the static picture."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
import traitlets

from agentos_lab.rl import cliff_walking, frozen_lake, gridworld, policy_iteration, random_walk, taxi, windy_gridworld
from widgets import ValueMap
from widgets.value_map_history import sweep_on

SVG = "{http://www.w3.org/2000/svg}"
TEXT = "...G\n.#.H\nS..."


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_text_a_process_and_a_gymnasium_id_are_shown():
    assert ValueMap(TEXT).mdp.layout.text == TEXT
    assert ValueMap(cliff_walking()).mdp.num_states == 48
    assert ValueMap("FrozenLake-v1").slip == pytest.approx(2 / 3)


def test_the_sweep_says_which_values_are_shown():
    view = ValueMap(TEXT, gamma=0.9, sweep=3)
    assert view.sentence.startswith("Sweep 3: ")
    three = view.values
    view.sweep = 4
    backup = (view.mdp.expected_reward + 0.9 * view.mdp.P @ three).max(axis=1)
    assert np.allclose(view.values, backup) and view.sentence.startswith("Sweep 4: ")
    view.sweep = 10**6
    assert np.allclose(view.values, view.optimal_values, atol=1e-3)
    assert np.allclose(view.optimal_values, policy_iteration(view.mdp, 0.9).values)


def test_painting_changes_the_world_from_here_on():
    view = ValueMap(TEXT, gamma=0.9, sweep=5)
    before, heard = view.values, []
    view.observe(lambda change: heard.append(change.new), "edits")
    view.paint("C1", "wall")
    assert heard == [[[5, 2, "wall"]]]
    assert view.mdp.layout.text == "..#G\n.#.H\nS..."
    assert np.allclose(view.values[~view.mdp.terminal], before[~view.mdp.terminal])
    view.sweep = 4
    assert view.mdp.layout.text == TEXT
    view.brush = "pit"
    view.paint(0)  # at sweep 4: the wall was later, and is gone
    assert view.edits == [[4, 0, "pit"]]
    view.edits = []
    assert view.mdp.layout.text == TEXT


def test_gamma_slip_and_method_are_heard_at_once():
    view = ValueMap(TEXT, gamma=0.9, sweep=6)
    first = view.values
    view.gamma = 0.5
    assert not np.allclose(view.values, first)
    view.slip = 0.0
    assert set(np.unique(view.mdp.P)) == {0.0, 1.0}
    view.method = "q-learning"
    assert view.sentence.startswith("Episode 6: ") and view.state["frames"] == view.episodes + 1
    before = view.values
    view.seed = 1
    assert not np.allclose(view.values, before)


def test_edits_stay_when_a_setting_changes():
    view = ValueMap(TEXT, gamma=0.9, sweep=5)
    view.paint("C1", "wall")
    view.gamma = 0.8
    view.sweep = 8
    assert view.mdp.layout.text == "..#G\n.#.H\nS..." and "3 after you put a wall at C1" in view.sentence


def test_a_world_whose_rules_are_not_known_is_shown_but_not_changed():
    view = ValueMap(random_walk(5), gamma=1.0, sweep=2)
    assert not view.editable and view.slip is None and view.svg()
    with pytest.raises(ValueError, match="cells of random walk of 5 states cannot be changed"):
        view.paint("B1", "wall")
    assert view.edits == []


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ValueMap(taxi()), "does not live on a grid"),
        (lambda: ValueMap(TEXT, gamma=1.5), "between 0 and 1"),
        (lambda: ValueMap(TEXT, method="sarsa"), "expected 'value iteration' or 'q-learning'"),
        (lambda: ValueMap("..\n..."), "one length"),
        (lambda: ValueMap(cliff_walking(), rewards={"G": 1}), "a process has its own"),
        (lambda: ValueMap(random_walk(5), slip=0.1), "slip of random walk of 5 states cannot be changed"),
        (lambda: ValueMap("S.#G", gamma=1.0), "no policy reaches a terminal state"),
    ],
)
def test_what_cannot_be_shown_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_bad_cells_brushes_and_traits_are_refused_and_change_nothing():
    view = ValueMap(TEXT)
    for cell, brush, message in (("Z9", "wall", "no cell 'Z9'"), (99, "wall", "no cell 99"), (0, "lava", "brush is")):
        with pytest.raises(ValueError, match=message):
            view.paint(cell, brush)
    for name, value in (("gamma", 2.0), ("sweep", -1), ("brush", "lava"), ("shown", "P")):
        with pytest.raises(traitlets.TraitError):
            setattr(view, name, value)
    assert view.edits == [] and "status" not in view.state


def test_an_edit_that_leaves_no_world_is_told_and_can_be_taken_back():
    view = ValueMap("S.G", gamma=1.0)
    view.edits = [[0, 1, "wall"]]  # the goal can no longer be reached
    assert view.state["status"] == "failed" and "no policy reaches a terminal state" in view.sentence
    view.edits = []
    assert "status" not in view.state


def test_a_grid_that_is_too_large_says_so():
    view = ValueMap("\n".join(["." * 30] * 3), gamma=0.5)
    assert view.state["status"] == "too-large" and "30 × 3 cells" in view.sentence
    assert ValueMap("\n".join(["." * 24] * 24), gamma=0.5, sweep=3).svg()


def test_a_subclass_watches_another_algorithm():
    class Twice(ValueMap):
        def learner(self):
            once = sweep_on(self.gamma)

            def frames(*given):
                yield from list(once(*given))[::2]

            return frames

    assert np.allclose(Twice(TEXT, sweep=3).values, ValueMap(TEXT, sweep=6).values)


# --- the static picture --------------------------------------------------------------------------------------------


def test_the_static_picture_is_the_same_every_time_and_says_its_sentence():
    def drawn():
        view = ValueMap(TEXT, gamma=0.9, method="q-learning", sweep=9, episodes=20)
        view.paint("C1", "wall")
        assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence
        return view.svg()

    assert drawn() == drawn()


def test_the_picture_shows_values_ends_the_chosen_cell_and_the_error():
    view = ValueMap(TEXT, gamma=0.9, sweep=5)
    view.cell = 2
    shown = texts(view.svg())
    for value in view.values[[0, 1, 2, 4]]:
        assert f"{value:.2f}".replace("-", "−") in shown
    for text in ("+1", "goal", "−1", "pit", "S", "C1", "policy π", "V*", "Still to change", "sweep 5", "log scale"):
        assert text in shown, text
    assert f"{view.action_values[2].max():.3f}" in shown
    view.shown = "V*"
    assert f"{view.optimal_values[0]:.2f}" in texts(view.svg())


@pytest.mark.parametrize("width", [640, 860, 1200])
@pytest.mark.parametrize("shown", ["V", "Q", "V*"])
@pytest.mark.parametrize(
    "world",
    [TEXT, cliff_walking(), frozen_lake("8x8"), windy_gridworld(king=True, stay=True),
     gridworld("S" + "." * 20 + "G"), gridworld("\n".join(["S"] + ["."] * 20 + ["G"]))],
    ids=["small", "cliff", "lake", "king", "row", "column"],
)  # fmt: skip
def test_the_picture_stays_inside_its_frame(world, width, shown):
    view = ValueMap(world, gamma=0.9, width=width, shown=shown, sweep=7)
    document = ElementTree.fromstring(view.svg())
    assert float(document.get("width")) == width and float(document.get("height")) <= 480
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("width")) >= 0 and float(rect.get("height")) >= 0


def test_what_stands_on_an_end_or_a_wall_is_told_in_words():
    view = ValueMap(cliff_walking(), gamma=1.0, cell=37)
    assert "cliff: entering pays −100 and leads back to the start" in texts(view.svg())
    view.cell = 47
    assert "goal: entering pays −1 and ends the episode" in texts(view.svg())
    view.paint(0, "wall")
    view.cell = 0
    assert "wall: a move into it goes nowhere" in texts(view.svg())


def test_a_cell_is_called_by_what_it_pays():
    view = ValueMap("S.H\n..G", rewards={"H": 3.0}, cell=2)
    assert view.state["stretches"][0]["kinds"][2] == "goal" and "goal: entering pays +3" in view.svg()
    assert "pit" not in view.svg() and view.state["brushes"] == ["floor", "wall", "goal"]
