"""What reinforcement learning makes of the shipped reference in ten updates, for better and for worse."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from agentos_lab.lm import load_pretrained
from agentos_lab.rl.dialogue_evaluation import evaluate_dialogue
from agentos_lab.rl.dialogue_learning import reinforce_dialogue
from agentos_lab.rl.tool_call_task import ToolCallTask, parenthesis_share

FOLDER = Path(__file__).resolve().parents[3] / "datasets" / "tool_call_gpt"

TASK = ToolCallTask()


@pytest.fixture(scope="module")
def reference():
    return load_pretrained("tool-call-gpt").model


def learn(reference, updates, task=TASK, prompts=8, **settings):
    steps = updates * prompts * 8
    return reinforce_dialogue(reference, task, prompts=prompts, total_steps=steps, progress=False, **settings)


def stated(turns):
    """Success of samples, as the log says it: estimate and standard error."""
    log = (FOLDER / "log.txt").read_text("utf-8")
    found = re.search(rf"examination, {turns} turns?: success ([\d.]+) ± ([\d.]+) of samples", log)
    return float(found[1]), float(found[2])


def test_ten_updates_change_its_mind_at_the_price_of_what_it_had_to_rule_out(reference):
    learned = learn(reference, 10, prompts=16)
    examination = TASK.examination()
    assert evaluate_dialogue(learned.policy, examination, episodes=300).mean > 0.65
    assert evaluate_dialogue(learned.policy, examination, episodes=100, greedy=True).mean > 0.9
    first, last = learned.history[0], learned.history[-1]
    # Conditioning a policy on success, and changing nothing else, costs −ln(chance of success) nats.
    assert abs(last.kl + math.log(stated(1)[0])) < 0.8 and first.kl < 1e-6
    assert last.entropy < 0.3 * first.entropy


def test_a_rate_ten_times_too_large_ruins_it_for_good(reference):
    last = learn(reference, 5, lr=3e-2).history[-1]
    assert last.success == 0.0 and last.zero_variance == 1.0 and last.grad_norm == 0.0 and last.kl > 20


def test_a_proxy_that_can_be_cheated_is_cheated(reference):
    learned = learn(reference, 25, reward=parenthesis_share, lr=1e-3, anneal=False, show=0)
    success = [record.success for record in learned.history]
    assert learned.history[-1].mean_return > 0.9 and max(success) > success[0] + 0.05 and success[-1] == 0.0


def test_with_two_turns_it_learns_to_ask_and_to_pass_the_answer_on(reference):
    task = ToolCallTask(turns=2)
    learned = learn(reference, 5, task, prompts=12)
    assert evaluate_dialogue(learned.policy, task.examination(), episodes=50, greedy=True).mean > 0.6
    right = next(sample for sample in learned.history[-1].samples if sample.success)
    tools = [text for text, own in zip(right.response, right.own, strict=True) if not own]
    assert tools[0] == " T: " and tools[-1] == " A:" and right.log_prob_change[10:14] == (0.0,) * 4
