"""What there is to see in a tokenizer's work: pure functions from a tokenizer and a text to plain data.

Places in the text are byte offsets ("at"), because tokens may cut characters. A byte-pair tokenizer's work is told
merge by merge for the whole text: step k applies the k-th of the rules that the text needs, in the order in which
they were learnt, at all its places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from agentos_lab.lm.byte_pair_merges import merge_word
from agentos_lab.lm.tokenizer import Piece, Tokenizer

from .runs import Run, code, counted, strong
from .token_label import is_text, token_label, token_runs
from .view import header, notice

__all__ = ["LONGEST", "Tables", "segments", "tokenizer_state"]

TITLE = "How does a text become tokens?"
LONGEST = 1000  # characters; more would neither be seen nor be quick
BLANK_WORDS = re.compile(r"\s*\S+|\s+")  # words of a tokenizer that does not tell its own


@dataclass(frozen=True)
class Tables:
    """What is looked up in a tokenizer again and again.

    Attributes:
        numbers: Token numbers by the bytes that the tokens stand for; of several with the same bytes the first.
        rules: The merges in the order in which they were learnt; empty for a tokenizer that does not merge.
        ranks: The place of each pair in `rules`, from 0.
    """

    numbers: Mapping[bytes, int]
    rules: Sequence[Any]
    ranks: Mapping[tuple[bytes, bytes], int]

    @classmethod
    def of(cls, tokenizer: Any) -> Tables:
        """The tables of a tokenizer; its `merges` and `words` are optional."""
        rules = tuple(getattr(tokenizer, "merges", ())) if hasattr(tokenizer, "words") else ()
        tokens = [tokenizer.token_bytes(id) for id in range(tokenizer.vocab_size)]
        numbers = {data: id for id, data in reversed(list(enumerate(tokens)))}
        return cls(numbers, rules, {(rule.left, rule.right): rank for rank, rule in enumerate(rules)})


def tokenizer_state(
    tokenizers: Mapping[str, Tokenizer], text: str, name: str, against: str = "", tables: Tables | None = None
) -> dict[str, Any]:
    """Everything the explorer shows.

    Args:
        tokenizers: By the names that the reader sees.
        text: The text to be cut.
        name: Which of the tokenizers is looked at.
        against: Which one it is compared with; "" for none.
        tables: Those of the first tokenizer, if they are at hand.

    Returns:
        A dict with the header and:
        `text`, `bytes` (hexadecimal), `characters` (what each looks like, and what Unicode calls it);
        `strips`: the cut of the text by one or two tokenizers;
        `words`: [at, size] of each word of the first tokenizer that has a token; `word`: which of them to begin with;
        `rules`: the merges that the text needs; `joins`: [at, index of the rule, step] for each place where one is
        applied; `steps`: a sentence for the bytes alone and one after each step; `starts`: chips of single bytes.
    """
    entry = {"entry": text}
    if not text:
        return notice("empty", TITLE, "Type a text: at every key it is cut into tokens.") | entry
    if len(text) > LONGEST:
        sentence = f"This text has {len(text):,} characters, too many to show; keep {LONGEST:,} or fewer. "
        return notice("too-large", TITLE, [sentence, code("tokenizer.encode"), " takes any length."]) | entry
    chosen = tokenizers[name]
    tables = tables or Tables.of(chosen)
    strips = [strip(each, tokenizers[each], text) for each in (name, against) if each]
    joins = list(joins_of(chosen, tables, text)) if not strips[0]["problem"] else []
    used = {rank: index for index, rank in enumerate(sorted({rank for _, rank, _ in joins}))}
    rules = [rule_chip(tables, rank) for rank in used]
    # Some tokenizers drop blanks: a word without a token has nothing to show.
    covered = {place for chip in strips[0]["chips"] for place in range(chip["at"], chip["at"] + chip["size"])}
    words = [word for word in words_of(chosen, text) if not covered.isdisjoint(range(word[0], sum(word)))]
    placed = [[at, used[rank], step] for at, rank, step in joins]
    data = text.encode()
    return (
        header(TITLE, sentence_of(text, strips), f"{strips[0]['vocabulary']} tokens in the vocabulary")
        | entry
        | {
            "text": text,
            "bytes": data.hex(),
            "characters": {
                character: {"label": token_runs(character), "name": character_name(character)}
                for character in dict.fromkeys(text)
            },
            "strips": strips,
            "words": words,
            "word": richest(words, joins),
            "rules": rules,
            "joins": placed,
            "steps": sentences_of_steps(rules, placed, len(data)),
            "starts": {f"{byte:02x}": chip(tables, bytes([byte])) for byte in sorted(set(data))} if joins else {},
        }
    )


def strip(name: str, tokenizer: Tokenizer, text: str) -> dict[str, Any]:
    """One tokenizer's cut of the text; where it cannot cut it, the reason instead."""
    told = {"name": name, "vocabulary": f"{tokenizer.vocab_size:,}"}
    try:
        pieces = tokenizer.pieces(text)
    except ValueError as error:
        return told | {"chips": [], "summary": "cannot write this text", "problem": str(error)}
    chips = [
        {"at": at, "size": size, "id": piece.id, "label": token_runs(piece.data or piece.text)}
        | {"whole": is_text(piece.data)}
        for (at, size), piece in zip(places(text, pieces), pieces, strict=True)
    ]
    each = f" · {len(text) / len(chips):.1f} characters each" if chips else ""
    return told | {"chips": chips, "summary": counted(len(chips), "token") + each, "problem": ""}


def places(text: str, pieces: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """(at, size) in bytes of each piece in the text; bytes that the tokenizer has dropped are passed over."""
    whole, position = text.encode(), 0
    for piece in pieces:
        at, size = whole.find(piece.data, position), len(piece.data)
        if at < 0 or not size:  # the tokenizer has changed the text: go by the characters
            at = len(text[: piece.start].encode())
            size = len(text[: piece.end].encode()) - at
        yield at, size
        position = at + size


def words_of(tokenizer: Any, text: str) -> Iterator[list[int]]:
    """[at, size] in bytes of the words that are cut one by one."""
    words = tokenizer.words(text) if hasattr(tokenizer, "words") else []
    if "".join(words) != text:  # it has none of its own, or leaves blanks out
        words = BLANK_WORDS.findall(text)
    at = 0
    for word in words:
        size = len(word.encode())
        yield [at, size]
        at += size


def richest(words: Sequence[Sequence[int]], joins: Sequence[Sequence[int]]) -> int:
    """Index of the word with the most merges; of equals, and without merges, the longest, then the first."""

    def worth(index: int) -> tuple[int, int, int]:
        at, size = words[index]
        return sum(at <= place < at + size for place, _, _ in joins), size, -index

    return max(range(len(words)), key=worth, default=0)


def joins_of(tokenizer: Any, tables: Tables, text: str) -> Iterator[tuple[int, int, int]]:
    """(at, rank, step) of every merge that happens in the text, in order; all merges by the same rule are one step."""
    if not tables.rules:
        return
    found: list[tuple[int, int, int]] = []  # (when, at, rank)
    told: dict[str, list[tuple[int, int, int]]] = {}
    at = 0
    for word in tokenizer.words(text):
        if word not in told:
            told[word] = list(merges_of_word(word.encode(), tables.ranks))
        found += [(when, at + place, rank) for when, place, rank in told[word]]
        at += len(word.encode())
    found.sort()
    for step, (_, together) in enumerate(groupby(found, key=lambda one: one[0]), 1):
        for _, place, rank in together:
            yield place, rank, step


def merges_of_word(word: bytes, ranks: Mapping[tuple[bytes, bytes], int]) -> Iterator[tuple[int, int, int]]:
    """(when, offset in the word, rank) of each merge of a word."""
    seen: list[tuple[int, tuple[bytes, ...]]] = []
    merge_word(word, ranks, lambda rank, parts: seen.append((rank, parts)))
    before = tuple(word[i : i + 1] for i in range(len(word)))
    when = 0
    for rank, after in seen:
        index = next(i for i, (one, two) in enumerate(zip(before, after, strict=False)) if one != two)
        # A word's merges keep their order even where a rule learnt late opens the way for an earlier one.
        when = max(when, rank)
        yield when, sum(map(len, after[:index])), rank
        before = after


def rule_chip(tables: Tables, rank: int) -> dict[str, Any]:
    """A merge as the token that it makes: the size of its left part, its place among all rules, its parts in words."""
    rule = tables.rules[rank]
    place = f"rule {rank + 1:,} of {len(tables.rules):,}"
    seen = f", seen {counted(rule.count, 'time')}" if rule.count else ""
    made = f"{token_label(rule.left)} + {token_label(rule.right)} by {place}{seen}"
    parts = {"left": len(rule.left), "parts": [token_runs(rule.left), token_runs(rule.right)]}
    return chip(tables, rule.left + rule.right) | parts | {"rank": f"{rank + 1:,}", "place": place, "made": made}


def chip(tables: Tables, data: bytes) -> dict[str, Any]:
    """A token wherever it may stand."""
    return {"size": len(data), "id": tables.numbers.get(data), "label": token_runs(data), "whole": is_text(data)}


def segments(state: Mapping[str, Any], step: int | None) -> list[dict[str, Any]]:
    """The chips of the first tokenizer after so many steps; None: the tokens themselves."""
    if step is None or not state["joins"]:
        return state["strips"][0]["chips"]
    raw = bytes.fromhex(state["bytes"])
    chips = {at: state["starts"][f"{byte:02x}"] | {"at": at} for at, byte in enumerate(raw)}
    for at, index, when in state["joins"]:
        if when > step:
            break
        rule = state["rules"][index]
        chips[at] = rule | {"at": at, "new": when == step}
        del chips[at + rule["left"]]
    return [chips[at] for at in sorted(chips)]


def sentence_of(text: str, strips: Sequence[Mapping[str, Any]]) -> list[Run | str]:
    """What the tokenizers make of the text, in one sentence."""
    first = strips[0]
    if first["problem"]:
        return [strong(first["name"]), " cannot write this text: ", first["problem"]]
    size, count = len(text.encode()), len(first["chips"])
    of_bytes = f" ({counted(size, 'byte')})" if size != len(text) else ""
    told: list[Run | str] = [
        strong(counted(len(text), "character")),
        f"{of_bytes} {'becomes' if len(text) == 1 else 'become'} ",
        strong(counted(count, "token")),
    ]
    if count:
        told += [f" ({len(text) / count:.1f} characters each)"]
    if len(strips) > 1 and not strips[1]["problem"]:
        told += [f" with {first['name']}, ", strong(f"{len(strips[1]['chips']):,}"), f" with {strips[1]['name']}"]
    return [*told, "."]


def sentences_of_steps(
    rules: Sequence[Mapping[str, Any]], joins: Sequence[Sequence[int]], size: int
) -> list[list[list[str]]]:
    """A sentence for the text as bytes, and one after each step."""
    if not joins:
        return []
    start = [["", "Before the first merge every byte is a token: "], ["strong", f"{counted(size, 'token')}"], ["", "."]]
    told, last = [start], joins[-1][2]
    for step, group in groupby(joins, key=lambda join: join[2]):
        places = list(group)
        size -= len(places)
        rule = rules[places[0][1]]
        often = f" at {len(places)} places" if len(places) > 1 else ""
        left, right = rule["parts"]
        after = [["", f" ({rule['place']}){often}; now "], ["strong", counted(size, "token")], ["", "."]]
        told.append([["", f"Merge {step} of {last} joins "], *left, ["", " and "], *right, *after])
    return told


def character_name(character: str) -> str:
    """What Unicode calls a character, e.g. ``"U+0928 Devanagari letter na"``."""
    control = {"\n": "line feed", "\t": "tabulator", "\r": "carriage return"}.get(character, "no name")
    name = unicodedata.name(character, control)
    return f"U+{ord(character):04X} {name[0].upper()}{name[1:].lower()}"
