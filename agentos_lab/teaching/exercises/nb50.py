"""Checks and quiz of notebook 50, processes and system calls."""

from __future__ import annotations

from collections.abc import Callable, Generator
from inspect import iscoroutinefunction
from typing import Any

from ..checking import exercise
from ..comparison import Problem, compare, compare_calls, require_list
from ..questions import Option, Question

__all__ = ["QUIZ", "advance", "asks", "family_budget", "forks", "ring"]


@exercise(
    "family_budget",
    points=1,
    hints=(
        "What a child uses is taken from its parent's 25. How many are left when the third begins?",
        "Two children take 20. The third may have what is left, and fails when it wants one more.",
    ),
    right="The limit is that of the family, to the last token, however many children there are.",
)
def family_budget(answer: Any) -> Problem | None:
    """Children that end well, tokens of the third, tokens of all."""
    problem = require_list(answer, 3, lambda entry: type(entry) is int and entry >= 0, "a whole number, 0 or more")
    if problem:
        return problem
    well, third, all_tokens = answer
    if well != 2:
        return Problem(
            "First number: each child needs 10 tokens, and all of them come out of the parent's 25. For how many is "
            "there enough?"
        )
    if third == 0:
        return Problem("Second number: the third child is not refused at once. It writes as long as tokens are left.")
    if third != 5:
        return Problem("Second number: two children have used 20 of the 25.")
    if all_tokens != 25:
        return Problem("Third number: tokens that were written before a failure have been used, too.")
    return None


def _dinner(forks: Callable[[int, int], Any], n: int) -> Any:
    """The run of n philosophers who take their forks in a given order."""
    from agentos_lab.kernel import Kernel, ScriptedCore

    async def philosopher(syscall: Any, first: int, second: int) -> str:
        async with syscall.lock(f"fork {first}"):
            await syscall.sleep(1)
            async with syscall.lock(f"fork {second}"):
                return "has eaten"

    with Kernel(ScriptedCore(), journal=False) as kernel:
        for k in range(n):
            first, second = forks(k, n)
            kernel.spawn(philosopher, f"P{k}", arguments={"first": first, "second": second})
        return kernel.run()


@exercise(
    "forks",
    points=2,
    hints=(
        "In a ring of waits the numbers of the forks would have to rise, and rise, and come back to the first.",
        "Take the fork with the smaller number first: `sorted((k, (k + 1) % n))`.",
    ),
    right="Everybody takes forks in rising order, so nobody who holds a high one waits for a low one: no ring.",
)
def forks(answer: Any) -> Problem | None:
    """A function of k and n: two forks in an order that allows no deadlock."""
    if not callable(answer):
        return Problem(f"A function was expected, and this is of type {type(answer).__name__}.")
    for n in (2, 3, 5, 7):
        for k in range(n):
            yours, case = answer(k, n), f"forks({k}, {n})"
            if yours is Ellipsis:
                raise NotImplementedError("the forks are still `...`")
            if not isinstance(yours, list | tuple) or len(yours) != 2:
                return Problem("Two numbers were expected: the first fork and the second.", case)
            if any(type(each) is not int for each in yours) or set(yours) != {k, (k + 1) % n}:
                expected = f"{k} and {(k + 1) % n}, in one order or the other"
                return Problem("These are not the two forks beside her.", case, repr(yours)[:60], expected)
        run = _dinner(answer, n)
        if run.failures:
            told = next(iter(run.failures.values())).message
            return Problem(f"With {n} philosophers there is a ring: {told}.", f"a dinner of {n}")
    return None


def _calls() -> Generator[Any, Any, Any]:
    reply = yield "receive"
    other = yield ("send", reply)
    return [reply, other]


def _returns() -> Generator[Any, Any, Any]:
    yield from ()
    return 42


def _fails() -> Generator[Any, Any, Any]:
    yield "receive"
    raise KeyError("no such letter")


def _stops() -> Generator[Any, Any, Any]:
    yield "receive"
    int("seven")


AGENTS: dict[str, Callable[[], Generator[Any, Any, Any]]] = {
    "an agent that returns at once": _returns,
    "an agent with two calls": _calls,
    "an agent that raises a KeyError after its first call": _fails,
    "an agent that raises a ValueError after its first call": _stops,
}


def _advance(agent: Generator[Any, Any, Any], reply: Any) -> tuple[str, Any]:
    try:
        return "call", agent.send(reply)
    except StopIteration as end:
        return "done", end.value
    except Exception as error:  # whatever the agent does
        return "failed", type(error).__name__


@exercise(
    "advance",
    points=2,
    hints=(
        '`try: return "call", agent.send(reply)`. Two kinds of exceptions can come out of a `send`.',
        "`except StopIteration as end` has the result in `end.value`; `except Exception as error` is the rest, and its "
        "name is `type(error).__name__`.",
    ),
    right="With this in place of `send`, the kernel of nineteen lines outlives its agents.",
)
def advance(answer: Any) -> Problem | None:
    """A function of a generator and a reply: what happened, as a pair."""
    if not callable(answer):
        return Problem(f"A function was expected, and this is of type {type(answer).__name__}.")
    for case, make in AGENTS.items():
        yours, right, replies = make(), make(), [None, "hello", "again"]
        for number, reply in enumerate(replies, 1):
            expected = _advance(right, reply)
            try:
                got = answer(yours, reply)
            except StopIteration:
                return Problem("The end of the agent comes through: catch `StopIteration`.", f"{case}, step {number}")
            except (KeyError, ValueError) as error:
                message = f"The agent's own {type(error).__name__} comes through: catch `Exception`."
                return Problem(message, f"{case}, step {number}")
            problem = _compare_steps(got, expected)
            if problem:
                return Problem(problem.message, f"{case}, step {number}", repr(got)[:80], repr(expected))
            if expected[0] != "call":
                break
    return None


def _compare_steps(got: Any, expected: tuple[str, Any]) -> Problem | None:
    if got is Ellipsis:
        raise NotImplementedError("advance is still `...`")
    if not isinstance(got, tuple) or len(got) != 2 or not isinstance(got[0], str):
        return Problem('A pair such as `("call", …)` was expected.')
    if got[0] != expected[0]:
        hint = " `StopIteration` is no failure: it is how a generator returns." if expected[0] == "done" else ""
        return Problem(f"This step is {expected[0]!r}, not {got[0]!r}.{hint}")
    if got[0] == "failed" and isinstance(got[1], BaseException):
        return Problem("The name of the error was asked for, not the error: `type(error).__name__`.")
    if got[0] == "done" and got[1] is None and expected[1] is not None:
        return Problem("The result is missing: it is in `end.value`.")
    return compare(got[1], expected[1], what="the second part of the pair")


class _Endless(Exception):
    """Somebody follows the arrows of a ring round and round."""


class _Arrows(dict[str, str]):
    """Who waits for whom; loses its patience with one who asks for ever."""

    looked = 0

    def _look(self) -> None:
        self.looked += 1
        if self.looked > 2000:
            raise _Endless

    def __getitem__(self, name: str) -> str:
        self._look()
        return super().__getitem__(name)

    def __contains__(self, name: object) -> bool:
        self._look()
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """As of any dictionary."""
        self._look()
        return super().get(name, default)


def _ring(waits_for: dict[str, str]) -> set[str]:
    for start in waits_for:
        path, name = [start], waits_for[start]
        while name in waits_for and name not in path:
            path.append(name)
            name = waits_for[name]
        if name == start:
            return set(path)
    return set()


def _with_tails(waits_for: dict[str, str]) -> set[str]:
    """Everybody whose path never ends, in the ring or on the way to it."""

    def is_lost(name: str) -> bool:
        for _ in range(len(waits_for) + 1):
            if name not in waits_for:
                return False
            name = waits_for[name]
        return True

    return {name for name in waits_for if is_lost(name)}


def _pairs_only(waits_for: dict[str, str]) -> set[str]:
    return {name for name, other in waits_for.items() if waits_for.get(other) == name}


def _first_only(waits_for: dict[str, str]) -> set[str]:
    start = next(iter(waits_for), None)
    return _ring(waits_for) if start in _ring(waits_for) else set()


@exercise(
    "ring",
    points=3,
    hints=(
        "From each name follow the arrows, and keep the path. Stop where nobody is waited for, or where a name comes "
        "for the second time.",
        "If the name that comes for the second time is the one you started from, the path is the ring.",
    ),
    right="This is how the kernel finds a deadlock, each time somebody begins to wait.",
)
def ring(answer: Any) -> Problem | None:
    """A function of who waits for whom: the set of those in a ring."""
    mistakes = {
        "Somebody who waits for a ring is not in it: nobody in the ring waits for him.": _with_tails,
        "A ring can have more than two members.": _pairs_only,
        "The ring need not go through the first name: try every start.": _first_only,
        "Who waits is not in a ring for that alone: follow the arrows until they come back.": (
            lambda waits_for: set(waits_for)
        ),
    }
    drawings = [
        {},
        {"a": "b"},
        {"a": "b", "b": "a"},
        {"a": "b", "b": "c", "c": "a"},
        {"a": "b", "b": "c", "c": "d"},
        {"x": "a", "a": "b", "b": "a"},
        {"x": "y", "y": "z", "p": "q", "q": "r", "r": "p"},
    ]
    cases = [(_Arrows(drawing),) for drawing in drawings]
    try:
        return compare_calls(answer, _ring, cases, mistakes=mistakes, what="the ring")
    except _Endless:
        message = "It follows the arrows for ever: in x → a → b → a → … the start, x, never comes again."
        return Problem(message, 'ring({"x": "a", "a": "b", "b": "a"})', expected="{'a', 'b'}")


SITUATIONS = ("an answer after 3 ticks", "an answer after 30 ticks", "no answer, and a letter from somebody else")


def _conversation(asks: Any, situation: str) -> Any:
    """The run of the learner's agent with another one; what that one has received is in its result."""
    from agentos_lab.kernel import Kernel, ScriptedCore

    pause = 3 if situation == SITUATIONS[0] else 30

    async def other(syscall: Any) -> Any:
        letter = await syscall.receive(timeout=40)
        await syscall.sleep(pause)
        if situation != SITUATIONS[2]:
            await syscall.send("2", "pong")
        return letter and letter["message"]

    async def stranger(syscall: Any) -> None:
        await syscall.send("2", "spam")

    kernel = Kernel(ScriptedCore(), journal=False)
    kernel.spawn(other)
    kernel.spawn(asks, "asks", arguments={"pid": "1"}, budget={"ticks": 100, "syscalls": 100})
    if situation == SITUATIONS[2]:
        kernel.spawn(stranger)
    run = kernel.run()
    ticks = {each.pid: each.turnaround for each in run.trace.metrics().processes}
    return run, ticks["2"]


@exercise(
    "asks",
    points=3,
    hints=(
        "Every system call is awaited: `await syscall.send(…)`, `await syscall.receive(…)`.",
        "`letter = await syscall.receive(sender=pid, timeout=10)`; it is None when the time is over.",
    ),
    right="It asks, it does not wait for ever, and strangers' letters stay where they are.",
)
def asks(answer: Any) -> Problem | None:
    """An agent that asks a process and waits for 10 ticks."""
    if not callable(answer):
        return Problem(f"A function was expected, and this is of type {type(answer).__name__}.")
    if not iscoroutinefunction(answer):
        if answer(None, "1") is Ellipsis:
            raise NotImplementedError("asks is still `...`")
        return Problem("An agent is an async function: `async def asks(syscall, pid):`.")
    for situation, expected in zip(SITUATIONS, ("pong", "no answer", "no answer"), strict=True):
        run, ticks = _conversation(answer, situation)
        problem = _look_at(run, ticks, expected, situation)
        if problem:
            return problem
    return None


def _look_at(run: Any, ticks: int, expected: str, situation: str) -> Problem | None:
    from agentos_lab.kernel import Failed

    result, received = run.results["2"], run.results.get("1")
    if result is Ellipsis or (result is None and not run.trace.of("2", "call")):
        raise NotImplementedError("asks is still `...`: it makes no call and returns nothing")
    shown = {"case": situation, "yours": repr(result)[:100], "expected": repr(expected)}
    if received != "ping":
        return Problem('The other process has not received the text "ping". Is the `send` awaited?', **shown)
    if isinstance(result, Failed) and "'NoneType'" in result.message:
        return Problem(
            "`receive` gives None when the time is over. Ask for that before you read the letter.", situation
        )
    if isinstance(result, Failed):
        return Problem(f"The agent failed: {result.kind}: {result.message}", situation)
    if result is None:
        return Problem("Nothing came back: does the agent `return` it?", **shown)
    if isinstance(result, dict):
        return Problem('This is the whole letter. Its text is `letter["message"]`.', **shown)
    if result == "spam":
        return Problem("This letter is from somebody else: wait for `sender=pid` only.", **shown)
    if result == "pong" and expected != "pong":
        return Problem("It waits for too long: after 10 ticks it should give up (`timeout=10`).", **shown)
    if result == expected == "no answer" and ticks != 10:
        return Problem(f"It gives up after {ticks} ticks, and should after 10.", situation)
    return compare(result, expected, what="the agent's result")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        'What does `await syscall.write("x", 1)` do in the agent?',
        (
            Option("It writes into a file.", "The agent has no file in its hands; the kernel does the writing."),
            Option(
                "It hands a value that says what is wanted to the kernel, and stops until the reply is there.",
                "Like `yield` in the generator: out goes the call, in comes the reply.",
                right=True,
            ),
            Option("It starts a thread that writes.", "There are no threads but those of tools, and the watchdog."),
            Option("It calls a function of the kernel and goes on.", "It goes on only when it has been answered."),
        ),
    ),
    Question(
        "A child process divides by zero. When does its parent notice?",
        (
            Option("At once, by an exception in its present line.", "Then any child could end its parent anywhere."),
            Option("Never.", "The failure is kept, as the child's result."),
            Option(
                "When it waits for the child.",
                "The failure is a value until then; at the parent's `await` it becomes ProcessFailed.",
                right=True,
            ),
            Option("When the kernel ends.", "Every process that waits for it learns of it at once."),
        ),
    ),
    Question(
        "Three agents wait: a for b, b for c, c for b. Which of them are in the deadlock?",
        (
            Option("All three.", "Nobody waits for a. If the ring is broken, a goes on with b's result."),
            Option("b and c.", "The arrows b → c → b come back; a only leads there.", right=True),
            Option("a and b.", "Follow the arrow of b: it leads to c, not back to a."),
            Option("None: one of them could be patient.", "Patience helps nobody in a ring; someone has to give up."),
        ),
    ),
    Question(
        "An agent with a budget of 1,000 system calls runs `while True: pass`. What ends it?",
        (
            Option("Its budget.", "It makes no system call, so none is counted."),
            Option("The scheduler: its turn is over.", "Agents are interrupted at system calls, and it makes none."),
            Option("The search for deadlocks.", "It waits for nobody."),
            Option(
                "The watchdog, after some seconds of real time.",
                "Until then all others stand still: scheduling here is cooperative.",
                right=True,
            ),
        ),
    ),
)
