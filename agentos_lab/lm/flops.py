"""What a model costs: its parameters and the arithmetic of one pass, counted by formula (Kaplan et al. 2020, table 1).

One FLOP is one addition or multiplication, so a product of a (n, k) and a (k, m) matrix costs 2nkm. Only products of
matrices are counted; what a transformer does besides (softmax, normalisation, activation) grows with the width, not
with its square. The backward pass costs twice the forward pass: one product for the gradient of the input and one for
that of the weight.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from .gpt_config import GPTConfig

__all__ = ["FlopCount", "ParameterCount", "count_flops", "count_parameters"]


@dataclass(frozen=True)
class ParameterCount:
    """Numbers that training can change, by where they sit.

    Attributes:
        embedding: The token table, V·D.
        position: The position table, if positions are learned.
        attention: All layers.
        feed_forward: All layers.
        normalization: All scales and constants of normalisations.
        head: What the output head has of its own; a tied head reads the token table.
    """

    embedding: int
    position: int
    attention: int
    feed_forward: int
    normalization: int
    head: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(getattr(self, field.name) for field in fields(self))

    @property
    def without_embedding(self) -> int:
        """N of Kaplan et al. 2020: without the tables of tokens and positions, and without the head."""
        return self.attention + self.feed_forward + self.normalization

    def __str__(self) -> str:
        rows = [(field.name, getattr(self, field.name)) for field in fields(self)] + [("total", self.total)]
        return "\n".join(f"{name:<14}{count:>15,}{100 * count / self.total:>7.1f} %" for name, count in rows)

    __repr__ = __str__


def count_parameters(config: GPTConfig) -> ParameterCount:
    """Parameters of a model that need not be built for it.

    Args:
        config: The model's choices.

    Returns:
        The counts, which print as a table.
    """
    width, hidden, vocabulary, layers = config.width, config.hidden_width, config.vocab_size, config.layers
    projected = (config.heads + 2 * config.key_heads) * config.head_width  # queries, keys and values of a token
    widened = hidden * (2 if config.activation == "swiglu" else 1)
    attention = width * projected + width * width
    feed_forward = width * widened + hidden * width
    if config.bias:
        attention += projected + width
        feed_forward += widened + width
    scale = 2 * width if config.norm == "layer" and config.bias else width
    head = 0 if config.tied else vocabulary * width
    if config.bias and (config.head_transform or not config.tied):
        head += vocabulary
    if config.head_transform:
        head += width * width + width + 2 * width  # dense layer and its normalisation
    return ParameterCount(
        embedding=vocabulary * width,
        position=config.context * width if config.position == "learned" else 0,
        attention=layers * attention,
        feed_forward=layers * feed_forward,
        normalization=scale * (2 * layers + config.norm_first) + 2 * width * config.embedding_norm,
        head=head,
    )


@dataclass(frozen=True)
class FlopCount:
    """Arithmetic of one forward pass, by what it is for.

    Attributes:
        projections: Queries, keys, values and the output of attention.
        attention: q·k and weights·v: the only part that grows with the square of the length.
        feed_forward: Both products of the feed-forward layers.
        head: From the stream to V scores.
        tokens: Tokens in the pass.
    """

    projections: int
    attention: int
    feed_forward: int
    head: int
    tokens: int

    @property
    def forward(self) -> int:
        """One forward pass."""
        return self.projections + self.attention + self.feed_forward + self.head

    @property
    def training(self) -> int:
        """Forward and backward: three times the forward pass."""
        return 3 * self.forward

    def __str__(self) -> str:
        rows = [(name, getattr(self, name)) for name in ("projections", "attention", "feed_forward", "head", "forward")]
        table = "\n".join(f"{name:<14}{count:>12.3e}{100 * count / self.forward:>7.1f} %" for name, count in rows)
        return f"{table}\ntraining      {self.training:>12.3e} FLOPs for {self.tokens:,} tokens"

    __repr__ = __str__


def count_flops(config: GPTConfig, batch: int = 1, length: int | None = None) -> FlopCount:
    """Arithmetic of reading a batch of texts.

    Attention is counted in full, T² products a head, although a causal model needs half of them and a fused kernel
    may skip the rest.

    Args:
        config: The model's choices.
        batch: Number of texts B.
        length: Tokens in each, T; None: the context.

    Returns:
        The counts, which print as a table.

    Raises:
        ValueError: There is no text, or no token in it.
    """
    length = config.context if length is None else length
    if batch < 1 or length < 1:
        raise ValueError(f"batch and length must be at least 1, got {batch} and {length}")
    tokens, width, hidden = batch * length, config.width, config.hidden_width
    projected = (config.heads + 2 * config.key_heads) * config.head_width
    widened = hidden * (2 if config.activation == "swiglu" else 1)
    dense = width * width if config.head_transform else 0
    return FlopCount(
        projections=config.layers * 2 * tokens * width * (projected + width),
        attention=config.layers * 2 * 2 * tokens * length * width,
        feed_forward=config.layers * 2 * tokens * width * (widened + hidden),
        head=2 * tokens * (config.vocab_size * width + dense),
        tokens=tokens,
    )
