"""The checks of notebook 54: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

from typing import Annotated, Literal

import pytest
from pydantic import Field

from agentos_lab.errors import ToolFailed
from agentos_lab.kernel import tool
from agentos_lab.teaching import check

Plant = Literal["fern", "cactus"]
Litres = Annotated[float, Field(gt=0, le=5)]
Day = Literal["friday", "saturday"]
Guests = Annotated[int, Field(ge=1, le=8)]
RULES = {"*": "deny", "files.*": "allow", "files.erase": "ask", "mail.read": "allow"}


@tool(effect="write")
def water(plant: Plant, litres: Litres) -> str:
    """Water a plant."""
    return f"{litres} litres for the {plant}"


def watering(plant=Plant, litres=Litres):
    """A tool that differs from the right one in its annotations."""

    def water(plant, litres):
        return ""

    water.__annotations__ = {"plant": plant, "litres": litres}
    return tool(water, effect="write")


def reserve(day, guests, outside=False):
    """Reserve a table."""
    if outside and day == "friday":
        raise ToolFailed("the garden is closed on friday: sit inside")
    return {"day": day, "guests": guests, "outside": outside}


def booking(function=reserve, effect="write", **annotations):
    """A tool of a function, whose annotations are right where no other ones are given."""

    def book(day, guests, outside=False):
        return function(day, guests, outside)

    book.__doc__ = function.__doc__
    book.__annotations__ = {"day": Day, "guests": Guests, "outside": bool, **annotations}
    return tool(book, effect=effect)


def no_garden(day, guests, outside=False):
    """Reserve a table."""
    return {"day": day, "guests": guests, "outside": outside}


def unhelpful(day, guests, outside=False):
    """Reserve a table."""
    if outside and day == "friday":
        raise ToolFailed("no")
    return no_garden(day, guests, outside)


def other_error(day, guests, outside=False):
    """Reserve a table."""
    if outside and day == "friday":
        raise ValueError("the garden is closed, sit inside")
    return no_garden(day, guests, outside)


def text_back(day, guests, outside=False):
    """Reserve a table."""
    return f"{day} {guests}"


def nothing_back(day, guests, outside=False):
    """Reserve a table."""
    no_garden(day, guests, outside)


def silent(day, guests, outside=False):
    return reserve(day, guests, outside)


@tool(effect="write")
def book():
    """Not begun."""
    ...


def tainted(events):
    processes, names = set(), {}
    for event in events:
        kind, who = event[:2]
        if kind == "outside" or (kind == "read" and names.get(event[2])):
            processes |= {who}
        if kind == "send" and who in processes:
            processes |= {event[2]}
        if kind == "write":
            names[event[2]] = who in processes
    return processes


def without(kind):
    """Kinds of events that are not looked at."""
    return lambda events: tainted([event for event in events if event[0] != kind])


def never_clean_again(events):
    """Names stay tainted, whoever writes them later."""
    processes, names = set(), set()
    for kind, who, *rest in events:
        if kind == "outside" or (kind == "read" and rest[0] in names):
            processes.add(who)
        if kind == "send" and who in processes:
            processes.add(rest[0])
        if kind == "write" and who in processes:
            names.add(rest[0])
    return processes


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("verdicts", ["allow", "deny", "ask", "allow", "ask", "allow"]),
        ("verdicts", ("allow", "deny", "ask", "allow", "ask", "allow")),
        ("water", water),
        ("water", watering()),
        ("book", booking()),
        ("desk_rules", RULES),
        ("desk_rules", {**RULES, "mail.*": "deny"}),
        ("desk_rules", dict(reversed(RULES.items()))),
        ("tainted", tainted),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"54.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("verdicts", ["deny", "deny", "ask", "allow", "ask", "allow"], "(a) `files.*` fits"),
        ("verdicts", ["allow", "ask", "ask", "allow", "ask", "allow"], "(b)"),
        ("verdicts", ["allow", "deny", "allow", "allow", "ask", "allow"], "(c) Only `*` fits"),
        ("verdicts", ["allow", "deny", "ask", "ask", "ask", "allow"], "(d)"),
        ("verdicts", ["allow", "deny", "ask", "allow", "allow", "allow"], "(e)"),
        ("verdicts", ["allow", "deny", "ask", "allow", "ask", "ask"], "(f)"),
        ("verdicts", ["allow", "deny"], "expected 6"),
        ("verdicts", ["allow", "deny", "ask", "allow", "ask", True], "Entry 6"),
        ("water", lambda plant, litres: "", "not yet a tool"),
        ("water", watering(str), "can be any text"),
        ("water", watering(litres=float), "no lower limit"),
        ("water", watering(litres=Annotated[float, Field(ge=0, le=5)]), "gt=0"),
        ("water", watering(litres=Annotated[float, Field(gt=0, lt=5)]), "5 itself"),
        ("water", watering(litres=Annotated[float, Field(gt=0)]), "upper limit"),
        ("water", watering(litres=Annotated[float, Field(ge=1, le=5)]), "A little more than 0"),
        ("water", booking(), "`plant` and `litres`"),
        ("water", "water", "A tool was expected"),
        ("book", reserve, "not yet a tool"),
        ("book", water, "give the function this name"),
        ("book", booking(effect="pure"), "not pure"),
        ("book", booking(effect="read"), "only look"),
        ("book", booking(effect="irreversible"), "can be cancelled"),
        ("book", booking(day=str), "another one"),
        ("book", booking(guests=int), "At least one guest"),
        ("book", booking(guests=Annotated[int, Field(ge=1)]), "At most eight"),
        ("book", booking(guests=Annotated[int, Field(ge=1, le=7)]), "8 guests"),
        ("book", booking(guests=Annotated[float, Field(ge=1, le=8)]), "whole"),
        ("book", booking(outside=str), "refuses"),
        ("book", booking(no_garden), "garden is closed"),
        ("book", booking(unhelpful), "not what to do"),
        ("book", booking(other_error), "not with `ToolFailed`"),
        ("book", booking(text_back), "A dictionary"),
        ("book", booking(nothing_back), "Nothing came back"),
        ("book", booking(silent), "no description"),
        ("desk_rules", {**RULES, "files.erase": "deny"}, "the person is asked"),
        ("desk_rules", {**RULES, "files*": "allow"}, "the dot belongs"),
        ("desk_rules", {"*": "deny", "files.read": "allow", "files.erase": "ask", "mail.read": "allow"}, "also new"),
        ("desk_rules", {key: RULES[key] for key in RULES if key != "*"}, "only `mail.read`"),
        ("desk_rules", {**RULES, "mail.read*": "allow"}, "no star at its end"),
        ("desk_rules", {**RULES, "files.erase*": "ask"}, "another tool than `files.erase`"),
        ("desk_rules", {**RULES, "web": "no"}, "A verdict is"),
        ("desk_rules", {1: "allow"}, "A pattern is a text"),
        ("desk_rules", list(RULES), "A dictionary was expected"),
        ("desk_rules", {}, "only `mail.read`"),
        ("tainted", without("send"), "Messages carry"),
        ("tainted", without("read"), "Values that are written"),
        ("tainted", never_clean_again, "clean again"),
        ("tainted", lambda events: {event[1] for event in events if event[0] == "outside"}, "from outside themselves"),
        ("tainted", lambda events: tainted(sorted(events, key=lambda event: event[0] != "outside")), "in their order"),
        ("tainted", lambda events: sorted(tainted(events)), "set"),
        ("tainted", lambda events: print(end=""), "Nothing came back"),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong(name, answer, said):
    result = check(f"54.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


@pytest.mark.parametrize("answer", [True, "", "allow", 7, [], [0] * 6, [None] * 6, ["Allow"] * 6, {"a": "allow"}, len])
def test_the_verdicts_are_never_told(answer):
    result = check("54.verdicts", answer)
    assert result.verdict == "wrong" and not result.problem.expected


@pytest.mark.parametrize("name", ["verdicts", "water", "book", "desk_rules", "tainted"])
def test_an_answer_that_is_not_begun_is_called_so(name):
    assert check(f"54.{name}", ...).verdict == "open"


def test_half_an_answer_is_called_open():
    assert check("54.book", book).verdict == "open"
    assert check("54.desk_rules", {"*": ...}).verdict == "open"
    assert check("54.verdicts", ["allow", ...]).verdict == "open"
    assert check("54.tainted", lambda events: ...).verdict == "open"
