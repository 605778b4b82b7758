"""Handlers: what each call touches, and that kernel and replay know them all."""

from __future__ import annotations

import pytest

from agentos_lab.kernel.handlers import CONSEQUENCES, EFFECTS, HANDLERS, did_you_mean, resource_of
from agentos_lab.kernel.process import Process
from agentos_lab.kernel.syscall import Cancel, Generate, Kill, Read, Recall, Remember, Send, Sleep, Write


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (Generate("x"), ("generate:", "pure")), (Read("a/b"), ("storage:a/b", "read")),
        (Write("a", 1), ("storage:a", "write")), (Recall("x"), ("memory:", "read")),
        (Remember("x"), ("memory:", "write")),
        (Send("2", 1), ("process:2", "write")), (Kill("2"), ("process:2", "irreversible")),
        (Cancel("1.1"), ("process:1.1", "irreversible")), (Kill("1.2.7"), None),
        (Cancel("1.2"), None), (Sleep(1), None),
    ],
)  # fmt: skip
def test_each_call_says_what_it_touches_and_ones_own_family_is_ones_own_business(call, expected):
    assert resource_of(Process("1.2", "x", None), call) == expected  # type: ignore[arg-type]


def test_effects_and_consequences_belong_to_calls_that_have_handlers():
    assert set(EFFECTS) <= set(HANDLERS) and set(CONSEQUENCES) <= set(HANDLERS)


def test_a_hint_names_the_nearest_or_all():
    assert did_you_mean("notes/tody", ["notes/today", "x"]) == "; did you mean 'notes/today'?"
    assert did_you_mean("zzz", ["a", "b"]) == "; there are 'a', 'b'" and did_you_mean("z", []) == "; there are none"
