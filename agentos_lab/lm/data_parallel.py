"""Data parallelism: several processes, the same model in each, every batch shared out among them.

Each process computes the gradient of its share of the batch, the gradients are added up, and all take the same step,
so that the models never part. That sum is the whole method; here it is one explicit `all_reduce` instead of torch's
`DistributedDataParallel`, which does the same behind hooks (and overlaps it with the backward pass, which pays on many
GPUs and not on a few processors).

Nothing happens unless ``torchrun`` started the process: it sets the variables that `join_processes` reads.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch
import torch.distributed as dist
from torch import Tensor, nn

__all__ = ["World", "current_world", "join_processes"]


@dataclass(frozen=True)
class World:
    """The processes that train one model together; by default this one alone.

    Attributes:
        rank: Number of this process, from 0.
        size: How many there are.
    """

    rank: int = 0
    size: int = 1

    def share(self, batch: Tensor) -> Tensor:
        """This process's rows of a batch (B, …), which all processes drew alike; sizes differ by at most one."""
        return batch.tensor_split(self.size)[self.rank]

    def add_up(self, tensors: Iterable[Tensor]) -> None:
        """Replace each tensor by its sum over all processes, in place."""
        tensors = list(tensors)
        if self.size == 1 or not tensors:
            return
        joined = torch.cat([tensor.flatten() for tensor in tensors])  # one message costs less than a hundred
        dist.all_reduce(joined, op=dist.ReduceOp.SUM)
        parts = joined.split([tensor.numel() for tensor in tensors])
        for tensor, total in zip(tensors, parts, strict=True):
            tensor.copy_(total.view_as(tensor))

    def add_up_gradients(self, parameters: Iterable[nn.Parameter]) -> None:
        """Give every process the gradient of the whole batch; a parameter that a share did not touch counts 0."""
        if self.size == 1:
            return
        parameters = list(parameters)
        for parameter in parameters:
            if parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
        self.add_up(parameter.grad for parameter in parameters if parameter.grad is not None)

    def copy_from_first(self, tensors: Iterable[Tensor]) -> None:
        """Overwrite each tensor with that of process 0."""
        if self.size > 1:
            for tensor in tensors:
                dist.broadcast(tensor, src=0)


def current_world() -> World:
    """The world that this process has joined, or a world of its own."""
    if dist.is_available() and dist.is_initialized():
        return World(dist.get_rank(), dist.get_world_size())
    return World()


@contextmanager
def join_processes() -> Iterator[tuple[World, torch.device]]:
    """Meet the other processes that ``torchrun`` started, for the length of a ``with`` block.

    Yields:
        The world, and the device of this process: its own GPU (talking through nccl) where there are enough, else the
        CPU (gloo). Without torchrun: a world of one.
    """
    has_gpu = torch.cuda.is_available()
    if "WORLD_SIZE" not in os.environ:
        yield World(), torch.device("cuda" if has_gpu else "cpu")
        return
    local_rank, local_size = int(os.environ["LOCAL_RANK"]), int(os.environ["LOCAL_WORLD_SIZE"])
    has_gpu = has_gpu and torch.cuda.device_count() >= local_size
    if has_gpu:
        torch.cuda.set_device(local_rank)
    dist.init_process_group("nccl" if has_gpu else "gloo")
    try:
        yield current_world(), torch.device("cuda", local_rank) if has_gpu else torch.device("cpu")
    finally:
        dist.destroy_process_group()
