"""A small server that speaks OpenAI's protocol over real sockets, and misbehaves when a prompt asks it to."""

from __future__ import annotations

import hashlib
import json
import select
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["OpenAIServer", "written"]

STATUS = {"400": 400, "401": 401, "404": 404, "422": 422, "429": 429, "500": 500, "503": 503}
RUBBISH = {
    "no JSON": b"{not JSON",
    "a list": b"[1, 2]",
    "a number": b'{"choices": 5}',
    "no choices": b'{"hello": "world"}',
    "empty choices": b'{"choices": [{}]}',
    "an error": b'{"error": {"message": "out of memory"}}',
    "no text": b"\xff\xfe\x00",
}


def written(prompt: str, seed: int, count: int) -> list[str]:
    """The words that an honest answer has."""
    digests = [hashlib.blake2b(f"{prompt}/{seed}/{n}".encode(), digest_size=2).hexdigest() for n in range(count)]
    return [f" é{digest}" for digest in digests]


class OpenAIServer(ThreadingHTTPServer):
    """Serves as long as its context lasts.

    Attributes:
        requests: Path, headers (by their names in small letters) and body of each, in the order of arrival.
        hung_up: Prompts of which the client closed the connection before the end.
        most: How many requests were open at once, at most.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.requests: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.hung_up: list[str] = []
        self.open = self.most = 0
        self.lock, self.closing = threading.Lock(), threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [body for _, _, body in self.requests]

    def times(self, prompt: str) -> int:
        """How often a prompt was sent."""
        return sum(said(body) == prompt for body in self.bodies)

    def __enter__(self) -> OpenAIServer:
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """A client that hung up is no error."""


def said(body: dict[str, Any]) -> str:
    return body["prompt"] if "prompt" in body else body["messages"][-1]["content"]


class Handler(BaseHTTPRequestHandler):
    """One request: an honest stream, or what the prompt says."""

    protocol_version = "HTTP/1.1"
    server: OpenAIServer

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            self.server.requests.append(
                (self.path, {name.lower(): value for name, value in self.headers.items()}, body)
            )
            self.server.open += 1
            self.server.most = max(self.server.most, self.server.open)
        self.prompt, self.chat = said(body), "messages" in body
        try:
            self.answer(body)
        except OSError:
            self.server.hung_up.append(self.prompt)
        finally:
            self.server.open -= 1

    def answer(self, body: dict[str, Any]) -> None:
        prompt, first = self.prompt, self.server.times(self.prompt) == 1
        if prompt in STATUS or (prompt == "fails once" and first):
            self.whole(
                STATUS.get(prompt, 500), json.dumps({"error": {"message": "no, sorry", "code": prompt}}).encode()
            )
        elif prompt == "a page":
            self.whole(502, b"<html>" + b"bad gateway " * 100_000)
        elif prompt == "not a stream":
            self.whole(200, b'{"choices": [{"text": "all at once", "finish_reason": "stop"}]}')
        elif prompt == "never answers":
            self.wait_for_hang_up()
        elif prompt == "dies at once":
            self.close_connection = True
        else:
            if prompt == "stalls late":
                time.sleep(0.3)
            self.stream(prompt, body)

    def whole(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def stream(self, prompt: str, body: dict[str, Any]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.chunk(b": welcome\n\n")
        if self.chat:
            self.event(role="assistant", content="")
        words = written(prompt, body["seed"], 10_000 if prompt == "endless" else body["max_tokens"])
        if prompt == "thinks":
            self.event(reasoning_content="hmm")
            self.event(reasoning_content="well")
            words = words[2:]
        elif prompt == "empty":
            words = []
        misdeed = prompt if prompt.split()[0] in ("stalls", "trickles", "dies", "ends", "done", "sends") else None
        for word in words[:3] if misdeed else words:
            if prompt == "slow":
                time.sleep(0.02)
            self.event(content=word)
        if misdeed:
            self.misbehave(prompt)
            return
        self.event(finish_reason="length" if words else "stop")
        self.data(b'{"choices": [], "usage": {"total_tokens": 9}}')
        self.data(b"[DONE]")
        self.chunk(b"")

    def misbehave(self, prompt: str) -> None:
        if prompt in ("stalls", "stalls late"):
            self.wait_for_hang_up()
        elif prompt == "trickles":
            while not self.server.closing.wait(0.02):
                self.chunk(b": still here\n\n")
        elif prompt == "dies":
            self.close_connection = True  # the last chunk of the transfer is missing
        elif prompt == "ends":
            self.chunk(b"")
        elif prompt == "done":
            self.data(b"[DONE]")
            self.chunk(b"")
        else:
            self.data(RUBBISH[prompt.removeprefix("sends ")])
            self.chunk(b"")

    def wait_for_hang_up(self) -> None:
        while not self.server.closing.is_set():
            if select.select([self.connection], [], [], 0.02)[0] and not self.connection.recv(1):
                raise ConnectionError

    def event(self, finish_reason: str | None = None, **delta: Any) -> None:
        content = {"delta": delta} if self.chat else {"text": delta.get("content", "")}
        choice = {"index": 0, "finish_reason": finish_reason, **content}
        self.data(json.dumps({"id": "x", "object": "chunk", "choices": [choice]}, ensure_ascii=False).encode())

    def data(self, content: bytes) -> None:
        self.chunk(b"data: " + content + b"\n\n")

    def chunk(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()
