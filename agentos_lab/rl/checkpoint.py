"""Checkpoints: the whole state of a run in one file, from which it goes on as if it had never stopped.

The file is plain safetensors: tensors by name, and a header whose metadata hold the rest as JSON. Nothing in it is ever
executed. Environments are not in it; what is there is every action that they were given, which brings them back.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from torch import Tensor, nn

from agentos_lab.tensor_file import read_tensors, write_tensors

from .dialogue_result import LearnedDialogue
from .learning import Learner, Snapshot
from .learning_result import Learned

__all__ = ["load_checkpoint", "load_parameters", "save_checkpoint", "save_parameters"]

_CHECKPOINT = "agentos-lab reinforcement learning checkpoint, version 1"
_PARAMETERS = "agentos-lab reinforcement learning parameters, version 1"


def save_checkpoint(learner: Learner, path: str | Path) -> Path:
    """Write everything that the next update depends on.

    Args:
        learner: A run between two updates.
        path: The file, e.g. ``"run.safetensors"``; an older one is replaced only when the new one is complete.

    Returns:
        The file.

    Raises:
        ValueError: No learner, such as what it has learned, or arguments in the wrong order.
    """
    _check_arguments(learner, Learner, "save_checkpoint(learner, path)", path)
    tensors, facts = learner.snapshot(complete=True)
    facts |= {
        "format": _CHECKPOINT,
        "algorithm": learner.algorithm,
        "task": learner.task,
        "records": [record.to_dict() for record in learner.records],
    }
    write_tensors(path, tensors, facts)
    return Path(path)


def load_checkpoint(path: str | Path, learner: Learner) -> Learner:
    """Go on with a run: on the same machine, with one thread, what follows is the unbroken run bit for bit.

    Args:
        path: A file that `save_checkpoint` wrote.
        learner: A new learner of the same algorithm, environment and networks, e.g. ``PPO("CartPole-v1",
            PPOSettings(seed=3))``; the settings are taken from the file.

    Returns:
        The learner; ``learner.run()`` makes the updates that are left.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is damaged, no checkpoint, or one of another algorithm, environment or network.
    """
    _check_arguments(learner, Learner, "load_checkpoint(path, learner)", path)
    tensors, facts = _read(path, _CHECKPOINT)
    for name in ("algorithm", "task"):
        if facts[name] != getattr(learner, name):
            raise ValueError(f"{path} is of the {name} {facts[name]!r}, and the learner of {getattr(learner, name)!r}")
    for name, module in learner.modules.items():
        _check_fit(path, name, module, tensors)
    learner.restore(Snapshot(tensors, facts))
    learner.records[:] = [learner.update_type.from_dict(fields) for fields in facts["records"]]
    return learner


def save_parameters(module: nn.Module, path: str | Path) -> Path:
    """Write the parameters of a policy or value function, to use it later without learning again."""
    _check_arguments(module, nn.Module, "save_parameters(module, path)", path)
    tensors = {f"module.{name}": tensor for name, tensor in module.state_dict().items()}
    write_tensors(path, tensors, {"format": _PARAMETERS})
    return Path(path)


def load_parameters(module: nn.Module, path: str | Path) -> nn.Module:
    """Read parameters that `save_parameters` wrote into a module of the same shape, which is returned.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is damaged, of another kind, or of another module.
    """
    _check_arguments(module, nn.Module, "load_parameters(module, path)", path)
    tensors, _ = _read(path, _PARAMETERS)
    _check_fit(path, "module", module, tensors)
    module.load_state_dict({name: tensors[f"module.{name}"] for name in module.state_dict()})
    return module


def _check_arguments(given: Any, kind: type, call: str, path: Any) -> None:
    """Refuse arguments in the wrong order, and what an algorithm returned in place of what is asked for."""
    if isinstance(given, kind) and isinstance(path, str | Path):
        return
    hint = ""
    if isinstance(given, str | Path):
        hint = "; are the arguments in their order?"
    elif isinstance(given, Learned | LearnedDialogue):
        hint = (
            "; the result of a run is no learner: save_parameters(learned.policy, path) keeps its policy, "
            "ppo(…, checkpoint=path) the run"
        )
    elif isinstance(given, type):
        hint = f"; {given.__name__} is a class, make an object of it"
    raise ValueError(f"expected {call}, got {type(given).__name__} and {type(path).__name__}{hint}")


def _check_fit(path: str | Path, name: str, module: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    for key, tensor in module.state_dict().items():
        there = tensors.get(f"{name}.{key}")
        if there is None or there.shape != tensor.shape:
            told = "nothing" if there is None else f"shape {tuple(there.shape)}"
            raise ValueError(f"{path} does not fit: {name}.{key} has shape {tuple(tensor.shape)}, the file has {told}")


def _read(path: str | Path, kind: str) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and facts of a file of one of the two kinds."""
    tensors, facts = read_tensors(path)
    if facts.get("format") != kind:
        raise ValueError(f"{path} is of another kind: expected {kind!r}, got {facts.get('format')!r}")
    return tensors, facts
