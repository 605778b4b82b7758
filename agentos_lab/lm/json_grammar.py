"""JSON Schema as a grammar: which bytes may a model write so that the result is valid JSON under a schema?

Every schema becomes an expression. Most are regular; a schema that refers to itself becomes a rule that calls itself,
and the automaton gets a stack. What is understood:

    all values   type (one or several), enum, const, anyOf, oneOf, allOf of one, $ref within the schema
    object       properties, required, additionalProperties
    array        items, prefixItems, minItems, maxItems
    string       minLength, maxLength, pattern
    number, integer      minimum, maximum, exclusiveMinimum, exclusiveMaximum

Any other keyword is refused, since ignoring it could let invalid values through; titles, descriptions, defaults and
examples are annotations and change nothing. Not every valid value can be written, but every value written is valid:

- properties come in the schema's order, and none but those unless ``additionalProperties`` is given;
- an array with ``prefixItems`` has them all, and no more unless ``items`` or ``minItems`` asks for more;
- ``oneOf`` needs alternatives that exclude each other for all to see: other types, or a required property with
  other constants; else "exactly one" could fail, and ``anyOf`` must be said instead;
- no space between tokens (or, if asked, any space where JSON allows it).

Nesting is limited by nothing but the budget; Python's own `json` gives up at about a thousand brackets.

Source: JSON Schema 2020-12, Validation vocabulary; RFC 8259.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import isfinite
from typing import Any

from agentos_lab.errors import ParseError

from .exclusive_alternatives import check_exclusive
from .json_text import NUMBER, STRING, WHITESPACE, integer, number, string, string_like, string_other_than
from .regular_expression import EMPTY, Alternation, Call, Concatenation, Expression, Listing, Repetition, literal
from .schema_document import (
    ANNOTATIONS,
    BOUNDS,
    Document,
    Schema,
    as_json,
    constants,
    counts,
    escape,
    essence,
    pointer_of,
    refuse,
    schema_types,
)

__all__ = ["schema_rules"]

_COMPOUND = ("$ref", "const", "enum", "anyOf", "oneOf", "allOf")
_ANYTHING = "any value"  # name of the rule for values without a schema


def schema_rules(schema: Schema, *, whitespace: bool = False) -> dict[str, Expression]:
    """The rules of a JSON Schema by the place of their schema (a JSON pointer); the first is the start.

    Raises:
        ValueError: A keyword that is not supported or makes no sense; the message names it and its place.
        ParseError: A ``pattern`` outside the supported subset.
    """
    grammar = _Grammar(schema, WHITESPACE if whitespace else EMPTY)
    grammar.rule(schema, "#")
    return grammar.rules


class _Grammar:
    """Rules under construction. `path` is always the place of a schema, so that errors and rules can name it."""

    def __init__(self, root: Schema, space: Expression) -> None:
        self.document, self.space = Document(root), space
        self.comma = Concatenation((space, literal(","), space))
        self.colon = Concatenation((space, literal(":"), space))
        self.rules: dict[str, Expression] = {}
        self.names: dict[str, str] = {}  # of the rules, by what their schemas say

    def rule(self, schema: Schema, path: str) -> Call:
        """A call of the rule for the schema at `path`, which is compiled when first called.

        Equal schemas share a rule: two would be read side by side, and nested ones in 2, 4, 8, … ways.
        """
        name = self.names.setdefault(essence(schema), path)
        if name not in self.rules:
            self.rules[name] = EMPTY  # keeps the place; calls from inside find the name
            self.rules[name] = self.value(schema, path, (path,))
        return Call(name)

    def nested(self, schema: Schema, path: str) -> Expression:
        """A value inside of an object or array: in place, or a call where the schema comes back to itself."""
        if schema is True or (isinstance(schema, Mapping) and not set(schema) - ANNOTATIONS):
            return self.anything_called()
        if any(self.document.is_recursive(target) for target in self.document.corner(schema, path)):
            return self.rule(*self.document.follow(schema, path))
        return self.value(schema, path, (path,))

    def value(self, schema: Schema, path: str, seen: tuple[str, ...]) -> Expression:
        """Any value that `schema` allows; `seen` are the schemas that are being expanded at this very place."""
        if isinstance(schema, bool):
            if not schema:
                refuse(path, "false allows nothing at all")
            return self.anything()
        keywords = set(schema) - ANNOTATIONS
        compound = [keyword for keyword in _COMPOUND if keyword in keywords]
        if not compound:
            types = schema_types(schema, path)
            return Alternation(tuple(self.typed(name, schema, path) for name in types)) if types else self.anything()
        keyword, others = compound[0], keywords - {compound[0]}
        if others - ({"type"} if keyword in ("const", "enum") else set()):
            refuse(path, f"{keyword} cannot be combined with {', '.join(sorted(others))}; put one inside the other")
        if keyword == "$ref":
            target = pointer_of(schema["$ref"], path)
            if target in seen:
                refuse(path, f"$ref {target} refers back to itself without an object or array between")
            return self.value(self.document.resolve(target, path), target, (*seen, target))
        if keyword in ("const", "enum"):
            values = constants(schema, path)
            return Alternation(tuple(literal(as_json(value, path)) for value in values))
        options = schema[keyword]
        if not options or (keyword == "allOf" and len(options) > 1):
            refuse(path, f"{keyword} needs a list of {'exactly one schema' if keyword == 'allOf' else 'schemas'}")
        if keyword == "oneOf":
            check_exclusive(self.document, options, path)
        places = [f"{path}/{keyword}/{index}" for index in range(len(options))]
        return Alternation(tuple(self.value(o, p, (*seen, p)) for o, p in zip(options, places, strict=True)))

    def typed(self, name: str, schema: Mapping[str, Any], path: str) -> Expression:
        """Any value of one type."""
        if name == "object":
            return self.object(schema, path)
        if name == "array":
            return self.array(schema, path)
        if name == "string":
            return _textual(schema, path)
        if name in ("number", "integer"):
            return _numeric(name, schema, path)
        return Alternation(tuple(map(literal, ("true", "false") if name == "boolean" else ("null",))))

    def object(self, schema: Mapping[str, Any], path: str) -> Expression:
        """An object with the properties in the schema's order."""
        properties, required = schema.get("properties", {}), schema.get("required", [])
        unknown = [name for name in required if name not in properties]
        if unknown:
            refuse(path, f"required has {unknown[0]!r}, which is not among the properties {list(properties)}")
        parts: list[tuple[Expression, bool]] = []
        for name, inner in properties.items():
            value = self.nested(inner, f"{path}/properties/{escape(name)}")
            parts.append((Concatenation((literal(as_json(name, path)), self.colon, value)), name in required))
        more = schema.get("additionalProperties", False)
        if more is not False:
            pair = (string_other_than(properties), self.colon, self.nested(more, f"{path}/additionalProperties"))
            parts.append((Repetition(Concatenation(pair), 1, None, self.comma), False))
        return self.enclosed("{", Listing(tuple(parts), self.comma), "}")

    def array(self, schema: Mapping[str, Any], path: str) -> Expression:
        """An array: first the items that have schemas of their own, then any number of alike ones."""
        least, most = counts(schema, "minItems", "maxItems", path)
        prefix = schema.get("prefixItems", [])
        if most is not None and most < len(prefix):
            refuse(path, f"maxItems {most} cuts off some of the {len(prefix)} prefixItems")
        parts: list[tuple[Expression, bool]] = [
            (self.nested(inner, f"{path}/prefixItems/{index}"), True) for index, inner in enumerate(prefix)
        ]
        least, most = max(least - len(prefix), 0), None if most is None else most - len(prefix)
        item = schema.get("items", not prefix or least > 0)
        if item is False and least:
            refuse(path, "minItems asks for items that items: false forbids")
        if item is not False and most != 0:
            more = Repetition(self.nested(item, f"{path}/items"), max(least, 1), most, self.comma)
            parts.append((more, least > 0))
        return self.enclosed("[", Listing(tuple(parts), self.comma), "]")

    def enclosed(self, opening: str, inside: Expression, closing: str) -> Expression:
        return Concatenation((literal(opening), self.space, inside, self.space, literal(closing)))

    def anything_called(self) -> Call:
        """A call of the rule for any JSON value."""
        if _ANYTHING not in self.rules:
            self.rules[_ANYTHING] = EMPTY
            self.rules[_ANYTHING] = self.anything()
        return Call(_ANYTHING)

    def anything(self) -> Expression:
        """Any JSON value, in place; what it holds is called."""
        inner = self.anything_called()
        items = Repetition(inner, 0, None, self.comma)
        pairs = Repetition(Concatenation((STRING, self.colon, inner)), 0, None, self.comma)
        words = map(literal, ("true", "false", "null"))
        return Alternation((STRING, NUMBER, *words, self.enclosed("[", items, "]"), self.enclosed("{", pairs, "}")))


def _textual(schema: Mapping[str, Any], path: str) -> Expression:
    """Strings within the bounds of length, of the given pattern if there is one."""
    lengths = counts(schema, "minLength", "maxLength", path)
    try:
        return string_like(schema["pattern"], *lengths) if "pattern" in schema else string(*lengths)
    except ParseError as error:
        message = f"schema {path}: pattern: {error.message}"
        raise ParseError(message, error.text, error.position, error.expected) from None


def _numeric(name: str, schema: Mapping[str, Any], path: str) -> Expression:
    """Numbers within the bounds, of which the strictest counts."""
    exact = {}
    for keyword in BOUNDS & set(schema):
        bound = schema[keyword]
        if isinstance(bound, bool) or not isinstance(bound, int | float) or not isfinite(bound):
            refuse(path, f"{keyword} must be a finite number, not {bound!r}")
        # 0.1 means the decimal that was written, not the double next to it; beyond 2⁵³ they are one.
        exact[keyword] = Fraction(bound if isinstance(bound, int) or abs(bound) >= 2**53 else repr(bound))
    lows = [(exact[k], k == "exclusiveMinimum") for k in ("minimum", "exclusiveMinimum") if k in exact]
    highs = [(-exact[k], k == "exclusiveMaximum") for k in ("maximum", "exclusiveMaximum") if k in exact]
    low, above = max(lows, default=(None, False))
    high, below = max(highs, default=(None, False))
    high = None if high is None else -high
    written = (integer if name == "integer" else number)(low, high, (above, below))
    if written == Alternation(()):
        refuse(path, f"there is no {name} within {', '.join(f'{k} {schema[k]}' for k in sorted(exact))}")
    return written
