"""Merges: the two halves of byte-pair encoding, learning which neighbours to merge and merging them in a word.

(Sennrich, Haddow & Birch 2016, "Neural machine translation of rare words with subword units", algorithm 1.) Both keep
the tokens in a row in which each knows its neighbours, and a priority queue of pairs, so that a merge costs as much as
it has places, not as much as the text is long.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from agentos_lab.results import Derivation, Step

from .vocabulary import utf8

__all__ = ["Merge", "Segmentation", "learn_merges", "merge_steps", "merge_word", "shown"]

SOURCE = "Sennrich, Haddow & Birch 2016, algorithm 1"


@dataclass(frozen=True)
class Merge:
    """One learnt merge: wherever `left` stands before `right`, they become one token.

    Attributes:
        left: Bytes of the first token.
        right: Bytes of the second.
        count: How often the pair stood in the training text when it was chosen; 0 if unknown.
    """

    left: bytes
    right: bytes
    count: int = 0

    @property
    def token(self) -> bytes:
        """The bytes of the new token."""
        return self.left + self.right

    def __str__(self) -> str:
        counted = f" (count {self.count:,})" if self.count else ""
        return f"{shown(self.left)} + {shown(self.right)} → {shown(self.token)}{counted}"


@dataclass(frozen=True)
class Segmentation:
    """A word cut into tokens; prints as ``'th' 'e'``."""

    parts: tuple[bytes, ...]

    def __str__(self) -> str:
        return " ".join(map(shown, self.parts))


def learn_merges(words: Mapping[bytes, int], limit: int, min_count: int = 1) -> Iterator[Merge]:
    """The most frequent pair of neighbours, again and again: yields at most `limit` new tokens' merges.

    All words lie in one row, in which every token knows its neighbours. A merge then costs only as much as it has
    places: each place takes away the pairs with its two neighbours and adds two new ones.

    Args:
        words: How often each word occurs.
        limit: Number of tokens to make.
        min_count: Stop when the most frequent pair is rarer than this.
    """
    table = [bytes([value]) for value in range(256)]
    numbers = {token: number for number, token in enumerate(table)}
    row, weight, before, after = _rows(words)
    counts: Counter[tuple[int, int]] = Counter()
    places: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for place, follower in enumerate(after):
        if follower >= 0:
            pair = row[place], row[follower]
            counts[pair] += weight[place]
            places[pair].append(place)
    queue = [(-count, pair) for pair, count in counts.items()]  # most frequent first, then lower numbers
    heapq.heapify(queue)

    while queue and len(table) < 256 + limit:
        count, pair = -queue[0][0], queue[0][1]
        if counts[pair] != count:  # it has become rarer since it was queued
            heapq.heapreplace(queue, (-counts[pair], pair))
            continue
        heapq.heappop(queue)
        if count < max(min_count, 1):
            return
        left, right = pair
        merge = Merge(table[left], table[right], count)
        new = numbers.setdefault(merge.token, len(table))
        table += [merge.token] if new == len(table) else []
        grown = set()
        for place in sorted(places.pop(pair)):
            follower = after[place]
            if row[place] != left or follower < 0 or row[follower] != right:
                continue  # an earlier merge took one of the two
            previous, following = before[place], after[follower]
            if previous >= 0:
                counts[row[previous], left] -= weight[place]
                counts[row[previous], new] += weight[place]
                places[row[previous], new].append(previous)
                grown.add((row[previous], new))
            if following >= 0:
                counts[right, row[following]] -= weight[place]
                counts[new, row[following]] += weight[place]
                places[new, row[following]].append(place)
                grown.add((new, row[following]))
                before[following] = place
            row[place], row[follower], after[place] = new, -1, following
        del counts[pair]
        for created in grown:
            heapq.heappush(queue, (-counts[created], created))
        yield merge


def _rows(words: Mapping[bytes, int]) -> tuple[list[int], list[int], list[int], list[int]]:
    """All words in one row: byte, count of its word, place before and place after (-1 at a word's border)."""
    row: list[int] = []
    weight: list[int] = []
    before: list[int] = []
    after: list[int] = []
    for word, count in words.items():
        start, end = len(row), len(row) + len(word)
        row += word
        weight += [count] * len(word)
        before += [-1, *range(start, end - 1)]
        after += [*range(start + 1, end), -1]
    return row, weight, before, after


def merge_word(
    word: bytes,
    ranks: Mapping[tuple[bytes, bytes], int],
    observe: Callable[[int, tuple[bytes, ...]], None] | None = None,
) -> list[bytes]:
    """Apply merges to one word: of all neighbours that can be merged, always those that were learnt first.

    Args:
        word: The bytes of the word.
        ranks: For each pair that can be merged, when it was learnt (0 is first).
        observe: Called after each merge with its rank and the word's tokens.

    Returns:
        The tokens of the word.
    """
    parts = [word[i : i + 1] for i in range(len(word))]  # a token stands at its first byte, b"" at its others
    before, after = [*range(-1, len(word) - 1)], [*range(1, len(word) + 1)]
    queue: list[tuple[int, int]] = []  # (rank, place of the left token); of equal rank the leftmost first

    def offer(place: int) -> None:
        if place >= 0 and after[place] < len(word):
            rank = ranks.get((parts[place], parts[after[place]]))
            if rank is not None:
                heapq.heappush(queue, (rank, place))

    for place in range(len(word)):
        offer(place)
    while queue:
        rank, place = heapq.heappop(queue)
        follower = after[place]
        if follower == len(word) or ranks.get((parts[place], parts[follower])) != rank:
            continue  # another merge took one of the two
        parts[place], parts[follower] = parts[place] + parts[follower], b""
        after[place] = after[follower]
        if after[place] < len(word):
            before[after[place]] = place
        offer(before[place])
        offer(place)
        if observe:
            observe(rank, tuple(filter(None, parts)))
    return [part for part in parts if part]


def merge_steps(word: str, words: list[str], ranks: Mapping[tuple[bytes, bytes], int]) -> Derivation:
    """How `merge_word` gets from the bytes of a word to its tokens.

    Args:
        word: The word.
        words: What pre-tokenisation makes of it; more than one word is an error.
        ranks: When each pair was learnt.

    Raises:
        ValueError: If `words` has more than one element.
    """
    if len(words) > 1:
        raise ValueError(f"expected one word, got {len(words)}: {words[:6]}; ask for each of them")
    data = utf8(word)
    states = [Segmentation(tuple(data[i : i + 1] for i in range(len(data))))]
    steps: list[Step] = []

    def record(rank: int, parts: tuple[bytes, ...]) -> None:
        states.append(Segmentation(parts))
        steps.append(Step(f"merge number {rank + 1:,}", SOURCE, states[-2], states[-1]))

    merge_word(data, ranks, record)
    return Derivation(states[0], tuple(steps))


def shown(token: bytes) -> str:
    """A token in quotes: as text where it is whole characters, else as bytes."""
    try:
        return repr(token.decode())
    except UnicodeDecodeError:
        return repr(token)
