"""Hugging Face folders: `config.json` and safetensors of GPT-2, Llama and BERT, read into our own class.

The same mathematics under other names. Three things need more than a new name: GPT-2 stores its matrices transposed;
Llama keeps the first members of all rotary pairs in one half of a head and the second members in the other; BERT adds
a vector for the text segment, of which a single text only ever uses the first. Whatever a configuration asks for that
`GPT` does not do is refused by the name of its key, never ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .gpt_config import GPTConfig
from .weight_files import read_json, read_weights

__all__ = ["read_hugging_face"]

_ACTIVATIONS = {"gelu": "gelu", "gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh", "relu": "relu"}


def read_hugging_face(folder: str | Path) -> tuple[GPTConfig, dict[str, Tensor]]:
    """Read a GPT-2, Llama or BERT (masked language model) folder.

    Args:
        folder: Holds ``config.json`` and ``model.safetensors``, or the shards and their index.

    Returns:
        The configuration, and parameter name -> tensor in the file's own precision, for `GPT.from_state`.

    Raises:
        FileNotFoundError: A file is missing.
        ValueError: A file is damaged, holds pickles, or asks for something that `GPT` does not do.
    """
    folder = Path(folder)
    settings = _Settings(read_json(folder / "config.json"), folder / "config.json")
    model_type = settings.fields.get("model_type")
    if not isinstance(model_type, str) or model_type not in _READERS:
        raise ValueError(f"{folder} holds a model of type {model_type!r}; supported are {', '.join(_READERS)}")
    make_config, make_state = _READERS[model_type]
    config = make_config(settings)
    return config, make_state(config, _Tensors(read_weights(folder), folder))


class _Settings:
    """A `config.json` that was written by others: every value is checked when it is read."""

    def __init__(self, fields: Mapping[str, Any], path: Path) -> None:
        self.fields, self.path = fields, path

    def integer(self, key: str, default: int | None = None) -> int:
        value = self.fields.get(key)
        value = default if value is None else value
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value < 2**31:
            raise ValueError(f"{self.path}: {key} must be a positive whole number, got {value!r}")
        return value

    def number(self, key: str, default: float) -> float:
        value = self.fields.get(key, default)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value < 1e12:
            raise ValueError(f"{self.path}: {key} must be a positive number, got {value!r}")
        return float(value)

    def flag(self, key: str, default: bool) -> bool:
        value = self.fields.get(key, default)
        if not isinstance(value, bool):
            raise ValueError(f"{self.path}: {key} must be true or false, got {value!r}")
        return value

    def activation(self, key: str, default: str) -> Any:
        name = self.fields.get(key, default)
        if name not in _ACTIVATIONS:
            raise ValueError(f"{self.path}: {key} is {name!r}; supported are {', '.join(_ACTIVATIONS)}")
        return _ACTIVATIONS[name]

    def require(self, **wanted: Any) -> None:
        """Refuse keys that are present with another value than the only supported one."""
        for key, value in wanted.items():
            found = self.fields.get(key, value)
            if found != value:
                raise ValueError(f"{self.path}: {key} is {found!r}; only {value!r} is supported")


class _Tensors:
    """The tensors of a folder, taken out one by one, so that what is missing has a name."""

    def __init__(self, tensors: dict[str, Tensor], folder: Path) -> None:
        # Older files call the scale and the constant of a layer norm gamma and beta, and may or may not carry the
        # name of the inner model in front.
        self.tensors = {
            name.replace(".gamma", ".weight").replace(".beta", ".bias"): tensor for name, tensor in tensors.items()
        }
        self.folder = folder

    def take(self, *names: str) -> Tensor:
        """The tensors of these names, stacked along the first axis."""
        parts = []
        for name in names:
            if name not in self.tensors:
                raise ValueError(f"{self.folder}: parameter {name!r} is missing; the files are incomplete")
            parts.append(self.tensors[name])
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    def prefix(self, candidate: str) -> str:
        """`candidate` if names begin with it, else nothing."""
        return candidate if any(name.startswith(candidate) for name in self.tensors) else ""


def _gpt2_config(settings: _Settings) -> GPTConfig:
    settings.require(scale_attn_weights=True, scale_attn_by_inverse_layer_idx=False, add_cross_attention=False)
    width = settings.integer("n_embd", 768)
    return GPTConfig(
        settings.integer("vocab_size", 50_257),
        context=settings.integer("n_positions", 1024),
        layers=settings.integer("n_layer", 12),
        heads=settings.integer("n_head", 12),
        width=width,
        hidden=settings.integer("n_inner", 4 * width),
        activation=settings.activation("activation_function", "gelu_new"),
        norm_eps=settings.number("layer_norm_epsilon", 1e-5),
        tied=settings.flag("tie_word_embeddings", True),
    )


def _gpt2_state(config: GPTConfig, tensors: _Tensors) -> dict[str, Tensor]:
    start = tensors.prefix("transformer.")
    state = {
        "embedding.token.weight": tensors.take(f"{start}wte.weight"),
        "embedding.position.weight": tensors.take(f"{start}wpe.weight"),
    }
    for kind in ("weight", "bias"):
        state[f"final_norm.{kind}"] = tensors.take(f"{start}ln_f.{kind}")
    if not config.tied:
        state["head.table"] = tensors.take("lm_head.weight")
        state["head.bias"] = torch.zeros(config.vocab_size)
    matrices = {
        "attention.qkv": "attn.c_attn",
        "attention.output": "attn.c_proj",
        "feed_forward.up": "mlp.c_fc",
        "feed_forward.down": "mlp.c_proj",
    }
    for layer in range(config.layers):
        for ours, theirs in matrices.items():
            # (inputs, outputs) in the file, (outputs, inputs) here
            state[f"blocks.{layer}.{ours}.weight"] = tensors.take(f"{start}h.{layer}.{theirs}.weight").T.contiguous()
            state[f"blocks.{layer}.{ours}.bias"] = tensors.take(f"{start}h.{layer}.{theirs}.bias")
        for ours, theirs in {"attention_norm": "ln_1", "feed_forward_norm": "ln_2"}.items():
            for kind in ("weight", "bias"):
                state[f"blocks.{layer}.{ours}.{kind}"] = tensors.take(f"{start}h.{layer}.{theirs}.{kind}")
    return state


def _llama_config(settings: _Settings) -> GPTConfig:
    heads, width = settings.integer("num_attention_heads", 32), settings.integer("hidden_size", 4096)
    settings.require(attention_bias=False, mlp_bias=False, hidden_act="silu")
    if settings.fields.get("head_dim") is not None:
        settings.require(head_dim=width // heads)
    return GPTConfig.llama(
        settings.integer("vocab_size", 32_000),
        context=settings.integer("max_position_embeddings", 2048),
        layers=settings.integer("num_hidden_layers", 32),
        heads=heads,
        kv_heads=settings.integer("num_key_value_heads", heads),
        width=width,
        hidden=settings.integer("intermediate_size", 11_008),
        rope_base=_rotary_base(settings),
        norm_eps=settings.number("rms_norm_eps", 1e-6),
        tied=settings.flag("tie_word_embeddings", False),
    )


def _rotary_base(settings: _Settings) -> float:
    """The base of the rotary angles, which stands in one of two places; any scaling of the angles is refused."""
    parameters = settings.fields.get("rope_parameters") or {}
    for key, scaling in (("rope_scaling", settings.fields.get("rope_scaling")), ("rope_parameters", parameters)):
        if scaling and (not isinstance(scaling, dict) or scaling.get("rope_type", scaling.get("type")) != "default"):
            raise ValueError(f"{settings.path}: {key} is {scaling!r}; only plain rotary positions are supported")
    if parameters:
        return _Settings(parameters, settings.path).number("rope_theta", 10_000.0)
    return settings.number("rope_theta", 10_000.0)


def _llama_state(config: GPTConfig, tensors: _Tensors) -> dict[str, Tensor]:
    start = tensors.prefix("model.")
    state = {
        "embedding.token.weight": tensors.take(f"{start}embed_tokens.weight"),
        "final_norm.weight": tensors.take(f"{start}norm.weight"),
    }
    if not config.tied:
        state["head.table"] = tensors.take("lm_head.weight")
    for layer in range(config.layers):
        theirs, ours = f"{start}layers.{layer}", f"blocks.{layer}"
        q, k, v = (tensors.take(f"{theirs}.self_attn.{name}_proj.weight") for name in "qkv")
        q, k = (_pairs_side_by_side(rows, config.head_width) for rows in (q, k))
        state[f"{ours}.attention.qkv.weight"] = torch.cat((q, k, v))
        state[f"{ours}.attention.output.weight"] = tensors.take(f"{theirs}.self_attn.o_proj.weight")
        state[f"{ours}.feed_forward.up.weight"] = tensors.take(
            f"{theirs}.mlp.gate_proj.weight", f"{theirs}.mlp.up_proj.weight"
        )
        state[f"{ours}.feed_forward.down.weight"] = tensors.take(f"{theirs}.mlp.down_proj.weight")
        state[f"{ours}.attention_norm.weight"] = tensors.take(f"{theirs}.input_layernorm.weight")
        state[f"{ours}.feed_forward_norm.weight"] = tensors.take(f"{theirs}.post_attention_layernorm.weight")
    return state


def _pairs_side_by_side(rows: Tensor, head_width: int) -> Tensor:
    """Reorder the rows (H·d, D) of a query or key matrix from halves to the pairs that `rotate` turns."""
    if rows.shape[0] % head_width:
        raise ValueError(f"a query or key matrix has {rows.shape[0]} rows, no multiple of the head width {head_width}")
    halves = rows.unflatten(0, (-1, 2, head_width // 2))  # (H, 2, d/2, D)
    return halves.transpose(1, 2).flatten(0, 2)  # (H, d/2, 2, D) -> (H·d, D)


def _bert_config(settings: _Settings) -> GPTConfig:
    settings.require(position_embedding_type="absolute", is_decoder=False, tie_word_embeddings=True)
    return GPTConfig.bert(
        settings.integer("vocab_size", 30_522),
        context=settings.integer("max_position_embeddings", 512),
        layers=settings.integer("num_hidden_layers", 12),
        heads=settings.integer("num_attention_heads", 12),
        width=settings.integer("hidden_size", 768),
        hidden=settings.integer("intermediate_size", 3072),
        activation=settings.activation("hidden_act", "gelu"),
        norm_eps=settings.number("layer_norm_eps", 1e-12),
    )


def _bert_state(config: GPTConfig, tensors: _Tensors) -> dict[str, Tensor]:
    embeddings, predictions = f"{tensors.prefix('bert.')}embeddings", "cls.predictions"
    segment = tensors.take(f"{embeddings}.token_type_embeddings.weight")[0]  # of the first (here: only) text
    state = {
        "embedding.token.weight": tensors.take(f"{embeddings}.word_embeddings.weight"),
        "embedding.position.weight": tensors.take(f"{embeddings}.position_embeddings.weight") + segment,
        "head.bias": tensors.take(f"{predictions}.bias"),
    }
    names = {
        "embedding.norm": f"{embeddings}.LayerNorm",
        "head.dense": f"{predictions}.transform.dense",
        "head.norm": f"{predictions}.transform.LayerNorm",
    }
    for layer in range(config.layers):
        theirs, ours = f"{tensors.prefix('bert.')}encoder.layer.{layer}", f"blocks.{layer}"
        names[f"{ours}.attention.output"] = f"{theirs}.attention.output.dense"
        names[f"{ours}.attention_norm"] = f"{theirs}.attention.output.LayerNorm"
        names[f"{ours}.feed_forward.up"] = f"{theirs}.intermediate.dense"
        names[f"{ours}.feed_forward.down"] = f"{theirs}.output.dense"
        names[f"{ours}.feed_forward_norm"] = f"{theirs}.output.LayerNorm"
        for kind in ("weight", "bias"):
            state[f"{ours}.attention.qkv.{kind}"] = tensors.take(
                *(f"{theirs}.attention.self.{part}.{kind}" for part in ("query", "key", "value"))
            )
    for ours, theirs in names.items():
        for kind in ("weight", "bias"):
            state[f"{ours}.{kind}"] = tensors.take(f"{theirs}.{kind}")
    return state


_READERS: dict[str, tuple[Callable[[_Settings], GPTConfig], Callable[[GPTConfig, _Tensors], dict[str, Tensor]]]] = {
    "gpt2": (_gpt2_config, _gpt2_state),
    "llama": (_llama_config, _llama_state),
    "bert": (_bert_config, _bert_state),
}
