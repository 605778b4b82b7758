"""A reasoning problem: named premises, and a goal that follows from them or does not.

Without a goal the question is whether the premises contradict each other, as in TPTP's problems of clauses. The course
ships a collection of problems whose answers are known: ``load_problem("PEL47")`` is Schubert's Steamroller.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from .formulas import Formula

__all__ = ["Problem", "load_problem", "problem_names"]

# What the statuses of TPTP (the SZS ontology) say about proofs.
_PROVABLE = {"Theorem": True, "Unsatisfiable": True, "ContradictoryAxioms": True}
_PROVABLE |= {"CounterSatisfiable": False, "Satisfiable": False}
_LONGEST = 110  # characters of a formula where a problem prints itself


@dataclass(frozen=True)
class Problem:
    """Named premises and a goal.

    Attributes:
        name: A short name.
        premises: What may be used, by name.
        goal: What is to be proved; None asks whether the premises contradict each other.
        status: What is known of the answer, in the words of TPTP: "Theorem", "CounterSatisfiable", "Unsatisfiable",
            "Satisfiable", "Open", "Unknown"; None where nothing is said.
        source: Where the problem comes from.
    """

    name: str
    premises: Mapping[str, Formula]
    goal: Formula | None = None
    status: str | None = None
    source: str = field(default="", kw_only=True)

    @property
    def provable(self) -> bool | None:
        """Whether there is a proof (of the goal, or of a contradiction), by the status; None where that is unknown."""
        return _PROVABLE.get(self.status or "")

    def __str__(self) -> str:
        shown = [f"  {name}: {_shortened(str(premise))}" for name, premise in self.premises.items()]
        if len(shown) > 7:
            shown[6:] = [f"  … and {len(shown) - 6} more premises"]
        status = f" ({self.status})" if self.status else ""
        goal = "do they contradict each other?" if self.goal is None else f"⊢ {_shortened(str(self.goal))}"
        return "\n".join([f"{self.name}{status}", *shown, f"  {goal}"])

    __repr__ = __str__


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def problem_names() -> tuple[str, ...]:
    """The problems of ``datasets/problems``, in the order of the collection."""
    return tuple(_checksums())


def load_problem(name: str) -> Problem:
    """A problem of ``datasets/problems`` with its known answer.

    Args:
        name: One of `problem_names`, such as "PEL47".

    Raises:
        ValueError: There is no such problem, or its file is damaged.
        FileNotFoundError: Its file is missing.
    """
    from agentos_lab.datasets import data_folder

    from .tptp import read_tptp  # which makes problems, and so knows this module

    checksums = _checksums()
    if name not in checksums:
        close = difflib.get_close_matches(str(name).upper(), checksums, n=1, cutoff=0.5)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ValueError(f"there is no problem named {name!r}; {hint}problem_names() lists all {len(checksums)}")
    path = data_folder() / "problems" / f"{name}.p"
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing; bring it back with `git checkout -- datasets/problems` in a clone")
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    if found != checksums[name]:
        raise ValueError(f"{path} is damaged or was edited: expected sha256 {checksums[name]}, found {found}")
    return read_tptp(path)


def _checksums() -> dict[str, str]:
    """The checksum of each problem's file, by its name: lines as `sha256sum` writes them."""
    from agentos_lab.datasets.cards import card, data_folder, verified_bytes  # here, for `import agentos_lab.logic`

    found = card("problems")
    assert found.file is not None, "the card of the problems names the list of their checksums"
    listed = verified_bytes(found, data_folder() / "problems" / found.file).decode()
    return {file.removesuffix(".p"): checksum for checksum, file in map(str.split, listed.splitlines())}
