"""Linear layers: every way to the product gives torch's own."""

import pytest
import torch
import torch.nn.functional as F

from agentos_lab.lm.linear import Linear, PackedLinear, can_pack, linear

needs_packing = pytest.mark.skipif(
    not can_pack(torch.bfloat16, "cpu"), reason="this build of torch has no oneDNN to pack weights for"
)


@pytest.mark.parametrize("shape", [(1, 1, 512), (3, 512), (2, 5, 512), (512,)])
@pytest.mark.parametrize("has_bias", [True, False])
def test_a_large_product_without_gradients_equals_torchs(shape, has_bias):
    generator = torch.Generator().manual_seed(0)
    weight = torch.randn(600, 512, generator=generator)  # 1.2 MB
    bias = torch.randn(600, generator=generator) if has_bias else None
    x = torch.randn(shape, generator=generator)
    with torch.no_grad():
        torch.testing.assert_close(linear(x, weight, bias), F.linear(x, weight, bias), atol=2e-4, rtol=1e-5)


def test_gradients_flow_where_they_are_wanted():
    layer = Linear(512, 600)
    x = torch.randn(2, 512, requires_grad=True)
    layer(x).sum().backward()
    torch.testing.assert_close(x.grad, layer.weight.sum(0).expand(2, -1))
    assert layer.weight.grad is not None


@needs_packing
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("rows", [1, 4, 33])
def test_a_packed_product_equals_torchs(dtype, rows):
    generator = torch.Generator().manual_seed(0)
    weight, bias = torch.randn(96, 64, generator=generator).to(dtype), torch.randn(96, generator=generator).to(dtype)
    x = torch.randn(2, rows, 64, generator=generator).to(dtype)
    tolerance = 0.02 if dtype == torch.bfloat16 else 1e-5
    found = PackedLinear(weight, bias)(x)
    torch.testing.assert_close(found, F.linear(x, weight, bias), atol=10 * tolerance, rtol=tolerance)


@needs_packing
def test_a_packed_layer_has_nothing_to_train():
    layer = PackedLinear(torch.randn(8, 8), torch.randn(8))
    assert not any(parameter.requires_grad for parameter in layer.parameters())
