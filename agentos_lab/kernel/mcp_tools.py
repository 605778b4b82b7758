"""Tools of other programs, and ours for them, by the Model Context Protocol (https://modelcontextprotocol.io).

`mcp_tools` starts a server and makes a `Tool` of each that it offers; `serve_mcp` offers ours. A server that dies or
hangs makes the call fail, and is started again for the next one: no call waits for ever, and none is made twice. What a
server says was written by strangers, so its tools are not trusted: whoever reads them is marked. Needs the extra `mcp`.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import functools
import json
import os
import re
import shlex
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from agentos_lab.errors import ToolFailed

from .reply import Failed
from .tool_run import start
from .tools import Effect, Tool, Toolbox, UnknownTool

if TYPE_CHECKING:
    from mcp import Client

    Request = Callable[[Client], Coroutine[Any, Any, Any]]

__all__ = ["mcp_tools", "serve_mcp"]

_STARTING = 30.0  # seconds for a server, beside those for the call


def mcp_tools(
    command: str | Sequence[str],
    *,
    prefix: str = "",
    effect: Effect | None = None,
    timeout: float = 10.0,
    env: dict[str, str] | None = None,
) -> list[Tool]:
    """Start an MCP server and list its tools.

    Args:
        command: How to start it: ``"python my_server.py"``, or a list of words.
        prefix: Put before every name, e.g. ``"files."``.
        effect: Of all its tools; None: as the server describes each, and irreversible where it does not.
        timeout: Seconds for each call.
        env: Environment variables beside the usual ones.

    Raises:
        ToolFailed: The server could not be started, or did not answer in time.
    """
    words = shlex.split(command, posix=os.name == "posix") if isinstance(command, str) else list(command)
    server = _Server(words, env)
    atexit.register(server.close)
    return [_tool(server, offered, prefix, effect, timeout) for offered in server.ask(_list, _STARTING)]


async def _list(client: Client) -> list[Any]:
    """All tools of a server, page by page."""
    page = await client.list_tools()
    offered = list(page.tools)
    while page.next_cursor and len(offered) < 10_000:
        page = await client.list_tools(cursor=page.next_cursor)
        offered += page.tools
    return offered


def _tool(server: _Server, offered: Any, prefix: str, effect: Effect | None, timeout: float) -> Tool:
    """Ours for one of theirs."""

    def call(**arguments: Any) -> Any:
        result = server.ask(lambda client: client.call_tool(offered.name, arguments), timeout)
        texts = [getattr(part, "text", f"[{part.type}]") for part in result.content]
        if result.is_error:
            raise ToolFailed("\n".join(texts))
        value = result.structured_content
        if value is None:
            return "\n".join(texts)
        return value["result"] if isinstance(value, dict) and value.keys() == {"result"} else value

    return Tool(
        prefix + re.sub(r"[^\w.-]", "_", offered.name), call, offered.description or "", offered.input_schema,
        _validator(offered.input_schema), effect or _effect(offered.annotations), timeout + _STARTING, trusted=False,
    )  # fmt: skip


def _effect(hints: Any) -> Effect:
    """What the server says of a tool; where it says nothing, the protocol assumes the worst."""
    if hints is not None and hints.read_only_hint:
        return "read"
    return "write" if hints is not None and hints.destructive_hint is False else "irreversible"


def _validator(schema: Mapping[str, Any]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Check arguments by a JSON schema that came from elsewhere."""
    from jsonschema.exceptions import SchemaError
    from jsonschema.validators import validator_for
    from referencing import Registry

    checker = validator_for(schema)(schema, registry=Registry())  # which looks nothing up in the network

    def validate(arguments: Mapping[str, Any]) -> dict[str, Any]:
        with contextlib.suppress(SchemaError):  # the server must know
            wrong = [
                f"  {error.json_path[2:] or 'arguments'}: {error.message}" for error in checker.iter_errors(arguments)
            ]
            if wrong:
                raise ValueError("\n".join(wrong))
        return dict(arguments)

    return validate


class _Server:
    """A server program; it is started when it is needed, also again."""

    def __init__(self, command: Sequence[str], env: dict[str, str] | None) -> None:
        self._command, self._env = command, env
        self._connection: asyncio.Future[Client] | None = None  # all of this lives in the thread of _loop
        self._task: asyncio.Task[None] | None = None

    def ask(self, request: Request, timeout: float) -> Any:
        """Send a request and wait for the answer; ToolFailed when there is none in time."""
        return asyncio.run_coroutine_threadsafe(self._ask(request, timeout), _loop()).result()

    async def _ask(self, request: Request, timeout: float) -> Any:
        connection = self._connection = self._connection or self._connect()
        try:
            client = await asyncio.wait_for(asyncio.shield(connection), _STARTING)
            return await asyncio.wait_for(request(client), timeout)
        except Exception as error:
            if getattr(error, "code", _GONE) == _GONE and self._connection is connection:
                started = connection.done() and connection.exception() is None
                self._hang_up()
                self._connection = self._connect() if started else None  # at once, so that the next call need not wait
            said = f"no answer in {timeout:g} s" if isinstance(error, asyncio.TimeoutError) else str(error)
            raise ToolFailed(f"the MCP server {' '.join(self._command)!r} failed: {said}") from None

    def _connect(self) -> asyncio.Future[Client]:
        connection: asyncio.Future[Client] = asyncio.get_running_loop().create_future()
        self._task = asyncio.create_task(self._serve(connection))
        return connection

    async def _serve(self, connection: asyncio.Future[Client]) -> None:
        """Hold a connection until the task is cancelled."""
        from mcp import Client
        from mcp.client.stdio import StdioServerParameters, stdio_client

        parameters = StdioServerParameters(command=self._command[0], args=list(self._command[1:]), env=self._env)
        try:
            with open(os.devnull, "w") as nowhere:  # the server's own log; a notebook has no stream for it
                async with Client(stdio_client(parameters, errlog=nowhere)) as client:
                    connection.set_result(client)
                    await asyncio.Event().wait()
        except BaseException as error:
            while isinstance(inner := getattr(error, "exceptions", None), tuple):
                error = inner[0]
            if not connection.done():
                connection.set_exception(ToolFailed(f"it could not be started ({error})"))
                connection.exception()  # it may be that nobody waits for it any more

    def _hang_up(self) -> asyncio.Task[None] | None:
        """End the server."""
        self._connection, task = None, self._task
        if task is not None:
            task.cancel()
        return task

    def close(self) -> None:
        """End the server for good: first politely, after two seconds by force."""

        async def end() -> None:
            if (task := self._hang_up()) is not None:
                await asyncio.wait([task], timeout=5)

        asyncio.run_coroutine_threadsafe(end(), _loop()).result(6)


_GONE = -32000  # the protocol's code for a connection that was closed


@functools.cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop for all servers, in a daemon thread."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="mcp", daemon=True).start()
    return loop


def serve_mcp(toolbox: Toolbox, name: str = "agentos-lab") -> None:
    """Offer tools to any MCP client over standard input and output, until it hangs up.

    Arguments are checked, time limits and isolation hold; whether a call is allowed is for the client to decide, which
    is told each tool's effect.

    Args:
        toolbox: The tools.
        name: Of the server.
    """
    import anyio
    import mcp_types as types
    from mcp.server.lowlevel import Server
    from mcp.server.stdio import stdio_server

    def offer(each: Tool) -> types.Tool:
        hints = types.ToolAnnotations(
            read_only_hint=each.effect in ("pure", "read"), destructive_hint=each.effect == "irreversible"
        )
        return types.Tool(
            name=each.name, description=each.description, input_schema=dict(each.schema), annotations=hints
        )

    async def list_tools(context: Any, parameters: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[offer(each) for each in toolbox.values()])

    def call(name: str, arguments: dict[str, Any]) -> types.CallToolResult:
        try:
            reply = start(toolbox[name], arguments).result()
        except UnknownTool as error:
            reply = Failed("ValueError", str(error))
        failed = isinstance(reply, Failed)
        text = reply.message if isinstance(reply, Failed) else json.dumps(reply.value, ensure_ascii=False)
        value = None if isinstance(reply, Failed) else {"result": reply.value}
        content = types.TextContent(type="text", text=text)
        return types.CallToolResult(content=[content], structured_content=value, is_error=failed)

    async def call_tool(context: Any, parameters: types.CallToolRequestParams) -> types.CallToolResult:
        return await anyio.to_thread.run_sync(call, parameters.name, parameters.arguments or {})

    async def serve() -> None:
        server = Server(name, on_list_tools=list_tools, on_call_tool=call_tool)
        async with stdio_server() as (incoming, outgoing), contextlib.AsyncExitStack() as stack:
            stack.enter_context(contextlib.redirect_stdout(sys.stderr))  # what a tool prints is no message
            await server.run(incoming, outgoing, server.create_initialization_options())

    anyio.run(serve)
