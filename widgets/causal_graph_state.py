"""The state of a CausalGraphExplorer: a graph, where it stands, and what the engine says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agentos_lab.causal import CausalGraph

from .causal_graph_places import Edge, bends_of, first_places, remark_offset
from .causal_graph_reading import MOST_DETAILED, Question, read_question
from .formula import fit_scale
from .formula_of_probability import name_formula
from .runs import Runs, strong
from .text_metrics import text_width, wrap
from .view import header, notice

__all__ = ["causal_graph_state"]

MOST_NODES = 40
REMARK = 132.0  # pixels: the width of a remark
LABEL = 30.0  # pixels: the room for a name inside its node
EMPTY = "Draw two nodes and an arrow, or choose a graph."
TEXTS = {"treatment": "on-fill", "outcome": "vermilion-text", "given": "#1a1a1a", "latent": "purple-text"}


def causal_graph_state(
    graph: CausalGraph,
    treatment: Sequence[str] = (),
    outcome: Sequence[str] = (),
    given: Sequence[str] = (),
    latent: Sequence[str] = (),
    places: Mapping[str, Sequence[float]] | None = None,
) -> dict[str, Any]:
    """Everything that is to be seen, as JSON.

    Args:
        graph: The graph as drawn, latent nodes and all.
        treatment, outcome, given, latent: The roles of nodes.
        places: Node -> (x, y) as shares of the panel; the others get places of their own.
    """
    title = "Can data alone give the effect?"
    if treatment and outcome:
        title = f"Can data alone give the effect of {', '.join(treatment)} on {', '.join(outcome)}?"
    if len(graph) > MOST_NODES:
        told = f"{len(graph)} nodes are too many to be seen; take a subgraph of at most {MOST_NODES} nodes."
        return notice("too-large", title, told)
    question = Question(graph, *(tuple(names) for names in (treatment, outcome, given, latent)))
    read = read_question(question)
    at = first_places(graph) | {name: (float(x), float(y)) for name, (x, y) in (places or {}).items() if name in graph}
    roles = dict.fromkeys(latent, "latent") | dict.fromkeys(given, "given")
    roles |= dict.fromkeys(outcome, "outcome") | dict.fromkeys(treatment, "treatment")
    edges = _edges(graph)
    bends = bends_of(edges, at)
    tones = _tones(edges, read["paths"])
    observed = {tuple(edge): bends.get(tuple(edge)) for edge in read.get("observed", [])}
    if None in observed.values():  # some edge stands for a latent node
        observed = bends_of(observed, at)
    paths = [path | {"remarks": _placed(path["remarks"], at, bends)} for path in read["paths"]]
    many = (
        f"{len(graph)} {'node' if len(graph) == 1 else 'nodes'}, {len(edges)} {'edge' if len(edges) == 1 else 'edges'}"
    )
    return (
        header(title, _sentence(question, read), meta=many if len(graph) else "")
        | read
        | {
            "nodes": [_node(name, at[name], roles.get(name, "plain")) for name in graph.nodes],
            "edges": [[*edge, bends[edge], tones[edge]] for edge in edges],
            "paths": paths,
            "observed": [[*edge, bend] for edge, bend in observed.items()],
            "first_path": _first_path(paths),
            "asked": question.asked,
            "instead": _instead(question, read),
            "detailed": len(graph) <= MOST_DETAILED,
        }
    )


def _edges(graph: CausalGraph) -> list[Edge]:
    arrows = [(a, "->", b) for a, b in graph.directed]
    return arrows + [(min(pair), "<->", max(pair)) for pair in graph.bidirected]


def _node(name: str, place: Sequence[float], role: str) -> dict[str, Any]:
    label = name_formula(name, 19, colour=TEXTS.get(role, "ink")).state()
    inside = fit_scale(label, LABEL) > 0.75
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


def _placed(
    remarks: Sequence[Mapping[str, Any]], places: Mapping[str, Sequence[float]], bends: Mapping[Edge, float]
) -> list[dict[str, Any]]:
    """Remarks with their lines and where they stand, from the centre of their node."""
    placed: list[dict[str, Any]] = []
    for remark in remarks:
        lines = wrap(remark["why"], REMARK, 11)
        width = max(text_width(remark["head"], 13, bold=True), *(text_width(line, 11) for line in lines)) * 1.03
        dx, dy = remark_offset(remark["node"], (width, 16 + 14 * len(lines)), places, bends)
        placed.append({**remark, "lines": lines, "dx": dx, "dy": dy, "width": round(width, 1)})
    return placed


def _sentence(question: Question, read: Mapping[str, Any]) -> Runs:
    """The answer in a sentence or two."""
    graph, treatment, outcome, given, _ = question
    if not len(graph):
        return EMPTY
    if not question.asked:
        missing = " and ".join(["a treatment"] * (not treatment) + ["an outcome"] * (not outcome))
        return [strong(f"Choose {missing}"), ": select a node, then press T or O, or a role below."]
    x, y = ", ".join(treatment), ", ".join(outcome)
    verdict, adjustment = read["verdict"], read["adjustment"]
    if verdict is None:
        return [strong("Nothing can be asked of a latent variable"), ": it is in no data."]
    if not verdict["identified"]:
        hedge = read["hedge"]
        told = f": {', '.join(hedge['outer'])} make a hedge; two worlds can agree on all data and differ in the effect."
        return [strong("No"), told]
    spurious = [path for path in read["paths"] if path["open"] and not path["causal"]]
    seen = f"given {', '.join(given)}" if given else "as it is"
    if not any(path["causal"] for path in read["paths"]) and not set(graph.descendants(treatment)) & set(outcome):
        return [strong("Yes"), f": no arrow leads from {x} to {y}, so {x} has no effect on {y} at all."]
    if adjustment["none"]:
        return [strong("Yes, though no adjustment can"), f": {_reason(adjustment['none'])}. Follow the steps."]
    if adjustment["given"]:
        how = f"adjust for {', '.join(given)}" if given else f"seeing {x} already shows what doing {x} does"
        return [strong("Yes"), f": {how}. No path but the effect itself is open."]
    sets = adjustment["sets"][0]["label"]
    if spurious:
        many = "a path that is no effect is" if len(spurious) == 1 else f"{len(spurious)} paths that are no effect are"
        return [strong("Yes"), f", by adjusting for {sets}; but {seen}, {many} open."]
    return [strong("Yes"), f", by adjusting for {sets}; but {seen}, {adjustment['why']}."]


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
    hedge, x = read["hedge"], ", ".join(question.treatment)
    outer, inner = ", ".join(hedge["outer"]), ", ".join(hedge["inner"])
    outcome = ", ".join(question.outcome)
    return [
        ["strong", "Why not: a hedge"],
        [
            "",
            f"F = {{{outer}}}: joined by two-headed edges, so that what nobody sees can pass a message all around it.",
        ],
        ["", f"F′ = {{{inner}}}: the same without {x}; from here {outcome} is reached past {x}."],
        ["", f"The message shows when {x} is set, and is cancelled in all that is seen: no amount of data can tell."],
    ]


def _reason(text: str) -> str:
    return text.removeprefix("no adjustment will do: ")
