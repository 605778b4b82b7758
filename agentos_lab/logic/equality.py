r"""Equality by superposition: equals are put for equals, from the larger side to the smaller only.

Superposition:  C ∨ l = r    L[t] ∨ D              Equality resolution:  C ∨ s ≠ t
                ─────────────────────  σl = σt                           ─────────  σs = σt
                   σ(C ∨ L[r] ∨ D)                                          σC

Equality factoring:  C ∨ s = t ∨ u = v                  Demodulation:  l = r    L[lσ] ∨ C
                     ─────────────────  σs = σu                        ──────────────────  lσ > rσ
                     σ(C ∨ t ≠ v ∨ u = v)                                  L[rσ] ∨ C

t is no variable, and r is not larger than l. Without the ordering every equation could be used both ways for ever.
Demodulation replaces its second premise: nothing is lost by it.

Source: Bachmair & Ganzinger 1994, "Rewrite-based equational theorem proving with selection and simplification".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .clauses import EQUALITY, Clause, Literal
from .ordering import larger
from .resolution import Conclusion, conclude
from .terms import Function, Term, Variable, subterms
from .unification import most_general_unifier, resolved

__all__ = ["equality_factors", "equality_resolvents", "replaced_at", "sides", "superpositions"]


def sides(atom: Term) -> list[tuple[int, Term, Term]]:
    """The ways to read an equation from left to right: (which side is left, left, right), larger sides first only."""
    left, right = atom.args
    if larger(left, right):
        return [(0, left, right)]
    if larger(right, left):
        return [(1, right, left)]
    return [(0, left, right), (1, right, left)]


def superpositions(
    source: Clause,
    source_at: int,
    target: Clause,
    target_at: int,
    target_is_given: bool,
    head: str | None = None,
) -> Iterable[Conclusion]:
    """What the equation `source_at` of one clause does to the literal `target_at` of another.

    Args:
        source, source_at: The clause with the equation, and its number.
        target, target_at: The clause that is rewritten, and the number of the literal.
        target_is_given: Which of the two keeps its variables; the other's are renamed apart.
        head: Only from sides with this head ("": a variable); None: from both.
    """
    from_literals = source.apart if target_is_given else source.literals
    into_literals = target.literals if target_is_given else target.apart
    into = into_literals[target_at]
    for side, left, right in sides(from_literals[source_at].atom):
        left_head = "" if isinstance(left, Variable) else left.name
        if head is not None and left_head != head:
            continue
        oriented = larger(left, right)  # and stays so under every substitution
        for position, part in _places(into, left_head):
            bindings = most_general_unifier(left, part)
            if bindings is None:
                continue
            if not oriented and larger(resolved(right, bindings), resolved(left, bindings)):
                continue  # after the substitution the equation points the other way
            rewritten = Literal(into.positive, replaced_at(into.atom, position, right))
            rest = [literal for number, literal in enumerate(from_literals) if number != source_at]
            rest += [rewritten if number == target_at else literal for number, literal in enumerate(into_literals)]
            yield conclude(
                "superposition", rest, bindings,
                (source, source_at, target_is_given, (side,)), (target, target_at, not target_is_given, position),
            )  # fmt: skip


def equality_resolvents(clause: Clause, at: int) -> Iterable[Conclusion]:
    """C ∨ s ≠ t without s ≠ t, where s and t unify."""
    sign, atom = clause.literals[at]
    if not sign and atom.name == EQUALITY:
        left, right = atom.args
        bindings = most_general_unifier(left, right)
        if bindings is not None:
            rest = [literal for number, literal in enumerate(clause.literals) if number != at]
            yield conclude("equality resolution", rest, bindings, (clause, at, False, ()))


def equality_factors(clause: Clause, at: int) -> Iterable[Conclusion]:
    """Two equations of one clause whose larger sides unify: one of them goes, and the smaller sides must differ."""
    literals = clause.literals
    if not (literals[at].positive and literals[at].is_equation):
        return
    for number, (sign, atom) in enumerate(literals):
        if number == at or not sign or atom.name != EQUALITY:
            continue
        for side, left, right in sides(literals[at].atom):
            for other_side in (0, 1):
                other_left, other_right = atom.args[other_side], atom.args[1 - other_side]
                bindings = most_general_unifier(left, other_left)
                if bindings is not None:
                    rest = [literal for other, literal in enumerate(literals) if other != at]
                    rest.append(Literal(False, Function(EQUALITY, right, other_right)))
                    yield conclude(
                        "equality factoring", rest, bindings, (clause, at, False, (side, other_side)), second=number
                    )


def replaced_at(term: Term, position: tuple[int, ...], new: Term) -> Term:
    """The term with another one put at a position."""
    if not position:
        return new
    place, *rest = position
    args = list(term.args)
    args[place] = replaced_at(args[place], tuple(rest), new)
    return Function(term.name, *args)


def _places(literal: Literal, head: str) -> Iterator[tuple[tuple[int, ...], Term]]:
    """Where terms with this head ("": any) may be rewritten in a literal: of an equation in the larger side only."""
    atom = literal.atom
    if literal.is_equation:
        roots = [((side,), left) for side, left, _ in sides(atom)]
    else:
        roots = [((place,), arg) for place, arg in enumerate(atom.args)]
    for root, term in roots:
        for position, part in subterms(term):
            if not isinstance(part, Variable) and head in ("", part.name):
                yield root + position, part
