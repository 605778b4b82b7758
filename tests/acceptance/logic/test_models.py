"""Truth in a structure, and Z3 told of the structure."""

from __future__ import annotations

from itertools import product

from finite_structures import formulas, structure
from hypothesis import given

from agentos_lab.logic import entails


@given(formulas(depth=2), structure(2))
def test_z3_says_the_same_of_a_structure_that_is_described_to_it(formula, s):
    u, v = s.domain
    told = [f"{u} != {v}", f"forall x (x = {u} | x = {v})", f"a = {s.constants['a']}"]
    told += [f"f({d}) = {value}" for (d,), value in s.functions["f"].items()]
    told += ["p" if s.predicates["p"] else "~p"]
    told += [f"{'' if (d,) in s.predicates['P'] else '~'}P({d})" for d in s.domain]
    told += [f"{'' if pair in s.predicates['R'] else '~'}R({','.join(pair)})" for pair in product(s.domain, repeat=2)]
    assert (entails(told, formula, minimize=False).status == "entailed") == s.holds(formula)
