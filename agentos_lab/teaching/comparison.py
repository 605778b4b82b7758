"""Comparing a learner's answer with the right one, and saying in words where they part.

Each function returns None when all is well, or a `Problem`: a sentence and the smallest case that shows it. They
chain with `or`, cheapest first::

    return compare_calls(answer, model, cases=[(1,), (3,)]) or require_law(answer, rows_add_to_one, cases, "…")

`compare` shows the right value. Where the answer *is* this value, use what does not: `require_number` for a number
to predict; for "predict five results" begin with `require_list`, and say of each wrong entry why it is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from decimal import Decimal
from numbers import Real
from types import FunctionType
from typing import Any

import numpy as np

__all__ = ["Problem", "compare", "compare_calls", "is_number", "require_law", "require_list", "require_number"]

SHOWN = 64  # entries of an array that a reader can still take in


@dataclass(frozen=True)
class Problem:
    """What is wrong with an answer.

    Attributes:
        message: One or two sentences: what is wrong and, where it can be known, why.
        case: The call that shows it, e.g. ``"causal_mask(3)"``; may be empty.
        yours: What the learner's code gave there, as text; may be empty.
        expected: What it should have given; may be empty.
    """

    message: str
    case: str = ""
    yours: str = ""
    expected: str = ""


def compare(
    yours: Any, expected: Any, *, what: str = "the result", parts: Sequence[str] = (), tolerance: float = 1e-4
) -> Problem | None:
    """None if `yours` equals `expected`, else the first difference in words.

    Args:
        yours: The learner's value: number, text, array, tensor, list, tuple, dict or set.
        expected: The right one.
        what: How the sentence calls it, e.g. ``"the mask"``.
        parts: Names of the items when `expected` is a tuple, e.g. ``("the output", "the weights")``.
        tolerance: Largest difference allowed between numbers, absolute and relative.

    Raises:
        NotImplementedError: If `yours` is `...`, which means: not attempted yet.
    """
    if yours is Ellipsis:
        raise NotImplementedError(f"{what} is still `...`")
    if yours is None or expected is None:  # an array is neither equal to None nor unequal: it has many answers
        if yours is expected:
            return None
        if yours is None:
            return Problem(f"Nothing came back for {what}: does the function `return` it?", expected=_show(expected))
        return Problem(f"{_capital(what)} is not the expected one.", yours=_show(yours), expected="None")
    if isinstance(expected, Mapping):
        return _compare_mappings(yours, expected, what, tolerance)
    if isinstance(expected, set | frozenset):
        return _compare_sets(yours, expected, what)
    if isinstance(expected, list | tuple) and not _is_numeric(expected):
        return _compare_sequences(yours, expected, what, parts, tolerance)
    if _is_numeric(expected):
        return _compare_arrays(yours, expected, what, tolerance)
    if isinstance(expected, str) and not isinstance(yours, str):
        return _wrong_kind(yours, expected, what)
    if yours != expected:
        return Problem(f"{_capital(what)} is not the expected one.", yours=_show(yours), expected=_show(expected))
    return None


def compare_calls(
    function: Any,
    reference: Callable[..., Any],
    cases: Sequence[tuple[Any, ...]],
    *,
    mistakes: Mapping[str, Callable[..., Any]] | None = None,
    what: str = "the result",
    parts: Sequence[str] = (),
    tolerance: float = 1e-4,
) -> Problem | None:
    """None if `function` gives what `reference` gives on every case, else the first case where it does not.

    Args:
        function: The learner's function. It gets copies of the arguments.
        reference: The right one.
        cases: Tuples of arguments, the smallest first: the first that fails is shown.
        mistakes: Known wrong functions by the sentence that explains them. When the learner's function agrees
            with one on every case, that sentence is the message.
        what: How the sentences call the result.
        parts: Names of its items when it is a tuple.
        tolerance: See `compare`.
    """
    if not callable(function):
        kind = type(function).__name__
        return Problem(f"A function was expected, and this is of type {kind}: give its name without brackets.")
    for arguments in cases:
        yours, expected = function(*deepcopy(arguments)), reference(*deepcopy(arguments))
        problem = compare(yours, expected, what=what, parts=parts, tolerance=tolerance)
        if problem is not None:
            for explanation, wrong in (mistakes or {}).items():
                if _agree(function, wrong, cases, tolerance):
                    problem = replace(problem, message=explanation)
            return replace(problem, case=_call(function, arguments))
    return None


def require_law(
    function: Any, law: Callable[..., bool], cases: Sequence[tuple[Any, ...]], message: str
) -> Problem | None:
    """None if ``law(function(*case), *case)`` holds for every case, else `message` with the case that breaks it."""
    for arguments in cases:
        yours = function(*deepcopy(arguments))
        if yours is None or yours is Ellipsis:
            problem = compare(yours, "something")
            return problem and replace(problem, case=_call(function, arguments), expected="")
        if not law(yours, *arguments):
            return Problem(message, case=_call(function, arguments), yours=_show(yours))
    return None


def require_list(
    yours: Any, length: int, is_entry: Callable[[Any], bool], entries: str, *, what: str = "the list"
) -> Problem | None:
    """None if an answer is a list or tuple of so many entries of the right kind; the right ones are not told.

    Args:
        yours: The learner's answer.
        length: How many entries are asked for.
        is_entry: Whether a value may be one of them, right or wrong.
        entries: What each entry is, in words, e.g. ``"True or False"``.
        what: How the sentence calls the list.

    Raises:
        NotImplementedError: If the answer or an entry is `...`, which means: not attempted yet.
    """
    if yours is Ellipsis or (isinstance(yours, list | tuple) and any(entry is Ellipsis for entry in yours)):
        raise NotImplementedError(f"{what} is not filled in yet")
    if not isinstance(yours, list | tuple):
        kind = type(yours).__name__
        return Problem(f"A list with {length} entries was expected, each {entries}; this is of type {kind}.")
    if len(yours) != length:
        has = "1 entry" if len(yours) == 1 else f"{len(yours)} entries"
        return Problem(f"{_capital(what)} has {has}, expected {length}.", yours=_show(yours))
    for place, entry in enumerate(yours, 1):
        if not is_entry(entry):
            shown = repr(entry) if isinstance(entry, float) else _shortened(entry)  # 3.0, which is not 3 here
            return Problem(f"Entry {place} is {shown}. Each is {entries}.", yours=repr(yours)[:300])
    return None


def require_number(
    yours: Any,
    right: float,
    *,
    told: Mapping[float, str] | Mapping[int, str] | None = None,
    what: str = "the number",
    tolerance: float = 1e-4,
) -> Problem | None:
    """None if an answer is the right number; the right one is not told, only whether yours is too large or too small.

    Args:
        yours: The learner's answer; an array or tensor with a single entry counts as a number.
        right: The right number. If it is an `int` a count is meant, and one more or less is wrong.
        told: Wrong numbers that have a reason, with the sentence that explains them.
        what: How the sentence calls the number.
        tolerance: Largest difference from `right` that is allowed, absolute and relative.

    Raises:
        NotImplementedError: If the answer is `...`, which means: not attempted yet.
    """
    if yours is Ellipsis:
        raise NotImplementedError(f"{what} is still `...`")
    if not is_number(yours):
        hint = " Write it without quotes." if isinstance(yours, str) else ""
        return Problem(f"A number was expected; this is of type {type(yours).__name__}.{hint}", yours=_show(yours))
    number, shown = float(yours), _number(yours)
    if not np.isfinite(number):
        return Problem(f"{_capital(what)} is a finite number.", yours=shown)
    if isinstance(right, int):
        tolerance = 1e-9
    if np.isclose(number, right, rtol=tolerance, atol=tolerance):
        return None
    for wrong, why in sorted((told or {}).items(), key=lambda pair: abs(pair[0] - number)):
        if np.isclose(number, wrong, rtol=5e-3, atol=5e-4):
            return Problem(why, yours=shown)
    if np.isclose(-number, right, rtol=tolerance, atol=tolerance):
        return Problem("The size is right, the sign is not.", yours=shown)
    size = "large" if number > right else "small"
    near = not isinstance(right, int) and abs(number - right) < 0.01 * abs(right)
    nearly = " It is near: look at the rounding." if near else ""
    return Problem(f"{_capital(what)} is not {shown}: this is too {size}.{nearly}", yours=shown)


def is_number(value: Any) -> bool:
    """Whether a value is one real number, also as an array or tensor with a single entry; True and False are none."""
    if isinstance(value, np.ndarray) or hasattr(value, "detach"):
        array = _array(value)
        return array.size == 1 and array.dtype.kind in "iuf"
    return isinstance(value, Real | Decimal) and not isinstance(value, bool | np.bool_)


def _agree(function: Any, other: Any, cases: Sequence[tuple[Any, ...]], tolerance: float) -> bool:
    pairs = ((function(*deepcopy(case)), other(*deepcopy(case))) for case in cases)
    return all(compare(ours, theirs, tolerance=tolerance) is None for ours, theirs in pairs)


def _compare_mappings(yours: Any, expected: Mapping[Any, Any], what: str, tolerance: float) -> Problem | None:
    if not isinstance(yours, Mapping):
        return _wrong_kind(yours, expected, what)
    if problem := _compare_sets(set(yours), set(expected), f"the keys of {what}"):
        return problem
    items = ((compare(yours[key], expected[key], what=f"{what}[{key!r}]", tolerance=tolerance)) for key in expected)
    return next((problem for problem in items if problem), None)


def _compare_sets(yours: Any, expected: set[Any] | frozenset[Any], what: str) -> Problem | None:
    if not isinstance(yours, set | frozenset):
        return _wrong_kind(yours, expected, what)
    missing, extra = sorted(map(repr, expected - yours)), sorted(map(repr, yours - expected))
    said = [f"{', '.join(missing)} missing"] if missing else []
    said += [f"{', '.join(extra)} too many"] if extra else []
    return Problem(f"{_capital(what)}: {'; '.join(said)}.") if said else None


def _compare_sequences(
    yours: Any, expected: Sequence[Any], what: str, parts: Sequence[str], tolerance: float
) -> Problem | None:
    if not isinstance(yours, list | tuple):
        return _wrong_kind(yours, expected, what)
    if len(yours) != len(expected):
        message = f"{_verb(what, 'has')} {len(yours)} item{'s' * (len(yours) != 1)}, expected {len(expected)}."
        return Problem(message, yours=_show(yours), expected=_show(expected))
    names = parts or [f"item {place} of {what}" for place in range(len(expected))]
    pairs = zip(yours, expected, names, strict=True)
    found = (compare(ours, right, what=name, tolerance=tolerance) for ours, right, name in pairs)
    return next((problem for problem in found if problem), None)


def _compare_arrays(yours: Any, expected: Any, what: str, tolerance: float) -> Problem | None:
    if hasattr(expected, "detach") and not hasattr(yours, "detach"):
        return _wrong_kind(yours, expected, what)
    try:
        got, right = _array(yours), _array(expected)
    except ValueError:
        return Problem(f"{_verb(what, 'has')} rows of different lengths.", yours=_show(yours))
    shown = {"yours": _show(yours), "expected": _show(expected)}
    if got.dtype.kind not in "biufc":
        return _no_number(yours, expected, what)
    if got.shape != right.shape:
        wanted = right.shape if right.ndim else "a single value"
        return Problem(f"{_verb(what, 'has')} the shape {got.shape}, expected {wanted}.", **shown)
    if right.dtype.kind == "b" and got.dtype.kind != "b":
        if not right.ndim:
            return Problem(f"{_verb(what, 'is')} the number {_number(got)}, expected True or False.", **shown)
        return Problem(f"{_verb(what, 'holds')} {got.dtype} numbers, expected True and False.", **shown)
    if got.dtype.kind == "b" and right.dtype.kind != "b":
        if not right.ndim:
            return Problem(f"{_verb(what, 'is')} {got}, expected a number.", **shown)
        return Problem(f"{_verb(what, 'holds')} True and False, expected numbers.", **shown)
    if right.ndim and right.dtype.kind in "iu" and got.dtype.kind == "f":
        return Problem(f"{_verb(what, 'holds')} {got.dtype} numbers, expected whole ones.", **shown)
    if got.dtype.kind in "iu" and right.dtype.kind in "iu":
        tolerance = 0.0  # counts: one more or less is wrong, however many there are
    differs = ~np.isclose(got, right, rtol=tolerance, atol=tolerance, equal_nan=True)
    if not differs.any():
        return None
    if right.ndim == 0:
        return Problem(f"{_verb(what, 'is')} {_number(got)}, expected {_number(right)}.{_pattern(got, right)}")
    first = tuple(int(place) for place in np.argwhere(differs)[0])
    message = (
        f"{_verb(what, 'differs')} from the expected in {int(differs.sum())} of {right.size} entries, first "
        f"{_place(first)}: yours {_number(got[first])}, expected {_number(right[first])}.{_pattern(got, right)}"
    )
    return Problem(message, **shown)


def _pattern(got: np.ndarray, right: np.ndarray) -> str:
    """A sentence when all differences have one simple cause."""
    if right.dtype.kind == "b":  # of one value alone there is nothing more to say
        return " True and False are the other way round." if right.size > 1 and (got != right).all() else ""
    if not np.isfinite(got).all():
        return " Yours holds entries that are infinite or not a number."
    if right.ndim == 2 and right.shape[0] == right.shape[1] and np.allclose(got.T, right, atol=1e-5):
        return " It looks transposed: rows and columns are exchanged."
    if right.size < 2 or not np.isfinite(right).all():
        return ""
    if (difference := got.astype(float) - right.astype(float)).std() < 1e-6:
        return f" Every entry is off by the same {_number(difference.flat[0])}."
    used = np.abs(right) > 1e-6
    if used.sum() > 1 and np.allclose(got[~used], 0, atol=1e-5):
        ratio = got[used] / right[used]
        if np.allclose(ratio, ratio.flat[0], rtol=1e-3):
            return f" Every entry is {_number(ratio.flat[0])} times the expected one."
    return ""


def _wrong_kind(yours: Any, expected: Any, what: str) -> Problem:
    message = f"{_verb(what, 'is')} of type {type(yours).__name__}, expected {type(expected).__name__}."
    return Problem(message, yours=_show(yours), expected=_show(expected))


def _no_number(yours: Any, expected: Any, what: str) -> Problem:
    """For a list in which something is no number: what it is."""
    strange = [item for item in yours if not _is_plain(item)] if isinstance(yours, list | tuple) else []
    if not strange:
        return _wrong_kind(yours, expected, what)
    wanted = "True and False" if _array(expected).dtype.kind == "b" else "numbers"
    message = (
        f"{_verb(what, 'holds')} {_shortened(strange[0])}, of type {type(strange[0]).__name__}, expected {wanted}."
    )
    return Problem(message, yours=_show(yours), expected=_show(expected))


def _is_numeric(value: Any) -> bool:
    """Whether a value is a number, an array, a tensor, or nested lists of numbers with rows of equal lengths."""
    if isinstance(value, bool | int | float | np.generic | np.ndarray) or hasattr(value, "detach"):
        return True
    if not isinstance(value, list | tuple) or not all(_is_plain(item) for item in value):
        return False
    try:
        return np.asarray(value).size > 0
    except ValueError:
        return False


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(_is_plain(item) for item in value)
    return isinstance(value, bool | int | float)


def _array(value: Any) -> np.ndarray:
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value.double() if value.is_floating_point() else value
    return np.asarray(value)


def _show(value: Any) -> str:
    """A value as short text: small arrays in full, large ones by their shape."""
    if hasattr(value, "detach") or isinstance(value, np.ndarray):
        array = _array(value)
        if array.size > SHOWN:
            return f"{type(value).__name__} of shape {tuple(array.shape)}"
        return np.array2string(array, precision=4, suppress_small=True, separator=", ", max_line_width=70)
    if isinstance(value, FunctionType):  # without the address, which differs from run to run
        return value.__name__.lstrip("_")
    if isinstance(value, tuple) and any(hasattr(item, "detach") for item in value):
        return ",\n".join(_show(item) for item in value)
    text = f"{value:.6g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= 300 else f"{text[:297]}…"


def _call(function: Any, arguments: tuple[Any, ...]) -> str:
    short = [_shortened(argument) for argument in arguments]
    name = getattr(function, "__name__", "<lambda>").replace("<lambda>", "your_function")
    return f"{name}({', '.join(short)})"


def _shortened(value: Any) -> str:
    """A value on one line, of 40 signs at most."""
    text = _show(value).replace("\n", "")
    if len(text) > 40 and hasattr(value, "shape"):
        return f"{type(value).__name__} of shape {tuple(value.shape)}"
    return text if len(text) <= 40 else f"{text[:37]}…"


def _place(index: tuple[int, ...]) -> str:
    if len(index) == 1:
        return f"at position {index[0]}"
    if len(index) == 2:
        return f"in row {index[0]}, column {index[1]}"
    return f"at {list(index)}"


def _number(value: Any) -> str:
    value = np.asarray(value).item()
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _verb(what: str, verb: str) -> str:
    """What a sentence is about, with its verb: "The mask is", "The counts are", "The number of tokens is"."""
    head = re.split(r"\b(?:of|with|to|after|for|on)\b|[\[(]", what)[0].strip()
    one = not head.endswith("s") or head.endswith(("ss", "us", "is")) or "[" in what
    plural = {"is": "are", "has": "have", "holds": "hold", "differs": "differ"}
    return f"{_capital(what)} {verb if one else plural[verb]}"
