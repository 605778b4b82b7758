"""Positions: the formulas of the papers, and the laws that make them useful."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers.models.llama.modeling_llama import apply_rotary_pos_emb

from agentos_lab.lm.positional_encoding import angles, rotary_rotation, rotate, sinusoidal_encoding


def test_sinusoidal_encoding_follows_the_formula_of_the_paper_number_by_number():
    encoding = sinusoidal_encoding(torch.arange(50), 16)
    for position in (0, 1, 7, 49):
        for pair in range(8):
            angle = position / 10_000 ** (2 * pair / 16)
            assert encoding[position, 2 * pair].item() == pytest.approx(math.sin(angle), abs=1e-5)
            assert encoding[position, 2 * pair + 1].item() == pytest.approx(math.cos(angle), abs=1e-5)


def test_a_shift_of_positions_is_the_same_rotation_everywhere():
    # Vaswani et al. 2017, §3.5: PE(p + k) is a linear function of PE(p), the same for every p.
    encoding = sinusoidal_encoding(torch.arange(40), 8).double()
    shifted = torch.linalg.lstsq(encoding[:20], encoding[5:25]).solution
    torch.testing.assert_close(encoding[15:35] @ shifted, encoding[20:40], atol=1e-3, rtol=0)


def test_an_odd_width_is_refused_because_sine_and_cosine_come_in_pairs():
    with pytest.raises(ValueError, match="even, got 7"):
        sinusoidal_encoding(torch.arange(3), 7)


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 300), st.integers(0, 10_000))
def test_rotated_products_depend_on_the_distance_alone(i, j, shift, seed):
    generator = torch.Generator().manual_seed(seed)
    q, k = torch.randn(2, 1, 1, 1, 16, generator=generator)

    def product(at_q: int, at_k: int) -> torch.Tensor:
        turned_q = rotate(q, rotary_rotation(torch.tensor([at_q]), 16))
        turned_k = rotate(k, rotary_rotation(torch.tensor([at_k]), 16))
        return (turned_q * turned_k).sum()

    torch.testing.assert_close(product(i, j), product(i + shift, j + shift), atol=2e-3, rtol=0)


@given(st.integers(0, 8000), st.integers(0, 10_000))
def test_rotation_keeps_lengths(position, seed):
    x = torch.randn(1, 2, 1, 64, generator=torch.Generator().manual_seed(seed))
    turned = rotate(x, rotary_rotation(torch.tensor([position]), 64))
    torch.testing.assert_close(turned.norm(dim=-1), x.norm(dim=-1))


def test_interleaved_pairs_equal_transformers_halves_up_to_the_order_of_the_dimensions():
    x = torch.randn(2, 3, 5, 8, generator=torch.Generator().manual_seed(0))
    angle = angles(torch.arange(5), 4)
    cos, sin = (torch.cat((part, part), dim=-1)[None] for part in (angle.cos(), angle.sin()))
    halves = torch.cat((x[..., 0::2], x[..., 1::2]), dim=-1)
    expected, _ = apply_rotary_pos_emb(halves, halves, cos, sin)
    ours = rotate(x, rotary_rotation(torch.arange(5), 8))
    torch.testing.assert_close(torch.cat((ours[..., 0::2], ours[..., 1::2]), dim=-1), expected)


def test_rotation_keeps_the_dtype_of_its_input():
    assert (
        rotate(torch.ones(1, 1, 2, 4, dtype=torch.bfloat16), rotary_rotation(torch.arange(2), 4)).dtype
        == torch.bfloat16
    )


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sinusoidal_encoding(10, 16), r"a tensor of integers such as torch\.arange\(T\), got 10"),
        (lambda: rotary_rotation(torch.arange(4), 7), "head_width must be even, got 7"),
        (
            lambda: rotate(torch.ones(1, 1, 4, 8), rotary_rotation(torch.arange(4), 6)),
            "width 8 .* the rotation turns 6",
        ),
    ],
)
def test_what_does_not_fit_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
