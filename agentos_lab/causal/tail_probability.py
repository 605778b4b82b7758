"""Tail probabilities: how often chance alone gives a test statistic at least as large as the one that was seen.

The χ² tail is the regularised incomplete gamma function: a power series where it is short, else a continued fraction.
"""

from __future__ import annotations

import math

__all__ = ["chi_square_tail", "gamma_tail", "normal_tail"]

_PRECISION = 1e-15  # relative, at which the sums stop
_TINY = 1e-300  # stands for 0 in a denominator
_MOST_TERMS = 100_000  # enough for 10⁸ degrees of freedom; the sums take about sqrt(shape) terms


def chi_square_tail(statistic: float, degrees_of_freedom: float) -> float:
    """P(X ≥ statistic) for X of the χ² distribution.

    Args:
        statistic: At least 0.
        degrees_of_freedom: At least 0; with 0 the distribution is all in the point 0.

    Raises:
        ValueError: A negative argument.
    """
    if statistic < 0 or degrees_of_freedom < 0:
        raise ValueError(f"χ² needs a statistic and degrees of freedom ≥ 0, not {statistic} and {degrees_of_freedom}")
    if degrees_of_freedom == 0:
        return float(statistic == 0)
    return gamma_tail(degrees_of_freedom / 2, statistic / 2)


def gamma_tail(shape: float, x: float) -> float:
    """Q(a, x) = Γ(a, x) / Γ(a), the upper regularised incomplete gamma function.

    Args:
        shape: a > 0.
        x: At least 0.

    Source: NIST Digital Library of Mathematical Functions, 8.11.4 (series), 8.9.2 (continued fraction).
    """
    if x <= 0:
        return 1.0
    if math.isinf(x):
        return 0.0
    logarithm = shape * math.log(x) - x - math.lgamma(shape)  # of xᵃ e⁻ˣ / Γ(a), which both have in front
    if x < shape + 1:
        return max(0.0, 1.0 - math.exp(logarithm) * _series(shape, x))
    return math.exp(logarithm) * _continued_fraction(shape, x) if logarithm > -745 else 0.0


def normal_tail(z: float) -> float:
    """P(|Z| ≥ |z|) for a standard normal Z: the two-sided p-value."""
    return math.erfc(abs(z) / math.sqrt(2))


def _series(shape: float, x: float) -> float:
    """γ(a, x) / (xᵃ e⁻ˣ) = Σ xⁿ / (a (a + 1) … (a + n))."""
    term = total = 1.0 / shape
    for n in range(1, _MOST_TERMS):
        term *= x / (shape + n)
        total += term
        if term < total * _PRECISION:
            break
    return total


def _continued_fraction(shape: float, x: float) -> float:
    """Γ(a, x) / (xᵃ e⁻ˣ) = 1 / (x + 1 − a − 1 (1 − a) / (x + 3 − a − …)), from the top by Lentz's method."""
    b = x + 1 - shape
    c, d = 1 / _TINY, 1 / (b or _TINY)
    value = d
    for n in range(1, _MOST_TERMS):
        a = -n * (n - shape)
        b += 2
        d = 1 / ((a * d + b) or _TINY)
        c = (b + a / c) or _TINY
        value *= c * d
        if abs(c * d - 1) < _PRECISION:
            break
    return value
