"""Reinforcement learning: environments, exact solutions, values learnt from samples, policies learnt from reward.

Read in this order: `environments`, `tabular_mdp` and `dynamic_programming`; then `returns` and `advantage`.
"""

from .cartpole import CartPole
from .dynamic_programming import policy_evaluation, policy_iteration, value_iteration
from .environments import Environment, VectorEnvironment, as_environment, as_vector, vectorize
from .gridworlds import (
    cliff_walking,
    dyna_maze,
    frozen_lake,
    gridworld,
    jumping_gridworld,
    small_gridworld,
    windy_gridworld,
)
from .gymnasium_tables import as_mdp, from_gymnasium
from .solution import Solution
from .sweeps import Sweep, policy_evaluation_sweeps, value_iteration_sweeps
from .tabular_mdp import TabularMDP
from .textbook_problems import gamblers_problem, maximization_bias, random_walk, short_corridor

__all__ = [
    "CartPole",
    "Environment",
    "Solution",
    "Sweep",
    "TabularMDP",
    "VectorEnvironment",
    "as_environment",
    "as_mdp",
    "as_vector",
    "cliff_walking",
    "dyna_maze",
    "from_gymnasium",
    "frozen_lake",
    "gamblers_problem",
    "gridworld",
    "jumping_gridworld",
    "maximization_bias",
    "policy_evaluation",
    "policy_evaluation_sweeps",
    "policy_iteration",
    "random_walk",
    "short_corridor",
    "small_gridworld",
    "value_iteration",
    "value_iteration_sweeps",
    "vectorize",
    "windy_gridworld",
]
