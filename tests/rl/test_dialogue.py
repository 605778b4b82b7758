"""Dialogues as data: histories, responses, and whose tokens are whose."""

import pytest
import torch

from agentos_lab.rl.dialogue import DialogueTask, Prompt, gather_dialogues


def batch():
    prompts = [Prompt((5, 6)), Prompt((7,))]
    return gather_dialogues(prompts, [(1, 2), (3, 4, 8, 9)], [(True, True), (True, False, False, True)])


def test_a_history_grows_and_keeps_its_goal():
    assert Prompt((1, 2), goal="tea").followed_by([3]) == Prompt((1, 2, 3), goal="tea")


def test_dialogues_of_different_lengths_become_one_batch_and_can_be_taken_apart():
    dialogues = batch()
    assert dialogues.tokens.tolist() == [[5, 6, 1, 2, 0], [7, 3, 4, 8, 9]]
    assert dialogues.own.int().tolist() == [[0, 0, 1, 1, 0], [0, 1, 0, 0, 1]]
    assert dialogues.responses == ((1, 2), (3, 4, 8, 9)) and dialogues.own_lengths.tolist() == [2, 2]
    first = dialogues.first(1)
    assert first.responses == ((1, 2),) and first.tokens.tolist() == [[5, 6, 1, 2]]


def test_what_others_said_has_no_log_probability():
    prompts, responses, own = [Prompt((1,))], [(2, 3)], [(True, False)]
    assert gather_dialogues(prompts, responses, own, [(-0.5, -9.0)]).log_prob.tolist() == [[0.0, -0.5, 0.0]]


def test_rewards_are_asked_for_prompt_and_response():
    rewards = batch().rewards(lambda prompt, response: len(prompt.tokens) + 10 * len(response))
    assert rewards.tolist() == [22.0, 41.0]


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), None, "good", torch.zeros(2)])
def test_a_reward_that_is_no_number_is_refused_with_the_response(bad):
    with pytest.raises(
        ValueError, match=r"the reward of the response \(3, 4, 8, 9\) is (nan|inf|None|\'good\'|tensor.*); .* 0 for"
    ):
        batch().rewards(lambda prompt, response: 0.0 if len(response) == 2 else bad)


@pytest.mark.parametrize(
    ("prompt", "message"), [([1, 2], r"must return a Prompt, got list; wrap it"), (Prompt(()), "at least one token")]
)
def test_what_is_no_prompt_is_refused(prompt, message):
    with pytest.raises(ValueError, match=message):
        gather_dialogues([prompt], [(1,)], [(True,)])


def test_a_task_may_inherit_what_it_does_not_care_about():
    class Echo(DialogueTask):
        def sample(self, generator):
            return Prompt((1,))

        def reward(self, prompt, response):
            return float(response == prompt.tokens)

        def demonstration(self, prompt, generator):
            return prompt.tokens

    task = Echo()
    assert task.end_token is None and task.reply(task.sample(torch.Generator()), (1,)) is None
