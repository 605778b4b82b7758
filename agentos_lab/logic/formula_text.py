"""How formulas are written: as Unicode text, as LaTeX, and in the syntax of TPTP.

One walk serves all three; a `Notation` says which signs it uses.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .formulas import And, Atom, Equal, Exists, Falsity, ForAll, Formula, Iff, Implies, Not, Or, Truth
from .terms import Term, Variable

__all__ = ["formula_latex", "formula_text", "formula_tptp", "term_text"]

_ARITHMETIC = {"+": 1, "-": 1, "*": 2}  # functions and relations that are written between their arguments
_RELATIONS = ("<", "<=", ">", ">=")
_LATEX_RELATIONS = {"<=": r"\leq", ">=": r"\geq"}


@dataclass(frozen=True)
class Notation:
    """The signs of one way of writing."""

    negation: str
    conjunction: str
    disjunction: str
    implies: str
    iff: str
    equal: str
    unequal: str
    true: str
    false: str
    for_all: str
    exists: str
    latex: bool = False
    tptp: bool = False


UNICODE = Notation("¬", " ∧ ", " ∨ ", " → ", " ↔ ", " = ", " ≠ ", "⊤", "⊥", "∀", "∃")
LATEX = Notation(
    r"\lnot ", r" \land ", r" \lor ", r" \rightarrow ", r" \leftrightarrow ", " = ", r" \neq ", r"\top", r"\bot",
    r"\forall ", r"\exists ", latex=True,
)  # fmt: skip
TPTP = Notation("~ ", " & ", " | ", " => ", " <=> ", " = ", " != ", "$true", "$false", "!", "?", tptp=True)

# How tightly each kind holds its parts together; a part that holds less tightly stands in parentheses.
_IFF, _IMPLIES, _OR, _AND, _NOT, _ATOM = range(6)


def formula_text(formula: Formula) -> str:
    """The formula in Unicode, e.g. ``∀x (Man(x) → Mortal(x))``; `parse` reads it back."""
    return _written(formula, UNICODE)[0]


def formula_latex(formula: Formula) -> str:
    r"""The formula in LaTeX, e.g. ``\forall x\,(\mathrm{Man}(x) \rightarrow \mathrm{Mortal}(x))``."""
    return _written(formula, LATEX)[0]


def formula_tptp(formula: Formula) -> str:
    """The formula in TPTP's FOF, e.g. ``![X]: (man(X) => mortal(X))``."""
    return _written(formula, TPTP)[0]


def term_text(term: Term, notation: Notation = UNICODE) -> str:
    """A term, e.g. ``f(x, Socrates)``; sums and products are written between their arguments."""
    if len(term.args) == 2 and term.name in _ARITHMETIC and not notation.tptp:
        sides = []
        for place, arg in enumerate(term.args):
            weaker = len(arg.args) == 2 and _ARITHMETIC.get(arg.name, 9) < _ARITHMETIC[term.name] + place
            sides.append(f"({term_text(arg, notation)})" if weaker else term_text(arg, notation))
        sign = r"\cdot" if notation.latex and term.name == "*" else term.name
        return f"{sides[0]} {sign} {sides[1]}"
    name = _name(term.name, notation, variable=isinstance(term, Variable))
    return f"{name}({', '.join(term_text(arg, notation) for arg in term.args)})" if term.args else name


def _written(formula: Formula, n: Notation) -> tuple[str, int]:
    """A formula and how tightly it holds together."""
    match formula:
        case Truth():
            return n.true, _ATOM
        case Falsity():
            return n.false, _ATOM
        case Atom(predicate, (left, right)) if predicate in _RELATIONS and not n.tptp:
            sign = _LATEX_RELATIONS.get(predicate, predicate) if n.latex else predicate
            return f"{term_text(left, n)} {sign} {term_text(right, n)}", _ATOM
        case Atom(predicate, args):
            name = _name(predicate, n)
            return (f"{name}({', '.join(term_text(arg, n) for arg in args)})" if args else name), _ATOM
        case Equal(left, right):
            return term_text(left, n) + n.equal + term_text(right, n), _ATOM
        case Not(Equal(left, right)):
            return term_text(left, n) + n.unequal + term_text(right, n), _ATOM
        case Not(part):
            return n.negation + _part(part, n, _NOT), _NOT
        case And(parts):
            return n.conjunction.join(_part(part, n, _AND + 1) for part in parts), _AND
        case Or(parts):
            return n.disjunction.join(_part(part, n, _OR + 1) for part in parts), _OR
        case Implies(left, right):
            return _part(left, n, _IMPLIES + 1) + n.implies + _part(right, n, _IMPLIES + 1), _IMPLIES
        case Iff(left, right):
            return _part(left, n, _IFF + 1) + n.iff + _part(right, n, _IFF + 1), _IFF
        case ForAll() | Exists():
            return _quantified(formula, n), _NOT
    raise TypeError(f"expected a formula, got {type(formula).__name__}")


def _quantified(formula: ForAll | Exists, n: Notation) -> str:
    variable = _name(formula.variable.name, n, variable=True)
    sign = n.for_all if isinstance(formula, ForAll) else n.exists
    body = formula.body
    if n.tptp:
        return f"{sign}[{variable}]: {_part(body, n, _NOT)}"
    text, strength = _written(body, n)
    if isinstance(body, ForAll | Exists):
        return f"{sign}{variable} {text}"
    gap = r"\," if n.latex else " "
    alone = (strength == _ATOM and not isinstance(body, Equal)) or (strength == _NOT and not n.latex)
    return f"{sign}{variable}{gap}{text}" if alone else f"{sign}{variable}{gap}({text})"


def _part(part: Formula, n: Notation, least: int) -> str:
    text, strength = _written(part, n)
    return text if strength >= least else f"({text})"


def _name(name: str, n: Notation, variable: bool = False) -> str:
    if n.tptp:
        return _tptp_name(name, variable)
    if n.latex:
        if re.fullmatch(r"[^\W\d_]\d*'*", name):
            letter, digits, primes = re.fullmatch(r"([^\W\d_])(\d*)('*)", name).groups()  # type: ignore[union-attr]
            return (f"{letter}_{{{digits}}}" if digits else letter) + primes
        if re.fullmatch(r"-?\d+(\.\d+)?", name):
            return name
        return rf"\mathrm{{{name}}}".replace("_", r"\_").replace(" ", r"\ ")
    return name if re.fullmatch(r"[^\W]\w*'*|-?\d+(\.\d+)?", name) else f'"{name}"'


def _tptp_name(name: str, variable: bool) -> str:
    """A name as TPTP wants it: variables upper case, all other symbols lower case or quoted."""
    plain = name.replace("'", "_p")
    if variable:
        return plain if re.fullmatch(r"[A-Z]\w*", plain, re.ASCII) else "V_" + re.sub(r"\W", "_", plain)
    if re.fullmatch(r"[a-z]\w*|-?\d+", plain, re.ASCII):
        return plain
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
