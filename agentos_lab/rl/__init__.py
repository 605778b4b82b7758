"""Reinforcement learning: environments, exact solutions, values learnt from samples, policies learnt from reward.

Read in this order: `environments`, `tabular_mdp` and `dynamic_programming`; `monte_carlo`, `temporal_difference` and
`q_learning`; then `returns` and `advantage`, `policies` and `rollout`, `policy_gradient`, `actor_critic` and `ppo`;
`dqn`; and `dialogue` for policies that talk.
"""

from .acrobot import Acrobot
from .actor_critic import ActorCritic, ActorCriticSettings, actor_critic
from .advantage import gae, monte_carlo_advantage, normalize, td_error
from .blackjack import blackjack
from .cartpole import CartPole
from .checkpoint import load_checkpoint, load_parameters, save_checkpoint, save_parameters
from .collector import Collector
from .dialogue import Dialogues, DialogueTask, Prompt
from .dialogue_evaluation import evaluate_dialogue
from .dialogue_learning import DialogueLearner, reinforce_dialogue
from .dialogue_result import DialogueSample, DialogueUpdate, LearnedDialogue
from .dialogue_sampling import TokenPolicy, sample_dialogues
from .dialogue_settings import DialogueSettings
from .divergence import kl_divergence, kl_k3
from .dqn import DQN, DQNSettings, dqn, q_target
from .dyna import dyna_q
from .dynamic_programming import policy_evaluation, policy_iteration, value_iteration
from .environments import Environment, VectorEnvironment, as_environment, as_vector, vectorize
from .episode import Episode, play, play_table
from .evaluation import Evaluation, evaluate
from .exploration import epsilon_greedy
from .gridworlds import (
    cliff_walking,
    dyna_maze,
    frozen_lake,
    gridworld,
    jumping_gridworld,
    small_gridworld,
    windy_gridworld,
)
from .group_advantage import group_advantage, zero_variance
from .gymnasium_tables import as_mdp, from_gymnasium
from .imitation import ImitationLearner, ImitationSettings, imitate
from .learning import Learner
from .learning_curves import LearningCurves, learning_curves
from .learning_result import Learned, Update
from .monte_carlo import monte_carlo_control, monte_carlo_prediction
from .pendulum import Pendulum
from .policies import CategoricalPolicy, GaussianPolicy, Policy, ValueFunction, make_policy, mlp
from .policy_gradient import Reinforce, ReinforceSettings, policy_gradient_loss, reinforce
from .ppo import PPO, PPOSettings, clipped_loss, ppo
from .q_function import EpsilonGreedyPolicy, QFunction
from .q_learning import double_q_learning, q_learning
from .replay import ReplayBuffer, Transitions
from .returns import discounted_return, lambda_return, monte_carlo_return, n_step_return
from .rollout import Rollout, collect
from .sarsa import expected_sarsa, sarsa
from .solution import Solution
from .sweeps import Sweep, policy_evaluation_sweeps, value_iteration_sweeps
from .tabular_learning import TabularControl, TabularStep
from .tabular_mdp import Layout, TabularMDP
from .tabular_result import ControlRun, PredictionRun
from .tabular_vector import TabularVector
from .taxi import taxi
from .temporal_difference import td_prediction
from .textbook_problems import gamblers_problem, maximization_bias, random_walk, short_corridor
from .tool_call_task import ToolCallTask, parenthesis_share

__all__ = [
    "DQN",
    "PPO",
    "Acrobot",
    "ActorCritic",
    "ActorCriticSettings",
    "CartPole",
    "CategoricalPolicy",
    "Collector",
    "ControlRun",
    "DQNSettings",
    "DialogueLearner",
    "DialogueSample",
    "DialogueSettings",
    "DialogueTask",
    "DialogueUpdate",
    "Dialogues",
    "Environment",
    "Episode",
    "EpsilonGreedyPolicy",
    "Evaluation",
    "GaussianPolicy",
    "ImitationLearner",
    "ImitationSettings",
    "Layout",
    "Learned",
    "LearnedDialogue",
    "Learner",
    "LearningCurves",
    "PPOSettings",
    "Pendulum",
    "Policy",
    "PredictionRun",
    "Prompt",
    "QFunction",
    "Reinforce",
    "ReinforceSettings",
    "ReplayBuffer",
    "Rollout",
    "Solution",
    "Sweep",
    "TabularControl",
    "TabularMDP",
    "TabularStep",
    "TabularVector",
    "TokenPolicy",
    "ToolCallTask",
    "Transitions",
    "Update",
    "ValueFunction",
    "VectorEnvironment",
    "actor_critic",
    "as_environment",
    "as_mdp",
    "as_vector",
    "blackjack",
    "cliff_walking",
    "clipped_loss",
    "collect",
    "discounted_return",
    "double_q_learning",
    "dqn",
    "dyna_maze",
    "dyna_q",
    "epsilon_greedy",
    "evaluate",
    "evaluate_dialogue",
    "expected_sarsa",
    "from_gymnasium",
    "frozen_lake",
    "gae",
    "gamblers_problem",
    "gridworld",
    "group_advantage",
    "imitate",
    "jumping_gridworld",
    "kl_divergence",
    "kl_k3",
    "lambda_return",
    "learning_curves",
    "load_checkpoint",
    "load_parameters",
    "make_policy",
    "maximization_bias",
    "mlp",
    "monte_carlo_advantage",
    "monte_carlo_control",
    "monte_carlo_prediction",
    "monte_carlo_return",
    "n_step_return",
    "normalize",
    "parenthesis_share",
    "play",
    "play_table",
    "policy_evaluation",
    "policy_evaluation_sweeps",
    "policy_gradient_loss",
    "policy_iteration",
    "ppo",
    "q_learning",
    "q_target",
    "random_walk",
    "reinforce",
    "reinforce_dialogue",
    "sample_dialogues",
    "sarsa",
    "save_checkpoint",
    "save_parameters",
    "short_corridor",
    "small_gridworld",
    "taxi",
    "td_error",
    "td_prediction",
    "value_iteration",
    "value_iteration_sweeps",
    "vectorize",
    "windy_gridworld",
    "zero_variance",
]
