"""Short derivations by the do-calculus, as a person would write them, found by search on small graphs.

A goal is a term P(y | do(x), w). It is reached when nothing is done in it any more. Otherwise it becomes another term
by one of the three rules, or two terms: by conditioning, Σ_z P(y | do(x), z, w) P(z | do(x), w), by the definition of a
conditional probability, or by the chain rule. A shortest derivation is a cheapest tree of such moves. There are at most
4^n terms on n nodes (each is asked about, done, seen or absent), few enough to find the cheapest tree of each of them.

The ID algorithm (`identification`) is complete and quick; its lines are hard to read as a proof. This search gives the
textbooks' proofs of the back door, the front door and the napkin.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agentos_lab.errors import IdentificationError

from .bit_graph import bits
from .causal_step import CausalDerivation, CausalStep
from .do_calculus import RULES, SOURCE, premise
from .expression import Expression, Fraction, Probability, Product, Sum, Variable
from .expression_algebra import fraction, probabilities, product, total
from .graph import CausalGraph, as_graph
from .query import Query, parse_query

__all__ = ["derive"]

_MOST_NODES = 6
_KINDS = {
    **{f"rule {number}": (name, SOURCE) for number, name in RULES.items()},
    "condition": ("condition and sum", "law of total probability"),
    "divide": ("conditional probability", "definition"),
    "chain": ("chain rule", "definition of conditional probability"),
}


def derive(graph: CausalGraph | str, query: Query | str) -> CausalDerivation:
    """A shortest derivation of a causal effect by the three rules and the laws of probability.

    Args:
        graph: A graph with at most six nodes that matter to the query.
        query: Such as ``"P(Y | do(X))"``.

    Returns:
        The derivation; each step holds the whole expression before and after, the part that changed, and for a rule
        the mutilated graph and its separation.

    Raises:
        IdentificationError: There is no derivation by these moves. `identify` tells whether the query is identifiable.
        ValueError: The graph is too large for the search.
    """
    graph = as_graph(graph)
    asked = parse_query(query)
    y, x, w = (graph.mask([v.name for v in part]) for part in (asked.outcomes, asked.treatments, asked.conditions))
    relevant = graph.ancestor_mask(y | x | w)
    if relevant.bit_count() > _MOST_NODES:
        raise ValueError(
            f"the search takes at most {_MOST_NODES} nodes, and {relevant.bit_count()} are ancestors of the query's; "
            "identify() works on graphs of any size"
        )
    goal = _Term(y, x, w)
    best = _cheapest_trees(graph, goal, relevant)
    if goal not in best:
        raise IdentificationError(f"the search found no derivation of {asked} in {graph}; see identify()")
    return CausalDerivation(asked, tuple(_Writer(graph, asked, best).steps(goal)), graph)


@dataclass(frozen=True)
class _Term:
    """P(y | do(x), w) as masks."""

    y: int
    x: int
    w: int


@dataclass(frozen=True)
class _Move:
    """One way to reach a goal: `kind` turns it into the terms `into`, moving the nodes `z`."""

    kind: str
    z: int
    into: tuple[_Term, ...]


def _cheapest_trees(graph: CausalGraph, goal: _Term, relevant: int) -> dict[_Term, tuple[int, _Move | None]]:
    """For each term that can be derived: the number of steps, and the first move (None: nothing left to do)."""
    moves = {goal: list(_moves(graph, goal, relevant))}
    waiting = [goal]
    while waiting:  # all terms that the goal can turn into
        for move in moves[waiting.pop()]:
            for term in move.into:
                if term not in moves:
                    moves[term] = list(_moves(graph, term, relevant)) if term.x else []
                    waiting.append(term)
    best: dict[_Term, tuple[int, _Move | None]] = {term: (0, None) for term in moves if not term.x}
    changed = True
    while changed:  # the costs of the parts can only fall, and so those of the whole
        changed = False
        for term, choices in moves.items():
            for move in choices:
                if all(part in best for part in move.into):
                    cost = 1 + sum(best[part][0] for part in move.into)
                    if term not in best or cost < best[term][0]:
                        best[term] = (cost, move)
                        changed = True
    return best


def _moves(graph: CausalGraph, term: _Term, relevant: int) -> Iterator[_Move]:
    """Every move that the graph and probability allow, rules first: on equal cost the first is taken."""
    y, x, w = term.y, term.x, term.w
    absent = relevant & ~(y | x | w)
    for z in _choices(x):
        if premise(graph, 3, y, x & ~z, z, w).holds(graph):
            yield _Move("rule 3", z, (_Term(y, x & ~z, w),))
        if premise(graph, 2, y, x & ~z, z, w).holds(graph):
            yield _Move("rule 2", z, (_Term(y, x & ~z, w | z),))
    for z in _choices(w):
        if premise(graph, 1, y, x, z, w & ~z).holds(graph):
            yield _Move("rule 1", z, (_Term(y, x, w & ~z),))
        if premise(graph, 2, y, x, z, w & ~z).holds(graph):
            yield _Move("rule 2", z, (_Term(y, x | z, w & ~z),))
    for node in bits(absent):
        z = 1 << node
        if premise(graph, 3, y, x, z, w).holds(graph):
            yield _Move("rule 3", z, (_Term(y, x | z, w),))
        if premise(graph, 1, y, x, z, w).holds(graph):
            yield _Move("rule 1", z, (_Term(y, x, w | z),))
        yield _Move("condition", z, (_Term(y, x, w | z), _Term(z, x, w)))
    for node in bits(w):
        z = 1 << node
        yield _Move("divide", z, (_Term(y | z, x, w & ~z), _Term(z, x, w & ~z)))
    if y.bit_count() > 1:
        for node in bits(y):
            z = 1 << node
            yield _Move("chain", z, (_Term(y & ~z, x, w | z), _Term(z, x, w)))


def _choices(mask: int) -> list[int]:
    """The single nodes of a set, and the whole set."""
    single = [1 << node for node in bits(mask)]
    return [*single, mask] if len(single) > 1 else single


class _Writer:
    """Writes a tree of moves as a line of steps: always the first term of the expression that still holds a do()."""

    def __init__(self, graph: CausalGraph, query: Query, best: dict[_Term, tuple[int, _Move | None]]) -> None:
        self.graph, self.best = graph, best
        self.values = {v.name: v for v in query.outcomes + query.treatments + query.conditions}

    def steps(self, goal: _Term) -> Iterator[CausalStep]:
        expression: Expression = self._term(goal, self.values)
        while found := next((term for term in probabilities(expression) if term.do), None):
            symbols = {v.name: v for v in found.variables + found.given + found.do}
            masks = (self.graph.mask([v.name for v in part]) for part in (found.variables, found.do, found.given))
            move = self.best[_Term(*masks)][1]
            assert move is not None  # a term with do() always has a move: the tree ends where nothing is done
            into = self._written(move, symbols, _taken(expression))
            after = _replaced(expression, found, into)
            yield self._step(move, found, into, expression, after)
            expression = after

    def _written(self, move: _Move, symbols: dict[str, Variable], taken: set[str]) -> Expression:
        """What a move makes of a term. A new variable gets the name that nothing around it has."""
        node = self.graph.names(move.z)[0]
        new = Variable(node)
        if move.kind == "condition":
            while new.symbol in taken:
                new = new._replace(primes=new.primes + 1)
        known = {**{name: Variable(name) for name in self.graph.names(move.z)}, **symbols}
        if move.kind == "condition":
            known[node] = new
        parts = [self._term(term, known) for term in move.into]
        if move.kind == "condition":
            return total((new,), product(*parts))
        if move.kind == "divide":
            return fraction(parts[0], parts[1])
        return product(*parts)

    def _term(self, term: _Term, symbols: dict[str, Variable]) -> Probability:
        y, x, w = (tuple(symbols[name] for name in self.graph.names(mask)) for mask in (term.y, term.x, term.w))
        return Probability(y, w, x)

    def _step(
        self, move: _Move, part: Probability, into: Expression, before: Expression, after: Expression
    ) -> CausalStep:
        rule, source = _KINDS[move.kind]
        if not move.kind.startswith("rule"):
            return CausalStep(rule, source, before, after, f"{part} = {into}", part=part, into=into)
        y, x, w = (self.graph.mask([v.name for v in side]) for side in (part.variables, part.do, part.given))
        needed = premise(self.graph, int(move.kind[-1]), y, x & ~move.z, move.z, w & ~move.z)
        claim, mutilated = needed.claim(self.graph), needed.mutilated(self.graph)
        return CausalStep(rule, source, before, after, f"{claim} in {mutilated}", mutilated, (claim,), part, into)


def _replaced(expression: Expression, old: Expression, new: Expression) -> Expression:
    """The expression with the first occurrence of a part replaced."""
    if expression == old:
        return new
    match expression:
        case Product(parts):
            for place, part in enumerate(parts):
                changed = _replaced(part, old, new)
                if changed != part:
                    return product(*parts[:place], changed, *parts[place + 1 :])
        case Fraction(numerator, denominator):
            changed = _replaced(numerator, old, new)
            if changed != numerator:
                return fraction(changed, denominator)
            return fraction(numerator, _replaced(denominator, old, new))
        case Sum(over, body):
            return total(over, _replaced(body, old, new))
    return expression


def _taken(expression: Expression) -> set[str]:
    """All symbols of an expression, bound ones too."""
    match expression:
        case Product(parts):
            return set().union(*(_taken(part) for part in parts))
        case Fraction(numerator, denominator):
            return _taken(numerator) | _taken(denominator)
        case Sum(over, body):
            return {variable.symbol for variable in over} | _taken(body)
    return set(expression.free)
