"""What RolloutPlayer shows: tracks with their ends told rightly, snapshots, scenes, sentence, table and picture."""

from __future__ import annotations

import math
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.rl import (
    PPO,
    CategoricalPolicy,
    Collector,
    Episode,
    PPOSettings,
    ValueFunction,
    cliff_walking,
    collect,
    discounted_return,
    gridworld,
    play,
    play_table,
    random_walk,
)
from agentos_lab.rl.dialogue_result import DialogueSample
from widgets import RolloutPlayer
from widgets.rollout_bars import extremes, film_steps, layout, stride_of
from widgets.rollout_scene import CartScene, GridScene, NumbersScene, RodsScene, scene_of
from widgets.rollout_snapshots import dialogue_episode, rehearse, snapshots_of
from widgets.rollout_state import axis, printed, read_step, rounded_up, step_rows
from widgets.rollout_tracks import tracks_of
from widgets.view import unpack

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def made(reward, value=None, *, terminated=True, truncated=False, **fields) -> Episode:
    steps = len(reward)
    return Episode(np.zeros((steps + 1, 4), np.float32), np.arange(steps) % 2, np.array(reward, float), terminated,
                   truncated, value=None if value is None else np.array(value, float), **fields)  # fmt: skip


@pytest.fixture(scope="module")
def carts() -> Episode:
    return play(CategoricalPolicy(4, 2), "CartPole-v1", value=ValueFunction(4), seed=2)


@pytest.fixture
def view(carts) -> RolloutPlayer:
    return RolloutPlayer(carts, step=3)


# --- tracks -------------------------------------------------------------------------------------------------

numbers = st.lists(st.floats(-5, 5), min_size=1, max_size=12)
shares = st.sampled_from([0.5, 0.9, 1.0])


@given(numbers, shares)
def test_a_terminated_return_is_that_of_the_library_and_the_last_error_has_no_future(reward, gamma):
    tracks = tracks_of(made(reward, [1.0] * len(reward)), gamma, 0.9)
    assert tracks.returns == pytest.approx(discounted_return(np.array(reward), np.zeros(len(reward), bool), gamma))
    assert tracks.td_error[-1] == pytest.approx(reward[-1] - 1.0)
    assert not tracks.bootstrapped


@given(numbers, shares, st.floats(-5, 5))
def test_a_cut_episode_is_bootstrapped_from_the_value_of_the_state_at_the_cut(reward, gamma, last):
    steps = len(reward)
    told = made(reward, [1.0] * steps + [last], terminated=False, truncated=True)
    whole = tracks_of(told, gamma, 0.9)
    padded = np.append(reward, last)  # as if the value were a last reward
    assert whole.returns == pytest.approx(discounted_return(padded, np.zeros(steps + 1, bool), gamma)[:-1])
    assert whole.td_error[-1] == pytest.approx(reward[-1] + gamma * last - 1.0)
    # `play` keeps T values only; the last advantage holds the one that is missing.
    kept = replace(told, value=told.value[:-1], advantage=whole.advantage)
    again = tracks_of(kept, gamma, 0.9)
    assert again.returns == pytest.approx(whole.returns, abs=1e-9) and again.is_gae and again.bootstrapped


@given(numbers, shares)
def test_with_lambda_one_advantage_and_value_add_up_to_the_return(reward, gamma):
    value = np.linspace(-1, 2, len(reward))
    tracks = tracks_of(made(reward, value), gamma, 1.0)
    assert tracks.advantage + value == pytest.approx(tracks.returns)


def test_a_cut_episode_whose_last_value_nobody_knows_says_so():
    tracks = tracks_of(made([1, 1, 1], [2, 2, 2], terminated=False, truncated=True), 0.9, 0.9)
    assert math.isnan(tracks.td_error[-1]) and np.isfinite(tracks.td_error[:-1]).all()
    assert np.isnan(tracks.advantage).all() and not tracks.bootstrapped


def test_the_zeros_of_a_rollout_without_a_value_function_are_no_values():
    rollout = collect("CartPole-v1", CategoricalPolicy(4, 2), steps=30)
    view = RolloutPlayer(rollout, "CartPole-v1")
    assert not any(data["has_value"] for group in view.state["episodes"] for data in group)
    assert "no value function was asked" in view.svg() and "promises" not in view.sentence
    assert view.state["episodes"][0][0]["policy"] == "two"  # one probability gives the other


def test_tracks_of_play_are_those_that_it_computed(carts):
    tracks = tracks_of(carts, 0.99, 0.95)
    assert tracks.is_gae and tracks.has_value
    assert not tracks_of(carts, 0.9, 0.5).is_gae


def test_arrays_of_another_length_are_refused():
    with pytest.raises(ValueError, match="3 rewards, so that value must have 3 entries, got 2"):
        RolloutPlayer(made([1, 1, 1], [1, 1]))


# --- snapshots ----------------------------------------------------------------------------------------------


def test_one_episode_several_and_those_along_the_training_are_read(carts):
    sources = (carts, [carts, carts], {0: carts, 5: [carts]}, [(7, [carts])])
    assert [len(snapshots_of(source)) for source in sources] == [1, 1, 2, 1]
    assert [each.steps for each in snapshots_of([(9, carts), (3, [carts])])] == [3, 9]
    assert snapshots_of([]) == ()


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (3, "got int"),
        ([1, 2], "got list"),
        ({0: "abc"}, "got str"),
        ({0: []}, "got list"),
        (made([]), "has no step"),
        ([(1, made([1.0])), (1, made([1.0]))], "two snapshots after 1 steps"),
    ],
)
def test_what_is_no_episode_is_refused(source, message):
    with pytest.raises(ValueError, match=message):
        RolloutPlayer(source)


def test_no_episode_asks_for_one():
    view = RolloutPlayer([])
    assert view.state["status"] == "empty" and "play(policy, env)" in view.sentence
    assert view.svg().startswith("<svg")


def test_rehearsing_shows_the_beginning_the_way_and_the_end_and_learns_the_same():
    settings = PPOSettings(total_steps=3072, environments=8)
    plain = PPO("CartPole-v1", settings).run(progress=False)
    learner = PPO("CartPole-v1", settings)
    snapshots = rehearse(learner, "CartPole-v1", every=5, episodes=2)
    assert [each.steps for each in snapshots] == [0, 1280, 2560, 3072]
    assert all(len(each.episodes) == 2 for each in snapshots)
    assert [record.loss for record in learner.records] == [record.loss for record in plain.history]
    view = RolloutPlayer(snapshots, "CartPole-v1")
    assert view.snapshot == 3 and view.sentence.startswith("After 3,072 time steps of training, step 0")


# --- scenes -------------------------------------------------------------------------------------------------


def test_environments_find_their_scenes(carts):
    grid = cliff_walking()
    walk = play_table(grid, np.zeros((48, 4)), epsilon=1, longest=5)
    assert isinstance(scene_of(None, [carts]), CartScene)
    assert isinstance(scene_of("CartPole-v1", [replace(carts, task="")]), CartScene)
    assert isinstance(scene_of(grid, [walk]), GridScene)
    assert isinstance(scene_of("CliffWalking-v1", [walk]), GridScene)
    assert isinstance(scene_of("FrozenLake-v1", [walk]), GridScene)
    assert isinstance(scene_of(None, [replace(walk, task="my own")]), NumbersScene)
    assert isinstance(scene_of(None, [replace(carts, task="my own")]), NumbersScene)
    with pytest.raises(ValueError, match="of one environment"):
        scene_of(None, [carts, walk])


def test_the_cart_says_why_the_episode_ended():
    assert CartScene().ending(np.array([2.5, 0, 0, 0])) == "the cart leaves the track"
    assert CartScene().ending(np.array([0.1, 0, 0.3, 0])) == "the pole falls"


@given(st.floats(-3, 3), st.floats(-3, 3))
def test_the_rods_end_where_gymnasium_draws_them(upper, lower):
    obs = np.array([[np.cos(upper), np.sin(upper), np.cos(lower), np.sin(lower), 0, 0]])
    one, two = RodsScene(2).pose(obs)[0]
    tip = np.array([np.sin(one) + np.sin(two), np.cos(one) + np.cos(two)])  # to the right, and up
    assert tip == pytest.approx([np.sin(upper) + np.sin(upper + lower), -np.cos(upper) - np.cos(upper + lower)])


def test_a_grid_shows_its_map_the_way_and_how_it_ends():
    mdp = gridworld("S.#\n.HG")
    q = np.zeros((6, 4))
    q[0, 1] = q[1, 2] = 1.0  # right, then down into the hole
    view = RolloutPlayer(play_table(mdp, q), mdp, step=1)
    assert (
        view.sentence
        == "Step 1 (last: 1): goes down (1.00). The value V promises 1.00, and −1.00 comes: there is a hole."
    )
    assert {"S", "H", "G"} <= set(texts(view.svg()))


def walked(walk, *states):
    steps = len(states) - 1
    return Episode(np.array(states), np.zeros(steps, int), np.eye(steps)[-1] * (states[-1] == 4), True, False)


def test_only_the_end_that_pays_is_the_goal_of_a_walk():
    walk = random_walk(3)
    lost, won = (RolloutPlayer(walked(walk, *way), walk) for way in ((2, 1, 0), (2, 3, 4)))
    assert lost.sentence.endswith("0.000 comes: an end that pays 0 is reached.")
    assert won.sentence.endswith("comes: the goal is reached.")
    assert "an end that pays −1 is reached." in RolloutPlayer(walked(walk, 2, 1, 0), random_walk(3, left=-1)).sentence


def test_a_letter_for_a_hole_that_pays_is_the_goal():
    mdp = gridworld("S.H", rewards={"H": 3.0})
    view = RolloutPlayer(play_table(mdp, np.eye(4)[[1, 1, 1]]), mdp)
    assert view.sentence.endswith("comes: the goal is reached.")
    assert view.state["scene"]["kinds"] == ["floor", "floor", "goal"]


def test_training_is_counted_in_the_unit_that_was_told():
    walk = random_walk(3)
    view = RolloutPlayer({0: walked(walk, 2, 1, 0), 9: walked(walk, 2, 3, 4)}, walk, unit="episodes")
    assert view.sentence.startswith("After 9 episodes of training, step 0") and "after 9 episodes" in view.svg()
    assert "time step" in texts(view.svg())


def test_a_dialogue_is_an_episode_of_tokens():
    sample = DialogueSample(0, ("2", "+3="), (" call", " sum", "(5)", "."), (True, True, False, True), 1.0, 1.0, 0.7,
                            (-0.1, -0.5, 0.0, -2.3), (0.1, 0.1, 0.0, 0.1))  # fmt: skip
    view = RolloutPlayer(dialogue_episode(sample), step=1, surprise="td_error")
    assert view.sentence == "Step 1 (last: 3): writes sum (0.61). A return of 0.980 comes: the dialogue is over."
    shown = texts(view.svg())
    assert {"2+3=", " sum", "Advantage"} <= set(shown) and "TD error" not in shown
    assert math.isnan(unpack(view.state["episodes"][0][0]["chance"])[2])  # nobody chose what the tool wrote


# --- one step ---------------------------------------------------------------------------------------------


def test_the_sentence_and_the_table_tell_one_step(view, carts):
    tracks = tracks_of(carts, 0.99, 0.95)
    side = ["left", "right"][int(carts.action[3])]
    assert f"Step 3 (last: {len(carts) - 1}): pushes {side} (0." in view.sentence
    assert f"and {tracks.returns[3]:.1f} comes: the pole falls." in view.sentence
    assert repr(view) == f"RolloutPlayer: {view.sentence}"
    rows = {label: value for label, value, _ in step_rows(view.state, view.state["episodes"][0][0], 3)}
    assert rows["= TD error δ"] == printed(float(np.float32(tracks.td_error[3])), 2, signed=True)
    assert rows["chose"].startswith(f"{side} (0.") and rows["reward"] == "+1.00"


def test_the_two_ends_are_told_apart(carts):
    cut = replace(carts, terminated=False, truncated=True)
    ends = {}
    for name, episode in (("terminated", carts), ("truncated", cut)):
        view = RolloutPlayer(episode, step=10_000)  # beyond the last: the last
        data = view.state["episodes"][0][0]
        assert view.place == (0, 0, len(carts) - 1)
        ends[name] = (
            [label for label, _, _ in step_rows(view.state, data, len(carts) - 1)],
            data["ending"],
            view.svg(),
        )
    assert "+ nothing: terminated ✕" in ends["terminated"][0] and "+ value at the cut ⊣" in ends["truncated"][0]
    assert ends["terminated"][1] == "✕ terminated" and ends["truncated"][1] == "⊣ cut off, bootstrapped"
    assert "return, bootstrapped, G" in ends["truncated"][0] and "the value of the state at the cut" in view.sentence
    cross, cut_mark = "l8 8m0 -8l-8 8", "h9m0 -6v12"
    assert cross in ends["terminated"][2] and cut_mark not in ends["terminated"][2]
    assert cut_mark in ends["truncated"][2] and cross not in ends["truncated"][2]


def test_what_is_chosen_needs_no_new_state_and_can_be_observed(view):
    before, seen = view.state, []
    view.observe(lambda change: seen.append(change.new), "step")
    view.step = 5
    assert view.state is before and seen == [5] and "Step 5 " in view.sentence
    assert read_step(before["episodes"][0][0], 5)["reward"] == 1.0


@given(st.floats(-1e4, 1e4), st.integers(0, 3))
def test_printed_numbers_have_a_true_minus_and_no_minus_zero(value, digits):
    text = printed(value, digits, signed=True)
    assert float(text.replace("−", "-")) == pytest.approx(value, abs=0.51 * 10.0**-digits)
    assert "-" not in text and not text.startswith(("−0.000", "+0.000"))


@given(st.floats(-1e5, 1e5), st.floats(0, 1e5))
def test_an_axis_holds_its_numbers_with_two_to_five_round_ticks(low, span):
    made_axis = axis(low, low + span)
    first, last = made_axis["ends"]
    slack = 1e-6 * max(abs(low), span, 1)
    assert first <= low + slack and last >= low + span - slack
    assert 2 <= len(made_axis["ticks"]) <= 5
    for value, label in made_axis["ticks"]:
        assert float(label.replace("−", "-").replace(",", "")) == pytest.approx(value, rel=1e-6, abs=slack)


@given(st.floats(1e-3, 1e6))
def test_a_rounded_limit_is_at_most_twice_the_size(size):
    assert size * (1 - 1e-6) <= rounded_up(size) <= 2 * size * (1 + 1e-6)


# --- the picture ------------------------------------------------------------------------------------------


@given(st.integers(1, 3000), st.sampled_from([640, 860, 1200]))
def test_bars_share_steps_so_that_none_is_too_thin_and_the_film_follows_the_steps(steps, width):
    at = layout(RolloutPlayer.measures, width)
    stride = stride_of(at, steps)
    assert stride * (at.right - at.left) / steps >= 2 - 1e-6
    shown = film_steps(at, steps)
    assert shown == sorted(set(shown)) and shown[0] >= 0 and shown[-1] < steps
    values = np.sin(np.arange(steps))
    assert max(abs(value) for _, value in extremes(values, stride)) == pytest.approx(np.abs(values).max())


def test_the_static_picture_is_the_same_every_time_and_says_its_sentence(carts):
    one, two = (RolloutPlayer({0: [carts], 900: [carts, carts]}, step=7).svg() for _ in range(2))
    assert one == two
    assert ElementTree.fromstring(one).findtext(f"{SVG}title").startswith("After 900 time steps of training, step 7")
    for text in ("Scene", "Film", "Policy", "Reward", "Value", "TD error", "Training", "This step", "V expected", "½"):
        assert text in texts(one), text


@pytest.mark.parametrize("width", [640, 860, 1200])
def test_the_picture_stays_inside_its_width_and_under_520_with_the_controls(view, width):
    view.width = width
    document = ElementTree.fromstring(view.svg())
    assert float(document.get("width")) == width and float(document.get("height")) + 44 <= 520
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("x")) >= 0 and float(rect.get("x")) + float(rect.get("width")) <= width
        assert float(rect.get("width")) >= 0


def test_an_error_far_beyond_the_others_is_cut_and_printed():
    error = [0.1, -0.2] * 20 + [-40.0]
    episode = made([1.0] * 41, np.zeros(41) + 1.0, advantage=np.array(error))
    view = RolloutPlayer(replace(episode, task="CartPole-v1"), surprise="advantage")
    assert view.state["episodes"][0][0]["limits"]["advantage"] < 1
    assert "−40.0" in texts(view.svg())


def test_an_episode_of_one_step_and_one_of_thousands_are_drawn():
    long = made([1.0] * 5000, np.ones(5000))
    for episode in (made([1.0], [0.5]), long):
        assert RolloutPlayer(replace(episode, task="CartPole-v1")).svg().count("<") < 1500


def test_a_policy_of_many_actions_shows_the_chosen_one():
    steps, actions = 6, 9
    chances = np.full((steps, actions), 1 / actions)
    episode = replace(made([0.0] * steps), action=np.arange(steps), probabilities=chances)
    view = RolloutPlayer(episode)
    assert view.state["episodes"][0][0]["policy"] == "chosen" and "action 0 (0.11)" in view.sentence


def test_too_many_steps_are_told_and_not_sent(monkeypatch, carts):
    monkeypatch.setattr("widgets.rollout.MOST_STEPS", 10)
    view = RolloutPlayer(carts)
    assert view.state["status"] == "too-large" and "fewer" in view.sentence and "episodes" not in view.state


def test_rewards_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="rewards must be finite, got nan"):
        RolloutPlayer(made([1.0, np.nan]))


def test_a_bar_that_just_fills_its_axis_is_not_beyond_it():
    view = RolloutPlayer(made([0.8] * 4, [0.0] * 4, advantage=np.full(4, 0.8)), surprise="advantage", gamma=1.0)
    assert view.state["episodes"][0][0]["limits"]["advantage"] == 0.8
    assert "l-4 7h8Z" not in view.svg()  # the head of a bar beyond the axis


def test_gamma_outside_zero_to_one_is_refused(carts):
    with pytest.raises(ValueError, match="gamma"):
        RolloutPlayer(carts, gamma=1.5)


def test_a_collector_of_ours_is_an_environment_too(carts):
    assert RolloutPlayer(carts, Collector("CartPole-v1").env).state["scene"]["kind"] == "cart"
