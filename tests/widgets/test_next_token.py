"""What NextTokenExplorer shows: the reshaped distribution, the walk of the model, roads, lens, sentence and picture."""

from __future__ import annotations

import itertools
import re
from xml.etree import ElementTree

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from small_models import FAMILIES, loud

from agentos_lab.lm import GPT, CharTokenizer, GPTConfig, LanguageModel
from agentos_lab.lm.activations import logit_lens
from agentos_lab.lm.sampling import apply_temperature, keep_top_k, next_token_distribution
from widgets import NextTokenExplorer
from widgets.next_token_panels import merged, rank_labels, rank_places, story_place
from widgets.next_token_state import chance, ranked, reshape, running, story, uncertainty
from widgets.next_token_walk import Walk, look_through_layers

SVG = "{http://www.w3.org/2000/svg}"
ALPHABET = "abcdefghijklmnopqrstuvwxyz .\n"  # 29 characters; with two special tokens the 31 of the small models


def letters(model: GPT, name: str = "letters") -> LanguageModel:
    return LanguageModel(model, CharTokenizer(ALPHABET, special=("bos", "eos")), name)


@pytest.fixture(scope="module")
def lm() -> LanguageModel:
    return letters(loud(FAMILIES["llama"]))


@pytest.fixture
def view(lm) -> NextTokenExplorer:
    return NextTokenExplorer(lm, "the cat", temperature=0.8, top_p=0.9, seed=7)


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


# --- the distribution to draw from ------------------------------------------------------------------------

logits = st.lists(st.floats(-8, 8, width=32), min_size=2, max_size=40).map(lambda values: torch.tensor(values))
temperatures = st.sampled_from([0.0, 0.1, 0.5, 0.8, 1.0, 1.5, 2.0])


@given(logits, temperatures, st.none() | st.integers(1, 45), st.none() | st.floats(0.01, 1.0))
def test_reshaping_the_sorted_scores_gives_what_the_library_samples_from(scores, temperature, top_k, top_p):
    if temperature and top_p:  # a sum that meets the limit to the last digit falls on either side
        warm = apply_temperature(scores, temperature)
        shares = (warm if top_k is None else keep_top_k(warm, top_k)).softmax(-1).sort(descending=True).values
        assume(float((shares.double().cumsum(-1) - top_p).abs().min()) > 1e-5)
    gaps = scores.sort().values.diff()  # scores nearer than float32 tells apart tie for the one and not for the other
    assume(bool(((gaps == 0) | (gaps > 1e-4)).all()))
    library = next_token_distribution(scores, temperature=temperature, top_k=top_k, top_p=top_p).numpy()
    sorted_scores, order = ranked(scores)
    shape = reshape(sorted_scores, temperature, top_k, top_p)
    assert shape.drawn == pytest.approx(library[order], abs=1e-5)
    assert shape.kept >= np.count_nonzero(library)  # what underflows is still there
    assert not library[order][shape.kept :].any()
    assert shape.model == pytest.approx(scores.softmax(-1).numpy()[order], abs=1e-6)


@given(logits, st.floats(0.05, 2), st.floats(0.05, 0.99))
def test_the_running_sum_rises_to_one_and_passes_top_p_where_the_cut_is(scores, temperature, top_p):
    shape = reshape(ranked(scores)[0], temperature, None, top_p)
    assert (np.diff(shape.sums) >= 0).all() and shape.sums[-1] == pytest.approx(1)
    assert shape.sums[shape.kept - 1] >= top_p - 1e-9
    tied = int(np.count_nonzero(shape.model[: shape.kept] == shape.model[shape.kept - 1]))
    assert tied == shape.kept or shape.sums[shape.kept - tied - 1] < top_p


@given(logits)
def test_ranking_sorts_and_leaves_equals_in_the_order_of_their_ids(scores):
    values, order = ranked(scores)
    assert order.tolist() == sorted(range(len(scores)), key=lambda token: (-float(scores[token]), token))
    assert values[0] == 0 and (np.diff(values) <= 0).all()


@given(logits)
def test_uncertainty_is_the_entropy_in_bits(scores):
    oracle = torch.distributions.Categorical(logits=scores.double()).entropy() / np.log(2)
    assert uncertainty(scores.double().softmax(-1).numpy()) == pytest.approx(float(oracle), abs=1e-6)
    assert uncertainty([1.0, 0.0]) == 0


@given(st.floats(0, 1))
def test_a_printed_probability_is_near_and_says_0_or_1_only_where_it_is(p):
    printed = chance(p)
    assert (printed in ("0", "1")) == (p in (0.0, 1.0))
    assert abs(float(printed.strip("<>")) - p) <= 0.0051


@given(st.floats(0, 1), st.integers(1, 99))
def test_a_printed_running_sum_never_reaches_a_limit_that_the_sum_has_not_reached(total, hundredths):
    limit = hundredths / 100
    assume(abs(total - limit) > 1e-8)
    assert (float(running(total)) >= limit) == (total >= limit)


# --- the walk -----------------------------------------------------------------------------------------------


@given(st.lists(st.integers(-3, 30), max_size=12))
def test_wherever_the_walk_goes_it_reads_what_the_whole_model_says(lm, moves):
    walk, path = Walk(lm, "a dog"), ()
    for move in moves:
        path = path[:move] if move < 0 else (*path, move)
        reading = walk.read(path)
        whole = lm.model(torch.tensor([[*walk.prompt, *path]]))[0, -len(path) - 1 :].softmax(-1).detach()
        assert reading.logits.softmax(-1) == pytest.approx(whole[-1], abs=1e-5)
        expected = [float(whole[end, token]) for end, token in enumerate(path)]
        assert walk.given(path) == pytest.approx(expected, abs=1e-5)


def test_places_that_were_visited_are_not_computed_again(lm):
    walk = Walk(lm, "a dog")
    walk.read((1, 2, 3))
    calls = []
    hook = lm.model.blocks[0].register_forward_hook(lambda *_: calls.append(1))
    try:
        for path in ((1, 2), (1,), (), (1, 2, 3)):
            walk.read(path)
        assert calls == []
        walk.read((1, 2, 3, 4))
        assert calls == [1]
    finally:
        hook.remove()


def test_a_place_whose_scores_were_dropped_is_read_again(lm, monkeypatch):
    monkeypatch.setattr("widgets.next_token_walk.READINGS", 2)
    walk = Walk(lm, "a dog")
    first = walk.read(()).logits
    walk.read((1, 2, 3, 4))
    assert torch.allclose(walk.read(()).logits, first, atol=1e-5)
    assert torch.allclose(walk.read((1, 2)).logits, Walk(lm, "a dog").read((1, 2)).logits, atol=1e-5)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_lens_is_that_of_the_library(family):
    lm = letters(loud(FAMILIES[family]))
    walk = Walk(lm, "a dog")
    lens = look_through_layers(lm, walk.read((4,)).streams, [3, 7])
    trace = lm.model.record(torch.tensor([[*walk.prompt, 4]]), ["blocks.?.output"])
    layers = logit_lens(lm.model, trace)[:, 0, -1]
    assert lens.favourites == layers.topk(5).indices.tolist()
    assert np.allclose(lens.probabilities, layers.softmax(-1).topk(5).values, atol=1e-5)
    sorted_ids = layers.argsort(descending=True).tolist()
    assert lens.ranks == [[ids.index(token) + 1 for ids in sorted_ids] for token in (3, 7)]


def test_roads_go_on_as_greedy_generation_does(lm):
    walk = Walk(lm, "a dog")
    walk.read((5, 6))
    walk.look_ahead([(), (5,), (5, 6)])
    for path, taken in (((), 5), ((5,), 6), ((5, 6), None)):
        roads = walk.roads(path, taken)
        assert len(roads) == (3 if taken is None else 2)
        assert [road.probability for road in roads] == sorted((road.probability for road in roads), reverse=True)
        for road in roads:
            assert road.tokens[0] != taken
            prompt = lm.tokenizer.decode([*walk.prompt, *path, road.tokens[0]])
            if "\n" not in prompt and road.tokens[0] < 29:
                greedy = lm.generate(prompt, 3, temperature=0).tokens
                assert road.tokens[1:][: len(greedy)] == greedy


def test_the_old_trunk_becomes_a_road(lm):
    walk = Walk(lm, "a dog")
    least = int(walk.read(()).logits.argmin())
    walk.read((least, 5, 6))
    walk.read((2,))
    old = [road for road in walk.roads((), 2) if road.walked]
    assert [road.tokens for road in old] == [(least, 5, 6)]


def test_a_model_in_training_is_read_without_dropout_and_stays_in_training():
    model = GPT(FAMILIES["gpt2"].replace(dropout=0.5), seed=0)
    still = Walk(letters(model.eval()), "a dog").read((1,)).logits
    assert torch.equal(Walk(letters(model.train()), "a dog").read((1,)).logits, still)
    assert model.training


# --- the view -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "settings",
    [{"temperature": 1.0}, {"temperature": 0.7, "top_k": 5}, {"temperature": 1.5, "top_p": 0.8}, {"temperature": 0.0}],
)
def test_drawing_writes_what_generate_writes(lm, settings):
    for seed in (0, 1):
        view = NextTokenExplorer(lm, "the cat", seed=seed, **settings)
        written = lm.generate("the cat", 8, seed=seed, **settings).tokens
        assert tuple(view.draw_token() for _ in written) == written == tuple(view.tokens)


def test_going_back_and_drawing_again_with_the_same_seed_draws_the_same(view):
    first = [view.draw_token() for _ in range(3)]
    view.back()
    view.back()
    assert view.tokens == first[:1]
    assert [view.draw_token() for _ in range(2)] == first[1:]


def test_a_message_of_the_browser_draws_and_one_asks_for_the_roads(view):
    view._handle_custom_msg({"ask": "draw"}, [])
    assert len(view.tokens) == 1 and view.state["pending"]  # the reader waits for the token, not for the roads
    view._handle_custom_msg({"ask": "roads"}, [])
    assert not view.state["pending"]
    assert len(view.state["ahead"]) == 3 and len(view.state["steps"][0]["roads"]) == 2


def test_temperature_and_cuts_need_no_new_state(view):
    before = view.state
    view.temperature, view.top_k, view.top_p = 1.3, 4, None
    assert view.state is before
    assert "temperature 1.3 and top-k 4 leave 4 of 31 tokens" in view.sentence
    assert repr(view) == f"NextTokenExplorer: {view.sentence}"


def test_the_sentence_says_what_the_settings_do(lm):
    def sentence(**settings: object) -> str:
        return NextTokenExplorer(lm, "the cat", **settings).sentence

    assert re.fullmatch(r"After the cat, the model has 31 answers; . leads with 0\.\d\d\.", sentence())
    assert re.fullmatch(r"After the cat, greedy: always the favourite, .\.", sentence(temperature=0))
    assert sentence(top_k=1) == sentence(temperature=0)
    assert "top-p 0.50 leaves" in sentence(top_p=0.5)
    assert "temperature 0.7, top-k 5 and top-p 0.95 leave" in sentence(temperature=0.7, top_k=5, top_p=0.95)
    assert "temperature 1.5 leaves all 31 tokens" in sentence(temperature=1.5)


def test_the_facts_tell_the_uncertainty_before_and_after(view):
    shape = reshape(ranked(view.lm.logits("the cat")[-1])[0], 0.8, None, 0.9)
    before, after = uncertainty(shape.model), uncertainty(shape.drawn)
    assert view.facts() == f"letters · uncertainty {before:.2f} → {after:.2f} bits"


def test_a_new_text_begins_a_new_walk(view):
    view.draw_token()
    view.text = "a dog"
    assert view.tokens == [] and view.state["after"] == "a dog"


def test_no_text_asks_for_one_and_a_text_that_cannot_be_read_says_why(lm):
    view = NextTokenExplorer(lm, "")
    assert view.state["status"] == "empty" and view.sentence == "Type a text to continue."
    view.text = "ünder"
    assert view.state["status"] == "failed" and "'ü'" in view.sentence
    assert "not drawn" not in view.svg() and view.draw_token() is None
    view.text = "under"
    assert "status" not in view.state
    with pytest.raises(ValueError, match="not in the alphabet"):
        NextTokenExplorer(lm, "ünder")


def test_a_full_context_and_an_ended_text_are_told_and_nothing_more_is_drawn(lm):
    view = NextTokenExplorer(lm, "x" * 22)
    view.tokens = [0, 0]
    assert "the model's context is full" in view.sentence and view.draw_token() is None
    assert "context is full" in view.svg()
    view.tokens = [0, lm.tokenizer.special["eos"]]
    assert "the model has ended its text" in view.sentence and view.draw_token() is None
    assert view.state["drawn"][-1]["spoken"] == "end"
    with pytest.raises(ValueError, match="shorten it"):
        NextTokenExplorer(lm, "x" * 24)


def test_what_cannot_be_drawn_from_is_refused(lm):
    masked = letters(GPT(FAMILIES["gpt2"].replace(causal=False), seed=0))
    with pytest.raises(ValueError, match="masked model"):
        NextTokenExplorer(masked, "the cat")
    for wrong in ({"temperature": -1}, {"top_k": 0}, {"top_p": 1.5}):
        with pytest.raises(ValueError, match="must"):
            NextTokenExplorer(lm, "the cat", **wrong)


def test_a_model_without_its_tokenizer_is_not_enough(lm):
    with pytest.raises(ValueError, match=r"expected a LanguageModel, got GPT; LanguageModel\(model, tokenizer"):
        NextTokenExplorer(lm.model, "the cat")


def test_a_token_that_does_not_exist_is_told_and_can_be_left(view):
    view.tokens = [1000]
    assert "token ids must lie in [0, 31), got 1000" in view.sentence and not view.busy
    view.tokens = [1]
    assert "status" not in view.state


def test_the_number_of_rows_is_a_measure(lm):
    class Short(NextTokenExplorer):
        measures = {**NextTokenExplorer.measures, "rows": 5}  # noqa: RUF012

    view = Short(lm, "the cat")
    assert len(view.state["rows"]) == len(view.state["lens"]["ranks"]) == 5
    assert "26 more" in texts(view.svg())


def test_refreshing_after_training_asks_the_model_again():
    model = loud(FAMILIES["gpt2"])
    view = NextTokenExplorer(letters(model), "the cat")
    before = view.state["rows"]
    with torch.no_grad():
        model.embedding.token.weight.mul_(-1)
    view.refresh()
    assert view.state["rows"] != before


def test_a_subclass_chooses_its_own_token(lm):
    class Contrarian(NextTokenExplorer):
        def choose(self, logits: torch.Tensor) -> int:
            return int(logits.topk(2).indices[1])

    view = Contrarian(lm, "the cat")
    second = view.state["rows"][1]["id"]
    assert view.draw_token() == second


# --- the picture --------------------------------------------------------------------------------------------


def test_the_static_picture_is_the_same_every_time_and_says_its_sentence(lm):
    def drawn() -> str:
        view = NextTokenExplorer(lm, "the cat", temperature=0.8, top_p=0.9, seed=7)
        for _ in range(6):
            view.draw_token()
        assert view.state["pending"]  # the picture waits for the roads all the same
        assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence
        return view.svg()

    assert drawn() == drawn()


def test_the_picture_shows_text_bars_cut_roads_and_lens(view):
    view.tokens = [1, 2]
    shown = texts(view.svg())
    shape = reshape(view._place[0], 0.8, None, 0.9)
    for text in ("What comes next?", "prompt", "?", "The model says", "You draw from", "Adding up", "0.90", "19 more",
                 f"{shape.kept} kept, rest cut", "Roads not taken", "Logit lens", "layer 0", "1"):  # fmt: skip
        assert text in shown, text
    for probability in (*shape.model[:12], *shape.drawn[:12]):
        assert chance(float(probability)) in shown


@pytest.mark.parametrize("width", [640, 760, 860, 1200])
@pytest.mark.parametrize("settings", [{}, {"top_k": 3}, {"top_k": 30, "top_p": 0.5}, {"temperature": 0}])
def test_the_picture_stays_inside_its_width(lm, width, settings):
    view = NextTokenExplorer(lm, "the cat sat on t", width=width, **settings)
    view.tokens = [0, 28, 3, 4, 5, 6]
    document = ElementTree.fromstring(view.svg())
    assert float(document.get("width")) == width
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("x")) >= -20 and float(rect.get("x")) + float(rect.get("width")) <= width
        assert float(rect.get("width")) >= 0
    assert float(document.get("height")) < (520 if width >= 760 else 860)


def test_a_vocabulary_of_four_tokens_and_a_single_layer_fit(lm):
    config = GPTConfig(4, width=8, heads=1, layers=1, context=8)
    small = LanguageModel(GPT(config, seed=0), CharTokenizer("abcd"), "four")
    view = NextTokenExplorer(small, "ab")
    shown = texts(view.svg())
    assert "nothing is cut" in shown and not any("more" in text for text in shown)
    assert [view.draw_token() for _ in range(6)] and view.draw_token() is None  # the context of 8 is full


def test_a_long_text_keeps_its_end(lm):
    model = GPT(FAMILIES["llama"].replace(context=100), seed=0)
    view = NextTokenExplorer(letters(model), "abcdefgh " * 10)
    shown = texts(view.svg())
    assert "…" in shown and shown.count("a") < 10 and shown[shown.index("?") - 2] == "·"


# --- what the lens says -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ranks", "told"),
    [
        ([1, 1, 1, 1], "x leads from the first layer on."),
        ([900, 800, 40, 1], "The last word falls late: x stands at rank 40 in layer 2 and wins only in layer 3."),
        ([9, 1, 1, 1], "The answer is there early: x stands at rank 9 in layer 0 and wins in layer 1."),
        ([1, 1, 5, 1], "The last word falls late: x stands at rank 5 in layer 2 and wins only in layer 3."),
        ([1], "x leads from the first layer on."),
    ],
)
def test_the_story_of_the_lens_is_true(ranks, told):
    assert "".join(text for _, text in story(ranks, "x")) == told


@given(st.lists(st.integers(1, 49152), min_size=1, max_size=32))
def test_numbers_and_story_of_the_lens_touch_neither_the_line_nor_each_other(ranks):
    cell = 750 / len(ranks)
    places = rank_places(ranks, 92, cell)
    labels = rank_labels(ranks, places)
    boxes = [box for _, box in labels]
    assert labels[0][0] == len(ranks) - 1
    told = story([*ranks[:-1], 1], "mat")
    place = story_place(told, places, boxes, 92, 844)
    for one, (x, y, width, height) in enumerate(boxes):
        for left, top, wide, high in boxes[one + 1 :]:
            assert x + width <= left or left + wide <= x or y + height <= top or top + high <= y
    if place:
        x, baseline = place
        inside = [y for at, y in places if x <= at <= x + 300]
        assert all(y <= baseline - 8 or y >= baseline + 1 for y in inside)


@given(st.lists(st.integers(0, 2), min_size=1, max_size=20))
def test_merged_layers_cover_all_but_the_last_and_neighbours_differ(favourites):
    runs = merged([[token] for token in favourites])
    assert [layer for start, end in runs for layer in range(start, end)] == list(range(len(favourites) - 1))
    assert all(len(set(favourites[start:end])) == 1 for start, end in runs)
    assert all(favourites[one[0]] != favourites[two[0]] for one, two in itertools.pairwise(runs))
