"""Q functions: a network from an observation to the value of each action, and the policy that it suggests.

With numbers of states for observations and no hidden layer the network is the table of tabular Q-learning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import torch
from torch import Tensor, nn
from torch.distributions import Categorical

from .policies import Features, Policy, Sizes, mlp

if TYPE_CHECKING:
    from gymnasium.spaces import Space

__all__ = ["EpsilonGreedyPolicy", "QFunction"]


class QFunction(nn.Module):
    """A network from observations to the expected return of each of A actions, followed by the best ones.

    Args:
        observations: Observation space, or the length of observation vectors.
        actions: `Discrete` action space, or the number of actions A.
        hidden: Widths of the hidden layers; ``()`` makes it linear, on a `Discrete` space a table.
        dueling: Learn one value V(s) for the state, and by how much each action is better or worse:
            Q(s, a) = V(s) + A(s, a) - mean over a' of A(s, a') (Wang et al. 2016, eq. 9). What a state is worth is then
            learned from every action taken in it. The mean is taken off because V and A are not determined else.
        generator: Source of the first weights.

    Raises:
        ValueError: The actions are not finite in number.
    """

    def __init__(
        self,
        observations: Space[Any] | int,
        actions: Space[Any] | int,
        hidden: Sizes = (128, 128),
        dueling: bool = False,
        generator: torch.Generator | None = None,
    ) -> None:
        super().__init__()
        if not isinstance(actions, int) and type(actions).__name__ != "Discrete":
            raise ValueError(
                f"the action space must be Discrete, got {actions}: the best action is found by comparing the values "
                "of all. Use `ppo` for continuous actions, or wrap the environment so that it offers a few of them"
            )
        self.features = Features(observations)
        self.actions = actions if isinstance(actions, int) else int(cast(Any, actions).n)
        self.dueling = dueling
        outputs = self.actions + 1 if dueling else self.actions  # the one more is V
        self.network = mlp((self.features.size, *hidden, outputs), generator=generator)

    def forward(self, obs: Tensor) -> Tensor:
        """(…, *O) -> action values (…, A)."""
        outputs = self.network(self.features(obs))
        if not self.dueling:
            return outputs
        value, advantage = outputs[..., :1], outputs[..., 1:]
        return value + advantage - advantage.mean(-1, keepdim=True)


class EpsilonGreedyPolicy(Policy):
    """With probability ε any action, all alike; else the one with the largest action value.

    Args:
        q: A network from observations to action values (…, A).
        epsilon: ε; it is a buffer, and so belongs to what is saved.
    """

    epsilon: Tensor

    def __init__(self, q: nn.Module, epsilon: float = 0.0) -> None:
        super().__init__()
        self.q = q
        self.register_buffer("epsilon", torch.tensor(epsilon))

    def forward(self, obs: Tensor) -> Categorical:
        """(…, *O) -> distribution over the numbers 0 … A-1."""
        values = self.q(obs)
        probabilities = torch.zeros_like(values).scatter_(-1, values.argmax(-1, keepdim=True), 1.0)
        probabilities = self.epsilon / values.shape[-1] + (1 - self.epsilon) * probabilities
        return Categorical(probabilities, validate_args=False)

    @torch.no_grad()
    def act(self, obs: Tensor, generator: torch.Generator | None = None, greedy: bool = False) -> Tensor:
        """Choose actions (…,), see `Policy.act`; the greedy one has the largest value, however large ε is."""
        return self.q(obs).argmax(-1) if greedy else super().act(obs, generator)
