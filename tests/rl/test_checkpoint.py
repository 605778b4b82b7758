"""A run that was saved and resumed is the unbroken run, bit for bit; a damaged or foreign file is refused."""

import pytest
import torch
from safetensors.torch import save_file

from agentos_lab.rl import random_walk
from agentos_lab.rl.actor_critic import ActorCritic, ActorCriticSettings
from agentos_lab.rl.checkpoint import load_checkpoint, load_parameters, save_checkpoint, save_parameters
from agentos_lab.rl.policies import CategoricalPolicy, ValueFunction
from agentos_lab.rl.policy_gradient import Reinforce, ReinforceSettings, reinforce
from agentos_lab.rl.ppo import PPO, PPOSettings

SMALL = {"environments": 3, "hidden": (8,), "total_steps": 300}
MAKERS = {
    "PPO": lambda env, seed=7: PPO(env, PPOSettings(rollout=20, epochs=2, minibatches=2, seed=seed, **SMALL)),
    "A2C": lambda env, seed=7: ActorCritic(env, ActorCriticSettings(rollout=20, seed=seed, **SMALL)),
    "REINFORCE": lambda env, seed=7: Reinforce(env, ReinforceSettings(seed=seed, longest=60, **SMALL)),
}
WORLDS = {
    "CartPole": lambda: "CartPole-v1",
    "Acrobot": lambda: "Acrobot-v1",
    "Pendulum": lambda: "Pendulum-v1",
    "FrozenLake": lambda: "FrozenLake-v1",
    "random walk": lambda: random_walk(7),
}


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS)
@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_resumed_run_is_the_unbroken_run_bit_for_bit(tmp_path, make, world):
    unbroken, broken = make(world()), make(world())
    list(unbroken)
    broken.step()
    path = save_checkpoint(broken, tmp_path / "run.safetensors")
    resumed = load_checkpoint(path, make(world(), seed=8))
    assert resumed.settings == broken.settings and resumed.records == broken.records
    list(resumed)
    assert resumed.records == unbroken.records and len(unbroken.records) > 1
    for name, module in unbroken.modules.items():
        for one, other in zip(module.parameters(), resumed.modules[name].parameters(), strict=True):
            assert torch.equal(one, other), name


def test_a_resumed_run_can_be_interrupted_and_saved_again(tmp_path):
    path = tmp_path / "deep" / "run.safetensors"
    unbroken, learner = MAKERS["PPO"]("CartPole-v1"), MAKERS["PPO"]("CartPole-v1")
    list(unbroken)

    def stop(record):
        raise KeyboardInterrupt

    while not learner.finished:
        learner.run(on_record=stop, checkpoint=path, progress=False)  # one update, then an interrupt
        learner = load_checkpoint(path, MAKERS["PPO"]("CartPole-v1", seed=0))
    assert learner.records == unbroken.records
    assert [file.name for file in path.parent.iterdir()] == ["run.safetensors"]


def test_a_checkpoint_is_written_every_so_often(tmp_path):
    path, seen = tmp_path / "run.safetensors", []
    learner = MAKERS["A2C"]("CartPole-v1")
    learner.run(checkpoint=path, checkpoint_every=2, on_record=lambda _: seen.append(path.exists()), progress=False)
    assert seen == [False, False, True, True, True]
    assert load_checkpoint(path, MAKERS["A2C"]("CartPole-v1")).finished


def test_the_one_call_functions_keep_a_checkpoint_too(tmp_path):
    settings = SMALL | {"seed": 7, "longest": 60}
    learned = reinforce("CartPole-v1", checkpoint=tmp_path / "run.safetensors", progress=False, **settings)
    assert load_checkpoint(tmp_path / "run.safetensors", MAKERS["REINFORCE"]("CartPole-v1")).records == list(
        learned.history
    )


def test_a_failed_write_leaves_the_old_checkpoint(tmp_path, monkeypatch):
    learner = MAKERS["A2C"]("CartPole-v1")
    path = save_checkpoint(learner, tmp_path / "run.safetensors")
    before = path.read_bytes()
    learner.step()

    def full_disk(*_):
        raise OSError("no space left")

    monkeypatch.setattr("agentos_lab.atomic_file.os.replace", full_disk)
    with pytest.raises(OSError, match="no space"):
        save_checkpoint(learner, path)
    assert path.read_bytes() == before and [file.name for file in tmp_path.iterdir()] == ["run.safetensors"]


def test_what_does_not_fit_is_refused(tmp_path):
    path = save_checkpoint(MAKERS["A2C"]("CartPole-v1"), tmp_path / "run.safetensors")
    with pytest.raises(ValueError, match="is of the algorithm 'A2C', and the learner of 'PPO'"):
        load_checkpoint(path, MAKERS["PPO"]("CartPole-v1"))
    with pytest.raises(ValueError, match="is of the task 'CartPole-v1', and the learner of 'Acrobot-v1'"):
        load_checkpoint(path, MAKERS["A2C"]("Acrobot-v1"))
    wide = ActorCritic("CartPole-v1", ActorCriticSettings(environments=3, hidden=(9,)))
    with pytest.raises(ValueError, match=r"policy.network.0.weight has shape \(9, 4\), the file has shape \(8, 4\)"):
        load_checkpoint(path, wide)
    with pytest.raises(FileNotFoundError, match="there is no file"):
        load_checkpoint(tmp_path / "none.safetensors", wide)


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-7], lambda data: data[:-8] + b"\xff" * 8, lambda data: b"", lambda data: b"x" * 99]
)
def test_a_damaged_file_is_refused(tmp_path, damage):
    path = save_checkpoint(MAKERS["A2C"]("CartPole-v1"), tmp_path / "run.safetensors")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ValueError, match=r"cut off|damaged"):
        load_checkpoint(path, MAKERS["A2C"]("CartPole-v1"))


def test_a_foreign_file_is_refused(tmp_path):
    save_file({"x": torch.zeros(1)}, tmp_path / "other.safetensors")
    with pytest.raises(ValueError, match="not one of ours"):
        load_checkpoint(tmp_path / "other.safetensors", MAKERS["A2C"]("CartPole-v1"))
    path = save_parameters(torch.nn.Linear(1, 1), tmp_path / "p.safetensors")
    with pytest.raises(ValueError, match="of another kind"):
        load_checkpoint(path, MAKERS["A2C"]("CartPole-v1"))


def test_parameters_go_into_a_new_module_of_the_same_shape(tmp_path):
    policy = CategoricalPolicy(4, 2, (8,), torch.Generator().manual_seed(3))
    path = save_parameters(policy, tmp_path / "policy.safetensors")
    again = load_parameters(CategoricalPolicy(4, 2, (8,)), path)
    obs = torch.ones(1, 4)
    assert torch.equal(again(obs).logits, policy(obs).logits)
    with pytest.raises(ValueError, match="does not fit"):
        load_parameters(ValueFunction(4, (8,)), path)
