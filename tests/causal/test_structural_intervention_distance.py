"""Structural intervention distance against effects computed from the covariances of linear models."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from agentos_lab.causal import CausalGraph, structural_hamming_distance, structural_intervention_distance

NAMES = tuple("ABCDE")
# Peters & Bühlmann 2015, section 1: an arrow too many costs nothing, one that is turned costs eight effects.
TRUTH = "X1 -> X2; X1 -> Y1; X1 -> Y2; X1 -> Y3; X2 -> Y1; X2 -> Y2; X2 -> Y3"


def random_dag(generator: np.random.Generator, share: float = 0.5) -> CausalGraph:
    order = list(generator.permutation(NAMES))
    arrows = [(a, b) for i, a in enumerate(order) for b in order[i + 1 :] if generator.random() < share]
    return CausalGraph(directed=arrows, nodes=NAMES)


def wrong_effects(found: CausalGraph, truth: CausalGraph, generator: np.random.Generator) -> set[tuple[str, str]]:
    """The effects that adjusting for parents in `found` gets wrong in a random linear model of `truth`."""
    count = len(NAMES)
    weights = np.array([[generator.uniform(0.5, 2) * ((a, b) in truth.directed) for a in NAMES] for b in NAMES])
    total = np.linalg.inv(np.eye(count) - weights)  # total[b, a]: the effect of a on b
    covariance = total @ np.diag(generator.uniform(0.5, 2, count)) @ total.T
    wrong = set()
    for a, b in permutations(range(count), 2):
        parents = [NAMES.index(name) for name in found.parents(NAMES[a])]
        guess = 0.0
        if b not in parents:
            used = [a, *parents]
            guess = np.linalg.solve(covariance[np.ix_(used, used)], covariance[used, b])[0]
        if abs(guess - total[b, a]) > 1e-9:
            wrong.add((NAMES[a], NAMES[b]))
    return wrong


@pytest.mark.parametrize("seed", range(40))
def test_the_wrong_effects_are_those_that_come_out_wrong_in_a_linear_model(seed: int) -> None:
    generator = np.random.default_rng(seed)
    found, truth = random_dag(generator), random_dag(generator)
    distance = structural_intervention_distance(found, truth)
    assert set(distance.wrong) == wrong_effects(found, truth, generator)
    assert int(distance) == len(distance.wrong) and distance.pairs == 20


def test_the_published_example() -> None:
    assert int(structural_intervention_distance(TRUTH + "; Y1 -> Y2", TRUTH)) == 0
    turned = TRUTH.replace("X1 -> X2", "X2 -> X1")
    assert int(structural_intervention_distance(turned, TRUTH)) == 8
    assert int(structural_hamming_distance(turned, TRUTH)) == 1


def test_it_is_not_symmetric_and_tells_the_pairs() -> None:
    distance = structural_intervention_distance("A; B", "A -> B")
    assert str(distance) == "structural intervention distance 1 of 2 effects; wrong: B on A" == repr(distance)
    assert int(structural_intervention_distance("A -> B", "A; B")) == 0


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="the same nodes; only one of them has C"):
        structural_intervention_distance("A -> B", "A -> B -> C")
    with pytest.raises(ValueError, match="A <-> B is a two-headed edge"):
        structural_intervention_distance("A -> B", "A <-> B")
