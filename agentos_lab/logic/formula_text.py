"""How formulas are written: as Unicode text, as LaTeX, and in the syntax of TPTP.

One walk serves all three; a `Notation` says which signs it uses. The walk keeps its own stack, so that it can write
what is nested more deeply than Python calls itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .formula_tokens import WORDS
from .formulas import And, Atom, Equal, Exists, Falsity, ForAll, Formula, Iff, Implies, Not, Or, Truth, subformulas
from .terms import Term, Variable

__all__ = ["formula_latex", "formula_text", "formula_tptp", "term_text", "tptp_name"]

_RELATIONS = ("<", "<=", ">", ">=")
_LATEX_SIGNS = {"<=": r"\leq", ">=": r"\geq", "*": r"\cdot"}
_TPTP_ARITHMETIC = {
    "<": "$less", "<=": "$lesseq", ">": "$greater", ">=": "$greatereq", "+": "$sum", "-": "$difference",
    "*": "$product",
}  # fmt: skip
_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)

# How tightly each kind holds its parts together; a part that holds less tightly stands in parentheses.
_IFF, _IMPLIES, _OR, _AND, _RELATION, _NOT, _ATOM = range(7)
_SUM, _PRODUCT, _TERM = range(3)
_ARITHMETIC = {"+": _SUM, "-": _SUM, "*": _PRODUCT}  # functions that are written between their arguments


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
    variables: Mapping[str, str] | None = None  # what variables are called, where not by their name


UNICODE = Notation("¬", " ∧ ", " ∨ ", " → ", " ↔ ", " = ", " ≠ ", "⊤", "⊥", "∀", "∃")
LATEX = Notation(
    r"\lnot ", r" \land ", r" \lor ", r" \rightarrow ", r" \leftrightarrow ", " = ", r" \neq ", r"\top", r"\bot",
    r"\forall ", r"\exists ", latex=True,
)  # fmt: skip
TPTP = Notation("~ ", " & ", " | ", " => ", " <=> ", " = ", " != ", "$true", "$false", "!", "?", tptp=True)

_Piece = str | tuple[Formula | Term, int]  # text, or what is to be written, with how tightly it has to hold


def formula_text(formula: Formula) -> str:
    """The formula in Unicode, e.g. ``∀x (Man(x) → Mortal(x))``; `parse` reads it back."""
    return _written(formula, UNICODE)


def formula_latex(formula: Formula) -> str:
    r"""The formula in LaTeX, e.g. ``\forall x\,(\mathrm{Man}(x) \rightarrow \mathrm{Mortal}(x))``."""
    return _written(formula, LATEX)


def formula_tptp(formula: Formula) -> str:
    """The formula in TPTP's FOF, e.g. ``![X]: ('Man'(X) => 'Mortal'(X))``: variables get capital letters."""
    return _written(formula, replace(TPTP, variables=_capital_letters(formula)))


def term_text(term: Term, notation: Notation = UNICODE) -> str:
    """A term, e.g. ``f(x, Socrates)``; sums and products are written between their arguments."""
    return _written(term, notation)


def _written(whole: Formula | Term, n: Notation) -> str:
    done: list[str] = []
    waiting: list[_Piece] = [(whole, 0)]
    while waiting:
        piece = waiting.pop()
        if isinstance(piece, str):
            done.append(piece)
            continue
        part, least = piece
        strength, pieces = _term_pieces(part, n) if isinstance(part, Term) else _pieces(part, n)
        waiting += reversed(pieces if strength >= least else ["(", *pieces, ")"])
    return "".join(done)


def _pieces(formula: Formula, n: Notation) -> tuple[int, list[_Piece]]:
    """How tightly a formula holds together, and its pieces from left to right."""
    match formula:
        case Truth():
            return _ATOM, [n.true]
        case Falsity():
            return _ATOM, [n.false]
        case Atom(predicate, (left, right)) if predicate in _RELATIONS and not n.tptp:
            sign = _LATEX_SIGNS.get(predicate, predicate) if n.latex else predicate
            return _RELATION, [(left, 0), f" {sign} ", (right, 0)]
        case Atom(predicate, args):
            return _ATOM, _applied(_name(predicate, len(args), n, predicate=True), args)
        case Equal(left, right):
            return _RELATION, [(left, 0), n.equal, (right, 0)]
        case Not(Equal(left, right)):
            return _RELATION, [(left, 0), n.unequal, (right, 0)]
        case Not(part):
            return _NOT, [n.negation, (part, _NOT)]
        case And(parts):
            return _AND, _joined(parts, n.conjunction, _AND, n)
        case Or(parts):
            return _OR, _joined(parts, n.disjunction, _OR, n)
        case Implies(left, right):
            return _IMPLIES, _joined((left, right), n.implies, _IMPLIES, n)
        case Iff(left, right):
            return _IFF, _joined((left, right), n.iff, _IFF, n)
        case ForAll(variable, body) | Exists(variable, body):
            sign, name = n.for_all if isinstance(formula, ForAll) else n.exists, _variable(variable.name, n)
            if n.tptp:
                names = [name]
                while isinstance(body, type(formula)):  # ![X, Y] for ![X]: ![Y]
                    names.append(_variable(body.variable.name, n))
                    body = body.body
                return _NOT, [f"{sign}[{', '.join(names)}]: ", (body, _NOT)]
            gap = r"\," if n.latex and not isinstance(body, ForAll | Exists) else " "
            return _NOT, [f"{sign}{name}{gap}", (body, _ATOM if n.latex and isinstance(body, Not) else _NOT)]
    raise TypeError(f"expected a formula, got {type(formula).__name__}")


def _term_pieces(term: Term, n: Notation) -> tuple[int, list[_Piece]]:
    if len(term.args) == 2 and term.name in _ARITHMETIC and not n.tptp:
        strength = _ARITHMETIC[term.name]
        sign = _LATEX_SIGNS.get(term.name, term.name) if n.latex else term.name
        return strength, [(term.args[0], strength), f" {sign} ", (term.args[1], strength + 1)]
    if isinstance(term, Variable):
        return _TERM, [_variable(term.name, n)]
    return _TERM, _applied(_name(term.name, len(term.args), n), term.args)


def _joined(parts: tuple[Formula, ...], sign: str, strength: int, n: Notation) -> list[_Piece]:
    least = _AND + 1 if n.tptp else strength + 1  # in TPTP no connective goes before another
    pieces: list[_Piece] = []
    for part in parts:
        pieces += [sign, (part, least)]
    return pieces[1:]


def _applied(name: str, args: tuple[Term, ...]) -> list[_Piece]:
    if not args:
        return [name]
    pieces: list[_Piece] = []
    for arg in args:
        pieces += [", ", (arg, 0)]
    return [name, "(", *pieces[1:], ")"]


def _variable(name: str, n: Notation) -> str:
    return n.variables[name] if n.variables is not None else _latex_name(name) if n.latex else _plain_name(name)


def _name(name: str, arity: int, n: Notation, predicate: bool = False) -> str:
    number = _NUMBER.fullmatch(name) is not None and not arity and not predicate
    if n.tptp:
        arithmetic = arity == 2 and predicate == (name in _RELATIONS)
        return name if number else _TPTP_ARITHMETIC.get(name, "") * arithmetic or tptp_name(name)
    if n.latex:
        return _latex_name(name)
    return name if number else _plain_name(name)


def _plain_name(name: str) -> str:
    """A name as `parse` reads it: in quotes where it is no word, or one with a meaning of its own."""
    if re.fullmatch(r"[^\W\d]\w*'*", name) and name not in WORDS:
        return name
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _latex_name(name: str) -> str:
    found = re.fullmatch(r"([^\W\d_])(\d*)('*)", name)
    if found:  # a letter, perhaps with an index
        letter, digits, primes = found.groups()
        return (f"{letter}_{{{digits}}}" if digits else letter) + primes
    if _NUMBER.fullmatch(name):
        return name
    primes = len(name) - len(name.rstrip("'"))
    special = re.sub(r"([\\{}_^#&$%~ ])", _latex_character, name[: len(name) - primes])
    return rf"\mathrm{{{special}}}" + "'" * primes


def _latex_character(found: re.Match[str]) -> str:
    return {"\\": r"\backslash{}", "^": r"\hat{}", "~": r"\sim{}"}.get(found[0], "\\" + found[0])


def tptp_name(name: str) -> str:
    """The name of a symbol or of a formula in TPTP: as it is, or in quotes."""
    if re.fullmatch(r"[a-z]\w*|\"([^\\\"\n]|\\[\\\"])*\"", name, re.ASCII):  # the latter is a "distinct object"
        return name
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"


def _capital_letters(formula: Formula) -> dict[str, str]:
    """Names for the variables of a formula as TPTP wants them: the same with a capital letter, all different."""
    names: dict[str, None] = {}
    for _, part in subformulas(formula):
        if isinstance(part, ForAll | Exists):
            names[part.variable.name] = None
    names |= dict.fromkeys(sorted(variable.name for variable in formula.free))
    found = {name: name for name in names if re.fullmatch(r"[A-Z]\w*", name, re.ASCII)}
    for name in names:
        if name not in found:
            plain = re.sub(r"\W", "_", name.replace("'", "_prime"), flags=re.ASCII)
            wish = plain[:1].upper() + plain[1:] if plain[:1].isalpha() else f"V{plain}"
            capital, number = wish, 1
            while capital in found.values():
                number += 1
                capital = f"{wish}_{number}"
            found[name] = capital
    return found
