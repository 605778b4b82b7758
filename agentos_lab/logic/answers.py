"""The three honest answers to "does it follow?": proved, refuted, gave up.

First-order logic is only semi-decidable. A prover that finds a proof can say yes; one that finds a model in which the
premises hold and the goal does not can say no; and one that runs into its limits knows nothing, and must not say no.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import NoReturn

from .countermodels import Countermodel
from .formulas import Formula
from .proof import Proof

__all__ = ["Answer", "EngineDisagreement", "GaveUp", "Proved", "Refuted"]


class EngineDisagreement(Exception):
    """Two engines gave answers that cannot both be right: one of them has a mistake."""


@dataclass(frozen=True)
class Proved:
    """The goal follows. As a bool: True.

    Attributes:
        goal: What was asked; None where the question was whether the premises contradict each other.
        proof: The steps from the premises to □; None where the engine gives none (Z3, grounding).
        by: The engine that found it: "resolution", "z3" or "grounding".
        used: The premises that it needs, by name.
        contradictory: Whether premises contradict each other, so that everything follows from them.
        effort: What the search did, in words.
        conflict: Which premises contradict each other, where it is not those that were used.
    """

    goal: Formula | None
    proof: Proof | None
    by: str
    used: tuple[str, ...]
    contradictory: bool = False
    effort: str = ""
    conflict: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        if self.proof is None or len(self.proof) > 8:
            steps = f"A proof of {len(self.proof)} steps: print(answer.proof)." if self.proof is not None else ""
            return f"{self._head()}\n{steps}".rstrip()
        return f"{self._head()}\n{self.proof}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = html.escape(self._head()).replace("\n", "<br>")
        return f"<p>{head}</p>{self.proof._repr_html_() if self.proof is not None else ''}"

    def _head(self) -> str:
        """The verdict, and the warning if premises contradict each other."""
        if self.goal is None:
            return f"The premises contradict each other: {', '.join(self.used)}."
        needs = f"from {', '.join(self.used)}" if self.used else "from no premise: it always holds"
        head = f"Proved: {self.goal}, {needs} (by {self.by})."
        if not self.contradictory:
            return head
        names = ", ".join(self.conflict or self.used)
        return f"{head}\nBut the premises {names} contradict each other: everything follows from them."


@dataclass(frozen=True)
class Refuted:
    """The goal does not follow. As a bool: False.

    Attributes:
        goal: What was asked; None where the question was whether the premises contradict each other.
        countermodel: A structure in which the premises hold and the goal does not; None where only a reason is known.
        by: The engine that found it.
        reason: The argument in words, where there is no structure to look at.
        hint: What may be a slip in the question, such as a predicate that no premise mentions; mostly empty.
    """

    goal: Formula | None
    countermodel: Countermodel | None
    by: str
    reason: str = ""
    hint: str = ""

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        what = (
            "The premises do not contradict each other" if self.goal is None else f"Not so: {self.goal} does not follow"
        )
        if self.countermodel is None:
            return "\n".join([f"{what} (by {self.by}): {self.reason}.", *filter(None, [self.hint])])
        return "\n".join([f"{what} (by {self.by}).", *filter(None, [self.hint]), str(self.countermodel)])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        lines = str(self).split("\n")[: 2 if self.hint else 1]
        head = "<br>".join(html.escape(line) for line in lines)
        return f"<p>{head}</p>{self.countermodel._repr_html_() if self.countermodel is not None else ''}"


@dataclass(frozen=True)
class GaveUp:
    """No engine could tell within its limits. It is neither True nor False: `bool` raises an error.

    Attributes:
        goal: What was asked.
        reason: Which limits ended the search, engine by engine.
        hint: What may be a slip in the question, such as a predicate that no premise mentions; mostly empty.
    """

    goal: Formula | None
    reason: str
    hint: str = ""

    def __bool__(self) -> NoReturn:
        raise ValueError(
            f"the answer is unknown, neither yes nor no: {self.reason}. Compare it with isinstance(answer, GaveUp)"
        )

    def __str__(self) -> str:
        what = "whether the premises contradict each other" if self.goal is None else f"whether {self.goal} follows"
        return "\n".join([f"Gave up, and does not know {what}: {self.reason}.", *filter(None, [self.hint])])

    __repr__ = __str__


# What `prove` returns.
Answer = Proved | Refuted | GaveUp
