"""System calls: all that an agent can ask of the kernel, as plain values.

An agent is a coroutine. ``await syscall.read("notes")`` hands the value `Read("notes")` to the kernel, and the agent
sleeps until the kernel sends the reply: it never holds a file, a tool or the model in its own hands. What goes in and
out is JSON, so that every call and its reply can be written into the journal and read again.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from .reply import Reply

if TYPE_CHECKING:
    from .process import Budget

__all__ = [
    "Acquire", "Ask", "Call", "Cancel", "Checkpoint", "Forget", "Generate", "Kill", "List", "Lock", "Read", "Recall",
    "Receive", "Release", "Remember", "Rollback", "Send", "Sleep", "Spawn", "Syscall", "SyscallInterface", "Wait",
    "Write",
]  # fmt: skip


@dataclass(frozen=True)
class Syscall:
    """One call; awaiting it yields it to the kernel and returns the value of the reply."""

    def __await__(self) -> Generator[Syscall, Any, Any]:
        reply = yield self
        return reply

    @property
    def name(self) -> str:
        """How the trace and the journal call it."""
        return type(self).__name__.lower()

    def record(self) -> dict[str, Any]:
        """What the journal keeps of it: its arguments as JSON. A replay compares them."""
        return {part.name: getattr(self, part.name) for part in fields(self)}


@dataclass(frozen=True)
class Generate(Syscall):
    """Let the language core write.

    Attributes:
        prompt: A text, or messages ``[{"role": "user", "content": "…"}, …]`` for a model that chats.
        max_new_tokens: Most tokens.
        temperature: 0 takes the most probable token.
        top_k, top_p: Draw from the k most probable tokens, or those that hold this probability, only.
        seed: Of the random numbers; None: one of the process's own, the same in every run.
        stop: Texts that end it.
        constraint: None, or one of ``{"choices": […]}``, ``{"schema": {…}}`` (JSON), ``{"pattern": "…"}`` (regular).
    """

    prompt: str | Sequence[Mapping[str, str]]
    max_new_tokens: int = 64
    temperature: float = 0.0
    top_k: int | None = None
    top_p: float | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    constraint: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Call(Syscall):
    """Call a tool by its name."""

    tool: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Remember(Syscall):
    """Put a text into long-term memory; the reply is its number."""

    text: str
    tags: tuple[str, ...] = ()
    source: str | None = None


@dataclass(frozen=True)
class Recall(Syscall):
    """Find what long-term memory holds about a query; the reply is a list of mappings, the best first."""

    query: str
    k: int = 5


@dataclass(frozen=True)
class Forget(Syscall):
    """Remove items from long-term memory by their numbers; the reply is how many went."""

    ids: tuple[int, ...]


@dataclass(frozen=True)
class Read(Syscall):
    """The value of a name in storage, the newest version or a given one."""

    key: str
    version: int | None = None


@dataclass(frozen=True)
class Write(Syscall):
    """A new version of a name in storage; the reply is its number."""

    key: str
    value: Any


@dataclass(frozen=True)
class List(Syscall):
    """Names in storage that begin with a text."""

    prefix: str = ""


@dataclass(frozen=True)
class Rollback(Syscall):
    """Make an old version the newest; the reply is the new version's number."""

    key: str
    to: int


@dataclass(frozen=True)
class Send(Syscall):
    """Put a message into another process's mailbox; never waits."""

    to: str
    message: Any


@dataclass(frozen=True)
class Receive(Syscall):
    """The oldest message, ``{"from": pid, "message": …}``; waits for one.

    Attributes:
        sender: Only from this process; None: from anyone.
        timeout: In ticks; afterwards the reply is None.
    """

    sender: str | None = None
    timeout: int | None = None


@dataclass(frozen=True)
class Spawn(Syscall):
    """Start a child; the reply is its number. It has never more privileges than its parent, and shares its budget."""

    agent: Callable[..., Any]
    title: str | None = None
    arguments: Mapping[str, Any] = field(default_factory=dict)
    priority: int | None = None
    privileges: Any = None
    budget: Budget | None = None

    def record(self) -> dict[str, Any]:
        """The child's function by name: code is not kept, it is there again when the run is."""
        agent = getattr(self.agent, "__qualname__", repr(self.agent))
        return {"agent": agent, "title": self.title, "arguments": dict(self.arguments), "priority": self.priority}


@dataclass(frozen=True)
class Wait(Syscall):
    """The result of another process, once it has ended; its failure is raised as `ProcessFailed`."""

    pid: str


@dataclass(frozen=True)
class Cancel(Syscall):
    """Make another process's present call fail with `Cancelled`, so that it can tidy up."""

    pid: str


@dataclass(frozen=True)
class Kill(Syscall):
    """End another process at once."""

    pid: str


@dataclass(frozen=True)
class Sleep(Syscall):
    """Wait for some ticks of virtual time."""

    ticks: int


@dataclass(frozen=True)
class Ask(Syscall):
    """Ask the person; the reply is the answer."""

    question: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Acquire(Syscall):
    """Take a lock; waits for it. Whoever holds it inherits the priority of those who wait."""

    lock: str


@dataclass(frozen=True)
class Release(Syscall):
    """Give a lock back."""

    lock: str


@dataclass(frozen=True)
class Checkpoint(Syscall):
    """Name this place in the journal, and force all of it to the disk; the reply is the number of its row."""

    label: str


class Lock:
    """``async with syscall.lock("printer"):`` holds a lock for a block."""

    def __init__(self, lock: str) -> None:
        self._lock = lock

    async def __aenter__(self) -> None:
        await Acquire(self._lock)

    async def __aexit__(self, *error: object) -> None:
        await Release(self._lock)


class SyscallInterface:
    """What an agent gets as its only argument: one method a system call, each of which is awaited.

    Args:
        pid: The process's own number.
        name: Its name.

    Example:
        >>> async def agent(syscall):
        ...     reply = await syscall.generate("The capital of France is", max_new_tokens=3)
        ...     await syscall.write("notes/capital", reply)
        ...     return reply
    """

    def __init__(self, pid: str, name: str) -> None:
        self.pid, self.name = pid, name

    async def generate(
        self,
        prompt: str | Sequence[Mapping[str, str]],
        max_new_tokens: int = 64,
        temperature: float = 0.0,
        top_k: int | None = None,
        top_p: float | None = None,
        seed: int | None = None,
        stop: str | Iterable[str] = (),
        constraint: Mapping[str, Any] | None = None,
    ) -> Reply:
        """Let the language core write; see `Generate`."""
        stops = (stop,) if isinstance(stop, str) else tuple(stop)
        call = Generate(prompt, max_new_tokens, temperature, top_k, top_p, seed, stops, constraint)
        return Reply(**await call)

    async def call(self, tool: str, /, **arguments: Any) -> Any:
        """Call a tool: ``await syscall.call("python.calculate", expression="2 + 2")``."""
        return await Call(tool, arguments)

    async def remember(self, text: str, tags: Iterable[str] = (), source: str | None = None) -> int:
        """Put a text into long-term memory."""
        return await Remember(text, (tags,) if isinstance(tags, str) else tuple(tags), source)

    async def recall(self, query: str, k: int = 5) -> list[dict[str, Any]]:
        """What long-term memory holds about a query."""
        return await Recall(query, k)

    async def forget(self, *ids: int) -> int:
        """Remove items from long-term memory."""
        return await Forget(ids)

    async def read(self, key: str, version: int | None = None) -> Any:
        """A value from storage."""
        return await Read(key, version)

    async def write(self, key: str, value: Any) -> int:
        """A new version of a value in storage."""
        return await Write(key, value)

    async def list(self, prefix: str = "") -> list[str]:
        """Names in storage."""
        return await List(prefix)

    async def rollback(self, key: str, to: int) -> int:
        """Make an old version of a value the newest."""
        return await Rollback(key, to)

    async def send(self, to: str, message: Any) -> None:
        """Put a message into a mailbox."""
        await Send(to, message)

    async def receive(self, sender: str | None = None, timeout: int | None = None) -> dict[str, Any] | None:
        """The oldest message in the own mailbox."""
        return await Receive(sender, timeout)

    async def spawn(
        self,
        agent: Callable[..., Any],
        name: str | None = None,
        *,
        priority: int | None = None,
        privileges: Any = None,
        budget: Budget | None = None,
        **arguments: Any,
    ) -> str:
        """Start a child, called as ``agent(syscall, **arguments)``."""
        return await Spawn(agent, name, arguments, priority, privileges, budget)

    async def wait(self, pid: str) -> Any:
        """The result of another process."""
        return await Wait(pid)

    async def cancel(self, pid: str) -> None:
        """Let another process's present call fail."""
        await Cancel(pid)

    async def kill(self, pid: str) -> None:
        """End another process."""
        await Kill(pid)

    async def sleep(self, ticks: int) -> None:
        """Wait for some ticks."""
        await Sleep(ticks)

    async def ask(self, question: str, options: Iterable[str] = ()) -> str:
        """Ask the person."""
        return await Ask(question, tuple(options))

    def lock(self, name: str) -> Lock:
        """Hold a lock: ``async with syscall.lock("printer"):``."""
        return Lock(name)

    async def checkpoint(self, label: str) -> int:
        """Name this place in the journal."""
        return await Checkpoint(label)
