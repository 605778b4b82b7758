"""A run that was saved and resumed is the unbroken run, bit for bit; a damaged file is refused."""

import pytest
import torch
from safetensors.torch import save_file

from agentos_lab.lm import GPT, GPTConfig
from agentos_lab.lm.checkpoint import load_checkpoint, save_checkpoint
from agentos_lab.lm.training import Trainer, train
from agentos_lab.lm.training_result import TrainSettings
from agentos_lab.tensor_file import write_tensors

CONFIG = GPTConfig(31, width=32, layers=2, context=24)
TOKENS = torch.randint(30, (2000,), generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    ("config", "settings"),
    [
        (CONFIG, {}),
        (CONFIG.replace(dropout=0.2), {"accumulate": 2}),
        (CONFIG.replace(causal=False), {"objective": "masked", "mask_id": 30, "special": (0,)}),
        (GPTConfig.llama(31, width=32, layers=2, context=24, tied=True), {"autocast": True}),
    ],
    ids=["plain", "dropout", "masked", "llama in bfloat16"],
)
def test_a_resumed_run_is_the_unbroken_run_bit_for_bit(tmp_path, config, settings):
    settings = TrainSettings(steps=8, batch_size=4, evaluate_every=2, **settings)
    unbroken = Trainer(GPT(config, seed=0), TOKENS, settings)
    list(unbroken)
    broken = Trainer(GPT(config, seed=0), TOKENS, settings)
    for _ in range(3):
        broken.step()
    resumed = load_checkpoint(save_checkpoint(broken, tmp_path / "run.safetensors"), TOKENS)
    assert resumed.settings == settings and resumed.records == broken.records
    assert len(list(resumed)) == 5 and resumed.records == unbroken.records
    for (name, ours), theirs in zip(resumed.model.named_parameters(), unbroken.model.parameters(), strict=True):
        assert torch.equal(ours, theirs), name


def test_train_keeps_a_checkpoint_from_which_an_interrupted_run_goes_on(tmp_path):
    path = tmp_path / "deep" / "run.safetensors"
    settings = {"steps": 6, "batch_size": 4, "evaluate_every": 2, "progress": False}

    def stop_at_five(record):
        assert path.is_file() or record.step < 4  # written at the evaluations
        if record.step == 5:
            raise KeyboardInterrupt

    train(GPT(CONFIG, seed=0), TOKENS, checkpoint=path, on_record=stop_at_five, **settings)
    result = load_checkpoint(path, TOKENS).run(progress=False, checkpoint=path)
    assert result == train(GPT(CONFIG, seed=0), TOKENS, **settings)
    assert [file.name for file in path.parent.iterdir()] == ["run.safetensors"]
    assert len(load_checkpoint(path, TOKENS).records) == 6


def test_a_failed_write_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    trainer = Trainer(GPT(CONFIG, seed=0), TOKENS, TrainSettings(steps=3))
    path = save_checkpoint(trainer, tmp_path / "run.safetensors")
    before = path.read_bytes()
    trainer.step()

    def full_disk(*_):
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", full_disk)
    with pytest.raises(OSError, match="no space"):
        save_checkpoint(trainer, path)
    assert path.read_bytes() == before and [file.name for file in tmp_path.iterdir()] == ["run.safetensors"]


@pytest.fixture
def saved(tmp_path):
    trainer = Trainer(GPT(CONFIG, seed=0), TOKENS, TrainSettings(steps=3))
    trainer.step()
    return save_checkpoint(trainer, tmp_path / "run.safetensors")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_file_that_was_cut_off_is_refused(saved, share):
    content = saved.read_bytes()
    saved.write_bytes(content[: int(share * len(content))])
    with pytest.raises(ValueError, match=r"run\.safetensors is cut off or no safetensors file"):
        load_checkpoint(saved, TOKENS)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_single_wrong_byte_is_noticed(saved, share):
    content = bytearray(saved.read_bytes())
    start = int.from_bytes(content[:8], "little") + 8
    place = start + int(share * (len(content) - start))
    content[place] ^= 1
    saved.write_bytes(content)
    with pytest.raises(ValueError, match="damaged: its content does not fit its checksum"):
        load_checkpoint(saved, TOKENS)


def test_other_files_are_told_apart(tmp_path, saved):
    with pytest.raises(FileNotFoundError, match=r"there is no file .*nothing\.safetensors"):
        load_checkpoint(tmp_path / "nothing.safetensors", TOKENS)
    foreign = tmp_path / "foreign.safetensors"
    save_file({"a": torch.zeros(1)}, foreign)
    with pytest.raises(ValueError, match="its header lacks 'facts' and 'sha256'"):
        load_checkpoint(foreign, TOKENS)
    write_tensors(foreign, {"a": torch.zeros(1)}, {"format": "something else"})
    with pytest.raises(ValueError, match="is no training checkpoint"):
        load_checkpoint(foreign, TOKENS)
    with pytest.raises(ValueError, match="parameters of another model"):
        load_checkpoint(saved, TOKENS, model=GPT(CONFIG.replace(width=64), seed=0))


def test_another_text_is_noticed(saved):
    with pytest.raises(ValueError, match="a run on another text"):
        load_checkpoint(saved, TOKENS.flip(0))
    with pytest.raises(ValueError, match="another part of it for validation"):
        load_checkpoint(saved, TOKENS, validation=0.2)
