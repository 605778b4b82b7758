"""Schemas of every kind, and random texts under them that must parse and be valid."""

from __future__ import annotations

import json

import jsonschema
import numpy as np

from agentos_lab.lm.constraint import Constraint, json_schema

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
