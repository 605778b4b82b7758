"""Grid worlds: decision processes drawn as text, among them the grids of the textbook (Sutton & Barto 2018).

A map is drawn with these characters; every cell is a state, numbered row by row from the top left, walls too, so that
a table of values has the shape of the map.

    .  floor (a space or F is floor too)      S  start (several: one is drawn; none: anywhere)
    #  wall: a move into it goes nowhere      G  goal and  H  hole: the episode ends
    C  cliff: back to the start               others: floor, unless `jumps` says what they do
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from .settings import check_flag, check_number, check_share
from .tabular_mdp import Layout, TabularMDP
from .transition_tables import Outcome, tables

__all__ = [
    "cliff_walking",
    "dyna_maze",
    "frozen_lake",
    "gridworld",
    "jumping_gridworld",
    "small_gridworld",
    "windy_gridworld",
]

# Rows down and columns to the right that a move goes, and the arrow that shows it.
MOVES: Mapping[str, tuple[int, int, str]] = {
    "up": (-1, 0, "↑"),
    "right": (0, 1, "→"),
    "down": (1, 0, "↓"),
    "left": (0, -1, "←"),
    "up right": (-1, 1, "↗"),
    "down right": (1, 1, "↘"),
    "down left": (1, -1, "↙"),
    "up left": (-1, -1, "↖"),
    "stay": (0, 0, "·"),
}
_FOUR = ("up", "right", "down", "left")
_KING = tuple(MOVES)[:8]


def gridworld(
    text: str,
    *,
    step_reward: float = -1.0,
    rewards: Mapping[str, float] | None = None,
    bump_reward: float | None = None,
    moves: Sequence[str] = _FOUR,
    slip: float = 0.0,
    wind: Sequence[int] = (),
    jumps: Mapping[str, tuple[str, float]] | None = None,
    limit: int | None = None,
    name: str = "grid world",
) -> TabularMDP:
    """A grid world from its map; the module's docstring lists the characters.

    Args:
        text: The map, one line per row, all of one length.
        step_reward: Pay for every move.
        rewards: Pay for entering a cell with this character instead, e.g. ``{"G": 1.0}``; a cliff costs −100 unless
            this says otherwise.
        bump_reward: Pay for a move into a wall or off the grid, which goes nowhere; as `step_reward` when left out.
        moves: Names of the actions, in their order; the keys of `MOVES`.
        slip: Probability of moving at a right angle to where one wanted to go, half of it to each side.
        wind: Per column, how many rows further up a move that begins there ends.
        jumps: Cells that every action leaves in the same way: ``{"A": ("a", 10.0)}`` brings whoever stands on A to a
            and pays 10.
        limit: See `TabularMDP`.
        name: See `TabularMDP`.

    Raises:
        ValueError: Rows of different length, unknown moves, a slip outside [0, 1], a jump without its target, pay that
            is no number or is for a cell that no map has.

    Example:
        >>> print(gridworld("S.G"))
        grid world: 3 states (1 terminal), 4 actions
        S.G
    """
    grid = _read(text)
    rows, columns = grid.shape
    _check(grid, moves, slip, wind, {} if jumps is None else jumps)
    check_number("step_reward", step_reward)
    check_number("bump_reward", 0.0 if bump_reward is None else bump_reward)
    pay = {"C": -100.0, **_pay(grid, {} if rewards is None else rewards)}
    start = _start(grid)

    def arrive(row: int, column: int, down: int, right: int) -> list[Outcome]:
        """What follows a push by so many rows and columns: (probability, state, reward)."""
        lift = wind[column] if len(wind) else 0
        to_row, to_column = row + down - lift, column + right
        if lift:
            to_row, to_column = min(max(to_row, 0), rows - 1), min(max(to_column, 0), columns - 1)
        inside = 0 <= to_row < rows and 0 <= to_column < columns
        bumped = not inside or grid[to_row, to_column] == "#"
        if bumped:
            to_row, to_column = row, column
        entered = grid[to_row, to_column]
        if entered == "C":
            return [(float(p), int(state), pay["C"]) for state, p in enumerate(start) if p]
        reward = pay.get(entered, step_reward)
        if bumped:
            reward = step_reward if bump_reward is None else bump_reward
        return [(1.0, to_row * columns + to_column, reward)]

    outcomes = {}
    for row, column in np.ndindex(rows, columns):
        for action, move in enumerate(moves):
            down, right, _ = MOVES[move]
            if jump := (jumps or {}).get(str(grid[row, column])):
                target = int(np.flatnonzero(grid == jump[0])[0])
                outcomes[row * columns + column, action] = [(1.0, target, jump[1])]
                continue
            ways = ((1 - slip, down, right), (slip / 2, right, -down), (slip / 2, -right, down))
            outcomes[row * columns + column, action] = [
                (chance * p, state, reward)
                for chance, *push in ways
                if chance
                for p, state, reward in arrive(row, column, *push)
            ]
    P, R = tables(outcomes, rows * columns, len(moves))
    arrows = "".join(MOVES[move][2] for move in moves)
    layout = Layout(rows, columns, "\n".join("".join(row) for row in grid), arrows)
    ends = np.isin(grid, ("G", "H", "#")).ravel()  # nobody stands in a wall: it is shut off like an end
    return TabularMDP(P, R, ends, start, limit=limit, name=name, action_names=tuple(moves), layout=layout)


def small_gridworld() -> TabularMDP:
    """Four by four cells, two corners end the episode, every move costs 1 (Sutton & Barto 2018, example 4.1)."""
    return gridworld("G...\n....\n....\n...G", name="4 × 4 grid")


def jumping_gridworld() -> TabularMDP:
    """Five by five cells without end: A jumps to a for 10, B to b for 5, the edge costs 1 (S&B 2018, example 3.5)."""
    return gridworld(
        ".A.B.\n.....\n...b.\n.....\n.a...",
        step_reward=0.0,
        bump_reward=-1.0,
        jumps={"A": ("a", 10.0), "B": ("b", 5.0)},
        name="5 × 5 grid",
    )


def cliff_walking(*, slippery: bool = False, limit: int | None = None) -> TabularMDP:
    """From one end of a cliff to the other: −1 a step, −100 and back to the start for a fall (S&B 2018, example 6.6).

    The tables are those of gymnasium's CliffWalking-v1.

    Args:
        slippery: Whether a move goes to either side with probability 1/3 each.
        limit: See `TabularMDP`.
    """
    check_flag("slippery", slippery)
    text = "\n".join(["." * 12] * 3 + ["S" + "C" * 10 + "G"])
    return gridworld(text, slip=2 / 3 if slippery else 0.0, limit=limit, name="cliff walking")


def windy_gridworld(*, king: bool = False, stay: bool = False, limit: int | None = None) -> TabularMDP:
    """Seven by ten cells with an upward wind in the middle; −1 a step (Sutton & Barto 2018, example 6.5).

    Args:
        king: Whether the four diagonal moves exist too, as a king's in chess (exercise 6.9).
        stay: Whether there is an action that leaves all to the wind.
        limit: See `TabularMDP`.
    """
    check_flag("king", king)
    check_flag("stay", stay)
    text = "\n".join(["." * 10] * 3 + ["S......G.."] + ["." * 10] * 3)
    moves = (_KING if king else _FOUR) + (("stay",) if stay else ())
    return gridworld(text, moves=moves, wind=(0, 0, 0, 1, 1, 1, 2, 2, 1, 0), limit=limit, name="windy grid")


_LAKES = {
    "4x4": "SFFF\nFHFH\nFFFH\nHFFG",
    "8x8": "SFFFFFFF\nFFFFFFFF\nFFFHFFFF\nFFFFFHFF\nFFFHFFFF\nFHHFFFHF\nFHFFHFHF\nFFFHFFFG",
}
_LAKE_LIMITS = {"4x4": 100, "8x8": 200}  # as registered in gymnasium


def frozen_lake(
    map: str = "4x4", *, slippery: bool = True, success_rate: float = 1 / 3, limit: int | str | None = "gymnasium"
) -> TabularMDP:
    """Across a frozen lake with holes: 1 for the goal, 0 for all else; the tables of gymnasium's FrozenLake-v1.

    Args:
        map: ``"4x4"``, ``"8x8"``, or a map of your own, with S, F, H and G.
        slippery: Whether a move may go to either side.
        success_rate: Probability on slippery ice of going where one wants to.
        limit: Steps after which an episode is cut off; by default as in gymnasium (100 on the small map, 200 on the
            large, none on others). No policy reaches the value of the lake without limit within it.
    """
    if limit == "gymnasium":
        limit = _LAKE_LIMITS.get(map)
    if isinstance(limit, str):
        raise ValueError(f"limit must be a number of steps, None, or 'gymnasium', got {limit!r}")
    check_flag("slippery", slippery)
    check_share("success_rate", success_rate)
    if not isinstance(map, str) or (map not in _LAKES and not set(map) <= set("SFHG.\n")):
        raise ValueError(f"map must be {' or '.join(_LAKES)}, or a map drawn with S, F, H and G, got {map!r}")
    return gridworld(
        _LAKES.get(map, map),
        step_reward=0.0,
        rewards={"G": 1.0},
        moves=("left", "down", "right", "up"),  # gymnasium's order
        slip=1 - success_rate if slippery else 0.0,
        limit=limit,
        name="frozen lake",
    )


def dyna_maze(*, limit: int | None = None) -> TabularMDP:
    """The maze on which planning pays: 1 at the goal, 0 elsewhere, 14 steps at best (S&B 2018, example 8.1).

    Args:
        limit: See `TabularMDP`.
    """
    text = ".......#G\n..#....#.\nS.#....#.\n..#......\n.....#...\n........."
    return gridworld(text, step_reward=0.0, rewards={"G": 1.0}, limit=limit, name="Dyna maze")


def _read(text: str) -> np.ndarray:
    """The map as an array of characters (rows, columns)."""
    if not isinstance(text, str):
        raise ValueError(f"a map is one text, its rows parted by line breaks, e.g. 'S.\\n.G'; got {text!r}")
    lines = text.strip("\n").replace("F", ".").replace(" ", ".").split("\n")
    lengths = {len(line) for line in lines}
    if len(lengths) > 1 or lengths == {0}:
        raise ValueError(f"all lines of a map must have one length, got {[len(line) for line in lines]}")
    return np.array([list(line) for line in lines])


def _start(grid: np.ndarray) -> np.ndarray:
    """Start probabilities (S,)."""
    cells = grid.ravel()
    possible = cells == "S" if (cells == "S").any() else ~np.isin(cells, ("G", "H", "#", "C"))
    if not possible.any():
        raise ValueError("the map has no cell to start from")
    return possible / possible.sum()


def _pay(grid: np.ndarray, rewards: Mapping[str, float]) -> dict[str, float]:
    """Pay by character as the map has it, after a look at each."""
    if not isinstance(rewards, Mapping):
        raise ValueError(f"rewards is a mapping from cells to their pay, e.g. {{'G': 1.0}}; got {rewards!r}")
    for cell, reward in rewards.items():
        if cell not in grid and cell not in tuple(".FSGHC# "):
            raise ValueError(f"rewards has a pay for {cell!r}, and no cell of the map is marked so")
        check_number(f"the reward of {cell!r}", reward)
    return {"." if cell in ("F", " ") else cell: float(reward) for cell, reward in rewards.items()}


def _check(
    grid: np.ndarray, moves: Sequence[str], slip: float, wind: Sequence[int], jumps: Mapping[str, tuple[str, float]]
) -> None:
    if not isinstance(moves, str) and len(set(moves)) < len(moves):
        raise ValueError(f"every move once: {', '.join(moves)}")
    if unknown := [move for move in moves if move not in MOVES]:
        raise ValueError(f"unknown moves {unknown}; there are {', '.join(MOVES)}")
    if not moves:
        raise ValueError("there must be at least one move")
    check_share("slip", slip)
    if not hasattr(wind, "__len__"):
        raise ValueError(f"wind names a strength for each of the {grid.shape[1]} columns, got {wind!r}")
    if len(wind) not in (0, grid.shape[1]):
        raise ValueError(f"wind must name a strength for each of the {grid.shape[1]} columns, got {len(wind)}")
    if not all(isinstance(rows, int | np.integer) for rows in wind):
        raise ValueError(f"wind is a whole number of rows for each column, got {wind!r}")
    if not isinstance(jumps, Mapping):
        raise ValueError(f"jumps is a mapping from cells to (where to, reward), got {jumps!r}")
    for cell, jump in jumps.items():
        if not (isinstance(jump, tuple | list) and len(jump) == 2):
            raise ValueError(f"a jump is (where to, reward), e.g. ('a', 10.0); for {cell!r} jumps has {jump!r}")
        target = jump[0]
        if cell not in grid or (grid == target).sum() != 1:
            raise ValueError(f"the jump from {cell!r} to {target!r} needs {cell!r} in the map, and {target!r} once")
        check_number(f"the reward of the jump from {cell!r}", jump[1])
