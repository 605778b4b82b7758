"""One step of a derivation as it is shown: what became of what, by which rule, why, and in which graph."""

from __future__ import annotations

from typing import Any

from agentos_lab.causal import CausalGraph, CausalStep, Expression, Probability, SeparationClaim, d_separated
from agentos_lab.causal.do_calculus import premise

from .causal_graph_question import edge_of, edges_of, route_of
from .formula import Formula, beside, in_lines, word
from .formula_of_probability import claim_formula, expression_formula, mutilated_formula

__all__ = ["step_state"]

SIZE = 15.0
WIDEST = 330.0  # pixels of a step in one row; beyond these, its left side is left out
LINE = 230.0  # pixels beside the graph of an open step
RULE = "do-calculus, "
MOST_PATHS = 12  # that are looked at to say why a separation holds
TITLES = {  # of what is no rule of the do-calculus: badge, title
    "condition and sum": ("sum", "{new} comes in, by the law of total probability"),
    "conditional probability": ("define", "what a conditional probability is"),
    "chain rule": ("chain", "a joint probability in two factors"),
    "put together": ("join", "the parts are put into each other"),
}


def step_state(step: CausalStep, graph: CausalGraph) -> dict[str, Any]:
    """A step as JSON.

    Args:
        step: From `derive` or from `identify`.
        graph: The graph of the derivation.
    """
    before, after = step.part or step.before, step.into or step.after
    by_rule = step.rule.startswith(RULE) and isinstance(before, Probability) and isinstance(after, Probability)
    left, right = _moved(before, after) if by_rule else (set(), set())
    badge, title = _named(step, before, after)
    second = beside(word("= ", SIZE), expression_formula(after, SIZE, moved=right))
    first = expression_formula(before, SIZE, moved=left)
    whole = beside(first, word(" ", SIZE), second)
    seen = step.graph if step.graph is not None and (by_rule or step.graph != graph) else None
    return {
        "badge": badge,
        "rule": by_rule,
        "title": title,
        "line": (second if step.before == before or whole.width > WIDEST else whole).state(),
        "formula": (
            whole if whole.width <= (LINE if seen else WIDEST) else in_lines([first, second], 0, indent=8)
        ).state(f"{before} = {after}"),
        "shows_graph": seen is not None,
        "present": [] if seen is None else list(seen.nodes),
        "kept": [] if seen is None else edges_of(seen),
        **_separation(step, before, after, graph),
    }


def _named(step: CausalStep, before: Expression, after: Expression) -> tuple[str, str]:
    """The rule's name for the badge, and what it does."""
    rule = step.rule.removeprefix(RULE)
    if isinstance(before, Probability) and isinstance(after, Probability) and step.rule.startswith(RULE):
        return rule, _what_rule(rule, before, after)
    if step.rule.startswith("ID"):
        return rule.replace(", line", ""), step.reason
    badge, title = TITLES.get(rule, (rule, step.reason))
    new = sorted(set(after.names) - set(before.names)) or ["an index"]
    return badge, title.format(new=", ".join(new))


def _what_rule(rule: str, before: Probability, after: Probability) -> str:
    """What a rule of the do-calculus does here."""
    if rule == "rule 2":
        fewer = len(after.do) < len(before.do)
        return "an action becomes an observation" if fewer else "an observation becomes an action"
    what = "an observation" if rule == "rule 1" else "an action"
    fewer = len(after.do) + len(after.given) < len(before.do) + len(before.given)
    return f"{what} that makes no difference is {'dropped' if fewer else 'added'}"


def _moved(before: Expression, after: Expression) -> tuple[set[str], set[str]]:
    """The symbols that a rule has moved, on either side."""
    assert isinstance(before, Probability) and isinstance(after, Probability)
    old, new = (
        {("do", v.symbol) for v in term.do} | {("see", v.symbol) for v in term.given} for term in (before, after)
    )
    return {symbol for _, symbol in old - new}, {symbol for _, symbol in new - old}


def _separation(step: CausalStep, before: Expression, after: Expression, graph: CausalGraph) -> dict[str, Any]:
    """The separation that a rule rests on: as a formula, why it holds, who plays which part, and where bars stand."""
    if not step.separations or step.graph is None:
        return {"claim": None, "why": "", "roles": {}, "bars": []}
    claim = step.separations[0]
    written = [claim_formula(claim, SIZE)]
    if isinstance(before, Probability) and isinstance(after, Probability) and step.rule.startswith(RULE):
        written += [word("  in  ", SIZE), _mutilated(int(step.rule[-1]), before, after, graph)]
    why, bars = _why_separated(step.graph, claim)
    parts = (("outcome", claim.a), ("treatment", claim.b), ("given", claim.given))
    return {
        "claim": beside(*written).state(str(claim)),
        "why": why,
        "roles": {name: role for role, names in parts for name in names},
        "bars": bars,
    }


def _mutilated(rule: int, before: Probability, after: Probability, graph: CausalGraph) -> Formula:
    """The name of the graph that a rule looks at."""
    old, new = {v.name for v in before.do}, {v.name for v in after.do}
    seen_old, seen_new = {v.name for v in before.given}, {v.name for v in after.given}
    moved = seen_old ^ seen_new if rule == 1 else old ^ new
    y, x, z, w = (
        graph.mask(sorted(s)) for s in ({v.name for v in before.variables}, old & new, moved, seen_old & seen_new)
    )
    needed = premise(graph, rule, y, x, z, w)
    return mutilated_formula(graph.names(needed.cut_incoming), graph.names(needed.cut_outgoing), SIZE)


def _why_separated(graph: CausalGraph, claim: SeparationClaim) -> tuple[str, list[list[str]]]:
    """Why a separation holds, in one line; and each place where a path is stopped, as an edge and its end there."""
    paths = d_separated(graph, claim.b, claim.a, claim.given, limit=MOST_PATHS).paths
    if not paths:
        return f"no path joins {', '.join(claim.b)} and {', '.join(claim.a)} here", []
    blocks = list(dict.fromkeys(path.blocked_at[0] for path in paths))
    bars: dict[tuple[str, ...], None] = {}
    for path in paths:
        place = path.nodes.index(path.blocked_at[0])
        a, b = path.nodes[place - 1 : place + 1]
        bars[(*edge_of(a, path.edges[place - 1], b), b)] = None
    stops = [list(bar) for bar in bars]
    if len(paths) == 1:
        return f"the one path, {route_of(paths[0])}, is blocked at {blocks[0]}", stops
    return f"all {len(paths)} paths are blocked, at {' and '.join(blocks[:3])}", stops
