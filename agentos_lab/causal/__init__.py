"""Causal inference: graphs, what they say about data, what follows from an intervention, and what would have been.

Read in this order: `graph`, `d_separation` and `paths`; then `adjustment`, `front_door` and `instruments`.
"""

from .graph import CausalGraph

__all__ = [
    "CausalGraph",
]
