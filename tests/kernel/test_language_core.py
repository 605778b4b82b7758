"""The scripted core: a model whose every word is known, for schedules and tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel import ScriptedCore


def written(core, sequence) -> dict:
    while not core.step([sequence])[sequence]:
        pass
    return core.reply(sequence)


def test_it_says_what_its_script_says_a_word_a_step():
    core = ScriptedCore({"Who?": "A small model."}, slots=1)
    found = written(core, core.prefill("Who?", seed=0))
    assert (found["text"], found["finish_reason"], core.steps) == ("A small model.", "stop", 3)
    assert len(found["tokens"]) == len(found["logprobs"]) == 3


def test_a_script_may_be_a_function_and_a_limit_cuts_it():
    core = ScriptedCore(lambda prompt, seed: f"{prompt} and {seed}", slots=1)
    found = written(core, core.prefill("x", seed=7, max_new_tokens=2))
    assert (found["text"], found["finish_reason"]) == ("x and", "length")


@given(st.text(), st.integers(0, 9), st.integers(1, 9), st.integers(0, 9))
def test_made_up_words_depend_on_prompt_and_seed_alone_and_survive_a_switch(prompt, seed, length, after):
    core = ScriptedCore(slots=1)
    sequence = core.prefill(prompt, seed=seed, max_new_tokens=length)
    calm = written(core, sequence)
    core.release(sequence)
    sequence = core.prefill(prompt, seed=seed, max_new_tokens=length)
    for _ in range(min(after, length - 1)):
        core.step([sequence])
    snapshot = core.snapshot(sequence)
    core.release(sequence)
    assert written(core, core.restore(snapshot)) == calm and len(calm["tokens"]) == length


def test_what_it_cannot_do_it_says():
    core = ScriptedCore({"a": "b"}, slots=1)
    with pytest.raises(ValueError, match="no reply to 'x'; it knows 'a'"):
        core.prefill("x", seed=0)
    core.prefill("a", seed=0)
    with pytest.raises(ValueError, match="all 1 slots are taken"):
        core.prefill("a", seed=0)
    with pytest.raises(ValueError, match="at least one slot"):
        ScriptedCore(slots=0)
