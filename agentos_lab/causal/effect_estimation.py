"""Effect estimation: from data and a graph to a number with its error, by a method that the graph permits.

``estimate_effect(data, graph, treatment="qsmk", outcome="wt82_71", method="aipw")`` chooses what to adjust for from the
graph, checks the data, runs the estimator, and says what it did. Each estimator has a file of its own.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .censoring import with_censoring_weights
from .data_columns import check_numbers, read_columns
from .diagnostics import overlap
from .effect_estimate import EffectEstimate, Estimated, finished
from .estimation_methods import bootstrap_method, check_binary, find_method
from .estimation_strategy import choose_estimand, choose_grounds, observed_graph
from .graph import CausalGraph, Names, as_graph
from .plug_in import plug_in
from .propensity_score import propensity_scores
from .regression import difference_of_means
from .study import Study, make_study
from .terms import Term, parse_terms

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

__all__ = ["difference_in_means", "estimate_effect"]

_REPLICATES = 100  # of the bootstrap, where nothing else gives a standard error


def estimate_effect(
    data: pd.DataFrame,
    graph: CausalGraph | str,
    treatment: str,
    outcome: str,
    method: str = "aipw",
    *,
    adjust_for: Names | None = None,
    terms: Iterable[str | Term] = (),
    levels: tuple[Hashable, Hashable] | None = None,
    instrument: Names | None = None,
    mediators: Names | None = None,
    censored: str | None = None,
    confidence: float = 0.95,
    bootstrap: int | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    **options: Any,
) -> EffectEstimate:
    """The average effect of a treatment on an outcome.

    Args:
        data: One row per unit. Nodes of the graph that are no columns count as unobserved.
        graph: What causes what. It decides which methods are allowed.
        treatment, outcome: Two columns that are nodes of the graph.
        method: ``"aipw"``, ``"ipw"``, ``"matching"``, ``"regression"``, ``"g_formula"`` (standardisation),
            ``"g_estimation"``, ``"difference"`` (of means), ``"front_door"``, ``"2sls"`` or ``"wald"`` (instruments),
            ``"plug_in"`` (any identified effect of discrete variables).
        adjust_for: What to hold fixed; default a minimal set that the graph gives. It is checked.
        terms: How variables enter the models beyond themselves: ``"age^2"``, ``"C(education)"``,
            ``"qsmk:smokeintensity"``.
        levels: The two values of the treatment to compare, control first; default 0 and 1.
        instrument: For ``"2sls"`` and ``"wald"``; default one that the graph gives.
        mediators: For ``"front_door"``; default a set that the graph gives.
        censored: A column that is 1 where the outcome was not seen (it may be missing there); the other rows are
            weighted for those like them. For ``"ipw"`` and ``"g_estimation"``.
        confidence: Of the interval.
        bootstrap: So many bootstrap samples give standard error and interval instead of a formula.
        seed: Of the bootstrap and of cross-fitting.
        executor: Any `concurrent.futures` executor, for the bootstrap.
        **options: Of the method; see the function of its name, e.g. `aipw` or `ipw`.

    Raises:
        ValueError: The method does not fit the graph (with the reason, and what would fit); data that cannot be used
            (with the column or row, and the remedy); an unknown method or option.
    """
    terms = parse_terms(terms)
    name, chosen = find_method(method, options)
    _refuse_unused(
        method,
        "" if name == "difference" else chosen.rests_on,
        adjust_for=adjust_for,
        terms=terms or None,
        instrument=instrument,
        mediators=mediators,
        censored=censored,
    )
    drawn, graph = graph, observed_graph(graph, data, treatment, outcome)
    if treatment == outcome:
        raise ValueError(f"{treatment!r} cannot be treatment and outcome at once")
    if name == "plug_in":
        return _plug_in(data, graph, treatment, outcome, levels, confidence, bootstrap, seed, executor)
    asked = {"adjustment": adjust_for, "front door": mediators, "instrument": instrument}[chosen.rests_on]
    asked = () if name == "difference" else asked
    try:
        by = choose_grounds(chosen.rests_on, graph, treatment, outcome, asked, adjust_for)
    except ValueError as error:
        raise ValueError(f"{error}{_not_measured(as_graph(drawn), data)}") from None
    if censored is None:
        study = make_study(data, treatment, outcome, by.adjusted_for, extra=by.extra, terms=terms, levels=levels)
    elif name in ("ipw", "g_estimation"):
        study = with_censoring_weights(data, treatment, outcome, by.adjusted_for, censored, terms=terms, levels=levels)
    else:
        raise ValueError(f"method {method!r} does not know of censoring; use method='ipw' or 'g_estimation'")
    if chosen.binary:
        check_binary(study, method)
    if name == "aipw":
        options["seed"] = seed
    if by.extra:
        options["mediators" if chosen.rests_on == "front door" else "instrument"] = by.extra
    assert chosen.estimate is not None
    estimated = chosen.estimate(study, **options)
    if name in ("regression", "g_formula") and study.is_binary and study.adjusted_for:
        estimated = _with_overlap(estimated, study)
    replicates = bootstrap or (_REPLICATES if estimated.std_error is None else None)
    values = bootstrap_method(name, chosen.estimate, study, options, replicates, seed, executor) if replicates else None
    return finished(
        estimated, values, confidence, method=name, estimand=by.estimand, treatment=treatment, outcome=outcome,
        contrast=_contrast(treatment, outcome, *(levels or study.contrast)) + by.proviso,
        adjusted_for=by.adjusted_for, chosen=by.why, n=estimated.n or _rows(study),
    )  # fmt: skip


def difference_in_means(
    data: pd.DataFrame,
    treatment: str,
    outcome: str,
    *,
    levels: tuple[Hashable, Hashable] | None = None,
    confidence: float = 0.95,
) -> EffectEstimate:
    """The difference as it is seen, E[Y | A=1] − E[Y | A=0]: an effect only if treatment was drawn by lot.

    Args:
        data, treatment, outcome, levels, confidence: As for `estimate_effect`.

    Raises:
        ValueError: Data that cannot be used.
    """
    study = make_study(data, treatment, outcome, levels=levels)
    check_binary(study, "difference")
    low, high = levels or study.contrast
    seen = f"E[{outcome} | {treatment}={_shown(high)}] − E[{outcome} | {treatment}={_shown(low)}]"
    return finished(
        difference_of_means(study), None, confidence, method="difference", estimand=seen, contrast=seen,
        treatment=treatment, outcome=outcome, chosen="what is seen: nothing is adjusted for", n=len(study),
    )  # fmt: skip


def _refuse_unused(method: str, rests_on: str, **given: Any) -> None:
    """Refuse an argument that the method would not look at."""
    used = {
        "adjustment": ("adjust_for", "terms", "censored"),
        "instrument": ("adjust_for", "terms", "instrument"),
        "front door": ("mediators",),
    }.get(rests_on, ())
    for name, value in given.items():
        if value is not None and name not in used:
            because = f": it rests on {rests_on}" if rests_on else ": it adjusts for nothing"
            raise ValueError(f"method {method!r} has no use for {name}={value!r}{because}")


def _not_measured(graph: CausalGraph, data: pd.DataFrame) -> str:
    """Which nodes of the graph are no columns: one of them may be a misspelt name."""
    absent = [name for name in graph.nodes if name not in data.columns]
    return f". The data has no column for {', '.join(absent)} of the graph" if absent else ""


def _plug_in(
    data: pd.DataFrame,
    graph: CausalGraph,
    treatment: str,
    outcome: str,
    levels: tuple[Hashable, Hashable] | None,
    confidence: float,
    replicates: int | None,
    seed: int,
    executor: Executor | None,
) -> EffectEstimate:
    estimand = choose_estimand(graph, treatment, outcome)
    check_numbers(read_columns(data, estimand.names)[outcome], outcome, "the outcome")
    whole: tuple[Hashable, Hashable] = (False, True) if str(data[treatment].dtype) in ("bool", "boolean") else (0, 1)
    compared = levels or whole
    estimated, values = plug_in(
        data, estimand, levels=compared, replicates=replicates or 2 * _REPLICATES, seed=seed, executor=executor
    )
    return finished(
        estimated, values, confidence, method="plug_in", estimand=estimand, treatment=treatment, outcome=outcome,
        contrast=_contrast(treatment, outcome, *compared), chosen=f"identified: {estimand}", n=len(data),
    )  # fmt: skip


def _with_overlap(estimated: Estimated, study: Study) -> Estimated:
    """Say whether an outcome model compares like with like, or extrapolates."""
    try:
        seen: dict[str, Any] = {"overlap": overlap(study, propensity_scores(study))}
    except ValueError:
        seen = {"notes": ["some units have nobody like them that was treated otherwise (no overlap): there the "
                          "outcome model extrapolates; method='ipw' names the column"]}  # fmt: skip
    return replace(estimated, diagnostics={**estimated.diagnostics, **seen})


def _contrast(treatment: str, outcome: str, low: Hashable, high: Hashable) -> str:
    return f"E[{outcome} | do({treatment}={_shown(high)})] − E[{outcome} | do({treatment}={_shown(low)})]"


def _shown(level: Hashable) -> str:
    return f"{level:g}" if isinstance(level, float) else str(level)


def _rows(study: Study) -> int:
    return len(study) if study.weights is None else int((study.weights > 0).sum())
