"""Checking a plan before it is carried out: step by step, by evaluation alone, without the planner that made it.

An agent calls this on what it is about to do, whoever had the idea: a planner, a language model, or a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .formulas import Formula
from .planning import Plan
from .planning_domain import Action, Domain, State, holds

__all__ = ["PlanCheck", "check_plan"]

_MISSED = "the goal is missed: "


@dataclass(frozen=True)
class PlanCheck:
    """Whether a plan works. As a bool: whether it does.

    Attributes:
        valid: Whether every step can be carried out, every state keeps the invariants, and the goal is reached.
        step: The first step that fails, from 1; 0 for the initial state; one more than the steps where only the goal
            is missed; None where nothing fails.
        reason: Why it fails.
        states: The states up to there, the initial one first.
    """

    valid: bool
    step: int | None
    reason: str
    states: tuple[State, ...]

    def __bool__(self) -> bool:
        return self.valid

    def __str__(self) -> str:
        if self.valid:
            count = len(self.states) - 1
            return f"the plan works: {count} step{'s' * (count != 1)}, every one possible and within the invariants"
        step = f" at step {self.step}" if self.step else ""
        where = " at the end" if self.reason.startswith(_MISSED) else step
        return f"the plan fails{where}:\n  {self.reason}"

    __repr__ = __str__


def check_plan(
    steps: Plan | Iterable[object],
    initial: str | Formula | Iterable[str | Formula],
    goal: str | Formula | Iterable[str | Formula],
    actions: Iterable[Action],
    *,
    objects: Mapping[str, Iterable[str]] | None = None,
    invariants: str | Formula | Iterable[str | Formula] = (),
) -> PlanCheck:
    """Carry out a plan in thought, and say at which step and why it fails, if it does.

    Args:
        steps: A `Plan`, or texts such as ``"move(a, table, b)"``; one text is a plan of one step.
        initial, goal, actions, objects, invariants: As for `plan`.

    Raises:
        ParseError, ValueError: The problem itself cannot be read. A faulty plan is no error but a failed check.
    """
    domain = Domain(initial, actions, objects)
    wanted, kept = domain.condition(goal), domain.condition(invariants)
    states = [domain.initial]

    def failed(step: int, reason: str) -> PlanCheck:
        return PlanCheck(False, step, reason, tuple(states))

    broken = [said for said, part in kept.items() if not holds(part, states[0])]
    if broken:
        return failed(0, f"the initial state breaks the invariant {broken[0]}")
    number = 0
    for number, step in enumerate([steps] if isinstance(steps, str) else steps, 1):
        text = str(step).strip()
        name, arguments, problem = _read(text, domain)
        if problem:
            return failed(number, f"{text}: {problem}")
        action = domain.ground(domain.actions[name], arguments)
        missing = [str(part) for part in action.preconditions if not holds(part, states[-1])]
        if missing:
            return failed(number, f"{text} needs {' and '.join(missing)}, which {_do(missing)} not hold then")
        state = action.after(states[-1])
        broken = [said for said, part in kept.items() if not holds(part, state)]
        if broken:
            return failed(number, f"after {text} the invariant {broken[0]} is broken")
        states.append(state)
    missed = [said for said, part in wanted.items() if not holds(part, states[-1])]
    if missed:
        return failed(number + 1, f"{_MISSED}{' and '.join(missed)} {_do(missed)} not hold")
    return PlanCheck(True, None, "", tuple(states))


def _do(parts: list[str]) -> str:
    return "does" if len(parts) == 1 else "do"


def _read(text: str, domain: Domain) -> tuple[str, tuple[str, ...], str]:
    """The name and the arguments of a step; and what is wrong with it, or an empty text."""
    match = re.fullmatch(r"([\w-]+)\s*(?:\(([^()]*)\))?", text)
    if match is None:
        return "", (), "is no action; expected for example move(a, b)"
    name, arguments = match[1], tuple(part.strip() for part in (match[2] or "").split(",") if part.strip())
    if name not in domain.actions:
        return name, arguments, f"there is no action {name}; known: {', '.join(domain.actions)}"
    typed = domain.actions[name].typed()
    if len(arguments) != len(typed):
        return (
            name,
            arguments,
            f"{name} takes {len(typed)} argument{'s' * (len(typed) != 1)} ({', '.join(typed)}), got {len(arguments)}",
        )
    for argument, (parameter, kind) in zip(arguments, typed.items(), strict=True):
        if argument not in domain.objects[kind]:
            what = f"no {kind}" if kind != "object" else "no known object"
            return name, arguments, f"{argument} is {what}, as {parameter} should be"
    return name, arguments, ""
