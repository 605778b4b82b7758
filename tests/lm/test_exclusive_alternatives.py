import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.exclusive_alternatives import check_exclusive, exclusive
from agentos_lab.lm.schema_document import Document

A, B = {"const": "a"}, {"const": "b"}
SCHEMAS = [
    {"type": "string"}, {"type": "integer"}, {"type": "number"}, {"type": ["null", "boolean"]}, A, B,
    {"enum": ["b", 1]}, {"const": 1.0}, {"const": True}, {"enum": [None, "a"]}, {}, {"properties": {"t": A}},
    {"type": "object", "properties": {"t": A}, "required": ["t"]},
    {"type": "object", "properties": {"t": B}},
    {"type": "object", "properties": {"t": {"type": "null"}}, "required": ["t"]},
    {"anyOf": [A, {"type": "integer"}]}, {"type": "array"}, {"const": {"t": "a"}}, {"const": [1]}, {"enum": [[1.0]]},
]  # fmt: skip
VALUES = ["a", "b", "c", 1, 1.0, 2.5, True, None, {}, {"t": "a"}, {"t": "b"}, {"t": None}, {"u": 1}, [], [1], [1.0]]


@given(st.sampled_from(SCHEMAS), st.sampled_from(SCHEMAS))
def test_schemas_held_exclusive_have_no_value_in_common(a, b):
    if exclusive(Document({"anyOf": [a, b]}), a, b, "#"):
        both = [v for v in VALUES if all(jsonschema.Draft202012Validator(s).is_valid(v) for s in (a, b))]
        assert both == []


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ({"type": "string"}, {"type": "integer"}),
        (A, B),
        (A, {"type": "number"}),
        ({"type": "object", "properties": {"t": A}, "required": ["t"]}, {"type": "object", "properties": {"t": B}}),
        ({"$ref": "#/$defs/a"}, {"anyOf": [B, {"type": "null"}]}),
        ({"const": True}, {"const": 1}),
    ],
)
def test_plain_cases_are_held_exclusive(a, b):
    document = Document({"$defs": {"a": A}, "anyOf": [a, b]})
    assert exclusive(document, a, b, "#") and exclusive(document, b, a, "#")


def test_alternatives_that_may_both_hold_are_refused_with_advice():
    with pytest.raises(ValueError, match=r"alternatives 0 and 2.* say anyOf, or tell them apart"):
        check_exclusive(Document({}), [A, B, {"type": "string"}], "#")
