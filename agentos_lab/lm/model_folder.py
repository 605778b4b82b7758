"""Model folders: a language model on disk, as ``model.safetensors``, ``config.json`` and ``tokenizer.json``.

Plain tensors and plain JSON: nothing in them is ever executed. The tensors are mapped into memory, not read, so that
loading is quick and several processes share one copy.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any

import torch

from .gpt import GPT
from .gpt_config import GPTConfig
from .language_model import LanguageModel
from .tokenizer import load_tokenizer
from .weight_files import read_json, read_weights

__all__ = ["is_model_folder", "load_model", "save_model"]

_FORMAT = "agentos-lab language model, version 1"


def save_model(model: LanguageModel, folder: str | Path) -> Path:
    """Write a model and its tokenizer; the folder appears whole or not at all.

    Args:
        model: The model.
        folder: Made if need be; a model that was saved there before is replaced.

    Raises:
        ValueError: The folder holds something else.
    """
    from safetensors.torch import save_file

    folder = Path(folder)
    if not model.model.is_plain:
        raise ValueError(
            "only a model with plain weights can be saved; adapters are merged first, and a copy made by "
            "for_inference is made anew from the saved one"
        )
    if folder.exists() and not is_model_folder(folder) and any(folder.iterdir()):
        raise ValueError(f"{folder} holds other files; choose a new folder for the model")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=folder.parent, prefix=f".{folder.name}-", ignore_cleanup_errors=True
    ) as temporary:
        made = Path(temporary) / "model"
        made.mkdir()
        tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in model.model.state_dict().items()}
        save_file(tensors, made / "model.safetensors")
        model.tokenizer.save(made / "tokenizer.json")
        facts = {"format": _FORMAT, "name": model.name, "config": model.model.config.to_dict()}
        (made / "config.json").write_text(json.dumps(facts, indent=1), encoding="utf-8")
        if folder.exists():
            os.replace(folder, Path(temporary) / "former")
        os.replace(made, folder)
    return folder


def is_model_folder(folder: str | Path) -> bool:
    """Whether `save_model` wrote this folder (and not, say, Hugging Face's `transformers`)."""
    path = Path(folder) / "config.json"
    return path.is_file() and "format" in read_json(path)


def load_model(folder: str | Path, *, device: torch.device | str = "cpu") -> LanguageModel:
    """Read a model that `save_model` wrote.

    Raises:
        FileNotFoundError: A file is missing.
        ValueError: A file is damaged or of another format; nothing is half-loaded.
    """
    folder = Path(folder)
    facts: dict[str, Any] = read_json(folder / "config.json")
    if facts.get("format") != _FORMAT or not isinstance(facts.get("config"), dict):
        raise ValueError(f"{folder / 'config.json'} has the format {facts.get('format')!r}, expected {_FORMAT!r}")
    state = read_weights(folder)
    try:
        model = GPT.from_state(GPTConfig.from_dict(facts["config"]), state)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{folder / 'config.json'}: {error}") from error
    model = model.float().to(device)  # a small file may hold bfloat16
    return LanguageModel(model, load_tokenizer(folder / "tokenizer.json"), str(facts.get("name", folder.name)))
