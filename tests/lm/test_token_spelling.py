import pytest
from tokenizers import pre_tokenizers

from agentos_lab.lm.token_spelling import byte_letters, spelling_of

BYTE_LEVEL = {"type": "ByteLevel"}
SENTENCE_PIECE = {"type": "Sequence", "decoders": [{"type": "Replace"}, {"type": "ByteFallback"}, {"type": "Fuse"}]}


def definition(decoder, vocabulary=()):
    return {"decoder": decoder, "model": {"vocab": dict.fromkeys(vocabulary, 0)}}


def test_the_letters_of_bytes_are_gpt2s():
    original = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    assert sorted(byte_letters()) == sorted(pre_tokenizers.ByteLevel.alphabet())
    for character in map(chr, [*range(0x800), 0x20AC, 0x1F642]):
        ((letters, _),) = original.pre_tokenize_str(character)
        assert letters == "".join(byte_letters()[value] for value in character.encode())


@pytest.mark.parametrize(
    ("decoder", "token", "data"),
    [
        (BYTE_LEVEL, "Ġcat", b" cat"),
        (BYTE_LEVEL, "âĤ¬", "€".encode()),
        (BYTE_LEVEL, "âĤ", "€".encode()[:2]),
        (BYTE_LEVEL, "世", "世".encode()),
        (SENTENCE_PIECE, "▁cat", b" cat"),
        (SENTENCE_PIECE, "<0x0A>", b"\n"),
        ({"type": "Metaspace"}, "▁▁", b"  "),
        ({"type": "WordPiece", "prefix": "##"}, "cat", b" cat"),
        ({"type": "WordPiece", "prefix": "##"}, "##s", b"s"),
    ],
)
def test_tokens_are_read_as_bytes(decoder, token, data):
    assert spelling_of(definition(decoder)).read(token) == data


def test_bytes_without_a_token_are_known():
    letters = byte_letters()
    assert spelling_of(definition(BYTE_LEVEL, letters)).missing_bytes == frozenset()
    assert spelling_of(definition(BYTE_LEVEL, letters[:4] + letters[5:])).missing_bytes == {4}
    tokens = [f"<0x{value:02X}>" for value in range(1, 256)]
    assert spelling_of(definition(SENTENCE_PIECE, tokens)).missing_bytes == {0}


@pytest.mark.parametrize("decoder", [None, {"type": "CTC"}])
def test_other_spellings_are_refused(decoder):
    with pytest.raises(ValueError, match=r"joined by (CTC|nothing); known are ByteLevel"):
        spelling_of(definition(decoder))
