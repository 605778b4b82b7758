"""Checks and quiz of notebook 40, talking in logic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..checking import exercise
from ..comparison import Problem, compare, compare_calls, require_list
from ..questions import Option, Question

if TYPE_CHECKING:
    from agentos_lab.logic import Formula, Structure

__all__ = ["QUIZ", "mended", "not_reflexive", "true_in", "truths"]


@exercise(
    "truths",
    points=1,
    hints=(
        "For ∃ look for one witness; for ∀ look for one counterexample. If you find none, the ∀ is true.",
        "(iii) asks for one animal whom both black ones love. (v): does anybody love himself?",
    ),
    right="A witness, a counterexample, a witness, no witness, and nobody to break the last.",
)
def truths(answer: Any) -> Problem | None:
    """The truth of five sentences in the world of the notebook."""
    told = (
        "(i) tom is a cat and black: one witness is enough.",
        "(ii) rex is black and no cat: one counterexample is enough.",
        "(iii) The black ones are tom and rex, and both love mia. mia herself is not black, and is not asked.",
        "(iv) tom and rex love mia, but mia does not love herself: somebody is always left out.",
        "(v) Nobody loves himself, so the left side is false for each: nobody can break the promise.",
    )
    right = [True, False, True, False, True]
    if problem := require_list(answer, len(right), lambda entry: isinstance(entry, bool), "True or False"):
        return problem
    return next((Problem(why) for yours, fact, why in zip(answer, right, told, strict=True) if yours != fact), None)


# What is meant, and the slips that have a sentence of their own.
_MEANT: tuple[tuple[str, str, Mapping[str, str]], ...] = (
    (
        "Only members vote",
        "∀x (Votes(x) → Member(x))",
        {
            "∀x (Member(x) → Votes(x))": "This says that all members vote. 'Only' turns the arrow round.",
            "∀x (Member(x) ↔ Votes(x))": "↔ says as well that every member votes. The sentence does not.",
            "∀x (Member(x) ∧ Votes(x))": "∀ with ∧ says that everything is a member and votes. ∀ goes with →.",
        },
    ),
    (
        "Some robot is idle",
        "∃x (Robot(x) ∧ Idle(x))",
        {
            "∃x (Robot(x) → Idle(x))": "∃ with → is true as soon as something is no robot. ∃ goes with ∧.",
            "∀x (Robot(x) → Idle(x))": "This says that every robot is idle.",
        },
    ),
    (
        "No robot is idle",
        "∀x (Robot(x) → ¬Idle(x))",
        {
            "¬∀x (Robot(x) → Idle(x))": "This says that not every robot is idle: one busy robot is enough for it.",
            "∀x (¬Robot(x) → Idle(x))": "The ¬ stands at Robot. The sentence says something about robots.",
        },
    ),
    (
        "There is a key that opens every door",
        "∃x (Key(x) ∧ ∀y (Door(y) → Opens(x, y)))",
        {
            "∀y (Door(y) → ∃x (Key(x) ∧ Opens(x, y)))": "Here each door may have a key of its own. Choose the key "
            "first: ∃x in front.",
            "∃x ∀y (Key(x) ∧ Door(y) → Opens(x, y))": "Anything that is no key is a witness here. Put Key(x) ∧ "
            "outside the →.",
            "∃x ∀y (Key(x) ∧ Door(y) ∧ Opens(x, y))": "This says that everything is a door. ∀y goes with →.",
        },
    ),
)


@exercise(
    "mended",
    points=2,
    hints=(
        "∀ goes with →, ∃ goes with ∧. 'Only A are B' is: whatever is B, is A.",
        "The last: first the key, ∃x (Key(x) ∧ …), and inside it what this key does to every door.",
    ),
    right="Four sentences, and no world in which yours and the meant one part (up to three things).",
)
def mended(answer: Any) -> Problem | None:
    """Four formulas as texts; each is compared with the right one in all structures of up to three things."""
    if answer is Ellipsis or answer is None:
        return compare(answer, "four texts", what="the list of formulas")
    if isinstance(answer, list | tuple) and any(text is Ellipsis for text in answer):
        raise NotImplementedError("a formula is still `...`")
    if not isinstance(answer, list | tuple) or len(answer) != len(_MEANT):
        return Problem("A list of four formulas, each a text, was expected.")
    for text, (english, meant, slips) in zip(answer, _MEANT, strict=True):
        if problem := _sentence(text, english, meant, slips):
            return problem
    return None


def _sentence(text: Any, english: str, meant: str, slips: Mapping[str, str]) -> Problem | None:
    from agentos_lab.errors import ParseError
    from agentos_lab.logic import Signature, parse

    known = Signature()
    right = parse(meant, known)
    symbols = set(known.symbols)
    try:
        yours = parse(text, known)
    except (ParseError, ValueError) as error:
        return Problem(f"'{english}': this cannot be read. {error}")
    if free := sorted(name for name, (kind, _) in known.symbols.items() if kind == "function"):
        said = f"{free[0]} stands outside every quantifier, so it is the name of one thing. Begin with ∀ or ∃"
        return Problem(f"'{english}': {said}, and put what it is about in parentheses.")
    if strange := set(known.symbols) - symbols:
        return Problem(f"'{english}' speaks of {_listed(symbols)}; yours speaks of {_listed(strange)} as well.")
    world = _difference(yours, right)
    if world is None:
        return None
    shown = f"'{english}', in this world:\n{world}"
    verdicts = {"yours": str(world.holds(yours)), "expected": str(world.holds(right))}
    for slip, why in slips.items():
        if _difference(yours, parse(slip)) is None:
            return Problem(f"'{english}': {why}", case=shown, **verdicts)
    return Problem(f"'{english}': there is a world in which yours and the sentence differ.", case=shown, **verdicts)


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


def _difference(one: Formula, other: Formula) -> Structure | None:
    """A smallest structure in which exactly one of two formulas is true, of up to three elements."""
    from agentos_lab.logic import Iff, NoModel, Not, find_model

    found = find_model([Not(Iff(one, other))], max_size=3)
    return None if isinstance(found, NoModel) else found


def _holds(formula: Any, structure: Any, elements: Any, slip: str = "") -> bool:
    """Tarski's definition, with a slip of a known kind."""
    from agentos_lab.logic import And, Atom, Exists, ForAll, Implies, Not, Or

    def inside(part: Any, more: Mapping[str, str] | None = None) -> bool:
        if slip == "changes":
            elements.update(more or {})
            return _holds(part, structure, elements, slip)
        start = {} if slip == "forgets" and more else elements
        return _holds(part, structure, {**start, **(more or {})}, slip)

    def first(parts: Any, sign: str) -> Any:
        return parts[: 2 if slip in ("two", f"two {sign}") else None]

    match formula:
        case Atom(predicate, args):
            return tuple(elements.get(arg.name) for arg in args) in structure.predicates[predicate]
        case Not(part):
            return not inside(part)
        case And(parts):
            return all(inside(part) for part in first(parts, "and"))
        case Or(parts):
            return any(inside(part) for part in first(parts, "or"))
        case Implies(left, right) if slip in ("and", "iff"):
            return (inside(left) and inside(right)) if slip == "and" else inside(left) == inside(right)
        case Implies(left, right):
            return not inside(left) or inside(right)
        case ForAll(variable, body):
            return all(inside(body, {variable.name: element}) for element in structure.domain)
        case Exists(variable, body):
            some = (inside(body, {variable.name: element}) for element in structure.domain)
            return all(some) if slip == "all" else any(some)
    raise ValueError(f"no case for {formula}")


def _animals() -> Structure:
    from agentos_lab.logic import Structure

    loves = frozenset({("tom", "mia"), ("rex", "mia"), ("mia", "tom")})
    unary = {"Cat": frozenset({("tom",), ("mia",)}), "Black": frozenset({("tom",), ("rex",)})}
    return Structure(("tom", "rex", "mia"), predicates={**unary, "Loves": loves})


@exercise(
    "true_in",
    points=3,
    hints=(
        "One line for each case, and each calls `true_in` again: Not → `not`, And → `all`, Or → `any`, "
        "Implies → `not left or right`.",
        "∀: `all(true_in(body, structure, {**elements, variable.name: e}) for e in structure.domain)`.",
    ),
    right="Tarski's definition, in a dozen lines.",
)
def true_in(answer: Any) -> Problem | None:
    """A function of a formula, a structure and the elements of the variables."""
    from agentos_lab.logic import And, Atom, Exists, Not, Variable, parse

    mistakes = {
        "A false left side makes → true. Yours asks for both sides, as ∧ does.": "and",
        "A false left side makes → true, whatever the right side is. Yours asks whether both are the same, as ↔ "
        "does.": "iff",
        "∃ needs one witness: `any`, not `all`.": "all",
        "Inside a quantifier the other variables are forgotten: start from `{**elements, …}`.": "forgets",
        "And holds any number of parts. Yours looks at the first two.": "two and",
        "Or holds any number of parts. Yours looks at the first two.": "two or",
        "And and Or hold any number of parts. Yours looks at the first two.": "two",
        "A quantifier has changed `elements` for what comes after it. Make a new dictionary: `{**elements, …}`.": (
            "changes"
        ),
    }
    house = _animals()
    texts = (
        "∀x ¬Loves(x, x)",
        "∀x (Cat(x) ∨ Black(x))",
        "∀x (Cat(x) → Black(x))",
        "∀x (Loves(x, x) → Cat(x))",
        "∃x (Cat(x) ∧ Black(x))",
        "∃x (Cat(x) ∧ Black(x) ∧ Loves(x, x))",
        "∀x (Loves(x, x) ∨ Cat(x) ∨ Black(x))",
        "∀x ∃y Loves(x, y)",
        "∃y ∀x Loves(x, y)",
        "∃y ∀x (Black(x) → Loves(x, y))",
    )
    cases: list[tuple[Any, ...]] = [(parse(text), house, {}) for text in texts]
    x, y = Variable("x"), Variable("y")  # x stays free
    cases.append((And((Atom("Cat", (x,)), Exists(y, Atom("Loves", (x, y))))), house, {"x": "tom"}))
    dog = And((Atom("Black", (x,)), Not(Atom("Cat", (x,)))))  # rex alone; outside of ∃ the x is mia all the same
    cases.append((And((Exists(x, dog), Atom("Cat", (x,)))), house, {"x": "mia"}))
    wrong: dict[str, Callable[..., bool]] = {
        why: (lambda f, s, e, slip=slip: _holds(f, s, e, slip)) for why, slip in mistakes.items()
    }
    wrong["True and False are the other way round."] = lambda *arguments: not _holds(*arguments)
    problem = compare_calls(answer, _holds, cases, mistakes=wrong, what="the truth value")
    if problem is not None and problem.case:
        first = next(case for case in cases if compare_calls(answer, _holds, [case]) is not None)
        return replace(problem, case=f"true_in(parse('{first[0]}'), house, {first[2]})")
    return problem


@exercise(
    "not_reflexive",
    points=2,
    hints=(
        "From R(x, y) follow R(y, x) and R(x, x). So the one that breaks R(x, x) has no arrow at all.",
        "Two elements: one with an arrow to itself, and one that stands alone.",
    ),
    right="The argument forgot those that are R of nobody.",
)
def not_reflexive(answer: Any) -> Problem | None:
    """A structure with a symmetric, transitive relation that is not reflexive, and not empty."""
    from agentos_lab.logic import Structure

    if answer is Ellipsis or answer is None:
        return compare(answer, "a structure", what="the structure")
    if not isinstance(answer, Structure):
        return Problem(f"A `Structure` was expected, and this is of type {type(answer).__name__}.")
    if answer.arity("R") != 2:
        return Problem("The structure needs a predicate R with pairs, such as frozenset({('a', 'a')}).")
    wanted = (
        ("∀x ∀y (R(x, y) → R(y, x))", True, "R is not symmetric."),
        ("∀x ∀y ∀z (R(x, y) ∧ R(y, z) → R(x, z))", True, "R is not transitive. (x, y and z may be the same.)"),
        ("∃x R(x, x)", True, "R holds for no pair (x, x). The exercise asks for one."),
        ("∀x R(x, x)", False, "R is reflexive here: every element has an arrow to itself. Somebody must be left out."),
    )
    for text, expected, why in wanted:
        if answer.holds(text) != expected:
            return Problem(why, case=str(answer.evaluate(text)))
    return None


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "In a structure with no cats, which is true?",
        (
            Option("∃x (Cat(x) ∧ Black(x))", "∃ needs a witness that is a cat."),
            Option(
                "∀x (Cat(x) → Black(x)) and ∀x (Cat(x) → ¬Black(x)), both",
                "Nobody is there to break either of them.",
                right=True,
            ),
            Option("Neither: a sentence about nothing has no truth value", "In a structure every sentence has one."),
            Option("A contradiction", "The two together say that there is no cat, and no more."),
        ),
    ),
    Question(
        "'Only paid orders are sent.' Which formula is it?",
        (
            Option("∀x (Paid(x) → Sent(x))", "All paid orders are sent: the other way round."),
            Option("∀x (Sent(x) → Paid(x))", "What is sent, is paid. A paid one may still wait.", right=True),
            Option("∀x (Paid(x) ↔ Sent(x))", "This adds that every paid order is sent."),
            Option("∀x (Paid(x) ∧ Sent(x))", "Everything is paid and sent."),
        ),
    ),
    Question(
        "A search finds no countermodel with up to 8 elements. What is shown?",
        (
            Option("The conclusion follows.", "A larger or an infinite countermodel may exist, as for 'less than'."),
            Option("The conclusion does not follow.", "For that a countermodel would be needed."),
            Option(
                "There is none so small; for more one needs a proof or an argument that small ones are enough.",
                "The answer of the library says which of the two it has.",
                right=True,
            ),
            Option("The premises contradict each other.", "Then too there would be none; but it is not shown."),
        ),
    ),
    Question(
        "An agent gets Proved for a goal, with the warning that the premises contradict each other. What now?",
        (
            Option("Act: a proof is a proof.", "From these premises the opposite is proved as well."),
            Option("Take the opposite of the goal.", "It is proved, too, and as worthless."),
            Option(
                "Take back one of the named premises, and ask again.",
                "A contradiction proves everything, so this proof tells nothing about the goal.",
                right=True,
            ),
            Option("Search longer.", "Time does not mend premises."),
        ),
    ),
)
