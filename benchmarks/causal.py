"""All benchmarks of the causal engine: identification, d-separation, discovery, estimation; each beside its peer.

    pip install y0 causal-learn dowhy pgmpy        # the peers; a row whose peer is absent is skipped, and says so
    python benchmarks/causal.py [--repeat 7] [--graphs 1000]

Candidate and peer take turns in one process; the ratio is by the clock, and beside it stands the one by processor time,
the steadier on a busy machine. Identification starts from edges and ends with a text on both sides; PC starts from a
DataFrame of words on ours and from an array of codes on the peer's. ALARM is read from pgmpy's files. The last part
checks verdicts and estimands on random graphs against the row-space test and the truncated factorisation.
"""

from __future__ import annotations

import argparse
import gc
import gzip
import importlib.util
import logging
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")  # before NumPy is loaded
os.environ["AGENTOS_LAB_QUIET"] = "1"  # no progress bars in a table
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import networkx
import numpy as np
import pandas as pd

from agentos_lab.causal import CausalGraph, DiscreteModel, Identified, identify, row_space_residual
from agentos_lab.causal.d_separation import d_separated, separated
from agentos_lab.causal.effect_estimation import estimate_effect
from agentos_lab.causal.pc import pc
from benchmarks.compare import Comparison, compare, environment
from tests.causal.bayesian_networks import asia, read_bif, sample
from tests.causal_graphs import random_graph, random_query
from tests.causal_studies import nhefs

HEAD = f"{'':<46}{'ours ms':>10}{'peer ms':>10}{'ratio':>8}{'processor':>11}"
QUERIES = 200
BOOTSTRAPS = 100
COVARIATES = ("sex", "race", "age", "smokeintensity", "smokeyrs", "wt71")


def row(name: str, result: Comparison, aim: float) -> str:
    """A row of the table, with the aim and whether it is met."""
    times = f"{1e3 * result.candidate:>10.2f}{1e3 * result.baseline:>10.2f}"
    verdict = f">= {aim:g} {'met' if result.ratio >= aim else 'MISSED'}"
    return f"{name:<46}{times}{result.ratio:>8.2f}{result.processor_ratio:>11.2f}  {verdict}"


def missing(module: str, package: str) -> bool:
    """Whether a peer is absent; says so."""
    if importlib.util.find_spec(module) is not None:
        return False
    print(f"SKIPPED: {package} is not installed, so there is nothing to compare with; pip install {package}")
    return True


# --- identification ------------------------------------------------------------------------------------------


def chain(count: int) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """V0 -> V1 -> …, with an unobserved cause of each node and the one after the next."""
    names = [f"V{i}" for i in range(count)]
    return list(pairwise(names)), list(zip(names, names[2:], strict=False))


def our_estimand(count: int) -> str:
    """P(last | do(first)) of a chain, as text."""
    directed, bidirected = chain(count)
    graph = CausalGraph(directed=directed, bidirected=bidirected)
    return str(identify(graph, f"P(V{count - 1} | do(V0))").estimand.expression)


def identification(repeat: int) -> None:
    """Chains of 10 to 80 nodes against y0, the expression written out by both; then one of 160."""
    if not missing("y0", "y0"):
        from y0.algorithm.identify import identify_outcomes
        from y0.dsl import Variable
        from y0.graph import NxMixedGraph

        for count in (10, 20, 40, 80):
            directed, bidirected = ([(Variable(a), Variable(b)) for a, b in edges] for edges in chain(count))
            ends = {"treatments": {Variable("V0")}, "outcomes": {Variable(f"V{count - 1}")}}

            def peer(directed: list = directed, bidirected: list = bidirected, ends: dict = ends) -> str:
                graph = NxMixedGraph.from_edges(directed=directed, undirected=bidirected)
                return str(identify_outcomes(graph, **ends))

            result = compare(lambda count=count: our_estimand(count), peer, repeat)
            shorter = len(peer()) / len(our_estimand(count))
            print(row(f"identify a chain of {count} (text {shorter:.1f}x shorter)", result, 5))
    alone = compare(lambda: our_estimand(160), lambda: None, repeat)
    print(f"{'identify a chain of 160':<46}{1e3 * alone.candidate:>10.2f}{'':>31}<= 100 ms ", end="")
    print("met" if alone.candidate <= 0.1 else "MISSED")


# --- d-separation --------------------------------------------------------------------------------------------


def separation_queries(count: int) -> tuple[CausalGraph, list[tuple[str, str, list[str]]]]:
    """A random DAG with about two edges a node, and questions about pairs given up to three others."""
    generator = np.random.default_rng(count)
    names = [f"V{i}" for i in range(count)]
    arrows = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if generator.random() < 4 / count]
    chosen = [list(map(str, generator.permutation(names)[: 2 + generator.integers(4)])) for _ in range(QUERIES)]
    return CausalGraph(directed=arrows, nodes=names), [(a, b, given) for a, b, *given in chosen]


def separation(repeat: int) -> None:
    """Random queries on random DAGs of 20 and 80 nodes against networkx."""
    for count in (20, 80):
        graph, queries = separation_queries(count)
        peer_graph = networkx.DiGraph(graph.directed)
        peer_graph.add_nodes_from(graph.nodes)
        masks = [(graph.mask(a), graph.mask(b), graph.mask(given)) for a, b, given in queries]
        ways: dict[str, Callable[[], list[bool]]] = {
            "by names": lambda graph=graph, queries=queries: [bool(d_separated(graph, *query)) for query in queries],
            "by masks": lambda graph=graph, masks=masks: [separated(graph, *query) for query in masks],
        }

        def peer(peer_graph: networkx.DiGraph = peer_graph, queries: list = queries) -> list[bool]:
            return [networkx.is_d_separator(peer_graph, {a}, {b}, set(given)) for a, b, given in queries]

        for way, ours in ways.items():
            assert ours() == peer()
            print(row(f"{QUERIES} d-separations, {count} nodes, {way}", compare(ours, peer, repeat), 10))


# --- discovery -----------------------------------------------------------------------------------------------


def networks() -> Iterator[tuple[str, DiscreteModel, int]]:
    """The networks to find, and how many rows to find them from."""
    yield "ASIA", asia(), 5000
    if not missing("pgmpy", "pgmpy"):
        found = importlib.util.find_spec("pgmpy")
        assert found is not None and found.origin is not None
        alarm = Path(found.origin).parent / "utils" / "example_models" / "alarm.bif.gz"
        yield "ALARM", read_bif(gzip.decompress(alarm.read_bytes()).decode()), 2000


def discovery(repeat: int) -> None:
    """PC with G² at α = 0.01 against causal-learn: time, and edges of the skeleton that are right, extra, missing."""
    if missing("causallearn", "causal-learn"):
        return
    from causallearn.search.ConstraintBased.PC import pc as causal_learn

    for name, model, rows in networks():
        ours_right = peer_right = np.zeros(3, dtype=int)
        true = {frozenset(edge) for edge in model.graph.directed}
        seeds = range(5)
        for seed in seeds:
            data = sample(model, rows, seed)
            codes = data.apply(lambda column: pd.factorize(column)[0]).to_numpy()

            def ours(data: pd.DataFrame = data) -> set[frozenset[str]]:
                return {frozenset((edge.a, edge.b)) for edge in pc(data, alpha=0.01, test="g2").graph.edges}

            def peer(codes: np.ndarray = codes, names: pd.Index = data.columns) -> set[frozenset[str]]:
                marks = causal_learn(codes, 0.01, "gsq", show_progress=False).G.graph
                return {frozenset((names[i], names[j])) for i, j in np.argwhere(marks != 0)}

            if seed == 0:
                result = compare(ours, peer, repeat)
            ours_right = ours_right + counts(ours(), true)
            peer_right = peer_right + counts(peer(), true)
        print(row(f"PC on {name}, {rows} rows", result, 1))
        told = "right / extra / missing edges, mean of {}: ours {}, peer {}"
        means = [" / ".join(f"{value / len(seeds):.1f}" for value in found) for found in (ours_right, peer_right)]
        print("  " + told.format(len(seeds), *means))


def counts(found: set[frozenset[str]], true: set[frozenset[str]]) -> np.ndarray:
    """Right, extra and missing edges."""
    return np.array([len(found & true), len(found - true), len(true - found)])


# --- estimation ----------------------------------------------------------------------------------------------


def estimation(repeat: int) -> None:
    """100 bootstraps of inverse probability weighting on NHEFS against DoWhy."""
    if missing("causaldata", "causaldata") or missing("dowhy", "dowhy"):
        return
    from dowhy import CausalModel

    data = nhefs()[[*COVARIATES, "qsmk", "wt82_71"]].astype(float)
    graph = CausalGraph(f"{', '.join(COVARIATES)} -> qsmk -> wt82_71; {', '.join(COVARIATES)} -> wt82_71")
    asked = {"treatment": "qsmk", "outcome": "wt82_71", "common_causes": list(COVARIATES)}
    model = CausalModel(data.assign(qsmk=data["qsmk"] == 1), **asked)
    estimand = model.identify_effect(proceed_when_unidentifiable=True)

    def ours() -> float:
        return estimate_effect(data, graph, "qsmk", "wt82_71", "ipw", bootstrap=BOOTSTRAPS).value

    def peer() -> float:
        method = "backdoor.propensity_score_weighting"
        found = model.estimate_effect(estimand, method_name=method, target_units="ate")
        found.get_confidence_intervals(method="bootstrap", num_simulations=BOOTSTRAPS)
        return float(found.value)

    print(row(f"IPW on NHEFS, {BOOTSTRAPS} bootstraps", compare(ours, peer, min(repeat, 5), warm_up=1), 10))
    print(f"  estimates: ours {ours():.3f}, peer {peer():.3f}")


# --- verdicts ------------------------------------------------------------------------------------------------


def verdicts(graphs: int) -> None:
    """Random graphs and queries: the verdict beside the row-space test, the estimand beside the truth."""
    agree = identified = widened = 0
    worst = 0.0
    for seed in range(graphs):
        generator = np.random.default_rng([2026, seed])
        graph = random_graph(generator, int(generator.integers(3, 6)))
        answer = identify(graph, random_query(generator, graph, conditions=bool(seed % 2)))
        moves = row_space_residual(graph, answer.query, seed=seed) > 1e-9
        if not moves and not answer.identifiable:  # three values of a latent variable may be too few to move in
            moves = row_space_residual(graph, answer.query, seed=seed, latent_card=4) > 1e-9
            widened += 1
        agree += moves != answer.identifiable
        if isinstance(answer, Identified):
            identified += 1
            model = DiscreteModel.random(graph, seed=seed)
            estimate = answer.estimand.evaluate(model.joint())
            axes = tuple(estimate.index.names)
            truth = np.broadcast_to(model.probability(answer.query.term).expanded(axes), [2] * len(axes))
            worst = max(worst, float(np.max(np.abs(estimate.to_numpy() - truth.ravel()))))
    print(f"random graphs whose verdict agrees with the row-space test: {agree} of {graphs}"
          f" ({widened} with latent variables of 4 values, the others of 3)")  # fmt: skip
    print(f"largest difference of an estimand from the truth: {worst:.1e} ({identified} identified)")


def main() -> None:
    """Measure everything."""
    parser = argparse.ArgumentParser(description="Speed and correctness of the causal engine beside its peers.")
    parser.add_argument("--repeat", type=int, default=7, help="rounds of each row; the medians are shown")
    parser.add_argument("--graphs", type=int, default=1000, help="random graphs for the verdicts")
    chosen = parser.parse_args()
    logging.disable(logging.CRITICAL)  # the peers'
    warnings.simplefilter("ignore")
    print(f"$ python benchmarks/causal.py --repeat {chosen.repeat} --graphs {chosen.graphs}")
    peers = {"y0": "y0", "networkx": "networkx", "causallearn": "causal-learn", "dowhy": "dowhy"}
    present = [name for module, name in peers.items() if importlib.util.find_spec(module)]
    print(f"{environment(['numpy', 'pandas'])}; {', '.join(f'{name} {version(name)}' for name in present)}; 1 thread\n")
    gc.collect()
    gc.freeze()  # the libraries that are loaded by now are not searched for garbage again and again
    print(HEAD)
    identification(chosen.repeat)
    separation(chosen.repeat)
    discovery(chosen.repeat)
    estimation(chosen.repeat)
    print()
    verdicts(chosen.graphs)


if __name__ == "__main__":
    main()
