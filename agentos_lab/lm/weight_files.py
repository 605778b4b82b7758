"""Weight files: safetensors and JSON that somebody else may have written, read with care and never executed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from torch import Tensor

__all__ = ["read_json", "read_weights"]


def read_weights(folder: Path) -> dict[str, Tensor]:
    """All tensors of ``model.safetensors``, or of the shards that its index names; mapped, not copied."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    single, index = folder / "model.safetensors", folder / "model.safetensors.index.json"
    if single.is_file():
        names = [single.name]
    elif index.is_file():
        shards = read_json(index).get("weight_map")
        if not isinstance(shards, dict) or not all(_is_file_name(name) for name in shards.values()):
            raise ValueError(f"{index}: weight_map must map parameters to file names in the same folder")
        names = sorted(set(shards.values()))
    elif pickles := [path.name for pattern in ("*.bin", "*.pt", "*.pth") for path in folder.glob(pattern)]:
        raise ValueError(
            f"{folder} holds its weights in {pickles[0]}, a pickle, which could run any code and is never opened here; "
            "convert it where you trust it: transformers' AutoModel.from_pretrained(…).save_pretrained(…) writes "
            "safetensors"
        )
    else:
        raise FileNotFoundError(f"{folder} holds neither model.safetensors nor model.safetensors.index.json")
    tensors: dict[str, Tensor] = {}
    for name in names:
        try:
            tensors.update(load_file(folder / name))
        except SafetensorError as error:
            raise ValueError(f"{folder / name} is damaged or no safetensors file: {error}; fetch it again") from error
    return tensors


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in a file; ValueError when it is damaged or something else."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path} is damaged or no JSON: {error}") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path} must hold one JSON object, got {type(found).__name__}")
    return found


def _is_file_name(name: Any) -> bool:
    return isinstance(name, str) and name.endswith(".safetensors") and Path(name).name == name
