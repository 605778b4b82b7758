"""Reinforcement learning: environments, exact solutions, values learnt from samples, policies learnt from reward.

Read in this order: `environments`, `tabular_mdp` and `dynamic_programming`; then `returns` and `advantage`.
"""

from .cartpole import CartPole
from .environments import Environment, VectorEnvironment, as_environment, as_vector, vectorize
from .tabular_mdp import TabularMDP

__all__ = [
    "CartPole",
    "Environment",
    "TabularMDP",
    "VectorEnvironment",
    "as_environment",
    "as_vector",
    "vectorize",
]
