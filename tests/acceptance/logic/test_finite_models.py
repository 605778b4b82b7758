"""The smallest model, and trying all structures."""

from __future__ import annotations

from finite_structures import formulas, is_true, structures
from hypothesis import given, settings

from agentos_lab.logic import NoModel, Structure, find_model


@given(formulas())
@settings(max_examples=40)
def test_the_smallest_model_is_as_large_as_trying_all_structures_says(formula):
    found = find_model([formula], max_size=2)
    sizes = [size for size in (1, 2) if any(is_true(formula, s) for s in structures(size))]
    if sizes:
        assert isinstance(found, Structure) and found.size == sizes[0] and found.holds(formula)
    else:
        assert isinstance(found, NoModel) and (found.complete or found.size == 2)
