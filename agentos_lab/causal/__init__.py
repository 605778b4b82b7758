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
from .front_door import FrontDoorSet, NoFrontDoor, check_front_door, front_door_set, front_door_sets
from .graph import CausalGraph
from .instruments import Instrument, NoInstrument, check_instrument, instruments
from .paths import Path, find_paths

__all__ = [
    "AdjustmentSet",
    "CausalGraph",
    "FrontDoorSet",
    "Instrument",
    "NoAdjustment",
    "NoFrontDoor",
    "NoInstrument",
    "Path",
    "Separation",
    "adjustment_set",
    "check_adjustment",
    "check_front_door",
    "check_instrument",
    "d_separated",
    "find_paths",
    "front_door_set",
    "front_door_sets",
    "instruments",
    "minimal_adjustment_sets",
    "optimal_adjustment_set",
]
