"""Terms: variables, constants and function applications, each kept only once.

Two equal terms are the same object (hash consing), so that comparing them is one machine instruction, and what is known
of a term is computed once: whether it is ground, how heavy it is, which variables it holds. A substitution skips ground
parts without looking inside. That sharing is what makes a prover in Python bearable.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterator, Mapping
from typing import Any

__all__ = ["Function", "Substitution", "Term", "Variable", "constant", "replaced_inside_out", "substitute", "subterms"]


class Term:
    """A variable or a function application. Make them with `Variable` and `Function`; equal ones are identical.

    Attributes:
        name: The variable, function or constant symbol.
        args: The arguments; empty for variables and constants.
        ground: Whether it holds no variable.
        size: The number of symbols in it.
        depth: How deeply it is nested; 1 for variables and constants.
        variables: The variables in it.
    """

    __slots__ = ("__weakref__", "args", "depth", "ground", "name", "size", "variables")

    name: str
    args: tuple[Term, ...]
    ground: bool
    size: int
    depth: int
    variables: frozenset[Variable]

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError("a term never changes; make another one")

    def __repr__(self) -> str:
        return str(self)

    def __str__(self) -> str:
        from .formula_text import term_text

        return term_text(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return (type(self), (self.name, *self.args))  # copies and unpickled terms are the shared ones again


class Variable(Term):
    """A variable, such as x in P(x).

    Args:
        name: What it is called.

    Raises:
        ValueError: The name is no text.
    """

    __slots__ = ()
    __match_args__ = ("name",)

    def __new__(cls, name: str) -> Variable:
        known = _shared.get(name)
        term = known() if known is not None else None
        if term is None:
            _check(name, ())
            term = object.__new__(cls)
            _fill(term, name, (), False, 1, 1, frozenset((term,)))
            _shared[name] = weakref.ref(term, lambda _: _forget(name))
        return term


class Function(Term):
    """A function applied to arguments; without any it is a constant.

    Args:
        name: The function's symbol.
        *args: Terms.

    Raises:
        ValueError: The name is no text, or an argument no term.
    """

    __slots__ = ()
    __match_args__ = ("name", "args")

    def __new__(cls, name: str, *args: Term) -> Function:
        key = (name, args)
        try:
            known = _shared.get(key)
        except TypeError:  # a list among the arguments, say, which cannot be looked up
            _check(name, args)
            raise
        term = known() if known is not None else None
        if term is None:
            _check(name, args)
            term = object.__new__(cls)
            ground, size, depth = True, 1, 0
            for arg in args:
                size += arg.size
                depth = max(depth, arg.depth)
                ground = ground and arg.ground
            variables = _NONE if ground else frozenset().union(*(arg.variables for arg in args))
            _fill(term, name, args, ground, size, depth + 1, variables)
            _shared[key] = weakref.ref(term, lambda _: _forget(key))
        return term


Substitution = Mapping[Variable, Term]  # what replaces each variable

_LARGE = 300  # symbols; a smaller term is not nested so deeply that Python's stack would not do
_NONE: frozenset[Any] = frozenset()
_shared: dict[Any, weakref.ref[Any]] = {}  # every term that somebody still uses


def _forget(key: Any) -> None:
    known = _shared.get(key)
    if known is not None and known() is None:  # not one that was made anew in the meantime
        del _shared[key]


def _check(name: str, args: tuple[Term, ...]) -> None:
    if not isinstance(name, str):
        raise ValueError(f"a variable, function or constant has a text as its name, got {name!r}")
    for arg in args:
        if not isinstance(arg, Term):
            raise ValueError(f"the arguments of {name} are terms, such as Variable('x') or constant('a'), got {arg!r}")


def _fill(
    term: Term, name: str, args: tuple[Term, ...], ground: bool, size: int, depth: int, variables: frozenset[Any]
) -> None:
    write = object.__setattr__
    write(term, "name", name)
    write(term, "args", args)
    write(term, "ground", ground)
    write(term, "size", size)
    write(term, "depth", depth)
    write(term, "variables", variables)


def constant(name: str) -> Function:
    """A constant: a function of no arguments."""
    return Function(name)


def substitute(term: Term, substitution: Substitution) -> Term:
    """The term with its variables replaced, all at once: what comes in is not replaced again."""
    if term.ground:
        return term
    if isinstance(term, Variable):
        return substitution.get(term, term)
    if term.size > _LARGE:
        return replaced_inside_out(term, substitution.get)
    args = tuple([substitute(arg, substitution) for arg in term.args])
    return term if args == term.args else Function(term.name, *args)


def replaced_inside_out(
    term: Term,
    replacement: Callable[[Variable], Term | None],
    again: bool = False,
    done: dict[Term, Term] | None = None,
) -> Term:
    """The term with its variables replaced: each shared part once, without Python's stack.

    Args:
        term: The term.
        replacement: What replaces a variable; None leaves it.
        again: Whether what comes in is replaced as well, all the way down.
        done: What has been worked out already; it is added to.
    """
    done = {} if done is None else done
    waiting = [term]
    while waiting:
        part = waiting[-1]
        if part.ground:
            done[part] = part
        elif part not in done:
            new = replacement(part) if isinstance(part, Variable) else None
            inside = part.args if new is None else (new,) if again else ()
            missing = [inner for inner in inside if inner not in done]
            if missing:
                waiting += missing
                continue
            if new is not None:
                done[part] = done[new] if again else new
            else:
                done[part] = Function(part.name, *[done[arg] for arg in part.args]) if part.args else part
        waiting.pop()
    return done[term]


def subterms(term: Term) -> Iterator[tuple[tuple[int, ...], Term]]:
    """The term and everything inside it, each with its position: the argument numbers on the way to it, from 0."""
    waiting: list[tuple[tuple[int, ...], Term]] = [((), term)]
    while waiting:
        position, part = waiting.pop()
        yield position, part
        if part.args:
            waiting += [((*position, place), part.args[place]) for place in reversed(range(len(part.args)))]
