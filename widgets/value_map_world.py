"""Grid worlds that can be changed: the rules behind a world's tables, and one cell painted anew.

A `TabularMDP` knows its tables and its map, not the rules (rewards, slip, wind, jumps) that made the one from the
other. `read_rules` finds rules whose tables are the same; with them, a map with another wall becomes a process again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from agentos_lab.rl import TabularMDP, gridworld
from agentos_lab.rl.cell_kinds import end_kind
from agentos_lab.rl.gridworlds import MOVES

__all__ = ["BRUSHES", "LETTERS", "GridRules", "brushes_for", "cell_names", "kinds", "painted", "read_rules"]

BRUSHES = ("floor", "wall", "goal", "pit")  # what a cell can be painted with
# Character on the map -> what stands there, where the pay does not say otherwise.
LETTERS: Mapping[str, str] = {"#": "wall", "G": "goal", "H": "pit", "C": "cliff"}


@dataclass(frozen=True)
class GridRules:
    """What `gridworld` needs besides the map; the fields are its arguments."""

    moves: tuple[str, ...] = ("up", "right", "down", "left")
    step_reward: float = -0.02
    bump_reward: float | None = None
    rewards: Mapping[str, float] | None = None
    slip: float = 0.0
    wind: tuple[int, ...] = ()
    jumps: Mapping[str, tuple[str, float]] | None = None
    limit: int | None = None
    name: str = "grid world"

    def world(self, text: str) -> TabularMDP:
        """The process on a map."""
        return gridworld(
            text,
            step_reward=self.step_reward,
            rewards=self.pay,
            bump_reward=self.bump_reward,
            moves=self.moves,
            slip=self.slip,
            wind=self.wind,
            jumps=self._jumps_on(text),
            limit=self.limit,
            name=self.name,
        )

    @property
    def pay(self) -> Mapping[str, float]:
        """Pay for entering a cell by its character; a goal or pit that the world has not had pays 1 or −1 at least.

        Where steps cost much, a new goal is free and a new pit costs ten steps, so that they keep their meaning.
        """
        dear = self.step_reward <= -1
        return {"G": 0.0 if dear else 1.0, "H": min(-1.0, 10 * self.step_reward)} | dict(self.rewards or {})

    @property
    def letters(self) -> Mapping[str, str]:
        """What each character of the map stands for: an H that pays is a goal, a G that costs much a pit."""
        return {**LETTERS, **{each: end_kind(each, self.pay[each], self.step_reward) for each in "GH"}}

    def _jumps_on(self, text: str) -> Mapping[str, tuple[str, float]] | None:
        """The jumps whose both ends are still on the map."""
        return {a: to for a, to in (self.jumps or {}).items() if a in text and to[0] in text} or None


def read_rules(mdp: TabularMDP) -> GridRules | None:
    """The rules of a grid world, from its tables; None if no rules that `gridworld` knows make them.

    Args:
        mdp: A process whose layout covers all its states.
    """
    layout = mdp.layout
    names = {arrow: name for name, (_, _, arrow) in MOVES.items()}
    if layout is None or mdp.reward_std is not None or not set(layout.arrows) <= set(names):
        return None
    rules = GridRules(tuple(names[arrow] for arrow in layout.arrows), limit=mdp.limit, name=mdp.name)
    if len(rules.moves) != mdp.num_actions or layout.rows * layout.columns != mdp.num_states:
        return None
    jumps = _jumps(mdp, layout.text.replace("\n", ""))
    for wind in dict.fromkeys([(), _wind(mdp, rules.moves)]):
        for slip in _slips(mdp):
            trial = replace(rules, slip=slip, wind=wind, jumps=jumps)
            if np.allclose(trial.world(layout.text).P, mdp.P):
                return _with_rewards(trial, mdp)
    return None


def _slips(mdp: TabularMDP) -> Iterator[float]:
    """Slips that could be: certain moves first, then what any probability in the table would be the rest of."""
    found = np.unique(mdp.P[~mdp.terminal].round(12))
    yield 0.0
    yield from sorted({round(1 - float(p), 12) for p in found if 0 < p < 1})


def _wind(mdp: TabularMDP, moves: tuple[str, ...]) -> tuple[int, ...]:
    """Per column, the lift that most of its moves have."""
    assert mdp.layout is not None
    columns, lifts = mdp.layout.columns, []
    follows = mdp.P.argmax(axis=-1)  # (S, A)
    for column in range(columns):
        seen = Counter(
            state // columns + MOVES[move][0] - int(follows[state, action]) // columns
            for state in range(column, mdp.num_states, columns)
            for action, move in enumerate(moves)
            if not mdp.terminal[state]
        )
        lifts.append(seen.most_common(1)[0][0] if seen else 0)
    return tuple(lifts) if any(lifts) else ()


def _jumps(mdp: TabularMDP, cells: str) -> Mapping[str, tuple[str, float]] | None:
    """Cells with a character of their own which every action leaves for one place and one pay."""
    found = {}
    for state in np.flatnonzero(~mdp.terminal):
        character, follow = cells[state], int(mdp.P[state, 0].argmax())
        same = (mdp.P[state, :, follow] == 1).all() and np.ptp(mdp.expected_reward[state]) == 0
        if same and character not in ".SC" and follow != state and cells.count(cells[follow]) == 1:
            found[character] = (cells[follow], float(mdp.expected_reward[state, 0]))
    return found or None


def _with_rewards(rules: GridRules, mdp: TabularMDP) -> GridRules | None:
    """Rules with the pay that the tables show; None if no pay by cell, step and bump explains them."""
    assert mdp.layout is not None
    text = mdp.layout.text
    special = sorted(set(text) - set(".S#\n") - set(rules.jumps or {}))
    base = replace(rules, step_reward=0.0, bump_reward=0.0, rewards=dict.fromkeys([*special, "G", "H", "C"], 0.0))
    trials = [replace(base, step_reward=1.0), replace(base, bump_reward=1.0)]
    trials += [replace(base, rewards={**(base.rewards or {}), each: 1.0}) for each in special]
    fixed = base.world(text).expected_reward  # what jumps pay
    # The pay is a weighted sum of its parts: solve for the weights.
    parts = np.stack([(trial.world(text).expected_reward - fixed).ravel() for trial in trials], axis=1)
    wanted = (mdp.expected_reward - fixed).ravel()
    pay = np.linalg.lstsq(parts, wanted, rcond=None)[0].round(9) + 0.0
    if not np.allclose(parts @ pay, wanted):
        return None
    step, bump, *others = (float(each) for each in pay)
    return replace(rules, step_reward=step, bump_reward=bump, rewards=dict(zip(special, others, strict=True)))


def kinds(text: str, letters: Mapping[str, str] = LETTERS) -> list[str]:
    """What stands in each cell (S,): "floor", "wall", "goal", "pit" or "cliff".

    Args:
        text: The map.
        letters: What its characters stand for.
    """
    return [letters.get(character, "floor") for character in text.replace("\n", "")]


def brushes_for(text: str, letters: Mapping[str, str]) -> list[str]:
    """The brushes of a world: without the goal, or the pit, where no character stands for one."""
    there = {"floor", *letters.values()} | ({"pit"} if "C" in text else set())
    return [brush for brush in BRUSHES if brush in there]


def painted(text: str, state: int, brush: str, letters: Mapping[str, str] = LETTERS) -> str:
    """The map with one cell painted; a pit is a cliff on a map that has cliffs. A cell that is so already stays.

    Args:
        text: The map.
        state: Number of the cell, row by row.
        brush: One of `BRUSHES`.
        letters: What the characters of the map stand for.

    Raises:
        ValueError: No such brush or cell, or nothing in this world is what the brush paints.
    """
    if brush not in BRUSHES:
        raise ValueError(f"brush is {brush!r}; expected {', '.join(BRUSHES)}")
    if brush not in brushes_for(text, letters):
        raise ValueError(f"no cell of this world can be a {brush}: by its rewards, every end is the opposite")
    lines = text.split("\n")
    columns = len(lines[0])
    if not 0 <= state < columns * len(lines):
        raise ValueError(f"there is no cell {state}: the map has {columns * len(lines)}, counted from 0")
    row, column = divmod(state, columns)
    if kinds(lines[row][column], letters)[0] in (brush, {"pit": "cliff"}.get(brush)):
        return text
    by_kind = {kind: character for character, kind in reversed(list(letters.items()))}
    character = "C" if brush == "pit" and "C" in text else by_kind.get(brush, ".")
    lines[row] = lines[row][:column] + character + lines[row][column + 1 :]
    return "\n".join(lines)


def cell_names(rows: int, columns: int) -> list[str]:
    """What cells are called, as on a chess board but from the top: column by letter, row by number."""
    return [f"{column_name(column)}{row + 1}" for row in range(rows) for column in range(columns)]


def column_name(column: int) -> str:
    """A, B, … Z, AA, AB, …"""
    high, low = divmod(column, 26)
    return (column_name(high - 1) if high else "") + chr(ord("A") + low)
