"""The syntax of TPTP's first-order problems, FOF (formulas) and CNF (clauses), and what its symbols are called here.

    annotated = ("fof" | "cnf") "(" name "," role "," formula [ "," annotations ] ")" "."
    include   = "include" "(" 'file' [ "," "[" names "]" ] ")" "."
    formula   = unit [ { "&" unit } | { "|" unit } | ("<=>" | "<~>" | "=>" | "<=" | "~|" | "~&") unit ]
    unit      = "~" unit | ("!" | "?") "[" variables "]" ":" unit | "(" formula ")" | atom

A second connective needs parentheses; only & and | may be repeated. Source: the grammar of TPTP v9
(tptp.org, SyntaxBNF); Sutcliffe 2017, "The TPTP problem library and associated infrastructure".
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from agentos_lab.errors import ParseError

from .formulas import (
    FALSE,
    TRUE,
    And,
    Atom,
    Equal,
    Exists,
    Falsity,
    ForAll,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Truth,
    conjunction,
)
from .terms import Function, Term, Variable

__all__ = ["Entry", "Include", "Symbols", "TptpReader"]

_TOKEN = re.compile(
    r"""(?:\s|%[^\n]*|\#[^\n]*|/\*(?s:.*?)\*/)*(?:
        (?P<lower>[a-z][A-Za-z0-9_]*)
      | (?P<upper>[A-Z][A-Za-z0-9_]*)
      | (?P<dollar>\$\$?[a-z][A-Za-z0-9_]*)
      | (?P<quoted>'(?:[^\\'\n]|\\[\\'])+')
      | (?P<object>"(?:[^\\"\n]|\\[\\"])*")
      | (?P<number>[+-]?\d+(?:/\d+|(?:\.\d+)?(?:[Ee][+-]?\d+)?))
      | (?P<sign><=>|<~>|-->|:=|==|!!|\?\?|!>|\?\*|@[+-]|=>|<=|~\||~&|!=|<<|[~&|!?=()\[\],.:{}-])
      | (?P<strange>\S)
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
ROLES = (
    "axiom", "hypothesis", "definition", "assumption", "lemma", "theorem", "corollary", "conjecture",
    "negated_conjecture", "plain", "type", "unknown",
)  # fmt: skip
_SUPPORTED = "fof(…), cnf(…) or include(…); of TPTP's languages, first-order formulas and clauses are read"
_OTHER_LANGUAGES = ("tff", "thf", "tcf", "tpi", "tfx", "thx", "nxf", "nhf", "input_formula", "input_clause")
_JOINING: dict[str, Callable[[Formula, Formula], Formula]] = {
    "<=>": Iff,
    "=>": Implies,
    "<=": lambda left, right: Implies(right, left),
    "<~>": lambda left, right: Not(Iff(left, right)),
    "~|": lambda left, right: Not(Or((left, right))),
    "~&": lambda left, right: Not(And((left, right))),
}
ARITHMETIC = {
    "$less": "<", "$lesseq": "<=", "$greater": ">", "$greatereq": ">=", "$sum": "+", "$difference": "-",
    "$product": "*",
}  # fmt: skip
_RELATIONS = ("<", "<=", ">", ">=")
_DEEPEST = 180  # nested parts of a formula; each takes two calls of Python's stack, and all later walks take some too


class _Token(NamedTuple):
    kind: str
    text: str
    position: int


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


@dataclass(frozen=True)
class _Head:
    """A symbol with its arguments, of which is not known yet whether it is an atom or a term."""

    token: _Token
    args: tuple[Term, ...]


class Symbols:
    """What TPTP's symbols are called here, where one name has one meaning.

    In TPTP a predicate and a function may share a name, so may symbols with different numbers of arguments, and a name
    in quotes may look like a number or a variable. The first one keeps its name, the others get a number.
    """

    def __init__(self) -> None:
        self.names: dict[tuple[str, str, int], str] = {}
        self.taken: set[str] = set()
        self.distinct: dict[Function, tuple[str, object]] = {}  # objects and numbers, with what they stand for
        self.arithmetic = False  # whether numbers are added or compared, and so are numbers here too

    def name(self, kind: str, name: str, arity: int) -> str:
        """The name here of a "predicate" or "function" of TPTP."""
        key = (kind, name, arity)
        if key not in self.names:
            plain = _plain(name)
            self.names[key] = self._unused(plain, f"{plain}_{arity}")
        return self.names[key]

    def number(self, text: str) -> Function:
        """A number. Without arithmetic it is an object like others, of which only is known that it is not another."""
        kind = "rational" if "/" in text else "integer" if re.fullmatch(r"[+-]?\d+", text) else "real"
        value = Fraction(text)
        if self.arithmetic and kind != "rational":
            return Function(str(value) if kind == "integer" else text.lstrip("+"))
        words = text.lstrip("+").replace("-", "minus_").replace("/", "_over_")
        return self._object(kind, value, "number_" + re.sub(r"\W", "_", words))

    def object(self, text: str) -> Function:
        """A "distinct object", which is no other distinct object."""
        return self._object("object", text, _plain(re.sub(r"\\(.)", r"\1", text[1:-1])))

    def _object(self, kind: str, value: object, name: str) -> Function:
        key = (kind, str(value), -1)
        if key not in self.names:
            self.names[key] = self._unused(name, f"{kind}_{name}")
        made = Function(self.names[key])
        self.distinct[made] = (kind, value)
        return made

    def _unused(self, *wishes: str) -> str:
        found, number = wishes[0], 1
        for found in wishes:
            if found not in self.taken:
                break
        while found in self.taken:
            number += 1
            found = f"{wishes[-1]}_{number}"
        self.taken.add(found)
        return found

    def distinctness(self) -> Formula:
        """That all distinct objects differ, and all numbers of one kind, and objects from numbers."""
        known = list(self.distinct.items())
        return conjunction(
            [
                Not(Equal(one, other))
                for place, (one, (kind, _)) in enumerate(known)
                for other, (another, _) in known[place + 1 :]
                if kind == another or "object" in (kind, another)
            ]
        )


class TptpReader:
    """A reader by recursive descent: `entries` is the file, one method for each rule of the grammar below it.

    Args:
        text: The file's text.
        symbols: The names of symbols, shared by a problem and what it includes.
    """

    def __init__(self, text: str, symbols: Symbols) -> None:
        self.text, self.symbols = text, symbols
        self.tokens = [_Token(m.lastgroup or "", m[m.lastgroup or 0], m.start(m.lastgroup or 0)) for m in _scan(text)]
        self.next = self.depth = 0
        self.bound: list[str] = []  # the variables of the quantifiers around this place
        self.clause = False  # whether variables need no quantifier
        symbols.taken |= {token.text for token in self.tokens if token.kind == "upper"}
        symbols.arithmetic |= any(token.text in ARITHMETIC for token in self.tokens)

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
                    self._fail(f"{start.text} is not supported", _SUPPORTED)
                close = difflib.get_close_matches(start.text, ("fof", "cnf", "include"), n=1)
                hint = f"; did you mean {close[0]}?" if close else ""
                self._fail(f"unexpected {start.text!r}{hint}", _SUPPORTED)

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
            if token.kind == "sign" and token.text in (*_JOINING, "&", "!", "?"):
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

    def _formula(self) -> Formula:
        left = self._unit()
        sign = self._here.text if self._here.kind == "sign" else ""
        if sign in ("&", "|"):
            parts = [left]
            while self._take(sign):
                parts.append(self._unit())
            left = And(tuple(parts)) if sign == "&" else Or(tuple(parts))
        elif sign in _JOINING:
            self._next()
            left = _JOINING[sign](left, self._unit())
        if self._here.kind == "sign" and self._here.text in (*_JOINING, "&", "|"):
            self._fail(f"{self._here.text} after {sign} has no clear meaning", "parentheses around one of them")
        return left

    def _unit(self) -> Formula:
        token = self._here
        self.depth += 1
        if self.depth > _DEEPEST:
            self._fail(f"nested more than {_DEEPEST} deep", "a flatter formula: & and | take many parts at once")
        if self._take("~"):
            found: Formula = Not(self._unit())
        elif token.text in ("!", "?") and token.kind == "sign":
            found = self._quantified()
        elif self._take("("):
            found = self._formula()
            if not self._take(")"):
                if self._here.kind == "end":
                    raise self._error("this '(' is never closed", "a ')' for it", token)
                self._fail(f"unexpected {self._shown}", "')' or a connective")
        else:
            found = self._atom()
        self.depth -= 1
        return found

    def _quantified(self) -> Formula:
        kind = ForAll if self._next().text == "!" else Exists
        self._expect("[")
        names = [self._variable()]
        while self._take(","):
            names.append(self._variable())
        self._expect("]")
        self._expect(":")
        self.bound += names
        body = self._unit()
        del self.bound[len(self.bound) - len(names) :]
        for name in reversed(names):
            body = kind(Variable(name), body)
        return body

    def _variable(self) -> str:
        if self._here.kind != "upper":
            self._fail(f"unexpected {self._shown}", "a variable, which begins with a capital letter")
        name = self._next().text
        if self._here.text == ":":
            self._fail("a variable with a type belongs to TFF", _SUPPORTED)
        return name

    def _atom(self) -> Formula:
        left = self._head()
        sign = self._here
        if sign.kind == "sign" and sign.text in ("=", "!="):
            self._next()
            equal = Equal(self._as_term(left), self._as_term(self._head()))
            return equal if sign.text == "=" else Not(equal)
        token, args = left.token, left.args
        if token.kind in ("lower", "quoted"):
            return Atom(self.symbols.name("predicate", _unquoted(token), len(args)), args)
        if token.text in ("$true", "$false") and not args:
            return TRUE if token.text == "$true" else FALSE
        if ARITHMETIC.get(token.text) in _RELATIONS and len(args) == 2:
            return Atom(ARITHMETIC[token.text], args)
        if token.text == "$distinct" and len(args) > 1:
            pairs = [(one, other) for place, one in enumerate(args) for other in args[place + 1 :]]
            return conjunction([Not(Equal(one, other)) for one, other in pairs])
        if token.kind == "dollar":
            raise self._error(f"{token.text} is not supported here", "$true, $false or a predicate", token)
        what = "variable" if token.kind == "upper" else "number" if token.kind == "number" else "distinct object"
        raise self._error(f"a {what} is no formula", "= or != after it, or a predicate", token)

    def _head(self) -> _Head:
        """A symbol with its arguments. The terms inside are built from the inside out, however deep they are."""
        opened: list[tuple[_Token, list[Term]]] = []
        while True:
            token = self._here
            if token.kind not in ("lower", "upper", "dollar", "quoted", "object", "number"):
                self._fail(f"unexpected {self._shown}", "a formula" if not opened else "a term")
            self._next()
            if token.kind in ("lower", "quoted", "dollar") and self._take("("):
                opened.append((token, []))
                continue
            head = _Head(token, ())
            while opened:
                opened[-1][1].append(self._as_term(head))
                if self._take(","):
                    break
                if not self._take(")"):
                    self._fail(f"unexpected {self._shown}", "',' or ')' after a term")
                head = _Head(opened[-1][0], tuple(opened.pop()[1]))
            else:
                return head

    def _as_term(self, head: _Head) -> Term:
        token, args = head.token, head.args
        if token.kind in ("lower", "quoted"):
            return Function(self.symbols.name("function", _unquoted(token), len(args)), *args)
        if token.kind == "upper":
            if token.text not in self.bound and not self.clause:
                raise self._error(f"the variable {token.text} is free", f"![{token.text}] or ?[{token.text}] around it",
                                  token)  # fmt: skip
            return Variable(token.text)
        if token.kind == "number":
            if re.search(r"/0+$|[Ee].?\d{4}", token.text):
                raise self._error(
                    f"{token.text} is no number", "a divisor that is not 0, an exponent below 1000", token
                )
            return self.symbols.number(token.text)
        if token.kind == "object":
            return self.symbols.object(token.text)
        if token.text in ARITHMETIC and ARITHMETIC[token.text] not in _RELATIONS and len(args) == 2:
            return Function(ARITHMETIC[token.text], *args)
        raise self._error(f"{token.text} is not supported here", "a variable, a constant or a function", token)

    def _name(self) -> str:
        if self._here.kind not in ("lower", "quoted", "number"):
            self._fail(f"unexpected {self._shown}", "a name: lower-case, in 'quotes', or a whole number")
        return _unquoted(self._next())

    @property
    def _here(self) -> _Token:
        return self.tokens[self.next]

    @property
    def _shown(self) -> str:
        return "end of the text" if self._here.kind == "end" else repr(self._here.text)

    def _next(self) -> _Token:
        token = self.tokens[self.next]
        self.next += token.kind != "end"
        return token

    def _take(self, sign: str) -> bool:
        taken = self._here.kind == "sign" and self._here.text == sign
        self.next += taken
        return taken

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            self._fail(f"unexpected {self._shown}", repr(sign))

    def _fail(self, what: str, expected: str) -> None:
        raise self._error(what, expected, self._here)

    def _error(self, what: str, expected: str, token: _Token) -> ParseError:
        if token.kind == "strange" and token.text in ("'", '"', "/"):
            opened = "comment" if token.text == "/" else "quote"
            what, expected = f"this {opened} is never closed", ""
        elif token.kind == "strange" or token.text in ("!!", "??", "!>", "?*", "@+", "@-", ":=", "==", "<<"):
            what, expected = f"{token.text!r} is not supported", _SUPPORTED
        return ParseError(what, self.text, token.position, expected)


def _scan(text: str) -> Iterator[re.Match[str]]:
    position = 0
    while True:
        match = _TOKEN.match(text, position)
        assert match is not None  # the last alternatives take whatever there is
        yield match
        if match.lastgroup == "end":
            return
        position = match.end()


def _plain(name: str) -> str:
    """A name, but none that means a number, a sum or a comparison here, and none that TPTP takes for an object."""
    return f"symbol_{name}" if re.fullmatch(r"\W*|-?\d+(\.\d+)?|\".*\"", name) else name


def _unquoted(token: _Token) -> str:
    if token.kind != "quoted":
        return token.text
    return re.sub(r"\\(.)", r"\1", token.text[1:-1])


def _is_clause(formula: Formula) -> bool:
    match formula:
        case Or(parts):
            return all(_is_clause(part) for part in parts)
        case Not(part):
            return isinstance(part, Atom | Equal | Truth | Falsity) or (isinstance(part, Not) and _is_clause(part))
    return True
