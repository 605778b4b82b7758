"""AdamW against the formulas of its paper."""

import pytest
import torch
from torch import nn

from agentos_lab.lm.optimizer import adamw


def test_updates_are_those_of_the_papers_algorithm_2():
    generator = torch.Generator().manual_seed(0)
    matrix, scale = nn.Parameter(torch.randn(3, 2, generator=generator)), nn.Parameter(torch.ones(3))
    optimizer = adamw([matrix, scale], lr=0.1, weight_decay=0.2, betas=(0.8, 0.95))
    expected = {matrix: (matrix.detach().clone(), 0.2), scale: (scale.detach().clone(), 0.0)}
    moments = dict.fromkeys(expected, (0.0, 0.0))
    for t in range(1, 5):
        for parameter, (value, decay) in list(expected.items()):
            parameter.grad = torch.randn(parameter.shape, generator=generator)
            first, second = moments[parameter]
            first = 0.8 * first + 0.2 * parameter.grad
            second = 0.95 * second + 0.05 * parameter.grad**2
            moments[parameter] = first, second
            step = (first / (1 - 0.8**t)) / ((second / (1 - 0.95**t)).sqrt() + 1e-8)
            expected[parameter] = (value - 0.1 * (step + decay * value), decay)
        optimizer.step()
    for parameter, (value, _) in expected.items():
        torch.testing.assert_close(parameter.detach(), value)


@pytest.mark.parametrize("shapes", [[(2, 2)], [(3,)]])
def test_models_of_matrices_alone_or_vectors_alone_train(shapes):
    parameters = [nn.Parameter(torch.ones(shape)) for shape in shapes]
    for parameter in parameters:
        parameter.grad = torch.ones_like(parameter)
    adamw(parameters).step()
    assert all((parameter < 1).all() for parameter in parameters)
