"""Sequence snapshots: a text on its way, with all that it needs to go on, outside of any batch and on disk.

A snapshot is complete: tokens, sampling settings, the state of the random numbers, keys and values. Restored, in
another slot, another process or next week, the sequence goes on with the same bits as if it had never left.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from agentos_lab.tensor_file import read_tensors, write_tensors

from .decoding import Decoding
from .kv_cache import CacheSnapshot
from .sampling import Sampling

if TYPE_CHECKING:
    from .constraint import Constraint

__all__ = ["SequenceSnapshot", "load_snapshot", "save_snapshot"]

_FORMAT = "agentos-lab sequence snapshot, version 1"


@dataclass(frozen=True)
class SequenceSnapshot:
    """A sequence taken out of its batch, complete: it goes on anywhere as if it had never left.

    Attributes:
        decoding: Tokens, settings, random numbers and constraint.
        cache: Keys and values of the tokens read so far.
    """

    decoding: Decoding
    cache: CacheSnapshot

    @property
    def nbytes(self) -> int:
        """Size of the keys and values in bytes; the rest is small."""
        return self.cache.nbytes

    def __str__(self) -> str:
        return f"snapshot of {len(self.decoding.text)} tokens ({self.nbytes / 1e6:.1f} MB of keys and values)"

    __repr__ = __str__


def save_snapshot(snapshot: SequenceSnapshot, path: str | Path) -> Path:
    """Write a snapshot to one safetensors file, atomically; the constraint, if any, is not written.

    Args:
        snapshot: From `ContinuousBatch.snapshot`.
        path: The file.
    """
    decoding = snapshot.decoding
    tensors = {
        "keys": snapshot.cache.keys,
        "values": snapshot.cache.values,
        "generator": decoding.generator.get_state(),
    }
    facts = {
        "format": _FORMAT,
        "prompt": decoding.prompt,
        "tokens": decoding.tokens,
        "logprobs": decoding.logprobs,
        "sampling": vars(decoding.sampling),
        "max_new_tokens": decoding.max_new_tokens,
        "context": decoding.context,
        "stop_tokens": sorted(decoding.stop_tokens),
        "finish_reason": decoding.finish_reason,
        "constraint": None if decoding.constraint is None else decoding.constraint.description,
    }
    write_tensors(path, tensors, facts)
    return Path(path)


def load_snapshot(path: str | Path, *, constraint: Constraint | None = None) -> SequenceSnapshot:
    """Read a snapshot that `save_snapshot` wrote.

    Args:
        path: The file.
        constraint: The one that the sequence was written under, if any; its state is found by reading the tokens.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is damaged or of another kind, or the constraint is missing or another one.
    """
    tensors, facts = read_tensors(path)
    if facts.get("format") != _FORMAT:
        raise ValueError(f"{path} is no snapshot of a sequence: its format is {facts.get('format')!r}")
    if facts["constraint"] != (None if constraint is None else constraint.description):
        raise ValueError(
            f"the sequence in {path} was written under the constraint {facts['constraint']!r}; give the same one to "
            "load_snapshot (constraint=…)"
        )
    decoding = Decoding(
        tuple(facts["prompt"]),
        Sampling(**facts["sampling"]),
        torch.Generator(),
        facts["max_new_tokens"],
        facts["context"],
        frozenset(facts["stop_tokens"]),
        constraint=constraint,
        tokens=facts["tokens"],
        logprobs=facts["logprobs"],
        finish_reason=facts["finish_reason"],
    )
    decoding.generator.set_state(tensors["generator"])
    return SequenceSnapshot(decoding, CacheSnapshot(tensors["keys"], tensors["values"]))
