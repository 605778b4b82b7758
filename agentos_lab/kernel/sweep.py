"""Sweeps: one function over many settings, on as many processes or machines as there are.

Any executor of `concurrent.futures` serves; the documented one for several machines is Dask's, which gives the work of
a machine that is lost to another. As with a system call, a failure is a value: one setting that does not work, or
takes its worker down, costs no other result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError, Executor, Future, as_completed
from typing import Any

from agentos_lab.progress import progress_bar

from .isolation import parcel, unpack
from .reply import Failed

__all__ = ["sweep"]


def sweep(
    function: Callable[..., Any], settings: Iterable[Mapping[str, Any]], executor: Executor | None = None
) -> list[Any]:
    """Call a function with each of many settings.

    Args:
        function: What to call. It should be pure: after the loss of a machine it may be called again.
        settings: Arguments by name, a mapping for each call.
        executor: Who computes: ``dask.distributed.Client(…).get_executor()``, or a ProcessPoolExecutor, which gives up
            all that is not done when it loses a worker; None: this process, one after another.

    Returns:
        The results in the order of the settings, with a `Failed` for each that could not be had. An interrupt
        (KeyboardInterrupt) takes back what has not begun.

    Raises:
        ValueError: Settings that are no mapping.

    Example:
        >>> sweep(pow, [{"base": 2, "exp": n} for n in range(4)])
        [1, 2, 4, 8]
    """
    jobs = list(settings)
    for place, job in enumerate(jobs):
        if not isinstance(job, Mapping):
            raise ValueError(f"setting {place} must be a mapping of arguments by name, got {job!r}")
    with progress_bar(total=len(jobs), desc="sweep") as bar:
        if executor is None:
            results = []
            for job in jobs:
                results.append(_call(function, job))
                bar.update()
            return results
        target = _portable(function)
        futures = [_submitted(executor, target, dict(job)) for job in jobs]
        try:
            for _ in as_completed(futures):
                bar.update()
        finally:
            for future in futures:
                future.cancel()  # does nothing to those that are done
    return [_outcome(future) for future in futures]


def _portable(function: Callable[..., Any]) -> Any:
    """A function as another process can have it: its place or source, else itself (Dask can send closures)."""
    try:
        return parcel(function)
    except ValueError:
        return function


def _call(target: Any, job: Mapping[str, Any]) -> Any:
    """One call, at the worker's."""
    try:
        return (target if callable(target) else unpack(target))(**job)
    except Exception as error:
        return Failed(type(error).__name__, str(error))


def _submitted(executor: Executor, target: Any, job: dict[str, Any]) -> Future[Any]:
    """A call on its way; one that has failed if the executor does not take it."""
    try:
        return executor.submit(_call, target, job)
    except Exception as error:  # its workers are gone, or it was shut down
        refused: Future[Any] = Future()
        refused.set_exception(error)
        return refused


def _outcome(future: Future[Any]) -> Any:
    """What an executor made of a call."""
    error = CancelledError() if future.cancelled() else future.exception()
    if error is None:
        return future.result()
    return Failed(type(error).__name__, f"its worker was lost, or it could not be sent to one ({error}): try it again")
