"""Replies: failures as values, texts with their tokens."""

from __future__ import annotations

import pytest

from agentos_lab.errors import ToolFailed
from agentos_lab.kernel import CoreFailed, Deadlock, Failed, Reply, StorageFailed


@pytest.mark.parametrize("error", [ToolFailed, Deadlock, CoreFailed, StorageFailed, ValueError, TypeError])
def test_a_failure_is_raised_as_what_it_was(error):
    failure = Failed.of(error("because"))
    assert failure == Failed(error.__name__, "because")
    assert type(failure.error()) is error and str(failure.error()) == "because"


def test_an_error_has_the_nearest_name_that_agents_know():
    class Own(ToolFailed):
        pass

    assert Failed.of(Own("x")).kind == "ToolFailed"
    assert Failed.of(UnicodeDecodeError("utf-8", b"x", 0, 1, "y")).kind == "ValueError"
    assert Failed.of(ZeroDivisionError("x")).kind == "ZeroDivisionError"
    assert type(Failed("ZeroDivisionError", "x").error()) is RuntimeError


def test_a_reply_is_its_text_and_knows_its_tokens():
    reply = Reply("a cat", [3, 4], [-0.5, -0.1], "length")
    assert reply == "a cat" and reply.upper() == "A CAT" and reply.tokens == (3, 4)
    assert (reply.logprobs, reply.finish_reason, Reply("x").finish_reason) == ((-0.5, -0.1), "length", "stop")
