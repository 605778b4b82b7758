"""From a formula to clauses, step by step: negation normal form, Skolem functions, conjunctive normal form.

1. eliminate ↔ and →           2. move ¬ inwards               both keep the meaning
3. give each variable a name of its own
4. Skolemize: ∃y below ∀x becomes a function of x, a new name for what there is
5. drop ∀                      keeps satisfiability, not meaning: the new functions were not there before
6. distribute ∨ over ∧, or, where that would explode, name a part by a new predicate (definitions)

Source: Nonnengart & Weidenbach 2001, "Computing small clause normal forms"; definitions: Plaisted & Greenbaum 1986.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

from agentos_lab.results import Derivation, Step

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
    Truth,
    conjunction,
    disjunction,
    replace_terms,
)
from .parser import parse
from .terms import Function, Variable

__all__ = ["ClausalForm", "Names", "negation_normal_form", "prenex", "to_cnf"]

_MOST_CLAUSES = 24  # of one formula by distribution; beyond that, parts get names


class Names:
    """New names for Skolem functions and definitions, none of them used before."""

    def __init__(self, taken: set[str] | None = None) -> None:
        self.taken = set(taken or ())
        self.counters = {"sk": count(1), "def": count(1)}

    def new(self, kind: str) -> str:
        """The next name of a kind ("sk" or "def")."""
        while True:
            name = f"{kind}{next(self.counters[kind])}"
            if name not in self.taken:
                self.taken.add(name)
                return name


@dataclass(frozen=True)
class ClausalForm:
    """A formula as a set of clauses, with the way there.

    Attributes:
        formula: What it was made of.
        clauses: Disjunctions of literals; all variables stand for everything.
        derivation: Each step with the whole formula before and after.
    """

    formula: Formula
    clauses: tuple[Formula, ...]
    derivation: Derivation

    def __iter__(self):  # type: ignore[no-untyped-def]
        return iter(self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    def __str__(self) -> str:
        return "\n".join(str(clause) for clause in self.clauses) or "no clause: the formula always holds"


def to_cnf(formula: Formula | str, *, definitions: bool | None = None, names: Names | None = None) -> ClausalForm:
    """The clauses of a formula: satisfiable exactly when the formula is.

    Args:
        formula: Without free variables.
        definitions: Name parts by new predicates always (True), never (False), or where distribution would give more
            than 24 clauses (None).
        names: Where new names come from; by default they avoid those in the formula only.

    Raises:
        ParseError: A text that is no formula.
        ValueError: A free variable.
    """
    start = parse(formula)
    if start.free:
        free = ", ".join(sorted(variable.name for variable in start.free))
        raise ValueError(f"{free} is free in {start}; bind it by a quantifier")
    names = names or Names(_symbols(start))
    steps: list[Step] = []

    def do(rule: str, change: Callable[[Formula], Formula], source: str) -> None:
        before = steps[-1].after if steps else start
        after = change(before)
        if after != before:
            steps.append(Step(rule, source, before, after))

    do("eliminate ↔ and →", lambda f: _without_arrows(f, True), "a ↔ b: both directions; a → b: ¬a ∨ b")
    do("move ¬ inwards", negation_normal_form, "De Morgan; ¬∀ is ∃¬, ¬∃ is ∀¬")
    do("narrow the quantifiers", _narrowed, "∀ over ∧, ∃ over ∨, and past what does not hold the variable")
    do("rename variables apart", lambda f: _apart(f, {}, set()), "a bound variable may have any name")
    do("Skolemize", lambda f: _skolemized(f, (), {}, names), "Skolem 1920: ∃y below ∀x is a function of x")
    do("drop ∀", _without_quantifiers, "every variable of a clause stands for everything")
    if definitions or (definitions is None and _clause_count(steps[-1].after if steps else start) > _MOST_CLAUSES):
        limit = 1 if definitions else _MOST_CLAUSES
        do("name parts", lambda f: _named(f, names, limit), "Plaisted & Greenbaum 1986: each name only as it is used")
    do(
        "distribute ∨ over ∧",
        lambda f: conjunction([disjunction(list(c)) for c in _clauses(f)]),
        "a ∨ (b ∧ c): (a ∨ b) ∧ (a ∨ c)",
    )
    end = steps[-1].after if steps else start
    return ClausalForm(
        start, tuple(disjunction(list(clause)) for clause in _clauses(end)), Derivation(start, tuple(steps))
    )


def _without_arrows(formula: Formula, positive: bool) -> Formula:
    """Step 1. A positive ↔ becomes two implications, a negative one two conjunctions: that makes fewer clauses."""
    match formula:
        case Implies(left, right):
            return Or((Not(_without_arrows(left, not positive)), _without_arrows(right, positive)))
        case Iff(left, right):
            plus = [_without_arrows(side, True) for side in (left, right)]
            minus = [_without_arrows(side, False) for side in (left, right)]
            if positive:
                return And((Or((Not(minus[0]), plus[1])), Or((Not(minus[1]), plus[0]))))
            return Or((And((minus[0], minus[1])), And((Not(plus[0]), Not(plus[1])))))
        case Not(part):
            return Not(_without_arrows(part, not positive))
        case And(parts) | Or(parts):
            return type(formula)(tuple(_without_arrows(part, positive) for part in parts))
        case ForAll(variable, body) | Exists(variable, body):
            return type(formula)(variable, _without_arrows(body, positive))
    return formula


def negation_normal_form(formula: Formula) -> Formula:
    """The formula with every ¬ at an atom, and without → and ↔."""
    return _inwards(_without_arrows(formula, True), True)


def _inwards(formula: Formula, positive: bool) -> Formula:
    """Step 2, and what ⊤ and ⊥ make of their surroundings."""
    match formula:
        case Not(part):
            return _inwards(part, not positive)
        case And(parts) | Or(parts):
            kind = And if isinstance(formula, And) == positive else Or
            return _joined(kind, [_inwards(part, positive) for part in parts])
        case ForAll(variable, body) | Exists(variable, body):
            quantifier = ForAll if isinstance(formula, ForAll) == positive else Exists
            inside = _inwards(body, positive)
            return quantifier(variable, inside) if variable in inside.free else inside
        case Truth() | Falsity():
            return TRUE if isinstance(formula, Truth) == positive else FALSE
    return formula if positive else Not(formula)


def _joined(kind: type[And] | type[Or], parts: list[Formula]) -> Formula:
    """A conjunction or disjunction without parts that decide nothing; nested ones of the same kind are opened."""
    neutral, deciding = (TRUE, FALSE) if kind is And else (FALSE, TRUE)
    flat: list[Formula] = []
    for part in parts:
        for inner in part.parts if isinstance(part, kind) else (part,):
            if inner == deciding:
                return deciding
            if inner != neutral and inner not in flat:
                flat.append(inner)
    return conjunction(flat) if kind is And else disjunction(flat)


def prenex(formula: Formula) -> Formula:
    """The formula with all quantifiers in front, in negation normal form."""
    return _pulled(_apart(negation_normal_form(formula), {}, set()))


def _pulled(formula: Formula) -> Formula:
    prefix: list[tuple[type[ForAll] | type[Exists], Variable]] = []

    def strip(part: Formula) -> Formula:
        match part:
            case ForAll(variable, body) | Exists(variable, body):
                prefix.append((type(part), variable))
                return strip(body)
            case And(parts) | Or(parts):
                return type(part)(tuple(strip(inner) for inner in parts))
        return part

    matrix = strip(formula)
    for kind, variable in reversed(prefix):
        matrix = kind(variable, matrix)
    return matrix


def _narrowed(formula: Formula) -> Formula:
    """Quantifiers as far inwards as they go, so that Skolem functions have few arguments."""
    match formula:
        case And(parts) | Or(parts):
            return type(formula)(tuple(_narrowed(part) for part in parts))
        case ForAll(variable, body) | Exists(variable, body):
            return _narrowed_one(type(formula), variable, _narrowed(body))
    return formula


def _narrowed_one(kind: type[ForAll] | type[Exists], variable: Variable, body: Formula) -> Formula:
    if variable not in body.free:
        return body
    through, stuck = (And, Or) if kind is ForAll else (Or, And)
    if isinstance(body, through):
        return _joined(through, [_narrowed_one(kind, variable, part) for part in body.parts])
    if isinstance(body, stuck):
        inside = [part for part in body.parts if variable in part.free]
        outside = [part for part in body.parts if variable not in part.free]
        if outside:
            inner = _narrowed_one(kind, variable, _joined(stuck, inside))
            return _joined(stuck, [*outside, inner])
    return kind(variable, body)


def _apart(formula: Formula, renamed: dict[Variable, Variable], taken: set[str]) -> Formula:
    """Step 3: no two quantifiers bind the same name."""
    match formula:
        case Not(part):
            return Not(_apart(part, renamed, taken))
        case And(parts) | Or(parts):
            return type(formula)(tuple(_apart(part, renamed, taken) for part in parts))
        case ForAll(variable, body) | Exists(variable, body):
            new, number = variable, 1
            while new.name in taken:
                number += 1
                new = Variable(f"{variable.name}{number}")
            taken.add(new.name)
            return type(formula)(new, _apart(body, {**renamed, variable: new}, taken))
    return replace_terms(formula, renamed)


def _skolemized(
    formula: Formula, universal: tuple[Variable, ...], terms: dict[Variable, Function], names: Names
) -> Formula:
    """Step 4: what exists gets a name, a function of the universal variables around it that its formula speaks of."""
    match formula:
        case And(parts) | Or(parts):
            return type(formula)(tuple(_skolemized(part, universal, terms, names) for part in parts))
        case ForAll(variable, body):
            return ForAll(variable, _skolemized(body, (*universal, variable), terms, names))
        case Exists(variable, body):
            # A variable may come in through the Skolem term of another one.
            around = body.free.union(*(terms[v].variables for v in body.free if v in terms))
            arguments = tuple(v for v in universal if v in around)
            term = Function(names.new("sk"), *arguments)
            return _skolemized(body, universal, {**terms, variable: term}, names)
    return replace_terms(formula, terms)


def _without_quantifiers(formula: Formula) -> Formula:
    match formula:
        case And(parts) | Or(parts):
            return _joined(type(formula), [_without_quantifiers(part) for part in parts])
        case ForAll(_, body):
            return _without_quantifiers(body)
    return formula


def _clause_count(formula: Formula) -> int:
    """How many clauses distribution would make."""
    match formula:
        case And(parts):
            return sum(_clause_count(part) for part in parts)
        case Or(parts):
            product = 1
            for part in parts:
                product *= _clause_count(part)
            return product
    return 1


def _named(formula: Formula, names: Names, limit: int) -> Formula:
    """Conjunctions inside disjunctions become new predicates of their variables, where distribution would explode."""
    definitions: list[Formula] = []

    def visit(part: Formula) -> Formula:
        match part:
            case And(parts):
                return And(tuple(visit(inner) for inner in parts))
            case Or(parts):
                smaller = [visit(inner) for inner in parts]
                # The largest conjunctions get names first, until what is left stays within the limit.
                for place in sorted(range(len(smaller)), key=lambda i: -_clause_count(smaller[i])):
                    if _clause_count(Or(tuple(smaller))) <= limit or _clause_count(smaller[place]) == 1:
                        break
                    smaller[place] = name(smaller[place])
                return _joined(Or, smaller)
        return part

    def name(part: Formula) -> Atom:
        variables = tuple(sorted(part.free, key=lambda variable: variable.name))
        atom = Atom(names.new("def"), variables)
        definitions.append(_joined(Or, [Not(atom), part]))
        return atom

    result = visit(formula)
    return _joined(And, [result, *definitions])


def _clauses(formula: Formula) -> list[tuple[Formula, ...]]:
    """Step 6: the clauses by distribution, each literal once, without those that hold a literal and its negation."""
    match formula:
        case Truth():
            return []
        case Falsity():
            return [()]
        case And(parts):
            return list(dict.fromkeys(clause for part in parts for clause in _clauses(part)))
        case Or(parts):
            products: list[tuple[Formula, ...]] = [()]
            for part in parts:
                products = [tuple(dict.fromkeys((*before, *more))) for before in products for more in _clauses(part)]
            return [clause for clause in products if not any(Not(literal) in clause for literal in clause)]
    return [(formula,)]


def _symbols(formula: Formula) -> set[str]:
    """Every predicate, function and constant name in a formula."""
    from .formulas import atoms
    from .terms import subterms

    found: set[str] = set()
    for atom in atoms(formula):
        if isinstance(atom, Atom):
            found.add(atom.predicate)
        for term in (atom.left, atom.right) if isinstance(atom, Equal) else atom.args:
            found |= {part.name for _, part in subterms(term)}
    return found
