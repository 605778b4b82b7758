"""Speaking: the right distribution, with and without a cache, and the environment's turns in their place."""

import pytest
import torch
from talking_policies import Expert, Guess, Plain, Table

from agentos_lab.lm import GPT, GPTConfig
from agentos_lab.rl.dialogue import Prompt
from agentos_lab.rl.dialogue_objective import score_tokens
from agentos_lab.rl.dialogue_sampling import sample_dialogues
from agentos_lab.rl.tool_call_task import ToolCallTask


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def gpt():
    model = GPT(GPTConfig(25, context=40, layers=2, heads=2, width=16), seed=0)
    with torch.no_grad():
        model.embedding.token.weight.mul_(8)  # far from indifferent, so that texts end at different lengths
    return model


def prompts(count, task=None, seed=0):
    task, chance = ToolCallTask() if task is None else task, generator(seed)
    return [task.sample(chance) for _ in range(count)]


def test_responses_come_as_often_as_the_policy_says():
    policy, task, count = Table(1), Guess(), 4000
    with torch.no_grad():
        expected = torch.stack([policy.log_prob((0,), response) for response in task.responses]).exp() * count
    dialogues = sample_dialogues(policy, task, [Prompt((0,))], samples=count, generator=generator())
    seen = torch.tensor([dialogues.responses.count(response) for response in task.responses])
    assert float(((seen - expected) ** 2 / expected).sum()) < 26.1  # chi-square with 8 degrees of freedom, p = 0.001


def test_a_greedy_policy_needs_no_chance_and_repeats_itself():
    policy, task = Table(2), Guess()
    dialogues = sample_dialogues(policy, task, [Prompt((0,))], samples=3, greedy=True)
    first = int(policy.scores[0, 0].argmax())
    assert dialogues.responses == ((first, int(policy.scores[1, first].argmax())),) * 3


def test_the_cache_changes_the_time_and_not_the_dialogues(gpt):
    asked = prompts(6)
    cached = sample_dialogues(gpt, ToolCallTask(), asked, samples=4, generator=generator())
    plain = sample_dialogues(Plain(gpt), ToolCallTask(), asked, samples=4, generator=generator())
    assert cached.responses == plain.responses and len(set(cached.lengths)) > 2
    torch.testing.assert_close(cached.log_prob, plain.log_prob, atol=1e-4, rtol=0)


def test_neighbours_in_a_batch_do_not_matter(gpt):
    asked = prompts(5)
    together = sample_dialogues(gpt, ToolCallTask(), asked, greedy=True).responses
    alone = [sample_dialogues(gpt, ToolCallTask(), [prompt], greedy=True).responses[0] for prompt in asked]
    assert list(together) == alone


def test_the_samples_of_a_prompt_stand_together_and_end_with_the_end_token_or_the_limit(gpt):
    task, asked = ToolCallTask(), prompts(3)
    dialogues = sample_dialogues(gpt, task, asked, samples=5, max_new_tokens=7, generator=generator())
    assert dialogues.prompts == tuple(prompt for prompt in asked for _ in range(5))
    for response in dialogues.responses:
        assert task.end_token not in response[:-1] and (response[-1] == task.end_token or len(response) == 7)


def test_the_log_probabilities_are_those_of_reading_the_whole_dialogue(gpt):
    dialogues = sample_dialogues(gpt, ToolCallTask(), prompts(4), samples=3, generator=generator())
    read = score_tokens(gpt, dialogues).log_prob.detach()
    torch.testing.assert_close(read, dialogues.log_prob[:, 1:], atol=1e-4, rtol=0)


def test_the_tool_answers_between_two_turns_and_its_tokens_are_nobodys_deed():
    task = ToolCallTask(turns=2)
    dialogues = sample_dialogues(Expert(task), task, prompts(6), greedy=True)
    assert dialogues.rewards(task.reward).tolist() == [1.0] * 6
    for row, (prompt, response) in enumerate(zip(dialogues.prompts, dialogues.responses, strict=True)):
        own = dialogues.own[row, len(prompt.tokens) :].tolist()
        tools = [token for token, mine in zip(response, own, strict=False) if not mine]
        assert task.decode(tools) == f"T: {prompt.goal.result} A:"


def test_without_replies_the_dialogue_ends_with_the_first_turn():
    task = ToolCallTask(turns=1)
    dialogues = sample_dialogues(Expert(task), task, prompts(4), greedy=True)
    assert dialogues.rewards(task.reward).tolist() == [1.0] * 4 and bool(dialogues.own.any())


def test_the_limit_also_cuts_the_environment_short():
    task = ToolCallTask(turns=2)
    dialogues = sample_dialogues(Expert(task), task, prompts(2), greedy=True, max_new_tokens=12)
    assert [len(response) for response in dialogues.responses] == [12, 12]
    assert dialogues.own_lengths.tolist() == [10, 10]


def test_the_same_seed_says_the_same(gpt):
    def said(seed):
        return sample_dialogues(gpt, ToolCallTask(), prompts(3), generator=generator(seed)).responses

    assert said(3) == said(3) != said(4)


def test_a_dialogue_that_does_not_fit_the_context_is_refused_before_it_begins(gpt):
    with pytest.raises(ValueError, match="17 tokens and 30 more do not fit the policy's context of 40; set max_new"):
        sample_dialogues(gpt, ToolCallTask(), prompts(6), max_new_tokens=30, greedy=True)


class Broken(torch.nn.Module):
    def forward(self, tokens):
        return torch.full((*tokens.shape, 3), float("nan"))


class Short(torch.nn.Module):
    """Scores only what follows the last token."""

    def forward(self, tokens):
        return torch.zeros(len(tokens), 3)


@pytest.mark.parametrize(
    ("policy", "asked", "chance", "message"),
    [
        (Short(), [Prompt((0, 1))], generator(), r"ids of shape \(1, 2\) logits \(B, T, V\), got \(1, 3\)"),
        (Table(), [], generator(), "there is no prompt"),
        (Table(), [Prompt((0,))], None, r"give generator=torch\.Generator"),
        (Broken(), [Prompt((0,))], generator(), "NaN or infinite: its parameters overflowed.*smaller lr"),
        (Table(), [(0,)], generator(), "must return a Prompt, got tuple"),
    ],
)
def test_what_cannot_be_continued_is_refused(policy, asked, chance, message):
    with pytest.raises(ValueError, match=message):
        sample_dialogues(policy, Guess(), asked, generator=chance)


@pytest.mark.parametrize("name", ["samples", "max_new_tokens"])
def test_at_least_one_token_of_one_dialogue_is_asked_for(name):
    with pytest.raises(ValueError, match=f"{name} must be a positive whole number, got 0"):
        sample_dialogues(Table(), Guess(), [Prompt((0,))], generator=generator(), **{name: 0})
