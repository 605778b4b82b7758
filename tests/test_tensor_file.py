"""Tensors and facts in one file: all of them come back, or an error says why not."""

import json

import pytest
import torch
from safetensors.torch import save_file

from agentos_lab.tensor_file import read_tensors, write_tensors


def test_tensors_of_every_kind_and_facts_come_back(tmp_path):
    tensors = {
        "half": torch.randn(3, 2).bfloat16(),
        "view": torch.arange(6).view(2, 3).T,
        "scalar": torch.tensor(2.5, dtype=torch.float64),
        "empty": torch.zeros(0, 4),
        "truth": torch.tensor([True, False]),
    }
    write_tensors(tmp_path / "t.safetensors", tensors, {"ä": [1, 0.1, None]})
    found, facts = read_tensors(tmp_path / "t.safetensors")
    assert facts == {"ä": [1, 0.1, None]} and found.keys() == tensors.keys()
    assert all(
        torch.equal(found[name], tensor) and found[name].dtype == tensor.dtype for name, tensor in tensors.items()
    )
    header = (tmp_path / "t.safetensors").read_bytes()
    length = int.from_bytes(header[:8], "little")
    assert json.loads(json.loads(header[8 : 8 + length])["__metadata__"]["facts"]) == facts


def test_a_file_that_is_missing_cut_or_of_another_kind_is_told_by_name(tmp_path):
    path = tmp_path / "t.safetensors"
    with pytest.raises(FileNotFoundError, match=r"there is no file .*t\.safetensors"):
        read_tensors(path)
    write_tensors(path, {"a": torch.zeros(100)}, {})
    whole = path.read_bytes()
    for length in (0, 5, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(ValueError, match=r"t\.safetensors is cut off or no safetensors file"):
            read_tensors(path)
    save_file({"a": torch.zeros(1)}, path)
    with pytest.raises(ValueError, match="its header lacks 'facts'"):
        read_tensors(path)
