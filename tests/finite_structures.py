"""Random formulas, all small structures, and truth by its definition, written once more: what models are held to."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, product

from hypothesis import strategies as st

from agentos_lab.logic import And, Atom, Equal, Exists, ForAll, Function, Iff, Implies, Not, Or, Structure, Variable

X, Y, Z = Variable("x"), Variable("y"), Variable("z")
A = Function("a")


@st.composite
def formulas(draw, functions: bool = True, equality: bool = True, depth: int = 3):
    """A strategy for closed formulas over p, P(·), R(·,·), a and, if wanted, f(·) and =."""

    def term():
        simple = draw(st.sampled_from([X, Y, Z, A]))
        return Function("f", simple) if functions and draw(st.booleans()) else simple

    def formula(depth):
        kind = draw(st.integers(0 if depth < 3 else 4, 10 if depth else 3))
        if kind == 0:
            return Atom("p")
        if kind == 1:
            return Atom("P", (term(),))
        if kind in (2, 3):
            return Equal(term(), term()) if kind == 3 and equality else Atom("R", (term(), term()))
        if kind == 4:
            return Not(formula(depth - 1))
        if kind in (5, 6):
            return (And, Or)[kind - 5](tuple(formula(depth - 1) for _ in range(draw(st.integers(2, 3)))))
        if kind in (7, 8):
            return (Implies, Iff)[kind - 7](formula(depth - 1), formula(depth - 1))
        return (ForAll, Exists)[kind - 9](draw(st.sampled_from([X, Y, Z])), formula(depth - 1))

    return closed(formula(depth))


def closed(formula):
    """The formula under ∀ and ∃ in turn for its free variables."""
    for number, variable in enumerate(sorted(formula.free, key=lambda v: v.name)):
        formula = (ForAll, Exists)[number % 2](variable, formula)
    return formula


def structures(size: int, functions: bool = True) -> Iterator[Structure]:
    """Every structure of this size for the symbols of `formulas`."""
    domain = tuple("uvw"[:size])
    singles, pairs = [(d,) for d in domain], list(product(domain, repeat=2))
    tables = [dict(zip(singles, values, strict=True)) for values in product(domain, repeat=size)] if functions else [{}]
    for true, some, relation, table, a in product([False, True], subsets(singles), subsets(pairs), tables, domain):
        predicates = {"p": frozenset([()] if true else []), "P": frozenset(some), "R": frozenset(relation)}
        yield Structure(domain, {"a": a}, {"f": table} if table else {}, predicates)


def structure(size: int):
    """A strategy for one of the structures of this size."""
    domain = tuple("uvwt"[:size])
    tables = st.fixed_dictionaries({(d,): st.sampled_from(domain) for d in domain})
    some = st.frozensets(st.sampled_from([(d,) for d in domain]))
    relation = st.frozensets(st.sampled_from(list(product(domain, repeat=2))))
    true = st.sampled_from([frozenset(), frozenset({()})])
    return st.builds(
        lambda a, f, p, some, relation: Structure(domain, {"a": a}, {"f": f}, {"p": p, "P": some, "R": relation}),
        st.sampled_from(domain), tables, true, some, relation,
    )  # fmt: skip


def subsets(items):
    """Every subset, as a tuple."""
    return chain.from_iterable(combinations(items, count) for count in range(len(items) + 1))


def is_true(formula, s: Structure, env=None) -> bool:
    """Truth by its definition: no short cut, no trace."""
    env = env or {}

    def denoted(term):
        if isinstance(term, Variable):
            return env[term.name]
        if not term.args:
            return s.constants[term.name]
        return s.functions[term.name][tuple(denoted(arg) for arg in term.args)]

    match formula:
        case Atom(name, args):
            return tuple(denoted(arg) for arg in args) in s.predicates[name]
        case Equal(left, right):
            return denoted(left) == denoted(right)
        case Not(part):
            return not is_true(part, s, env)
        case And(parts):
            return sum(is_true(part, s, env) for part in parts) == len(parts)
        case Or(parts):
            return sum(is_true(part, s, env) for part in parts) > 0
        case Implies(left, right):
            return is_true(left, s, env) <= is_true(right, s, env)
        case Iff(left, right):
            return is_true(left, s, env) == is_true(right, s, env)
        case ForAll(variable, body):
            return sum(is_true(body, s, {**env, variable.name: d}) for d in s.domain) == len(s.domain)
        case Exists(variable, body):
            return sum(is_true(body, s, {**env, variable.name: d}) for d in s.domain) > 0
    raise TypeError(formula)
