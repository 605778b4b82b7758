"""Mediation: how much of an effect goes through a mediator (natural indirect) and how much past it (natural direct).

The direct effect compares the two treatments while the mediator stays as it would be untreated, E[Y(1, M(0)) − Y(0)];
the indirect one leaves the treatment and moves the mediator, E[Y(0, M(1)) − Y(0)]. No experiment shows both worlds at
once, so that the graph must promise more than for a total effect.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from .bootstrap import bootstrap as draw_bootstrap
from .effect_comparison import compare_effects
from .effect_estimate import EffectEstimate, Estimated, finished
from .estimation_methods import check_binary
from .estimation_strategy import observed_graph
from .graph import CausalGraph, Names
from .linear_regression import linear_regression
from .mediation_set import choose_mediation_set
from .nuisance import fit_classifier, fit_regressor
from .study import Study, make_study
from .terms import Factor, Term

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["MediationEstimate", "mediation_formula", "natural_effects"]


@dataclass(frozen=True)
class MediationEstimate:
    """An effect in its parts.

    Attributes:
        direct: E[Y(1, M(0))] − E[Y(0, M(0))], the natural direct effect.
        indirect: E[Y(0, M(1))] − E[Y(0, M(0))], the natural indirect effect.
        total: E[Y(1)] − E[Y(0)]. It is the sum of the two and of what the treatment and the mediator do together.
        mediators, adjusted_for: Through what, and what was held fixed.
    """

    direct: EffectEstimate
    indirect: EffectEstimate
    total: EffectEstimate
    mediators: tuple[str, ...]
    adjusted_for: tuple[str, ...]

    @property
    def together(self) -> float:
        """The part of the total that needs both, treatment and moved mediator; 0 without their interaction."""
        return self.total.value - self.direct.value - self.indirect.value

    @property
    def explained(self) -> float:
        """Indirect over total: the share that the mediator would carry by itself; NaN where the total is 0."""
        return self.indirect.value / self.total.value if self.total.value else float("nan")

    def __str__(self) -> str:
        parts = compare_effects({"direct": self.direct, "indirect": self.indirect, "total": self.total})
        return (
            f"effect of {self.total.treatment} on {self.total.outcome} through {', '.join(self.mediators)}\n{parts}\n"
            f"indirect / total = {self.explained:.3f}; adjusted for {', '.join(self.adjusted_for) or 'nothing'}"
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return compare_effects({"direct": self.direct, "indirect": self.indirect, "total": self.total})._repr_html_()

    def plot(self, ax: Axes | None = None) -> Figure:
        """The three effects with their intervals."""
        return compare_effects({"direct": self.direct, "indirect": self.indirect, "total": self.total}).plot(ax)


def natural_effects(
    data: pd.DataFrame,
    graph: CausalGraph | str,
    treatment: str,
    mediators: Names,
    outcome: str,
    *,
    adjust_for: Names | None = None,
    terms: Iterable[str | Term] = (),
    levels: tuple[Hashable, Hashable] | None = None,
    interaction: bool = True,
    confidence: float = 0.95,
    bootstrap: int = 200,
    seed: int = 0,
    executor: Executor | None = None,
) -> MediationEstimate:
    """Natural direct and indirect effects by the mediation formula with regressions.

    The outcome's mean is linear in the mediators, given treatment and covariates; a mediator of 0 and 1 has a logit,
    any other a linear model.

    Args:
        data: One row per unit. Nodes that are no columns count as unobserved.
        graph: What causes what.
        treatment, outcome: Two columns; the treatment 0 or 1, or with `levels`.
        mediators: One or several, together.
        adjust_for: What to hold fixed; default a set that the graph gives. It is checked.
        terms, levels, confidence, seed, executor: As for `estimate_effect`.
        interaction: Whether the outcome model has products of treatment and mediators.
        bootstrap: Samples for the standard errors.

    Raises:
        ValueError: The graph does not permit it (with the reason); data that cannot be used.

    Source: Pearl 2001, "Direct and indirect effects", theorem 1; VanderWeele 2015, "Explanation in Causal Inference",
    chapter 2.
    """
    through = (mediators,) if isinstance(mediators, str) else tuple(mediators)
    graph = observed_graph(graph, data, treatment, outcome, *through)
    names, why = choose_mediation_set(graph, treatment, through, outcome, adjust_for)
    study = make_study(data, treatment, outcome, names, extra=through, terms=terms, levels=levels)
    check_binary(study, "mediation")
    parts = mediation_formula(study, through, interaction)
    values = draw_bootstrap(
        partial(_resampled, study, through, interaction), len(study), replicates=bootstrap, seed=seed, executor=executor
    )
    worlds = ("Y(1, M(0)) − Y(0, M(0))", "Y(0, M(1)) − Y(0, M(0))", "Y(1) − Y(0)")
    about: dict[str, Any] = {
        "method": "mediation",
        "treatment": treatment,
        "outcome": outcome,
        "adjusted_for": names,
        "chosen": why,
        "n": len(study),
    }
    found = []
    for value, column, world in zip(parts, values.T, worlds, strict=True):
        contrast = f"E[{world}], Y = {outcome}, M = {', '.join(through)}"
        estimated = Estimated(float(value), None, "mediation formula")
        found.append(finished(estimated, column, confidence, estimand=f"E[{world}]", contrast=contrast, **about))
    return MediationEstimate(found[0], found[1], found[2], through, names)


def mediation_formula(study: Study, mediators: tuple[str, ...], interaction: bool = True) -> np.ndarray:
    """Direct, indirect and total effect, (3,).

    Args:
        study: The data; it holds the mediators' columns.
        mediators: Their names.
        interaction: Whether treatment and mediators have products.
    """
    columns = {label: column for name in mediators for label, column in _mediator_columns(study, name).items()}
    seen = np.column_stack(list(columns.values()))  # (N, M)
    moved = []
    for column in seen.T:
        binary = bool(np.isin(column, (0.0, 1.0)).all())
        fit = fit_classifier("logit", study.outcome_matrix(), column) if binary else fit_regressor(
            "linear", study.outcome_matrix(), column
        )  # fmt: skip
        moved.append([fit(study.outcome_matrix(level)) for level in (0.0, 1.0)])
    untreated, treated = (np.column_stack([each[level] for each in moved]) for level in (0, 1))  # E[M(0)], E[M(1)]

    def design(level: float | None, mediator: np.ndarray) -> np.ndarray:
        base = study.outcome_matrix(level)
        products = [mediator * base[:, 1:2]] if interaction else []
        return np.column_stack([base, mediator, *products])

    coefficients = linear_regression(design(None, seen), study.outcome).coefficients
    worlds = {
        (a, m): float((design(a, mediator) @ coefficients).mean())
        for a in (0.0, 1.0)
        for m, mediator in ((0, untreated), (1, treated))
    }
    nothing = worlds[0.0, 0]
    return np.array([worlds[1.0, 0] - nothing, worlds[0.0, 1] - nothing, worlds[1.0, 1] - nothing])


def _mediator_columns(study: Study, name: str) -> dict[str, np.ndarray]:
    values = study.data[name]
    category = values.dtype.kind not in "biuf"
    levels = {name: tuple(sorted(set(values.tolist()), key=str))} if category else {}
    return Term((Factor(name, category=category),)).columns(study.data, levels)


def _resampled(study: Study, mediators: tuple[str, ...], interaction: bool, rows: np.ndarray) -> np.ndarray:
    return mediation_formula(study.take(rows), mediators, interaction)
