"""Compare two ways of doing the same thing: interleaved, so that whatever else the machine does hits both alike."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time

__all__ = ["Comparison", "compare", "environment", "rates"]


@dataclass(frozen=True)
class Comparison:
    """Median times of both, in seconds a call.

    Attributes:
        candidate, baseline: By the clock on the wall.
        candidate_processor, baseline_processor: Of all processors together, in this process: on a busy machine the
            steadier measure.
        repeat: Number of rounds.
    """

    candidate: float
    baseline: float
    candidate_processor: float
    baseline_processor: float
    repeat: int

    @property
    def ratio(self) -> float:
        """How many times faster the candidate is by the clock."""
        return self.baseline / self.candidate

    @property
    def processor_ratio(self) -> float:
        """How many times less processor time the candidate takes."""
        return self.baseline_processor / self.candidate_processor

    def __str__(self) -> str:
        return (
            f"{1e3 * self.candidate:.1f} ms against {1e3 * self.baseline:.1f} ms: {self.ratio:.2f}x "
            f"(processor time {self.processor_ratio:.2f}x), medians of {self.repeat}"
        )


def compare(
    candidate: Callable[[], object], baseline: Callable[[], object], repeat: int = 7, *, warm_up: int = 2
) -> Comparison:
    """Call both in turn and compare the medians of their times.

    Args:
        candidate: Does the work our way.
        baseline: Does the same work the other way.
        repeat: Number of timed rounds.
        warm_up: Rounds before them that are not timed.
    """
    wall: dict[Callable[[], object], list[float]] = {candidate: [], baseline: []}
    processor: dict[Callable[[], object], list[float]] = {candidate: [], baseline: []}
    for number in range(warm_up + repeat):
        for function in wall:
            start, start_processor = perf_counter(), process_time()
            function()
            if number >= warm_up:
                wall[function].append(perf_counter() - start)
                processor[function].append(process_time() - start_processor)
    medians = [median(times[function]) for times in (wall, processor) for function in (candidate, baseline)]
    return Comparison(*medians, repeat=repeat)


def environment(packages: Sequence[str]) -> str:
    """Where a result was measured: processor, Python and the versions of the named packages, on one line."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    return f"{platform.machine()} {platform.system()}, Python {platform.python_version()}, {versions}"


def rates(name: str, result: Comparison, amount: float, baseline_amount: float | None = None, aim: float = 0.0) -> str:
    """A row of a table: amounts per second of both, how they compare by the clock and by processor time, and the aim.

    Args:
        name: What was measured.
        result: Times of a call.
        amount, baseline_amount: What the candidate and the baseline did in a call; the same when left out.
        aim: Ratio to reach by the clock; 0 for none.
    """
    baseline_amount = amount if baseline_amount is None else baseline_amount
    share = amount / baseline_amount
    ratio = share * result.ratio
    verdict = "" if not aim else f">= {aim:g} {'met' if ratio >= aim else 'MISSED'}"
    return (
        f"{name:<46}{amount / result.candidate:>13,.0f}{baseline_amount / result.baseline:>13,.0f}"
        f"{ratio:>8.2f}{share * result.processor_ratio:>11.2f}  {verdict}"
    ).rstrip()
