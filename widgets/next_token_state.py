"""What a NextTokenExplorer shows, by pure functions: the reshaped distribution, the sentence, chips, roads and lens.

`reshape` is `agentos_lab.lm.sampling` on a distribution that is sorted already; `next_token.js` has the same few lines,
so that a slider needs no Python.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from agentos_lab.lm.language_model import LanguageModel

from .next_token_walk import Lens, Road, Walk
from .runs import Run, code, rich, strong
from .token_label import STAND_INS, token_runs
from .view import header

__all__ = ["Labels", "Reshaped", "chance", "next_token_state", "ranked", "reshape", "sentence_of", "uncertainty"]

TITLE = "What comes next?"
STEPS = 5  # of the way that has been walked, in the picture of the roads
CONTEXT = 18  # characters of the text that the sentence repeats

Scores = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Reshaped:
    """A distribution in order of rank, before and after temperature, top-k and top-p.

    Attributes:
        model: The model's own probabilities (V,).
        drawn: What is drawn from (V,): 0 beyond `kept`.
        sums: The running sum that top-p looks at (V,): after temperature and top-k.
        kept: How many tokens are left.
    """

    model: Scores
    drawn: Scores
    sums: Scores
    kept: int


def ranked(logits: npt.ArrayLike) -> tuple[Scores, npt.NDArray[np.int64]]:
    """Scores (V,) from the highest down, the highest being 0, and the token of each; of equals, the lowest id first."""
    scores = np.asarray(logits, dtype=np.float32)
    order = np.argsort(-scores, kind="stable")
    return scores[order] - scores[order[0]], order


def reshape(
    scores: npt.ArrayLike, temperature: float = 1.0, top_k: int | None = None, top_p: float | None = None
) -> Reshaped:
    """The distribution to draw from: temperature, then top-k, then top-p, then renormalise.

    Args:
        scores: From the highest down (V,), as `ranked` makes them.
        temperature: 0 puts everything on the first.
        top_k: Keep so many, and what ties with the last of them.
        top_p: Keep the fewest that hold this mass, and what ties with the last of them.
    """
    scores = np.asarray(scores, dtype=np.float64)
    model = normalized(np.exp(scores))
    if temperature == 0.0:
        first = np.arange(len(scores)) == 0
        return Reshaped(model, first.astype(float), np.ones(len(scores)), 1)
    kept = len(scores)
    if top_k is not None and top_k < kept:
        kept = int(np.count_nonzero(scores >= scores[top_k - 1]))
    warm = np.exp(scores / temperature)
    warm[kept:] = 0.0
    shares = normalized(warm)
    sums = np.minimum(shares.cumsum(), 1.0)
    if top_p is not None and top_p < 1.0:
        last = max(int(np.count_nonzero(sums - shares < top_p)), 1) - 1
        kept = min(kept, int(np.count_nonzero(scores >= scores[last])))
    drawn = normalized(np.where(np.arange(len(scores)) < kept, shares, 0.0))
    return Reshaped(model, drawn, sums, kept)


def normalized(weights: Scores) -> Scores:
    """Weights divided by their sum."""
    return weights / weights.sum()


def uncertainty(probabilities: npt.ArrayLike) -> float:
    """Shannon entropy in bits: how many yes-or-no questions the next token is worth."""
    p = np.asarray(probabilities, dtype=np.float64)
    p = p[p > 0]
    return float(-(p * np.log2(p)).sum()) + 0.0  # + 0: no minus zero


def chance(probability: float) -> str:
    """A probability in print: two decimals, three at both ends, where two would say 0 or 1."""
    if probability in (0.0, 1.0):
        return f"{probability:.0f}"
    if probability < 0.0005:
        return "<0.001"
    if probability >= 0.9995:
        return ">0.999"
    return f"{probability:.{2 if 0.0095 <= probability < 0.995 else 3}f}"


def running(total: float) -> str:
    """A running sum in print, rounded down: it never reads as much as a limit that it has not reached."""
    return f"{np.floor(total * 1000 + 1e-6) / 1000:.3f}"


def settings_in_words(temperature: float, top_k: int | None, top_p: float | None) -> list[str]:
    """Those settings that do something, in the order in which they work."""
    told = [f"temperature {temperature:.2f}".rstrip("0").rstrip(".")] if temperature != 1.0 else []
    told += [f"top-k {top_k}"] if top_k is not None else []
    return told + ([f"top-p {top_p:.2f}"] if top_p is not None else [])


def sentence_of(
    state: Mapping[str, Any], shape: Reshaped, temperature: float, top_k: int | None, top_p: float | None
) -> list[Run | str]:
    """The header's sentence: the text, what the settings leave, and who leads."""
    after: list[Run | str] = ["After ", code(state["after"])]
    leader = code(state["rows"][0]["spoken"])
    if state["ended"]:
        told = {"stop": ", the model has ended its text", "context": ", the model's context is full"}[state["ended"]]
        return [*after, told, ": go back, or take another road."]
    if temperature == 0.0 or top_k == 1:
        return [*after, ", greedy: always the favourite, ", leader, "."]
    total = len(shape.model)
    words = settings_in_words(temperature, top_k, top_p)
    if not words:
        model = chance(float(shape.model[0]))
        return [*after, f", the model has {total:,} answers; ", leader, f" leads with {model}."]
    listed = " and ".join([", ".join(words[:-1]), words[-1]] if words[1:] else words)
    leave = "leaves" if len(words) == 1 else "leave"
    kept: list[Run | str] = [strong(f"{shape.kept:,} of {total:,}"), " tokens"]
    if shape.kept == total:
        kept = [f"all {total:,} tokens"]
    led = f" leads with {chance(float(shape.drawn[0]))}."
    return [*after, f", {listed} {leave} ", *kept, "; ", leader, led]


def facts_of(state: Mapping[str, Any], shape: Reshaped) -> str:
    """The model's name, and how uncertain it is before and after."""
    before, after = uncertainty(shape.model), uncertainty(shape.drawn)
    told = f"{before:.2f}" if f"{before:.2f}" == f"{after:.2f}" else f"{before:.2f} → {after:.2f}"
    return f"{state['name']} · uncertainty {told} bits"


def next_token_state(
    walk: Walk, tokens: Labels, path: tuple[int, ...], lens: Lens, likeliest: npt.NDArray[np.int64], total: int
) -> dict[str, Any]:
    """Everything at one place of a walk that does not depend on temperature, top-k and top-p.

    Args:
        walk: Has read the path.
        tokens: How its tokens are shown.
        path: The tokens since the prompt.
        lens: With the ranks of the tokens in the rows.
        likeliest: The tokens that have a row, by rank.
        total: Number of all tokens V.
    """
    given = walk.given(path)
    first = max(0, len(path) - STEPS)
    before = (*walk.prompt, *path[:first])
    steps = [
        tokens.of(path[n]) | {"given": given[n], "roads": [tokens.road(road) for road in walk.roads(path[:n], path[n])]}
        for n in range(first, len(path))
    ]
    ended = walk.ended(path)
    return header(TITLE, "") | {
        "name": walk.lm.name,
        "total": total,
        "after": ending(walk.lm, (*walk.prompt, *path)),
        "prompt": [tokens.of(token) for token in walk.prompt],
        "drawn": [tokens.of(token) | {"given": p} for token, p in zip(path, given, strict=True)],
        "rows": [tokens.of(token) for token in likeliest.tolist()],
        "from": ending(walk.lm, before, 7),
        "steps": steps,
        "ahead": [] if ended else [tokens.road(road) for road in walk.roads(path)],
        "ended": ended,
        "pending": not all(walk.knows_roads(path[:n]) for n in range(first, len(path) + 1)),
        "lens": lens_state(tokens, lens, int(likeliest[0])),
    }


def lens_state(tokens: Labels, lens: Lens, leader: int) -> dict[str, Any]:
    """The logit lens: each layer's favourites, the ranks of the rows' tokens, and what there is to say about it."""
    labels = {str(token): tokens.of(token) for layer in lens.favourites for token in layer}
    return {
        "favourites": lens.favourites,
        "chances": lens.probabilities,
        "ranks": lens.ranks,
        "labels": labels,
        "story": story(lens.ranks[0], tokens.of(leader)["spoken"]),
    }


def story(ranks: Sequence[int], leader: str) -> list[list[str]]:
    """When the answer forms, in one sentence."""
    last = len(ranks) - 1
    wins = next((layer for layer in range(len(ranks)) if set(ranks[layer:]) == {1}), last)
    if wins == 0:
        return rich([code(leader), " leads from the first layer on."])
    late = wins > 2 / 3 * last
    before = min(wins - 1, round(0.75 * last))
    if ranks[before] == 1:  # it led before, and lost the lead
        before = max(range(before, wins), key=lambda layer: ranks[layer])
    words = f" stands at rank {ranks[before]:,} in layer {before} and wins {'only ' if late else ''}in layer {wins}."
    return rich(["The last word falls late: " if late else "The answer is there early: ", code(leader), words])


def ending(lm: LanguageModel, tokens: Sequence[int], length: int = CONTEXT) -> str:
    """The end of a text, cut at a blank and marked with … where something is left out."""
    tail = lm.tokenizer.decode(tokens[-length:], show_special=True)
    text = "".join(STAND_INS.get(character, character) if character != " " else " " for character in tail).strip()
    if len(text) <= length and len(tokens) <= length:
        return text
    cut = text[-length:]
    blank = cut.find(" ")
    return f"… {cut[blank + 1 :]}" if 0 <= blank < length - 4 else f"…{cut[1:]}"


class Labels:
    """Tokens as the picture shows them.

    Args:
        lm: Whose tokens.
    """

    def __init__(self, lm: LanguageModel) -> None:
        self.tokenizer = lm.tokenizer
        self.names = {lm.tokenizer.special.get(name): shown for name, shown in (("bos", "start"), ("eos", "end"))}
        self.known: dict[int, dict[str, Any]] = {}  # the same few hundred come again and again

    def of(self, token: int) -> dict[str, Any]:
        """A token: its id, its label in styled parts, and its text for sentences."""
        if token not in self.known:
            self.known[token] = self.made(token)
        return self.known[token]

    def made(self, token: int) -> dict[str, Any]:
        """The same for the first time."""
        if token >= self.tokenizer.vocab_size:  # a table may have more rows than there are tokens
            runs = [["code quiet", f"#{token}"]]
        elif token in self.names:
            runs = [["code quiet", self.names[token]]]
        else:
            runs = token_runs(self.tokenizer.token_bytes(token) or self.tokenizer.token_text(token))
        label = "".join(text for _, text in runs)
        return {"id": int(token), "label": runs, "spoken": label.removeprefix("·") or label}

    def road(self, road: Road) -> dict[str, Any]:
        """A road: its tokens as one readable text, piece by piece."""
        pieces = [self.of(token) | {"text": self.readable(token)} for token in road.tokens]
        pieces[0]["text"] = pieces[0]["text"].lstrip(" ") or "·"
        return {"tokens": pieces, "given": road.probability, "walked": road.walked}

    def readable(self, token: int) -> str:
        """A token within a text: a blank is a blank."""
        runs = self.of(token)["label"]
        told = (text.replace("·", " ") if style == "code quiet" else text for style, text in runs)
        return "".join(told).replace("↵", "↵ ")
