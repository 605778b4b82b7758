"""What a run of the kernel came to."""

from __future__ import annotations

import hashlib
import html
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .reply import Failed
from .trace import Trace

if TYPE_CHECKING:
    from .person import Question

__all__ = ["Results", "Run"]


class Results(dict[str, Any]):
    """Results by number, or by name where only one process has it; of a failed one its `Failed`."""

    def __init__(self, results: dict[str, Any], names: dict[str, str]) -> None:
        super().__init__(results)
        self.names = names

    def __missing__(self, name: str) -> Any:
        found = [pid for pid, known in self.names.items() if known == name and pid in self]
        if len(found) == 1:
            return self[found[0]]
        if found:
            raise KeyError(f"{name!r} are the processes {', '.join(found)}: give a number")
        raise KeyError(
            f"no process {name!r} has ended; there are {', '.join(map(repr, self.names.values())) or 'none'}"
        )


@dataclass(frozen=True)
class Run:
    """What the processes returned, and all that happened.

    Attributes:
        results: Process -> what it returned, or `Failed`; those that have ended.
        states: Process -> its state.
        trace: Every event; prints as a chart.
        questions: Of processes that wait for the person.
    """

    results: Results
    states: dict[str, str]
    trace: Trace
    questions: tuple[Question, ...] = ()

    @property
    def failures(self) -> dict[str, Failed]:
        """The processes that failed or were killed."""
        return {pid: result for pid, result in self.results.items() if isinstance(result, Failed)}

    @property
    def digest(self) -> str:
        """A hash of all results: the same whatever the schedule, if the agents' own doings allow it."""
        return hashlib.sha256(json.dumps(sorted(self.results.items()), default=str).encode()).hexdigest()[:12]

    def __str__(self) -> str:
        names = self.trace.names
        width = max((len(name) for name in names.values()), default=0)
        lines = []
        for pid, state in list(self.states.items())[:8]:
            result = self.results.get(pid)
            text = f"{result.kind}: {result.message}" if isinstance(result, Failed) else _short(result)
            lines.append(
                f"{pid:<4} {names.get(pid, ''):<{width}}  {state:<8} {text if pid in self.results else ''}".rstrip()
            )
        if len(self.states) > 8:
            lines.append(f"… and {len(self.states) - 8} more processes")
        return "\n".join([*lines, *(f"waits for you: {question}" for question in self.questions)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}\n\n{html.escape(self.trace.gantt())}</pre>"


def _short(value: Any, width: int = 60) -> str:
    text = repr(value) if not isinstance(value, str) else repr(str(value))
    return text if len(text) <= width else f"{text[: width - 1]}…"
