"""Checks and quiz of notebook 53, storage, the journal, and a crash."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any

from ..checking import exercise
from ..comparison import Problem, compare, compare_calls, require_list
from ..questions import Option, Question

__all__ = ["QUIZ", "deposit", "payments", "take_up", "value_at"]


@exercise(
    "payments",
    points=1,
    hints=(
        "For each, ask what is written down at the moment of the kill, and what the restart concludes from it.",
        "In (iv) the error says that nobody knows. The payment had been made.",
    ),
    right="Twice, never, once, and twice again: an error after a crash is no “it was not paid”.",
)
def payments(answer: Any) -> Problem | None:
    """Payments for five books, of four programs that are killed once."""
    told = [
        "(i) The payment is made and the note is not: the restart pays for the second book again.",
        "(ii) The note is made and the payment is not: the restart takes the second book for paid.",
        "(iii) The call is repeated with the same key, and the bank knows it.",
        "(iv) The kernel says that it does not know. The payment *had* been made, and the agent pays again.",
    ]
    problem = require_list(answer, 4, lambda entry: type(entry) is int and entry >= 0, "a whole number, 0 or more")
    if problem:
        return problem
    wrong = [said for said, yours, right in zip(told, answer, [6, 4, 5, 6], strict=True) if yours != right]
    return Problem(wrong[0]) if wrong else None


def _booked(book: Callable[[dict[str, int], str, int], Any]) -> Callable[[list[tuple[str, int]]], list[int]]:
    """What a function of a ledger, a key and an amount says after each of some payments."""

    def one_by_one(payments: list[tuple[str, int]]) -> list[int]:
        ledger: dict[str, int] = {}
        return [book(ledger, key, amount) for key, amount in payments]

    one_by_one.__name__ = "deposits"
    return one_by_one


def _deposit(ledger: dict[str, int], key: str, amount: int) -> int:
    ledger.setdefault(key, amount)
    return sum(ledger.values())


def _adds(ledger: dict[str, int], key: str, amount: int) -> int:
    ledger[key] = ledger.get(key, 0) + amount
    return sum(ledger.values())


def _overwrites(ledger: dict[str, int], key: str, amount: int) -> int:
    ledger[key] = amount
    return sum(ledger.values())


def _compares_amounts(ledger: dict[str, int], key: str, amount: int) -> int:
    if amount not in ledger.values():
        ledger[key] = amount
    return sum(ledger.values())


@exercise(
    "deposit",
    points=1,
    hints=(
        "Write into the ledger only if the key is not there yet.",
        "`dict.setdefault(key, value)` does this: it changes nothing if the key is known.",
    ),
    right="The first one counts, and every repetition gets the same answer.",
)
def deposit(answer: Any) -> Problem | None:
    """A function of a ledger, a key and an amount, which books each key once."""
    if not callable(answer):
        return Problem(f"A function was expected, and this is of type {type(answer).__name__}.")
    mistakes = {
        "A key that comes again is added once more.": _booked(_adds),
        "A key that comes again overwrites the amount. The first one has been paid, and it counts.": _booked(
            _overwrites
        ),
        "Two payments of the same amount are not the same payment: look at the key.": _booked(_compares_amounts),
    }
    cases: list[tuple[list[tuple[str, int]]]] = [
        ([("a", 5)],),
        ([("a", 5), ("a", 5)],),
        ([("a", 5), ("b", 5), ("a", 5)],),
        ([("a", 5), ("a", 7), ("b", 1)],),
    ]
    return compare_calls(
        _booked(answer), _booked(_deposit), cases, mistakes=mistakes, what="the sum after each payment"
    )


Agent = Callable[[], Generator[Any, Any, Any]]


def _shopper() -> Generator[Any, Any, Any]:
    total = 0
    for book in ("Emma", "Persuasion", "Sanditon"):
        total += yield ("price", book)
        yield ("pay", book)
    return total


def _silent() -> Generator[Any, Any, Any]:
    yield from ()
    return "nothing to ask"


HISTORY = [
    (("price", "Emma"), 7), (("pay", "Emma"), "paid"), (("price", "Persuasion"), 8), (("pay", "Persuasion"), "paid"),
    (("price", "Sanditon"), 9), (("pay", "Sanditon"), "paid"),
]  # fmt: skip


def _attempt(take_up: Any, agent: Agent, journal: list[Any]) -> tuple[Any, list[Any], list[Any]]:
    """What came back, what was performed, and the journal afterwards."""
    performed: list[Any] = []

    def perform(call: Any) -> Any:
        performed.append(call)
        if len(performed) > 20:
            raise RecursionError("more than 20 calls of an agent that makes 6")
        return "paid" if call[0] == "pay" else {"Emma": 70, "Persuasion": 8, "Sanditon": 9}[call[1]]

    return take_up(agent, journal, perform), performed, journal


@exercise(
    "take_up",
    points=4,
    hints=(
        "Count the calls with n. If n is less than the length of the journal, the reply is known; else perform it "
        "and append the pair.",
        "`running.send(None)` begins, `running.send(reply)` goes on, and `except StopIteration as end` has what the "
        "agent returns in `end.value`.",
        "Compare the journal's call with the agent's in *every* row; raise RuntimeError where they differ.",
    ),
    right="This is crash recovery: no variable of the agent was ever saved.",
)
def take_up(answer: Any) -> Problem | None:
    """A function that drives a generator function from a journal, and goes on where it ends."""
    if not callable(answer):
        return Problem(f"A function was expected, and this is of type {type(answer).__name__}.")
    for rows in (6, 3, 0):
        problem = _check_rows(answer, rows)
        if problem:
            return problem
    value, performed, _ = _attempt(answer, _silent, [])
    if compare(value, "nothing to ask") or performed:
        return Problem("An agent that makes no call at all only returns its value.", "an agent without calls")
    for place, case in ((0, "a journal whose first call is another one"), (2, "a journal whose third call is another")):
        journal: list[Any] = list(HISTORY[:4])
        journal[place] = (("price", "Ulysses"), 40)
        try:
            _attempt(answer, _shopper, journal)
        except RuntimeError:
            continue
        message = "The agent asks for something else than the journal has, and nobody notices: raise RuntimeError."
        return Problem(message, case)
    return None


def _check_rows(answer: Any, rows: int) -> Problem | None:
    case = f"a journal of {rows} rows" if rows else "an empty journal"
    journal = list(HISTORY[:rows])
    try:
        value, performed, journal = _attempt(answer, _shopper, journal)
    except StopIteration:
        return Problem("The agent's end is not caught: `except StopIteration as end: return end.value`.", case)
    missing = [call for call, _ in HISTORY[rows:]]
    total = 24 if rows else 87  # Emma costs 70 now; who has bought her paid 7
    if performed[: len(missing)] != missing or len(performed) > len(missing):
        again = [call for call in performed if call in [known for known, _ in HISTORY[:rows]]]
        message = "Calls that are in the journal are performed again." if again else "The calls performed are others."
        return Problem(message, case, repr(performed), repr(missing))
    if value is None:
        return Problem("Nothing came back: return what the agent returns, `end.value`.", case, expected=str(total))
    if len(journal) != 6 or any(type(row) is not tuple or len(row) != 2 for row in journal):
        message = "Afterwards the journal does not hold a pair `(call, reply)` for each of the six calls."
        return Problem(message, case, repr(journal)[:200])
    if isinstance(value, int) and value != total and rows:
        message = "The agent was not told the replies of the journal: Emma had been bought at 7, before the price rose."
        return Problem(message, case, repr(value), str(total))
    return compare(value, total, what="the agent's result")


Change = tuple[int, str, str, Any]


def _values(rows: list[Change], name: str, seq: int) -> Iterator[Any]:
    versions: list[Any] = []
    for number, call, written, argument in rows:
        if number <= seq and written == name:
            versions.append(argument if call == "write" else versions[argument - 1])
    yield from versions


def _value_at(rows: list[Change], name: str, seq: int) -> Any:
    return (list(_values(rows, name, seq)) or [None])[-1]


def _version_number(rows: list[Change], name: str, seq: int) -> Any:
    found = [argument for number, _, written, argument in rows if number <= seq and written == name]
    return found[-1] if found else None


def _forgets(rows: list[Change], name: str, seq: int) -> Any:
    """A rollback that cuts the versions after it."""
    versions: list[Any] = []
    for number, call, written, argument in rows:
        if number <= seq and written == name:
            versions = [*versions, argument] if call == "write" else versions[:argument]
    return versions[-1] if versions else None


def _from_zero(rows: list[Change], name: str, seq: int) -> Any:
    """One that takes `versions[1]` for version 1."""
    shifted = [row if row[1] == "write" else (*row[:3], row[3] + 1) for row in rows]
    return _value_at(shifted, name, seq)


def _ignores_rollbacks(rows: list[Change], name: str, seq: int) -> Any:
    return _value_at([row for row in rows if row[1] == "write"], name, seq)


@exercise(
    "value_at",
    points=3,
    hints=(
        "Go through the rows up to `seq` and build the list of versions of this one name.",
        "A write appends its value; a rollback appends `versions[version - 1]`. The last of the list is the answer.",
    ),
    right="The past is a fold over the log. That is all that time travel needs.",
)
def value_at(answer: Any) -> Problem | None:
    """A function of rows, a name and a row's number: the value at that time."""
    mistakes = {
        "Rows after `seq` count as well.": lambda rows, name, seq: _value_at(rows, name, 10**9),
        "Row `seq` itself has happened: its effect must be seen.": (
            lambda rows, name, seq: _value_at(rows, name, seq - 1)
        ),
        "A rollback gives the *number* of a version here; look up its value.": _version_number,
        "A rollback is taken for nothing.": _ignores_rollbacks,
        "A rollback cuts later versions off. It adds one, and the numbers of the old ones stay.": _forgets,
        "Versions count from 1: version 1 is `versions[0]`.": _from_zero,
    }
    rows: list[Change] = [
        (1, "write", "plan", "walk"),
        (2, "write", "plan", "bus"),
        (3, "write", "diary", "rain"),
        (4, "write", "plan", "boat"),
        (5, "rollback", "plan", 1),
        (6, "rollback", "plan", 2),
        (7, "write", "plan", "taxi"),
    ]
    cases = [(rows[:1], "plan", 1), *((rows, "plan", seq) for seq in (2, 5, 6, 7)), (rows, "diary", 2)]
    cases += [(rows, "diary", 6), ([], "plan", 1)]
    return compare_calls(answer, _value_at, cases, mistakes=mistakes, what="the value")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A program pays, then makes a note, and may be killed at any moment. What can be said?",
        (
            Option("Each payment is made exactly once.", "Killed between the two, it pays again after the restart."),
            Option(
                "Each payment is made at least once.",
                "What is not noted is done again, whether it was done or not.",
                right=True,
            ),
            Option("Each payment is made at most once.", "That is the other order: note first."),
            Option("Nothing.", "No payment is left out: only what was paid is noted."),
        ),
    ),
    Question(
        "How does an agent come back to the middle of its loop?",
        (
            Option("Its variables were saved.", "None was. Nobody needs to know what variables it has."),
            Option(
                "A fresh one is driven with the old replies, and comes to the same line.",
                "The replies are all that it ever learnt, so they decide where it is.",
                right=True,
            ),
            Option("The loop is begun again, and all is done a second time.", "Nothing is done: the replies are read."),
            Option("The operating system keeps the memory of dead processes.", "It gives it to others."),
        ),
    ),
    Question(
        "After a crash the kernel finds the intention to call a tool, no reply, and the tool takes no key. It should …",
        (
            Option("call the tool again.", "If the effect had happened, it would happen twice."),
            Option("go on as if it had been called.", "If it had not happened, it never would."),
            Option(
                "tell the agent that it does not know.",
                "Who can look, or ask a person, is the agent. A guess would be wrong in silence.",
                right=True,
            ),
            Option("look into the journal.", "That is where it found the intention, and no more."),
        ),
    ),
    Question(
        "A replay ends with ReplayDivergence. What is the likeliest cause?",
        (
            Option("The model drew other tokens this time.", "A replay asks no model: the tokens are in the journal."),
            Option("The file is damaged.", "That is found when the file is opened."),
            Option(
                "The agent read a clock, a file or random numbers by itself, or its code was changed.",
                "Then it asks for something else than it did, and the old replies fit no more.",
                right=True,
            ),
            Option("The computer is another one.", "Calls and replies are text; they do not depend on the machine."),
        ),
    ),
)
