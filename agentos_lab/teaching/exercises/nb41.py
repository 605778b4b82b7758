"""Checks and quiz of notebook 41, normal forms and unification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

from ..checking import exercise
from ..comparison import Problem, compare, compare_calls, require_list
from ..questions import Option, Question

if TYPE_CHECKING:
    from agentos_lab.logic import Formula

__all__ = ["QUIZ", "clauses", "nnf", "occurs", "outcomes"]


@exercise(
    "outcomes",
    points=1,
    hints=(
        "Go argument by argument, and put each binding into what is left before you go on.",
        "(iii) x = f(y) is bound first; what is left is f(y) ≟ f(y). (v) y = f(a); what is left is g(x) ≟ f(a).",
    ),
    right="A variable meets anything that does not hold it; two different signs never meet.",
)
def outcomes(answer: Any) -> Problem | None:
    """How five unifications end."""
    told = (
        "(i) x = a and y = b: nothing is in the way.",
        "(ii) x = a, and then a ≟ b: two different constants clash.",
        "(iii) x = f(y), and then f(y) ≟ f(y): the same term on both sides. x does not occur in itself.",
        "(iv) y = f(x), and then x ≟ f(x): x would have to hold itself.",
        "(v) y = f(a), and then g(x) ≟ f(a): g and f are different signs.",
    )
    right = ["unifies", "clash", "unifies", "occurs", "clash"]
    words = ("unifies", "clash", "occurs")
    kinds = "'unifies', 'clash' or 'occurs'"
    if problem := require_list(answer, len(right), lambda entry: isinstance(entry, str) and entry in words, kinds):
        return problem
    return next((Problem(why) for yours, end, why in zip(answer, right, told, strict=True) if yours != end), None)


def _clauses(formula: Any, slip: str = "") -> list[frozenset[str]]:
    """Distribution, with a slip of a known kind."""
    from agentos_lab.logic import And, Or

    match formula:
        case And(parts):
            return [clause for part in parts for clause in _clauses(part, slip)]
        case Or(parts):
            inside = [_clauses(part, slip) for part in parts]
            if slip == "joined":
                return [clause for part in inside for clause in part]
            choices = zip(*inside, strict=False) if slip == "zip" else product(*inside)
            return [frozenset().union(*choice) for choice in choices]
    return [frozenset({str(formula)})]


@exercise(
    "clauses",
    points=1,
    hints=(
        "One clause for every way to choose one clause of each part.",
        "`itertools.product` makes all combinations of several lists; it takes them as `product(*lists)`.",
    ),
    right="All combinations, and this is why it explodes.",
)
def clauses(answer: Any) -> Problem | None:
    """A function of a formula: its clauses, in any order."""
    from agentos_lab.logic import parse

    def as_set(function: Any) -> Any:
        def called(formula: Any) -> Any:
            found = function(formula)
            return {frozenset(clause) for clause in found} if isinstance(found, list | tuple | set) else found

        return called

    texts = ("A ∧ ¬B", "A ∨ ¬B", "A ∨ (B ∧ C)", "(A ∧ B) ∨ (C ∧ D)", "(A ∧ B) ∨ (C ∧ D ∧ E) ∨ F", "A ∧ (B ∨ (C ∧ D))")
    cases = [(parse(text),) for text in texts]
    mistakes = {
        "`zip` pairs first with first and second with second. Every combination is needed.": "zip",
        "The clauses of the parts stand side by side. That would be ∧; ∨ chooses one of each part.": "joined",
    }
    wrong = {why: as_set(lambda formula, slip=slip: _clauses(formula, slip)) for why, slip in mistakes.items()}
    if not callable(answer):
        return compare_calls(answer, _clauses, cases)
    problem = compare_calls(as_set(answer), as_set(_clauses), cases, mistakes=wrong, what="the clauses")
    return _with_text(problem, as_set(answer), as_set(_clauses), cases, "clauses")


def _with_text(
    problem: Problem | None, answer: Any, right: Any, cases: list[tuple[Any, ...]], name: str
) -> Problem | None:
    """The problem with its case as it can be typed."""
    if problem is None or not problem.case:
        return problem
    first = next(case for case in cases if compare_calls(answer, right, [case]) is not None)
    return replace(problem, case=f"{name}(parse('{first[0]}'))")


_SENTENCES = (
    "¬¬A",
    "A → B",
    "¬¬(A → B)",
    "¬(A ∧ B)",
    "¬(A ∧ B ∧ C)",
    "¬(A ∨ B ∨ C)",
    "¬(A → B)",
    "∀x ¬¬Cat(x)",
    "¬∀x Cat(x)",
    "¬∃x (Cat(x) ∧ ¬Black(x))",
    "(A → B) ∧ ¬(B → A)",
    "∀x (∀y (Animal(y) → Loves(x, y)) → ∃y Loves(y, x))",
    "¬∀x ∃y (Loves(x, y) → ¬(Cat(x) ∨ ¬Cat(y)))",
)


@exercise(
    "nnf",
    points=3,
    hints=(
        "Nine cases: Implies; Not of Not, And, Or, Implies, ForAll, Exists; and And, Or and quantifiers, whose parts "
        "are done by `nnf` again.",
        "¬ turns everything over and goes on inside: `case Not(And(parts)): return Or(tuple(nnf(Not(part)) for part in "
        "parts))`.",
    ),
    right="¬ at atoms only, no arrows, and the same truth in every small world.",
)
def nnf(answer: Any) -> Problem | None:
    """A function of a formula: its shape is looked at, and its truth in all structures of up to two things."""
    from agentos_lab.logic import Formula, parse

    if not callable(answer):
        return compare_calls(answer, lambda formula: formula, [(parse("A"),)])
    for text in _SENTENCES:
        formula = parse(text)
        yours = answer(formula)
        case = f"nnf(parse('{text}'))"
        if yours is None or yours is Ellipsis:
            return compare(yours, formula)
        if not isinstance(yours, Formula):
            return Problem(f"A formula should come back, and this is of type {type(yours).__name__}.", case=case)
        if problem := _shape(yours) or _same_truth(formula, yours):
            return replace(problem, case=case, yours=str(yours))
    return None


def _shape(formula: Formula) -> Problem | None:
    from agentos_lab.logic import Atom, Iff, Implies, Not
    from agentos_lab.logic.formulas import subformulas

    for _, part in subformulas(formula):
        if isinstance(part, Implies | Iff):
            return Problem(f"An arrow is left: {part}. Under a ¬, or inside a quantifier?")
        if isinstance(part, Not) and not isinstance(part.part, Atom):
            return Problem(f"A ¬ is left that stands at no atom: {part}. After each move, go on inside with `nnf`.")
    return None


def _same_truth(formula: Formula, yours: Formula) -> Problem | None:
    from agentos_lab.logic import Iff, NoModel, Not, find_model

    found = find_model([Not(Iff(formula, yours))], max_size=2)
    if isinstance(found, NoModel):
        return None
    return Problem(
        f"The meaning has changed. In this world the original is {str(found.holds(formula)).lower()} and yours "
        f"{str(found.holds(yours)).lower()}: {'; '.join(str(found).splitlines())}. Does ¬ turn ∧ into ∨, and ∀ into ∃?"
    )


class _Watched(dict[Any, Any]):
    """Bindings that count how often they are looked into."""

    looks = 0

    def __contains__(self, key: object) -> bool:
        self.looks += 1
        return super().__contains__(key)

    def __getitem__(self, key: Any) -> Any:
        self.looks += 1
        return super().__getitem__(key)

    def get(self, key: Any, default: Any = None) -> Any:
        self.looks += 1
        return super().get(key, default)


@exercise(
    "occurs",
    points=3,
    hints=(
        "`waiting = [term]`; as long as something waits, take it out. Is it the variable? Has it been seen?",
        "What waits next: `[bindings[part]]` if the part is bound, otherwise `part.args`.",
    ),
    right="Every verdict, and each piece is looked at once.",
)
def occurs(answer: Any) -> Problem | None:
    """A function of a variable, a term and bindings."""
    from agentos_lab.logic import Function, Variable

    if not callable(answer):
        return compare_calls(answer, lambda *_: False, [(1, 2, 3)])
    x, y, z, u = (Variable(name) for name in "xyzu")

    def f(*args: Any) -> Any:
        return Function("f", *args)

    cases: tuple[tuple[Any, Any, Mapping[Any, Any], bool, str], ...] = (
        (x, x, {}, True, "A variable occurs in itself."),
        (x, f(y), {}, False, "x is not in f(y), and y is not bound."),
        (x, f(f(y, x)), {}, True, "x is deep inside: look at arguments of arguments."),
        (x, f(y), {y: f(x)}, True, "y is bound to f(x): bindings must be followed."),
        (x, f(y), {y: z, z: f(u, x)}, True, "y is bound to z, and z to f(u, x): follow bindings all the way."),
        (x, f(y, z), {y: z, z: f(u)}, False, "Nothing leads to x."),
        (x, f(f(y, y), x), {y: z}, True, "The first argument does not hold x, the second does: go on looking."),
    )
    for variable, term, bindings, expected, why in cases:
        yours = answer(variable, term, dict(bindings))
        shown = ", ".join(f"{one}: {other}" for one, other in bindings.items())
        if problem := compare(yours, expected, what="the verdict"):
            case = f"occurs({variable}, {term}, {{{shown}}})"
            message = why if isinstance(yours, bool) else f"True or False should come back. {why}"
            message = problem.message if yours is None else message
            return replace(problem, message=message, case=case, yours=str(yours), expected=str(expected))
    many = 14
    names = [Variable(f"x{number}") for number in range(many + 1)]
    doubling = _Watched({names[number]: f(names[number - 1], names[number - 1]) for number in range(1, many + 1)})
    if answer(x, names[-1], doubling):
        return Problem("x is nowhere in the doubling family of the notebook.", case=f"occurs(x, x{many}, bindings)")
    if doubling.looks > 10 * many:
        return Problem(
            f"The verdicts are right, but with {many} doubling variables the bindings were looked into "
            f"{doubling.looks:,} times. Keep a set of the pieces that were seen."
        )
    return None


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "∀x ∃y ∀z R(x, y, z). What is y in the clause?",
        (
            Option("a constant c", "y may be another one for each x."),
            Option("f(x)", "y stands below ∀x, and above ∀z: it depends on x alone.", right=True),
            Option("f(x, z)", "z comes after y: y is chosen before z is known."),
            Option("y, a variable", "Then it would stand for everything."),
        ),
    ),
    Question(
        "A sentence S and its clauses C (made with Skolem functions). What is always so?",
        (
            Option("S and C are true in the same structures.", "C speaks of functions that S does not know."),
            Option("If C is satisfiable, S is; not the other way round.", "A model of S can be given the functions."),
            Option(
                "S has a model exactly if C has one.",
                "Equisatisfiable: enough for a prover, which looks for a contradiction.",
                right=True,
            ),
            Option("S follows from C only if there is no ∃ in S.", "S follows from C always: C says more."),
        ),
    ),
    Question(
        "Why does a prover's clausal form sometimes invent new propositions?",
        (
            Option("To make the proof easier to read.", "It gets harder to read."),
            Option(
                "So that distribution does not multiply: 2n clauses in place of two to the power of n.",
                "A name stands where a conjunction stood.",
                right=True,
            ),
            Option("Because ∨ cannot be distributed over ∧ otherwise.", "It can; but the number explodes."),
            Option("To keep the meaning exactly.", "Names keep satisfiability only."),
        ),
    ),
    Question(
        "P(x, f(x)) and P(f(y), y). What is the result?",
        (
            Option("x = f(y), and then f(f(y)) ≟ y: occurs check.", "y would have to hold itself.", right=True),
            Option("x = f(y), y = f(x).", "Put one into the other: y = f(f(y)), without end."),
            Option("A clash: x is not f(y).", "A variable clashes with nothing."),
            Option("x = y.", "Then f(y) and y would have to be equal as well."),
        ),
    ),
)
