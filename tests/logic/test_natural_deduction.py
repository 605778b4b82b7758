from __future__ import annotations

import random
import re
from functools import cache

import pytest
from fitch_proofs import RIGHT

from agentos_lab.errors import ParseError
from agentos_lab.logic import Formula, entails, parse
from agentos_lab.logic.natural_deduction import check_fitch

SYLLOGISM = RIGHT["hypothetical syllogism"]


@cache
def follows(premises: tuple[Formula, ...], conclusion: Formula) -> str:
    return entails(list(premises), conclusion, minimize=False).status


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_proof_is_accepted_and_z3_agrees(name):
    check = check_fitch(RIGHT[name])
    assert check, str(check)
    assert follows(check.premises, check.conclusion) == "entailed"


def mutated(proof: str, chance: random.Random) -> str:
    """The proof with one or two things changed: a citation, a rule, a formula, a name, or a level."""
    lines = [line.strip() for line in proof.strip().split("\n")]
    for _ in range(chance.randint(1, 2)):
        place = chance.randrange(len(lines))
        line = lines[place]
        match chance.choice(["cite", "cite", "formula", "name", "level", "rule", "part"]):
            case "cite":
                spots = list(re.finditer(r"(?<=[ ,-])\d+(?=[,\s-]|$)", line))
                if spots:
                    spot = chance.choice(spots)
                    line = line[: spot.start()] + str(chance.randint(1, len(lines))) + line[spot.end() :]
            case "formula":
                body = r"^(\d+\.)?([\s|]*)(.*?)(\s{2,}\S.*)$"
                mine, other = re.match(body, line), re.match(body, chance.choice(lines))
                if mine and other:
                    line = "".join([mine[1] or "", mine[2], other[3], mine[4]])
            case "name":
                a, b = chance.choice(["pq", "qr", "ab", "ca", "cb", "xy", "PQ"])
                line = re.sub(rf"\b{a}\b", b, line)
            case "level":
                line = line.replace("| ", "", 1) if "| " in line else re.sub(r"^(\d+\.)", r"\1 |", line)
            case "rule":
                line = re.sub(r"[∧∨→¬∀∃]([IE])(?=\s+\d)", lambda m: chance.choice("∧∨→¬∀∃") + m[1], line)
            case "part":
                line = chance.choice([line.replace("¬", "", 1), line.replace("∧", "∨", 1), line.replace("∀", "∃", 1)])
        lines[place] = line
    return "\n".join(lines)


@pytest.mark.parametrize("name", RIGHT)
def test_every_accepted_line_of_a_changed_proof_follows_from_what_it_rests_on(name):
    chance, judged = random.Random(name), 0
    for _ in range(40):
        try:
            check = check_fitch(mutated(RIGHT[name], chance))
        except ParseError:
            continue
        first = min((fault.line for fault in check.faults), default=len(check.lines) + 1)
        for line in check.lines[: first - 1]:
            assert follows(check.assumptions(line.number), line.formula) == "entailed", check.text()
            judged += 1
    assert judged > 25


def changed(proof: str, line: int, new: str) -> str:
    """A proof with another line in the place of one."""
    lines = [text.strip() for text in proof.strip().split("\n")]
    lines[line - 1] = new
    return "\n".join(lines)


WRONG = [
    ("affirming the consequent", "1. p → q  premise\n2. q  premise\n3. p  →E 1, 2", 3, "from the consequent nothing"),
    ("wrong consequent", "1. p → q  premise\n2. p  premise\n3. r  →E 1, 2", 3, "gives q, not r"),
    ("no implication", "1. p ∧ q  premise\n2. p  premise\n3. q  →E 1, 2", 3, "needs an implication"),
    ("one line too few", "1. p → q  premise\n2. q  →E 1", 2, "cites 2 lines, and here are 1 line"),
    ("a later line", "1. p  premise\n2. p  R 3\n3. p  R 1", 2, "line 3 is not before"),
    ("itself", "1. p  premise\n2. q  R 2", 2, "line 2 is not before"),
    ("no such line", "1. p  premise\n2. p  R 7", 2, "there is no line 7"),
    ("closed subproof", changed(SYLLOGISM, 6, "6. r  R 5"), 6, "line 5 lies in the subproof 3-5, which is closed"),
    ("subproof cut short", changed(SYLLOGISM, 6, "6. p → q  →I 3-4"), 6, "ends at line 5, not 4"),
    ("no subproof there", changed(SYLLOGISM, 6, "6. p → r  →I 2-5"), 6, "line 2 does not open one"),
    ("still open", changed(SYLLOGISM, 5, "5. | p → q  →I 3-4"), 5, "still open"),
    ("another antecedent", changed(SYLLOGISM, 6, "6. q → r  →I 3-5"), 6, "the subproof assumes p, not q"),
    ("another consequent", changed(SYLLOGISM, 6, "6. p → q  →I 3-5"), 6, "ends with r, not q"),
    ("ends inside", "1. | p  assume\n2. | p  R 1", 2, "ends inside the subproof that line 1 opens"),
    ("a missing part", "1. p  premise\n2. q  premise\n3. p ∧ r  ∧I 1, 2", 3, "part r of the conjunction"),
    ("no conjunction", "1. p ∨ q  premise\n2. p  ∧E 1", 2, "takes a conjunction apart"),
    ("no such part", "1. p ∧ q  premise\n2. r  ∧E 1", 2, "r is no part of"),
    ("wrong disjunction", "1. p  premise\n2. q ∨ r  ∨I 1", 2, "p is no part of"),
    ("a case is missing", "1. p ∨ q ∨ r  premise\n2. | p  assume\n3. | s ∨ p  ∨I 2\n4. | q  assume\n5. | s ∨ p  R 3\n"
     "6. s ∨ p  ∨E 1, 2-3, 4-5", 6, "the case r is missing"),
    ("cases end differently", "1. p ∨ q  premise\n2. | p  assume\n3. | p ∨ q  ∨I 2\n4. | q  assume\n5. | q  R 4\n"
     "6. p ∨ q  ∨E 1, 2-3, 4-5", 6, "each case must end with p ∨ q"),
    ("no contradiction", "1. p  premise\n2. q  premise\n3. ⊥  ¬E 1, 2", 3, "a formula and its negation"),
    ("refuted the wrong way round", "1. | ¬p  assume\n2. | ⊥  assume\n3. p  ¬I 1-2", 3, None),
    ("not refuted", "1. | p  assume\n2. | p  R 1\n3. ¬p  ¬I 1-2", 3, "must end with ⊥, and ends with p"),
    ("¬I for IP", "1. | ¬p  assume\n2. | ¬p  R 1\n3. p  IP 1-2", 3, "must end with ⊥"),
    ("explosion of nothing", "1. p  premise\n2. q  ⊥E 1", 2, "needs ⊥"),
    ("one negation", "1. ¬p  premise\n2. p  DNE 1", 2, "needs ¬¬p"),
    ("no excluded middle", "1. p ∨ ¬q  LEM", 1, "is not that"),
    ("half an equivalence", "1. p ↔ q  premise\n2. r  premise\n3. q  ↔E 1, 2", 3, "not the other side"),
    ("no instance", "1. ∀x R(x, x)  premise\n2. R(a, b)  ∀E 1", 2, "one and the same term for x"),
    ("not general", "1. ∃x P(x)  premise\n2. P(a)  ∀E 1", 2, "begins with ∀, and ∃x P(x) does not"),
    ("from one to all", "1. P(a)  premise\n2. ∀x P(x)  ∀I 1", 2, "a is not arbitrary: line 1 supposes something"),
    ("from a supposed one to all", "1. | P(a)  assume\n2. | ∀x P(x)  ∀I 1\n3. P(a) → ∀x P(x)  →I 1-2", 2,
     "line 1 supposes"),
    ("a name that is not new", "1. P(c)  premise\n2. | [c]  assume\n3. | P(c)  R 1\n4. ∀x P(x)  ∀I 2-3", 2,
     "c is not arbitrary: it occurs in line 1"),
    ("not wholly general", "1. ∀x R(x, x)  premise\n2. | [c]  assume\n3. | R(c, c)  ∀E 1\n4. ∀x R(x, c)  ∀I 2-3", 4,
     "c still occurs in"),
    ("an unnamed subproof", "1. | P(c)  assume\n2. | P(c)  R 1\n3. ∀x P(x)  ∀I 1-2", 3, "should name it, as in [c]"),
    ("an assumption about it", "1. | [c] P(c)  assume\n2. | P(c)  R 1\n3. ∀x P(x)  ∀I 1-2", 3, "assume nothing"),
    ("no witness", "1. P(a)  premise\n2. ∃x Q(x)  ∃I 1", 2, "P(a) is not Q(x)"),
    ("the witness gets out", "1. ∃x P(x)  premise\n2. | [c] P(c)  assume\n3. | P(c)  R 2\n4. P(c)  ∃E 1, 2-3", 4,
     "known inside the subproof only"),
    ("an old witness", "1. ∃x P(x)  premise\n2. Q(c)  premise\n3. | P(c)  assume\n4. | P(c) ∧ Q(c)  ∧I 3, 2\n"
     "5. | ∃x (P(x) ∧ Q(x))  ∃I 4\n6. ∃x (P(x) ∧ Q(x))  ∃E 1, 3-5", 6, "line 2 speaks of it"),
    ("all likes one, one likes all", "1. ∀y ∃x L(x, y)  premise\n2. | [b]  assume\n3. | ∃x L(x, b)  ∀E 1\n"
     "4. | | [a] L(a, b)  assume\n5. | | ∀y L(a, y)  ∀I 4\n6. | | ∃x ∀y L(x, y)  ∃I 5\n7. | ∃x ∀y L(x, y)  ∃E 3, 4-6\n"
     "8. ∀z ∃x ∀y L(x, y)  ∀I 2-7", 5, "b is not arbitrary"),
    ("not itself", "1. a = b  =I", 1, "shows t = t"),
    ("no exchange", "1. a = b  premise\n2. P(a)  premise\n3. P(c)  =E 1, 2", 3, "with a and b exchanged"),
    ("a premise inside", "1. | p  assume\n2. | q  premise\n3. p → q  →I 1-2", 2, "stands outside all subproofs"),
    ("too deep", "1. p  premise\n2. | p  R 1\n3. p  R 1", 2, "a level deeper without an assumption"),
    ("an assumption at the bottom", "1. p  assume\n2. p  R 1", 1, "opens a subproof"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "proof", "line", "reason"), WRONG, ids=[case[0] for case in WRONG])
def test_a_wrong_proof_is_refused_at_its_line_with_the_reason(name, proof, line, reason):
    check = check_fitch(proof)
    assert not check
    said = [fault.reason for fault in check.faults if fault.line == line]
    assert said, str(check)
    assert reason is None or any(reason in text for text in said), str(check)


def test_the_answer_names_what_was_shown():
    assert str(check_fitch(SYLLOGISM)) == "right: p → q, q → r ⊢ p → r"
    assert str(check_fitch(RIGHT["excluded middle"])) == "right: ⊢ p ∨ ¬p"
    assert str(check_fitch(changed(SYLLOGISM, 4, "4. | r  →E 1, 3"))).startswith("wrong:\n  line 4: p → q gives q")


def test_the_text_marks_the_wrong_line():
    marked = check_fitch(changed(SYLLOGISM, 4, "4. | r  →E 1, 3")).text().split("\n")
    assert "✗ p → q gives q, not r" in marked[3] and "✗" not in marked[2]


def test_the_goal_and_the_premises_may_be_prescribed():
    assert check_fitch(SYLLOGISM, premises=["p -> q", "q -> r"], goal="p -> r")
    assert "should end with r" in str(check_fitch(SYLLOGISM, goal="r"))
    assert "not among the premises" in str(check_fitch(SYLLOGISM, premises=["p -> q"]))


def test_what_a_line_rests_on_is_told():
    check = check_fitch(SYLLOGISM)
    assert check.assumptions(5) == tuple(map(parse, ("p -> q", "q -> r", "p")))
    assert check.assumptions(6) == tuple(map(parse, ("p -> q", "q -> r")))
