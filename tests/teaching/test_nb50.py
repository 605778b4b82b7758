"""The checks of notebook 50: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import pytest

from agentos_lab.teaching import check


def lower_first(k, n):
    one, other = k, (k + 1) % n
    return (one, other) if one < other else (other, one)


def odd_ones_turn_round(k, n):
    """One right-hander breaks the ring as well."""
    return (k, (k + 1) % n) if k else (1 % n, 0)


def advance(agent, reply):
    try:
        return "call", agent.send(reply)
    except StopIteration as end:
        return "done", end.value
    except Exception as error:
        return "failed", type(error).__name__


def without_end(agent, reply):
    try:
        return "call", agent.send(reply)
    except KeyError as error:
        return "failed", type(error).__name__


def end_is_failure(agent, reply):
    try:
        return "call", agent.send(reply)
    except Exception as error:
        return "failed", type(error).__name__


def without_errors(agent, reply):
    try:
        return "call", agent.send(reply)
    except StopIteration as end:
        return "done", end.value


def gives_error(agent, reply):
    kind, what = advance(agent, reply)
    return (kind, KeyError(what)) if kind == "failed" else (kind, what)


def loses_result(agent, reply):
    kind, what = advance(agent, reply)
    return (kind, None) if kind == "done" else (kind, what)


def never_sends(agent, reply):
    return advance(agent, None)


def ring(waits_for):
    for start in waits_for:
        seen, name = {start}, waits_for[start]
        while name in waits_for and name not in seen:
            seen.add(name)
            name = waits_for[name]
        if name == start:
            return seen
    return set()


def with_tails(waits_for):
    lost = set(waits_for)
    while free := {name for name in lost if waits_for[name] not in lost}:
        lost -= free
    return lost


def round_and_round(waits_for):
    for start in waits_for:
        found, name = {start}, waits_for[start]
        while name in waits_for and name != start:
            found.add(name)
            name = waits_for[name]
        if name == start:
            return found
    return set()


def pairs(waits_for):
    return {name for name, other in waits_for.items() if waits_for.get(other) == name}


async def asks(syscall, pid):
    await syscall.send(pid, "ping")
    letter = await syscall.receive(pid, 10)
    return letter["message"] if letter else "no answer"


async def from_anybody(syscall, pid):
    await syscall.send(pid, "ping")
    letter = await syscall.receive(timeout=10)
    return letter["message"] if letter else "no answer"


async def for_ever(syscall, pid):
    await syscall.send(pid, "ping")
    return (await syscall.receive(pid))["message"]


async def never_in_doubt(syscall, pid):
    await syscall.send(pid, "ping")
    return (await syscall.receive(pid, 10))["message"]


async def impatient(syscall, pid):
    await syscall.send(pid, "ping")
    letter = await syscall.receive(pid, 5)
    return letter["message"] if letter else "no answer"


async def whole_letter(syscall, pid):
    await syscall.send(pid, "ping")
    return await syscall.receive(pid, 10) or "no answer"


async def says_nothing(syscall, pid):
    letter = await syscall.receive(pid, 10)
    return letter["message"] if letter else "no answer"


async def returns_nothing(syscall, pid):
    await syscall.send(pid, "ping")
    await syscall.receive(pid, 10)


async def raises(syscall, pid):
    await syscall.send(pid, "ping")
    return (await syscall.receive(pid, 10))["text"]


async def stub(syscall, pid): ...


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("family_budget", [2, 5, 25]),
        ("forks", lower_first),
        ("forks", odd_ones_turn_round),
        ("advance", advance),
        ("ring", ring),
        ("asks", asks),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"50.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("family_budget", [3, 5, 25], "For how many is there enough"),
        ("family_budget", [2, 0, 20], "not refused at once"),
        ("family_budget", [2, 6, 25], "used 20 of the 25"),
        ("family_budget", [2, 5, 20], "before a failure"),
        ("family_budget", [2, 5], "expected 3"),
        ("family_budget", [2, 5, "25"], "Entry 3"),
        ("forks", lambda k, n: (k, (k + 1) % n), "there is a ring"),
        ("forks", lambda k, n: ((k + 1) % n, k), "there is a ring"),
        ("forks", lambda k, n: (0, k), "not the two forks beside her"),
        ("forks", lambda k, n: {k, (k + 1) % n}, "Two numbers"),
        ("forks", 3, "A function was expected"),
        ("advance", without_end, "catch `StopIteration`"),
        ("advance", end_is_failure, "`StopIteration` is no failure"),
        ("advance", without_errors, "catch `Exception`"),
        ("advance", gives_error, "The name of the error"),
        ("advance", loses_result, "`end.value`"),
        ("advance", never_sends, "second part"),
        ("advance", lambda agent, reply: "call", "A pair"),
        ("advance", 3, "A function was expected"),
        ("ring", with_tails, "not in it"),
        ("ring", round_and_round, "for ever"),
        ("ring", pairs, "more than two"),
        ("ring", lambda waits_for: ring(dict(list(waits_for.items())[:1])), "ring"),
        ("ring", lambda waits_for: set(waits_for), "follow the arrows"),
        ("asks", from_anybody, "from somebody else"),
        ("asks", for_ever, "waits for too long"),
        ("asks", never_in_doubt, "when the time is over"),
        ("asks", impatient, "after 5 ticks"),
        ("asks", whole_letter, "whole letter"),
        ("asks", says_nothing, '"ping"'),
        ("asks", returns_nothing, "`return` it"),
        ("asks", raises, "KeyError"),
        ("asks", lambda syscall, pid: "pong", "async function"),
        ("asks", 3, "A function was expected"),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong(name, answer, said):
    result = check(f"50.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


@pytest.mark.parametrize("name", ["family_budget", "forks", "advance", "ring", "asks"])
def test_an_answer_that_is_not_begun_is_called_so(name):
    assert check(f"50.{name}", ...).verdict == "open"
    if name != "family_budget":
        assert check(f"50.{name}", lambda *arguments: ...).verdict == "open"
    if name == "asks":
        assert check("50.asks", stub).verdict == "open"
