"""The checks of notebook 17: the right answer passes, a typical wrong one is told what is wrong with it."""

import torch

from agentos_lab.teaching import check


def test_a_word_before_the_change_restores_nothing():
    assert check("17.when_row", 0)
    assert "decides the answer" in check("17.when_row", 1).message


def test_the_head_that_looks_at_the_earlier_copy_of_its_token(smollm2):
    random = torch.randint(1000, 20_000, (1, 25), generator=torch.Generator().manual_seed(0))
    trace = smollm2.model.record(torch.cat((random, random), dim=1), names=["blocks.*.attention.weights"])
    weights, t = trace.stack("attention.weights")[:, 0], torch.arange(25, 50)

    def leader(back):
        return divmod(int(weights[:, :, t, t - back].mean(dim=-1).argmax()), 9)

    assert check("17.same_token_head", leader(25))
    assert "induction head" in check("17.same_token_head", leader(24)).message
    assert "just before" in check("17.same_token_head", leader(1)).message
    assert "Another head leads" in check("17.same_token_head", (14, 4)).message


def test_a_probe_that_doubles_one_head_of_one_layer():
    def right(name, layer, tensor):
        if (name, layer) == ("attention.heads", 5):
            tensor = tensor.clone()
            tensor[:, 2] *= 2
            return tensor

    def every_layer(name, layer, tensor):
        return right(name, 5, tensor)

    def every_head(name, layer, tensor):
        return tensor * 2 if (name, layer) == ("attention.heads", 5) else None

    def in_place(name, layer, tensor):
        if (name, layer) == ("attention.heads", 5):
            tensor[:, 2] *= 2
        return tensor

    assert check("17.double_head", right)
    assert "every layer" in check("17.double_head", every_layer).message
    assert "all heads" in check("17.double_head", every_head).message
    assert "Work on a copy" in check("17.double_head", in_place).message


def test_the_induction_score():
    def score(weights, period, after=1):
        t = torch.arange(period, weights.shape[1])
        return weights[:, t, t - period + after].mean(dim=-1)

    assert check("17.induction_score", score)
    assert "**one after** it" in check("17.induction_score", lambda w, p: score(w, p, after=0)).message
    assert "one number for each head" in check("17.induction_score", lambda w, p: score(w, p).mean()).message


def test_a_head_is_a_pair_with_the_layer_first():
    assert "The layer comes first" in check("17.same_token_head", (3, 14)).message
    assert "A list with 2 entries" in check("17.same_token_head", 14.3).message


def test_a_probe_that_returns_nothing_or_counts_heads_from_one():
    def forgets(name, layer, tensor):
        tensor = tensor.clone()
        tensor[:, 2] *= 2

    def head_before(name, layer, tensor):
        if (name, layer) == ("attention.heads", 5):
            return tensor * torch.tensor([1.0, 2.0, 1.0, 1.0])[:, None, None]

    assert "Is the changed tensor returned" in check("17.double_head", forgets).message
    assert "heads count from 0" in check("17.double_head", head_before).message
