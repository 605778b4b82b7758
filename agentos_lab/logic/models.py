"""Structures: worlds in which a formula is true or false.

A structure has a domain, its elements, and says what each symbol means there: a constant is an element, a function a
table, a predicate the set of tuples for which it holds. Truth in a structure is Tarski's: ∀ asks every element, ∃ some
element, "=" is identity. A structure in which the premises are true and the goal false is a countermodel.

Source: Tarski & Vaught 1957, "Arithmetical extensions of relational systems", section 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import TYPE_CHECKING, Any

from .formulas import Formula
from .parser import parse
from .terms import Term
from .truth import denotation, truth

if TYPE_CHECKING:
    from .evaluation import Evaluation

__all__ = ["Structure"]

Element = str
Arguments = tuple[Element, ...]
Environment = dict[str, Element]  # which element each variable stands for


@dataclass(frozen=True)
class Structure:
    """A finite structure: a domain and the meaning of each symbol.

    Attributes:
        domain: The names of the elements, at least one.
        constants: The element that each constant names.
        functions: For each function its table, from arguments to value; every combination has a value.
        predicates: For each predicate the tuples for which it holds. A proposition is true if its set holds ``()``.
        arities: The number of arguments of predicates, for those that hold for nothing; 0 is a proposition.

    Raises:
        ValueError: The domain is empty or names an element twice; a table has a hole; a tuple names no element.
    """

    domain: Arguments
    constants: Mapping[str, Element] = field(default_factory=dict)
    functions: Mapping[str, Mapping[Arguments, Element]] = field(default_factory=dict)
    predicates: Mapping[str, frozenset[Arguments]] = field(default_factory=dict)
    arities: Mapping[str, int] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        elements = set(self.domain)
        if not elements or len(elements) < len(self.domain):
            raise ValueError(f"a domain needs at least one element, each named once; got {self.domain}")
        for name, element in self.constants.items():
            self._known(element, f"constant {name}")
        for name, table in self.functions.items():
            arity = len(next(iter(table), ()))
            for args, value in table.items():
                for element in (*args, value):
                    self._known(element, f"function {name}")
            missing = next((args for args in product(self.domain, repeat=arity) if args not in table), None)
            if missing is not None or arity == 0 or len(table) > len(self.domain) ** arity:
                wrong = f"no value for {_tuple(missing)}" if missing else "arguments of different number"
                raise ValueError(f"function {name} has {wrong}; its table must give every combination one value")
        for name, tuples in self.predicates.items():
            for args in tuples:
                for element in args:
                    self._known(element, f"predicate {name}")
            if len({len(args) for args in tuples}) > 1 or any(len(args) != self.arity(name) for args in tuples):
                raise ValueError(f"predicate {name} holds for tuples of different lengths: {sorted(tuples)}")

    def _known(self, element: Element, of: str) -> None:
        if element not in self.domain:
            raise ValueError(f"{of} speaks of {element!r}, which is not in the domain {', '.join(self.domain)}")

    def arity(self, predicate: str) -> int | None:
        """The number of arguments of a predicate; None if nothing says it."""
        tuples = self.predicates.get(predicate, frozenset())
        return self.arities.get(predicate, len(next(iter(tuples))) if tuples else None)

    @property
    def size(self) -> int:
        """The number of elements."""
        return len(self.domain)

    def holds(self, formula: str | Formula, assignment: Mapping[str, Element] | None = None) -> bool:
        """Whether a formula is true here.

        Args:
            formula: A formula, or its text.
            assignment: The element that each free variable stands for.

        Raises:
            ValueError: A symbol that this structure does not interpret, or a free variable without an element.
        """
        formula = parse(formula)
        return truth(formula, self)(self.start(formula, assignment))

    def start(self, formula: Formula, assignment: Mapping[str, Element] | None) -> Environment:
        """The elements of the free variables, checked."""
        start = dict(assignment or {})
        for name, element in start.items():
            self._known(element, f"variable {name}")
        for variable in sorted(formula.free, key=lambda v: v.name):
            if variable.name not in start:
                raise ValueError(f"{variable} is free in {formula}; say what it stands for: {{{variable.name!r}: …}}")
        return start

    def evaluate(self, formula: str | Formula, assignment: Mapping[str, Element] | None = None) -> Evaluation:
        """The truth of a formula with the reasons: a tree, each node with the parts that settle it.

        Raises:
            ValueError: As for `holds`.
        """
        from .evaluation import evaluate

        return evaluate(self, formula, assignment)

    def value(self, term: Term, assignment: Mapping[str, Element]) -> Element:
        """The element that a term denotes.

        Raises:
            ValueError: A constant or function without a meaning here, or a variable without an element.
        """
        return denotation(term, self)(dict(assignment))

    def __str__(self) -> str:
        lines = [f"domain: {', '.join(self.domain)}"]
        named = [f"{name} is {element}" for name, element in sorted(self.constants.items())]
        lines += [", ".join(named)] if named else []
        for name, table in sorted(self.functions.items()):
            lines += _table_lines(name, table, self.domain)
        for name, tuples in sorted(self.predicates.items()):
            lines.append(_predicate_text(name, tuples, self))
        return "\n".join(lines)

    __repr__ = __str__  # a set has no order of its own, and its repr would differ from run to run

    def graph(self) -> Any:
        """The structure as a `networkx.MultiDiGraph`.

        Elements are nodes, with the constants that name them and the unary predicates that hold of them as `constants`
        and `predicates`; each pair of a binary predicate (`kind="predicate"`) and each step of a unary function
        (`kind="function"`) is an edge with its `symbol`.
        """
        from .structure_drawing import graph

        return graph(self)

    def plot(self, ax: Any = None, mark: Any = ()) -> Any:
        """A small drawn picture; `mark` names elements to show in colour.

        Args:
            ax: Axes to draw on; by default a new figure.
            mark: Elements to mark, such as a counterexample.
        """
        from .structure_drawing import plot

        return plot(self, ax, mark)

    def svg(self) -> str:
        """The picture as SVG, without any other library."""
        from .structure_drawing import svg

        return svg(self)

    def _repr_svg_(self) -> str:
        return self.svg()


def _tuple(args: Any) -> str:
    return f"({','.join(args)})"


def _arity(table: Mapping[Arguments, Element]) -> int:
    return len(next(iter(table)))


def _table_lines(name: str, table: Mapping[Arguments, Element], domain: Arguments) -> list[str]:
    """A function in words; one of two arguments as a table, the first argument to the left."""
    if _arity(table) != 2:
        return [", ".join(f"{name}{_tuple(args)} = {table[args]}" for args in product(domain, repeat=_arity(table)))]
    width = max(len(text) for text in (name, *domain))
    rows = [(name, domain), *((one, tuple(table[one, other] for other in domain)) for one in domain)]
    return [f"{head:>{width}} | " + " ".join(f"{cell:>{width}}" for cell in cells) for head, cells in rows]


def _predicate_text(name: str, tuples: frozenset[Arguments], s: Structure) -> str:
    if s.arity(name) == 0:
        return f"{name} is {'true' if tuples else 'false'}"
    if not tuples:
        return f"{name} holds for nothing"
    places = {element: place for place, element in enumerate(s.domain)}
    ordered = sorted(tuples, key=lambda args: [places[element] for element in args])
    shown = ", ".join(args[0] if len(args) == 1 else _tuple(args) for args in ordered)
    return f"{name} holds for {shown}"
