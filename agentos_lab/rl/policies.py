"""Policies and value functions: small networks from observations to distributions over actions, and to values.

A policy's forward pass gives a `torch.distributions.Distribution`: everything that the algorithms need (samples,
log-probabilities, entropy, KL) follows from it. Observations may be vectors (a `Box` space) or numbers of states (a
`Discrete` space, read as one-hot vectors, which makes a linear policy a table).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from numbers import Integral
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import torch
import torch.nn.functional as F
from numpy.typing import ArrayLike
from torch import Tensor, nn
from torch.distributions import Categorical, Distribution, Independent, Normal

from .action_mask import ActionMask
from .settings import check_hidden, check_number

if TYPE_CHECKING:
    from gymnasium.spaces import Space

__all__ = [
    "CategoricalPolicy",
    "Features",
    "GaussianPolicy",
    "Policy",
    "ValueFunction",
    "check_policy",
    "check_sizes",
    "check_value",
    "make_policy",
    "mlp",
    "sample",
]

Sizes: TypeAlias = Sequence[int]


def mlp(sizes: Sizes, *, last_gain: float = 1.0, generator: torch.Generator | None = None) -> nn.Sequential:
    """A multi-layer perceptron with tanh between its layers.

    Weights start orthogonal, which keeps the length of signals through the layers (Saxe et al. 2014), with constants 0.

    Args:
        sizes: Width of the input, of each hidden layer and of the output, e.g. ``(4, 64, 64, 2)``.
        last_gain: Scale of the last layer. A small one makes a policy start out almost indifferent.
        generator: Source of the first weights; None: always the same.
    """
    check_sizes(sizes)
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    layers: list[nn.Module] = []
    for number, (inputs, outputs) in enumerate(pairwise(sizes), 1):
        layer = nn.utils.skip_init(nn.Linear, inputs, outputs)  # draws nothing from torch's global generator
        is_last = number == len(sizes) - 1
        nn.init.orthogonal_(layer.weight, last_gain if is_last else math.sqrt(2), generator=generator)
        nn.init.zeros_(layer.bias)
        layers += [layer] if is_last else [layer, nn.Tanh()]
    return nn.Sequential(*layers)


def check_sizes(sizes: Sizes) -> None:
    """Refuse what are no widths of layers, such as 4 in place of (4, 2)."""
    whole = isinstance(sizes, Sequence) and all(isinstance(size, Integral) and size > 0 for size in sizes)
    if not whole or len(sizes) < 2:
        raise ValueError(
            "sizes are the widths of the layers, at least input and output, all positive, e.g. (4, 64, 2); got "
            f"{sizes!r}"
        )


class Features(nn.Module):
    """What a network reads of an observation: a vector of floats.

    Args:
        space: A `Box` (numbers, laid out in a row) or `Discrete` (one-hot) observation space, or the length of vectors.

    Attributes:
        size: Length of the vector.

    Raises:
        ValueError: The space is of another kind.
    """

    def __init__(self, space: Space[Any] | int) -> None:
        super().__init__()
        self.start, self.states = 0, 0
        self.shape: tuple[int, ...] = (space,) if isinstance(space, int) else ()
        if not isinstance(space, int):
            kind = type(space).__name__
            if kind == "Discrete":
                self.start, self.states = int(cast(Any, space).start), int(cast(Any, space).n)
            elif kind == "Box":
                self.shape = tuple(space.shape or ())
            else:
                raise ValueError(
                    f"observation space must be Box or Discrete, got {kind}; gymnasium.wrappers.FlattenObservation "
                    "turns most others into a Box"
                )
        self.size = self.states or math.prod(self.shape)

    def forward(self, obs: Tensor) -> Tensor:
        """(…, *O) -> (…, size)."""
        obs = torch.as_tensor(obs)  # an observation straight from an environment is an array
        if self.states:
            return self._one_hot(obs)
        if self.shape != tuple(obs.shape[obs.dim() - len(self.shape) :]):
            shape = ", ".join(map(str, self.shape))
            raise ValueError(f"observations must have shape (…, {shape}), got {tuple(obs.shape)}")
        return obs.float().reshape(*obs.shape[: obs.dim() - len(self.shape)], self.size)

    def _one_hot(self, obs: Tensor) -> Tensor:
        """Numbers of states (…,) -> (…, states)."""
        try:
            if obs.is_floating_point() and (obs != obs.round()).any():
                raise RuntimeError("half a state")
            return F.one_hot(obs.long() - self.start, self.states).float()
        except RuntimeError as error:  # torch's own check of the range
            last = self.start + self.states - 1
            told = f"observations are whole numbers {self.start} … {last}, got {obs.tolist()}"
            raise ValueError(told) from error

    def mask(self, allowed: ArrayLike | None, actions: int) -> ActionMask | None:
        """The mask of a network with A outputs, from which actions each state has (S, A); None if that is not told."""
        if allowed is None:
            return None
        if not self.states:
            raise ValueError("allowed says which actions each state has, so observations must be Discrete: states")
        return ActionMask(allowed, self.states, actions, self.start)


class Policy(nn.Module):
    """A network from observations to a distribution over actions. A policy of your own needs `forward` alone."""

    def forward(self, obs: Tensor) -> Distribution:
        """(…, *O) -> a distribution over actions for each observation."""
        raise NotImplementedError

    @torch.no_grad()
    def act(self, obs: Tensor, generator: torch.Generator | None = None, greedy: bool = False) -> Tensor:
        """Choose actions.

        Args:
            obs: (…, *O).
            generator: Source of chance; None: always the same.
            greedy: Take the likeliest action instead of a sample.

        Returns:
            Numbers of actions (…,), or vectors (…, A).
        """
        distribution = self(obs)
        return distribution.mode if greedy else sample(distribution, generator)

    def to_environment(self, action: Tensor) -> Tensor:
        """The action as the environment takes it; here as it is."""
        return action


def sample(distribution: Distribution, generator: torch.Generator | None = None) -> Tensor:
    """Draw from a distribution; torch's own `sample` takes no generator.

    Args:
        distribution: A `Categorical`, or a `Normal`, also an independent one.
        generator: Source of chance; None: always the same.

    Raises:
        ValueError: The distribution is of another kind, or its probabilities are no numbers.
    """
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    if isinstance(distribution, Categorical):
        probabilities = distribution.probs
        try:
            drawn = torch.multinomial(probabilities.reshape(-1, probabilities.shape[-1]), 1, generator=generator)
        except RuntimeError as error:
            raise ValueError(
                "the policy's probabilities are no numbers any more: either an observation is not finite, or learning "
                "has diverged; for the second try a smaller lr"
            ) from error
        return drawn.reshape(probabilities.shape[:-1])
    normal = distribution.base_dist if isinstance(distribution, Independent) else distribution
    if isinstance(normal, Normal):
        return normal.mean + normal.stddev * torch.randn(normal.mean.shape, generator=generator)
    raise ValueError(f"a policy gives a Categorical or a Normal, got {distribution!r}; override `act` for others")


class CategoricalPolicy(Policy):
    """One probability for each of a finite number of actions: softmax of a network's outputs.

    Args:
        observations: Observation space, or the length of observation vectors.
        actions: `Discrete` action space, or the number of actions A.
        hidden: Widths of the hidden layers; ``()`` makes a linear policy, on a `Discrete` space a table.
        generator: Source of the first weights.
        allowed: Which actions each state of a `Discrete` space has (S, A) bool; the others are never chosen. None for
            all of them everywhere.
    """

    def __init__(
        self,
        observations: Space[Any] | int,
        actions: Space[Any] | int,
        hidden: Sizes = (64, 64),
        generator: torch.Generator | None = None,
        allowed: ArrayLike | None = None,
    ) -> None:
        super().__init__()
        if not isinstance(actions, int) and type(actions).__name__ != "Discrete":
            raise ValueError(f"actions must be a Discrete space or their number, got {actions!r}; see `GaussianPolicy`")
        self.features = Features(observations)
        check_hidden(hidden)
        self.first = 0 if isinstance(actions, int) else int(cast(Any, actions).start)
        self.actions = actions if isinstance(actions, int) else int(cast(Any, actions).n)
        # 0.01: all actions are tried about equally often until there is a reason to prefer one.
        self.network = mlp((self.features.size, *hidden, self.actions), last_gain=0.01, generator=generator)
        self.mask = self.features.mask(allowed, self.actions)

    def forward(self, obs: Tensor) -> Categorical:
        """(…, *O) -> distribution over the numbers 0 … A-1."""
        logits = self.network(self.features(obs))
        return Categorical(logits=logits if self.mask is None else self.mask(logits, obs), validate_args=False)

    def to_environment(self, action: Tensor) -> Tensor:
        """Actions counted as the environment's space counts them."""
        return action + self.first if self.first else action


class GaussianPolicy(Policy):
    """A normal distribution for each of A numbers; its mean is a network's output, its spread learnt, too.

    An action outside the bounds is *clipped* on its way to the environment. The log-probability stays that of the
    sample before clipping, so the gradient is that of the unbounded Gaussian in an environment which clips.

    Args:
        observations: Observation space, or the length of observation vectors.
        actions: `Box` action space (1-D), or the number A of unbounded numbers.
        hidden: Widths of the hidden layers.
        generator: Source of the first weights.
        log_std: Logarithm of the first standard deviation, in units of half the range between the bounds.
    """

    low: Tensor
    high: Tensor
    centre: Tensor
    scale: Tensor

    def __init__(
        self,
        observations: Space[Any] | int,
        actions: Space[Any] | int,
        hidden: Sizes = (64, 64),
        generator: torch.Generator | None = None,
        log_std: float = 0.0,
    ) -> None:
        super().__init__()
        if not isinstance(actions, int) and type(actions).__name__ != "Box":
            raise ValueError(f"actions must be a Box space or a number, got {actions!r}; see `CategoricalPolicy`")
        self.features = Features(observations)
        size = actions if isinstance(actions, int) else math.prod(actions.shape or (1,))
        low, high = torch.full((size,), -torch.inf), torch.full((size,), torch.inf)
        if not isinstance(actions, int):
            low, high = (torch.tensor(getattr(actions, side)).float().reshape(size) for side in ("low", "high"))
        bounded = low.isfinite() & high.isfinite()
        self.register_buffer("low", low)
        self.register_buffer("high", high)
        self.register_buffer("centre", torch.where(bounded, (low + high) / 2, 0.0))
        self.register_buffer("scale", torch.where(bounded, (high - low) / 2, 1.0))
        check_hidden(hidden)
        check_number("log_std", log_std)
        self.network = mlp((self.features.size, *hidden, size), last_gain=0.01, generator=generator)
        self.log_std = nn.Parameter(torch.full((size,), float(log_std)))

    def forward(self, obs: Tensor) -> Independent:
        """(…, *O) -> distribution over vectors (A,)."""
        mean = self.centre + self.scale * self.network(self.features(obs))
        spread = (self.scale * self.log_std.exp()).expand_as(mean)
        return Independent(Normal(mean, spread, validate_args=False), 1, validate_args=False)

    def to_environment(self, action: Tensor) -> Tensor:
        """The action within its bounds."""
        return action.clamp(self.low, self.high)


class ValueFunction(nn.Module):
    """A network from observations to the expected return from there on.

    Args:
        observations: Observation space, or the length of observation vectors.
        hidden: Widths of the hidden layers.
        generator: Source of the first weights.
    """

    def __init__(
        self, observations: Space[Any] | int, hidden: Sizes = (64, 64), generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        check_hidden(hidden)
        self.features = Features(observations)
        self.network = mlp((self.features.size, *hidden, 1), generator=generator)

    def forward(self, obs: Tensor) -> Tensor:
        """(…, *O) -> values (…,)."""
        return self.network(self.features(obs)).squeeze(-1)


def check_policy(policy: Any) -> None:
    """Refuse what cannot act, such as a whole result, or a class in place of an object.

    Raises:
        ValueError: That; the message says what may have been meant.
    """
    if isinstance(policy, type):
        raise ValueError(f"a policy is an object, {policy.__name__} is a class; make one of it: {policy.__name__}(…)")
    if hasattr(policy, "act"):
        return
    meant = (
        "pass its .policy"
        if hasattr(policy, "policy")
        else ("derive it from agentos_lab.rl.Policy, which makes one from `forward`")
    )
    raise ValueError(f"a policy has a method act(obs, generator, greedy), {type(policy).__name__} has none; {meant}")


def check_value(value: Any) -> None:
    """Refuse what cannot be asked for values, such as a number or a whole result."""
    if value is not None and (isinstance(value, type) or not callable(value)):
        hint = "; did you mean its .value?" if hasattr(value, "value") else ""
        raise ValueError(f"value is a function from observations to values, got {value!r}{hint}")


def make_policy(
    observations: Space[Any] | int,
    actions: Space[Any],
    hidden: Sizes = (64, 64),
    generator: torch.Generator | None = None,
    allowed: ArrayLike | None = None,
) -> Policy:
    """The policy that fits an action space: categorical for `Discrete`, Gaussian for a 1-D `Box`.

    Args:
        observations, hidden, generator: As in `CategoricalPolicy`.
        actions: Action space.
        allowed: As in `CategoricalPolicy`; a Gaussian policy has no use for it.

    Raises:
        ValueError: The action space is of another kind.
    """
    kind = type(actions).__name__
    if kind == "Discrete":
        return CategoricalPolicy(observations, actions, hidden, generator, allowed)
    if kind == "Box" and len(actions.shape or ()) == 1:
        return GaussianPolicy(observations, actions, hidden, generator)
    shape = f" of shape {actions.shape}" if kind == "Box" else ""
    raise ValueError(
        f"action space must be Discrete or a one-dimensional Box, got {kind}{shape}; wrap the environment so that its "
        "actions are numbers 0 … A-1 or vectors, or pass a policy of your own"
    )
