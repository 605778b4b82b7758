"""Pretrained models: every kind of source loads, and SmolLM2 is whole and answers."""

import json

import pytest
import torch
from small_checkpoints import gpt2, write_gguf
from small_models import loud

from agentos_lab.lm.gpt import GPTConfig
from agentos_lab.lm.language_model import LanguageModel
from agentos_lab.lm.linear import PackedLinear, can_pack
from agentos_lab.lm.pretrained import check_pulled, load_pretrained
from agentos_lab.lm.quantization import Int8Linear
from agentos_lab.lm.tokenizer import CharTokenizer


def test_a_model_of_the_hub_without_a_network_says_what_works():
    with pytest.raises(ConnectionError, match=r"(?s)someone/some-model.*once pulled"):
        load_pretrained("someone/some-model")


def test_a_hugging_face_folder_loads_with_its_tokenizer(tmp_path):
    theirs = gpt2(vocab_size=4)
    theirs.save_pretrained(tmp_path)
    (tmp_path / "vocab.json").write_text(json.dumps({"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3}))
    (tmp_path / "merges.txt").write_text("#version: 0.2\na b\n")
    lm = load_pretrained(tmp_path)
    assert lm.name == tmp_path.name and lm.tokenizer.encode("abba") == [2, 1, 0]
    with torch.no_grad():
        torch.testing.assert_close(lm.logits("abba"), theirs(torch.tensor([[2, 1, 0]])).logits[0], atol=1e-4, rtol=0)


def test_half_precision_on_disk_becomes_float32(tmp_path):
    theirs = gpt2(vocab_size=4).bfloat16()
    theirs.save_pretrained(tmp_path)
    (tmp_path / "vocab.json").write_text(json.dumps({"a": 0, "b": 1, "ab": 2, "<|endoftext|>": 3}))
    (tmp_path / "merges.txt").write_text("#version: 0.2\na b\n")
    assert load_pretrained(tmp_path).model.dtype == torch.float32


def test_our_own_folders_load_too(tmp_path):
    lm = LanguageModel(loud(GPTConfig(5, width=16, heads=2, layers=1)), CharTokenizer("abcde"), "mine")
    lm.save(tmp_path / "mine")
    found = load_pretrained(tmp_path / "mine")
    assert found.name == "mine" and torch.equal(found.logits("abc"), lm.logits("abc"))


@pytest.mark.parametrize(
    ("settings", "layer", "dtype"),
    [
        ({}, torch.nn.Linear, torch.float32),
        ({"dtype": torch.bfloat16}, PackedLinear, torch.bfloat16),
        ({"dtype": torch.bfloat16, "weights": "plain"}, torch.nn.Linear, torch.bfloat16),
        ({"weights": "int8"}, Int8Linear, torch.bfloat16),
        ({"weights": "packed"}, PackedLinear, torch.float32),
    ],
)
def test_weights_and_type_are_chosen_as_asked(settings, layer, dtype, tmp_path):
    write_gguf(tmp_path / "tiny.gguf")
    if layer is PackedLinear and not can_pack(dtype, "cpu"):
        layer = torch.nn.Linear
        settings = {**settings, "weights": "plain"}
    lm = load_pretrained(tmp_path / "tiny.gguf", **settings)
    assert isinstance(lm.model.blocks[0].attention.qkv, layer) and lm.model.dtype == dtype
    assert all(parameter.requires_grad == (layer is torch.nn.Linear) for parameter in lm.model.parameters())
    assert lm.generate("ab", max_new_tokens=3).tokens


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"dtype": "bfloat16"}, r"such as torch\.bfloat16; got 'bfloat16'"),
        ({"weights": "int4"}, "one of plain, packed, int8; got 'int4'"),
    ],
)
def test_unknown_types_and_weights_are_refused_before_anything_is_read(settings, message):
    with pytest.raises(ValueError, match=message):
        load_pretrained("no model at all", **settings)


# --- SmolLM2 itself


def test_smollm2_is_intact_in_the_cache(smollm2):
    assert check_pulled("smollm2-135m-instruct") == "intact"
