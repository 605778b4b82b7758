"""Tools: functions that an agent may call, with all that the kernel must know before it lets one run.

A tool is an ordinary function. Its signature becomes a JSON schema, by which a language model learns to call it and by
which every call is checked before it starts; a wrong call comes back with a message that says how to mend it. Beside
that stands what it may do: its effect on the world, its limits of time and memory, the lock that it needs.
"""

from __future__ import annotations

import inspect
import json
import re
import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from agentos_lab.errors import ToolFailed

from .reply import Failed, Ok
from .tool_schema import did_you_mean, parameters_of, schema_of, shorten, type_name

__all__ = ["Effect", "Tool", "Toolbox", "UnknownTool", "perform", "tool"]

# What a call does to the world: nothing; it looks; it changes something that can be changed back; it cannot be undone.
Effect = Literal["pure", "read", "write", "irreversible"]

_LONGEST_RESULT = 1_000_000  # bytes of JSON
_SECTION = re.compile(r"\n\s*(?:Args|Returns|Yields|Raises|Examples?):\s*(?:\n|$)")
_ARGUMENT = re.compile(r"^ {4}(\w+)(?: \(.*?\))?: (.+(?:\n {5,}.+)*)", re.MULTILINE)


class UnknownTool(KeyError, ValueError):
    """There is no tool of this name; the message says which names come near it."""

    __str__ = Exception.__str__  # KeyError would show the message as a quoted text


@dataclass(frozen=True, eq=False)
class Tool:
    """A function with what the kernel must know of it; calling it calls the function. `tool` makes one.

    Attributes:
        name: How agents call it, e.g. ``"causal.effect"``.
        function: What it does.
        description: For agents and people.
        schema: JSON schema of the arguments.
        validate: Takes the arguments as they came (JSON) and returns them as `function` wants them, or raises a
            ValueError.
        effect: What a call does to the world.
        timeout: Seconds of wall time; after them the call has failed.
        ticks: How long it takes in the kernel's virtual time.
        exclusive: Name of a lock: of the tools that name it, one runs at a time.
        isolated: Run in a process of its own, which is killed at the timeout with all its children. For code that may
            hang in C, exhaust memory or end the interpreter; no wall against a malicious one.
        memory: Bytes of address space that an isolated tool may have, where the system knows such a limit.
        trusted: False: what it returns may be written by a stranger, and whoever reads it is marked.
        takes_key: The function has a parameter `idempotency_key`: the same in every repetition of the same call.
    """

    name: str
    function: Callable[..., Any]
    description: str
    schema: Mapping[str, Any]
    validate: Callable[[Mapping[str, Any]], dict[str, Any]] = field(repr=False)
    effect: Effect = "pure"
    timeout: float = 10.0
    ticks: int = 1
    exclusive: str | None = None
    isolated: bool = False
    memory: int = 4 << 30
    trusted: bool = True
    takes_key: bool = False

    def __post_init__(self) -> None:
        if not re.fullmatch(r"\w[\w.-]*", self.name):
            raise ValueError(f"a tool's name consists of letters, digits and _ . -, not {self.name!r}: pass name=…")
        if self.effect not in get_args(Effect):
            raise ValueError(f"tool {self.name}: effect must be one of {get_args(Effect)}, not {self.effect!r}")
        if not self.timeout > 0 or self.ticks < 1 or self.memory < 1:
            raise ValueError(f"tool {self.name}: timeout and memory must be positive, and ticks at least 1")
        if self.isolated:
            from .isolation import parcel  # only isolated tools need it

            parcel(self.function)  # ValueError where another process could not have the function

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function itself, unchecked and in this thread."""
        return self.function(*args, **kwargs)

    def bind(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments as the function takes them: checked, fresh, so that a call cannot change the caller's.

        Args:
            arguments: JSON values by name.

        Raises:
            ValueError: One line for each argument that is wrong: what was expected and what came.
        """
        try:
            text = json.dumps(dict(arguments), allow_nan=False, ensure_ascii=False)
            text.encode()  # half a character is none
        except (TypeError, ValueError, RecursionError) as error:
            raise ValueError(f"the arguments of {self.name} must be JSON, by name: {error}") from None
        try:
            return self.validate(json.loads(text))
        except ValueError as error:
            raise ValueError(f"{self.name} cannot be called so:\n{error}\nIt is {self.signature}.") from None

    def check(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The same arguments, still JSON, as a copy; ValueError as `bind` raises it."""
        self.bind(arguments)
        return dict(json.loads(json.dumps(dict(arguments))))

    @property
    def signature(self) -> str:
        """The arguments on one line: ``power(base: number, exponent: integer = 2)``."""
        required = self.schema.get("required", ())
        parts = (
            f"{name}: {type_name(part)}" + ("" if name in required else f" = {json.dumps(part.get('default'))}")
            for name, part in self.schema.get("properties", {}).items()
        )
        return f"{self.name}({', '.join(parts)})"

    def __str__(self) -> str:
        return f"{self.signature}  [{self.effect}]\n    {self.description or '(no description)'}"


def tool(function: Callable[..., Any] | None = None, *, name: str | None = None, **settings: Any) -> Any:
    """Make a tool of a function, as a decorator or by a call.

    The description is the docstring, the schema comes from the annotations (``Annotated[int, Field(ge=0)]``,
    ``Literal``, pydantic models), explained by the docstring's ``Args:``; one without annotation takes any JSON.

    Args:
        function: An ordinary function; every argument has a name.
        name: How agents call it; by default the function's own name.
        settings: The other attributes of `Tool`: effect, timeout, ticks, exclusive, isolated, memory, trusted,
            description.

    Returns:
        The `Tool`; without `function` a decorator.

    Raises:
        ValueError: The function cannot be a tool; the message says why and what to do.

    Example:
        >>> @tool(effect="read")
        ... def power(base: float, exponent: int = 2) -> float:
        ...     "Raise a number to a power."
        ...     return base**exponent
        >>> power.signature
        'power(base: number, exponent: integer = 2)'
    """
    if function is None:
        return lambda function: tool(function, name=name, **settings)
    name = str(name or getattr(function, "__name__", type(function).__name__))
    if name == "<lambda>":
        raise ValueError("a lambda has no name that an agent could call: pass name=…, or write a function with def")
    parameters = parameters_of(name, function)
    text = inspect.getdoc(function) or ""
    explained = {argument: " ".join(words.split()) for argument, words in _ARGUMENT.findall(text)}
    schema, validate = schema_of(name, [p for p in parameters if p.name != "idempotency_key"], explained)
    settings.setdefault("description", " ".join(_SECTION.split("\n" + text)[0].split()))
    takes_key = any(p.name == "idempotency_key" for p in parameters)
    return Tool(name, function, schema=schema, validate=validate, takes_key=takes_key, **settings)


def perform(name: str, function: Callable[..., Any], arguments: Mapping[str, Any]) -> Ok | Failed:
    """Call a tool's function in this thread; whatever it does becomes a value.

    Args:
        name: Of the tool, for messages.
        function: To be called.
        arguments: Checked ones.

    Returns:
        Ok with a JSON value of its own, or Failed: it raised (SystemExit and KeyboardInterrupt included), or what it
        returned is not JSON or is too large.
    """
    try:
        value = function(**arguments)
    except ToolFailed as error:  # the tool knows what to say
        return Failed("ToolFailed", f"{name} failed: {shorten(str(error))}")
    except BaseException as error:  # the kernel's boundary: nothing that a tool does may pass it
        said = "".join(traceback.format_exception_only(type(error), error)).strip()
        frame = traceback.extract_tb(error.__traceback__, limit=-1)[0]
        where = f" (line {frame.lineno} of {Path(frame.filename).name})" if frame.filename != __file__ else ""
        return Failed("ToolFailed", f"{name} raised {shorten(said)}{where}: change the arguments, or do without it")
    try:
        text = json.dumps(value, allow_nan=False, ensure_ascii=False, default=_plain)
        size = len(text.encode())
    except BaseException as error:  # a value may have code of its own
        return Failed(
            "ToolFailed", f"{name} returned what is not JSON ({shorten(str(error))}): the tool must be mended"
        )
    if size > _LONGEST_RESULT:
        said = f"{size:,} bytes of JSON, more than {_LONGEST_RESULT:,}"
        return Failed("ToolFailed", f"{name} returned {said}: ask for less at a time")
    return Ok(json.loads(text))


def _plain(value: Any) -> Any:
    """What JSON has no word for: pydantic models write themselves."""
    if hasattr(type(value), "model_dump"):
        return value.model_dump(mode="json")
    raise TypeError(f"a {type(value).__name__}")


class Toolbox(Mapping[str, Tool]):
    """Tools by name.

    Args:
        tools: Tools, or functions to make tools of.
    """

    def __init__(self, tools: Iterable[Tool | Callable[..., Any]] = ()) -> None:
        self._tools: dict[str, Tool] = {}
        for each in tools:
            self.register(each)

    def register(self, new: Tool | Callable[..., Any], **settings: Any) -> Tool:
        """Add a tool, or make one of a function by `tool`.

        Raises:
            ValueError: Another tool has the name.
        """
        made: Tool = new if isinstance(new, Tool) else tool(new, **settings)
        if self._tools.setdefault(made.name, made) is not made:
            raise ValueError(f"there is a tool {made.name!r} already: pass another name=…")
        return made

    def __getitem__(self, name: str) -> Tool:
        found = self._tools.get(name) or self._tools.get(str(name).replace("__", "."))
        if found is None:
            raise UnknownTool(f"there is no tool {name!r}{did_you_mean(str(name), list(self._tools))}")
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._tools)

    def __len__(self) -> int:
        return len(self._tools)

    def schemas(self) -> list[dict[str, Any]]:
        """All tools as OpenAI-compatible servers want them; a dot in a name becomes ``__`` (they allow none)."""
        functions = (
            {"name": each.name.replace(".", "__"), "description": each.description, "parameters": dict(each.schema)}
            for each in self.values()
        )
        return [{"type": "function", "function": function} for function in functions]

    def describe(self) -> str:
        """All tools as a text for a prompt."""
        return "\n".join(map(str, self.values()))

    __str__ = describe
