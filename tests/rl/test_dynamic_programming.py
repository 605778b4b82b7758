"""Exact solutions, against the numbers printed in Sutton & Barto (2018) and against gymnasium's own tables."""

from __future__ import annotations

from itertools import product

import gymnasium
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.rl import (
    TabularMDP,
    blackjack,
    cliff_walking,
    dyna_maze,
    from_gymnasium,
    frozen_lake,
    gamblers_problem,
    gridworld,
    jumping_gridworld,
    maximization_bias,
    policy_evaluation,
    policy_iteration,
    random_walk,
    short_corridor,
    small_gridworld,
    taxi,
    value_iteration,
    windy_gridworld,
)


def uniform(mdp: TabularMDP) -> np.ndarray:
    return mdp.allowed / mdp.allowed.sum(axis=-1, keepdims=True)


# --- the book ----------------------------------------------------------------------------------------------


def test_the_four_by_four_grid_of_figure_4_1():
    grid = small_gridworld()
    printed = [[0, -14, -20, -22], [-14, -18, -20, -20], [-20, -20, -18, -14], [-22, -20, -14, 0]]
    values = policy_evaluation(grid, uniform(grid), gamma=1.0).values
    np.testing.assert_allclose(values.reshape(4, 4), printed, atol=1e-9)


# Figures 3.2 and 3.5, row by row.
RANDOM_GRID = """3.3 8.8 4.4 5.3 1.5 1.5 3.0 2.3 1.9 0.5 0.1 0.7 0.7 0.4 -0.4 -1.0 -0.4 -0.4 -0.6 -1.2
                 -1.9 -1.3 -1.2 -1.4 -2.0"""
OPTIMAL_GRID = """22.0 24.4 22.0 19.4 17.5 19.8 22.0 19.8 17.8 16.0 17.8 19.8 17.8 16.0 14.4 16.0 17.8 16.0 14.4 13.0
                  14.4 16.0 14.4 13.0 11.7"""


def test_all_fifty_numbers_of_the_five_by_five_grid():
    grid = jumping_gridworld()
    random = policy_evaluation(grid, uniform(grid), gamma=0.9).values
    optimal = value_iteration(grid, gamma=0.9).values
    assert [f"{value:.1f}" for value in random] == RANDOM_GRID.split()
    assert [f"{value:.1f}" for value in optimal] == OPTIMAL_GRID.split()


def test_figure_3_5_shows_all_actions_that_are_equally_good():
    best = value_iteration(jumping_gridworld(), gamma=0.9).optimal_actions.reshape(5, 5, 4)
    up, right, down, left = range(4)
    assert best[0, 1].all() and best[0, 3].all()  # on A and B nothing matters
    assert np.flatnonzero(best[0, 0]).tolist() == [right]
    assert np.flatnonzero(best[1, 2]).tolist() == [up, left]
    assert np.flatnonzero(best[4, 0]).tolist() == [up, right]
    assert not best[0, 0, down]


@pytest.mark.parametrize("p", [0.05, 0.3, 2 - 2**0.5, 0.95])
def test_a_blind_walk_in_the_short_corridor_is_worth_what_algebra_says(p):
    values = policy_evaluation(short_corridor(), [[1 - p, p]] * 4, gamma=1.0).values
    assert values[0] == pytest.approx((2 * p - 4) / (p * (1 - p)), abs=1e-9)


def test_the_short_corridor_is_best_walked_to_the_right_with_probability_two_minus_root_two():
    def value(p: float) -> float:
        return policy_evaluation(short_corridor(), [[1 - p, p]] * 4, gamma=1.0).start_value

    best = 2 - 2**0.5
    assert value(best) == pytest.approx(-(6 + 4 * 2**0.5), abs=1e-9)
    assert value(best) > value(best - 1e-3) and value(best) > value(best + 1e-3)
    assert value(0.95) == pytest.approx(-44.21, abs=5e-3) and value(0.05) == pytest.approx(-82.11, abs=5e-3)


@pytest.mark.parametrize(
    ("mdp", "steps"),
    [
        (windy_gridworld(), 15),
        (windy_gridworld(king=True), 7),
        (windy_gridworld(king=True, stay=True), 7),
        (cliff_walking(), 13),
    ],
)
def test_the_shortest_way_takes_as_many_steps_as_printed(mdp, steps):
    assert value_iteration(mdp, gamma=1.0).start_value == pytest.approx(-steps, abs=1e-9)


def test_the_safe_path_along_the_cliff_costs_seventeen():
    mdp = cliff_walking()
    up, right, down, _ = range(4)
    policy = np.full((4, 12), up)
    policy[0, :11], policy[:, 11] = right, down
    assert policy_evaluation(mdp, policy.ravel(), gamma=1.0).start_value == pytest.approx(-17)


def test_the_dyna_maze_takes_fourteen_steps():
    assert value_iteration(dyna_maze(), gamma=0.95).start_value == pytest.approx(0.95**13)


@pytest.mark.parametrize(("n", "left"), [(5, 0.0), (19, -1.0)])
def test_the_random_walks_have_the_values_of_the_book(n, left):
    values = policy_evaluation(random_walk(n, left=left), np.zeros(n + 2, int), gamma=1.0).values
    np.testing.assert_allclose(values[1:-1], left + (1 - left) * np.arange(1, n + 1) / (n + 1), atol=1e-12)


def test_bold_play_is_optimal_for_the_gambler_as_in_figure_4_3():
    solution = value_iteration(gamblers_problem(heads=0.4), gamma=1.0)
    stakes = solution.policy[1:100] + 1
    assert solution.values[[25, 50, 75]] == pytest.approx([0.4**2, 0.4, 0.4 + 0.6 * 0.4])
    assert stakes[[24, 49, 74]].tolist() == [25, 50, 25]  # the spikes
    assert (stakes[50:75] == stakes[:25]).all()  # the same hills again on the way to 75


def test_timid_play_is_optimal_when_the_coin_is_good():
    """Gambler's ruin: with stakes of 1, P(goal) = (1 − (q/p)^s) / (1 − (q/p)^20)."""
    solution = value_iteration(gamblers_problem(heads=0.55, goal=20), gamma=1.0)
    ratio = 0.45 / 0.55
    expected = (1 - ratio ** np.arange(21)) / (1 - ratio**20)
    np.testing.assert_allclose(solution.values[:20], expected[:20], atol=1e-9)
    assert (solution.policy[1:20] == 0).all()


def test_left_is_a_mistake_where_maximization_bias_shows():
    solution = value_iteration(maximization_bias(), gamma=1.0)
    assert solution.values.tolist() == pytest.approx([0.0, -0.1, 0.0])
    assert solution.action_values[0, :2].tolist() == pytest.approx([-0.1, 0.0])
    assert (solution.action_values[0, 2:] == -np.inf).all() and solution.policy[0] == 1


def test_blackjack_is_played_as_in_figure_5_2():
    policy = value_iteration(blackjack(), gamma=1.0).policy[:200].reshape(2, 10, 10)  # ace?, 21 … 12, dealer's card
    sticks_from = 21 - (policy == 0).sum(axis=1) + 1  # (ace?, dealer's card): sticking is an interval from the top
    assert sticks_from[0].tolist() == [19, 18, 18, 18, 18, 18, 18, 18, 19, 19]
    assert sticks_from[1].tolist() == [17, 13, 13, 12, 12, 12, 17, 17, 17, 17]


# --- gymnasium's tables ------------------------------------------------------------------------------------

GAMMAS = (1.0, 0.99, 0.95, 0.9)
PUBLISHED = [
    (frozen_lake, "FrozenLake-v1", {}, (0.823529, 0.542026, 0.180472, 0.068891)),
    (lambda: frozen_lake("8x8"), "FrozenLake8x8-v1", {}, (1.000000, 0.414640, 0.048250, 0.006411)),
    (lambda: frozen_lake(slippery=False), "FrozenLake-v1", {"is_slippery": False}, (1, 0.950990, 0.773781, 0.590490)),
    (cliff_walking, "CliffWalking-v1", {}, (-13, -12.247898, -9.733158, -7.458134)),
    (taxi, "Taxi-v4", {}, (7.930000, 6.327464, 1.729930, -1.263323)),
]


def values_of_table(env, gamma: float) -> np.ndarray:
    """Value iteration on gymnasium's own dictionary, with nothing of ours in it."""
    table = env.unwrapped.P
    values = np.zeros(len(table))
    while True:
        new = np.array(
            [
                max(
                    sum(p * (r + gamma * values[s] * (not end)) for p, s, r, end in cases)
                    for cases in table[state].values()
                )
                for state in table
            ]
        )
        if np.abs(new - values).max() < 1e-12:
            return new
        values = new


@pytest.mark.parametrize(
    ("make", "name", "options", "published"), PUBLISHED, ids=[row[1] + str(row[2]) for row in PUBLISHED]
)
def test_gymnasiums_processes_have_the_published_values(make, name, options, published):
    mdps = make(), from_gymnasium(gymnasium.make(name, **options))
    for gamma, value in zip(GAMMAS, published, strict=True):
        for mdp in mdps:
            assert value_iteration(mdp, gamma).start_value == pytest.approx(value, abs=1e-6)
            assert policy_iteration(mdp, gamma).start_value == pytest.approx(value, abs=1e-6)


@pytest.mark.parametrize(
    ("make", "name"), [(frozen_lake, "FrozenLake-v1"), (cliff_walking, "CliffWalking-v1"), (taxi, "Taxi-v4")]
)
def test_every_state_has_the_value_that_gymnasiums_dictionary_gives_it(make, name):
    """But for the ends: gymnasium lets one go on from there. In the taxi, nobody is ever in the states near them."""
    oracle = values_of_table(gymnasium.make(name), 0.95)
    mdp = make()
    check = ~mdp.terminal
    if name == "Taxi-v4":
        passenger, destination = np.arange(500) // 4 % 5, np.arange(500) % 4
        check = passenger != destination
    np.testing.assert_allclose(value_iteration(mdp, 0.95).values[check], oracle[check], atol=1e-6)


def test_an_id_and_an_environment_are_solved_like_their_tables():
    by_id = value_iteration("FrozenLake-v1", gamma=0.99)
    by_environment = value_iteration(gymnasium.make("FrozenLake-v1"), gamma=0.99)
    assert by_id.start_value == by_environment.start_value == pytest.approx(0.542026, abs=1e-6)


@pytest.mark.parametrize(("name", "optimum"), [("FrozenLake-v1", 0.74), ("FrozenLake8x8-v1", 0.91)])
def test_a_time_limit_is_part_of_the_task(name, optimum):
    """Gymnasium's register notes these optima, which hold with its limits of 100 and 200 steps."""
    mdp = from_gymnasium(name)
    limited = value_iteration(mdp, gamma=1.0, horizon=mdp.limit)
    assert limited.start_value == pytest.approx(optimum, abs=5e-3)
    assert limited.start_value < value_iteration(mdp, gamma=1.0).start_value - 0.05


# --- laws --------------------------------------------------------------------------------------------------


def random_process(seed: int, S: int = 4, A: int = 3, by_next_state: bool = False) -> TabularMDP:
    """A random process with one end and one action missing."""
    g = np.random.default_rng(seed)
    allowed = np.ones((S, A), bool)
    allowed[0, g.integers(A)] = False
    return TabularMDP(
        g.dirichlet(np.full(S, 0.5), size=(S, A)),
        g.normal(size=(S, A, S) if by_next_state else (S, A)),
        np.arange(S) == S - 1,
        start=0,
        allowed=allowed,
    )


@pytest.mark.parametrize("seed", range(8))
def test_no_deterministic_policy_beats_the_optimal_one(seed):
    mdp = random_process(seed, by_next_state=seed % 2 == 0)
    choices = [np.flatnonzero(row) for row in mdp.allowed[:3]]
    values = [policy_evaluation(mdp, [*policy, 0], gamma=0.9).values for policy in product(*choices)]
    for solution in (value_iteration(mdp, 0.9), policy_iteration(mdp, 0.9)):
        np.testing.assert_allclose(solution.values, np.max(values, axis=0), atol=1e-9)
        np.testing.assert_allclose(policy_evaluation(mdp, solution.policy, 0.9).values, solution.values, atol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), gamma=st.floats(0, 1), horizon=st.integers(1, 4))
def test_a_finite_horizon_counts_every_path(seed, gamma, horizon):
    """By brute force: the values of all sequences of actions and states, summed up one by one."""
    mdp = random_process(seed, S=3, A=2, by_next_state=True)

    def best(state: int, left: int) -> float:
        if left == 0 or mdp.terminal[state]:
            return 0.0
        return max(
            sum(mdp.P[state, a, s] * (mdp.R[state, a, s] + gamma * best(s, left - 1)) for s in range(3))
            for a in np.flatnonzero(mdp.allowed[state])
        )

    solution = value_iteration(mdp, gamma, horizon=horizon)
    np.testing.assert_allclose(solution.values, [best(s, horizon) for s in range(3)], atol=1e-9)
    assert solution.stage_values.shape == (horizon + 1, 3) and solution.stage_policy.shape == (horizon, 3)


def test_a_policy_with_a_horizon_is_worth_what_samples_say():
    mdp = frozen_lake(limit=20)
    exact = policy_evaluation(mdp, uniform(mdp), gamma=1.0, horizon=20).start_value
    g = np.random.default_rng(0)
    states, paid = mdp.sample_start(50_000, g), np.zeros(50_000)
    for _ in range(20):
        states, reward, _ = mdp.sample(states, g.integers(4, size=50_000), g)
        paid += reward
    assert paid.mean() == pytest.approx(exact, abs=4 * paid.std() / 50_000**0.5)


def test_with_no_future_an_action_is_worth_its_reward():
    mdp = random_process(0)
    np.testing.assert_allclose(value_iteration(mdp, gamma=0.0).action_values[mdp.allowed], mdp.R[mdp.allowed])


# --- bad input ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("gamma", [-0.1, 1.0001, float("nan"), "0.9", None])
@pytest.mark.parametrize(
    "solve", [value_iteration, policy_iteration, lambda mdp, gamma: policy_evaluation(mdp, [0] * 16, gamma)]
)
def test_a_discount_outside_its_range_is_refused(solve, gamma):
    with pytest.raises(ValueError, match="gamma must lie between 0 and 1"):
        solve(small_gridworld(), gamma)


@pytest.mark.parametrize("horizon", [0, -1, 2.5, True, "9"])
def test_a_horizon_is_a_number_of_steps(horizon):
    with pytest.raises(ValueError, match="horizon must be a positive whole number"):
        value_iteration(small_gridworld(), 1.0, horizon=horizon)


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        ([0, 1], r"\(16,\) whole numbers, or probabilities of shape \(16, 4\)"),
        (np.zeros(16), "a policy is an action for each state"),
        ([4] * 16, "has no action 4; it has up, right, down, left"),
        (np.full((16, 4), 0.3), "not ≥ 0 with sum 1"),
        (np.full((16, 4), np.nan), "not ≥ 0 with sum 1"),
    ],
)
def test_a_wrong_policy_is_refused(policy, message):
    with pytest.raises(ValueError, match=message):
        policy_evaluation(small_gridworld(), policy, 0.9)


def test_a_policy_cannot_take_actions_that_are_not_allowed():
    with pytest.raises(ValueError, match="A has no action 5; it has 0, 1"):
        policy_evaluation(maximization_bias(), [5, 0, 0], 1.0)
    with pytest.raises(ValueError, match="in A that do not exist"):
        policy_evaluation(maximization_bias(), np.full((3, 10), 0.1), 1.0)


def test_a_policy_that_never_ends_has_no_value_without_a_discount():
    with pytest.raises(ValueError, match=r"from cell \(0, 1\) it never reaches a terminal state.*gamma < 1"):
        policy_evaluation(small_gridworld(), [0] * 16, gamma=1.0)
    assert np.isfinite(policy_evaluation(small_gridworld(), [0] * 16, gamma=0.9).values).all()


@pytest.mark.parametrize("solve", [value_iteration, policy_iteration])
def test_a_process_that_never_ends_has_no_value_without_a_discount(solve):
    with pytest.raises(ValueError, match="with gamma=1"):
        solve(jumping_gridworld(), gamma=1.0)


@pytest.mark.parametrize("solve", [value_iteration, policy_iteration])
def test_a_reward_for_staying_grows_without_bound_and_is_refused(solve):
    with pytest.raises(ValueError, match="with gamma=1"):
        solve(gridworld("S..G", step_reward=1.0), gamma=1.0)


def test_an_unpaid_life_for_ever_is_worth_nothing():
    mdp = gridworld("S#.G", step_reward=0.0, rewards={"G": 1.0})
    assert value_iteration(mdp, gamma=1.0).values.tolist() == [0.0, 0.0, 1.0, 0.0]
    assert policy_evaluation(mdp, [0, 0, 0, 0], gamma=1.0).values.tolist() == [0.0, 0.0, 0.0, 0.0]


def test_an_environment_without_a_table_cannot_be_solved():
    with pytest.raises(ValueError, match="carries no table of transitions"):
        value_iteration("CartPole-v1")
