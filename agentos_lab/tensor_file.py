"""Tensor files: tensors and the facts that belong to them in one safetensors file, atomic and with a checksum.

One file and not several, because only one can be put in place in a single move. The tensors lie in it by name; the
facts are JSON in its header. Nothing in it is ever executed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .atomic_file import replacing

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["read_tensors", "write_tensors"]


def write_tensors(path: str | Path, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    """Write tensors and JSON facts to one safetensors file, atomically and with a checksum.

    Args:
        path: The file; its folder is made if need be.
        tensors: By name.
        facts: Anything that JSON can hold.
    """
    from safetensors.torch import save_file  # here, because it loads torch

    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    text = json.dumps(facts)
    with replacing(path) as partial:
        save_file(tensors, partial, metadata={"facts": text, "sha256": _digest(tensors, text)})


def read_tensors(path: str | Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors and facts that `write_tensors` wrote, all of them intact.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is cut off, altered, or of another kind.
    """
    from safetensors import SafetensorError, safe_open

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
    import torch

    digest = hashlib.sha256(text.encode())
    for name in sorted(tensors):
        digest.update(f"{name} {tensors[name].dtype} {tuple(tensors[name].shape)}".encode())
        digest.update(tensors[name].flatten().view(torch.uint8).numpy().data)
    return digest.hexdigest()
