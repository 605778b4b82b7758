"""Reading back what Z3 found: a finite structure, or the values of numbers.

Z3's own model is a list of nested cases over elements named U!val!0, and may be right only as far as Z3 looked. Here it
becomes a `Structure` (elements d1, d2, …) that our own evaluation can check, or is given up.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from .models import Structure
from .z3_translation import Z3Language, term_of

__all__ = ["read_structure", "read_values"]

_MOST_CELLS = 20_000  # of one table


def read_structure(model: Any, language: Z3Language) -> Structure | None:
    """The structure that a Z3 model describes; None if it speaks of numbers, or is too large to write down.

    Args:
        model: A `z3.ModelRef`.
        language: What the formulas were translated with.
    """
    if language.sorts.numbers:
        return None
    z3 = language.z3
    elements = list(model.get_universe(language.individuals) or ()) if model.num_sorts() else []
    if not elements:
        elements = [model.eval(z3.Const("any!", language.individuals), model_completion=True)]
    names = {element: f"d{number}" for number, element in enumerate(elements, 1)}
    if any(len(elements) ** arity > _MOST_CELLS for _, _, arity in language.symbols):
        return None
    constants, functions, predicates = {}, {}, {}
    for (kind, name, arity), symbol in language.symbols.items():
        table = {}
        for args in product(elements, repeat=arity):
            value = model.eval(symbol(*args), model_completion=True)
            table[tuple(names[arg] for arg in args)] = z3.is_true(value) if kind == "predicate" else names.get(value)
        if kind == "predicate":
            predicates[name] = frozenset(args for args, true in table.items() if true)
        elif None in table.values():
            return None
        elif arity == 0:
            constants[name] = table[()]
        else:
            functions[name] = table
    arities = {name: arity for kind, name, arity in language.symbols if kind == "predicate"}
    return Structure(tuple(names.values()), constants, functions, predicates, arities)  # type: ignore[arg-type]


def read_values(model: Any, language: Z3Language) -> dict[str, str]:
    """What each proposition and each number of a Z3 model is: "true", "false" or a numeral, sorted by name."""
    values = {}
    for (_, name, arity), symbol in sorted(language.symbols.items(), key=lambda item: item[0][1]):
        if arity == 0 and symbol().sort() != language.individuals:
            values[name] = value_text(model, symbol())
    return values


def value_text(model: Any, expression: Any) -> str:
    """The value of a proposition or number in a Z3 model, as text."""
    import z3

    value = model.eval(expression, model_completion=True)
    if z3.is_bool(value):
        return str(z3.is_true(value)).lower()
    if z3.is_algebraic_value(value):
        return value.as_decimal(10)  # such as √2: "1.4142135623?"
    number = term_of(value)
    return "/".join(map(str, number.args)) if number.args else str(number)
