"""Hugging Face folders: the same logits as transformers, and a clear refusal of everything else."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file
from small_checkpoints import V, bert, gpt2, llama

from agentos_lab.lm.gpt import GPT
from agentos_lab.lm.hugging_face_weights import read_hugging_face

TOKENS = torch.randint(V, (2, 17), generator=torch.Generator().manual_seed(0))


def ours(folder) -> GPT:
    return GPT.from_state(*read_hugging_face(folder))


@pytest.mark.parametrize(
    "theirs",
    [
        gpt2(),
        gpt2(tie_word_embeddings=False),
        gpt2(n_inner=80, activation_function="relu", layer_norm_epsilon=1e-3),
        gpt2(activation_function="gelu"),
        llama(tie_word_embeddings=False),
        llama(tie_word_embeddings=True, rope_theta=500.0),
        llama(num_key_value_heads=6, rms_norm_eps=1e-3),
        llama(num_key_value_heads=1, head_dim=8),
        llama(rope_parameters={"rope_type": "default", "rope_theta": 77.0}),
    ],
    ids=lambda model: type(model).__name__,
)
def test_logits_equal_those_of_transformers(theirs, tmp_path):
    theirs.save_pretrained(tmp_path)
    with torch.no_grad():
        torch.testing.assert_close(ours(tmp_path)(TOKENS), theirs(TOKENS).logits, atol=1e-4, rtol=0)


@pytest.mark.parametrize("changes", [{}, {"hidden_act": "gelu_new", "layer_norm_eps": 1e-3, "type_vocab_size": 1}])
def test_a_masked_model_with_padding_equals_transformers(changes, tmp_path):
    theirs = bert(**changes)
    theirs.save_pretrained(tmp_path)
    mask = torch.ones_like(TOKENS, dtype=torch.bool)
    mask[1, 9:] = False
    with torch.no_grad():
        expected = theirs(TOKENS, attention_mask=mask.long()).logits
        found = ours(tmp_path)(TOKENS, mask=mask)
    torch.testing.assert_close(found[mask], expected[mask], atol=1e-4, rtol=0)
    assert not ours(tmp_path).config.causal


def test_shards_are_put_together(tmp_path):
    theirs = llama()
    theirs.save_pretrained(tmp_path, max_shard_size="60KB")
    assert len(list(tmp_path.glob("*.safetensors"))) > 2
    with torch.no_grad():
        torch.testing.assert_close(ours(tmp_path)(TOKENS), theirs(TOKENS).logits, atol=1e-4, rtol=0)


def test_old_names_of_scales_and_constants_are_understood(tmp_path):
    theirs = bert()
    theirs.save_pretrained(tmp_path)
    state = load_file(tmp_path / "model.safetensors")
    old = {
        name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta"): tensor
        for name, tensor in state.items()
    }
    save_file(old, tmp_path / "model.safetensors")
    with torch.no_grad():
        torch.testing.assert_close(ours(tmp_path)(TOKENS), theirs(TOKENS).logits, atol=1e-4, rtol=0)


def test_the_inner_model_alone_is_understood(tmp_path):
    theirs = gpt2()
    theirs.save_pretrained(tmp_path)
    state = load_file(tmp_path / "model.safetensors")
    save_file(
        {name.removeprefix("transformer."): tensor for name, tensor in state.items()}, tmp_path / "model.safetensors"
    )
    with torch.no_grad():
        torch.testing.assert_close(ours(tmp_path)(TOKENS), theirs(TOKENS).logits, atol=1e-4, rtol=0)


def change(folder, **changes) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


@pytest.mark.parametrize(
    ("make", "changes"),
    [
        (gpt2, {"scale_attn_by_inverse_layer_idx": True}),
        (gpt2, {"scale_attn_weights": False}),
        (gpt2, {"add_cross_attention": True}),
        (gpt2, {"activation_function": "mish"}),
        (gpt2, {"n_embd": "48"}),
        (gpt2, {"n_head": 0}),
        (gpt2, {"n_layer": 10**12}),
        (gpt2, {"n_layer": True}),
        (gpt2, {"layer_norm_epsilon": -1}),
        (gpt2, {"tie_word_embeddings": "yes"}),
        (llama, {"attention_bias": True}),
        (llama, {"mlp_bias": True}),
        (llama, {"hidden_act": "gelu"}),
        (llama, {"head_dim": 16}),
        (llama, {"num_key_value_heads": 3.0}),
        (llama, {"rope_scaling": {"rope_type": "llama3", "factor": 8.0}}),
        (llama, {"rope_scaling": {"type": "linear", "factor": 2.0}}),
        (llama, {"rope_parameters": {"rope_type": "yarn", "rope_theta": 1e4}}),
        (llama, {"rope_parameters": [1]}),
        (bert, {"position_embedding_type": "relative_key"}),
        (bert, {"is_decoder": True}),
    ],
)
def test_what_is_not_supported_is_refused_by_the_name_of_its_key(make, changes, tmp_path):
    make().save_pretrained(tmp_path)
    change(tmp_path, **changes)
    with pytest.raises(ValueError, match=next(iter(changes))):
        ours(tmp_path)


@pytest.mark.parametrize("model_type", ["mamba", "qwen2", None, ["gpt2"]])
def test_another_architecture_is_refused(model_type, tmp_path):
    gpt2().save_pretrained(tmp_path)
    change(tmp_path, model_type=model_type)
    with pytest.raises(ValueError, match="supported are gpt2, llama, bert"):
        ours(tmp_path)


@pytest.mark.parametrize("size", [0, 7, 100, 5000])
def test_weights_that_were_cut_off_are_refused(size, tmp_path):
    gpt2().save_pretrained(tmp_path)
    path = tmp_path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ValueError, match="damaged"):
        ours(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[1]", "\x00\xff", '{"model_type": "gpt2"'])
def test_a_damaged_configuration_is_refused(text, tmp_path):
    gpt2().save_pretrained(tmp_path)
    (tmp_path / "config.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(ValueError, match=r"config\.json"):
        ours(tmp_path)


def test_a_missing_parameter_is_named(tmp_path):
    llama().save_pretrained(tmp_path)
    state = load_file(tmp_path / "model.safetensors")
    del state["model.layers.1.mlp.up_proj.weight"]
    save_file(state, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match=r"layers\.1\.mlp\.up_proj"):
        ours(tmp_path)


def test_a_parameter_of_another_shape_is_named(tmp_path):
    llama().save_pretrained(tmp_path)
    change(tmp_path, intermediate_size=97)
    with pytest.raises(ValueError, match="feed_forward"):
        ours(tmp_path)


def test_pickles_are_never_opened(tmp_path):
    gpt2().save_pretrained(tmp_path)
    (tmp_path / "model.safetensors").unlink()

    class Bomb:
        def __reduce__(self):
            return (pytest.fail, ("it was unpickled",))

    torch.save({"wte.weight": Bomb()}, tmp_path / "pytorch_model.bin")
    with pytest.raises(ValueError, match=r"pytorch_model\.bin, a pickle.*safetensors"):
        ours(tmp_path)


def test_missing_files_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"config\.json"):
        read_hugging_face(tmp_path)
    gpt2().save_pretrained(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    with pytest.raises(FileNotFoundError, match=r"model\.safetensors"):
        read_hugging_face(tmp_path)


@pytest.mark.parametrize("shard", ["../secret.safetensors", "/etc/passwd", "sub/x.safetensors", 7, "x.bin"])
def test_an_index_may_name_files_of_its_own_folder_only(shard, tmp_path):
    gpt2().save_pretrained(tmp_path)
    (tmp_path / "model.safetensors").unlink()
    (tmp_path / "model.safetensors.index.json").write_text(json.dumps({"weight_map": {"wte.weight": shard}}))
    with pytest.raises(ValueError, match="weight_map"):
        ours(tmp_path)
