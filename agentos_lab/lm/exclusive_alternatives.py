"""`oneOf`: exactly one of several schemas, which a grammar can promise only where no value satisfies two.

A grammar writes a value under one alternative and cannot look whether it satisfies another as well. So it must be plain
from the schemas that this never happens: they have different types, different constants, or a property that at least
one of them requires and for which the same is true. (Discriminated unions, such as tool calls told apart by the name
of the tool, are of this kind.)

Source: JSON Schema 2020-12, Core, section 10.2.1.3.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

from .schema_document import Document, Schema, constants, pointer_of, possible_types, refuse

__all__ = ["check_exclusive", "exclusive"]


def check_exclusive(document: Document, options: Sequence[Schema], path: str) -> None:
    """Refuse a `oneOf` unless no value can satisfy two of its alternatives."""
    for (i, a), (j, b) in combinations(enumerate(options), 2):
        if not exclusive(document, a, b, path):
            refuse(
                path,
                f"oneOf: a value might satisfy alternatives {i} and {j}, and then be invalid; "
                "say anyOf, or tell them apart by a required property with different const",
            )


def exclusive(document: Document, a: Schema, b: Schema, path: str, depth: int = 10) -> bool:
    """Is it plain that no value satisfies both? (False when in doubt.)"""
    if depth == 0 or not isinstance(a, Mapping) or not isinstance(b, Mapping):
        return a is False or b is False
    for one, other in ((a, b), (b, a)):
        if "$ref" in one:
            return exclusive(document, document.resolve(pointer_of(one["$ref"], path), path), other, path, depth - 1)
        for keyword in ("anyOf", "oneOf", "allOf"):
            if keyword in one:
                return all(exclusive(document, option, other, path, depth - 1) for option in one[keyword])
    if {"const", "enum"} & set(a) and {"const", "enum"} & set(b):
        return not {_same(v) for v in constants(a, path)} & {_same(v) for v in constants(b, path)}
    common = possible_types(a, path) & possible_types(b, path)
    if common != {"object"}:
        return not common
    shared = set(a.get("properties", {})) & set(b.get("properties", {}))
    decisive = shared & (set(a.get("required", [])) | set(b.get("required", [])))
    return any(exclusive(document, a["properties"][p], b["properties"][p], path, depth - 1) for p in decisive)


def _same(value: Any) -> str:
    """A text that is equal for values that JSON Schema holds equal (1 and 1.0)."""

    def plain(text: str) -> float | int:
        return int(float(text)) if float(text).is_integer() else float(text)

    return json.dumps(json.loads(json.dumps(value), parse_float=plain), sort_keys=True)
