import random

import pytest
from small_vocabularies import FakeTokenizer, random_merges

from agentos_lab.lm.constraint import Constraint
from agentos_lab.lm.pattern_parser import parse
from agentos_lab.lm.pushdown_automaton import PushdownAutomaton, Stack
from agentos_lab.lm.regular_expression import Alternation, Call, Concatenation, Repetition, literal

S, T = Call("S"), Call("T")
GRAMMARS = {
    "pattern": {"text": parse("(ab|ba)*c{2,3}|a{5}")},
    "lists": {"S": Alternation((literal("a"), Concatenation((literal("b"), Repetition(S), literal("c")))))},
    "two rules": {
        "S": Alternation((literal("aa"), Concatenation((literal("b"), T, literal("c"))))),
        "T": Alternation((parse("c+"), Concatenation((literal("a"), S, S)))),
    },
    "tail call": {"S": Alternation((literal("c"), Concatenation((parse("a|ab"), S))))},
}


def fewest_tokens(automaton: PushdownAutomaton, tokenizer: FakeTokenizer, stacks: set[Stack], limit: int) -> int | None:
    """Breadth-first search over whole configurations, token by token: slow, and nothing could be simpler."""
    layer = frozenset(stacks)
    for count in range(limit + 1):
        if any(() in automaton.settle(stack) for stack in layer):
            return count
        pieces = [piece for piece in tokenizer.tokens if piece]
        layer = frozenset(stack for piece in pieces for stack in automaton.read(layer, piece) if len(stack) < 8)
    return None


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("name", GRAMMARS)
def test_distances_and_masks_are_those_of_a_search_through_all_texts(name, seed):
    automaton = PushdownAutomaton.from_rules(GRAMMARS[name])
    tokenizer = random_merges("abc", seed, count=5, missing=0.3)
    least = fewest_tokens(automaton, tokenizer, {automaton.start}, 6)
    if least is None:
        with pytest.raises(ValueError, match="can be written with this vocabulary"):
            Constraint(automaton, tokenizer, name)
        return
    constraint = Constraint(automaton, tokenizer, name)
    state, draw = constraint.start(), random.Random(seed)
    assert constraint.shortest == least
    for _ in range(3):
        mask = constraint.allowed(state)
        for token, piece in enumerate(tokenizer.tokens):
            if piece:
                needed = fewest_tokens(automaton, tokenizer, automaton.read(state, piece), 4)
                assert mask[token] or needed is None
                if needed is not None:
                    assert constraint.distance(constraint.advance(state, token)) == needed
                    assert constraint.allowed(state, budget=needed + 1)[token]
                    if needed >= constraint.distance(state):
                        assert not constraint.allowed(state, budget=needed)[token]
        options = [token for token in mask.nonzero().flatten().tolist() if token != constraint.eos]
        if not options:
            break
        state = constraint.advance(state, draw.choice(options))


def test_a_token_may_close_several_rules_at_once():
    automaton = PushdownAutomaton.from_rules(GRAMMARS["lists"])
    tokenizer = FakeTokenizer([b"b", b"a", b"accc", b"bb"])  # no "c" alone: what is opened can be closed only at once
    constraint = Constraint(automaton, tokenizer, "lists")
    state = constraint.start()
    for token, distance in ((0, 2), (3, 1)):
        state = constraint.advance(state, token)
        assert constraint.distance(state) == distance
    assert constraint.allowed(state, budget=1).nonzero().flatten().tolist() == [2]
    assert constraint.is_final(constraint.advance(state, 2))


def test_a_rule_without_end_is_noticed():
    endless = PushdownAutomaton.from_rules({"S": Concatenation((literal("a"), S))})
    with pytest.raises(ValueError, match="nothing finite satisfies"):
        Constraint(endless, FakeTokenizer([b"a"]), "an endless text")
