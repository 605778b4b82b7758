"""GPT: one class for the article's model, GPT-2, Llama and BERT, chosen by a configuration.

Embedding, a stack of transformer blocks, a final normalisation, and one product that scores every token of the
vocabulary. What differs between the famous models is a handful of choices, each one field of `GPTConfig`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from .activations import Probe, Trace, compose, recorder, visit
from .attention import causal_mask
from .embedding import Embedding
from .kv_cache import KVCache
from .output_head import OutputHead
from .positional_encoding import rotary_rotation
from .transformer_block import TransformerBlock, normalization

__all__ = ["GPT", "GPTConfig"]

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
        """Inverse of `to_dict`; ValueError names fields that a configuration does not have."""
        unknown = sorted(set(fields) - {field.name for field in dataclasses.fields(cls)})
        if unknown:
            raise ValueError(f"a GPTConfig has no field {', '.join(unknown)}")
        return cls(**fields)


def _size(size: str, sizes: Mapping[str, Any], family: str) -> Any:
    if size not in sizes:
        raise ValueError(f"{family} comes as {', '.join(sizes)}; got {size!r}")
    return sizes[size]


class GPT(nn.Module):
    """A transformer language model: token ids (B, T) in, scores of every next token (B, T, V) out.

    Args:
        config: The choices; see `GPTConfig`.
        seed: Seed of the initial parameters. None draws from torch's global generator.
        device: Where the parameters live; ``"meta"`` makes a model without memory or values.
    """

    def __init__(self, config: GPTConfig, seed: int | None = None, *, device: torch.device | str = "cpu") -> None:
        super().__init__()
        self.config = config
        # Built without memory first: torch's layers would draw random numbers that `initialize` replaces.
        with torch.device("meta"):
            self.embedding = Embedding(config)
            self.blocks = nn.ModuleList(TransformerBlock(config) for _ in range(config.layers))
            # Post-norm blocks end in a normalisation of their own.
            self.final_norm = normalization(config) if config.norm_first else nn.Identity()
            self.head = OutputHead(config)
        if torch.device(device).type != "meta":
            self.to_empty(device=device)
            self.initialize(None if seed is None else torch.Generator(device).manual_seed(seed))

    @torch.no_grad()
    def initialize(self, generator: torch.Generator | None = None) -> None:
        """Draw initial parameters: normal with standard deviation 0.02 (Radford et al. 2018), constants 0, scales 1.

        The two projections that write to the residual stream are divided by √(2·layers), so that the stream of a
        deep model starts no larger than that of a shallow one (Radford et al. 2019, §2.3). A table that meets
        sinusoids starts with standard deviation 1: see `Embedding`.
        """
        for name, parameter in self.named_parameters():
            if parameter.dim() == 1:  # constants, and the scales of normalisations
                parameter.fill_(1.0 if name.endswith("weight") else 0.0)
                continue
            std = 0.02
            if name.endswith(("attention.output.weight", "feed_forward.down.weight")):
                std /= (2 * self.config.layers) ** 0.5
            elif name == "embedding.token.weight" and self.config.position == "sinusoidal" and not self.config.tied:
                std = 1.0
            parameter.normal_(0.0, std, generator=generator)

    @classmethod
    def from_state(cls, config: GPTConfig, state: Mapping[str, Tensor]) -> GPT:
        """A model around existing parameters, which are not copied.

        Raises:
            ValueError: A parameter is missing, unknown, or has another shape than `config` says.
        """
        if config.layers > len(state):  # a file that claims a million layers shall not make us build them
            raise ValueError(f"the configuration has {config.layers} layers, the state only {len(state)} parameters")
        model = cls(config, device="meta")
        expected = {name: tuple(parameter.shape) for name, parameter in model.named_parameters()}
        found = {name: tuple(tensor.shape) for name, tensor in state.items()}
        for name in sorted(expected.keys() | found.keys()):
            if expected.get(name) != found.get(name):
                raise ValueError(
                    f"parameter {name!r}: the configuration expects shape {expected.get(name, 'nothing')}, "
                    f"the state holds {found.get(name, 'nothing')}"
                )
        model.load_state_dict(dict(state), assign=True)
        return model.eval()

    @property
    def device(self) -> torch.device:
        """Where the parameters live."""
        return self.embedding.token.weight.device

    @property
    def dtype(self) -> torch.dtype:
        """Type of the parameters, and so of the activations."""
        return self.embedding.token.weight.dtype

    def num_parameters(self) -> int:
        """How many numbers training can change; a tied table counts once."""
        return sum(parameter.numel() for parameter in self.parameters())

    def new_cache(self, batch: int = 1, capacity: int | None = None, *, fixed_shape: bool = False) -> KVCache:
        """An empty KV cache that fits this model."""
        return KVCache(self.config, batch, capacity, dtype=self.dtype, device=self.device, fixed_shape=fixed_shape)

    def forward(
        self,
        tokens: Tensor,
        *,
        causal: bool | None = None,
        mask: Tensor | None = None,
        positions: Tensor | None = None,
        cache: KVCache | None = None,
        probe: Probe | None = None,
    ) -> Tensor:
        """Score every next token.

        Args:
            tokens: Token ids (B, T), integers in [0, V).
            causal: Whether token t sees tokens 0…t only; None takes the configuration's.
            mask: (B, T) bool, False = padding, which no token looks at.
            positions: (B, T) or (T,); None counts from 0, or goes on where the cache ends.
            cache: Earlier tokens; `tokens` are then the next ones, and are added to it.
            probe: Sees and may edit every activation; see `activations.py`.

        Returns:
            Logits (B, T, V): ``logits[b, t]`` scores what stands at t+1 (a masked model: at t).

        Raises:
            ValueError: Wrong shape or type, ids outside the vocabulary, text longer than the context.
        """
        x = self.hidden_states(tokens, causal=causal, mask=mask, positions=positions, cache=cache, probe=probe)
        return visit(probe, "logits", None, self.unembed(x))

    def hidden_states(
        self,
        tokens: Tensor,
        *,
        causal: bool | None = None,
        mask: Tensor | None = None,
        positions: Tensor | None = None,
        cache: KVCache | None = None,
        probe: Probe | None = None,
    ) -> Tensor:
        """The stream (B, T, D) after the last normalisation, before the vocabulary; arguments as in `forward`.

        Generation unembeds one position of it instead of all T: with 49,152 tokens that product is the largest
        of the model.
        """
        causal = self.config.causal if causal is None else causal
        self._check(tokens, mask, cache, causal)
        count = tokens.shape[1]
        if positions is None:
            positions = torch.arange(count, device=tokens.device) if cache is None else cache.positions(count)
        if cache is None or cache.is_empty:
            allowed = None if mask is None else _padding_mask(mask, causal)  # (B, 1, T, T)
            is_causal = causal and mask is None and count > 1
        else:
            allowed, is_causal = cache.mask(count), False  # (B, 1, T, S)
        rotation = None
        if self.config.position == "rotary":
            rotation = rotary_rotation(positions, self.config.head_width, self.config.rope_base)
        x = visit(probe, "embedding", None, self.embedding(tokens, positions))  # (B, T, D)
        for layer, block in enumerate(self.blocks):
            x = block(x, mask=allowed, is_causal=is_causal, rotation=rotation, cache=cache, layer=layer, probe=probe)
        if cache is not None:
            cache.advance(count)
        return visit(probe, "final_norm", None, self.final_norm(x))

    def unembed(self, x: Tensor) -> Tensor:
        """Logits (…, V) of a normalised stream (…, D)."""
        return self.head(x, self.embedding.token.weight)

    @torch.no_grad()
    def record(
        self,
        tokens: Tensor,
        names: Sequence[str] | None = None,
        *,
        probe: Probe | None = None,
        **forward: Any,
    ) -> Trace:
        """Run the model, without dropout, and keep its activations by name.

        Args:
            tokens: Token ids (B, T).
            names: Which sites to keep, shell patterns such as ``"blocks.*.attention.weights"``; None keeps all.
            probe: Edits that are in force during the run, e.g. ``ablate_heads({3: [1]})``; the trace shows what
                they leave behind.
            **forward: Further arguments of `forward`.

        Returns:
            A `Trace`: ``trace["blocks.3.attention.weights"]`` is (B, H, T, S).
        """
        activations: dict[str, Tensor] = {}
        watch = recorder(activations, names)
        was_training = self.training
        self.eval()
        try:
            logits = self(tokens, probe=watch if probe is None else compose(probe, watch), **forward)
        finally:
            self.train(was_training)
        return Trace(tokens, activations, logits)

    def _check(self, tokens: Tensor, mask: Tensor | None, cache: KVCache | None, causal: bool) -> None:
        if tokens.dim() != 2 or tokens.is_floating_point() or tokens.dtype == torch.bool:
            raise ValueError(
                f"tokens must be integers of shape (B, T), got {tokens.dtype} of shape {tuple(tokens.shape)}; "
                "one text alone is tokens[None]"
            )
        if tokens.numel() == 0:
            raise ValueError(f"tokens of shape {tuple(tokens.shape)} hold nothing to read; give at least one token")
        if tokens.shape[1] > self.config.context:
            raise ValueError(
                f"{tokens.shape[1]} tokens do not fit the context of {self.config.context}; cut the text, or make "
                "the model with a longer context"
            )
        # On other devices the look at the values would wait for the queue, on each call.
        if tokens.device.type == "cpu" and not torch.compiler.is_compiling():
            low, high = tokens.aminmax()
            if low < 0 or high >= self.config.vocab_size:
                raise ValueError(
                    f"token ids must lie in [0, {self.config.vocab_size}), got {int(low)} to {int(high)}; does the "
                    "tokenizer belong to this model?"
                )
        if mask is not None and (mask.shape != tokens.shape or mask.dtype != torch.bool):
            raise ValueError(
                f"mask must be bool of the tokens' shape {tuple(tokens.shape)} (B, T), "
                f"got {mask.dtype} {tuple(mask.shape)}"
            )
        if cache is not None:
            if mask is not None or not causal:
                raise ValueError("a KV cache needs a causal model and no padding mask: pad on the right and rewind")
            if cache.batch != tokens.shape[0]:
                raise ValueError(f"the cache has {cache.batch} rows, the tokens {tokens.shape[0]} (axis B)")


def _padding_mask(mask: Tensor, causal: bool) -> Tensor:
    """(B, T) real tokens -> (B, 1, T, T) who may look where."""
    count = mask.shape[1]
    allowed = mask[:, None, None, :].expand(-1, 1, count, -1)  # (B, 1, T, T)
    if causal:
        allowed = allowed & causal_mask(count, mask.device)
    # Padding at least sees itself: a row that may look nowhere would be 0/0.
    return allowed | torch.eye(count, dtype=torch.bool, device=mask.device)
