"""Answer extraction: not only that somebody is a criminal, but who.

For the question ∃x φ(x) the clause ∀x (φ(x) → answer(x)) is added to the premises in place of the negated goal. The
search runs as ever, but never resolves answer literals; what is left at the end, answer(West), names the objects. Each
is then proved by itself. A clause such as answer(a) ∨ answer(b) says that it is one of the two, and not which.

Source: Green 1969, "Theorem-proving by resolution as a basis for question-answering systems".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from .answers import Proved
from .clauses import ANSWER, Clause
from .formulas import Atom, Exists, ForAll, Formula, Implies, replace_terms
from .parser import parse
from .premises import closed_signature, named_formulas
from .proving import prove
from .refutation import clause_set
from .saturation import Search
from .signature import symbol_names
from .strategy import Limits, Strategy, given_limits
from .terms import Function, Term, Variable, subterms

__all__ = ["FoundAnswer", "FoundAnswers", "find_answers"]

_QUESTION = "question"  # the name of the added formula; with primes where a premise has it


@dataclass(frozen=True)
class FoundAnswer:
    """Objects that the question is true of.

    Attributes:
        objects: For each variable of the question the object; a variable in it stands for everything.
        proved: The question with the objects put in, proved; with ∃ where an object has no name in the premises.
        unnamed: The names in the objects that are the search's own (Skolem names): of what is only known to exist.
    """

    objects: Mapping[str, Term]
    proved: Proved
    unnamed: tuple[str, ...] = ()

    def __str__(self) -> str:
        text = ", ".join(f"{name} = {term}" for name, term in self.objects.items())
        return f"{text} ({', '.join(self.unnamed)}: only known to exist)" if self.unnamed else text

    __repr__ = __str__


@dataclass(frozen=True)
class FoundAnswers:
    """What a question is true of.

    Attributes:
        question: The existential formula.
        found: The answers, in the order in which they were found.
        alternatives: Answers of which at least one is right, without it being known which.
        complete: Whether the search ended by itself, so that there are no others.
        reason: The limit that ended it otherwise.
    """

    question: Formula
    found: tuple[FoundAnswer, ...]
    alternatives: tuple[tuple[Mapping[str, Term], ...], ...]
    complete: bool
    reason: str = ""

    def __iter__(self) -> Iterator[FoundAnswer]:
        return iter(self.found)

    def __len__(self) -> int:
        return len(self.found)

    def __str__(self) -> str:
        lines = [str(answer) for answer in self.found[:8]]
        if len(self.found) > 8:
            lines.append(f"… and {len(self.found) - 8} more")
        for group in self.alternatives:
            lines.append(" or ".join("(" + ", ".join(f"{n} = {t}" for n, t in one.items()) + ")" for one in group))
        end = "There are no others." if self.complete else f"There may be more: {self.reason}."
        return "\n".join([f"{self.question}:", *(lines or ["no answer found"]), end])

    __repr__ = __str__


def find_answers(
    premises: Mapping[str, str | Formula] | Iterable[str | Formula],
    question: str | Formula,
    *,
    most: int = 100,
    strategy: Strategy | None = None,
    limits: Limits | None = None,
) -> FoundAnswers:
    """The objects for which a question is true, each with a proof.

    Args:
        premises: Formulas or their texts, by name or in order.
        question: ∃x φ(x), also with several variables: ∃x ∃y φ(x, y).
        most: Stop after so many answers.
        strategy, limits: Of the search.

    Raises:
        ValueError: The question does not begin with ∃, a variable is free, or `most` is no positive number.
    """
    named, goal = named_formulas(premises), parse(question)
    closed_signature([*named.values(), goal])
    if type(most) is not int or most < 1:
        raise ValueError(f"most is a number of answers from 1, got {most!r}")
    variables, body = _opened(goal)
    search_limits = given_limits(limits or Limits(given=5_000))
    search = _search(named, variables, body, strategy, search_limits)
    definite: list[Mapping[str, Term]] = []
    alternatives: list[tuple[Mapping[str, Term], ...]] = []
    reason = f"the first {most} were asked for"
    ended = False
    for clause in search:
        if clause is None:
            ended = True
        elif isinstance(clause, str):
            reason = clause
        else:
            objects = [dict(zip((v.name for v in variables), atom.args, strict=True)) for _, atom in clause.literals]
            if len(objects) == 1:
                definite.append(objects[0])
            else:
                alternatives.append(tuple(objects))
        if len(definite) == most:
            break
    again = replace(search_limits, given=4 * search_limits.given + 1000, clauses=4 * search_limits.clauses + 10_000)
    found = tuple(_proved(named, body, variables, objects, again) for objects in definite)
    return FoundAnswers(goal, found, tuple(alternatives), ended, "" if ended else reason)


def _search(
    premises: Mapping[str, Formula],
    variables: tuple[Variable, ...],
    body: Formula,
    strategy: Strategy | None,
    limits: Limits,
) -> Iterator[Clause | str | None]:
    """Answer clauses as they are found; at the end None, or the limit that was reached."""
    rule: Formula = Implies(body, Atom(ANSWER, variables))
    for variable in reversed(variables):
        rule = ForAll(variable, rule)
    question = _QUESTION
    while question in premises:
        question += "'"
    with_question: dict[str, Formula] = {**premises, question: rule}
    clauses = clause_set(with_question, None, strategy).clauses
    for clause in clauses:
        clause.from_goal = clause.inference.name == question
    search = Search(clauses, strategy, limits)
    told = 0
    for _ in search.rounds():
        yield from search.answers[told:]
        told = len(search.answers)
    yield from search.answers[told:]
    if search.empty is not None:
        yield "the premises contradict each other, so that everything is an answer"
    else:
        yield f"the search reached its limit of {search.limit}" if search.limit else None


def _opened(question: Formula) -> tuple[tuple[Variable, ...], Formula]:
    """The variables that the question begins with, and what is asked of them."""
    variables: list[Variable] = []
    body = question
    while isinstance(body, Exists) and body.variable not in variables:
        variables.append(body.variable)
        body = body.body
    if not variables:
        raise ValueError(f"a question begins with ∃, as in ∃x Criminal(x); got {question}")
    return tuple(variables), body


def _proved(
    premises: Mapping[str, Formula],
    body: Formula,
    variables: tuple[Variable, ...],
    objects: Mapping[str, Term],
    limits: Limits,
) -> FoundAnswer:
    known = closed_signature(premises.values()).symbols | dict.fromkeys(symbol_names(body))
    foreign = {variable: _names(objects[variable.name]) - known.keys() for variable in variables}
    put_in = replace_terms(body, {variable: objects[variable.name] for variable in variables if not foreign[variable]})
    for variable in reversed(variables):
        if foreign[variable]:  # no formula can speak of a Skolem name; that there is something with it can be said
            put_in = Exists(variable, put_in)
    for variable in sorted(put_in.free, key=lambda variable: variable.name):
        put_in = ForAll(variable, put_in)
    proved = prove(premises, put_in, engine="resolution", limits=limits)
    if not isinstance(proved, Proved):  # the search found it, so within several times its limits is a proof
        raise RuntimeError(f"{put_in} was found and could not be proved again: {proved}")
    return FoundAnswer(objects, proved, tuple(sorted(set().union(*foreign.values()))))


def _names(term: Term) -> set[str]:
    return {part.name for _, part in subterms(term) if isinstance(part, Function)}
