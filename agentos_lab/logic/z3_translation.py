"""Formulas in the language of Z3, and back.

Everything is of one uninterpreted sort U, unless the formulas speak of numbers (`number_sorts`), which become Z3's
integers or reals. Bound variables get names of their own (x!1), for Z3 binds by name and would catch a constant x.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import count
from typing import Any

from .formulas import (
    FALSE,
    TRUE,
    And,
    Atom,
    Equal,
    Exists,
    Falsity,
    ForAll,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    conjunction,
    disjunction,
)
from .number_sorts import NumberSorts, argument_place, is_number, predicate_place, result_place, variable_place
from .parser import parse
from .terms import Function, Term, Variable

__all__ = ["Z3Language", "from_z3", "to_z3"]


def to_z3(formula: str | Formula, context: Any = None) -> Any:
    """A formula as a Z3 expression.

    Args:
        formula: A formula, or its text; free variables become constants.
        context: A `z3.Context`; by default Z3's main one.

    Raises:
        ValueError: The text is no formula.
    """
    formula = parse(formula)
    return Z3Language([formula], context).formula(formula)


class Z3Language:
    """The symbols of some formulas, declared in a Z3 context.

    Attributes:
        sorts: The sort of each place of each symbol.
        symbols: What Z3 calls each function ("function", name, arity) and predicate ("predicate", name, arity).

    Args:
        formulas: All the formulas that are used together: the sorts depend on all of them.
        context: A `z3.Context`; by default Z3's main one.
    """

    def __init__(self, formulas: Iterable[Formula], context: Any = None) -> None:
        import z3

        self.z3, self.context = z3, context if context is not None else z3.main_ctx()
        self.sorts = NumberSorts(formulas)
        self.symbols: dict[tuple[str, str, int], Any] = {}
        self._sorts = {
            "U": z3.DeclareSort("U", self.context),
            "Int": z3.IntSort(self.context),
            "Real": z3.RealSort(self.context),
            "Bool": z3.BoolSort(self.context),
        }
        self._fresh = count(1)

    @property
    def individuals(self) -> Any:
        """Z3's sort U."""
        return self._sorts["U"]

    def formula(self, formula: Formula, bound: dict[Variable, Any] | None = None) -> Any:
        """A formula as a Z3 expression; `bound` holds the expressions of its variables."""
        z3, bound = self.z3, bound or {}
        match formula:
            case Atom(predicate, args):
                return self._atom(predicate, [self.term(arg, bound) for arg in args])
            case Equal(left, right):
                return z3.ExprRef.__eq__(self.term(left, bound), self.term(right, bound))
            case Not(part):
                return z3.Not(self.formula(part, bound))
            case And(parts):
                return z3.And([self.formula(part, bound) for part in parts])
            case Or(parts):
                return z3.Or([self.formula(part, bound) for part in parts])
            case Implies(left, right):
                return z3.Implies(self.formula(left, bound), self.formula(right, bound))
            case Iff(left, right):
                return z3.ExprRef.__eq__(self.formula(left, bound), self.formula(right, bound))
            case ForAll() | Exists():
                return self._quantified(formula, bound)
        return z3.BoolVal(not isinstance(formula, Falsity), self.context)

    def _quantified(self, formula: ForAll | Exists, bound: dict[Variable, Any]) -> Any:
        """A block of like quantifiers at once: Z3 finds its instances together."""
        kind, own, inside = type(formula), [], dict(bound)
        body: Formula = formula
        while isinstance(body, kind):
            sort = self._sorts[self.sorts.of(variable_place(body))]
            own.append(self.z3.Const(f"{body.variable.name}!{next(self._fresh)}", sort))
            inside[body.variable] = own[-1]
            body = body.body
        quantifier = self.z3.ForAll if kind is ForAll else self.z3.Exists
        return quantifier(own, self.formula(body, inside))

    def term(self, term: Term, bound: dict[Variable, Any]) -> Any:
        """A term as a Z3 expression."""
        if isinstance(term, Variable):
            free = self._sorts[self.sorts.of(("free", term.name))]
            return bound[term] if term in bound else self.z3.Const(term.name, free)
        args = [self.term(arg, bound) for arg in term.args]
        if self.sorts.numbers and not args and is_number(term.name):
            numeral = self.z3.RealVal if self.sorts.real else self.z3.IntVal
            return numeral(term.name, self.context)
        if self.sorts.interprets(term.name, len(args)):
            return _applied(term.name, *args)
        sorts = [self.sorts.of(argument_place(term.name, number)) for number in range(len(args))]
        return self._symbol("function", term.name, sorts, self.sorts.of(result_place(term.name)))(*args)

    def _atom(self, predicate: str, args: list[Any]) -> Any:
        if self.sorts.interprets(predicate, len(args)):
            return _applied(predicate, *args)
        sorts = [self.sorts.of(predicate_place(predicate, number)) for number in range(len(args))]
        return self._symbol("predicate", predicate, sorts, "Bool")(*args)

    def _symbol(self, kind: str, name: str, arguments: list[str], result: str) -> Any:
        key = (kind, name, len(arguments))
        if key not in self.symbols:
            sorts = [self._sorts[sort] for sort in (*arguments, result)]
            self.symbols[key] = self.z3.Function(name, *sorts)
        return self.symbols[key]


_METHODS = {
    "+": "__add__", "-": "__sub__", "*": "__mul__", "/": "__truediv__",
    "<": "__lt__", "<=": "__le__", ">": "__gt__", ">=": "__ge__",
}  # fmt: skip


def _applied(sign: str, left: Any, right: Any) -> Any:
    """An operation or comparison of arithmetic; by its method, for Python would turn n >= 0 into 0 <= n."""
    import z3

    return getattr(z3.ArithRef, _METHODS[sign])(left, right)


def from_z3(expression: Any) -> Formula:
    """A Z3 expression of sort Bool as a formula.

    Args:
        expression: Made of connectives, quantifiers, equality, arithmetic and uninterpreted symbols.

    Raises:
        ValueError: It holds something else, such as bit vectors, arrays or an if-then-else between terms.
    """
    return _formula(expression, ())


def _formula(e: Any, bound: tuple[Variable, ...]) -> Formula:
    import z3

    if z3.is_quantifier(e):
        return _quantified(e, bound)
    if not z3.is_bool(e):
        raise ValueError(f"expected an expression of sort Bool, got {e} of sort {e.sort()}")
    kind, parts = e.decl().kind(), e.children()
    match kind:
        case z3.Z3_OP_TRUE:
            return TRUE
        case z3.Z3_OP_FALSE:
            return FALSE
        case z3.Z3_OP_NOT:
            return Not(_formula(parts[0], bound))
        case z3.Z3_OP_AND | z3.Z3_OP_OR:
            inside = [_formula(part, bound) for part in parts]
            return conjunction(inside) if kind == z3.Z3_OP_AND else disjunction(inside)
        case z3.Z3_OP_IMPLIES:
            return Implies(_formula(parts[0], bound), _formula(parts[1], bound))
        case z3.Z3_OP_EQ | z3.Z3_OP_IFF if z3.is_bool(parts[0]):
            return Iff(_formula(parts[0], bound), _formula(parts[1], bound))
        case z3.Z3_OP_XOR:
            return Not(Iff(_formula(parts[0], bound), _formula(parts[1], bound)))
        case z3.Z3_OP_EQ:
            return Equal(term_of(parts[0], bound), term_of(parts[1], bound))
        case z3.Z3_OP_DISTINCT:
            terms = [term_of(part, bound) for part in parts]
            return conjunction([Not(Equal(a, b)) for place, a in enumerate(terms) for b in terms[place + 1 :]])
        case z3.Z3_OP_LE | z3.Z3_OP_LT | z3.Z3_OP_GE | z3.Z3_OP_GT | z3.Z3_OP_UNINTERPRETED:
            return Atom(e.decl().name(), tuple(term_of(part, bound) for part in parts))
    raise ValueError(f"the formula language has nothing for {e.decl().name()} in {e}; expected connectives, =, <, +")


def _quantified(e: Any, bound: tuple[Variable, ...]) -> Formula:
    if e.is_lambda():
        raise ValueError(f"the formula language has no lambda: {e}")
    variables = tuple(Variable(re.sub(r"!\d+$", "", e.var_name(place))) for place in range(e.num_vars()))
    body = _formula(e.body(), bound + variables)
    for variable in reversed(variables):
        body = ForAll(variable, body) if e.is_forall() else Exists(variable, body)
    return body


def term_of(e: Any, bound: tuple[Variable, ...] = ()) -> Term:
    """A Z3 expression that is no formula, as a term; `bound` are the variables around it."""
    import z3

    if z3.is_var(e):
        return bound[-1 - z3.get_var_index(e)]  # counted from the innermost quantifier
    if z3.is_int_value(e) or z3.is_rational_value(e):
        return _numeral(e)
    kind, args = e.decl().kind(), [term_of(part, bound) for part in e.children()]
    match kind:
        case z3.Z3_OP_UNINTERPRETED:
            return Function(e.decl().name(), *args)
        case z3.Z3_OP_TO_REAL:
            return args[0]
        case z3.Z3_OP_UMINUS:
            return Function("-", Function("0"), args[0])
        case z3.Z3_OP_ADD | z3.Z3_OP_SUB | z3.Z3_OP_MUL | z3.Z3_OP_DIV:
            total = args[0]
            for arg in args[1:]:
                total = Function(e.decl().name(), total, arg)
            return total
    raise ValueError(f"the formula language has no term for {e.decl().name()} in {e}")


def _numeral(e: Any) -> Term:
    """A number as it is written: an integer, a finite decimal, or a quotient of two."""
    import z3

    if z3.is_int_value(e):
        return Function(str(e.as_long()))
    above, below = e.numerator_as_long(), e.denominator_as_long()
    places = next((places for places in range(1, 19) if 10**places % below == 0), None)
    if below == 1:
        return Function(f"{above}.0")
    if places is None:
        return Function("/", Function(str(above)), Function(str(below)))
    digits = str(abs(above) * 10**places // below).rjust(places + 1, "0")
    return Function(f"{'-' * (above < 0)}{digits[:-places]}.{digits[-places:]}")
