"""Settings: what a learning algorithm is told, checked before anything runs."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

__all__ = [
    "Settings",
    "check_count",
    "check_flag",
    "check_hidden",
    "check_not_negative",
    "check_number",
    "check_positive",
    "check_same_shape",
    "check_seed",
    "check_share",
]

S = TypeVar("S", bound="Settings")


@dataclass(frozen=True)
class Settings:
    """What every algorithm is told; each has a subclass with more fields.

    Attributes:
        total_steps: Environment steps to learn from, those of all environments together. The last update may go a
            little beyond. More: better, up to a point, and longer.
        seed: Fixes everything random: first parameters, environments, actions, order of the data. The same seed
            gives the same run to the last bit on the same machine, with one thread.
        lr: Learning rate of Adam. Too small: slow. Too large: the policy jumps, collects data in the wrong places,
            and may never come back.
    """

    total_steps: int = 100_000
    seed: int = 0
    lr: float = 1e-3

    def __post_init__(self) -> None:
        for name, value in self.to_dict().items():  # neither NumPy's numbers nor lists are the same after JSON
            if isinstance(value, np.generic | list):
                object.__setattr__(self, name, value.item() if isinstance(value, np.generic) else tuple(value))
        for field in dataclasses.fields(self):
            if isinstance(field.default, bool) and getattr(self, field.name) not in (True, False):
                raise ValueError(f"{field.name} must be True or False, got {getattr(self, field.name)!r}")
        check_count("total_steps", self.total_steps)
        check_positive("lr", self.lr)
        check_seed(self.seed)

    @classmethod
    def of(cls: type[S], **fields: Any) -> S:
        """Settings from keyword arguments.

        Raises:
            TypeError: There is no such setting; the message names those that there are.
            ValueError: A value makes no sense.
        """
        known = [field.name for field in dataclasses.fields(cls)]
        if strange := sorted(set(fields) - set(known)):
            raise TypeError(f"unknown setting {', '.join(strange)}; {cls.__name__} knows {', '.join(known)}")
        return cls(**fields)

    def replace(self: S, **changes: Any) -> S:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain values, ready for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls: type[S], fields: dict[str, Any]) -> S:
        """Inverse of `to_dict`, also after a way through JSON, which knows no tuples."""
        return cls.of(**fields)


def check_share(name: str, value: float) -> None:
    """Refuse what does not lie between 0 and 1, such as a discount of 1.01 or 99.

    Raises:
        ValueError: With the argument's name.
    """
    if not (_is_number(value) and 0 <= value <= 1):
        raise ValueError(f"{name} must lie between 0 and 1, got {value!r}")


def check_number(name: str, value: float) -> None:
    """Refuse NaN, infinity, and what is no number, such as the text "1"."""
    if not (_is_number(value) and math.isfinite(value)):
        raise ValueError(f"{name} must be a finite number, got {value!r}")


def check_flag(name: str, value: bool) -> None:
    """Refuse what is neither True nor False, such as "no", which Python takes for true."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} must be True or False, got {value!r}")


def check_positive(name: str, value: float) -> None:
    """Refuse 0, negative numbers, NaN, and what is no number."""
    if not (_is_number(value) and value > 0):
        raise ValueError(f"{name} must be positive, got {value!r}")


def check_not_negative(name: str, value: float) -> None:
    """Refuse negative numbers, NaN, and what is no number."""
    if not (_is_number(value) and value >= 0):
        raise ValueError(f"{name} must not be negative, got {value!r}")


def check_count(name: str, value: int, least: int = 1) -> None:
    """Refuse what is no whole number from `least` on."""
    if not (_is_whole(value) and value >= least):
        kind = "a positive whole number" if least == 1 else f"a whole number from {least} on"
        raise ValueError(f"{name} must be {kind}, got {value!r}")


def check_seed(seed: int) -> None:
    """Refuse what no random numbers can begin from: negative numbers, fractions, None."""
    check_count("seed", seed, least=0)


def check_hidden(hidden: Sequence[int]) -> None:
    """Refuse what are no widths of layers, such as 64 instead of (64,)."""
    if not (isinstance(hidden, Sequence) and all(_is_whole(width) and width > 0 for width in hidden)):
        raise ValueError(f"hidden holds the widths of layers, all positive, e.g. (64, 64); got {hidden!r}")


def check_same_shape(**tensors: Any) -> None:
    """Refuse tensors of different shapes: they would be stretched to fit, and the result be wrong without a word.

    Raises:
        ValueError: With their names and shapes; also for what is no tensor.
    """
    if strange := [name for name, tensor in tensors.items() if not hasattr(tensor, "shape")]:
        raise ValueError(f"{strange[0]} must be a tensor, got {type(tensors[strange[0]]).__name__}")
    shapes = [tuple(tensor.shape) for tensor in tensors.values()]
    if len(set(shapes)) > 1:
        raise ValueError(f"{' and '.join(tensors)} must have one shape, got {' and '.join(map(str, shapes))}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
