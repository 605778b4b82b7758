"""A knowledge base: what an agent holds for true, by name, and what it can conclude from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from agentos_lab.atomic_file import replacing

from .answer_extraction import FoundAnswers, find_answers
from .answers import Answer, Proved
from .formulas import Formula
from .parser import parse
from .premises import checked_name
from .proving import prove
from .signature import Signature
from .strategy import Limits

__all__ = ["KnowledgeBase"]

_FORMAT = "agentos-lab knowledge base 1"


class KnowledgeBase:
    """Named formulas that can be asked for what follows from them.

    Every symbol keeps its kind and its number of arguments throughout: a slip such as Parent(x) beside Parent(x, y) is
    refused when it is told, and nothing is lost.

    Args:
        formulas: To begin with, as for `tell`; with names as a mapping.

    Example:
        >>> kb = KnowledgeBase(["forall x (Man(x) -> Mortal(x))", "Man(Socrates)"])
        >>> bool(kb.ask("Mortal(Socrates)"))
        True
    """

    def __init__(self, formulas: Mapping[str, str | Formula] | Iterable[str | Formula] = ()) -> None:
        self._formulas: dict[str, Formula] = {}
        self._signature = Signature()  # the symbols of all that is told
        if isinstance(formulas, str | Formula):
            formulas = [formulas]
        if not isinstance(formulas, Iterable):
            what = type(formulas).__name__
            raise ValueError(f"expected a list of formulas, or a mapping from names to formulas, got {what}")
        if isinstance(formulas, Mapping):
            for name, formula in formulas.items():
                self.tell(formula, name=name)
        else:
            for formula in formulas:
                self.tell(formula)

    def tell(self, formula: str | Formula, *, name: str | None = None) -> str:
        """Add a formula.

        Args:
            formula: Without free variables.
            name: What proofs call it; by default "fact 1", "fact 2", …

        Returns:
            Its name.

        Raises:
            ParseError: The text is no formula, or uses a symbol in another way than before.
            ValueError: The name is taken, or a variable is free.
        """
        if name is not None:
            checked_name(name)
        if name in self._formulas:
            raise ValueError(f"there is a formula named {name!r} already: {self._formulas[name]}; retract it first")
        read = self._read(formula)
        name = name or self._new_name()
        self._formulas[name] = read
        self._signature.add(read)
        return name

    def ask(
        self,
        goal: str | Formula,
        *,
        engine: str = "portfolio",
        limits: Limits | None = None,
        seconds: float | None = None,
    ) -> Answer:
        """Whether a formula follows from what was told. The arguments are those of `prove`.

        Returns:
            `Proved`, `Refuted` or `GaveUp`. A proof that does not need the goal says that the knowledge contradicts
            itself (`answer.contradictory`).
        """
        read = self._read(goal)
        answer = prove(self._formulas, read, engine=engine, limits=limits, seconds=seconds)
        if isinstance(answer, Proved) and not answer.contradictory:
            return self._warned(answer)
        return answer

    def find(self, question: str | Formula, *, most: int = 100, limits: Limits | None = None) -> FoundAnswers:
        """What a question such as ∃x Criminal(x) is true of, each object with its proof; see `find_answers`."""
        return find_answers(self._formulas, self._read(question), most=most, limits=limits)

    def contradiction(self, *, limits: Limits | None = None, seconds: float | None = None) -> Answer:
        """Whether what was told contradicts itself: `Proved` if so, with the formulas that do it."""
        return prove(self._formulas, None, limits=limits, seconds=seconds)

    def retract(self, name: str) -> Formula:
        """Take a formula out again, by its name.

        Raises:
            ValueError: There is none of this name.
        """
        if not isinstance(name, str) or name not in self._formulas:
            raise ValueError(f"there is no formula named {name!r}; there are {', '.join(self._formulas) or 'none'}")
        retracted = self._formulas.pop(name)
        self._signature = Signature()  # a symbol that nothing else uses is free again
        for formula in self._formulas.values():
            self._signature.add(formula)
        return retracted

    def save(self, path: str | Path) -> None:
        """Write everything to a JSON file; missing folders are made, and an old file is replaced as a whole."""
        content = {"format": _FORMAT, "formulas": {name: str(formula) for name, formula in self._formulas.items()}}
        with replacing(Path(path)) as unfinished:
            unfinished.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: str | Path) -> KnowledgeBase:
        """Read a file that `save` wrote.

        Raises:
            FileNotFoundError: There is no such file.
            ParseError: A formula in it cannot be read.
            ValueError: The file is damaged or something else.
        """
        try:
            content: Any = json.loads(Path(path).read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ValueError(f"{path} is no knowledge base: it is not JSON ({error})") from error
        formulas = content.get("formulas") if isinstance(content, dict) else None
        if not isinstance(formulas, dict) or content.get("format") != _FORMAT:
            raise ValueError(
                f'{path} is no knowledge base: expected an object with "format": "{_FORMAT}" and "formulas"'
            )
        return cls(formulas)

    @property
    def formulas(self) -> dict[str, Formula]:
        """The formulas by name, in the order in which they were told."""
        return dict(self._formulas)

    def __len__(self) -> int:
        return len(self._formulas)

    def __iter__(self) -> Iterator[Formula]:
        return iter(self._formulas.values())

    def __contains__(self, told: object) -> bool:
        """Whether a formula was told, by its name or as it is."""
        return told in self._formulas if isinstance(told, str) else told in self._formulas.values()

    def __getitem__(self, name: str) -> Formula:
        if name not in self._formulas:
            raise KeyError(f"there is no formula named {name!r}; there are {', '.join(self._formulas) or 'none'}")
        return self._formulas[name]

    def __str__(self) -> str:
        if not self._formulas:
            return "an empty knowledge base"
        shown = [f"{name}: {formula}" for name, formula in list(self._formulas.items())[:10]]
        return "\n".join([*shown, *([f"… and {len(self) - 10} more"] if len(self) > 10 else [])])

    def __repr__(self) -> str:
        return f"KnowledgeBase of {len(self)} formulas\n{self}"

    def _read(self, formula: str | Formula) -> Formula:
        """A formula whose symbols agree with all that was told."""
        signature = self._signature.copy()
        read = parse(formula, signature)
        if read.free:
            names = ", ".join(sorted(variable.name for variable in read.free))
            raise ValueError(f"{names} is free in {read}; bind it by ∀ or ∃")
        signature.add(read)
        return read

    def _new_name(self) -> str:
        number = len(self._formulas) + 1
        while f"fact {number}" in self._formulas:
            number += 1
        return f"fact {number}"

    def _warned(self, answer: Proved) -> Proved:
        """The answer, marked if a short search finds that what was told contradicts itself."""
        from dataclasses import replace

        found = prove(self._formulas, None, engine="resolution", limits=Limits(given=200, clauses=5_000))
        return replace(answer, contradictory=True, conflict=found.used) if isinstance(found, Proved) else answer
