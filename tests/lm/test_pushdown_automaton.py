import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.pattern_parser import parse
from agentos_lab.lm.pushdown_automaton import PushdownAutomaton
from agentos_lab.lm.regular_expression import Alternation, Call, Concatenation, Repetition, literal

# Brackets around brackets: S -> "x" | "(" S* ")" | "[" S "," S "]"
S = Call("S")
NESTED = {
    "S": Alternation(
        (
            literal("x"),
            Concatenation((literal("("), Repetition(S), literal(")"))),
            Concatenation((literal("["), S, literal(","), S, literal("]"))),
        )
    )
}
nested_texts = st.recursive(
    st.just("x"),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda parts: f"({''.join(parts)})")
        | st.tuples(inner, inner).map(lambda pair: f"[{pair[0]},{pair[1]}]")
    ),
    max_leaves=12,
)


def is_nested(text: str) -> bool:
    """An oracle that rewrites instead of reading: innermost brackets become x until nothing changes."""
    while (shorter := text.replace("[x,x]", "x")) != text or (shorter := shrink(text)) != text:
        text = shorter
    return text == "x"


def shrink(text: str) -> str:
    for count in range(text.count("x") + 1):
        text = text.replace(f"({'x' * count})", "x")
    return text


@given(nested_texts)
def test_nested_brackets_are_accepted_however_deep(text):
    automaton = PushdownAutomaton.from_rules(NESTED)
    assert is_nested(text) and automaton.accepts(text.encode())
    assert automaton.accepts(b"(" * 60 + text.encode() + b")" * 60)
    assert not automaton.accepts(b"(" * 60 + text.encode() + b")" * 59)


@given(nested_texts, st.integers(0, 30), st.sampled_from(["", *"x()[],"]))
def test_a_changed_character_is_noticed_as_the_rewriting_oracle_says(text, place, character):
    changed = text[:place] + character + text[place + 1 :]
    assert PushdownAutomaton.from_rules(NESTED).accepts(changed.encode()) == is_nested(changed)


def test_two_readings_are_followed_side_by_side():
    # A number may end after any digit, and what follows may begin with one.
    rules = {"text": Concatenation((literal("<"), Call("n"), Call("n"), literal(">"))), "n": parse(r"\d+")}
    automaton = PushdownAutomaton.from_rules(rules)
    assert automaton.accepts(b"<12>") and automaton.accepts(b"<123>") and not automaton.accepts(b"<1>")
    assert len(automaton.read([automaton.start], b"<12")) == 2


def test_a_dead_text_has_no_configuration_left():
    automaton = PushdownAutomaton.from_rules(NESTED)
    assert automaton.read([automaton.start], b"(]") == set()
    assert set(automaton.settle(())) == {()}


@pytest.mark.parametrize(
    ("rules", "part"),
    [
        ({"a": Concatenation((literal("x"), Call("b")))}, "calls 'b', which is none of"),
        ({"a": Alternation((Call("a"), literal("x")))}, "calls 'a' before it reads"),
        ({"a": Concatenation((literal("x"), Call("b"))), "b": parse("y*")}, "'b' may be empty"),
    ],
)
def test_rules_that_could_call_each_other_without_end_are_refused(rules, part):
    with pytest.raises(ValueError, match=part):
        PushdownAutomaton.from_rules(rules)


def test_it_says_of_which_kind_it_is():
    assert str(PushdownAutomaton.from_rules({"text": parse("ab")})) == "finite automaton with 3 states"
    assert "pushdown automaton" in str(PushdownAutomaton.from_rules(NESTED))
