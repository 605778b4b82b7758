"""Random closed formulas for property tests, and all structures over two things to judge them by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from hypothesis import strategies as st

from agentos_lab.logic import (
    FALSE,
    TRUE,
    And,
    Atom,
    Equal,
    Exists,
    ForAll,
    Formula,
    Function,
    Iff,
    Implies,
    Not,
    Or,
    Term,
    Variable,
)
from agentos_lab.logic.formulas import Falsity, Truth

X, Y = Variable("x"), Variable("y")
_TERMS = st.sampled_from([X, Y, Function("a"), Function("f", X), Function("f", Function("f", Y))])
_ATOMS = st.one_of(
    st.just(Atom("p")),
    st.builds(lambda t: Atom("P", (t,)), _TERMS),
    st.builds(lambda s, t: Atom("R", (s, t)), _TERMS, _TERMS),
    st.builds(Equal, _TERMS, _TERMS),
    st.sampled_from([TRUE, FALSE]),
)


def _larger(inside: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    several = st.lists(inside, min_size=2, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Not, inside),
        st.builds(And, several),
        st.builds(Or, several),
        st.builds(Implies, inside, inside),
        st.builds(Iff, inside, inside),
        st.builds(ForAll, st.sampled_from([X, Y]), inside),
        st.builds(Exists, st.sampled_from([X, Y]), inside),
    )


def closed(formula: Formula) -> Formula:
    """The formula for all values of its free variables."""
    for variable in sorted(formula.free, key=str):
        formula = ForAll(variable, formula)
    return formula


OPEN_FORMULAS = st.recursive(_ATOMS, _larger, max_leaves=6)
FORMULAS = OPEN_FORMULAS.map(closed)
PROPOSITIONS = st.recursive(
    st.sampled_from([Atom("p"), Atom("q"), Atom("r"), Atom("s"), TRUE, FALSE]),
    lambda inside: st.one_of(
        st.builds(Not, inside),
        st.builds(And, st.lists(inside, min_size=2, max_size=4).map(tuple)),
        st.builds(Or, st.lists(inside, min_size=2, max_size=4).map(tuple)),
        st.builds(Implies, inside, inside),
        st.builds(Iff, inside, inside),
    ),
    max_leaves=12,
)

World = Mapping[str, object]  # what each symbol means, over the things 0 and 1


def worlds() -> Iterator[World]:
    """All structures over two things for the symbols p, P, R, a and f."""
    for p, many, a, first, second in product((False, True), range(64), (0, 1), (0, 1), (0, 1)):
        yield {
            "p": p,
            "P": {(thing,) for thing in (0, 1) if many >> thing & 1},
            "R": {pair for place, pair in enumerate(product((0, 1), repeat=2)) if many >> (place + 2) & 1},
            "a": a,
            "f": (first, second),
        }


def source(formula: Formula) -> str:
    """The formula as an expression of Python over a world `w`."""
    match formula:
        case Truth() | Falsity():
            return str(formula == TRUE)
        case Atom(name, ()):
            return f"w[{name!r}]"
        case Atom(name, args):
            return f"(({', '.join(map(_value, args))},) in w[{name!r}])"
        case Equal(left, right):
            return f"({_value(left)} == {_value(right)})"
        case Not(part):
            return f"(not {source(part)})"
        case And(parts):
            return f"({' and '.join(map(source, parts))})"
        case Or(parts):
            return f"({' or '.join(map(source, parts))})"
        case Implies(left, right):
            return f"(not {source(left)} or {source(right)})"
        case Iff(left, right):
            return f"(bool({source(left)}) == bool({source(right)}))"
        case ForAll(variable, body) | Exists(variable, body):
            kind = "all" if isinstance(formula, ForAll) else "any"
            return f"{kind}({source(body)} for {_value(variable)} in (0, 1))"
    raise TypeError(formula)


def _value(term: Term) -> str:
    if isinstance(term, Variable):
        return term.name.replace("'", "_prime")
    return f"w['f'][{_value(term.args[0])}]" if term.args else f"w[{term.name!r}]"


WORLDS = tuple(worlds())[::3]


def truth(formula: Formula) -> list[bool]:
    """Whether the formula holds in each of `WORLDS`."""
    holds = eval(f"lambda w: bool({source(formula)})")
    return [holds(world) for world in WORLDS]
