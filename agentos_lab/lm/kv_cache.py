"""The KV cache: keys and values of the tokens read so far, so that a new token costs one column, not the square.

Without it, the n-th token of a text recomputes all n keys and values. With it, each is computed once. Its only
state besides the two tensors is how many cells of each row are in use, so going back is setting a number: a
rewound cell is dead until the next token overwrites it, because no query looks past its own position.

The same fact makes batches of different lengths free of padding masks: prompts are padded on the right, and what
the padding wrote is rewound away.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .gpt_config import GPTConfig

__all__ = ["CacheSnapshot", "KVCache"]


@dataclass(frozen=True)
class CacheSnapshot:
    """The live cells of one row, copied out: keys and values (layers, KV, length, d)."""

    keys: Tensor
    values: Tensor

    def __str__(self) -> str:
        return f"keys and values of {self.length} tokens ({self.nbytes / 1e6:.1f} MB)"

    __repr__ = __str__

    @property
    def length(self) -> int:
        """How many tokens the snapshot remembers."""
        return self.keys.shape[2]

    @property
    def nbytes(self) -> int:
        """Size in bytes of both tensors."""
        return self.keys.nbytes + self.values.nbytes


class KVCache:
    """Preallocated keys and values of all layers for B rows of up to `capacity` tokens each.

    Args:
        config: Configuration of the model that will use it.
        batch: Number of rows B.
        capacity: Longest row S, in tokens; at most the model's context.
        dtype: Of the model's activations.
        device: Of the model.
        fixed_shape: Always attend over all S cells with a mask, instead of cutting to the longest row. Slower
            for short rows, but then the arithmetic of a row does not depend on its neighbours' lengths
            (see `serving.py`).

    Attributes:
        keys, values: (layers, B, KV, S, d).
        lengths: How many cells of each row are in use.
    """

    def __init__(
        self,
        config: GPTConfig,
        batch: int = 1,
        capacity: int | None = None,
        *,
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
        fixed_shape: bool = False,
    ) -> None:
        capacity = config.context if capacity is None else capacity
        if not 1 <= capacity <= config.context:
            raise ValueError(
                f"capacity must lie between 1 and the model's context of {config.context} tokens, got {capacity}"
            )
        if batch < 1:
            raise ValueError(f"a cache needs at least one row, got batch {batch}")
        shape = (config.layers, batch, config.key_heads, capacity, config.head_width)
        # Zeros, not uninitialised memory: a masked cell is multiplied by 0, and 0 × NaN would still be NaN.
        self.keys = torch.zeros(shape, dtype=dtype, device=device)
        self.values = torch.zeros_like(self.keys)
        self.lengths = [0] * batch
        self.fixed_shape = fixed_shape

    def __repr__(self) -> str:
        return f"KVCache({self.batch} rows of {self.capacity} cells, in use: {self.lengths})"

    @property
    def batch(self) -> int:
        """Number of rows B."""
        return self.keys.shape[1]

    @property
    def capacity(self) -> int:
        """Number of cells S of each row."""
        return self.keys.shape[3]

    @property
    def is_empty(self) -> bool:
        """Whether the next tokens see only each other, so that no mask over the cache is needed."""
        return max(self.lengths) == 0 and not self.fixed_shape

    @property
    def is_level(self) -> bool:
        """Whether all rows have the same length, so that plain slices do."""
        return min(self.lengths) == max(self.lengths)

    def fits(self, config: GPTConfig) -> bool:
        """Whether a model of this configuration can use the cache."""
        layers, _, key_heads, _, head_width = self.keys.shape
        return (layers, key_heads, head_width) == (config.layers, config.key_heads, config.head_width)

    def positions(self, count: int) -> Tensor:
        """Positions of the next `count` tokens of each row (B, count)."""
        start = torch.tensor(self.lengths, device=self.keys.device)
        return start[:, None] + torch.arange(count, device=self.keys.device)

    def window(self, count: int) -> int:
        """How many cells a query of the next `count` tokens must be able to see."""
        needed = max(self.lengths) + count
        if needed > self.capacity:
            raise ValueError(
                f"the cache is full: {max(self.lengths)} tokens are in it, {count} more do not fit its "
                f"{self.capacity} cells; "
                "rewind it, or make one with a larger capacity"
            )
        return self.capacity if self.fixed_shape else needed

    def mask(self, count: int) -> Tensor | None:
        """Who may look where: (B, 1, count, S) bool, True = may look; None when every cell in view may be seen."""
        if count == 1 and self.is_level and not self.fixed_shape:
            return None
        cells = torch.arange(self.window(count), device=self.keys.device)  # (S,)
        return cells <= self.positions(count)[:, None, :, None]  # (B, 1, count, S)

    def extend(self, layer: int, keys: Tensor, values: Tensor) -> tuple[Tensor, Tensor]:
        """Write the new cells of one layer and return all cells in view.

        `lengths` moves only when the whole forward pass is done: see `advance`.

        Args:
            layer: Layer number.
            keys, values: Of the new tokens (B, KV, T, d).

        Returns:
            Keys and values (B, KV, S', d), S' = `window(T)`.
        """
        count = keys.shape[2]
        window = self.window(count)
        all_keys, all_values = self.keys[layer], self.values[layer]  # (B, KV, S, d)
        if self.is_level:
            start = self.lengths[0]
            all_keys[:, :, start : start + count] = keys
            all_values[:, :, start : start + count] = values
        else:
            rows = torch.arange(self.batch, device=keys.device)[:, None]  # (B, 1)
            cells = self.positions(count)  # (B, T)
            all_keys[rows, :, cells] = keys.transpose(1, 2).to(all_keys.dtype)  # (B, T, KV, d)
            all_values[rows, :, cells] = values.transpose(1, 2).to(all_values.dtype)
        return all_keys[:, :, :window], all_values[:, :, :window]

    def advance(self, count: int) -> None:
        """Count the `count` tokens that a forward pass has just written to each row."""
        self.lengths = [length + count for length in self.lengths]

    def rewind(self, lengths: int | Sequence[int]) -> None:
        """Go back to fewer tokens: one number for all rows, or one for each.

        Raises:
            ValueError: A row would grow, or the number of rows is wrong.
        """
        new = [lengths] * self.batch if isinstance(lengths, int) else list(lengths)
        if len(new) != self.batch:
            raise ValueError(f"the cache has {self.batch} rows, {len(new)} lengths were given")
        for row, (before, after) in enumerate(zip(self.lengths, new, strict=True)):
            if not 0 <= after <= before:
                raise ValueError(f"row {row} holds {before} tokens and cannot be rewound to {after}")
        self.lengths = new

    def select(self, rows: Sequence[int]) -> None:
        """Reorder the rows in place: row i becomes a copy of the former row ``rows[i]`` (beam search needs it)."""
        index = torch.tensor(rows, device=self.keys.device)
        self.keys, self.values = self.keys[:, index], self.values[:, index]
        self.lengths = [self.lengths[row] for row in rows]

    def snapshot(self, row: int = 0) -> CacheSnapshot:
        """Copy the live cells of one row out of the cache."""
        length = self.lengths[row]
        return CacheSnapshot(self.keys[:, row, :, :length].clone(), self.values[:, row, :, :length].clone())

    def restore(self, row: int, snapshot: CacheSnapshot) -> None:
        """Put a snapshot into a row, whatever was there before; bit for bit.

        Raises:
            ValueError: The snapshot is longer than the row, or of another model.
        """
        expected = (self.keys.shape[0], self.keys.shape[2], snapshot.length, self.keys.shape[4])
        if tuple(snapshot.keys.shape) != expected or snapshot.length > self.capacity:
            raise ValueError(
                f"a snapshot of shape {tuple(snapshot.keys.shape)} (layers, KV, length, d) does not fit a cache of "
                f"{self.capacity} cells and shape {expected}"
            )
        self.keys[:, row, :, : snapshot.length] = snapshot.keys
        self.values[:, row, :, : snapshot.length] = snapshot.values
        self.lengths[row] = snapshot.length
