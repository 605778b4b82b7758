"""A model for text: what it writes, streams, scores, and how that prints."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import loud

from agentos_lab.lm.byte_pair_encoding import BytePairTokenizer
from agentos_lab.lm.constraint import choices, json_schema
from agentos_lab.lm.generation_result import Generation, Scores
from agentos_lab.lm.gpt import GPT, GPTConfig
from agentos_lab.lm.language_model import LanguageModel
from agentos_lab.lm.objectives import next_token_loss
from agentos_lab.lm.tokenizer import CharTokenizer

ALPHABET = "abcdefghijklmnopqrstuvwxyz .,!?<&"


def small(tokenizer=None, context: int = 64, **changes) -> LanguageModel:
    tokenizer = tokenizer or CharTokenizer(ALPHABET)
    config = GPTConfig(tokenizer.vocab_size, width=32, layers=2, context=context, **changes)
    return LanguageModel(loud(config), tokenizer, "small")


@pytest.fixture(scope="module")
def pairs():
    """A tokenizer whose tokens cut words and characters anywhere."""
    return BytePairTokenizer.train("the cat sat on the mat — naïve café 世界 " * 30, 300, special=("eos",))


def test_a_generation_holds_the_text_and_all_about_it():
    lm = small()
    found = lm.generate("the cat", max_new_tokens=12, seed=1)
    assert found.text == str(found) == "".join(found.pieces) == lm.tokenizer.decode(found.tokens)
    assert found.prompt == "the cat" and len(found.tokens) == len(found.logprobs) == 12
    assert found.finish_reason == "length" and list(found.prompt_tokens) == lm.tokenizer.encode("the cat")
    assert found.logprob == pytest.approx(sum(found.logprobs)) and found.logprob < 0


def test_the_same_seed_gives_the_same_text():
    lm = small()
    texts = [lm.generate("the cat", seed=seed).text for seed in (4, 4, 5)]
    assert texts[0] == texts[1] != texts[2]


def test_a_batch_gives_each_text_what_it_gets_alone():
    lm = small()
    texts = ["the cat", "a", "on the mat, "]
    together = lm.generate_batch(texts, max_new_tokens=9, seed=3)
    assert [each.text for each in together] == [
        lm.generate(text, max_new_tokens=9, seed=3 + row).text for row, text in enumerate(texts)
    ]


@given(seed=st.integers(0, 1000), stop=st.lists(st.sampled_from(["a", "e ", "th", "世", "aï"]), max_size=2))
@settings(max_examples=25)
def test_a_stream_joins_to_the_generated_text_whatever_stops_it(seed, stop, pairs):
    lm = small(pairs)
    chosen = {"max_new_tokens": 25, "temperature": 1.5, "seed": seed, "stop": stop}
    whole = lm.generate("the cat", **chosen)
    assert "".join(lm.stream("the cat", **chosen)) == whole.text
    assert not any(each in whole.text for each in stop)


def test_a_stop_text_ends_the_text_before_it():
    lm = small()
    free = lm.generate("the cat", max_new_tokens=30, seed=2).text
    stop = free[10:13]  # three characters are three tokens here
    found = lm.generate("the cat", max_new_tokens=30, seed=2, stop=stop)
    assert found.text == free[: free.index(stop)] and found.finish_reason == "stop"


def test_constraints_hold_and_say_so():
    lm = small()
    answer = lm.generate("the cat", constraint=choices(["yes", "no"], lm.tokenizer))
    assert answer.text in {"yes", "no"} and answer.finish_reason == "constraint"


def test_json_from_a_model_that_knows_nothing_is_json(pairs):
    lm = small(pairs)
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}
    found = lm.generate("the", max_new_tokens=20, constraint=json_schema(schema, pairs))
    assert found.text in {'{"ok":true}', '{"ok":false}'}


def test_scores_are_the_log_probabilities_of_the_continuations():
    lm = small()
    scores = lm.score("the ", ["cat", "mat", "a"])
    logprobs = lm.logits("the cat").log_softmax(-1)
    ids = lm.tokenizer.encode("cat")
    assert scores[0] == pytest.approx(float(sum(logprobs[3 + step, token] for step, token in enumerate(ids))), abs=1e-4)
    assert list(scores) == list(scores.logprobs) and len(scores) == 3
    assert scores.best == ["cat", "mat", "a"][max(range(3), key=lambda index: scores[index])]


def test_the_probabilities_of_all_next_characters_sum_to_one():
    scores = small().score("the ", list(ALPHABET))
    assert sum(math.exp(each) for each in scores) == pytest.approx(1.0, abs=1e-5)


def test_perplexity_is_that_of_the_loss():
    lm = small()
    text = "the cat sat on the mat."
    with torch.no_grad():
        loss = next_token_loss(lm.model(lm.encode(text)), lm.encode(text))
    assert lm.perplexity(text) == pytest.approx(math.exp(loss), rel=1e-4)


def test_a_text_longer_than_the_context_is_read_in_stretches():
    lm, text = small(context=16), "the cat sat on the mat, and that was that."
    tokens = lm.tokenizer.encode(text)
    total = 0.0
    for start in range(0, len(tokens) - 1, 15):
        stretch = torch.tensor([tokens[start : start + 16]])
        with torch.no_grad():
            total += float(next_token_loss(lm.model(stretch), stretch)) * (stretch.shape[1] - 1)
    assert lm.perplexity(text) == pytest.approx(math.exp(total / (len(tokens) - 1)), rel=1e-4)


def test_a_recorded_text_shows_its_attention():
    trace = small().record("the cat", names=["blocks.*.attention.weights"])
    assert trace["blocks.1.attention.weights"].shape == (1, 4, 7, 7) and len(trace) == 2


def test_beams_come_best_first_and_are_texts():
    lm = small()
    found = lm.beam_search("the cat", max_new_tokens=6, beams=3)
    means = [each.logprob / 6 for each in found]
    assert means == sorted(means, reverse=True) and all(len(each.text) == 6 for each in found)


def test_a_beam_that_ended_by_itself_shows_one_probability_a_token():
    tokenizer = CharTokenizer("abc", special=("eos",))
    lm = LanguageModel(loud(GPTConfig(4, width=32, layers=2, context=16)), tokenizer)
    found = lm.beam_search("a", max_new_tokens=9, beams=4, length_penalty=0.0)  # which favours short texts
    assert "stop" in {each.finish_reason for each in found}
    assert all(len(each.logprobs) == len(each.tokens) == len(each.pieces) for each in found)


def test_an_empty_prompt_begins_with_the_token_that_begins_texts():
    tokenizer = CharTokenizer(ALPHABET, special=("bos",))
    assert small(tokenizer).generate("", max_new_tokens=3).prompt_tokens == (tokenizer.special["bos"],)
    with pytest.raises(ValueError, match="empty"):
        small().generate("")


def test_results_print_themselves():
    generation = Generation(" <b> & so on", "1 < 2", (1, 2), (" <b>", " & so on"), (-1.0, -2.0), "stop", (3, 4))
    assert str(generation) == " <b> & so on" and "stop" in repr(generation)
    assert "1 &lt; 2" in generation._repr_html_() and "&lt;b&gt; &amp; so on" in generation._repr_html_()
    scores = Scores("p", ("x", "<y>"), (-2.0, -1.0), ((-2.0,), (-1.0,)))
    assert str(scores).splitlines()[1].split() == ["-1.0000", "'<y>'"]
    assert "&lt;y&gt;" in scores._repr_html_()
    many = Scores("p", tuple(map(str, range(20))), (-1.0,) * 20, ((-1.0,),) * 20)
    assert len(str(many).splitlines()) == 10 and "12 less probable" in str(many)


def test_a_model_tells_its_size_however_it_is_stored():
    lm = small()
    assert f"{lm.model.num_parameters():,} parameters" in repr(lm)
    assert repr(lm.for_inference("int8")) == repr(lm)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda lm: lm.generate(["a", "b"]), "generate_batch"),
        (lambda lm: lm.score("a", "b"), "list"),
        (lambda lm: lm.chat("hello"), "not trained to chat"),
        (lambda lm: lm.generate_batch("a"), "a list of texts; generate takes"),
        (lambda lm: lm.perplexity("a"), "two tokens"),
        (lambda lm: lm.perplexity("abc", window=1), "window must lie between 2 and the context of 64, got 1"),
        (lambda lm: lm.perplexity("abc", window=65), "got 65"),
        (lambda lm: lm.generate("a" * 64), "fewer than 64"),
        (lambda lm: lm.generate("ü"), "alphabet"),
        (lambda lm: lm.generate("a", stop=""), "empty"),
        (lambda lm: lm.generate("a", stop=None), "a text or a list of texts, got None"),
        (lambda lm: LanguageModel(lm.tokenizer, lm.model), r"expected a GPT, got CharTokenizer"),
        (lambda lm: lm.generate("a", temperature=-1), "temperature"),
        (lambda lm: LanguageModel(lm.model, CharTokenizer(ALPHABET + "0123456789")), "belong together"),
    ],
)
def test_calls_that_make_no_sense_are_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call(small())


def test_logits_are_those_of_the_model_without_dropout():
    lm = small()
    expected = lm.logits("abc")
    noisy = LanguageModel(GPT(lm.model.config.replace(dropout=0.5)), lm.tokenizer)
    noisy.model.load_state_dict(lm.model.state_dict())
    noisy.model.train()
    assert torch.equal(noisy.logits("abc"), expected) and noisy.model.training
