"""Settings: what a learning algorithm is told, checked before anything runs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, TypeVar

__all__ = ["Settings", "check_count", "check_not_negative", "check_positive", "check_share"]

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
        check_count("total_steps", self.total_steps)
        check_positive("lr", self.lr)
        if not isinstance(self.seed, int) or isinstance(self.seed, bool) or self.seed < 0:
            raise ValueError(f"seed must be a whole number from 0 on, got {self.seed!r}")

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
        return cls.of(**{name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()})


def check_share(name: str, value: float) -> None:
    """Refuse what does not lie between 0 and 1, such as a discount of 1.01 or 99.

    Raises:
        ValueError: With the argument's name.
    """
    if not 0 <= value <= 1:
        raise ValueError(f"{name} must lie between 0 and 1, got {value!r}")


def check_positive(name: str, value: float) -> None:
    """Refuse 0, negative numbers and NaN."""
    if not value > 0:
        raise ValueError(f"{name} must be positive, got {value!r}")


def check_not_negative(name: str, value: float) -> None:
    """Refuse negative numbers and NaN."""
    if not value >= 0:
        raise ValueError(f"{name} must not be negative, got {value!r}")


def check_count(name: str, value: int) -> None:
    """Refuse what is no whole number from 1 on."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{name} must be a positive whole number, got {value!r}")
