"""System calls: plain values that an agent yields."""

from __future__ import annotations

import json

import pytest

from agentos_lab.kernel import syscall as calls
from agentos_lab.kernel.handlers import HANDLERS
from agentos_lab.kernel.syscall import SyscallInterface


def asked(coroutine):
    """What a method of the interface yields to the kernel."""
    try:
        return coroutine.send(None)
    finally:
        coroutine.close()


system = SyscallInterface("1", "ada")


async def child(syscall):
    return None


@pytest.mark.parametrize(
    ("coroutine", "expected"),
    [
        (lambda: system.generate("x", 3, stop="y"), calls.Generate("x", 3, stop=("y",))),
        (lambda: system.generate("x", stop=["a", "b"], seed=1), calls.Generate("x", seed=1, stop=("a", "b"))),
        (lambda: system.call("t", tool="x"), calls.Call("t", {"tool": "x"})),
        (lambda: system.remember("x", "tag"), calls.Remember("x", ("tag",))),
        (lambda: system.forget(1, 2), calls.Forget((1, 2))),
        (lambda: system.receive("2", 5), calls.Receive("2", 5)),
        (lambda: system.ask("x", "ab"), calls.Ask("x", ("a", "b"))),
        (lambda: system.spawn(child, "bob", k=1), calls.Spawn(child, "bob", {"k": 1})),
        (lambda: system.rollback("x", 2), calls.Rollback("x", 2)),
    ],
)
def test_each_method_yields_its_call(coroutine, expected):
    found = asked(coroutine())
    assert found == expected and found.name == type(expected).__name__.lower()
    assert json.loads(json.dumps(found.record()))


def test_the_answer_comes_back_from_the_await():
    coroutine = system.write("x", 1)
    coroutine.send(None)
    with pytest.raises(StopIteration) as done:
        coroutine.send(7)
    assert done.value.value == 7


def test_every_call_has_a_handler_and_is_frozen():
    known = {each for each in vars(calls).values() if isinstance(each, type) and issubclass(each, calls.Syscall)}
    assert known - {calls.Syscall} == set(HANDLERS)
    with pytest.raises(AttributeError):
        calls.Sleep(1).ticks = 2  # type: ignore[misc]
