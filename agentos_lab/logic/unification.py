"""Unification: the most general substitution that makes two terms equal, and matching, which changes only one of them.

``P(x, f(x))`` and ``P(g(y), z)`` become equal with x = g(y), z = f(g(y)); ``x`` and ``f(x)`` never do, because x would
have to hold itself (the occurs check).

The bindings are kept triangular (a variable is bound to a term with other bound variables in it), as in Baader & Snyder
2001, section 2.2, so that each is found once. Written out, the unifier can be exponentially large; as shared terms it
is not.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from agentos_lab.results import Step

from .terms import Function, Term, Variable

__all__ = ["Unification", "match", "most_general_unifier", "resolved", "unify"]

Bindings = dict[Variable, Term]


def most_general_unifier(left: Term, right: Term, bindings: Bindings | None = None) -> Bindings | None:
    """Bindings that make two terms equal, in triangular form; None where there are none.

    Args:
        left, right: The terms.
        bindings: Bindings that hold already; they are added to, also where the answer is None.
    """
    found: Bindings = {} if bindings is None else bindings
    waiting = [(left, right)]
    while waiting:
        a, b = waiting.pop()
        while isinstance(a, Variable) and a in found:
            a = found[a]
        while isinstance(b, Variable) and b in found:
            b = found[b]
        if a is b:
            continue
        if isinstance(a, Variable):
            if _occurs(a, b, found):
                return None
            found[a] = b
        elif isinstance(b, Variable):
            if _occurs(b, a, found):
                return None
            found[b] = a
        elif (a.ground and b.ground) or a.name != b.name or len(a.args) != len(b.args):
            return None
        else:
            waiting += zip(a.args, b.args, strict=True)
    return found


def _occurs(variable: Variable, term: Term, bindings: Bindings) -> bool:
    """Whether a variable is inside a term under the bindings; each part is looked at once, however often shared."""
    seen: set[Term] = set()
    waiting = [term]
    while waiting:
        part = waiting.pop()
        if part is variable:
            return True
        if part.ground or part in seen:
            continue
        seen.add(part)
        if isinstance(part, Variable):
            if part in bindings:
                waiting.append(bindings[part])
        else:
            waiting += part.args
    return False


def resolved(term: Term, bindings: Bindings, known: dict[Term, Term] | None = None) -> Term:
    """A term with triangular bindings put in all the way down.

    Args:
        term: The term.
        bindings: From `most_general_unifier`.
        known: What has been worked out already, for calls with the same bindings.
    """
    if term.ground:
        return term
    known = {} if known is None else known
    if term in known:
        return known[term]
    if isinstance(term, Variable):
        result = resolved(bindings[term], bindings, known) if term in bindings else term
    else:
        result = Function(term.name, *[resolved(arg, bindings, known) for arg in term.args])
    known[term] = result
    return result


def match(pattern: Term, instance: Term, bindings: Bindings | None = None) -> Bindings | None:
    """Bindings for the variables of `pattern` alone that make it equal to `instance`; None where there are none.

    Args:
        pattern, instance: The terms. A variable of the instance stands for itself.
        bindings: Bindings that hold already; they are left as they are.
    """
    found: Bindings = {} if bindings is None else dict(bindings)
    waiting = [(pattern, instance)]
    while waiting:
        a, b = waiting.pop()
        if isinstance(a, Variable):
            if found.setdefault(a, b) is not b:
                return None
        elif a.ground:
            if a is not b:
                return None
        elif a.name != b.name or len(a.args) != len(b.args) or isinstance(b, Variable):
            return None
        else:
            waiting += zip(a.args, b.args, strict=True)
    return found


@dataclass(frozen=True)
class Unification:
    """The attempt to unify two terms. As a bool: whether they unify.

    Attributes:
        left, right: The terms.
        steps: What was done to the equations that are still to be solved, one rule at a time.
        reason: Why they do not unify: a clash or an occurs failure; empty where they do.
        bindings: The triangular bindings that were found.
    """

    left: Term
    right: Term
    steps: tuple[Step, ...]
    reason: str
    bindings: Bindings

    def __bool__(self) -> bool:
        return not self.reason

    @cached_property
    def unifier(self) -> dict[Variable, Term]:
        """The most general unifier, all bindings put in.

        Raises:
            ValueError: The terms do not unify.
        """
        if self.reason:
            raise ValueError(f"{self.left} and {self.right} do not unify: {self.reason}")
        known: dict[Term, Term] = {}
        return {variable: resolved(variable, self.bindings, known) for variable in self.bindings}

    def __str__(self) -> str:
        lines = [f"{self.left} ≟ {self.right}"]
        lines += [f"  {step.rule}: {step.after}" for step in self.steps]
        if self.reason:
            return "\n".join([*lines, f"no unifier: {self.reason}"])
        bound = ", ".join(f"{variable} = {term}" for variable, term in self.unifier.items())
        return "\n".join([*lines, f"unifier: {bound or 'nothing needs to change'}"])


def unify(left: Term, right: Term) -> Unification:
    """Unify two terms and tell every step.

    Args:
        left, right: The terms; variables with the same name are the same.

    Returns:
        The unifier with its steps, or the reason why there is none.

    Source: Martelli & Montanari 1982, algorithm 1: the rules delete, decompose, orient, eliminate, clash and occurs.
    """
    waiting: list[tuple[Term, Term]] = [(left, right)]
    bindings: Bindings = {}
    steps: list[Step] = []

    def tell(rule: str, before: tuple[Term, Term]) -> None:
        shown = ", ".join(f"{a} ≟ {b}" for a, b in waiting) or "nothing left to solve"
        steps.append(Step(rule, "Martelli & Montanari 1982", f"{before[0]} ≟ {before[1]}", shown))

    while waiting:
        pair = waiting.pop(0)
        a, b = (resolved(side, bindings) for side in pair)
        if a is b:
            tell("delete", (a, b))
        elif isinstance(a, Variable) or isinstance(b, Variable):
            if not isinstance(a, Variable):
                waiting.insert(0, (b, a))
                tell("orient", (a, b))
                continue
            if a in b.variables:
                reason = f"occurs check: {a} would have to hold itself in {a} = {b}"
                return Unification(left, right, tuple(steps), reason, bindings)
            bindings[a] = b
            tell(f"eliminate {a} = {b}", (a, b))
        elif a.name != b.name or len(a.args) != len(b.args):
            return Unification(left, right, tuple(steps), f"clash: {_head(a)} is not {_head(b)}", bindings)
        else:
            waiting[:0] = zip(a.args, b.args, strict=True)
            tell("decompose", (a, b))
    return Unification(left, right, tuple(steps), "", bindings)


def _head(term: Term) -> str:
    return f"{term.name}/{len(term.args)}" if term.args else term.name
