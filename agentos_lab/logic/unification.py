"""Unification: the most general substitution that makes two terms equal, and matching, which changes only one of them.

``P(x, f(x))`` and ``P(g(y), z)`` become equal with x = g(y), z = f(g(y)); ``x`` and ``f(x)`` never do, because x would
have to hold itself (the occurs check).

The bindings are kept triangular (a variable is bound to a term with other bound variables in it), as in Baader & Snyder
2001, section 2.2, so that each is found once. Written out, the unifier can be exponentially large; as shared terms it
is not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from agentos_lab.results import Step

from .terms import Term, Variable, replaced_inside_out

__all__ = ["Equations", "Unification", "abridged", "match", "most_general_unifier", "resolved", "unify"]

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
    return replaced_inside_out(term, bindings.get, again=True, done=known)


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
        elif a.name != b.name or a.size > b.size or len(a.args) != len(b.args) or isinstance(b, Variable):
            return None  # an instance is never smaller than its pattern
        else:
            waiting += zip(a.args, b.args, strict=True)
    return found


@dataclass(frozen=True)
class Equations:
    """Where unification has got to: what is still to be solved, and what is bound already.

    Attributes:
        waiting: Pairs of terms that have to become equal, the next one first; the bindings have been put in.
        bindings: The bindings so far, in triangular form.
    """

    waiting: tuple[tuple[Term, Term], ...]
    bindings: Mapping[Variable, Term]

    def __str__(self) -> str:
        shown = [f"{abridged(left)} ≟ {abridged(right)}" for left, right in self.waiting[:8]]
        more = [f"… and {len(self.waiting) - 8} more"] if len(self.waiting) > 8 else []
        return ", ".join(shown + more) or "nothing left to solve"

    __repr__ = __str__


@dataclass(frozen=True)
class Unification:
    """The attempt to unify two terms. As a bool: whether they unify.

    Attributes:
        left, right: The terms.
        steps: One rule at a time; `before` and `after` are `Equations`. The last step of a failure is the clash or the
            occurs check that failed, which leaves the equations as they are.
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
            raise ValueError(f"{abridged(self.left)} and {abridged(self.right)} do not unify: {self.reason}")
        known: dict[Term, Term] = {}
        return {variable: resolved(variable, self.bindings, known) for variable in self.bindings}

    def __str__(self) -> str:
        lines = [f"{abridged(self.left)} ≟ {abridged(self.right)}"]
        lines += [f"  {step.rule}: {step.after}" for step in self.steps if step.after is not step.before]
        if self.reason:
            return "\n".join([*lines, f"no unifier: {self.reason}"])
        bound = ", ".join(f"{variable} = {abridged(term)}" for variable, term in self.unifier.items())
        return "\n".join([*lines, f"unifier: {bound or 'nothing needs to change'}"])

    __repr__ = __str__


def unify(left: Term, right: Term) -> Unification:
    """Unify two terms and tell every step.

    Args:
        left, right: The terms; variables with the same name are the same.

    Returns:
        The unifier with its steps, or the reason why there is none.

    Raises:
        ValueError: Something else than two terms, such as texts or atoms.

    Source: Martelli & Montanari 1982, algorithm 1: the rules delete, decompose, orient, eliminate, clash and occurs.
    """
    for term in (left, right):
        if not isinstance(term, Term):
            hint = "such as Variable('x') and Function('f', constant('a')); those of an atom are its .args"
            raise ValueError(f"unify takes two terms, {hint}; got {type(term).__name__} {term}")
    bindings: Bindings = {}
    steps: list[Step] = []
    now = Equations(((left, right),), {})
    reason = ""
    while now.waiting and not reason:
        (a, b), *rest = now.waiting
        if a is b:
            rule, after = "delete", rest
        elif isinstance(b, Variable) and not isinstance(a, Variable):
            rule, after = "orient", [(b, a), *rest]
        elif isinstance(a, Variable):
            if a in b.variables:
                rule, after = "occurs check", list(now.waiting)
                reason = f"occurs check: {a} would have to hold itself in {a} = {abridged(b)}"
            else:
                rule = f"eliminate {a} = {abridged(b)}"
                bindings = {**bindings, a: b}
                known: dict[Term, Term] = {}
                after = [(resolved(one, bindings, known), resolved(other, bindings, known)) for one, other in rest]
        elif a.name != b.name or len(a.args) != len(b.args):
            rule, after, reason = "clash", list(now.waiting), f"clash: {_head(a)} is not {_head(b)}"
        else:
            rule, after = "decompose", [*zip(a.args, b.args, strict=True), *rest]
        before, now = now, now if reason else Equations(tuple(after), bindings)
        steps.append(Step(rule, "Martelli & Montanari 1982", before, now))
    return Unification(left, right, tuple(steps), reason, bindings)


def abridged(term: Term, most: int = 40) -> str:
    """A term as text, but with … for what is inside where it has more than so many symbols."""
    if term.size <= most:
        return str(term)
    if term.size <= 4 * most:
        inside = (f"{arg.name}(…)" if arg.args else str(arg) for arg in term.args)
        return f"{term.name}({', '.join(inside)})"
    return f"{term.name}(…)"


def _head(term: Term) -> str:
    return f"{term.name}/{len(term.args)}" if term.args else term.name
