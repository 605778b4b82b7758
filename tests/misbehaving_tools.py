"""Tools that do what tools should not, in a module that another process can import: the kernel withstands them."""

from __future__ import annotations

import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from typing import Any

from pydantic import BaseModel

from agentos_lab.kernel.tools import tool


class Point(BaseModel):
    x: int
    y: int = 0


def answer(misdeed: str) -> Any:
    """Do something bad by name."""
    return MISDEEDS[misdeed]()


def raise_(error: BaseException) -> None:
    raise error


def cyclic() -> list[Any]:
    found: list[Any] = []
    found.append(found)
    return found


class Unprintable(Exception):
    def __str__(self) -> str:
        raise RuntimeError("not even this")


class Liar(dict):
    def items(self):
        raise SystemExit("no items")


def c_sleep() -> None:
    ctypes.CDLL(None).sleep(60)


MISDEEDS = {
    "raise": lambda: 1 / 0,
    "long message": lambda: raise_(ValueError("x" * 10_000)),
    "unprintable": lambda: raise_(Unprintable()),
    "recursion": lambda: answer("recursion"),
    "SystemExit": lambda: sys.exit(3),
    "KeyboardInterrupt": lambda: raise_(KeyboardInterrupt()),
    "GeneratorExit": lambda: raise_(GeneratorExit()),
    "MemoryError": lambda: raise_(MemoryError()),
    "not JSON": lambda: {"found": {1, 2}},
    "NaN": lambda: [float("nan")],
    "10 MB": lambda: "x" * 10_000_000,
    "generator": lambda: (n for n in range(3)),
    "itself": lambda: answer,
    "cycle": cyclic,
    "liar": lambda: Liar(a=1),
    "half a character": lambda: "\ud800",
    "bytes": lambda: b"abc",
    "keys": lambda: {(1, 2): 3},
}


@tool(isolated=True, memory=1 << 30, timeout=20)
def isolated(deed: str) -> Any:
    """Do something that only a process of its own survives."""
    if deed == "memory":
        return len(bytearray(10 << 30))
    if deed == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if deed == "_exit":
        os._exit(7)
    if deed == "segmentation fault":
        ctypes.string_at(0)
    if deed == "print":
        for stream in (sys.stdout, sys.stderr):
            print("noise\n" * 1_000_000, file=stream)
        os.write(1, b'["Ok", "forged"]\n')
    if deed == "children":
        return [subprocess.Popen(["sleep", "100"]).pid for _ in range(3)]
    if deed == "input":
        return input()
    if deed in MISDEEDS:
        return answer(deed)
    return {"echo": deed, "pid": os.getpid()}


@tool(isolated=True, timeout=0.2)
def stuck(how: str) -> None:
    """Hang, with a child."""
    subprocess.Popen(["sleep", "98765"])
    if how == "holding the interpreter":
        re.match(r"(a+)+$", "a" * 60 + "b")
    time.sleep(60)


@tool(isolated=True)
def norm(point: Point, key: str = "é✓", *, idempotency_key: str) -> dict[str, Any]:
    """Arguments arrive as the types that they have."""
    return {"norm": abs(point.x) + abs(point.y), "key": key, "idempotency_key": idempotency_key}


def plain(number: int) -> int:
    """Not decorated."""
    return number + 1
