"""Tables: axes are matched by name, against matrix products."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.causal.probability_table import Table, divide, multiply


def test_tables_match_axes_by_name() -> None:
    generator = np.random.default_rng(0)
    a, b = Table(("X", "Z"), generator.random((2, 3))), Table(("Z", "Y"), generator.random((3, 4)))
    np.testing.assert_allclose(multiply([a, b], sum_over=["Z"]).values, a.values @ b.values)
    np.testing.assert_allclose(divide(a, a.sum_out(["X"])).values.sum(axis=0), 1)
    with pytest.raises(ValueError, match="name of its own"):
        Table(("X", "X"), np.ones((2, 2)))
    with pytest.raises(ValueError, match="2 dimensions"):
        Table(("X", "Y"), np.ones(2))
