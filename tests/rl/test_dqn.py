"""DQN: its targets by hand, and its state between updates."""

import copy

import pytest
import torch
from small_worlds import Bandit

from agentos_lab.rl import evaluate
from agentos_lab.rl.checkpoint import load_checkpoint, save_checkpoint
from agentos_lab.rl.dqn import DQN, DQNSettings, dqn, exploration_rate, q_target
from agentos_lab.rl.replay import Transitions

SMALL = {
    "environments": 3, "rollout": 10, "descents": 4, "hidden": (8,), "warmup": 60, "capacity": 70, "target_every": 3,
    "total_steps": 300,
}  # fmt: skip


# --- targets -----------------------------------------------------------------------------------------------------

NEXT = torch.tensor([[1.0, 3.0], [10.0, 8.0], [4.0, 5.0]])  # the target network's
ONLINE = torch.tensor([[2.0, 1.0], [0.0, 1.0], [6.0, 7.0]])
REWARD = torch.tensor([1.0, 2.0, 3.0])


def test_targets_are_those_computed_by_hand():
    terminated = torch.tensor([False, False, True])
    assert q_target(REWARD, terminated, NEXT, 0.5).tolist() == [1 + 0.5 * 3, 2 + 0.5 * 10, 3]
    assert q_target(REWARD, terminated, NEXT, 0.5, ONLINE).tolist() == [1 + 0.5 * 1, 2 + 0.5 * 8, 3]


def test_values_after_the_end_do_not_matter_even_if_infinite():
    nowhere = torch.full((1, 2), torch.inf)
    assert q_target(torch.ones(1), torch.tensor([True]), nowhere, 0.9).tolist() == [1.0]


def test_shapes_that_would_be_stretched_into_wrong_targets_are_refused():
    terminated = torch.tensor([False, False, True])
    with pytest.raises(ValueError, match=r"next_values \(B, A\), got \(3, 1\) and \(3, 2\)"):
        q_target(REWARD[:, None], terminated[:, None], NEXT, 0.5)
    with pytest.raises(ValueError, match=r"reward and terminated must have one shape, got \(3,\) and \(3, 1\)"):
        q_target(REWARD, terminated[:, None], NEXT, 0.5)
    with pytest.raises(ValueError, match=r"next_values and chooser must have one shape"):
        q_target(REWARD, terminated, NEXT, 0.5, ONLINE[:, :1])
    with pytest.raises(ValueError, match="gamma must lie between 0 and 1, got 99"):
        q_target(REWARD, terminated, NEXT, 99)


@pytest.mark.parametrize("double", [False, True])
@pytest.mark.parametrize("dueling", [False, True])
@pytest.mark.parametrize("loss", ["huber", "squared"])
def test_one_step_of_learning_meets_targets_computed_step_by_step(double, dueling, loss):
    settings = DQNSettings(double=double, dueling=dueling, loss=loss, gamma=0.9, hidden=(8,), max_grad_norm=1e9)
    learner = DQN("CartPole-v1", settings)
    generator = torch.Generator().manual_seed(1)
    for module in (learner.q, learner.target):  # two networks that differ
        for parameter in module.parameters():
            parameter.data += torch.randn(parameter.shape, generator=generator)
    obs, after = torch.randn(2, 6, 4, generator=generator)
    action, reward = torch.tensor([0, 1, 0, 1, 0, 1]), torch.arange(6.0)
    terminated = torch.tensor([True, False, False, False, True, False])
    truncated = torch.tensor([False, True, False, False, True, False])  # changes nothing
    online = copy.deepcopy(learner.q)
    losses, squares = [], []
    for i in range(6):
        following = learner.target(after[i]).detach()
        best = int((online(after[i]) if double else following).argmax())
        target = reward[i] + (0 if terminated[i] else 0.9 * following[best])
        error = online(obs[i])[action[i]] - target
        squares.append(error**2)
        huber = error**2 / 2 if error.abs() < 1 else error.abs() - 0.5
        losses.append(huber if loss == "huber" else error**2)
    sum(losses).div(6).backward()
    numbers = learner.learn(Transitions(obs, action, reward, after, terminated, truncated))
    assert numbers["loss"] == pytest.approx(sum(losses).item() / 6, rel=1e-4)
    assert numbers["value_loss"] == pytest.approx(sum(squares).item() / 6, rel=1e-4)
    for ours, expected in zip(learner.q.parameters(), online.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, expected.grad, rtol=1e-4, atol=1e-4)


# Forever pays 1 at every step and looks always the same. Cut off after five steps, its value is v = 1 + 0.9 v = 10. If
# the fifth step ends it, the mean is v = 1 + 4/5 · 0.9 v = 3.57. For Huber's loss the end, an error of v - 1, counts as
# 1 only, and balance is where 1/5 · 1 = 4/5 · (1 + 0.9 v - v), at 7.5.
# --- the run -----------------------------------------------------------------------------------------------------


def test_epsilon_falls_in_a_straight_line_and_stays():
    assert [exploration_rate(step, 100, 1.0, 0.2) for step in (0, 50, 100, 1_000)] == pytest.approx([1, 0.6, 0.2, 0.2])
    assert exploration_rate(0, 0, 1.0, 0.2) == 0.2
    told = [update.epsilon for update in dqn("CartPole-v1", exploration=0.5, progress=False, **SMALL).history]
    assert told == pytest.approx([1 - 0.96 * step / 150 for step in range(0, 150, 30)] + [0.04] * 5)


def test_nothing_is_learned_before_the_warmup_is_over():
    learner = DQN("CartPole-v1", DQNSettings(**SMALL))
    first = copy.deepcopy(learner.q.state_dict())
    record = learner.step()
    assert record.loss is None and record.steps == 30 and learner.descended == 0
    assert all(torch.equal(first[name], tensor) for name, tensor in learner.q.state_dict().items())
    assert learner.step().loss is not None and learner.descended == 4


def test_the_target_network_stands_still_between_copies():
    learner = DQN("CartPole-v1", DQNSettings(**{**SMALL, "descents": 1, "target_every": 3, "warmup": 0}))
    seen = []
    for _ in range(6):
        before = copy.deepcopy(learner.q.state_dict())
        learner.step()
        seen.append((before, copy.deepcopy(learner.target.state_dict())))
    for number, (_, target) in enumerate(seen):
        copied = seen[number - number % 3][0]  # what the online network was when the copy was made
        assert all(torch.equal(copied[name], target[name]) for name in target), number
    assert not torch.equal(seen[2][1]["network.0.weight"], seen[3][1]["network.0.weight"])


def test_the_learning_rate_falls_to_nothing_unless_told_otherwise():
    rates = [update.lr for update in dqn("CartPole-v1", lr=1e-2, progress=False, **SMALL).history]
    assert rates == pytest.approx([1e-2 * (1 - number / 10) for number in range(10)])
    assert {u.lr for u in dqn("CartPole-v1", lr=1e-2, anneal=False, progress=False, **SMALL).history} == {1e-2}


def test_the_same_seed_is_the_same_run_and_another_is_another():
    one, same, other = (dqn("CartPole-v1", seed=s, progress=False, **SMALL).history for s in (3, 3, 4))
    assert one == same and one != other


@pytest.mark.parametrize("world", ["CartPole-v1", "FrozenLake-v1"])
@pytest.mark.parametrize("after", [1, 4])  # before the ring of 70 has gone round, and after
def test_a_resumed_run_is_the_unbroken_run_bit_for_bit(tmp_path, world, after):
    unbroken, broken = (DQN(world, DQNSettings(seed=7, **SMALL)) for _ in range(2))
    list(unbroken)
    for _ in range(after):
        broken.step()
    path = save_checkpoint(broken, tmp_path / "run.safetensors")
    resumed = load_checkpoint(path, DQN(world, DQNSettings(**{**SMALL, "capacity": 999})))
    assert repr(resumed.replay) == repr(broken.replay)
    list(resumed)
    assert resumed.records == unbroken.records and len(unbroken.records) == 10
    for name, module in unbroken.modules.items():
        for one, other in zip(module.parameters(), resumed.modules[name].parameters(), strict=True):
            assert torch.equal(one, other), name
    for one, other in zip(unbroken.replay.steps(), resumed.replay.steps(), strict=True):
        assert torch.equal(one, other)


@pytest.mark.parametrize("at", [1, 7, 70])  # the 7th batch: amidst the third update that learns
def test_an_interrupted_update_is_taken_back_and_can_be_made_again(at):
    unbroken, learner = (DQN("CartPole-v1", DQNSettings(**SMALL)) for _ in range(2))
    list(unbroken)
    learn, calls = learner.learn, []

    def stop(batch):
        calls.append(batch)
        if len(calls) == at:
            raise KeyboardInterrupt
        return learn(batch)

    learner.learn = stop
    learned = learner.run(progress=False)
    assert learned.interrupted == (at < 70)
    assert len(learned.history) == {1: 1, 7: 2, 70: 10}[at]
    assert list(learner) == unbroken.records[len(learned.history) :]
    assert learner.records == unbroken.records


def test_a_setting_can_change_under_way_unless_the_past_depends_on_it():
    learner = DQN("CartPole-v1", DQNSettings(**SMALL))
    learner.step()
    learner.change(lr=1e-4, double=False)
    assert learner.step().lr == pytest.approx(1e-4 * 0.9)
    with pytest.raises(ValueError, match="capacity cannot change under way"):
        learner.change(capacity=5)


def test_a_network_of_your_own_is_trained_in_place():
    q = torch.nn.Linear(4, 2)
    before = q.weight.detach().clone()
    learned = dqn("CartPole-v1", q=q, progress=False, **SMALL)
    assert learned.policy.q is q and not torch.equal(q.weight, before)


def test_the_arm_that_pays_is_found():
    learned = dqn(
        Bandit(), total_steps=600, environments=2, rollout=10, descents=10, target_every=10, warmup=0, hidden=(),
        lr=0.05, progress=False,
    )  # fmt: skip
    assert evaluate(learned.policy, Bandit(), 5).mean == 1


def test_wrong_settings_and_spaces_are_refused_with_a_remedy():
    with pytest.raises(ValueError, match=r"action space must be Discrete, got Box.*Use `ppo`"):
        dqn("Pendulum-v1", total_steps=10)
    for wrong, message in [
        ({"gamma": 99}, "gamma must lie between 0 and 1"),
        ({"last_epsilon": -0.1}, "last_epsilon must lie between 0 and 1"),
        ({"capacity": 0}, "capacity must be a positive whole number"),
        ({"warmup": -1}, "warmup must be a whole number from 0 on"),
        ({"loss": "absolute"}, 'loss must be "huber" or "squared"'),
        ({"hidden": (0,)}, "hidden holds the widths of layers"),
        ({"hidden": 64}, "hidden holds the widths of layers"),
    ]:
        with pytest.raises(ValueError, match=message):
            dqn("CartPole-v1", total_steps=10, **wrong)
    with pytest.raises(ValueError, match="nothing to learn"):
        dqn("CartPole-v1", q=torch.nn.Linear(4, 2).requires_grad_(False), total_steps=10)
    with pytest.raises(TypeError, match="unknown setting buffer; DQNSettings knows"):
        dqn("CartPole-v1", total_steps=10, buffer=3)
