"""Tables as an environment: gymnasium's API, samples that follow the tables, and clear refusals."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from agentos_lab.rl import TabularMDP, blackjack, cliff_walking, frozen_lake, gridworld, maximization_bias, taxi

P = np.array([[[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]], [[1.0, 0.0, 0.0], [0.2, 0.3, 0.5]], [[0.0, 0.0, 1.0]] * 2])
R = np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]])
ENDS = [False, False, True]


@pytest.mark.parametrize("mdp", [frozen_lake(), cliff_walking(), taxi(), blackjack()], ids=lambda mdp: mdp.name)
@pytest.mark.filterwarnings("ignore:.*Box|.*render|.*spec:UserWarning")
def test_gymnasiums_own_checker_accepts_it(mdp):
    check_env(mdp, skip_render_check=True)


def test_gymnasiums_wrappers_fit():
    env = gymnasium.wrappers.TimeLimit(cliff_walking(), 3)
    env.reset(seed=0)
    assert [env.step(0)[3] for _ in range(3)] == [False, False, True]


@pytest.mark.parametrize("reward", ["by action", "by next state"])
def test_samples_follow_the_tables(reward):
    """By the counts of 20,000 draws in every state and action."""
    table = R if reward == "by action" else np.random.default_rng(0).normal(size=P.shape)
    mdp, n = TabularMDP(P, table, ENDS, start=[0.3, 0.7, 0.0]), 20_000
    generator = np.random.default_rng(1)
    assert np.mean(mdp.sample_start(n, generator)) == pytest.approx(0.7, abs=0.02)
    for s, a in np.ndindex(2, 2):
        follow, paid, ended = mdp.sample(np.full(n, s), np.full(n, a), generator)
        np.testing.assert_allclose(np.bincount(follow, minlength=3) / n, P[s, a], atol=0.02)
        assert (P[s, a, follow] > 0).all()
        np.testing.assert_array_equal(paid, table[s, a] if table is R else table[s, a, follow])
        np.testing.assert_array_equal(ended, follow == 2)
        assert mdp.expected_reward[s, a] == pytest.approx(paid.mean(), abs=0.05)


def test_noise_on_the_reward_has_the_mean_and_the_deviation_asked_for():
    mdp, n = maximization_bias(mean=-0.1, std=2.0), 20_000
    paid = mdp.sample(np.ones(n, int), np.zeros(n, int), np.random.default_rng(0))[1]
    assert paid.mean() == pytest.approx(-0.1, abs=0.06) and paid.std() == pytest.approx(2.0, abs=0.06)
    assert (mdp.sample(np.zeros(n, int), np.ones(n, int), np.random.default_rng(0))[1] == 0).all()


def test_an_episode_ends_at_a_terminal_state_and_is_cut_at_the_limit():
    mdp = gridworld("S..G", limit=3)
    assert mdp.reset(seed=0) == (0, {})
    assert [mdp.step(1)[1:4] for _ in range(2)] == [(-1.0, False, False)] * 2
    assert mdp.step(1) == (3, -1.0, True, True, {})  # in the last step allowed: both are true
    with pytest.raises(ValueError, match="no episode is under way"):
        mdp.step(1)
    mdp.reset()
    assert [mdp.step(3)[2:4] for _ in range(3)] == [(False, False), (False, False), (False, True)]


def test_the_same_seed_gives_the_same_episode():
    def walk(seed: int) -> list[int]:
        mdp = frozen_lake("8x8")
        mdp.reset(seed=seed)
        return [mdp.step(2)[0] for _ in range(10)]

    assert walk(3) == walk(3) and len({tuple(walk(seed)) for seed in range(5)}) > 1


def test_actions_that_a_state_does_not_have_are_masked_and_refused():
    mdp = maximization_bias()
    _, info = mdp.reset(seed=0)
    assert info["action_mask"].tolist() == [1, 1] + [0] * 8
    with pytest.raises(ValueError, match="A has no action 2; it has 0, 1"):
        mdp.step(2)
    assert mdp.action_space.sample(info["action_mask"]) in (0, 1)


def test_the_tables_are_copies_that_cannot_be_written_to():
    table = P.copy()
    mdp = TabularMDP(table, R, ENDS, start=0)
    table[0, 0] = 9.0
    assert mdp.P[0, 0, 0] == 0.5
    for array in (mdp.P, mdp.R, mdp.terminal, mdp.start, mdp.allowed):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_what_the_tables_say_of_terminal_states_is_not_read():
    rubbish, paid = P.copy(), R.copy()
    rubbish[2], paid[2] = np.nan, np.inf
    mdp = TabularMDP(rubbish, paid, ENDS, start=0)
    assert mdp.P[2, :, 2].tolist() == [1.0, 1.0] and mdp.R[2].tolist() == [0.0, 0.0]


def changed(table: np.ndarray, place: tuple[int, ...], value: float) -> np.ndarray:
    table = table.copy()
    table[place] = value
    return table


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"P": P[0]}, r"P must have shape \(S, A, S\)"),
        ({"P": P[:, :, :2]}, r"P must have shape \(S, A, S\)"),
        ({"P": "hello"}, "P must be an array of numbers"),
        (
            {"P": changed(P, (0, 0, 1), 0.4)},
            r"P\[0, 0\] of what follows state 0 under action 0 add up to 0.9, not to 1",
        ),
        ({"P": changed(P, (1, 1, 0), -0.2)}, r"P\[1, 1, 0\] is -0.2; a probability lies between 0 and 1"),
        ({"P": changed(P, (0, 0, 0), np.nan)}, r"P\[0, 0, 0\] is nan"),
        ({"R": R.T}, r"R must have shape \(S, A\) = \(3, 2\) or \(S, A, S\)"),
        ({"R": changed(R, (1, 0), np.nan)}, r"R\[1, 0\] is nan; rewards must be finite"),
        ({"R": changed(R, (1, 0), np.inf)}, r"R\[1, 0\] is inf"),
        ({"terminal": [False, True]}, r"terminal must hold \(3,\) truth values"),
        ({"terminal": [0, 1, 2]}, "terminal must hold"),
        ({"start": 2}, "cannot start at the terminal state 2"),
        ({"start": 3}, "start must be a state 0 … 2"),
        ({"start": [0.5, 0.4, 0.0]}, "3 probabilities that add up to 1"),
        ({"start": [1.5, -0.5, 0.0]}, "3 probabilities that add up to 1"),
        ({"limit": 0}, "limit must be a whole number of steps ≥ 1"),
        ({"allowed": [[0, 0], [1, 1], [1, 1]]}, "allowed leaves state 0 no action"),
        ({"reward_std": [[1.0]]}, r"reward_std must hold \(3, 2\) finite numbers"),
        ({"state_names": ["a"]}, "state_names must name all 3, got 1"),
        ({"action_names": ["a"]}, "action_names must name all 2, got 1"),
    ],
)
def test_tables_that_make_no_process_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        TabularMDP(**{"P": P, "R": R, "terminal": ENDS, "start": 0, **arguments})


def test_it_prints_its_name_its_size_and_its_map():
    assert str(gridworld("S.G", limit=9)) == (
        "grid world: 3 states (1 terminal), 4 actions, episodes of at most 9 steps\nS.G"
    )


def test_steps_one_by_one_follow_the_tables_too():
    noise = np.full((3, 2), 0.5)
    mdp = TabularMDP(P, np.random.default_rng(0).normal(size=P.shape), ENDS, start=[0.3, 0.7, 0.0], reward_std=noise)
    counts, paid = np.zeros(P.shape), np.zeros(P.shape)
    state, _ = mdp.reset(seed=0)
    for step in range(6_000):
        action = step % 2
        follow, reward, ended, _, _ = mdp.step(action)
        counts[state, action, follow] += 1
        paid[state, action, follow] += reward
        state = mdp.reset()[0] if ended else follow
    counts, paid = counts[:2], paid[:2]
    np.testing.assert_allclose(counts / counts.sum(axis=-1, keepdims=True), P[:2], atol=0.05)
    seen = counts > 100
    np.testing.assert_allclose(paid[seen] / counts[seen], mdp.R[:2][seen], atol=0.15)
