"""Structural causal models: each variable is a function of its causes and of noise.

``StructuralCausalModel("X = U_X; Y = 2 * X + U_Y", noise={"U_X": Normal(), "U_Y": Normal()})`` says how the world makes
its data. From that follow all three kinds of answers: what is seen (`sample`), what is done (`do`), and what would have
been (`counterfactual`). Source: Pearl 2009, definition 7.1.1.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from .equation import Equation, as_equation
from .graph import CausalGraph
from .noise import Noise, as_values

if TYPE_CHECKING:
    import pandas as pd

    from .counterfactual_result import Counterfactual

__all__ = ["StructuralCausalModel"]

Formula = str | Callable[..., Any] | float
_MOST_WORLDS = 2_000_000  # combinations of discrete noise that are counted out


@dataclass(frozen=True, eq=False)
class StructuralCausalModel:
    """Equations and noise.

    Args:
        equations: The equation of each variable: a formula as text, a function whose parameters are its causes, or a
            number. Or all of them in one text, ``"X = U_X; Y = 2 * X + U_Y"``.
        noise: The distribution of each noise variable. Two equations that use the same one are confounded.

    Raises:
        ParseError: A formula that cannot be read.
        ValueError: A name that is neither a variable nor noise, a cycle, a noise variable with an equation, noise that
            is no distribution.
    """

    equations: Mapping[str, Equation]
    noise: Mapping[str, Noise]

    def __init__(
        self, equations: str | Mapping[str, Formula | Equation], noise: Mapping[str, Noise] | None = None
    ) -> None:
        if not isinstance(equations, (str, Mapping)):
            raise ValueError(f"equations are a text or a dictionary, not {type(equations).__name__}")
        noise = dict(noise or {})
        given = _split(equations) if isinstance(equations, str) else dict(equations)
        read = {
            name: formula if isinstance(formula, Equation) else as_equation(formula, name)
            for name, formula in given.items()
        }
        object.__setattr__(self, "noise", noise)
        object.__setattr__(self, "equations", read)
        for name, kind in noise.items():
            if isinstance(kind, type) or not (hasattr(kind, "sample") and hasattr(kind, "density")):
                raise ValueError(f"the noise {name} must be a distribution such as Normal(0, 1), not {kind!r}")
        if both := set(read) & set(noise):
            raise ValueError(f"{sorted(both)[0]} has an equation and is noise; it can be only one of the two")
        for name, equation in read.items():
            for cause in equation.causes:
                if cause == name:
                    raise ValueError(
                        f"the equation of {name} uses {name} itself; what is set may depend on other variables"
                    )
                if cause not in read and cause not in noise:
                    raise ValueError(
                        f"the equation of {name} uses {cause}, which is neither a variable ({', '.join(read)}) "
                        f"nor noise ({', '.join(noise) or 'none given'}); give it an equation, or a distribution, "
                        f"as in noise={{{cause!r}: Normal()}}"
                    )
        ordered = {name: read[name] for name in self.graph.topological_order()}
        object.__setattr__(self, "equations", ordered)

    @classmethod
    def fit(cls, graph: CausalGraph | str, data: pd.DataFrame) -> StructuralCausalModel:
        """The model of a graph without two-headed edges, with equations fitted to data; see `model_fitting`."""
        from .model_fitting import fit_model

        return fit_model(graph, data)

    @cached_property
    def graph(self) -> CausalGraph:
        """The causal graph: an arrow from each cause, a two-headed edge between equations that share noise."""
        arrows = [
            (cause, name)
            for name, equation in self.equations.items()
            for cause in equation.causes
            if cause not in self.noise
        ]
        shared = [
            (one, other)
            for one, other in combinations(self.equations, 2)
            if set(self.equations[one].causes) & set(self.equations[other].causes) & set(self.noise)
        ]
        return CausalGraph(directed=arrows, bidirected=shared, nodes=tuple(self.equations))

    def sample(self, count: int, seed: int | np.random.Generator = 0, *, with_noise: bool = False) -> pd.DataFrame:
        """Draw units from the model.

        Args:
            count: How many.
            seed: Of the random numbers, or their generator. The same seed draws the same noise, whatever is done.
            with_noise: Give the noise of each unit as well.

        Returns:
            One row per unit, one column per variable.
        """
        import pandas as pd

        if count < 0:
            raise ValueError(f"a number of units cannot be negative, got {count}")
        generator = np.random.default_rng(seed)
        noise = {name: self.noise[name].sample(count, generator) for name in self.noise}
        values = self.compute(noise, count)
        return pd.DataFrame({**values, **noise} if with_noise else values)

    def do(self, interventions: Mapping[str, Any] | None = None, /, **more: Any) -> StructuralCausalModel:
        """The model after an intervention: the equations of some variables are replaced.

        Args:
            interventions, more: For each variable what it is set to: a number (atomic), a distribution (a stochastic
                intervention), a formula or function of other variables (a conditional policy), or an array with a value
                for each unit, as nested counterfactuals need. A text is a formula, unless it is a value of that
                variable in a discrete model; ``"'high'"`` is always a value.

        Raises:
            ValueError: A variable that is not there, a value that is missing or not one, a policy that makes a cycle.
        """
        replaced = {**(interventions or {}), **more}
        equations: dict[str, Any] = dict(self.equations)
        noise = dict(self.noise)
        for name, value in replaced.items():
            if name not in self.equations:
                raise ValueError(f"there is no variable {name!r} to set; there are {', '.join(self.equations)}")
            if hasattr(value, "sample"):
                noise[f"do({name})"] = value
                equations[name] = Equation((f"do({name})",), f"do({name})", lambda drawn: drawn)
            elif callable(value) or (isinstance(value, str) and value not in self._levels.get(name, ())):
                equations[name] = as_equation(value, name)
            elif not _is_value(value):
                raise ValueError(
                    f"{name} can be set to one value, a distribution, a formula, or an array of a value per unit, "
                    f"not {value!r}"
                )
            else:
                equations[name] = Equation((), str(value), lambda value=value: value)
        used = {cause for equation in equations.values() for cause in getattr(equation, "causes", ())}
        return StructuralCausalModel(
            equations, {name: kind for name, kind in noise.items() if name in used | set(self.noise)}
        )

    def counterfactual(
        self,
        evidence: Mapping[str, Any],
        do: Mapping[str, Any],
        query: str,
        *,
        method: str = "auto",
        particles: int = 20_000,
        seed: int = 0,
    ) -> Counterfactual:
        """What `query` would have been, had `do` been done, for the units that show `evidence`.

        Args:
            evidence: The observed values by name.
            do: What is imagined, as for `do`.
            query: The variable asked about.
            method: "exact" (discrete noise, or linear equations with normal noise), "particles", or "auto": exact
                where that is possible.
            particles: How many weighted draws of the noise, for the method of that name.
            seed: Of the particles.

        Returns:
            The answer with its three stages: abduction, action, prediction.
        """
        from .counterfactual import imagine

        return imagine(self, evidence, do, query, method=method, particles=particles, seed=seed)

    def compute(self, noise: Mapping[str, np.ndarray], count: int) -> dict[str, np.ndarray]:
        """The values of all variables for given noise: (count,) arrays by name.

        Raises:
            ValueError: An equation that cannot be computed, or that gives something else than a value for each unit.
        """
        values: dict[str, np.ndarray] = dict(noise)
        for name, equation in self.equations.items():
            found = equation(values)
            if found.shape not in ((), (count,)):
                raise ValueError(f"the equation of {name} must give {count} values, one per unit, not {found.shape}")
            values[name] = np.broadcast_to(found, (count,)).copy()
        return {name: values[name] for name in self.equations}

    @property
    def is_discrete(self) -> bool:
        """Whether all noise takes finitely many values, few enough in all to count them out."""
        return self._world_count <= _MOST_WORLDS

    def worlds(self) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """All combinations of noise values, and the probability of each.

        Raises:
            ValueError: Some noise is continuous, or there are too many combinations.
        """
        if not self.is_discrete:
            raise ValueError(
                "the noise of this model cannot be counted out: it is continuous, or has too many combinations"
            )
        count = int(self._world_count)
        places = np.unravel_index(np.arange(count), [len(kind.support or ()) for kind in self.noise.values()] or [1])
        noise = {
            name: as_values(kind.support or ())[place]
            for (name, kind), place in zip(self.noise.items(), places, strict=False)
        }
        weight = np.ones(count)
        for name, values in noise.items():
            weight = weight * self.noise[name].density(values)
        return noise, weight

    def joint(self) -> pd.Series:
        """The exact distribution of all variables, of a discrete model: a Series indexed by their values."""
        import pandas as pd

        noise, weight = self.worlds()
        frame = pd.DataFrame(self.compute(noise, len(weight)))
        return pd.Series(weight).groupby([frame[name] for name in frame.columns]).sum().rename("P(V)")

    def __str__(self) -> str:
        lines = [f"{name} = {equation}" for name, equation in self.equations.items()]
        return "\n".join(lines + [f"{name} ~ {kind}" for name, kind in self.noise.items()])

    def __repr__(self) -> str:
        equations = "; ".join(f"{name} = {equation}" for name, equation in self.equations.items())
        return f"StructuralCausalModel({equations!r}, noise={self.noise})"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"

    @cached_property
    def _world_count(self) -> float:
        sizes = [float("inf") if kind.support is None else len(kind.support) for kind in self.noise.values()]
        return float(np.prod(sizes)) if sizes else 1.0

    @cached_property
    def _levels(self) -> dict[str, set[Hashable]]:
        """The values of each variable of a discrete model; empty for others."""
        if not self.is_discrete:
            return {}
        noise, weight = self.worlds()
        return {name: set(values.tolist()) for name, values in self.compute(noise, len(weight)).items()}


def _is_value(value: Any) -> bool:
    """Whether a variable can be set to it: a number or a word that is not missing, or an array of them (units,)."""
    if isinstance(value, np.ndarray):
        return value.ndim <= 1
    return value is not None and np.ndim(value) == 0 and value == value  # nan differs from itself


def _split(text: str) -> dict[str, str]:
    """``"X = …; Y = …"`` as a dictionary."""
    equations: dict[str, str] = {}
    for statement in text.replace("\n", ";").split(";"):
        if not statement.strip():
            continue
        name, sign, formula = statement.partition("=")
        if not sign or not name.strip().isidentifier() or formula.startswith("="):
            raise ValueError(f'expected an equation such as "Y = 2 * X + U_Y", got {statement.strip()!r}')
        if name.strip() in equations:
            raise ValueError(f"{name.strip()} has two equations")
        equations[name.strip()] = formula.strip()
    return equations
