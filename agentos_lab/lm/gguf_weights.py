"""GGUF, the file format of llama.cpp: one file with a model's shape, its tokenizer and its (mostly 4-bit) weights.

Weights are dequantized to float32 once, by PyPI's `gguf`, and given the names of our own modules. Rotary rows need
no reordering: llama.cpp keeps the two members of a pair side by side, as Su et al. 2021 write them and as
`positional_encoding.rotate` reads them.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from .gpt_config import GPTConfig

__all__ = ["GGUFModel", "read_gguf", "read_metadata"]

_MAGIC = b"GGUF"
_BLOCK_NAMES = {  # our name in a block -> llama.cpp's tensors, stacked in this order along the output axis
    "attention_norm.weight": ("attn_norm",),
    "attention.qkv.weight": ("attn_q", "attn_k", "attn_v"),
    "attention.output.weight": ("attn_output",),
    "feed_forward_norm.weight": ("ffn_norm",),
    "feed_forward.up.weight": ("ffn_gate", "ffn_up"),
    "feed_forward.down.weight": ("ffn_down",),
}


@dataclass(frozen=True)
class GGUFModel:
    """What a GGUF file holds, in our terms.

    Attributes:
        name: The model's name as its maker wrote it.
        config: Its shape.
        state: Parameter name -> float32 tensor; feed it to `GPT.from_state`.
        tokenizer_metadata: The ``tokenizer.*`` fields: tokens, merges, special ids, chat template.
    """

    name: str
    config: GPTConfig
    state: dict[str, Tensor]
    tokenizer_metadata: dict[str, Any]

    def __str__(self) -> str:
        numbers = sum(tensor.numel() for tensor in self.state.values())
        return f"{self.name}: {len(self.state)} tensors, {numbers:,} parameters, {self.config}"

    __repr__ = __str__


def read_gguf(path: str | Path) -> GGUFModel:
    """Read a model of the Llama family from a GGUF file.

    Args:
        path: The file.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is damaged, no GGUF, or of an architecture that `GPT` does not speak.
    """
    path = Path(path)
    with _damage_named(path):
        reader = _open(path)
        metadata = _metadata(reader)
        tensors = {tensor.name: tensor for tensor in reader.tensors}
        config = _config(metadata, tied="output.weight" not in tensors, path=path)
        state = _state(config, tensors, path)
    name = str(metadata.get("general.name", path.stem))
    return GGUFModel(name, config, state, {k: v for k, v in metadata.items() if k.startswith("tokenizer.")})


def read_metadata(path: str | Path) -> dict[str, Any]:
    """The fields of a GGUF file (shape, tokenizer, licence, …) without its tensors.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is damaged or no GGUF.
    """
    with _damage_named(Path(path)):
        return _metadata(_open(Path(path)))


def _metadata(reader: Any) -> dict[str, Any]:
    return {name: field.contents() for name, field in reader.fields.items() if not name.startswith("GGUF.")}


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """The many ways in which a parser stumbles over a damaged file, as one ValueError that names the file."""
    try:
        yield
    except ValueError as error:
        if str(path) in str(error):
            raise
        raise ValueError(f"{path}: {error}; is the file damaged? Fetch it again") from error
    except (LookupError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(f"{path} is a damaged GGUF file ({type(error).__name__}: {error}); fetch it again") from error


def _open(path: Path) -> Any:
    """A reader over the file, whose damage shows as ValueError."""
    import gguf

    with path.open("rb") as file:
        head = file.read(24)
    size = path.stat().st_size
    if head[:4] != _MAGIC:
        raise ValueError(f"{path} is no GGUF file: it begins with {head[:4]!r}, not {_MAGIC!r}")
    if len(head) < 24:
        raise ValueError(f"{path} is a damaged GGUF file: it ends after {len(head)} bytes; fetch it again")
    version, tensors, fields = struct.unpack("<IQQ", head[4:])
    # Every entry takes at least 16 bytes: a count beyond that is rubbish, and would keep the reader busy for ever.
    if not (version in (2, 3) and tensors * 16 < size and fields * 16 < size):
        raise ValueError(
            f"{path} is a damaged or unknown GGUF file: version {version}, {tensors} tensors and {fields} fields "
            f"in {size} bytes; versions 2 and 3 are read"
        )
    return gguf.GGUFReader(path)


def _config(metadata: Mapping[str, Any], *, tied: bool, path: Path) -> GPTConfig:
    architecture = metadata.get("general.architecture")
    if architecture != "llama":
        raise ValueError(f"{path} holds the architecture {architecture!r}; this reader speaks 'llama' alone")
    field = {name.removeprefix("llama."): value for name, value in metadata.items() if name.startswith("llama.")}
    if field.get("rope.scaling.type", "none") != "none":
        raise ValueError(
            f"{path}: rope.scaling.type is {field['rope.scaling.type']!r}; rotary scaling is not supported"
        )
    heads, width = field["attention.head_count"], field["embedding_length"]
    for name in ("rope.dimension_count", "attention.key_length", "attention.value_length"):
        if field.get(name, width // heads) != width // heads:
            raise ValueError(f"{path}: {name} is {field[name]}, only {width} / {heads} (width / heads) is supported")
    return GPTConfig.llama(
        len(metadata["tokenizer.ggml.tokens"]),
        context=field["context_length"],
        layers=field["block_count"],
        heads=heads,
        kv_heads=field.get("attention.head_count_kv", heads),
        width=width,
        hidden=field["feed_forward_length"],
        rope_base=_shortest(field.get("rope.freq_base", 10_000.0)),
        norm_eps=_shortest(field["attention.layer_norm_rms_epsilon"]),
        tied=tied,
    )


def _shortest(number: float) -> float:
    """The shortest decimal that is the same float32: the file's 9.99999974737875e-06 was written as 1e-05."""
    import numpy

    return float(str(numpy.float32(number)))


def _state(config: GPTConfig, tensors: dict[str, Any], path: Path) -> dict[str, Tensor]:
    """Our parameter names -> float32 tensors; every tensor of the file is used exactly once."""
    left = dict(tensors)

    def take(*names: str) -> Tensor:
        missing = [name for name in names if name not in left]
        if missing:
            raise ValueError(
                f"{path}: tensor {missing[0]!r} is missing; the file is damaged or of another architecture"
            )
        parts = [_dequantize(left.pop(name)) for name in names]
        return parts[0] if len(parts) == 1 else torch.cat(parts)

    state = {"embedding.token.weight": take("token_embd.weight"), "final_norm.weight": take("output_norm.weight")}
    if not config.tied:
        state["head.table"] = take("output.weight")
    for layer in range(config.layers):
        for ours, theirs in _BLOCK_NAMES.items():
            state[f"blocks.{layer}.{ours}"] = take(*(f"blk.{layer}.{name}.weight" for name in theirs))
    if left:
        raise ValueError(f"{path} holds tensors that this architecture does not have: {', '.join(sorted(left)[:4])}")
    return state


def _dequantize(tensor: Any) -> Tensor:
    """One tensor of the file as float32, rows first."""
    from gguf.quants import dequantize

    return torch.from_numpy(dequantize(tensor.data, tensor.tensor_type).copy())
