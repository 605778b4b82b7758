"""Chat template: a conversation written as the one text that a chat model was trained on.

Models come with their template, a small program in the Jinja language, which writes special tokens between the
messages, e.g. ``<|im_start|>user … <|im_end|>``. Two things can go wrong, and both are dealt with here:

- the template is a program from somewhere else: it runs in Jinja's sandbox, out of reach of Python's insides;
- a message is text from somewhere else, and could contain ``<|im_end|>`` to end its own turn and begin another one in
  the name of the system (*prompt injection*): only what the template itself wrote becomes a special token.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

__all__ = ["render_chat"]


def render_chat(
    template: str,
    messages: Sequence[Mapping[str, Any]],
    markers: Collection[str],
    *,
    add_generation_prompt: bool = True,
    trusted: Mapping[str, str] | None = None,
    **variables: Any,
) -> list[tuple[str, bool]]:
    """Write a conversation by a chat template, and tell the template's special tokens from text that looks like them.

    Before the template runs, wherever a special token is written in a message, or begun at its end, the first
    character is exchanged for a *stand-in*, a character that occurs nowhere else. So the special tokens found
    afterwards are the template's; then the messages get their own characters back.

    Args:
        template: The template, in Jinja.
        messages: The conversation: ``{"role": "user", "content": "…"}`` and so on.
        markers: The special tokens as they are written in text.
        add_generation_prompt: End with the beginning of the assistant's turn.
        trusted: Values for the template in which special tokens count, e.g. ``{"bos_token": "<s>"}``.
        **variables: Other values for the template, e.g. `tools`; treated like messages.

    Returns:
        The text in parts: (special token, True) or (the text between two of them, False).

    Raises:
        ValueError: If the template is not valid or does not accept the conversation, or a message has no role.
    """
    for number, message in enumerate(messages):
        if not isinstance(message, Mapping) or not isinstance(message.get("role"), str):
            raise ValueError(f"message {number} must look like {{'role': 'user', 'content': '…'}}; got {message!r}")
    given = {**variables, "messages": messages}
    restore: dict[int, str] = {}
    if markers:
        used = set(template).union(*markers, *_strings(given))
        free = (stand_in for stand_in in map(chr, range(0x100000, 0x10FFFE)) if stand_in not in used)  # private use
        stand_ins = {first: next(free) for first in sorted({marker[0] for marker in markers})}
        restore = {ord(stand_in): first for first, stand_in in stand_ins.items()}
        opening = _opening(markers)
        given = _in_strings(given, lambda text: opening.sub(lambda found: stand_ins[found.group()], text))
    text = _run(template, {**given, **(trusted or {}), "add_generation_prompt": add_generation_prompt})
    # A group in the pattern makes `split` keep what it splits at: text, special, text, special, …, text.
    parts = re.split(f"({_any_of(markers)})", text) if markers else [text]
    return [(part.translate(restore), index % 2 == 1) for index, part in enumerate(parts) if part]


def _opening(markers: Collection[str]) -> re.Pattern[str]:
    """Matches the first character of every special token in a string, and of one that begins at the string's end.

    The latter could be completed by the string that a template puts next, also after it has cut off white space.
    """
    begun = {marker[:length] for marker in markers for length in range(1, len(marker))}
    complete = f"(?={_any_of(markers)})."
    return re.compile(rf"{complete}|(?=(?:{_any_of(begun)})\s*\Z)." if begun else complete, re.DOTALL)


def _any_of(alternatives: Collection[str]) -> str:
    return "|".join(map(re.escape, sorted(alternatives, key=len, reverse=True)))


def _run(template: str, variables: Mapping[str, Any]) -> str:
    """The text that a template writes, with the functions that templates of published models expect."""
    import jinja2
    from jinja2.ext import Extension, loopcontrols
    from jinja2.nodes import Node
    from jinja2.parser import Parser
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Generation(Extension):
        """``{% generation %} … {% endgeneration %}`` marks what the assistant says; here it is only text."""

        tags = {"generation"}  # noqa: RUF012

        def parse(self, parser: Parser) -> list[Node]:
            next(parser.stream)
            return parser.parse_statements(("name:endgeneration",), drop_needle=True)

    def refuse(message: str) -> None:
        raise jinja2.TemplateError(message)

    def to_json(value: Any, indent: int | None = None) -> str:
        return json.dumps(value, ensure_ascii=False, indent=indent)

    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, loopcontrols]
    )
    environment.filters["tojson"] = to_json
    environment.globals["raise_exception"] = refuse
    try:
        return environment.from_string(template).render(variables)
    except jinja2.TemplateSyntaxError as error:
        raise ValueError(f"the chat template is not valid Jinja, line {error.lineno}: {error.message}") from error
    except (jinja2.TemplateError, TypeError, ValueError, LookupError, ArithmeticError) as error:
        raise ValueError(f"the chat template does not accept this conversation: {error}") from error


def _strings(value: Any) -> Iterator[str]:
    """Every string in nested dicts and lists, keys included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.items():
            yield from _strings(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _strings(item)


def _in_strings(value: Any, change: Callable[[str], str]) -> Any:
    """The same nesting of dicts and lists with every string changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {_in_strings(key, change): _in_strings(item, change) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_in_strings(item, change) for item in value]
    return value
