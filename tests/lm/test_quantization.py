"""Eight-bit weights: the error is no more than half a step, and the product is that of the rounded weights."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.quantization import Int8Linear, dequantize_rows, quantize_rows


@given(seed=st.integers(0, 2**31), rows=st.integers(1, 20), columns=st.integers(1, 70))
def test_no_weight_is_off_by_more_than_half_a_step_of_its_row(seed, rows, columns):
    weight = torch.randn(rows, columns, generator=torch.Generator().manual_seed(seed)).exp()
    numbers, scales = quantize_rows(weight)
    assert numbers.dtype == torch.int8 and numbers.abs().max() <= 127
    error = (dequantize_rows(numbers, scales) - weight).abs()
    assert (error <= 0.5001 * scales[:, None]).all()
    torch.testing.assert_close(scales, weight.abs().amax(1) / 127)


def test_zeros_stay_zeros():
    numbers, scales = quantize_rows(torch.zeros(3, 5))
    assert not dequantize_rows(numbers, scales).any()


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), -float("inf")])
def test_broken_weights_are_refused(bad):
    weight = torch.ones(3, 5)
    weight[1, 2] = bad
    with pytest.raises(ValueError, match="NaN"):
        quantize_rows(weight)


@pytest.mark.parametrize("rows", [1, 2, 16, 17, 40])
@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float32])
def test_the_product_is_that_of_the_rounded_weights(rows, dtype):
    generator = torch.Generator().manual_seed(rows)
    weight, bias = torch.randn(48, 64, generator=generator), torch.randn(48, generator=generator)
    x = torch.randn(2, rows // 2 + 1, 64, generator=generator).to(dtype)
    layer = Int8Linear(weight, bias, dtype=dtype)
    expected = x.double() @ dequantize_rows(*quantize_rows(weight)).double().T + bias.double()
    tolerance = 0.02 if dtype == torch.bfloat16 else 1e-5
    torch.testing.assert_close(layer(x).double(), expected, atol=tolerance * 8, rtol=tolerance)
