"""Reading formulas: ``∀x (Man(x) → Mortal(x))``, or in ASCII ``forall x (Man(x) -> Mortal(x))``, or in LaTeX.

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
binds, and otherwise a constant or a function, whatever its case. Strange names stand in "quotes".
"""

from __future__ import annotations

import difflib
from typing import NoReturn

from agentos_lab.errors import ParseError

from .formula_tokens import CONNECTIVE_WORDS, QUANTIFIER_WORDS, Token, tokens
from .formulas import FALSE, MOST_NESTED, TRUE, And, Atom, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or
from .signature import Signature
from .terms import Function, Term, Variable

__all__ = ["parse"]

_RELATIONS = ("=", "≠", "<", "<=", ">", ">=")
_OPERATORS = ("+", "-", "*")
_STRENGTH = {"↔": 1, "→": 2, "∨": 3, "∧": 4}  # how tightly a connective holds its sides together
_MOST_CALLS = 3 * MOST_NESTED  # of the reader's methods inside one another


def parse(text: str | Formula, signature: Signature | None = None) -> Formula:
    """Read a formula.

    Args:
        text: The formula; one that is read already is handed back.
        signature: How often each symbol takes how many arguments, from formulas read before; this formula's symbols
            are added to it, once all of it has been read. By default the formula stands alone.

    Raises:
        ParseError: The text does not follow the grammar, a variable is used outside its quantifier, a symbol takes
            another number of arguments than before, or formulas are nested more than 200 deep. The message points at
            the place.
        ValueError: Neither a text nor a formula.
    """
    if isinstance(text, Formula):
        return text
    if not isinstance(text, str):
        raise ValueError(f"expected a formula as text, got {type(text).__name__}")
    reader = _Reader(text, signature if signature is not None else Signature())
    formula = reader.whole()
    if signature is not None:
        signature.symbols.update(reader.own.symbols)
    return formula


class _Reader:
    """A reader by recursive descent: one method for each rule of the grammar."""

    def __init__(self, text: str, signature: Signature) -> None:
        self.text, self.signature = text, signature
        self.own = Signature()  # the symbols of this formula
        self.tokens = tokens(text)
        self.closing = _closing(self.tokens)
        self.next = self.calls = 0
        self.bound: list[str] = []  # the variables of the quantifiers around this place
        self.closed: set[str] = set()  # variables of quantifiers that have ended
        self.constants: dict[str, int] = {}  # where each constant stood first

    def whole(self) -> Formula:
        if self._here.kind == "end":
            self._fail("there is no formula", "one such as ∀x (P(x) → Q(x))")
        formula = self._formula()
        if self._here.kind != "end":
            what = "this ')' closes nothing" if self._sees(")") else self._surprise()
            self._fail(what, "the end of the formula or a connective such as ∧ or →")
        return formula

    def _formula(self, least: int = 1) -> Formula:
        """Parts joined by connectives that hold at least so tightly (Pratt 1973)."""
        self._call()
        left = self._unary()
        while (strength := self._strength) >= least:
            sign = self._here.text
            if sign in ("∧", "∨"):
                parts = [left]
                while self._take(sign):
                    parts.append(self._formula(strength + 1))
                left = self._made(And if sign == "∧" else Or, tuple(parts))
            else:
                self.next += 1
                right = self._formula(strength if sign == "→" else strength + 1)
                left = self._made(Implies if sign == "→" else Iff, left, right)
        self.calls -= 1
        return left

    def _unary(self) -> Formula:
        self._call()
        if self._take("¬"):
            found = self._made(Not, self._unary())
        elif self._sees("∀", "∃"):
            found = self._quantifier()
        elif self._take("⊤"):
            found = TRUE
        elif self._take("⊥"):
            found = FALSE
        elif self._sees("(") and self._quantifier_in_parentheses():
            self.next += 1
            found = self._quantifier(in_parentheses=True)
        elif self._sees("(") and not self._goes_on_as_a_term(self.next):
            found = self._in_parentheses()
        else:
            found = self._atom()
        self.calls -= 1
        return found

    def _in_parentheses(self) -> Formula:
        opened = self._here
        self.next += 1
        inside = self._formula()
        if not self._take(")"):
            if self._here.kind == "end":
                raise ParseError("this '(' is never closed", self.text, opened.position, "a ')' for it")
            self._fail(self._surprise(), "')' or a connective")
        return inside

    def _quantifier(self, in_parentheses: bool = False) -> Formula:
        kind = ForAll if self._here.text == "∀" else Exists
        self.next += 1
        names = [self._variable()]
        while (comma := self._take(",")) or (
            self._here.kind == "name" and (in_parentheses or self._another_variable())
        ):
            after = self.tokens[self.next + 1 - (self._here.kind == "end")]
            if comma and after.text == "(" and after.position == self._here.end:
                self._fail("this is no variable", "∀x (…) or ∀x: …; commas stand between variables only")
            names.append(self._variable())
        wide = self._take(".") or self._take(":")
        self.next += in_parentheses  # past the ')'
        for name in names:
            if name in self.constants and name not in self.bound:
                self._outside(name, self.constants[name])
        self.bound += names
        body = self._formula() if wide else self._unary()
        del self.bound[len(self.bound) - len(names) :]
        self.closed |= set(names)
        for name in reversed(names):
            body = self._made(kind, Variable(name), body)
        return body

    def _another_variable(self) -> bool:
        """Whether the name here is one more variable, and not the beginning of the body: ∀x y (…), but ∀x P(y)."""
        after = self.tokens[self.next + 1]
        if after.text in (".", ":", ",") or after.kind == "name":
            return True
        # ∀x y (P(x, y)): a parenthesis after white space; an application P(y) is written without.
        gap = after.position > self._here.end
        return (after.text == "(" and gap) or (after.kind == "sign" and after.text in ("¬", "∀", "∃"))

    def _quantifier_in_parentheses(self) -> bool:
        """Whether the '(' here holds a quantifier and nothing else, as in the old style (∀x)(∃y) R(x, y)."""
        inside = self.tokens[self.next + 1 : self.closing.get(self.next, 0)]
        if len(inside) < 2 or inside[0].kind != "sign" or inside[0].text not in ("∀", "∃"):
            return False
        return all(token.kind == "name" or token.text == "," for token in inside[1:])

    def _variable(self) -> str:
        if self._here.kind != "name":
            self._fail("a quantifier needs a variable" if self._here.kind == "end" else self._surprise(),
                       "the name of a variable")  # fmt: skip
        self.next += 1
        return self.tokens[self.next - 1].text

    def _atom(self) -> Formula:
        start = self._here
        if start.kind == "name" and start.text not in self.bound and not self._goes_on_as_a_term(self.next + 1):
            self.next += 1
            args = self._arguments() if self._take("(") else ()
            self._note("predicate", start, len(args))
            return Atom(start.text, args)
        left = self._term()
        relation = self._here.text
        if not self._sees(*_RELATIONS):
            what = f"{start.text} is a variable here, not a formula" if start.text in self.bound else "half an atom"
            self._fail(what, "=, ≠ or another relation")
        self.next += 1
        right = self._term()
        if relation == "=":
            return Equal(left, right)
        return Not(Equal(left, right)) if relation == "≠" else Atom(relation, (left, right))

    def _goes_on_as_a_term(self, place: int) -> bool:
        """Whether a sum or relation goes on at a place, or after the parentheses there: (x + 1) * 2 = y, f(x) = y."""
        if self.tokens[place].kind == "mark" and self.tokens[place].text == "(":
            place = self.closing.get(place, len(self.tokens) - 2) + 1
        after = self.tokens[place]
        return after.kind == "sign" and after.text in (*_RELATIONS, *_OPERATORS)

    def _arguments(self) -> tuple[Term, ...]:
        if self._sees(")"):
            self._fail("there is nothing between these parentheses", "a term; what has no arguments has no parentheses")
        args = [self._term()]
        while self._take(","):
            args.append(self._term())
        if not self._take(")"):
            self._ends_too_early()
        return tuple(args)

    def _term(self) -> Term:
        """A sum. Terms inside it are built from the inside out on a stack of our own, however deep they are."""
        levels = [_Level(None)]
        while True:
            token = self._here
            if self._take("("):
                levels.append(_Level(None))
                continue
            if token.kind == "name" and self.tokens[self.next + 1].text == "(":
                self.next += 2
                if self._sees(")"):
                    self._arguments()
                levels.append(_Level(token))
                continue
            value = self._leaf()
            while True:  # a value is complete: what does it belong to?
                level = levels[-1]
                level.operand(value)
                if self._sees(*_OPERATORS):
                    level.operator(self._here.text)
                    self.next += 1
                    break
                value = level.value()
                if len(levels) == 1:
                    return value
                level.args.append(value)
                if level.head is not None and self._take(","):
                    break
                if not self._take(")"):
                    if level.head is not None:
                        self._ends_too_early()
                    self._fail("the parenthesis around this term is not closed", "')'")
                if level.head is not None:
                    self._note("function", level.head, len(level.args))
                    value = Function(level.head.text, *level.args)
                levels.pop()

    def _leaf(self) -> Term:
        token = self._here
        negative = self._sees("-") and self.tokens[self.next + 1].kind == "number"
        if token.kind == "number" or negative:
            self.next += 1 + negative
            return Function("-" * negative + self.tokens[self.next - 1].text)
        if token.kind != "name":
            what = "the formula ends too early" if token.kind == "end" else self._surprise()
            self._fail(what, "a formula" if self.next == 0 else "a term or a formula")
        self.next += 1
        if token.text in self.bound:
            return Variable(token.text)
        if token.text in self.closed:
            self._outside(token.text, token.position)
        self.constants.setdefault(token.text, token.position)
        self._note("function", token, 0)
        return Function(token.text)

    def _note(self, kind: str, token: Token, arity: int) -> None:
        problem = self.signature.clash(kind, token.text, arity) or self.own.note(kind, token.text, arity)
        if problem:
            raise ParseError(problem, self.text, token.position, "one kind and number of arguments for each symbol")

    def _outside(self, name: str, position: int) -> NoReturn:
        """Refuse a name that is a variable elsewhere in the formula: a slip, and hardly ever a constant."""
        wanted = f"parentheses around all that the quantifier is about, as in ∀{name} (…), or another name"
        raise ParseError(f"{name} stands outside its quantifier", self.text, position, wanted)

    def _made(self, kind: type[Formula], *parts: object) -> Formula:
        try:
            return kind(*parts)
        except ValueError as error:  # nested too deeply
            raise ParseError(str(error), self.text, self._here.position) from None

    def _call(self) -> None:
        self.calls += 1
        if self.calls > _MOST_CALLS:
            self._fail(f"formulas nested more than {MOST_NESTED} deep", "fewer parentheses, or names for parts")

    @property
    def _here(self) -> Token:
        return self.tokens[self.next]

    @property
    def _strength(self) -> int:
        return _STRENGTH.get(self._here.text, 0) if self._here.kind == "sign" else 0

    def _sees(self, *texts: str) -> bool:
        return self._here.kind in ("sign", "mark") and self._here.text in texts

    def _take(self, text: str) -> bool:
        taken = self._sees(text)
        self.next += taken
        return taken

    def _ends_too_early(self) -> NoReturn:
        what = "the list of arguments ends too early" if self._here.kind == "end" else self._surprise()
        self._fail(what, "',' or ')' after a term")

    def _surprise(self) -> str:
        """What is said about an unexpected word, with the word that may have been meant. It may move back to it."""
        here, before = self._here, self.tokens[max(self.next - 1, 0)]
        if here.kind == "end":
            return "the formula ends too early"
        for token, words in ((here, CONNECTIVE_WORDS), (before, {**QUANTIFIER_WORDS, "not": "¬"})):
            close = difflib.get_close_matches(token.text.lower(), words, n=1)
            if token.kind == "name" and close:
                self.next = self.tokens.index(token)
                return f"unexpected {token.text!r}; did you mean {close[0]} ({words[close[0]]})?"
        return f"unexpected {self.text[here.position : here.end]!r}"

    def _fail(self, what: str, expected: str) -> NoReturn:
        raise ParseError(what, self.text, self._here.position, expected)


class _Level:
    """A term that is being read: a sum, inside a list of arguments, inside parentheses, or on its own."""

    def __init__(self, head: Token | None) -> None:
        self.head = head  # the function whose arguments are read
        self.args: list[Term] = []
        self.total: Term | None = None  # what stands before the last + or -
        self.sign = ""
        self.product: Term | None = None

    def operand(self, value: Term) -> None:
        self.product = value if self.product is None else Function("*", self.product, value)

    def operator(self, sign: str) -> None:
        if sign != "*":
            self.total, self.sign = self._sum(), sign
            self.product = None

    def value(self) -> Term:
        found = self._sum()
        self.total = self.product = None
        return found

    def _sum(self) -> Term:
        assert self.product is not None
        return self.product if self.total is None else Function(self.sign, self.total, self.product)


def _closing(found: list[Token]) -> dict[int, int]:
    """The place of each parenthesis' partner."""
    opened: list[int] = []
    partner: dict[int, int] = {}
    for place, token in enumerate(found):
        if token.kind == "mark" and token.text == "(":
            opened.append(place)
        elif token.kind == "mark" and token.text == ")" and opened:
            partner[opened.pop()] = place
    return partner
