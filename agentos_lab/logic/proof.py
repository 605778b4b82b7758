"""Proofs: the steps from premises and the negated goal to □, each with the parents and the substitutions that it used.

A proof holds everything that is needed to check it without any search; `check_proof` does. Only what □ rests on is in
it, not what the search tried besides.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .clauses import Clause, Literal, formula_of
from .formulas import Formula, Not
from .terms import Function, Term, Variable, substitute, subterms

if TYPE_CHECKING:
    import networkx

    from .clausal_form import ClausalForm
    from .proof_check import ProofCheck

__all__ = ["NEGATED_GOAL", "Parent", "Proof", "ProofStep", "proof_of"]

NEGATED_GOAL = "negated goal"  # the name of the formula that is refuted
_READABLE = ("x", "y", "z", "u", "v", "w")  # names for the variables of clauses


@dataclass(frozen=True)
class Parent:
    """What a step used, and how.

    Attributes:
        step: The number of the earlier step.
        literal: The number of its literal that the rule is about, from 0.
        substitution: What replaces each variable of the parent, in the variables of the new clause.
        position: Where a term is rewritten in the literal's atom, or which side of an equation rewrites: argument
            numbers from 0.
    """

    step: int
    literal: int
    substitution: Mapping[Variable, Term] = field(default_factory=dict)
    position: tuple[int, ...] = ()

    @property
    def changes(self) -> dict[Variable, Term]:
        """The substitution without the variables that stay."""
        return {variable: term for variable, term in self.substitution.items() if variable is not term}


@dataclass(frozen=True)
class ProofStep:
    """One clause of a proof, and why it holds.

    Attributes:
        number: Its place in the proof, from 1.
        literals: The clause; the empty one is □.
        rule: "clausal form" for clauses of a premise or of the negated goal; else "resolution", "factoring",
            "superposition", "demodulation", "unit deletion", "equality resolution" or "equality factoring".
        parents: The steps that it follows from; none for "clausal form".
        formula_name: For "clausal form": the name of the formula.
        second: For the two factorings: the number of the other literal.
    """

    number: int
    literals: tuple[Literal, ...]
    rule: str
    parents: tuple[Parent, ...] = ()
    formula_name: str = ""
    second: int | None = None

    @property
    def clause(self) -> Formula:
        """The clause as a formula; its variables stand for everything."""
        return formula_of(self.literals)

    @property
    def text(self) -> str:
        """The clause in Unicode, □ for the empty one."""
        return str(self.clause) if self.literals else "□"

    @property
    def reason(self) -> str:
        """The rule with its parents and substitutions, e.g. ``resolution of 1, 2 with x = Socrates``."""
        if not self.parents:
            return f"{self.rule} of {self.formula_name}"
        numbers = ", ".join(str(parent.step) for parent in self.parents)
        changes = [f"{v} = {t}" for parent in self.parents for v, t in parent.changes.items()]
        put_in = f" with {', '.join(dict.fromkeys(changes))}" if changes else ""
        return f"{self.rule} of {numbers}{put_in}"

    def __str__(self) -> str:
        return f"{self.number}. {self.text}    {self.reason}"

    __repr__ = __str__


@dataclass(frozen=True)
class Proof:
    """A refutation: the premises and the negated goal lead to □.

    Attributes:
        premises: All premises by name, also those that were not needed.
        goal: What is proved; None where the premises themselves contradict each other.
        steps: The clauses, each after what it follows from; the last one is □.
        clausal_forms: How each formula that was used became clauses.
    """

    premises: Mapping[str, Formula]
    goal: Formula | None
    steps: tuple[ProofStep, ...]
    clausal_forms: Mapping[str, ClausalForm]

    @property
    def used(self) -> tuple[str, ...]:
        """The names of the premises that were really used."""
        names = {step.formula_name for step in self.steps}
        return tuple(name for name in self.premises if name in names)

    @property
    def contradictory(self) -> bool:
        """Whether the goal was not used: the premises contradict each other, and everything follows from them."""
        return all(step.formula_name != NEGATED_GOAL for step in self.steps)

    @property
    def formulas(self) -> dict[str, Formula]:
        """The formulas that were used, by name, the negated goal last."""
        found = {name: self.premises[name] for name in self.used}
        if not self.contradictory and self.goal is not None:
            found[NEGATED_GOAL] = Not(self.goal)
        return found

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[ProofStep]:
        return iter(self.steps)

    def __getitem__(self, number: int) -> ProofStep:
        """The step with a number, from 1."""
        if not isinstance(number, int):
            raise ValueError(f"a step is found by its number, as in proof[3], got {number!r}")
        if not 1 <= number <= len(self.steps):
            raise IndexError(f"the proof has steps 1 to {len(self.steps)}, got {number}")
        return self.steps[number - 1]

    def __str__(self) -> str:
        width = max(len(step.text) for step in self.steps)
        digits = len(str(len(self.steps)))
        given = [f"{name}: {formula}" for name, formula in self.formulas.items()]
        lines = [f"{step.number:>{digits}}. {step.text:<{min(width, 60)}}  {step.reason}" for step in self.steps]
        return "\n".join([*given, *lines])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from .proof_text import proof_html

        return proof_html(self)

    def latex(self) -> str:
        """The proof as a LaTeX table (an ``array``), one row a step."""
        from .proof_text import proof_latex

        return proof_latex(self)

    def tptp(self) -> str:
        """The proof as a TSTP derivation, which other tools of the field read."""
        from .proof_text import proof_tptp

        return proof_tptp(self)

    def graph(self) -> networkx.DiGraph:
        """Its steps as a directed graph: an edge goes from each parent to what follows from it."""
        import networkx

        graph = networkx.DiGraph()
        for step in self.steps:
            graph.add_node(step.number, clause=step.text, rule=step.rule, formula_name=step.formula_name)
            for parent in step.parents:
                graph.add_edge(parent.step, step.number)
        return graph

    def check(self) -> ProofCheck:
        """Check every step by its rule alone; see `check_proof`."""
        from .proof_check import check_proof

        return check_proof(self)


def proof_of(
    empty: Clause,
    premises: Mapping[str, Formula],
    goal: Formula | None,
    clausal_forms: Mapping[str, ClausalForm],
) -> Proof:
    """The proof behind an empty clause: its ancestors, in an order in which parents come first.

    Args:
        empty: □, from a search.
        premises, goal: What was searched.
        clausal_forms: How each formula became clauses.
    """
    numbers: dict[int, int] = {}  # by the identity of a clause
    rename = _readable_variables(premises, goal)
    steps: list[ProofStep] = []
    for clause in _ancestors(empty):
        numbers[id(clause)] = len(steps) + 1
        steps.append(_step(clause, numbers, rename))
    used = {step.formula_name for step in steps}
    return Proof(premises, goal, tuple(steps), {name: form for name, form in clausal_forms.items() if name in used})


def _ancestors(clause: Clause) -> list[Clause]:
    """A clause and all that it rests on, parents first; what comes from the premises before the rest."""
    found: dict[int, Clause] = {}
    waiting: list[tuple[Clause, bool]] = [(clause, False)]
    while waiting:
        current, parents_done = waiting.pop()
        if id(current) in found:
            continue
        if parents_done:
            found[id(current)] = current
        else:
            waiting.append((current, True))
            waiting += [(premise.clause, False) for premise in reversed(current.inference.premises)]
    clauses = list(found.values())
    return sorted(clauses, key=lambda c: bool(c.inference.premises))  # a stable sort: the inputs first


def _step(clause: Clause, numbers: Mapping[int, int], rename: _Renaming) -> ProofStep:
    inference = clause.inference
    parents = tuple(
        Parent(
            numbers[id(premise.clause)],
            premise.literal,
            {rename(variable): rename.term(term) for variable, term in premise.substitution.items()},
            premise.position,
        )
        for premise in inference.premises
    )
    literals = tuple(Literal(sign, rename.term(atom)) for sign, atom in clause.literals)
    rule = inference.rule if parents else "clausal form"
    return ProofStep(numbers[id(clause)], literals, rule, parents, inference.name, inference.second)


class _Renaming:
    """X0, X1, … become x, y, …: names that no symbol of the problem has."""

    def __init__(self, taken: set[str]) -> None:
        self.free = [name for name in _READABLE if name not in taken]
        self.taken = taken
        self.known: dict[Variable, Variable] = {}

    def __call__(self, variable: Variable) -> Variable:
        if variable not in self.known:
            number = int(variable.name[1:])
            name = self.free[number] if number < len(self.free) else f"x{number}"
            while name in self.taken:
                name += "'"
            self.known[variable] = Variable(name)
        return self.known[variable]

    def term(self, term: Term) -> Term:
        """The term with its variables renamed, all at once."""
        return substitute(term, {variable: self(variable) for variable in term.variables})


def _readable_variables(premises: Mapping[str, Formula], goal: Formula | None) -> _Renaming:
    from .formulas import Atom, Equal, atoms

    taken: set[str] = set()
    for formula in [*premises.values(), *([goal] if goal is not None else [])]:
        for atom in atoms(formula):
            terms = (atom.left, atom.right) if isinstance(atom, Equal) else atom.args
            taken |= {atom.predicate} if isinstance(atom, Atom) else set()
            taken |= {part.name for term in terms for _, part in subterms(term) if isinstance(part, Function)}
    return _Renaming(taken)
