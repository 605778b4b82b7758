"""Formulas are read in every common way of writing them, and a slip is shown where it is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.errors import ParseError
from agentos_lab.logic import (
    And,
    Atom,
    Equal,
    Exists,
    ForAll,
    Function,
    Iff,
    Implies,
    Not,
    Or,
    Signature,
    Variable,
    parse,
)

x, y = Variable("x"), Variable("y")
p, q, r = Atom("p"), Atom("q"), Atom("r")


@pytest.mark.parametrize(
    "text",
    [
        "∀x (Man(x) → Mortal(x))",
        "∀x(Man(x)→Mortal(x))",
        "forall x (Man(x) -> Mortal(x))",
        "forall x: Man(x) -> Mortal(x)",
        "forall x. (Man(x) => Mortal(x))",
        "all x. (Man(x) -> Mortal(x))",
        "(∀x)(Man(x) ⊃ Mortal(x))",
        r"\forall x\,(\mathrm{Man}(x) \rightarrow \mathrm{Mortal}(x))",
        r"\forall x (Man(x) \to Mortal(x))",
        "all x . Man(x) implies Mortal(x)",
    ],
)
def test_a_formula_can_be_written_in_many_ways(text: str) -> None:
    assert parse(text) == ForAll(x, Implies(Atom("Man", (x,)), Atom("Mortal", (x,))))


@pytest.mark.parametrize("text", ["∀x ∀y R(x, y)", "all x y. R(x,y)", "forall x, y: R(x, y)", "∀x y (R(x, y))",
                                  "∀x,y R(x,y)", "(∀x)(∀y) R(x, y)", "(∀x y) R(x, y)"])  # fmt: skip
def test_a_quantifier_binds_several_variables(text: str) -> None:
    assert parse(text) == ForAll(x, ForAll(y, Atom("R", (x, y))))


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("p & q | r", Or((And((p, q)), r))),
        ("p | q & r", Or((p, And((q, r))))),
        ("p & q & r", And((p, q, r))),
        ("(p & q) & r", And((And((p, q)), r))),
        ("p -> q -> r", Implies(p, Implies(q, r))),
        ("p <-> q <-> r", Iff(Iff(p, q), r)),
        ("p -> q <-> r", Iff(Implies(p, q), r)),
        ("p | q -> r", Implies(Or((p, q)), r)),
        ("~p & q", And((Not(p), q))),
        ("not p and q or r", Or((And((Not(p), q)), r))),
        ("∃x P(x) ∧ p", And((Exists(x, Atom("P", (x,))), p))),
        ("∃x. P(x) ∧ p", Exists(x, And((Atom("P", (x,)), p)))),
        ("p ∧ ∃x. P(x) ∧ q", And((p, Exists(x, And((Atom("P", (x,)), q)))))),
        ("~∀x P(x)", Not(ForAll(x, Atom("P", (x,))))),
        ("x = y", Equal(Function("x"), Function("y"))),
        ("∀x x != a", ForAll(x, Not(Equal(x, Function("a"))))),
        ('"all"("3", "it\\"s")', Atom("all", (Function("3"), Function('it"s')))),
    ],
)
def test_tighter_connectives_go_first(text: str, meaning: object) -> None:
    assert parse(text) == meaning


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("a - b - c = 0", "(a - b) - c = 0"),
        ("a + b * c < d", "a + (b * c) < d"),
        ("(a + b) * c >= f(a) - -2", "((a + b)) * c >= (f(a)) - -2"),
        ("((a)) = b", "a = b"),
        ("f((a + b), c * (d - 1)) = 1.5", "f(a + b, c * (d - 1)) = 1.5"),
    ],
)
def test_sums_are_read_as_in_school(text: str, same: str) -> None:
    assert parse(text) == parse(same)
    assert parse(str(parse(text))) == parse(text)


def test_arithmetic_is_a_tree_of_functions() -> None:
    a, b = Function("a"), Function("b")
    assert parse("a - b * 2 <= 3") == Atom("<=", (Function("-", a, Function("*", b, Function("2"))), Function("3")))


@pytest.mark.parametrize(
    ("text", "message", "caret"),
    [
        ("", "there is no formula", ""),
        ("  \n", "there is no formula", ""),
        ("(p & q", r"this '\(' is never closed", "(p"),
        ("p & q)", r"this '\)' closes nothing", ")"),
        ("P(a", "list of arguments ends too early", ""),
        ("P(a))", r"'\)' closes nothing", ")"),
        ("P(a,)", r"unexpected '\)'", ")"),
        ("P()", "nothing between these parentheses", ")"),
        ("f(g()) = a", "nothing between these parentheses", ")"),
        ("p &", "ends too early", ""),
        ("p &\n& q", "line 2, column 1", "& q"),
        ("p q", "unexpected 'q'", "q"),
        ("forrall x P(x)", r"'forrall'; did you mean forall \(∀\)", "forrall"),
        ("Exist x. P(x)", r"did you mean exists \(∃\)", "Exist"),
        ("p adn q", r"did you mean and \(∧\)", "adn"),
        ("p impies q", r"did you mean implies \(→\)", "impies"),
        ("p ==> q", "did you mean -> or →", "==>"),
        ("p <- q", "the other way round", "<-"),
        ("p ^ q", "did you mean & or ∧", "^"),
        ("p == q", "<-> between formulas", "=="),
        (r"\foral x P(x)", r"did you mean \\forall", r"\foral"),
        ("![X]: p(X)", "read_tptp", "["),
        ("∀ (P(a))", "unexpected '\\('.*name of a variable", "("),
        ("∀x, P(x)", "this is no variable.*commas", "P(x)"),
        ("∃!x P(x)", "unexpected '!'.*variable", "!"),
        ("∀x x", "x is a variable here, not a formula", ""),
        ("∀x P(x) → Q(x)", r"x stands outside its quantifier.*∀x \(…\)", "x)"),
        ("Q(x) ∧ ∀x P(x)", "x stands outside its quantifier", "x) ∧"),
        ("P(a) ∧ P(a, b)", "P is a predicate of 2 arguments here, and was a predicate of 1 argument before", "P(a, b"),
        ("a = f(a) ∧ f(a)", "f is a predicate of 1 argument here, and was a function", "f(a)"),
        ('"abc', "this quote is never closed", '"abc'),
        ("p @ q", "unexpected '@'", "@"),
        ("a + b", "half an atom", ""),
        ("a = b = c", "unexpected '='", "= c"),
    ],
)
def test_a_slip_is_shown_where_it_is(text: str, message: str, caret: str) -> None:
    with pytest.raises(ParseError, match=message) as refused:
        parse(text)
    rest = text[refused.value.position :]
    assert rest.startswith(caret) and (caret or not rest.strip())


def test_a_symbol_keeps_its_arguments_across_a_knowledge_base() -> None:
    signature = Signature()
    parse("∀x (Parent(x, y0) → Older(x))", signature)
    with pytest.raises(ParseError, match="Older is a predicate of 2 arguments here") as refused:
        parse("New(a) ∧ Older(a, b)", signature)
    assert refused.value.position == 9
    parse("New(a, b)", signature)  # nothing of the refused formula is remembered
    with pytest.raises(ValueError, match="y0 is a function of 1 argument here, and was a constant before"):
        signature.add(Atom("Older", (Function("y0", x),)))


def test_only_text_and_formulas_are_formulas() -> None:
    assert parse(p) is p
    with pytest.raises(ValueError, match="expected a formula as text, got int"):
        parse(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000 + "p" + ")" * 2000,
        "~" * 2000 + "p",
        "p -> " * 2000 + "p",
        "p <-> " * 2000 + "p",
        "".join(f"∀x{number} (P(x{number}) ∧ " for number in range(500)) + "p" + ")" * 500,
        "".join(f"∃x{number}. " for number in range(2000)) + "p",
        "(p & (" * 1000 + "p",
    ],
)
def test_formulas_that_are_too_deep_are_refused(text: str) -> None:
    with pytest.raises(ParseError, match="nested more than 200 deep"):
        parse(text)


def test_long_formulas_and_deep_terms_are_read() -> None:
    assert len(parse(" | ".join(f"~p{number}" for number in range(10_000))).parts) == 10_000
    deep = parse("P(" + "s(" * 2000 + "o" + ")" * 2001)
    assert deep.args[0].size == 2001 and parse(str(deep)) == deep
    summed = parse("0 < " + " + ".join(map(str, range(2000))) + " * (2 - x" * 500 + ")" * 500)
    assert parse(str(summed)) == summed


def test_fairly_deep_formulas_are_read_printed_and_compared() -> None:
    text = "(p & (q | " * 60 + "r" + "))" * 60
    formula = parse(text)
    assert formula.depth == 121 and parse(str(formula)) == formula and hash(parse(text)) == hash(formula)


WORDS = [
    "∀", "∃", "x", "y", "P", "Q", "f", "(", ")", "(", ")", ",", ".", ":", "=", "!=", "&", "|", "->", "<->", "~",
    "+", "-", "*", "<", "3", "'q'", '"z"', "\\land", "\\foo", "all", "exist", "true", "[", "x'", "1.5", "_",
    "@", "(∀x)",
]  # fmt: skip


@settings(max_examples=200)
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from(["", " "]))
def test_any_text_is_read_or_refused_with_its_place(words: list[str], gap: str) -> None:
    text = gap.join(words)
    try:
        formula = parse(text)
    except ParseError as error:
        assert 0 <= error.position <= len(text) and "^" in str(error)
    else:
        assert parse(str(formula)) == formula
