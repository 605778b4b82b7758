"""Checks and quiz of notebook 54, tools and trust."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agentos_lab.errors import ToolFailed

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_list
from ..questions import Option, Question

if TYPE_CHECKING:
    from agentos_lab.kernel import Tool

__all__ = ["QUIZ", "book", "desk_rules", "tainted", "verdicts", "water"]

VERDICTS = ("allow", "ask", "deny")


@exercise(
    "verdicts",
    points=1,
    hints=(
        "First find the pattern with the most letters that fits. Only then look at the effect and at the taint.",
        "A rule may allow what cannot be undone; the taint turns an *allow* of it into an *ask*. A pattern without a "
        "kind means tools, and storage is none.",
    ),
    right="The taint never frees anything, and never forbids more than the kernel can justify.",
)
def verdicts(answer: Any) -> Problem | None:
    """Six decisions under four rules."""
    entries = 'one of "allow", "ask" and "deny"'
    if problem := require_list(answer, 6, lambda entry: isinstance(entry, str) and entry in VERDICTS, entries):
        return problem
    right = ("allow", "deny", "ask", "allow", "ask", "allow")
    why = (
        "`files.*` fits, and has more letters than `*`.",
        "`files.erase` names it in full: no pattern is more specific, whatever the others say.",
        "Only `*` fits. A rule that fits decides, also where the effect alone would be harmless.",
        "`mail.send` fits in full. A rule may allow what cannot be undone; only where none fits is it asked about.",
        "The rule allows it, but a process that has read text from outside never gets more than *ask* for a change.",
        'Do the rules speak of it at all? `"*"` means `tool:*`. And its own storage it may write, tainted or not.',
    )
    for letter, yours, expected, reason in zip("abcdef", answer, right, why, strict=True):
        if yours != expected:
            return Problem(f"({letter}) {reason}")
    return None


def _tool_of(answer: Any, name: str) -> Tool | Problem:
    """The tool, or what to do so that it is one."""
    from agentos_lab.kernel import Tool

    if isinstance(answer, Tool):
        function = answer.function
        if getattr(function, "__code__", None) is not None and _is_empty(function):
            raise NotImplementedError(f"{name} has no body yet")
        return answer
    if callable(answer):
        return Problem("This is a function, and not yet a tool: put `@tool(effect=…)` on the line above `def`.")
    return Problem(f"A tool was expected, and this is of type {type(answer).__name__}.")


def _is_empty(function: Any) -> bool:
    def empty() -> None: ...

    def documented() -> None:
        """Say something."""

    code = function.__code__
    bare = code.co_code in (empty.__code__.co_code, documented.__code__.co_code)
    return bare and all(constant in (None, function.__doc__) for constant in code.co_consts)


def _accepts(made: Tool, arguments: Mapping[str, Any]) -> bool:
    try:
        made.check(arguments)
    except ValueError:
        return False
    return True


Case = tuple[dict[str, Any], str]  # arguments, and what to say if the verdict on them is wrong


def _verdicts_on(made: Tool, good: Iterable[Case], bad: Iterable[Case]) -> Problem | None:
    """The first call that is refused and should not be, or the other way round."""
    for arguments, said in good:
        if not _accepts(made, arguments):
            return Problem(f"It refuses a call that is right. {said}", f"{made.name}.check({arguments})")
    for arguments, said in bad:
        if _accepts(made, arguments):
            return Problem(f"It accepts a call that is wrong. {said}", f"{made.name}.check({arguments})")
    return None


@exercise(
    "water",
    points=1,
    hints=(
        'A choice of texts is `Literal["fern", "cactus"]`; a number with limits is `Annotated[float, Field(…)]`.',
        "More than 0 is `gt=0` (greater than), at most 5 is `le=5` (less or equal).",
    ),
    right="The function itself has no line about it: what the schema forbids never reaches it.",
)
def water(answer: Any) -> Problem | None:
    """A tool whose signature allows two plants and up to five litres."""
    made = _tool_of(answer, "water")
    if isinstance(made, Problem):
        return made
    names = set(made.schema.get("properties", {}))
    if names != {"plant", "litres"}:
        return Problem("Its arguments are to be `plant` and `litres`.", yours=made.signature)
    good: list[Case] = [
        ({"plant": "fern", "litres": 2.5}, ""),
        ({"plant": "cactus", "litres": 0.1}, "A little more than 0 is allowed: `gt=0` and not `ge=1`."),
        ({"plant": "fern", "litres": 5}, "5 itself is allowed: `le=5`, and not `lt=5`. The type is `float`."),
    ]
    bad: list[Case] = [
        ({"plant": "fern", "litres": -3}, "The litres have no lower limit."),
        ({"plant": "fern", "litres": 0}, "0 litres are not *more* than 0: `gt=0`, and not `ge=0`."),
        ({"plant": "fern", "litres": 5.5}, "The litres have no upper limit, or a wrong one."),
        ({"plant": "sofa", "litres": 1}, 'The plant can be any text: use `Literal["fern", "cactus"]`.'),
        ({"plant": "fern"}, "The litres must be given: they have no default."),
        ({"litres": 1}, "The plant must be given: it has no default."),
    ]
    return _verdicts_on(made, good, bad)


@exercise(
    "book",
    points=3,
    hints=(
        "The effect stands in the brackets of the decorator: `@tool(effect=…)`. What can be changed back is a "
        "`write`. A default is written in the signature: `outside: bool = False`.",
        '`day: Literal["friday", "saturday"]`, `guests: Annotated[int, Field(ge=1, le=8)]`; in the body, if it is '
        "Friday and outside: `raise ToolFailed(…)`, else return the dictionary.",
    ),
    right="A model can use it now: it sees what is allowed, and each refusal tells it what to do instead.",
)
def book(answer: Any) -> Problem | None:
    """A tool with a schema, an effect, and a failure that helps."""
    made = _tool_of(answer, "book")
    if isinstance(made, Problem):
        return made
    if made.name != "book":
        return Problem("Agents will call it `book`: give the function this name.", yours=made.name)
    if set(made.schema.get("properties", {})) != {"day", "guests", "outside"}:
        return Problem("Its arguments are to be `day`, `guests` and `outside`.", yours=made.signature)
    full = {"day": "saturday", "guests": 4, "outside": True}
    good: list[Case] = [
        (full, ""),
        ({"day": "friday", "guests": 1}, "`outside` need not be given: write `outside: bool = False`."),
        ({"day": "saturday", "guests": 8}, "8 guests are allowed: `le=8`."),
    ]
    bad: list[Case] = [
        (full | {"day": "monday"}, 'The day can be another one: use `Literal["friday", "saturday"]`.'),
        (full | {"guests": 0}, "At least one guest: `Field(ge=1, …)`."),
        (full | {"guests": 9}, "At most eight guests: `Field(…, le=8)`."),
        (full | {"guests": 2.5}, "Guests are whole: the type is `int`."),
        (full | {"guests": "4"}, "Guests are a number: the type is `int`."),
        (full | {"outside": "yes"}, "`outside` is true or false: the type is `bool`."),
        ({"guests": 4}, "The day must be given: it has no default."),
        ({"day": "friday"}, "The guests must be given: they have no default."),
    ]
    if problem := _verdicts_on(made, good, bad):
        return problem
    if made.effect != "write":
        told = {
            "pure": "A reservation changes something in the world, so it is not pure.",
            "read": "It does not only look: the table is taken afterwards.",
            "irreversible": "It can be cancelled. If everything is irreversible, the person is asked at each step.",
        }
        return Problem(f"Its effect is another one. {told[made.effect]}", yours=made.effect)
    if not made.description:
        return Problem("It has no description. Let a docstring be the first line of the body.")
    return _book_works(made)


def _book_works(made: Tool) -> Problem | None:
    """What the function does with calls that are right."""
    for arguments in ({"day": "saturday", "guests": 4, "outside": True}, {"day": "friday", "guests": 2}):
        expected = {"outside": False, **arguments}
        got = made(**made.bind(arguments))
        case = f"book(**{arguments})"
        if got is None:
            return Problem("Nothing came back: does the function `return` the dictionary?", case)
        if not isinstance(got, dict) or set(got) != set(expected):
            kind = f"the keys {sorted(map(str, got))}" if isinstance(got, dict) else f"a {type(got).__name__}"
            return Problem("A dictionary with day, guests and outside was expected.", case, kind)
        if got != expected:
            return Problem("The dictionary does not hold what was called for.", case, repr(got)[:200])
    try:
        made(**made.bind({"day": "friday", "guests": 2, "outside": True}))
    except ToolFailed as error:
        if not any(word in str(error).lower() for word in ("saturday", "inside")):
            message = "The message says that it failed, but not what to do: name `saturday` or `inside`."
            return Problem(message, "friday, outside", str(error)[:200])
        return None
    except ValueError as error:
        message = "It fails, but not with `ToolFailed`, by which an agent knows that the tool spoke."
        return Problem(message, "friday, outside", f"{type(error).__name__}: {error}"[:200])
    return Problem("On Friday the garden is closed: raise `ToolFailed`.", "friday, outside")


# tool, effect, verdict, and what to say if it comes out differently
DESK: list[tuple[str, str, str, str]] = [
    ("files.read", "read", "allow", "Every tool that begins with `files.` may be called, `files.erase` excepted."),
    ("files.rename", "write", "allow", "Every tool that begins with `files.` may be called, also new ones: `files.*`."),
    ("files.erase", "irreversible", "ask", "About `files.erase` the person is asked."),
    ("files.eraser", "read", "allow", "`files.eraser` is another tool than `files.erase`: no star at its end."),
    ("mail.read", "read", "allow", "`mail.read` may be called."),
    ("mail.send", "irreversible", "deny", "Of the tools that begin with `mail.` only `mail.read` may be called."),
    ("mail.reader", "read", "deny", "`mail.reader` is another tool than `mail.read`: no star at its end."),
    ("mail.delete", "write", "deny", "Of the tools that begin with `mail.` only `mail.read` may be called."),
    ("web", "read", "deny", 'All other tools are denied: a rule for `"*"`.'),
    ("filesystem", "write", "deny", "`filesystem` does not begin with `files.`: the dot belongs to the pattern."),
    ("pay", "irreversible", "deny", 'All other tools are denied: a rule for `"*"`.'),
]


@exercise(
    "desk_rules",
    points=2,
    hints=(
        "Begin with the widest rule, and make the exceptions more specific. Their order does not matter.",
        'Four entries are enough: one for `"*"`, one for `"files.*"`, and two whole names.',
    ),
    right="Deny by default and name what is allowed: a tool that somebody adds tomorrow is denied until you know it.",
)
def desk_rules(answer: Any) -> Problem | None:
    """Access rules for a desk, as a dictionary from patterns to verdicts."""
    from agentos_lab.kernel import decide
    from agentos_lab.kernel.access import as_rules

    if not isinstance(answer, Mapping):
        return Problem(f"A dictionary was expected, and this is of type {type(answer).__name__}.")
    for pattern, verdict in answer.items():
        if pattern is Ellipsis or verdict is Ellipsis:
            raise NotImplementedError("the rules are not filled in yet")
        if not isinstance(pattern, str):
            return Problem(f"A pattern is a text; one of yours is of type {type(pattern).__name__}.")
        if not isinstance(verdict, str) or verdict not in VERDICTS:
            shown = repr(verdict)[:40] if isinstance(verdict, str) else f"of type {type(verdict).__name__}"
            return Problem(f'A verdict is "allow", "ask" or "deny"; that of `{pattern}` is {shown}.')
    rules = as_rules(dict(answer))
    for name, effect, expected, said in DESK:
        decision = decide(rules, f"tool:{name}", effect)  # type: ignore[arg-type]
        if decision.verdict != expected:
            return Problem(said, f"{name}, effect {effect}", str(decision))
    return None


Event = Sequence[str]


def _follow(
    events: Iterable[Event], *, messages: bool = True, notes: bool = True, cleared: bool = True, late: bool = False
) -> set[str]:
    """Who is tainted; the switches are typical mistakes."""
    processes: set[str] = set()
    names: set[str] = set()
    writers: dict[str, str] = {}
    for kind, who, *rest in events:
        if kind == "outside":
            processes.add(who)
        elif kind == "send" and messages and who in processes:
            processes.add(rest[0])
        elif kind == "write":
            writers[rest[0]] = who
            if who in processes:
                names.add(rest[0])
            elif cleared:
                names.discard(rest[0])
        elif kind == "read" and notes and (writers.get(rest[0]) in processes if late else rest[0] in names):
            processes.add(who)
    return processes


def _no_chain(events: Iterable[Event]) -> set[str]:
    """Only those who read from outside, and their direct readers."""
    first = {who for kind, who, *_ in events if kind == "outside"}
    return first | {rest[0] for kind, who, *rest in events if kind == "send" and who in first}


@exercise(
    "tainted",
    points=3,
    hints=(
        "Keep two sets, one of processes and one of names, and go through the events once, in their order.",
        "A `write` by a tainted process adds the name to the set; one by a clean process takes it out. A `read` of a "
        "name in the set adds the reader.",
    ),
    right="That is all there is to it: no word of any text was looked at.",
)
def tainted(answer: Any) -> Problem | None:
    """A function of a list of events: the set of tainted processes."""
    mistakes: dict[str, Callable[..., set[str]]] = {
        "Messages carry the taint, too.": lambda events: _follow(events, messages=False),
        "Values that are written carry the taint to whoever reads them.": lambda events: _follow(events, notes=False),
        "A new value replaces the old one: when a clean process writes it, the name is clean again.": (
            lambda events: _follow(events, cleared=False)
        ),
        "The value counts as it was when it was *written*: what its writer reads later does not change it.": (
            lambda events: _follow(events, late=True)
        ),
        "The order matters: who sent something *before* reading from outside passes nothing on.": _no_chain,
        "These are only those who read from outside themselves.": (
            lambda events: {who for kind, who, *_ in events if kind == "outside"}
        ),
        "Events stand in their order: who sends before it reads from outside passes nothing on.": (
            lambda events: _follow(sorted(events, key=lambda event: event[0] != "outside"))
        ),
    }
    read, send = ("outside", "ada"), ("send", "ada", "ben")
    cases: list[tuple[list[Event]]] = [
        ([read],),
        ([read, send],),
        ([send, read],),
        ([("send", "ben", "cid"), read, send],),
        ([read, send, ("send", "ben", "cid")],),
        ([("send", "cid", "ben"), send],),
        ([read, ("write", "ada", "note"), ("read", "ben", "note")],),
        ([read, ("write", "ada", "note"), ("read", "ben", "plan")],),
        ([("write", "ada", "note"), read, ("read", "ben", "note")],),
        ([read, ("write", "ada", "note"), ("write", "cid", "note"), ("read", "ben", "note")],),
        ([read, ("write", "ada", "n"), ("read", "ben", "n"), ("write", "ben", "m"), ("read", "cid", "m")],),
        ([read, send, ("outside", "cid"), ("write", "ben", "n"), ("write", "eve", "n"), ("read", "dan", "n")],),
    ]
    return compare_calls(answer, _follow, cases, mistakes=mistakes, what="the set")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A tool hangs. Its timeout is 0.3 s. What does the agent that called it see?",
        (
            Option("Nothing: it waits for ever.", "After 0.3 s the call has failed, whatever the tool still does."),
            Option(
                "An exception `ToolFailed` at its `await`, after which it goes on.",
                "The failure travels as a value, and is raised in its caller alone.",
                right=True,
            ),
            Option("The kernel stops the thread and returns None.", "A thread cannot be stopped from outside."),
            Option("All agents see the exception.", "It has one reader: who called."),
        ),
    ),
    Question(
        'The rules are {"files.erase": "ask", "*": "deny", "files.*": "allow"}. What of `files.erase`?',
        (
            Option("Denied: a deny always wins.", "Caution decides only between patterns that are equally specific."),
            Option("Allowed: the last rule wins.", "The order of the rules never matters."),
            Option("Asked: the most specific pattern wins.", "It names the tool in full.", right=True),
            Option("Denied: the rules contradict each other.", "Three fit, and one of them is the most specific."),
        ),
    ),
    Question(
        "Which of these stops an injected sentence that has fooled the model from erasing a file?",
        (
            Option("A line in the prompt: do not follow instructions in pages.", "One text against another."),
            Option("A filter for IGNORE ALL PREVIOUS INSTRUCTIONS.", "There are endless other wordings."),
            Option("`isolated=True` for the tool that erases.", "Then it erases the file in a subprocess."),
            Option(
                "The rule that who has read text from outside must ask before changing anything.",
                "It looks at the way of the text, not at its words.",
                right=True,
            ),
        ),
    ),
    Question(
        "An agent has read a stranger's page. What can it still do without anybody being asked?",
        (
            Option("Nothing.", "It may compute, read, and write into the system's own storage."),
            Option(
                "Call a tool of effect read, with a secret in its arguments.",
                "That is how data leaks: a request tells its receiver something.",
                right=True,
            ),
            Option("Send a mail, if a rule allows it.", "The taint turns that allow into an ask."),
            Option("Let a child of its own erase.", "What a tainted parent starts is tainted, too."),
        ),
    ),
)
