"""Checks and quiz of notebook 43, satisfiability and Z3."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from ..checking import exercise
from ..comparison import Problem, compare_calls
from ..questions import Option, Question

__all__ = ["QUIZ", "exactly_one", "forced", "island", "jump", "rup"]


@exercise(
    "forced",
    points=1,
    hints=(
        "A clause forces its last literal when all its others are false. Which clause is so after −1? Go on from it.",
        "1 ∨ 2 forces 2. Then ¬2 ∨ 3 forces 3. A clause with two open literals forces nothing.",
    ),
    right="Five literals follow from one decision; at 7 or 8 the next decision is due.",
)
def forced(answer: Any) -> Problem | None:
    """The literals that follow by unit propagation."""
    if isinstance(answer, set | frozenset | tuple):
        answer = list(answer)
    if not isinstance(answer, list):
        kind = type(answer).__name__
        return Problem(f"A list of signed numbers was expected, in the form of [7, -8]; this is of type {kind}.")
    if any(literal is Ellipsis for literal in answer):
        raise NotImplementedError("the list is not filled in yet")
    for literal in answer:
        if type(literal) is not int or abs(literal) not in range(1, 9):
            return Problem(f"{literal!r} is no literal of these clauses: numbers from 1 to 8, with − for *false*.")
        if literal in _NOT_FORCED:
            return Problem(_NOT_FORCED[literal])
    missing = [clause for literal, clause in _FORCING.items() if literal not in answer]
    return Problem(f"{'One' if len(missing) == 1 else 'Some'} more: look at {missing[0]}.") if missing else None


_TWO_OPEN = "¬6 ∨ 7 ∨ 8 has two open literals. It does not say which of them is true."
_NOT_FORCED = {
    -1: "−1 is the decision. Give only what follows from it.",
    1: "1 is false: that is what was decided.",
    -2: "1 ∨ 2: as 1 is false, 2 must be true.",
    -3: "¬2 ∨ 3: as 2 is true, 3 must be true.",
    4: "¬3 ∨ ¬4: as 3 is true, 4 must be false: −4.",
    -5: "4 ∨ 5: as 4 is false, 5 must be true.",
    -6: "¬5 ∨ ¬2 ∨ 6: as 5 and 2 are true, 6 must be true.",
    **dict.fromkeys((7, -7, 8, -8), _TWO_OPEN),
}
_FORCING = {2: "1 ∨ 2", 3: "¬2 ∨ 3", -4: "¬3 ∨ ¬4", 5: "4 ∨ 5", 6: "¬5 ∨ ¬2 ∨ 6, with 5 and 2 true"}


def _models(clauses: Any, literals: list[int]) -> set[tuple[int, ...]]:
    """The assignments of the literals' propositions that satisfy clauses, as the literals that are true."""
    names = sorted({abs(literal) for literal in literals})
    rows = (
        {n if value else -n for n, value in zip(names, row, strict=True)} for row in product([1, 0], repeat=len(names))
    )
    good = (row for row in rows if all(any(literal in row for literal in clause) for clause in clauses))
    return {tuple(literal for literal in literals if literal in row) for row in good}


@exercise(
    "exactly_one",
    points=1,
    hints=(
        "*Not both one and other* is the clause ¬one ∨ ¬other.",
        "One clause `(-one, -other)` for each pair in `combinations(literals, 2)`.",
    ),
    right="At least one, and no two of them: this is the clause set that is forgotten most often.",
)
def exactly_one(answer: Any) -> Problem | None:
    """A function of literals: clauses that say that exactly one of them is true."""
    if not callable(answer):
        return compare_calls(answer, lambda literals: literals, [])
    for literals in ([1, 2], [1, 2, 3], [2, -3, 5], [1], [4, 1, 2, 3]):
        clauses = answer(list(literals))
        problem = _clauses_problem(clauses, literals)
        if problem is not None:
            return Problem(problem, f"exactly_one({literals})", repr(clauses))
    return None


def _clauses_problem(clauses: Any, literals: list[int]) -> str | None:
    if clauses is None:
        return "Nothing came back: does the function `return` its clauses?"
    pairs = isinstance(clauses, list | tuple | set) and all(isinstance(clause, list | tuple) for clause in clauses)
    if not pairs or not all(type(literal) is int for clause in clauses for literal in clause):
        return "A list of clauses was expected, each a tuple of numbers such as (-1, -2)."
    strange = {abs(n) for clause in clauses for n in clause} - {abs(n) for n in literals}
    if strange:
        return f"The clauses speak of {min(strange)}, which is not among the literals."
    found = _models(clauses, literals)
    if () in found:
        return "All literals may be false: the clause that one of them is true is missing."
    several = sorted(model for model in found if len(model) > 1)
    if several:
        return f"Several may be true at once: {several[0]} keeps all your clauses. Add *not both* for each pair."
    missing = [literal for literal in literals if (literal,) not in found]
    if missing:
        return (
            f"Too strict: {missing[0]} true and the others false should be allowed, and one of your clauses forbids it."
        )
    return None


def _jump(clause: Any, level: Any) -> int:
    levels = sorted(level[abs(literal)] for literal in clause)
    return int(levels[-2]) if len(levels) > 1 else 0


@exercise(
    "jump",
    points=1,
    hints=(
        "`sorted(level[abs(literal)] for literal in clause)`: the last one is the level of the conflict.",
        "The answer is the second to last of them, or 0 if there is only one.",
    ),
    right="At that level the learned clause is a unit, and whatever was decided in between is skipped.",
)
def jump(answer: Any) -> Problem | None:
    """A function of a learned clause and the levels of propositions: the level to jump back to."""
    mistakes: dict[str, Callable[..., Any]] = {
        "This is the level of the conflict. Go to the highest level among the *other* literals.": (
            lambda clause, level: max(level[abs(n)] for n in clause)
        ),
        "One level back is what DPLL does. The learned clause allows to jump further.": (
            lambda clause, level: max(level[abs(n)] for n in clause) - 1
        ),
        "The lowest level is too far: there the clause may still have several open literals.": (
            lambda clause, level: min(level[abs(n)] for n in clause) if len(clause) > 1 else 0
        ),
    }
    level = {1: 1, 2: 2, 3: 3, 4: 7, 5: 7, 6: 0}
    cases = [((-1, -4), level), ((-4, 2, -1), level), ((3, 5, -1, 2), level), ((-5,), level)]
    return compare_calls(answer, _jump, cases, mistakes=mistakes, what="the level")


def _rup(clauses: Any, learned: Any, *, rounds: int | None = None, suppose: int = -1) -> bool:
    true = {suppose * literal for literal in learned}
    while rounds is None or rounds >= 0:
        left = [
            {n for n in clause if -n not in true}
            for clause in clauses
            if not any(literal in true for literal in clause)
        ]
        if not all(left):
            return True
        units = [next(iter(clause)) for clause in left if len(clause) == 1]
        if not units:
            return False
        true.add(units[0])
        rounds = None if rounds is None else rounds - 1
    return False


@exercise(
    "rup",
    points=2,
    hints=(
        "Start with `true = {-literal for literal in learned}`. Of each clause take `left`: the literals whose "
        "negation is not in `true`.",
        "No literal left: return True. Exactly one left, and not yet in `true`: add it. Go through all clauses again "
        "until a whole round adds nothing: then return False.",
    ),
    right="This is the whole of a proof checker: apply it to one learned clause after another.",
)
def rup(answer: Any) -> Problem | None:
    """A function of clauses and one clause: whether it follows by reverse unit propagation."""
    mistakes: dict[str, Callable[..., Any]] = {
        "The clauses are gone through only once. A new true literal may make an earlier clause a unit: begin again.": (
            lambda clauses, learned: _once(clauses, learned)
        ),
        "The literals of the learned clause are supposed *true*. Suppose them false.": (
            lambda clauses, learned: _rup(clauses, learned, suppose=1)
        ),
        "Only clauses that are broken at once are seen: nothing is propagated.": (
            lambda clauses, learned: _rup(clauses, learned, rounds=0)
        ),
        "This asks whether the clause follows at all. RUP is less: by propagation alone, without trying cases.": (
            _follows
        ),
    }
    chain = [(-1, 2), (-2, 3), (-3, -1)]
    back = [(-3, 4), (-2, 3), (-1, 2), (-4, -1, 5), (-5, -3)]
    square = [(1, 2), (1, -2), (-1, 2), (-1, -2)]
    cases = [
        (chain, (-1,)),
        (chain, (1,)),
        (back, (-1,)),
        (back, (-2,)),
        (square, (1,)),
        (square, ()),
        ([*square, (1,)], ()),
        ([(1, 2, 3)], (1, 2)),
        ([(1, 2, 3)], (1, 2, 3)),
    ]
    return compare_calls(answer, _rup, cases, mistakes=mistakes, what="the verdict")


def _once(clauses: Any, learned: Any) -> bool:
    true = {-literal for literal in learned}
    for clause in clauses:
        left = [literal for literal in clause if -literal not in true]
        if not left:
            return True
        if len(left) == 1:
            true.add(left[0])
    return False


def _follows(clauses: Any, learned: Any) -> bool:
    names = sorted({abs(literal) for clause in [*clauses, learned] for literal in clause})
    return not _models([*clauses, *((-literal,) for literal in learned)], names)


_SAYINGS = ("A <-> (~A & ~B & ~C)", "B <-> ((A & ~B & ~C) | (~A & B & ~C) | (~A & ~B & C))")
_WRONG = {
    0: {
        "~A & ~B & ~C": "This says that A is right. Nobody knows: it is true exactly if A is a knight: A <-> (…).",
        "A -> (~A & ~B & ~C)": "With -> alone, a knave could say something true. Use <->.",
        "A <-> ~(A & B & C)": "*All are knaves* is ~A & ~B & ~C. *Not all are knights* is something else.",
    },
    1: {
        "(A & ~B & ~C) | (~A & B & ~C) | (~A & ~B & C)": (
            "This says that B is right. Nobody knows: it is true exactly if B is a knight: B <-> (…)."
        ),
        "B -> ((A & ~B & ~C) | (~A & B & ~C) | (~A & ~B & C))": (
            "With -> alone, a knave could say something true. Use <->."
        ),
        "B <-> (A | B | C)": "*A | B | C* is at least one knight. Exactly one: the others are none.",
        "B <-> (~A & B & ~C)": "*Exactly one of us* may be A, or B, or C: three cases, joined by |.",
        "B <-> (~(A & B) & ~(A & C) & ~(B & C))": "This is *at most one of us*. Exactly one: and not none.",
    },
}


@exercise(
    "island",
    points=2,
    hints=(
        "The pattern: `X <-> (what X says)`. What A says: `~A & ~B & ~C`.",
        "Exactly one knight is three cases joined by |: `(A & ~B & ~C) | (~A & B & ~C) | (~A & ~B & C)`.",
    ),
    right="A is a knave, B a knight, C a knave, and there is no other way.",
)
def island(answer: Any) -> Problem | None:
    """Two formulas, for what A and what B said."""
    from agentos_lab.logic import parse

    if not isinstance(answer, list | tuple) or len(answer) != 2:
        return Problem("A list of two formulas was expected: one for what A says, one for what B says.")
    if any(formula is Ellipsis for formula in answer):
        raise NotImplementedError("the list is not filled in yet")
    for place, (formula, right) in enumerate(zip(answer, _SAYINGS, strict=True)):
        who = "AB"[place]
        try:
            same = _rows(formula) == _rows(right)
        except ValueError as error:
            return Problem(f"The formula for {who} cannot be used. {error}")
        if not same:
            for wrong, message in _WRONG[place].items():
                # What is no ↔ but written with one is told apart from ->: the same rows, another slip.
                if _rows(formula) == _rows(wrong) and not (" -> " in wrong and "↔" in str(parse(formula))):
                    return Problem(message, yours=str(formula))
            row = next(i for i, pair in enumerate(zip(_rows(formula), _rows(right), strict=True)) if pair[0] != pair[1])
            kinds = ", ".join(
                f"{name} {'knight' if value else 'knave'}" for name, value in zip("ABC", _ROWS[row], strict=True)
            )
            says, could = ("false", "could") if _rows(right)[row] else ("true", "could not")
            return Problem(
                f"The formula for {who} is wrong in the case {kinds}: there {who} {could} have said this, "
                f"and yours is {says}.",
                yours=str(formula),
            )
    return None


_ROWS = tuple(product((True, False), repeat=3))


def _rows(formula: Any) -> list[bool]:
    from agentos_lab.logic import parse, truth_value

    parsed = parse(formula)
    return [truth_value(parsed, dict(zip("ABC", row, strict=True))) for row in _ROWS]


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Unit propagation has ended, and no clause is broken. What is known?",
        (
            Option("The clauses are satisfiable.", "Some clauses may still have two open literals, and no way out."),
            Option(
                "Nothing more can be concluded clause by clause.",
                "Now a decision is due. a ∨ b, a ∨ ¬b, ¬a ∨ b, ¬a ∨ ¬b has no unit, and no model.",
                right=True,
            ),
            Option("All propositions have values.", "Only those that were forced."),
            Option("The last decision was right.", "It has broken nothing yet. That is what greedy search believed."),
        ),
    ),
    Question(
        "CDCL learns a clause. Why may it be kept for the whole search, at all levels?",
        (
            Option("It holds as long as the present decisions hold.", "Then it could not be kept after the jump."),
            Option("It is a good guess.", "It is no guess."),
            Option(
                "It follows from the clauses alone.",
                "It is made by resolution from clauses; the decisions only showed which ones to take.",
                right=True,
            ),
            Option("It is deleted after the jump.", "It stays, until it is of little use; and it may always stay."),
        ),
    ),
    Question(
        "A solver says *unsatisfiable* and shows learned clauses. check_rup refuses clause 17. What follows?",
        (
            Option("The problem is satisfiable.", "A wrong proof of a true thing is possible."),
            Option(
                "That this proof shows nothing; the question is open.",
                "Perhaps the problem is unsatisfiable all the same. Nobody has shown it.",
                right=True,
            ),
            Option("Clauses 1 to 16 are wrong, too.", "They were checked, and they do follow."),
            Option("The check must try harder, with decisions.", "RUP is propagation only; so the check stays simple."),
        ),
    ),
    Question(
        "Z3 answers *unknown* when it is asked whether an action may be together with the rules. The agent should",
        (
            Option("act: there is no contradiction.", "None was *found*. That is something else."),
            Option(
                "conclude that the action is forbidden.",
                "That was not shown, either; it must not be given as a reason.",
            ),
            Option(
                "ask once more with the same limit.", "The same steps, the same answer: that is why limits count steps."
            ),
            Option(
                "not act, and say that the question was not decided.",
                "Or ask something smaller: fewer rules, bounded numbers, a higher limit.",
                right=True,
            ),
        ),
    ),
)
