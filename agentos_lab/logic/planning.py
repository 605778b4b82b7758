"""Planning as satisfiability: is there a sequence of n actions from here to the goal? Z3 says which, or why not.

One proposition for each fact at each time, one for each action at each step. Axioms say that an action needs its
preconditions, has its effects, and that nothing changes without an action that changes it. The first n with a model is
the shortest plan. Where there is none up to the horizon, the unsat core is the explanation: the initial facts, parts of
the goal, preconditions and invariants that already contradict each other.

Source: Kautz & Selman 1992, "Planning as satisfiability"; frame axioms: Haas 1987.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NoReturn

from .formulas import And, Atom, Equal, Falsity, Formula, Iff, Implies, Not, Or, Truth, atoms
from .planning_domain import COMPARISONS, Action, Domain, GroundAction, State, holds, value
from .terms import Term, subterms

__all__ = ["NoPlan", "Plan", "PlanUnknown", "Reason", "plan"]

_Conditions = str | Formula | Iterable[str | Formula]


@dataclass(frozen=True)
class Plan:
    """A shortest sequence of actions that leads to the goal; every state on the way keeps the invariants.

    Attributes:
        actions: What to do, in order.
        states: The states, from the initial one to the last: one more than actions.
    """

    actions: tuple[GroundAction, ...]
    states: tuple[State, ...]

    @property
    def steps(self) -> tuple[str, ...]:
        """The actions as text."""
        return tuple(map(str, self.actions))

    def __len__(self) -> int:
        return len(self.actions)

    def __iter__(self) -> Iterator[GroundAction]:
        return iter(self.actions)

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        if not self.actions:
            return "nothing needs to be done: the goal holds already"
        lines = [f"{number:>{len(str(len(self)))}}. {action}" for number, action in enumerate(self.actions, 1)]
        return "\n".join([f"a plan of {_counted(len(self), 'step')}, and none is shorter:", *lines])

    __repr__ = __str__


@dataclass(frozen=True)
class Reason:
    """A part of the explanation why there is no plan.

    Attributes:
        kind: "initially", "goal", "precondition of …" or "invariant".
        text: The fact or formula.
    """

    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


@dataclass(frozen=True)
class NoPlan:
    """There is no plan of at most `horizon` steps. False as a bool.

    Attributes:
        horizon: Up to how many steps this was proved.
        core: What already contradicts each other; without any one of these parts there might be a plan.
    """

    horizon: int
    core: tuple[Reason, ...]

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        shown = [f"  {reason}" for reason in self.core[:9]]
        rest = [f"  … and {len(self.core) - 9} more"] if len(self.core) > 9 else []
        return "\n".join([f"no plan of at most {_counted(self.horizon, 'step')}, because of", *shown, *rest])

    __repr__ = __str__


@dataclass(frozen=True)
class PlanUnknown:
    """A limit ended the search: there is no plan of less than `horizon` steps, and more is not known."""

    horizon: int
    reason: str

    def __bool__(self) -> NoReturn:
        raise ValueError(f"no yes or no: {self.reason}, with plans of {self.horizon} steps; raise the limit")

    def __str__(self) -> str:
        return f"gave up: {self.reason}; no plan of less than {_counted(self.horizon, 'step')}, longer ones are open"

    __repr__ = __str__


def plan(
    initial: _Conditions,
    goal: _Conditions,
    actions: Iterable[Action],
    horizon: int = 20,
    *,
    objects: Mapping[str, Iterable[str]] | None = None,
    invariants: _Conditions = (),
    rlimit: int = 50_000_000,
) -> Plan | NoPlan | PlanUnknown:
    """A shortest plan, or the reason why there is none up to the horizon.

    Args:
        initial: The facts that hold at first, all others being false, and values of numbers:
            ``["At(van, depot)", "fuel = 10"]``.
        goal: What shall hold at the end: ``"At(parcel, home) & fuel >= 1"``.
        actions: What can be done, one action in a step.
        horizon: The most steps.
        objects: Type to names: ``{"place": ["depot", "home"]}``; by default all names in the initial state.
        invariants: What must hold in every state, the first and the last included.
        rlimit: Z3's own measure of work for each number of steps (it does not depend on the machine's load).

    Raises:
        ParseError, ValueError: Something that cannot be read; the message says which.
    """
    if horizon < 0:
        raise ValueError(f"the horizon is the most steps, 0 or more; got {horizon}")
    domain = Domain(initial, actions, objects)
    wanted, kept = domain.condition(goal), domain.condition(invariants)
    encoding = _Encoding(domain, wanted, kept, rlimit)
    for steps in range(horizon + 1):
        verdict = encoding.check(steps)
        if verdict == "sat":
            return encoding.plan(steps)
        if verdict == "unknown":
            return PlanUnknown(steps, encoding.why_unknown())
        if steps < horizon:
            encoding.release_goal()
            encoding.add_step(steps)
    return NoPlan(horizon, encoding.core())


class _Encoding:
    """The formulas for Z3. Each that may be part of an explanation is switched on by an assumption of its own."""

    def __init__(self, domain: Domain, goal: dict[str, Formula], invariants: dict[str, Formula], rlimit: int) -> None:
        import z3

        self.z3, self.context, self.domain = z3, z3.Context(), domain
        # Without numbers it is a matter of propositions alone, for which Z3 has a quicker solver.
        numbers = bool(domain.initial.numbers)
        self.solver = z3.Solver(ctx=self.context) if numbers else z3.SolverFor("QF_FD", ctx=self.context)
        self.solver.set("rlimit", rlimit)
        self.rlimit = rlimit
        self.goal, self.invariants = goal, invariants
        self.actions = domain.ground_actions()
        self.whole = all(n.denominator == 1 for n in self._constants())
        self.reasons: dict[str, Reason] = {}  # by the name of the assumption
        self.assumptions: dict[Reason, Any] = {}
        self.known: dict[tuple[str, int], Any] = {}
        mentioned = [part for action in self.actions for part in action.preconditions]
        conditions = (*mentioned, *goal.values(), *invariants.values())
        facts = [atom for part in conditions for atom in atoms(part) if isinstance(atom, Atom)]
        facts += [fact for action in self.actions for fact in sorted(action.add | action.delete, key=str)]
        self.fluents = dict.fromkeys(fact for fact in facts if fact.predicate not in COMPARISONS)
        for fact in self.fluents:
            true = fact in domain.initial.facts
            said = self.fluent(fact, 0) if true else z3.Not(self.fluent(fact, 0))
            self._explained(Reason("initially", str(fact) if true else f"¬{fact}"), said)
        for name, number in domain.initial.numbers:
            self._explained(Reason("initially", f"{name} = {number}"), self.number(name, 0) == self._value(number))
        self._keep_invariants(0)

    def _constants(self) -> Iterator[Fraction]:
        """Every number that is written down somewhere."""
        yield from (number for _, number in self.domain.initial.numbers)
        needed = (part for action in self.actions for part in action.preconditions)
        found = [atom for part in (*self.goal.values(), *self.invariants.values(), *needed) for atom in atoms(part)]
        terms = [side for a in found for side in (a.args if isinstance(a, Atom) else (a.left, a.right))]
        for term in [*terms, *(new for action in self.actions for _, new in action.sets)]:
            yield from (Fraction(part.name) for _, part in subterms(term) if re.fullmatch(r"-?\d+\.\d+", part.name))

    def fluent(self, fact: Atom, time: int) -> Any:
        return self._variable(str(fact), time, self.z3.Bool)

    def number(self, name: str, time: int) -> Any:
        return self._variable(name, time, self.z3.Int if self.whole else self.z3.Real)

    def _variable(self, name: str, time: int, kind: Any) -> Any:
        if (name, time) not in self.known:
            self.known[name, time] = kind(f"{name}@{time}", self.context)
        return self.known[name, time]

    def _value(self, number: Any) -> Any:
        if self.whole:
            return self.z3.IntVal(int(number), self.context)
        return self.z3.RealVal(str(number), self.context)

    def _explained(self, reason: Reason, formula: Any) -> None:
        """A formula that holds under the assumption which stands for its reason."""
        if reason not in self.assumptions:
            name = f"because {len(self.assumptions)}"
            self.assumptions[reason], self.reasons[name] = self.z3.Bool(name, self.context), reason
        self.solver.add(self.z3.Implies(self.assumptions[reason], formula))

    def _keep_invariants(self, time: int) -> None:
        for said, part in self.invariants.items():
            self._explained(Reason("invariant", said), self.formula(part, time))

    def add_step(self, time: int) -> None:
        """One more step: at most one action between `time` and the next time."""
        z3 = self.z3
        done = [self._variable(f"do {action}", time, z3.Bool) for action in self.actions]
        if len(done) > 1:
            self.solver.add(z3.AtMost(*done, 1))
        adding: dict[Atom, list[Any]] = {fact: [] for fact in self.fluents}
        deleting: dict[Atom, list[Any]] = {fact: [] for fact in self.fluents}
        numbers = {name: self.number(name, time) for name, _ in self.domain.initial.numbers}
        for action, chosen in zip(self.actions, done, strict=True):
            for part, label in zip(action.preconditions, action.labels, strict=True):
                needed = z3.Implies(chosen, self.formula(part, time))
                self._explained(Reason(f"precondition of {action.name}", label), needed)
            for fact in action.add:
                adding[fact].append(chosen)
            for fact in action.delete:
                deleting[fact].append(chosen)
            for name, new in action.sets:
                numbers[name] = z3.If(chosen, self.term(new, time), numbers[name])
        for fact in self.fluents:
            # What an action adds holds, what it deletes does not, and all else stays as it was.
            stays = z3.And(self.fluent(fact, time), z3.Not(self._any(deleting[fact])))
            self.solver.add(self.fluent(fact, time + 1) == z3.Or(self._any(adding[fact]), stays))
        for name, new in numbers.items():
            self.solver.add(self.number(name, time + 1) == new)
        self._keep_invariants(time + 1)

    def _any(self, choices: list[Any]) -> Any:
        return self.z3.Or(*choices) if choices else self.z3.BoolVal(False, self.context)

    def formula(self, formula: Formula, time: int) -> Any:
        """A condition at a time."""
        z3 = self.z3
        match formula:
            case Truth() | Falsity():
                return z3.BoolVal(isinstance(formula, Truth), self.context)
            case Atom("<" | "<=" | ">" | ">=" as sign, (left, right)):
                a, b = self.term(left, time), self.term(right, time)
                return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[sign]
            case Atom():
                return self.fluent(formula, time)
            case Equal(left, right):
                try:
                    return self.term(left, time) == self.term(right, time)
                except ValueError:  # objects, not numbers
                    return z3.BoolVal(holds(formula, self.domain.initial), self.context)
            case Not(part):
                return z3.Not(self.formula(part, time))
            case And(parts):
                return z3.And(*(self.formula(part, time) for part in parts))
            case Or(parts):
                return z3.Or(*(self.formula(part, time) for part in parts))
            case Implies(left, right):
                return z3.Implies(self.formula(left, time), self.formula(right, time))
            case Iff(left, right):
                return self.formula(left, time) == self.formula(right, time)
        raise ValueError(f"{formula} has a quantifier left")

    def term(self, term: Term, time: int) -> Any:
        """A number at a time."""
        if str(term) in dict(self.domain.initial.numbers):
            return self.number(str(term), time)
        if len(term.args) == 2 and term.name in ("+", "-", "*"):
            a, b = (self.term(arg, time) for arg in term.args)
            return a + b if term.name == "+" else a - b if term.name == "-" else a * b
        return self._value(value(term, self.domain.initial))

    def check(self, steps: int) -> str:
        """Whether the goal can hold after so many steps: "sat", "unsat" or "unknown"."""
        self.solver.push()
        for said, part in self.goal.items():
            self._explained(Reason("goal", said), self.formula(part, steps))
        return str(self.solver.check(*self.assumptions.values()))

    def release_goal(self) -> None:
        self.solver.pop()

    def why_unknown(self) -> str:
        return f"Z3's limit was hit ({self.solver.reason_unknown()})"

    def plan(self, steps: int) -> Plan:
        """The plan in Z3's model, carried out by our own rules."""
        model = self.solver.model()
        chosen, states = [], [self.domain.initial]
        for time in range(steps):
            for action in self.actions:
                if self.z3.is_true(model.eval(self._variable(f"do {action}", time, self.z3.Bool))):
                    chosen.append(action)
                    states.append(action.after(states[-1]))
        return Plan(tuple(chosen), tuple(states))

    def core(self) -> tuple[Reason, ...]:
        """Reasons of which none can be left out, as far as Z3 can tell within its limit."""
        kept = list(self.solver.unsat_core())
        self.solver.set("rlimit", self.rlimit // 50)  # each part is tried; what takes too long to leave out stays
        for assumption in list(kept):
            fewer = [other for other in kept if not other.eq(assumption)]
            if len(fewer) < len(kept) and self.solver.check(*fewer) == self.z3.unsat:
                kept = [other for other in fewer if any(other.eq(c) for c in self.solver.unsat_core())]
        order = list(self.assumptions)
        return tuple(sorted((self.reasons[str(c)] for c in kept), key=order.index))


def _counted(count: int, word: str) -> str:
    return f"{count} {word}{'s' * (count != 1)}"
