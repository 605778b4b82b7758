"""GPT: one class for the article's model, GPT-2, Llama and BERT, chosen by a configuration.

Embedding, a stack of transformer blocks, a final normalisation, and one product that scores every token of the
vocabulary. What differs between the famous models is a handful of choices: see `gpt_config.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from .activations import Probe, Trace, check_names, compose, recorder, visit
from .attention import causal_mask
from .embedding import Embedding
from .gpt_config import GPTConfig
from .kv_cache import KVCache
from .model_input import check_input
from .output_head import OutputHead
from .positional_encoding import rotary_rotation
from .transformer_block import TransformerBlock, normalization

__all__ = ["GPT", "GPTConfig", "expect_model", "without_dropout"]


class GPT(nn.Module):
    """A transformer language model: token ids (B, T) in, scores of every next token (B, T, V) out.

    Args:
        config: The choices; see `GPTConfig`.
        seed: Seed of the initial parameters. None draws from torch's global generator.
        device: Where the parameters live; ``"meta"`` makes a model without memory or values.

    Raises:
        ValueError: `config` is something else.
    """

    def __init__(self, config: GPTConfig, seed: int | None = None, *, device: torch.device | str = "cpu") -> None:
        super().__init__()
        if not isinstance(config, GPTConfig):
            raise ValueError(f"a GPT is made from its choices, GPT(GPTConfig(vocab_size=…)); got {config!r}")
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
            ValueError: A parameter is missing, unknown, of whole numbers, or of another shape than `config` says.
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
        if whole := [name for name, tensor in state.items() if not tensor.is_floating_point()]:
            raise ValueError(f"parameter {whole[0]!r} holds {state[whole[0]].dtype}, which no model can compute with")
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

    @property
    def is_plain(self) -> bool:
        """Whether the parameters are those that `GPT(config)` makes: no adapters, nothing packed or quantized."""
        return self.state_dict().keys() == GPT(self.config, device="meta").state_dict().keys()

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
            ValueError: Wrong shape or type, ids outside the vocabulary, text or positions longer than the context.
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
        check_input(self.config, tokens, mask, positions, cache, causal)
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
        check_names(names, self.config.layers)
        activations: dict[str, Tensor] = {}
        watch = recorder(activations, names)
        with without_dropout(self):
            logits = self(tokens, probe=watch if probe is None else compose(probe, watch), **forward)
        return Trace(tokens, activations, logits)


def expect_model(model: object) -> None:
    """Refuse what is no model, most of all the `LanguageModel` around one."""
    if not isinstance(model, nn.Module):
        raise ValueError(f"expected a GPT, got {type(model).__name__}; that of a LanguageModel is lm.model")


@contextmanager
def without_dropout(model: nn.Module) -> Iterator[None]:
    """The model in evaluation mode within a ``with`` block, and afterwards in the mode that it was in."""
    was_training = model.training
    if was_training:
        model.eval()
    try:
        yield
    finally:
        if was_training:
            model.train()


def _padding_mask(mask: Tensor, causal: bool) -> Tensor:
    """(B, T) real tokens -> (B, 1, T, T) who may look where."""
    count = mask.shape[1]
    allowed = mask[:, None, None, :].expand(-1, 1, count, -1)  # (B, 1, T, T)
    if causal:
        allowed = allowed & causal_mask(count, mask.device)
    # Padding at least sees itself: a row that may look nowhere would be 0/0.
    return allowed | torch.eye(count, dtype=torch.bool, device=mask.device)
