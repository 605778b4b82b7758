"""Tools: the schema against `jsonschema`'s verdicts, every kind of wrong argument, every kind of wrong result."""

from __future__ import annotations

import asyncio
import functools
import json
from typing import Annotated, Any, Literal

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from misbehaving_tools import MISDEEDS, answer
from pydantic import BaseModel, Field

from agentos_lab.kernel.reply import Failed, Ok
from agentos_lab.kernel.tools import Tool, Toolbox, UnknownTool, perform, tool


class Point(BaseModel):
    x: int
    y: float = 0.0


@tool(effect="read", name="plane.move")
def move(
    point: Point,
    by: Annotated[int, Field(ge=0, le=5)],
    way: Literal["left", "right"] = "left",
    fast: bool = False,
    tags: list[str] = [],  # noqa: B006
    schema: str | None = None,
) -> dict[str, Any]:
    """Move a point
    in the plane.

    Args:
        point: Where it
            stands.
        by: How far.

    Returns:
        Where it is then.
    """
    tags.append("moved")
    return {"x": point.x - by, "way": way, "tags": tags}


RIGHT = {"point": {"x": 1}, "by": 2}


# --- the schema --------------------------------------------------------------------------------------------


def test_a_function_becomes_a_tool():
    assert isinstance(move, Tool)
    assert (move.name, move.effect, move.description) == ("plane.move", "read", "Move a point in the plane.")
    assert move.schema["properties"]["by"] == {"description": "How far.", "maximum": 5, "minimum": 0, "type": "integer"}
    assert move.schema["properties"]["point"]["description"] == "Where it stands."
    assert move.schema["required"] == ["point", "by"] and move.schema["additionalProperties"] is False
    assert move.signature == (
        'plane.move(point: Point, by: integer, way: "left" | "right" = "left", fast: boolean = false, '
        "tags: array of string = [], schema: string | null = null)"
    )
    jsonschema.Draft202012Validator.check_schema(move.schema)
    assert move(Point(x=3), 2, tags=[])["x"] == 1  # and is still a function


values = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 7) | st.sampled_from([0.5, "left", "right", "up", ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["x", "y", "z"]), inner, max_size=2),
    max_leaves=4,
)
names = st.sampled_from(["point", "by", "way", "fast", "tags", "schema", "unknown"])


@given(st.dictionaries(names, values), st.booleans())
def test_the_check_agrees_with_the_schema(arguments, mostly_right):
    arguments = (RIGHT | arguments) if mostly_right else arguments
    wrong = list(jsonschema.Draft202012Validator(move.schema).iter_errors(arguments))
    try:
        move.check(arguments)
    except ValueError:
        assert wrong
    else:
        assert not wrong


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"point": None}, "point: expected an object, got null"),
        ({"point": {}}, "point.x: missing"),
        ({"point": {"x": 1, "z": 2}}, "point.z: unknown"),
        ({"point": {"x": "1"}}, 'point.x: expected a valid integer, got "1"'),
        ({"by": True}, "by: expected a valid integer, got true"),
        ({"by": "2"}, 'by: expected a valid integer, got "2"'),
        ({"by": 2.5}, "by: expected a valid integer, got 2.5"),
        ({"by": 6}, "by: expected less than or equal to 5, got 6"),
        ({"way": "up"}, "way: expected 'left' or 'right', got \"up\""),
        ({"fast": 1}, "fast: expected a valid boolean, got 1"),
        ({"tags": ["a", 1]}, "tags[1]: expected a valid string, got 1"),
        ({"tags": "é✓"}, 'tags: expected a valid array, got "é✓"'),
        ({"poin": 1}, "poin: unknown: did you mean point?"),
        ({"tags": ["x" * 5000, 2], "by": 7}, "by: expected less"),
    ],
)
def test_a_wrong_argument_is_named_with_what_was_expected_and_what_came(wrong, message):
    with pytest.raises(ValueError) as error:
        move.check(RIGHT | wrong)
    assert message in str(error.value) and move.signature in str(error.value)
    assert len(str(error.value)) < 1000


@pytest.mark.parametrize("by", [float("nan"), {1}, object()])
def test_arguments_that_are_not_json_are_refused(by):
    with pytest.raises(ValueError, match=r"arguments of plane\.move must be JSON"):
        move.check(RIGHT | {"by": by})


def test_several_mistakes_are_told_at_once():
    with pytest.raises(ValueError) as error:
        move.check({"by": "x", "where": 1})
    assert str(error.value).count("\n  ") == 3


def test_a_call_cannot_change_what_its_caller_holds():
    given_, later = RIGHT | {"tags": ["a"]}, move.check(RIGHT)
    assert perform("move", move.function, move.bind(given_)) == Ok({"x": -1, "way": "left", "tags": ["a", "moved"]})
    assert given_["tags"] == ["a"] and later == RIGHT
    for _ in range(2):  # nor what the next call gets by default
        assert perform("move", move.function, move.bind(RIGHT)).value["tags"] == ["moved"]


def test_a_check_can_be_repeated():
    assert move.check(move.check(RIGHT)) == RIGHT and move.bind(RIGHT)["point"] == Point(x=1)


def test_an_idempotency_key_is_no_argument_of_the_agents():
    @tool
    def pay(amount: int, idempotency_key: str) -> str:
        return idempotency_key

    assert pay.takes_key and list(pay.schema["properties"]) == ["amount"]
    with pytest.raises(ValueError, match="idempotency_key: unknown"):
        pay.check({"amount": 1, "idempotency_key": "mine"})


def test_without_annotations_any_json_will_do():
    echo = tool(lambda x, y=2: [x, y], name="echo")
    assert echo.bind({"x": {"a": [None]}}) == {"x": {"a": [None]}, "y": 2}


async def asynchronous() -> int:
    return 1


async def asynchronous_generator():
    yield 1


def positional(x, /): ...


def starred(*args: int): ...


def double_starred(**kwargs: int): ...


def unknown_type(x: Nowhere): ...  # noqa: F821


def untellable(x: functools.partial): ...


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (asynchronous, "async"),
        (asynchronous_generator, "async"),
        (positional, "x has no name"),
        (starred, r"\*args: int has no name"),
        (double_starred, r"\*\*kwargs: int has no name"),
        (unknown_type, "Nowhere"),
        (untellable, "type cannot be written as JSON"),
        (lambda: 1, "pass name="),
    ],
)
def test_what_cannot_be_a_tool_is_refused_when_it_is_made(function, reason):
    with pytest.raises(ValueError, match=reason):
        tool(function)


@pytest.mark.parametrize("settings", [{"effect": "evil"}, {"timeout": 0}, {"ticks": 0}, {"name": "a b"}, {"memory": 0}])
def test_settings_are_checked(settings):
    with pytest.raises(ValueError):
        tool(move.function, **settings)


def test_other_callables_are_tools_too():
    class Counter:
        """Counts."""

        def __call__(self, by: int = 1) -> int:
            return by

        def again(self, by: int) -> int:
            return by

    boxed = Toolbox([tool(Counter(), name="counter"), Counter().again, tool(functools.partial(pow, 2), name="power")])
    assert [perform(each.name, each.function, each.bind(arguments)) for each, arguments in zip(
        boxed.values(), ({}, {"by": 2}, {"exp": 3}), strict=True)] == [Ok(1), Ok(2), Ok(8)]  # fmt: skip


# --- results -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("misdeed", MISDEEDS)
def test_whatever_a_function_does_becomes_a_value(misdeed):
    failed = perform("bad", answer, {"misdeed": misdeed})
    assert isinstance(failed, Failed) and failed.kind == "ToolFailed"
    assert failed.message.startswith("bad ") and len(failed.message) < 1000


def test_a_failure_says_what_and_where():
    message = perform("bad", answer, {"misdeed": "raise"}).message
    assert "ZeroDivisionError: division by zero (line " in message and "of misbehaving_tools.py)" in message
    assert "/" not in message


def test_a_coroutine_is_not_awaited():
    made = []
    failed = perform("later", lambda: made.append(asynchronous()) or made[0], {})
    assert isinstance(failed, Failed) and "a coroutine" in failed.message
    assert asyncio.run(made[0]) == 1


leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()


@given(st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8))
def test_json_comes_back_as_it_was(value):
    reply = perform("same", lambda: value, {})
    assert reply == Ok(value) and json.dumps(reply.value) == json.dumps(value)


def test_a_pydantic_model_writes_itself():
    assert perform("point", lambda: [Point(x=1)], {}) == Ok([{"x": 1, "y": 0.0}])


# --- toolboxes ---------------------------------------------------------------------------------------------


def test_a_toolbox_is_a_mapping_that_knows_near_names():
    box = Toolbox([move, count])
    assert list(box) == ["plane.move", "count"] and box["plane.move"] is move and len(box) == 2
    assert "plane.mov" not in box and box.get("nothing") is None
    with pytest.raises(UnknownTool) as error:
        box["plane.mov"]
    assert str(error.value) == "there is no tool 'plane.mov': did you mean plane.move?"
    assert isinstance(error.value, KeyError) and isinstance(error.value, ValueError)


def count(n: int) -> int:
    """Count."""
    return n


def test_a_name_is_given_once():
    box = Toolbox([move])
    assert box.register(move) is move
    with pytest.raises(ValueError, match="already"):
        box.register(count, name="plane.move")


def test_schemas_are_what_openai_compatible_servers_take():
    (schema,) = Toolbox([move]).schemas()
    assert schema["function"]["name"] == "plane__move" and schema["function"]["parameters"] == move.schema
    assert Toolbox([move])["plane__move"] is move
    assert json.loads(json.dumps(schema))["type"] == "function"


def test_a_toolbox_describes_itself():
    assert str(Toolbox([move])) == f"{move.signature}  [read]\n    Move a point in the plane."
