"""Checking a causal derivation without trusting whoever wrote it.

Each step is tested twice. By logic: a step that claims a rule of the do-calculus is compared with the rule, the
mutilated graph is built anew, and the separation is decided by another criterion than the one that found it. By
numbers: both sides of every step, terms with do() too, are computed in random models of the graph.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agentos_lab.results import Derivation, Step

from .bit_graph import bits
from .causal_step import CausalDerivation, CausalStep, SeparationClaim
from .discrete_model import DiscreteModel
from .do_calculus import RULES
from .evaluation import evaluate
from .expression import Expression, Probability
from .expression_algebra import probabilities
from .graph import CausalGraph, as_graph
from .query import Query

__all__ = ["DerivationCheck", "StepCheck", "check_derivation", "separated_by_moral_graph"]

_MANY_LATENTS = 8  # 3 ** 13 combinations of latent values take ten seconds, 2 ** 13 a tenth of one
_TOLERANCE = 1e-9
_NUMBERS = {name: number for number, name in RULES.items()}


@dataclass(frozen=True)
class StepCheck:
    """What the checker found out about one step.

    Attributes:
        step: The step.
        fault: What is wrong with it; empty where nothing is.
        difference: The largest difference between its two sides over all models and values.
    """

    step: Step
    fault: str
    difference: float

    @property
    def holds(self) -> bool:
        """Whether the step is right."""
        return not self.fault


@dataclass(frozen=True)
class DerivationCheck:
    """The verdict on a derivation. As a bool: whether all of it holds.

    Attributes:
        steps: What was found out about each step.
        models: In how many random models both sides were computed.
        fault: What is wrong with the derivation as a whole: it ends in a do(), or not at the goal.
    """

    steps: tuple[StepCheck, ...]
    models: int
    fault: str = ""

    @property
    def holds(self) -> bool:
        """Whether every step is right, and the last one ends in observed probabilities equal to the goal."""
        return not self.fault and all(step.holds for step in self.steps)

    def __bool__(self) -> bool:
        return self.holds

    def __str__(self) -> str:
        worst = max((step.difference for step in self.steps), default=0.0)
        wrong = [f"  step {number}: {check.fault}" for number, check in enumerate(self.steps, 1) if check.fault]
        wrong += [f"  {self.fault}"] if self.fault else []
        separations = sum(len(getattr(check.step, "separations", ())) for check in self.steps)
        done = f"{len(self.steps)} steps, {separations} separations, {self.models} random models"
        if wrong:
            return "\n".join([f"the derivation does not hold ({done}):", *wrong])
        return f"the derivation holds: {done}, largest difference {worst:.0e}"

    __repr__ = __str__


def check_derivation(
    derivation: Derivation, graph: CausalGraph | str | None = None, models: int = 5, seed: int = 0
) -> DerivationCheck:
    """Test every step of a derivation, from `identify`, from `derive` or written by hand.

    Args:
        derivation: Its goal is a `Query`, its steps are equations between probability expressions.
        graph: The causal graph; by default the one that the derivation says it is about.
        models: How many random models to compute both sides in; observed variables have two values, latent ones three,
            or two where there are more than eight.
        seed: Of the models.

    Returns:
        The verdict, step by step.

    Raises:
        ValueError: No graph is given and the derivation names none; or a step about counterfactuals or about two
            populations, which the probabilities of one model do not decide.
    """
    if graph is None:
        if not isinstance(derivation, CausalDerivation):
            raise ValueError("which graph is this derivation about? Give it as check_derivation(derivation, graph)")
        graph = derivation.graph
    graph = as_graph(graph)
    latent = 3 if len(graph.bidirected) <= _MANY_LATENTS else 2
    seeds = [np.random.default_rng([seed, number]) for number in range(models)]
    worlds = [DiscreteModel.random(graph, 2, latent, seed=each) for each in seeds]
    checks = []
    for step in derivation:
        _refuse_several_worlds(step)
        difference = max((_difference(step.before, step.after, world) for world in worlds), default=0.0)
        fault = _fault_in_rule(step, graph) if isinstance(step, CausalStep) else ""
        if not fault and not difference < _TOLERANCE:
            fault = f"{step.before} and {step.after} differ by {difference:.2g} in a random model"
        checks.append(StepCheck(step, fault, difference))
    return DerivationCheck(tuple(checks), models, _fault_of_whole(derivation, worlds))


def separated_by_moral_graph(graph: CausalGraph, claim: SeparationClaim) -> bool:
    """m-separation by another road: in the augmented graph of the ancestors, `given` cuts all ways from a to b.

    There, two nodes are joined when a path of colliders lies between them (for a graph without two-headed edges: they
    are joined, or parents of one child).

    Source: Lauritzen et al. 1990, proposition 3; Richardson 2003, theorem 1.
    """
    a, b, given = (graph.mask(names) for names in (claim.a, claim.b, claim.given))
    ancestral = graph.ancestor_mask(a | b | given)
    neighbours = [0] * len(graph)
    for district in graph.district_masks(ancestral):
        joined = district
        for node in bits(district):  # a district and its parents: any two are joined by a path of colliders
            joined |= graph.parent_masks[node] & ancestral
        for node in bits(joined):
            neighbours[node] |= joined & ~(1 << node)
    reached = frontier = a
    while frontier:
        around = 0
        for node in bits(frontier):
            around |= neighbours[node]
        frontier = around & ~reached & ~given
        reached |= frontier
    return not reached & b


def _refuse_several_worlds(step: Step) -> None:
    sides = step.before, step.after
    if not all(isinstance(side, Expression) for side in sides):
        raise ValueError(f"{step.before} = {step.after} cannot be checked: both sides must be probability expressions")
    if any(term.population for side in sides for term in probabilities(side)):
        raise ValueError(f"{step.before} = {step.after} cannot be checked in one model: it compares two populations")


def _difference(before: Expression, after: Expression, world: DiscreteModel) -> float:
    one, other = evaluate(before, world), evaluate(after, world)
    axes = tuple(dict.fromkeys(one.axes + other.axes))
    return float(np.max(np.abs(one.expanded(axes) - other.expanded(axes))))


def _fault_in_rule(step: CausalStep, graph: CausalGraph) -> str:
    """What is wrong with the logic of a step; empty where nothing is, or where the step claims no separation."""
    if step.rule.startswith("do-calculus"):
        if step.rule not in _NUMBERS:
            return f"there is no {step.rule!r}, only {', '.join(_NUMBERS)}"
        part, into = step.part or step.before, step.into or step.after
        if not (isinstance(part, Probability) and isinstance(into, Probability)):
            return f"{step.rule} turns one probability into another, not {part} into {into}"
        needed = _needed_by_rule(_NUMBERS[step.rule], part, into, graph)
        if needed is None:
            return f"{step.rule} does not turn {part} into {into}, whatever the graph"
        mutilated, claim = needed
        return "" if separated_by_moral_graph(mutilated, claim) else f"{claim} does not hold in {mutilated}"
    failed = [str(claim) for claim in step.separations if not separated_by_moral_graph(step.graph or graph, claim)]
    return f"{', '.join(failed)} does not hold in {step.graph or graph}" if failed else ""


def _needed_by_rule(
    rule: int, part: Probability, into: Probability, graph: CausalGraph
) -> tuple[CausalGraph, SeparationClaim] | None:
    """The mutilated graph and the separation that a rule needs, by its two sides; None where they do not fit it."""
    y, seen, done = (set(side) for side in (part.variables, part.given, part.do))
    new_seen, new_done = set(into.given), set(into.do)
    if set(into.variables) != y:
        return None
    fits = {1: done == new_done, 2: done | seen == new_done | new_seen, 3: seen == new_seen}
    moved = {1: seen ^ new_seen, 2: done ^ new_done, 3: done ^ new_done}[rule]
    if not fits[rule] or not moved:
        return None
    x = [v.name for v in (done & new_done) - moved]
    w = [v.name for v in (seen & new_seen) - moved]
    z = [v.name for v in moved]
    without_x = graph.cut_incoming(x)
    if rule == 1:
        mutilated = without_x
    elif rule == 2:
        mutilated = without_x.cut_outgoing(z)
    else:
        above_w = set(without_x.ancestors(w)) if w else set()
        mutilated = without_x.cut_incoming([name for name in z if name not in above_w])
    return mutilated, SeparationClaim(tuple(v.name for v in y), tuple(z), tuple(x + w))


def _fault_of_whole(derivation: Derivation, worlds: list[DiscreteModel]) -> str:
    goal = derivation.goal.term if isinstance(derivation.goal, Query) else derivation.goal
    result = derivation.result.term if isinstance(derivation.result, Query) else derivation.result
    if any(term.do for term in probabilities(result)):
        return f"it ends in {result}, where something is still done"
    difference = max((_difference(goal, result, world) for world in worlds), default=0.0)
    return (
        "" if difference < _TOLERANCE else f"{result} is not {goal}: they differ by {difference:.2g} in a random model"
    )
