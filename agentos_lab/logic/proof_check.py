"""Checking a proof: each step is done again by its rule alone, with the literals and substitutions that it names.

There is no search and no unification here, and nothing of the prover is used: terms are put in, and compared. So a
mistake in the search, in the indexing, in the ordering, or a proof that somebody has changed by hand, cannot pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .clausal_form import ClausalForm
from .clausal_form_check import clausal_form_faults, is_clause_of
from .clauses import Literal
from .formulas import Formula, Not
from .proof import NEGATED_GOAL, Parent, Proof, ProofStep
from .terms import Function, Term, Variable, substitute

__all__ = ["ProofCheck", "check_proof", "check_step"]

EQUALS = "="


@dataclass(frozen=True)
class ProofCheck:
    """What the check of a proof found.

    Attributes:
        checked: The number of steps that were checked.
        faults: What is wrong, by the number of the step; empty for a valid proof.
    """

    checked: int
    faults: Mapping[int, str]

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def __bool__(self) -> bool:
        return self.valid

    def __str__(self) -> str:
        if self.valid:
            return f"All {self.checked} steps are right." if self.checked != 1 else "The one step is right."
        found = [f"step {number}: {fault}" for number, fault in list(self.faults.items())[:5]]
        more = [f"… and {len(self.faults) - 5} more"] if len(self.faults) > 5 else []
        are = "is" if len(self.faults) == 1 else "are"
        return "\n".join([f"{len(self.faults)} of {self.checked} steps {are} wrong.", *found, *more])

    __repr__ = __str__


def check_proof(proof: Proof) -> ProofCheck:
    """Check every step of a proof.

    Args:
        proof: From `prove`, or made or changed by hand.

    Raises:
        ValueError: Not a proof with steps (Z3's answers, for instance, come without one), or one whose parts are not
            even of the right kind.
    """
    if not isinstance(proof, Proof):
        what = "no proof (the answer came from an engine that gives none)" if proof is None else type(proof).__name__
        raise ValueError(f"expected a Proof with steps, got {what}")
    if not (
        isinstance(proof.premises, Mapping)
        and all(isinstance(formula, Formula) for formula in proof.premises.values())
        and (proof.goal is None or isinstance(proof.goal, Formula))
        and isinstance(proof.clausal_forms, Mapping)
        and all(isinstance(form, ClausalForm) for form in proof.clausal_forms.values())
        and isinstance(proof.steps, tuple)
        and all(isinstance(step, ProofStep) for step in proof.steps)
    ):
        raise ValueError(
            "a Proof has formulas by name as its premises, a formula or None as its goal, a tuple of ProofSteps, and "
            "clausal forms by name; help(Proof) tells more"
        )
    faults = {}
    formulas = [*proof.premises.values(), *([proof.goal] if proof.goal is not None else [])]
    badly_made = clausal_form_faults(proof.clausal_forms, formulas)
    for place, step in enumerate(proof.steps, 1):
        fault = f"it is in place {place} of the proof" if step.number != place else check_step(proof, step)
        fault = fault or (badly_made.get(step.formula_name, "") if not step.parents else "")
        if fault:
            faults[place] = fault
    if not faults and (not proof.steps or proof.steps[-1].literals):
        faults[len(proof.steps)] = "the proof does not end in the empty clause □"
    return ProofCheck(len(proof.steps), faults)


def check_step(proof: Proof, step: ProofStep) -> str:
    """What is wrong with one step; empty if nothing is. (`check_proof` also checks how formulas became clauses.)

    Args:
        proof: What the step belongs to; it finds its parents there.
        step: One of the proof, or one that was made by hand.

    Raises:
        ValueError: Not a proof and a step.
    """
    if not (isinstance(proof, Proof) and isinstance(step, ProofStep)):
        found = f"{type(proof).__name__} and {type(step).__name__}"
        raise ValueError(f"check_step takes a Proof and a ProofStep, as in check_step(proof, proof[3]); got {found}")
    if fault := _malformed(step):
        return fault
    rule = _RULES.get(step.rule)
    if rule is None:
        return f"there is no rule {step.rule!r}"
    parents = []
    for parent in step.parents:
        if not 1 <= parent.step < step.number or parent.step > len(proof.steps):
            return f"its parent {parent.step} is not an earlier step"
        if _malformed(proof.steps[parent.step - 1]):
            return f"its parent {parent.step} is no clause"
        found = _Instance.of(proof.steps[parent.step - 1], parent)
        if isinstance(found, str):
            return found
        parents.append(found)
    wanted = {"clausal form": (0,), "unit deletion": (2,), "equality resolution": (1,), "factoring": (1,),
              "equality factoring": (1,)}.get(step.rule, (2,))  # fmt: skip
    if len(parents) not in wanted:
        return f"{step.rule} needs {wanted[0]} parents, and has {len(parents)}"
    expected = rule(proof, step, parents)
    if isinstance(expected, str):
        return expected
    return _difference(expected, set(step.literals))


@dataclass(frozen=True)
class _Instance:
    """A parent with its substitution put in."""

    literals: tuple[Literal, ...]
    parent: Parent

    @classmethod
    def of(cls, step: ProofStep, parent: Parent) -> _Instance | str:
        if not 0 <= parent.literal < len(step.literals):
            return f"step {parent.step} has no literal {parent.literal}"
        put_in = tuple(Literal(sign, substitute(atom, parent.substitution)) for sign, atom in step.literals)
        return cls(put_in, parent)

    @property
    def literal(self) -> Literal:
        return self.literals[self.parent.literal]

    def without(self, *numbers: int) -> set[Literal]:
        return {literal for number, literal in enumerate(self.literals) if number not in numbers}

    @property
    def rest(self) -> set[Literal]:
        return self.without(self.parent.literal)

    def sides(self, side: int) -> tuple[Term, Term]:
        """Of an equation the side with this number, and the other one."""
        args = self.literal.atom.args
        return args[side], args[1 - side]


def _malformed(step: ProofStep) -> str:
    """What of a step is not even of the right kind; empty if all is.

    An atom has to be a `Function`: a variable in its place would print as a proposition, and could be replaced by any
    other, so that everything would follow.
    """
    if not (isinstance(step.literals, tuple) and isinstance(step.parents, tuple)):
        return "its literals and its parents are not tuples"
    if not (isinstance(step.rule, str) and isinstance(step.formula_name, str) and isinstance(step.second, int | None)):
        return "its rule and formula_name are not texts, or its second is no number"
    for literal in step.literals:
        if not isinstance(literal, Literal) or not isinstance(literal.atom, Function):
            return f"{literal!r} is no literal"
    for parent in step.parents:
        if not (isinstance(parent, Parent) and isinstance(parent.position, tuple)):
            return "its parents are not Parents, or their position is no tuple"
        if not all(isinstance(number, int) for number in (parent.step, parent.literal, *parent.position)):
            return "its parents have something else than numbers for step, literal and position"
        if not isinstance(parent.substitution, Mapping):
            return f"what is put into step {parent.step} is no mapping"
        if not all(isinstance(v, Variable) and isinstance(t, Term) for v, t in parent.substitution.items()):
            return f"what is put into step {parent.step} are not terms for variables"
    return ""


Expected = set[Literal] | str  # the clause that a rule gives, or why it does not apply


def _clausal_form(proof: Proof, step: ProofStep, parents: list[_Instance]) -> Expected:
    """A clause of a premise, or of the negated goal."""
    name = step.formula_name
    if name == NEGATED_GOAL and proof.goal is not None:
        formula: Formula | None = Not(proof.goal)
    else:
        formula = proof.premises.get(name)
    if formula is None:
        return f"there is no premise named {name!r}" if name != NEGATED_GOAL else "there is no goal to negate"
    if name not in proof.clausal_forms:
        return f"the proof does not say how {name} becomes clauses"
    form = proof.clausal_forms[name]
    if form.formula != formula:
        return f"the clausal form is that of another formula than {name}"
    if not is_clause_of(form, step.clause):
        return f"{step.text} is no clause of {name}"
    return set(step.literals)


def _resolution(proof: Proof, step: ProofStep, parents: list[_Instance]) -> Expected:
    one, other = parents
    if one.literal.atom is not other.literal.atom:
        return f"{one.literal.atom} and {other.literal.atom} are not the same"
    if one.literal.positive == other.literal.positive:
        return f"{one.literal} and {other.literal} have the same sign"
    return one.rest | other.rest


def _factoring(proof: Proof, step: ProofStep, parents: list[_Instance]) -> Expected:
    (one,) = parents
    second = _second(step, one)
    if isinstance(second, str):
        return second
    if one.literal != second:
        return f"{one.literal} and {second} are not the same"
    return one.without(step.second or 0)


def _unit_deletion(proof: Proof, step: ProofStep, parents: list[_Instance]) -> Expected:
    one, unit = parents
    if len(unit.literals) != 1:
        return f"step {unit.parent.step} is no unit clause"
    if one.literal.positive == unit.literal.positive:
        return f"{one.literal} and {unit.literal} have the same sign"
    if one.literal.atom not in _both_ways(unit.literal.atom):
        return f"{one.literal.atom} and {unit.literal.atom} are not the same"
    return one.rest


def _equality_resolution(proof: Proof, step: ProofStep, parents: list[_Instance]) -> Expected:
    (one,) = parents
    literal = one.literal
    if literal.positive or not literal.is_equation or literal.atom.args[0] is not literal.atom.args[1]:
        return f"{literal} does not say that something differs from itself"
    return one.rest


def _superposition(proof: Proof, step: ProofStep, parents: list[_Instance]) -> Expected:
    source, target = parents
    rewritten = _rewritten(source, target)
    return rewritten if isinstance(rewritten, str) else source.rest | target.rest | {rewritten}


def _demodulation(proof: Proof, step: ProofStep, parents: list[_Instance]) -> Expected:
    source, target = parents
    if len(source.literals) != 1:
        return f"step {source.parent.step} is no unit clause"
    rewritten = _rewritten(source, target)
    return rewritten if isinstance(rewritten, str) else target.rest | {rewritten}


def _equality_factoring(proof: Proof, step: ProofStep, parents: list[_Instance]) -> Expected:
    (one,) = parents
    second = _second(step, one)
    if isinstance(second, str):
        return second
    if not all(literal.positive and literal.is_equation for literal in (one.literal, second)):
        return f"{one.literal} and {second} are not both equations"
    if len(one.parent.position) != 2 or not set(one.parent.position) <= {0, 1}:
        return "it does not say which sides of the two equations are the same"
    side, other_side = one.parent.position
    left, right = one.sides(side)
    other_left, other_right = second.atom.args[other_side], second.atom.args[1 - other_side]
    if left is not other_left:
        return f"{left} and {other_left} are not the same"
    return one.rest | {Literal(False, Function(EQUALS, right, other_right))}


_RULES: dict[str, Callable[[Proof, ProofStep, list[_Instance]], Expected]] = {
    "clausal form": _clausal_form,
    "resolution": _resolution,
    "factoring": _factoring,
    "unit deletion": _unit_deletion,
    "equality resolution": _equality_resolution,
    "superposition": _superposition,
    "demodulation": _demodulation,
    "equality factoring": _equality_factoring,
}


def _second(step: ProofStep, one: _Instance) -> Literal | str:
    """The other literal of a factoring."""
    if step.second is None or not 0 <= step.second < len(one.literals) or step.second == one.parent.literal:
        return "it does not name a second literal"
    return one.literals[step.second]


def _rewritten(source: _Instance, target: _Instance) -> Literal | str:
    """The target's literal with an equation used at its position."""
    if not (source.literal.positive and source.literal.is_equation):
        return f"{source.literal} is no equation"
    if source.parent.position not in ((0,), (1,)):
        return "it does not say which side of the equation is used"
    left, right = source.sides(source.parent.position[0])
    sign, atom = target.literal
    if not target.parent.position:
        return "it does not say where the term is rewritten"
    changed = _replaced(atom, target.parent.position, left, right)
    return changed if isinstance(changed, str) else Literal(sign, changed)


def _replaced(term: Term, position: tuple[int, ...], left: Term, right: Term) -> Term | str:
    """The term with `right` in the place of `left` at a position."""
    if not position:
        return right if term is left else f"{term} and {left} are not the same"
    place, rest = position[0], position[1:]
    if not 0 <= place < len(term.args):
        return f"{term} has no argument {place}"
    inside = _replaced(term.args[place], rest, left, right)
    if isinstance(inside, str):
        return inside
    return Function(term.name, *term.args[:place], inside, *term.args[place + 1 :])


def _both_ways(atom: Term) -> tuple[Term, ...]:
    """An atom; an equation also read from right to left."""
    if atom.name == EQUALS and len(atom.args) == 2:
        return atom, Function(EQUALS, atom.args[1], atom.args[0])
    return (atom,)


def _difference(expected: set[Literal], found: set[Literal]) -> str:
    """How the clause that is written differs from the one that the rule gives; empty if it does not."""
    wrong = [f"{literal} does not follow" for literal in found - expected]
    missing = [f"{literal} is missing" for literal in expected - found]
    return "; ".join(sorted(wrong) + sorted(missing))
