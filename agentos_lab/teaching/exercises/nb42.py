"""Checks and quiz of notebook 42, resolution and refutation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..checking import exercise
from ..comparison import Problem, compare, compare_calls, require_list
from ..questions import Option, Question

__all__ = ["QUIZ", "contradictory", "may_act", "resolve", "resolvent_counts"]

Clause = frozenset[str]


class _Shown(frozenset[str]):
    """A clause that prints its literals in the order of the alphabet, so that every run shows the same."""

    def __repr__(self) -> str:
        return f"frozenset({{{', '.join(map(repr, sorted(self)))}}})" if self else "frozenset()"


@exercise(
    "resolvent_counts",
    points=1,
    hints=(
        "For each pair, look for literals with opposite signs, and ask whether a unifier makes their atoms the same.",
        "(ii) x must be y and f(y) at once. (iii) and (iv) have two pairs each; every pair gives a resolvent.",
    ),
    right="One, none, two and two. The occurs check stops (ii); in (iii) both are tautologies.",
)
def resolvent_counts(answer: Any) -> Problem | None:
    """The numbers of resolvents of four pairs of clauses."""
    told = {
        (0, 0): "(i) P(x) and P(a) are made the same by x = a; what is left is Q(a) ∨ R(a).",
        (0, 2): "(i) Only P stands in both clauses. Q and R have no partner.",
        (1, 1): "(ii) x = y, and then y = f(y): no term is a part of itself. That is the occurs check.",
        (2, 1): "(iii) Two pairs: P with ¬P gives Q ∨ ¬Q, Q with ¬Q gives P ∨ ¬P. They are different clauses.",
        (2, 0): "(iii) Tautologies are resolvents, too, even if a search throws them away.",
        (3, 1): "(iv) ¬P(x) can be resolved with P(a) and with P(b): P(b) is left, or P(a).",
        (3, 0): "(iv) x may be a, and x may be b. Each gives a resolvent.",
    }
    right = [1, 0, 2, 2]

    def is_count(entry: Any) -> bool:
        return isinstance(entry, int) and not isinstance(entry, bool) and entry >= 0

    if problem := require_list(answer, len(right), is_count, "a whole number, 0 or more"):
        return problem
    for place, (yours, number) in enumerate(zip(answer, right, strict=True)):
        if yours != number:
            name = ("i", "ii", "iii", "iv")[place]
            more = f"({name}) Each pair of opposite literals that unify gives one resolvent. How many pairs are there?"
            return Problem(told.get((place, yours), more))
    return None


def _negated(literal: str) -> str:
    return literal[1:] if literal.startswith("~") else "~" + literal


def _resolve(one: Clause, other: Clause) -> set[Clause]:
    return {
        (one - {literal}) | (other - {_negated(literal)}) for literal in one if _negated(literal) in other
    }  # fmt: skip


def _all_pairs_at_once(one: Clause, other: Clause) -> set[Clause]:
    both = one | other
    return {
        frozenset(kept for kept in both if _negated(kept) not in both) for literal in one if _negated(literal) in other
    }


def _from_both(one: Clause, other: Clause) -> set[Clause]:
    return {
        (one | other) - {literal, _negated(literal)} for literal in one if _negated(literal) in other
    }  # fmt: skip


def _pair_kept(one: Clause, other: Clause) -> set[Clause]:
    return {one | other for literal in one if _negated(literal) in other}


@exercise(
    "resolve",
    points=1,
    hints=(
        "Leave out `literal` from `one`, and `negated(literal)` from `other`; everything else stays.",
        "The union of `one - {literal}` and `other - {negated(literal)}`.",
    ),
    right="One pair for each step; the rest is joined.",
)
def resolve(answer: Any) -> Problem | None:
    """A function of two clauses, frozensets of literals: the set of their resolvents."""
    mistakes = {
        "All pairs are left out at once. That makes □ of P ∨ Q and ¬P ∨ ¬Q, which do not contradict each other.": (
            _all_pairs_at_once
        ),
        "Both literals of the pair are left out of both clauses. `literal` goes from `one` only, its negation from "
        "`other` only.": _from_both,
        "Nothing is left out: this is the union of the two clauses.": _pair_kept,
    }
    pairs = [("P", "~P"), ("P Q", "~P R"), ("P Q", "~P ~Q"), ("P Q", "R"), ("P ~P", "P Q"), ("~P Q R", "P ~Q S")]
    cases = [(_Shown(one.split()), _Shown(other.split())) for one, other in pairs]
    return compare_calls(answer, _resolve, cases, mistakes=mistakes, what="the set of resolvents")


Resolver = Callable[[Clause, Clause], set[Clause]]


def _saturated(clauses: list[Clause], resolve: Resolver, rounds: int = 100) -> set[Clause]:
    known = set(clauses)
    for _ in range(rounds):
        new = {made for one in known for other in known for made in resolve(one, other)}
        if new <= known:
            break
        known |= new
    return known


def _contradictory(clauses: list[Clause], resolve: Resolver) -> bool:
    return frozenset() in _saturated(clauses, resolve)


def _forgetting(clauses: list[Clause], resolve: Resolver) -> bool:
    known = set(clauses)
    for _ in range(20):
        if frozenset() in known:
            return True
        known = {made for one in known for other in known for made in resolve(one, other)}
    return False


def _clauses(text: str) -> list[Clause]:
    return [_Shown(clause.split()) for clause in text.split(",")]


@exercise(
    "contradictory",
    points=3,
    hints=(
        "Keep a set `known`. In each round collect what `resolve` makes of every pair of known clauses.",
        "If all that is new is known already, `new <= known`, the answer is False. Else `known |= new` and go on, "
        "until `frozenset()` is in `known`.",
    ),
    right="This decides every question without variables. With variables the loop may never end.",
)
def contradictory(answer: Any) -> Problem | None:
    """A function of clauses and of `resolve`: whether the empty clause can be reached."""
    mistakes = {
        "One round is not enough: what is new must be resolved with everything again.": (
            lambda clauses, resolve: frozenset() in _saturated(clauses, resolve, 1)
        ),
        "Only clauses that were given are resolved with each other. Conclusions must take part, too.": (
            lambda clauses, resolve: (
                frozenset() in clauses or any(frozenset() in resolve(a, b) for a in clauses for b in clauses)
            )
        ),
        "The old clauses are thrown away after each round. A new one may need them: `known |= new`.": (_forgetting),
        "It is the other way round: True if □ can be reached.": (
            lambda clauses, resolve: not _contradictory(clauses, resolve)
        ),
    }
    cases = [
        (_clauses("P,~P"), _resolve),
        (_clauses("P Q,~P R"), _resolve),
        (_clauses("P Q,~P ~Q"), _resolve),
        (_clauses("P Q,~P,~Q"), _resolve),
        (_clauses("P Q,P ~Q,~P Q,~P ~Q"), _resolve),
        (_clauses("A,~A B,~B C,~C D,~D E,~E"), _resolve),
        (_clauses("A,~A B,~B C,~C D,~D E"), _resolve),
        ([_Shown(), _Shown({"P"})], _resolve),
    ]
    problem = compare_calls(answer, _contradictory, cases, mistakes=mistakes, what="the verdict")
    if problem is None or not problem.case:
        return problem
    given = next(case[0] for case in cases if compare_calls(answer, _contradictory, [case]) is not None)
    return replace(problem, case=f"contradictory({given}, resolve)")


def _answers() -> list[tuple[str, Any, str, str]]:
    """Situations: in words, the answer, what to do, and what to say if something else is done."""
    from agentos_lab.logic import Limits, prove

    rules: dict[str, Any] = {"rule": "∀x (Draft(x) → MayDelete(x))", "draft": "Draft(note)"}
    good: Any = prove(rules, "MayDelete(note)", engine="resolution")
    torn = prove(rules | {"thesis": "¬Draft(note)"}, "MayDelete(thesis)", engine="resolution")
    last_gone: Any = replace(good, proof=replace(good.proof, steps=good.proof.steps[:-1]))
    order = ["∀x ¬B(x, x)", "∀x ∀y ∀z (B(x, y) ∧ B(y, z) → B(x, z))"]
    open_end = prove(order, "∃x ∀y ¬B(x, y)", engine="resolution", limits=Limits(given=20))
    unsure = "ask a person"
    return [
        ("a goal that is proved", good, "act", "It is proved, nothing is contradictory, and the proof is right."),
        (
            "a goal that is refuted",
            prove(rules, "MayDelete(thesis)", engine="resolution"),
            "refuse",
            "There is a countermodel: it does not follow that the action is allowed.",
        ),
        ("a search that gave up", open_end, unsure, "Nobody knows: neither act nor refuse."),
        (
            "a goal that is proved from premises that contradict each other",
            torn,
            unsure,
            "Look at `answer.contradictory`: from such premises everything follows.",
        ),
        (
            "an engine that gives no proof",
            replace(good, proof=None, by="z3"),
            unsure,
            "`answer.proof` is None here: there is nothing to check, so nothing to act on.",
        ),
        (
            "a proof whose last step is missing",
            last_gone,
            unsure,
            "The proof is there, but wrong: `check_proof` must find nothing wrong with it.",
        ),
    ]


@exercise(
    "may_act",
    points=2,
    hints=(
        'First the easy one: `isinstance(answer, Refuted)` gives "refuse". Do not write `if answer`: for GaveUp it '
        "raises an error.",
        '"act" needs four things: Proved, not `answer.contradictory`, `answer.proof is not None`, and '
        '`check_proof(answer.proof)`. All else is "ask a person".',
    ),
    right="No proof, no action; and what is not known is not a no.",
)
def may_act(answer: Any) -> Problem | None:
    """A function of what `ask` returned: "act", "refuse" or "ask a person"."""
    if answer is Ellipsis:
        raise NotImplementedError("may_act is still `...`")
    if not callable(answer):
        return Problem(f"A function was expected, and this is of type {type(answer).__name__}.")
    for situation, given, right, explanation in _answers():
        try:
            yours = answer(given)
        except ValueError as error:
            if "neither yes nor no" not in str(error):
                raise
            return Problem(
                "`if answer` raises an error where the search gave up. Use `isinstance(answer, GaveUp)`.", situation
            )
        if not isinstance(yours, str):
            return compare(yours, right, what="the decision")
        if yours != right:
            return Problem(explanation, situation, repr(yours), repr(right))
    return None


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Why does one suppose the negation of the goal?",
        (
            Option("Because the goal might be false.", "It might; but that is not what the proof is about."),
            Option(
                "If premises and negated goal lead to □, no structure makes the premises true and the goal false.",
                "That is what *follows* means, for structures of every size.",
                right=True,
            ),
            Option("To look for a countermodel.", "Resolution finds none; it may show that there is none."),
            Option("It is a habit; the goal itself would do.", "From premises and *goal* a □ would say the opposite."),
        ),
    ),
    Question(
        "Why must P(x) ∨ P(y) not subsume P(x)?",
        (
            Option("It would be unsound.", "Nothing false would be concluded. Only proofs would be missed."),
            Option("P(x) does not follow from it.", "It does: put x for y. This is what factoring says."),
            Option(
                "The factor is what leads to □, and the search would throw it away.",
                "So the definition forbids two literals to go into the same one.",
                right=True,
            ),
            Option("P(x) ∨ P(y) says more.", "Both say exactly the same; what matters is the number of literals."),
        ),
    ),
    Question(
        "A knowledge base answers *Proved* to everything you ask. What do you do?",
        (
            Option(
                "Ask it for a contradiction, and look at the sentences that it names.",
                "From contradictory premises everything follows, and the proof of □ names the culprits.",
                right=True,
            ),
            Option("Report a mistake of the prover.", "Check the proofs: they will be right."),
            Option("Be content: it knows a lot.", "It proves that the moon may be deleted, and that it may not."),
            Option("Give it smaller limits.", "The contradiction is still there, and found as quickly."),
        ),
    ),
    Question(
        "The search gave up after 5,000 clauses. What do you know?",
        (
            Option("The goal does not follow.", "The proof may need 5,001 clauses."),
            Option("The goal follows, but the proof is long.", "There may be no proof, and an endless search."),
            Option(
                "Nothing about the goal.",
                "First-order logic is semi-decidable; the third answer says exactly this.",
                right=True,
            ),
            Option("That only infinite countermodels are left.", "A small one may exist: resolution does not look."),
        ),
    ),
)
