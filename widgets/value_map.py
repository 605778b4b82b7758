"""ValueMap: values and policy of a grid world, learning step by step; paint a cell and watch the correction spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import traitlets
from numpy.typing import NDArray

from agentos_lab.rl import TabularMDP, as_mdp
from agentos_lab.rl.settings import check_share

from .picture import Picture
from .runs import Runs
from .value_map_history import Stretch, history, learn_by_sampling, sweep_on
from .value_map_layout import place
from .value_map_panels import draw_error, draw_inspector, draw_missing
from .value_map_picture import draw_map, frame_of
from .value_map_sentence import METHODS
from .value_map_state import maps_after, value_map_state, with_edit
from .value_map_world import BRUSHES, LETTERS, GridRules, brushes_for, read_rules
from .view import View, notice

__all__ = ["ValueMap"]

MOST_CELLS = 24  # rows, and columns: beyond these a cell is too small to be seen or hit


class ValueMap(View):
    """See values spread over a grid world, and change the world while they do.

    The map shows V (or Q, or the exact V*) and the greedy policy; beside it stand what is missing to V* and the
    largest error on a log scale, whose axis is the slider. Click a cell to paint it (keys 1 to 4 choose floor, wall,
    goal or pit): learning goes on from the values that were there.

    Args:
        world: A `TabularMDP` on a grid, a gymnasium id of one, or the text of a map for `gridworld`.
        gamma: Discount γ in [0, 1].
        method: "value iteration" or "q-learning".
        slip: Probability of moving at a right angle; None leaves a process as it is and means 0.2 for a text.
        rewards: For a text: pay for entering a cell by its character, 1 for G and −1 for H unless this says otherwise.
        step_reward: For a text: pay for every other move.
        **settings: Initial values of the other traits.

    Attributes:
        gamma, method, slip: As above; changes are shown at once.
        alpha, epsilon, episodes, seed: Settings of Q-learning.
        edits: [sweep, state, brush] of every painted cell; set it to [] to undo all.
        sweep: The sweep (or episode) that is shown.
        cell: The state whose numbers are shown.
        brush: "floor", "wall", "goal" or "pit".
        shown: "V", "Q" or "V*" in the cells.

    Raises:
        ValueError: No grid world, a setting out of range, or a world that γ = 1 has no values for.

    Example:
        >>> from agentos_lab.rl import cliff_walking
        >>> view = ValueMap(cliff_walking(), gamma=1.0, sweep=13)
        >>> view.sentence
        'Sweep 13: values must still fall by up to 1 (at A1), and 1 arrow will still turn.'
        >>> view.paint("D3", "wall")
        >>> view.observe(lambda change: print("now at", change.new), "sweep")

    To watch another algorithm, override `learner`; it yields V and Q, frame by frame (see `value_map_history.py`).
    """

    javascript = Path(__file__).with_name("value_map.js")
    stylesheet = Path(__file__).with_name("value_map.css")
    settings = ("method", "gamma", "slip", "alpha", "epsilon", "episodes", "seed", "edits")
    selections = ("sweep", "cell", "brush", "shown")
    measures: ClassVar[Mapping[str, float]] = {
        "gutter": 22,  # room for the names of rows and columns
        "map": 294,  # height of the map, at most
        "cell": 64,  # side of a cell, at most
        "inspector": 46,  # height
        "inspected": 424,  # width of the inspector, at least
        "gap": 28,  # between map and panels
        "small": 24,  # side of a cell in the small map, at most
        "legend": 104,  # width beside the small map
        "chart": 84,  # height of the error's curve
    }

    method = traitlets.Enum(list(METHODS), "value iteration").tag(sync=True)
    gamma = traitlets.Float(0.95, min=0.0, max=1.0).tag(sync=True)
    slip = traitlets.Float(None, allow_none=True, min=0.0, max=1.0).tag(sync=True)
    alpha = traitlets.Float(0.3, min=0.01, max=1.0).tag(sync=True)
    epsilon = traitlets.Float(0.2, min=0.0, max=1.0).tag(sync=True)
    episodes = traitlets.Int(120, min=1, max=400).tag(sync=True)
    seed = traitlets.Int(0).tag(sync=True)
    edits: Any = traitlets.List().tag(sync=True)
    sweep = traitlets.Int(0, min=0).tag(sync=True)
    cell = traitlets.Int(0, min=0).tag(sync=True)
    brush = traitlets.Enum(list(BRUSHES), "wall").tag(sync=True)
    shown = traitlets.Enum(["V", "Q", "V*"], "V").tag(sync=True)
    editable = traitlets.Bool(True).tag(sync=True)

    def __init__(
        self,
        world: Any,
        gamma: float = 0.95,
        method: str = "value iteration",
        slip: float | None = None,
        *,
        rewards: Mapping[str, float] | None = None,
        step_reward: float = -0.02,
        **settings: Any,
    ) -> None:
        check_share("gamma", gamma)
        if method not in METHODS:
            raise ValueError(f"method is {method!r}; expected {' or '.join(map(repr, METHODS))}")
        if isinstance(world, str) and ("\n" in world or set(world) <= set(".#SFGHC ")):
            rules: GridRules | None = GridRules(
                step_reward=step_reward,
                rewards={"G": 1.0, "H": -1.0, "C": -1.0} | dict(rewards or {}),
                slip=0.2 if slip is None else slip,
            )
            assert rules is not None
            mdp = rules.world(world)
        else:
            if rewards is not None:
                raise ValueError("rewards goes with a text; a process has its own")
            mdp = on_a_grid(as_mdp(world))
            rules = read_rules(mdp)
        if rules is None and slip is not None:
            raise ValueError(f"the slip of {mdp.name or 'this process'} cannot be changed: {UNKNOWN}")
        assert mdp.layout is not None
        self._worlds: dict[tuple[str, float], TabularMDP] = {}
        self._given, self._rules, self._text = mdp, rules, mdp.layout.text
        known = None if rules is None else rules.slip if slip is None else slip
        cells = self._text.replace("\n", "")
        first = {"cell": cells.index("S") if "S" in cells else max(0, cells.find("."))}
        given = {"gamma": gamma, "method": method, "slip": known, "editable": rules is not None}
        super().__init__(**first | given | settings)

    def compute(self) -> dict[str, Any]:
        """The course of learning on all grids so far."""
        maps = maps_after(self._text, self.edits, self._letters)
        assert self._given.layout is not None
        if max(self._given.layout.rows, self._given.layout.columns) > MOST_CELLS:
            size = f"{self._given.layout.columns} × {self._given.layout.rows} cells"
            told = f"{size} are too many to be seen; give a map of at most {MOST_CELLS} × {MOST_CELLS}."
            return notice("too-large", METHODS[self.method]["title"], told)
        worlds = [(first, self._world(text)) for first, text, _ in maps]
        self._stretches: list[Stretch] = history(worlds, self.gamma, self.learner())
        pay = {} if self._rules is None else self._rules.pay
        changed = [each for _, _, each in maps]
        brushes = brushes_for(self._text, self._letters)
        return value_map_state(self._stretches, changed, self.method, self.gamma, self.slip, pay, brushes)

    def learner(self) -> Any:
        """The algorithm that is watched."""
        if self.method == "value iteration":
            return sweep_on(self.gamma)
        return learn_by_sampling(self.gamma, self.alpha, self.epsilon, self.seed, self.episodes)

    def paint(self, cell: int | str, brush: str | None = None) -> None:
        """Change a cell of the world at the present sweep; later changes are undone.

        Args:
            cell: A state, or its name, e.g. "E3".
            brush: "floor", "wall", "goal" or "pit"; the chosen brush when left out.

        Raises:
            ValueError: No such cell or brush, or a world whose rules are not known.
        """
        if isinstance(cell, str):
            if cell not in self.state["names"]:
                raise ValueError(f"there is no cell {cell!r}; the last one is {self.state['names'][-1]}")
            cell = int(self.state["names"].index(cell))
        edits = with_edit(self.edits, self.frame, cell, brush or self.brush)
        text = maps_after(self._text, edits, self._letters)[-1][1]
        self._world(text)  # says what is wrong, before anything has changed
        self.edits = edits

    @property
    def _letters(self) -> Mapping[str, str]:
        """What the characters of the map stand for."""
        return LETTERS if self._rules is None else self._rules.letters

    @property
    def frame(self) -> int:
        """The frame that is shown: `sweep`, or the last one if there are not so many."""
        return frame_of(self.state, self.sweep)

    @property
    def mdp(self) -> TabularMDP:
        """The world that is shown, with the changes made so far."""
        return self._stretch()[0].mdp

    @property
    def values(self) -> NDArray[np.float64]:
        """V (S,) at the sweep that is shown."""
        stretch, at = self._stretch()
        return stretch.values[at]

    @property
    def action_values(self) -> NDArray[np.float64]:
        """Q (S, A) at the sweep that is shown."""
        stretch, at = self._stretch()
        return stretch.action_values[at]

    @property
    def optimal_values(self) -> NDArray[np.float64]:
        """V* (S,) of the world that is shown."""
        return self._stretch()[0].optimal

    def telling(self) -> Runs:
        """The sentence at the sweep that is shown."""
        return super().telling() if "status" in self.state else self.state["sentences"][self.frame]

    def draw(self, picture: Picture, state: dict[str, Any]) -> float:
        """The stage of the static picture."""
        at = place(self.measures, picture.width, state["rows"], state["columns"])
        draw_map(picture, at, state, self.frame, self.cell, self.shown)
        draw_inspector(picture, at, state, self.frame, self.cell)
        draw_missing(picture, at, state, self.frame, self.cell)
        draw_error(picture, at, state, self.frame)
        return at["height"]

    def _stretch(self) -> tuple[Stretch, int]:
        """The stretch that is shown, and the number of the frame in it."""
        stretch = [each for each in self._stretches if each.first <= self.frame][-1]
        return stretch, self.frame - stretch.first

    def _world(self, text: str) -> TabularMDP:
        """The process on a map."""
        if self._rules is None:
            if text != self._text:
                raise ValueError(f"the cells of {self._given.name or 'this process'} cannot be changed: {UNKNOWN}")
            return self._given
        slip = self._rules.slip if self.slip is None else self.slip
        if (text, slip) not in self._worlds:
            self._worlds[text, slip] = replace(self._rules, slip=slip).world(text)
        return self._worlds[text, slip]


UNKNOWN = "its tables follow no rules of gridworld(…); make it with gridworld, or give the text of a map"


def on_a_grid(mdp: TabularMDP) -> TabularMDP:
    """The process itself, if it can be drawn."""
    layout = mdp.layout
    if layout is None or layout.rows * layout.columns != mdp.num_states:
        raise ValueError(
            f"{mdp.name or 'this process'} does not live on a grid: ValueMap draws a TabularMDP with a layout of one "
            "cell for each state, as gridworld(…) makes it, or the text of a map"
        )
    return mdp
