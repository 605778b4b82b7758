"""What learning to talk tells, in words and numbers."""

import json

import pytest
import torch

from agentos_lab.rl.dialogue import Prompt, gather_dialogues
from agentos_lab.rl.dialogue_result import DialogueUpdate, LearnedDialogue, dialogue_samples
from agentos_lab.rl.dialogue_settings import DialogueSettings


def samples(vocabulary=("a", "b", "c", "d")):
    dialogues = gather_dialogues([Prompt((0,)), Prompt((0, 1))], [(1, 2, 3), (3,)], [(True, False, True), (True,)])
    before = torch.tensor([[-1.0, 0.0, -2.0], [0.0, -3.0, 0.0]])
    after = torch.tensor([[-0.5, 0.0, -2.5], [0.0, -2.0, 0.0]])
    numbers = torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0]), torch.tensor([2.0, -1.0])
    return dialogue_samples(dialogues, before, after, *numbers, samples=2, vocabulary=vocabulary)


def record(update, **fields):
    return DialogueUpdate(
        update, 8 * update, 0.25 * update, 8 * update, 1e-3, success=0.1 * update, kl=0.5, entropy=0.2,
        zero_variance=0.75, length=4.0, **fields,
    )  # fmt: skip


def test_a_sample_lines_its_numbers_up_with_its_tokens():
    first, second = samples()
    assert (first.prompt, first.response, first.own) == (("a",), ("b", "c", "d"), (True, False, True))
    assert (first.log_prob, first.log_prob_change) == ((-1.0, 0.0, -2.0), (0.5, 0.0, -0.5))
    assert first.token_advantage == (2.0, 0.0, 2.0) and first.effect == (1.0, 0.0, -1.0)
    assert (second.prompt, second.response, second.log_prob_change) == (("a", "b"), ("d",), (1.0,))
    assert second.effect == (-1.0,) and (second.reward, second.success, second.group) == (0.0, 1.0, 0)


def test_a_sample_reads_as_a_dialogue_with_the_environments_turns_in_brackets():
    assert str(samples()[0]) == "a → b[c]d  (reward 1, advantage +2.00)"
    assert samples(vocabulary=())[1].response == (" 3",)


def test_a_record_prints_its_numbers_and_survives_json_without_its_samples():
    full = record(2, samples=samples(), examination=0.5)
    assert str(full) == (
        "update 2, 16 dialogues: reward 0.5000, success 0.2000, examination 0.5000, kl 0.5000, entropy 0.2000, "
        "zero variance 0.7500, length 4.0000"
    )
    back = DialogueUpdate.from_dict(json.loads(json.dumps(full.to_dict())))
    assert back == record(2, examination=0.5)


def test_the_result_tells_where_it_began_and_where_it_ended():
    learned = LearnedDialogue(None, None, (record(1), record(3)), DialogueSettings(), "GRPO", "ToolCallTask")
    assert str(learned).split("\n") == [
        "GRPO on ToolCallTask: 3 updates, 24 dialogues",
        "reward 0.250 → 0.750, success 0.100 → 0.300",
        "divergence from the reference 0.50 nats a dialogue, entropy 0.200 nats a token, "
        "75% of the groups taught nothing",
    ]
    figure = learned.plot()
    assert [line.get_label() for line in figure.axes[0].lines] == ["reward trained for", "success"]
    empty = LearnedDialogue(None, None, (), DialogueSettings(), "GRPO", "ToolCallTask", interrupted=True)
    assert str(empty) == "GRPO on ToolCallTask: no update was made (interrupted)"


@pytest.mark.parametrize("name", ["kl", "entropy", "success", "zero_variance"])
def test_monitors_find_the_usual_names(name):
    assert isinstance(getattr(record(1), name), float)
