"""Scenes: how the states of an environment are drawn and named. A cart, rods, a grid world, a dialogue, or numbers.

A scene has a description for both drawings (`about`), and turns observations into the numbers that they draw (`pose`)
and print (`facts`). `scene_of` finds the one for an environment.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentos_lab.rl.cell_kinds import arrival_rewards, cell_kinds
from agentos_lab.rl.episode import Episode, task_name
from agentos_lab.rl.gridworlds import cliff_walking
from agentos_lab.rl.gymnasium_tables import as_mdp
from agentos_lab.rl.tabular_mdp import TabularMDP

__all__ = ["CartScene", "GridScene", "NumbersScene", "RodsScene", "Scene", "TextScene", "scene_of"]

FARTHEST, STEEPEST = 2.4, math.radians(12)  # m and rad: beyond them an episode of CartPole is over
DIRECTIONS = {
    "↑": (0, -1), "→": (1, 0), "↓": (0, 1), "←": (-1, 0), "↗": (1, -1), "↘": (1, 1), "↙": (-1, 1), "↖": (-1, -1),
}  # fmt: skip


class Scene:
    """What all scenes have; this one shows nothing.

    Attributes:
        about: For both drawings: `kind`; `verb` and names of `actions`; `facts`, what is printed of a state as (label,
            unit, decimals, signed); `seconds` of a step or None; `film`, whether small pictures make sense; `ghosts`,
            how many steps back faint ones are drawn; `pace`, milliseconds per step when it plays.
    """

    about: dict[str, Any]

    def __init__(self, kind: str, **about: Any) -> None:
        usual: dict[str, Any] = {
            "verb": "takes",
            "actions": [],
            "facts": [],
            "seconds": None,
            "film": False,
            "ghosts": [],
            "pace": 200,
        }
        self.about = {"kind": kind, **usual, **about}

    def pose(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        """What is drawn of states (T+1, *O): numbers (T+1, K)."""
        raise NotImplementedError

    def facts(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        """What is printed of states (T+1, *O): numbers (T+1, F)."""
        raise NotImplementedError

    def ending(self, last: NDArray[Any]) -> str:
        """How the terminal state that was reached reads at the end of a sentence."""
        return "a terminal state is reached"


class CartScene(Scene):
    """CartPole: the cart on its track with the pole."""

    def __init__(self) -> None:
        facts = [["position", " m", 2, True], ["pole angle", "°", 1, True]]
        super().__init__("cart", verb="pushes", actions=["left", "right"], facts=facts, seconds=0.02, film=True,
                         ghosts=[45, 30, 15], pace=60)  # fmt: skip

    def pose(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(obs, dtype=np.float64)[:, [0, 2]]

    def facts(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        return self.pose(obs) * [1.0, 180 / math.pi]

    def ending(self, last: NDArray[Any]) -> str:
        return "the cart leaves the track" if abs(float(last[0])) > FARTHEST else "the pole falls"


class RodsScene(Scene):
    """Pendulum and Acrobot: one rod or two, hanging from an axle."""

    def __init__(self, rods: int) -> None:
        names = ["angle"] if rods == 1 else ["upper angle", "lower angle"]
        one = {"verb": "turns with", "seconds": 0.05}
        two = {"verb": "turns", "actions": ["left", "not", "right"], "seconds": 0.2}
        super().__init__("rods", rods=rods, facts=[[name, "°", 0, True] for name in names], film=True,
                         ghosts=[6, 4, 2], pace=80, **(one if rods == 1 else two))  # fmt: skip
        self.rods = rods

    def pose(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        """Angles of the rods from the upright, clockwise."""
        obs = np.asarray(obs, dtype=np.float64)
        if self.rods == 1:
            return -np.arctan2(obs[:, 1:2], obs[:, 0:1])  # gymnasium counts against the clock
        upper, lower = np.arctan2(obs[:, 1], obs[:, 0]), np.arctan2(obs[:, 3], obs[:, 2])
        return np.stack((math.pi - upper, math.pi - upper - lower), axis=1)

    def facts(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        obs = np.asarray(obs, dtype=np.float64)
        pairs = [(0, 1)] if self.rods == 1 else [(0, 1), (2, 3)]
        return np.degrees(np.stack([np.arctan2(obs[:, sin], obs[:, cos]) for cos, sin in pairs], axis=1))

    def ending(self, last: NDArray[Any]) -> str:
        return "the tip is high enough"


class GridScene(Scene):
    """A grid world: its map, the way so far, and the probabilities of the moves as arrows."""

    def __init__(self, mdp: TabularMDP) -> None:
        layout = mdp.layout
        assert layout is not None
        arrows, kinds = list(layout.arrows), cell_kinds(mdp)
        names = list(mdp.action_names) or arrows
        ways = [DIRECTIONS.get(arrow, (0, 0)) for arrow in arrows]
        super().__init__("grid", verb="goes", actions=names, arrows=arrows, ways=[list(way) for way in ways],
                         map=layout.text.split("\n"), columns=layout.columns, kinds=kinds,
                         facts=[["row", "", 0, False], ["column", "", 0, False]], pace=350)  # fmt: skip
        self.layout, self.kinds, self.paid = layout, kinds, arrival_rewards(mdp)

    def pose(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        return np.asarray(obs, dtype=np.float64).reshape(len(obs), 1)

    def facts(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        return np.stack(np.divmod(np.asarray(obs, dtype=np.int64), self.layout.columns), axis=1).astype(np.float64)

    def ending(self, last: NDArray[Any]) -> str:
        state, letters = int(last), self.layout.text.replace("\n", "")
        if state >= len(letters):
            return super().ending(last)
        if self.kinds[state] == "goal":
            return "the goal is reached"
        if letters[state] == "H":
            return "there is a hole"
        return f"an end that pays {self.paid[state]:g} is reached".replace("-", "−")


class TextScene(Scene):
    """A dialogue, token by token; the texts travel beside the numbers."""

    def __init__(self) -> None:
        super().__init__("text", verb="writes", pace=250)

    def pose(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        return np.zeros((len(obs), 1))

    def facts(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        return np.zeros((len(obs), 1))

    def ending(self, last: NDArray[Any]) -> str:
        return "the dialogue is over"


class NumbersScene(Scene):
    """Any other environment: the first numbers of its observation as bars."""

    def __init__(self, observations: Sequence[NDArray[Any]], actions: Sequence[str]) -> None:
        flat = np.concatenate([_flat(obs) for obs in observations])[:, :8]
        spans = np.abs(flat).max(axis=0)
        whole = bool((flat == np.round(flat)).all())
        names = ["state"] if flat.shape[1] == 1 and whole else [f"observation {i}" for i in range(flat.shape[1])]
        facts = [[name, "", 0 if whole else 2, not whole] for name in names[:3]]
        super().__init__("numbers", actions=list(actions), facts=facts, names=names, pace=200,
                         spans=[float(span) or 1.0 for span in spans], digits=0 if whole else 2)  # fmt: skip

    def pose(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        return _flat(obs)[:, :8]

    def facts(self, obs: NDArray[Any]) -> NDArray[np.float64]:
        return _flat(obs)[:, :3]


def scene_of(env: Any, episodes: Sequence[Episode]) -> Scene:
    """The scene for an environment.

    Args:
        env: A gymnasium id, an environment, or one of ours; None: what the episodes say of their task.
        episodes: All that are to be shown.

    Raises:
        ValueError: Two episodes have observations of different shapes.
    """
    shapes = {episode.obs.shape[1:] for episode in episodes}
    if len(shapes) != 1:
        raise ValueError(f"all episodes must be of one environment, got observations of shapes {sorted(shapes)}")
    shape, first = shapes.pop(), episodes[0]
    name = first.task if env is None else task_name(env)
    if first.obs.dtype.kind == "U":
        return TextScene()
    if shape == (4,) and name.startswith("CartPole"):
        return CartScene()
    if (shape, name[:7]) in (((3,), "Pendulu"), ((6,), "Acrobot")):
        return RodsScene(1 if shape == (3,) else 2)
    world = getattr(env, "mdp", env)
    if shape == () and not isinstance(world, TabularMDP):
        world = _table(name if env is None else env)
    if shape == () and isinstance(world, TabularMDP) and world.layout is not None and world.layout.arrows:
        return GridScene(world)
    return NumbersScene([episode.obs for episode in episodes], list(getattr(world, "action_names", ())))


def _table(env: Any) -> Any:
    """The decision process behind a gymnasium environment or id, where there is one."""
    if str(task_name(env)).startswith("CliffWalking"):
        return cliff_walking()  # gymnasium's own has no map
    try:
        return as_mdp(env) if env else None
    except Exception:  # not an environment of gymnasium, or one without a table: it is shown in numbers
        return None


def _flat(obs: NDArray[Any]) -> NDArray[np.float64]:
    return np.asarray(obs, dtype=np.float64).reshape(len(obs), -1)
