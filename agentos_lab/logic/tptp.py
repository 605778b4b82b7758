"""Problems as files in the syntax of TPTP, the library on which theorem provers are compared.

`read_tptp` reads formulas (FOF) and clauses (CNF), with what they include; `write_tptp` writes a problem so that other
provers can be asked, too. Source: Sutcliffe 2017, "The TPTP problem library and associated infrastructure".
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from agentos_lab.atomic_file import replacing
from agentos_lab.errors import ParseError

from .formula_text import formula_tptp, tptp_name
from .formulas import Formula, conjunction
from .problem import Problem
from .tptp_symbols import Symbols
from .tptp_syntax import Entry, TptpReader

__all__ = ["read_tptp", "write_tptp"]

_TEXT = re.compile(r"\s*(?:$|%|#|/\*|[a-z]\w*\s*\()|[^\n]*\n")  # how a text begins, and no path does


def read_tptp(source: str | os.PathLike[str], *, include: str | os.PathLike[str] | None = None) -> Problem:
    """Read a problem in first-order form (fof), clause form (cnf) or both.

    Conjectures are the goal (several of them: all together); every other formula is a premise, a negated conjecture
    too. Where symbols would clash, such as a function f of one and of two arguments, or a predicate and a function of
    one name, the later ones get a number. "Distinct objects" differ by an axiom of that name, and so do numbers, as
    long as nothing is added or compared: then they are numbers.

    Args:
        source: A path, or the text itself.
        include: Where included files are looked for first. After that: in the folder of the file, in those above it,
            and in the one that the environment variable TPTP names.

    Returns:
        The problem, with the status of the file's header.

    Raises:
        ParseError: The text does not follow the grammar, or uses another of TPTP's languages.
        FileNotFoundError: There is no such file.
    """
    path = None if _is_text(source) else Path(source)
    if path is not None and not path.is_file():
        raise FileNotFoundError(f"there is no file {path}; expected a path, or a text such as 'fof(name, axiom, p).'")
    text = str(source) if path is None else _content(path)
    folders = [] if include is None else [Path(include)]
    folders += [Path.cwd()] if path is None else [path.resolve().parent, *path.resolve().parent.parents]
    folders += [Path(os.environ["TPTP"])] if os.environ.get("TPTP") else []
    symbols = Symbols()
    premises: dict[str, Formula] = {}
    goals: list[Formula] = []
    for entry in _Files(folders, symbols).entries(text, "" if path is None else path.name):
        if entry.role == "conjecture" and entry.formula is not None:
            goals.append(entry.formula)
        elif entry.formula is not None:
            premises[_unused(entry.name, premises)] = entry.formula
    if len(symbols.distinct) > 1:
        premises[_unused("distinct_objects", premises)] = symbols.distinctness()
    name = path.stem if path is not None else _header(text, "File").split(" ")[0] or "problem"
    goal = conjunction(goals) if goals else None
    return Problem(name, premises, goal, _header(text, "Status").split(" ")[0] or None, source=_header(text, "Source"))


def write_tptp(problem: Problem, path: str | os.PathLike[str] | None = None) -> str:
    """A problem as text in the syntax of TPTP; `read_tptp` reads it back.

    Args:
        problem: The problem.
        path: A file to write it to as well.
    """
    header = {"File": problem.name, "Status": problem.status, "Source": problem.source}
    lines = [f"% {key:<8} : {' '.join(str(value).split())}" for key, value in header.items() if value]
    lines += ["", *(_line(name, "axiom", premise) for name, premise in problem.premises.items())]
    if problem.goal is not None:
        lines.append(_line(_unused("goal", problem.premises), "conjecture", problem.goal))
    text = "\n".join(lines) + "\n"
    if path is not None:
        with replacing(Path(path)) as partial:
            partial.write_text(text, encoding="utf-8", newline="\n")
    return text


def _line(name: str, role: str, formula: Formula) -> str:
    return f"fof({tptp_name(name)}, {role}, {formula_tptp(formula)})."


class _Files:
    """The formulas of a file and of those that it includes, at the places of the demands."""

    def __init__(self, folders: list[Path], symbols: Symbols) -> None:
        self.folders, self.symbols = folders, symbols
        self.open: list[Path] = []  # the files that are being read, outermost first

    def entries(self, text: str, file: str) -> Iterator[Entry]:
        try:
            for found in TptpReader(text, self.symbols).entries():
                if isinstance(found, Entry):
                    yield found
                    continue
                place = self._place(found.file, text, found.position)
                self.open.append(place)
                inside = list(self.entries(_content(place), found.file))
                self.open.pop()
                if found.names is not None:
                    missing = set(found.names) - {entry.name for entry in inside}
                    if missing:
                        what = f"{found.file} has no formula named {', '.join(sorted(missing))}"
                        raise ParseError(what, text, found.position, "names of formulas in that file")
                    inside = [entry for entry in inside if entry.name in found.names]
                yield from inside
        except ParseError as error:
            if error.text is text and file and not error.message.startswith(f"{file}: "):
                raise ParseError(f"{file}: {error.message}", text, error.position, error.expected) from None
            raise

    def _place(self, file: str, text: str, position: int) -> Path:
        for folder in self.folders:
            place = folder / file
            if place.is_file():
                if place.resolve() in self.open:
                    raise ParseError(
                        f"{file} includes itself", text, position, "files that do not go round in a circle"
                    )
                return place.resolve()
        hint = f"it under {self.folders[0]}, in the folder given as include=, or in the one that $TPTP names"
        raise ParseError(f"the included file {file!r} is not there", text, position, hint)


def _is_text(source: str | os.PathLike[str]) -> bool:
    if not isinstance(source, str):
        return False
    return _TEXT.match(source) is not None and not os.path.isfile(source)


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return path.read_text(encoding="latin-1")  # names of authors in the headers of old files


def _header(text: str, key: str) -> str:
    """What a comment line such as ``% Status   : Theorem`` says; empty where there is none."""
    found = re.search(rf"^%\s*{key}\s*:[ \t]*(.*?)[ \t]*$", text, re.MULTILINE)
    return found[1] if found else ""


def _unused(name: str, taken: Mapping[str, Formula]) -> str:
    """The name, with a number where it is taken."""
    found, number = name, 1
    while found in taken:
        number += 1
        found = f"{name}_{number}"
    return found
