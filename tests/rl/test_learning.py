"""A learner is driven from outside, stopped between or within updates, taken back, and told another rate."""

import numpy as np
import pytest
import torch

from agentos_lab.rl.actor_critic import ActorCritic, ActorCriticSettings, actor_critic
from agentos_lab.rl.cartpole import CartPole
from agentos_lab.rl.learning import Learner
from agentos_lab.rl.on_policy import explained_variance
from agentos_lab.rl.policies import CategoricalPolicy, GaussianPolicy
from agentos_lab.rl.policy_gradient import Reinforce, ReinforceSettings
from agentos_lab.rl.ppo import PPO, PPOSettings
from agentos_lab.rl.settings import Settings

SMALL = {"environments": 3, "hidden": (8,), "seed": 4}
LEARNERS = {
    "ppo": lambda env="CartPole-v1": PPO(env, PPOSettings(total_steps=240, rollout=16, epochs=2, **SMALL)),
    "actor_critic": lambda env="CartPole-v1": ActorCritic(
        env, ActorCriticSettings(total_steps=240, rollout=8, **SMALL)
    ),
    "reinforce": lambda env="CartPole-v1": Reinforce(env, ReinforceSettings(total_steps=240, **SMALL)),
}
every_learner = pytest.mark.parametrize("make", LEARNERS.values(), ids=LEARNERS)


def parameters(learner):
    return torch.cat([p.detach().flatten() for module in learner.modules.values() for p in module.parameters()])


def assert_same(one, other):
    assert one.records == other.records and one.steps == other.steps
    assert torch.equal(parameters(one), parameters(other))


@every_learner
def test_the_same_seed_gives_the_same_run_and_leaves_torch_s_own_chance_alone(make):
    before, numpy_before = torch.get_rng_state(), np.random.get_state()[1].copy()
    one, two = make(), make()
    list(one), two.run(progress=False)
    assert_same(one, two)
    assert torch.equal(torch.get_rng_state(), before) and (np.random.get_state()[1] == numpy_before).all()


@every_learner
def test_records_count_updates_and_steps(make):
    learner = make()
    result = learner.run(progress=False)
    assert [record.update for record in result.history] == list(range(1, len(result.history) + 1))
    assert all(before.steps < after.steps for before, after in zip(result.history, result.history[1:], strict=False))
    assert result.steps == learner.steps and result.policy is learner.policy and learner.finished
    assert result.history[-1].episodes == learner.collector.episodes


@every_learner
def test_an_interrupt_within_an_update_is_as_if_it_had_not_begun(make):
    class Interrupting(CartPole):
        countdown = 70

        def step(self, actions):
            self.countdown -= 1
            if self.countdown == 0:
                raise KeyboardInterrupt
            return super().step(actions)

    unbroken, broken = make(CartPole(3)), make(Interrupting(3))
    unbroken.task = broken.task
    list(unbroken)
    result = broken.run(progress=False)
    if unbroken.collector.actions[70:]:
        assert result.interrupted and "(interrupted)" in str(result)
    assert len(result.history) < len(unbroken.records) or not result.interrupted
    finished = broken.run(progress=False)
    assert not finished.interrupted
    assert_same(unbroken, broken)


@every_learner
def test_an_interrupt_between_updates_gives_what_was_learned(make):
    def stop(record):
        if record.update == 2:
            raise KeyboardInterrupt

    learner = make()
    result = learner.run(on_record=stop, progress=False)
    assert result.interrupted and len(result.history) == 2 and result.policy is not None


@every_learner
def test_going_back_to_the_beginning_gives_the_same_run_again(make):
    learner, other = make(), make()
    beginning = learner.snapshot()
    list(learner), list(other)
    learner.restore(beginning)
    assert learner.records == [] and learner.steps == 0
    list(learner)
    assert_same(learner, other)


def test_the_learning_rate_can_change_under_way():
    learner = LEARNERS["ppo"]()
    learner.step()
    learner.change(lr=1e-5)
    assert learner.step().lr < 1e-5
    with pytest.raises(ValueError, match=r"environments cannot change under way; what can is total_steps, lr"):
        learner.change(environments=5)
    with pytest.raises(ValueError, match="lr must be positive"):
        learner.change(lr=-1.0)


def test_a_finished_learner_goes_on_when_it_gets_more_steps():
    learner = LEARNERS["actor_critic"]()
    list(learner)
    assert list(learner) == []
    learner.change(total_steps=480)
    assert len(list(learner)) == 10


def test_an_error_within_an_update_does_not_break_the_learner():
    learner = LEARNERS["ppo"]()
    step, learner.collector.env.step = learner.collector.env.step, lambda actions: 1 / 0
    with pytest.raises(ZeroDivisionError):
        learner.step()
    learner.collector.env.step = step
    learner.forget_half_step()
    assert learner.step() == LEARNERS["ppo"]().step()


def test_a_learner_without_an_algorithm_says_so():
    with pytest.raises(NotImplementedError):
        Learner(Settings(), {"policy": torch.nn.Linear(1, 1)}).step()


def test_a_policy_with_nothing_to_learn_is_refused():
    frozen = CategoricalPolicy(4, 2).requires_grad_(False)
    with pytest.raises(ValueError, match="there is nothing to learn"):
        PPO("CartPole-v1", PPOSettings(), frozen)


def test_progress_is_silent_where_output_is_compared(capsys):
    actor_critic("CartPole-v1", total_steps=64, environments=2)
    assert capsys.readouterr() == ("", "")  # the tests set AGENTOS_LAB_QUIET


def test_a_vector_environment_brings_its_own_number():
    learner = PPO(CartPole(5), PPOSettings(total_steps=100, rollout=4))
    assert learner.settings.environments == 5 and learner.step().steps == 20


def test_explained_variance_is_scikit_learn_s():
    metrics = pytest.importorskip("sklearn.metrics")
    generator = torch.Generator().manual_seed(0)
    value, target = torch.randn(2, 50, generator=generator)
    expected = metrics.explained_variance_score(target, value)
    assert explained_variance(value, target) == pytest.approx(expected, rel=1e-5)
    assert explained_variance(value, torch.ones(50)) is None and explained_variance(value[:1], target[:1]) is None


def test_an_interrupt_while_going_back_still_gives_what_was_learned():
    class Impatient(CartPole):
        """Interrupted in its 70th step, and again when it is brought back to the beginning of the update."""

        taken = 0

        def step(self, actions):
            self.taken += 1
            if self.taken in (70, 75):
                raise KeyboardInterrupt
            return super().step(actions)

    calm, impatient = LEARNERS["ppo"](CartPole(3)), LEARNERS["ppo"](Impatient(3))
    result = impatient.run(progress=False)
    while calm.steps < result.steps:
        calm.step()
    assert result.interrupted and 0 < result.steps < 240
    assert torch.equal(parameters(calm), parameters(impatient))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"settings": {"lr": 1e-3}}, r"settings must be PPOSettings, e.g. PPOSettings\(lr=1e-3\), got dict"),
        ({"settings": ActorCriticSettings()}, "settings must be PPOSettings, .* got ActorCriticSettings"),
        ({"policy": CategoricalPolicy(4, 5)}, r"chooses one of 5 actions, .* of CartPole-v1 are Discrete\(2\)"),
        ({"policy": GaussianPolicy(4, 1)}, r"chooses numbers of shape \(1,\), .* of CartPole-v1 are Discrete\(2\)"),
        ({"policy": CategoricalPolicy(4, 2), "env": "Pendulum-v1"}, r"observations must have shape \(…, 4\)"),
        ({"policy": CategoricalPolicy(3, 2), "env": "Pendulum-v1"}, "chooses one of 2 actions, .* Pendulum-v1 are Box"),
        ({"value": lambda obs: obs}, "value must be a torch module, got function"),
    ],
)
def test_what_does_not_belong_together_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        PPO(**{"env": "CartPole-v1", "settings": PPOSettings()} | arguments)


def test_a_run_that_could_not_be_told_or_kept_is_refused_before_it_begins(tmp_path):
    learner = LEARNERS["ppo"]()
    with pytest.raises(ValueError, match=r"checkpoint is the name of a file, and .* is a folder"):
        learner.run(checkpoint=tmp_path, progress=False)
    with pytest.raises(ValueError, match="on_record is a function that is called with every record, got 3"):
        learner.run(on_record=3, progress=False)
    assert not learner.records
