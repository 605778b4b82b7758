"""Proofs as text, LaTeX, a table, a graph and TSTP."""

from __future__ import annotations

import pytest

from agentos_lab.logic.proving import prove
from agentos_lab.logic.tptp import read_tptp


@pytest.fixture(scope="module")
def proof():
    premises = {"all men": "∀x (Man(x) → Mortal(x))", "a man": "Man(Socrates)"}
    return prove(premises, "Mortal(Socrates)", engine="resolution").proof


def test_the_text_tells_each_step_with_its_parents_and_what_was_put_in(proof):
    assert "¬Man(x) ∨ Mortal(x)  clausal form of all men" in str(proof)
    assert "resolution of 1, 2 with x = Socrates" in str(proof)
    assert str(proof).splitlines()[-1].lstrip().startswith("5. □")


def test_the_tstp_derivation_is_proper_tptp(proof):
    text = proof.tptp()
    problem = read_tptp(text)
    assert len(problem.premises) == len(proof) + 3
    assert "inference(resolution, [status(thm)], [c1, c2])" in text


def test_the_table_and_the_latex_have_a_row_for_each_step(proof):
    assert proof._repr_html_().count("<tr>") == len(proof) + 1 + len(proof.formulas)
    assert proof.latex().count(r"\\") == len(proof) - 1
    assert r"\square" in proof.latex()


def test_the_graph_leads_from_the_premises_to_the_empty_clause(proof):
    graph = proof.graph()
    assert len(graph) == len(proof)
    assert [node for node in graph if graph.out_degree(node) == 0] == [len(proof)]
    assert graph.nodes[len(proof)]["clause"] == "□"


def test_a_step_that_does_not_exist_is_named(proof):
    with pytest.raises(IndexError, match="steps 1 to 5, got 6"):
        proof[6]
