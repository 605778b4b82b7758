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

from agentos_lab.errors import ParseError

from .formulas import FALSE, MOST_NESTED, TRUE, And, Atom, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or
from .signature import Signature
from .term_parser import OPERATORS, TermReader
from .terms import Variable

__all__ = ["parse"]
_RELATIONS = ("=", "≠", "<", "<=", ">", ">=")
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


class _Reader(TermReader):
    """A reader by recursive descent: one method for each rule of the grammar."""

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
        return after.kind == "sign" and after.text in (*_RELATIONS, *OPERATORS)

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
    def _strength(self) -> int:
        return _STRENGTH.get(self._here.text, 0) if self._here.kind == "sign" else 0
