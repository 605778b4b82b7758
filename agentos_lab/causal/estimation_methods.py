"""The methods of effect estimation by name: what each rests on, and how its bootstrap is drawn."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from .bootstrap import bootstrap
from .doubly_robust import aipw
from .effect_estimate import Estimated
from .front_door_estimation import front_door
from .g_estimation import g_estimation
from .g_formula import g_formula
from .instrumental_variables import two_stage_least_squares, wald
from .matching import matching
from .regression import difference_of_means, outcome_regression
from .study import Study
from .weighting import bootstrap_ipw, ipw

if TYPE_CHECKING:
    from concurrent.futures import Executor

__all__ = ["METHODS", "Method", "bootstrap_method", "check_binary", "find_method"]


class Method(NamedTuple):
    """An estimator and what it rests on.

    Attributes:
        estimate: From a `Study` and options to `Estimated`; None for the plug-in, which works on cells.
        rests_on: ``"adjustment"``, ``"front door"``, ``"instrument"`` or ``"identification"``.
        binary: Whether the treatment must have two values.
    """

    estimate: Callable[..., Estimated] | None
    rests_on: str
    binary: bool = True


# What `method=` may be.
METHODS: dict[str, Method] = {
    "aipw": Method(aipw, "adjustment"),
    "difference": Method(difference_of_means, "adjustment"),
    "front_door": Method(front_door, "front door", binary=False),
    "g_estimation": Method(g_estimation, "adjustment"),
    "g_formula": Method(g_formula, "adjustment", binary=False),
    "ipw": Method(ipw, "adjustment"),
    "matching": Method(matching, "adjustment"),
    "plug_in": Method(None, "identification", binary=False),
    "regression": Method(outcome_regression, "adjustment", binary=False),
    "2sls": Method(two_stage_least_squares, "instrument", binary=False),
    "wald": Method(wald, "instrument", binary=False),
}
# Other words of the field for the same methods.
_OTHER_NAMES = {
    "difference_in_means": "difference",
    "doubly_robust": "aipw",
    "frontdoor": "front_door",
    "g_computation": "g_formula",
    "instrumental_variables": "2sls",
    "inverse_probability_weighting": "ipw",
    "iv": "2sls",
    "linear_regression": "regression",
    "ols": "regression",
    "outcome_regression": "regression",
    "plugin": "plug_in",
    "standardisation": "g_formula",
    "standardization": "g_formula",
    "tsls": "2sls",
    "two_stage_least_squares": "2sls",
    "weighting": "ipw",
}


def find_method(name: str, options: dict[str, Any]) -> tuple[str, Method]:
    """The method and its one name, its options checked.

    Args:
        name: As a user writes it, e.g. ``"g-formula"`` or ``"standardization"``.
        options: Further arguments of the method.

    Raises:
        ValueError: There is no such method, or it has no such option.
    """
    known = str(name).lower().replace("-", "_").replace(" ", "_")
    known = _OTHER_NAMES.get(known, known)
    if known not in METHODS:
        raise ValueError(f"there is no method {name!r}; there are {', '.join(METHODS)}")
    found = METHODS[known]
    inner = {"mediators", "instrument", "seed"}  # passed on by name
    parameters = inspect.signature(found.estimate).parameters.values() if found.estimate else ()
    possible = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.name not in inner]
    for option in options:
        if option not in possible:
            raise ValueError(f"method {name!r} has no option {option!r}; it has {', '.join(possible) or 'none'}")
    return known, found


def check_binary(study: Study, method: str) -> None:
    """Refuse a treatment that is not 0 or 1, or is so in all rows but one.

    Raises:
        ValueError: With the values that it has, and what to do.
    """
    if not study.is_binary:
        values = np.unique(study.treatment)
        remedy = (
            f"say which is which with levels=({values[0]:g}, {values[1]:g})"
            if len(values) == 2
            else f"cut it in two, as in data[{study.treatment_name!r}] > {np.median(values):g}, or use "
            "method='regression' or 'g_formula'"
        )
        raise ValueError(
            f"method {method!r} needs a treatment that is 0 or 1; {study.treatment_name!r} has {len(values)} values "
            f"({', '.join(f'{value:g}' for value in values[:4])}{', …' if len(values) > 4 else ''}): {remedy}"
        )
    treated = int(study.treatment.sum())
    if min(treated, len(study) - treated) < 2:
        alone = "treated" if treated < 2 else "untreated"
        raise ValueError(
            f"only one row is {alone}, which does not tell how much the {alone} differ; method {method!r} needs two"
        )


def bootstrap_method(
    name: str,
    estimate: Callable[..., Estimated],
    study: Study,
    options: dict[str, Any],
    replicates: int,
    seed: int,
    executor: Executor | None,
) -> np.ndarray:
    """The bootstrap's values (B,) of a method on a study.

    Args:
        name, estimate, options: The method.
        study: The data. Weights for censoring are kept as they are.
        replicates, seed, executor: As for `bootstrap`.

    Raises:
        ValueError: Matching, for which a bootstrap is not valid; too many samples that cannot be estimated.
    """
    if name == "matching":
        raise ValueError("a bootstrap is not valid for matching (Abadie & Imbens 2008); leave bootstrap out: the "
                         "standard error by formula is")  # fmt: skip
    plain = {option: value for option, value in options.items() if option in ("normalize", "target")}
    if (
        name == "ipw"
        and executor is None
        and options.get("propensity_model", "logit") == "logit"
        and not options.get("trim")
    ):
        return bootstrap_ipw(study, replicates=replicates, seed=seed, **plain)
    return bootstrap(
        partial(_value, estimate, study, options), len(study), replicates=replicates, seed=seed, executor=executor
    )


def _value(estimate: Callable[..., Estimated], study: Study, options: dict[str, Any], rows: np.ndarray) -> float:
    return estimate(study.take(rows), **options).value
