"""TimeTravel in Python: what is told of each row, forks with other replies, texts of replies, the static picture."""

from __future__ import annotations

import doctest
import json
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel import Failed, Kernel, Ok, ScriptedCore, tool
from agentos_lab.kernel.journal import Row
from agentos_lab.kernel.time_travel import ABSENT, state_at
from widgets import TimeTravel, time_travel
from widgets.runs import plain, runs_width
from widgets.time_travel_fork import reply_of, text_of
from widgets.time_travel_picture import columns_of, place_of
from widgets.time_travel_state import KINDS, LINES, call_text, deliveries, moment_state, value_text

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def trip():
    """A kernel after a run: one asks the core and a tool, one listens, one has a child."""

    @tool(ticks=3)
    def weather(city: str) -> str:
        "What the sky will be like."
        return "rain"

    async def planner(syscall):
        sky = await syscall.call("weather", city="Paris")
        await syscall.write("sky", sky)
        advice = await syscall.generate(f"How to travel in {sky}?")
        await syscall.send("2", advice)
        return advice

    async def clerk(syscall, plan):
        await syscall.write("letters", len(plan))

    async def critic(syscall):
        plan = (await syscall.receive())["message"]
        await syscall.wait(await syscall.spawn(clerk, name="clerk", plan=plan))
        return plan

    kernel = Kernel(ScriptedCore(lambda prompt, seed: "By train." if "rain" in prompt else "By bike."), tools=[weather])
    kernel.spawn(planner)
    kernel.spawn(critic)
    kernel.run()
    return kernel


def row_of(view, call):
    return next(row.seq for row in view.rows if row.call == call)


def row(call="write", reply=None, **arguments):
    return Row(1, "1", 0, call, arguments, Ok(reply) if not isinstance(reply, Failed) else reply, 5)


# --- the state after a row ------------------------------------------------------------------------------------------


def test_every_row_tells_what_the_library_says_of_it():
    view = TimeTravel(trip())
    assert len(view.state["moments"]) == len(view.rows) + 1 == len(view.state["told"])
    for seq, told in enumerate(view.state["moments"]):
        moment = state_at(view.rows, seq)
        assert [line[:2] for line in told["storage"]] == [[name, value_text(v)] for name, v in moment.storage.items()]
        assert [line[0] for line in told["processes"]] == [view.names[pid] for pid in moment.processes]
        assert len(told["mail"]) == sum(map(len, moment.mailboxes.values()))
        assert f"storage holds {len(moment.storage)} value" in plain(view.state["told"][seq])
    assert plain(view.state["told"][0]).startswith("Row 0 of ")


def test_the_moment_of_a_message_is_told_in_words():
    view = TimeTravel(trip())
    view.row = row_of(view, "send")
    moment = view.state["moments"][view.row]
    assert moment["mail"] == [["critic", 'from planner: "By train."', "", ""]]
    assert moment["call"] == 'planner calls send("2", "By train.")'
    assert ["critic", "is in receive()", "", ""] in moment["processes"]
    assert ["planner", "has its last reply", "", "now"] in moment["processes"]
    assert "planner calls send; storage holds 1 value, 1 message waits." in view.sentence
    assert plain([tuple(run) for run in view.state["told"][view.row]]) == view.sentence


def test_a_value_that_is_just_written_is_marked():
    view = TimeTravel(trip())
    seq = row_of(view, "write")
    assert view.state["moments"][seq]["storage"] == [["sky", '"rain"', "", "fresh"]]
    assert all(line[3] == "" for line in view.state["moments"][seq + 1]["storage"])


def test_messages_are_joined_to_the_row_that_received_them():
    rows = TimeTravel(trip()).rows
    joined = deliveries(rows)
    assert joined and all(rows[a - 1].call == "send" and rows[b - 1].call == "receive" for a, b in joined)
    assert [rows[b - 1].reply.value["message"] for _, b in joined] == [
        rows[a - 1].arguments["message"] for a, _ in joined
    ]


def test_a_failure_is_told():
    failed = row("call", Failed("ToolFailed", "no net"), tool="weather", arguments={})
    assert call_text(failed, {}) == '1 calls call("weather") → ✕ ToolFailed: no net'
    assert call_text(row("sleep", None, ticks=3), {"1": "ada"}) == "ada calls sleep(3)"


def test_long_lists_show_what_has_changed():
    rows = [Row(n, "1", n, "write", {"key": f"{n:02}", "value": n}, Ok(1), n) for n in range(1, 10)]
    told = moment_state(rows, state_at(rows, 9), {}, columns_of(860), 800)["storage"]
    assert len(told) == LINES and told[-1][1] == "… and 5 more" and told[-2][0] == "09"


# --- forks ----------------------------------------------------------------------------------------------------------


def test_another_reply_of_a_tool_changes_what_hangs_on_it():
    view = TimeTravel(trip())
    view.fork_at(row_of(view, "call"), "sun")
    assert view.difference.storage == {"sky": ("rain", "sun"), "letters": (9, 8)}
    assert view.difference.results["1"] == ("By train.", "By bike.")
    assert "The fork parts at row 1: 2 values, 2 results differ." in view.sentence
    drawn = texts(view.svg())
    assert "Fork at row 1" in drawn and '→ "By bike."' in drawn and "What differs in the end" in drawn
    here = view.state["moments"][row_of(view, "write")]["storage"]
    assert here == [["sky", '"rain"', '"sun"', "fresh"]]
    view.fork_row = 0
    assert view.difference is None and "Fork at row 1" not in texts(view.svg())


def test_what_would_have_been_if_the_tool_had_failed():
    view = TimeTravel(trip())
    view.fork_at(row_of(view, "call"), Failed("ToolFailed", "no net"))
    assert view.fork_reply == "!no net"
    assert view.branch.kernel.result().failures["1"] == Failed("ToolFailed", "no net")
    assert view.difference.storage["sky"] == ("rain", ABSENT)
    assert any(text.startswith("→ ✕ ToolFailed") for text in texts(view.svg()))


def test_another_text_of_the_core_is_what_the_agent_reads():
    view = TimeTravel(trip())
    view.fork_at(row_of(view, "generate"), "On foot.")
    assert view.difference.results["2"] == ("By train.", "On foot.")
    view.fork_at(row_of(view, "generate"), "By train.")
    assert "The fork" in view.sentence and view.difference.results == {}


def test_a_fork_that_cannot_be_is_told_and_the_picture_stays():
    view = TimeTravel(trip())
    view.fork_row, view.fork_reply = row_of(view, "receive"), "{no json"
    assert view.sentence.startswith("There is no fork: the reply to receive is no JSON") and view.state["moments"]
    view.fork_row = 999
    assert "no row 999" in view.sentence
    with pytest.raises(ValueError, match="rows 1 to"):
        view.fork_at(0, 1)


def test_nothing_is_forked_twice(monkeypatch):
    asked = []
    monkeypatch.setattr(time_travel, "branch_off", lambda *given: asked.append(given) or real(*given))
    view = TimeTravel(trip())
    view.fork_at(1, "sun")
    view.row, view.width = 3, 900
    view.fork_row = 0
    view.fork_at(1, "sun")
    assert len(asked) == 1


real = time_travel.branch_off


@given(st.one_of(st.text(), st.integers(), st.lists(st.text()), st.none(), st.dictionaries(st.text(), st.integers())))
def test_a_reply_as_a_text_reads_back_as_the_reply(value):
    given_row = row("call", value)
    text = text_of(given_row)
    if not text.startswith("!"):
        assert reply_of(given_row, text) == Ok(value)
    failed = row("call", Failed("ToolFailed", "it broke"))
    assert reply_of(failed, text_of(failed)) == failed.reply


def test_failures_have_the_kind_that_the_call_can_have():
    assert reply_of(row("call", "x"), "! broken ") == Failed("ToolFailed", "broken")
    assert reply_of(row("generate", {"text": "x"}), "!").kind == "CoreFailed"
    assert reply_of(row("write", 1), "!disk full").kind == "StorageFailed"
    assert reply_of(row("generate", {"text": "x"}), "y").value["tokens"] == []


# --- sources and the picture ----------------------------------------------------------------------------------------


def test_rows_alone_can_be_walked_but_not_forked():
    kernel = trip()
    view = TimeTravel(kernel.journal, {"1": "ada"})
    assert view.names == {"1": "ada"} and not view.state["forkable"] and view.branch is None
    assert TimeTravel(kernel.journal.rows()).state["told"] != view.state["told"]


def test_what_is_no_journal_is_refused_and_what_cannot_be_drawn_is_told():
    with pytest.raises(ValueError, match="no journal"):
        TimeTravel(Kernel(ScriptedCore(), journal=False))
    with pytest.raises(ValueError, match="rows of a journal"):
        TimeTravel([1, 2])
    assert TimeTravel(Kernel(ScriptedCore())).state["status"] == "empty" and TimeTravel([]).svg()
    many = [Row(n, "1", n, "sleep", {"ticks": 1}, Ok(), n) for n in range(1, 402)]
    assert TimeTravel(many).state["status"] == "too-large"
    crowd = [Row(n, str(n), 0, "sleep", {"ticks": 1}, Ok(), n) for n in range(1, 14)]
    assert TimeTravel(crowd).state["status"] == "too-large"


def test_every_call_of_the_kernel_has_a_mark():
    from agentos_lab.kernel.handlers import HANDLERS

    assert set(KINDS) == {call.__name__.lower() for call in HANDLERS}
    letters = [letter for letter, _ in KINDS.values()]
    assert len(set(letters)) == len(letters)


@given(st.integers(1, 12), st.integers(1, 400), st.integers(0, 5), st.one_of(st.none(), st.integers(0, 6)))
def test_places_follow_each_other(lanes, count, lines, differences):
    at = place_of(860, lanes, count, lines, differences)
    assert at.top < at.axis < at.call < at.state < at.differences and at.end > at.state
    assert at.left < at.x(1) <= at.x(count) < at.right and at.x(0) < at.x(1)
    assert not at.second or at.top + at.lane * lanes < at.second < at.axis


def forked(**given):
    view = TimeTravel(trip(), row=4, **given)
    view.fork_at(row_of(view, "call"), "sun")
    return view


VIEWS = {"run": lambda **given: TimeTravel(trip(), row=4, **given), "fork": forked}


@pytest.mark.parametrize("name", VIEWS)
def test_the_state_is_json_and_the_picture_the_same_every_time(name):
    view = VIEWS[name]()
    json.dumps(view.state)
    assert view.svg() == VIEWS[name]().svg()
    assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence
    assert repr(view) == f"TimeTravel: {view.sentence}"


@pytest.mark.parametrize("width", [640, 860, 1200])
@pytest.mark.parametrize("name", VIEWS)
def test_the_picture_stays_inside_its_frame(name, width):
    view = VIEWS[name](width=width)
    document = ElementTree.fromstring(view.svg())
    assert float(document.get("width")) == width and float(document.get("height")) <= 540
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("x")) >= 0 and float(rect.get("x")) + float(rect.get("width")) <= width
    for text in document.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= width and float(text.get("y")) <= float(document.get("height"))
    for told in view.state["told"]:
        assert width < 860 or runs_width([tuple(run) for run in told]) <= width - 32


def test_the_example_of_the_docstring_is_true():
    assert doctest.testmod(time_travel).failed == 0
