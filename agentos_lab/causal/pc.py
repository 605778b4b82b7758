"""The PC algorithm: from independences to the class of DAGs that have them, when nothing relevant is unobserved.

Named after Peter Spirtes and Clark Glymour. First the skeleton, then the colliders, then what follows from both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from .discovery_result import Discovered, choose_test, discovered_by_tests
from .marked_graph import TAIL, MarkedGraph
from .meek_rules import apply_meek_rules
from .orientation import Orientation, orient_colliders
from .skeleton import TestLog, find_skeleton

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_settings", "pc"]

_SOURCE = "Spirtes, Glymour & Scheines 2000, section 5.4.2"


def pc(
    data: pd.DataFrame | Iterable[str],
    alpha: float = 0.01,
    test: str | Callable[..., Any] = "auto",
    max_condition: int | None = None,
) -> Discovered:
    """Learn the CPDAG of a DAG without unobserved common causes, by PC-stable.

    Args:
        data: One row per unit, one column per variable. With a test of your own, the variables' names will do.
        alpha: Two variables count as independent where the p-value is larger. Smaller values leave fewer edges.
        test: "g2" or "chi2" for discrete columns, "fisher_z" for numbers, "auto" (the first where no column has more
            than 20 values, else the last), or a function of two names and a tuple of names that returns an
            `Independence`, a p-value, or whether they are independent; `d_separation_oracle` makes one.
        max_condition: The largest set that is conditioned on; None for no limit.

    Returns:
        The graph, with every test, every separating set and every orientation as a step.

    Raises:
        ValueError: Missing values, a constant column, one that does not suit the test, too few rows: each named.

    Source: Spirtes & Glymour 1991, "An algorithm for fast recovery of sparse causal graphs"; Colombo & Maathuis 2014,
    "Order-independent constraint-based causal structure learning".
    """
    check_settings(alpha, max_condition)
    names, chosen, label = choose_test(data, test)
    start = MarkedGraph.complete(names, TAIL)
    state, log = Orientation(start), TestLog(names, chosen, alpha)
    find_skeleton(state, log, max_condition)
    orient_colliders(state, log.separating_sets, _SOURCE, acyclic=True)
    apply_meek_rules(state)
    goal = f"Which DAGs over {', '.join(names)} have these independences?"
    return discovered_by_tests(f"PC ({label}, α = {alpha:g}) on {len(names)} variables", goal, start, state, log)


def check_settings(alpha: float, max_condition: int | None) -> None:
    """Make sure that the settings of an algorithm that asks tests are possible.

    Raises:
        ValueError: They are not.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is a p-value between 0 and 1, such as 0.01, not {alpha!r}")
    if max_condition is not None and (not isinstance(max_condition, int) or max_condition < 0):
        raise ValueError(f"max_condition must be a whole number of at least 0, or None, not {max_condition!r}")
