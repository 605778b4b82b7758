"""Adjustment in hundreds of random graphs: every subset by its paths, and no valid set better than the optimal one."""

from __future__ import annotations

from itertools import combinations

from causal_graphs import graphs
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.causal import (
    AdjustmentSet,
    NoAdjustment,
    adjustment_set,
    check_adjustment,
    d_separated,
    find_paths,
    minimal_adjustment_sets,
    optimal_adjustment_set,
)


def subsets(names):
    names = list(names)
    return [set(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)]


def valid_by_its_paths(graph, treatments, outcomes, chosen):
    """The criterion word by word: no descendant of a causal path's nodes, every other path blocked."""
    causal = [path for path in find_paths(graph, treatments, outcomes) if path.is_causal]
    forbidden = set(graph.descendants({node for path in causal for node in path.nodes[1:]}))
    paths = find_paths(graph, treatments, outcomes, chosen)
    return not forbidden & set(chosen) and all(path.is_causal or not path.open for path in paths)


def minimal_of(valid):
    return [chosen for chosen in valid if not any(other < chosen for other in valid)]


@st.composite
def effects(draw: st.DrawFn, largest: int = 6):
    """A graph, one or two treatments, one or two outcomes."""
    graph = draw(graphs(smallest=3, largest=largest))
    names = draw(st.permutations(graph.nodes))
    several = draw(st.booleans()) and len(names) > 4
    return (graph, names[:2], names[2:4]) if several else (graph, names[:1], names[1:2])


@settings(max_examples=200, deadline=None)
@given(effects())
def test_validity_is_that_of_the_paths(effect):
    graph, treatments, outcomes = effect
    for chosen in subsets(set(graph) - {*treatments, *outcomes}):
        verdict = check_adjustment(graph, treatments, outcomes, chosen)
        assert bool(verdict) == valid_by_its_paths(graph, treatments, outcomes, chosen)
        if isinstance(verdict, NoAdjustment):
            assert bool(verdict.forbidden) != (verdict.path is not None)
            if verdict.path is not None:
                assert verdict.path in find_paths(graph, treatments, outcomes, chosen)
                assert verdict.path.open and not verdict.path.is_causal


@settings(max_examples=200, deadline=None)
@given(effects(), st.data())
def test_all_minimal_sets_are_found_and_one_of_them_at_once(effect, data):
    graph, treatments, outcomes = effect
    others = sorted(set(graph) - {*treatments, *outcomes})
    allowed = data.draw(st.sets(st.sampled_from(others))) if others else set()
    include = data.draw(st.sets(st.sampled_from(sorted(allowed)))) if allowed else set()
    for limits in ({}, {"allowed": allowed, "include": include}):
        may, must = limits.get("allowed", others), limits.get("include", set())
        valid = [z for z in subsets(may) if must <= z and check_adjustment(graph, treatments, outcomes, z)]
        found = [frozenset(chosen) for chosen in minimal_adjustment_sets(graph, treatments, outcomes, **limits)]
        assert len(found) == len(set(found))
        assert set(found) == set(map(frozenset, minimal_of(valid)))
        one = adjustment_set(graph, treatments, outcomes, **limits)
        assert frozenset(one) in found if isinstance(one, AdjustmentSet) else not found
        if isinstance(one, NoAdjustment) and not include:
            assert one.path is not None and one.path.open and not one.path.is_causal


def no_worse(graph, treatments, outcomes, best, other):
    """Whether two independences hold that make the variance of `best` no larger (Henckel et al. 2022)."""
    best, other = set(best), set(other)
    useless = d_separated(graph, outcomes, other - best, best | set(treatments))
    return bool(useless) and bool(d_separated(graph, treatments, best - other, other))


@settings(max_examples=200, deadline=None)
@given(effects())
def test_the_minimal_set_that_is_found_beats_every_minimal_set(effect):
    best = adjustment_set(*effect)
    assert all(no_worse(*effect, best, other) for other in minimal_adjustment_sets(*effect))


@settings(max_examples=200, deadline=None)
@given(effects())
def test_the_optimal_set_beats_every_valid_set(effect):
    graph, treatments, outcomes = effect
    best = optimal_adjustment_set(graph, treatments, outcomes)
    valid = [z for z in subsets(set(graph) - {*treatments, *outcomes}) if check_adjustment(*effect, z)]
    if isinstance(best, NoAdjustment):
        moved = all(set(graph.ancestors(y)) & set(treatments) for y in outcomes)
        if graph.is_dag and len(treatments) == 1:
            assert not valid or not moved
        return
    assert set(best) in valid
    assert all(no_worse(*effect, best, other) for other in valid)
