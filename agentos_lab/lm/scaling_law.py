"""Scaling laws: how the loss falls with the size of the model and the amount of text, as a formula fitted to runs.

    L(N)    = E + A / N^α                    model size alone, text in plenty
    L(N, D) = E + A / N^α + B / D^β          (Hoffmann et al. 2022, eq. 2)

E is what no model can know, the entropy of the text itself; each further term is the price of being finite. Without E
it is the law of Kaplan et al. 2020, eq. 1.1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ScalingLaw", "fit_scaling_law"]

# 97.5 % quantiles of Student's t for 1, 2, … degrees of freedom: how much wider an interval from few runs must be.
_STUDENT = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23)


@dataclass(frozen=True)
class ScalingLaw:
    """A fitted law; predicts, prints and plots.

    Attributes:
        E: Loss of an infinite model with infinite text, nats/token.
        A, alpha: Price of a finite model, A / N^alpha.
        B, beta: Price of finite text, B / D^beta; None for a law of the size alone.
        std_errors: By name, as far as the runs determine them: NaN where E rests on its bound 0, or where there are
            no more runs than constants.
        runs: What it was fitted to: (N, D or None, loss) of each.
        misfit: Root mean square of the relative residuals.
    """

    E: float
    A: float
    alpha: float
    B: float | None = None
    beta: float | None = None
    std_errors: dict[str, float] | None = None
    runs: tuple[tuple[float, float | None, float], ...] = ()
    misfit: float = 0.0

    @classmethod
    def chinchilla(cls) -> ScalingLaw:
        """The law that Hoffmann et al. 2022 published for large models of English (§D.3, eq. 10)."""
        return cls(E=1.69, A=406.4, alpha=0.34, B=410.7, beta=0.28)

    @property
    def constants(self) -> dict[str, float]:
        """The fitted constants by name."""
        named = {"E": self.E, "A": self.A, "alpha": self.alpha, "B": self.B, "beta": self.beta}
        return {name: value for name, value in named.items() if value is not None}

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """95 % confidence interval of each constant, by Student's t."""
        freedom = len(self.runs) - len(self.constants)
        quantile = _STUDENT[freedom - 1] if 1 <= freedom <= len(_STUDENT) else 1.96 + 2.4 / max(freedom, 1)
        errors = self.std_errors or {}
        return {
            name: (value - quantile * errors.get(name, math.nan), value + quantile * errors.get(name, math.nan))
            for name, value in self.constants.items()
        }

    def predict(self, parameters: float, tokens: float | None = None) -> float:
        """The loss L(N) or L(N, D), in nats/token.

        Args:
            parameters: N.
            tokens: D; None: text without end.

        Raises:
            ValueError: A number is not positive.
        """
        if parameters <= 0 or (tokens is not None and tokens <= 0):
            raise ValueError(f"parameters and tokens must be positive, got {parameters} and {tokens}")
        loss = self.E + self.A / parameters**self.alpha
        if self.B is not None and self.beta is not None and tokens is not None:
            loss += self.B / tokens**self.beta
        return loss

    def compute_optimal(self, flops: float) -> tuple[float, float]:
        """The size N and the amount of text D that give the lowest loss for a budget of 6·N·D FLOPs.

        Hoffmann et al. 2022, eq. 4: setting dL = 0 along N·D = constant.

        Args:
            flops: The budget C.

        Returns:
            N and D.

        Raises:
            ValueError: The law knows nothing of the amount of text, or the budget is not positive.
        """
        if not flops > 0:
            raise ValueError(f"flops must be positive, got {flops}")
        if self.B is None or self.beta is None:
            raise ValueError("a law of the size alone cannot weigh it against text; fit L(N, D) with tokens=…")
        exponent = self.alpha + self.beta
        balance = (self.alpha * self.A / (self.beta * self.B)) ** (1 / exponent)
        affordable = flops / 6  # N · D
        return balance * affordable ** (self.beta / exponent), affordable ** (self.alpha / exponent) / balance

    def __str__(self) -> str:
        formula = "L(N) = E + A/N^alpha" if self.B is None else "L(N, D) = E + A/N^alpha + B/D^beta"
        if not self.runs:
            return f"{formula}\n" + ", ".join(f"{name} = {value:g}" for name, value in self.constants.items())
        lines = [f"{formula}, nats/token, from {len(self.runs)} runs, misfit {100 * self.misfit:.2f} %"]
        for name, value in self.constants.items():
            error, (low, high) = (self.std_errors or {}).get(name, math.nan), self.intervals[name]
            if math.isnan(error):
                lines.append(f"  {name:<5} {value:.4g}  (these runs leave its error open)")
            else:
                lines.append(f"  {name:<5} {value:.4g} ± {error:.2g}  (95 %: {low:.3g} to {high:.3g})")
        return "\n".join(lines)

    __repr__ = __str__

    def plot(self, ax: Axes | None = None) -> Figure:
        """Loss against size on logarithmic axes: the runs, and the law through them.

        Args:
            ax: Where to draw; None makes a figure.

        Returns:
            The figure.
        """
        from agentos_lab.figures import axes_for

        figure, ax = axes_for(ax, "Larger models lose less", f"Loss against model size, with the law {self}")
        sizes = [parameters for parameters, _, _ in self.runs] or [1e6, 1e11]
        grid = torch.logspace(math.log10(min(sizes)), math.log10(max(sizes)), 50).tolist()
        for tokens in sorted({tokens for _, tokens, _ in self.runs}, key=lambda tokens: tokens or 0) or [None]:
            named = "" if tokens is None else f" at {tokens:.2g} tokens"
            (line,) = ax.plot(grid, [self.predict(size, tokens) for size in grid], label=f"law{named}")
            points = [(size, loss) for size, seen, loss in self.runs if seen == tokens]
            if points:
                ax.plot(*zip(*points, strict=True), "o", color=line.get_color())
        ax.set(xscale="log", yscale="log", xlabel="parameters N", ylabel="loss (nats/token)")
        ax.xaxis.set_minor_formatter("")  # within one decade its labels would run into each other
        ax.yaxis.set_minor_formatter("{x:g}")
        ax.legend(frameon=False)
        return figure


def fit_scaling_law(
    parameters: Sequence[float], losses: Sequence[float], tokens: Sequence[float] | None = None
) -> ScalingLaw:
    """Fit L(N), or with `tokens` L(N, D), by least squares of the relative error.

    For given exponents the law is linear in E, A and B, which are then a small linear problem; so only the exponents
    are searched for, on a grid that closes in on the best. (Hoffmann et al. 2022 minimise the same error with outliers
    damped, by L-BFGS from many starts.) Errors are those of the linearised law at the optimum.

    Args:
        parameters: N of each run.
        losses: Its final loss in nats/token.
        tokens: D of each run.

    Returns:
        The law with its standard errors.

    Raises:
        ValueError: Too few runs or sizes to determine the constants, or values that are not positive.
    """
    columns = [torch.tensor(list(parameters), dtype=torch.float64)]
    if tokens is not None:
        columns.append(torch.tensor(list(tokens), dtype=torch.float64))
    loss = torch.tensor(list(losses), dtype=torch.float64)  # (N,)
    constants = 1 + 2 * len(columns)
    for name, column in zip(("parameters", "tokens"), columns, strict=False):
        if len(column) != len(loss):
            raise ValueError(f"{len(loss)} losses need as many {name}, got {len(column)}")
        if len(column.unique()) < 3 or len(loss) < constants:
            raise ValueError(
                f"a law with {constants} constants needs at least {constants} runs with 3 different {name}, got "
                f"{len(loss)} runs with {len(column.unique())}"
            )
    if not all((values > 0).all() and values.isfinite().all() for values in (loss, *columns)):
        raise ValueError("parameters, tokens and losses must be positive numbers")
    middles = [column.log().mean().exp() for column in columns]
    scaled = [column / middle for column, middle in zip(columns, middles, strict=True)]  # near 1: well conditioned
    exponents = _search_exponents(scaled, loss)
    linear, square_error = _solve(scaled, loss, exponents[None])
    errors = _standard_errors(columns, loss, exponents, linear[0], middles)
    # A / N^α = A' / (N/M)^α with A = A' M^α
    prices = [
        float(coefficient * middle**exponent)
        for coefficient, middle, exponent in zip(linear[0, 1:], middles, exponents, strict=True)
    ]
    seen: Sequence[float | None] = [None] * len(loss) if tokens is None else list(tokens)
    return ScalingLaw(
        E=float(linear[0, 0]),
        A=prices[0],
        alpha=float(exponents[0]),
        B=prices[1] if tokens is not None else None,
        beta=float(exponents[1]) if tokens is not None else None,
        std_errors=dict(zip(("E", "A", "alpha", "B", "beta"), errors, strict=False)),
        runs=tuple(zip(parameters, seen, losses, strict=True)),
        misfit=float((square_error[0] / len(loss)) ** 0.5),
    )


def _search_exponents(scaled: list[Tensor], loss: Tensor) -> Tensor:
    """Exponents with the least error: the best of a grid, then of ever finer ones around it."""
    low, high = torch.full((len(scaled),), 0.01).double(), torch.full((len(scaled),), 2.0).double()
    best = low
    for _ in range(28):
        axes = [torch.linspace(float(a), float(b), 11, dtype=torch.float64) for a, b in zip(low, high, strict=True)]
        candidates = torch.tensor(list(product(*(axis.tolist() for axis in axes))), dtype=torch.float64)
        _, errors = _solve(scaled, loss, candidates)
        best = candidates[errors.argmin()]
        reach = (high - low) * 0.3
        low, high = (best - reach).clamp_min(1e-3), best + reach
    return best


def _solve(scaled: list[Tensor], loss: Tensor, exponents: Tensor) -> tuple[Tensor, Tensor]:
    """For each row of `exponents` (K, 1 or 2) the best non-negative E, A, B (K, 2 or 3) and its squared error (K,)."""
    powers = [column[None] ** -exponents[:, i : i + 1] for i, column in enumerate(scaled)]  # each (K, N)
    design = torch.stack([torch.ones_like(powers[0]), *powers], dim=-1) / loss[:, None]  # (K, N, 2 or 3), relative
    target = torch.ones(len(exponents), len(loss), 1, dtype=torch.float64)
    free = torch.linalg.lstsq(design, target).solution  # (K, 2 or 3, 1)
    bound = torch.linalg.lstsq(design[..., 1:], target).solution  # E = 0: a loss below nothing is no loss
    bound = torch.cat([torch.zeros_like(bound[:, :1]), bound], dim=1)
    linear = torch.where(free[:, :1] < 0, bound, free)
    error = (design @ linear - target).square().sum(dim=(1, 2))
    error = error.masked_fill((linear[:, 1:] < 0).any(dim=1)[:, 0], torch.inf)
    return linear[..., 0], error


def _standard_errors(
    columns: list[Tensor], loss: Tensor, exponents: Tensor, linear: Tensor, middles: list[Tensor]
) -> list[float]:
    """Standard errors of E, A, α(, B, β) from the law's derivatives at the optimum: s² (JᵀJ)⁻¹."""
    # In natural units, with log A for A: derivatives of L̂ by E, then by (log A, exponent) of each term.
    derivatives = [torch.ones_like(loss)]
    for column, exponent, coefficient, middle in zip(columns, exponents, linear[1:], middles, strict=True):
        term = coefficient * (column / middle) ** -exponent
        derivatives += [term, -term * column.log()]
    jacobian = torch.stack(derivatives, dim=1) / loss[:, None]  # (N, 3 or 5)
    freedom = len(loss) - jacobian.shape[1]
    if freedom < 1:
        return [math.nan] * jacobian.shape[1]
    is_bound = float(linear[0]) == 0.0
    used = jacobian[:, 1:] if is_bound else jacobian
    predicted = linear[0] + sum(derivatives[1::2], torch.zeros_like(loss))
    variance = (predicted / loss - 1).square().sum() / freedom
    scale = used.norm(dim=0)
    covariance = torch.linalg.pinv((used / scale).T @ (used / scale)) * variance / scale[:, None] / scale
    errors = covariance.diagonal().clamp_min(0).sqrt().tolist()
    errors = [math.nan, *errors] if is_bound else errors
    for place, (exponent, coefficient, middle) in enumerate(zip(exponents, linear[1:], middles, strict=True)):
        errors[1 + 2 * place] *= float(coefficient * middle**exponent)  # from log A to A
    return errors
