"""Settings: what makes no sense is refused by name, and what is sound survives a way through JSON."""

import json

import numpy as np
import pytest

from agentos_lab.rl.actor_critic import ActorCriticSettings
from agentos_lab.rl.policy_gradient import ReinforceSettings
from agentos_lab.rl.ppo import PPOSettings
from agentos_lab.rl.settings import Settings

EVERY = (Settings, ReinforceSettings, ActorCriticSettings, PPOSettings)


@pytest.mark.parametrize(
    ("kind", "fields", "message"),
    [
        (Settings, {"total_steps": 0}, "total_steps must be a positive whole number, got 0"),
        (Settings, {"total_steps": 1e5}, r"total_steps must be a positive whole number, got 100000.0"),
        (Settings, {"lr": float("nan")}, "lr must be positive, got nan"),
        (Settings, {"lr": "1e-3"}, "lr must be positive, got '1e-3'"),
        (Settings, {"seed": -1}, "seed must be a whole number from 0 on, got -1"),
        (Settings, {"seed": None}, "seed must be a whole number from 0 on, got None"),
        (PPOSettings, {"gamma": 1.5}, "gamma must lie between 0 and 1, got 1.5"),
        (PPOSettings, {"gamma": None}, "gamma must lie between 0 and 1, got None"),
        (PPOSettings, {"lam": -0.1}, "lam must lie between 0 and 1, got -0.1"),
        (PPOSettings, {"lam": np.array([0.9, 0.95])}, "lam must lie between 0 and 1, got array"),
        (PPOSettings, {"clip": 0}, "clip must be positive, got 0"),
        (PPOSettings, {"max_kl": -1}, "max_kl must be positive, got -1"),
        (PPOSettings, {"epochs": 0}, "epochs must be a positive whole number, got 0"),
        (
            PPOSettings,
            {"environments": 1, "rollout": 4, "minibatches": 5},
            "4 steps an update cannot be divided into 5",
        ),
        (ActorCriticSettings, {"environments": 0}, "environments must be a positive whole number, got 0"),
        (ActorCriticSettings, {"hidden": (64, 0)}, r"hidden holds the widths of layers, .* got \(64, 0\)"),
        (ActorCriticSettings, {"hidden": 64}, r"hidden holds the widths of layers, .* got 64"),
        (ActorCriticSettings, {"normalize": "no"}, "normalize must be True or False, got 'no'"),
        (ActorCriticSettings, {"entropy": -1.0}, "entropy must not be negative, got -1.0"),
        (ReinforceSettings, {"value_epochs": 0}, "value_epochs must be a positive whole number, got 0"),
        (ReinforceSettings, {"max_grad_norm": 0}, "max_grad_norm must be positive, got 0"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(kind, fields, message):
    with pytest.raises(ValueError, match=message):
        kind(**fields)


@pytest.mark.parametrize("kind", EVERY)
def test_settings_survive_json(kind):
    settings = kind(total_steps=7, seed=3)
    assert kind.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings
    assert settings.replace(seed=4).seed == 4


def test_numbers_of_numpy_and_lists_are_as_good_as_any():
    settings = PPOSettings(total_steps=np.int64(7), lr=np.float32(0.5), hidden=[8, 8])
    assert settings == PPOSettings(total_steps=7, lr=0.5, hidden=(8, 8))
    assert PPOSettings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings


@pytest.mark.parametrize("kind", EVERY)
def test_an_unknown_setting_is_named_with_the_known_ones(kind):
    with pytest.raises(TypeError, match=r"unknown setting learning_rate; .* knows total_steps, seed, lr"):
        kind.of(learning_rate=1.0)


@pytest.mark.parametrize("kind", EVERY)
def test_every_field_is_explained(kind):
    explained = "".join(parent.__doc__ for parent in kind.__mro__ if parent.__doc__)
    assert [name for name in kind().to_dict() if f"{name}:" not in explained] == []
