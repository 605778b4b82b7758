r"""Resolution and factoring, the two rules that refute without equality (Robinson 1965).

Resolution:   C ∨ A    ¬B ∨ D             Factoring:   C ∨ A ∨ B
              ───────────────  σA = σB                 ──────────  σA = σB
                  σ(C ∨ D)                               σ(C ∨ A)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from .clauses import Clause, Literal, apart_of, canonical_variable, is_too_large, named_canonically
from .inference import Inference, Premise
from .terms import Function, Term, Variable, substitute
from .unification import Bindings, most_general_unifier, resolved

__all__ = ["Conclusion", "conclude", "factors", "resolvents"]

_Used = tuple[Clause, int, bool, tuple[int, ...]]  # a parent, its literal, whether renamed apart, the position
Conclusion = tuple[tuple[Literal, ...], Inference]  # the literals of a new clause, and where they come from

_LARGE = 150  # symbols of the parents together; with fewer, a conclusion is not nested too deeply for Python's stack


def resolvents(given: Clause, at: int, partner: Clause, partner_at: int) -> Iterable[Conclusion]:
    """What resolution makes of two clauses, on a literal of each with opposite signs; at most one clause.

    Args:
        given: Keeps its variables.
        at: The number of its literal.
        partner: Its variables are renamed apart.
        partner_at: The number of its literal.
    """
    mine, other = given.literals, partner.apart
    bindings = most_general_unifier(mine[at].atom, other[partner_at].atom)
    if bindings is not None:
        rest = [literal for number, literal in enumerate(mine) if number != at]
        rest += [literal for number, literal in enumerate(other) if number != partner_at]
        yield conclude("resolution", rest, bindings, (given, at, False, ()), (partner, partner_at, True, ()))


def factors(clause: Clause, at: int) -> Iterable[Conclusion]:
    """What factoring makes of a clause: a literal made equal to another of the same sign."""
    literals = clause.literals
    for number, (sign, atom) in enumerate(literals):
        if number != at and sign == literals[at].positive and atom.name == literals[at].atom.name:
            bindings = most_general_unifier(literals[at].atom, atom)
            if bindings is not None:
                rest = [literal for other, literal in enumerate(literals) if other != number]
                yield conclude("factoring", rest, bindings, (clause, at, False, ()), second=number)


def conclude(
    rule: str,
    literals: Iterable[Literal],
    bindings: Bindings,
    *parents: _Used,
    second: int | None = None,
) -> Conclusion:
    """The conclusion of a rule: bindings put in, variables named X0, X1, …, each literal once.

    Args:
        rule: Its name.
        literals: What is left of the parents, in their variables.
        bindings: The unifier.
        *parents: For each the clause, its literal, whether its variables were renamed apart, and the position.
        second: For factoring: the other literal.
    """
    if sum(parent[0].size for parent in parents) > _LARGE:
        return _conclude_large(rule, literals, bindings, *parents, second=second)
    known: dict[Term, Term] = {}
    names: dict[Variable, Variable] = {}

    def put_in(term: Term) -> Term:
        """The term with all bindings put in and its free variables renamed, every shared part once."""
        if term.ground:
            return term
        result = known.get(term)
        if result is None:
            if not isinstance(term, Variable):
                result = Function(term.name, *[put_in(arg) for arg in term.args])
            elif term in bindings:
                result = put_in(bindings[term])
            else:
                result = names.setdefault(term, canonical_variable(len(names)))
            known[term] = result
        return result

    new = tuple(dict.fromkeys([Literal(sign, put_in(atom)) for sign, atom in literals]))
    return new, Inference(rule, _premises(parents, put_in), second=second)


def _conclude_large(
    rule: str, literals: Iterable[Literal], bindings: Bindings, *parents: _Used, second: int | None
) -> Conclusion:
    """The same without Python's stack, for terms that may be nested deeply or hold the same part very often."""
    known: dict[Term, Term] = {}
    found = [Literal(sign, resolved(atom, bindings, known)) for sign, atom in literals]
    if is_too_large(found):  # it will be put aside: naming its variables could take for ever
        return tuple(found), Inference(rule)
    new, renamed = named_canonically(found)

    def put_in(variable: Variable) -> Term:
        return substitute(resolved(variable, bindings, known), renamed)

    return new, Inference(rule, _premises(parents, put_in), second=second)


def _premises(parents: tuple[_Used, ...], put_in: Callable[[Variable], Term]) -> tuple[Premise, ...]:
    return tuple(
        Premise(clause, at, (lambda variable: put_in(apart_of(variable))) if apart else put_in, position)
        for clause, at, apart, position in parents
    )
