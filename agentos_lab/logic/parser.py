"""Reading formulas: ``∀x (Man(x) → Mortal(x))``, or in ASCII ``forall x (Man(x) -> Mortal(x))``.

Grammar, from the loosest to the tightest:

    formula    = implies { "<->" implies }
    implies    = or [ "->" implies ]                          to the right
    or         = and { "|" and }
    and        = unary { "&" unary }
    unary      = "~" unary | quantifier | "(" formula ")" | atom
    quantifier = ("∀" | "∃") names ("." | ":") formula        with a dot: as far as it goes
               | ("∀" | "∃") names unary                      without: the next part alone
    atom       = sum ("=" | "!=" | "<" | "<=" | ">" | ">=") sum | name [ "(" terms ")" ]
    sum        = product { ("+" | "-") product };  product = term { "*" term }
    term       = name [ "(" sum { "," sum } ")" ] | number | "(" sum ")"

A name in the place of a formula is a predicate. In the place of a term it is the variable that a quantifier around it
binds, and otherwise a constant or a function, whatever its case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agentos_lab.errors import ParseError

from .formulas import FALSE, TRUE, And, Atom, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or
from .signature import Signature
from .terms import Function, Term, Variable

__all__ = ["parse"]

_SIGNS = {
    "~": "¬", "!": "¬", "not": "¬", "-": "-", "&": "∧", "&&": "∧", "and": "∧", "/\\": "∧", "|": "∨", "||": "∨",
    "or": "∨", "\\/": "∨", "->": "→", "=>": "→", "⇒": "→", "⊃": "→", "implies": "→", "<->": "↔", "<=>": "↔", "⇔": "↔",
    "iff": "↔", "forall": "∀", "all": "∀", "\\forall": "∀", "exists": "∃", "some": "∃", "\\exists": "∃", "!=": "≠",
    "=": "=", "<": "<", "<=": "<=", "≤": "<=", ">": ">", ">=": ">=", "≥": ">=", "true": "⊤", "false": "⊥",
}  # fmt: skip
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<sign><->|<=>|->|=>|!=|<=|>=|&&|\|\||/\\|\\/|\\forall|\\exists|[¬∧∨→↔⇒⇔⊃∀∃=≠<>≤≥⊤⊥~!&|+*-])
      | (?P<mark>[(),.:])
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<name>[^\W\d]\w*'*)
      | (?P<quoted>"[^"]*")
      | (?P<strange>\S)
    )""",
    re.VERBOSE,
)
_WORDS = frozenset(word for word in _SIGNS if word.isalpha())
_RELATIONS = ("=", "≠", "<", "<=", ">", ">=")


def parse(text: str | Formula, signature: Signature | None = None) -> Formula:
    """Read a formula.

    Args:
        text: The formula; one that is read already is handed back.
        signature: How often each symbol takes how many arguments, from formulas read before; it is added to. By
            default the formula stands alone.

    Raises:
        ParseError: The text does not follow the grammar, a variable is used outside its quantifier, or a symbol takes
            another number of arguments than before. The message points at the place.
        ValueError: Neither a text nor a formula.
    """
    if isinstance(text, Formula):
        return text
    if not isinstance(text, str):
        raise ValueError(f"expected a formula as text, got {type(text).__name__}")
    return _Reader(text, signature if signature is not None else Signature()).whole()


@dataclass(frozen=True)
class _Token:
    kind: str  # "sign", "mark", "number", "name" or "end"
    text: str  # signs in their Unicode form
    position: int


class _Reader:
    """A reader by recursive descent: one method for each rule of the grammar."""

    def __init__(self, text: str, signature: Signature) -> None:
        self.text, self.signature = text, signature
        self.tokens = list(self._scanned())
        self.next = 0
        self.bound: list[str] = []  # the variables of the quantifiers around this place
        self.closed: set[str] = set()  # variables of quantifiers that have ended
        self.constants: dict[str, int] = {}  # where each constant stood first

    def _scanned(self) -> Iterator[_Token]:
        for match in _TOKEN.finditer(self.text):
            kind = match.lastgroup or ""
            text, position = match[kind], match.start(kind)
            if kind == "strange":
                raise ParseError(f"unexpected {text!r}", self.text, position, "a formula such as ∀x (P(x) → Q(x))")
            if kind == "quoted":
                kind, text = "name", text[1:-1]
            elif kind == "sign" or text in _WORDS:
                kind, text = "sign", _SIGNS.get(text, text)
            yield _Token(kind, text, position)
        yield _Token("end", "", len(self.text.rstrip()))

    def whole(self) -> Formula:
        formula = self._iff()
        if self._here.kind != "end":
            hint = " or a connective such as ∧ or →"
            what = "this ')' closes nothing" if self._here.text == ")" else f"unexpected {self._here.text!r}"
            self._fail(what, "the end of the formula" + hint)
        return formula

    def _iff(self) -> Formula:
        left = self._implies()
        while self._take("↔"):
            left = Iff(left, self._implies())
        return left

    def _implies(self) -> Formula:
        left = self._or()
        return Implies(left, self._implies()) if self._take("→") else left

    def _or(self) -> Formula:
        parts = [self._and()]
        while self._take("∨"):
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _and(self) -> Formula:
        parts = [self._unary()]
        while self._take("∧"):
            parts.append(self._unary())
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _unary(self) -> Formula:
        if self._take("¬"):
            return Not(self._unary())
        if self._here.text in ("∀", "∃") and self._here.kind == "sign":
            return self._quantifier()
        if self._take("⊤"):
            return TRUE
        if self._take("⊥"):
            return FALSE
        if self._here.text == "(" and not self._parenthesis_holds_a_term():
            opened = self._here
            self.next += 1
            inside = self._iff()
            if not self._take(")"):
                if self._here.kind == "end":
                    raise ParseError("this '(' is never closed", self.text, opened.position, "a ')' for it")
                self._fail(f"unexpected {self._here.text!r}", "')' or a connective")
            return inside
        return self._atom()

    def _quantifier(self) -> Formula:
        kind = ForAll if self._here.text == "∀" else Exists
        self.next += 1
        names = [self._variable()]
        while self._take(",") or (self._here.kind == "name" and self._another_variable()):
            names.append(self._variable())
        wide = self._take(".") or self._take(":")
        for name in names:
            if name in self.constants and name not in self.bound:
                self._outside(name, self.constants[name])
        self.bound += names
        body = self._iff() if wide else self._unary()
        del self.bound[len(self.bound) - len(names) :]
        self.closed |= set(names)
        for name in reversed(names):
            body = kind(Variable(name), body)
        return body

    def _another_variable(self) -> bool:
        """Whether the name here is one more variable, and not the beginning of the body: ∀x y (…), but ∀x P(y)."""
        after = self.tokens[self.next + 1]
        if after.text in (".", ":", ",") or after.kind == "name":
            return True
        # ∀x y (P(x, y)): a parenthesis after white space; an application P(y) is written without.
        gap = after.position > self._here.position + len(self._here.text)
        return (after.text == "(" and gap) or (after.kind == "sign" and after.text in ("¬", "∀", "∃"))

    def _variable(self) -> str:
        token = self._here
        if token.kind != "name":
            self._fail("a quantifier needs a variable" if token.kind == "end" else f"unexpected {token.text!r}",
                       "the name of a variable")  # fmt: skip
        self.next += 1
        return token.text

    def _atom(self) -> Formula:
        start = self._here
        if start.kind == "name" and start.text not in self.bound and self._stands_alone():
            self.next += 1
            args = self._arguments() if self._take("(") else ()
            self._note("predicate", start, len(args))
            return Atom(start.text, args)
        left = self._sum()
        relation = self._here.text
        if self._here.kind != "sign" or relation not in _RELATIONS:
            what = f"{start.text} is a variable here, not a formula" if start.text in self.bound else "half an atom"
            self._fail(what, "=, ≠ or another relation")
        self.next += 1
        right = self._sum()
        if relation == "=":
            return Equal(left, right)
        return Not(Equal(left, right)) if relation == "≠" else Atom(relation, (left, right))

    def _stands_alone(self) -> bool:
        """Whether the name here, with its arguments, is an atom: no relation or sum goes on from it."""
        place = self.next + 1
        if self.tokens[place].text == "(":
            depth = 1
            while depth and self.tokens[place].kind != "end":
                place += 1
                depth += {"(": 1, ")": -1}.get(self.tokens[place].text, 0) if self.tokens[place].kind == "mark" else 0
            place += self.tokens[place].kind != "end"
        after = self.tokens[place]
        return not (after.kind == "sign" and after.text in (*_RELATIONS, "+", "-", "*"))

    def _parenthesis_holds_a_term(self) -> bool:
        """Whether the '(' here opens a sum, as in (x + 1) * 2 = y: after its end an operator or a relation goes on."""
        depth, place = 0, self.next
        while self.tokens[place].kind != "end":
            if self.tokens[place].kind == "mark":
                depth += {"(": 1, ")": -1}.get(self.tokens[place].text, 0)
            place += 1
            if depth == 0:
                break
        after = self.tokens[place]
        return depth == 0 and after.kind == "sign" and after.text in (*_RELATIONS, "+", "-", "*")

    def _sum(self) -> Term:
        left = self._product()
        while self._here.kind == "sign" and self._here.text in ("+", "-"):
            operator = self._here.text
            self.next += 1
            left = Function(operator, left, self._product())
        return left

    def _product(self) -> Term:
        left = self._term()
        while self._take("*"):
            left = Function("*", left, self._term())
        return left

    def _term(self) -> Term:
        token = self._here
        if token.kind == "number":
            self.next += 1
            return Function(token.text)
        if token.text == "-" and token.kind == "sign" and self.tokens[self.next + 1].kind == "number":
            self.next += 2
            return Function("-" + self.tokens[self.next - 1].text)
        if self._take("("):
            inside = self._sum()
            if not self._take(")"):
                self._fail("the parenthesis around this term is not closed", "')'")
            return inside
        if token.kind != "name":
            what = "the formula ends too early" if token.kind == "end" else f"unexpected {token.text!r}"
            self._fail(what, "a formula" if self.next == 0 else "a term or a formula")
        self.next += 1
        if self._take("("):
            args = self._arguments()
            self._note("function", token, len(args))
            return Function(token.text, *args)
        if token.text in self.bound:
            return Variable(token.text)
        if token.text in self.closed:
            self._outside(token.text, token.position)
        self.constants.setdefault(token.text, token.position)
        self._note("function", token, 0)
        return Function(token.text)

    def _arguments(self) -> tuple[Term, ...]:
        args = [self._sum()]
        while self._take(","):
            args.append(self._sum())
        if not self._take(")"):
            self._fail(
                "the list of arguments ends too early"
                if self._here.kind == "end"
                else f"unexpected {self._here.text!r}",
                "',' or ')' after a term",
            )
        return tuple(args)

    def _note(self, kind: str, token: _Token, arity: int) -> None:
        if problem := self.signature.note(kind, token.text, arity):
            raise ParseError(problem, self.text, token.position, "one kind and number of arguments for each symbol")

    def _outside(self, name: str, position: int) -> None:
        """Refuse a name that is a variable elsewhere in the formula: a slip, and hardly ever a constant."""
        wanted = f"parentheses around all that the quantifier is about, as in ∀{name} (…), or another name"
        raise ParseError(f"{name} stands outside its quantifier", self.text, position, wanted)

    @property
    def _here(self) -> _Token:
        return self.tokens[self.next]

    def _take(self, text: str) -> bool:
        taken = self._here.text == text and self._here.kind in ("sign", "mark")
        self.next += taken
        return taken

    def _fail(self, what: str, expected: str) -> None:
        raise ParseError(what, self.text, self._here.position, expected)
