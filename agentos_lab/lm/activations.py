"""Looking inside a model: one mechanism, the probe, both records activations and edits them.

A probe is any function ``probe(name, layer, tensor)``. The model calls it at every site below; returning None
lets the tensor pass, returning a tensor puts that in its place. Recording, head ablation, activation patching
and steering are therefore the same thing, and a model without a probe pays one `if` a site.

Sites, with the shapes that a probe sees (layer is None outside the blocks; layers and heads count from 0):

=========================  =====================  ====================================================
``embedding``              (B, T, D)              token embedding plus position
``input``                  (B, T, D)              the residual stream that enters the block
``attention.q``            (B, H, T, d)           queries, after rotation if positions are rotary
``attention.k`` ``.v``     (B, KV, T, d)          keys (after rotation) and values; KV heads share groups
``attention.scores``       (B, H, T, S)           q·k / √d; −∞ where a token may not look
``attention.weights``      (B, H, T, S)           softmax of the scores, each row sums to 1
``attention.heads``        (B, H, T, d)           what each head brings: weights @ v
``attention.output``       (B, T, D)              the heads mixed by the output projection
``feed_forward.hidden``    (B, T, hidden)         after the activation function
``feed_forward.output``    (B, T, D)
``output``                 (B, T, D)              the residual stream that leaves the block
``final_norm``             (B, T, D)              after the last normalisation
``logits``                 (B, T, V)
=========================  =====================  ====================================================

In a `Trace` the sites of a block carry its number: ``blocks.3.attention.weights``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from .gpt import GPT

__all__ = [
    "Probe",
    "Trace",
    "ablate_heads",
    "check_names",
    "compose",
    "full_name",
    "logit_lens",
    "patch",
    "recorder",
    "visit",
]

# What the model calls at every site: (name, layer, tensor) -> the tensor to go on with, or None for the same.
Probe = Callable[[str, "int | None", Tensor], "Tensor | None"]

_OUTSIDE_BLOCKS = ("embedding", "final_norm", "logits")
_IN_BLOCKS = (
    "input", "attention.q", "attention.k", "attention.v", "attention.scores", "attention.weights", "attention.heads",
    "attention.output", "feed_forward.hidden", "feed_forward.output", "output",
)  # fmt: skip


def visit(probe: Probe | None, name: str, layer: int | None, tensor: Tensor) -> Tensor:
    """Show a tensor to the probe, if there is one, and go on with what it returns."""
    if probe is None:
        return tensor
    edited = probe(name, layer, tensor)
    return tensor if edited is None else edited


def full_name(name: str, layer: int | None) -> str:
    """Name of a site within the whole model: ``blocks.3.attention.weights``, or ``logits`` outside the blocks."""
    return name if layer is None else f"blocks.{layer}.{name}"


def check_names(names: Sequence[str] | None, layers: int) -> None:
    """Refuse a pattern that no site of a model has: it would quietly record nothing.

    Args:
        names: Shell patterns, as in `recorder`.
        layers: Number of the model's blocks.

    Raises:
        ValueError: A pattern fits no site, or `names` is one text instead of a list.
    """
    if isinstance(names, str):
        raise ValueError(f"names is a list of patterns; for a single one write [{names!r}]")
    sites = [*_OUTSIDE_BLOCKS, *(full_name(site, layer) for layer in range(layers) for site in _IN_BLOCKS)]
    for pattern in names or ():
        if not any(fnmatchcase(site, pattern) for site in sites):
            raise _no_such_site(pattern)


def _no_such_site(name: str) -> ValueError:
    known = [*_OUTSIDE_BLOCKS, *(f"blocks.<layer>.{site}" for site in _IN_BLOCKS)]
    return ValueError(f"no activation is called {name!r}; there are {', '.join(known)}, layers counted from 0")


@dataclass(frozen=True)
class Trace(Mapping[str, Tensor]):
    """Everything a probe recorded in one forward pass: site name -> tensor, in the order of computation.

    Attributes:
        tokens: The token ids that went in (B, T).
        activations: Name -> detached tensor; index the trace itself: ``trace["blocks.0.attention.weights"]``.
        logits: What came out (B, T, V).
    """

    tokens: Tensor
    activations: dict[str, Tensor]
    logits: Tensor

    def __getitem__(self, name: str) -> Tensor:
        try:
            return self.activations[name]
        except KeyError:
            raise KeyError(f"{name!r} was not recorded; this trace has {_summary(list(self.activations))}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.activations)

    def __len__(self) -> int:
        return len(self.activations)

    def __str__(self) -> str:
        batch, length = self.tokens.shape
        return f"Trace of {batch} × {length} tokens: {len(self)} activations: {_summary(list(self.activations))}"

    __repr__ = __str__

    def stack(self, name: str) -> Tensor:
        """One site of all recorded layers in one tensor (layers, B, …), e.g. ``trace.stack("attention.weights")``."""
        found = [
            tensor
            for key, tensor in self.activations.items()
            if key.startswith("blocks.") and key.split(".", 2)[2] == name
        ]
        if not found:
            raise KeyError(f"no layer recorded {name!r}; this trace has {_summary(list(self.activations))}")
        return torch.stack(found)


def _summary(names: Sequence[str]) -> str:
    shown = ", ".join(names[:6])
    return f"{shown}, … ({len(names)} in all)" if len(names) > 6 else shown or "nothing"


def recorder(into: dict[str, Tensor], names: Sequence[str] | None = None) -> Probe:
    """A probe that keeps what it sees.

    Args:
        into: Dictionary that receives name -> detached tensor.
        names: Which sites; shell patterns such as ``"blocks.*.attention.weights"``. None keeps all.
    """

    def probe(name: str, layer: int | None, tensor: Tensor) -> None:
        key = full_name(name, layer)
        if names is None or any(fnmatchcase(key, pattern) for pattern in names):
            into[key] = tensor.detach()

    return probe


def ablate_heads(heads: Mapping[int, Sequence[int]]) -> Probe:
    """A probe that silences attention heads: what they bring is set to zero.

    Zero ablation takes away the head's average contribution too, so its effect is an upper bound on what the
    head does for *this* text.

    Args:
        heads: Layer -> heads, e.g. ``{23: [3]}``.

    Raises:
        ValueError: `heads` is something else; or (when the model runs) there is no such layer or head.
    """
    if not isinstance(heads, Mapping) or any(isinstance(chosen, int) for chosen in heads.values()):
        raise ValueError(f"heads maps a layer to a list of its heads, e.g. {{23: [3]}}; got {heads!r}")
    check_layers = _layer_check(heads)

    def probe(name: str, layer: int | None, tensor: Tensor) -> Tensor | None:
        check_layers(name, layer)
        if name != "attention.heads" or layer is None or layer not in heads:
            return None
        if missing := [head for head in heads[layer] if not 0 <= head < tensor.shape[1]]:
            raise ValueError(f"layer {layer} has heads 0 to {tensor.shape[1] - 1}, there is no head {missing[0]}")
        silenced = tensor.clone()
        silenced[:, list(heads[layer])] = 0.0  # (B, H, T, d)
        return silenced

    return probe


def patch(name: str, source: Tensor, positions: Sequence[int] | None = None) -> Probe:
    """A probe that puts an activation of another run in place: activation patching (Meng et al. 2022, §2).

    Args:
        name: Full name of the site, e.g. ``"blocks.5.output"``.
        source: The tensor to put there, usually ``trace[name]`` of a clean run, (B, T, D) or (B, H, T, …).
        positions: Which token positions (T axis, the last but one) to replace; None replaces all.

    Raises:
        ValueError: There is no such site; or (when the model runs) no such layer, or the source has another shape.
    """
    in_block = re.fullmatch(r"blocks\.(\d+)\.(.+)", name)
    if (in_block[2] not in _IN_BLOCKS) if in_block else (name not in _OUTSIDE_BLOCKS):
        raise _no_such_site(name)
    check_layers = _layer_check([int(in_block[1])] if in_block else [])

    def probe(site: str, layer: int | None, tensor: Tensor) -> Tensor | None:
        check_layers(site, layer)
        if full_name(site, layer) != name:
            return None
        if source.shape != tensor.shape:
            raise ValueError(
                f"cannot patch {name}: the source has shape {tuple(source.shape)}, this run {tuple(tensor.shape)}; "
                "both texts need the same number of tokens"
            )
        if positions is None:
            return source
        patched = tensor.clone()
        patched[..., list(positions), :] = source[..., list(positions), :]
        return patched

    return probe


def _layer_check(wanted: Iterable[int]) -> Callable[[str, int | None], None]:
    """To be told of every site: refuses, once the last block is over, a layer that has not come.

    Without it an edit of layer 30 of 30, counted from 1, would quietly do nothing.
    """
    passed: set[int | None] = set()

    def check(name: str, layer: int | None) -> None:
        passed.add(layer)
        if name == "final_norm" and (missing := sorted(set(wanted) - passed)):
            raise ValueError(f"this model has layers 0 to {len(passed) - 2}, there is no layer {missing[0]}")

    return check


def compose(*probes: Probe) -> Probe:
    """One probe that applies several in order; later ones see what earlier ones put in place."""

    def probe(name: str, layer: int | None, tensor: Tensor) -> Tensor:
        for each in probes:
            tensor = visit(each, name, layer, tensor)
        return tensor

    return probe


def logit_lens(model: GPT, trace: Trace) -> Tensor:
    """What the model would answer if it stopped after each layer (nostalgebraist 2020, "the logit lens").

    The residual stream that leaves each block goes straight through the final normalisation and the
    unembedding. The last layer gives the model's real logits.

    Args:
        model: The model that made the trace.
        trace: A trace that recorded ``blocks.*.output``.

    Returns:
        Logits (layers, B, T, V).
    """
    with torch.no_grad():
        return torch.stack([model.unembed(model.final_norm(stream)) for stream in trace.stack("output")])
