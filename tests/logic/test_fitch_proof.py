from __future__ import annotations

import pytest
from fitch_proofs import RIGHT

from agentos_lab.errors import ParseError
from agentos_lab.logic.fitch_proof import read_fitch


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_printed_is_read_back(name):
    lines = read_fitch(RIGHT[name])
    assert read_fitch("\n".join(map(str, lines))) == lines


def test_bars_and_indentation_say_the_same():
    bars = "1. p  premise\n2. | q  assume\n3. | p  R 1\n4. q → p  →I 2-3"
    indented = "1. p  premise\n2.   q  assume\n3.   p  R 1\n4. q → p  →I 2-3"
    unnumbered = "p  premise\n---\n    q  assume\n    p  R 1\nq -> p  ->I 2-3"
    assert read_fitch(bars) == read_fitch(indented) == read_fitch(unnumbered)
    assert [line.depth for line in read_fitch(bars)] == [0, 1, 1, 0]


def test_ten_lines_do_not_shift_the_levels():
    text = "\n".join(["1. p  premise", *(f"{n}. p  R 1" for n in range(2, 12))])
    assert {line.depth for line in read_fitch(text)} == {0}


def test_rules_have_names_in_ascii_and_words():
    written = ["&I 1, 1", "andI 1, 1", "∧I 1,1", "∧Intro: 1; 1", "(&I 1 1)"]
    assert {read_fitch(f"1. p premise\n2. p & p   {rule}")[1].rule for rule in written} == {"∧I"}
    assert {read_fitch(f"1. p premise\n2. p   {rule} 1")[1].rule for rule in ("R", "reit", "Reiteration")} == {"R"}


def test_citations_are_lines_and_subproofs():
    (line,) = read_fitch("p ∨ q   ∨E 1, 2-3, 4–5")
    assert line.cited == (1, (2, 3), (4, 5)) and line.justification == "∨E 1, 2-3, 4-5"


def test_an_arbitrary_name_stands_in_brackets():
    first, second = read_fitch("| [c]  assume\n| | [d] P(d)  assume")
    assert first.arbitrary == "c" and str(first.formula) == "⊤"
    assert second.arbitrary == "d" and str(second.formula) == "P(d)" and second.depth == 2


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("1. p  premise\n2. q", 2, "no justification"),
        ("1. p  premise\n2. q  magic 1", 2, "no justification"),
        ("1. p  premise\n3. p  R 1", 2, "this line is number 2"),
        ("1. (p ∧ q  premise", 1, "never closed"),
        ("1. p  premise\n2. p →  R 1", 2, "ends too early"),
        ("1. P(a)  premise\n2. P(a, b)  R 1", 2, "P is a predicate of 2 arguments"),
        ("", 1, "no line"),
    ],
)
def test_an_error_points_at_its_line(text, line, message):
    with pytest.raises(ParseError, match=message) as caught:
        read_fitch(text)
    assert caught.value.line == line


def test_the_caret_stands_in_the_formula():
    with pytest.raises(ParseError) as caught:
        read_fitch("1. p  premise\n2. | q ∧ ∧ r  assume")
    assert caught.value.column == 10
