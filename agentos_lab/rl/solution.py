"""The exact solution of a decision process: values, action values and a policy, printed and drawn on its grid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from .bellman import best_actions
from .grid_drawing import draw_grid, grid_html, grid_size, grid_text
from .tabular_mdp import TabularMDP

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Solution"]

_MOST_LINES = 9  # of a grid, or of a list of states, in print


@dataclass(frozen=True, eq=False)
class Solution:
    """What dynamic programming finds out.

    Attributes:
        mdp: The process that was solved.
        values: v(s) (S,): of the optimal policy, or of the one that was evaluated; 0 at terminal states.
        action_values: q(s, a) (S, A): take a, then go on in the same way; −∞ where an action is not allowed.
        policy: An action for every state (S,), or the probabilities (S, A) that were evaluated. With a horizon, what
            to do in the first step.
        gamma: Discount.
        horizon: Steps to act, or None for as many as one likes.
        method: How it was found.
        sweeps: How many times all states were gone through (policy iteration: policies evaluated).
        stage_values: With a horizon H: values with k steps left (H + 1, S), k = 0 … H.
        stage_policy: With a horizon: what to do with k steps left is row k − 1 of (H, S).
    """

    mdp: TabularMDP
    values: NDArray[np.float64]
    action_values: NDArray[np.float64]
    policy: NDArray[np.int64] | NDArray[np.float64]
    gamma: float
    horizon: int | None
    method: str
    sweeps: int
    stage_values: NDArray[np.float64] | None = None
    stage_policy: NDArray[np.int64] | None = None

    @property
    def start_value(self) -> float:
        """Expected return of an episode: the value of the start, averaged over where it may be."""
        return float(self.mdp.start @ self.values)

    @property
    def optimal_actions(self) -> NDArray[np.bool_]:
        """The actions (S, A) that no other beats, going on as this solution does; none in terminal states."""
        return best_actions(self.action_values) & ~self.mdp.terminal[:, None]

    @property
    def _shown(self) -> NDArray[np.float64]:
        """How much of each action to show (S, A): a given policy as it is, else all actions that are equally good."""
        if self.method == "policy evaluation":
            return self._probabilities
        return self.optimal_actions.astype(float)

    @property
    def _probabilities(self) -> NDArray[np.float64]:
        """The policy as probabilities (S, A)."""
        one_each = np.eye(self.mdp.num_actions)
        return one_each[self.policy.astype(int)] if self.policy.ndim == 1 else self.policy.astype(float)

    @property
    def _title(self) -> str:
        found = f"{self.method} of {self.mdp.name or 'a process'}: γ = {self.gamma:g}"
        steps = f", {self.horizon} steps left" if self.horizon else f", {self.sweeps} sweep" + "s" * (self.sweeps > 1)
        if self.method == "policy evaluation" and not self.horizon:
            steps = ""
        return f"{found}{steps}; an episode is worth {self.start_value:.4f}"

    def __str__(self) -> str:
        lines, layout = [self._title], self.mdp.layout
        if self.mdp.limit is not None and self.horizon is None:
            lines.append(
                f"(with no time limit; for the {self.mdp.limit} steps of an episode: horizon={self.mdp.limit})"
            )
        if layout is not None and layout.rows <= _MOST_LINES:
            return "\n".join([*lines, grid_text(layout, self.values, self._probabilities)])
        starts = np.flatnonzero(self.mdp.start)
        listed = starts[: _MOST_LINES - len(lines)]
        lines += [f"  {self.mdp.state_name(state)}: {self.values[state]:.4f}{self._act(state)}" for state in listed]
        return "\n".join([*lines, *([f"  … and {rest} more starts"] if (rest := len(starts) - len(listed)) else [])])

    __repr__ = __str__

    def _act(self, state: int) -> str:
        """What to do in a state, for print."""
        return f", {self.mdp.action_name(int(self.policy[state]))}" if self.policy.ndim == 1 else ""

    def _repr_html_(self) -> str | None:
        layout = self.mdp.layout
        return None if layout is None else grid_html(layout, self.values, self._shown, self._title)

    def plot(self, ax: Axes | None = None) -> Figure:
        """The values: on the map, with the policy's arrows, when the process lives on a grid; else state by state.

        Args:
            ax: Where to draw; None makes a figure.

        Returns:
            The figure.
        """
        from matplotlib.ticker import MaxNLocator

        from agentos_lab.figures import axes_for, new_figure

        layout, name = self.mdp.layout, self.mdp.name or "a process"
        title = f"{name}: values for γ = {self.gamma:g}" + (f", {self.horizon} steps left" if self.horizon else "")
        alt = f"Values of {name}, from {self.values.min():.3g} to {self.values.max():.3g}"
        if layout is None or layout.rows == 1:
            figure, ax = axes_for(ax, title, alt + ", state by state")
            ax.plot(np.where(self.mdp.terminal, np.nan, self.values), "o-", markersize=3)
            ax.set(xlabel="state", ylabel="value")
            ax.xaxis.set_major_locator(MaxNLocator(integer=True))
            return figure
        if ax is None:
            width, height = grid_size(layout, title)
            figure, ax = new_figure(title, alt + ", on the map", width=width, height=height)
        else:
            figure, ax = axes_for(ax, title, alt)
        draw_grid(ax, layout, self.values, self._shown)
        return figure
