"""SmolLM2 computes what transformers computes with the same weights, token by token."""

from __future__ import annotations

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from agentos_lab.lm.generation import generate

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
