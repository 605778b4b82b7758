"""Data for the tests of effect estimation: simulated worlds with a known effect, and published studies."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from agentos_lab.causal import CausalGraph

CONFOUNDED = CausalGraph("z, c -> x -> y; z, c -> y")
# Kidney stones (Charig et al. 1986): X treatment, Z size of the stone, Y cured; patients, 700 in all.
STONES = {
    ("A", "small", 1): 81, ("A", "small", 0): 6, ("A", "large", 1): 192, ("A", "large", 0): 71,
    ("B", "small", 1): 234, ("B", "small", 0): 36, ("B", "large", 1): 55, ("B", "large", 0): 25,
}  # fmt: skip
NHEFS_COVARIATES = ("sex", "race", "age", "education", "smokeintensity", "smokeyrs", "exercise", "active", "wt71")
NHEFS = CausalGraph(f"{', '.join(NHEFS_COVARIATES)} -> qsmk -> wt82_71; {', '.join(NHEFS_COVARIATES)} -> wt82_71")
NHEFS_TERMS = ("age^2", "C(education)", "smokeintensity^2", "smokeyrs^2", "C(exercise)", "C(active)", "wt71^2")


def stones() -> pd.Series:
    """The kidney stones as P(X, Z, Y)."""
    index = pd.MultiIndex.from_tuples(list(STONES), names=["X", "Z", "Y"])
    return pd.Series(list(STONES.values()), index=index) / 700


def confounded(seed: int, count: int = 600, effect: float = 2.0, varying: float = 0.0) -> pd.DataFrame:
    """z (a number) and c (a word) move treatment x and outcome y; the effect is `effect` + `varying` · z."""
    generator = np.random.default_rng(seed)
    z, c = generator.normal(size=count), generator.choice(["low", "middle", "high"], count)
    lean = 0.8 * z + 0.5 * (c == "high") - 0.3
    x = (generator.random(count) < 1 / (1 + np.exp(-lean))).astype(int)
    y = (effect + varying * z) * x + 1.5 * z + (c == "high") - (c == "low") + generator.normal(size=count)
    return pd.DataFrame({"z": z, "c": c, "x": x, "y": y})


@lru_cache(maxsize=1)
def nhefs_everybody() -> pd.DataFrame:
    """NHEFS, 1,629 smokers; the weight of 63 was not seen in 1982."""
    from causaldata import nhefs

    return nhefs.load_pandas().data


def nhefs() -> pd.DataFrame:
    """The 1,566 whose weight was seen."""
    return nhefs_everybody().dropna(subset=["wt82"])


@lru_cache(maxsize=1)
def lalonde_with_cps() -> pd.DataFrame:
    """LaLonde's 185 trainees beside 15,992 people of the CPS."""
    from causaldata import cps_mixtape, nsw_mixtape

    trainees = nsw_mixtape.load_pandas().data.query("treat == 1")
    both = pd.concat([trainees, cps_mixtape.load_pandas().data], ignore_index=True)
    return both.assign(u74=(both["re74"] == 0) * 1, u75=(both["re75"] == 0) * 1)


LALONDE_COVARIATES = ("age", "educ", "marr", "nodegree", "black", "hisp", "re74", "re75", "u74", "u75")
LALONDE = CausalGraph(f"{', '.join(LALONDE_COVARIATES)} -> treat -> re78; {', '.join(LALONDE_COVARIATES)} -> re78")
LALONDE_TERMS = ("age^2", "age^3", "educ^2", "educ:re74")
