"""Token labels: nothing looks like nothing, and two tokens never look alike by accident."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.token_label import is_text, token_label, token_runs


@pytest.mark.parametrize(
    ("token", "label"),
    [
        (b" cat", "·cat"),
        (b"\n", "↵"),
        (b"a\tb", "a⇥b"),
        (b"\xe0\xa4", "e0 a4"),
        (b" \xf0\x9f", "20 f0 9f"),
        ("é".encode(), "é"),
        ("\u0301".encode(), "◌\u0301"),
        ("e\u0301".encode(), "e\u0301"),
        ("\u200d".encode(), "U+200D"),
        (b"\x00", "U+0000"),
        (b"", "∅"),
        (" cat", "·cat"),
    ],
)
def test_what_is_not_seen_is_shown(token, label):
    assert token_label(token) == label


def test_stand_ins_are_quiet_and_text_is_not():
    assert token_runs(b" cat") == [["code quiet", "·"], ["code", "cat"]]
    assert token_runs(b"\xff") == [["code quiet", "ff"]]


@given(st.binary(max_size=8))
def test_every_token_has_a_label_that_can_be_seen(token):
    label = token_label(token)
    assert label
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in label)


@given(st.binary(min_size=1, max_size=6))
def test_bytes_that_are_no_text_are_written_out(token):
    if not is_text(token):
        assert bytes.fromhex(token_label(token)) == token
