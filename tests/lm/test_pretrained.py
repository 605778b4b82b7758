"""Pretrained models: every kind of source loads, and SmolLM2 is equal to transformers'."""

import json

import pytest
import torch
from small_checkpoints import gpt2, write_gguf
from small_models import loud
from transformers import LlamaConfig, LlamaForCausalLM

from agentos_lab.lm.generation import generate
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

PROMPTS = [
    "The capital of France is",
    "Once upon a time, in a small village by the sea,",
    "def fibonacci(n):\n",
    "1, 2, 3, 4,",
    "The three primary colours are",
    "Water boils at",
    "Dear Sir or Madam,\n\nI am writing to",
    "Q: Who wrote Hamlet?\nA:",
    "In machine learning, overfitting means that",
    "<html>\n<body>\n",
]


@pytest.fixture(scope="module")
def theirs(smollm2):
    """SmolLM2 as transformers' Llama; query and key rows go from pairs side by side to halves."""
    config, ours = smollm2.model.config, smollm2.model.state_dict()
    llama = LlamaConfig(
        vocab_size=config.vocab_size,
        hidden_size=config.width,
        intermediate_size=config.hidden,
        num_hidden_layers=config.layers,
        num_attention_heads=config.heads,
        num_key_value_heads=config.kv_heads,
        max_position_embeddings=config.context,
        rms_norm_eps=config.norm_eps,
        tie_word_embeddings=True,
        rope_parameters={"rope_type": "default", "rope_theta": config.rope_base},
    )
    with torch.device("meta"):  # without drawing 134 million random numbers first
        model = LlamaForCausalLM(llama)
    model.model.rotary_emb = type(model.model.rotary_emb)(llama)
    d = config.head_width
    state = {
        "model.embed_tokens.weight": ours["embedding.token.weight"],
        "model.norm.weight": ours["final_norm.weight"],
    }
    state["lm_head.weight"] = ours["embedding.token.weight"]
    for layer in range(config.layers):
        to, block = f"model.layers.{layer}", f"blocks.{layer}"
        q, k, v = ours[f"{block}.attention.qkv.weight"].split(
            (config.heads * d, config.kv_heads * d, config.kv_heads * d)
        )
        for name, rows in (("q", q), ("k", k)):
            halves = rows.reshape(-1, d // 2, 2, config.width).transpose(1, 2).reshape(rows.shape)
            state[f"{to}.self_attn.{name}_proj.weight"] = halves
        state[f"{to}.self_attn.v_proj.weight"] = v
        state[f"{to}.self_attn.o_proj.weight"] = ours[f"{block}.attention.output.weight"]
        gate, up = ours[f"{block}.feed_forward.up.weight"].chunk(2)
        state |= {f"{to}.mlp.gate_proj.weight": gate, f"{to}.mlp.up_proj.weight": up}
        state[f"{to}.mlp.down_proj.weight"] = ours[f"{block}.feed_forward.down.weight"]
        state[f"{to}.input_layernorm.weight"] = ours[f"{block}.attention_norm.weight"]
        state[f"{to}.post_attention_layernorm.weight"] = ours[f"{block}.feed_forward_norm.weight"]
    model.load_state_dict(state, assign=True)
    return model.eval()


def test_smollm2_has_the_logits_of_transformers(smollm2, theirs):
    text = "Language models read text from left to right. " * 6
    ids = smollm2.encode(text)
    with torch.no_grad():
        expected = theirs(ids).logits[0]
    torch.testing.assert_close(smollm2.logits(text), expected, atol=1e-4, rtol=1e-5)


def test_smollm2_continues_ten_prompts_greedily_as_transformers_does(smollm2, theirs):
    prompts = [smollm2.tokenizer.encode(prompt) for prompt in PROMPTS]
    for prompt, found in zip(
        prompts, generate(smollm2.model, prompts, max_new_tokens=40, temperature=0.0), strict=True
    ):
        # Greedy means: each token is the argmax after those before it. One look at the whole text checks all forty.
        with torch.no_grad():
            logits = theirs(torch.tensor([[*prompt, *found]])).logits[0]
        assert logits.argmax(-1)[len(prompt) - 1 : -1].tolist() == list(found)


def test_smollm2_writes_the_same_with_and_without_cache(smollm2):
    cached, without = (
        smollm2.generate("The capital of France is", max_new_tokens=8, temperature=0, use_cache=use)
        for use in (True, False)
    )
    assert cached.text == without.text and cached.text.startswith(" Paris")


def test_smollm2_answers_a_question(smollm2):
    assert "Paris" in smollm2.chat("What is the capital of France?", max_new_tokens=12, temperature=0).text


def test_smollm2_is_intact_in_the_cache(smollm2):
    assert check_pulled("smollm2-135m-instruct") == "intact"
