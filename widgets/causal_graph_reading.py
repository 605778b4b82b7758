"""What the causal engine says about a drawn graph: paths, adjustment sets, the verdict, the derivation and its check.

Everything is a function of library objects; nothing here knows of places or pixels, except that a formula is laid out
for the room that it will have.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, NamedTuple

from agentos_lab.causal import (
    CausalGraph,
    CausalStep,
    Identified,
    NoAdjustment,
    NotIdentifiable,
    Path,
    Probability,
    Query,
    Variable,
    adjustment_set,
    check_adjustment,
    check_derivation,
    d_separated,
    derive,
    identify,
    minimal_adjustment_sets,
    optimal_adjustment_set,
)
from agentos_lab.causal.do_calculus import premise
from agentos_lab.errors import IdentificationError
from agentos_lab.results import Derivation

from .formula import beside, word
from .formula_of_probability import claim_formula, equation_formula, expression_formula, mutilated_formula

__all__ = ["MOST_DETAILED", "Question", "read_question"]

MOST_DETAILED = 12  # nodes; beyond these, no derivation
MOST_SEARCHED = 6  # nodes that matter; the search for short derivations goes no further
MOST_PATHS = 40
MOST_SETS = 6
ROOM = 404.0  # pixels for a formula
ARROWS = {"->": "→", "<-": "←", "<->": "↔"}


class Question(NamedTuple):
    """A graph and what is asked of it; names only, so that equal questions are answered once."""

    graph: CausalGraph
    treatment: tuple[str, ...]
    outcome: tuple[str, ...]
    given: tuple[str, ...]
    latent: tuple[str, ...]

    @property
    def asked(self) -> bool:
        """Whether there is something to ask."""
        return bool(self.treatment and self.outcome)


@lru_cache(maxsize=64)  # moving a node, or coming back to a question, asks nothing anew
def read_question(question: Question) -> dict[str, Any]:
    """Everything that is said about a question, as JSON: paths, adjustment, verdict, steps, check."""
    if not question.asked:
        return {"paths": [], "more_paths": 0, "adjustment": None, "verdict": None, "steps": [], "check": None}
    paths = _paths(question)
    return {
        "paths": [_path_row(path, question) for path in paths[:MOST_PATHS]],
        "more_paths": len(paths) > MOST_PATHS,
        "adjustment": _adjustment(question),
        **_verdict(question),
    }


# --- paths ------------------------------------------------------------------------------------------------------


def _paths(question: Question) -> tuple[Path, ...]:
    graph, treatment, outcome, given, _ = question
    found = d_separated(graph, treatment, outcome, given, limit=MOST_PATHS + 1).paths
    return tuple(sorted(found, key=lambda path: (not path.is_causal, not path.open)))


def _path_row(path: Path, question: Question) -> dict[str, Any]:
    nodes = path.nodes
    return {
        "nodes": list(nodes),
        "edges": [_edge(a, kind, b) for a, kind, b in zip(nodes, path.edges, nodes[1:], strict=False)],
        "open": path.open,
        "causal": path.is_causal,
        "route": nodes[0] + "".join(f" {ARROWS[e]} {n}" for e, n in zip(path.edges, nodes[1:], strict=True)),
        "note": _path_note(path),
        "remarks": _remarks(path),
    }


def _edge(a: str, kind: str, b: str) -> list[str]:
    """An edge from its tail; of a two-headed one the ends are sorted."""
    return [b, "->", a] if kind == "<-" else [a, kind, b] if kind == "->" else [*sorted((a, b))[:1], kind, max(a, b)]


def _path_note(path: Path) -> str:
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
    if not telling and path.open and not path.is_causal:
        telling = [reason for reason in path.reasons if reason.kind == "collider"] or list(path.reasons[:1])
    said = []
    for reason in telling:
        if reason.kind == "collider":
            if not reason.open:
                why = "two arrowheads meet, and nothing here is given"
            elif reason.observed == reason.node:
                why = "two arrowheads meet, and it is given"
            else:
                why = f"two arrowheads meet, and {reason.observed}, which it causes, is given"
        else:
            why = f"a {reason.kind}, and {reason.node} is {'not given' if reason.open else 'given'}"
        does = "Blocked" if not reason.open else "Opened" if reason.kind == "collider" else "Passes"
        said.append({"node": reason.node, "open": reason.open, "head": f"{does} at {reason.node}", "why": why})
    return said


# --- adjustment -------------------------------------------------------------------------------------------------


def _adjustment(question: Question) -> dict[str, Any]:
    """Sets that can be adjusted for, the reason why there are none, and whether the given one will do."""
    graph, treatment, outcome, given, latent = question
    seen = [name for name in graph.nodes if name not in latent]
    if any(name in latent for name in (*treatment, *outcome)):
        return {"sets": [], "more": False, "none": "a latent variable cannot be asked about", "given": False}
    best = optimal_adjustment_set(graph, treatment, outcome)
    one = adjustment_set(graph, treatment, outcome, allowed=seen)
    found = list(islice(minimal_adjustment_sets(graph, treatment, outcome, allowed=seen), MOST_SETS + 1))
    rows = [{"names": list(names), "kind": "minimal"} for names in sorted(found, key=lambda names: (len(names), names))]
    if best and set(best) <= set(seen):
        names = [row["names"] for row in rows]
        if list(best) in names:
            rows[names.index(list(best))]["kind"] = "optimal"
        else:
            rows.insert(0, {"names": list(best), "kind": "optimal"})
    fits = check_adjustment(graph, treatment, outcome, given)
    for row in rows:
        row["chosen"] = set(row["names"]) == set(given)
        row["label"] = "{" + ", ".join(row["names"]) + "}" if row["names"] else "∅"
    return {
        "sets": rows[:MOST_SETS],
        "more": len(rows) > MOST_SETS,
        "none": _arrows(one.reason) if isinstance(one, NoAdjustment) else "",
        "given": bool(fits),
        "why": _arrows(fits.reason) if isinstance(fits, NoAdjustment) else "",
    }


def _arrows(text: str) -> str:
    """Arrows as they are drawn."""
    return text.replace("<->", "↔").replace("->", "→").replace("<-", "←")


# --- verdict and derivation -------------------------------------------------------------------------------------


def _verdict(question: Question) -> dict[str, Any]:
    graph, treatment, outcome, _, latent = question
    nothing: dict[str, Any] = {"verdict": None, "steps": [], "check": None, "hedge": None, "observed": []}
    if any(name in latent for name in (*treatment, *outcome)):
        return nothing
    seen = graph.latent_projection(latent) if latent else graph
    query = Query(tuple(map(Variable, outcome)), tuple(map(Variable, treatment)))
    found = identify(seen, query)
    edges = [[a, "->", b] for a, b in seen.directed] + [_edge(a, "<->", b) for a, b in seen.bidirected]
    if isinstance(found, NotIdentifiable):
        return nothing | {"verdict": _no(found), "hedge": _hedge(found), "observed": edges}
    derivation, searched = _derivation(seen, found)
    detailed = len(seen) <= MOST_DETAILED
    check = check_derivation(derivation, seen) if detailed and len(derivation) else None
    worst = max((step.difference for step in check.steps), default=0.0) if check else 0.0
    return nothing | {
        "verdict": _yes(found),
        "observed": edges,
        "searched": searched,
        "steps": [_step(step, seen) for step in derivation if isinstance(step, CausalStep)] if detailed else [],
        "check": None if check is None else {"holds": bool(check), "models": check.models, "worst": _tiny(worst)},
    }


def _yes(found: Identified) -> dict[str, Any]:
    estimand = found.estimand
    free = sorted(estimand.expression.free - {v.symbol for v in (*found.query.outcomes, *found.query.treatments)})
    return {
        "identified": True,
        "chip": "identified",
        "note": f"the same for every value of {', '.join(free)}" if free else "",
        "formula": equation_formula(found.query.term, estimand.expression, 17, ROOM).state(str(estimand)),
        "latex": estimand.latex(),
    }


def _no(found: NotIdentifiable) -> dict[str, Any]:
    term = found.query.term
    formula = beside(expression_formula(term, 17), word(" = ?", 17)).state(f"{term} cannot be computed")
    return {"identified": False, "chip": "not identified", "note": "", "formula": formula, "latex": ""}


def _hedge(found: NotIdentifiable) -> dict[str, Any]:
    hedge = found.hedge
    edges = [[a, "->", b] for a, b in hedge.outer.directed] + [_edge(a, "<->", b) for a, b in hedge.outer.bidirected]
    inner = [_edge(a, "<->", b) for a, b in hedge.inner.bidirected]
    return {"outer": list(hedge.outer.nodes), "inner": list(hedge.inner.nodes), "edges": edges, "inner_edges": inner}


def _derivation(graph: CausalGraph, found: Identified) -> tuple[Derivation, bool]:
    """A short derivation by the rules where the graph is small enough for the search, else the algorithm's own."""
    matter = graph.ancestors([v.name for v in (*found.query.outcomes, *found.query.treatments)])
    if len(matter) <= MOST_SEARCHED:
        try:
            return derive(graph, found.query), True
        except IdentificationError:
            pass
    return found.derivation, False


def _tiny(value: float) -> str:
    """A very small number as printed mathematics."""
    if value == 0:
        return "0"
    digits, power = f"{value:.1e}".split("e")
    raised = str(int(power)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{digits}·10{raised}"


TITLES = {
    "condition and sum": ("sum", "bring in {new} by the law of total probability"),
    "conditional probability": ("define", "what a conditional probability is"),
    "chain rule": ("chain", "a joint probability in two factors"),
    "put together": ("join", "the parts put into each other"),
}


def _step(step: CausalStep, graph: CausalGraph) -> dict[str, Any]:
    """A step as it is shown: what became of what, why, and in which graph."""
    before = step.part if step.part is not None else step.before
    after = step.into if step.into is not None else step.after
    rule = step.rule.removeprefix("do-calculus, ")
    left = right = set()
    badge, title = TITLES.get(rule, (rule.removeprefix("ID, "), "a line of the ID algorithm"))
    reason, claims = step.reason, step.separations
    mutilated = None
    if rule.startswith("rule") and isinstance(before, Probability) and isinstance(after, Probability):
        left, right = _moved(before, after)
        title = _rule_title(rule, before, after)
        cut = _premise_of(int(rule[-1]), before, after, graph)
        mutilated = mutilated_formula(graph.names(cut[0]), graph.names(cut[1]), 15)
        badge = rule
    elif rule.startswith("ID"):
        badge, title = rule.replace(", line", ""), step.reason
    else:
        new = sorted(after.free - before.free) or sorted(set(after.names) - set(before.names))
        title = title.format(new=", ".join(new) or "a variable")
    claim = None
    why = "" if rule.startswith("ID") else reason
    if claims and step.graph is not None:
        claim = beside(claim_formula(claims[0], 15), *([word("  in  ", 15), mutilated] if mutilated else []))
        why = _why_separated(step.graph, claims[0].a, claims[0].b, claims[0].given)
    looked_at = step.graph
    kept = [] if looked_at is None else [[a, "->", b] for a, b in looked_at.directed]
    kept += [] if looked_at is None else [_edge(a, "<->", b) for a, b in looked_at.bidirected]
    equals = [expression_formula(before, 15, moved=left), word(" = ", 15), expression_formula(after, 15, moved=right)]
    whole = beside(*equals)
    lines = whole if whole.width <= 230 else _two_lines(before, after, left, right)
    return {
        "badge": badge,
        "rule": bool(mutilated),
        "title": title[:1].lower() + title[1:],
        "line": beside(word("= ", 15), expression_formula(after, 15, moved=right)).state()
        if step.before == before
        else whole.state(),
        "formula": lines.state(f"{before} = {after}"),
        "claim": claim.state(f"{claims[0]}") if claim else None,
        "why": why if claim else "",
        "shows_graph": looked_at is not None and not (rule.startswith("ID") and looked_at == graph),
        "kept": kept,
        "present": [] if looked_at is None else list(looked_at.nodes),
        "roles": _claim_roles(claims),
    }


def _two_lines(before: Any, after: Any, left: set[str], right: set[str]) -> Any:
    from .formula import in_lines

    second = beside(word("= ", 15), expression_formula(after, 15, moved=right))
    return in_lines([expression_formula(before, 15, moved=left), second], 1, indent=8)


def _claim_roles(claims: Sequence[Any]) -> dict[str, str]:
    """The parts that the nodes play in a separation, in the shapes of the large graph."""
    if not claims:
        return {}
    claim = claims[0]
    return dict.fromkeys(claim.a, "outcome") | dict.fromkeys(claim.b, "treatment") | dict.fromkeys(claim.given, "given")


def _moved(before: Probability, after: Probability) -> tuple[set[str], set[str]]:
    """The symbols that a rule has moved, on either side."""
    old = {("do", v.symbol) for v in before.do} | {("see", v.symbol) for v in before.given}
    new = {("do", v.symbol) for v in after.do} | {("see", v.symbol) for v in after.given}
    return {symbol for _, symbol in old - new}, {symbol for _, symbol in new - old}


def _rule_title(rule: str, before: Probability, after: Probability) -> str:
    if rule == "rule 2":
        return "an action becomes an observation" if len(after.do) < len(before.do) else "seeing becomes doing"
    what = "an observation" if rule == "rule 1" else "an action"
    fewer = len(after.do) + len(after.given) < len(before.do) + len(before.given)
    return f"{what} that makes no difference {'is dropped' if fewer else 'is added'}"


def _premise_of(rule: int, before: Probability, after: Probability, graph: CausalGraph) -> tuple[int, int]:
    """The nodes whose incoming and outgoing edges the rule cuts, as masks."""
    old, new = {v.name for v in before.do}, {v.name for v in after.do}
    seen_old, seen_new = {v.name for v in before.given}, {v.name for v in after.given}
    z = (seen_old ^ seen_new) if rule == 1 else (old ^ new)
    masks = (graph.mask(sorted(names)) for names in ({v.name for v in before.variables}, old & new, z))
    y, x, moved = masks
    needed = premise(graph, rule, y, x, moved, graph.mask(sorted(seen_old & seen_new)))
    return needed.cut_incoming, needed.cut_outgoing


def _why_separated(graph: CausalGraph, a: Sequence[str], b: Sequence[str], given: Sequence[str]) -> str:
    """Why a separation holds, in one line."""
    paths = d_separated(graph, a, b, given, limit=20).paths
    if not paths:
        return f"no path joins {', '.join(b)} and {', '.join(a)} here"
    blocks = list(dict.fromkeys(path.blocked_at[0] for path in paths if path.blocked_at))
    first = paths[0]
    if len(paths) == 1:
        route = first.nodes[0] + "".join(f" {ARROWS[e]} {n}" for e, n in zip(first.edges, first.nodes[1:], strict=True))
        return f"the one path left, {route}, is blocked at {blocks[0]}"
    return f"all {len(paths)} paths left are blocked, at {' and '.join(blocks[:3])}"
