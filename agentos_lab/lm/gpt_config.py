"""GPTConfig: the choices by which the article's model, GPT-2, Llama and BERT differ, each one a field.

A famous model is a row of such choices: `GPTConfig.gpt2()`, `.llama(…)`, `.bert(…)` name them, and any keyword changes
one. What does not fit together is refused here, before a single parameter is made.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

__all__ = ["GPTConfig"]

_CHOICES = {
    "position": ("sinusoidal", "learned", "rotary", "none"),
    "norm": ("layer", "rms"),
    "activation": ("gelu", "gelu_tanh", "relu", "swiglu"),
}
_GPT2_SIZES = {"124M": (12, 12, 768), "355M": (24, 16, 1024), "774M": (36, 20, 1280), "1558M": (48, 25, 1600)}
_SMOLLM2_SIZES = {
    "135M": {"layers": 30, "heads": 9, "kv_heads": 3, "width": 576, "hidden": 1536},
    "360M": {"layers": 32, "heads": 15, "kv_heads": 5, "width": 960, "hidden": 2560},
    "1.7B": {"layers": 24, "heads": 32, "kv_heads": 32, "width": 2048, "hidden": 8192},
}


@dataclass(frozen=True)
class GPTConfig:
    """The choices that make a transformer language model; the defaults are a small GPT-2.

    Attributes:
        vocab_size: Number of tokens V.
        context: Longest sequence, in tokens.
        layers: Number of blocks.
        heads: Attention heads H of each block.
        width: Width D of the residual stream.
        kv_heads: Key and value heads (grouped-query attention); None: as many as `heads`.
        hidden: Width of the feed-forward layer; None: 4 D.
        position: ``"sinusoidal"``, ``"learned"``, ``"rotary"`` or ``"none"``.
        norm: ``"layer"`` or ``"rms"``.
        norm_first: Pre-norm (True) or post-norm.
        activation: ``"gelu"``, ``"gelu_tanh"``, ``"relu"`` or ``"swiglu"``.
        bias: Whether linear layers and layer norms add a constant.
        tied: Whether the unembedding is the embedding table itself (Press & Wolf 2017).
        causal: Whether a token sees only those before it (a GPT) or all (a masked model).
        dropout: Probability that training drops an activation.
        rope_base: Base of the rotary angles.
        norm_eps: Added to the variance inside the normalisations.
        embedding_norm: Normalise the embeddings (BERT).
        head_transform: A dense layer, activation and normalisation before the unembedding (BERT).
    """

    vocab_size: int
    context: int = 256
    layers: int = 4
    heads: int = 4
    width: int = 128
    kv_heads: int | None = None
    hidden: int | None = None
    position: Literal["sinusoidal", "learned", "rotary", "none"] = "learned"
    norm: Literal["layer", "rms"] = "layer"
    norm_first: bool = True
    activation: Literal["gelu", "gelu_tanh", "relu", "swiglu"] = "gelu_tanh"
    bias: bool = True
    tied: bool = True
    causal: bool = True
    dropout: float = 0.0
    rope_base: float = 10_000.0
    norm_eps: float = 1e-5
    embedding_norm: bool = False
    head_transform: bool = False

    def __post_init__(self) -> None:
        for name in ("vocab_size", "context", "layers", "heads", "width"):
            value = getattr(self, name)
            if not isinstance(value, int) or value < 1:
                raise ValueError(f"{name} must be a positive whole number, got {value!r}")
        for name in ("kv_heads", "hidden"):
            value = getattr(self, name)
            if value is not None and (not isinstance(value, int) or value < 1):
                raise ValueError(f"{name} must be a positive whole number, or None for the usual one; got {value!r}")
        if not (self.rope_base > 0 and self.norm_eps >= 0):
            raise ValueError(
                f"rope_base must be positive and norm_eps not negative, got {self.rope_base} and {self.norm_eps}"
            )
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} must be one of {', '.join(choices)}; got {getattr(self, name)!r}")
        if self.width % self.heads:
            raise ValueError(
                f"heads share the width evenly: width {self.width} is not a multiple of {self.heads} heads"
            )
        if self.heads % self.key_heads:
            raise ValueError(f"heads come in equal groups: {self.heads} heads cannot share {self.key_heads} kv_heads")
        if self.position == "rotary" and self.head_width % 2:
            raise ValueError(
                f"rotary positions turn pairs: the head width {self.head_width} (width / heads) must be even"
            )
        if self.position == "sinusoidal" and self.width % 2:
            raise ValueError(f"sinusoidal positions come in pairs: the width {self.width} must be even")
        if not 0.0 <= self.dropout < 1.0:
            raise ValueError(f"dropout is a probability below 1, got {self.dropout}")

    @property
    def head_width(self) -> int:
        """Width d of one head."""
        return self.width // self.heads

    @property
    def key_heads(self) -> int:
        """Number of key and value heads KV."""
        return self.heads if self.kv_heads is None else self.kv_heads

    @property
    def hidden_width(self) -> int:
        """Width of the feed-forward layer."""
        return 4 * self.width if self.hidden is None else self.hidden

    @classmethod
    def article(cls, vocab_size: int, **overrides: Any) -> GPTConfig:
        """The article's GPT, which is the decoder of Vaswani et al. 2017 without a source text.

        Sinusoidal positions, post-norm, GELU, an unembedding of its own. The article's listing mixes up the
        position and the batch axis (it adds the encoding of position t to the t-th sequence of a batch); here
        the batch always comes first, (B, T, D), and the positions run along T.
        """
        chosen = {"position": "sinusoidal", "norm_first": False, "activation": "gelu", "tied": False}
        return cls(vocab_size, **{**chosen, **overrides})

    @classmethod
    def gpt2(cls, size: str = "124M", **overrides: Any) -> GPTConfig:
        """GPT-2 (Radford et al. 2019): ``"124M"``, ``"355M"``, ``"774M"`` or ``"1558M"``."""
        layers, heads, width = _size(size, _GPT2_SIZES, "GPT-2")
        chosen = {"vocab_size": 50_257, "context": 1024, "layers": layers, "heads": heads, "width": width}
        return cls(**{**chosen, **overrides})

    @classmethod
    def llama(cls, vocab_size: int, **overrides: Any) -> GPTConfig:
        """The Llama family (Touvron et al. 2023): RMS norm, rotary positions, SwiGLU, no constants."""
        chosen = {"position": "rotary", "norm": "rms", "activation": "swiglu", "bias": False, "tied": False}
        return cls(vocab_size, **{**chosen, **overrides})

    @classmethod
    def smollm2(cls, size: str = "135M", **overrides: Any) -> GPTConfig:
        """SmolLM2 (Ben Allal et al. 2025), a Llama: ``"135M"``, ``"360M"`` or ``"1.7B"``."""
        sizes = _size(size, _SMOLLM2_SIZES, "SmolLM2")
        base = 130_000.0 if size == "1.7B" else 100_000.0
        chosen = {"vocab_size": 49_152, "context": 8192, "tied": True, "rope_base": base, **sizes}
        return cls.llama(**{**chosen, **overrides})

    @classmethod
    def bert(cls, vocab_size: int = 30_522, **overrides: Any) -> GPTConfig:
        """BERT (Devlin et al. 2019), base size: post-norm, learned positions, every token sees all."""
        shape = {"context": 512, "layers": 12, "heads": 12, "width": 768}
        kind = {"norm_first": False, "norm_eps": 1e-12, "activation": "gelu", "causal": False}
        chosen = {**shape, **kind, "embedding_norm": True, "head_transform": True}
        return cls(vocab_size, **{**chosen, **overrides})

    def replace(self, **changes: Any) -> GPTConfig:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain values, ready for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> GPTConfig:
        """Inverse of `to_dict`; ValueError names fields that a configuration does not have, or cannot do without."""
        if "vocab_size" not in fields:
            raise ValueError("a GPTConfig needs vocab_size, the number of tokens; all other fields have defaults")
        unknown = sorted(set(fields) - {field.name for field in dataclasses.fields(cls)})
        if unknown:
            raise ValueError(f"a GPTConfig has no field {', '.join(unknown)}")
        return cls(**fields)


def _size(size: str, sizes: Mapping[str, Any], family: str) -> Any:
    if size not in sizes:
        raise ValueError(f"{family} comes as {', '.join(sizes)}; got {size!r}")
    return sizes[size]
