"""Same bits: does a sequence get the same numbers, bit for bit, in every slot and beside every neighbour?

Floating-point sums depend on their order, and the order on the shape of a product, its place in the batch and the
number of threads. So this is no theorem: it is measured, on the machine and with the model at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from .sequence_snapshot import SequenceSnapshot

if TYPE_CHECKING:
    from .serving import ContinuousBatch

__all__ = ["SameBits", "measure_same_bits"]


@dataclass(frozen=True)
class SameBits:
    """Whether a sequence gets the same bits in every slot and beside every neighbour, as measured.

    Attributes:
        in_every_slot: The same logits, bit for bit, in all slots.
        with_any_neighbours: The same logits, bit for bit, whoever is in the other slots.
        largest_difference: Between logits that should be equal; 0 when both hold.
        slots: Number of slots.
        threads: Number of torch's threads during the test.
    """

    in_every_slot: bool
    with_any_neighbours: bool
    largest_difference: float
    slots: int
    threads: int

    @property
    def hold(self) -> bool:
        """Both hold."""
        return self.in_every_slot and self.with_any_neighbours

    def __str__(self) -> str:
        return (
            f"{self.slots} slots, {self.threads} thread{'s' if self.threads > 1 else ''}: "
            f"the same bits in every slot: {'yes' if self.in_every_slot else 'no'}; "
            f"with any neighbours: {'yes' if self.with_any_neighbours else 'no'} "
            f"(largest difference {self.largest_difference:.1e})"
        )

    __repr__ = __str__


def measure_same_bits(batch: ContinuousBatch, prompt: Sequence[int]) -> SameBits:
    """Compare the logits of one sequence in all slots, alone among equals and among strangers.

    Args:
        batch: An empty batch; it is empty again afterwards. It takes one prompt and four steps.
        prompt: Token ids of the sequence that is compared.

    Raises:
        ValueError: The batch is not empty.
    """
    if batch.sequences:
        raise ValueError("the self-test needs an empty batch; release its sequences, or make another batch")
    sequence = batch.admit(prompt, max_new_tokens=1)
    probe = batch.snapshot(sequence)
    batch.release(sequence)
    alike = _first_logits(batch, [probe] * batch.slots)  # (B, V)
    slots = sorted({0, batch.slots // 2, batch.slots - 1})
    beside = [
        _first_logits(batch, [probe if row == slot else None for row in range(batch.slots)])[slot] for slot in slots
    ]
    differences = [(alike[slot] - logits).abs().max() for slot, logits in zip(slots, beside, strict=True)]
    return SameBits(
        in_every_slot=all(torch.equal(logits, alike[0]) for logits in alike),
        with_any_neighbours=all(torch.equal(alike[s], logits) for s, logits in zip(slots, beside, strict=True)),
        largest_difference=float(max([(alike - alike[0]).abs().max(), *differences])),
        slots=batch.slots,
        threads=1 if batch.one_thread else torch.get_num_threads(),
    )


def _first_logits(batch: ContinuousBatch, probes: Sequence[SequenceSnapshot | None]) -> Tensor:
    """Logits (B, V) of each slot's next token, beside strangers of one token in slots without a probe."""
    admitted = [
        batch.admit([slot % batch.model.config.vocab_size], max_new_tokens=1, slot=slot)
        if probe is None
        else batch.restore(probe, slot=slot)
        for slot, probe in enumerate(probes)
    ]
    steps = batch.step(admitted)
    for sequence in admitted:
        batch.release(sequence)
    return torch.stack([steps[sequence].logits for sequence in admitted])
