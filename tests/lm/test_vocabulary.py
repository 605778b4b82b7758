import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.tokenizer_file import write_saved
from agentos_lab.lm.vocabulary import spans, split_markers, utf8


def test_half_a_surrogate_pair_is_named_with_its_position():
    with pytest.raises(ValueError, match=r"U\+D83D\) at position 2.*surrogatepass"):
        utf8("ok\ud83d")


def test_the_remedy_for_surrogates_works():
    halves = "ok \ud83d\ude42 \ud83d"
    assert utf8(halves.encode("utf-16", "surrogatepass").decode("utf-16", "replace")) == "ok 🙂 \ufffd".encode()


def test_of_markers_that_begin_together_the_longer_one_counts():
    assert [*split_markers("a<x>b<x><y>", {"<x>": 1, "<x><y>": 2})] == ["a", 1, "b", 2]
    assert [*split_markers("plain", {})] == ["plain"]
    assert [*split_markers("", {"<x>": 1})] == []


@given(st.text(alphabet="ab<>x"))
def test_splitting_at_markers_loses_nothing(text):
    markers = {"<x>": 0, "<x": 1, "<>": 2}
    written = {id: form for form, id in markers.items()}
    assert "".join(written.get(part, part) for part in split_markers(text, markers)) == text


@given(st.text(), st.data())
def test_each_piece_of_bytes_touches_its_characters(text, data):
    whole = utf8(text)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(whole)), max_size=8)) | {0, len(whole)})
    pieces = [whole[a:b] for a, b in itertools.pairwise(cuts)]
    for piece, (start, end), a in zip(pieces, spans(text, pieces), cuts, strict=False):
        assert piece in utf8(text[start:end])
        assert len(utf8(text[:start])) <= a < len(utf8(text[: start + 1]))
        assert len(utf8(text[: end - 1])) < a + len(piece) <= len(utf8(text[:end]))


def test_bytes_that_no_piece_has_are_stepped_over():
    assert [*spans("a\x04\x04b\x04c", [b"a", b"bc"], frozenset({4}))] == [(0, 1), (3, 6)]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "tokenizer.json"
    write_saved(path, "words", {"a": 1})
    before = path.read_bytes()
    with pytest.raises(TypeError):
        write_saved(path, "words", {"a": object()})
    assert path.read_bytes() == before
    assert [*tmp_path.iterdir()] == [path]
