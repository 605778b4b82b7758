"""Linear regression by least squares, with the usual and with heteroscedasticity-robust standard errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

__all__ = ["ERRORS", "LinearFit", "first_dependent_column", "linear_regression", "robust_covariance"]

ERRORS = ("classical", "HC0", "HC1", "HC2", "HC3")  # kinds of standard errors
_DEPENDENT = 1e-9  # what is left of a column of length 1 that others explain


@dataclass(frozen=True, eq=False)
class LinearFit:
    """A fitted regression of N rows on P columns.

    Attributes:
        coefficients: (P,).
        covariance: Of the coefficients, (P, P).
        residuals: (N,).
        bread: (X'WX)⁻¹, (P, P).
        degrees_of_freedom: N − P.
    """

    coefficients: np.ndarray
    covariance: np.ndarray
    residuals: np.ndarray
    bread: np.ndarray
    degrees_of_freedom: int

    @property
    def std_errors(self) -> np.ndarray:
        """Of the coefficients, (P,)."""
        return np.sqrt(np.diag(self.covariance))


def linear_regression(
    features: np.ndarray, outcome: np.ndarray, weights: np.ndarray | None = None, errors: str = "classical"
) -> LinearFit:
    """Least squares.

    Args:
        features: The design matrix (N, P), with its intercept.
        outcome: (N,).
        weights: (N,); None weighs all rows alike.
        errors: ``"classical"`` (equal variances), or ``"HC0"`` to ``"HC3"``.

    Raises:
        ValueError: An unknown kind of errors.

    Source: White 1980 (HC0); MacKinnon & White 1985, "Some heteroskedasticity-consistent covariance matrix estimators
    with improved finite sample properties" (HC1 to HC3).
    """
    root = np.ones(len(outcome)) if weights is None else np.sqrt(weights)
    rows = features * root[:, None]
    scale = np.linalg.norm(rows, axis=0)  # columns of length 1: age³ and a dummy weigh alike in the arithmetic
    scale[scale == 0] = 1.0
    inverse = np.linalg.pinv(rows / scale, rcond=1e-12) / scale[:, None]  # (P, N)
    coefficients = inverse @ (outcome * root)
    residuals = outcome - features @ coefficients
    bread = inverse @ inverse.T
    covariance = robust_covariance(rows, residuals * root, bread, errors)
    return LinearFit(coefficients, covariance, residuals, bread, len(outcome) - features.shape[1])


def robust_covariance(rows: np.ndarray, residuals: np.ndarray, bread: np.ndarray, errors: str) -> np.ndarray:
    """The covariance (P, P) of least-squares coefficients.

    Args:
        rows: What the residuals are orthogonal to (N, P): the weighted design, or the fitted one of two-stage
            least squares.
        residuals: (N,), weighted alike.
        bread: (rows'rows)⁻¹.
        errors: One of `ERRORS`.
    """
    if errors not in ERRORS:
        raise ValueError(f"errors must be one of {', '.join(ERRORS)}, not {errors!r}")
    n, p = rows.shape
    if errors == "classical":
        return bread * (residuals @ residuals / (n - p) if n > p else np.nan)
    squares = residuals**2
    if errors in ("HC2", "HC3"):
        leverage = np.einsum("np,pq,nq->n", rows, bread, rows, optimize=True)
        squares = squares / np.maximum(1 - leverage, 1e-12) ** (1 if errors == "HC2" else 2)
    if errors == "HC1":
        squares = squares * (n / (n - p))
    return bread @ (rows.T * squares) @ rows @ bread


def first_dependent_column(columns: Mapping[str, np.ndarray]) -> str | None:
    """The label of the first column that a constant and the columns before it explain exactly; None if none is."""
    if not columns:
        return None
    matrix = np.column_stack(list(columns.values()))
    matrix = matrix - matrix.mean(axis=0)
    length = np.linalg.norm(matrix, axis=0)
    matrix = matrix / np.where(length > 0, length, 1.0)
    left = np.abs(np.diag(np.linalg.qr(matrix, mode="r")))  # the length that the columns before leave unexplained
    return next((label for label, rest in zip(columns, left, strict=True) if rest < _DEPENDENT), None)
