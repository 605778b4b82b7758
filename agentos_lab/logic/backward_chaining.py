"""Backward chaining: from a goal, by rules, back to facts (SLD resolution; what Prolog does).

The leftmost goal is unified with the conclusion of each rule in turn; the rule's conditions take its place. It goes
depth first, so that one branch can go on for ever: limits on depth and steps end it, and the answer says so.

Source: Kowalski 1974, "Predicate logic as programming language"; Lloyd 1987, "Foundations of logic programming", ch. 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from .explanation import Explanation, explanation
from .formulas import And, Atom, Exists, Formula
from .horn_clauses import HornRule, Rules, read_rules
from .parser import parse
from .signature import Signature
from .terms import Function, Substitution, Term, Variable, substitute
from .unification import Bindings, most_general_unifier, resolved, unify

__all__ = ["Answer", "Answers", "SldStep", "backward_chain"]


@dataclass(frozen=True)
class SldStep:
    """A node of the search tree.

    Attributes:
        number: Its number, from 0.
        parent: The node that it came from; None for the root.
        goals: What is still to be shown; empty for an answer. Where unification failed: the rule's conclusion.
        rule: The rule that was tried on the parent's first goal; empty for the root.
        unifier: What the variables became, in words.
        outcome: "open", "answer", or why it goes no further.
    """

    number: int
    parent: int | None
    goals: tuple[Atom, ...]
    rule: str
    unifier: str
    outcome: str

    def __str__(self) -> str:
        goals = ", ".join(map(str, self.goals)) or "□"
        by = f"{self.rule}: " if self.rule else ""
        ended = "" if self.outcome == "open" else f"   [{self.outcome}]"
        return by + goals + (f"  with {self.unifier}" if self.unifier else "") + ended


@dataclass(frozen=True)
class Answer:
    """Values for the variables of the goal, and why it holds for them."""

    bindings: dict[str, Term]
    explanations: tuple[Explanation, ...]  # one for each goal

    def __getitem__(self, name: str) -> Term:
        return self.bindings[name]

    def __str__(self) -> str:
        return ", ".join(f"{name} = {term}" for name, term in self.bindings.items()) or "yes"

    __repr__ = __str__


@dataclass(frozen=True)
class Answers:
    """The answers to a goal. As a bool: whether there is one; an error where a limit leaves that open.

    Attributes:
        goal: What was asked.
        answers: In the order in which they were found, each once.
        limits: Which limits cut the search; empty where these are all answers.
        steps: How many rule applications were tried.
        trace: The search tree, as far as it was kept.
    """

    goal: Formula
    answers: tuple[Answer, ...]
    limits: tuple[str, ...]
    steps: int
    trace: tuple[SldStep, ...] = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether there are no other answers."""
        return not self.limits

    def __iter__(self) -> Iterator[Answer]:
        return iter(self.answers)

    def __len__(self) -> int:
        return len(self.answers)

    def __getitem__(self, index: int) -> Answer:
        return self.answers[index]

    def __bool__(self) -> bool:
        if not self.answers and self.limits:
            raise ValueError(f"no yes or no: the search stopped at {' and '.join(self.limits)}")
        return bool(self.answers)

    def tree(self) -> str:
        """The search as an indented tree; the nodes stand in the order in which they were visited."""
        depth: dict[int | None, int] = {None: -1}
        lines = []
        for step in self.trace:
            depth[step.number] = depth[step.parent] + 1
            lines.append("  " * depth[step.number] + str(step))
        return "\n".join(lines)

    def __str__(self) -> str:
        shown = [f"  {answer}" for answer in self.answers[:8]]
        rest = [f"  … and {len(self.answers) - 8} more"] if len(self.answers) > 8 else []
        verdict = f"{len(self.answers)} answer{'s' * (len(self.answers) != 1)}" if self.answers else "no"
        if self.limits:
            verdict = (f"{verdict}, perhaps more" if self.answers else "gave up") + f": {' and '.join(self.limits)}"
        return "\n".join([f"{self.goal}: {verdict} ({self.steps:,} steps)", *shown, *rest])

    __repr__ = __str__


@dataclass(frozen=True)
class _Path:
    """How a branch came about: each rule that was applied, to which goal, with which bindings."""

    before: _Path | None
    rule: HornRule
    goal: Term
    bindings: Bindings


@dataclass(frozen=True)
class _Node:
    goals: tuple[tuple[Term, int], ...]  # each with its depth: how many rules it goes back through
    values: tuple[Term, ...]  # of the variables of the question
    path: _Path | None
    number: int | None  # in the trace


def backward_chain(
    rules: Rules,
    facts: Rules = (),
    goal: str | Formula = "",
    *,
    max_depth: int = 200,
    max_steps: int = 20_000,
    max_answers: int = 1_000,
    max_trace: int = 2_000,
) -> Answers:
    """Show a goal from rules and facts, for every value of its variables for which that is possible.

    Args:
        rules: Horn clauses: ``"forall x y (Parent(x, y) -> Ancestor(x, y))"``; functions are allowed.
        facts: Atoms; they may stand among the rules as well.
        goal: An atom or a conjunction of atoms; ∃ in front names what is asked for: ``"exists x Ancestor(ann, x)"``.
        max_depth: How many rules deep a goal may lie.
        max_steps: How many rule applications may be tried.
        max_answers: After how many answers to stop.
        max_trace: How many nodes of the search tree are kept.

    Raises:
        ParseError: A text that is no formula.
        ValueError: A rule or goal that is no Horn clause; the message says why.
    """
    signature = Signature()
    read = [*read_rules(rules, signature), *read_rules(facts, signature)]
    for rule in read:
        if rule.negated:
            raise ValueError(f"{rule}: backward chaining takes no negated condition; forward_chain() does")
    asked = parse(goal, signature)
    variables, atoms = _goal(asked)
    search = _Search(read, max_depth, max_trace)
    root = _Node(tuple((_term(atom), 0) for atom in atoms), variables, None, None)
    branch = [search.children(replace(root, number=search.tell(None, root, "", "open")))]  # down to where the search is
    found: dict[tuple[Term, ...], Answer] = {}
    while branch:
        node = next(branch[-1], None)
        if node is None:
            branch.pop()
        elif node.goals:
            branch.append(search.children(node))
        elif node.values not in found:
            bindings = {v.name: value for v, value in zip(variables, node.values, strict=True)}
            found[node.values] = Answer(bindings, _explanations(node.path, len(atoms)))
            if len(found) == max_answers:
                search.limits[f"{max_answers:,} answers"] = None
                break
        if search.steps >= max_steps:
            search.limits[f"{max_steps:,} steps"] = None
            break
    return Answers(asked, tuple(found.values()), tuple(search.limits), search.steps, tuple(search.trace))


class _Search:
    def __init__(self, rules: list[HornRule], max_depth: int, max_trace: int) -> None:
        self.rules, self.max_depth, self.max_trace = rules, max_depth, max_trace
        self.taken = {variable.name for rule in rules for variable in rule.variables}
        self.index: dict[tuple[str, int, str], list[HornRule]] = {}
        self.steps = 0
        self.limits: dict[str, None] = {}
        self.trace: list[SldStep] = []

    def candidates(self, goal: Term) -> list[HornRule]:
        """The rules whose conclusion may fit: the same predicate, and a first argument that does not clash."""
        first = goal.args[0].name if goal.args and isinstance(goal.args[0], Function) else ""
        key = (goal.name, len(goal.args), first)
        if key not in self.index:
            self.index[key] = [
                rule
                for rule in self.rules
                if rule.head.predicate == goal.name
                and len(rule.head.args) == len(goal.args)
                and (not first or isinstance(rule.head.args[0], Variable) or rule.head.args[0].name == first)
            ]
        return self.index[key]

    def children(self, node: _Node) -> Iterator[_Node]:
        """What the rules make of the first goal, one after the other."""
        (goal, depth), rest = node.goals[0], node.goals[1:]
        if depth >= self.max_depth:
            self.limits[f"depth {self.max_depth}"] = None
            self.close(node.number, f"depth {self.max_depth}: not followed further")
            return
        fits = False
        for rule in self.candidates(goal):
            self.steps += 1
            names = self.renaming(rule)
            head = substitute(_term(rule.head), names)
            bindings = most_general_unifier(goal, head)
            if bindings is None:
                if node.number is not None:
                    failed = replace(node, goals=((head, depth),))
                    self.tell(node.number, failed, rule.name, f"no: {unify(goal, head).reason}")
                continue
            fits = True
            known: dict[Term, Term] = {}
            body = tuple((resolved(substitute(_term(a), names), bindings, known), depth + 1) for a in rule.body)
            goals = (*body, *((resolved(other, bindings, known), level) for other, level in rest))
            values = tuple(resolved(value, bindings, known) for value in node.values)
            child = _Node(goals, values, _Path(node.path, rule, goal, bindings), None)
            if node.number is not None:
                shown = ", ".join(f"{v} = {resolved(v, bindings, known)}" for v in bindings if v in goal.variables)
                outcome = "open" if goals else "answer"
                child = replace(child, number=self.tell(node.number, child, rule.name, outcome, shown))
            yield child
        if not fits:
            self.close(node.number, "no rule fits")

    def renaming(self, rule: HornRule) -> Substitution:
        """Variables of the rule's own for this step: x becomes x₇."""
        return {variable: Variable(self.fresh(variable.name)) for variable in rule.variables}

    def fresh(self, name: str) -> str:
        new = name + str(self.steps).translate(_SUBSCRIPTS)
        while new in self.taken:
            new += "'"
        return new

    def tell(self, parent: int | None, node: _Node, rule: str, outcome: str, unifier: str = "") -> int | None:
        """Add a node to the trace; its number, or None where the trace is full."""
        if len(self.trace) >= self.max_trace:
            return None
        goals = tuple(Atom(goal.name, goal.args) for goal, _ in node.goals)
        self.trace.append(SldStep(len(self.trace), parent, goals, rule, unifier, outcome))
        return len(self.trace) - 1

    def close(self, number: int | None, outcome: str) -> None:
        """Say of a node in the trace why it goes no further."""
        if number is not None:
            self.trace[number] = replace(self.trace[number], outcome=outcome)


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def _term(atom: Atom) -> Term:
    """An atom as a term, so that it can be unified."""
    return Function(atom.predicate, *atom.args)


def _goal(formula: Formula) -> tuple[tuple[Variable, ...], tuple[Atom, ...]]:
    """The variables that are asked for, and the atoms to show."""
    variables: list[Variable] = []
    inside = formula
    while isinstance(inside, Exists):
        variables.append(inside.variable)
        inside = inside.body
    atoms = inside.parts if isinstance(inside, And) else (inside,)
    for atom in atoms:
        if not isinstance(atom, Atom):
            raise ValueError(f"{formula} is no goal for chaining: {atom} is no atom; use prove()")
    free = sorted(inside.free - set(variables), key=lambda variable: variable.name)
    return (*variables, *free), tuple(atom for atom in atoms if isinstance(atom, Atom))


def _explanations(path: _Path | None, goals: int) -> tuple[Explanation, ...]:
    """The proof of each goal from the rules that were applied on the way: leftmost first, so each before its parts."""
    entries: list[_Path] = []
    while path is not None:
        entries.append(path)
        path = path.before
    bindings = {variable: term for entry in entries for variable, term in entry.bindings.items()}
    known: dict[Term, Term] = {}
    # `entries` runs backwards: when a rule is met, the proofs of its conditions are the last ones finished.
    because: list[tuple[Atom, str, tuple[int, ...]]] = []
    finished: list[int] = []
    for entry in entries:
        count = len(entry.rule.body)
        premises = tuple(reversed(finished[len(finished) - count :]))
        del finished[len(finished) - count :]
        goal = resolved(entry.goal, bindings, known)
        finished.append(len(because))
        because.append((Atom(goal.name, goal.args), entry.rule.name, premises))
    return tuple(explanation(root, because.__getitem__) for root in reversed(finished[-goals:]))
