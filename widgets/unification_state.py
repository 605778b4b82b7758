"""What a UnificationStepper shows, by pure functions: the steps of `unify`, each with both trees and what is bound."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agentos_lab.errors import ParseError
from agentos_lab.logic import Term, Unification, Variable, unify
from agentos_lab.logic.unification import Equations, abridged, resolved

from .runs import Runs, counted, rich, strong
from .unification_terms import Key, Path, agreed_parts, is_large, term_tree
from .view import header, notice

__all__ = ["MOST_STEPS", "problem_state", "unification_state"]

TITLE = "Which terms for the variables make these two equal?"
MOST_STEPS = 120  # that are walked through
SHOWN = 6  # equations and bindings in their lists


@dataclass(frozen=True)
class Moment:
    """What is to be seen after a step.

    Attributes:
        rule: "given", a rule of `unify`, or "unified" for the end.
        equation: The pair of terms that the rule was applied to.
        path: Where the pair stands in both terms.
        now: What waits and what is bound afterwards.
        new: The variable that was bound by the step.
    """

    rule: str
    equation: tuple[Term, Term]
    path: Path
    now: Equations
    new: Variable | None = None


def unification_state(left: Term, right: Term, entry: str) -> dict[str, Any]:
    """The state for two terms."""
    result = unify(left, right)
    if len(result.steps) > MOST_STEPS:
        told = f"unify() takes {len(result.steps):,} steps; print(unify(left, right)) lists them. Give smaller terms."
        return notice("too-large", TITLE, told) | {"entry": entry}
    moments = moments_of(result)
    outcome = "unified" if result else "clash" if "clash" in result.reason else "occurs failure"
    return header(TITLE, "", meta=outcome) | {
        "entry": entry,
        "problem": None,
        "frames": [_frame(result, moments, index) for index in range(len(moments))],
    }


def problem_state(last: Mapping[str, Any], entry: str, side: str, error: ParseError) -> dict[str, Any]:
    """The last good state, with what is wrong with a text that the reader has now.

    Args:
        last: The last good state.
        entry: Both texts.
        side: "left" or "right": which one is no term.
        error: What is wrong with it.
    """
    told = f"{error.message[:1].upper()}{error.message[1:]}."
    expected = f"Expected: {error.expected}." if error.expected else ""
    still = "The steps below are still those of the last two terms."
    words: Runs = [strong(f"The {side} one is not a term yet: "), f"{error.message}. {still}"]
    start = max(0, error.position - 40)
    text = error.text.replace("\n", " ")[start : start + 60]
    caret = error.position - start
    if start:
        text, caret = f"…{text}", caret + 1
    problem = {"text": text, "caret": caret, "told": told, "expected": expected, "side": side}
    return {**last, "meta": "", "entry": entry, "problem": problem | {"sentence": rich(words)}}


def moments_of(result: Unification) -> list[Moment]:
    """The moments of an attempt, with the place of each equation: both of its sides always stand at one place."""
    pair = (result.left, result.right)
    moments = [Moment("given", pair, (), Equations((pair,), {}))]
    places: list[Path] = [()]
    for step in result.steps:
        (a, b), path = step.before.waiting[0], places[0]
        rule = step.rule.split(" ")[0]
        if rule == "decompose":
            places[:1] = [(*path, place) for place in range(len(a.args))]
        elif rule in ("delete", "eliminate"):
            places = places[1:]
        new = a if rule == "eliminate" and isinstance(a, Variable) else None
        moments.append(Moment(rule, (a, b), path, step.after, new))
    if result:
        end = resolved(result.left, result.bindings)
        moments.append(Moment("unified", (end, end), (), Equations((), result.unifier)))
    return moments


def _frame(result: Unification, moments: list[Moment], index: int) -> dict[str, Any]:
    moment = moments[index]
    now = moment.now
    a, b = moment.equation
    bound = [[str(variable), abridged(term), variable is moment.new] for variable, term in now.bindings.items()]
    left, right = _trees(result, moments, index)
    failed = moment.rule in ("clash", "occurs")
    return {
        "rule": {"occurs": "occurs check"}.get(moment.rule, moment.rule),
        "look": "bad" if failed else "good" if moment.rule == "unified" else "",
        "equation": abridged(a) if moment.rule == "unified" else f"{abridged(a)} ≟ {abridged(b)}",
        "sentence": rich(_sentence(result, moments, index)),
        "left": left,
        "right": right,
        "texts": [abridged(resolved(term, dict(now.bindings))) for term in (result.left, result.right)],
        "sign": "≠" if failed else "=" if not now.waiting else "≟",
        "waiting": [f"{abridged(one)} ≟ {abridged(other)}" for one, other in now.waiting[:SHOWN]],
        "more": max(0, len(now.waiting) - SHOWN),
        "bindings": bound[-SHOWN:],
        "earlier": max(0, len(bound) - SHOWN),
        "bound": "Unifier" if moment.rule == "unified" else "Bindings",
    }


def _trees(result: Unification, moments: list[Moment], index: int) -> list[dict[str, Any]]:
    """Both terms with the bindings put in, and the step's parts marked."""
    moment, bindings = moments[index], dict(moments[index].now.bindings)
    left, right = resolved(result.left, bindings), resolved(result.right, bindings)
    shared = is_large(left, right)
    agreed = agreed_parts(left, right, shared=shared)
    drawn = []
    for whole in (result.left, result.right):
        term = resolved(whole, bindings)
        before = resolved(whole, dict(moments[max(0, index - 1)].now.bindings))
        drawn.append(term_tree(term, _looks(moment, before, term, shared), agreed, shared=shared))
    return drawn


def _looks(moment: Moment, before: Term, term: Term, shared: bool) -> dict[Key, str]:
    """The marked nodes of one tree."""
    part = at(term, moment.path)
    here: Key = part if shared else moment.path
    if moment.rule == "clash":
        return {here: "wrong"}
    if moment.rule == "occurs":
        a, _ = moment.equation
        found: dict[Key, str] = {here: "holds"}
        for path in _places(part, a):
            found[a if shared else (*moment.path, *path)] = "wrong"
        return found
    if moment.new is not None:
        value = moment.equation[1]
        return {value if shared else path: "new" for path in _places(before, moment.new)}
    return {} if moment.rule in ("given", "unified") else {here: "chosen"}


def _places(term: Term, variable: Term) -> list[Path]:
    """Where a variable stands in a term; of a large term, just one place."""
    found: list[Path] = []
    waiting: list[tuple[Path, Term]] = [((), term)]
    while waiting:
        path, part = waiting.pop()
        if part is variable:
            found.append(path)
            if is_large(term):
                break
        elif variable in part.variables:
            waiting += [((*path, place), arg) for place, arg in enumerate(part.args)]
    return found


def at(term: Term, path: Path) -> Term:
    """The part of a term at a place."""
    for place in path:
        term = term.args[place]
    return term


def _sentence(result: Unification, moments: list[Moment], index: int) -> Runs:
    moment = moments[index]
    a, b = (abridged(term, 40 if moment.rule == "given" else 9) for term in moment.equation)
    start = f"Step {index} of {len(result.steps)}: "
    match moment.rule:
        case "given":
            return [strong(a), " and ", strong(b), ": which terms for the variables make them equal?"]
        case "decompose":
            term = moment.equation[0]
            many = "their arguments have" if len(term.args) == 1 else f"their {len(term.args)} arguments have"
            many = (
                "both are done"
                if not term.args
                else f"{many} to be equal{', pair by pair' if len(term.args) > 1 else ' too'}"
            )
            return [start, strong("decompose"), f". Both begin with {term.name}, so {many}."]
        case "delete":
            return [start, strong("delete"), f". Both sides are {a} already."]
        case "orient":
            return [start, strong("orient"), f". {a} ≟ {b} is turned round, so that the variable stands on the left."]
        case "eliminate":
            return [start, strong(f"{a} ↦ {b}"), f". {a} is replaced by {b} everywhere, in both terms."]
        case "clash":
            one, other = (_head(term) for term in moment.equation)
            return [
                start,
                strong("clash"),
                f". {one} is not {other}, and no binding changes that: there is no unifier.",
            ]
        case "occurs":
            return [start, strong("occurs check"), f". {a} would have to hold itself in {b}: there is no unifier."]
    end, count = moment.equation[0], len(result.bindings)
    if is_large(end):
        told = f"Written out, each term has {end.size:,} symbols; what is shared is drawn once."
        return [strong("They unify"), f", with {counted(count, 'binding')}. {told}"]
    return [strong("They unify"), f", with {counted(count, 'binding')}: both terms are ", strong(str(end)), "."]


def _head(term: Term) -> str:
    return f"{term.name} with {counted(len(term.args), 'argument')}" if term.args else term.name
