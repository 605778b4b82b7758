import itertools
from collections import Counter

import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import models, pre_tokenizers, trainers

from agentos_lab.lm.byte_pair_merges import Merge, Segmentation, learn_merges, merge_steps, merge_word

# Few letters: many ties, runs of one letter, and pairs that overlap.
WORDS = st.dictionaries(st.text("ab ", min_size=1, max_size=12).map(str.encode), st.integers(1, 5), max_size=8)


def replaced(word, left, right, new):
    out, i = [], 0
    while i < len(word):
        hit = word[i : i + 2] == [left, right]
        out.append(new if hit else word[i])
        i += 2 if hit else 1
    return out


def merges_by_recounting(words, limit):
    """The definition, word for word: count everything anew before each merge."""
    rows = [(list(word), count) for word, count in words.items()]
    table = [bytes([value]) for value in range(256)]
    merges = []
    while len(table) < 256 + limit:
        counts = Counter()
        for row, count in rows:
            for pair in itertools.pairwise(row):
                counts[pair] += count
        if not counts:
            break
        (left, right), count = min(counts.items(), key=lambda item: (-item[1], item[0]))
        token = table[left] + table[right]
        merges.append(Merge(table[left], table[right], count))
        if token not in table:
            table.append(token)
        rows = [(replaced(row, left, right, table.index(token)), count) for row, count in rows]
    return merges


def merges_of_the_library(words, limit):
    """The trainer of `tokenizers`, with letters that sort like the bytes so that ties are broken alike."""
    letters = [chr(0x100 + value) for value in range(256)]
    trainer = trainers.BpeTrainer(vocab_size=256 + limit, initial_alphabet=letters, show_progress=False)
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.WhitespaceSplit()
    text = (" ".join(["".join(letters[value] for value in word)] * count) for word, count in words.items())
    tokenizer.train_from_iterator(text, trainer)
    back = {letter: value for value, letter in enumerate(letters)}
    table = tokenizer.get_vocab()
    made = sorted((id, token) for token, id in table.items() if id >= 256)
    return [bytes(back[letter] for letter in token) for _, token in made]


@given(WORDS, st.integers(0, 12))
def test_merges_are_those_of_the_definition(words, limit):
    assert [*learn_merges(words, limit)] == merges_by_recounting(words, limit)


@given(st.dictionaries(st.binary(min_size=1, max_size=9), st.integers(1, 9), max_size=12))
def test_tokens_are_those_of_the_librarys_trainer(words):
    ours = dict.fromkeys(merge.token for merge in learn_merges(words, 20))
    assert [*ours] == merges_of_the_library(words, 20)


def test_tokens_learnt_from_english_are_those_of_the_librarys_trainer():
    from pydoc_data.topics import topics

    words = Counter(word.encode() for word in "".join(topics.values())[:100_000].split())
    assert [merge.token for merge in learn_merges(words, 400)] == merges_of_the_library(words, 400)


def test_the_example_of_the_paper():
    # Sennrich et al. 2016, algorithm 1, without its end-of-word symbol; of equals the smaller bytes come first.
    words = {b"low": 5, b"lower": 2, b"newest": 6, b"widest": 3}
    assert [(str(merge)) for merge in learn_merges(words, 4)] == [
        "'e' + 's' → 'es' (count 9)",
        "'es' + 't' → 'est' (count 9)",
        "'l' + 'o' → 'lo' (count 7)",
        "'lo' + 'w' → 'low' (count 7)",
    ]


def test_rare_pairs_can_be_left_alone():
    words = {b"ab": 3, b"cd": 2}
    assert [merge.token for merge in learn_merges(words, 9, min_count=3)] == [b"ab"]
    assert [merge.token for merge in learn_merges(words, 9)] == [b"ab", b"cd"]


def passes(word, ranks):
    """The definition of encoding: merge every place of the pair that was learnt first, then look again."""
    parts = [word[i : i + 1] for i in range(len(word))]
    while True:
        ranked = [pair for pair in itertools.pairwise(parts) if pair in ranks]
        if not ranked:
            return parts
        left, right = min(ranked, key=ranks.__getitem__)
        parts = replaced(parts, left, right, left + right)


@given(WORDS, st.text("ab ", max_size=30))
def test_a_word_is_merged_in_the_order_of_learning(words, text):
    ranks = {(merge.left, merge.right): rank for rank, merge in enumerate(learn_merges(words, 12))}
    assert merge_word(text.encode(), ranks) == passes(text.encode(), ranks)


def test_the_steps_lead_from_the_bytes_to_the_tokens():
    ranks = {(b"t", b"h"): 0, (b"th", b"e"): 7, (b"h", b"e"): 3}
    steps = merge_steps("the", ["the"], ranks)
    assert str(steps.goal) == "'t' 'h' 'e'"
    assert [str(step.after) for step in steps] == ["'th' 'e'", "'the'"]
    assert [step.rule for step in steps] == ["merge number 1", "merge number 8"]
    assert steps.result == Segmentation((b"the",))


@given(WORDS, st.text("ab ", max_size=20))
def test_each_step_joins_two_neighbours(words, text):
    ranks = {(merge.left, merge.right): rank for rank, merge in enumerate(learn_merges(words, 12))}
    steps = merge_steps(text, [text], ranks)
    for step in steps:
        before, after = step.before.parts, step.after.parts
        joined = [
            i for i in range(len(before) - 1) if (*before[:i], before[i] + before[i + 1], *before[i + 2 :]) == after
        ]
        assert joined
        assert any(step.rule == f"merge number {ranks[before[i], before[i + 1]] + 1}" for i in joined)
    assert [*steps.result.parts] == merge_word(text.encode(), ranks)


def test_steps_of_several_words_are_refused():
    with pytest.raises(ValueError, match=r"one word, got 2: \['a', ' b'\]"):
        merge_steps("a b", ["a", " b"], {})


def test_halves_of_characters_are_shown_as_bytes():
    euro = "€".encode()
    assert str(Merge(euro[:2], euro[2:], 1200)) == r"b'\xe2\x82' + b'\xac' → '€' (count 1,200)"
    assert str(Segmentation((euro[:1], b" a"))) == r"b'\xe2' ' a'"
