"""Ten thousand random texts under schemas of every kind, in bytes and in real tokens, are valid by jsonschema."""

from __future__ import annotations

import json
import re

import jsonschema
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_schemas import NULL, SCHEMAS, STRING, check_samples, write
from small_vocabularies import BYTES

from agentos_lab.lm.constraint import json_schema


@pytest.mark.parametrize("name", SCHEMAS)
def test_ten_thousand_random_texts_all_parse_and_are_valid(name):
    check_samples(name, BYTES, 10_000 // len(SCHEMAS) + 1, spare=24)


def test_random_texts_in_tokens_of_a_real_vocabulary_are_valid(smollm2):
    for name in SCHEMAS:
        check_samples(name, smollm2.tokenizer, 16, spare=12)


counts = st.tuples(st.integers(0, 2), st.integers(0, 3))

numeric_bounds = st.dictionaries(
    st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
    st.integers(-30, 30) | st.floats(-5, 5, width=16),
    max_size=2,
)


def some_schema(inner: st.SearchStrategy) -> st.SearchStrategy:
    """Objects, arrays and alternatives of inner schemas, and references to the whole."""
    inner = inner | st.just({"$ref": "#"})
    properties = st.dictionaries(st.sampled_from(['a"', "b/c~", "é", ""]), inner, max_size=3)
    return st.one_of(
        st.tuples(properties, st.integers(0, 3)).map(
            lambda pair: {"type": "object", "properties": pair[0], "required": list(pair[0])[: pair[1]]}
        ),
        st.tuples(properties, inner).map(
            lambda pair: {"type": "object", "properties": pair[0], "additionalProperties": pair[1]}
        ),
        st.tuples(inner, counts).map(
            lambda pair: {"type": "array", "items": pair[0], "minItems": pair[1][0], "maxItems": sum(pair[1])}
        ),
        st.lists(inner, min_size=1, max_size=2).map(lambda first: {"type": "array", "prefixItems": first}),
        st.lists(inner, min_size=1, max_size=2).map(lambda options: {"anyOf": options}),
        st.lists(inner, min_size=1, max_size=2).map(lambda options: {"oneOf": options}),
    )


schemas = st.recursive(
    st.one_of(
        st.sampled_from([True, {}, NULL, STRING, {"type": "boolean"}, {"enum": [1, "1", None, [1.5, {}]]}]),
        st.tuples(st.sampled_from(["integer", "number"]), numeric_bounds).map(
            lambda pair: {"type": pair[0], **pair[1]}
        ),
        counts.map(lambda pair: {"type": "string", "minLength": pair[0], "maxLength": sum(pair)}),
        st.sampled_from(["^a+$", "[^b]", 'é|"', "^$"]).map(lambda pattern: {"type": "string", "pattern": pattern}),
    ),
    some_schema,
    max_leaves=6,
)


@given(schemas, st.booleans(), st.integers(0, 2**32))
def test_whatever_the_schema_random_texts_are_valid(schema, whitespace, seed):
    try:
        constraint = json_schema(schema, BYTES, whitespace=whitespace)
    except ValueError as refused:
        reasons = "oneOf|back to itself|nothing finite|there is no (integer|number)"
        assert re.search(reasons, str(refused)), refused
        return
    validator, draw = jsonschema.Draft202012Validator(schema), np.random.default_rng(seed)
    for spare in (0, 5, 20):
        tokens = write(constraint, constraint.shortest + spare, draw, draw.normal(size=1028))
        validator.validate(json.loads(bytes(tokens)))
