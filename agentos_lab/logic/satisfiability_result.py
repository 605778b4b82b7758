"""The answer of a satisfiability solver: a model, a proof that there is none, or which limit ended the search."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .propositional_clauses import CNF, Clause
from .satisfiability_trace import SatTrace

__all__ = ["SatResult", "SatStatistics", "model_found"]


@dataclass(frozen=True)
class SatStatistics:
    """How much work a search was."""

    decisions: int = 0
    propagations: int = 0
    conflicts: int = 0
    restarts: int = 0
    deleted: int = 0

    def __str__(self) -> str:
        counts = [(name, getattr(self, name)) for name in self.__dataclass_fields__]
        said = [f"{value:,} {name.removesuffix('s') if value == 1 else name}" for name, value in counts if value]
        return ", ".join(said) or "no search was needed"


@dataclass(frozen=True)
class SatResult:
    """Whether clauses can hold together. As a bool: whether they can; an error where the search gave up.

    Attributes:
        cnf: The problem.
        satisfiable: True, False, or None where a limit ended the search.
        assignment: The true literals of a model, in the order of the propositions; empty where there is none.
        proof: Where the clauses contradict each other: clauses, each of which follows from those before it by reverse
            unit propagation, up to the empty one. `check_rup` verifies it. Methods that learn nothing give none.
        limit: Which limit ended the search; empty where it came to an end by itself.
        method: "cdcl", "dpll" or "truth table".
        trace: What happened.
        statistics: How much work it was.
    """

    cnf: CNF
    satisfiable: bool | None
    assignment: Clause = ()
    proof: tuple[Clause, ...] = ()
    limit: str = ""
    method: str = "cdcl"
    trace: SatTrace | None = field(default=None, repr=False)
    statistics: SatStatistics = SatStatistics()

    @property
    def status(self) -> str:
        """ "satisfiable", "unsatisfiable" or "gave up"."""
        return {True: "satisfiable", False: "unsatisfiable", None: "gave up"}[self.satisfiable]

    @property
    def model(self) -> Mapping[str, bool]:
        """The truth values of the given propositions (definitions left out); empty where there is no model."""
        return {self.cnf.names[abs(lit) - 1]: lit > 0 for lit in self.assignment if abs(lit) <= self.cnf.given}

    def drat(self) -> str:
        """The proof in the format that `drat-trim` reads: one learned clause a line, ended by 0."""
        return "".join(" ".join(map(str, (*clause, 0))) + "\n" for clause in self.proof)

    def __bool__(self) -> bool:
        if self.satisfiable is None:
            raise ValueError(f"no yes or no: the search gave up ({self.limit}); look at .status or raise the limit")
        return self.satisfiable

    def __str__(self) -> str:
        if self.satisfiable is None:
            return f"gave up: {self.limit} ({self.statistics})"
        if not self.satisfiable:
            proof = (
                f"; a proof of {len(self.proof):,} learned clause{'s' * (len(self.proof) != 1)}" if self.proof else ""
            )
            return f"unsatisfiable ({self.statistics}){proof}"
        shown = [self.cnf.text(literal) for literal in self.assignment if abs(literal) <= self.cnf.given]
        rest = f", … ({len(shown) - 24} more)" if len(shown) > 24 else ""
        return f"satisfiable ({self.statistics})\n  {', '.join(shown[:24]) or 'by every assignment'}{rest}"

    __repr__ = __str__


def model_found(cnf: CNF, literals: Mapping[int, bool]) -> Clause:
    """The assignment as literals, checked against every clause; propositions that nobody asked for are false.

    Raises:
        RuntimeError: It is no model, which would be a mistake in the solver.
    """
    assignment = tuple(n if literals.get(n, False) else -n for n in range(1, len(cnf.names) + 1))
    if not cnf.satisfied_by(assignment):
        raise RuntimeError("the solver's model does not satisfy the clauses: please report this problem")
    return assignment
