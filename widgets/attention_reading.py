"""A reading: one run of a model over a text with every head's attention kept, and runs with heads silenced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from agentos_lab.lm.activations import Probe, Trace
from agentos_lab.lm.language_model import LanguageModel
from agentos_lab.lm.positional_encoding import rotary_rotation
from agentos_lab.lm.tokenizer import Tokenizer

from .token_label import token_label

__all__ = ["Reading", "read", "spell", "tokens_of"]

SITES = ("blocks.*.input", "blocks.*.attention.[qk]", "blocks.*.attention.weights")


@dataclass(frozen=True)
class Reading:
    """What a model did while it read a text.

    Attributes:
        lm: Who read.
        trace: What was recorded: `SITES` of one text.
        begins: Whether the first token is not of the text, but the one that begins texts.
        causal: Whether a token saw only those before it.
        positions: Whether tokens knew where they stand; if not, all stood at position 0.
        place: Index of the token whose answer is shown: a masked model's first mask, else the last token.
    """

    lm: LanguageModel
    trace: Trace = field(repr=False)
    begins: bool
    causal: bool
    positions: bool
    place: int

    @cached_property
    def tokens(self) -> list[int]:
        """Ids of the tokens that were read."""
        return self.trace.tokens[0].tolist()

    @cached_property
    def labels(self) -> list[str]:
        """The tokens in print."""
        return [spell(self.lm.tokenizer, token) for token in self.tokens]

    @cached_property
    def weights(self) -> Tensor:
        """Who looked at whom (layers, H, T, S); every row sums to 1."""
        return self.trace.stack("attention.weights")[:, 0].float().cpu()

    @cached_property
    def probabilities(self) -> Tensor:
        """The model's answer (V,)."""
        return self.trace.logits[0, self.place].float().cpu().softmax(dim=-1)

    def query_and_key(self, layer: int, head: int) -> tuple[Tensor, Tensor]:
        """The vectors q and k of one head, (T, d) each; heads of a group share their keys."""
        q, k = (self.trace[f"blocks.{layer}.attention.{name}"][0] for name in "qk")  # (H, T, d), (KV, T, d)
        return q[head].float().cpu(), k[head * len(k) // len(q)].float().cpu()

    @torch.no_grad()
    def without(self, layer: int, heads: Sequence[int]) -> Tensor:
        """What the model would answer without a head, for each of several heads of a layer.

        The runs are the rows of one batch, and every row loses its own head: what that brings is set to zero. Nothing
        changes below the layer, so the batch starts from the stream that entered it in this reading.

        Args:
            layer: The layer, from 0.
            heads: Which of its heads, from 0.

        Returns:
            Probabilities (len(heads), V).
        """
        model, count = self.lm.model, len(self.tokens)
        stream = self.trace[f"blocks.{layer}.input"].expand(len(heads), -1, -1)  # (B, T, D)
        rotation = None
        if model.config.position == "rotary":
            places = place_numbers(count, self.positions, model.device)
            rotation = rotary_rotation(places, model.config.head_width, model.config.rope_base)
        was_training = model.training
        model.eval()
        for number, block in enumerate(list(model.blocks)[layer:], layer):
            probe = silence_one_each(heads) if number == layer else None
            stream = block(stream, is_causal=self.causal and count > 1, rotation=rotation, layer=number, probe=probe)
        logits = model.unembed(model.final_norm(stream[:, self.place]))  # (B, V)
        model.train(was_training)
        return logits.float().cpu().softmax(dim=-1)


def silence_one_each(heads: Sequence[int]) -> Probe:
    """A probe for a batch whose row b loses head ``heads[b]``; compare `activations.ablate_heads`."""

    def probe(name: str, layer: int | None, tensor: Tensor) -> Tensor | None:
        if name != "attention.heads":
            return None
        silenced = tensor.clone()
        silenced[list(range(len(heads))), list(heads)] = 0.0  # (B, H, T, d)
        return silenced

    return probe


def read(
    lm: LanguageModel, text: str, *, causal: bool | None = None, positions: bool = True, start: bool = True
) -> Reading:
    """Let a model read a text, and keep what its heads did.

    Args:
        lm: Any language model.
        text: The text; special tokens may be written in it, e.g. ``<mask>``.
        causal: Whether a token sees only those before it; None: as the model was trained.
        positions: False puts every token at position 0, so that the model cannot tell their order.
        start: Put the token that begins texts in front, if the model has one.

    Raises:
        ValueError: The tokenizer cannot write the text, or it is longer than the model's context.
    """
    before, own, after = tokens_of(lm, text, start=start)
    tokens, mask = [*before, *own, *after], lm.tokenizer.special.get("mask", -1)
    causal = lm.model.config.causal if causal is None else causal
    places = place_numbers(len(tokens), positions, lm.model.device)
    ids = torch.tensor([tokens], device=lm.model.device)  # (1, T)
    trace = lm.model.record(ids, SITES, causal=causal, positions=places)
    asked = tokens.index(mask) if mask in tokens and not lm.model.config.causal else len(before) + len(own) - 1
    return Reading(lm, trace, bool(before), causal, positions, max(asked, 0))


def tokens_of(lm: LanguageModel, text: str, *, start: bool = True) -> tuple[list[int], list[int], list[int]]:
    """The token before the text, the text's tokens, the token after it (BERT: [CLS], …, [SEP]); most have no last."""
    tokens, special = lm.tokenizer.encode(text, allow_special=True), lm.tokenizer.special
    # "<|endoftext|>" before "bos": what chat models call so may begin a turn of a chat, and texts stood apart by this.
    begins = ("<|endoftext|>", "bos") if lm.model.config.causal else ("cls",)
    ends = () if lm.model.config.causal else ("sep",)
    before, after = ([special[name] for name in names if name in special and start][:1] for names in (begins, ends))
    return before, tokens, after


def place_numbers(count: int, positions: bool, device: torch.device) -> Tensor:
    """Positions (T,) of the tokens: 0, 1, 2, …, or all 0 where they are switched off."""
    return torch.arange(count, device=device) * positions


def spell(tokenizer: Tokenizer, token: int) -> str:
    """A token in print, without the space that begins a word; one that no text has by its number."""
    if token >= tokenizer.vocab_size:  # models may have more room than their tokenizers have tokens
        return f"#{token}"
    data: Any = tokenizer.token_bytes(token) or tokenizer.token_text(token)
    blank = " " if isinstance(data, str) else b" "
    return token_label(data[1:] if data.startswith(blank) and len(data) > 1 else data)
