"""Swapping: snapshots of waiting sequences kept in memory up to a budget, the rest on disk.

The keys and values of a long text are megabytes. Many agents that wait for their turn would fill the memory; those who
have waited in it the longest are written to disk, and read again when their turn comes.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

__all__ = ["Swap"]


@dataclass
class Swap:
    """Where the snapshots of preempted sequences are.

    Attributes:
        core: Whose snapshots; it can `save` and `load` them.
        budget: Bytes that may stay in memory; None: all.
        in_memory: Process -> snapshot, the one put in first first.
        on_disk: Process -> file.
        written: How often a snapshot went to disk.
    """

    core: Any
    budget: int | None = None
    in_memory: dict[str, Any] = field(default_factory=dict)
    on_disk: dict[str, Path] = field(default_factory=dict)
    written: int = 0
    _folder: tempfile.TemporaryDirectory[str] | None = None

    def __post_init__(self) -> None:
        if self.budget is not None and not hasattr(self.core, "save"):
            raise ValueError(f"{type(self.core).__name__} cannot save snapshots to disk: leave swap_beyond out")

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return sum(snapshot.nbytes for snapshot in self.in_memory.values())

    def put(self, pid: str, snapshot: Any) -> int:
        """Keep a snapshot; how many had to go to disk for it. An error if that failed: then they stay in memory."""
        self.in_memory[pid] = snapshot
        before = self.written
        while self.budget is not None and self.nbytes > self.budget and self.in_memory:
            oldest, path = next(iter(self.in_memory)), self._file()
            self.core.save(self.in_memory[oldest], path)
            self.on_disk[oldest] = path
            del self.in_memory[oldest]
            self.written += 1
        return self.written - before

    def take(self, pid: str, **settings: Any) -> Any | None:
        """Get a snapshot back, from wherever it is; None: there is none."""
        if pid in self.on_disk:
            path = self.on_disk.pop(pid)
            try:
                return self.core.load(path, **settings)
            finally:
                path.unlink(missing_ok=True)
        return self.in_memory.pop(pid, None)

    def drop(self, pid: str) -> None:
        """Forget a snapshot, if there is one."""
        self.in_memory.pop(pid, None)
        path = self.on_disk.pop(pid, None)
        if path is not None:
            path.unlink(missing_ok=True)

    def _file(self) -> Path:
        if self._folder is None:  # removed with the object, or at the interpreter's end
            self._folder = tempfile.TemporaryDirectory(prefix="agentos-lab-swap-")
        return Path(self._folder.name) / f"{self.written}.safetensors"
