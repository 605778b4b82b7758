"""The checks of notebook 12: the right answer passes, a typical wrong one is told what is wrong with it."""

import pytest

from agentos_lab.teaching import check


@pytest.mark.parametrize(("answer", "told"), [(1.34, "**below** the mean"), (-13.4, "ten times too"), (-1.16, "three")])
def test_the_first_number_of_a_normalised_token(answer, told):
    assert check("12.first_number", -1.34)
    assert check("12.first_number", -1.3416)
    assert told in check("12.first_number", answer).message


def test_rms_norm():
    assert check("12.rms_norm", lambda x: x / (x.pow(2).mean(dim=-1, keepdim=True) + 1e-5).sqrt())
    assert (
        "no mean away"
        in check(
            "12.rms_norm", lambda x: (x - x.mean(-1, keepdim=True)) / x.std(-1, keepdim=True, correction=0)
        ).message
    )
    assert "**sum**" in check("12.rms_norm", lambda x: x / x.norm(dim=-1, keepdim=True)).message
    assert "**token**" in check("12.rms_norm", lambda x: x / x.pow(2).mean().sqrt()).message


def test_pre_norm_order():
    def right(x, attend, think, norm1, norm2):
        x = x + attend(norm1(x))
        return x + think(norm2(x))

    def post(x, attend, think, norm1, norm2):
        x = norm1(x + attend(x))
        return norm2(x + think(x))

    def stale(x, attend, think, norm1, norm2):
        return x + attend(norm1(x)) + think(norm2(x))

    assert check("12.pre_norm", right)
    assert "still post-norm" in check("12.pre_norm", post).message
    assert "before** attention wrote" in check("12.pre_norm", stale).message


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda d: 12 * d * d, "large products"),
        (lambda d: 12 * d * d + 9 * d, "layer norms"),
        (lambda d: 12 * d * d + 4 * d, "constants"),
    ],
)
def test_the_parameters_of_a_block(answer, told):
    assert check("12.block_parameters", lambda d: 12 * d * d + 13 * d)
    assert told in check("12.block_parameters", answer).message


def test_rms_norm_minds_a_token_of_zeros():
    assert "divided by zero" in check("12.rms_norm", lambda x: x / x.pow(2).mean(-1, keepdim=True).sqrt()).message
    outside = check("12.rms_norm", lambda x: x / (x.pow(2).mean(-1, keepdim=True).sqrt() + 1e-5))
    assert "under the root" in outside.message


def test_the_parts_of_a_block_keep_their_places():
    exchanged = check(
        "12.pre_norm", lambda x, attend, think, norm1, norm2: (y := x + attend(norm2(x))) + think(norm1(y))
    )
    assert "are exchanged" in exchanged.message and "attend, think, norm1, norm2" in exchanged.problem.case
    lost = check("12.pre_norm", lambda x, attend, think, norm1, norm2: think(norm2(attend(norm1(x)))))
    assert "**added** to it" in lost.message
