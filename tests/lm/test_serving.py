"""Continuous batching: the same tokens and the same bits, whatever happens around a sequence."""

import pytest
import torch
from served_sequences import PROMPT, decode, same_bits
from small_models import FAMILIES, every_family, loud

from agentos_lab.lm.generation import generate
from agentos_lab.lm.gpt import GPTConfig
from agentos_lab.lm.language_model import LanguageModel
from agentos_lab.lm.sampling import Sampling
from agentos_lab.lm.serving import ContinuousBatch
from agentos_lab.lm.tokenizer import CharTokenizer


@every_family
def test_a_sequence_is_served_as_generate_writes_it(config):
    model = loud(config)
    batch = ContinuousBatch(model, slots=3, capacity=24, chunk=4)
    sampling = Sampling(temperature=0.8, top_p=0.9)
    sequence = batch.admit(PROMPT, max_new_tokens=13, sampling=sampling, seed=3)
    (expected,) = generate(model, [PROMPT], max_new_tokens=13, temperature=0.8, top_p=0.9, seed=3)
    assert decode(batch, sequence)[0] == list(expected)
    assert batch.generated(sequence).finish_reason == expected.finish_reason == "length"
    torch.testing.assert_close(torch.tensor(batch.generated(sequence).logprobs), torch.tensor(expected.logprobs))


@every_family
@pytest.mark.parametrize("slots", [1, 2, 5, 8])
def test_one_thread_gives_the_same_bits_in_every_slot(config, slots):
    model = loud(config)
    runs = []
    for slot in range(slots):
        batch = ContinuousBatch(model, slots=slots, capacity=20, chunk=8)
        runs.append(decode(batch, batch.admit(PROMPT, max_new_tokens=6, sampling=Sampling(), seed=1, slot=slot)))
    assert all(tokens == runs[0][0] and same_bits(logits, runs[0][1]) for tokens, logits in runs)
    assert ContinuousBatch(model, slots=slots, capacity=20).self_test().hold


def test_restoring_twice_forks_a_sequence():
    batch = ContinuousBatch(loud(FAMILIES["gpt2"]), slots=3, capacity=24, chunk=8)
    sequence = batch.admit(PROMPT, max_new_tokens=10, sampling=Sampling(), seed=2)
    batch.step()
    snapshot = batch.snapshot(sequence)
    forks = [batch.restore(snapshot), batch.restore(snapshot)]
    texts = [decode(batch, each)[0] for each in (sequence, *forks)]
    assert texts[0] == texts[1] == texts[2]
    assert snapshot.decoding.finish_reason is None  # and the snapshot is as it was


def test_text_added_later_is_read_as_if_it_had_been_there():
    model = loud(FAMILIES["llama"])
    batch = ContinuousBatch(model, slots=2, capacity=24, chunk=4)
    sequence = batch.admit(PROMPT[:5], max_new_tokens=3)
    said = decode(batch, sequence)[0]
    batch.extend(sequence, [20, 21, 22], max_new_tokens=6)
    (expected,) = generate(model, [[*PROMPT[:5], *said, 20, 21, 22]], max_new_tokens=6, temperature=0.0)
    assert decode(batch, sequence)[0] == list(expected)
    assert batch.tokens(sequence) == [*PROMPT[:5], *said, 20, 21, 22, *expected]


@pytest.mark.parametrize("length", range(1, 20))
def test_prompts_of_any_length_fit_their_chunks(length):
    model = loud(FAMILIES["gpt2"])
    batch = ContinuousBatch(model, slots=2, capacity=20, chunk=8)  # 20 is no multiple of 8
    prompt = [index % 31 for index in range(length)]
    sequence = batch.admit(prompt, max_new_tokens=30)
    (expected,) = generate(model, [prompt], max_new_tokens=20 - length, temperature=0.0)
    assert decode(batch, sequence)[0] == list(expected)
    assert batch.finish_reason(sequence) == "context"


def test_a_step_tells_what_it_brought():
    model = loud(FAMILIES["gpt2"])
    batch = ContinuousBatch(model, slots=2, capacity=24)
    (free,) = generate(model, [[1]], max_new_tokens=3, temperature=0.0)
    sequence = batch.admit([1], max_new_tokens=5, stop_tokens=[free[1]])
    first = batch.step()[sequence]
    assert (first.token, first.finish_reason) == (free[0], None) and first.logits.shape == (31,)
    assert first.logprob == pytest.approx(free.logprobs[0], abs=1e-5)
    second = batch.step()[sequence]
    assert (second.token, second.logprob, second.finish_reason) == (None, None, "stop")
    assert batch.step() == {}


def test_a_sequence_named_twice_takes_one_step():
    batch = ContinuousBatch(loud(FAMILIES["gpt2"]), slots=2, capacity=24)
    sequence = batch.admit([1], max_new_tokens=5)
    batch.step([sequence, sequence])
    assert len(batch.tokens(sequence)) == 2


@pytest.fixture
def threads():
    """Sets torch's number of threads, and puts it back afterwards."""
    before = torch.get_num_threads()
    yield torch.set_num_threads
    torch.set_num_threads(before)


def test_any_number_of_threads_gives_the_same_tokens(threads):
    model = loud(GPTConfig.llama(300, width=192, layers=2, heads=6, kv_heads=2, context=48))

    def texts(**settings) -> list[list[int]]:
        batch = ContinuousBatch(model, slots=4, capacity=48, chunk=16, **settings)
        for seed in range(4):
            batch.admit([5, 6, 7 + seed] * 3, max_new_tokens=12, sampling=Sampling(temperature=0.9), seed=seed)
        while batch.step():
            pass
        return [batch.tokens(sequence) for sequence in batch.sequences]

    expected = texts()
    threads(2)
    assert texts() == expected
    assert texts(one_thread=True) == expected
    assert ContinuousBatch(model, slots=4, capacity=48, one_thread=True).self_test().hold
    assert torch.get_num_threads() == 2


def test_a_self_test_prints_what_it_found():
    report = ContinuousBatch(loud(FAMILIES["gpt2"]), slots=3, capacity=20).self_test()
    assert "3 slots, 1 thread" in str(report) and report.largest_difference == 0.0


def test_batches_and_steps_print_without_their_numbers():
    batch = ContinuousBatch(loud(FAMILIES["gpt2"]), slots=2, capacity=20)
    sequence = batch.admit([1], max_new_tokens=2)
    assert repr(batch) == "ContinuousBatch(1 of 2 slots taken, 20 tokens each)"
    assert "logits" not in repr(batch.step()[sequence])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda batch: [batch.admit([1], max_new_tokens=2) for _ in range(3)], "slots are taken"),
        (lambda batch: [batch.admit([1], max_new_tokens=2, slot=1) for _ in range(2)], "not free"),
        (lambda batch: batch.admit([], max_new_tokens=2), "at least 1"),
        (lambda batch: batch.admit([1] * 20, max_new_tokens=2), "fewer than 20"),
        (lambda batch: batch.admit([99], max_new_tokens=2), "token ids"),
        (lambda batch: batch.extend(batch.admit([1], max_new_tokens=2), [1, -1], max_new_tokens=2), "token ids"),
        (lambda batch: batch.admit("text", max_new_tokens=2), "a sequence of token numbers"),
        (lambda batch: ContinuousBatch(LanguageModel(batch.model, CharTokenizer("ab"))), r"lm\.model"),
        (lambda batch: batch.step([7]), "no sequence 7"),
        (lambda batch: batch.release(7), "no sequence 7"),
        (lambda batch: batch.generated(batch.admit([1], max_new_tokens=2)), "not finished"),
        (lambda batch: (batch.admit([1], max_new_tokens=1), batch.step(), batch.step([0])), "finished"),
        (lambda batch: (batch.admit([1], max_new_tokens=1), batch.self_test()), "empty batch"),
    ],
)
def test_calls_that_make_no_sense_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(ContinuousBatch(loud(FAMILIES["gpt2"]), slots=2, capacity=20))


def test_snapshots_of_another_model_or_type_are_refused():
    batch = ContinuousBatch(loud(FAMILIES["gpt2"]), slots=2, capacity=20)
    snapshot = batch.snapshot(batch.admit(PROMPT, max_new_tokens=2))
    with pytest.raises(ValueError, match="does not fit"):
        ContinuousBatch(loud(FAMILIES["llama"]), slots=2, capacity=20).restore(snapshot)
    with pytest.raises(ValueError, match="float32"):
        ContinuousBatch(loud(FAMILIES["gpt2"]).bfloat16(), slots=2, capacity=20).restore(snapshot)
    with pytest.raises(ValueError, match="fewer than 8"):
        ContinuousBatch(loud(FAMILIES["gpt2"]), slots=2, capacity=8).restore(snapshot)


def test_a_masked_model_is_not_served():
    with pytest.raises(ValueError, match="masked"):
        ContinuousBatch(loud(GPTConfig.bert(31, width=32, heads=4, layers=1, context=24)))
