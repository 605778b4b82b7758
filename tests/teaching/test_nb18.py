"""The checks of notebook 18: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

from math import exp, log

import pytest
import torch

from agentos_lab.teaching import check


def rms_norm(x, g):
    return x * torch.rsqrt(x.square().mean(-1, keepdim=True) + 1e-5) * g


def rms_norm_of_sums(x, g):
    return x / (x.pow(2).sum(dim=-1, keepdim=True) + 1e-5).sqrt() * g


def layer_norm(x, g):
    return (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True, correction=0) + 1e-5).sqrt() * g


def posterior(scores, prior):
    joint = {tool: scores[tool] + log(prior[tool]) for tool in scores}
    best = max(joint.values())
    total = sum(exp(value - best) for value in joint.values())
    return {tool: exp(value - best) / total for tool, value in joint.items()}


def posterior_that_underflows(scores, prior):
    joint = {tool: exp(scores[tool]) * prior[tool] for tool in scores}
    return {tool: value / sum(joint.values()) for tool, value in joint.items()}


def posterior_without_prior(scores, prior):
    return posterior(scores, dict.fromkeys(prior, 0.5))


def guarded(joint):
    total = sum(joint.values()) or 1.0
    return {tool: value / total for tool, value in joint.items()}


def posterior_not_normalised(scores, prior):
    return {tool: exp(scores[tool]) * prior[tool] for tool in scores}


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("key_parameters", 110_592),
        ("clock", r"([01]\d|2[0-3]):[0-5]\d"),
        ("clock", r"(0\d|1\d|20|21|22|23):[0-5][0-9]"),
        ("rms_norm", rms_norm),
        ("posterior", posterior),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"18.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("key_parameters", 331_776, "W_Q"),
        ("key_parameters", 36_864, "one key head"),
        ("key_parameters", 221_184, "W_K and W_V"),
        ("clock", r"\d\d:\d\d", "lets this through"),
        ("clock", r"[0-2]\d:[0-5]\d", "lets this through"),
        ("clock", r"[01]\d:[0-5]\d", "does not let"),
        ("clock", r"([01]\d:[0-5]\d", "not a valid pattern"),
        ("rms_norm", rms_norm_of_sums, "not their mean"),
        ("rms_norm", layer_norm, "does not take the mean away"),
        ("rms_norm", lambda x, g: rms_norm(x, torch.ones_like(g)), "scales g are missing"),
        ("posterior", posterior_that_underflows, "by which you divide"),
        ("posterior", posterior_without_prior, "how frequent"),
        ("posterior", posterior_not_normalised, "add up to 1"),
        ("key_parameters", 110_593, "too large"),
        ("key_parameters", 192, "keys of one token"),
        ("clock", True, "in quotes"),
        ("clock", r"[01]\d|2[0-3]:[0-5]\d", "Without brackets"),
        ("clock", r"([01]\d|2[0-3]).[0-5]\d", "no time of the clock"),
        ("rms_norm", lambda x, g: x / x.pow(2).mean(-1, keepdim=True).sqrt() * g, "divided by zero"),
        ("rms_norm", lambda x, g: x / (x.pow(2).mean(-1, keepdim=True).sqrt() + 1e-5) * g, "under the root"),
        ("posterior", lambda scores, prior: guarded(posterior_not_normalised(scores, prior)), "largest score first"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"18.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
