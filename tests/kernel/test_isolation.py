"""Isolated tools: what would take the kernel down ends in a process of its own, and no process stays behind."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest
from misbehaving_tools import isolated, norm, plain, stuck

from agentos_lab.kernel.isolation import parcel, unpack
from agentos_lab.kernel.reply import Failed, Ok
from agentos_lab.kernel.tool_run import start
from agentos_lab.kernel.tools import tool

ROOT = Path(__file__).resolve().parents[2]
FACTOR = 3


def exists(pid: int) -> bool:
    """Whether a process runs; one that ended and that nobody has collected yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children() -> list[str]:
    listed = subprocess.run(["ps", "-e", "-o", "ppid=,pid=,args="], capture_output=True, text=True).stdout.splitlines()
    return [line for line in listed if line.split()[0] == str(os.getpid()) and "ps -e" not in line]


def in_time(condition, seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def test_a_tool_runs_in_another_process():
    reply = start(isolated, {"deed": "é✓"}).result()
    assert reply.value["echo"] == "é✓" and reply.value["pid"] != os.getpid()


def test_arguments_arrive_with_their_types():
    reply = start(norm, {"point": {"x": -3, "y": 4}}, key="7").result()
    assert reply == Ok({"norm": 7, "key": "é✓", "idempotency_key": "7"})


@pytest.mark.parametrize(
    ("deed", "said"),
    [
        ("memory", "MemoryError"),
        ("killed", "was killed (signal 9"),
        ("_exit", "ended itself (exit code 7)"),
        ("segmentation fault", "was killed (signal 11"),
        ("SystemExit", "SystemExit: 3"),
        ("KeyboardInterrupt", "KeyboardInterrupt"),
        ("raise", "ZeroDivisionError"),
        ("10 MB", "bytes of JSON"),
        ("generator", "not JSON (a generator)"),
        ("recursion", "RecursionError"),
        ("input", "EOFError"),
    ],
)
def test_what_ends_the_process_is_a_failure_of_the_tool(deed, said):
    before = children()
    reply = start(isolated, {"deed": deed}).result()
    assert isinstance(reply, Failed) and reply.kind == "ToolFailed" and said in reply.message
    assert in_time(lambda: children() == before)


def test_what_a_tool_prints_is_not_its_answer(capfd):
    assert start(isolated, {"deed": "print"}).result().value["echo"] == "print"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("how", ["asleep", "holding the interpreter"])
def test_a_tool_that_hangs_is_killed_with_its_children(how):
    before = children()
    began = time.monotonic()
    slower = replace(stuck, timeout=1.0)  # time to start its child
    assert "took longer" in start(slower, {"how": how}).result().message
    assert time.monotonic() - began < 4
    assert in_time(lambda: children() == before)
    listed = subprocess.run(["ps", "-e", "-o", "stat=,args="], capture_output=True, text=True).stdout.splitlines()
    assert [line for line in listed if "sleep 98765" in line and not line.startswith("Z")] == []


def test_children_that_outlive_the_call_are_killed():
    pids = start(isolated, {"deed": "children"}).result().value
    assert len(pids) == 3 and in_time(lambda: not any(map(exists, pids)))


def test_a_call_can_be_killed():
    running = start(replace(stuck, timeout=60.0), {"how": "asleep"})
    running.kill()
    assert "stopped" in running.result().message


@pytest.mark.parametrize("end", ["kill", "leave"])
def test_the_process_ends_with_the_one_that_asked(end, tmp_path):
    note = tmp_path / "pid"
    program = f"""
        import sys, time
        sys.path.insert(0, "tests")
        from agentos_lab.kernel.tool_run import start
        from agentos_lab.kernel.tools import tool
        from misbehaving_tools import isolated
        def linger():
            import os, pathlib, time
            pathlib.Path({str(note)!r}).write_text(str(os.getpid()))
            time.sleep(600)
        start(tool(linger, isolated=True, timeout=600), {{}})
        while not __import__("os").path.exists({str(note)!r}): time.sleep(0.01)
        {"time.sleep(600)" if end == "kill" else ""}
    """
    script = tmp_path / "script.py"
    script.write_text(dedent(program))
    asker = subprocess.Popen([sys.executable, str(script)], cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert in_time(lambda: note.exists() and note.read_text() != "", 20)
    if end == "kill":
        asker.send_signal(signal.SIGKILL)
    asker.wait(20)
    assert in_time(lambda: not exists(int(note.read_text())))


# --- what another process can have -------------------------------------------------------------------------


def of_a_notebook(n, scale=2):
    """Uses a module, a function, and a number of its cell."""
    return plain(math.floor(n)) * FACTOR * scale


def test_a_function_of_a_notebook_is_sent_as_source(monkeypatch):
    monkeypatch.setattr(of_a_notebook, "__module__", "__main__")
    packed = parcel(of_a_notebook)
    assert set(packed) == {"source", "name", "globals"} and unpack(packed)(1.5) == 12
    assert start(tool(of_a_notebook, isolated=True, timeout=30), {"n": 1.5}).result() == Ok(12)


def test_annotations_stay_behind_and_arguments_are_checked_all_the_same():
    def half(n: int, *, down: bool = True) -> float:
        return n // 2 if down else n / 2

    made = tool(half, isolated=True, timeout=30)
    assert start(made, {"n": 5, "down": False}).result() == Ok(2.5)
    assert start(made, {"n": "5"}).result().kind == "ValueError"


@pytest.mark.parametrize("value", [math, math.sqrt, plain, Path, 3, [1, {"a": None}], "text"])
def test_modules_their_functions_and_json_are_sent(value):
    assert unpack(parcel(value)) == value


def closure():
    inner = {1}
    return lambda: inner, lambda: 1, [].append


@pytest.mark.parametrize("function", [*closure(), object(), {1}, Path().joinpath])
def test_what_cannot_be_sent_is_refused_with_what_to_do(function):
    with pytest.raises(ValueError, match="write the function with def at the top"):
        parcel(function)


def test_a_closure_is_refused_when_the_tool_is_made():
    limit = object()

    def inside() -> bool:
        return limit is None

    with pytest.raises(ValueError, match="uses variables of the function around it"):
        tool(inside, isolated=True)
    with pytest.raises(ValueError, match="is a lambda"):
        tool(lambda: 1, name="one", isolated=True)


def test_a_module_that_cannot_be_imported_there_is_a_failure_of_the_tool(monkeypatch):
    monkeypatch.setattr(of_a_notebook, "__module__", "no_such_module")
    reply = start(tool(of_a_notebook, isolated=True, timeout=30), {"n": 1}).result()
    assert "could not be loaded in another process (ModuleNotFoundError" in reply.message
