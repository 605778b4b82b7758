"""UnificationStepper in Python: terms from texts, moments and marks, trees, words, refusals, the static picture."""

from __future__ import annotations

import json
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.errors import ParseError
from agentos_lab.logic import Function, Term, Variable, parse, substitute, subterms, unify
from agentos_lab.logic.unification import resolved
from widgets.unification import EXAMPLES, UnificationStepper
from widgets.unification_layout import window
from widgets.unification_state import at, moments_of
from widgets.unification_terms import agreed_parts, read_term, term_tree

SVG = "{http://www.w3.org/2000/svg}"
x, y, a = Variable("x"), Variable("y"), Function("a")
TERMS = st.recursive(
    st.sampled_from([x, y, Variable("z"), a, Function("b")]),
    lambda inside: st.builds(Function, st.just("h"), inside) | st.builds(Function, st.just("f"), inside, inside),
    max_leaves=6,
)


def family(n: int) -> tuple[str, str]:
    names = ", ".join(f"x{i}" for i in range(1, n + 1))
    return f"g({names})", f"g({', '.join(f'f(x{i}, x{i})' for i in range(n))})"


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def labels(sketch: dict) -> list[str]:
    return [place[2] for word, place, _ in sketch["marks"] if word == "text"]


# --- terms -------------------------------------------------------------------------------------------------------


@given(TERMS)
def test_a_printed_term_is_read_back(term):
    assert read_term(str(term)) is term


def test_names_from_u_to_z_are_variables():
    assert read_term("x1") is Variable("x1") and read_term("w'") is Variable("w'")
    assert read_term("a") is a and read_term("x(xs)") is Function("x", Function("xs"))
    assert read_term("f(f(x))").args[0].args[0] is x and read_term("x + 1").name == "+"
    assert read_term("f(" * 3000 + "y" + ")" * 3000).variables == {y}


@pytest.mark.parametrize(
    ("text", "place"), [("f(x", 3), ("f(x,, y)", 4), ("", 0), ("P(x) ∧ Q(x)", 0), ("f(x))", 4), ("∀x P(x)", 0)]
)
def test_what_is_no_term_is_refused_with_its_place(text, place):
    with pytest.raises(ParseError) as caught:
        read_term(text)
    assert caught.value.position == place and caught.value.text == text and "'='" not in caught.value.message


# --- moments -----------------------------------------------------------------------------------------------------


@given(TERMS, TERMS)
def test_an_equation_stands_at_one_place_of_both_terms(left, right):
    result = unify(left, right)
    moments = moments_of(result)
    assert len(moments) == 1 + len(result.steps) + bool(result)
    for before, moment in pairwise(moments):
        bindings = dict(before.now.bindings)
        sides = {at(resolved(whole, bindings), moment.path) for whole in (left, right)}
        assert sides == set(moment.equation)
        if moment.new is not None:
            assert moment.now.bindings[moment.new] is moment.equation[1]


@given(TERMS, TERMS)
def test_the_last_moment_says_how_it_ends(left, right):
    view = UnificationStepper(left, right, step=999)
    last, result = view.state["frames"][-1], unify(left, right)
    assert (last["look"] == "good") == bool(result) and last["sign"] == ("=" if result else "≠")
    if result:
        assert substitute(left, result.unifier) is substitute(right, result.unifier)
        assert labels(last["left"]) == labels(last["right"])
        fills = [look["fill"] for word, _, look in last["left"]["marks"] if word == "rect"]
        assert set(fills) == {"green:0.26"}
    else:
        marked = [look for word, _, look in last["left"]["marks"] if word == "rect"]
        assert any(look["stroke"] == "vermilion" for look in marked)
        assert ("clash" in view.sentence) == ("clash" in result.reason)


# --- trees -------------------------------------------------------------------------------------------------------


@given(TERMS, TERMS)
def test_what_agrees_is_the_same_at_the_same_place(left, right):
    found = agreed_parts(left, right, shared=False)
    agreed = {path for path, _ in subterms(left) if any(path[: len(top)] == top for top in found)}
    wanted = set()
    for path, _ in subterms(left):
        one, other = left, right
        heads = True
        for place in path:
            heads = heads and (one.name, len(one.args)) == (other.name, len(other.args))
            if not heads:
                break
            one, other = one.args[place], other.args[place]
        if heads and one is other:
            wanted.add(path)
    assert agreed == wanted


@given(TERMS)
def test_a_tree_has_a_node_for_each_symbol_or_for_each_part(term):
    tree = term_tree(term, {}, set(), shared=False)
    graph = term_tree(term, {}, set(), shared=True)
    assert len(labels(tree)) == term.size
    assert len(labels(graph)) == len({part for _, part in subterms(term)})


def test_the_exponential_family_is_drawn_with_its_parts_once():
    view = UnificationStepper(*family(16), step=99)
    assert view.result and "262,125 symbols" in view.sentence
    assert len(labels(view.state["frames"][-1]["left"])) <= 9 and len(json.dumps(view.state)) < 400_000
    few = UnificationStepper(*EXAMPLES["shared parts"], step=99)
    assert labels(few.state["frames"][-1]["left"]) == ["g", "f", "x0", "f", "f", "f"]


def test_of_many_arguments_those_that_a_step_is_about_are_drawn():
    xs, ys = (", ".join(f"{letter}{i}" for i in range(30)) for letter in "xy")
    frames = UnificationStepper(f"h({xs})", f"h({ys})").state["frames"]
    assert labels(frames[0]["left"]) == ["h", *(f"x{i}" for i in range(7)), "…", "x29"]
    assert labels(frames[17]["left"])[8:] == ["…", "y15", "…", "x29"]


# --- the view ----------------------------------------------------------------------------------------------------


def test_clash_and_occurs_failure_are_told_and_marked():
    view = UnificationStepper(*EXAMPLES["clash"], step=99)
    assert view.sentence == "Step 4 of 4: clash. a is not b, and no binding changes that: there is no unifier."
    view.left, view.right = EXAMPLES["occurs failure"]
    assert "y would have to hold itself in f(y)" in view.sentence
    looks = [look for word, _, look in view.state["frames"][-1]["left"]["marks"] if word == "rect"]
    assert [look.get("dash") for look in looks if look["stroke"] == "vermilion"] == ["4 3", None]
    view.left, view.right = "f(x, y)", "f(x)"
    assert "f with 2 arguments is not f with 1 argument" in view.sentence


def test_bindings_grow_and_the_newest_is_marked():
    view = UnificationStepper()
    grown = [frame["bindings"] for frame in view.state["frames"]]
    assert [len(bindings) for bindings in grown] == [0, 0, 1, 1, 1, 2, 3, 3]
    assert grown[5] == [["x", "g(z)", False], ["z", "a", True]] and grown[7][0] == ["x", "g(a)", False]
    assert view.state["frames"][2]["waiting"] == ["f(g(z)) ≟ f(g(a))", "y ≟ z"]


def test_terms_given_as_objects_are_taken_as_they_are():
    person, x_the_constant = Variable("person"), Function("x")
    view = UnificationStepper(Function("f", person), Function("f", x_the_constant), step=99)
    assert view.result.unifier == {person: x_the_constant}
    assert UnificationStepper(parse("Loves(a, b)"), "Loves(x, y)").result.unifier[x] is a


def test_a_text_that_is_no_term_keeps_the_last_ones_and_shows_the_place():
    with pytest.raises(ParseError):
        UnificationStepper("f(x", "a")
    view = UnificationStepper("f(x)", "f(a)")
    view.right = "f(a"
    assert view.state["problem"]["caret"] == 3
    assert view.sentence.startswith("The right one is not a term yet: the term ends too early")
    assert "^" in texts(view.svg()) and len(view.state["frames"]) == 4
    view.left = " "
    assert view.sentence.startswith("The left one is not a term yet: there is no term")
    view.left = "f(x, $)"
    assert view.state["problem"]["expected"] == "Expected: a term such as f(x, a)."
    view.left = "a = b"
    assert view.sentence.startswith("The left one is not a term yet: this is a formula, not a term")
    view.left, view.right = "f(x)", "f(b)"
    assert view.state["problem"] is None and repr(view) == f"UnificationStepper: {view.sentence}"


def test_too_many_steps_say_so():
    many = ", ".join(f"x{i}" for i in range(150))
    view = UnificationStepper(f"f({many})", f"f({many.replace('x', 'y')})")
    assert view.state["status"] == "too-large" and "151 steps" in view.sentence and view.svg()


@given(st.integers(1, 60), st.data())
def test_the_step_that_is_shown_is_in_sight(count, data):
    step = data.draw(st.integers(0, count - 1))
    first, last = window(UnificationStepper.measures, count, step)
    assert 0 <= first <= step < last <= count


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_state_is_json_and_the_picture_the_same_every_time(name):
    view = UnificationStepper(*EXAMPLES[name])
    json.dumps(view.state)
    for step in range(len(view.state["frames"])):
        view.step = step
        assert view.svg() == UnificationStepper(*EXAMPLES[name], step=step).svg()
        assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence


@settings(max_examples=20, deadline=None)
@given(TERMS, TERMS, st.integers(0, 12), st.sampled_from([640, 860, 1200]))
def test_the_picture_stays_inside_its_frame(left: Term, right: Term, step: int, width: int):
    document = ElementTree.fromstring(UnificationStepper(left, right, step=step, width=width).svg())
    assert float(document.get("width")) == width and float(document.get("height")) <= 500
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("width")) >= 0 and float(rect.get("height")) >= 0
