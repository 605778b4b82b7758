"""A language core behind the network: any server that speaks OpenAI's protocol (vLLM, llama.cpp, Ollama, …).

The server decodes, by its own schedule, and streams what it has; one thread for each open request takes it in. A step
hands out one chunk of each text of the batch, as if it were one token (most servers send a chunk a token). A text
cannot be taken out and put back, so the core is not preemptible: who has begun finishes. Needs the extra `openai`.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any

from .reply import CoreFailed

__all__ = ["OpenAICore"]

Piece = tuple[str, str | None]  # text of a chunk, and the reason if it is the last one


class OpenAICore:
    """A model on a server.

    A text as prompt goes to `/completions`, messages go to `/chat/completions`. A request that fails, stalls or is cut
    off fails alone, with `CoreFailed`; those beside it go on.

    Args:
        base_url: Of the server, with its version: ``"http://localhost:8000/v1"``.
        model: What the server calls it.
        slots: How many requests can be open at once.
        api_key: For servers that ask for one. It is never taken from the environment: it might be another server's.
        timeout: Seconds to wait for the next chunk of a text.
        retries: How often a request that has not been answered yet is sent again, after a pause that grows.

    Raises:
        ValueError: The address is none, or a number is out of its range.
        ModuleNotFoundError: The `openai` package is not installed.

    Example:
        >>> kernel = Kernel(OpenAICore("http://localhost:8000/v1", "HuggingFaceTB/SmolLM2-135M-Instruct"))
    """

    preemptible = False

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        slots: int = 8,
        api_key: str | None = None,
        timeout: float = 60.0,
        retries: int = 2,
    ) -> None:
        if not base_url.startswith(("http://", "https://")):
            raise ValueError(f"base_url must begin with http:// or https://, got {base_url!r}")
        if slots < 1 or not timeout > 0:
            raise ValueError(f"a core needs at least one slot and some time, got slots={slots}, timeout={timeout}")
        try:
            from openai import OpenAI  # here, because it takes a second, and few need it
        except ModuleNotFoundError as error:
            hint = "install it with: python -m pip install openai"
            raise ModuleNotFoundError(f"OpenAICore needs the package openai; {hint}") from error
        self.base_url, self.model, self.slots, self.timeout = base_url, model, slots, timeout
        self._client = OpenAI(
            base_url=base_url, api_key=api_key or "none", timeout=timeout, max_retries=retries
        )  # which refuses to start without any key
        self._open: dict[int, _Stream] = {}
        self._next = 0

    def prefill(self, prompt: str | Sequence[Mapping[str, str]], *, seed: int, **settings: Any) -> int:
        """Send a request; the settings are those of `Generate`.

        Raises:
            ValueError: The protocol has no such setting, or all slots are taken.
        """
        if len(self._open) >= self.slots:
            raise ValueError(f"all {self.slots} slots are taken")
        body = request_body(prompt, seed=seed, **settings) | {"model": self.model}
        create = (self._client.chat if "messages" in body else self._client).completions.create
        stream = _Stream(body["max_tokens"])
        threading.Thread(target=stream.read, args=(create, body), name="openai", daemon=True).start()
        self._next += 1
        self._open[self._next] = stream
        return self._next

    def step(self, batch: Sequence[int]) -> dict[int, bool | Exception]:
        """One more chunk each, waited for; instead of whether a text has ended, the exception that ended it."""
        deadline = monotonic() + self.timeout
        return {sequence: self._take(self._open[sequence], deadline) for sequence in batch}

    def _take(self, stream: _Stream, deadline: float) -> bool | Exception:
        piece: Piece | Exception | None = None
        while piece is None:
            left = deadline - monotonic()
            with contextlib.suppress(Empty):  # in short turns, so that the user can interrupt it on every system
                piece = stream.queue.get(timeout=max(0.0, min(left, 0.2)))
            if piece is None and left <= 0:
                piece = TimeoutError(f"it sent nothing for {self.timeout:g} s")
        if isinstance(piece, Exception):
            said = f"{type(piece).__name__}: {piece.__cause__ or piece}"[:600]
            return CoreFailed(f"{self.base_url} did not serve the request ({said}): see to the server, or ask again")
        stream.pieces.append(piece)
        return piece[1] is not None

    def reply(self, sequence: int) -> dict[str, Any]:
        """The text so far. Servers do not tell tokens: there is one number for each chunk, made of its text."""
        pieces = self._open[sequence].pieces
        return {
            "text": "".join(text for text, _ in pieces),
            "tokens": [zlib.crc32(text.encode(errors="replace")) for text, _ in pieces],
            "logprobs": [],
            "finish_reason": pieces[-1][1] if pieces else None,
        }

    def release(self, sequence: int) -> None:
        """Free its slot, and hang up if the server is not done."""
        self._open.pop(sequence).hang_up()

    def snapshot(self, sequence: int) -> Any:
        """There is none."""
        raise RuntimeError("a text on a server cannot be taken out: OpenAICore is not preemptible")

    def restore(self, snapshot: Any) -> int:
        """There is nothing to restore."""
        raise RuntimeError("a text on a server cannot be put back: OpenAICore is not preemptible")


def request_body(
    prompt: str | Sequence[Mapping[str, str]],
    *,
    seed: int,
    max_new_tokens: int = 64,
    temperature: float = 0.0,
    top_k: int | None = None,
    top_p: float | None = None,
    stop: Sequence[str] = (),
    constraint: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """What is sent for a prompt and its settings, but for the model.

    Raises:
        ValueError: The protocol has no such setting; to leave it out silently would give another reply than asked for.
    """
    body: dict[str, Any] = {"max_tokens": max_new_tokens, "temperature": temperature, "seed": seed, "stream": True}
    body |= {"prompt": prompt} if isinstance(prompt, str) else {"messages": [dict(each) for each in prompt]}
    body |= {"top_p": top_p} if top_p is not None else {}
    body |= {"stop": list(stop)} if stop else {}
    if top_k is not None:
        raise ValueError("OpenAI's protocol has no top_k: use top_p, or temperature=0 for top_k=1")
    if constraint is not None:
        if "schema" not in constraint:
            raise ValueError(f"OpenAI's protocol constrains by a schema only, not by {', '.join(constraint)}")
        if isinstance(prompt, str):
            raise ValueError('OpenAI\'s protocol constrains chats only: write [{"role": "user", "content": prompt}]')
        schema = {"name": "reply", "schema": dict(constraint["schema"]), "strict": True}
        body["response_format"] = {"type": "json_schema", "json_schema": schema}
    return body


@dataclass(eq=False)
class _Stream:
    """An open request.

    Attributes:
        limit: Most chunks.
        pieces: Those that were handed out.
        queue: Those that were not yet, each a `Piece`, or the exception that ended the stream.
    """

    limit: int
    pieces: list[Piece] = field(default_factory=list)
    queue: SimpleQueue[Piece | Exception] = field(default_factory=SimpleQueue)
    _response: Any = None
    _gone: bool = False

    def read(self, create: Any, body: Mapping[str, Any]) -> None:
        """Take in all that comes; the thread's work."""
        try:
            with create(**body) as stream:
                self._response = stream.response
                pieces = _pieces(stream, self.limit)
                while not self._gone and (piece := next(pieces, None)) is not None:
                    self.queue.put(piece)
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            self.queue.put(ValueError(f"what it sent is not OpenAI's protocol: {error}"))
        except Exception as error:  # of the network or the server: it belongs to the one who asked
            self.queue.put(error)

    def hang_up(self) -> None:
        """End the connection, so that the server need not go on and the thread wakes up."""
        self._gone = True
        if self._response is not None and not self._response.is_closed:
            with contextlib.suppress(Exception):  # it may have ended just now
                connection = self._response.extensions["network_stream"].get_extra_info("socket")
                connection.shutdown(socket.SHUT_RDWR)  # closing it would leave the thread waiting


def _pieces(chunks: Iterator[Any], limit: int) -> Iterator[Piece]:
    """The texts in a stream, at most so many, each once it is known whether another one follows."""
    held: str | None = None
    count = 0
    for chunk in chunks:
        for choice in chunk.choices:  # there is none in a chunk that counts tokens
            text, reason = _text(choice), choice.finish_reason
            if text is not None:
                if held is not None:
                    count += 1
                    yield held, "length" if count == limit else None
                    if count == limit:
                        return
                held = text
            if reason is not None:
                yield held or "", reason
                return
    raise EOFError("the stream ended in the middle of the text")


def _text(choice: Any) -> str | None:
    """What a chunk adds to the text; "" for a thought that is not part of it, None for neither."""
    delta = getattr(choice, "delta", None)
    text = choice.text if delta is None else delta.content
    if text:
        return str(text)
    thought = getattr(delta, "reasoning_content", None) or getattr(delta, "reasoning", None)
    return "" if thought else None
