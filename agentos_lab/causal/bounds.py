"""Bounds: what the data say about a quantity that they do not determine.

An effect that is not identifiable need not be unknown: the models that agree with the data give it an interval of
values. The intervals here are sharp; each of their values is that of some model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .observed import Observed
from .probability_table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CausationBounds", "Interval", "causation_bounds", "effect_bounds", "instrument_bounds"]


@dataclass(frozen=True)
class Interval:
    """All values from `low` to `high`."""

    low: float
    high: float

    @property
    def width(self) -> float:
        """How much is left open; 0 for a point."""
        return self.high - self.low

    def __contains__(self, value: float) -> bool:
        return self.low - 1e-12 <= value <= self.high + 1e-12

    def __str__(self) -> str:
        return f"{self.low:.4f}" if self.width < 1e-12 else f"between {self.low:.4f} and {self.high:.4f}"

    __repr__ = __str__


@dataclass(frozen=True)
class CausationBounds:
    """How likely the treatment is a cause of the outcome, for a single unit.

    Attributes:
        necessity: PN, the outcome would not have happened without the treatment, where both happened.
        sufficiency: PS, the outcome would have happened with the treatment, where neither happened.
        both: PNS, the outcome would happen with the treatment, and would not without it.
    """

    necessity: Interval
    sufficiency: Interval
    both: Interval

    def __str__(self) -> str:
        return (
            f"probability of necessity (PN): {self.necessity}\n"
            f"probability of sufficiency (PS): {self.sufficiency}\n"
            f"probability of necessity and sufficiency (PNS): {self.both}"
        )

    __repr__ = __str__


def effect_bounds(joint: pd.Series, treatment: str, outcome: str) -> Interval:
    """Bounds on P(Y=1 | do(X=1)) − P(Y=1 | do(X=0)) with no assumption at all.

    Whoever was treated shows what treatment does to them, and nothing about what its absence would do: the missing
    halves may be all 0 or all 1. The interval always has width 1.

    Args:
        joint: P(V) with at least the two variables, both with the values 0 and 1.
        treatment, outcome: Their names.

    Raises:
        ValueError: A variable that is missing, or one with values other than 0 and 1.

    Source: Manski 1990, "Nonparametric bounds on treatment effects".
    """
    p = _binary(joint, treatment, outcome).values
    return Interval(float(p[1, 1] + p[0, 0] - 1), float(p[1, 1] + p[0, 0]))


def instrument_bounds(joint: pd.Series, instrument: str, treatment: str, outcome: str) -> Interval:
    """Bounds on P(Y=1 | do(X=1)) − P(Y=1 | do(X=0)) with an instrument: Z -> X -> Y and X <-> Y.

    Args:
        joint: P(V) with at least the three variables, all with the values 0 and 1.
        instrument, treatment, outcome: Their names.

    Raises:
        ValueError: A value of the instrument never occurs, or the data contradict the instrument (the bounds cross).

    Source: Balke & Pearl 1997, "Bounds on treatment effects from studies with imperfect compliance", equation 8.
    """
    table = _binary(joint, instrument, treatment, outcome).values
    share = table.sum(axis=(1, 2), keepdims=True)
    if (share == 0).any():
        raise ValueError(f"{instrument} has only one value in the data; an instrument needs both")
    p = table / share
    p00, p01, p10, p11 = (p[:, x, y] for y, x in ((0, 0), (0, 1), (1, 0), (1, 1)))  # p[z], the letters are y, x
    low = max(
        p11[1] + p00[0] - 1, p11[0] + p00[1] - 1,
        p11[0] - p11[1] - p10[1] - p01[0] - p10[0], p11[1] - p11[0] - p10[0] - p01[1] - p10[1],
        -p01[1] - p10[1], -p01[0] - p10[0],
        p00[1] - p01[1] - p10[1] - p01[0] - p00[0], p00[0] - p01[0] - p10[0] - p01[1] - p00[1],
    )  # fmt: skip
    high = min(
        1 - p01[1] - p10[0], 1 - p01[0] - p10[1],
        -p01[0] + p01[1] + p00[1] + p11[0] + p00[0], -p01[1] + p11[1] + p00[1] + p01[0] + p00[0],
        p11[1] + p00[1], p11[0] + p00[0],
        -p10[1] + p11[1] + p00[1] + p11[0] + p10[0], -p10[0] + p11[0] + p00[0] + p11[1] + p10[1],
    )  # fmt: skip
    if low > high + 1e-9:
        raise ValueError(
            f"no model with {instrument} as an instrument has these data (the bounds are {low:.4f} and {high:.4f}); "
            f"does {instrument} reach {outcome} on another way?"
        )
    return Interval(float(low), float(high))


def causation_bounds(
    joint: pd.Series,
    treatment: str,
    outcome: str,
    experiment: tuple[float, float] | None = None,
    monotonic: bool = False,
) -> CausationBounds:
    """Bounds on the probabilities of causation.

    Args:
        joint: P(V) with at least the two variables, both with the values 0 and 1.
        treatment, outcome: Their names.
        experiment: (P(Y=1 | do(X=1)), P(Y=1 | do(X=0))) from an experiment, or from an estimand; None where the
            treatment is not confounded, so that they are P(Y=1 | X=1) and P(Y=1 | X=0).
        monotonic: Assume that the treatment prevents the outcome for nobody. Then all three are points (save for a
            group that nobody is in).

    Raises:
        ValueError: Values other than 0 and 1, a treatment or outcome that never varies, or an experiment that
            contradicts the observations.

    Source: Tian & Pearl 2000, "Probabilities of causation: bounds and identification", theorems 4, 6 and 8.
    """
    p = _binary(joint, treatment, outcome).values  # p[x, y]
    if (p.sum(axis=1) == 0).any():
        raise ValueError(f"{treatment} has only one value in the data")
    with_it, without = experiment or (p[1, 1] / p[1].sum(), p[0, 1] / p[0].sum())
    happens = p[:, 1].sum()
    for name, done, x in ((f"do({treatment}=1)", with_it, 1), (f"do({treatment}=0)", without, 0)):
        if not p[x, 1] - 1e-9 <= done <= 1 - p[x, 0] + 1e-9:
            raise ValueError(
                f"P({outcome}=1 | {name}) = {done:.4f} contradicts the observations, by which it lies between "
                f"{p[x, 1]:.4f} and {1 - p[x, 0]:.4f}"
            )
    both = Interval(
        max(0.0, with_it - without, happens - without, with_it - happens),
        min(with_it, 1 - without, p[1, 1] + p[0, 0], with_it - without + p[1, 0] + p[0, 1]),
    )
    necessity = _share(happens - without, 1 - without - p[0, 0], p[1, 1])
    sufficiency = _share(with_it - happens, with_it - p[1, 1], p[0, 0])
    if monotonic:
        if with_it < without - 1e-9 or not without - 1e-9 <= happens <= with_it + 1e-9:
            raise ValueError(f"the data contradict monotonicity: somewhere {treatment} prevents {outcome}")
        both, necessity, sufficiency = (  # of a group that nobody is in there is still nothing to be said
            Interval(part.low, part.low) if share else part
            for part, share in ((both, 1.0), (necessity, p[1, 1]), (sufficiency, p[0, 0]))
        )
    return CausationBounds(*(Interval(float(i.low), float(i.high)) for i in (necessity, sufficiency, both)))


def _share(low: float, high: float, of: float) -> Interval:
    """low / of to high / of, within 0 and 1; everything is possible for a group that nobody is in."""
    return Interval(max(0.0, low / of), min(1.0, high / of)) if of > 0 else Interval(0.0, 1.0)


def _binary(joint: pd.Series, *names: str) -> Table:
    """The marginal table of binary variables, axes in this order, values 0 and 1."""
    if len(set(names)) < len(names):
        raise ValueError(f"these bounds are about {len(names)} different variables, not {', '.join(names)}")
    observed = Observed.from_series(joint)
    for name in names:
        if name not in observed.levels:
            raise ValueError(f"the joint distribution has no variable {name!r}, only {', '.join(observed.levels)}")
        if set(observed.levels[name]) != {0, 1}:
            shown = ", ".join(map(str, observed.levels[name]))
            raise ValueError(f"these bounds are for variables with the values 0 and 1, but {name} has {shown}")
    return observed.joint.marginal(names)
