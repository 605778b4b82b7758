"""Imitation: the policy becomes its teacher, turn by turn, and never learns the tool's part."""

import itertools

import pytest
import torch
from talking_policies import Guess, Table

from agentos_lab.rl.dialogue import Prompt
from agentos_lab.rl.imitation import ImitationLearner, ImitationSettings, demonstrate, imitate
from agentos_lab.rl.tool_call_task import ToolCallTask


class Undecided(Guess):
    """The teacher says (2, 1) three times out of four, else (0, 0)."""

    def demonstration(self, prompt, generator):
        return (2, 1) if float(torch.rand((), generator=generator)) < 0.75 else (0, 0)


def test_the_policy_becomes_as_undecided_as_its_teacher():
    start = Table(0)
    learned = imitate(start, Undecided(), total_steps=64 * 150, batch_size=64, lr=0.1, progress=False)
    with torch.no_grad():
        chance = {said: float(learned.policy.log_prob((0,), said).exp()) for said in Undecided.responses}
    assert chance[2, 1] == pytest.approx(0.75, abs=0.05) and chance[0, 0] == pytest.approx(0.25, abs=0.05)
    entropy_per_token = -(0.75 * torch.tensor(0.75).log() + 0.25 * torch.tensor(0.25).log()) / 2
    assert learned.history[-1].loss == pytest.approx(float(entropy_per_token), abs=0.06)
    assert torch.equal(start.scores, Table(0).scores)


def test_the_result_tells_the_loss_and_how_good_the_teacher_was():
    learned = imitate(Table(0), Undecided(), total_steps=64 * 40, batch_size=64, lr=0.1, progress=False)
    first, second = str(learned).split("\n")
    assert first == "imitation on Undecided: 40 updates, 2,560 dialogues" and second.startswith("loss ")
    worth = 0.25 * Undecided.worth[0] + 0.75 * Undecided.worth[7]
    assert float(second.rpartition(" ")[2]) == pytest.approx(worth, abs=0.05)
    assert "loss" in str(learned.history[0]) and len(learned.plot().axes[0].lines[0].get_xdata()) == 40


def test_demonstrations_have_the_tools_turn_in_their_middle():
    task, chance = ToolCallTask(turns=2), torch.Generator().manual_seed(0)
    prompts = [task.sample(chance) for _ in range(5)]
    shown = demonstrate(task, prompts, chance)
    assert shown.rewards(task.reward).tolist() == [1.0] * 5
    assert shown.own_lengths.tolist() == [14] * 5  # ten tokens of the call and four of the answer
    assert [len(response) for response in shown.responses] == [18] * 5


def test_an_endless_teacher_is_stopped_at_the_limit():
    class Chatty(Guess):
        def reply(self, prompt, response):
            return (2,)

    shown = demonstrate(Chatty(), [Prompt((0,))], torch.Generator())
    assert len(shown.responses[0]) == 3


def test_the_rate_rises_and_falls_back_to_nothing():
    settings = ImitationSettings(total_steps=100 * 10, batch_size=10, warmup=0.1, lr=0.5)
    learner = ImitationLearner(Table(0), Guess(), settings)
    rates = [record.lr for record in learner]
    assert rates[0] == pytest.approx(0.05) and max(rates) == pytest.approx(0.5, rel=0.02) == rates[9]
    assert rates[-1] == pytest.approx(0.5 * 0.01 / 0.9) and all(a > b for a, b in itertools.pairwise(rates[9:]))


@pytest.mark.parametrize(("name", "value"), [("warmup", 1.0), ("batch_size", 0), ("lr", 0.0)])
def test_settings_that_make_no_sense_are_refused(name, value):
    with pytest.raises(ValueError, match=name):
        ImitationSettings.of(**{name: value})


@pytest.mark.parametrize(
    ("policy", "task", "message"),
    [
        (Table(0).requires_grad_(False), Guess(), "parameters to train, .* if all are frozen"),
        (lambda tokens: tokens, Guess(), "policy must be a torch module with parameters to train, got function"),
        (Table(0), object(), "object has no sample"),
    ],
)
def test_who_cannot_learn_and_what_cannot_be_imitated_is_refused(policy, task, message):
    with pytest.raises(ValueError, match=message):
        imitate(policy, task, total_steps=4, batch_size=2, progress=False)
