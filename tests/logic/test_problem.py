"""The collection of problems: intact, readable, and known in its answers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from agentos_lab import datasets
from agentos_lab.datasets import card, data_folder
from agentos_lab.logic import Not, Problem, find_countermodel, load_problem, parse, problem_names, read_tptp, write_tptp
from agentos_lab.logic.formulas import conjunction

FOLDER = data_folder() / "problems"


def test_every_file_is_listed_and_every_problem_says_its_status_and_source() -> None:
    names = problem_names()
    assert len(names) == len(set(names)) >= 67
    assert sorted(f"{name}.p" for name in names) == sorted(path.name for path in FOLDER.glob("*.p"))
    for name in names:
        problem = load_problem(name)
        assert problem.name == name and problem.source
        assert problem.status == ("CounterSatisfiable" if name.startswith("N_") else "Theorem")
        assert problem.provable is not name.startswith("N_")


@pytest.mark.parametrize("name", problem_names())
def test_a_problem_is_written_as_it_is_read(name: str) -> None:
    problem = load_problem(name)
    text = (FOLDER / f"{name}.p").read_text("utf-8")
    assert write_tptp(problem) == text and text.isascii()
    assert read_tptp(text) == problem
    for formula in (*problem.premises.values(), problem.goal):
        assert parse(str(formula)) == formula and not formula.free


@pytest.mark.parametrize(
    "name", ["PEL18", "PEL24", "PEL41", "PEL42", "DRINKER", "SOCRATES", "KK1", "N_PENGUIN", "N_AGATHA"]
)
def test_z3_and_small_structures_agree_with_the_status(name: str) -> None:
    import z3

    problem = load_problem(name)
    if not problem.provable:
        assert find_countermodel(list(problem.premises.values()), problem.goal, max_size=4)
        return
    solver = z3.Solver()
    solver.set("rlimit", 5_000_000)
    solver.from_string(smt_lib(problem))
    assert solver.check() == z3.unsat


def smt_lib(problem: Problem) -> str:
    """The premises and the negated goal for Z3, written by our own test."""
    from agentos_lab.logic.formulas import And, Atom, Equal, ForAll, Iff, Implies, Or, atoms
    from agentos_lab.logic.terms import Variable, subterms

    question = conjunction([*problem.premises.values(), Not(problem.goal)])
    declared = {}
    for atom in atoms(question):
        if isinstance(atom, Atom):
            declared[atom.predicate] = f"(declare-fun {atom.predicate} ({'U ' * len(atom.args)}) Bool)"
        for term in (atom.left, atom.right) if isinstance(atom, Equal) else atom.args:
            for _, part in subterms(term):
                if not isinstance(part, Variable):
                    declared[part.name] = f"(declare-fun {part.name} ({'U ' * len(part.args)}) U)"

    def term_text(term) -> str:
        return f"({term.name} {' '.join(map(term_text, term.args))})" if term.args else term.name

    def written(formula) -> str:
        match formula:
            case Atom(name, args):
                return f"({name} {' '.join(map(term_text, args))})" if args else name
            case Equal(left, right):
                return f"(= {term_text(left)} {term_text(right)})"
            case Not(part):
                return f"(not {written(part)})"
            case And(parts):
                return f"(and {' '.join(map(written, parts))})"
            case Or(parts):
                return f"(or {' '.join(map(written, parts))})"
            case Implies(left, right):
                return f"(=> {written(left)} {written(right)})"
            case Iff(left, right):
                return f"(= {written(left)} {written(right)})"
        kind = "forall" if isinstance(formula, ForAll) else "exists"
        return f"({kind} (({formula.variable.name} U)) {written(formula.body)})"

    return "\n".join(["(declare-sort U)", *declared.values(), f"(assert {written(question)})"])


def test_the_steamroller_prints_itself() -> None:
    text = str(load_problem("PEL47"))
    assert text.startswith("PEL47 (Theorem)\n  axiom_1: ∀X (wolf(X) → animal(X))\n") and len(text.splitlines()) <= 10
    assert str(Problem("p", {}, None)) == "p\n  do they contradict each other?"


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(ValueError, match="no problem named 'pel47'; did you mean 'PEL47'"):
        load_problem("pel47")
    with pytest.raises(ValueError, match=r"problem_names\(\) lists all \d+"):
        load_problem("../../secrets")


def test_a_damaged_or_missing_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(FOLDER, tmp_path / "problems")
    monkeypatch.setattr(datasets, "data_folder", lambda: tmp_path)
    (tmp_path / "problems" / "BARBER.p").write_text("fof(goal, conjecture, p).\n")
    with pytest.raises(ValueError, match=r"BARBER\.p is damaged or was edited: expected sha256 [0-9a-f]{64}, found"):
        load_problem("BARBER")
    (tmp_path / "problems" / "DRINKER.p").unlink()
    with pytest.raises(FileNotFoundError, match=r"DRINKER\.p is missing; .*git checkout"):
        load_problem("DRINKER")
    assert load_problem("SOCRATES").provable


def test_the_card_counts_right() -> None:
    names = problem_names()
    theorems = sum(not name.startswith("N_") for name in names)
    assert f"{len(names)} problems in the syntax of TPTP: {theorems} theorems" in card("problems").description
