"""Probability tables with named axes: the arithmetic under every estimand.

A table over (X, Z) times a table over (Z, Y) is a table over (X, Z, Y): axes are matched by name, so that the code of a
formula reads like the formula. The field calls such a table a *factor* (Koller & Friedman 2009, definition 4.1).
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["Table", "divide", "multiply"]

_MOST_AXES = len(string.ascii_letters)  # numpy.einsum names each axis by one letter


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers indexed by named variables.

    Attributes:
        axes: The name of each axis, all different, e.g. ``("X", "Z")``.
        values: (card(X), card(Z), …) one dimension per axis, in that order.
    """

    axes: tuple[str, ...]
    values: np.ndarray

    def __post_init__(self) -> None:
        if len(set(self.axes)) != len(self.axes):
            raise ValueError(f"each axis of a table needs a name of its own, got {self.axes}")
        if self.values.ndim != len(self.axes):
            raise ValueError(f"a table over {self.axes} needs {len(self.axes)} dimensions, got {self.values.shape}")

    def sum_out(self, names: Iterable[str]) -> Table:
        """The table without the axes `names`: summed over. Names that are no axis here are left alone."""
        dropped = {self.axes.index(name) for name in names if name in self.axes}
        kept = tuple(name for position, name in enumerate(self.axes) if position not in dropped)
        return Table(kept, self.values.sum(axis=tuple(sorted(dropped))) if dropped else self.values)

    def marginal(self, names: Iterable[str]) -> Table:
        """The table over `names` alone, in this order; the other axes are summed out."""
        wanted = tuple(names)
        return self.sum_out(set(self.axes) - set(wanted)).transposed(wanted)

    def transposed(self, axes: Sequence[str]) -> Table:
        """The same numbers with the axes in another order."""
        return Table(tuple(axes), self.values.transpose([self.axes.index(name) for name in axes]))

    def select(self, positions: dict[str, int]) -> Table:
        """The slice at the given position of some axes, which disappear. Names that are no axis here are left alone."""
        index = tuple(positions.get(name, slice(None)) for name in self.axes)
        return Table(tuple(name for name in self.axes if name not in positions), self.values[index])

    def renamed(self, names: dict[str, str]) -> Table:
        """The same numbers with some axes under new names."""
        return Table(tuple(names.get(name, name) for name in self.axes), self.values)

    def expanded(self, axes: Sequence[str]) -> np.ndarray:
        """The values with the axes in the order of `axes`; an axis that this table lacks gets length 1."""
        present = [name for name in axes if name in self.axes]
        shape = [self.values.shape[self.axes.index(name)] if name in self.axes else 1 for name in axes]
        return self.transposed(present).values.reshape(shape)


def multiply(tables: Sequence[Table], sum_over: Iterable[str] = ()) -> Table:
    """The product of tables, summed over some axes, without building the full product first.

    Sums are pushed inwards (variable elimination, Koller & Friedman 2009, section 9.2): numpy picks the order.

    Args:
        tables: The factors; none means the number 1.
        sum_over: Names to sum out of the product.

    Returns:
        A table over the names that are left, in the order of their first appearance.
    """
    if not tables:
        return Table((), np.ones(()))
    names = list(dict.fromkeys(name for table in tables for name in table.axes))
    if len(names) > _MOST_AXES:
        raise ValueError(f"a product over {len(names)} variables is too large to evaluate; at most {_MOST_AXES}")
    letter = dict(zip(names, string.ascii_letters, strict=False))
    summed = set(sum_over)
    kept = tuple(name for name in names if name not in summed)
    subscripts = ",".join("".join(letter[name] for name in table.axes) for table in tables)
    subscripts += "->" + "".join(letter[name] for name in kept)
    values = np.einsum(subscripts, *(table.values for table in tables), optimize=len(tables) > 2)
    return Table(kept, np.asarray(values))


def divide(numerator: Table, denominator: Table, undefined: float = np.nan) -> Table:
    """Numerator over denominator, axis by axis name; `undefined` stands where the denominator is 0."""
    axes = tuple(dict.fromkeys(numerator.axes + denominator.axes))
    above, below = np.broadcast_arrays(numerator.expanded(axes), denominator.expanded(axes))
    defined = below > 0
    return Table(axes, np.divide(above, below, out=np.full(above.shape, float(undefined)), where=defined))
