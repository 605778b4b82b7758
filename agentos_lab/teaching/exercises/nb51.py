"""Checks and quiz of notebook 51, scheduling a language model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_list
from ..questions import Option, Question

__all__ = ["QUIZ", "batch_steps", "least_left", "my_policy", "turn_waits", "waiting"]

Job = tuple[str, int, int]  # name, arrives, tokens

OFFICE: list[Job] = [
    ("story", 0, 60), ("summary", 0, 24), ("letter", 2, 30), ("question", 4, 5), ("title", 6, 4), ("plan", 8, 18),
    ("name", 10, 3), ("reply", 12, 8),
]  # fmt: skip
BUSY: list[Job] = [("letter", 0, 10), *((f"question {i}", 3 * i, 3) for i in range(30))]
LONGEST_WAIT = 60  # steps, of the letter among the questions


class _Refused(Exception):
    """A policy chose what it may not choose."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def _run(jobs: Sequence[Job], policy: Callable[..., Any], slots: int = 1) -> Any:
    """The run of some jobs on made-up words."""
    from agentos_lab.kernel import Kernel, ScriptedCore

    async def writer(syscall: Any, tokens: int) -> str:
        return str(await syscall.generate(syscall.name, max_new_tokens=tokens))

    with Kernel(ScriptedCore(slots=slots), scheduler=policy, journal=False) as kernel:
        for name, arrives, tokens in jobs:
            kernel.spawn(writer, name, arguments={"tokens": tokens}, arrives=arrives)
        return kernel.run()


def _watched(policy: Callable[..., Any]) -> Callable[..., list[str]]:
    """The policy, each of whose choices is looked at before the kernel sees it."""

    def choose(views: Sequence[Any], slots: int, now: int) -> list[str]:
        given = list(views)
        chosen = policy(given, slots, now)
        _look_at(chosen, views, given, slots)
        if list(policy(list(views), slots, now)) != list(chosen):
            message = "Asked twice with the same views, it chooses differently. It must keep nothing between two calls."
            raise _Refused(Problem(message, _case(views, slots), f"first {list(chosen)}, then something else"))
        return list(chosen)

    return choose


def _look_at(chosen: Any, views: Sequence[Any], given: list[Any], slots: int) -> None:
    if chosen is Ellipsis:
        raise NotImplementedError("the policy is still `...`")
    case, pids, wanted = _case(views, slots), [view.pid for view in views], min(slots, len(views))
    if chosen is None:
        raise _Refused(Problem("Nothing came back: does the function `return` its choice?", case))
    if isinstance(chosen, str) or not isinstance(chosen, list | tuple):
        raise _Refused(Problem("A list of numbers was expected, even for one slot.", case, _shown(chosen), "a list"))
    if any(hasattr(each, "pid") for each in chosen):
        raise _Refused(Problem("It returns the views. Return their numbers: `view.pid`.", case))
    strangers = [each for each in chosen if each not in pids]
    if strangers:
        raise _Refused(Problem(f"{strangers[0]!r} is none of those who want the model.", case, repr(list(chosen))))
    if len(set(chosen)) != len(chosen):
        raise _Refused(Problem("It gives two slots to the same one.", case, repr(list(chosen))))
    if len(chosen) > wanted:
        message = "It chooses more than there are slots: cut the list with `[:slots]`."
        raise _Refused(Problem(message, case, repr(list(chosen)), f"{wanted} of them"))
    if len(chosen) < wanted:
        message = "It is not work conserving: a slot stays empty while somebody waits."
        raise _Refused(Problem(message, case, repr(list(chosen)), f"{wanted} of them"))
    if given != list(views):
        raise _Refused(Problem("It changes the list of views. Use `sorted(views, …)`, which makes a new one.", case))


def _case(views: Sequence[Any], slots: int) -> str:
    return f"{len(views)} want the model, slots={slots}"


def _shown(value: Any) -> str:
    return repr(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"


@exercise(
    "turn_waits",
    points=1,
    hints=(
        "Write the chart as letters: two of A, two of B, two of C, then again who is not done yet.",
        "The chart is AABBCCAACA. Waiting is the last step of each, less its own tokens.",
    ),
    right="B has only one turn to wait for. C comes last to its first token, and pays for it.",
)
def turn_waits(answer: Any) -> Problem | None:
    """The waits of A, B and C under round-robin with a quantum of 2."""
    right = [5, 2, 6]
    if problem := require_list(answer, 3, lambda entry: type(entry) is int, "a whole number"):
        return problem
    told = {
        (0, 5, 7): "This is first in, first out: 5 tokens of A before B. With a quantum of 2, B begins after 2.",
        (0, 2, 4): "These are the waits for the *first* token. A text waits between its turns, too.",
        (10, 4, 9): "These are the ends. Take away each one's own tokens: then it did not wait.",
        (5, 3, 6): "B wants 2 tokens, and has both in its first turn.",
    }
    given = tuple(answer)
    if given in told:
        return Problem(told[given])
    for name, yours, expected in zip("ABC", given, right, strict=True):
        if yours != expected:
            return Problem(f"{name}: look for its last letter in the chart, and take away its own tokens.")
    return None


LOADS: list[list[Job]] = [
    [("A", 0, 8), ("B", 1, 4), ("C", 2, 9), ("D", 3, 5)],
    [("A", 0, 3), ("B", 2, 6), ("C", 4, 4), ("D", 6, 5), ("E", 8, 2)],
    [("A", 0, 10), ("B", 4, 7)],
    [("A", 0, 7), ("B", 0, 2), ("C", 0, 4), ("D", 3, 1)],
]


def _chart(jobs: Sequence[Job], policy: Callable[..., Any]) -> str:
    trace = _run(jobs, policy).trace
    return "".join(trace.names[pid] for event in trace.of(kind="step") for pid in event.data["pids"])


def _by(key: Callable[[Any], Any]) -> Callable[..., list[str]]:
    return lambda views, slots, now: [view.pid for view in sorted(views, key=key)][:slots]


@exercise(
    "least_left",
    points=1,
    hints=(
        "A view has `length`, the tokens that it asks for, and `done`, those that it has had.",
        "The key is `view.length - view.done`.",
    ),
    right="Shortest rest first: it gives the first of the jobs back its place as soon as a shorter one is done.",
)
def least_left(answer: Any) -> Problem | None:
    """A policy: the fewest tokens left first."""
    if not callable(answer):
        return Problem(f"A function was expected, and this is of type {type(answer).__name__}.")
    mistakes = {
        "It still serves who came last.": _by(lambda view: -view.arrived),
        "This is the shortest *whole* text. Of a text that is half done only the rest counts: take `done` away.": _by(
            lambda view: view.length
        ),
        "It serves the one with the *most* tokens left: turn the sign round.": _by(
            lambda view: view.done - view.length
        ),
        "It serves who has had the fewest tokens, not who has the fewest left.": _by(lambda view: view.done),
    }
    right = _by(lambda view: view.length - view.done)
    try:
        for jobs in LOADS:
            yours, expected = _chart(jobs, _watched(answer)), _chart(jobs, right)
            if yours != expected:
                charts = [_chart(each, answer) for each in LOADS]
                known = [told for told, wrong in mistakes.items() if [_chart(each, wrong) for each in LOADS] == charts]
                message = known[0] if known else "The chart is not that of the fewest tokens left."
                return Problem(message, f"jobs {jobs}", yours, expected)
    except _Refused as refused:
        return refused.problem
    return None


def _waiting(chart: str, arrives: Mapping[str, int]) -> dict[str, int]:
    return {name: chart.rindex(name) + 1 - came - chart.count(name) for name, came in arrives.items()}


@exercise(
    "waiting",
    points=2,
    hints=(
        "The end of a job is the place of its last letter, counted from 1: `chart.rindex(name) + 1`.",
        "Waiting is the end, less the arrival, less `chart.count(name)`.",
    ),
    right="All three measures can be read from such a chart; the kernel reads them from its trace in the same way.",
)
def waiting(answer: Any) -> Problem | None:
    """A function of a chart and of arrivals: the steps that each waited."""
    mistakes = {
        "This is the wait for the first token only. A text that is interrupted waits again.": (
            lambda chart, arrives: {name: chart.index(name) - came for name, came in arrives.items()}
        ),
        "The arrival is not taken away: before it came, a text does not wait.": (
            lambda chart, arrives: {name: chart.rindex(name) + 1 - chart.count(name) for name in arrives}
        ),
        "This is the turnaround. Take away the steps in which it had the model.": (
            lambda chart, arrives: {name: chart.rindex(name) + 1 - came for name, came in arrives.items()}
        ),
        "One too few: letters are counted from 0, and the step *after* the last letter is the end.": (
            lambda chart, arrives: {
                name: chart.rindex(name) - came - chart.count(name) for name, came in arrives.items()
            }
        ),
    }
    cases = [
        ("AAB", {"A": 0, "B": 0}),
        ("AABBA", {"A": 0, "B": 0}),
        ("AABBA", {"A": 0, "B": 1}),
        ("A..BCB", {"A": 0, "B": 3, "C": 3}),
    ]
    return compare_calls(answer, _waiting, cases, mistakes=mistakes, what="the waiting")


def _batch_steps(lengths: list[int], slots: int) -> int:
    return sum(max(lengths[first : first + slots]) for first in range(0, len(lengths), slots))


def _continuous(lengths: list[int], slots: int) -> int:
    free = [0] * slots
    for length in lengths:
        free[free.index(min(free))] += length
    return max(free)


@exercise(
    "batch_steps",
    points=2,
    hints=(
        "Cut the list into pieces of `slots`: `lengths[first : first + slots]` for first = 0, slots, 2·slots, …",
        "Each piece takes as long as its longest text: add up the `max` of the pieces.",
    ),
    right="All of a batch wait for its longest text: that is what filling a slot at once does away with.",
)
def batch_steps(answer: Any) -> Problem | None:
    """A function of lengths and slots: the steps of whole batches."""
    mistakes = {
        "Here a slot is filled as soon as it is free. That is continuous batching; a whole batch waits for its "
        "longest.": _continuous,
        "The last batch is missing where it is not full.": (
            lambda lengths, slots: sum(
                max(lengths[first : first + slots]) for first in range(0, len(lengths) - slots + 1, slots)
            )
        ),
        "The order of the texts matters: do not sort them.": (
            lambda lengths, slots: _batch_steps(sorted(lengths, reverse=True), slots)
        ),
        "You divide all tokens by the slots, as if no slot were ever empty.": (
            lambda lengths, slots: -(-sum(lengths) // slots)
        ),
        "Each batch is counted with all its tokens, as if it had one slot.": lambda lengths, slots: sum(lengths),
    }
    cases = [([3, 5], 1), ([3, 5], 2), ([6, 1, 1, 6], 2), ([1, 6, 2], 2), ([60, 24, 30, 5, 4, 18, 3, 8], 4)]
    return compare_calls(answer, _batch_steps, cases, mistakes=mistakes, what="the number of steps")


@exercise(
    "my_policy",
    points=4,
    hints=(
        "`sorted(views, key=…)` puts the smallest key first. `view.done` is small for who has had little, which makes "
        "first tokens early; but then who has had much can starve.",
        "Every four tokens sink a text by one level, and waiting lifts it: `view.done // 4 - view.waited // 8`. Then "
        "`[view.pid for view in ordered][:slots]`.",
    ),
    right="Pure, work conserving, nobody starves, and twice as quick to begin as first in, first out.",
)
def my_policy(answer: Any) -> Problem | None:
    """A policy that is pure, work conserving, starves nobody, and is quick to begin."""
    from agentos_lab.kernel import Fifo

    if not callable(answer):
        return Problem(f"A function was expected, and this is of type {type(answer).__name__}.")
    policy = _watched(answer)
    try:
        office, busy = _run(OFFICE, policy), _run(BUSY, policy)
        _run(OFFICE, policy, slots=3)
    except _Refused as refused:
        return refused.problem
    waits = busy.trace.metrics().processes[0].waiting
    if waits > LONGEST_WAIT:
        message = "The letter starves: short questions keep coming, and all of them are served before it."
        return Problem(message, "the letter among 30 questions", f"it waits {waits} steps", f"at most {LONGEST_WAIT}")
    yours = office.trace.metrics().mean("first_token")
    fifo = _run(OFFICE, Fifo()).trace.metrics().mean("first_token")
    if yours > fifo / 2:
        message = "The first tokens come late: a text that has begun keeps the model for too long."
        expected = f"at most {fifo / 2:.1f}; first in, first out has {fifo:.1f}"
        return Problem(message, "mean first token in the office", f"{yours:.1f} steps", expected)
    return None


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "What does round-robin make better than first in, first out, for texts of very different lengths?",
        (
            Option("The number of tokens a second.", "152 tokens need 152 steps, and each switch costs something."),
            Option(
                "The time to the first token.",
                "Nobody waits for the end of a long text; 12.6 steps in place of 93.9 in the office.",
                right=True,
            ),
            Option("The end of the longest text.", "It ends later, if at all differently: the others come in between."),
            Option("The quality of the texts.", "They are the same tokens."),
        ),
    ),
    Question(
        "Shortest job first has the least mean waiting time. Why is it not used everywhere?",
        (
            Option("The proof holds for two jobs only.", "Any order can be sorted by exchanging neighbours."),
            Option("It needs too many context switches.", "Without preemption it needs none."),
            Option(
                "The lengths are not known, and a long text may wait for ever.",
                "A mean says nothing about the one who pays for it.",
                right=True,
            ),
            Option("It changes what the model writes.", "No policy does, if each text carries its random numbers."),
        ),
    ),
    Question(
        "An urgent agent waits for a lock that an idle one holds. What does priority inheritance do?",
        (
            Option("It takes the lock away from the idle one.", "Then what the lock protects could be half done."),
            Option(
                "The idle one becomes as urgent as who waits for it, until it gives the lock back.",
                "So that nobody in between can keep both of them waiting.",
                right=True,
            ),
            Option("It makes the urgent one more urgent still.", "It is the most urgent already, and it waits."),
            Option("It forbids locks to agents of low priority.", "They need the printer, too."),
        ),
    ),
    Question(
        "Two runs with the same seed and another quantum give different texts. What is the likeliest cause?",
        (
            Option("A context switch loses some keys and values.", "Then the text would be nonsense from there on."),
            Option("That is how it must be: time has an influence.", "Nothing in the arithmetic knows the time."),
            Option(
                "All texts draw from one generator, so who draws when depends on the schedule.",
                "Give each text its own generator, and keep its state in the snapshot.",
                right=True,
            ),
            Option("The temperature differs.", "It is a setting of the request, and was the same."),
        ),
    ),
)
