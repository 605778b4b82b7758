import pytest

from agentos_lab.lm.schema_document import Document, constants, essence, pointer_of, schema_types

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


def test_schemas_that_differ_in_annotations_only_have_the_same_essence():
    told = {"title": "t", "anyOf": [{"$ref": "#", "description": "d"}, {"type": "null", "default": None}]}
    assert essence(told) == essence({"anyOf": [{"$ref": "#"}, {"type": "null"}]})
    assert essence({"properties": {"title": True}}) != essence({"properties": {}})


def test_following_references_ends_at_a_schema_that_says_more():
    document = Document({**DOCUMENT, "items": {"$ref": "#/items"}})
    assert document.follow({"$ref": "#/$defs/alias"}, "#/x") == (DOCUMENT["$defs"]["node"], "#/$defs/node")
    assert document.follow({"type": "null"}, "#/x") == ({"type": "null"}, "#/x")
    assert document.follow({"$ref": "#/items"}, "#/x")[1] == "#/items"  # a circle: it ends where it comes round
