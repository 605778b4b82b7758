"""Messages that point at the place."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab import errors
from agentos_lab.errors import AccessDenied, BudgetExceeded, IdentificationError, ParseError, ToolFailed


def test_the_caret_stands_under_the_character():
    error = ParseError("unexpected ')'", "forall x\nP(x))", 13, "the end of the formula")
    assert str(error) == ("unexpected ')' at line 2, column 5 (expected the end of the formula)\n    P(x))\n        ^")


def test_the_end_of_the_text_is_a_place_too():
    assert str(ParseError("unfinished", "A ∧", 3)) == "unfinished at line 1, column 4\n    A ∧\n       ^"


def test_tabs_keep_the_caret_in_its_place():
    _, line, caret = str(ParseError("what is this", "\tif\tx ?", 6)).split("\n")
    assert line == "    \tif\tx ?"
    assert caret == "    \t  \t  ^"


def test_a_carriage_return_is_not_shown():
    assert str(ParseError("no", "ab\r\ncd", 1)).split("\n")[1] == "    ab"


lines = st.lists(st.text(alphabet="ab() \t∀", max_size=8), min_size=1, max_size=5)


@given(lines, st.data())
def test_line_and_column_find_the_character_again(parts, data):
    text = "\n".join(parts)
    position = data.draw(st.integers(0, len(text)))
    error = ParseError("no", text, position)
    start = sum(len(part) + 1 for part in parts[: error.line - 1])
    assert start + error.column - 1 == position
    shown, caret = str(error).split("\n")[1:]
    assert len(caret) == len("    ") + error.column
    assert shown[4:] == parts[error.line - 1]


@pytest.mark.parametrize("copied", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_a_parse_error_survives_the_way_to_another_process(copied):
    error = ParseError("no", "text", 2, "something else")
    assert str(copied(error)) == str(error)
    assert type(copied(error)) is ParseError


@pytest.mark.parametrize(
    ("error", "caught_as"),
    [
        (ParseError("no", "text", 0), ValueError),
        (IdentificationError("no estimand"), ValueError),
        (AccessDenied("files"), PermissionError),
        (ToolFailed("timeout"), RuntimeError),
        (BudgetExceeded("tokens"), RuntimeError),
    ],
)
def test_whoever_catches_the_standard_error_catches_ours(error, caught_as):
    with pytest.raises(caught_as):
        raise error
    assert type(error).__name__ in errors.__all__


@pytest.mark.parametrize("position", [0, 5, 99, 100, 101, 2_000, 4_899, 4_995, 5_000])
def test_of_a_long_line_the_neighbourhood_is_shown(position: int) -> None:
    text = "".join(chr(0x4E00 + place) for place in range(5_000))  # every character once
    message, shown, caret = str(ParseError("wrong", text, position)).split("\n")
    assert message == f"wrong at line 1, column {position + 1}" and 190 < len(shown) < 210
    pointed = shown[caret.index("^") :][:1]
    assert pointed == text[position : position + 1]
