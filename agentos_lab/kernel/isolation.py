"""Isolation: a tool in a process of its own, which can be killed with all its children.

A thread cannot be stopped from outside, and whatever exhausts memory or ends the interpreter takes everything with it.
So a tool that may do that runs in a fresh Python process, in a session and under a limit of memory of its own. Only
JSON passes between the two: nothing is ever unpickled. The process ends when the kernel's process does, for whatever
reason.
"""

from __future__ import annotations

import ast
import contextlib
import inspect
import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Mapping
from importlib import import_module
from operator import attrgetter
from typing import Any

from .reply import Failed, Ok

__all__ = ["IsolatedCall", "carry_out", "parcel", "unpack", "work"]

_CHILD = """import json, sys
job = json.loads(sys.stdin.buffer.readline())
sys.path[:] = job["path"]
from agentos_lab.kernel.isolation import work
work(job)"""
_LONGEST_ANSWER = 1 << 24  # bytes; `perform` limits what an honest tool sends


class IsolatedCall:
    """One call of a tool in a new process.

    Args:
        job: Mapping of name, target (a `parcel`), arguments, key: all JSON.
        timeout: Seconds.
        memory: Bytes of address space.
    """

    def __init__(self, job: Mapping[str, Any], timeout: float, memory: int) -> None:
        self._name = job["name"]
        self._line = json.dumps({**job, "timeout": timeout, "memory": memory, "path": sys.path}).encode() + b"\n"
        self._process = subprocess.Popen(
            [sys.executable, "-c", _CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # its own group, to be killed as one, and out of reach of the terminal's Ctrl-C
        )

    def converse(self) -> Ok | Failed:
        """Send the job, wait for the answer, and leave no process behind."""
        process, answer = self._process, b""
        assert process.stdin is not None and process.stdout is not None
        with contextlib.suppress(OSError):  # it may die before it has read the job
            process.stdin.write(self._line)
            process.stdin.flush()  # and stays open: its end tells the process that nobody waits any more
        with process.stdout:
            answer = process.stdout.readline(_LONGEST_ANSWER)
        if not answer:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(1)  # let it end, to learn how
        self.kill()
        code = process.wait()
        with contextlib.suppress(OSError):
            process.stdin.close()
        try:
            kind, content = json.loads(answer)
            return Ok(content) if kind == "Ok" else Failed(kind, content)
        except (ValueError, TypeError):
            return Failed("ToolFailed", f"the process of {self._name} {_end(code)} before it gave a result")

    def kill(self) -> None:
        """End the process and all its children."""
        if sys.platform == "win32":
            subprocess.run(["taskkill", "/F", "/T", "/PID", str(self._process.pid)], capture_output=True)
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _end(code: int) -> str:
    """How a process ended, in words."""
    if code >= 0:
        return f"ended itself (exit code {code})"
    hint = ": often the machine is out of memory" if -code == getattr(signal, "SIGKILL", 9) else ""
    return f"was killed (signal {-code}{hint})"


def work(job: Mapping[str, Any]) -> None:
    """What the new process does: one job, the answer on the old standard output, the end."""
    asker, answer, nothing = os.dup(0), os.dup(1), os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # what the tool reads and prints is no part of the conversation
        os.dup2(nothing, stream)
    threading.Thread(target=_end_with, args=(asker,), daemon=True).start()
    with contextlib.suppress(ImportError, AttributeError, ValueError, OSError):  # Windows has no such limits
        signal.setitimer(signal.ITIMER_REAL, job["timeout"] + 1)  # should nobody be left to kill it
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (job["memory"], job["memory"]))
    reply = carry_out(job)
    content = [type(reply).__name__, reply.value] if isinstance(reply, Ok) else [reply.kind, reply.message]
    with open(answer, "wb") as stream_back:
        stream_back.write(json.dumps(content).encode() + b"\n")


def _end_with(asker: int) -> None:
    """Wait until the kernel's process is gone, then end this process and its children."""
    os.read(asker, 1)
    if sys.platform != "win32":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def carry_out(job: Mapping[str, Any]) -> Ok | Failed:
    """Do a job in this process, be it an isolated one or the worker of an executor.

    Args:
        job: Mapping of name, target, arguments and key, all JSON.
    """
    from .tools import Tool, perform, tool

    try:
        target = unpack(job["target"])
        made: Tool = target if isinstance(target, Tool) else tool(target, name=job["name"])
        arguments = made.bind(job["arguments"])
    except BaseException as error:  # importing a module runs it
        said = f"{type(error).__name__}: {error}"
        return Failed("ToolFailed", f"{job['name']} could not be loaded in another process ({said[:600]})")
    return perform(job["name"], made.function, arguments | ({"idempotency_key": job["key"]} if made.takes_key else {}))


def parcel(value: Any) -> dict[str, Any]:
    """Something that another Python process can have, as JSON: a place to import it from, or its source text.

    Args:
        value: A module, a function or class of a module, a JSON value, or a function from a notebook or a script. Of
            the last the source is sent, without annotations, and what it uses of the notebook beside it.

    Raises:
        ValueError: It cannot be sent; the message says what to do.
    """
    if inspect.ismodule(value):
        return {"module": value.__name__, "name": ""}
    module, name = getattr(value, "__module__", None), getattr(value, "__qualname__", "<")
    importable = (inspect.isroutine(value) and not inspect.ismethod(value)) or inspect.isclass(value)
    if importable and module not in (None, "__main__") and "<" not in name:
        return {"module": module, "name": name}
    if not inspect.isfunction(value):
        try:
            return {"value": json.loads(json.dumps(value))}
        except (TypeError, ValueError):
            raise ValueError(f"{value!r} cannot be sent to another process: {_MEND}") from None
    used = inspect.getclosurevars(value)
    if "<lambda>" in name or used.nonlocals:
        raise ValueError(f"{name} is a lambda, or uses variables of the function around it: {_MEND}")
    try:
        definition = ast.parse(textwrap.dedent(inspect.getsource(value))).body[0]
    except (OSError, SyntaxError):
        raise ValueError(f"the source text of {name} cannot be found: {_MEND}") from None
    assert isinstance(definition, ast.FunctionDef)
    definition.decorator_list, definition.returns = [], None
    for node in ast.walk(definition):
        if isinstance(node, ast.arg):
            node.annotation = None
    names = {key: parcel(one) for key, one in used.globals.items() if key != definition.name}
    return {"source": ast.unparse(definition), "name": definition.name, "globals": names}


_MEND = "write the function with def at the top of a module or a cell, and let it import what it needs itself"


def unpack(packed: Mapping[str, Any]) -> Any:
    """What was put into a `parcel`."""
    if "value" in packed:
        return packed["value"]
    if "source" in packed:
        names = {key: unpack(one) for key, one in packed["globals"].items()}
        exec(compile(packed["source"], packed["name"], "exec"), names)
        return names[packed["name"]]
    module = import_module(packed["module"])
    return attrgetter(packed["name"])(module) if packed["name"] else module
