"""Solutions print and draw themselves."""

from __future__ import annotations

import matplotlib.figure
import numpy as np
import pytest

from agentos_lab.rl import (
    blackjack,
    cliff_walking,
    frozen_lake,
    gamblers_problem,
    gridworld,
    jumping_gridworld,
    policy_evaluation,
    random_walk,
    small_gridworld,
    taxi,
    value_iteration,
    windy_gridworld,
)


def test_a_grid_prints_its_values_beside_its_policy():
    assert str(value_iteration(gridworld("S.#\n..G"), gamma=1.0)) == (
        "value iteration of grid world: γ = 1, 4 sweeps; an episode is worth -3.0000\n"
        " -3.00 -2.00     #   → ↓ #\n"
        " -2.00 -1.00     G   → → G"
    )


def test_a_policy_that_tries_everything_has_no_arrows():
    printed = str(policy_evaluation(small_gridworld(), np.full((16, 4), 0.25), gamma=1.0)).split("\n")
    assert printed[0] == "policy evaluation of 4 × 4 grid: γ = 1; an episode is worth -18.2857"
    assert printed[1] == "     G -14.0 -20.0 -22.0   G · · ·"


def test_a_time_limit_that_was_not_read_is_told():
    assert "(with no time limit; for the 100 steps of an episode: horizon=100)" in str(value_iteration(frozen_lake()))
    limited = str(value_iteration(frozen_lake(), horizon=100))
    assert "100 steps left" in limited and "no time limit" not in limited


@pytest.mark.parametrize(
    "mdp",
    [frozen_lake("8x8"), windy_gridworld(), cliff_walking(), taxi(), blackjack(), gamblers_problem(), random_walk(19)],
    ids=lambda mdp: mdp.name,
)
def test_every_solution_prints_on_ten_lines_at_most_and_draws_itself(mdp):
    solution = value_iteration(mdp, gamma=0.95)
    assert 2 <= len(str(solution).split("\n")) <= 10 and repr(solution) == str(solution)
    figure = solution.plot()
    assert figure.alt.startswith("Values of ") and f"γ = {0.95}" in figure.get_suptitle()
    assert figure.axes[0].images or figure.axes[0].lines


@pytest.mark.parametrize(
    "mdp",
    [small_gridworld(), gridworld("S.G"), gridworld("S.\n.G"), cliff_walking(), frozen_lake("8x8"), blackjack(),
     gridworld("S\n.\n.\n.\n.\nG", name="a well"), windy_gridworld()],
    ids=lambda mdp: mdp.name,
)  # fmt: skip
def test_the_map_stands_right_under_a_title_that_fits(mdp):
    figure = value_iteration(mdp, gamma=0.95, horizon=100).plot()
    figure.draw_without_rendering()
    title = figure._suptitle.get_window_extent()
    ground, width = figure.axes[0].get_window_extent(), figure.bbox.width
    assert title.x1 <= width and title.y1 <= figure.bbox.height
    assert 0 < title.y0 - ground.y1 < 0.35 * figure.dpi
    cells = [text.get_window_extent() for text in figure.axes[0].texts if text.get_text()]
    assert all(ground.y0 - 1 <= cell.y0 and cell.y1 <= ground.y1 + 1 for cell in cells)


def test_rows_and_columns_say_what_they_stand_for():
    axes = value_iteration(blackjack(), gamma=1.0).plot().axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("the dealer's card", "the player's sum")
    assert axes.get_yticklabels()[0].get_text() == "21 with ace" and axes.get_xticklabels()[0].get_text() == "ace"
    states = value_iteration(random_walk(3), gamma=1.0).plot().axes[0].get_xticks()
    assert np.allclose(states, np.round(states))


def test_without_a_map_it_prints_where_episodes_start():
    printed = str(value_iteration(taxi(), gamma=1.0)).split("\n")
    assert printed[2] == "  taxi at (0, 0), passenger R to G: 11.0000, pick up"
    assert printed[-1] == "  … and 293 more starts"


def test_in_a_notebook_a_grid_is_a_table_with_all_good_actions():
    solution = value_iteration(jumping_gridworld(), gamma=0.9)
    shown = solution._repr_html_()
    assert shown.count("<tr>") == 5 and shown.count("<td") == 25
    assert "24.4<br>↑→↓←</td>" in shown and "17.8<br>↑←</td>" in shown
    assert "rgb(255,255,255)" in shown and "rgb(66,151,198)" in shown  # the worst cell and the best
    assert value_iteration(taxi(), gamma=0.9)._repr_html_() is None


def test_it_draws_on_axes_that_are_given():
    figure = matplotlib.figure.Figure()
    left, right = figure.subplots(1, 2)
    assert value_iteration(frozen_lake()).plot(left) is figure
    value_iteration(random_walk(5), 1.0).plot(right)
    assert left.images and right.lines


def test_the_start_value_averages_over_the_starts():
    grid = gridworld("S.S\n..G")
    solution = value_iteration(grid, gamma=1.0)
    assert solution.start_value == pytest.approx((solution.values[0] + solution.values[2]) / 2) == -2.0
