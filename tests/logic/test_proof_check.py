"""The checker accepts what the prover finds, and refuses every proof in which something was changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_clauses import closed

from agentos_lab.logic.clausal_form import to_cnf
from agentos_lab.logic.clauses import Literal
from agentos_lab.logic.formulas import Not
from agentos_lab.logic.parser import parse
from agentos_lab.logic.problem import load_problem
from agentos_lab.logic.proof import Parent, Proof, ProofStep
from agentos_lab.logic.proof_check import ProofCheck, check_proof, check_step
from agentos_lab.logic.refutation import refute
from agentos_lab.logic.strategy import Limits, Strategy
from agentos_lab.logic.terms import Function, Variable, constant
from agentos_lab.logic.z3_backend import follows

NAMES = ("PEL18", "PEL24", "PEL47", "PEL52", "PEL55", "PEL56", "PEL63", "GRP_INV", "AGATHA", "WEST")


def proof_of_problem(name: str, **switches: object) -> Proof:
    problem = load_problem(name)
    found = refute(problem.premises, problem.goal, Strategy(**switches), Limits(given=3_000))
    assert found.proof is not None, f"{name}: {found.reason}"
    return found.proof


@pytest.fixture(scope="module")
def proofs() -> list[Proof]:
    from agentos_lab.logic.problem import problem_names

    return [proof_of_problem(name) for name in NAMES if name in problem_names()]


def test_every_proof_that_is_found_is_right(proofs):
    assert len(proofs) >= 7
    rules = {step.rule for proof in proofs for step in proof}
    assert {"resolution", "superposition", "demodulation", "unit deletion", "factoring"} <= rules
    for proof in proofs:
        assert check_proof(proof).valid, check_proof(proof)


def changed(proof: Proof, number: int, **parts: object) -> Proof:
    steps = list(proof.steps)
    steps[number - 1] = replace(steps[number - 1], **parts)
    return replace(proof, steps=tuple(steps))


STRANGER = constant("a stranger")


def mutations(step: ProofStep, data: st.DataObject) -> dict[str, object]:
    """One thing about a step that is changed into something else."""
    kinds = ["literals"]
    if step.parents:
        kinds += ["parent", "rule"]
        if any(parent.substitution for parent in step.parents):
            kinds.append("substitution")
    kind = data.draw(st.sampled_from(kinds))
    if kind == "literals":
        extra = Literal(True, Function("a strange predicate", STRANGER))
        if step.literals and data.draw(st.booleans()):
            at = data.draw(st.integers(0, len(step.literals) - 1))
            sign, atom = step.literals[at]
            return {"literals": (*step.literals[:at], Literal(not sign, atom), *step.literals[at + 1 :])}
        return {"literals": (*step.literals, extra)}
    if kind == "rule":
        return {"rule": "because I say so"}
    at = data.draw(st.integers(0, len(step.parents) - 1))
    parent = step.parents[at]
    if kind == "parent":
        new = replace(parent, step=step.number)
    else:
        holders = [place for place, other in enumerate(step.parents) if other.substitution]
        at = data.draw(st.sampled_from(holders))
        parent = step.parents[at]
        variable = data.draw(st.sampled_from(sorted(parent.substitution, key=lambda v: v.name)))
        new = replace(parent, substitution={**parent.substitution, variable: STRANGER})
    return {"parents": (*step.parents[:at], new, *step.parents[at + 1 :])}


@settings(max_examples=120, deadline=None)
@given(data=st.data())
def test_a_changed_proof_is_never_accepted(proofs, data):
    proof = data.draw(st.sampled_from(proofs))
    number = data.draw(st.integers(1, len(proof)))
    wrong = changed(proof, number, **mutations(proof[number], data))
    assert not check_proof(wrong).valid, f"step {number}: {wrong[number]}"


def test_a_proof_without_its_end_is_refused(proofs):
    for proof in proofs:
        assert "does not end in the empty clause" in str(check_proof(replace(proof, steps=proof.steps[:-1])))


def test_one_wrong_step_is_counted_in_the_singular():
    assert str(ProofCheck(5, {4: "the same sign"})).splitlines()[0] == "1 of 5 steps is wrong."
    assert str(ProofCheck(5, {4: "the same sign", 5: "no pair"})).splitlines()[0] == "2 of 5 steps are wrong."
    assert str(ProofCheck(1, {})) == "The one step is right."


def test_a_missing_premise_is_named():
    proof = proof_of_problem("PEL47")
    missing = proof.used[0]
    premises = {name: formula for name, formula in proof.premises.items() if name != missing}
    check = check_proof(replace(proof, premises=premises))
    assert f"there is no premise named {missing!r}" in str(check)


def test_another_formula_under_the_name_of_a_premise_is_refused():
    proof = proof_of_problem("PEL47")
    one, other = proof.used[:2]
    swapped = {**proof.premises, one: proof.premises[other], other: proof.premises[one]}
    assert not check_proof(replace(proof, premises=swapped))


def test_a_clause_that_is_not_of_its_premise_is_refused(proofs):
    for proof in proofs:
        for step in proof:
            if not step.parents and len(step.literals) > 1:
                assert not check_proof(changed(proof, step.number, literals=step.literals[:-1]))


def test_z3_confirms_the_steps(proofs):
    asked = 0
    for proof in proofs:
        for step in [step for step in proof if step.parents][::4]:
            parents = [closed(proof[parent.step].literals) for parent in step.parents]
            verdict = follows(parents, closed(step.literals), rlimit=300_000)
            assert verdict is not False, step
            asked += verdict is True
    assert asked >= 30


def test_a_variable_in_the_place_of_a_proposition_is_refused():
    """It prints as the proposition does, and with something put in for it anything would follow from anything."""
    rain, sun = parse("Rain"), parse("Sun")
    variable, other = Variable("Rain"), Function("Sun")
    steps = (
        ProofStep(1, (Literal(True, variable),), "clausal form", (), "it rains"),
        ProofStep(2, (Literal(False, other),), "clausal form", (), "negated goal"),
        ProofStep(3, (), "resolution", (Parent(1, 0, {variable: other}), Parent(2, 0))),
    )
    forged = Proof({"it rains": rain}, sun, steps, {"it rains": to_cnf(rain), "negated goal": to_cnf(Not(sun))})
    assert steps[0].clause == rain
    check = check_proof(forged)
    assert check.faults.keys() == {1, 3}
    assert "is no literal" in str(check)


@pytest.mark.parametrize("wrong", [{"x": constant("a")}, {Variable("x"): "a"}, {Variable("x"): parse("P")}])
def test_what_is_put_in_has_to_be_terms_for_variables(wrong):
    proof = proof_of_problem("PEL24")
    step = next(step for step in proof if step.parents)
    parent = replace(step.parents[0], substitution=wrong)
    check = check_proof(changed(proof, step.number, parents=(parent, *step.parents[1:])))
    assert "terms for variables" in check.faults[step.number]


def test_one_step_is_checked_by_itself():
    proof = proof_of_problem("PEL24")
    assert check_step(proof, proof[1]) == ""
    assert check_step(proof, replace(proof[1], rule="magic")) == "there is no rule 'magic'"
    far = ProofStep(90, (), "factoring", (Parent(80, 0),), second=1)
    assert check_step(proof, far) == "its parent 80 is not an earlier step"
    with pytest.raises(ValueError, match=r"check_step\(proof, proof\[3\]\); got Proof and int"):
        check_step(proof, 3)


def test_what_is_no_proof_is_refused_with_the_reason():
    with pytest.raises(ValueError, match="came from an engine that gives none"):
        check_proof(None)  # type: ignore[arg-type]


def test_variables_are_named_as_nothing_else_in_the_problem_is():
    from agentos_lab.logic.parser import parse

    found = refute({"all": parse("∀u P(u, x)")}, parse("P(y, x)"))
    assert found.proof is not None
    names = {variable for step in found.proof for _, atom in step.literals for variable in atom.variables}
    assert names and not names & {Variable("x"), Variable("y")}


WRONG_KINDS = (None, 5, "x", [], {}, 3.5, b"z")


@pytest.mark.parametrize("field", ["premises", "goal", "steps", "clausal_forms"])
def test_what_is_no_proof_inside_is_refused_in_words(field):
    proof = proof_of_problem("PEL24")
    for wrong in WRONG_KINDS:
        if (field, wrong) in (("goal", None), ("premises", {}), ("clausal_forms", {})):
            assert not check_proof(replace(proof, **{field: wrong}))
        else:
            with pytest.raises(ValueError, match="a Proof has formulas by name"):
                check_proof(replace(proof, **{field: wrong}))


@pytest.mark.parametrize("field", ["literals", "rule", "parents"])
@pytest.mark.parametrize("wrong", WRONG_KINDS)
def test_a_step_with_something_of_another_kind_is_a_fault(field, wrong):
    proof = proof_of_problem("PEL24")
    number = next(step.number for step in proof if len(step.parents) == 2)
    if getattr(proof[number], field) != wrong:
        assert number in check_proof(changed(proof, number, **{field: wrong})).faults


@pytest.mark.parametrize("field", ["step", "literal", "substitution", "position"])
@pytest.mark.parametrize("wrong", [None, 50, "x", [], 3.5, b"z"])
def test_a_parent_with_something_of_another_kind_is_a_fault(field, wrong):
    proof = proof_of_problem("PEL24")
    step = next(step for step in proof if step.parents)
    parent = replace(step.parents[0], **{field: wrong})
    assert step.number in check_proof(changed(proof, step.number, parents=(parent, *step.parents[1:]))).faults


def test_a_premise_without_a_name_is_a_fault():
    proof = proof_of_problem("PEL24")
    for wrong in (None, [], {}, 5):
        assert 1 in check_proof(changed(proof, 1, formula_name=wrong)).faults
