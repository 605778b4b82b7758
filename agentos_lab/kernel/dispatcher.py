"""The dispatcher: gives the language core to whom the scheduler chose, and makes the context switches.

One tick: the scheduler chooses among all who want the core; who lost his place is marked as preempted; who was chosen
and is not in is put in (its prompt is read, or its snapshot restored); then one step decodes one token for all chosen
together. A preempted sequence keeps its slot until somebody else needs it, so that a switch back may cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Any

from .language_core import LanguageCore
from .process import Process
from .reply import Failed, Ok
from .scheduler import ProcessView, Scheduler
from .swap import Swap
from .syscall import Generate
from .trace import Trace

__all__ = ["Dispatcher", "Request"]

_ATTEMPTS = 2  # a request with which the core fails so often, alone, is at fault itself


@dataclass(eq=False)
class Request:
    """One `generate` on its way.

    Attributes:
        process: Who asks.
        settings: Of `LanguageCore.prefill`, prompt included.
        arrived, queued, done, running, ran, waited: As in `ProcessView`.
        charged: Tokens that were written to the process's account.
        sequence: Its number in the core; None: it is not in.
        slot: Which place of the core it has; for the charts.
        suspect: Whether the core failed while it was in; then it is decoded alone.
        failures: How often the core failed with it alone.
    """

    process: Process
    settings: dict[str, Any]
    arrived: int
    queued: int
    done: int = 0
    running: bool = False
    ran: int = 0
    waited: int = 0
    charged: int = 0
    sequence: int | None = None
    slot: int | None = None
    suspect: bool = False
    failures: int = 0

    @property
    def pid(self) -> str:
        """Number of the process."""
        return self.process.pid

    def view(self, now: int, priority: int) -> ProcessView:
        """What the scheduler sees."""
        waited = self.waited if self.running else now - self.queued
        return ProcessView(
            self.pid, self.arrived, self.queued, self.settings["max_new_tokens"], self.done, self.running, self.ran,
            waited, priority, self.process.stride,
        )  # fmt: skip


class Dispatcher:
    """The requests for one core.

    Args:
        core: The language core.
        scheduler: Chooses at every tick; may be exchanged at any time.
        trace: Where it is written down.
        swap_beyond: Bytes of snapshots that may stay in memory; None: all.
    """

    def __init__(self, core: LanguageCore, scheduler: Scheduler, trace: Trace, swap_beyond: int | None = None) -> None:
        self.core, self.scheduler, self.trace = core, scheduler, trace
        self.swap = Swap(core, swap_beyond)
        self.queue: dict[str, Request] = {}  # in the order of the queue
        self._slots: list[Request | None] = [None] * core.slots
        self._share = 0.0  # the least that anybody in the queue has had for his weight, at any time so far

    def __len__(self) -> int:
        return len(self.queue)

    def submit(self, process: Process, call: Generate, seed: int, now: int) -> None:
        """A new request joins the queue."""
        settings = {**call.record(), "seed": seed}
        process.stride = max(process.stride, self._share)  # no credit for the time without requests
        self.queue[process.pid] = Request(process, settings, arrived=now, queued=now)
        process.state = "queued"
        self.trace.add(now, process.pid, "queued")

    def withdraw(self, pid: str) -> None:
        """A request is over: it ended, or nobody wants its reply any more."""
        request = self.queue.pop(pid, None)
        if request is not None:
            self._vacate(request)
            self.swap.drop(pid)

    def tick(self, now: int, priority: Callable[[str], int]) -> list[tuple[Process, Ok | Failed]]:
        """One decode step.

        Args:
            now: Virtual time.
            priority: Effective priority of a process by its number.

        Returns:
            The requests that ended with it, and their replies.
        """
        ended: list[tuple[Process, Ok | Failed]] = []
        batch = self._choose(now, priority)
        for request in [each for each in self.queue.values() if each.running and each not in batch]:
            self._preempt(request, now)
        for request in list(batch):
            failure = self._put_in(request, batch, now)
            if failure is not None:
                batch.remove(request)
                ended.append((request.process, failure))
        finished = self._step(batch, now, ended)
        for request in batch:
            ended += self._account(request, finished.get(request.sequence), now)
        for process, _ in ended:
            self.withdraw(process.pid)
        return ended

    def _choose(self, now: int, priority: Callable[[str], int]) -> list[Request]:
        suspects = [request for request in self.queue.values() if request.suspect]
        if suspects:  # the core failed with them: one alone, to find the one that it fails with
            return suspects[:1]
        self._share = max(self._share, min(request.process.stride for request in self.queue.values()))
        views = [request.view(now, priority(pid)) for pid, request in self.queue.items()]
        chosen = list(dict.fromkeys(self.scheduler(views, self.core.slots, now)))
        strangers = [pid for pid in chosen if pid not in self.queue]
        if strangers or len(chosen) > self.core.slots or not chosen:
            raise ValueError(
                f"the scheduler {self.scheduler!r} chose {chosen}; it must choose between 1 and {self.core.slots} of "
                f"{[view.pid for view in views]}"
            )
        if not self.core.preemptible:
            running = [pid for pid, request in self.queue.items() if request.running]
            chosen = list(dict.fromkeys([*running, *chosen]))[: self.core.slots]
        return [self.queue[pid] for pid in chosen]

    def _preempt(self, request: Request, now: int) -> None:
        request.running, request.ran, request.queued = False, 0, now
        request.process.state = "queued"
        self.queue[request.pid] = self.queue.pop(request.pid)  # to the end of the queue
        self.trace.add(now, request.pid, "queued", preempted=True)

    def _put_in(self, request: Request, batch: Sequence[Request], now: int) -> Failed | None:
        """Make sure that a request is in the core; the failure if its prompt cannot be read."""
        if request.sequence is None:
            if None not in self._slots:
                self._swap_out(next(each for each in self._slots if each is not None and each not in batch), now)
            start = perf_counter()
            request.sequence = self._swap_in(request, now)
            kind = "prefill" if request.sequence is None else "switch in"
            try:
                if request.sequence is None:
                    request.done = 0
                    request.sequence = self.core.prefill(**request.settings)
            except ValueError as error:
                return Failed("ValueError", str(error))
            except Exception as error:  # whatever the core does must not reach the other agents
                return Failed("CoreFailed", f"{type(error).__name__} while the prompt was read: {error}")
            request.slot = self._slots.index(None)
            self._slots[request.slot] = request
            self.trace.add(now, request.pid, kind, seconds=perf_counter() - start)
        if not request.running:
            request.running, request.ran, request.waited = True, 0, now - request.queued
            request.process.state = "decoding"
            self.trace.add(now, request.pid, "decoding", slot=request.slot)
        return None

    def _swap_out(self, request: Request, now: int) -> None:
        start, before = perf_counter(), self.swap.written
        try:
            self.swap.put(request.pid, self.core.snapshot(request.sequence))  # type: ignore[arg-type]
        except Exception as error:  # a full disk, say: the other agents have no part in it
            request.suspect = request.pid not in self.swap.in_memory
            self.trace.add(now, request.pid, "swap failed", error=f"{type(error).__name__}: {error}")
        self._vacate(request)
        to_disk = self.swap.written - before
        self.trace.add(now, request.pid, "switch out", seconds=perf_counter() - start, to_disk=to_disk)

    def _swap_in(self, request: Request, now: int) -> int | None:
        """Restore a snapshot; None: there is none, or none that can be read, and the text begins from its prompt.

        Then it runs alone and to its end: taken out and lost time and again, it would never come there.
        """
        try:
            snapshot = self.swap.take(request.pid, **request.settings)
            return None if snapshot is None else self.core.restore(snapshot)
        except Exception as error:
            self.trace.add(now, request.pid, "swap failed", error=f"{type(error).__name__}: {error}")
            request.suspect = True
            return None

    def _vacate(self, request: Request) -> None:
        if request.sequence is not None and request.slot is not None:
            self.core.release(request.sequence)
            self._slots[request.slot] = None
            request.sequence = request.slot = None

    def _step(
        self, batch: list[Request], now: int, ended: list[tuple[Process, Ok | Failed]]
    ) -> dict[int | None, bool | Exception]:
        """One token for each; if the core fails, everyone of the batch begins again from its prompt."""
        if not batch:
            return {}
        start = perf_counter()
        try:
            finished = dict(self.core.step([request.sequence for request in batch]))  # type: ignore[misc]
        except BaseException as error:
            self.trace.add(now, "", "core failed", error=f"{type(error).__name__}: {error}", batch=len(batch))
            ended += self._begin_again(batch, error, now)
            batch.clear()
            if not isinstance(error, Exception):  # the user's interrupt; all others stay away from the other agents
                raise
            return {}
        pids = [request.pid for request in batch]
        self.trace.add(now, "", "step", pids=pids, seconds=perf_counter() - start)
        return finished  # type: ignore[return-value]

    def _begin_again(self, batch: Sequence[Request], error: BaseException, now: int) -> list[tuple[Process, Failed]]:
        """After a failure of the core, nobody knows what is in it: everyone reads his prompt again.

        With the same random numbers the same tokens come. The request that the core fails with is found by decoding
        each alone.
        """
        at_fault = []
        for request in batch:
            self._vacate(request)
            request.done = 0
            if isinstance(error, Exception):
                request.failures += len(batch) == 1
                request.suspect = True
            if request.failures >= _ATTEMPTS:
                message = f"the language core failed {_ATTEMPTS} times with it alone: {type(error).__name__}: {error}"
                at_fault.append((request.process, Failed("CoreFailed", message)))
            else:
                self._preempt(request, now)
        return at_fault

    def _account(
        self, request: Request, finished: bool | Exception | None, now: int
    ) -> list[tuple[Process, Ok | Failed]]:
        """Write a token to its process's account; the reply if the request is over."""
        process = request.process
        if isinstance(finished, Exception):  # a failure of this request, and no other
            return [(process, Failed("CoreFailed", str(finished)))]
        request.done += 1
        request.ran += 1
        process.stride += 1 / process.weight
        if request.done > request.charged:  # after a failure of the core some come for a second time
            exceeded = process.exceeds("tokens")
            if exceeded is not None:
                return [(process, exceeded)]
            process.charge("tokens")
            process.spent += 1
            request.charged += 1
        if not finished:
            return []
        try:
            reply = self.core.reply(request.sequence)  # type: ignore[arg-type]
        except Exception as error:  # of this text alone
            return [(process, Failed("CoreFailed", f"{type(error).__name__} in the reply: {error}"))]
        process.spent = len(reply["tokens"])
        process.charge("tokens", len(reply["tokens"]) - request.charged)  # a step may end a text without a token
        return [(process, Ok(reply))]
