"""Noise: what a structural model leaves unexplained, as distributions that can be drawn from and weighed."""

from __future__ import annotations

import math
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Protocol

import numpy as np

__all__ = ["Bernoulli", "Categorical", "Noise", "Normal", "Uniform", "as_values"]

_SHOWN = 6  # values of a distribution that print


class Noise(Protocol):
    """A distribution of one noise variable."""

    def sample(self, count: int, generator: np.random.Generator) -> np.ndarray:
        """(count,) independent draws."""
        ...

    def density(self, values: np.ndarray) -> np.ndarray:
        """The density, or for a discrete distribution the probability, of each value."""
        ...

    @property
    def support(self) -> tuple[Hashable, ...] | None:
        """All values, for a discrete distribution; None for a continuous one."""
        ...


def as_values(support: tuple[Hashable, ...]) -> np.ndarray:
    """The values of a discrete distribution as an array, in which numbers and words stay what they are."""
    values = np.array(support)
    return values if values.tolist() == list(support) else np.array(support, dtype=object)


@dataclass(frozen=True)
class Normal:
    """The normal distribution.

    Attributes:
        mean: Its mean.
        sd: Its standard deviation, at least 0; with 0 it is the number `mean` itself.

    Raises:
        ValueError: A negative or infinite standard deviation, a mean that is not finite.
    """

    mean: float = 0.0
    sd: float = 1.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.mean) and math.isfinite(self.sd) and self.sd >= 0):
            told = f"mean={self.mean}, sd={self.sd}"
            raise ValueError(f"Normal needs a finite mean and a finite standard deviation of at least 0, got {told}")

    def __str__(self) -> str:
        return f"Normal(mean={float(f'{self.mean:.4g}')}, sd={float(f'{self.sd:.4g}')})"

    @property
    def support(self) -> tuple[Hashable, ...] | None:
        """None, for it is continuous; the mean alone where nothing varies."""
        return None if self.sd else (self.mean,)

    def sample(self, count: int, generator: np.random.Generator) -> np.ndarray:
        """(count,) independent draws."""
        return generator.normal(self.mean, self.sd, count)

    def density(self, values: np.ndarray) -> np.ndarray:
        """The density of each value; where nothing varies, the probability."""
        if not self.sd:
            return np.asarray(values == self.mean, dtype=float)
        return np.exp(-0.5 * ((values - self.mean) / self.sd) ** 2) / (self.sd * math.sqrt(2 * math.pi))


@dataclass(frozen=True)
class Uniform:
    """The uniform distribution between two numbers.

    Raises:
        ValueError: An empty interval.
    """

    low: float = 0.0
    high: float = 1.0

    def __post_init__(self) -> None:
        if not (self.low < self.high and math.isfinite(self.high - self.low)):
            raise ValueError(f"Uniform needs two finite numbers, low < high, got {self.low} and {self.high}")

    support = None

    def sample(self, count: int, generator: np.random.Generator) -> np.ndarray:
        """(count,) independent draws."""
        return generator.uniform(self.low, self.high, count)

    def density(self, values: np.ndarray) -> np.ndarray:
        """The density of each value."""
        return np.where((values >= self.low) & (values <= self.high), 1 / (self.high - self.low), 0.0)


@dataclass(frozen=True)
class Categorical:
    """A distribution over finitely many values.

    Attributes:
        values: The values, all different: numbers or words.
        probabilities: Their probabilities, which sum to 1; the same for all when left out.

    Raises:
        ValueError: Probabilities that are none, or of the wrong number.
    """

    values: tuple[Hashable, ...]
    probabilities: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        given = self.probabilities or (1 / len(self.values),) * len(self.values) if self.values else ()
        object.__setattr__(self, "values", tuple(self.values))
        object.__setattr__(self, "probabilities", tuple(given))
        if not self.values or len(set(self.values)) < len(self.values):
            raise ValueError(f"Categorical needs values that are all different, got {self.values}")
        if any(value is None or value != value or isinstance(value, tuple) for value in self.values):
            raise ValueError(f"each value of a Categorical is a number or a word, not missing, got {self.values}")
        if len(self.probabilities) != len(self.values):
            raise ValueError(f"Categorical has {len(self.values)} values and {len(self.probabilities)} probabilities")
        if not (min(self.probabilities) >= 0 and abs(sum(self.probabilities) - 1) <= 1e-9):  # nan is neither
            raise ValueError(f"probabilities are at least 0 and sum to 1, got {self.probabilities}")

    @property
    def support(self) -> tuple[Hashable, ...]:
        """All values."""
        return self.values

    def __str__(self) -> str:
        pairs = [
            f"{value}: {probability:.4g}" for value, probability in zip(self.values, self.probabilities, strict=True)
        ]
        if len(pairs) > _SHOWN:
            pairs = [*pairs[: _SHOWN - 2], "…", pairs[-1]]
        return f"Categorical({', '.join(pairs)})"

    def sample(self, count: int, generator: np.random.Generator) -> np.ndarray:
        """(count,) independent draws."""
        return as_values(self.values)[generator.choice(len(self.values), count, p=self.probabilities)]

    def density(self, values: np.ndarray) -> np.ndarray:
        """The probability of each value."""
        total = np.zeros(np.shape(values))
        for value, probability in zip(self.values, self.probabilities, strict=True):
            total = total + probability * (np.asarray(values) == value)
        return total


def Bernoulli(p: float = 0.5) -> Categorical:  # noqa: N802  (a distribution, named like the others)
    """The distribution of a coin that shows 1 with probability p, and 0 otherwise.

    Raises:
        ValueError: `p` is no probability.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"Bernoulli needs a probability between 0 and 1, got {p}")
    return Categorical((0, 1), (1 - p, p))
