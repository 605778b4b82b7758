"""The arithmetic of one cell of attention: how a query comes to the weight that it gives a key, and numbers in print.

`attention.js` does the same in the browser.
"""

from __future__ import annotations

import math
from typing import Any

from torch import Tensor

__all__ = ["amount", "cell_steps", "share"]

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def cell_steps(q: Tensor, k: Tensor, key: int) -> dict[str, Any]:
    """How one query comes to the weight that it gives one key (Vaswani et al. 2017, eq. 1).

    Args:
        q: The query's vector (d,).
        k: The vectors of all keys that it may look at (S, d).
        key: Which of them.

    Returns:
        `products` (d,) and their `sum`; the `score`; its `exponential` and the `total` over the row (of scores less
        `shift`, which is 0 unless the numbers would be too large to print); the `weight`, and all `shares` (S,).
    """
    q, k = q.double(), k.double()
    products = q * k[key]
    scores = (k @ q) / math.sqrt(len(q))  # (S,)
    shift = float(scores.max()) if float(scores.max()) > 300 else 0.0  # e to the 300 is as much as one can print
    exponentials = (scores - shift).exp()
    total = float(exponentials.sum())
    return {
        "products": products.tolist(),
        "sum": float(products.sum()),
        "score": float(scores[key]),
        "shift": shift,
        "exponential": float(exponentials[key]),
        "total": total,
        "weight": float(exponentials[key]) / total,
        "shares": (exponentials / total).tolist(),
    }


def amount(value: float) -> str:
    """A number in print: two decimals, or a power of ten where these would say nothing."""
    size = abs(value)
    if value == 0 or 0.01 <= size < 1e5:
        return f"{value:.2f}".replace("-", "−")
    exponent = math.floor(math.log10(size))
    mantissa = f"{size / 10.0**exponent:.1f}"
    if mantissa == "10.0":
        mantissa, exponent = "1.0", exponent + 1
    return f"{'−' if value < 0 else ''}{mantissa}×10{str(exponent).translate(SUPERSCRIPTS)}"


def share(weight: float) -> str:
    """A weight in print: two decimals, more where it is small."""
    return f"{weight:.{2 if weight >= 0.0995 else 3 if weight >= 0.00995 else 4}f}"
