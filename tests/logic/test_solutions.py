from __future__ import annotations

from itertools import combinations, permutations

import pytest
from propositional_problems import pigeonhole

from agentos_lab.logic import solutions


def different(names) -> list[str]:
    return [f"{one} != {other}" for one, other in combinations(names, 2)]


def test_send_more_money_has_one_solution():
    letters = "DEMNORSY"
    sum_ = "1000*S + 100*E + 10*N + D + 1000*M + 100*O + 10*R + E = 10000*M + 1000*O + 100*N + 10*E + Y"
    digits = [f"0 <= {letter} & {letter} <= 9" for letter in letters]
    found = solutions([*digits, *different(letters), "S != 0", "M != 0", sum_]).only
    assert "".join(found[letter] for letter in "SENDMOREMONEY") == "9567108510652"


@pytest.mark.parametrize(("size", "count"), [(4, 2), (6, 4), (8, 92)])
def test_queens_that_leave_each_other_alone(size, count):
    rules = [f"1 <= q{i} & q{i} <= {size}" for i in range(size)]
    for i, j in combinations(range(size), 2):
        rules.append(f"q{i} != q{j} & q{i} + {j - i} != q{j} & q{j} + {j - i} != q{i}")
    found = solutions(rules)
    assert found.complete and len(found) == count == len({tuple(s.values()) for s in found})
    if size == 6:
        straight = (p for p in permutations(range(1, 7)))
        right = {p for p in straight if all(abs(p[i] - p[j]) != j - i for i, j in combinations(range(6), 2))}
        assert {tuple(int(s[f"q{i}"]) for i in range(6)) for s in found} == right


def test_who_drinks_water_and_who_owns_the_zebra():
    kinds = [
        ["English", "Spaniard", "Japanese", "Ukrainian", "Norwegian"],
        ["red", "green", "ivory", "yellow", "blue"],
        ["dog", "snails", "fox", "horse", "zebra"],
        ["coffee", "tea", "milk", "juice", "water"],
        ["OldGold", "Kools", "Chesterfields", "LuckyStrike", "Parliaments"],
    ]
    houses = [f"1 <= {name} & {name} <= 5" for kind in kinds for name in kind]
    clues = ["English = red", "Spaniard = dog", "coffee = green", "Ukrainian = tea", "green = ivory + 1",
             "OldGold = snails", "Kools = yellow", "milk = 3", "Norwegian = 1", "LuckyStrike = juice",
             "Japanese = Parliaments"]  # fmt: skip
    for one, other in (("Chesterfields", "fox"), ("Kools", "horse"), ("Norwegian", "blue")):
        clues.append(f"{one} = {other} + 1 | {other} = {one} + 1")
    found = solutions([*houses, *(rule for kind in kinds for rule in different(kind)), *clues]).only
    at = {name: house for name, house in found.items() if name in kinds[0]}
    assert next(name for name, house in at.items() if house == found["water"]) == "Norwegian"
    assert next(name for name, house in at.items() if house == found["zebra"]) == "Japanese"


def test_more_pigeons_than_holes_have_no_solution():
    for holes in (2, 3, 5):
        clauses = pigeonhole(holes + 1, holes)
        found = solutions([" | ".join(f"{'~' * (n < 0)}p{abs(n)}" for n in clause) for clause in clauses])
        assert found.complete and len(found) == 0 and str(found) == "No solutions"


def test_as_many_pigeons_as_holes_sit_in_every_order():
    clauses = pigeonhole(4, 4)
    assert len(solutions([" | ".join(f"{'~' * (n < 0)}p{abs(n)}" for n in clause) for clause in clauses])) == 24


def test_knights_and_knaves():
    # A knight says the truth, a knave never. A: "We are both knaves."
    assert solutions(["A <-> (~A & ~B)"]).only == {"A": "false", "B": "true"}
    # A: "B is a knave." B: "A and C are of a kind." What is C?
    assert solutions(["A <-> ~B", "B <-> (A <-> C)"], over=["C"]).only == {"C": "false"}


def test_only_the_unknowns_asked_for_tell_solutions_apart():
    found = solutions(["0 <= x & x < 3", "0 <= y & y < 5"], over=["x"])
    assert sorted(s["x"] for s in found) == ["0", "1", "2"]


def test_a_list_that_is_not_complete_says_so():
    found = solutions(["x > 0"], limit=3)
    assert (len(found), found.complete) == (3, False) and "limit of 3 solutions" in str(found)
    with pytest.raises(ValueError, match="exactly one solution"):
        _ = found.only


def test_a_limit_that_was_hit_is_named():
    clauses = pigeonhole(10, 9)
    texts = [" | ".join(f"{'~' * (n < 0)}p{abs(n)}" for n in clause) for clause in clauses]
    assert "rlimit" in solutions(texts, rlimit=20_000).reason


@pytest.mark.parametrize(
    ("formulas", "over", "message"),
    [(["P(a)"], None, r"\(none\)"), (["x < 3"], ["y"], r"\(x\), got y"), (["x <"], None, "ends too early")],
)
def test_bad_questions_are_refused(formulas, over, message):
    with pytest.raises(ValueError, match=message):
        solutions(formulas, over)


def test_roots_are_shown_as_decimals():
    found = solutions(["x * x = 2.0", "x > 0"])
    assert found.only["x"].startswith("1.414213562")
