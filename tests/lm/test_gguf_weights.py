"""GGUF files: the numbers of PyPI's `gguf`, the logits of transformers, and no crash on a damaged file."""

import pytest
import torch
from small_checkpoints import write_gguf
from transformers import LlamaConfig, LlamaForCausalLM

from agentos_lab.lm.gguf_weights import read_gguf, read_metadata
from agentos_lab.lm.gpt import GPT
from agentos_lab.lm.pretrained import load_pretrained

TOKENS = torch.randint(258, (2, 13), generator=torch.Generator().manual_seed(0))


def halves(rows: torch.Tensor, head_width: int = 16) -> torch.Tensor:
    """From pairs side by side, as llama.cpp writes them, to the halves that transformers reads."""
    return rows.reshape(-1, head_width // 2, 2, rows.shape[1]).transpose(1, 2).reshape(rows.shape)


@pytest.mark.parametrize("tied", [True, False])
def test_logits_equal_those_of_transformers(tied, tmp_path):
    tensors = {name: torch.tensor(values) for name, values in write_gguf(tmp_path / "m.gguf", tied=tied).items()}
    shape = {"hidden_size": 64, "intermediate_size": 96, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = LlamaConfig(vocab_size=258, num_key_value_heads=2, rms_norm_eps=1e-5, tie_word_embeddings=tied, **shape)
    config.rope_parameters = {"rope_type": "default", "rope_theta": 5000.0}
    theirs = LlamaForCausalLM(config).eval()
    state = {"model.embed_tokens.weight": tensors["token_embd"], "model.norm.weight": tensors["output_norm"]}
    state["lm_head.weight"] = tensors["token_embd" if tied else "output"]
    names = {"attn_norm": "input_layernorm", "ffn_norm": "post_attention_layernorm", "attn_v": "self_attn.v_proj"}
    names |= {"attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_output": "self_attn.o_proj"}
    names |= {"ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj", "ffn_down": "mlp.down_proj"}
    for layer in range(2):
        for name, to in names.items():
            rows = tensors[f"blk.{layer}.{name}"]
            rows = halves(rows) if name in ("attn_q", "attn_k") else rows
            state[f"model.layers.{layer}.{to}.weight"] = rows
    theirs.load_state_dict(state)
    found = read_gguf(tmp_path / "m.gguf")
    assert found.name == "tiny llama" and found.config.tied == tied
    with torch.no_grad():
        torch.testing.assert_close(
            GPT.from_state(found.config, found.state)(TOKENS), theirs(TOKENS).logits, atol=1e-4, rtol=0
        )


def test_numbers_of_32_bits_come_back_as_they_were_written(tmp_path):
    write_gguf(tmp_path / "m.gguf")
    config = read_gguf(tmp_path / "m.gguf").config
    assert (config.norm_eps, config.rope_base, config.vocab_size, config.context) == (1e-5, 5000.0, 258, 40)


def test_a_gguf_file_loads_with_its_tokenizer(tmp_path):
    write_gguf(tmp_path / "m.gguf")
    lm = load_pretrained(tmp_path / "m.gguf")
    assert lm.name == "tiny llama" and lm.tokenizer.special["eos"] == 257
    assert lm.tokenizer.encode("abc") == [256, lm.tokenizer.encode("c")[0]]
    assert len(lm.generate("abc", max_new_tokens=5).tokens) <= 5


def test_metadata_are_read_without_the_tensors(tmp_path):
    write_gguf(tmp_path / "m.gguf")
    fields = read_metadata(tmp_path / "m.gguf")
    assert fields["general.architecture"] == "llama" and len(fields["tokenizer.ggml.tokens"]) == 258


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"architecture": "gpt2"}, "architecture 'gpt2'"),
        ({"rope.scaling.type": "yarn"}, "rope.scaling.type"),
        ({"rope.dimension_count": 8}, "rope.dimension_count"),
        ({"attention.key_length": 32}, "attention.key_length"),
        ({"attention.head_count": 0}, "damaged"),
        ({"attention.head_count": 7}, "7"),
        ({"block_count": 3}, "blk.2"),
        ({"block_count": 1}, "does not have"),
        ({"block_count": 4_000_000_000}, "missing"),
        ({"feed_forward_length": 97}, "feed_forward"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(fields, message, tmp_path):
    write_gguf(tmp_path / "m.gguf", **fields)
    with pytest.raises(ValueError, match=message):
        load_pretrained(tmp_path / "m.gguf")


@pytest.mark.parametrize("content", [b"", b"GGUF", b"GGUF" + b"\xff" * 40, b"PK\x03\x04" + b"0" * 100, b"0" * 24])
def test_what_is_no_gguf_is_refused(content, tmp_path):
    (tmp_path / "m.gguf").write_bytes(content)
    with pytest.raises(ValueError, match="GGUF"):
        read_gguf(tmp_path / "m.gguf")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"m\.gguf"):
        load_pretrained(tmp_path / "m.gguf")
