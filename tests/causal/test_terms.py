"""Terms of a model: their text, their columns."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.causal.terms import Factor, Term, parse_term
from agentos_lab.errors import ParseError

FACTORS = st.builds(Factor, st.sampled_from(["age", "x1", "blood pressure", "re74"]), st.integers(1, 9)) | st.builds(
    Factor, st.sampled_from(["education", "sex"]), st.just(1), st.just(True)
)


@given(st.lists(FACTORS, min_size=1, max_size=4))
def test_a_term_is_read_as_it_is_written(factors):
    assert parse_term(str(Term(tuple(factors)))) == Term(tuple(factors))


def test_powers_categories_and_products_make_their_columns():
    data = {"a": np.array([1.0, 2, 3, 4]), "k": np.array(["u", "v", "w", "u"], dtype=object)}
    categories = {"k": ("u", "v", "w")}
    assert parse_term("a^2").columns(data, categories)["a^2"].tolist() == [1, 4, 9, 16]
    assert {k: v.tolist() for k, v in parse_term("C(k)").columns(data, categories).items()} == {
        "k[v]": [0, 1, 0, 0],
        "k[w]": [0, 0, 1, 0],
    }
    product = parse_term("a : C(k)").columns(data, categories)
    assert list(product) == ["a:k[v]", "a:k[w]"] and product["a:k[w]"].tolist() == [0, 0, 3, 0]


@pytest.mark.parametrize(
    ("text", "column"), [("age^", 4), ("age^0", 4), ("C(age", 2), ("a*b", 2), ("a:", 3), ("a^2^3", 2)]
)
def test_what_is_no_term_is_pointed_at(text, column):
    with pytest.raises(ParseError) as caught:
        parse_term(text)
    assert caught.value.column == column


def test_a_term_is_a_text():
    with pytest.raises(ValueError, match="a term is a text"):
        parse_term(2)
