"""What is printed can be read back: as Unicode, ASCII, LaTeX and TPTP."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_formulas import FORMULAS, PROPOSITIONS

from agentos_lab.logic import (
    Atom,
    Equal,
    Exists,
    ForAll,
    Formula,
    Function,
    Iff,
    Implies,
    Not,
    Variable,
    parse,
    read_tptp,
)
from agentos_lab.logic.formula_text import tptp_name
from agentos_lab.logic.formulas import rebuilt, subformulas

ASCII = {
    "∀": " forall ", "∃": " exists ", "¬": "~", "∧": "&", "∨": "|", "→": "->", "↔": "<->", "≠": "!=", "⊤": "true",
    "⊥": "false",
}  # fmt: skip


def in_ascii(formula: Formula) -> str:
    text = str(formula)
    for sign, word in ASCII.items():
        text = text.replace(sign, word)
    return text


@given(FORMULAS)
def test_every_text_is_read_back_as_the_formula(formula: Formula) -> None:
    assert parse(str(formula)) == formula
    assert parse(in_ascii(formula)) == formula and in_ascii(formula).isascii()
    assert parse(formula.latex()) == formula


@settings(max_examples=60)
@given(FORMULAS)
def test_tptp_is_read_back_with_capital_variables(formula: Formula) -> None:
    (back,) = read_tptp(f"fof(a, axiom, {formula.tptp()}).").premises.values()
    assert back == renamed(formula)


def renamed(formula: Formula) -> Formula:
    """x and y as X and Y, by the letters of the text."""
    return parse(str(formula).replace("x", "X").replace("y", "Y"))


@given(PROPOSITIONS)
def test_propositions_are_read_back_everywhere(formula: Formula) -> None:
    assert parse(str(formula)) == parse(formula.latex()) == formula
    assert read_tptp(f"fof(a, axiom, {formula.tptp()}).").premises["a"] == formula


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)


@given(NAMES)
def test_any_name_survives(name: str) -> None:
    for formula in (
        Atom(name),
        Atom(name, (Function("c0"),)),
        Atom("P0", (Function(name),)),
        Atom("P0", (Function(name, Function("c0")),)),
    ):
        assert parse(str(formula)) == formula
    assert list(read_tptp(f"fof({tptp_name(name)}, axiom, {tptp_name(name)}).").premises) == [name]


SUMS = st.recursive(
    st.sampled_from([Function("a"), Function("3"), Function("-2"), Function("1.5")]),
    lambda inside: st.builds(Function, st.sampled_from(["+", "-", "*", "g"]), inside, inside),
    max_leaves=6,
)


@given(SUMS, SUMS, st.sampled_from(["<", "<=", ">", ">="]))
def test_sums_are_read_back(left, right, relation: str) -> None:
    for formula in (Atom(relation, (left, right)), Not(Equal(left, right)), Not(Atom(relation, (left, right)))):
        assert parse(str(formula)) == formula == parse(formula.latex())


@pytest.mark.parametrize(
    ("text", "latex", "tptp"),
    [
        ("∀x (Man(x) → Mortal(x))", r"\forall x\,(\mathrm{Man}(x) \rightarrow \mathrm{Mortal}(x))",
         "![X]: ('Man'(X) => 'Mortal'(X))"),
        ("∀x ∀y R(x, y)", r"\forall x \forall y\,R(x, y)", "![X, Y]: 'R'(X, Y)"),
        ("∀x ∃y ¬p", r"\forall x \exists y\,(\lnot p)", "![X]: ?[Y]: ~ p"),
        ("a ≠ b ∧ ¬(p ∨ q)", r"a \neq b \land \lnot (p \lor q)", "a != b & ~ (p | q)"),
        ("p ∨ q → r", r"p \lor q \rightarrow r", "(p | q) => r"),
        ("x_1 + 2 * y12 ≤ f(a)", r"\mathrm{x\_1} + 2 \cdot y_{12} \leq f(a)",
         "$lesseq($sum(x_1, $product(2, y12)), f(a))"),
        ("⊤ ↔ ¬¬⊥", r"\top \leftrightarrow \lnot \lnot \bot", "$true <=> ~ ~ $false"),
    ],
)  # fmt: skip
def test_examples(text: str, latex: str, tptp: str) -> None:
    formula = parse(text)
    assert str(formula) == text.replace("≤", "<=") and formula.latex() == latex and formula.tptp() == tptp
    assert formula._repr_latex_() == f"${latex}$"


def test_parentheses_stand_only_where_they_are_needed() -> None:
    p, q, r = Atom("p"), Atom("q"), Atom("r")
    assert str(Implies(Implies(p, q), r)) == "(p → q) → r"
    assert str(Iff(Not(p), Implies(q, r))) == "¬p ↔ q → r"
    assert str(Not(ForAll(Variable("x"), p))) == "¬∀x p"
    assert str(Exists(Variable("x"), Equal(Variable("x"), Function("a")))) == "∃x (x = a)"


@given(FORMULAS)
def test_positions_lead_to_subformulas_and_parts_rebuild_the_whole(formula: Formula) -> None:
    from agentos_lab.logic.formulas import children
    from agentos_lab.logic.rewriting import part_at, replaced_at

    for path, part in subformulas(formula):
        assert part_at(formula, path) is part
        assert replaced_at(formula, path, part) == formula
        assert rebuilt(part, children(part)) == part
        assert part.depth == 1 + max((inner.depth for inner in children(part)), default=0)
