"""Random steps of several environments, for laws that hold for all of them."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st

__all__ = ["random_series", "shares"]

shares = st.floats(0, 1)


@st.composite
def random_series(draw, numbers: int):
    """So many series of numbers, then terminated and truncated; all (T, N), and ends from never to nearly always."""
    generator = np.random.default_rng(draw(st.integers(0, 10**6)))
    shape = draw(st.integers(1, 9)), draw(st.integers(1, 3))
    often = draw(shares)
    ends = [generator.random(shape) < often / 2 for _ in range(2)]
    return *(generator.normal(size=shape) for _ in range(numbers)), *ends
