"""Instruments: a variable that moves X, and Y through X alone, measures the effect of X on Y in linear models.

Given a set W, Z is an instrument for X → Y when it is connected with X, but not with Y once the causal paths from X
to Y are cut, and the effect changes neither W nor Z. Then the total effect is cov(Z, Y | W) / cov(Z, X | W).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .back_door import forbidden_nodes, proper_back_door_graph, sides
from .bit_graph import bits
from .d_separation import separated
from .graph import CausalGraph, Names, as_graph
from .paths import Path, open_path
from .separating_sets import minimal_separator

__all__ = ["Instrument", "NoInstrument", "check_instrument", "instruments"]


@dataclass(frozen=True)
class Instrument:
    """A variable that is an instrument for the effect of `treatment` on `outcome`, given a set. As a bool: True.

    Attributes:
        name: The instrument.
        treatment, outcome: Whose effect on whom.
        given: What is to be held fixed; empty for a plain instrument.
    """

    name: str
    treatment: str
    outcome: str
    given: tuple[str, ...]

    def __bool__(self) -> bool:
        return True

    @property
    def estimand(self) -> str:
        """The effect in a linear model, as a text."""
        bar = f" | {', '.join(self.given)}" if self.given else ""
        return f"cov({self.name}, {self.outcome}{bar}) / cov({self.name}, {self.treatment}{bar})"

    def __str__(self) -> str:
        given = f" given {', '.join(self.given)}" if self.given else ""
        return f"{self.name} is an instrument for {self.treatment} -> {self.outcome}{given}: {self.estimand}"

    __repr__ = __str__


@dataclass(frozen=True)
class NoInstrument:
    """Why a variable is no instrument given a set. As a bool: False.

    Attributes:
        name, treatment, outcome, given: What was tried.
        reason: What is wrong, in a sentence.
        path: A path to the outcome that does not go through the treatment's effect, if that is the reason.
    """

    name: str
    treatment: str
    outcome: str
    given: tuple[str, ...]
    reason: str
    path: Path | None = None

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return f"{self.name} is no instrument for {self.treatment} -> {self.outcome}: {self.reason}"

    __repr__ = __str__


def check_instrument(
    graph: CausalGraph | str, instrument: str, treatment: str, outcome: str, given: Names = ()
) -> Instrument | NoInstrument:
    """Whether a variable is a (conditional) instrument; if not, why.

    Args:
        graph: The graph; its two-headed edges are unobserved common causes.
        instrument, treatment, outcome: One name each.
        given: What is held fixed.

    Raises:
        ValueError: An unknown name, or names that coincide.

    Source: Brito & Pearl 2002, "Generalized instrumental variables"; van der Zander, Textor & Liśkiewicz
    2015, "Efficiently finding conditional instruments for causal inference". They cut the edge
    X → Y; here all causal paths from X to Y are cut: the total effect is meant, also where X acts through others.
    """
    graph = as_graph(graph)
    x, y = _ends(graph, treatment, outcome)
    z, chosen = graph.mask([instrument]), graph.mask(given)
    if twice := z & (x | y) | chosen & (x | y | z):
        raise ValueError(f"{', '.join(graph.names(twice))} stands in two roles; instrument, treatment, outcome and "
                         "what is given must differ")  # fmt: skip
    asked = instrument, treatment, outcome, graph.names(chosen)
    if wrong := forbidden_nodes(graph, x, y) & (z | chosen):
        return NoInstrument(*asked, f"{', '.join(graph.names(wrong))} is changed by the effect of {treatment}")
    bar = f" given {', '.join(asked[3])}" if chosen else ""
    if separated(graph, z, x, chosen):
        return NoInstrument(*asked, f"it says nothing about {treatment}{bar}: no path between the two is open")
    path = open_path(proper_back_door_graph(graph, x, y), z, y, chosen)
    if path is not None:
        reason = f"{path.route} is open{bar}, and is not an effect of {treatment}"
        return NoInstrument(*asked, reason, path)
    return Instrument(*asked)


def instruments(
    graph: CausalGraph | str, treatment: str, outcome: str, *, allowed: Names | None = None
) -> Iterator[Instrument]:
    """The instruments for an effect, each with a set given which it is one, found one by one.

    For each variable one set is tried: the minimal one nearest to the outcome, among the ancestors of the two, which
    leaves the variable as much of its connection with the treatment as any. Whenever some variable is an instrument
    given some set, one is found here (though not always the same one).

    Args:
        graph: The graph.
        treatment, outcome: One name each.
        allowed: The variables that may serve as instrument or be given; default all.

    Raises:
        ValueError: An unknown name, or treatment and outcome coincide.

    Source: van der Zander, Textor & Liśkiewicz 2015 (ancestral instruments; nearest separators).
    """
    graph = as_graph(graph)
    x, y = _ends(graph, treatment, outcome)
    may = graph.all_mask if allowed is None else graph.mask(allowed)
    may &= ~(x | y | forbidden_nodes(graph, x, y))
    without_effect = proper_back_door_graph(graph, x, y)
    candidates = ((1 << node, minimal_separator(without_effect, y, 1 << node, 0, may)) for node in bits(may))
    return (
        Instrument(graph.names(z)[0], treatment, outcome, graph.names(given))
        for z, given in candidates
        if given is not None and not separated(graph, z, x, given)
    )


def _ends(graph: CausalGraph, treatment: str, outcome: str) -> tuple[int, int]:
    """Treatment and outcome as masks of one bit each."""
    if not isinstance(treatment, str) or not isinstance(outcome, str):
        raise ValueError(f"an instrument serves one treatment and one outcome, not {treatment!r} and {outcome!r}")
    return sides(graph, treatment, outcome)
