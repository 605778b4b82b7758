"""Losses of training runs made by a published law, for the tests of the fit."""

from __future__ import annotations

import torch

from agentos_lab.lm.scaling_law import ScalingLaw

PUBLISHED = ScalingLaw.chinchilla()


GRID = [(n, d) for n in (7e7, 3e8, 1e9, 4e9, 1.6e10) for d in (1e9, 5e9, 2e10, 1e11, 1.4e12)]


def runs_of(law, noise=0.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    factors = (1 + noise * torch.randn(len(GRID), generator=generator, dtype=torch.float64)).tolist()
    losses = [law.predict(n, d) * factor for (n, d), factor in zip(GRID, factors, strict=True)]
    return [n for n, _ in GRID], losses, [d for _, d in GRID]
