"""Shorter estimands by what the graph knows: a summed variable that an independence makes superfluous.

In Σ_z P(z) P(y | x, z) the sum is idle if z is independent of x: then P(z) = P(z | x), the two factors join to
P(y, z | x), and the sum is P(y | x). A fraction may come out even in the same way. Such moves hold in every
distribution of this graph, but not in every distribution, so that each leaves a step that names its separations.

Source: Tikka & Karvanen 2017, "Simplifying probabilistic expressions in causal inference", JMLR 18; here for two
factors at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

from .causal_step import CausalStep, SeparationClaim
from .d_separation import separated
from .expression import Expression, Fraction, Probability, Product, Sum
from .expression_algebra import factors_of, fraction, product, total
from .graph import CausalGraph
from .simplification import conditioned, simplify

__all__ = ["shorten"]


def shorten(graph: CausalGraph, expression: Expression) -> tuple[Expression, tuple[CausalStep, ...]]:
    """Remove the sums of a simplified observational formula that independences in the graph make superfluous.

    Returns:
        The shorter formula, and a step for each sum that went.
    """
    steps: list[CausalStep] = []

    def visit(part: Expression) -> Expression:
        match part:
            case Probability():
                return part
            case Product(factors):
                part = product(*(visit(factor) for factor in factors))
            case Fraction(numerator, denominator):
                part = simplify(fraction(visit(numerator), visit(denominator)))
            case Sum(over, body):
                part = total(over, visit(body))
        while step := _sum_that_goes(graph, part) or _fraction_that_goes(graph, part):
            steps.append(step)
            part = step.after
        return part

    shorter = visit(expression)
    if shorter == expression:  # the formula that came, which is simplified already
        return expression, ()
    return simplify(shorter), tuple(steps)


def _sum_that_goes(graph: CausalGraph, whole: Expression) -> CausalStep | None:
    """The first index of a sum that can be summed out, as a step."""
    if not isinstance(whole, Sum):
        return None
    factors = factors_of(whole.body)
    for variable in whole.over:
        touched = [factor for factor in factors if variable.symbol in factor.free]
        pair = [factor for factor in touched if isinstance(factor, Probability)]
        if len(touched) != 2 or len(pair) != 2:
            continue
        first, second = pair if variable in pair[0].variables else reversed(pair)
        if joined := _join(graph, first, second):
            rest = [factor for factor in factors if factor not in pair]
            after = simplify(total(whole.over, product(*rest, joined.joint)))
            return joined.step(graph, whole, after, f"in which {variable} can be summed out")
    return None


def _fraction_that_goes(graph: CausalGraph, whole: Expression) -> CausalStep | None:
    """Two factors of a numerator whose product the denominator divides, as a step."""
    if not isinstance(whole, Fraction):
        return None
    factors = factors_of(whole.numerator)
    terms = [factor for factor in factors if isinstance(factor, Probability)]
    for first, second in permutations(terms, 2):
        for low in factors_of(whole.denominator):
            if (joined := _join(graph, first, second)) and conditioned(joined.joint, low):
                rest = [factor for factor in factors if factor not in (first, second)]
                after = simplify(fraction(product(*rest, joined.joint), whole.denominator))
                return joined.step(graph, whole, after, f"which {low} divides")
    return None


@dataclass(frozen=True)
class _Joined:
    """P(a | c) P(b | d) as one joint probability, and the separations that this rests on."""

    first: Probability
    second: Probability
    joint: Probability
    claims: tuple[SeparationClaim, ...]

    def step(self, graph: CausalGraph, before: Expression, after: Expression, use: str) -> CausalStep:
        reason = f"{self.first} {self.second} = {self.joint}, {use}"
        return CausalStep("independence", "Tikka & Karvanen 2017", before, after, reason, graph, self.claims)


def _join(graph: CausalGraph, first: Probability, second: Probability) -> _Joined | None:
    """P(a | c) P(b | d) as P(a, b | e) with e = c ∪ (d \\ a), where the graph allows it.

    It does if P(a | c) = P(a | e) and P(b | d) = P(b | a, e).
    """
    a, c, b, d = first.variables, first.given, second.variables, second.given
    e = c + tuple(variable for variable in d if variable not in a + c)
    if len({variable.name for variable in a + b + e}) < len(a + b + e):
        return None  # two indices over one variable, or a variable on both sides: nothing to join
    claims = []
    for these, given, more in ((a, c, e), (b, d, a + e)):
        gained = tuple(variable for variable in more if variable not in given)
        if gained:
            claim = SeparationClaim(*(tuple(variable.name for variable in part) for part in (these, gained, given)))
            if not separated(graph, *(graph.mask(names) for names in (claim.a, claim.b, claim.given))):
                return None
            claims.append(claim)
    return _Joined(first, second, Probability(a + b, e), tuple(claims))
