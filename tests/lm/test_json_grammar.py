import json
import re
from enum import Enum
from functools import cache

import jsonschema
import numpy as np
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_vocabularies import BYTES

from agentos_lab.errors import ParseError
from agentos_lab.lm import GPT, GPTConfig
from agentos_lab.lm.constraint import Constraint, json_schema
from agentos_lab.lm.generation import generate
from agentos_lab.lm.json_grammar import schema_rules
from agentos_lab.lm.pushdown_automaton import PushdownAutomaton

STRING, INTEGER, NULL = {"type": "string"}, {"type": "integer"}, {"type": "null"}


def record(required: str = "", **properties: object) -> dict:
    return {"type": "object", "properties": properties, "required": required.split()}


TREE = record("value children", value=INTEGER, children={"type": "array", "items": {"$ref": "#"}})
EXPRESSION = {
    "$defs": {
        "expression": {"oneOf": [{"$ref": "#/$defs/number"}, {"$ref": "#/$defs/sum"}, {"$ref": "#/$defs/minus"}]},
        "number": {"type": "number", "minimum": 0, "maximum": 99},
        "sum": record("op terms", op={"const": "+"}, terms={"type": "array", "items": {"$ref": "#/$defs/expression"}}),
        "minus": record("op of", op={"const": "-"}, of={"$ref": "#/$defs/expression"}),
    },
    "$ref": "#/$defs/expression",
}
SCHEMAS = {
    "anything": True,
    "person": record("age", name={"type": "string", "maxLength": 8}, age={"type": "integer", "minimum": -9}, ok={}),
    "tool call": {
        "oneOf": [
            record("tool arguments", tool={"const": "calculate"}, arguments=record("text", text=STRING)),
            record(
                "tool arguments",
                tool={"const": "weather"},
                arguments=record("city", city={"enum": ["Oslo", "Rome"]}, days={"type": "integer", "maximum": 7}),
            ),
        ]
    },
    "many optional": record(**{name: {"type": ["boolean", "null"]} for name in "abcdef"}),
    "tree": TREE,
    "linked list": record("first", first=INTEGER, rest={"anyOf": [{"$ref": "#"}, NULL]}),
    "two optional branches": record(
        key={"type": "string", "pattern": '^[a-z"]+$', "minLength": 2, "maxLength": 4},
        left={"anyOf": [NULL, {"$ref": "#"}]},
        right={"anyOf": [NULL, {"$ref": "#"}]},
    ),
    "expression": EXPRESSION,
    "bounded list": {"type": "array", "items": {"type": "number", "exclusiveMinimum": -1, "maximum": 1}, "minItems": 1},
    "tuple": {"type": "array", "prefixItems": [STRING, INTEGER], "items": NULL, "minItems": 3, "maxItems": 4},
    "map": {"type": "object", "properties": {"a": STRING}, "additionalProperties": INTEGER},
    "constants": {"enum": [None, True, 1.5, 'é\n"', [1, {"a": []}], {"b": None, "a": 0}]},
    "code": {"type": "string", "pattern": "[A-Z]{2}\\d$"},
}


def write(constraint: Constraint, budget: int, draw: np.random.Generator, noise: np.ndarray) -> list[int]:
    """Tokens by random scores, as of a model with random weights: a stretch of `noise` at each step."""
    state, tokens, size = constraint.start(), [], len(constraint.allowed(constraint.start()))
    while len(tokens) < budget:
        allowed = constraint.allowed(state, budget - len(tokens)).numpy()
        begin = draw.integers(len(noise) - size)
        token = int(np.where(allowed, noise[begin : begin + size], -np.inf).argmax())
        assert allowed[token]
        if token == constraint.eos:
            break
        tokens.append(token)
        state = constraint.advance(state, token)
    return tokens


def check_samples(name: str, tokenizer: object, count: int, spare: int, **options: bool) -> None:
    """Samples under budgets from the least possible on: each must parse, and be valid by `jsonschema`."""
    constraint = json_schema(SCHEMAS[name], tokenizer, **options)
    validator = jsonschema.Draft202012Validator(SCHEMAS[name])
    draw = np.random.default_rng(len(name))
    noise = draw.normal(size=4 * tokenizer.vocab_size)
    for index in range(count):
        budget = constraint.shortest + index % spare
        tokens = write(constraint, budget, draw, noise)
        assert len(tokens) <= budget
        text = b"".join(map(tokenizer.token_bytes, tokens)).decode("utf-8")
        validator.validate(json.loads(text))


@pytest.mark.parametrize("name", SCHEMAS)
def test_ten_thousand_random_texts_all_parse_and_are_valid(name):
    check_samples(name, BYTES, 10_000 // len(SCHEMAS) + 1, spare=24)


@pytest.mark.parametrize("name", SCHEMAS)
def test_random_texts_with_space_are_valid_too(name):
    check_samples(name, BYTES, 40, spare=20, whitespace=True)


def test_random_texts_in_tokens_of_a_real_vocabulary_are_valid(smollm2):
    for name in SCHEMAS:
        check_samples(name, smollm2.tokenizer, 16, spare=12)


def test_a_model_with_random_weights_writes_valid_json():
    model = GPT(GPTConfig(BYTES.vocab_size, width=16, layers=1, heads=2, context=64), seed=0)
    for name in ("tree", "tool call"):
        constraint = json_schema(SCHEMAS[name], BYTES)
        found = generate(
            model, [[0]] * 10, max_new_tokens=constraint.shortest + 9, temperature=2.0, constraint=constraint
        )
        for written in found:
            jsonschema.validate(json.loads(bytes(written.tokens)), SCHEMAS[name])


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
