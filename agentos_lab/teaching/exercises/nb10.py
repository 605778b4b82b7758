"""Checks and quiz of notebook 10, tokens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ..checking import exercise
from ..comparison import Problem, compare_calls
from ..questions import Option, Question

if TYPE_CHECKING:
    from agentos_lab.lm.tokenizer import Tokenizer

__all__ = ["QUIZ", "encode", "pair_counts", "second_token", "shorten"]

Pairs = Sequence[tuple[str, str]]


@exercise(
    "second_token",
    points=1,
    hints=(
        "After the first merge the text is `pa` `pa` `y` `a` and ` ` `pa` `pa`. Count the pairs again.",
        "One pair occurs twice, all the others once.",
    ),
    right="`pa` + `pa` occurs twice. Two merges, and a whole word is one token.",
)
def second_token(answer: Any) -> Problem | None:
    """The token that the second merge makes of ``papaya papa``."""
    if answer is Ellipsis:
        raise NotImplementedError("the token is still `...`")
    if isinstance(answer, list | tuple) and all(isinstance(part, str) for part in answer):
        answer = "+".join(answer)
    if not isinstance(answer, str):
        return Problem("A token is a text.", yours=repr(answer))
    found = "".join(part.strip() for part in answer.split("+")) if "+" in answer else answer
    why = {
        "pa": "That is the first merge. Put `pa` in place of the pair everywhere, and count again.",
        "ap": "Between the two `pa` no `ap` is left: the first merge has used up both letters.",
        "ya": "`y` + `a` occurs only once in the text.",
        "pay": "`pa` + `y` occurs only once. There is a pair that occurs twice.",
    }
    if found in why:
        return Problem(why[found], yours=repr(answer))
    if found in ("papa", "pa pa"):
        return None
    if found.strip() == "papa":
        return Problem("A space is a token as well. What it stands beside does not occur twice.", yours=repr(answer))
    if len(found) < 2 or found not in "papaya papa":
        return Problem("This is not made of two tokens that stand side by side in the text.", yours=repr(answer))
    return Problem(
        "Write the text with `pa` as one token. Which two tokens side by side occur twice?", yours=repr(answer)
    )


def _pair_counts(words: dict[str, int]) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for word, times in words.items():
        for pair in pairwise(word):
            counts[pair] += times
    return counts


def _each_once(words: dict[str, int]) -> Counter[tuple[str, str]]:
    return _pair_counts(dict.fromkeys(words, 1))


def _last_wins(words: dict[str, int]) -> dict[tuple[str, str], int]:
    return {pair: times for word, times in words.items() for pair in pairwise(word)}


@exercise(
    "pair_counts",
    points=1,
    hints=(
        "The word `the` occurs 500 times. How much must its pair t + h count?",
        "`times` is read and not used: that is the line to change.",
    ),
    right="A corpus of millions of words shrinks to a table of its different words: training counts there.",
)
def pair_counts(answer: Any) -> Problem | None:
    """A function of words with their frequencies that gives the frequencies of their pairs."""
    mistakes = {
        "Each word counts once here, however often it occurs in the text.": _each_once,
        "A pair that occurs in several words keeps only the last one's count: **add** to what is there.": _last_wins,
    }
    cases = [({"at": 3},), ({"cat": 2, "hat": 5},), ({"banana": 2, "an": 1},)]
    return compare_calls(answer, _pair_counts, cases, mistakes=mistakes, what="the counts")


def _merged(row: Sequence[str], left: str, right: str, limit: int | None = None) -> list[str]:
    new: list[str] = []
    done = 0
    for piece in row:
        if new and new[-1] == left and piece == right and (limit is None or done < limit):
            new[-1] = left + right
            done += 1
        else:
            new.append(piece)
    return new


def _encode(word: str, merges: Pairs, limit: int | None = None) -> list[str]:
    row = list(word)
    for left, right in merges:
        row = _merged(row, left, right, limit)
    return row


def _in_the_text(word: str, merges: Pairs) -> list[str]:
    text = " ".join(word)
    for left, right in merges:
        text = text.replace(f"{left} {right}", left + right)
    return text.split(" ")


def _longest_first(word: str, merges: Pairs) -> list[str]:
    known = {left + right for left, right in merges}
    row: list[str] = []
    while word:
        size = next((n for n in range(len(word), 1, -1) if word[:n] in known), 1)
        row.append(word[:size])
        word = word[size:]
    return row


@exercise(
    "encode",
    points=3,
    hints=(
        "Two loops: the outer over the merges, the inner over the pieces of the word as they are now.",
        "Build a new list. When its last piece is `left` and the next piece is `right`, replace the last piece.",
    ),
    right="Merges in the order in which they were learned, each over the whole word: that is all of encoding.",
)
def encode(answer: Any) -> Problem | None:
    """A function of a word and a list of merges that gives the word's pieces."""
    mistakes = {
        "Each merge is applied only once here; it belongs everywhere in the word.": lambda w, m: _encode(w, m, 1),
        "You take the longest piece that fits. The rule is another: the merge that was learned **first** goes "
        "first.": _longest_first,
        "The merges are applied from the last to the first; the one learned first must go first.": lambda w, m: _encode(
            w, m[::-1]
        ),
        "The word comes back as single characters: nothing has been merged.": lambda w, m: list(w),
        "A merge joins whole pieces. `ba` ends with `a`, but it is not the piece `a`.": _in_the_text,
    }
    banana = [("a", "n"), ("b", "an"), ("an", "a")]
    cases = [
        ("an", [("a", "n")]),
        ("anan", [("a", "n")]),
        ("banana", banana),
        ("cabana", banana),
        ("aaa", [("a", "a")]),
        ("abc", [("b", "c"), ("a", "b"), ("ab", "c")]),
        ("ban", [("b", "a"), ("a", "n")]),
        ("xyz", []),
    ]
    return compare_calls(answer, _encode, cases, mistakes=mistakes, what="the pieces")


def _shorten(text: str, limit: int, tokenizer: Tokenizer) -> str:
    ids = tokenizer.encode(text)[:limit]
    while not text.startswith(tokenizer.decode(ids)):
        ids.pop()
    return tokenizer.decode(ids)


@exercise(
    "shorten",
    points=3,
    hints=(
        "Encode, keep the first `limit` numbers, decode. Then look at the end of what you get.",
        "`while not text.startswith(tokenizer.decode(ids)):` drop the last number.",
    ),
    right="Cut at tokens to fit the budget, at characters to stay readable.",
)
def shorten(answer: Any) -> Problem | None:
    """A function of text, limit and tokenizer that gives the text's beginning within so many tokens."""
    mistakes = {
        "You keep the first `limit` **characters**; the limit counts tokens.": lambda t, n, k: t[:n],
        "You keep the first `limit` **words**; the limit counts tokens.": lambda t, n, k: " ".join(t.split()[:n]),
        "The cut goes through the middle of a character, and half of it comes out as `�`.": lambda t, n, k: k.decode(
            k.encode(t)[:n]
        ),
        "Removing every `�` from the result also removes those that were in the text.": lambda t, n, k: k.decode(
            k.encode(t)[:n]
        ).replace("\ufffd", ""),
        "Taking `�` off the end also takes one off that stood in the text.": lambda t, n, k: k.decode(
            k.encode(t)[:n]
        ).rstrip("\ufffd"),
        "That is the end of the text; its beginning was asked for.": lambda t, n, k: k.decode(k.encode(t)[-n:]),
    }
    from agentos_lab.lm.byte_pair_encoding import BytePairTokenizer

    tokenizer = BytePairTokenizer.train("the cat and the hat and the cat", 270)
    texts = ["the cat and the hat", "the café", "a我b", "odd � sign"]
    limits = (2, 3, 6, 7, 100, 1, 0)
    cases = [(text, limit, tokenizer) for text in texts for limit in limits]
    # Half of a � is written as �: whether it may stay cannot be told from the text, so it is not asked.
    cases.remove(("odd � sign", 6, tokenizer))
    return compare_calls(answer, _shorten, cases, mistakes=mistakes, what="the text")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Why do tokenizers start from the 256 bytes, and not from the characters that occur in the training text?",
        (
            Option("Because bytes make the text shorter.", "They make it longer: up to four bytes for a character."),
            Option(
                "Because every text that anybody can ever type is made of them.",
                "A character that was never seen falls into bytes that have been; nothing is unknown.",
                right=True,
            ),
            Option(
                "Because a byte means more to a model than a character.",
                "One byte of a Thai letter means nothing alone. Meaning comes with the merges, and with training.",
            ),
            Option(
                "Because merges of characters would not be reversible.",
                "They would be: joining the pieces gives the text back in both cases.",
            ),
        ),
    ),
    Question(
        "A trained tokenizer meets a new word, and several of its merges fit. Which comes first?",
        (
            Option(
                "The one that makes the longest token.",
                "That is another method. `cabana` became c a ban a although `ana` is as long and was known.",
            ),
            Option("The one furthest to the left.", "Only among places for the *same* merge."),
            Option(
                "The one that was learned first.",
                "Encoding repeats the training: the most frequent pair of the training text goes first.",
                right=True,
            ),
            Option(
                "The pair that is most frequent in the new word.",
                "Nothing is counted when a text is encoded; the list of merges is fixed.",
            ),
        ),
    ),
    Question(
        "A user's message contains the characters `<|im_end|>`. What should the tokenizer make of them?",
        (
            Option(
                "The special token: that is how it is written.",
                "Then every user could end their turn and go on as the system.",
            ),
            Option(
                "Ordinary pieces of text, like any other ten characters.",
                "Only the program that builds the conversation may put in special tokens, as numbers.",
                right=True,
            ),
            Option(
                "Nothing: it should delete them.",
                "Then one could not even ask what `<|im_end|>` means; and the text would not come back.",
            ),
            Option(
                "An error.",
                "It is a harmless text as long as it stays one; this notebook is full of it.",
            ),
        ),
    ),
    Question(
        "The same sentence has 7 tokens in English and 48 in Thai. What follows from that alone?",
        (
            Option(
                "Thai says the same less efficiently than English.",
                "In characters the Thai sentence is the shorter one, 25 against 35.",
            ),
            Option(
                "The model knows no Thai.",
                "It can read all 48 tokens. What it makes of them must be measured with the model.",
            ),
            Option(
                "The Thai text costs about seven times as much room and work.",
                "The model works once for each token, and its memory is counted in tokens.",
                right=True,
            ),
            Option(
                "The tokenizer was trained on Thai translations of English.",
                "It was trained on hardly any Thai at all; then few merges fit.",
            ),
        ),
    ),
)
