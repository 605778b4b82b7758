"""Definitions: names for parts of a formula, which keep its clauses few.

(a ∧ b) ∨ (c ∧ d) has four clauses, and n such pairs have 2ⁿ. With a new predicate for each pair, d₁ → a ∧ b and so
on, there are 2n + 1. The result is satisfiable exactly when the formula is.

Sources: Tseitin 1968, "On the complexity of derivation in propositional calculus"; Plaisted & Greenbaum 1986, "A
structure-preserving clause form translation": a part that is used in one direction is defined in that direction.
"""

from __future__ import annotations

from .formulas import And, Atom, Equal, ForAll, Formula, Iff, Not, Or, Truth, children, rebuilt
from .negation_normal_form import literal_count
from .rewriting import joined
from .skolemization import Names

__all__ = ["clause_count", "parts_named", "sides_named"]

_DEEPEST = 60  # writing out → and ↔ makes a formula up to three times as deep


def sides_named(formula: Formula, names: Names, most_literals: int) -> Formula:
    """Names for the sides of ↔ where writing all ↔ out would explode, and for parts that are nested very deeply.

    Args:
        formula: Any formula without free variables.
        names: Where the names of the new predicates come from.
        most_literals: As many literals as the formula may have when its ↔ are written out.
    """
    exploding = literal_count(formula) > most_literals
    if not exploding and formula.depth <= _DEEPEST:
        return formula
    definitions: list[Formula] = []

    def name(part: Formula) -> Formula:
        variables = tuple(sorted(part.free, key=lambda variable: variable.name))
        atom = Atom(names.new("def"), variables)
        definition: Formula = Iff(atom, part)
        for variable in reversed(variables):
            definition = ForAll(variable, definition)
        definitions.append(definition)
        return atom

    def visit(part: Formula) -> Formula:
        inside = [visit(child) for child in children(part)]
        if exploding and isinstance(part, Iff):
            inside = [side if _is_literal(side) else name(side) for side in inside]
        elif max((child.depth for child in inside), default=0) >= _DEEPEST // 2:
            inside = [name(child) if child.depth >= _DEEPEST // 2 else child for child in inside]
        return rebuilt(part, tuple(inside))

    result = visit(formula)
    return And((result, *definitions)) if definitions else result


def parts_named(formula: Formula, names: Names, most_clauses: int) -> Formula:
    """Names for conjunctions inside disjunctions, where distribution would make more than so many clauses.

    Args:
        formula: In negation normal form, without quantifiers; its variables stand for everything.
        names: Where the names of the new predicates come from.
        most_clauses: As many clauses as one disjunction may make.
    """
    definitions: list[Formula] = []

    def name(part: Formula) -> Formula:
        variables = tuple(sorted(part.free, key=lambda variable: variable.name))
        atom = Atom(names.new("def"), variables)
        definitions.append(joined(Or, [Not(atom), part]))
        return atom

    def visit(part: Formula) -> Formula:
        if isinstance(part, And):
            return And(tuple([visit(inner) for inner in part.parts]))
        if not isinstance(part, Or):
            return part
        smaller = [visit(inner) for inner in part.parts]
        counts = [clause_count(inner) for inner in smaller]
        # The largest conjunctions get names first, until what is left stays within the limit. A last one may stay: its
        # definition would have as many clauses.
        largest_first = sorted((place for place in range(len(smaller)) if counts[place] > 1), key=lambda i: -counts[i])
        clauses = _product(counts)
        for place in largest_first[:-1]:
            if clauses <= most_clauses:
                break
            clauses //= counts[place]
            smaller[place] = name(smaller[place])
        return joined(Or, smaller)

    result = visit(formula)
    return joined(And, [result, *definitions])


def clause_count(formula: Formula) -> int:
    """How many clauses distribution makes of a formula in negation normal form."""
    if isinstance(formula, And):
        return sum([clause_count(part) for part in formula.parts])
    if isinstance(formula, Or):
        return _product([clause_count(part) for part in formula.parts])
    return 0 if isinstance(formula, Truth) else 1


def _is_literal(formula: Formula) -> bool:
    return isinstance(formula, Atom | Equal) or (isinstance(formula, Not) and isinstance(formula.part, Atom | Equal))


def _product(counts: list[int]) -> int:
    product = 1
    for number in counts:
        product *= number
    return product
