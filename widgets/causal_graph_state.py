"""The state of a CausalGraphExplorer: a graph, where it stands, and what the engine says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .causal_graph_places import WIDTHS, Edge, Obstacles, bends_of, first_places, radius_of
from .causal_graph_proof import MOST_DETAILED
from .causal_graph_question import Question, edges_of
from .causal_graph_reading import read_question
from .formula import fit_scale
from .formula_of_probability import name_formula
from .runs import Runs, strong
from .text_metrics import text_width, wrap
from .view import header, notice

__all__ = ["causal_graph_state"]

MOST_NODES = 40
REMARK = 132.0  # pixels: the width of a remark
LONGEST = 48  # characters of a route in a sentence
EMPTY = "Draw two nodes and an arrow, or choose a graph."
TEXTS = {"treatment": "on-fill", "outcome": "vermilion-text", "given": "#1a1a1a", "latent": "purple-text"}


def causal_graph_state(question: Question, places: Mapping[str, Sequence[float]] | None = None) -> dict[str, Any]:
    """Everything that is to be seen, as JSON.

    Args:
        question: The graph and the roles of its nodes.
        places: Node -> (x, y) as shares of the panel; the others get places of their own.
    """
    graph, treatment, outcome, given, latent, _ = question
    title = "Can data alone give the effect?"
    if treatment and outcome:
        where = f", where {', '.join(given)} is known" if question.query.conditions else ""
        title = f"Can data alone give the effect of {', '.join(treatment)} on {', '.join(outcome)}{where}?"
    if len(graph) > MOST_NODES:
        told = f"{len(graph)} nodes are too many to be seen; take a subgraph of at most {MOST_NODES} nodes."
        return notice("too-large", title, told)
    read = read_question(question)
    at = first_places(graph) | {name: (float(x), float(y)) for name, (x, y) in (places or {}).items() if name in graph}
    roles = dict.fromkeys(latent, "latent") | dict.fromkeys(given, "given")
    roles |= dict.fromkeys(outcome, "outcome") | dict.fromkeys(treatment, "treatment")
    edges = [(a, kind, b) for a, kind, b in edges_of(graph)]
    bends, radius = bends_of(edges, at), radius_of(at)
    tones = _tones(edges, read["paths"])
    observed = [(a, kind, b) for a, kind, b in read["observed"]]
    bent = bends if set(observed) <= set(bends) else bends_of(observed, at)  # some edge may stand for a latent node
    obstacles = [Obstacles(at, bends, width) for width in WIDTHS]
    paths = [path | {"remarks": _placed(path["remarks"], obstacles)} for path in read["paths"]]
    many = (
        f"{len(graph)} {'node' if len(graph) == 1 else 'nodes'}, {len(edges)} {'edge' if len(edges) == 1 else 'edges'}"
    )
    return (
        header(title, _sentence(question, read), meta=many if len(graph) else "")
        | read
        | {
            "nodes": [_node(name, at[name], roles.get(name, "plain"), radius) for name in graph.nodes],
            "radius": radius,
            "edges": [[*edge, bends[edge], tones[edge]] for edge in edges],
            "paths": paths,
            "observed": [[*edge, bent[edge]] for edge in observed],
            "first_path": _first_path(paths),
            "asked": question.asked,
            "may_condition": bool(question.asked and given),
            "instead": _instead(question, read),
            "detailed": len(graph) <= MOST_DETAILED,
        }
    )


def _node(name: str, place: Sequence[float], role: str, radius: float) -> dict[str, Any]:
    """A node: where it stands, its part, its name, and whether that fits into it."""
    label = name_formula(name, min(19.0, 0.5 + 0.95 * radius), colour=TEXTS.get(role, "ink")).state()
    inside = fit_scale(label, 1.5 * radius) > 0.75
    return {"name": name, "x": place[0], "y": place[1], "role": role, "label": label, "inside": inside}


def _tones(edges: Sequence[Edge], paths: Sequence[Mapping[str, Any]]) -> dict[Edge, str]:
    """Green: part of an open path that is not causal. Grey: of blocked paths only."""
    tones = {}
    for edge in edges:
        through = [path for path in paths if list(edge) in path["edges"]]
        if any(path["open"] and not path["causal"] for path in through):
            tones[edge] = "green"
        elif through and not any(path["open"] for path in through):
            tones[edge] = "grey"
        else:
            tones[edge] = "ink"
    return tones


def _first_path(paths: Sequence[Mapping[str, Any]]) -> int:
    """The path to look at first: an open one that misleads, else a blocked one, else the effect."""
    ranks = [(path["causal"], not path["open"], index) for index, path in enumerate(paths)]
    return min(ranks)[2] if ranks else -1


def _placed(remarks: Sequence[Mapping[str, Any]], obstacles: Sequence[Obstacles]) -> list[dict[str, Any]]:
    """Remarks with their lines and where they stand, from the centre of their node."""
    placed: list[dict[str, Any]] = []
    for remark in remarks:
        lines = wrap(remark["why"], REMARK, 11)
        width = max(text_width(remark["head"], 13, bold=True), *(text_width(line, 11) for line in lines)) * 1.03
        spots = [[each.panel[0], *each.room_for(remark["node"], width, 16 + 14 * len(lines))] for each in obstacles]
        placed.append({**remark, "lines": lines, "spots": spots, "width": round(width, 1)})
    return placed


def _sentence(question: Question, read: Mapping[str, Any]) -> Runs:
    """The answer in a sentence or two."""
    graph, treatment, outcome, given, *_ = question
    if not len(graph):
        return EMPTY
    if not question.asked:
        missing = " and ".join(["a treatment"] * (not treatment) + ["an outcome"] * (not outcome))
        return [strong(f"Choose {missing}"), ": select a node, then press T or O, or a role below."]
    x, verdict, adjustment = ", ".join(treatment), read["verdict"], read["adjustment"]
    if verdict is None:
        return [strong("Nothing can be asked of a latent variable"), ": it is in no data."]
    if not verdict["identified"]:
        together = ", ".join(read["hedge"]["outer"])
        return [strong("No"), f": {together} form a hedge; two worlds can agree on all data and differ in the effect."]
    steps = len(read["steps"])
    how = f"the {f'{steps} steps' if steps > 1 else 'step'} at the right" if steps else "the formula at the right"
    if question.query.conditions:
        return [strong(f"Yes, given {', '.join(given)}"), f": {how} can."]
    if not set(graph.descendants(treatment)) & set(outcome):
        return [
            strong("Yes"),
            f": no way of arrows leads from {x} to {', '.join(outcome)}, so there is no effect at all.",
        ]
    if adjustment["none"]:
        seen = [path for path in read["paths"] if path["open"] and not path["causal"]]
        still = f" Now {_short(seen[0]['route'])} is open." if seen else ""
        return [strong("Yes, though no adjustment can"), f": {how} can.{still}"]
    if adjustment["given"]:
        how = f"adjust for {', '.join(given)}" if given else f"seeing {x} already shows what doing {x} does"
        return [strong("Yes"), f": {how}. No path but the effect itself is open."]
    names = adjustment["sets"][0]["names"]
    how = f"by adjusting for {', '.join(names)}" if names else "if nothing is given"
    return [strong("Yes"), f", {how}. Now {_short(adjustment['why'])}."]


def _instead(question: Question, read: Mapping[str, Any]) -> list[list[str]]:
    """What stands where there is no derivation: paragraphs of [style, text]."""
    if read["steps"]:
        return []
    if not question.asked or not read["verdict"]:
        return [["quiet", "The verdict, its formula and the derivation will stand here."]]
    if read["verdict"]["identified"]:
        large = (
            f"Beyond {MOST_DETAILED} nodes the formula is given without its derivation: ask identify() for the steps."
        )
        return [["quiet", large if len(question.graph) > MOST_DETAILED else "No step is needed."]]
    hedge = read["hedge"]
    outer, inner = ", ".join(hedge["outer"]), ", ".join(hedge["inner"])
    x, outcome = ", ".join(hedge["treatments"]), ", ".join(hedge["outcomes"])
    return [
        ["strong", "Why not: a hedge"],
        [
            "",
            f"F = {{{outer}}}: joined by two-headed edges, so that what nobody sees can pass a message all around it.",
        ],
        ["", f"F′ = {{{inner}}}: the same without {x}; from here {outcome} is reached past {x}."],
        ["", f"The message shows when {x} is set, and is cancelled in all that is seen: no amount of data can tell."],
    ]


def _short(text: str) -> str:
    """A text without a route that is too long for a sentence."""
    route, *rest = text.split(" is ", 1)
    return text if len(route) <= LONGEST else " is ".join([f"a path of {route.count(' ') // 2} edges", *rest])
