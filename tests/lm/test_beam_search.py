"""Beam search: against transformers' and against trying everything."""

from itertools import product

import pytest
import torch
from small_models import FAMILIES, loud
from transformers import LlamaConfig, LlamaForCausalLM

from agentos_lab.lm.beam_search import beam_search
from agentos_lab.lm.constraint import choices
from agentos_lab.lm.generation import generate, score
from agentos_lab.lm.gpt import GPT, GPTConfig
from agentos_lab.lm.hugging_face_weights import read_hugging_face
from agentos_lab.lm.tokenizer import CharTokenizer


@pytest.fixture(scope="module")
def llama_pair(tmp_path_factory):
    torch.manual_seed(3)
    shape = {"hidden_size": 16, "intermediate_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = LlamaConfig(vocab_size=13, num_key_value_heads=2, max_position_embeddings=64, **shape)
    config.initializer_range = 0.5
    theirs = LlamaForCausalLM(config).eval()
    folder = tmp_path_factory.mktemp("llama")
    theirs.save_pretrained(folder)
    return theirs, GPT.from_state(*read_hugging_face(folder))


@pytest.mark.parametrize("beams", [2, 4])
@pytest.mark.parametrize("length_penalty", [0.0, 1.0, 2.0, -1.0])
@pytest.mark.parametrize("eos", [None, 7])
def test_beams_and_scores_equal_those_of_transformers(llama_pair, beams, length_penalty, eos):
    theirs, ours = llama_pair
    prompt = torch.tensor([[1, 2, 3]])
    expected = theirs.generate(
        prompt, attention_mask=torch.ones_like(prompt), num_beams=beams, num_return_sequences=beams, max_new_tokens=6,
        do_sample=False, length_penalty=length_penalty, eos_token_id=eos, pad_token_id=0, bos_token_id=None,
        early_stopping="never", return_dict_in_generate=True, output_scores=True,
    )  # fmt: skip
    found = beam_search(
        ours,
        [1, 2, 3],
        max_new_tokens=6,
        beams=beams,
        length_penalty=length_penalty,
        stop_tokens=[] if eos is None else [eos],
    )
    texts = [tuple(row[3:]) for row in expected.sequences.tolist()]
    assert [beam.tokens for beam in found] == [text[: text.index(eos)] if eos in text else text for text in texts]
    scores = torch.tensor([beam.score for beam in found])
    torch.testing.assert_close(scores, expected.sequences_scores, atol=1e-4, rtol=0)


@pytest.mark.parametrize("seed", range(5))
def test_with_enough_beams_nothing_more_probable_exists(seed):
    model = loud(GPTConfig.llama(4, width=16, heads=2, layers=1, context=8), seed=seed)
    every = [list(each) for each in product(range(4), repeat=3)]
    best = max(score(model, [1], every), key=lambda logprobs: float(logprobs.sum()))
    found = beam_search(model, [1], max_new_tokens=3, beams=16, length_penalty=0.0)
    assert found[0].logprob == pytest.approx(float(best.sum()), abs=1e-5)
    assert [beam.score for beam in found] == sorted((beam.score for beam in found), reverse=True)


def test_one_beam_is_greedy():
    model = loud(FAMILIES["gpt2"])
    (greedy,) = generate(model, [[1, 2]], max_new_tokens=10, temperature=0.0)
    (beam,) = beam_search(model, [1, 2], max_new_tokens=10, beams=1)
    assert beam.tokens == greedy.tokens and beam.finish_reason == "length"


def test_beams_find_more_probable_texts_than_greedy_choice():
    gains = []
    for seed in range(8):
        model = loud(FAMILIES["gpt2"], seed=seed)
        (greedy,) = generate(model, [[1]], max_new_tokens=8, temperature=0.0)
        gains.append(beam_search(model, [1], max_new_tokens=8, beams=6)[0].logprob - sum(greedy.logprobs))
    assert max(gains) > 0.1 and sum(gains) > 0


def test_under_a_constraint_the_most_probable_valid_text_is_found():
    letters = CharTokenizer("abcdefghijklmnopqrstuvwxyz,.")
    model = loud(FAMILIES["llama"])
    options = ["ab", "ba", "cd", "dd", "xy"]
    constraint = choices(options, letters)
    found = beam_search(model, [1, 2], max_new_tokens=2, beams=8, length_penalty=0.0, constraint=constraint)
    scores = score(model, [1, 2], [letters.encode(option) for option in options])
    ranked = sorted(options, key=lambda option: -float(scores[options.index(option)].sum()))
    assert [letters.decode(beam.tokens) for beam in found] == ranked
    assert {beam.finish_reason for beam in found} == {"constraint"}


def test_a_full_context_ends_the_beams():
    found = beam_search(loud(FAMILIES["gpt2"]), [1] * 20, max_new_tokens=9, beams=2)
    assert {(len(beam.tokens), beam.finish_reason) for beam in found} == {(4, "context")}
    assert repr(found[0]).startswith("Beam(4 tokens, ln P -")


@pytest.mark.parametrize("wrong", [{"beams": 0}, {"max_new_tokens": 0}, {"prompt": []}, {"prompt": [1] * 24}])
def test_calls_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="at least 1"):
        beam_search(loud(FAMILIES["gpt2"]), **{"prompt": [1], "max_new_tokens": 3, "beams": 2, **wrong})
