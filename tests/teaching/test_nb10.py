"""The checks of notebook 10: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from agentos_lab.teaching import check


def encode(word, merges):
    row = list(word)
    for left, right in merges:
        new = []
        for piece in row:
            if new and new[-1] == left and piece == right:
                new[-1] = left + right
            else:
                new.append(piece)
        row = new
    return row


def encode_backwards(word, merges):
    return encode(word, merges[::-1])


def encode_first_place_only(word, merges):
    row = list(word)
    for left, right in merges:
        for place in range(len(row) - 1):
            if (row[place], row[place + 1]) == (left, right):
                row[place : place + 2] = [left + right]
                break
    return row


def encode_in_the_text(word, merges):
    text = " ".join(word)
    for left, right in merges:
        text = text.replace(f"{left} {right}", left + right)
    return text.split()


def encode_longest(word, merges):
    tokens, row = {left + right for left, right in merges}, []
    while word:
        size = max([n for n in range(2, len(word) + 1) if word[:n] in tokens], default=1)
        row.append(word[:size])
        word = word[size:]
    return row


def pair_counts(words):
    counts = Counter()
    for word, times in words.items():
        for pair in pairwise(word):
            counts[pair] += times
    return counts


def pair_counts_of_different_words(words):
    counts = Counter()
    for word in words:
        counts.update(pairwise(word))
    return counts


def pair_counts_overwritten(words):
    counts = {}
    for word, times in words.items():
        for pair in pairwise(word):
            counts[pair] = times
    return counts


def shorten(text, limit, tokenizer):
    ids = tokenizer.encode(text)[:limit]
    while not text.startswith(tokenizer.decode(ids)):
        ids.pop()
    return tokenizer.decode(ids)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("second_token", "papa"),
        ("second_token", ("pa", "pa")),
        ("pair_counts", pair_counts),
        ("encode", encode),
        ("shorten", shorten),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"10.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("second_token", "pa", "first merge"),
        ("second_token", "pay", "only once"),
        ("second_token", ("y", "a"), "only once"),
        ("second_token", "papaya", "Which two tokens side by side"),
        ("pair_counts", pair_counts_of_different_words, "counts once"),
        ("pair_counts", pair_counts_overwritten, "last one's count"),
        ("encode", encode_first_place_only, "only once"),
        ("encode", encode_backwards, "from the last to the first"),
        ("encode", encode_longest, "longest piece"),
        ("encode", lambda word, merges: list(word), "single characters"),
        ("shorten", lambda text, limit, tokenizer: text[:limit], "**characters**"),
        ("shorten", lambda text, limit, tokenizer: " ".join(text.split()[:limit]), "**words**"),
        ("shorten", lambda text, limit, t: t.decode(t.encode(text)[:limit]), "middle of a character"),
        ("shorten", lambda text, limit, t: t.decode(t.encode(text)[:limit]).replace("\ufffd", ""), "in the text"),
        ("shorten", lambda text, limit, t: t.decode(t.encode(text)[-limit:]), "the end of the text"),
        ("second_token", " papa", "A space is a token"),
        ("second_token", "PAPA", "side by side in the text"),
        ("second_token", 5, "A token is a text"),
        ("encode", encode_in_the_text, "joins whole pieces"),
        ("shorten", lambda text, limit, t: t.decode(t.encode(text)[:limit]).rstrip("\ufffd"), "off the end"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"10.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
