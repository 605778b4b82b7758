from __future__ import annotations

from itertools import pairwise, product

from finite_structures import is_true

from agentos_lab.logic import Structure, parse


def test_a_block_of_many_variables_is_not_run_through_to_the_end():
    # A path of 15 steps along a circle: 4¹⁵ assignments, of which looking ahead leaves 4 · 15.
    names = [f"x{i}" for i in range(15)]
    steps = " & ".join(f"R({a},{b})" for a, b in pairwise(names))
    domain = tuple("uvwt")
    circle = frozenset(zip(domain, domain[1:] + domain[:1], strict=True))
    s = Structure(domain, predicates={"R": circle, "P": frozenset()})
    assert not s.holds(f"exists {' '.join(names)}. ({steps} & P(x14))")
    assert s.holds(f"exists {' '.join(names)}. ({steps})")


def test_a_variable_bound_twice_means_the_inner_one():
    domain = tuple("uv")
    for some in (frozenset(), frozenset({("u",)}), frozenset(product(domain, repeat=1))):
        s = Structure(domain, predicates={"P": some})
        for text in ("forall x forall x P(x)", "exists x forall x P(x)", "exists x y z exists x (P(x) & P(y) & P(z))"):
            assert s.holds(text) == is_true(parse(text), s)
