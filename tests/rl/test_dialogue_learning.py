"""Learning to talk, on a task with nine responses: what each setting does, and what the records say."""

import itertools

import pytest
import torch
from small_dialogues import SMALL, TASK, learn, probability_of_best
from talking_policies import Guess, Table

from agentos_lab.rl.checkpoint import load_checkpoint, save_checkpoint
from agentos_lab.rl.dialogue import Prompt
from agentos_lab.rl.dialogue_learning import DialogueLearner
from agentos_lab.rl.dialogue_settings import DialogueSettings


def test_the_policy_that_was_given_stays_as_it_was():
    start = Table(0)
    before = start.scores.detach().clone()
    learned = learn(start, total_steps=64)
    assert torch.equal(start.scores, before) and not torch.equal(learned.policy.scores, before)
    assert start.training and start.scores.requires_grad


class Hopeless(Guess):
    """Nothing is ever right."""

    def reward(self, prompt, response):
        return 0.0


def test_groups_without_variance_teach_exactly_nothing():
    start = Table(0)
    learned = learn(start, Hopeless(), total_steps=32 * 3)
    assert torch.equal(learned.policy.scores, start.scores)
    assert [record.zero_variance for record in learned.history] == [1.0] * 3
    assert [record.grad_norm for record in learned.history] == [0.0] * 3


def test_a_price_on_divergence_pulls_back_even_where_no_reward_differs():
    away, reference = Table(0), Table(1)
    learned = learn(away, Hopeless(), reference=reference, beta=1.0)
    assert learned.history[-1].kl < 0.5 * learned.history[0].kl


def test_several_steps_a_batch_are_clipped_and_learn_more_from_the_same_dialogues():
    once, often = learn(total_steps=32 * 8), learn(total_steps=32 * 8, epochs=4)
    assert probability_of_best(often.policy) > 1.5 * probability_of_best(once.policy)
    assert max(record.clip_fraction for record in once.history) == 0.0 < often.history[0].clip_fraction


def test_records_count_dialogues_and_measure_from_the_reference():
    learner = DialogueLearner(Table(0), TASK, DialogueSettings.of(**SMALL))
    first, second = itertools.islice(learner, 2)
    assert (first.update, first.steps, second.steps, first.length) == (1, 32, 64, 2.0)
    assert first.kl == pytest.approx(0.0, abs=1e-9) and second.kl > 0
    assert first.loss == pytest.approx(0.0, abs=1e-6) and first.grad_norm > 0  # GRPO's loss begins at 0


def test_shown_samples_tell_what_the_update_did_to_each_token():
    learner = DialogueLearner(Table(0), TASK, DialogueSettings.of(**SMALL, show=2))
    before = learner.policy.scores.detach().clone()
    record = learner.step()
    assert [sample.group for sample in record.samples] == [0] * 8 + [1] * 8
    old = Table(0)
    with torch.no_grad():
        old.scores.copy_(before)
        for sample in record.samples:
            response = tuple(int(text) for text in sample.response)
            was, now = old.log_prob((0,), response), learner.policy.log_prob((0,), response)
            assert sum(sample.log_prob) == pytest.approx(float(was)) and sample.reward == TASK.reward(None, response)
            assert sum(sample.log_prob_change) == pytest.approx(float(now - was))
    for group in (record.samples[:8], record.samples[8:]):
        assert sum(sample.advantage for sample in group) == pytest.approx(0.0, abs=1e-5)
    assert sum(sum(sample.effect) for sample in record.samples) > 0  # the update went as it was told
    assert DialogueLearner(Table(0), TASK, DialogueSettings.of(**SMALL, show=0)).step().samples == ()


def test_examinations_come_when_they_are_due_and_at_the_end():
    learned = learn(total_steps=32 * 5, examine_every=2, examine_dialogues=20)
    assert [record.examination is not None for record in learned.history] == [False, True, False, True, True]


def test_the_same_seed_learns_the_same_and_another_does_not():
    once, again, other = learn(total_steps=96), learn(total_steps=96), learn(total_steps=96, seed=1)
    assert once.history == again.history and torch.equal(once.policy.scores, again.policy.scores)
    assert once.history != other.history


def test_a_run_can_be_stopped_told_another_rate_and_continued():
    learner = DialogueLearner(Table(0), TASK, DialogueSettings.of(**SMALL))
    list(itertools.islice(learner, 3))
    learner.change(lr=0.01, total_steps=32 * 5, beta=0.1)
    assert [record.lr for record in learner] == [0.01, 0.01] and learner.finished
    with pytest.raises(ValueError, match="samples cannot change under way; what can is total_steps, lr, beta"):
        learner.change(samples=4)


def test_an_annealed_rate_falls_to_nothing():
    rates = [record.lr for record in learn(total_steps=32 * 4, anneal=True).history]
    assert rates == pytest.approx([0.1, 0.075, 0.05, 0.025])


def test_a_checkpoint_goes_on_bit_for_bit_and_knows_the_reference(tmp_path):
    unbroken = DialogueLearner(Table(0), TASK, DialogueSettings.of(**SMALL, beta=0.3), reference=Table(1))
    list(itertools.islice(unbroken, 3))
    file = save_checkpoint(unbroken, tmp_path / "run.safetensors")
    resumed = load_checkpoint(file, DialogueLearner(Table(7), TASK))
    assert list(itertools.islice(resumed, 3)) == list(itertools.islice(unbroken, 3))
    assert torch.equal(resumed.policy.scores, unbroken.policy.scores)
    assert [record.kl for record in resumed.records] == [record.kl for record in unbroken.records]


def test_an_interrupt_leaves_what_has_been_learned_so_far():
    calls = itertools.count()

    class Interrupted(Guess):
        def reward(self, prompt, response):
            if next(calls) == 150:
                raise KeyboardInterrupt
            return super().reward(prompt, response)

    learned = learn(task=Interrupted())
    assert learned.interrupted and len(learned.history) == 4 and "(interrupted)" in str(learned)
    uninterrupted = learn(total_steps=32 * 4)
    assert torch.equal(learned.policy.scores, uninterrupted.policy.scores)


def test_the_result_prints_and_draws_itself():
    learned = learn(total_steps=32 * 4)
    assert str(learned).startswith("GRPO on Guess: 4 updates, 128 dialogues\nreward ")
    assert "success" in learned.plot().alt


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"advantage": "gae"}, "advantage must be one of none, mean, rloo, grpo"),
        ({"samples": 1}, "samples must be at least 2, got 1; for one sample take advantage='none'"),
        ({"beta": -1.0}, "beta must not be negative"),
        ({"epochs": 0}, "epochs must be a positive whole number"),
        ({"clip": 0.0}, "clip must be positive"),
        ({"examine_every": 1.5}, "examine_every must be a whole number from 0 on, got 1.5"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        DialogueSettings.of(**settings)


def test_a_policy_without_anything_to_train_is_refused():
    for policy in (Table(0).requires_grad_(False), torch.nn.Identity()):
        with pytest.raises(ValueError, match="policy must be a torch module with parameters to train"):
            learn(policy)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"task": object()}, "a task has the methods of DialogueTask; object has no sample"),
        ({"examination": "hard"}, "a task has the methods of DialogueTask; str has no sample"),
        ({"reward": 1.0}, "reward is a function of prompt and response, such as task.reward, got 1.0"),
    ],
)
def test_what_is_no_task_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        learn(**arguments)


def test_one_sample_a_prompt_is_enough_without_a_baseline():
    assert len(learn(advantage="none", samples=1, total_steps=8).history) == 2


def test_a_task_that_forgets_to_wrap_its_prompts_is_told():
    class Careless(Guess):
        def sample(self, generator):
            return (0,)

    with pytest.raises(ValueError, match="must return a Prompt, got tuple; wrap it"):
        learn(task=Careless())
    assert Prompt((0,)).tokens == (0,)
