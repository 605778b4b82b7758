"""Reading a JSON Schema: its references, its types and its constants.

Nothing here knows about grammars; `json_grammar` builds them from what is read here. Whatever is not understood is
refused with the place of the schema (a JSON pointer) and the keyword, since ignoring it could let invalid values pass.

Source: JSON Schema 2020-12, Core (references) and Validation (keywords); RFC 6901 (JSON pointers).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import unquote

__all__ = [
    "ANNOTATIONS",
    "BOUNDS",
    "Document",
    "Schema",
    "as_json",
    "constants",
    "counts",
    "escape",
    "essence",
    "pointer_of",
    "possible_types",
    "refuse",
    "schema_types",
]

Schema = Mapping[str, Any] | bool  # true allows everything, false nothing

# Keywords that say nothing about validity.
ANNOTATIONS = {
    "$schema", "$id", "$comment", "$defs", "definitions", "title", "description", "default", "examples", "deprecated",
    "readOnly", "writeOnly",
}  # fmt: skip
# The keywords of numbers.
BOUNDS = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}
_OF_TYPE: dict[str, set[str]] = {
    "object": {"properties", "required", "additionalProperties"},
    "array": {"items", "prefixItems", "minItems", "maxItems"},
    "string": {"minLength", "maxLength", "pattern"},
    "number": BOUNDS,
    "integer": BOUNDS,
    "boolean": set(),
    "null": set(),
}
# What Python makes of the value of each keyword, where that is of one kind.
_SHAPES: dict[str, Any] = {
    **dict.fromkeys(("properties", "$defs", "definitions"), Mapping),
    **dict.fromkeys(("required", "prefixItems", "anyOf", "oneOf", "allOf", "enum"), list | tuple),
    "type": str | list | tuple,
    "pattern": str,
    "$ref": str,
}


def refuse(path: str, message: str) -> NoReturn:
    """Raise the ValueError of a schema that cannot be used."""
    raise ValueError(f"schema {path}: {message}")


class Document:
    """A schema with all places inside of it, named by JSON pointers such as ``#/$defs/node``.

    Args:
        root: The whole schema.
    """

    def __init__(self, root: Schema) -> None:
        self.root = root
        for path, schema in _schemas_in(root, "#", definitions=True):
            _check_shape(schema, path)  # before the walk goes on into this schema

    def resolve(self, pointer: str, path: str) -> Schema:
        """The schema at a JSON pointer."""
        schema: Any = self.root
        for step in pointer.split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            try:
                schema = schema[int(key)] if isinstance(schema, Sequence) else schema[key]
            except (KeyError, IndexError, TypeError, ValueError):
                refuse(path, f"$ref {pointer} leads nowhere: there is no {key!r}")
        return schema

    def follow(self, schema: Schema, path: str) -> tuple[Schema, str]:
        """The schema itself, or where it is nothing but a reference, the one referred to; and its place."""
        passed: set[str] = set()
        while isinstance(schema, Mapping) and set(schema) - ANNOTATIONS == {"$ref"} and path not in passed:
            passed.add(path)
            target = pointer_of(schema["$ref"], path)
            schema, path = self.resolve(target, path), target
        return schema, path

    def corner(self, schema: Schema, path: str) -> set[str]:
        """All schemas referred to that `schema` may be itself (not: hold inside)."""
        found: set[str] = set()
        todo = [schema]
        while todo:
            here = todo.pop()
            if isinstance(here, Mapping):
                if "$ref" in here and (target := pointer_of(here["$ref"], path)) not in found:
                    found.add(target)
                    todo.append(self.resolve(target, path))
                todo += [option for keyword in ("anyOf", "oneOf", "allOf") for option in here.get(keyword, [])]
        return found

    def is_recursive(self, pointer: str) -> bool:
        """Does the schema at `pointer` refer to itself, directly or through others?"""
        found: set[str] = set()
        todo = [pointer]
        while todo:
            for path, schema in _schemas_in(self.resolve(todo.pop(), pointer), pointer):
                if isinstance(schema, Mapping) and "$ref" in schema:
                    target = pointer_of(schema["$ref"], path)
                    todo += [target] if target not in found else []
                    found.add(target)
        return pointer in found


def pointer_of(reference: str, path: str) -> str:
    """The JSON pointer in a `$ref`, which must lead to a place in the same document."""
    if not (reference == "#" or reference.startswith("#/")):
        refuse(path, f"$ref {reference!r} is not supported: only places within the schema, such as '#/$defs/name'")
    return unquote(reference)


def essence(schema: Any) -> str:
    """A text that is equal for schemas which differ in annotations only (of their own and of their alternatives)."""

    def plain(part: Any) -> Any:
        if not isinstance(part, Mapping):
            return part
        return {
            keyword: [plain(option) for option in value] if keyword in ("anyOf", "oneOf", "allOf") else value
            for keyword, value in part.items()
            if keyword not in ANNOTATIONS
        }

    return json.dumps(plain(schema), default=repr)


def _schemas_in(schema: Any, path: str, definitions: bool = False) -> Iterator[tuple[str, Any]]:
    """A schema and all schemas inside of it, however deep, each with its place."""
    yield path, schema
    if not isinstance(schema, Mapping):
        return
    inner = [(keyword, schema[keyword]) for keyword in ("items", "additionalProperties") if keyword in schema]
    for keyword in ("anyOf", "oneOf", "allOf", "prefixItems"):
        inner += [(f"{keyword}/{index}", option) for index, option in enumerate(schema.get(keyword, []))]
    for keyword in ("properties", "$defs", "definitions") if definitions else ("properties",):
        inner += [(f"{keyword}/{escape(name)}", value) for name, value in schema.get(keyword, {}).items()]
    for place, value in inner:
        yield from _schemas_in(value, f"{path}/{place}", definitions)


def _check_shape(schema: Any, path: str) -> None:
    if isinstance(schema, bool):
        return
    if not isinstance(schema, Mapping):
        refuse(path, f"expected an object of keywords (or true or false), got {schema!r}")
    for keyword in _SHAPES:
        if keyword in schema and not isinstance(schema[keyword], _SHAPES[keyword]):
            refuse(path, f"{keyword} cannot be {schema[keyword]!r}")


def escape(name: str) -> str:
    """A name as a step of a JSON pointer (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def schema_types(schema: Mapping[str, Any], path: str) -> list[str]:
    """The types that a schema names, or that its keywords are about; none for any value at all."""
    keywords = set(schema) - ANNOTATIONS - {"type"}
    named = schema.get("type", [name for name, own in _OF_TYPE.items() if keywords and keywords <= own])
    types = [named] if isinstance(named, str) else list(named)
    types = [name for name in types if not (name == "integer" and "number" in types)]
    known = set().union(*(_OF_TYPE.get(name, set()) for name in types or _OF_TYPE))
    wrong = sorted(keywords - known)
    if wrong:
        where = " and ".join(types) or "a schema"
        rest = f"besides type, enum, const, anyOf, oneOf and $ref: {', '.join(sorted(known)) or 'none'}"
        refuse(path, f"the keyword {wrong[0]!r} is not supported; for {where} these are, {rest}")
    if set(types) - set(_OF_TYPE) or ("type" in schema and not types):
        refuse(path, f"unknown type {named!r}; expected one or several of {', '.join(_OF_TYPE)}")
    if keywords and not types:
        refuse(path, f"the keywords {', '.join(sorted(keywords))} belong to different types; say which by type")
    return types


def possible_types(schema: Mapping[str, Any], path: str) -> set[str]:
    """The types that a value of this schema can have, integers counted as numbers.

    Keywords do not count here: ``{"properties": …}`` without a type lets any string pass.
    """
    if "const" in schema or "enum" in schema:
        types = {name for value in constants(schema, path) for name in _OF_TYPE if _is_a(value, name)}
    else:
        types = set(schema_types(schema, path) if "type" in schema else _OF_TYPE)
    return {"number" if name == "integer" else name for name in types}


def constants(schema: Mapping[str, Any], path: str) -> list[Any]:
    """The values of `const` or `enum` that have the right type."""
    values = [schema["const"]] if "const" in schema else schema["enum"]
    named = schema.get("type", list(_OF_TYPE))
    types = [named] if isinstance(named, str) else named
    fitting = [value for value in values if any(_is_a(value, name) for name in types)]
    if not fitting:
        refuse(path, f"none of the values {list(values)!r} has type {named!r}")
    return fitting


def _is_a(value: Any, name: str) -> bool:
    """Has a JSON value this type?"""
    if name in ("number", "integer"):
        numeric = isinstance(value, int | float) and not isinstance(value, bool)
        return numeric and (name == "number" or float(value).is_integer())
    kinds = {"object": Mapping, "array": list | tuple, "string": str, "boolean": bool, "null": type(None)}
    return isinstance(value, kinds[name])


def as_json(value: Any, path: str) -> bytes:
    """A constant as compact JSON."""
    try:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8")
    except (TypeError, ValueError) as error:
        refuse(path, f"{value!r} cannot be written as JSON in UTF-8: {error}")


def counts(schema: Mapping[str, Any], low: str, high: str, path: str) -> tuple[int, int | None]:
    """The values of two keywords that bound a count from below and above."""
    least, most = schema.get(low, 0), schema.get(high)
    for keyword, count in ((low, least), (high, most)):
        if count is not None and not (_is_a(count, "integer") and count >= 0):
            refuse(path, f"{keyword} must be a whole number, not {count!r}")
    if most is not None and least > most:
        refuse(path, f"{low} {least} exceeds {high} {most}")
    return int(least), None if most is None else int(most)
