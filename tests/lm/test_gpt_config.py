"""Configurations: published sizes, and refusals of what does not fit together."""

import pytest
from small_models import FAMILIES

from agentos_lab.lm import GPT, GPTConfig


@pytest.mark.parametrize(
    ("config", "published"),
    [
        (GPTConfig.gpt2("124M"), 124_439_808),
        (GPTConfig.gpt2("355M"), 354_823_168),
        (GPTConfig.gpt2("1558M"), 1_557_611_200),
        (GPTConfig.smollm2("135M"), 134_515_008),
        (GPTConfig.smollm2("360M"), 361_821_120),
    ],
)
def test_presets_have_the_published_number_of_parameters(config, published):
    assert GPT(config, device="meta").num_parameters() == published


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"width": 30}, "width 30 is not a multiple of 4 heads"),
        ({"kv_heads": 3}, "4 heads cannot share 3 kv_heads"),
        ({"layers": 0}, "layers must be a positive whole number, got 0"),
        ({"position": "rope"}, "position must be one of sinusoidal, learned, rotary, none; got 'rope'"),
        ({"dropout": 1.0}, "probability below 1"),
        ({"position": "rotary", "width": 4, "heads": 4}, "head width 1"),
        ({"position": "sinusoidal", "width": 33, "heads": 3}, "the width 33 must be even"),
        ({"kv_heads": 0}, "kv_heads must be a positive whole number, or None for the usual one; got 0"),
        ({"hidden": -1}, "hidden must be a positive whole number"),
        ({"norm_eps": -1.0}, "norm_eps not negative"),
        ({"rope_base": -1.0}, "rope_base must be positive"),
    ],
)
def test_impossible_configurations_say_what_does_not_fit(changes, message):
    with pytest.raises(ValueError, match=message):
        GPTConfig(31, **{"width": 32, **changes})


def test_a_configuration_survives_its_dictionary_and_refuses_strange_fields():
    config = FAMILIES["llama"]
    assert GPTConfig.from_dict(config.to_dict()) == config
    with pytest.raises(ValueError, match="no field colour"):
        GPTConfig.from_dict({**config.to_dict(), "colour": "blue"})
    with pytest.raises(ValueError, match="needs vocab_size"):
        GPTConfig.from_dict({"width": 32})


@pytest.mark.parametrize("preset", [GPTConfig.gpt2, GPTConfig.smollm2])
def test_an_unknown_size_is_refused_with_the_known_ones(preset):
    with pytest.raises(ValueError, match=r"comes as .*; got '7B'"):
        preset("7B")
