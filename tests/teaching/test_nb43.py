"""The checks of notebook 43: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

from itertools import combinations, pairwise

import pytest

from agentos_lab.logic import cdcl, check_rup, satisfiable_assignment, solutions
from agentos_lab.logic.satisfiability_trace import Learned
from agentos_lab.teaching import check

ISLAND = ["A <-> (~A & ~B & ~C)", "B <-> ((A & ~B & ~C) | (~A & B & ~C) | (~A & ~B & C))"]
ONE_OF_THREE = "(A & ~B & ~C) | (~A & B & ~C) | (~A & ~B & C)"


def exactly_one(literals):
    return [tuple(literals), *((-one, -other) for one, other in combinations(literals, 2))]


def jump(clause, level):
    levels = sorted(level[abs(literal)] for literal in clause)
    return levels[-2] if len(levels) > 1 else 0


def rup(clauses, learned):
    return bool(check_rup(clauses, [learned, ()])) or "clause 1 " not in check_rup(clauses, [learned, ()]).reason


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("forced", [2, 3, -4, 5, 6]),
        ("forced", {6, 5, -4, 3, 2}),
        ("exactly_one", exactly_one),
        ("exactly_one", lambda xs: [list(clause) for clause in exactly_one(xs)]),
        ("jump", jump),
        ("rup", rup),
        ("island", ISLAND),
        ("island", ("(~A & ~B & ~C) <-> A", "B <-> (A | B | C) & ~(A & B) & ~(A & C) & ~(B & C)")),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"43.{name}", answer)


def once(clauses, learned):
    true = {-literal for literal in learned}
    for clause in clauses:
        left = [literal for literal in clause if -literal not in true]
        if len(left) < 2:
            if not left:
                return True
            true.add(left[0])
    return False


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("forced", [-1, 2, 3, -4, 5, 6], "is the decision"),
        ("forced", [2, 3, 4, 5, 6], "4 must be false"),
        ("forced", [2, 3, -4, 5, 6, 7], "two open literals"),
        ("forced", [2, 3, -4, 5], "One more: look at ¬5 ∨ ¬2 ∨ 6"),
        ("forced", [2], "Some more: look at ¬2 ∨ 3"),
        ("forced", [2, 3, -4, 5, -6], "6 must be true"),
        ("forced", [1, 2, 3], "1 is false"),
        ("forced", [9], "9 is no literal"),
        ("forced", ["2", "3"], "'2' is no literal"),
        ("forced", "2, 3", "of type str"),
        ("exactly_one", lambda xs: [tuple(xs)], "Several may be true"),
        ("exactly_one", lambda xs: exactly_one(xs)[1:], "may be false"),
        ("exactly_one", lambda xs: [*exactly_one(xs), (xs[0],)], "Too strict"),
        ("exactly_one", lambda xs: [tuple(xs), *pairwise(xs)], "Several may be true"),
        ("exactly_one", lambda xs: [1, 2], "list of clauses"),
        ("exactly_one", lambda xs: [(9,)], "speak of 9"),
        ("exactly_one", 3, "A function was expected"),
        ("jump", lambda clause, level: max(level[abs(n)] for n in clause), "level of the conflict"),
        ("jump", lambda clause, level: max(level[abs(n)] for n in clause) - 1, "what DPLL does"),
        ("jump", lambda clause, level: min(level[abs(n)] for n in clause) if clause[1:] else 0, "too far"),
        ("rup", once, "only once"),
        ("rup", lambda clauses, learned: rup(clauses, [-n for n in learned]), "Suppose them false"),
        (
            "rup",
            lambda clauses, learned: not cdcl([*clauses, *((-n,) for n in learned)]),
            "without trying cases",
        ),
        ("rup", lambda clauses, learned: any({-n for n in c} <= {-n for n in learned} for c in clauses), "at once"),
        ("island", ["~A & ~B & ~C", ISLAND[1]], "A is right"),
        ("island", ["A -> (~A & ~B & ~C)", ISLAND[1]], "Use <->"),
        ("island", ["A <-> ~(A & B & C)", ISLAND[1]], "Not all are knights"),
        ("island", [ISLAND[0], ONE_OF_THREE], "B is right"),
        ("island", [ISLAND[0], "B <-> (A | B | C)"], "at least one knight"),
        ("island", [ISLAND[0], "B <-> C"], "in the case"),
        ("island", [ISLAND[0], "B <-> (~A & B & ~C)"], "three cases"),
        ("island", [ISLAND[0], "B -> (~A & B & ~C)"], "Use <->"),
        ("island", [ISLAND[0], "B <-> (~(A & B) & ~(A & C) & ~(B & C))"], "at most one of us"),
        ("island", ["A <-> (~A & ~B", ISLAND[1]], "cannot be used"),
        ("island", [ISLAND[0], "B <-> D"], "cannot be used"),
        ("island", ISLAND[:1], "two formulas"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"43.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


def test_the_forced_literals_are_those_of_the_library():
    clauses = [(1, 2), (-2, 3), (-3, -4), (4, 5), (-5, -2, 6), (-6, 7, 8), (-1,)]
    forced = [entry.literal for entry in cdcl(clauses).trace.trail(6) if entry.level == 0]
    assert set(forced) == {-1, 2, 3, -4, 5, 6}


def test_exactly_one_has_as_many_models_as_literals():
    found, clauses = 0, exactly_one([1, 2, 3, 4])
    while model := satisfiable_assignment(clauses):
        assert sum(model.values()) == 1
        found += 1
        clauses.append(tuple(-n if value else n for n, value in enumerate(model.values(), 1)))
    assert found == 4


def test_jumps_are_those_of_the_library():
    pigeons = [
        (1, 2),
        (3, 4),
        (5, 6),
        *((-a, -b) for start in (1, 2) for a, b in combinations((start, start + 2, start + 4), 2)),
    ]
    trace = cdcl(pigeons).trace
    lessons = [(place, event) for place, event in enumerate(trace) if isinstance(event, Learned) and event.clause]
    assert lessons
    for place, event in lessons:
        level = {abs(entry.literal): entry.level for entry in trace.trail(place)}
        assert jump(event.clause, level) == event.level


def test_the_island_has_one_solution():
    assert solutions(ISLAND).only == {"A": "false", "B": "true", "C": "false"}
