"""The logic engine beside its peers: which problems each decides, and in how much processor time.

    pip install nltk                    # a peer; absent ones are skipped, and said to be
    apt install eprover                 # a prover of another league, as the measure of what can be had
    python benchmarks/logic.py [--seconds 10] [--tptp FOLDER] [--only NAME ...]

Every system gets every problem of the collection (and of a folder of TPTP problems, if one is given) in a process of
its own, forked after all imports, with a limit of processor time. A verdict against the known status counts as wrong.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import math
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from agentos_lab.logic import (
    And,
    Atom,
    Equal,
    Exists,
    ForAll,
    Formula,
    Function,
    Iff,
    Implies,
    Limits,
    Not,
    Or,
    Problem,
    Proved,
    Refuted,
    Term,
    entails,
    load_problem,
    problem_names,
    prove,
    read_tptp,
    write_tptp,
)
from agentos_lab.logic.formulas import FALSE, atoms
from agentos_lab.logic.refutation import clause_set
from agentos_lab.logic.saturation import saturate
from benchmarks.compare import environment

System = Callable[[Problem, float], bool | None]  # True: follows, False: does not, None: gave up


# --- the systems ---------------------------------------------------------------------------------------------


def portfolio(problem: Problem, seconds: float) -> bool | None:
    """All our engines."""
    return verdict(prove(problem.premises, problem.goal, seconds=seconds))


def resolution(problem: Problem, seconds: float) -> bool | None:
    """Our prover alone."""
    return verdict(prove(problem.premises, problem.goal, seconds=seconds, engine="resolution"))


def verdict(answer: object) -> bool | None:
    """Our three answers as one."""
    return True if isinstance(answer, Proved) else False if isinstance(answer, Refuted) else None


def z3(problem: Problem, seconds: float) -> bool | None:
    """Z3 as it comes, through our translation."""
    goal = problem.goal if problem.goal is not None else FALSE
    answer = entails(problem.premises, goal, rlimit=None, seconds=seconds, minimize=False)
    return {"entailed": True, "not entailed": False, "unknown": None}[answer.status]


def nltk_tableau(problem: Problem, seconds: float) -> bool | None:
    """NLTK's tableau prover. Its False says that it gave up."""
    from nltk.inference.tableau import TableauProver

    premises, goal = nltk_expressions(problem)
    return True if TableauProver().prove(goal, premises) else None


def nltk_resolution(problem: Problem, seconds: float) -> bool | None:
    """NLTK's resolution prover. Its False says that it gave up."""
    from nltk.inference.resolution import ResolutionProver

    premises, goal = nltk_expressions(problem)
    return True if ResolutionProver().prove(goal, premises) else None


def eprover(problem: Problem, seconds: float) -> bool | None:
    """E in its automatic mode."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "problem.p"
        write_tptp(problem, path)
        command = ["eprover", "--auto", "--silent", f"--cpu-limit={math.ceil(seconds)}", str(path)]
        told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    if "SZS status Theorem" in told or "SZS status Unsatisfiable" in told or "SZS status ContradictoryAxioms" in told:
        return True
    return False if "SZS status CounterSatisfiable" in told or "SZS status Satisfiable" in told else None


def nltk_expressions(problem: Problem) -> tuple[list[object], object]:
    """The formulas in NLTK's own syntax."""
    from nltk.sem import Expression

    goal = problem.goal if problem.goal is not None else FALSE
    return [Expression.fromstring(nltk_text(f)) for f in problem.premises.values()], Expression.fromstring(
        nltk_text(goal)
    )


def nltk_text(formula: Formula) -> str:
    """A formula as NLTK reads it: variables are single letters with a number, all other names longer."""
    match formula:
        case Atom(name, args):
            inside = f"({', '.join(nltk_term(arg) for arg in args)})" if args else "(thing)"
            return f"pred_{name}{inside}"
        case Equal(left, right):
            return f"({nltk_term(left)} = {nltk_term(right)})"
        case Not(part):
            return f"-{nltk_text(part)}"
        case And(parts) | Or(parts):
            sign = " & " if isinstance(formula, And) else " | "
            return f"({sign.join(nltk_text(part) for part in parts)})"
        case Implies(left, right) | Iff(left, right):
            sign = "->" if isinstance(formula, Implies) else "<->"
            return f"({nltk_text(left)} {sign} {nltk_text(right)})"
        case ForAll(variable, body) | Exists(variable, body):
            return f"{'all' if isinstance(formula, ForAll) else 'exists'} {nltk_term(variable)}.{nltk_text(body)}"
    return "(pred_never(thing) & -pred_never(thing))" if formula == FALSE else "(pred_p(thing) | -pred_p(thing))"


def nltk_term(term: Term) -> str:
    """A term as NLTK reads it."""
    if not isinstance(term, Function):
        return "v" + "".join(str(ord(letter)) for letter in term.name)
    inside = f"({', '.join(nltk_term(arg) for arg in term.args)})" if term.args else ""
    return f"sym_{''.join(letter if letter.isalnum() else str(ord(letter)) for letter in term.name)}{inside}"


SYSTEMS: dict[str, tuple[System, Callable[[], bool]]] = {
    "ours, all engines": (portfolio, lambda: True),
    "ours, resolution": (resolution, lambda: True),
    "Z3": (z3, lambda: True),
    "NLTK tableau": (nltk_tableau, lambda: importlib.util.find_spec("nltk") is not None),
    "NLTK resolution": (nltk_resolution, lambda: importlib.util.find_spec("nltk") is not None),
    "E": (eprover, lambda: shutil.which("eprover") is not None),
}


# --- running them --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Run:
    """One system on one problem."""

    verdict: bool | None
    seconds: float


def run(system: System, problem: Problem, seconds: float) -> Run:
    """The verdict and the processor time of a forked process, which is stopped when its time is over."""
    read_end, write_end = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read_end)
        limit = math.ceil(seconds) + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        signal.signal(signal.SIGXCPU, signal.SIG_DFL)
        sys.setrecursionlimit(20_000)
        try:
            answer = system(problem, seconds)
        except (RecursionError, MemoryError, ValueError, AttributeError):  # a peer that breaks has given up
            answer = None
        os.write(write_end, {True: b"T", False: b"F", None: b"-"}[answer])
        os._exit(0)
    os.close(write_end)
    told = os.read(read_end, 1)
    os.close(read_end)
    _, _, usage = os.wait4(child, 0)
    spent = usage.ru_utime + usage.ru_stime
    return Run({b"T": True, b"F": False}.get(told), spent)


def table(problems: list[Problem], seconds: float) -> None:
    """Every system on every problem: solved, wrong, and time compared with ours."""
    with_equality = [p.name for p in problems if p.provable and speaks_of_equality(p)]
    theorems = [p.name for p in problems if p.provable]
    others = [p.name for p in problems if p.provable is False]
    for package in ("z3", "nltk.inference.tableau", "nltk.inference.resolution"):
        if importlib.util.find_spec(package.partition(".")[0]) is not None:
            importlib.import_module(package)  # before the fork, so that it costs nobody anything
    present = {name: system for name, (system, there) in SYSTEMS.items() if there()}
    for name in SYSTEMS.keys() - present.keys():
        print(f"SKIPPED: {name} is not installed")
    runs: dict[str, dict[str, Run]] = {name: {} for name in present}
    for problem in problems:
        for name, system in present.items():
            runs[name][problem.name] = run(system, problem, seconds)
            if sys.stderr.isatty():
                print(f"\r{problem.name:<12} {name:<20}", end="", file=sys.stderr, flush=True)
    known = {p.name: p.provable for p in problems if p.provable is not None}
    sizes = f"theorems /{len(theorems)}", f"with = /{len(with_equality)}", f"others /{len(others)}"
    head = (*sizes, "wrong", "time / ours")
    print(f"{'':<20}" + "".join(f"{part:>16}" for part in head))
    ours = runs["ours, all engines"]
    for name, found in runs.items():
        right = [n for n, status in known.items() if found[n].verdict is status]
        wrong = [n for n, status in known.items() if found[n].verdict is (not status)]
        both = [n for n in right if ours[n].verdict is known[n]]
        ratio = math.exp(sum(math.log(found[n].seconds / ours[n].seconds) for n in both) / len(both)) if both else 0.0
        counts = [len(set(right) & set(group)) for group in (theorems, with_equality, others)]
        print(f"{name:<20}" + "".join(f"{n:>16}" for n in (*counts, len(wrong))) + f"{ratio:>15.2f}x")
    for name, found in runs.items():
        missed = [n for n, status in known.items() if found[n].verdict is not status]
        if name.startswith("ours") or len(missed) < 15:
            print(f"not decided by {name}: {', '.join(missed) or 'none'}")
    print("time / ours: geometric mean over the problems that both decide, start of the interpreter not counted")


def speaks_of_equality(problem: Problem) -> bool:
    """Whether "=" occurs in it."""
    formulas: Iterable[Formula] = [*problem.premises.values(), *([problem.goal] if problem.goal is not None else [])]
    return any(isinstance(atom, Equal) for formula in formulas for atom in atoms(formula))


def steamroller() -> None:
    """The search for a proof of Schubert's Steamroller alone, without reading and clauses; the best of fifteen."""
    from time import process_time

    problem = load_problem("PEL47")
    best, told = math.inf, None
    for _ in range(15):
        clauses = clause_set(problem.premises, problem.goal).clauses
        started = process_time()
        told = saturate(clauses, limits=Limits())
        best = min(best, process_time() - started)
    print(f"Steamroller's search: {1e3 * best:.1f} ms  <= 20 ms {'met' if best <= 0.02 else 'MISSED'}  ({told})")


def main() -> None:
    """Read the arguments and print everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10.0, help="processor time for each system and problem")
    parser.add_argument("--tptp", type=Path, help="a folder of TPTP problems (*.p) to add")
    parser.add_argument("--only", nargs="+", default=(), help="names of problems")
    arguments = parser.parse_args()
    problems = [load_problem(name) for name in arguments.only or problem_names()]
    if arguments.tptp is not None:
        problems += [read_tptp(path) for path in sorted(arguments.tptp.glob("*.p"))]
    print(f"$ python benchmarks/logic.py --seconds {arguments.seconds:g}")
    packages = ["z3-solver", *(["nltk"] if importlib.util.find_spec("nltk") else [])]
    print(environment(packages), "\n")
    steamroller()
    table(problems, arguments.seconds)


if __name__ == "__main__":
    main()
