"""Folders of our own: a model comes back bit for bit, or with a clear error."""

import json

import pytest
import torch
from small_models import every_family, loud

from agentos_lab.lm.adapters import add_adapters
from agentos_lab.lm.byte_pair_encoding import BytePairTokenizer
from agentos_lab.lm.gpt import GPTConfig
from agentos_lab.lm.language_model import LanguageModel
from agentos_lab.lm.model_folder import is_model_folder, load_model, save_model
from agentos_lab.lm.tokenizer import CharTokenizer

LETTERS = CharTokenizer("abcdefghijklmnopqrstuvwxyz", special=("eos",))


def small(seed: int = 0) -> LanguageModel:
    return LanguageModel(loud(GPTConfig(31, width=32, layers=2, context=24), seed=seed), LETTERS, "small")


@every_family
def test_a_saved_model_comes_back_bit_for_bit(config, tmp_path):
    lm = LanguageModel(loud(config), LETTERS, "mine")
    lm.save(tmp_path / "mine")
    found = LanguageModel.load(tmp_path / "mine")
    assert found.model.config == config and found.name == "mine" and found.tokenizer == LETTERS
    assert torch.equal(found.logits("abc"), lm.logits("abc"))


def test_trained_byte_pairs_come_along(tmp_path):
    tokenizer = BytePairTokenizer.train("the cat sat on the mat " * 20, 280)
    lm = LanguageModel(loud(GPTConfig(tokenizer.vocab_size, width=32, layers=1, context=24)), tokenizer)
    assert load_model(save_model(lm, tmp_path / "m")).tokenizer.encode("the cat") == tokenizer.encode("the cat")


def test_a_model_loads_ready_to_be_trained_further(tmp_path):
    found = load_model(save_model(small(), tmp_path / "m")).model
    found.train()(torch.tensor([[1, 2, 3]])).sum().backward()
    assert all(parameter.grad is not None for parameter in found.parameters())
    with torch.no_grad():
        next(found.parameters()).add_(1.0)  # and the file does not change with it
    assert not torch.equal(next(load_model(tmp_path / "m").model.parameters()), next(found.parameters()))


def test_a_model_that_was_saved_before_is_replaced(tmp_path):
    small(seed=0).save(tmp_path / "m")
    small(seed=1).save(tmp_path / "m")
    assert torch.equal(load_model(tmp_path / "m").logits("abc"), small(seed=1).logits("abc"))
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_a_folder_of_other_files_is_never_overwritten(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ValueError, match="other files"):
        small().save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_an_interrupted_save_leaves_the_former_model(tmp_path, monkeypatch):
    small(seed=0).save(tmp_path / "m")

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(CharTokenizer, "save", interrupt)
    with pytest.raises(KeyboardInterrupt):
        small(seed=1).save(tmp_path / "m")
    assert torch.equal(load_model(tmp_path / "m").logits("abc"), small(seed=0).logits("abc"))
    assert [path.name for path in tmp_path.iterdir()] == ["m"]


def test_what_is_not_a_plain_model_is_not_saved(tmp_path):
    with pytest.raises(ValueError, match="plain weights"):
        small().for_inference("int8").save(tmp_path / "m")
    lm = small()
    add_adapters(lm.model)
    with pytest.raises(ValueError, match="merged"):
        lm.save(tmp_path / "m")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("config.json", b"{"),
        ("config.json", b"[]"),
        ("config.json", b'{"format": "agentos-lab language model, version 99"}'),
        ("model.safetensors", b"\x00" * 100),
        ("tokenizer.json", b"{}"),
    ],
)
def test_a_damaged_file_is_refused(name, content, tmp_path):
    folder = small().save(tmp_path / "m")
    (folder / name).write_bytes(content)
    with pytest.raises(ValueError, match=r"config\.json|safetensors|tokenizer"):
        load_model(folder)


@pytest.mark.parametrize(
    "changes", [{"layers": 3}, {"layers": 10**9}, {"width": 64}, {"heads": 7}, {"kv_heads": "2"}, {"no_such": 1}]
)
def test_a_configuration_that_does_not_fit_is_refused(changes, tmp_path):
    folder = small().save(tmp_path / "m")
    facts = json.loads((folder / "config.json").read_text())
    facts["config"] |= changes
    (folder / "config.json").write_text(json.dumps(facts))
    with pytest.raises(ValueError, match=r"layers|blocks|embedding|heads|no_such|expects|config"):
        load_model(folder)


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "tokenizer.json"])
def test_a_missing_file_is_named(name, tmp_path):
    folder = small().save(tmp_path / "m")
    (folder / name).unlink()
    with pytest.raises(FileNotFoundError, match=name):
        load_model(folder)


def test_other_folders_are_told_apart(tmp_path):
    assert not is_model_folder(tmp_path)
    (tmp_path / "config.json").write_text('{"model_type": "gpt2"}')
    assert not is_model_folder(tmp_path)
    assert is_model_folder(small().save(tmp_path / "m"))
