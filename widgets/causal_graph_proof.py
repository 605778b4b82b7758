"""The verdict on a question, and its proof: the steps of a derivation with the graph of each, or the hedge."""

from __future__ import annotations

from typing import Any

from agentos_lab.causal import CausalGraph, Identified, NotIdentifiable, check_derivation, derive, identify
from agentos_lab.causal.causal_step import CausalStep
from agentos_lab.errors import IdentificationError
from agentos_lab.results import Derivation

from .causal_graph_question import Question, edges_of, tiny
from .causal_graph_step import step_state
from .formula import beside, word
from .formula_of_probability import equation_formula, expression_formula

__all__ = ["MOST_DETAILED", "prove"]

MOST_DETAILED = 12  # nodes; beyond these, no derivation
MOST_SEARCHED = 6  # nodes that matter; the search for short derivations goes no further
ROOM = 404.0  # pixels for a formula
SIZE = 17.0


def prove(question: Question) -> dict[str, Any]:
    """Verdict, steps and their check, or the hedge, as JSON."""
    seen = question.observed
    found = identify(seen, question.query)
    told: dict[str, Any] = {"observed": edges_of(seen)}
    if isinstance(found, NotIdentifiable):
        return told | {"verdict": _no(found), "hedge": _hedge(found)}
    told |= {"verdict": _yes(found)}
    if len(seen) > MOST_DETAILED:
        return told
    derivation, searched = _derivation(seen, found)
    steps = [step_state(step, seen) for step in derivation if isinstance(step, CausalStep)]
    return told | {"steps": steps, "searched": searched, "check": _check(derivation, seen)}


def _yes(found: Identified) -> dict[str, Any]:
    estimand, query = found.estimand, found.query
    asked = query.outcomes + query.treatments + query.conditions
    free = sorted(estimand.expression.free - {variable.symbol for variable in asked})
    return {
        "identified": True,
        "chip": "identified",
        "note": f"the same for every value of {', '.join(free)}" if free else "",
        "formula": equation_formula(query.term, estimand.expression, SIZE, ROOM).state(str(estimand)),
        "latex": f"{query.latex()} = {estimand.expression.latex()}",
    }


def _no(found: NotIdentifiable) -> dict[str, Any]:
    term = found.query.term
    formula = beside(expression_formula(term, SIZE), word(" = ?", SIZE))
    spoken = f"{term} cannot be computed from what is observed"
    return {
        "identified": False,
        "chip": "not identified",
        "note": "",
        "formula": formula.state(spoken),
        "latex": "",
    }


def _hedge(found: NotIdentifiable) -> dict[str, Any]:
    """F and F' with their edges."""
    outer, inner = found.hedge.outer, found.hedge.inner
    return {
        "outer": list(outer.nodes),
        "inner": list(inner.nodes),
        "treatments": list(found.hedge.treatments),
        "outcomes": list(found.hedge.outcomes),
        "edges": edges_of(outer),
        "inner_edges": edges_of(inner),
    }


def _derivation(graph: CausalGraph, found: Identified) -> tuple[Derivation, bool]:
    """A short derivation by the rules where the graph is small enough for the search, else the algorithm's own."""
    matter = graph.ancestors(found.query.term.names)
    if len(matter) <= MOST_SEARCHED:
        try:
            return derive(graph, found.query), True
        except IdentificationError:
            pass  # the search knows fewer moves than the algorithm
    return found.derivation, False


def _check(derivation: Derivation, graph: CausalGraph) -> dict[str, Any] | None:
    """What an independent check of all steps says."""
    if not len(derivation):
        return None
    check = check_derivation(derivation, graph)
    worst = max(step.difference for step in check.steps)
    return {
        "holds": check.holds,
        "models": check.models,
        "worst": tiny(worst),
    }
