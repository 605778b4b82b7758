"""Action masks: where a state does not have every action, the others get no chance.

A policy that had to learn what is forbidden would have to try it, and there is nothing to try: the environment refuses.
So what is forbidden is taken out of the network's answer. With a logit, or a value, of −∞ its probability is 0, those
of the others add up to 1, and no gradient flows to it (Huang & Ontañón 2022).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray
from torch import Tensor, nn

from .tabular_vector import TabularVector
from .transition_tables import read_mask

__all__ = ["ActionMask", "allowed_actions"]


class ActionMask(nn.Module):
    """Puts −∞ where an action is not allowed. It belongs to the task, and is not saved with the parameters.

    Args:
        allowed: Which actions each state has (S, A) bool.
        states: S, the number of states that are observed.
        actions: A.
        start: The number of the first state.

    Raises:
        ValueError: Another shape, or a state without actions.
    """

    allowed: Tensor

    def __init__(self, allowed: ArrayLike, states: int, actions: int, start: int = 0) -> None:
        super().__init__()
        self.start = start
        mask = torch.from_numpy(read_mask("allowed", np.asarray(allowed), (states, actions)))
        if not mask.any(dim=-1).all():
            raise ValueError(f"allowed leaves state {int((~mask.any(dim=-1)).nonzero()[0])} no action")
        self.register_buffer("allowed", mask, persistent=False)

    def forward(self, outputs: Tensor, obs: Tensor) -> Tensor:
        """(…, A) and numbers of states (…,) -> the same, −∞ where an action is not allowed."""
        return outputs.masked_fill(~self.allowed[obs.long() - self.start], -torch.inf)


def allowed_actions(env: Any) -> NDArray[np.bool_] | None:
    """Which actions each state of a vector environment has (S, A); None where all have all, or nobody knows.

    The `TabularMDP`s know. A mask that another environment puts into its infos is not read.
    """
    if not isinstance(env, TabularVector) or env.mdp.allowed.all():
        return None
    return env.mdp.allowed
