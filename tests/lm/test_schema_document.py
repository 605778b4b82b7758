import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.schema_document import Document, constants, pointer_of, schema_types

A, B = {"const": "a"}, {"const": "b"}
DOCUMENT = {
    "$defs": {
        "a/b ~": {"type": "null"},
        "node": {"type": "object", "properties": {"next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}}},
        "alias": {"$ref": "#/$defs/node"},
        "leaf": {"type": "array", "items": {"$ref": "#/$defs/a~1b%20~0"}},
    },
    "type": "object",
    "properties": {"list": {"$ref": "#/$defs/alias"}},
}


def test_pointers_lead_to_their_places():
    document = Document(DOCUMENT)
    assert document.resolve(pointer_of("#/$defs/a~1b%20~0", "#"), "#") == {"type": "null"}
    assert document.resolve("#/$defs/node/properties/next/anyOf/1", "#") == {"type": "null"}
    assert document.resolve("#", "#") is DOCUMENT


@pytest.mark.parametrize("reference", ["#/$defs/none", "#/$defs/node/properties/next/anyOf/7", "#/type/x"])
def test_a_pointer_to_nowhere_is_refused(reference):
    with pytest.raises(ValueError, match="leads nowhere"):
        Document(DOCUMENT).resolve(reference, "#")


@pytest.mark.parametrize("reference", ["other.json", "https://example.org/schema", "#anchor"])
def test_references_out_of_the_document_are_refused(reference):
    with pytest.raises(ValueError, match="only places within the schema"):
        pointer_of(reference, "#/items")


def test_recursion_is_seen_through_aliases_and_alternatives():
    document = Document(DOCUMENT)
    answers = {name: document.is_recursive(f"#/$defs/{name}") for name in ("node", "alias", "leaf")}
    assert answers == {"node": True, "alias": False, "leaf": False}
    assert not document.is_recursive("#")
    assert document.corner(DOCUMENT["properties"]["list"], "#") == {"#/$defs/alias", "#/$defs/node"}


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
    if Document({"anyOf": [a, b]}).exclusive(a, b, "#", 10):
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
    assert document.exclusive(a, b, "#", 10) and document.exclusive(b, a, "#", 10)


def test_alternatives_that_may_both_hold_are_refused_with_advice():
    with pytest.raises(ValueError, match=r"alternatives 0 and 2.* say anyOf, or tell them apart"):
        Document({}).check_exclusive([A, B, {"type": "string"}], "#")


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": []},
        {"items": 3},
        {"anyOf": {}},
        {"type": 5},
        {"$defs": {"a": "b"}},
        {"enum": "ab"},
        {"$ref": 1},
        7,
    ],
)
def test_a_malformed_schema_is_refused_wherever_it_stands(schema):
    with pytest.raises(ValueError, match=r"schema #/prefixItems/0.*(cannot be|expected)"):
        Document({"prefixItems": [schema]})


def test_constants_are_filtered_by_type():
    assert constants({"enum": [1, 1.0, 1.5, True, "1", None], "type": "integer"}, "#") == [1, 1.0]
    with pytest.raises(ValueError, match="none of the values"):
        constants({"const": "a", "type": ["null", "array"]}, "#")


def test_types_are_named_or_told_by_the_keywords():
    assert schema_types({"type": ["integer", "null", "number"]}, "#") == ["null", "number"]
    assert schema_types({"items": {}}, "#") == ["array"] and schema_types({"title": "t"}, "#") == []
