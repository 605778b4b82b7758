"""Low-rank adapters (LoRA): teach a large model something new by training one parameter in a hundred.

A linear layer W stays as it is, and beside it a detour of two thin matrices learns the change: W + B·A·α/r
(Hu et al. 2021, eq. 3). With r columns instead of D the change has rank r, and needs little memory: AdamW keeps
averages for A and B only. When all is done the detour can be added into W, and costs nothing any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from agentos_lab.tensor_file import read_tensors, write_tensors

from .gpt import expect_model

__all__ = [
    "Adapters",
    "LowRankLinear",
    "adapters_of",
    "add_adapters",
    "load_adapters",
    "merge_adapters",
    "remove_adapters",
    "save_adapters",
]

_FORMAT = "agentos-lab adapters, version 1"


class LowRankLinear(nn.Linear):
    """A linear layer with a detour of low rank: x Wᵀ + x Aᵀ Bᵀ α/r (Hu et al. 2021, §4.1).

    A starts random and B at zero, so that the detour changes nothing before it is trained. Weight and bias are the
    frozen parameters of the layer it stands in for, under their old names.

    Args:
        linear: The layer to stand in for.
        rank: Rank r of the change.
        alpha: Strength α; the change counts α/r.
        generator: Source of the randomness of A.
    """

    def __init__(self, linear: nn.Linear, rank: int, alpha: float, generator: torch.Generator) -> None:
        super().__init__(linear.in_features, linear.out_features, linear.bias is not None, device="meta")
        self.weight, self.bias = linear.weight, linear.bias
        self.rank, self.alpha = rank, alpha
        started = torch.empty(rank, linear.in_features).normal_(0.0, linear.in_features**-0.5, generator=generator)
        self.down = nn.Parameter(started.to(linear.weight))  # A (r, in)
        self.up = nn.Parameter(linear.weight.new_zeros(linear.out_features, rank))  # B (out, r)

    @property
    def scale(self) -> float:
        """α/r."""
        return self.alpha / self.rank

    def change(self) -> Tensor:
        """What the detour adds to the weight: B A α/r (out, in)."""
        return self.up @ self.down * self.scale

    def forward(self, x: Tensor) -> Tensor:
        """(…, in) -> (…, out)."""
        # Two thin products; B A itself would be as large as W.
        return super().forward(x) + F.linear(F.linear(x, self.down), self.up) * self.scale


@dataclass(frozen=True)
class Adapters:
    """Which layers of a model have detours, and what they cost.

    Attributes:
        layers: Names of the adapted layers.
        rank: Rank r.
        alpha: Strength α.
        trainable: Numbers that training changes.
        total: All numbers of the model with its adapters.
    """

    layers: tuple[str, ...]
    rank: int
    alpha: float
    trainable: int
    total: int

    def __str__(self) -> str:
        share = 100 * self.trainable / self.total
        return (
            f"{len(self.layers)} layers with adapters of rank {self.rank} (α = {self.alpha:g}): "
            f"{self.trainable:,} of {self.total:,} parameters train ({share:.2f} %)"
        )

    __repr__ = __str__


def add_adapters(
    model: nn.Module,
    rank: int = 8,
    *,
    alpha: float | None = None,
    targets: str | Sequence[str] = ("attention.qkv", "attention.output"),
    seed: int = 0,
) -> Adapters:
    """Put detours beside some linear layers and freeze everything else; the model's outputs stay the same for now.

    Args:
        model: Changed in place. `train` then trains the adapters alone.
        rank: Rank r of the changes.
        alpha: Strength α; None: 2 r.
        targets: Which layers: ends of their names, e.g. ``"attention.qkv"`` for that of every block,
            ``"blocks.0.feed_forward.up"`` for one.
        seed: Of the initial A.

    Returns:
        A summary, which prints as one line.

    Raises:
        ValueError: A target fits no linear layer, the rank is not positive, or the model has adapters already.
    """
    if not isinstance(rank, int) or rank < 1:
        raise ValueError(f"rank must be a positive whole number, got {rank!r}")
    targets = [targets] if isinstance(targets, str) else targets
    expect_model(model)
    if any(True for _ in _adapted(model)):
        raise ValueError("the model has adapters already; merge_adapters or remove_adapters first")
    linears = {name: module for name, module in model.named_modules() if isinstance(module, nn.Linear)}
    if not linears:
        raise ValueError("the model has no plain linear layer; one made for inference cannot learn, load it as it was")
    for target in targets:
        if not any(_fits(name, target) for name in linears):
            kinds = sorted({name.split(".", 2)[-1] for name in linears})
            raise ValueError(f"no linear layer is called {target!r}; there are {', '.join(kinds)}")
    model.requires_grad_(False)
    generator = torch.Generator().manual_seed(seed)
    for name, linear in linears.items():
        if any(_fits(name, target) for target in targets):
            _replace(model, name, LowRankLinear(linear, rank, 2.0 * rank if alpha is None else alpha, generator))
    return adapters_of(model)


def adapters_of(model: nn.Module) -> Adapters:
    """The summary of a model's adapters.

    Raises:
        ValueError: It has none.
    """
    found = dict(_adapted(model))
    if not found:
        raise ValueError("the model has no adapters; add_adapters puts some in")
    one = next(iter(found.values()))
    total = sum(parameter.numel() for parameter in model.parameters())
    trainable = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    return Adapters(tuple(found), one.rank, one.alpha, trainable, total)


def merge_adapters(model: nn.Module) -> None:
    """Add every detour into its weight: the same outputs, at the old cost; all parameters train again."""
    for name, layer in list(_adapted(model)):
        with torch.no_grad():
            layer.weight += layer.change()
        _replace(model, name, _plain(layer))
    model.requires_grad_(True)


def remove_adapters(model: nn.Module) -> None:
    """Take every detour away: the model is again what it was, bit for bit; all parameters train again."""
    for name, layer in list(_adapted(model)):
        _replace(model, name, _plain(layer))
    model.requires_grad_(True)


def save_adapters(model: nn.Module, path: str | Path) -> Path:
    """Write the adapters alone to a safetensors file, atomically.

    Args:
        model: A model with adapters.
        path: The file; small, since the model itself is not in it.
    """
    summary = adapters_of(model)
    tensors = {f"{name}.{part}": getattr(layer, part) for name, layer in _adapted(model) for part in ("down", "up")}
    write_tensors(path, tensors, {"format": _FORMAT, "layers": summary.layers, "alpha": summary.alpha})
    return Path(path)


def load_adapters(model: nn.Module, path: str | Path) -> Adapters:
    """Put saved adapters into a model without any: the one that they were trained on.

    Args:
        model: Changed in place.
        path: A file that `save_adapters` wrote.

    Returns:
        A summary.

    Raises:
        FileNotFoundError: There is no such file.
        ValueError: The file is damaged or of another kind, or the adapters do not fit the model's layers.
    """
    tensors, facts = read_tensors(path)
    if facts.get("format") != _FORMAT:
        raise ValueError(f"{path} holds tensors but no adapters (expected {_FORMAT!r})")
    linears = {name: module for name, module in model.named_modules() if isinstance(module, nn.Linear)}
    for name in facts["layers"]:
        needed = (tensors[f"{name}.up"].shape[0], tensors[f"{name}.down"].shape[1])
        found = tuple(linears[name].weight.shape) if name in linears else "no such layer"
        if found != needed:
            raise ValueError(f"the adapter of {name} is for a weight {needed} (out, in); the model has {found}")
    rank = tensors[f"{facts['layers'][0]}.down"].shape[0]
    add_adapters(model, rank, alpha=facts["alpha"], targets=facts["layers"])
    for name, layer in _adapted(model):
        with torch.no_grad():
            layer.down.copy_(tensors[f"{name}.down"])
            layer.up.copy_(tensors[f"{name}.up"])
    return adapters_of(model)


def _adapted(model: nn.Module) -> Iterator[tuple[str, LowRankLinear]]:
    for name, module in model.named_modules():
        if isinstance(module, LowRankLinear):
            yield name, module


def _fits(name: str, target: str) -> bool:
    return name == target or name.endswith("." + target)


def _replace(model: nn.Module, name: str, layer: nn.Module) -> None:
    parent, _, attribute = name.rpartition(".")
    setattr(model.get_submodule(parent), attribute, layer)


def _plain(layer: LowRankLinear) -> nn.Linear:
    """The linear layer itself, around the same parameters."""
    linear = nn.Linear(layer.in_features, layer.out_features, layer.bias is not None, device="meta")
    linear.weight, linear.bias = layer.weight, layer.bias
    return linear
