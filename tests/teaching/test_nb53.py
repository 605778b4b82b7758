"""The checks of notebook 53: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import pytest

from agentos_lab.teaching import check


def deposit(ledger, key, amount):
    if key not in ledger:
        ledger[key] = amount
    return sum(ledger.values())


def adds(ledger, key, amount):
    ledger[key] = ledger.get(key, 0) + amount
    return sum(ledger.values())


def overwrites(ledger, key, amount):
    ledger[key] = amount
    return sum(ledger.values())


def by_amount(ledger, key, amount):
    if amount not in ledger.values():
        ledger[key] = amount
    return sum(ledger.values())


def driver(known=True, compares=True, returns=True, pairs=True, tells=True, catches=True):
    """A `take_up` with a mistake, or with none."""

    def take_up(agent, journal, perform):
        running, reply, n = agent(), None, 0
        while True:
            try:
                call = running.send(reply)
            except StopIteration as end:
                if not catches:
                    raise
                return end.value if returns else None
            if known and n < len(journal):
                if compares and journal[n][0] != call:
                    raise RuntimeError("diverged")
                reply = journal[n][1] if tells else perform(call)
            else:
                reply = perform(call)
                journal.append((call, reply) if pairs else reply)
            n += 1

    return take_up


def told_wrongly(agent, journal, perform):
    """One that performs what is new, and replies with the first row for ever."""
    running, reply, n = agent(), None, 0
    while True:
        try:
            call = running.send(reply)
        except StopIteration as end:
            return end.value
        if n == len(journal):
            journal.append((call, perform(call)))
        reply = journal[n][1] if n >= 3 or not isinstance(journal[n][1], int) else 70
        n += 1


def checks_only_the_last(agent, journal, perform):
    """One that compares calls in the last known row alone."""
    first = len(journal) - 1
    running, reply, n = agent(), None, 0
    while True:
        try:
            call = running.send(reply)
        except StopIteration as end:
            return end.value
        if n == len(journal):
            journal.append((call, perform(call)))
        if n == first and journal[n][0] != call:
            raise RuntimeError("diverged")
        reply = journal[n][1]
        n += 1


def value_at(rows, name, seq):
    versions = {}
    for number, call, written, argument in rows:
        if number > seq:
            break
        history = versions.setdefault(written, [])
        history.append(argument if call == "write" else history[argument - 1])
    return versions[name][-1] if name in versions else None


def last_argument(rows, name, seq):
    found = [argument for number, _, written, argument in rows if number <= seq and written == name]
    return found[-1] if found else None


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("payments", [6, 4, 5, 6]),
        ("payments", (6, 4, 5, 6)),
        ("deposit", deposit),
        ("take_up", driver()),
        ("value_at", value_at),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"53.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("payments", [5, 4, 5, 6], "(i)"),
        ("payments", [6, 5, 5, 6], "(ii)"),
        ("payments", [6, 4, 6, 6], "(iii)"),
        ("payments", [6, 4, 5, 5], "(iv)"),
        ("payments", [6, 4], "expected 4"),
        ("payments", [6, 4, 5, "6"], "Entry 4"),
        ("deposit", adds, "added once more"),
        ("deposit", overwrites, "overwrites the amount"),
        ("deposit", by_amount, "look at the key"),
        ("deposit", lambda ledger, key, amount: sum(ledger.values()), "sum after each payment"),
        ("deposit", 3, "A function was expected"),
        ("take_up", driver(known=False), "performed again"),
        ("take_up", driver(tells=False), "performed again"),
        ("take_up", driver(compares=False), "nobody notices"),
        ("take_up", checks_only_the_last, "nobody notices"),
        ("take_up", driver(returns=False), "end.value"),
        ("take_up", driver(catches=False), "end is not caught"),
        ("take_up", driver(pairs=False), "a pair"),
        ("take_up", told_wrongly, "was not told the replies"),
        ("take_up", 3, "A function was expected"),
        ("value_at", last_argument, "*number* of a version"),
        ("value_at", lambda rows, name, seq: value_at(rows, name, 99), "after `seq`"),
        ("value_at", lambda rows, name, seq: value_at(rows, name, seq - 1), "Row `seq` itself"),
        (
            "value_at",
            lambda rows, name, seq: value_at([row for row in rows if row[1] == "write"], name, seq),
            "taken for nothing",
        ),
        (
            "value_at",
            lambda rows, name, seq: value_at(
                [(*row[:3], row[3] + 1) if row[1] == "rollback" else row for row in rows],
                name,
                seq,
            ),
            "count from 1",
        ),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong(name, answer, said):
    result = check(f"53.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


@pytest.mark.parametrize("name", ["payments", "deposit", "take_up", "value_at"])
def test_an_answer_that_is_not_begun_is_called_so(name):
    assert check(f"53.{name}", ...).verdict == "open"
    if name != "payments":
        assert check(f"53.{name}", lambda *arguments: ...).verdict == "open"
