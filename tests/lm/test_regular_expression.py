import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.regular_expression import between, characters, complement
from agentos_lab.lm.regular_language import compile_expression

codes = st.integers(0, 0x10FFFF) | st.sampled_from(
    [0, 0x7F, 0x80, 0x7FF, 0x800, 0xFFF, 0x1000, 0xCFFF, 0xD7FF, 0xD800, 0xDFFF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF]
)
ranges = st.lists(st.tuples(codes, codes).map(sorted).map(tuple), max_size=3)


def written(code: int) -> bytes:
    return chr(code).encode("utf-8", errors="surrogatepass")


@given(ranges, codes)
def test_the_bytes_of_a_character_class_are_the_utf8_of_its_characters(inside, code):
    fits = any(low <= code <= high for low, high in inside) and not 0xD800 <= code <= 0xDFFF
    assert compile_expression(characters(inside)).accepts(written(code)) == fits


@given(st.lists(st.sampled_from([0x41, 0x80, 0xBF, 0xC1, 0xC2, 0xE0, 0xED, 0xF0, 0xF4, 0xF5, 0x9F, 0xA0]), max_size=4))
def test_any_character_means_valid_utf8_and_nothing_else(data):
    try:
        valid = len(bytes(data).decode("utf-8")) == 1
    except UnicodeDecodeError:
        valid = False
    assert ANY.accepts(bytes(data)) == valid


ANY = compile_expression(characters([(0, 0x10FFFF)]))


@given(ranges, codes)
def test_a_character_is_in_a_class_or_in_its_complement(inside, code):
    holds = [any(low <= code <= high for low, high in part) for part in (inside, complement(inside))]
    assert sorted(holds) == [False, True]


@pytest.mark.parametrize("digits", [1, 2, 3])
def test_between_holds_exactly_the_strings_from_low_to_high(digits):
    texts = [str(n).zfill(digits).encode() for n in range(10**digits)]
    for low in range(0, 10**digits, 10 ** (digits - 1) * 3 - 1 or 2):
        for high in range(low, 10**digits, 10 ** (digits - 1) * 2 + 3):
            dfa = compile_expression(between(texts[low], texts[high], texts[0], texts[-1]))
            assert [dfa.accepts(text) for text in texts] == [low <= n <= high for n in range(10**digits)]
