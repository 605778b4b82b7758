"""Q functions: a network from an observation to the value of each action, and the policy that it suggests.

With numbers of states for observations and no hidden layer the network is the table of tabular Q-learning.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, cast

import torch
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.distributions import Categorical

from .policies import Features, Policy, Sizes, check_sizes
from .settings import check_hidden

if TYPE_CHECKING:
    from gymnasium.spaces import Space

__all__ = ["EpsilonGreedyPolicy", "QFunction", "relu_mlp"]


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
        allowed: Which actions each state of a `Discrete` space has (S, A) bool; the value of the others is −∞. None for
            all of them everywhere.

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
        allowed: ArrayLike | None = None,
    ) -> None:
        super().__init__()
        if not isinstance(actions, int) and type(actions).__name__ != "Discrete":
            raise ValueError(
                f"the action space must be Discrete, got {actions}: the best action is found by comparing the values "
                "of all. Use `ppo` for continuous actions, or wrap the environment so that it offers a few of them"
            )
        check_hidden(hidden)
        self.features = Features(observations)
        self.actions = actions if isinstance(actions, int) else int(cast(Any, actions).n)
        self.dueling = dueling
        outputs = self.actions + 1 if dueling else self.actions  # the one more is V
        self.network = relu_mlp((self.features.size, *hidden, outputs), generator)
        self.mask = self.features.mask(allowed, self.actions)

    def forward(self, obs: Tensor) -> Tensor:
        """(…, *O) -> action values (…, A)."""
        outputs = self.network(self.features(obs))
        if self.dueling:
            value, advantage = outputs[..., :1], outputs[..., 1:]
            outputs = value + advantage - advantage.mean(-1, keepdim=True)
        return outputs if self.mask is None else self.mask(outputs, obs)


def relu_mlp(sizes: Sizes, generator: torch.Generator | None = None) -> nn.Sequential:
    """A multi-layer perceptron that can bend: with max(0, x) between its layers, and constants other than 0.

    Action values fall steeply where an action is one too late. The orthogonal weights and zero constants that suit a
    policy (see `mlp`) spread a few inputs over many units so thinly that the network starts out almost linear; it then
    fits such edges badly, and values come out too high. Here weights and constants are even in ±1/√inputs.

    Args:
        sizes: Width of the input, of each hidden layer and of the output.
        generator: Source of the first weights; None: always the same.
    """
    check_sizes(sizes)
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(sizes):
        layer = nn.utils.skip_init(nn.Linear, inputs, outputs)  # draws nothing from torch's global generator
        for parameter in (layer.weight, layer.bias):
            nn.init.uniform_(parameter, -1 / math.sqrt(inputs), 1 / math.sqrt(inputs), generator=generator)
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


class EpsilonGreedyPolicy(Policy):
    """With probability ε any action, all alike; else the one with the largest action value.

    Args:
        q: A network from observations to action values (…, A); −∞ where an action is not allowed, it is never chosen.
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
        allowed = values > -torch.inf
        probabilities = self.epsilon * allowed / allowed.sum(-1, keepdim=True) + (1 - self.epsilon) * probabilities
        return Categorical(probabilities, validate_args=False)

    @torch.no_grad()
    def act(self, obs: Tensor, generator: torch.Generator | None = None, greedy: bool = False) -> Tensor:
        """Choose actions (…,), see `Policy.act`; the greedy one has the largest value, however large ε is."""
        return self.q(obs).argmax(-1) if greedy else super().act(obs, generator)
