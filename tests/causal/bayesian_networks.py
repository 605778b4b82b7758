"""Bayesian networks for the tests of discovery: read from BIF ("Bayesian interchange format"), drawn from at random."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd

from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.probability_table import Table

__all__ = ["asia", "read_bif", "sample"]

_VARIABLE = re.compile(r"variable\s+(\S+)\s*\{\s*type\s+discrete\s*\[\s*\d+\s*\]\s*\{([^}]*)\}")
_PROBABILITY = re.compile(r"probability\s*\(\s*(\S+)\s*(?:\|([^)]*))?\)\s*\{([^}]*)\}")
_ROW = re.compile(r"(?:table|\(([^)]*)\))\s*([^;]*);")


def asia() -> DiscreteModel:
    """The chest clinic of Lauritzen & Spiegelhalter 1988."""
    return read_bif((Path(__file__).parent / "networks" / "asia.bif").read_text())


def read_bif(text: str) -> DiscreteModel:
    """The model of a BIF text."""
    levels = {name: tuple(_words(values)) for name, values in _VARIABLE.findall(text)}
    arrows, tables = [], {}
    for name, given, body in _PROBABILITY.findall(text):
        causes = _words(given)
        arrows += [(cause, name) for cause in causes]
        values = np.full([len(levels[each]) for each in (*causes, name)], np.nan)
        for at, row in _ROW.findall(body):
            place = tuple(levels[cause].index(value) for cause, value in zip(causes, _words(at), strict=True))
            values[place] = [float(number) for number in _words(row)]
        tables[name] = Table((*causes, name), values)
    return DiscreteModel(CausalGraph(directed=arrows, nodes=list(levels)), levels, {}, tables)


def sample(model: DiscreteModel, count: int, seed: int) -> pd.DataFrame:
    """`count` rows, each variable drawn from its table's row for the causes that were drawn before."""
    generator = np.random.default_rng(seed)
    drawn: dict[str, np.ndarray] = {}
    for name in model.graph.topological_order():
        table = model.tables[name]
        rows = np.broadcast_to(
            table.values[tuple(drawn[cause] for cause in table.axes[:-1])], (count, len(model.levels[name]))
        )
        drawn[name] = (generator.random((count, 1)) > np.cumsum(rows, axis=1)).sum(axis=1).clip(max=rows.shape[1] - 1)
    return pd.DataFrame({name: np.array(model.levels[name])[drawn[name]] for name in model.graph.nodes})


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]
