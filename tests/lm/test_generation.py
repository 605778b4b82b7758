"""Generation: against transformers' generate, with and without cache, alone and in a batch."""

import pytest
import torch
from small_models import FAMILIES, every_family, loud, text
from transformers import GPT2Config, GPT2LMHeadModel

from agentos_lab.lm import GPTConfig, KVCache, LanguageModel
from agentos_lab.lm.constraint import choices, regex
from agentos_lab.lm.generation import generate, next_logits, score, stream
from agentos_lab.lm.gpt import GPT
from agentos_lab.lm.hugging_face_weights import read_hugging_face
from agentos_lab.lm.tokenizer import CharTokenizer

PROMPTS = [[1, 2, 3], [4], [5, 6, 7, 8, 9, 10, 11], [2, 2]]


@pytest.fixture(scope="module")
def gpt2_pair(tmp_path_factory):
    """A random GPT-2 of transformers, and the same in our class."""
    torch.manual_seed(0)
    theirs = GPT2LMHeadModel(
        GPT2Config(vocab_size=31, n_positions=48, n_embd=32, n_layer=2, n_head=4, initializer_range=0.3)
    )
    folder = tmp_path_factory.mktemp("gpt2")
    theirs.save_pretrained(folder)
    return theirs.eval(), GPT.from_state(*read_hugging_face(folder))


@pytest.mark.parametrize("prompt", PROMPTS)
def test_greedy_text_equals_that_of_transformers(gpt2_pair, prompt):
    theirs, ours = gpt2_pair
    ids = torch.tensor([prompt])
    expected = theirs.generate(
        ids, attention_mask=torch.ones_like(ids), max_new_tokens=20, do_sample=False, eos_token_id=None, pad_token_id=0
    )
    assert [*prompt, *generate(ours, [prompt], max_new_tokens=20, temperature=0.0)[0]] == expected[0].tolist()


def test_log_probabilities_equal_those_of_transformers(gpt2_pair):
    theirs, ours = gpt2_pair
    (found,) = generate(ours, [[1, 2, 3]], max_new_tokens=10, seed=5)
    ids = torch.tensor([[1, 2, 3, *found]])
    with torch.no_grad():
        expected = theirs(ids).logits[0, 2:-1].log_softmax(-1).gather(-1, ids[0, 3:, None])[:, 0]
    torch.testing.assert_close(torch.tensor(found.logprobs), expected, atol=1e-4, rtol=0)


@every_family
def test_the_cache_changes_the_speed_and_not_the_text(config):
    model = loud(config)
    for chosen in ({"temperature": 0.0}, {"temperature": 1.0, "top_p": 0.9}):
        cached = generate(model, PROMPTS, max_new_tokens=12, **chosen)
        without = generate(model, PROMPTS, max_new_tokens=12, use_cache=False, **chosen)
        assert [each.tokens for each in cached] == [each.tokens for each in without]


def test_the_same_seed_gives_the_same_text_and_another_seed_another():
    model = loud(FAMILIES["gpt2"])
    tokens = [generate(model, [[1]], max_new_tokens=15, seed=seed)[0].tokens for seed in (0, 0, 1)]
    assert tokens[0] == tokens[1] != tokens[2]


def test_a_generator_gives_new_texts_at_each_call():
    model, generator = loud(FAMILIES["gpt2"]), torch.Generator().manual_seed(0)
    first, second = (generate(model, [[1]], max_new_tokens=15, generator=generator)[0] for _ in range(2))
    assert first.tokens != second.tokens
    again = generate(model, [[1]], max_new_tokens=15, generator=torch.Generator().manual_seed(0))
    assert again[0].tokens == first.tokens


def test_a_stream_hands_out_what_generate_returns():
    model = loud(FAMILIES["llama"])
    chosen = {"max_new_tokens": 10, "seed": 3, "temperature": 0.7}
    (whole,) = generate(model, [[1, 2]], **chosen)
    streamed = list(stream(model, [1, 2], **chosen))
    assert tuple(new.token for new in streamed) == whole.tokens
    assert tuple(new.logprob for new in streamed) == whole.logprobs


def test_a_full_context_ends_a_text_and_says_so():
    model = loud(FAMILIES["gpt2"])  # context 24
    found = generate(model, [[1] * 20, [1] * 3], max_new_tokens=8)
    assert [(len(each), each.finish_reason) for each in found] == [(4, "context"), (8, "length")]


def test_a_stop_token_ends_its_row_alone():
    model = loud(FAMILIES["gpt2"])
    free = generate(model, PROMPTS, max_new_tokens=10, temperature=0.0)
    stop = free[0].tokens[4]
    found = generate(model, PROMPTS, max_new_tokens=10, temperature=0.0, stop_tokens=[stop])
    for with_stop, without in zip(found, free, strict=True):
        if stop in without.tokens:
            assert with_stop.tokens == without.tokens[: without.tokens.index(stop)]
            assert with_stop.finish_reason == "stop"
        else:
            assert with_stop.tokens == without.tokens


def test_generation_leaves_training_mode_as_it_was_and_drops_nothing_out():
    model = loud(FAMILIES["gpt2"].replace(dropout=0.5))
    expected = generate(model, [[1]], max_new_tokens=10, temperature=0.0)
    model.train()
    assert generate(model, [[1]], max_new_tokens=10, temperature=0.0) == expected
    assert model.training and model.blocks[0].attention.training


def test_an_interrupted_generation_leaves_the_model_usable():
    model = loud(FAMILIES["gpt2"])
    model.train()

    def interrupt(tokens):
        if len(tokens) == 3:
            raise KeyboardInterrupt
        return False

    with pytest.raises(KeyboardInterrupt):
        generate(model, [[1]], max_new_tokens=10, until=interrupt)
    assert model.training
    assert len(generate(model, [[1]], max_new_tokens=5)[0]) == 5


LETTERS = CharTokenizer("abcdefghijklmnopqrstuvwxyz,.", special=("eos",))  # 29 tokens; the models have 31


@pytest.mark.parametrize("seed", range(10))
def test_under_a_constraint_every_row_is_valid_and_the_padding_of_the_vocabulary_never_comes(seed):
    model = loud(FAMILIES["llama"], seed=seed)
    constraint = regex("[a-c]{2,5}(,[x-z])*[.]", LETTERS)
    for found in generate(model, PROMPTS, max_new_tokens=12, constraint=constraint, seed=seed):
        assert constraint.accepts(LETTERS.decode(found.tokens))


def test_a_fulfilled_constraint_ends_the_text_without_asking_further():
    model = loud(FAMILIES["gpt2"])
    (found,) = generate(model, [[1]], max_new_tokens=12, constraint=choices(["abc", "xyz"], LETTERS))
    assert found.finish_reason == "constraint" and LETTERS.decode(found.tokens) in {"abc", "xyz"}


def test_a_constraint_that_no_budget_can_fulfil_says_so():
    with pytest.raises(ValueError, match="max_new_tokens"):
        generate(loud(FAMILIES["gpt2"]), [[1]], max_new_tokens=2, constraint=choices(["abc"], LETTERS))


@every_family
def test_scores_equal_the_sum_over_the_whole_text(config):
    model = loud(config)
    prompt, continuations = [1, 2, 3, 4], [[5], [6, 7, 8], [9, 9], [5, 6]]
    for found, continuation in zip(score(model, prompt, continuations), continuations, strict=True):
        whole = torch.tensor([[*prompt, *continuation]])
        with torch.no_grad():
            logprobs = model(whole)[0].log_softmax(-1)
        expected = logprobs[len(prompt) - 1 : -1].gather(-1, whole[0, len(prompt) :, None])[:, 0]
        torch.testing.assert_close(found, expected, atol=1e-5, rtol=1e-5)


def test_the_scores_of_all_answers_of_one_token_sum_to_one():
    found = score(loud(FAMILIES["gpt2"]), [1, 2], [[token] for token in range(31)])
    assert float(torch.cat(found).exp().sum()) == pytest.approx(1.0, abs=1e-5)


def test_a_continuation_may_fill_the_context_to_the_last_token():
    model = loud(FAMILIES["gpt2"])  # context 24: reads 24 tokens, judges one more
    assert len(score(model, [1] * 20, [[2] * 5])[0]) == 5
    with pytest.raises(ValueError, match="context"):
        score(model, [1] * 20, [[2] * 6])


def test_with_a_cache_only_unread_tokens_are_read():
    model = loud(FAMILIES["llama"])
    cache = KVCache(model.config, batch=2)
    first = [[1, 2, 3], [4, 5, 6, 7, 8]]
    next_logits(model, first, cache)
    assert cache.lengths == [3, 5]
    longer = [[*first[0], 9], [*first[1], 9]]
    torch.testing.assert_close(next_logits(model, longer, cache), next_logits(model, longer), atol=1e-5, rtol=1e-5)


def test_a_result_shows_no_more_than_fits_a_line():
    (found,) = generate(loud(FAMILIES["gpt2"]), [[1, 2]], max_new_tokens=20)
    assert repr(found) == f"Generated([{', '.join(map(str, found.tokens[:12]))}, …], 20 tokens, finish_reason='length')"


def of_a_larger_vocabulary():
    return choices(["a"], CharTokenizer(map(chr, range(97, 137))))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: generate(model, [], max_new_tokens=3), "batch"),
        (lambda model: generate(model, [1, 2, 3], max_new_tokens=3), "batch"),
        (lambda model: generate(model, [[1], []], max_new_tokens=3), "at least 1"),
        (lambda model: generate(model, [[1]], max_new_tokens=0), "max_new_tokens"),
        (lambda model: generate(model, [[1]], max_new_tokens=3, seed=[1, 2]), "seed"),
        (lambda model: generate(model, [[99]], max_new_tokens=3), "token ids"),
        (lambda model: generate(model, "text", max_new_tokens=3), r"batch of token ids.*tokenizer\.encode"),
        (lambda model: generate(model, ["text"], max_new_tokens=3), r"tokenizer\.encode"),
        (lambda model: generate(model, torch.tensor([1, 2]), max_new_tokens=3), "batch"),
        (lambda model: generate(model, [[0.5]], max_new_tokens=3), r"whole numbers, got 0\.5"),
        (lambda model: generate(model, [[1]], max_new_tokens=3, seed=None), "seed must be a whole number.*got None"),
        (lambda model: generate(model, [[1]], max_new_tokens=3, stop_tokens=5), r"for a single one write \[5\]"),
        (lambda model: stream(model, "text", max_new_tokens=3), r"tokenizer\.encode"),
        (lambda model: stream(model, [[1, 2]], max_new_tokens=3), "row by row"),
        (lambda model: generate(LanguageModel(model, CharTokenizer("ab")), [[1]], max_new_tokens=3), r"lm\.model"),
        (
            lambda model: generate(model, [[1]], max_new_tokens=3, constraint=of_a_larger_vocabulary()),
            "the model has 31",
        ),
        (lambda model: score(model, [1], ["text"]), "token numbers"),
        (lambda model: score(model, [1], []), "continuation"),
        (lambda model: score(model, [1], [[]]), "empty"),
        (lambda model: score(model, [], [[1]]), "prompt"),
    ],
)
def test_calls_that_make_no_sense_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(loud(FAMILIES["gpt2"]))


def test_a_masked_model_does_not_generate():
    model = loud(GPTConfig.bert(31, width=32, heads=4, layers=1, context=24))
    with pytest.raises(ValueError, match="masked"):
        generate(model, [[1]], max_new_tokens=3)


def test_prompts_may_be_a_tensor():
    model, prompts = loud(FAMILIES["gpt2"]), text(3, 5)
    assert generate(model, prompts, max_new_tokens=4) == generate(model, prompts.tolist(), max_new_tokens=4)
