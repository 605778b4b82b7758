"""The syntax of TPTP's first-order problems: annotated formulas (FOF), clauses (CNF) and includes.

    annotated = ("fof" | "cnf") "(" name "," role "," formula [ "," annotations ] ")" "."
    include   = "include" "(" 'file' [ "," "[" names "]" ] ")" "."

Source: the grammar of TPTP v9 (tptp.org, SyntaxBNF); Sutcliffe 2017, "The TPTP problem library and associated
infrastructure".
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import NamedTuple

from .formulas import FALSE, Atom, Equal, Falsity, ForAll, Formula, Implies, Not, Or, Truth, conjunction
from .tptp_formulas import JOINING, SUPPORTED, TptpFormulaReader

__all__ = ["Entry", "Include", "TptpReader"]

ROLES = (
    "axiom", "hypothesis", "definition", "assumption", "lemma", "theorem", "corollary", "conjecture",
    "negated_conjecture", "plain", "type", "unknown",
)  # fmt: skip
_OTHER_LANGUAGES = ("tff", "thf", "tcf", "tpi", "tfx", "thx", "nxf", "nhf", "input_formula", "input_clause")


class Entry(NamedTuple):
    """An annotated formula."""

    name: str
    role: str
    formula: Formula | None  # None for a declaration of a type
    position: int


class Include(NamedTuple):
    """A demand for another file, or for some of its formulas."""

    file: str
    names: tuple[str, ...] | None
    position: int


class TptpReader(TptpFormulaReader):
    """A reader of files: `entries` hands out what a file says, one formula after the other."""

    def entries(self) -> Iterator[Entry | Include]:
        """The annotated formulas and includes of the file, in their order."""
        while self._here.kind != "end":
            start = self._here
            if start.text == "include":
                yield self._include()
            elif start.text in ("fof", "cnf"):
                yield self._annotated()
            else:
                if start.text in _OTHER_LANGUAGES:
                    self._fail(f"{start.text} is not supported", SUPPORTED)
                close = difflib.get_close_matches(start.text, ("fof", "cnf", "include"), n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                self._fail(f"unexpected {start.text!r}{hint}", SUPPORTED)

    def _include(self) -> Include:
        start = self._next()
        self._expect("(")
        if self._here.kind != "quoted":
            self._fail("include needs the name of a file", "a name in 'quotes'")
        file = self._name()
        names: tuple[str, ...] | None = None
        if self._take(","):
            if self._take("["):
                listed = [] if self._here.text == "]" else [self._name()]
                while self._take(","):
                    listed.append(self._name())
                self._expect("]")
                names = tuple(listed)
            elif self._name() != "all":
                self._fail("unexpected selection", "'[' names ']' or all")
            if self._take(","):
                self._name()
        self._expect(")")
        self._expect(".")
        return Include(file, names, start.position)

    def _annotated(self) -> Entry:
        start = self._next()
        self.clause = start.text == "cnf"
        self._expect("(")
        name = self._name()
        self._expect(",")
        role = self._role()
        self._expect(",")
        if role == "type":
            self._skip()
            self._expect(".")
            return Entry(name, role, None, start.position)
        formula = self._clause() if self.clause else self._sequent()
        if self._take(","):
            self._skip()
        elif not self._take(")"):
            self._fail(f"unexpected {self._shown}", "')' or a connective")
        self._expect(".")
        return Entry(name, role, formula, start.position)

    def _role(self) -> str:
        token = self._here
        if token.text not in ROLES:
            close = difflib.get_close_matches(token.text, ROLES, n=1)
            hint = f"; did you mean {close[0]}?" if close else ""
            self._fail(f"unknown role {token.text!r}{hint}", "one of " + ", ".join(ROLES))
        self._next()
        if self._take("-"):  # a role may have a more exact one behind it, e.g. axiom-local(…)
            while self._here.text != "," and self._here.kind != "end":
                self._next()
        return token.text

    def _skip(self) -> None:
        """Past sources and useful information, which say nothing about what follows from what."""
        depth = 1
        while depth:
            token = self._here
            if token.kind == "end" or token.kind == "strange":
                self._fail(f"unexpected {self._shown}", "the end of the annotations: ').'")
            depth += token.kind == "sign" and {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
            self._next()

    def _clause(self) -> Formula:
        start = self.next
        formula = self._formula()
        for token in self.tokens[start : self.next]:
            if token.kind == "sign" and token.text in (*JOINING, "&", "!", "?"):
                raise self._error("a clause joins literals by | alone", "literals, or fof(…) for a formula", token)
        if not _is_clause(formula):
            raise self._error("a clause negates atoms only", "literals, or fof(…) for a formula", self.tokens[start])
        for variable in sorted(formula.free, key=lambda v: v.name, reverse=True):
            formula = ForAll(variable, formula)
        return formula

    def _sequent(self) -> Formula:
        """A formula, or ``[a, b] --> [c, d]``: if all of the left, then some of the right."""
        if self._here.text != "[":
            return self._formula()
        left = self._tuple()
        self._expect("-->")
        right = self._tuple()
        some = right[0] if len(right) == 1 else Or(tuple(right)) if right else FALSE
        return Implies(conjunction(left), some)

    def _tuple(self) -> list[Formula]:
        self._expect("[")
        found = [] if self._here.text == "]" else [self._formula()]
        while self._take(","):
            found.append(self._formula())
        self._expect("]")
        return found


def _is_clause(formula: Formula) -> bool:
    match formula:
        case Or(parts):
            return all(_is_clause(part) for part in parts)
        case Not(part):
            return isinstance(part, Atom | Equal | Truth | Falsity) or (isinstance(part, Not) and _is_clause(part))
    return True
