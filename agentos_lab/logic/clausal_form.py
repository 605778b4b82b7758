"""From a formula to clauses, step by step.

1. eliminate ↔ and →           2. move ¬ inwards               both keep the meaning
3. push quantifiers inwards, and give each variable a name of its own
4. Skolemize: ∃y below ∀x becomes a function of x, a new name for what there is
5. drop ∀                      keeps satisfiability, not meaning: the new functions were not there before
6. distribute ∨ over ∧, or, where that would explode, name a part by a new predicate (definitions)

Source: Nonnengart & Weidenbach 2001, "Computing small clause normal forms".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from agentos_lab.results import Derivation

from .definitions import clause_count, parts_named, sides_named
from .formulas import TRUE, And, Formula, Not, Or, atoms
from .negation_normal_form import NEGATIONS, without_arrows
from .parser import parse
from .prenex_form import quantifiers_inside, renamed_apart
from .rewriting import SIMPLIFY, Change, Rewriting, Rule, joined, phase, rewritten
from .signature import symbol_names
from .skolemization import Names, skolemized, without_quantifiers

__all__ = ["ClausalForm", "Names", "distributed", "to_cnf"]

_MOST_CLAUSES = 24  # of one disjunction by distribution; beyond that, parts get names
_MOST_LITERALS = 2_000  # of a formula with its ↔ written out; beyond that, their sides get names
_CLAUSES_IN_ALL = 100_000  # without definitions


@dataclass(frozen=True)
class ClausalForm:
    """A formula as a set of clauses, with the way there.

    Attributes:
        formula: What it was made of.
        clauses: Disjunctions of literals; all variables stand for everything.
        derivation: Each step with the whole formula before and after; a `Rewriting`, which knows the changed parts.
    """

    formula: Formula
    clauses: tuple[Formula, ...]
    derivation: Derivation

    def one_at_a_time(self) -> Iterator[Rewriting]:
        """The derivation in the smallest steps: one changed part each, with its path."""
        for step in self.derivation:
            if isinstance(step, Rewriting):
                yield from step.one_at_a_time()

    def __iter__(self) -> Iterator[Formula]:
        return iter(self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    def __str__(self) -> str:
        shown = [str(clause) for clause in self.clauses[:10]]
        more = [f"… and {len(self) - 9} more clauses"] if len(self) > 10 else []
        return "\n".join(shown[: 10 - len(more)] + more) or "no clause: the formula always holds"

    __repr__ = __str__


def to_cnf(formula: Formula | str, *, definitions: bool | None = None, names: Names | None = None) -> ClausalForm:
    """The clauses of a formula: satisfiable exactly when the formula is.

    Args:
        formula: Without free variables.
        definitions: Name parts by new predicates always (True), never (False), or where distribution would give more
            than 24 clauses, ↔ more than 2,000 literals, or parts are nested very deeply (None).
        names: Where new names come from; by default they avoid those in the formula only.

    Raises:
        ParseError: A text that is no formula.
        ValueError: A free variable; or more than 100,000 clauses, which only happens without definitions.
    """
    start = parse(formula)
    if start.free:
        free = ", ".join(sorted(variable.name for variable in start.free))
        raise ValueError(f"{free} is free in {start}; bind it by a quantifier")
    names = names or Names(symbol_names(start))
    steps: list[Rewriting] = []

    def do(name: str, source: str, transform: Callable[[Formula, list[Change]], Formula]) -> Formula:
        step = phase(name, source, steps[-1].after if steps else start, transform)
        if step.after != step.before:
            steps.append(step)
        return step.after

    if definitions is not False:
        most = 0 if definitions else max(_MOST_LITERALS, 4 * sum(1 for _ in atoms(start)))
        do("name parts", "Tseitin 1968: a name for what ↔ would repeat", lambda f, _: sides_named(f, names, most))
    do("eliminate ↔ and →", "a ↔ b: both directions; a → b: ¬a ∨ b", without_arrows)
    do("move ¬ inwards", "De Morgan; ¬∀ is ∃¬, ¬∃ is ∀¬", lambda f, c: rewritten(f, NEGATIONS, (SIMPLIFY,), c))
    do("narrow the quantifiers", "∀ over ∧, ∃ over ∨, and past what does not hold the variable", quantifiers_inside)
    do("rename variables apart", "a bound variable may have any name", renamed_apart)
    do("Skolemize", "Skolem 1920: ∃y below ∀x is a function of x", lambda f, c: skolemized(f, names, c))
    matrix = do("drop ∀", "every variable of a clause stands for everything", without_quantifiers)
    if definitions or (definitions is None and clause_count(matrix) > _MOST_CLAUSES):
        most_clauses = 1 if definitions else _MOST_CLAUSES
        source = "Plaisted & Greenbaum 1986: each name only as it is used"
        matrix = do("name parts", source, lambda f, _: parts_named(f, names, most_clauses))
    if definitions is False and (count := clause_count(matrix)) > _CLAUSES_IN_ALL:
        raise ValueError(f"distribution would make {count:,} clauses; with definitions=None, names keep them few")
    end = do("distribute ∨ over ∧", "a ∨ (b ∧ c): (a ∨ b) ∧ (a ∨ c)", distributed)
    clauses = () if end == TRUE else end.parts if isinstance(end, And) else (end,)
    return ClausalForm(start, clauses, Derivation(start, tuple(steps)))


def distributed(formula: Formula, changes: list[Change] | None = None) -> Formula:
    """A formula of ∧, ∨ and literals as a conjunction of clauses, without those that hold p and ¬p."""
    return rewritten(formula, (), (_DISTRIBUTE, SIMPLIFY), changes)


def _distributed(formula: Formula, _: bool) -> Formula | None:
    """A disjunction of clauses and conjunctions of clauses, as one conjunction of clauses."""
    if not isinstance(formula, Or):
        return None
    if not any(isinstance(part, And) for part in formula.parts):
        return TRUE if _is_tautology(formula.parts) else None
    choices: list[list[Formula]] = [[]]  # one part of each conjunction, with all that is no conjunction
    for part in formula.parts:
        if isinstance(part, And):
            choices = [[*choice, other] for choice in choices for other in part.parts]
        else:
            for choice in choices:
                choice.append(part)
    clauses = [joined(Or, choice) for choice in choices]
    return joined(And, [TRUE if isinstance(c, Or) and _is_tautology(c.parts) else c for c in clauses])


def _is_tautology(literals: tuple[Formula, ...]) -> bool:
    negated = {literal.part for literal in literals if isinstance(literal, Not)}
    return bool(negated) and any(literal in negated for literal in literals)


_DISTRIBUTE = Rule("distribute", "a ∨ (b ∧ c): (a ∨ b) ∧ (a ∨ c)", _distributed)
