"""The person: questions, answers, permissions."""

from __future__ import annotations

import pytest

from agentos_lab.errors import AccessDenied
from agentos_lab.kernel import Cancelled, Kernel, ScriptedCore, tool
from agentos_lab.kernel.person import Person
from agentos_lab.kernel.process import Process


def asking(answers, *asks):
    person = Person(answers)
    process = Process("1", "ada", None)  # type: ignore[arg-type]
    return person, [person.ask(process, *each) for each in asks]


def test_questions_are_numbered_and_answered_once():
    person, (first, second) = asking("later", ("Tea?", ("yes", "no"), False), ("Sure?", (), True))
    assert (first.number, second.number) == (1, 2) and str(first) == "[1] ada (process 1): Tea? (yes | no)"
    assert person.close(1) == first
    with pytest.raises(ValueError, match=r"no open question 1; open are \[2\]"):
        person.close(1)
    person.withdraw("2")
    assert list(person.questions) == [2]
    person.withdraw("1")
    assert not person.questions


def test_options_may_be_numbers():
    _, (question,) = asking("later", ("How many?", (1, 2), False))
    assert str(question).endswith("(1 | 2)")


def test_with_nobody_there_what_needs_permission_is_denied():
    _, failures = asking(None, ("erase", (), True), ("Hello?", (), False))
    assert [each.kind for each in failures] == ["AccessDenied", "NobodyAnswers"]


@pytest.mark.parametrize(
    ("answer", "allowed"), [(True, True), ("allow", True), ("yes", False), (1, False), (None, False)]
)
def test_only_a_clear_yes_allows(answer, allowed):
    async def agent(syscall):
        try:
            return await syscall.call("erase")
        except AccessDenied:
            return "denied"

    kernel = Kernel(
        ScriptedCore(), tools=[tool(lambda: "gone", name="erase", effect="irreversible")], person=lambda _: answer
    )
    kernel.spawn(agent)
    assert kernel.run().results["1"] == ("gone" if allowed else "denied")


@pytest.mark.parametrize("end", ["cancel", "kill", "from outside"])
def test_a_question_goes_with_the_one_who_asked(end):
    async def child(syscall):
        try:
            return await syscall.call("erase")
        except Cancelled:
            return "cancelled"

    async def parent(syscall):
        pid = await syscall.spawn(child)
        await syscall.sleep(2)
        if end != "from outside":
            await getattr(syscall, end)(pid)
        return "done"

    erase = tool(lambda: "gone", name="erase", effect="irreversible")
    kernel = Kernel(ScriptedCore(), tools=[erase], person="later")
    kernel.spawn(parent)
    kernel.run()
    if end == "from outside":
        assert len(kernel.questions) == 1
        kernel.kill("1.1")
    outcome = kernel.run()
    assert not outcome.questions and outcome.states["1.1"] == ("done" if end == "cancel" else "killed")
    with pytest.raises(ValueError, match="no open question"):
        kernel.answer(1, "allow")
