"""Checkpoints: the whole state of a training run in one file, from which it goes on as if it had never stopped.

Parameters, the optimizer's averages and the state of the random numbers are its tensors; configuration, settings and
records are its facts (see `tensor_file.py`).
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from torch import Tensor

from agentos_lab.tensor_file import read_tensors, write_tensors

from .gpt import GPT
from .gpt_config import GPTConfig
from .training import Trainer
from .training_result import TrainingRecord, TrainSettings

__all__ = ["load_checkpoint", "save_checkpoint"]

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
