"""The plots: what may happen in a story. Each is a function that plays one story on a stage.

To add one, write a function with the same shape as its neighbours and name it in its module's `__all__`.
"""

from __future__ import annotations

from collections.abc import Callable

from ..stage import Stage
from . import (
    animals,
    believing,
    breaking,
    caring,
    fearing,
    finding_a_way,
    giving,
    learning,
    losing,
    making,
    reaching,
    sharing,
    trading,
    truth,
    weather,
    winter,
)

__all__ = ["PLOTS"]

MODULES = (
    animals, believing, breaking, caring, fearing, finding_a_way, giving, learning,
    losing, making, reaching, sharing, trading, truth, weather, winter,
)  # fmt: skip
# All plots, in the order that seeds choose from: a new one changes which story a seed makes.
PLOTS: tuple[Callable[[Stage], None], ...] = tuple(
    getattr(module, name) for module in MODULES for name in module.__all__
)
