"""Small models in the files of other people: Hugging Face folders and GGUF, with random weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from transformers import (
    BertConfig,
    BertForMaskedLM,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedModel,
)

from agentos_lab.lm.token_spelling import byte_letters

_SIZE = {"hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 3, "num_attention_heads": 6}
V = 101


def gpt2(**changes: Any) -> PreTrainedModel:
    shape = {"vocab_size": V, "n_positions": 40, "n_embd": 48, "n_layer": 3, "n_head": 4}
    return _random(GPT2LMHeadModel(GPT2Config(**{**shape, "bos_token_id": 0, "eos_token_id": 0, **changes})))


def llama(**changes: Any) -> PreTrainedModel:
    shape = {"vocab_size": V, "num_key_value_heads": 2, "max_position_embeddings": 40, **_SIZE}
    return _random(LlamaForCausalLM(LlamaConfig(**{**shape, **changes})))


def bert(**changes: Any) -> PreTrainedModel:
    return _random(BertForMaskedLM(BertConfig(**{"vocab_size": V, "max_position_embeddings": 40, **_SIZE, **changes})))


def _random(model: PreTrainedModel, seed: int = 0) -> PreTrainedModel:
    """Every parameter drawn anew, the scales and constants too, so that none can be mixed up unnoticed."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(0.3 * torch.randn(parameter.shape, generator=generator) + (parameter.dim() == 1))
    return model.eval()


def write_gguf(path: Path, *, tied: bool = True, quantized: bool = True, **fields: Any) -> dict[str, np.ndarray]:
    """A small Llama as GGUF, with a tokenizer of single bytes; returns its tensors as they come out of the file."""
    writer = gguf.GGUFWriter(path, fields.pop("architecture", "llama"))
    writer.add_name("tiny llama")
    numbers = {"block_count": 2, "context_length": 40, "embedding_length": 64, "feed_forward_length": 96}
    numbers |= {"attention.head_count": 4, "attention.head_count_kv": 2, "rope.dimension_count": 16}
    for name, value in {**numbers, **fields}.items():
        if isinstance(value, str):
            writer.add_string(f"llama.{name}", value)
        else:
            writer.add_uint32(f"llama.{name}", value)
    writer.add_float32("llama.attention.layer_norm_rms_epsilon", 1e-5)
    writer.add_float32("llama.rope.freq_base", 5000.0)
    writer.add_string("tokenizer.ggml.model", "gpt2")
    writer.add_string("tokenizer.ggml.pre", "smollm")
    letters = list(byte_letters())
    writer.add_array("tokenizer.ggml.tokens", [*letters, "ab", "<eos>"])
    writer.add_array("tokenizer.ggml.token_type", [1] * 257 + [3])
    writer.add_array("tokenizer.ggml.merges", ["a b"])
    writer.add_uint32("tokenizer.ggml.eos_token_id", 257)
    draw = np.random.default_rng(0)
    shapes = {"token_embd": (258, 64), "output_norm": (64,), **({} if tied else {"output": (258, 64)})}
    for layer in range(2):
        block = {"attn_norm": (64,), "ffn_norm": (64,), "attn_q": (64, 64), "attn_k": (32, 64), "attn_v": (32, 64)}
        block |= {"attn_output": (64, 64), "ffn_gate": (96, 64), "ffn_up": (96, 64), "ffn_down": (64, 96)}
        shapes |= {f"blk.{layer}.{name}": shape for name, shape in block.items()}
    tensors = {}
    for name, shape in shapes.items():
        values = draw.standard_normal(shape).astype(np.float32) * 0.3
        kind = gguf.GGMLQuantizationType.F32
        if quantized and len(shape) == 2:
            kind = gguf.GGMLQuantizationType.Q8_0 if name == "token_embd" else gguf.GGMLQuantizationType.Q4_1
        packed = gguf.quants.quantize(values, kind)
        writer.add_tensor(f"{name}.weight", packed, raw_dtype=kind)
        tensors[name] = gguf.quants.dequantize(packed, kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return tensors
