"""Forward chaining: from facts, by rules, to everything that follows (Datalog).

Semi-naive: a rule is applied only where one of its conditions is met by a fact that is new since the last round. A rule
is a join of relations: each condition extends rows of values by the facts that agree with what is known of them so far,
which an index finds at once.

Source: Abiteboul, Hull & Vianu 1995, "Foundations of databases", section 13.1 (semi-naive evaluation) and 15.2
(stratified negation).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter

from .explanation import Explanation, explanation
from .formulas import Atom, Formula
from .horn_clauses import HornRule, Rules, read_rules
from .parser import parse
from .signature import Signature
from .terms import Term, Variable

__all__ = ["Closure", "forward_chain"]

_Row = tuple[Term, ...]  # the arguments of a fact; or a rule's constants and the arguments of facts, joined


def forward_chain(
    rules: Rules, facts: Rules = (), *, max_facts: int = 1_000_000, max_derivations: int = 50_000_000
) -> Closure:
    """Everything that follows from facts by rules.

    Args:
        rules: Horn clauses without functions: ``"forall x y (Edge(x, y) -> Path(x, y))"``. Conditions may be negated
            where no rule makes the negated predicate depend on its own negation (stratified negation).
        facts: Ground atoms; they may stand among the rules as well.
        max_facts: Beyond so many facts the closure is left incomplete.
        max_derivations: Beyond so many ways to apply a rule, those to known facts included, too.

    Raises:
        ParseError: A text that is no formula.
        ValueError: A formula that is no Horn clause, a function, a variable that stands in no condition, or negation
            that is not stratified; the message says why.
    """
    signature = Signature()
    read = [*read_rules(rules, signature), *read_rules(facts, signature)]
    for rule in read:
        _check(rule)
    relations = {name: _Relation() for rule in read for name in _predicates(rule)}
    for rule in read:
        if not rule.body and not rule.negated:
            relations[rule.head.predicate].add(rule.head.args, (rule, ()))
    work = _Work(max_facts, max_derivations)
    for stratum in _strata([rule for rule in read if rule.body or rule.negated]):
        plans = [_Plan(rule, first) for rule in stratum for first in range(len(rule.body))]
        fresh = {name: list(relation.causes) for name, relation in relations.items()}
        for rule in stratum:  # negated conditions alone: they are met or not, without any fact to start from
            if not rule.body and not any(atom.args in relations[atom.predicate].causes for atom in rule.negated):
                relations[rule.head.predicate].add(rule.head.args, (rule, ()))
                fresh[rule.head.predicate].append(rule.head.args)
        while fresh and not work.limit:
            fresh = _round(plans, relations, fresh, work)
            count = sum(len(relation.causes) for relation in relations.values())
            work.limit = work.limit or (f"{max_facts:,} facts" if count > max_facts else "")
        if work.limit:
            break  # a negated condition in a later layer must not take what was not found for false
    return Closure(relations, work.rounds, work.limit, signature)


class _Work:
    """How much was done, and which limit ended it."""

    def __init__(self, max_facts: int, max_derivations: int) -> None:
        self.max_facts, self.max_derivations = max_facts, max_derivations
        self.rounds = self.derivations = 0
        self.limit = ""


def _round(
    plans: list[_Plan], relations: dict[str, _Relation], fresh: dict[str, list[_Row]], work: _Work
) -> dict[str, list[_Row]]:
    """Apply each rule to the facts that were new in the round before; what comes out new now."""
    work.rounds += 1
    found: dict[str, dict[_Row, _Cause]] = {}
    for plan in plans:
        if plan.predicate in fresh:
            name, head, done = plan.rule.head.predicate, plan.head, 0
            known, new = relations[name].causes, found.setdefault(name, {})
            left = work.max_derivations - work.derivations
            for row in islice(plan.rows(fresh, relations), left + 1):
                done += 1
                fact = head(row)
                if fact not in known and fact not in new:
                    new[fact] = (plan, row)
            work.derivations += done
            if work.derivations > work.max_derivations:
                work.limit = f"{work.max_derivations:,} derivations"
                break
    for name, causes in found.items():
        for fact, cause in causes.items():
            relations[name].add(fact, cause)
    return {name: list(causes) for name, causes in found.items() if causes}


class _Relation:
    """The facts of one predicate, each with what it came from; and indexes by some of their arguments."""

    def __init__(self) -> None:
        self.causes: dict[_Row, _Cause] = {}
        self.indexes: list[tuple[Callable[[_Row], _Row], dict[_Row, list[_Row]]]] = []
        self.by_places: dict[tuple[int, ...], dict[_Row, list[_Row]]] = {}

    def add(self, fact: _Row, cause: _Cause) -> None:
        if fact not in self.causes:
            self.causes[fact] = cause
            for key, index in self.indexes:
                index.setdefault(key(fact), []).append(fact)

    def index(self, places: tuple[int, ...]) -> dict[_Row, list[_Row]]:
        """The facts by their arguments at these places; made when it is asked for first, and kept up to date."""
        if places not in self.by_places:
            key, index = _picker(places), self.by_places.setdefault(places, {})
            for fact in self.causes:
                index.setdefault(key(fact), []).append(fact)
            self.indexes.append((key, index))
        return self.by_places[places]


@dataclass(frozen=True)
class _Join:
    """One condition: which facts extend a row, and which values in the longer row must be the same."""

    predicate: str
    places: tuple[int, ...]  # the arguments that are known when it is its turn
    key: Callable[[_Row], _Row]  # from a row to their values
    same: tuple[tuple[int, int], ...]


class _Plan:
    """How to apply a rule to new facts of its condition number `first`: in which order to look at the others."""

    def __init__(self, rule: HornRule, first: int) -> None:
        self.rule, self.predicate = rule, rule.body[first].predicate
        waiting = list(range(len(rule.body)))
        constants = dict.fromkeys(
            arg for atom in (*rule.body, *rule.negated, rule.head) for arg in atom.args if not isinstance(arg, Variable)
        )
        self.constants = tuple(constants)
        self.where: dict[Term, int] = {term: place for place, term in enumerate(constants)}  # in a row
        self.width = len(constants)
        self.starts: dict[int, int] = {}  # where the fact for each condition begins
        place = first
        self.joins: list[_Join] = []
        while True:
            waiting.remove(place)
            self.joins.append(self._join(rule.body[place], place))
            if not waiting:
                break
            # Next comes the condition of which most arguments are known by then.
            place = max(waiting, key=lambda n: sum(arg in self.where for arg in rule.body[n].args))
        self.head = _picker(tuple(self.where[arg] for arg in rule.head.args))
        self.negated = [(atom.predicate, _picker(tuple(self.where[a] for a in atom.args))) for atom in rule.negated]

    def _join(self, atom: Atom, number: int) -> _Join:
        # The first condition reads the new facts themselves, so that even its constants have to be compared.
        known = tuple(n for n, arg in enumerate(atom.args) if arg in self.where) if self.joins else ()
        key = _picker(tuple(self.where[atom.args[n]] for n in known))
        same = []
        self.starts[number] = self.width
        for n, arg in enumerate(atom.args):
            if n not in known and self.where.setdefault(arg, self.width + n) != self.width + n:
                same.append((self.where[arg], self.width + n))
        self.width += len(atom.args)
        return _Join(atom.predicate, known, key, tuple(same))

    def rows(self, fresh: dict[str, list[_Row]], relations: dict[str, _Relation]) -> Iterable[_Row]:
        """The ways to meet all conditions, the first of them by a new fact; made one by one, as there may be many."""
        rows: Iterable[_Row] = (self.constants + fact for fact in fresh[self.predicate])
        for number, join in enumerate(self.joins):
            if number:
                rows = _joined(rows, relations[join.predicate].index(join.places), join.key)
            for a, b in join.same:
                rows = _with_same(rows, a, b)
        for predicate, arguments in self.negated:
            rows = _without(rows, relations[predicate].causes, arguments)
        return rows

    def premises(self, row: _Row) -> tuple[tuple[str, _Row], ...]:
        """The facts that a row was made of, in the order of the conditions."""
        starts = [(atom, self.starts[number]) for number, atom in enumerate(self.rule.body)]
        return tuple((atom.predicate, row[start : start + len(atom.args)]) for atom, start in starts)


_Cause = tuple[HornRule | _Plan, _Row]  # what gave a fact: a rule without conditions, or a plan with its row


def _joined(rows: Iterable[_Row], index: dict[_Row, list[_Row]], key: Callable[[_Row], _Row]) -> Iterable[_Row]:
    return (row + fact for row in rows for fact in index.get(key(row), ()))


def _with_same(rows: Iterable[_Row], a: int, b: int) -> Iterable[_Row]:
    return (row for row in rows if row[a] is row[b])


def _without(rows: Iterable[_Row], known: dict[_Row, _Cause], arguments: Callable[[_Row], _Row]) -> Iterable[_Row]:
    return (row for row in rows if arguments(row) not in known)


def _picker(places: tuple[int, ...]) -> Callable[[_Row], _Row]:
    """A function from a row to the tuple of its values at these places."""
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return lambda row: ()
    (place,) = places
    return lambda row: (row[place],)


def _predicates(rule: HornRule) -> Iterator[str]:
    yield from (atom.predicate for atom in (rule.head, *rule.body, *rule.negated))


def _check(rule: HornRule) -> None:
    """Refuse functions, and variables of which the conditions do not say what they can be."""
    for atom in (rule.head, *rule.body, *rule.negated):
        for arg in atom.args:
            if arg.args:
                raise ValueError(
                    f"{rule}: {arg} is a function, with which forward chaining might never end; use backward_chain()"
                )
    bound = frozenset().union(*(atom.free for atom in rule.body))
    for variable in rule.variables:
        if variable not in bound:
            where = "no condition" if variable in rule.head.free else "negated conditions only"
            raise ValueError(
                f"{rule}: {variable} stands in {where}, so that it could be anything; add a condition on it"
            )


def _strata(rules: list[HornRule]) -> list[list[HornRule]]:
    """The rules in layers: a predicate is finished before a rule looks at its negation."""
    level = {name: 0 for rule in rules for name in _predicates(rule)}
    changed = True
    while changed:
        changed = False
        for rule in rules:
            wanted = max(
                (level[atom.predicate] + (atom in rule.negated) for atom in (*rule.body, *rule.negated)), default=0
            )
            if wanted >= len(level):
                raise ValueError(f"{rule}: {rule.head.predicate} depends on its own negation (not stratified)")
            if wanted > level[rule.head.predicate]:
                level[rule.head.predicate], changed = wanted, True
    layers = sorted({level[rule.head.predicate] for rule in rules})
    return [[rule for rule in rules if level[rule.head.predicate] == layer] for layer in layers]


@dataclass(frozen=True)
class Closure:
    """All facts that were found. ``"Path(a, b)" in closure``, ``closure.relation("Path")``, ``closure.explain("…")``.

    Attributes:
        rounds: After how many rounds nothing new came.
        limit: Which limit ended it; empty where it is complete.
    """

    _relations: dict[str, _Relation] = field(repr=False)
    rounds: int
    limit: str
    _signature: Signature = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether these are all facts that follow."""
        return not self.limit

    @property
    def facts(self) -> tuple[Atom, ...]:
        """All facts, in the order in which they were found, by predicate."""
        return tuple(Atom(name, row) for name, relation in self._relations.items() for row in relation.causes)

    def relation(self, predicate: str) -> frozenset[tuple[str, ...]]:
        """The facts of one predicate: the names of the arguments."""
        causes = self._relations[predicate].causes if predicate in self._relations else ()
        return frozenset(tuple(str(arg) for arg in row) for row in causes)

    def __contains__(self, fact: str | Formula) -> bool:
        atom = self._atom(fact)
        known = atom.predicate in self._relations and atom.args in self._relations[atom.predicate].causes
        if not known and self.limit:
            raise ValueError(f"no yes or no: chaining stopped at {self.limit}, before {atom} was found")
        return known

    def explain(self, fact: str | Formula) -> Explanation:
        """Why a fact holds: the rules and premises, down to given facts.

        Raises:
            ValueError: It was not found.
        """
        atom = self._atom(fact)
        if atom not in self:
            raise ValueError(f"{atom} does not follow, so that there is nothing to explain")
        return explanation((atom.predicate, atom.args), self._because)

    def _because(self, key: tuple[str, _Row]) -> tuple[Atom, str, tuple[tuple[str, _Row], ...]]:
        name, row = key
        source, values = self._relations[name].causes[row]
        if isinstance(source, HornRule):
            return Atom(name, row), source.name, ()
        return Atom(name, row), source.rule.name, source.premises(values)

    def _atom(self, fact: str | Formula) -> Atom:
        atom = parse(fact, self._signature.copy())
        if not isinstance(atom, Atom) or atom.free:
            raise ValueError(f"expected a fact such as Path(a, b), got {atom}")
        return atom

    def __len__(self) -> int:
        return sum(len(relation.causes) for relation in self._relations.values())

    def __str__(self) -> str:
        counts = [f"{name} {len(relation.causes):,}" for name, relation in self._relations.items()]
        state = f"{self.rounds} rounds" if self.complete else f"stopped at {self.limit}: incomplete"
        return f"{len(self):,} facts ({', '.join(counts)}); {state}"

    __repr__ = __str__
