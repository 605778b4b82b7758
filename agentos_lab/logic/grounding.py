"""Grounding: what formulas say about a domain of n elements, as propositional clauses.

Over a fixed finite domain ∀ is a conjunction and ∃ a disjunction over the elements; R(d1, d2) is a proposition, and so
is f(d1) = d2. What remains is a satisfiability problem: a model of the clauses is a structure of size n.

Three ideas keep it small. Quantifiers are pushed inwards first (`miniscoping`), so that few variables run at once. A
subformula or term
is ground once for the same elements, and named by a new proposition (Tseitin 1968). Elements are interchangeable, so
that only one of the n! ways to number them is tried: the first constant is d1, the second d1 or d2, and so on.

Source: McCune 1994, "A Davis–Putnam program and its application to finite first-order model search"; the numbering:
Zhang & Zhang 1995, "SEM: a system for enumerating models", section 3 (least number heuristic).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import count, product

from .clause_writer import FALSE, TRUE, Clause, ClauseWriter
from .formulas import And, Atom, Equal, Exists, Falsity, ForAll, Formula, Iff, Not, Or, Truth
from .terms import Term, Variable

__all__ = ["Grounding", "ground", "witness_name"]

_NUMBERED = 40  # the cells whose values are numbered in order

Value = int | Clause  # of a term: a known element, or for each element the proposition that the term denotes it
Environment = dict[Variable, Value]


class Grounding(ClauseWriter):
    """The clauses for formulas over `size` elements, and which proposition stands for what.

    Attributes:
        size: The number of elements.
        predicates: The proposition for each predicate and tuple of elements that came up.
        cells: For each function (or constant) and tuple of elements that came up, the propositions of its values.
        fixed: The elements of constants that are known beforehand.
    """

    def __init__(
        self,
        size: int,
        fixed: Mapping[str, int] | None = None,
        max_literals: int = 5_000_000,
        deadline: float | None = None,
    ) -> None:
        super().__init__(max_literals, deadline, f"size {size}")
        self.size = size
        self.fixed = dict(fixed or {})
        self.witnesses = count()  # of ∃ below no ∀
        self.predicates: dict[tuple[str, Clause], int] = {}
        self.cells: dict[tuple[str, Clause], Clause] = {}
        self._known: dict[tuple[object, ...], Value] = {}  # what was ground before
        self._kept: list[Formula] = []  # their ids are keys of _known, so that they must stay alive

    # ------------------------------------------------------------------ formulas
    def require(self, formula: Formula, env: Environment, below: bool = False) -> None:
        """Clauses that make a formula true; `below` says whether it stands below a ∀."""
        match formula:
            case And(parts):
                for part in parts:
                    self.require(part, env, below)
            case ForAll(variable, body):
                for element in range(self.size):
                    self.require(body, {**env, variable: element}, True)
            case Exists(variable, body) if not below:  # no ∀ above: a constant without a name, numbered like others
                self.require(body, {**env, variable: self.constant(witness_name(next(self.witnesses)))})
            case Or(parts):
                self.add(*(self.literal(part, env) for part in parts))
            case _:
                self.add(self.literal(formula, env))

    def literal(self, formula: Formula, env: Environment) -> int:
        """A proposition that is equivalent to a formula."""
        self.count_literals(1)
        match formula:
            case Truth():
                return TRUE
            case Falsity():
                return FALSE
            case Not(part):
                return -self.literal(part, env)
        key = (id(formula), *(env[variable] for variable in formula.free))
        if key not in self._known:
            self._kept.append(formula)
            self._known[key] = self._literal(formula, env)
        return self._known[key]  # type: ignore[return-value]

    def _literal(self, formula: Formula, env: Environment) -> int:
        match formula:
            case Atom(predicate, args):
                return self._atom(predicate, [self.value(arg, env) for arg in args])
            case Equal(left, right):
                return self._equal(self.value(left, env), self.value(right, env))
            case And(parts):
                return -self.either(-self.literal(part, env) for part in parts)
            case Or(parts):
                return self.either(self.literal(part, env) for part in parts)
            case Iff(left, right):
                return self.same(self.literal(left, env), self.literal(right, env))
            case ForAll(variable, body):
                return -self.either(-self.literal(body, {**env, variable: d}) for d in range(self.size))
            case Exists(variable, body):
                return self.either(self.literal(body, {**env, variable: d}) for d in range(self.size))
        raise TypeError(f"{type(formula).__name__} is not a narrowed formula")

    def _atom(self, predicate: str, values: list[Value]) -> int:
        if all(isinstance(value, int) for value in values):
            return self._proposition(predicate, tuple(values))  # type: ignore[arg-type]
        name = self.new()
        for elements, unless in self._cases(values):
            truth = self._proposition(predicate, elements)
            self.add(*unless, -name, truth)
            self.add(*unless, name, -truth)
        return name

    def _proposition(self, predicate: str, elements: Clause) -> int:
        key = (predicate, elements)
        if key not in self.predicates:
            self.predicates[key] = self.new()
        return self.predicates[key]

    def _equal(self, left: Value, right: Value) -> int:
        if isinstance(left, int) and isinstance(right, int):
            return TRUE if left == right else FALSE
        if isinstance(left, int):
            left, right = right, left
        if isinstance(right, int):
            return left[right]  # type: ignore[index]
        if left == right:
            return TRUE
        name = self.new()
        for one, other in zip(left, right, strict=True):  # type: ignore[arg-type]
            self.add(-name, -one, other)
            self.add(name, -one, -other)
        return name

    # --------------------------------------------------------------------- terms
    def value(self, term: Term, env: Environment) -> Value:
        """The element that a term denotes, if that is known; else a proposition for each element."""
        if isinstance(term, Variable):
            return env[term]
        if not term.args:
            return self.constant(term.name)
        key = (term, *(env[variable] for variable in sorted(term.variables, key=lambda v: v.name)))
        if key not in self._known:
            args = [self.value(arg, env) for arg in term.args]
            self._known[key] = self._applied(term.name, args)
        return self._known[key]

    def constant(self, name: str) -> Value:
        """The value of a constant."""
        return self.fixed[name] if name in self.fixed else self.cell(name, ())

    def _applied(self, function: str, args: list[Value]) -> Value:
        if all(isinstance(arg, int) for arg in args):
            return self.cell(function, tuple(args))  # type: ignore[arg-type]
        value = tuple(self.new() for _ in range(self.size))
        self.one_of(value)
        for elements, unless in self._cases(args):
            for here, there in zip(value, self.cell(function, elements), strict=True):
                self.add(*unless, -there, here)
        return value

    def cell(self, function: str, elements: Clause) -> Clause:
        """The propositions for the values of a function at these elements: exactly one of them is true."""
        key = (function, elements)
        if key not in self.cells:
            self.cells[key] = tuple(self.new() for _ in range(self.size))
            self.add(*self.cells[key])
            self.one_of(self.cells[key])
        return self.cells[key]

    def _cases(self, values: list[Value]) -> Iterator[tuple[Clause, Clause]]:
        """The tuples of elements that values may be, each with the literals of which one holds if they are not."""
        choices = [
            [(value, ())] if isinstance(value, int) else [(d, (-p,)) for d, p in enumerate(value)] for value in values
        ]
        for chosen in product(*choices):
            yield tuple(d for d, _ in chosen), tuple(literal for _, unless in chosen for literal in unless)

    # ------------------------------------------------------------------ symmetry
    def number_elements(self) -> None:
        """Each value is an element that came up before, as an argument or a value, or the next one."""
        cells = sorted(self.cells.items(), key=lambda item: max(item[0][1], default=-1))[:_NUMBERED]
        earlier: list[Clause] = []
        named = max(self.fixed.values(), default=-1)
        for (_, args), values in cells:
            named = max(named, *args) if args else named
            for element in range(named + 2, self.size):
                self.add(-values[element], *(before[element - 1] for before in earlier))
            earlier.append(values)


def witness_name(number: int) -> str:
    """What the witness of an ∃ on the outside is called; no constant of a formula is called so."""
    return f"∃{number}"


def ground(
    formulas: list[Formula],
    size: int,
    *,
    fixed: Mapping[str, int] | None = None,
    max_literals: int = 5_000_000,
    deadline: float | None = None,
) -> Grounding:
    """The clauses that say that all formulas are true in a domain of `size` elements.

    Args:
        formulas: Without free variables; `narrowed` beforehand.
        size: The number of elements.
        fixed: The elements, from 0 on, of constants that are known to be different.
        max_literals: The most literals to write out.
        deadline: The value of `time.process_time` at which to stop.

    Raises:
        GroundingTooLarge: One of the limits was hit.
    """
    grounding = Grounding(size, fixed, max_literals, deadline)
    for formula in formulas:
        grounding.require(formula, {})
    grounding.number_elements()
    return grounding
