"""Checkpoints: the whole state of a training run in one file, from which it goes on as if it had never stopped.

The file is plain safetensors: tensors by name, and a header whose metadata hold the rest as JSON (configuration,
settings, records). One file and not several, because only one can be put in place in a single, atomic move.
Nothing in it is ever executed.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from .gpt import GPT, GPTConfig
from .training import Trainer
from .training_result import TrainingRecord, TrainSettings

__all__ = ["load_checkpoint", "read_tensors", "save_checkpoint", "write_tensors"]

_FORMAT = "agentos-lab training checkpoint, version 1"


def save_checkpoint(trainer: Trainer, path: str | Path) -> Path:
    """Write everything that the next step depends on: parameters, AdamW's averages, the generator, the settings.

    Args:
        trainer: A run between two steps.
        path: The file, e.g. ``"run.safetensors"``; an older one is replaced only when the new one is complete.

    Returns:
        The file. Under ``torchrun`` only the first process writes.
    """
    if trainer.world.rank == 0:
        tensors = {f"model.{name}": tensor for name, tensor in trainer.model.state_dict().items()}
        tensors |= {f"optimizer.{name}": tensor for name, tensor in _optimizer_state(trainer).items()}
        tensors["generator"] = trainer.generator.get_state()
        facts = {
            "format": _FORMAT,
            "config": trainer.model.config.to_dict(),
            "settings": trainer.settings.to_dict(),
            "text": _fingerprint(trainer),
            "records": [dataclasses.astuple(record) for record in trainer.records],
        }
        write_tensors(path, tensors, facts)
    return Path(path)


def load_checkpoint(
    path: str | Path,
    tokens: Tensor | Sequence[int],
    *,
    validation: Tensor | Sequence[int] | float = 0.1,
    sample: Callable[[GPT], str] | None = None,
    model: GPT | None = None,
) -> Trainer:
    """Go on with a run: on the same machine, with one thread, its next steps are those of the unbroken run bit for bit.

    Args:
        path: A file that `save_checkpoint` wrote.
        tokens: The text that the run was started with.
        validation: As it was started with.
        sample: As in `train`.
        model: The model to load into, for one that `GPT(config)` does not make, such as one with adapters, or on
            another device. None makes it.

    Returns:
        The trainer; ``trainer.run()`` makes the steps that are left.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is damaged or no checkpoint, or the text is not the one it was started with.
    """
    tensors, facts = read_tensors(path)
    if facts.get("format") != _FORMAT:
        raise ValueError(f"{path} holds tensors but is no training checkpoint (expected {_FORMAT!r})")
    state = _under("model.", tensors)
    if model is None:
        model = GPT(GPTConfig.from_dict(facts["config"]), seed=0)
    expected = {name: tensor.shape for name, tensor in model.state_dict().items()}
    if expected != {name: tensor.shape for name, tensor in state.items()}:
        raise ValueError(f"{path} holds the parameters of another model than the one to load into")
    model.load_state_dict(state)
    settings = TrainSettings.from_dict(facts["settings"])
    trainer = Trainer(model, tokens, settings, validation=validation, sample=sample)
    if _fingerprint(trainer) != facts["text"]:
        raise ValueError(
            f"{path} comes from a run on another text, or with another part of it for validation; the same tokens are "
            "needed to go on exactly. To start afresh from its model, take trainer.model and call train"
        )
    _restore_optimizer(trainer, _under("optimizer.", tensors))
    trainer.generator.set_state(tensors["generator"])
    trainer.records = [TrainingRecord(*fields) for fields in facts["records"]]
    return trainer


def write_tensors(path: str | Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Write tensors and JSON facts to one safetensors file, atomically and with a checksum.

    Args:
        path: The file; its folder is made if need be.
        tensors: By name.
        facts: Anything that JSON can hold.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    text = json.dumps(facts)
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    os.close(handle)
    try:
        save_file(tensors, partial, metadata={"facts": text, "sha256": _digest(tensors, text)})
        os.replace(partial, path)
    finally:
        Path(partial).unlink(missing_ok=True)


def read_tensors(path: str | Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and facts that `write_tensors` wrote, all of them intact.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is cut off, altered, or of another kind.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            # Copies: the file must not stay mapped, or Windows would not let the next checkpoint replace it.
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118 (not a mapping)
    except (SafetensorError, OSError) as error:
        raise ValueError(f"{path} is cut off or no safetensors file: {error}; take an older copy") from error
    if not {"facts", "sha256"} <= metadata.keys():
        raise ValueError(f"{path} is a safetensors file, but not one of ours: its header lacks 'facts' and 'sha256'")
    if _digest(tensors, metadata["facts"]) != metadata["sha256"]:
        raise ValueError(f"{path} is damaged: its content does not fit its checksum; take an older copy")
    return tensors, json.loads(metadata["facts"])


def _digest(tensors: Mapping[str, Tensor], text: str) -> str:
    digest = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        digest.update(f"{name} {tensors[name].dtype} {tuple(tensors[name].shape)}".encode())
        digest.update(tensors[name].flatten().view(torch.uint8).numpy().data)
    return digest.hexdigest()


def _fingerprint(trainer: Trainer) -> str:
    digest = hashlib.sha256(trainer.tokens.numpy().data)
    digest.update(b"|")
    digest.update(trainer.validation.numpy().data)
    return digest.hexdigest()


def _optimizer_state(trainer: Trainer) -> dict[str, Tensor]:
    """AdamW's averages, by what they are and whose: ``exp_avg.blocks.0.attention.qkv.weight``."""
    state = trainer.optimizer.state
    return {
        f"{kind}.{name}": tensor
        for name, parameter in trainer.model.named_parameters()
        for kind, tensor in state.get(parameter, {}).items()
    }


def _restore_optimizer(trainer: Trainer, tensors: Mapping[str, Tensor]) -> None:
    for name, parameter in trainer.model.named_parameters():
        found = {kind: tensors.get(f"{kind}.{name}") for kind in ("step", "exp_avg", "exp_avg_sq")}
        if parameter.requires_grad and all(tensor is not None for tensor in found.values()):
            trainer.optimizer.state[parameter] = {
                kind: tensor.to(parameter.device) for kind, tensor in found.items() if tensor is not None
            }


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
