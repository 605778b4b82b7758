"""Whatever the neighbours of a sequence do, not one of its bits changes."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from served_sequences import PROMPT, decode, same_bits
from small_models import every_family, loud

from agentos_lab.lm.sampling import Sampling
from agentos_lab.lm.serving import ContinuousBatch


@every_family
@given(data=st.data())
@settings(max_examples=10)
def test_neighbours_that_come_step_and_leave_at_any_time_change_no_bit(config, data):
    model = loud(config)
    quiet = ContinuousBatch(model, slots=4, capacity=24, chunk=8)
    tokens, logits = decode(quiet, quiet.admit(PROMPT, max_new_tokens=8, sampling=Sampling(), seed=1))
    batch = ContinuousBatch(model, slots=4, capacity=24, chunk=8)
    ours = batch.admit(PROMPT, max_new_tokens=8, sampling=Sampling(), seed=1)
    seen = []
    while batch.finish_reason(ours) is None:
        others = [each for each in batch.sequences if each != ours]
        action = data.draw(st.sampled_from(["step alone", "step together", "admit", "release", "move"]))
        if action == "admit" and batch.free_slots:
            prompt = data.draw(st.lists(st.integers(0, 30), min_size=1, max_size=20))
            batch.admit(prompt, max_new_tokens=9, sampling=Sampling(), seed=7)
        elif action == "release" and others:
            batch.release(data.draw(st.sampled_from(others)))
        elif action == "move" and batch.free_slots:
            moved = batch.restore(batch.snapshot(ours), slot=data.draw(st.sampled_from(batch.free_slots)))
            batch.release(ours)
            ours = moved
        elif action in ("step alone", "step together"):
            going = [each for each in others if batch.finish_reason(each) is None] if action == "step together" else []
            seen.append(batch.step([*going, ours])[ours].logits.clone())
    assert list(batch.generated(ours)) == tokens
    assert same_bits(seen, logits)
