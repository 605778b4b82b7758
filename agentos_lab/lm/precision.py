"""Mixed precision: products in bfloat16, sums and parameters in float32, where the processor is faster that way.

bfloat16 keeps float32's range with three digits. A product of matrices bears that well, because rounding errors of
many terms cancel; a parameter that moves by a thousandth a step does not, and stays in float32
(Micikevicius et al. 2018, §3; Kalamkar et al. 2019 for bfloat16).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

import torch

__all__ = ["bfloat16_pays", "has_bfloat16", "mixed_precision"]


def mixed_precision(device: torch.device, enabled: bool) -> AbstractContextManager[None]:
    """Within the ``with`` block, matrix products run in bfloat16 if `enabled`."""
    return torch.autocast(device.type, torch.bfloat16) if enabled else nullcontext()


def has_bfloat16(device: torch.device) -> bool:
    """Whether the hardware multiplies bfloat16 itself; elsewhere it is imitated, slowly."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    if device.type != "cpu":
        return False
    # torch has no public question for this on every version; an old one without the answer counts as no.
    questions = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, question, lambda: False)() for question in questions)


def bfloat16_pays(step: Callable[[bool], object], device: torch.device, *, rounds: int = 3, gain: float = 1.05) -> bool:
    """Whether a step is faster in mixed precision on this machine: asked of the hardware first, then of the clock.

    The answer can differ from one run to the next on a busy machine, and with it the rounding of every loss. Where
    the same numbers must come out each time, decide beforehand.

    Args:
        step: Does one step's work; its argument says whether in mixed precision.
        device: Where it runs.
        rounds: How often to time each; the fastest of each counts, for nothing but the work itself is that fast.
        gain: How many times faster it must be.
    """
    if not has_bfloat16(device):
        return False
    fastest = {True: float("inf"), False: float("inf")}
    for round_number in range(rounds + 1):
        for mixed in fastest:
            start = time.perf_counter()
            step(mixed)
            if device.type == "cuda":
                torch.cuda.synchronize(device)
            if round_number:  # the first round warms up
                fastest[mixed] = min(fastest[mixed], time.perf_counter() - start)
    return fastest[False] > gain * fastest[True]
