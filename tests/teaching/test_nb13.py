"""The checks of notebook 13: the right answer passes, a typical wrong one is told what is wrong with it."""

import math

import pytest
import torch

from agentos_lab.teaching import check


def length(gradients):
    return math.sqrt(sum(float((gradient**2).sum()) for gradient in gradients))


def good_clip(gradients, longest=1.0):
    factor = longest / max(length(gradients), longest)
    return [gradient * factor for gradient in gradients]


def good_stop(losses, patience):
    best, waited = 0, 0
    for index in range(1, len(losses)):
        if losses[index] < losses[best]:
            best, waited = index, 0
        else:
            waited += 1
            if waited == patience:
                return best
    return best


def test_a_blind_model_pays_the_logarithm_of_its_choices():
    assert check("13.blind_loss", math.log(256))
    assert "in **bits**" in check("13.blind_loss", 8).message
    assert "log₁₀" in check("13.blind_loss", math.log10(256)).message
    assert "perplexity" in check("13.blind_loss", 256).message


def test_answers_are_one_ahead_of_the_questions():
    assert check("13.questions", lambda w: (w[:, :-1], w[:, 1:]))
    assert "just read" in check("13.questions", lambda w: (w[:, :-1], w[:, :-1])).message
    assert "**before**" in check("13.questions", lambda w: (w[:, 1:], w[:, :-1])).message
    assert "along the batch" in check("13.questions", lambda w: (w[:-1], w[1:])).message


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda g, longest=1.0: [x / max(float(x.norm()), longest) * longest for x in g], "by itself"),
        (lambda g, longest=1.0: [x * longest / (length(g) or 1.0) for x in g], "made **longer**"),
        (lambda g, longest=1.0: [x.clamp(-longest, longest) for x in g], "cut off by itself"),
        (lambda g, longest=1.0: [x * min(1.0, longest / (length(g) ** 2 or 1.0)) for x in g], "root is missing"),
    ],
)
def test_clipping_shortens_all_by_one_factor(answer, told):
    assert check("13.clip", good_clip)
    assert told in check("13.clip", answer).message


def test_clipping_zeros_needs_care():
    said = check("13.clip", lambda g, longest=1.0: [x * min(1.0, longest / length(g)) for x in g])
    assert not said and "ZeroDivisionError" in said.message
    assert torch.equal(good_clip([torch.zeros(2)])[0], torch.zeros(2))


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda losses, patience: losses.index(min(losses)), "never gives up"),
        (lambda losses, patience: min(len(losses) - 1, good_stop(losses, patience) + patience), "where it gives up"),
        (lambda losses, patience: good_stop(losses, patience + 1), "too long"),
    ],
)
def test_stopping_in_time_keeps_the_best_one_seen(answer, told):
    assert check("13.early_stop", good_stop)
    assert told in check("13.early_stop", answer).message


def test_the_next_token_is_not_the_next_number():
    assert "You add 1" in check("13.questions", lambda w: (w[:, :-1], w[:, :-1] + 1)).message


def test_each_number_cut_off_is_told_from_each_tensor_shortened():
    cut = check("13.clip", lambda gradients, longest=1.0: [g.clamp(-longest, longest) for g in gradients])
    assert "Each number is cut off" in cut.message


def test_patience_counts_anew_and_a_tie_is_not_better():
    def never_forgets(losses, patience):
        best = worse = 0
        for index, loss in enumerate(losses[1:], 1):
            if loss < losses[best]:
                best = index
            else:
                worse += 1
            if worse == patience:
                break
        return best

    assert "**in a row**" in check("13.early_stop", never_forgets).message

    def with_ties(losses, patience):
        best = 0
        for index, loss in enumerate(losses):
            if loss <= losses[best]:
                best = index
            elif index - best >= patience:
                break
        return best

    assert "`<`, not `<=`" in check("13.early_stop", with_ties).message
