"""What the causal engine says about a drawn graph: which paths are open and why, what can be adjusted for.

Functions of library objects that give JSON; the verdict and its proof are in `causal_graph_proof`.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from typing import Any

from agentos_lab.causal import (
    AdjustmentSet,
    NoAdjustment,
    Path,
    adjustment_set,
    check_adjustment,
    d_separated,
    minimal_adjustment_sets,
    optimal_adjustment_set,
)

from .causal_graph_proof import prove
from .causal_graph_question import Question, arrows, edge_of, route_of

__all__ = ["read_question"]

MOST_PATHS = 40
MOST_SETS = 6
NOTHING: dict[str, Any] = {
    "paths": [], "more_paths": False, "adjustment": None, "verdict": None, "steps": [], "check": None, "hedge": None,
    "observed": [], "searched": False,
}  # fmt: skip


def read_question(question: Question) -> dict[str, Any]:
    """Everything that is said about a question: paths, adjustment sets, verdict, steps, check; not to be changed."""
    graph = question.graph  # equal graphs may name their nodes in another order
    return _read(question, (graph.nodes, graph.directed, graph.bidirected))


@lru_cache(maxsize=64)  # moving a node, or coming back to a question, asks nothing anew
def _read(question: Question, _order: Any) -> dict[str, Any]:
    if not question.asked:
        return NOTHING
    found = d_separated(question.graph, question.treatment, question.outcome, question.given, limit=MOST_PATHS + 1)
    paths = sorted(found.paths, key=lambda path: (not path.is_causal, not path.open))
    told = {"paths": [_path(path) for path in paths[:MOST_PATHS]], "more_paths": len(paths) > MOST_PATHS}
    if set(question.latent) & {*question.treatment, *question.outcome}:
        return NOTHING | told
    # Adjustment sets are for the effect in everybody; whoever asks about a part of them asks for none.
    adjustment = None if question.query.conditions else _adjustment(question)
    return NOTHING | told | {"adjustment": adjustment} | prove(question)


# --- paths ------------------------------------------------------------------------------------------------------


def _path(path: Path) -> dict[str, Any]:
    """A path: its way, whether it is open, and what is said at its nodes."""
    return {
        "nodes": list(path.nodes),
        "edges": [edge_of(a, kind, b) for a, kind, b in zip(path.nodes, path.edges, path.nodes[1:], strict=False)],
        "open": path.open,
        "causal": path.is_causal,
        "route": route_of(path),
        "note": _note(path),
        "remarks": _remarks(path),
    }


def _note(path: Path) -> str:
    """What the path is, in a few words."""
    if path.is_causal:
        return "the effect itself" if path.open else f"the effect, stopped at {', '.join(path.blocked_at)}"
    if not path.open:
        return f"spurious, stopped at {', '.join(path.blocked_at)}"
    openers = dict.fromkeys(reason.observed for reason in path.reasons if reason.kind == "collider")
    return f"spurious, opened by {', '.join(openers)}" if openers else "spurious, nothing stops it"


def _remarks(path: Path) -> list[dict[str, Any]]:
    """What is said at the nodes that decide: what blocks, what had to be opened, or what lets pass."""
    telling = [reason for reason in path.reasons if not reason.open]
    if path.open and not path.is_causal:
        telling = [reason for reason in path.reasons if reason.kind == "collider"] or list(path.reasons[:1])
    said = []
    for reason in telling:
        if reason.kind != "collider":
            why = f"a {reason.kind}, and {reason.node} is {'not given' if reason.open else 'given'}"
        elif not reason.open:
            why = "two arrowheads meet, and nothing here is given"
        elif reason.observed == reason.node:
            why = f"two arrowheads meet, and {reason.node} is given"
        else:
            why = f"two arrowheads meet, and {reason.observed}, which it causes, is given"
        does = "Blocked" if not reason.open else "Opened" if reason.kind == "collider" else "Passes"
        said.append({"node": reason.node, "open": reason.open, "head": f"{does} at {reason.node}", "why": why})
    return said


# --- adjustment -------------------------------------------------------------------------------------------------


def _adjustment(question: Question) -> dict[str, Any]:
    """Sets that can be adjusted for, the reason why there are none, and whether what is given will do."""
    graph, treatment, outcome, given, latent, _ = question
    seen = [name for name in graph.nodes if name not in latent]
    found = list(islice(minimal_adjustment_sets(graph, treatment, outcome, allowed=seen), MOST_SETS + 1))
    kinds = dict.fromkeys(sorted(found, key=lambda names: (len(names), names)), "minimal")
    best = optimal_adjustment_set(graph, treatment, outcome)
    if isinstance(best, AdjustmentSet) and not set(best.names) & set(latent):
        kinds[best.names] = "optimal"
    rows = [
        {
            "names": list(names),
            "kind": kind,
            "chosen": set(names) == set(given),
            "label": "{" + ", ".join(names) + "}" if names else "∅ nothing",
        }
        for names, kind in sorted(kinds.items(), key=lambda item: item[1] != "optimal")
    ]
    one = adjustment_set(graph, treatment, outcome, allowed=seen)
    fits = check_adjustment(graph, treatment, outcome, given)
    return {
        "sets": rows[:MOST_SETS],
        "none": arrows(one.reason.removeprefix("no adjustment will do: ")) if isinstance(one, NoAdjustment) else "",
        "given": bool(fits),
        "why": arrows(fits.reason) if isinstance(fits, NoAdjustment) else "",
    }
