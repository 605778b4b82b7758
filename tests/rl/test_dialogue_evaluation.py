"""Examinations of policies that talk."""

import pytest
import torch
from talking_policies import Expert, Guess, Table

from agentos_lab.rl.dialogue_evaluation import evaluate_dialogue
from agentos_lab.rl.tool_call_task import ToolCallTask


@pytest.mark.parametrize("turns", [1, 2])
def test_an_expert_passes_without_a_mistake(turns):
    task = ToolCallTask(turns=turns).examination()
    found = evaluate_dialogue(Expert(task), task, episodes=8, greedy=True)
    assert (found.mean, found.episodes, found.greedy, found.task) == (1.0, 8, True, "ToolCallTask")


def test_sampled_success_is_the_policys_own_expectation():
    policy, task = Table(3), Guess()
    with torch.no_grad():
        chances = torch.stack([policy.log_prob((0,), response) for response in task.responses]).exp()
    expected = float((chances * torch.tensor(task.worth)).sum())
    found = evaluate_dialogue(policy, task, episodes=3000)
    assert abs(found.mean - expected) < 4 * found.std_error and found.std_error < 0.03


def test_the_same_seed_asks_and_answers_the_same():
    def returns(seed):
        return evaluate_dialogue(Table(3), Guess(), episodes=50, seed=seed).returns.tolist()

    assert returns(1) == returns(1) != returns(2)


def test_no_episode_is_no_examination():
    with pytest.raises(ValueError, match="episodes must be a positive whole number, got 0"):
        evaluate_dialogue(Table(), Guess(), episodes=0)
