"""Refutation: to prove a goal, suppose its negation, make clauses of everything, and search for the contradiction.

Premises and negated goal become clauses (`to_cnf`), the given-clause loop (`saturate`) looks for □, and its ancestors
are the proof. If the loop ends without □, the clauses have a model, and the goal does not follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .clausal_form import ClausalForm, Names, to_cnf
from .clauses import Clause, clause_of, named_canonically
from .equality_axioms import as_a_predicate, equality_axioms
from .formulas import Equal, Formula, Not, atoms
from .inference import Inference
from .number_sorts import uses_numbers
from .premises import goal_formula, named_formulas
from .proof import NEGATED_GOAL, Proof, proof_of
from .saturation import Saturation, Search
from .signature import Signature
from .strategy import Limits, Strategy, given_limits, given_strategy

__all__ = ["ClauseSet", "Refutation", "RefutationSearch", "clause_set", "refute"]

_NO_NUMBERS = "resolution knows nothing of numbers, and found no proof without them"


@dataclass(frozen=True)
class ClauseSet:
    """Premises and negated goal as clauses.

    Attributes:
        premises: By name. With equality by axioms, "=" is a predicate like others here, and they are among them.
        goal: What is to be proved; None to look for a contradiction among the premises.
        clauses: What is to be refuted.
        clausal_forms: How each formula became clauses.
    """

    premises: Mapping[str, Formula]
    goal: Formula | None
    clauses: tuple[Clause, ...]
    clausal_forms: Mapping[str, ClausalForm]

    def __len__(self) -> int:
        return len(self.clauses)

    def __str__(self) -> str:
        shown = [f"{clause}    {clause.inference.name}" for clause in self.clauses[:10]]
        if len(self) > 10:
            shown[9:] = [f"… and {len(self) - 9} more clauses"]
        return "\n".join(shown) or "no clause: nothing can be refuted"

    __repr__ = __str__


@dataclass(frozen=True)
class Refutation:
    """How the search for a refutation ended.

    Attributes:
        proof: From the premises and the negated goal to □; None if there is none yet.
        saturated: Whether nothing is left to do and there is no □: the goal does not follow.
        reason: Why the search ended without an answer; empty where there is one.
        search: The given-clause loop's own account.
    """

    proof: Proof | None
    saturated: bool
    reason: str
    search: Saturation

    def __str__(self) -> str:
        if self.proof is not None:
            return f"A proof of {len(self.proof)} steps ({self.search})"
        what = "There is no proof" if self.saturated else f"No proof was found, for {self.reason}"
        return f"{what} ({self.search})"

    __repr__ = __str__


def refute(
    premises: Mapping[str, str | Formula] | Iterable[str | Formula],
    goal: str | Formula | None,
    strategy: Strategy | None = None,
    limits: Limits | None = None,
) -> Refutation:
    """Search for a proof by refutation, by one strategy; `prove` tries several, and other engines.

    Args:
        premises: Formulas without free variables, or their texts, by name or in order.
        goal: What is to be proved; None to look for a contradiction among the premises.
        strategy: How to search; None: the default.
        limits: When to give up; None: the default.

    Raises:
        ParseError: A text is no formula.
        ValueError: A free variable, a symbol used in two ways, a name that no premise can have, or no strategy or
            limits.
    """
    return RefutationSearch(premises, goal, strategy).run(given_limits(limits))


class RefutationSearch:
    """A search for a refutation that can go on after a limit was reached.

    Args:
        premises, goal, strategy: As for `refute`.
    """

    def __init__(
        self,
        premises: Mapping[str, str | Formula] | Iterable[str | Formula],
        goal: str | Formula | None,
        strategy: Strategy | None = None,
    ) -> None:
        named, goal = named_formulas(premises), goal_formula(goal)
        self.strategy = given_strategy(strategy)
        self.problem = clause_set(named, goal, self.strategy)
        self.numbers = uses_numbers([*named.values(), *([goal] if goal is not None else [])])
        self.search = Search(self.problem.clauses, self.strategy)

    def run(self, limits: Limits) -> Refutation:
        """Search until □, nothing left, or a limit: clauses count from the beginning, seconds from now on."""
        self.search.limits = given_limits(limits)
        for _ in self.search.rounds():
            pass
        found = self.search.result()
        if found.empty is not None:
            problem = self.problem
            proof = proof_of(found.empty, problem.premises, problem.goal, problem.clausal_forms)
            return Refutation(proof, False, "", found)
        if found.limit:
            return Refutation(None, False, f"resolution reached its limit of {found.limit}", found)
        if self.numbers:
            return Refutation(None, False, _NO_NUMBERS, found)
        if not self.strategy.complete:
            return Refutation(None, False, "resolution found no proof, and this strategy may miss one", found)
        return Refutation(None, True, "", found)


def clause_set(
    premises: Mapping[str, str | Formula] | Iterable[str | Formula],
    goal: str | Formula | None = None,
    strategy: Strategy | None = None,
) -> ClauseSet:
    """The clauses of premises and negated goal.

    Args:
        premises: Formulas or their texts, by name or in order.
        goal: What is to be proved, or None.
        strategy: Says whether parts get names, and whether equality is by axioms.

    Raises:
        ParseError: A text is no formula.
        ValueError: A free variable, a symbol used in two ways, or a name that no premise can have.
    """
    strategy = given_strategy(strategy)
    named, goal = named_formulas(premises), goal_formula(goal)
    signature = Signature()
    formulas = [*named.values(), *([goal] if goal is not None else [])]
    for formula in formulas:
        signature.add(formula)
    if strategy.equality == "axioms" and any(isinstance(atom, Equal) for f in formulas for atom in atoms(f)):
        name = "equal"
        while name in signature.symbols:
            name += "'"
        named = {label: as_a_predicate(formula, name) for label, formula in named.items()}
        goal = as_a_predicate(goal, name) if goal is not None else None
        named = {**named, **equality_axioms(signature, name)}
    names = Names(set(signature.symbols))
    refuted = {NEGATED_GOAL: Not(goal)} if goal is not None else {}
    clauses, forms = [], {}
    for name, formula in [*named.items(), *refuted.items()]:
        forms[name] = to_cnf(formula, definitions=None if strategy.definitions else False, names=names)
        for clause in forms[name].clauses:
            literals, _ = named_canonically(clause_of(clause))
            clauses.append(Clause(literals, Inference("input", name=name), name == NEGATED_GOAL))
    return ClauseSet(named, goal, tuple(clauses), forms)
