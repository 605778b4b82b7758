"""The Model Context Protocol, with real servers in processes of their own, one by its own library and one by ours."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from textwrap import dedent

import jsonschema
import pytest

from agentos_lab.errors import ToolFailed
from agentos_lab.kernel.mcp_tools import mcp_tools
from agentos_lab.kernel.reply import Failed, Ok
from agentos_lab.kernel.tool_run import start
from agentos_lab.kernel.tools import Toolbox

ROOT = Path(__file__).resolve().parents[2]
THEIRS = """
    import os, time
    from mcp.server import MCPServer
    from mcp_types import ImageContent, ToolAnnotations

    server = MCPServer("theirs")

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    def add(a: int, b: int = 1) -> int:
        "Add two numbers."
        return a + b

    @server.tool(annotations=ToolAnnotations(destructive_hint=False))
    def echo(text: str) -> str:
        print("this is no message")
        return text

    @server.tool()
    def pid() -> int:
        return os.getpid()

    @server.tool()
    def words() -> list[str]:
        return ["a", "b"]

    @server.tool()
    def picture() -> ImageContent:
        return ImageContent(type="image", data="", mime_type="image/png")

    @server.tool()
    def refuse() -> str:
        from mcp.server.mcpserver.exceptions import ToolError
        raise ToolError("not today")

    @server.tool()
    def die() -> str:
        os._exit(3)

    @server.tool()
    def hang() -> str:
        time.sleep(60)

    server.run()
"""
OURS = """
    import os, time
    from agentos_lab.kernel.mcp_tools import serve_mcp
    from agentos_lab.kernel.tools import Toolbox, tool

    @tool(effect="write", name="plain.add")
    def add(a: int, b: int = 2) -> int:
        "Add."
        print("this is no message", flush=True)
        return a + b

    @tool(timeout=0.2)
    def hang() -> str:
        time.sleep(60)

    @tool(effect="irreversible")
    def exit(code: int) -> dict:
        raise SystemExit(code)

    @tool
    def table() -> dict:
        return {"é": [1, None]}

    serve_mcp(Toolbox([add, hang, exit, table]))
"""


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("servers")
    for name, text in (("theirs", THEIRS), ("ours", OURS)):
        (folder / f"{name}.py").write_text(dedent(text))
    return folder


@pytest.fixture(scope="module")
def theirs(servers):
    return Toolbox(mcp_tools([sys.executable, str(servers / "theirs.py")], prefix="their.", timeout=5))


@pytest.fixture(scope="module")
def ours(servers):
    return Toolbox(mcp_tools([sys.executable, str(servers / "ours.py")], env={"PYTHONPATH": str(ROOT)}))


def call(toolbox, name, **arguments):
    return start(toolbox[name], arguments).result()


def test_a_server_offers_tools(theirs):
    add = theirs["their.add"]
    assert add.signature == "their.add(a: integer, b: integer = 1)" and add.description == "Add two numbers."
    assert not any(each.trusted for each in theirs.values())
    assert [theirs[f"their.{name}"].effect for name in ("add", "echo", "pid")] == ["read", "write", "irreversible"]
    for each in theirs.values():
        jsonschema.Draft202012Validator.check_schema(each.schema)


def test_their_results_are_values(theirs):
    assert call(theirs, "their.add", a=2) == Ok(3)
    assert call(theirs, "their.echo", text="é✓") == Ok("é✓")
    assert call(theirs, "their.words") == Ok(["a", "b"])
    assert call(theirs, "their.picture") == Ok("[image]")


def test_a_refusal_is_a_failure_of_the_tool(theirs):
    assert call(theirs, "their.refuse") == Failed(
        "ToolFailed", "their.refuse failed: Error executing tool refuse: not today"
    )


def test_arguments_are_checked_before_they_are_sent(theirs):
    reply = call(theirs, "their.add", b="x")
    assert reply.kind == "ValueError"
    assert "b: 'x' is not of type 'integer'" in reply.message and "'a' is a required property" in reply.message


def test_calls_run_at_the_same_time(theirs):
    running = [start(theirs["their.add"], {"a": n}) for n in range(50)]
    assert [each.result() for each in running] == [Ok(n + 1) for n in range(50)]


def test_a_server_that_dies_in_a_call_is_started_again(theirs):
    before = call(theirs, "their.pid").value
    began = time.monotonic()
    reply = call(theirs, "their.die")
    assert reply.kind == "ToolFailed" and "Connection closed" in reply.message and time.monotonic() - began < 3
    after = call(theirs, "their.pid").value
    assert after != before and call(theirs, "their.add", a=1) == Ok(2)


def test_a_server_that_is_killed_between_calls_costs_one_call(theirs):
    os.kill(call(theirs, "their.pid").value, signal.SIGKILL)
    assert call(theirs, "their.add", a=1).kind == "ToolFailed"
    assert call(theirs, "their.add", a=1) == Ok(2)


def test_a_server_that_hangs_is_ended_and_started_again(servers):
    box = Toolbox(mcp_tools([sys.executable, str(servers / "theirs.py")], timeout=1, effect="pure"))
    assert box["hang"].effect == "pure"
    pid = call(box, "pid").value
    reply = call(box, "hang")
    assert reply.kind == "ToolFailed" and "no answer in 1 s" in reply.message
    end = time.monotonic() + 8
    while Path(f"/proc/{pid}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
    assert call(box, "add", a=1) == Ok(2)


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-program --now", "could not be started"),
        ([sys.executable, "-c", "print('hello')"], "could not be started"),
    ],
)
def test_what_is_no_server_is_a_failure_at_once(command, said):
    with pytest.raises(ToolFailed, match=said):
        mcp_tools(command)


def test_our_tools_are_offered_with_their_limits(ours):
    add = ours["plain.add"]
    assert (add.signature, add.effect) == ("plain.add(a: integer, b: integer = 2)", "write")
    assert ours["exit"].effect == "irreversible" and ours["table"].effect == "read"
    assert call(ours, "plain.add", a=1) == Ok(3)
    assert call(ours, "table") == Ok({"é": [1, None]})
    assert "hang took longer than its 0.2 s" in call(ours, "hang").message
    assert "SystemExit: 4" in call(ours, "exit", code=4).message
    with pytest.raises(ToolFailed, match="a: expected a valid integer"):
        ours["plain.add"](a="x")  # past our own check, to try the server's


def test_another_client_understands_us(servers):
    from mcp import Client
    from mcp.client.stdio import StdioServerParameters

    async def talk():
        command = StdioServerParameters(
            command=sys.executable, args=[str(servers / "ours.py")], env={"PYTHONPATH": str(ROOT)}
        )
        async with Client(command) as client:
            listed = await client.list_tools()
            right = await client.call_tool("plain.add", {"a": 5})
            wrong = await client.call_tool("plain.ad", {})
            return [each.name for each in listed.tools], right, wrong

    names, right, wrong = asyncio.run(asyncio.wait_for(talk(), 30))
    assert names == ["plain.add", "hang", "exit", "table"]
    assert right.content[0].text == "7" and not right.is_error
    assert wrong.is_error and "did you mean plain.add?" in wrong.content[0].text


def test_a_server_that_hangs_keeps_nobody_from_leaving_and_does_not_stay(servers, tmp_path):
    program = f"""
        import sys, time
        from agentos_lab.kernel.mcp_tools import mcp_tools
        from agentos_lab.kernel.tool_run import start
        tools = {{tool.name: tool for tool in mcp_tools([sys.executable, {str(servers / "theirs.py")!r}], timeout=600)}}
        print(start(tools["pid"], {{}}).result().value, flush=True)
        start(tools["hang"], {{}})
        time.sleep(0.3)
    """
    done = subprocess.run([sys.executable, "-c", dedent(program)], cwd=ROOT, capture_output=True, text=True, timeout=40)
    assert done.returncode == 0, done.stderr
    assert not Path(f"/proc/{int(done.stdout)}").exists()
