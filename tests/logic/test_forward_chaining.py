from __future__ import annotations

import random
from itertools import product

import networkx
import pytest

from agentos_lab.logic import Atom, Function
from agentos_lab.logic.forward_chaining import Closure, forward_chain
from agentos_lab.logic.horn_clauses import HornRule, read_rules

PATHS = ["forall x y (Edge(x, y) -> Path(x, y))", "forall x y z (Edge(x, y) & Path(y, z) -> Path(x, z))"]
DOUBLE = [PATHS[0], "forall x y z (Path(x, y) & Path(y, z) -> Path(x, z))"]


def naive(rules: list[HornRule], names: list[str]) -> set[Atom]:
    """The closure by brute force: every rule with every constant for every variable, until nothing new comes."""
    known: set[Atom] = set()
    while True:
        new = set()
        for rule in rules:
            for values in product(map(Function, names), repeat=len(rule.variables)):
                bound = dict(zip(rule.variables, values, strict=True))

                def at(atom: Atom, bound=bound) -> Atom:
                    return Atom(atom.predicate, tuple(bound.get(arg, arg) for arg in atom.args))

                if all(at(atom) in known for atom in rule.body) and at(rule.head) not in known:
                    new.add(at(rule.head))
        if not new:
            return known
        known |= new


def random_edges(nodes: int, count: int, seed: int) -> list[tuple[int, int]]:
    chance = random.Random(seed)
    return [(chance.randrange(nodes), chance.randrange(nodes)) for _ in range(count)]


@pytest.mark.parametrize("rules", [PATHS, DOUBLE])
@pytest.mark.parametrize("seed", range(5))
def test_paths_are_the_transitive_closure_of_networkx(rules, seed):
    edges = random_edges(25, 40, seed)
    closure = forward_chain(rules, [f"Edge(n{a}, n{b})" for a, b in edges])
    graph = networkx.transitive_closure(networkx.DiGraph(edges), reflexive=False)
    assert closure.complete
    assert closure.relation("Path") == {(f"n{a}", f"n{b}") for a, b in graph.edges}


@pytest.mark.parametrize("seed", range(25))
def test_random_programs_give_what_brute_force_gives(seed):
    chance = random.Random(seed)
    names = ["a", "b", "c"]

    def atom(terms: list[str]) -> str:
        predicate = chance.choice("PQR")
        return f"{predicate}({', '.join(chance.choice(terms) for _ in range(2))})"

    texts = []
    while len(texts) < 4:
        body = [atom(["x", "y", "z", "a"]) for _ in range(chance.randint(1, 3))]
        used = [v for v in "xyz" if any(v in text for text in body)]
        texts.append(f"forall x, y, z ({' & '.join(body)} -> {atom([*used, 'a', 'b'])})")
    facts = [atom(names) for _ in range(4)]
    rules = read_rules([*texts, *facts])
    closure = forward_chain(texts, facts)
    assert set(closure.facts) == naive(list(rules), names)
    for fact in closure.facts:
        check_explanation(closure, fact, rules)


def check_explanation(closure: Closure, fact: Atom, rules: tuple[HornRule, ...]) -> None:
    """Each step is an instance of a rule of that name, with the premises that it cites, which come before it."""
    explained = closure.explain(fact)
    assert explained.fact == fact
    for place, step in enumerate(explained):
        premises = tuple(explained.steps[number].fact for number in step.premises)
        assert all(number < place for number in step.premises)
        assert any(rule.name == step.rule and instance(rule, step.fact, premises) for rule in rules), (
            f"{step.fact} by {step.rule}"
        )


def instance(rule: HornRule, head: Atom, body: tuple[Atom, ...]) -> bool:
    bound: dict = {}
    pairs = [(rule.head, head), *zip(rule.body, body, strict=False)]
    if len(rule.body) != len(body) or any(a.predicate != b.predicate for a, b in pairs):
        return False
    return all(
        (x.ground and x is y) or (not x.ground and bound.setdefault(x, y) is y)
        for a, b in pairs
        for x, y in zip(a.args, b.args, strict=True)
    )


def test_an_explanation_is_a_numbered_proof():
    closure = forward_chain({"edge": PATHS[0], "step": PATHS[1]}, ["Edge(a, b)", "Edge(b, c)"])
    assert str(closure.explain("Path(a, c)")).split("\n") == [
        "1. Edge(a, b)  given",
        "2. Edge(b, c)  given",
        "3. Path(b, c)  edge from 2",
        "4. Path(a, c)  step from 1, 3",
    ]


def test_a_deep_explanation_needs_no_recursion():
    closure = forward_chain(PATHS, [f"Edge(n{i}, n{i + 1})" for i in range(300)])
    explained = closure.explain("Path(n0, n300)")
    assert len(explained) == 600 and "more steps" in str(explained)


def test_membership_and_its_refusals():
    closure = forward_chain(PATHS, ["Edge(a, b)", "Edge(b, c)"])
    assert "Path(a, c)" in closure and "Path(c, a)" not in closure and "Path(a, nowhere)" not in closure
    with pytest.raises(ValueError, match="does not follow"):
        closure.explain("Path(c, a)")
    with pytest.raises(ValueError, match="expected a fact"):
        closure.explain("exists x Path(a, x)")


def test_repeated_variables_and_constants_are_compared():
    closure = forward_chain(
        [
            "forall x (Edge(x, x) -> Loop(x))",
            "forall x (Edge(a, x) -> Near(x))",
            "forall x (Edge(x, b) & Edge(x, x) -> Odd(x))",
        ],
        ["Edge(a, a)", "Edge(a, b)", "Edge(b, c)"],
    )
    assert closure.relation("Loop") == {("a",)} and closure.relation("Near") == {("a",), ("b",)}
    assert closure.relation("Odd") == {("a",)}


def test_negation_looks_at_finished_predicates():
    rules = [
        "forall x y (Reached(x) & Edge(x, y) -> Reached(y))",
        "forall x (Node(x) & ~Reached(x) -> Lost(x))",
        "forall x (Node(x) & ~Lost(x) -> Safe(x))",
    ]
    facts = ["Reached(a)", "Edge(a, b)", "Edge(c, a)", "Node(a)", "Node(b)", "Node(c)"]
    closure = forward_chain(rules, facts)
    assert closure.relation("Lost") == {("c",)} and closure.relation("Safe") == {("a",), ("b",)}
    assert closure.explain("Lost(c)").steps[-1].rule == "rule 2"


def test_a_rule_of_negations_alone_is_met_or_not():
    assert "Calm" in forward_chain(["~Storm -> Calm"])
    assert "Calm" not in forward_chain(["~Storm -> Calm"], ["Storm"])


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        (["forall x (Man(x) & ~Shaved(x) -> Shaved(x))"], "depends on its own negation"),
        (["forall x (V(x) & ~Q(x) -> P(x))", "forall x (V(x) & ~P(x) -> Q(x))"], "depends on its own negation"),
        (["forall x (P(x) -> P(s(x)))"], "function"),
        (["forall x y (P(x) -> Q(x, y))"], "y stands in no condition"),
        (["forall x y (P(x) & ~Q(y) -> R(x))"], "y stands in negated conditions only"),
        (["forall x P(x)"], "x stands in no condition"),
    ],
)
def test_a_program_without_a_finite_meaning_is_refused(rules, why):
    with pytest.raises(ValueError, match=why):
        forward_chain(rules)


def test_limits_end_the_search_and_leave_no_wrong_no():
    edges = [f"Edge(n{i}, n{i + 1})" for i in range(60)]
    for limits, name in (({"max_facts": 500}, "500 facts"), ({"max_derivations": 300}, "300 derivations")):
        closure = forward_chain(PATHS, edges, **limits)
        assert not closure.complete and closure.limit == name and "incomplete" in str(closure)
        assert "Path(n0, n1)" in closure
        with pytest.raises(ValueError, match="no yes or no"):
            "Path(n0, n60)" in closure  # noqa: B015


def test_it_prints_its_counts():
    assert str(forward_chain(PATHS, ["Edge(a, b)"])) == "2 facts (Path 1, Edge 1); 2 rounds"
