"""Causal inference: graphs, what they say about data, what follows from an intervention, and what would have been.

Read in this order: `graph`, `d_separation` and `paths`; then `adjustment`, `front_door` and `instruments`.
"""

from .adjustment import (
    AdjustmentSet,
    NoAdjustment,
    adjustment_set,
    check_adjustment,
    minimal_adjustment_sets,
    optimal_adjustment_set,
)
from .d_separation import Separation, d_separated
from .graph import CausalGraph
from .paths import Path, find_paths

__all__ = [
    "AdjustmentSet",
    "CausalGraph",
    "NoAdjustment",
    "Path",
    "Separation",
    "adjustment_set",
    "check_adjustment",
    "d_separated",
    "find_paths",
    "minimal_adjustment_sets",
    "optimal_adjustment_set",
]
