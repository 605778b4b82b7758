"""Small made-up worlds whose effects are known, for the tests of the estimators."""

from __future__ import annotations

import numpy as np
import pandas as pd

from agentos_lab.causal.graph import CausalGraph

MEDIATION = "w -> x, m, y; x -> m -> y; x -> y"


def mediated(seed, count=800, product=0.0):
    generator = np.random.default_rng(seed)
    w = generator.normal(size=count)
    x = (generator.random(count) < 1 / (1 + np.exp(-w))).astype(int)
    m = 0.5 * x + 0.3 * w + generator.normal(size=count)
    y = x + 2 * m + product * x * m + w + generator.normal(size=count)
    return pd.DataFrame({"w": w, "x": x, "m": m, "y": y})


FRONT_DOOR = "x -> m -> y; x <-> y"


def behind_a_front_door(seed, count=1500, linear=False):
    generator = np.random.default_rng(seed)
    u = generator.normal(size=count)
    x = (generator.random(count) < 1 / (1 + np.exp(-u))).astype(int)
    noise = generator.normal(size=count)
    m = 0.7 * x + noise if linear else (noise < np.where(x == 1, 0.8416, -0.8416)).astype(int)  # 80 % and 20 %
    return pd.DataFrame({"x": x, "m": m, "y": 1.5 * m - 2 * u + generator.normal(size=count)})


INSTRUMENTS = "z, v -> x -> y; x <-> y; w -> z, v, x, y"


def with_instruments(seed, count=800):
    generator = np.random.default_rng(seed)
    w, u = generator.normal(size=(2, count))
    z, v = generator.integers(0, 2, count), w + generator.normal(size=count)
    x = z + 0.5 * v + u + w + generator.normal(size=count)
    return pd.DataFrame({"w": w, "z": z, "v": v, "x": x, "y": 2 * x - 3 * u + w + generator.normal(size=count)})


def linear_data(graph: CausalGraph, rows: int, seed: int) -> pd.DataFrame:
    """Linear equations with normal noise; coefficients between 0.5 and 1.5 in size."""
    generator = np.random.default_rng(seed)
    values: dict[str, np.ndarray] = {}
    for name in graph.topological_order():
        values[name] = generator.normal(size=rows)
        for cause in graph.parents(name):
            values[name] = values[name] + generator.choice([-1, 1]) * generator.uniform(0.5, 1.5) * values[cause]
    return pd.DataFrame({name: values[name] for name in graph.nodes})
