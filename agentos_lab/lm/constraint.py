"""Constrained decoding: a language model that can only write valid output.

Before each step a constraint tells which tokens keep the text valid; the logits of all others become minus
infinity, and the model chooses among the rest. It is that simple, and it is airtight: whatever the model's
weights, what comes out is in the language. Four parts do it:

1. a grammar: a regular expression, a list of choices or a JSON schema (`pattern_parser`, `json_grammar`);
2. an automaton that reads bytes (`regular_language`, `pushdown_automaton`): is this text still good?
3. the vocabulary as a trie, on which the automaton is walked (`token_trie`): which *tokens* are still good?
4. the distance to the end in tokens (`shortest_completion`): no dead ends, and done in time under any budget.

What masking does *not* do is ask the model for its most probable valid text. It renormalises each step over the
tokens allowed there (local conditioning) and cannot know what it will be led into. Suppose that only "ab" and
"ba" are valid, and that the model gives P(a) = 0.9, P(b) = 0.1, but P(b | a) = 0.01 and P(a | b) = 0.99. Masking
writes "ab" with probability 0.9, though given that the text is valid (global conditioning) it has only
0.9 · 0.01 / (0.9 · 0.01 + 0.1 · 0.99) = 0.08. So write prompts that make the wanted form likely anyway, and
compare whole answers by their log-probabilities where the choice matters.

Sources: Willard & Louf 2023 (arXiv:2307.09702); Koo, Liu & He 2024 (arXiv:2407.08103); Dong et al. 2024
(arXiv:2411.15100) on what can be decided per state and what needs the stack; Park et al. 2024
(arXiv:2405.21047) on how masking distorts the distribution.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from typing import Any

import numpy as np
import torch
from torch import Tensor

from .json_grammar import schema_rules
from .pattern_parser import parse
from .pushdown_automaton import PushdownAutomaton, Stack
from .regular_expression import Alternation, Expression
from .regular_expression import literal as literal_expression
from .shortest_completion import shortest_completions, tokens_inside
from .token_trie import ROOT, IntArray, vocabulary_trie
from .tokenizer import Tokenizer

__all__ = ["Constraint", "State", "choices", "json_schema", "literal", "regex"]

State = frozenset[Stack]  # all configurations in which the automaton can be
_FINISHED: State = frozenset({()})  # after the end-of-text token
_FAR = np.iinfo(np.int32).max  # tokens needed from a dead end
_MOST_READINGS = 64  # configurations followed side by side


class Constraint:
    """A language of texts, compiled for one tokenizer: which tokens may come next?

    States are immutable, hashable and independent of each other, so one constraint serves any number of sequences,
    and a state can be kept and returned to.

    Args:
        automaton: Reads the bytes of the text.
        tokenizer: Gives the bytes of each token; its special token ``eos``, where it has one, ends a text.
        description: What the constraint is, for printing.

    Raises:
        ValueError: No text of the language can be written with the tokens of this vocabulary.

    Example:
        >>> state, tokens = constraint.start(), []
        >>> while len(tokens) < limit and not constraint.is_complete(state):
        ...     allowed = constraint.allowed(state, budget=limit - len(tokens))  # (V,) bool
        ...     token = int(logits_of(tokens).masked_fill(~allowed, -torch.inf).argmax())
        ...     if token == constraint.eos:
        ...         break
        ...     tokens.append(token)
        ...     state = constraint.advance(state, token)
    """

    def __init__(self, automaton: PushdownAutomaton, tokenizer: Tokenizer, description: str) -> None:
        self.automaton, self.description = automaton, description
        self.trie = vocabulary_trie(tokenizer)
        self.eos = tokenizer.special.get("eos")
        self._completions = shortest_completions(automaton, self.trie)
        # The last states asked about: 128 masks of SmolLM2's vocabulary are 25 MB.
        self._needs = lru_cache(maxsize=128)(self._needs_of)
        self._tokens = lru_cache(maxsize=32)(partial(tokens_inside, automaton, self.trie))
        self._finish = lru_cache(maxsize=1024)(self._finish_of)
        if self.distance(self.start()) == _FAR:
            raise ValueError(
                f"no text that satisfies {description} can be written with this vocabulary of "
                f"{len(self.trie.pieces):,} tokens: nothing finite satisfies it, or bytes that it needs are missing"
            )

    def start(self) -> State:
        """The state before the first token."""
        return frozenset({self.automaton.start})

    def allowed(self, state: State, budget: int | None = None) -> Tensor:
        """Which tokens may come next: exactly those after which the text can still be completed.

        Args:
            state: From `start` or `advance`.
            budget: Tokens that may still be written, this one included (end-of-text not counted). Given, only tokens
                are allowed after which the rest suffices. None: without limit.

        Returns:
            (V,) bool. End-of-text is allowed exactly in final states. All False (in a vocabulary without
            end-of-text): the text is complete and nothing may follow.

        Raises:
            ValueError: The budget is too small to complete the text; the message tells the least that suffices.
        """
        if budget is not None and budget < self.distance(state):
            raise ValueError(
                f"{budget} more tokens cannot complete {self.description}: at least {self.distance(state)} are "
                "needed; raise max_new_tokens"
            )
        needs = self._needs(state)
        mask = torch.from_numpy(needs < (_FAR if budget is None else budget))
        if self.eos is not None:
            mask[self.eos] = self.is_final(state)
        return mask

    def advance(self, state: State, token: int) -> State:
        """The state after one more token.

        A grammar in which the same text can be read in very many ways is followed in the 64 that are nearest to their
        ends; what it then allows is still valid, if not all that is.

        Raises:
            ValueError: The token is not allowed in this state.
        """
        if token == self.eos and self.is_final(state):
            return _FINISHED
        piece = self.trie.pieces[token] if 0 <= token < len(self.trie.pieces) and token != self.eos else b""
        stacks = self.automaton.read(state, piece) if piece else ()
        readings = sorted((self._distance(stack), stack) for stack in stacks)[:_MOST_READINGS]
        after = frozenset(stack for distance, stack in readings if distance < _FAR)
        if not after:
            raise ValueError(
                f"token {token} ({piece!r}) is not allowed here by {self.description}; "
                f"{int(self.allowed(state).sum())} tokens are, see allowed(state)"
            )
        return after

    def is_final(self, state: State) -> bool:
        """Is the text complete and valid as it stands? (It may be possible to write on.)"""
        return self.distance(state) == 0

    def is_complete(self, state: State) -> bool:
        """Is the text complete, and can nothing but end-of-text follow?"""
        return self.is_final(state) and bool((self._needs(state) == _FAR).all())

    def distance(self, state: State) -> int:
        """The least number of tokens that complete the text."""
        return min(self._distance(stack) for stack in state)

    @property
    def shortest(self) -> int:
        """Tokens of the shortest valid text: the least budget that works."""
        return self.distance(self.start())

    def accepts(self, text: str | bytes) -> bool:
        """Is `text` valid? (Judged by its bytes, whatever the tokens.)"""
        return self.automaton.accepts(text.encode("utf-8") if isinstance(text, str) else text)

    def __str__(self) -> str:
        end = "no end-of-text token" if self.eos is None else f"end-of-text token {self.eos}"
        return (
            f"Constraint: {self.description}\n"
            f"  {self.automaton}\n"
            f"  vocabulary of {len(self.trie.pieces):,} tokens (trie of {len(self.trie):,} nodes), {end}\n"
            f"  shortest valid text: {self.shortest} tokens"
        )

    __repr__ = __str__

    def _needs_of(self, state: State) -> IntArray:
        """For each token (V,): how many more tokens are needed after it, at least."""
        needs = np.full(len(self.trie.pieces), _FAR, dtype=np.int32)
        todo = [(stack[:-1], stack[-1], ROOT) for stack in state if stack]
        seen = set(todo)
        while todo:
            outer, inner, node = todo.pop()
            found, onward = self._completions.moves[inner, node], self._finish(outer)
            if found.successors:  # tokens that end inside this rule; it must then be left, and the outer ones finished
                rest = np.array([self._leave(after, ROOT, onward) for after in found.successors], dtype=np.int32)
                tokens, after = self._tokens((inner, node))
                needs[tokens] = np.minimum(needs[tokens], rest[np.searchsorted(found.successors, after)])
            # Tokens that go on in a rule entered from here, or in the caller.
            onwards = [((*outer, back), first, inside) for inside, first, back in found.calls]
            onwards += [(outer[:-1], outer[-1], inside) for inside in found.exits if outer and inside in onward]
            todo += [move for move in onwards if move not in seen]
            seen.update(onwards)
        return needs

    def _distance(self, stack: Stack) -> int:
        return self._finish(stack).get(ROOT, _FAR)

    def _finish_of(self, stack: Stack) -> dict[int, int]:
        """Tokens to the end of the text when the innermost rule goes on in the last state of `stack`.

        By the trie node that the token being written has then reached; nodes without a way to the end are left out.
        """
        onward = {ROOT: 0}  # outside all rules the text is over, and so must be the token
        for state in stack:
            costs = {node: self._leave(state, node, onward) for node in self._completions.costs.get(state, {})}
            onward = {node: cost for node, cost in costs.items() if cost < _FAR}
        return onward

    def _leave(self, state: int, node: int, onward: Mapping[int, int]) -> int:
        """Tokens to leave a rule from `state`, the token having come to `node`, and to finish what is outside."""
        exits = self._completions.costs[state][node]
        return min((cost + onward[exit_] for exit_, cost in exits.items() if exit_ in onward), default=_FAR)


def regex(pattern: str, tokenizer: Tokenizer) -> Constraint:
    r"""Only texts that match a regular expression as a whole.

    Args:
        pattern: See `pattern_parser` for what may be written, e.g. ``r"[A-Z]\w+: -?\d{1,3}"``.
        tokenizer: Of the model that is to be constrained.

    Raises:
        ParseError: The pattern is not in the supported subset; the message points at the character.
        ValueError: The automaton would be too large, or no matching text can be written with this vocabulary.
    """
    if not isinstance(pattern, str):
        raise ValueError(f"regex takes a pattern and then a tokenizer, got {type(pattern).__name__} first")
    return _regular(parse(pattern), tokenizer, f"the pattern {pattern}")


def choices(texts: Iterable[str], tokenizer: Tokenizer) -> Constraint:
    """Exactly one of the given texts; those that the vocabulary cannot write are never chosen.

    Raises:
        ValueError: There is no text, or none can be written with this vocabulary.
    """
    options = [] if isinstance(texts, str) else list(dict.fromkeys(texts))
    if not options or not all(isinstance(option, str) for option in options):
        raise ValueError(f"choices needs a list of at least one text, not {texts!r}; for a single text use literal")
    shown = ", ".join(repr(option) for option in options[:3]) + (", …" if len(options) > 3 else "")
    return _regular(Alternation(tuple(map(literal_expression, options))), tokenizer, f"one of {shown}")


def literal(text: str, tokenizer: Tokenizer) -> Constraint:
    """Exactly this text (in any of the ways in which tokens can spell it)."""
    return choices([text], tokenizer)


def json_schema(schema: Mapping[str, Any] | bool, tokenizer: Tokenizer, *, whitespace: bool = False) -> Constraint:
    """Only JSON that is valid under a JSON Schema; `json_grammar` tells which keywords are understood.

    Args:
        schema: The schema as `json.loads` gives it; True or {} allows any JSON value.
        tokenizer: Of the model that is to be constrained.
        whitespace: Allow spaces and line ends where JSON does; by default there are none at all.

    Raises:
        ValueError: A keyword is not supported or contradicts another (the message names it and where it stands),
            or nothing valid can be written with this vocabulary.
        ParseError: A ``pattern`` is not in the supported subset.
    """
    if isinstance(schema, str):
        raise ValueError("the schema is a text; give what json.loads makes of it")
    automaton = PushdownAutomaton.from_rules(schema_rules(schema, whitespace=whitespace))
    shown = json.dumps(schema, ensure_ascii=False, default=repr)
    return Constraint(automaton, tokenizer, f"the JSON schema {shown if len(shown) < 60 else shown[:57] + '…'}")


def _regular(expression: Expression, tokenizer: Tokenizer, description: str) -> Constraint:
    return Constraint(PushdownAutomaton.from_rules({"text": expression}), tokenizer, description)
