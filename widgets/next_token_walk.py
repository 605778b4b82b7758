"""A walk through the tree of texts: what the model says at each place, what has been taken, which roads lead off.

The model reads each token once. Its keys and values are kept, so that going back is setting a number and going on
costs one token; where the walk has been before, nothing is computed at all. A place is known by its path: the tokens
drawn since the prompt.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from agentos_lab.lm.generation import next_logits
from agentos_lab.lm.kv_cache import CacheSnapshot
from agentos_lab.lm.language_model import LanguageModel

__all__ = ["Lens", "Reading", "Road", "Walk", "look_through_layers"]

Path = tuple[int, ...]  # tokens since the prompt

FAVOURITES = 3  # as many roads are looked down, so that two are left whichever is taken
AHEAD = 3  # tokens of a road after its first
READINGS = 48  # places whose scores are kept: 200 kB each with 49,152 tokens
SHOWN_FAVOURITES = 5  # of each layer, in the logit lens


@dataclass(frozen=True)
class Place:
    """What is remembered of every place.

    Attributes:
        given: Probability that the model gave the last token of the path; 1 for the prompt itself.
        favourites: The likeliest next tokens with their probabilities.
    """

    given: float
    favourites: tuple[tuple[int, float], ...]


@dataclass(frozen=True)
class Reading:
    """What the model computes at a place: scores of the next token (V,), and the stream after each layer (L, D)."""

    logits: Tensor
    streams: Tensor


@dataclass(frozen=True)
class Lens:
    """The logit lens at one place: what the model would answer if it stopped after each layer.

    Attributes:
        favourites: The five likeliest tokens of each layer (L, 5).
        probabilities: Of those (L, 5).
        ranks: For each token asked about, its rank in every layer (tokens, L); 1 is the favourite.
    """

    favourites: list[list[int]]
    probabilities: list[list[float]]
    ranks: list[list[int]]


@dataclass(frozen=True)
class Road:
    """A way on from a place.

    Attributes:
        tokens: The first token, and up to three more.
        probability: That the model gives the first one.
        walked: Whether the walk has been there; its tokens are then those that were taken, else the likeliest.
    """

    tokens: Path
    probability: float
    walked: bool


@torch.inference_mode()
def look_through_layers(lm: LanguageModel, streams: Tensor, tokens: Sequence[int]) -> Lens:
    """The logit lens (nostalgebraist 2020): each layer's stream straight through final norm and unembedding.

    Args:
        lm: The model.
        streams: The residual stream after each block at one token (L, D).
        tokens: Whose ranks are wanted.
    """
    logits = lm.model.unembed(lm.model.final_norm(streams)).float()  # (L, V), one product for all layers
    top = logits.topk(min(SHOWN_FAVOURITES, logits.shape[-1]), dim=-1)
    probabilities = (top.values - logits.logsumexp(dim=-1, keepdim=True)).exp()
    layers = logits.cpu().numpy()  # numpy counts ten times as fast as torch
    ranks = [[1 + int(np.count_nonzero(layer > layer[token])) for layer in layers] for token in tokens]
    return Lens(top.indices.tolist(), probabilities.tolist(), ranks)


class Walk:
    """All places that were visited after one prompt.

    Args:
        lm: A causal model with its tokenizer.
        text: The prompt.

    Raises:
        ValueError: The tokenizer cannot write the text, or it fills the model's context.
    """

    def __init__(self, lm: LanguageModel, text: str) -> None:
        self.lm, self.text = lm, text
        self.prompt: Path = tuple(lm.encode(text)[0].tolist())
        if len(self.prompt) >= lm.model.config.context:
            raise ValueError(
                f"the text has {len(self.prompt):,} tokens and the model reads {lm.model.config.context:,}, the last "
                "of which must be left for the answer; shorten it"
            )
        self._places: dict[Path, Place] = {}
        self._readings: OrderedDict[Path, Reading] = OrderedDict()
        self._greedy: dict[Path, dict[int, Path]] = {}  # place -> first token of a road -> how it goes on
        self._onward: dict[Path, int] = {}  # place -> the token taken there last
        self._cache = lm.model.new_cache(1, min(lm.model.config.context, len(self.prompt) + 64))
        self._held: Path = ()  # the tokens whose keys and values are in the cache

    def read(self, path: Path) -> Reading:
        """What the model computes at the end of a path; computed once."""
        if path not in self._readings:
            self._read(path)
        self._readings.move_to_end(path)
        for end, token in enumerate(path):
            self._onward[path[:end]] = token
        return self._readings[path]

    def given(self, path: Path) -> list[float]:
        """Probability that the model gave each token of a path that was read."""
        return [self._places[path[:end]].given for end in range(1, len(path) + 1)]

    def ended(self, path: Path) -> Literal["", "stop", "context"]:
        """Why nothing can be drawn at a place: the model has ended its text, or can read no more."""
        if path and path[-1] == self.lm.tokenizer.special.get("eos"):
            return "stop"
        return "context" if len(self.prompt) + len(path) >= self.lm.model.config.context else ""

    def roads(self, path: Path, taken: int | None = None) -> list[Road]:
        """Roads that lead off a place, likeliest first: two besides the one that was taken, else three.

        One that was walked before comes in even if it is unlikely, so that the way back is in sight.
        """
        probabilities = dict(self._places[path].favourites)
        children = [each[-1] for each in self._places if len(each) == len(path) + 1 and each[:-1] == path]
        for token in children:
            probabilities.setdefault(token, self._places[(*path, token)].given)
        probabilities.pop(taken if taken is not None else -1, None)
        wanted = FAVOURITES if taken is None else FAVOURITES - 1
        latest = [token for token in reversed(children) if token in probabilities][:wanted]
        likely = sorted(probabilities, key=lambda token: -probabilities[token])
        chosen = [*latest, *(token for token in likely if token not in latest)][:wanted]
        return [self._road(path, token, probabilities[token]) for token in likely if token in chosen]

    def knows_roads(self, path: Path) -> bool:
        """Whether the roads off a place have been followed."""
        return path in self._greedy or bool(self.ended(path))

    @torch.inference_mode()
    def look_ahead(self, paths: Iterable[Path]) -> None:
        """Follow the three likeliest roads off each of these places, greedily, all in one batch.

        Args:
            paths: Places that were read; each the beginning of the longest.
        """
        new = [path for path in paths if not self.knows_roads(path)]
        if not new:
            return
        longest = (*self.prompt, *max(new, key=len))
        steps = min(AHEAD, self.lm.model.config.context - len(longest) - 1)
        first = [(path, token) for path in new for token, _ in self._places[path].favourites]
        texts = [[*self.prompt, *path, token] for path, token in first]
        with self._evaluating():
            if steps > 0:
                self._hold(longest)
                mine = self._cache.snapshot()
                cache = self.lm.model.new_cache(len(texts), len(longest) + 1 + steps)
                for row, text in enumerate(texts):
                    read = len(text) - 1
                    cache.restore(row, CacheSnapshot(mine.keys[:, :, :read], mine.values[:, :, :read]))
            for _ in range(steps):
                for text, logits in zip(texts, next_logits(self.lm.model, texts, cache), strict=True):
                    text.append(int(logits.argmax()))
        self._greedy.update({path: {} for path in new})
        for (path, token), text in zip(first, texts, strict=True):
            self._greedy[path][token] = self._until_end(text[len(self.prompt) + len(path) + 1 :])

    def _road(self, path: Path, token: int, probability: float) -> Road:
        greedy = self._greedy.get(path, {}).get(token, ())
        here = (*path, token)
        walked = here in self._places
        on: Path = ()
        while here in self._onward and len(on) < AHEAD:
            on = (*on, self._onward[here])
            here = (*here, on[-1])
        return Road((token, *(greedy if greedy[: len(on)] == on else on)), probability, walked)

    def _until_end(self, tokens: Sequence[int]) -> Path:
        end = self.lm.tokenizer.special.get("eos")
        return tuple(tokens[: tokens.index(end) + 1] if end in tokens else tokens)

    @torch.inference_mode()
    def _read(self, path: Path) -> None:
        """Read what is new of a path, and remember every place on it."""
        text = (*self.prompt, *path)
        known = next((n for n in range(len(path) + 1) if path[:n] not in self._places), len(path))
        # The place before the first new one says how probable the step to it was.
        back = 1 if known and path[: known - 1] not in self._readings else 0
        start = min(self._common(text), len(self.prompt) - 1 + known - back)
        with self._evaluating():
            x, streams = self._run(text, start)
            for end in range(max(0, start + 1 - len(self.prompt)), len(path) + 1):
                at = len(self.prompt) - 1 + end - start
                logits = self.lm.model.unembed(x[at : at + 1])[0].float()
                self._remember(path[:end], Reading(logits, streams[:, at]))

    def _remember(self, path: Path, reading: Reading) -> None:
        if path not in self._places:
            before = self._readings[path[:-1]].logits.softmax(dim=-1) if path else None
            probabilities = reading.logits.softmax(dim=-1)
            top = probabilities.topk(min(FAVOURITES, len(probabilities)))
            favourites = tuple(zip(top.indices.tolist(), top.values.tolist(), strict=True))
            self._places[path] = Place(1.0 if before is None else float(before[path[-1]]), favourites)
        self._readings[path] = reading
        while len(self._readings) > READINGS:
            self._readings.popitem(last=False)

    def _hold(self, text: Path) -> None:
        """See to it that the cache begins with a text."""
        start = self._common(text)
        if start < len(text):
            self._run(text, start)

    def _run(self, text: Path, start: int) -> tuple[Tensor, Tensor]:
        """Read a text from `start` on: final stream (T, D), and the stream after every layer (L, T, D)."""
        model = self.lm.model
        if len(text) > self._cache.capacity:
            snapshot = self._cache.snapshot()
            self._cache = model.new_cache(1, min(model.config.context, 2 * len(text)))
            self._cache.restore(0, snapshot)
        self._cache.rewind(start)
        self._held = text[:start]
        streams: list[Tensor] = []
        # Hooks, not a probe: with nobody looking, attention computes as in `generate`, to the last bit.
        hooks = [block.register_forward_hook(lambda _, __, out: streams.append(out[0])) for block in model.blocks]
        try:
            x = model.hidden_states(torch.tensor([text[start:]], device=model.device), cache=self._cache)[0]
        finally:
            for hook in hooks:
                hook.remove()
        self._held = text
        return x, torch.stack(streams)

    def _common(self, text: Path) -> int:
        """How many of the first tokens of a text the cache holds."""
        pairs = zip(text, self._held, strict=False)
        return next((n for n, (one, two) in enumerate(pairs) if one != two), min(len(text), len(self._held)))

    @contextmanager
    def _evaluating(self) -> Iterator[None]:
        """Without dropout, even for a model that is being trained."""
        model = self.lm.model
        training = model.training
        if training:
            model.eval()
        try:
            yield
        finally:
            if training:
                model.train()
