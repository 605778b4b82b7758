"""TPTP's syntax: read fully, refused with the place where it is wrong, and written so that it can be read again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.errors import ParseError
from agentos_lab.logic import (
    FALSE,
    TRUE,
    Atom,
    Equal,
    Function,
    Not,
    Problem,
    Variable,
    find_countermodel,
    parse,
    read_tptp,
    subterms,
    to_cnf,
    truth_table,
    write_tptp,
)
from agentos_lab.logic.formulas import atoms


def formula(text: str, language: str = "fof"):
    """The only formula of a text."""
    (only,) = read_tptp(f"{language}(name, axiom, {text}).").premises.values()
    return only


# --- what is read
@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("p => q", "p -> q"),
        ("p <= q", "q -> p"),
        ("p <=> q", "p <-> q"),
        ("p <~> q", "~(p <-> q)"),
        ("p ~| q", "~(p | q)"),
        ("p ~& q", "~(p & q)"),
        ("p & q & ~ ~ r", "p & q & ~~r"),
        ("(p | q) & r", "(p | q) & r"),
        ("((p))", "p"),
        ("$true | $false", "true | false"),
        ("! [X,Y] : ? [Z] : r(X,Y,Z)", "forall X Y. exists Z. r(X, Y, Z)"),
        ("![X]:p(X)&q", "(forall X. p(X)) & q"),
        ("~ ! [X] : ~ p(X)", "~forall X. ~p(X)"),
        ("! [X] : f(X) = X", "forall X. f(X) = X"),
        ("a != b | ~ a = b", "a != b | ~(a = b)"),
        ("'lower' = lower", "lower = lower"),
        ("'Has space'('It\\'s \\\\')", '"Has space"("It\'s \\\\")'),
        ("$distinct(a,b,c)", "a != b & a != c & b != c"),
        ("[p, q] --> [r, s]", "p & q -> r | s"),
        ("[] --> []", "true -> false"),
        ("p /* a\n comment */ % another\n & q", "p & q"),
    ],
)
def test_every_connective_means_what_the_grammar_says(text: str, meaning: str) -> None:
    assert formula(text) == parse(meaning)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("p(X) | ~ q(Y,a) | X != Y", "forall X Y. (p(X) | ~q(Y, a) | X != Y)"),
        ("( ~ p(a) )", "~p(a)"),
        ("p | (q | ~ (r))", "p | (q | ~r)"),
        ("$false", "false"),
    ],
)
def test_a_clause_holds_for_all_values_of_its_variables(text: str, meaning: str) -> None:
    assert formula(text, "cnf") == parse(meaning)


def test_sources_useful_information_and_types_of_roles_are_passed_over() -> None:
    problem = read_tptp("""
        fof(a, axiom-local(x), p, unknown).
        fof('b c', definition, q, inference(magic, [status(thm), assumptions([a])],
                                            [theory(equality), a:[bind(X,$fot(f(a)))]])).
        cnf(12, plain, r, file('x.p', a), [simple, Variable, 12.2, "object", $fof( p & ~ q ), key(v):[1,2]]).
        fof(t, type, s: $i).
        # a remark of E
        fof(g, conjecture, (p & q)).
        fof(h, conjecture, r).
        fof(a, lemma, s).
    """)  # fmt: skip
    assert list(problem.premises) == ["a", "b c", "12", "a_2"]
    assert problem.goal == parse("(p & q) & r")


def test_without_a_conjecture_the_question_is_whether_the_premises_contradict_each_other() -> None:
    problem = read_tptp("cnf(a, axiom, p). cnf(b, negated_conjecture, ~ p).")
    assert problem.goal is None and list(problem.premises.values()) == [parse("p"), parse("~p")]
    assert read_tptp("% nothing\n").premises == {}


def test_the_header_names_the_problem_its_status_and_its_source() -> None:
    header = "% File     : PUZ999+1 : TPTP v8.2.0.\n% Status   : Theorem\n% Rating : 0.1\n% Source   : [Us] a book\n"
    problem = read_tptp(header + "fof(a, conjecture, p | ~ p).")
    assert (problem.name, problem.status, problem.source, problem.provable) == (
        "PUZ999+1",
        "Theorem",
        "[Us] a book",
        True,
    )


# --- names
def symbols(text: str) -> list[str]:
    """Predicates, functions and constants in the order of their places, each as often as it occurs."""
    found: list[str] = []
    for premise in read_tptp(text).premises.values():
        for atom in atoms(premise):
            found += [atom.predicate] if isinstance(atom, Atom) else []
            terms = (atom.left, atom.right) if isinstance(atom, Equal) else atom.args
            found += [part.name for term in terms for _, part in subterms(term) if isinstance(part, Function)]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "fof(a, axiom, p(f(c), f(c,c))).",  # a function of one and of two arguments
        "fof(a, axiom, p(p)). fof(b, axiom, p).",  # a predicate, a constant and a proposition
        "fof(a, axiom, p(f,f_2(c),f(c,c))).",  # the new name is taken, too
        "fof(a, axiom, p('3', 3, \"3\")).",  # a symbol, a number and an object
        "fof(a, axiom, p('-1/2', -1/2, -1.5, number_1)). fof(b, axiom, q(1)).",
        "fof(a, axiom, ! [X] : p(X, 'X')).",  # a constant with the name of a variable
    ],
)
def test_symbols_that_differ_in_tptp_differ_here(text: str) -> None:
    """One name has one meaning, as a signature wants it, and what is printed can be read."""
    from agentos_lab.logic import Signature

    signature = Signature()
    for premise in read_tptp(text).premises.values():
        signature.add(premise)
        assert parse(str(premise)) == premise


def test_the_same_symbol_is_the_same_everywhere() -> None:
    assert symbols("fof(a,axiom,p(f(c))). cnf(b,axiom,q(f(c,c)) | r). fof(c,axiom,f(c,c) = 'f'('c','c')).") == (
        ["p", "f", "c", "q", "f_2", "c", "c", "r", "f_2", "c", "c", "f_2", "c", "c"]
    )


def test_symbols_never_turn_into_numbers_or_sums() -> None:
    found = symbols("fof(a, axiom, '3'('+'(a, a)) & '<'(a, a) & p('\"x\"')).")
    assert not {"3", "+", "<", '"x"'} & set(found) and len(set(found)) == 6


def test_distinct_objects_and_numbers_differ() -> None:
    problem = read_tptp('fof(a, axiom, p("Apple") & q("Pear")). fof(b, axiom, r(12, +12, 0.5, 5.0E-1, 1/2, 2/4)).')
    different = problem.premises["distinct_objects"]
    texts = {str(part) for part in different.parts}
    assert {"Apple ≠ Pear", "Apple ≠ number_12", "Pear ≠ number_0_5"} <= texts
    # 12 and +12 are one number, so are 0.5 and 5.0E-1, and 1/2 and 2/4; nothing is said about numbers of two kinds
    assert len(texts) == 1 + 2 * 3
    one = [term.name for term in problem.premises["b"].args]
    assert one[0] == one[1] and one[2] == one[3] and one[4] == one[5]


def test_numbers_are_numbers_where_something_is_counted() -> None:
    problem = read_tptp(
        "fof(a, axiom, ! [X] : ($less(X, $sum(X, 1)) & $greatereq($product(2, X), $difference(X, -3))))."
    )
    assert problem.premises["a"] == parse("forall X. (X < X + 1 & 2 * X >= X - -3)")
    assert read_tptp(write_tptp(problem)) == problem


# --- includes
AXIOMS = "% Status : Unknown\nfof(one, axiom, p).\nfof(two, axiom, q).\nfof(three, axiom, ! [X] : r(X)).\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder as TPTP's: Axioms beside Problems."""
    (tmp_path / "Axioms").mkdir()
    (tmp_path / "Problems" / "PUZ").mkdir(parents=True)
    (tmp_path / "Axioms" / "PUZ.ax").write_text(AXIOMS)
    return tmp_path


def test_included_formulas_stand_where_they_are_included(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = "fof(zero, axiom, s). include('Axioms/PUZ.ax'). fof(g, conjecture, p)."
    path = library / "Problems" / "PUZ" / "PUZ900+1.p"
    path.write_text(text)
    found = read_tptp(path)
    assert list(found.premises) == ["zero", "one", "two", "three"] and found.name == "PUZ900+1"
    assert read_tptp(str(path)) == found  # found in a folder above the file
    assert read_tptp(text, include=library).premises == found.premises
    with pytest.raises(ParseError, match=r"'Axioms/PUZ\.ax' is not there"):
        read_tptp(text)
    monkeypatch.setenv("TPTP", str(library))
    assert read_tptp(text).premises == found.premises


def test_some_formulas_can_be_included(library: Path) -> None:
    assert list(read_tptp("include('Axioms/PUZ.ax', [two, one]).", include=library).premises) == ["one", "two"]
    assert list(read_tptp("include('Axioms/PUZ.ax', all).", include=library).premises) == ["one", "two", "three"]
    with pytest.raises(ParseError, match=r"no formula named four"):
        read_tptp("include('Axioms/PUZ.ax', [one, four]).", include=library)


def test_files_that_include_each_other_are_refused(library: Path) -> None:
    (library / "a.ax").write_text("include('b.ax').")
    (library / "b.ax").write_text("fof(x, axiom, p).\ninclude('a.ax').")
    with pytest.raises(ParseError, match=r"b\.ax: .*a\.ax includes itself at line 2") as refused:
        read_tptp("include('a.ax').", include=library)
    assert "include('a.ax')." in str(refused.value)


def test_a_mistake_in_an_included_file_is_shown_there(library: Path) -> None:
    (library / "bad.ax").write_text("fof(x, axiom, p).\nfof(y, axiom, p &).\n")
    with pytest.raises(ParseError, match=r"bad\.ax: unexpected '\)' at line 2, column 18"):
        read_tptp("include('bad.ax').", include=library)


def test_a_missing_file_is_told_from_a_text(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"no file .*nothing\.p.*expected a path"):
        read_tptp(tmp_path / "nothing.p")
    with pytest.raises(FileNotFoundError, match=r"nothing\.p"):
        read_tptp("nothing.p")


# --- what is refused
@pytest.mark.parametrize(
    ("text", "message", "caret"),
    [
        ("fof(a, axiom, p(X)).", "the variable X is free", "X"),
        ("tff(a, type, p: $o).", "tff is not supported.*fof", "tff"),
        ("thf(a, axiom, p @ q).", "thf is not supported", "thf"),
        ("tcf(a, axiom, p).", "tcf is not supported", "tcf"),
        ("fog(a, axiom, p).", "did you mean fof", "fog"),
        ("fof(a, axom, p).", "unknown role 'axom'; did you mean axiom", "axom"),
        ("fof(a, axiom, (p & q).", "unexpected '.'.*expected '\\)'", ".", ),
        ("fof(a, axiom, p)) .", "unexpected '\\)'", ") ."),
        ("fof(a, axiom, (p", "this '\\(' is never closed", "(p"),
        ("fof(a, axiom, p)", "unexpected end of the text", ""),
        ("fof(a, axiom, p & q | r).", r"\| after & has no clear meaning", "| r"),
        ("fof(a, axiom, p => q => r).", "=> after => has no clear meaning", "=> r"),
        ("fof(a, axiom, ! [x] : p(x)).", "unexpected 'x'.*capital letter", "x]"),
        ("fof(a, axiom, ! [X: $i] : p(X)).", "belongs to TFF", ": $i"),
        ("fof(a, axiom, p @ q).", "'@' is not supported", "@"),
        ("fof(a, axiom, ^ [X] : p).", "'\\^' is not supported", "^"),
        ("fof(a, axiom, $ite(p, q, r)).", r"\$ite is not supported", "$ite"),
        ("fof(a, axiom, p(q & r)).", "unexpected '&'.*',' or '\\)'", "& r"),
        ("fof(a, axiom, 3).", "a number is no formula", "3"),
        ("fof(a, axiom, ! [X] : X).", "a variable is no formula", "X)"),
        ("fof(a, axiom, p = 'q).", "this quote is never closed", "'q"),
        ("fof(a, axiom, p). /* more", "this comment is never closed", "/*"),
        ("fof(a, axiom, p(1/0)).", "1/0 is no number", "1/0"),
        ("fof(a, axiom, p(1E99999)).", "1E99999 is no number", "1E9"),
        ("cnf(a, axiom, p & q).", r"joins literals by \| alone", "& q"),
        ("cnf(a, axiom, ~ (p | q)).", "a clause negates atoms only", "~"),
        ("cnf(a, axiom, ! [X] : p(X)).", r"joins literals by \| alone", "!"),
        ("include(axioms).", "needs the name of a file", "axioms"),
        ("fof(a, axiom, p, file('x', [y).", "unexpected", None),
    ],
)  # fmt: skip
def test_a_mistake_is_shown_at_its_place(text: str, message: str, caret: str | None) -> None:
    with pytest.raises(ParseError, match=message) as refused:
        read_tptp(text)
    if caret is not None:
        assert text[refused.value.position :].startswith(caret)


def test_deep_terms_are_read_and_deeper_formulas_refused() -> None:
    deep = "f(" * 3000 + "a" + ")" * 3000
    (premise,) = read_tptp(f"cnf(a, axiom, p({deep})).").premises.values()
    assert premise.args[0].size == 3001 and str(premise).count("f(") == 3000
    with pytest.raises(ParseError, match="nested more than 180 deep"):
        read_tptp("fof(a, axiom, " + "(" * 2000 + "p" + ")" * 2000 + ").")
    wide = " & ".join(f"p{number}" for number in range(10_000))
    assert len(read_tptp(f"fof(a, axiom, {wide}).").premises["a"].parts) == 10_000


# --- what is written
def test_a_problem_is_written_and_read_back(tmp_path: Path) -> None:
    premises = {"all men": parse("∀x (Man(x) → ∃y (Mother(y, x) ∧ y ≠ x))"), "goal": parse("Man(Socrates)")}
    problem = Problem("greeks", premises, parse("∃y Mother(y, Socrates)"), "Theorem", source="a\nbook")
    text = write_tptp(problem, tmp_path / "greeks.p")
    assert (tmp_path / "greeks.p").read_text("utf-8") == text
    back = read_tptp(tmp_path / "greeks.p")
    assert list(back.premises) == list(premises) and (back.name, back.status, back.source) == (
        "greeks",
        "Theorem",
        "a book",
    )
    assert str(back.goal) == "∃Y Mother(Y, Socrates)"
    assert write_tptp(back) == text
    assert "![X]: ('Man'(X) => ?[Y]: ('Mother'(Y, X) & Y != X))" in text


def test_variables_get_capital_letters_and_stay_apart() -> None:
    text = parse("∀x ∀X ∀x' ∀λ R(x, X, x', λ)").tptp()
    assert text == "![X_2, X, X_prime, Λ]: 'R'(X_2, X, X_prime, Λ)".replace("Λ", "V_")
    assert to_cnf(formula(text)).clauses[0].free == {Variable(name) for name in ("X", "X_2", "X_prime", "V_")}


def test_a_strange_name_survives() -> None:
    strange = Atom("It's \\ odd", (Function("Ünïcode"), Function("3 + 4"), Function("all")))
    assert formula(strange.tptp()) == strange


def test_truth_values_survive() -> None:
    assert formula(TRUE.tptp()) == TRUE and formula(FALSE.tptp()) == FALSE
    assert formula(Not(Not(Equal(Function("a"), Function("b")))).tptp()) == parse("~(a != b)")


# --- meaning, judged by others
@pytest.mark.parametrize("connective", ["=>", "<=", "<=>", "<~>", "~|", "~&"])
def test_connectives_have_their_truth_tables(connective: str) -> None:
    meaning = {
        "=>": lambda p, q: not p or q, "<=": lambda p, q: p or not q, "<=>": lambda p, q: p == q,
        "<~>": lambda p, q: p != q, "~|": lambda p, q: not (p or q), "~&": lambda p, q: not (p and q),
    }[connective]  # fmt: skip
    for p in (False, True):
        for q in (False, True):
            case = f"({'' if p else '~ '}p & {'' if q else '~ '}q) => (p {connective} q)"
            assert truth_table(formula(case)).valid == meaning(p, q)


def test_a_problem_that_needs_distinctness_has_no_countermodel_of_one_element() -> None:
    problem = read_tptp('fof(a, axiom, likes(x, "Apple")). fof(g, conjecture, likes(x, "Pear")).')
    assert find_countermodel(list(problem.premises.values()), problem.goal).size == 2


WORDS = [
    "!", "?", "[", "]", "X", "Y", ":", "p", "q", "f", "(", ")", "(", ")", ",", ".", "=", "!=", "&", "|", "=>",
    "<=>", "~", "<~>", "~|", "3", "'q", "r'", '"z"', "$true", "$foo", "$less", "$sum", "fof(", "cnf(", "a",
    "axiom", "conjecture", "include(", ").", "%", "/*", "*/", "-->", "1/0", "1e9", "-",
]  # fmt: skip


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(WORDS), max_size=14),
    st.sampled_from(["", " "]),
    st.sampled_from(["", "fof(a,axiom,", "cnf(a,axiom,", "fof(a,axiom,p,"]),
    st.sampled_from(["", ")."]),
)
def test_any_text_is_read_or_refused_with_its_place(words: list[str], gap: str, begin: str, end: str) -> None:
    text = begin + gap.join(words) + end + "\n"
    try:
        problem = read_tptp(text)
    except ParseError as error:
        assert 0 <= error.position <= len(text) and "^" in str(error)
    else:
        assert all(parse(str(premise)) == premise for premise in problem.premises.values())
