"""Queries as text: what is read, and where a mistake is pointed at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.causal.expression import Variable
from agentos_lab.causal.query import Query, parse_query
from agentos_lab.errors import ParseError


def test_a_query_is_read_into_its_three_parts() -> None:
    query = parse_query("P(Y1, Y2 | do(X), Z)")
    assert query == Query((Variable("Y1"), Variable("Y2")), (Variable("X"),), (Variable("Z"),))
    assert str(query) == "P(Y1, Y2 | do(X), Z)"
    assert query.latex() == r"P(Y_{1}, Y_{2} \mid \mathrm{do}(X), Z)"


def test_spaces_order_quotes_and_values_are_free() -> None:
    assert parse_query('P( "blood pressure"=high|Z=-1.5,do( X = 2 ) , W)') == Query(
        (Variable("blood pressure", "high"),), (Variable("X", 2),), (Variable("Z", -1.5), Variable("W"))
    )
    assert parse_query('P(Y\' | do(X.1_a), "1")') == Query((Variable("Y'"),), (Variable("X.1_a"),), (Variable("1"),))
    assert parse_query("P(do | do(P))") == Query((Variable("do"),), (Variable("P"),))
    assert parse_query("P(Y | do(A), do(B))").treatments == (Variable("A"), Variable("B"))


@pytest.mark.parametrize(
    ("text", "position", "expected"),
    [
        ("P(Y | do(X)", 11, "',' or ')'"),
        ("Q(Y)", 0, "a query"),
        ("P(Y | do X)", 9, "',' or ')'"),
        ("P()", 2, "name of a variable"),
        ("P(Y | X=)", 8, "a value"),
        ("P(Y) Z", 5, "end of the query"),
        ("P(Y | X | Z)", 8, "',' or ')'"),
        ("", 0, "a query"),
        ("P(Y, | do(X))", 5, "name of a variable"),
        ("P(Y | do(1))", 9, "in double quotes where it is no word"),
        ("P(Y_{X=1})", 3, "','"),
    ],
)
def test_an_error_points_at_the_character_and_says_what_could_stand_there(
    text: str, position: int, expected: str
) -> None:
    with pytest.raises(ParseError) as caught:
        parse_query(text)
    assert caught.value.position == position
    assert expected in caught.value.expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("P(Y | do(Y))", "Y is an outcome and a treatment"),
        ("P(Y, Y)", "Y is an outcome twice"),
        ("P(Y | do(X), X)", "X is a treatment and a condition"),
        ("P(Y | Z, Z)", "Z is a condition twice"),
    ],
)
def test_a_variable_in_two_roles_is_named_with_them(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_query(text)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="as text"):
        parse_query(3)  # type: ignore[arg-type]


@given(st.lists(st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,5}", fullmatch=True), min_size=3, max_size=6, unique=True))
def test_what_is_written_is_read_back(names: list[str]) -> None:
    outcome, treatment, *conditions = (Variable(name) for name in names)
    query = Query((outcome,), (treatment,), tuple(conditions))
    assert parse_query(str(query)) == query
