"""Replay: a store of single steps from which an off-policy algorithm draws, again and again and in any order.

Consecutive steps resemble each other; a batch drawn evenly from many episodes does not, and each step is used more than
once (Lin 1992; Mnih et al. 2015). The store is a ring: when it is full, the newest step takes the place of the oldest.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .settings import check_count
from .transition_tables import read_numbers

__all__ = ["ReplayBuffer", "Transitions"]


class Transitions(NamedTuple):
    """B steps, each on its own.

    Attributes:
        obs: What was observed before each step (B, *O).
        action: (B,) or (B, A).
        reward: (B,), float32.
        next_obs: What each step led to, before any reset (B, *O).
        terminated: Whether nothing follows, bool (B,): the next observation is worth nothing.
        truncated: Whether a time limit cut the episode, bool (B,): life would have gone on, and is worth as much as
            anywhere. Both can be true; then it terminated.
    """

    obs: Tensor
    action: Tensor
    reward: Tensor
    next_obs: Tensor
    terminated: Tensor
    truncated: Tensor


class ReplayBuffer:
    """The newest steps, at most `capacity` of them, held in arrays of fixed length.

    Args:
        capacity: Number of steps that there is room for.

    Attributes:
        added: How many steps were ever added; the next one goes to row ``added % capacity``.

    Example:
        >>> import numpy as np
        >>> buffer, ends = ReplayBuffer(capacity=3), np.zeros(5, bool)
        >>> buffer.add(np.arange(5), np.zeros(5, int), np.ones(5), np.arange(1, 6), ends, ends)
        >>> buffer
        ReplayBuffer(3 of at most 3 steps, 5 added)
        >>> sorted(buffer.steps().obs.tolist())
        [2, 3, 4]
    """

    def __init__(self, capacity: int) -> None:
        check_count("capacity", capacity)
        self.capacity = capacity
        self.added = 0
        self._rows: Transitions | None = None  # (capacity, …) each; made when the first step shows shapes and types

    def __len__(self) -> int:
        return min(self.added, self.capacity)

    def __repr__(self) -> str:
        return f"ReplayBuffer({len(self):,} of at most {self.capacity:,} steps, {self.added:,} added)"

    def add(
        self,
        obs: NDArray[Any],
        action: NDArray[Any],
        reward: NDArray[Any],
        next_obs: NDArray[Any],
        terminated: NDArray[np.bool_],
        truncated: NDArray[np.bool_],
    ) -> None:
        """Add K steps, the oldest first; see `Transitions`, with K for B.

        Raises:
            ValueError: The arrays do not belong together, or do not fit those added before; NaN, infinity, or ends
                that are neither True nor False.
        """
        arrays = (obs, action, read_numbers("reward", reward), next_obs, terminated, truncated)
        new = Transitions(*(torch.as_tensor(array) for array in arrays))
        new = new._replace(reward=new.reward.float())
        if not all(column.dim() for column in new):
            raise ValueError("every array needs a first axis of K steps, also for one step; stack them: obs[None], …")
        _check_steps(new)
        if any(len(column) != len(new.reward) for column in new) or new.obs.shape != new.next_obs.shape:
            shapes = ", ".join(f"{name} {tuple(column.shape)}" for name, column in new._asdict().items())
            raise ValueError(f"steps must all have the same first axis, and obs and next_obs one shape; got {shapes}")
        if self._rows is None:
            self._rows = self._room_for(new)
        places = self._next_places(len(new.reward))
        for column, kept in zip(new, self._rows, strict=True):
            if column.shape[1:] != kept.shape[1:]:
                raise ValueError(f"steps had shape {tuple(kept.shape[1:])} so far, now {tuple(column.shape[1:])}")
            kept[places] = column[-self.capacity :].to(kept.dtype)  # of more than fit, the newest
        self.added += len(new.reward)

    def sample(self, batch_size: int, generator: torch.Generator) -> Transitions:
        """Draw B steps evenly, with replacement.

        Args:
            batch_size: B.
            generator: Source of chance.

        Raises:
            ValueError: There is nothing to draw from, or no such number of steps.
        """
        check_count("batch_size", batch_size)
        if not isinstance(generator, torch.Generator):
            raise ValueError(
                f"generator is a torch.Generator, e.g. torch.Generator().manual_seed(0); got {generator!r}"
            )
        if self._rows is None or not len(self):
            raise ValueError("the replay buffer is empty; add steps before sampling")
        chosen = torch.randint(len(self), (batch_size,), generator=generator)
        return Transitions(*(column[chosen] for column in self._rows))

    def steps(self) -> Transitions:
        """All that is held, as the rows lie: the oldest first only until the ring has gone round.

        Raises:
            ValueError: Nothing has been added yet.
        """
        if self._rows is None:
            raise ValueError("the replay buffer is empty; add steps first")
        return Transitions(*(column[: len(self)] for column in self._rows))

    # --- going back ------------------------------------------------------------------------------------------

    def snapshot(self, ahead: int | None = None) -> dict[str, Tensor]:
        """Copies of what `restore` needs.

        Args:
            ahead: Only what the next K steps will overwrite, which is enough for this buffer to go back by up to K
                steps; None: everything, for another buffer.
        """
        if self._rows is None:
            return {}
        if ahead is None:
            return {name: column.clone() for name, column in self.steps()._asdict().items()}
        places = self._next_places(ahead)
        return {name: column[places] for name, column in self._rows._asdict().items()}

    def restore(self, tensors: dict[str, Tensor], added: int, ahead: int | None = None) -> None:
        """Go back to a state that `snapshot` gave.

        Args:
            tensors: What it gave.
            added: What `added` was.
            ahead: What it was called with.
        """
        self.added = added
        if not tensors:
            self._rows = None
            return
        kept = Transitions(**tensors)
        if self._rows is None or ahead is None:
            self._rows = self._room_for(kept)
        places: Any = slice(len(self)) if ahead is None else self._next_places(ahead)
        for column, old in zip(self._rows, kept, strict=True):
            column[places] = old

    def _next_places(self, count: int) -> Tensor:
        """The rows that the last `capacity` of the next K steps go to (min(K, capacity),)."""
        return torch.arange(self.added + max(count - self.capacity, 0), self.added + count) % self.capacity

    def _room_for(self, steps: Transitions) -> Transitions:
        return Transitions(*(column.new_empty((self.capacity, *column.shape[1:])) for column in steps))


def _check_steps(steps: Transitions) -> None:
    """Refuse numbers of which nothing can be learnt, and ends that are neither True nor False."""
    for name in ("obs", "reward", "next_obs", "action"):
        column = getattr(steps, name)
        if column.is_floating_point() and not column.isfinite().all():
            bad = column[~column.isfinite()][0].item()
            raise ValueError(f"{name} holds {bad}; a replay buffer would hand it out again and again")
    for name in ("terminated", "truncated"):
        column = getattr(steps, name)
        if column.dtype != torch.bool and not ((column == 0) | (column == 1)).all():
            raise ValueError(f"{name} says of each step True or False, got {column.tolist()}")
