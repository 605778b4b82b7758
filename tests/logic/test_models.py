from __future__ import annotations

from itertools import product

import pytest
from finite_structures import formulas, is_true, structure, subsets
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.logic import Structure

LIKES = Structure(
    ("d1", "d2"),
    {"ann": "d1"},
    {"f": {("d1",): "d2", ("d2",): "d2"}},
    {"Likes": frozenset({("d1", "d2"), ("d2", "d1")}), "Sad": frozenset(), "rain": frozenset({()})},
    {"Sad": 1},
)


@given(formulas(), st.integers(1, 3).flatmap(structure))
def test_truth_is_what_its_definition_says(formula, s):
    assert s.holds(formula) == is_true(formula, s)


@pytest.mark.parametrize(("size", "count"), [(1, 1), (2, 4), (3, 29)])
def test_there_are_as_many_quasi_orders_as_published(size, count):
    # OEIS A000798: topologies, which are the same as quasi-orders.
    domain = tuple("uvw"[:size])
    laws = ["∀x R(x,x)", "∀x y z (R(x,y) ∧ R(y,z) → R(x,z))"]
    pairs = list(product(domain, repeat=2))
    worlds = [Structure(domain, predicates={"R": frozenset(some)}) for some in subsets(pairs)]
    assert sum(all(world.holds(law) for law in laws) for world in worlds) == count


def test_there_are_as_many_semigroups_with_two_elements_as_published():
    # OEIS A023814: associative operations on 2 labelled elements.
    pairs = list(product("uv", repeat=2))
    worlds = [Structure(("u", "v"), functions={"m": dict(zip(pairs, t, strict=True))}) for t in product("uv", repeat=4)]
    assert sum(world.holds("∀x y z (m(m(x,y),z) = m(x,m(y,z)))") for world in worlds) == 8


def test_it_prints_itself_in_words():
    assert str(LIKES) == (
        "domain: d1, d2\nann is d1\nf(d1) = d2, f(d2) = d2\n"
        "Likes holds for (d1,d2), (d2,d1)\nSad holds for nothing\nrain is true"
    )
    assert repr(LIKES) == str(LIKES)  # the same in every run, unlike the repr of a set


def test_an_operation_prints_as_a_table():
    xor = Structure(("0", "1"), functions={"+": {(a, b): str(int(a != b)) for a, b in product("01", repeat=2)}})
    assert str(xor) == "domain: 0, 1\n+ | 0 1\n0 | 0 1\n1 | 1 0"


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (((), {}), "at least one element"),
        ((("d", "d"), {}), "each named once"),
        ((("d",), {"a": "e"}), "constant a speaks of 'e'"),
        ((("d", "e"), {}, {"f": {("d",): "e"}}), r"function f has no value for \(e\)"),
        ((("d",), {}, {"f": {("d",): "e"}}), "function f speaks of 'e'"),
        ((("d",), {}, {}, {"R": frozenset({("d", "e")})}), "predicate R speaks of 'e'"),
        ((("d",), {}, {}, {"R": frozenset({("d",), ("d", "d")})}), "different lengths"),
    ],
)
def test_a_structure_that_is_none_is_refused(parts, message):
    with pytest.raises(ValueError, match=message):
        Structure(*parts)


@pytest.mark.parametrize(
    ("formula", "message"),
    [
        ("Hates(ann, ann)", "nothing of the predicate Hates"),
        ("Likes(bob, ann)", "nothing of the constant bob"),
        ("Likes(g(ann), ann)", "nothing of the function g"),
        ("Likes(ann)", "gives Likes 2 arguments"),
        ("rain | Hates(ann, ann)", "nothing of the predicate Hates"),
    ],
)
def test_a_symbol_without_meaning_is_named(formula, message):
    with pytest.raises(ValueError, match=message):
        LIKES.holds(formula)


def test_free_variables_need_an_element():
    from agentos_lab.logic import Atom, Variable

    sad = Atom("Sad", (Variable("x"),))
    assert LIKES.holds(sad, {"x": "d1"}) is False
    with pytest.raises(ValueError, match="x is free in"):
        LIKES.holds(sad)
    with pytest.raises(ValueError, match="variable x speaks of 'bob'"):
        LIKES.holds(sad, {"x": "bob"})
