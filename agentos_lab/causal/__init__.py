"""Causal inference: graphs, what they say about data, what follows from an intervention, and what would have been.

Read in this order: `graph`, `d_separation` and `paths`; then `adjustment`, `front_door` and `instruments`.
"""

from .d_separation import Separation, d_separated
from .graph import CausalGraph
from .paths import Path, find_paths

__all__ = [
    "CausalGraph",
    "Path",
    "Separation",
    "d_separated",
    "find_paths",
]
