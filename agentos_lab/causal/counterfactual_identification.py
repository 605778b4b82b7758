"""Identifying counterfactuals: which questions about several worlds at once do experiments answer, and how?

ID* and IDC* (Shpitser & Pearl 2008, "Complete identification methods for the causal hierarchy", figures 9 and 10)
write P(events | given) with probabilities of single worlds, P(… | do(…)), which experiments can show. `identify` may
then tell whether observations alone suffice. The numbers in the comments are the lines of the algorithms.
"""

from __future__ import annotations

from .causal_step import CausalDerivation, CausalStep
from .counterfactual_graph import CounterfactualGraph, counterfactual_graph
from .counterfactual_identification_result import CounterfactualIdentified, CounterfactualNotIdentifiable
from .counterfactual_query import CounterfactualQuery, CounterfactualVariable, Event, parse_counterfactual
from .d_separation import separated
from .expression import ONE, ZERO, Expression, Probability, Variable
from .expression_algebra import fraction, product, total, with_fresh_names
from .graph import CausalGraph, as_graph
from .simplification import simplify

__all__ = ["identify_counterfactual"]

_FIGURE = {"ID*": 9, "IDC*": 10}


def identify_counterfactual(
    graph: CausalGraph | str, query: CounterfactualQuery | str
) -> CounterfactualIdentified | CounterfactualNotIdentifiable:
    """Decide whether experiments answer a counterfactual query, and how.

    Args:
        graph: The causal graph.
        query: Such as ``"P(Y_{X=1}=1 | X=0)"``.

    Returns:
        The answer in probabilities of single worlds, or the worlds that contradict. No assumption is made on how many
        values a variable has, nor on monotonicity; with them more can be identified.

    Raises:
        ParseError: The query does not follow the grammar.
        ValueError: A variable that is not in the graph, a condition that cannot happen, or a variable that stands in
            several worlds and not always with a value.
    """
    graph = as_graph(graph)
    asked = parse_counterfactual(query)
    for event in asked.events + asked.given:
        graph.mask([event.variable.name, *(variable.name for variable in event.variable.do)])
    _check_values(asked)
    search = _CounterfactualSearch(graph)
    try:
        expression = search.conditional(asked.events, asked.given)
    except _Conflict as found:
        return CounterfactualNotIdentifiable(asked, graph, found.variables, found.values)
    simple = simplify(with_fresh_names(expression))
    whole = CausalStep("put together", "", asked, simple, "the parts are put into each other and simplified")
    return CounterfactualIdentified(asked, graph, simple, CausalDerivation(asked, (*search.steps, whole), graph))


def _check_values(query: CounterfactualQuery) -> None:
    """What equals what depends on the values, where one variable stands in several worlds."""
    events = query.events + query.given
    names = [event.variable.name for event in events]
    names += [value.name for event in events for value in event.variable.do if value.name == event.variable.name]
    for event in events:
        name = event.variable.name
        if event.value.value is None and names.count(name) > 1:
            raise ValueError(
                f"{name} stands in several worlds of {query}: say which value it has in each, as in {event.variable}=1"
            )


class _Conflict(Exception):
    """Line 8 of ID*: the worlds of one district contradict each other."""

    def __init__(self, variables: tuple[CounterfactualVariable, ...], values: tuple[Variable, Variable]) -> None:
        self.variables, self.values = variables, values


class _CounterfactualSearch:
    """One run of IDC* and ID* on one graph."""

    def __init__(self, graph: CausalGraph) -> None:
        self.graph = graph
        self.steps: list[CausalStep] = []

    def conditional(self, events: tuple[Event, ...], given: tuple[Event, ...]) -> Expression:
        """IDC*: P(events | given)."""
        if not given:
            return self.joint(events)
        asked = CounterfactualQuery(events, given)
        worlds = counterfactual_graph(self.graph, _possible(given) or ())
        if _possible(given) is None or worlds is None:  # 1
            raise ValueError(f"the condition {', '.join(map(str, given))} cannot happen in this graph")
        wanted = _possible(events + given)
        if wanted is None or (merged := counterfactual_graph(self.graph, wanted)) is None:  # 3
            self._record("IDC*", "line 3", asked, ZERO, "the events contradict the conditions")
            return ZERO
        if merged.values == worlds.values:  # the joint need not be identifiable for this
            reason = "in these worlds each event is one of the conditions: it is certain"
            self._record("IDC*", "line 2", asked, ONE, reason)
            return ONE
        for place, event in enumerate(given):  # 4
            rest = given[:place] + given[place + 1 :]
            if self._acts_like_setting(merged, event, events, rest):
                moved, others = (tuple(_set_too(merged, other, event) for other in part) for part in (events, rest))
                reason = f"seeing {event} acts like setting it"
                self._record("IDC*", "line 4", asked, CounterfactualQuery(moved, others), reason)
                return self.conditional(moved, others)
        divided = f"{CounterfactualQuery(events + given)} / {CounterfactualQuery(given)}"
        reason = "no condition acts like setting it: divide"
        self._record("IDC*", "line 5", asked, divided, reason)
        return fraction(self.joint(events + given), self.joint(given))

    def joint(self, events: tuple[Event, ...]) -> Expression:
        """ID*: P(events)."""
        wanted = _possible(events)  # 2, 3
        if wanted is None:
            reason = "a variable that is set has the value that it is set to"
            self._record("ID*", "line 2", CounterfactualQuery(events), ZERO, reason)
            return ZERO
        if not wanted:  # 1
            return ONE
        worlds = counterfactual_graph(self.graph, wanted)  # 4
        if worlds is None:  # 5
            self._record("ID*", "line 5", CounterfactualQuery(events), ZERO, "equal variables would need two values")
            return ZERO
        if len({worlds.variables[name].do for name in worlds.values}) == 1:
            return self._in_one_world(events, worlds)
        indices = self._indices(worlds)
        factors, summed = [], [indices[name] for name in worlds.graph if name not in worlds.values]
        for district in worlds.graph.districts():  # 6
            factors.append(self._factor(worlds, district, indices))
        result = total(summed, product(*factors))
        reason = f"the counterfactual graph is {worlds.graph}; one factor for each of its districts"
        self._record("ID*", "lines 6 to 9", CounterfactualQuery(events), result, reason)
        return result

    def _in_one_world(self, events: tuple[Event, ...], worlds: CounterfactualGraph) -> Expression:
        """What lines 6 to 9 come to where all events are in one world: the experiment that sets it shows them."""
        values = tuple(worlds.values[name] for name in worlds.graph if name in worlds.values)
        world = next(worlds.variables[name].do for name in worlds.values)
        done, asked = (self.graph.mask([value.name for value in part]) for part in (world, values))
        felt = self.graph.names(self.graph.ancestor_mask(asked, cut_incoming=done) & done)
        result = Probability(values, (), tuple(value for value in world if value.name in felt))
        if any(event.variable.do for event in events):  # else the term is observed as it stands
            reason = "all of it is in one world: an experiment shows it"
            self._record("ID*", "lines 6 to 9", CounterfactualQuery(events), result, reason)
        return result

    def _factor(
        self, worlds: CounterfactualGraph, district: tuple[str, ...], indices: dict[str, Variable]
    ) -> Expression:
        """Lines 7 to 9 for one district: all of it in the one world that sets what its causes outside it are."""
        setting: dict[str, Variable] = {}
        for name in district:
            outside = [cause for cause in worlds.graph.parents(name) if cause not in district]
            for value in [*worlds.settings[name], *(indices[cause] for cause in outside)]:
                self._put(setting, value, worlds, district)
        event: dict[str, Variable] = {}
        for name in district:
            value = indices[name]
            if value.name in setting and setting[value.name] != value:  # 8
                raise _Conflict(tuple(worlds.variables[other] for other in district), (setting[value.name], value))
            self._put(event, value, worlds, district)
        done = tuple(value for name, value in sorted(setting.items()) if name not in event)
        return Probability(tuple(event.values()), (), done)  # 9

    def _put(
        self, into: dict[str, Variable], value: Variable, worlds: CounterfactualGraph, district: tuple[str, ...]
    ) -> None:
        """Add a value to an assignment; two values of one variable are the conflict of line 8."""
        if into.setdefault(value.name, value) != value:
            raise _Conflict(tuple(worlds.variables[name] for name in district), (into[value.name], value))

    def _indices(self, worlds: CounterfactualGraph) -> dict[str, Variable]:
        """The value of each node: what the events say, or an index of its own to sum over."""
        indices: dict[str, Variable] = {}
        taken = {value.symbol for value in worlds.values.values()}
        for name in worlds.graph:
            if name in worlds.values:
                indices[name] = worlds.values[name]
                continue
            index = Variable(worlds.variables[name].name)
            while index.symbol in taken:
                index = index._replace(primes=index.primes + 1)
            taken.add(index.symbol)
            indices[name] = index
        return indices

    def _acts_like_setting(
        self, worlds: CounterfactualGraph, event: Event, events: tuple[Event, ...], rest: tuple[Event, ...]
    ) -> bool:
        """Line 4: whether no open way enters a condition from behind, given the other conditions."""
        node = str(event.variable)
        if node not in worlds.graph:
            return False
        targets = [str(other.variable) for other in events if str(other.variable) in worlds.graph]
        seen = [str(other.variable) for other in rest if str(other.variable) in worlds.graph]
        if node in targets + seen or set(targets) & set(seen) or len(targets) < len(events) or len(seen) < len(rest):
            return False  # some of them were merged: the plain division is safe
        to, here, others = (worlds.graph.mask(names) for names in (targets, [node], seen))
        return separated(worlds.graph, to, here, others, cut_outgoing=here)

    def _record(self, algorithm: str, lines: str, before: CounterfactualQuery, after: object, reason: str) -> None:
        source = f"Shpitser & Pearl 2008, fig. {_FIGURE[algorithm]}, {lines}"
        self.steps.append(CausalStep(f"{algorithm}, {lines}", source, before, after, reason))


def _set_too(worlds: CounterfactualGraph, event: Event, condition: Event) -> Event:
    """The event in the world where the condition is set, if that can change it.

    It can where the condition is a cause in the counterfactual graph: there a variable that is the same in several
    worlds stands once, so that Z, seen in the world as it is, is a cause of Y_{X=1} too.
    """
    name, do = condition.variable.name, event.variable.do
    if str(event.variable) not in worlds.graph.descendants(str(condition.variable)) or name in [v.name for v in do]:
        return event
    both = tuple(sorted((*do, condition.value), key=lambda variable: variable.name))
    return Event(CounterfactualVariable(event.variable.name, both), event.value)


def _possible(events: tuple[Event, ...]) -> tuple[Event, ...] | None:
    """Lines 2 and 3 of ID*: events on variables that are set themselves vanish, or make the whole impossible (None)."""
    kept: dict[CounterfactualVariable, Event] = {}
    for event in events:
        fixed = next((value for value in event.variable.do if value.name == event.variable.name), None)
        if fixed is not None:
            if fixed != event.value:
                return None
        elif event.variable in kept and kept[event.variable].value != event.value:
            return None
        else:
            kept[event.variable] = event
    return tuple(kept.values())
