"""Numbers of a ValueMap in print: decimals, signs, the ends of its scales."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["digits_for", "error_digits", "plain_number", "powers", "rounded_up", "signed"]


def digits_for(values: NDArray[np.float64]) -> int:
    """Decimals that a cell needs and has room for."""
    largest = float(np.abs(values).max())
    if largest > 2 and np.allclose(values, values.round()):
        return 0
    return 2 if largest < 9.995 else 1 if largest < 99.95 else 0


def error_digits(error: float, digits: int) -> int:
    """Decimals with which an error is not printed as 0."""
    return digits if error == 0 else max(digits, 1 - math.floor(math.log10(error))) if error < 0.1 else digits


def signed(value: float, digits: int) -> str:
    """A number in print, with a true minus sign and no minus zero."""
    text = f"{value:.{digits}f}"
    return text.lstrip("-") if not float(text) else text.replace("-", "−")


def plain_number(value: float) -> str:
    """A pay in print: "+1", "−100", "0"."""
    text = f"{value:+g}".replace("-", "−")
    return "0" if not value else text


def rounded_up(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten; the end of a scale."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    ends = (step * power for step in (1, 1.5, 2, 3, 4, 5, 6, 8, 10))
    return next(float(f"{end:.6g}") for end in ends if end >= value * 0.999999)


def powers(high: float, low: float) -> dict[str, Any]:
    """A logarithmic axis: its two ends as powers of ten, and labelled ticks [power, text].

    Args:
        high: The largest number on it.
        low: Below this all is as good as 0.
    """
    top = math.ceil(math.log10(max(high, 1e-9)) - 1e-9)
    bottom = min(math.floor(math.log10(max(low, 1e-12)) + 1e-9), top - 2)
    every = 1 if top - bottom <= 3 else 2
    ticks = [[power, tick(power)] for power in range(top, bottom - 1, -1) if (top - power) % every == 0]
    return {"top": top, "bottom": bottom, "ticks": ticks}


def tick(power: int) -> str:
    """A power of ten, written out where that is short."""
    return f"{10**power}" if power >= 0 else f"{10.0**power:.{-power}f}"[1:]
