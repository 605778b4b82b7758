"""Formulas and terms in the syntax of TPTP.

    formula = unit [ { "&" unit } | { "|" unit } | ("<=>" | "<~>" | "=>" | "<=" | "~|" | "~&") unit ]
    unit    = "~" unit | ("!" | "?") "[" variables "]" ":" unit | "(" formula ")" | atom
    atom    = term [ ("=" | "!=") term ];  term = symbol [ "(" term { "," term } ")" ]

A second connective needs parentheses; only & and | may be repeated. Source: the grammar of TPTP v9 (tptp.org,
SyntaxBNF).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn

from agentos_lab.errors import ParseError

from .formulas import FALSE, TRUE, And, Atom, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or, conjunction
from .terms import Function, Term, Variable
from .tptp_symbols import Symbols
from .tptp_tokens import TptpToken, tptp_tokens, unquoted

__all__ = ["JOINING", "SUPPORTED", "TptpFormulaReader"]

# What messages say about the other languages of TPTP.
SUPPORTED = "fof(…), cnf(…) or include(…); of TPTP's languages, first-order formulas and clauses are read"
# The connectives that join two formulas, but for & and |.
JOINING: dict[str, Callable[[Formula, Formula], Formula]] = {
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


@dataclass(frozen=True)
class _Head:
    """A symbol with its arguments, of which is not known yet whether it is an atom or a term."""

    token: TptpToken
    args: tuple[Term, ...]


class TptpFormulaReader:
    """A reader by recursive descent: one method for each rule of the grammar.

    Args:
        text: The file's text.
        symbols: The names of symbols, shared by a problem and what it includes.
    """

    def __init__(self, text: str, symbols: Symbols) -> None:
        self.text, self.symbols = text, symbols
        self.tokens = tptp_tokens(text)
        self.next = self.depth = 0
        self.bound: list[str] = []  # the variables of the quantifiers around this place
        self.clause = False  # whether variables need no quantifier
        symbols.taken |= {token.text for token in self.tokens if token.kind == "upper"}
        symbols.arithmetic |= any(token.text in ARITHMETIC for token in self.tokens)

    def _formula(self) -> Formula:
        left = self._unit()
        sign = self._here.text if self._here.kind == "sign" else ""
        if sign in ("&", "|"):
            parts = [left]
            while self._take(sign):
                parts.append(self._unit())
            left = And(tuple(parts)) if sign == "&" else Or(tuple(parts))
        elif sign in JOINING:
            self._next()
            left = JOINING[sign](left, self._unit())
        if self._here.kind == "sign" and self._here.text in (*JOINING, "&", "|"):
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
            self._fail("a variable with a type belongs to TFF", SUPPORTED)
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
            return Atom(self.symbols.name("predicate", unquoted(token), len(args)), args)
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
        opened: list[tuple[TptpToken, list[Term]]] = []
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
            return Function(self.symbols.name("function", unquoted(token), len(args)), *args)
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
            return self.symbols.distinct_object(token.text)
        if token.text in ARITHMETIC and ARITHMETIC[token.text] not in _RELATIONS and len(args) == 2:
            return Function(ARITHMETIC[token.text], *args)
        raise self._error(f"{token.text} is not supported here", "a variable, a constant or a function", token)

    def _name(self) -> str:
        if self._here.kind not in ("lower", "quoted", "number"):
            self._fail(f"unexpected {self._shown}", "a name: lower-case, in 'quotes', or a whole number")
        return unquoted(self._next())

    @property
    def _here(self) -> TptpToken:
        return self.tokens[self.next]

    @property
    def _shown(self) -> str:
        return "end of the text" if self._here.kind == "end" else repr(self._here.text)

    def _next(self) -> TptpToken:
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

    def _fail(self, what: str, expected: str) -> NoReturn:
        raise self._error(what, expected, self._here)

    def _error(self, what: str, expected: str, token: TptpToken) -> ParseError:
        if token.kind == "strange" and token.text in ("'", '"', "/"):
            opened = "comment" if token.text == "/" else "quote"
            what, expected = f"this {opened} is never closed", ""
        elif token.kind == "strange" or token.text in ("!!", "??", "!>", "?*", "@+", "@-", ":=", "==", "<<"):
            what, expected = f"{token.text!r} is not supported", SUPPORTED
        return ParseError(what, self.text, token.position, expected)
