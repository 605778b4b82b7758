"""DIMACS: the file format in which satisfiability solvers take their problems.

    c a comment
    p cnf 3 2          3 propositions, 2 clauses
    1 -3 0             x1 ∨ ¬x3; each clause ends in 0
    2 3 -1 0

Names of propositions are kept in comments: ``c 1 = Rain``.

Source: DIMACS 1993, "Satisfiability: suggested format", section 2.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

from agentos_lab.atomic_file import replacing
from agentos_lab.errors import ParseError

from .propositional_clauses import CNF, Clause, PropositionalProblem, propositional_clauses

__all__ = ["read_dimacs", "write_dimacs"]

_HEADER = re.compile(r"p\s+cnf\s+(\d+)\s+(\d+)\s*")
_MOST_PROPOSITIONS = 1_000_000  # each gets a name, also where the header promises more than the memory holds
_NAME = re.compile(r"c\s+(\d+)\s*=\s*(.*\S)\s*")


def read_dimacs(source: str | Path) -> CNF:
    """Read a problem in DIMACS format.

    Args:
        source: A file's path, or the text itself (anything of more than one line, or that begins with "p cnf").

    Raises:
        ParseError: The text does not follow the format; the message points at the place.
        FileNotFoundError: There is no such file.
    """
    is_text = isinstance(source, str) and ("\n" in source or source.lstrip().startswith(("p ", "c ")) or not source)
    text = str(source) if is_text else Path(source).read_text(encoding="utf-8")
    return _Reader(text).cnf()


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.propositions = self.clauses = -1  # as the header says
        self.header_at = 0
        self.names: dict[int, str] = {}

    def cnf(self) -> CNF:
        clauses: list[Clause] = []
        clause: list[int] = []
        began = 0
        for literal, position in self._numbers():
            if not clause:
                began = position
            if literal:
                clause.append(literal)
                continue
            clauses.append(tuple(clause))
            clause = []
            if len(clauses) > self.clauses:
                self._fail(f"the header promises {self.clauses} clauses, and here ends one more", position, "no more")
        if self.propositions < 0:
            self._fail("there is no header", len(self.text), "a line such as 'p cnf 3 2'")
        if clause:
            self._fail("this clause has no end", began, "a 0 after its last literal")
        if len(clauses) < self.clauses:
            what = f"the header promises {self.clauses} clauses, and the file holds {len(clauses)}"
            self._fail(what, self.header_at, f"'p cnf {self.propositions} {len(clauses)}' or more clauses")
        names = [self.names.get(number, f"x{number}") for number in range(1, self.propositions + 1)]
        return CNF(tuple(clauses), tuple(names), self.propositions)

    def _numbers(self) -> Iterator[tuple[int, int]]:
        """The numbers after the header with their positions."""
        start = 0
        for line in self.text.splitlines(keepends=True):
            if line.startswith("%"):
                return  # the end in the files of SATLIB; what comes after it is no clause
            if line.startswith("c"):
                if name := _NAME.fullmatch(line):
                    self.names[int(name[1])] = name[2]
            elif line.startswith("p"):
                self._header(line, start)
            else:
                for word in re.finditer(r"\S+", line):
                    yield self._literal(word[0], start + word.start()), start + word.start()
            start += len(line)

    def _header(self, line: str, position: int) -> None:
        found = _HEADER.fullmatch(line)
        if found is None:
            self._fail("this header cannot be read", position, "'p cnf', the number of propositions, that of clauses")
        if self.propositions >= 0:
            self._fail("a second header", position, "one header in a file")
        if int(found[1]) > _MOST_PROPOSITIONS:
            self._fail(f"{found[1]} propositions are too many", position, f"at most {_MOST_PROPOSITIONS:,}")
        self.propositions, self.clauses, self.header_at = int(found[1]), int(found[2]), position

    def _literal(self, word: str, position: int) -> int:
        if self.propositions < 0:
            self._fail("a clause before the header", position, "a line such as 'p cnf 3 2' first")
        if not re.fullmatch(r"-?\d+", word):
            self._fail(f"{word!r} is no literal", position, "a number such as 2 or -2, or 0 at the end of a clause")
        if abs(int(word)) > self.propositions:
            highest = f"a number from 1 to {self.propositions}"
            self._fail(f"the header promises {self.propositions} propositions, and this is {word}", position, highest)
        return int(word)

    def _fail(self, message: str, position: int, expected: str) -> NoReturn:
        raise ParseError(message, self.text, position, expected)


def write_dimacs(problem: PropositionalProblem, path: str | Path | None = None) -> str:
    """Write a problem in DIMACS format.

    Args:
        problem: A formula, formulas or clauses; see `propositional_clauses`.
        path: Where to; None for nowhere.

    Returns:
        The text.
    """
    cnf = propositional_clauses(problem)
    lines = [f"c {n} = {name}" for n, name in enumerate(cnf.names, 1) if name != f"x{n}"]
    lines.append(f"p cnf {len(cnf.names)} {len(cnf.clauses)}")
    lines += [" ".join(map(str, (*clause, 0))) for clause in cnf.clauses]
    text = "\n".join(lines) + "\n"
    if path is not None:
        with replacing(Path(path)) as temporary:
            temporary.write_text(text, encoding="utf-8")
    return text
