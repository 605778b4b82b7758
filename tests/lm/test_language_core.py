"""The language core of the kernel: what it writes is what the model writes, whatever happens in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_models import loud

from agentos_lab.lm.generation import generate
from agentos_lab.lm.gpt import GPTConfig
from agentos_lab.lm.language_model import LanguageModel
from agentos_lab.lm.tokenizer import CharTokenizer

ALPHABET = 'abcdefghijklmnopqrstuvwxyz .,!?<&"{}:0123456789'
LONG = "a common beginning of all the agents of this house: "


@pytest.fixture(scope="module")
def lm() -> LanguageModel:
    tokenizer = CharTokenizer(ALPHABET)
    config = GPTConfig.llama(vocab_size=tokenizer.vocab_size, context=128, layers=2, heads=2, width=32)
    return LanguageModel(loud(config), tokenizer, "small")


def written(core, *sequences: int) -> list[dict]:
    """Decode to the end, side by side; the replies."""
    going = list(sequences)
    while going:
        ended = core.step(going)
        going = [each for each in going if not ended[each]]
    return [core.reply(each) for each in sequences]


def alone(lm, prompt, seed=0, **settings) -> dict:
    core = lm.core(slots=2, capacity=128, chunk=8)
    return written(core, core.prefill(prompt, seed=seed, **settings))[0]


SETTINGS = [
    {},
    {"temperature": 0.9},
    {"temperature": 1.2, "top_k": 5},
    {"temperature": 1.0, "top_p": 0.7},
    {"temperature": 0.7, "top_k": 9, "top_p": 0.9},
]


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
def test_it_writes_what_generate_writes_token_for_token(lm, settings):
    found = alone(lm, "the cat ", seed=5, max_new_tokens=14, **settings)
    options = {"temperature": 0.0, **settings}
    (expected,) = generate(lm.model, [lm.tokenizer.encode("the cat ")], max_new_tokens=14, seed=5, **options)
    assert found["tokens"] == list(expected)
    assert found["text"] == lm.tokenizer.decode(list(expected))
    assert found["logprobs"] == pytest.approx(expected.logprobs, abs=1e-4)
    assert found["finish_reason"] == "length"


@given(st.integers(0, 70), st.text(alphabet=ALPHABET, min_size=1, max_size=12), st.sampled_from([4, 8, 32]))
def test_a_shared_beginning_gives_the_same_bits_as_one_that_is_read_alone(lm, shared, end, chunk):
    prompt = (LONG * 2)[:shared] + end
    core = lm.core(slots=3, capacity=128, chunk=chunk)
    first = core.prefill((LONG * 2)[:shared] + "x", seed=0, max_new_tokens=4)
    before = core.shared_tokens
    second = core.prefill(prompt, seed=1, max_new_tokens=6, temperature=1.0)
    alone_core = lm.core(slots=3, capacity=128, chunk=chunk)
    other = alone_core.prefill(
        (LONG * 2)[:shared][::-1] + "x", seed=0, max_new_tokens=4
    )  # so that the slot is the same
    same = alone_core.prefill(prompt, seed=1, max_new_tokens=6, temperature=1.0)
    assert written(core, first, second)[1] == written(alone_core, other, same)[1]
    assert core.shared_tokens - before <= shared and (core.shared_tokens - before) % core.batch.chunk == 0
    if shared >= chunk + 1:
        assert core.shared_tokens > before


def test_beginnings_are_forgotten_when_there_is_no_room(lm):
    core = lm.core(slots=1, capacity=128, chunk=8, shared_bytes=0)
    for _ in range(2):
        core.release(core.prefill(LONG, seed=0))
    assert core.shared_tokens == 0 and core.prompt_tokens == 2 * len(LONG)


@pytest.mark.parametrize("way", ["memory", "disk"])
@pytest.mark.parametrize("after", [0, 1, 7])
@pytest.mark.parametrize("settings", [*SETTINGS, {"stop": ["e"]}, {"constraint": {"pattern": "[ab]{9}"}}], ids=str)
def test_a_text_that_was_out_goes_on_as_if_it_had_never_left(lm, tmp_path, settings, after, way):
    calm = alone(lm, "the cat ", seed=3, max_new_tokens=10, **settings)
    core = lm.core(slots=2, capacity=128, chunk=8)
    sequence, ended = core.prefill("the cat ", seed=3, max_new_tokens=10, **settings), False
    for _ in range(after):
        ended = ended or core.step([sequence])[sequence]
    if ended:  # a stop text has come before
        assert core.reply(sequence) == calm
        return
    snapshot = core.snapshot(sequence)
    core.release(sequence)
    written(core, *(core.prefill(f"another {k}", seed=k, max_new_tokens=3, stop=["z"]) for k in range(2)))
    if way == "disk":
        snapshot = core.load(core.save(snapshot, tmp_path / "text.safetensors"), **settings)
    other = lm.core(slots=2, capacity=128, chunk=8)
    found = written(other, other.restore(snapshot))[0]
    assert {**found, "logprobs": None} == {**calm, "logprobs": None}
    assert found["logprobs"] == pytest.approx(calm["logprobs"], abs=1e-6)


def test_a_snapshot_restored_twice_makes_two_texts(lm):
    core = lm.core(slots=3, capacity=128)
    sequence = core.prefill("the cat ", seed=1, temperature=1.0, max_new_tokens=8)
    core.step([sequence])
    snapshot = core.snapshot(sequence)
    first, second, third = written(core, sequence, core.restore(snapshot), core.restore(snapshot))
    assert first["tokens"] == second["tokens"] == third["tokens"]


@pytest.mark.parametrize(
    ("constraint", "allowed"),
    [
        ({"choices": ["yes", "no"]}, {"yes", "no"}),
        ({"pattern": "[ab]{3}"}, {x + y + z for x in "ab" for y in "ab" for z in "ab"}),
        ({"schema": {"enum": ["x", 1]}}, {'"x"', "1"}),
    ],
)
def test_each_kind_of_constraint_holds(lm, constraint, allowed):
    for seed in range(4):
        found = alone(lm, "say ", seed=seed, temperature=1.5, constraint=constraint)
        assert found["text"] in allowed


def test_a_stop_text_ends_the_text_and_is_not_in_it(lm):
    free = alone(lm, "the cat ", max_new_tokens=20)["text"]
    stop = free[5:7]
    found = alone(lm, "the cat ", max_new_tokens=20, stop=[stop])
    assert found["text"] == free[: free.index(stop)] and found["finish_reason"] == "stop"


@pytest.mark.parametrize(
    ("prompt", "settings", "message"),
    [
        ("", {}, "empty"),
        ("x" * 500, {}, "fewer than 64"),
        ("x", {"temperature": -1.0}, "temperature"),
        ("x", {"top_k": 0}, "top_k"),
        ("x", {"top_p": 2.0}, "top_p"),
        ("x", {"stop": [""]}, "stop"),
        ("x", {"constraint": {"grammar": "x"}}, "choices, schema, pattern"),
        ("x", {"constraint": {"choices": ["a"], "pattern": "b"}}, "choices, schema, pattern"),
    ],
)
def test_what_cannot_be_read_is_refused_and_takes_no_slot(lm, prompt, settings, message):
    core = lm.core(slots=1, capacity=64)
    with pytest.raises(ValueError, match=message):
        core.prefill(prompt, seed=0, **settings)
    assert written(core, core.prefill("fine", seed=0, max_new_tokens=2))[0]["finish_reason"] == "length"


def test_messages_of_a_chat_are_read_as_the_tokenizer_renders_them(lm):
    class Chatting(CharTokenizer):
        def render_chat(self, messages):
            return self.encode("".join(f"{each['role']}: {each['content']}. " for each in messages))

    chatting = LanguageModel(lm.model, Chatting(ALPHABET), "chatting")
    messages = [{"role": "user", "content": "hello"}]
    assert alone(chatting, messages, max_new_tokens=5) == alone(lm, "user: hello. ", max_new_tokens=5)
    with pytest.raises(ValueError, match="not trained to chat"):
        alone(lm, messages)


def test_a_full_core_says_so_and_release_frees_a_slot(lm):
    core = lm.core(slots=2, capacity=64)
    first = core.prefill("one", seed=0)
    core.prefill("two", seed=0)
    with pytest.raises(ValueError, match="all 2 slots"):
        core.prefill("three", seed=0)
    core.release(first)
    assert core.prefill("three", seed=0) != first
    with pytest.raises(ValueError, match="no sequence"):
        core.step([first])


def test_the_reply_grows_with_each_step(lm):
    core = lm.core(slots=1, capacity=64)
    sequence = core.prefill("the cat ", seed=0, max_new_tokens=3)
    lengths = []
    for _ in range(3):
        lengths.append((len(core.reply(sequence)["tokens"]), core.reply(sequence)["finish_reason"]))
        core.step([sequence])
    assert lengths == [(0, None), (1, None), (2, None)] and core.reply(sequence)["finish_reason"] == "length"


def test_a_text_that_fills_the_context_ends_with_it(lm):
    assert alone(lm, "x" * 120, max_new_tokens=100)["finish_reason"] == "context"
