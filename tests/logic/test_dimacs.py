from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.errors import ParseError
from agentos_lab.logic.dimacs import read_dimacs, write_dimacs
from agentos_lab.logic.propositional_clauses import propositional_clauses

GOOD = """c a small problem
c 1 = Rain
p cnf 3 2
1 -3
0 2 3 -1 0
"""


def test_a_problem_is_read_across_lines_with_its_names():
    cnf = read_dimacs(GOOD)
    assert cnf.clauses == ((1, -3), (2, 3, -1)) and cnf.names == ("Rain", "x2", "x3")


@given(st.lists(st.lists(st.integers(-9, 9).filter(bool), max_size=5).map(tuple), max_size=12))
def test_what_is_written_is_read_back(clauses):
    cnf = propositional_clauses(clauses)
    assert read_dimacs(write_dimacs(cnf)) == cnf


def test_names_and_files_survive(tmp_path):
    path = tmp_path / "problem.cnf"
    cnf = propositional_clauses("Wet(street) <-> rain | sprinkler & on")
    assert write_dimacs(cnf, path) == path.read_text("utf-8")
    again = read_dimacs(path)
    assert (again.clauses, again.names) == (cnf.clauses, cnf.names)
    assert read_dimacs(str(path)) == again


def test_the_end_mark_of_satlib_is_understood():
    assert read_dimacs("p cnf 2 1\n1 2 0\n%\n0\n").clauses == ((1, 2),)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("1 2 0\n", 1, "before the header"),
        ("c nothing\n", 2, "no header"),
        ("p sat 3 2\n1 0\n", 1, "header cannot be read"),
        ("c x\np cnf three 2\n", 2, "header cannot be read"),
        ("p cnf 3\n", 1, "header cannot be read"),
        ("p cnf 99999999999 1\n1 0\n", 1, "too many"),
        ("p cnf 2 1\np cnf 2 1\n1 0\n", 2, "second header"),
        ("p cnf 2 2\n1 -2 0\n3 0\n", 3, "promises 2 propositions, and this is 3"),
        ("p cnf 2 1\n1 -5 0\n", 2, "this is -5"),
        ("p cnf 2 2\n1 0\n2 -1\n", 3, "no end"),
        ("p cnf 2 3\n1 0\n2 0\n", 1, "promises 3 clauses, and the file holds 2"),
        ("p cnf 2 1\n1 0\n2 0\n", 3, "one more"),
        ("p cnf 2 1\n1 x 0\n", 2, "'x' is no literal"),
        ("p cnf 2 1\n1 2.5 0\n", 2, "'2.5' is no literal"),
        ("p cnf 2 1\n1 --2 0\n", 2, "'--2' is no literal"),
    ],
)
def test_an_error_points_at_its_line(text, line, message):
    with pytest.raises(ParseError, match=message) as caught:
        read_dimacs(text)
    assert caught.value.line == line


def test_a_literal_is_pointed_at():
    with pytest.raises(ParseError) as caught:
        read_dimacs("p cnf 2 1\n1 -5 0\n")
    assert caught.value.column == 3 and str(caught.value).endswith("1 -5 0\n      ^")


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(FileNotFoundError):
        read_dimacs(tmp_path / "none.cnf")
