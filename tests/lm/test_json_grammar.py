import json
from enum import Enum
from functools import cache

import jsonschema
import numpy as np
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_schemas import INTEGER, NULL, SCHEMAS, TREE, check_samples, record, write
from small_vocabularies import BYTES

from agentos_lab.errors import ParseError
from agentos_lab.lm import GPT, GPTConfig
from agentos_lab.lm.constraint import Constraint, json_schema
from agentos_lab.lm.generation import generate
from agentos_lab.lm.json_grammar import schema_rules
from agentos_lab.lm.pushdown_automaton import PushdownAutomaton


@pytest.mark.parametrize("name", SCHEMAS)
def test_random_texts_with_space_are_valid_too(name):
    check_samples(name, BYTES, 40, spare=20, whitespace=True)


def test_a_model_with_random_weights_writes_valid_json():
    model = GPT(GPTConfig(BYTES.vocab_size, width=16, layers=1, heads=2, context=64), seed=0)
    for name in ("tree", "tool call"):
        constraint = json_schema(SCHEMAS[name], BYTES)
        found = generate(
            model, [[0]] * 10, max_new_tokens=constraint.shortest + 9, temperature=2.0, constraint=constraint
        )
        for written in found:
            jsonschema.validate(json.loads(bytes(written.tokens)), SCHEMAS[name])


leaves = st.none() | st.booleans() | st.integers(-20, 120) | st.text('ab"', max_size=4) | st.sampled_from([0.5, "Oslo"])
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["value", "children", "a", "name", "age", "first", "rest"]), inner, max_size=3
        )
    ),
    max_leaves=6,
)


@cache
def reader(name: str) -> Constraint:
    return json_schema((SCHEMAS | CLOSED)[name], BYTES)


def compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


@given(st.sampled_from(sorted(SCHEMAS)), values)
def test_only_valid_values_are_accepted(name, value):
    assert not reader(name).accepts(compact(value)) or jsonschema.Draft202012Validator(SCHEMAS[name]).is_valid(value)


CLOSED = {  # schemas all of whose valid values can be written
    "closed tree": {**TREE, "additionalProperties": False},
    "list": {"type": "array", "items": {"type": ["integer", "null"], "minimum": 0}, "minItems": 1, "maxItems": 3},
    "names": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 2}},
    "everything": {},
    "either": {"anyOf": [{"type": "string", "pattern": "a"}, {"type": "number", "maximum": 7.5}]},
}
trees = st.recursive(
    st.integers(-5, 5).map(lambda n: {"value": n, "children": []}),
    lambda inner: st.lists(inner, max_size=3).map(lambda nodes: {"value": 1, "children": nodes}),
    max_leaves=6,
)


@given(st.sampled_from(sorted(CLOSED)), values | trees)
def test_where_nothing_is_left_out_exactly_the_valid_values_are_accepted(name, value):
    assert reader(name).accepts(compact(value)) == jsonschema.Draft202012Validator(CLOSED[name]).is_valid(value)


def test_properties_come_in_the_order_of_the_schema():
    constraint = json_schema(record("b", a=INTEGER, b=INTEGER, c=INTEGER), BYTES)
    for order in ("b", "ab", "bc", "abc"):
        assert constraint.accepts(compact(dict.fromkeys(order, 1)))
    for order in ("", "a", "ac", "ba", "cb", "abcd"):
        assert not constraint.accepts(compact(dict.fromkeys(order, 1)))


def test_space_is_allowed_only_where_asked_and_where_json_has_it():
    automaton = PushdownAutomaton.from_rules(schema_rules(TREE, whitespace=True))
    value = {"value": 12, "children": [{"value": 3, "children": []}]}
    assert automaton.accepts(json.dumps(value, indent=2).encode()) and automaton.accepts(b'{"value":12,"children":[]}')
    assert not automaton.accepts(b'{"value":1 2,"children":[]}')
    assert not PushdownAutomaton.from_rules(schema_rules(TREE)).accepts(json.dumps(value).encode())


def test_annotations_change_nothing():
    plain, told = record("a", a=INTEGER), record("a", a={**INTEGER, "description": "…", "examples": [1], "default": 2})
    assert schema_rules(plain) == schema_rules({**told, "title": "t", "$schema": "s", "$comment": "c"})


def test_equal_schemas_are_read_as_one_and_not_in_a_doubling_number_of_ways():
    either = {"anyOf": [{"$ref": "#/$defs/a"}, {"$ref": "#/$defs/b"}, NULL]}
    schema = {
        "$defs": {
            "a": record("of", of={"title": "Of", **either}),
            "b": record("of", of=either, more={"$ref": "#/$defs/alias"}),
            "alias": {"$ref": "#/$defs/c"},
            "c": record(of={"$ref": "#/$defs/c"}, more={"$ref": "#/$defs/alias"}),
        },
        **either,
    }
    constraint = json_schema(schema, BYTES)
    state = constraint.start()
    for byte in b'{"of":' * 30:
        state = constraint.advance(state, byte)
        assert len(state) == 1


def test_a_grammar_of_too_many_readings_stays_valid():
    # Whether "of" belongs to a or b is open until the bracket closes, and so it is at every level.
    items = {"anyOf": [{"$ref": "#"}, NULL]}
    a, b = record(of={"type": "array", "items": {"$ref": "#"}}), record(of={"type": "array", "items": items}, b=NULL)
    constraint = json_schema({"anyOf": [a, b]}, BYTES)
    state, text, most = constraint.start(), b'{"of":[' * 10 + b"]}" * 10, 0
    for byte in text:
        assert constraint.allowed(state, budget=60)[byte]
        state = constraint.advance(state, byte)
        most = max(most, len(state))
    assert most == 64  # of 1,024
    assert constraint.is_final(state)


class Unit(Enum):
    celsius = "°C"
    kelvin = "K"


class Reading(pydantic.BaseModel):
    place: str = pydantic.Field(min_length=1, max_length=20, description="Where it was measured")
    value: float = pydantic.Field(ge=-273.15)
    unit: Unit = Unit.celsius
    near: list["Reading"] = []
    pair: tuple[int, bool] | None = None
    notes: dict[str, int] = {}


def test_the_schema_of_a_pydantic_model_gives_texts_that_it_reads():
    constraint = json_schema(Reading.model_json_schema(), BYTES)
    draw = np.random.default_rng(0)
    for index in range(100):
        tokens = write(constraint, constraint.shortest + index, draw, draw.normal(size=4096))
        Reading.model_validate_json(bytes(tokens))
    value = Reading(place="Oslo", value=3.5, near=[Reading(place="é", value=0)], pair=(1, True), notes={"a": 1})
    assert constraint.accepts(value.model_dump_json())


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": "string", "format": "date"}, "schema #: the keyword 'format' is not supported; for string .*pattern"),
        (record(a={"type": "integer", "multipleOf": 2}), "schema #/properties/a: the keyword 'multipleOf'"),
        ({"$defs": {"a/b": {"not": {}}}, "$ref": "#/$defs/a~1b"}, "schema #/\\$defs/a~1b: the keyword 'not'"),
        ({"type": "array", "items": {"anyOf": [NULL, {"type": "text"}]}}, "#/items/anyOf/1: unknown type 'text'"),
        ({"type": "string", "minimum": 3}, "'minimum' is not supported; for string"),
        ({"minimum": 3, "minLength": 1}, "belong to different types"),
        ({"anyOf": [NULL], "type": "null"}, "anyOf cannot be combined with type"),
        ({"allOf": [NULL, NULL]}, "allOf needs a list of exactly one"),
        ({"anyOf": []}, "anyOf needs a list of schemas"),
        (record("b", a=NULL), "required has 'b', which is not among the properties"),
        (False, "false allows nothing"),
        ({"type": "array", "items": False, "minItems": 1}, "items: false forbids"),
        ({"type": "array", "prefixItems": [NULL, NULL], "maxItems": 1}, "maxItems 1 cuts off"),
        ({"type": "integer", "minimum": 2.1, "maximum": 2.9}, "no integer within"),
        ({"type": "number", "minimum": float("inf")}, "minimum must be a finite number"),
        ({"type": "string", "minLength": 3, "maxLength": 2}, "minLength 3 exceeds maxLength 2"),
        ({"type": "string", "maxLength": 2.5}, "maxLength must be a whole number"),
        ({"const": float("nan")}, "cannot be written as JSON"),
        ({"const": "\ud800"}, "cannot be written as JSON in UTF-8"),
        ({"$ref": "#"}, "refers back to itself without an object or array"),
        ({"anyOf": [NULL, {"$ref": "#"}]}, "refers back to itself without an object or array"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_place(schema, message):
    with pytest.raises(ValueError, match=message):
        schema_rules(schema)


def test_a_pattern_that_is_not_supported_is_shown_with_its_place_in_the_schema():
    with pytest.raises(ParseError, match=r"schema #/properties/a: pattern: lookaround") as error:
        schema_rules(record(a={"type": "string", "pattern": "x(?=y)"}))
    assert error.value.position == 1


def test_a_schema_that_only_an_endless_value_satisfies_is_refused():
    with pytest.raises(ValueError, match="nothing finite satisfies it"):
        json_schema(record("next", next={"$ref": "#"}), BYTES)
