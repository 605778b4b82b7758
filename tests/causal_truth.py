"""Whether an estimand and its derivation are right in a model whose truth is known."""

from __future__ import annotations

import numpy as np

from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.evaluation import evaluate
from agentos_lab.causal.expression import Variable
from agentos_lab.causal.identification_result import Identified
from agentos_lab.causal.query import Query


def query_of(case: dict) -> Query:
    parts = (case[kind] for kind in ("outcomes", "treatments", "conditions"))
    return Query(*(tuple(Variable(name) for name in part) for part in parts))


def assert_true_in_a_random_model(answer: Identified, cards: int, seed: int) -> None:
    model = DiscreteModel.random(answer.graph, cards, seed=seed)
    estimate = answer.estimand.evaluate(model.joint())
    axes = tuple(estimate.index.names)
    truth = np.broadcast_to(model.probability(answer.query.term).expanded(axes), [cards] * len(axes))
    np.testing.assert_allclose(estimate.to_numpy(), truth.ravel(), rtol=0, atol=1e-10)
    for step in answer.derivation:
        before, after = evaluate(step.before, model), evaluate(step.after, model)
        names = tuple(dict.fromkeys(before.axes + after.axes))
        difference = before.expanded(names) - after.expanded(names)
        assert np.max(np.abs(difference)) < 1e-10, step
