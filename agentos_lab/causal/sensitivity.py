"""Sensitivity: how strong must an unmeasured common cause be to explain an effect away? Here as an E-value.

The E-value is the risk ratio that such a cause must have with the treatment and with the outcome alike. For linear
models see also `omitted_variable_bias`; for tests that can fail, `placebo`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from .effect_estimate import EffectEstimate

__all__ = ["EValue", "e_value"]

_LOG_RATIO_PER_SD = 0.91  # Chinn 2000; VanderWeele 2017


@dataclass(frozen=True)
class EValue:
    """How strong an unmeasured common cause would have to be.

    Attributes:
        value: To move the estimate to "no effect".
        of_interval: To move the interval's nearer end there; 1 if it already holds "no effect".
        ratio: The risk ratio (exact or approximate) that was judged.
        interval: Of the ratio.
    """

    value: float
    of_interval: float
    ratio: float
    interval: tuple[float, float]

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"E-value {self.value:.2f}, for the interval {self.of_interval:.2f}  (risk ratio {self.ratio:.2f}, "
            f"{low:.2f} to {high:.2f}): an unmeasured common cause would need risk ratios of at least {self.value:.2f} "
            "with both treatment and outcome to explain the estimate away"
        )

    __repr__ = __str__


def e_value(
    effect: EffectEstimate | float,
    interval: tuple[float, float] | None = None,
    *,
    outcome_sd: float | None = None,
    baseline_risk: float | None = None,
) -> EValue:
    """The E-value of a risk ratio, or of an estimated difference of means or risks.

    Args:
        effect: A risk ratio, or an estimate on the scale of the outcome.
        interval: Of the risk ratio; an estimate has its own.
        outcome_sd: For an estimate: the outcome's standard deviation, which makes a difference of means an approximate
            risk ratio, exp(0.91 · difference / sd).
        baseline_risk: For an estimate: the risk without treatment, which makes a difference of risks a ratio.

    Raises:
        ValueError: A ratio that is not positive, or an estimate without exactly one of the last two.

    Source: VanderWeele & Ding 2017, "Sensitivity analysis in observational research: introducing the E-value".
    """
    if isinstance(effect, EffectEstimate):
        ratio, interval = _as_ratio(effect, outcome_sd, baseline_risk)
    else:
        ratio = float(effect)
        if not ratio > 0:
            raise ValueError(
                f"a risk ratio is positive, not {ratio}; for a difference give the estimate and outcome_sd"
            )
    low, high = (ratio, ratio) if interval is None else interval
    if not 0 < low <= ratio <= high:
        raise ValueError(f"the interval {interval} must be positive and hold the ratio {ratio}")
    nearer = low if ratio > 1 else high
    crosses = (nearer - 1) * (ratio - 1) <= 0
    return EValue(_e_value(ratio), 1.0 if crosses else _e_value(nearer), ratio, (low, high))


def _e_value(ratio: float) -> float:
    ratio = max(ratio, 1 / ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))


def _as_ratio(
    effect: EffectEstimate, outcome_sd: float | None, baseline_risk: float | None
) -> tuple[float, tuple[float, float]]:
    if (outcome_sd is None) == (baseline_risk is None):
        raise ValueError(
            "give outcome_sd for a difference of means (for example data[outcome].std()), or baseline_risk for a "
            "difference of risks, and not both"
        )
    low, high = effect.interval
    if outcome_sd is not None:
        if not outcome_sd > 0:
            raise ValueError(f"outcome_sd must be positive, not {outcome_sd}")
        scale = _LOG_RATIO_PER_SD / outcome_sd
        return math.exp(scale * effect.value), (math.exp(scale * low), math.exp(scale * high))
    assert baseline_risk is not None
    if not (0 < baseline_risk < 1 and baseline_risk + low > 0 and baseline_risk + high < 1):
        raise ValueError(
            f"with a baseline risk of {baseline_risk} the risks {baseline_risk} + ({low:.3f} to {high:.3f}) do not all "
            "lie between 0 and 1"
        )
    return 1 + effect.value / baseline_risk, (1 + low / baseline_risk, 1 + high / baseline_risk)
