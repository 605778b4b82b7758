"""Stop texts: found wherever tokens end, and never shown while streaming."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.stop_text import StopText

PIECES = ["a", "ab", "b", "ba", "é".encode()[:1], "é".encode()[1:], "END", "E", "ND", "\n"]


def decode(tokens) -> str:
    data = b"".join(piece if isinstance(piece, bytes) else piece.encode() for piece in (PIECES[t] for t in tokens))
    return data.decode("utf-8", errors="replace")


@given(st.lists(st.integers(0, len(PIECES) - 1), max_size=20), st.lists(st.sampled_from(["END", "aba", "\n\n", "bE"])))
def test_what_is_certain_only_grows_and_ends_as_the_whole_text(tokens, stop):
    watch = StopText(stop, decode)
    shown = ""
    for length in range(len(tokens) + 1):
        certain = watch.certain(tokens[:length])
        assert certain.startswith(shown)
        shown = certain
        if watch.has_come(tokens[:length]):
            tokens = tokens[:length]
            break
    whole = watch.text(tokens)
    assert whole.startswith(shown)
    assert not any(each in whole for each in stop)


@given(st.lists(st.integers(0, len(PIECES) - 1), max_size=20))
def test_the_text_ends_before_the_first_stop_text(tokens):
    text = decode(tokens)
    assert StopText(["END", "ab"], decode).text(tokens) == text.split("END")[0].split("ab")[0]


def test_a_stop_text_is_found_across_tokens():
    watch = StopText("END", decode)
    assert not watch.has_come([0, 7])
    assert watch.has_come([0, 7, 8]) and watch.text([0, 7, 8, 0]) == "a"


def test_half_characters_and_begun_stop_texts_are_held_back():
    watch = StopText("END", decode)
    assert watch.certain([0, 4]) == "a" and watch.certain([0, 4, 5]) == "aé"
    assert watch.certain([0, 7]) == "a" and watch.certain([0, 7, 0]) == "aEa"


def test_an_empty_stop_text_is_refused():
    with pytest.raises(ValueError, match="empty"):
        StopText(["a", ""], decode)
