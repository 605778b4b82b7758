"""Structural equations: a Python function whose parameters are the causes, or a formula as text.

A formula such as ``"2 * X + where(Z > 0, U, -U)"`` may use numbers, names, arithmetic, comparisons, `and`, `or`, `not`,
and a few functions. It is read by Python's own parser and computed piece by piece, so that text from anywhere can do
nothing else.
"""

from __future__ import annotations

import ast
import inspect
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from agentos_lab.errors import ParseError

__all__ = ["Equation", "as_equation"]


def _power(base: Any, exponent: Any) -> Any:
    """The power; of two numbers in the text as a decimal number, since a whole one such as 9**9**9 fills the memory."""
    return float(base) ** exponent if isinstance(base, int) and isinstance(exponent, int) else base**exponent


_OPERATORS: dict[type, Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: _power, ast.USub: operator.neg,
    ast.UAdd: operator.pos, ast.Not: np.logical_not, ast.And: np.logical_and, ast.Or: np.logical_or,
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.BitAnd: operator.and_, ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "abs": np.abs, "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tanh": np.tanh,
    "min": lambda *values: reduce(np.minimum, values), "max": lambda *values: reduce(np.maximum, values),
    "where": np.where, "floor": np.floor, "round": np.round, "sign": np.sign,
}  # fmt: skip
# Functions that do not take one argument: at least and at most how many, and how they are called. NumPy itself would
# write its result into an argument too many.
_CALLS = {
    "min": (2, 99, "min(a, b)"), "max": (2, 99, "max(a, b)"), "round": (1, 2, "round(x) or round(x, digits)"),
    "where": (3, 3, "where(condition, value if it holds, value if not)"),
}  # fmt: skip


@dataclass(frozen=True)
class Equation:
    """The value of one variable as a function of its causes.

    Attributes:
        causes: The names that it needs, of variables and of noise, in order.
        text: How it prints.
        compute: The function; its arguments are arrays of one length, or numbers, in the order of `causes`.
    """

    causes: tuple[str, ...]
    text: str
    compute: Callable[..., Any]

    def __call__(self, values: Mapping[str, Any]) -> np.ndarray:
        """The values of the variable, from those of its causes by name."""
        result = np.asarray(self.compute(*(values[cause] for cause in self.causes)))
        return result.astype(int) if result.dtype == bool else result

    def __str__(self) -> str:
        return self.text


def as_equation(formula: str | Callable[..., Any] | float, name: str) -> Equation:
    """Read an equation.

    Args:
        formula: A formula as text, a function of its causes by their names, or a constant.
        name: The variable on the left side, for messages.

    Raises:
        ParseError: A formula that Python cannot read, or that uses more than formulas may; a function of it with too
            many or too few arguments.
        ValueError: A function that takes `*args`, or neither of the three.
    """
    if isinstance(formula, str):
        return _from_text(formula, name)
    if callable(formula):
        parameters = inspect.signature(formula).parameters.values()
        if any(parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD) for parameter in parameters):
            raise ValueError(f"the equation of {name} must name its causes as parameters, not take *args or **kwargs")
        names = tuple(parameter.name for parameter in parameters)
        hint = "its arguments are arrays, one value per unit: take numpy.where for if, numpy.exp for math.exp"
        text = f"{getattr(formula, '__name__', 'function')}({', '.join(names)})"
        return Equation(names, text, _explained(formula, name, hint))
    if isinstance(formula, (int, float, np.number)):
        return Equation((), str(formula), lambda: formula)
    raise ValueError(f"the equation of {name} must be a text, a function or a number, got {type(formula).__name__}")


def _from_text(text: str, name: str) -> Equation:
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        formula = text.strip()
        # Python counts from 1, and says 0 where the text ends too early.
        position = min(error.offset - 1, len(formula)) if error.offset else len(formula)
        problem = f"the equation of {name} cannot be read: {error.msg if error.offset else 'it ends too early'}"
        raise ParseError(problem, formula, position, "a formula such as 0.5 * X + U") from None
    causes: dict[str, None] = {}
    _check(tree, text.strip(), causes)
    names = tuple(causes)

    def compute(*values: Any) -> Any:
        return _value(tree, dict(zip(names, values, strict=True)))

    hint = "are all causes numbers, and whole ones where the formula has &, |, ^?"
    return Equation(names, text.strip(), _explained(compute, name, hint))


def _explained(compute: Callable[..., Any], name: str, hint: str) -> Callable[..., Any]:
    """The function of an equation; what goes wrong inside is told as an error of that equation."""

    def explained(*values: Any) -> Any:
        try:
            return compute(*values)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise ValueError(f"the equation of {name} cannot be computed: {error}; {hint}") from error

    return explained


def _check(node: ast.expr, text: str, causes: dict[str, None]) -> None:
    """Refuse whatever a formula may not hold, and collect the names that it does."""
    match node:
        case ast.Constant(value) if isinstance(value, (int, float, str)):
            return
        case ast.Name(name):
            causes[name] = None
            return
        case ast.BinOp(left, op, right) if type(op) in _OPERATORS and not (_is_word(left) or _is_word(right)):
            parts = [left, right]
        case ast.UnaryOp(op, operand) if type(op) in _OPERATORS:
            parts = [operand]
        case ast.BoolOp(_, values):
            parts = values
        case ast.Compare(left, ops, comparators) if all(type(op) in _OPERATORS for op in ops):
            parts = [left, *comparators]
        case ast.Call(ast.Name(name), arguments, []) if name in _FUNCTIONS:
            least, most, usage = _CALLS.get(name, (1, 1, f"{name}(x)"))
            if not least <= len(arguments) <= most:
                raise ParseError(f"{name} cannot take {len(arguments)} values", text, node.col_offset, usage)
            parts = arguments
        case ast.IfExp(test, body, orelse):
            parts = [test, body, orelse]
        case _:
            allowed = f"numbers, names, arithmetic, comparisons and the functions {', '.join(sorted(_FUNCTIONS))}"
            raise ParseError("a formula cannot hold this", text, node.col_offset, allowed)
    for part in parts:
        _check(part, text, causes)


def _is_word(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    match node:
        case ast.Constant(value):
            return value
        case ast.Name(name):
            return values[name]
        case ast.BinOp(left, op, right):
            return _OPERATORS[type(op)](_value(left, values), _value(right, values))
        case ast.UnaryOp(op, operand):
            return _OPERATORS[type(op)](_value(operand, values))
        case ast.BoolOp(op, parts):
            result = _value(parts[0], values)
            for part in parts[1:]:
                result = _OPERATORS[type(op)](result, _value(part, values))
            return result
        case ast.Compare(left, ops, comparators):
            sides = [_value(side, values) for side in [left, *comparators]]
            links = [_OPERATORS[type(op)](a, b) for op, a, b in zip(ops, sides, sides[1:], strict=False)]
            return np.logical_and.reduce(np.broadcast_arrays(*links)) if len(links) > 1 else links[0]
        case ast.IfExp(test, body, orelse):
            return np.where(*(_value(part, values) for part in (test, body, orelse)))
        case ast.Call(ast.Name(name), arguments):
            return _FUNCTIONS[name](*(_value(argument, values) for argument in arguments))
    raise AssertionError(f"{ast.dump(node)} was let through")
