"""Schemas: the arguments of a function as a JSON schema, and the check of arguments by it.

The schema is what a language model sees of a tool. pydantic writes it and checks by it, strictly: no text is taken for
a number, no number for a truth value, and nothing unknown is let through, not even deep inside.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

__all__ = ["did_you_mean", "parameters_of", "schema_of", "shorten", "type_name"]


def parameters_of(name: str, function: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters, with their annotations as objects."""
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise ValueError(f"tool {name} is async, and tools run outside the kernel's loop: make it an ordinary function")
    try:
        parameters = list(inspect.signature(function, eval_str=True).parameters.values())
    except (TypeError, ValueError, NameError) as error:
        raise ValueError(f"the signature of tool {name} cannot be read ({error}): define its types first") from None
    for p in parameters:
        if p.kind not in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY):
            raise ValueError(f"tool {name}: {p} has no name in a schema; give every argument a name of its own")
    return parameters


def schema_of(name: str, parameters: list[inspect.Parameter], explained: Mapping[str, str]) -> tuple[Any, Any]:
    """JSON schema of the parameters, and the function that checks arguments by it."""
    from pydantic import ConfigDict, Field, ValidationError, create_model
    from pydantic.errors import PydanticUserError
    from pydantic.json_schema import GenerateJsonSchema

    class Untitled(GenerateJsonSchema):
        """Leaves out the titles, which repeat the names."""

        def field_title_should_be_set(self, schema: Any) -> bool:
            return False

    fields: dict[str, Any] = {}  # under names of ours: theirs may be those of pydantic's own methods
    for number, p in enumerate(parameters):
        default = ... if p.default is p.empty else p.default
        annotation = Any if p.annotation is p.empty else p.annotation
        fields[f"argument_{number}"] = (annotation, Field(default, alias=p.name, description=explained.get(p.name)))
    try:
        model = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)
        schema = model.model_json_schema(schema_generator=Untitled)
    except (PydanticUserError, TypeError) as error:
        reason = str(error).split("\n")[0]
        raise ValueError(f"tool {name}: an argument's type cannot be written as JSON ({reason})") from None
    for part in (schema, *schema.get("$defs", {}).values()):
        part.pop("title", None)
        if "properties" in part:
            part["additionalProperties"] = False

    def validate(arguments: Mapping[str, Any]) -> dict[str, Any]:
        try:
            checked = model.model_validate_json(json.dumps(arguments), strict=True, extra="forbid")
        except ValidationError as error:
            names = [p.name for p in parameters]
            raise ValueError("\n".join(_mistake(mistake, names) for mistake in error.errors())) from None
        return {p.name: getattr(checked, f"argument_{number}") for number, p in enumerate(parameters)}

    return schema, validate


def _mistake(mistake: Mapping[str, Any], names: list[str]) -> str:
    """One wrong argument in words that help to mend it."""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in mistake["loc"]).lstrip(".")
    if mistake["type"] == "missing":
        return f"  {place}: missing"
    if mistake["type"] in ("extra_forbidden", "unexpected_keyword_argument"):
        return f"  {place}: unknown{did_you_mean(place, names)}"
    expected = mistake["msg"].replace("Input should be", "expected")
    return f"  {place}: {expected}, got {shorten(json.dumps(mistake['input'], ensure_ascii=False), 80)}"


def type_name(part: Mapping[str, Any]) -> str:
    """A JSON schema in a word or two: ``integer``, ``"a" | "b"``, ``array of number``, ``string | null``."""
    if "enum" in part or "const" in part:
        return " | ".join(json.dumps(value) for value in part.get("enum", [part.get("const")]))
    if "anyOf" in part:
        return " | ".join(map(type_name, part["anyOf"]))
    if isinstance(part.get("items"), Mapping):
        return f"array of {type_name(part['items'])}"
    return str(part.get("type", part["$ref"].rsplit("/")[-1] if "$ref" in part else "any"))


def did_you_mean(name: str, names: list[str]) -> str:
    """The end of a message about an unknown name: those that come near it, or all."""
    near = get_close_matches(name, names, n=3)
    shown = "did you mean " + " or ".join(near) + "?" if near else "there is " + (", ".join(names) or "none")
    return f": {shorten(shown)}"


def shorten(text: str, longest: int = 600) -> str:
    """The beginning of a text that may be very long."""
    return text if len(text) <= longest else text[:longest] + "…"
