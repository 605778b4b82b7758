"""Causal graphs: built from text or pairs, asked for relatives, cut, projected."""

from __future__ import annotations

import copy
import inspect
import subprocess
import sys

import networkx
import pytest
from causal_graphs import cases, graph_of, graphs
from hypothesis import given

from agentos_lab import causal
from agentos_lab.causal import (
    CausalGraph,
    DiscreteModel,
    adjustment_set,
    check_adjustment,
    check_derivation,
    check_front_door,
    check_instrument,
    d_separated,
    d_separation_oracle,
    derive,
    equivalence_class,
    find_paths,
    front_door_set,
    front_door_sets,
    identify,
    identify_counterfactual,
    instruments,
    minimal_adjustment_sets,
    optimal_adjustment_set,
    recover,
    rule_2,
    transport,
    twin_network,
)

NAPKIN = "W -> Z -> X -> Y; W <-> X; W <-> Y"


def test_text_and_pairs_make_the_same_graph():
    by_text = CausalGraph("X -> Z -> Y; X <-> Y; W")
    by_pairs = CausalGraph(directed=[("Z", "Y"), ("X", "Z")], bidirected=[("Y", "X")], nodes=["W"])
    assert by_text == by_pairs and hash(by_text) == hash(by_pairs)
    assert by_text.nodes == ("X", "Z", "Y", "W")
    assert by_pairs.nodes == ("W", "Z", "Y", "X")
    assert by_text.directed == (("X", "Z"), ("Z", "Y"))
    assert by_text.bidirected == (("X", "Y"),)
    assert by_text != CausalGraph("X -> Z -> Y; X <-> Y") != CausalGraph("X -> Z -> Y; X -> Y")


def test_text_and_pairs_add_up():
    assert CausalGraph("X -> Y", bidirected=[("X", "Y")], nodes="W") == CausalGraph("W; X <-> Y; X -> Y")


def test_an_edge_said_twice_is_one_edge():
    assert CausalGraph("X -> Y; X -> Y; Y <-> X; X <-> Y").bidirected == (("X", "Y"),)
    assert CausalGraph("X -> Y; X -> Y").directed == (("X", "Y"),)


def test_relatives_of_the_napkin():
    graph = CausalGraph(NAPKIN)
    assert graph.parents("X") == ("Z",)
    assert graph.children(["W", "X"]) == ("Z", "Y")
    assert graph.parents(["X", "Z"]) == ("W",)
    assert graph.siblings("W") == ("X", "Y")
    assert graph.ancestors("X") == ("W", "Z", "X")
    assert graph.descendants({"X"}) == ("X", "Y")
    assert graph.districts() == (("W", "X", "Y"), ("Z",))
    assert graph.district("Y") == ("W", "X", "Y")
    assert graph.topological_order() == ("W", "Z", "X", "Y")
    assert not graph.is_dag and CausalGraph("X -> Y").is_dag
    assert len(graph) == 4 and "X" in graph and "x" not in graph and list(graph) == ["W", "Z", "X", "Y"]


def test_mutilated_graphs():
    graph = CausalGraph(NAPKIN)
    assert graph.cut_incoming("X") == CausalGraph("W -> Z; X -> Y; W <-> Y")
    assert graph.cut_outgoing("X") == CausalGraph("W -> Z -> X; W <-> X; W <-> Y")
    assert graph.cut_incoming(["Z", "W"]) == CausalGraph("Z -> X -> Y; W")
    assert graph.subgraph(["Y", "X", "W"]) == CausalGraph("X -> Y; W <-> X; W <-> Y")
    assert graph.subgraph(["Y", "X"]).nodes == ("X", "Y")
    assert graph.cut_incoming(()) == graph


@pytest.mark.parametrize(
    ("graph", "latents", "projection"),
    [
        ("U -> X; U -> Y; X -> Y", "U", "X -> Y; X <-> Y"),
        ("X -> L -> Y", "L", "X -> Y"),
        ("X -> L; L -> A; L -> B", "L", "X -> A; X -> B; A <-> B"),
        ("X <-> L; L -> Y", "L", "X <-> Y"),
        ("X -> L; Y -> L", "L", "X; Y"),
        ("X <-> L; L -> X", "L", "X"),
        ("X -> L <-> Y; L -> Z", "L", "X -> Z; Z <-> Y"),
        ("U -> M; M -> X; U -> Y", ["U", "M"], "X <-> Y"),
        ("A <-> L; L <-> B", "L", "A; B"),
    ],
)
def test_latent_projection_of_small_graphs(graph, latents, projection):
    assert CausalGraph(graph).latent_projection(latents) == CausalGraph(projection)


def test_a_graph_never_changes():
    graph = CausalGraph("X -> Y")
    with pytest.raises(AttributeError, match="never changes"):
        graph.nodes = ("Z",)
    assert copy.deepcopy(graph) == graph and len({graph, copy.copy(graph)}) == 1


@given(graphs())
def test_names_and_masks_are_inverse(graph):
    for mask in range(graph.all_mask + 1):
        assert graph.mask(graph.names(mask)) == mask


@given(graphs())
def test_relatives_are_those_of_networkx(graph):
    other = networkx.DiGraph(graph.directed)
    other.add_nodes_from(graph.nodes)
    for node in graph:
        assert set(graph.parents(node)) == set(other.predecessors(node))
        assert set(graph.children(node)) == set(other.successors(node))
        assert set(graph.ancestors(node)) == {node} | networkx.ancestors(other, node)
        assert set(graph.descendants(node)) == {node} | networkx.descendants(other, node)


@pytest.mark.parametrize("case", cases("causal_identification"), ids=lambda case: case["name"])
def test_a_case_is_read_with_its_nodes_in_order(case):
    graph = graph_of(case)
    assert list(graph.nodes) == case["nodes"]
    assert sorted(graph.directed) == sorted(map(tuple, case["directed"]))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: CausalGraph("X -> Y -> Z -> X"), "no directed cycle, but here is X -> Y -> Z -> X"),
        (lambda: CausalGraph("A -> X -> Y; Y -> X; Y -> B"), "X -> Y -> X"),
        (lambda: CausalGraph("X -> X"), "X -> X joins a node to itself"),
        (lambda: CausalGraph(bidirected=[("X", "X")]), "X <-> X joins a node to itself"),
        (lambda: CausalGraph([("X", "Y")]), "directed=…"),
        (lambda: CausalGraph(directed=["XY"]), "a pair of names"),
        (lambda: CausalGraph(directed=[("X", "Y", "Z")]), "a pair of names"),
        (lambda: CausalGraph(directed=[("X", "")]), "at least one character"),
        (lambda: CausalGraph(nodes=[3]), "not 3"),
        (lambda: CausalGraph("Smoking -> Cancer").parents("Smokin"), "no node 'Smokin'; did you mean Smoking"),
        (lambda: CausalGraph("X -> Y").mask(["x"]), "did you mean X"),
        (lambda: CausalGraph("X -> Y").mask("Q"), "its nodes are X, Y"),
        (lambda: CausalGraph("X -> Y").mask(3), "not 3"),
    ],
)
def test_bad_input_is_told_what_is_wrong(build, message):
    with pytest.raises(ValueError) as caught:
        build()
    assert message in str(caught.value)


def test_the_engine_loads_no_large_package():
    large = ["torch", "pandas", "networkx", "matplotlib", "scipy", "sklearn"]
    code = f"import sys, agentos_lab.causal; print([name for name in {large} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


CONFOUNDED = "Z -> X -> M -> Y; Z -> Y; I -> X"
FRONT_DOOR = "X -> M -> Y; X <-> Y"


@pytest.mark.parametrize(
    ("ask", "text"),
    [
        (lambda graph: identify(graph, "P(Y | do(X))"), CONFOUNDED),
        (lambda graph: identify_counterfactual(graph, "P(Y_{X=1}=1 | X=0)"), CONFOUNDED),
        (lambda graph: derive(graph, "P(Y | do(X))"), FRONT_DOOR),
        (lambda graph: check_derivation(identify(graph, "P(Y | do(X))").derivation, graph), FRONT_DOOR),
        (lambda graph: rule_2(graph, "P(Y | do(X), Z)", see="X"), "X, Z -> Y; Z -> X"),
        (lambda graph: d_separated(graph, "I", "Y", ["X", "Z"]), CONFOUNDED),
        (lambda graph: list(find_paths(graph, "X", "Y")), CONFOUNDED),
        (lambda graph: check_adjustment(graph, "X", "Y", ["Z"]), CONFOUNDED),
        (lambda graph: adjustment_set(graph, "X", "Y"), CONFOUNDED),
        (lambda graph: optimal_adjustment_set(graph, "X", "Y"), CONFOUNDED),
        (lambda graph: list(minimal_adjustment_sets(graph, "X", "Y")), CONFOUNDED),
        (lambda graph: check_front_door(graph, "X", "Y", "M"), FRONT_DOOR),
        (lambda graph: front_door_set(graph, "X", "Y"), FRONT_DOOR),
        (lambda graph: list(front_door_sets(graph, "X", "Y")), FRONT_DOOR),
        (lambda graph: check_instrument(graph, "I", "X", "Y", "Z"), CONFOUNDED),
        (lambda graph: list(instruments(graph, "X", "Y")), CONFOUNDED),
        (lambda graph: transport(graph, "P(Y | do(X))", "Z"), CONFOUNDED),
        (lambda graph: recover(graph, "P(Y | X)", selection="I"), CONFOUNDED),
        (lambda graph: twin_network(graph, do={"X": 1}), FRONT_DOOR),
        (lambda graph: equivalence_class(graph), CONFOUNDED),
        (lambda graph: d_separation_oracle(graph)("I", "Y", ["X"]), CONFOUNDED),
        (lambda graph: DiscreteModel.random(graph).joint().to_dict(), FRONT_DOOR),
    ],
)
def test_every_question_takes_the_text_of_a_graph_as_well(ask, text):
    assert str(ask(text)) == str(ask(CausalGraph(text)))
    with pytest.raises(ValueError, match="expected a CausalGraph, or a text"):
        ask(3)


def test_every_public_function_about_a_graph_says_that_it_takes_a_text():
    functions = [getattr(causal, name) for name in causal.__all__ if inspect.isfunction(getattr(causal, name))]
    graphs_taken = {function.__name__: inspect.signature(function).parameters.get("graph") for function in functions}
    assert [name for name, graph in graphs_taken.items() if graph and "str" not in graph.annotation] == []
