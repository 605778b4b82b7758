"""Pearl's do-calculus: three rules that trade seeing, doing and ignoring, each where the graph allows it.

With G the graph, G without the arrows into X written G[X̄], without the arrows out of Z written G[Z̲]:

1. P(y | do(x), z, w) = P(y | do(x), w)          if (Y ⊥⊥ Z | X, W) in G[X̄]         insert or delete an observation
2. P(y | do(x), do(z), w) = P(y | do(x), z, w)   if (Y ⊥⊥ Z | X, W) in G[X̄, Z̲]      exchange doing and seeing
3. P(y | do(x), do(z), w) = P(y | do(x), w)      if (Y ⊥⊥ Z | X, W) in G[X̄, Z̄(W)]   insert or delete an intervention

where Z(W) are the nodes of Z that are no ancestors of W in G[X̄]. Every identifiable effect can be derived with these
and the rules of probability (Shpitser & Pearl 2006; Huang & Valtorta 2006).

Source: Pearl 1995, "Causal diagrams for empirical research", theorem 3; Pearl 2009, theorem 3.4.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from .causal_step import CausalStep, SeparationClaim
from .d_separation import d_separated, separated
from .expression import Probability, Variable
from .graph import CausalGraph, Names, as_graph
from .query import parse_query

__all__ = ["RULES", "SOURCE", "Premise", "premise", "rule_1", "rule_2", "rule_3"]

SOURCE = "Pearl 2009, theorem 3.4.1"  # where a step says that its rule is from
# The names of the rules in steps.
RULES = {1: "do-calculus, rule 1", 2: "do-calculus, rule 2", 3: "do-calculus, rule 3"}


@dataclass(frozen=True)
class Premise:
    """What a rule asks of the graph: (Y ⊥⊥ Z | X, W) without the edges into `cut_incoming` and out of `cut_outgoing`.

    All sets are masks of the graph's nodes.
    """

    y: int
    z: int
    given: int
    cut_incoming: int
    cut_outgoing: int

    def holds(self, graph: CausalGraph) -> bool:
        """Whether the separation holds in the mutilated graph."""
        return separated(graph, self.y, self.z, self.given, self.cut_incoming, self.cut_outgoing)

    def mutilated(self, graph: CausalGraph) -> CausalGraph:
        """The graph in which the separation is asked."""
        return graph.cut_incoming(graph.names(self.cut_incoming)).cut_outgoing(graph.names(self.cut_outgoing))

    def claim(self, graph: CausalGraph) -> SeparationClaim:
        """The separation, by name."""
        return SeparationClaim(*(graph.names(mask) for mask in (self.y, self.z, self.given)))


def premise(graph: CausalGraph, rule: int, y: int, x: int, z: int, w: int) -> Premise:
    """What rule 1, 2 or 3 needs for P(y | do(x), …z…, w), in the letters of the rules above; sets are masks."""
    if rule == 1:
        return Premise(y, z, x | w, x, 0)
    if rule == 2:
        return Premise(y, z, x | w, x, z)
    not_above_w = z & ~graph.ancestor_mask(w, cut_incoming=x)
    return Premise(y, z, x | w, x | not_above_w, 0)


def rule_1(graph: CausalGraph | str, term: Probability | str, *, insert: Names = (), delete: Names = ()) -> CausalStep:
    """Insert observations into a probability, or delete them from it.

    Args:
        graph: The causal graph.
        term: Such as ``"P(Y | do(X), Z, W)"``.
        insert, delete: The variables to see, or to see no longer. Exactly one of the two.

    Returns:
        The step, with the mutilated graph and the separation that it rests on.

    Raises:
        ValueError: The rule does not apply; the message names an open path. Or a variable in the wrong place.
    """
    graph = as_graph(graph)
    before = _as_term(term)
    names = _one_of(graph, insert=insert, delete=delete)
    if insert:
        after = Probability(before.variables, before.given + _new(before, names), before.do, before.population)
    else:
        after = Probability(before.variables, _without(before.given, names, before), before.do, before.population)
    return _step(graph, 1, before, after, names, after if delete else before)


def rule_2(graph: CausalGraph | str, term: Probability | str, *, see: Names = (), do: Names = ()) -> CausalStep:
    """Exchange doing and seeing.

    Args:
        graph: The causal graph.
        term: Such as ``"P(Y | do(X), Z)"``.
        see: Variables that are done, and shall be seen.
        do: Variables that are seen, and shall be done. Exactly one of the two.

    Returns:
        The step, with the mutilated graph and the separation that it rests on.

    Raises:
        ValueError: The rule does not apply; the message names an open path. Or a variable in the wrong place.
    """
    graph = as_graph(graph)
    before = _as_term(term)
    names = _one_of(graph, see=see, do=do)
    done, seen = before.do, before.given
    if see:
        moved = tuple(variable for variable in done if variable.name in names)
        rest = Probability(before.variables, seen, _without(done, names, before), before.population)
        after = Probability(before.variables, seen + moved, rest.do, before.population)
    else:
        moved = tuple(variable for variable in seen if variable.name in names)
        rest = Probability(before.variables, _without(seen, names, before), done, before.population)
        after = Probability(before.variables, rest.given, done + moved, before.population)
    return _step(graph, 2, before, after, names, rest)


def rule_3(graph: CausalGraph | str, term: Probability | str, *, insert: Names = (), delete: Names = ()) -> CausalStep:
    """Insert interventions into a probability, or delete them from it.

    Args:
        graph: The causal graph.
        term: Such as ``"P(Y | do(X), Z)"``.
        insert, delete: The variables to set, or to set no longer. Exactly one of the two.

    Returns:
        The step, with the mutilated graph and the separation that it rests on.

    Raises:
        ValueError: The rule does not apply; the message names an open path. Or a variable in the wrong place.
    """
    graph = as_graph(graph)
    before = _as_term(term)
    names = _one_of(graph, insert=insert, delete=delete)
    if insert:
        after = Probability(before.variables, before.given, before.do + _new(before, names), before.population)
    else:
        after = Probability(before.variables, before.given, _without(before.do, names, before), before.population)
    return _step(graph, 3, before, after, names, after if delete else before)


def _step(
    graph: CausalGraph, rule: int, before: Probability, after: Probability, names: tuple[str, ...], rest: Probability
) -> CausalStep:
    """The step, if the rule's separation holds. `rest` is the term without the variables `names` before and after."""
    y, x, w = (graph.mask([v.name for v in part]) for part in (rest.variables, rest.do, rest.given))
    needed = premise(graph, rule, y, x, graph.mask(names), w)
    claim, mutilated = needed.claim(graph), needed.mutilated(graph)
    if not needed.holds(graph):
        path = d_separated(mutilated, claim.a, claim.b, claim.given).open_path
        raise ValueError(
            f"{RULES[rule]} does not turn {before} into {after}:\n"
            f"{claim} does not hold in the graph {mutilated}\n  {path}"
        )
    return CausalStep(RULES[rule], SOURCE, before, after, f"{claim} in {mutilated}", mutilated, (claim,))


def _as_term(term: Probability | str) -> Probability:
    return term if isinstance(term, Probability) else parse_query(term).term


def _one_of(graph: CausalGraph, **choices: Names) -> tuple[str, ...]:
    """The names of the one choice that was made."""
    made = [names for names in choices.values() if names]
    if len(made) != 1:
        first, second = choices
        raise ValueError(f"say what to {first} or what to {second}, one of the two")
    return graph.names(graph.mask(made[0]))


def _new(term: Probability, names: tuple[str, ...]) -> tuple[Variable, ...]:
    for variable in term.variables + term.given + term.do:
        if variable.name in names:
            raise ValueError(f"{variable.name} stands in {term} already")
    return tuple(Variable(name) for name in names)


def _without(part: tuple[Variable, ...], names: tuple[str, ...], term: Probability) -> tuple[Variable, ...]:
    there = {variable.name for variable in part}
    for name in names:
        if name not in there:
            raise ValueError(f"{name} does not stand in {term} where this rule looks for it")
    return tuple(variable for variable in part if variable.name not in names)
