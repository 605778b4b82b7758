"""What ReinforcementOfText shows: both rewards and advantages, one token's numbers, pages, sentence and picture."""

from __future__ import annotations

import math
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.rl import DialogueLearner, DialogueSample, DialogueSettings, DialogueUpdate, reinforce_dialogue
from agentos_lab.rl.group_advantage import group_advantage
from tests.talking_policies import Guess, Table
from widgets import ReinforcementOfText
from widgets.palette import DARK, LIGHT, mix
from widgets.reinforcement_of_text_layout import GAP, chip_width, layout, pages, rows_shown, tail
from widgets.reinforcement_of_text_picture import DEEPEST, shade
from widgets.reinforcement_of_text_reading import chance, read_token, token_rows, verdict
from widgets.reinforcement_of_text_runs import true_advantage, updates_in
from widgets.view import unpack

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def sample(advantage=1.0, *, reward=1.0, success=1.0, group=0, words=(" yes", " END"), change=None, own=None):
    own = (True,) * len(words) if own is None else own
    change = tuple(0.1 * mine for mine in own) if change is None else change
    before = tuple(-0.5 * mine for mine in own)
    return DialogueSample(group, ("Is", " it", "?"), words, own, reward, success, advantage, before, change)


def update(number, *samples, reward=0.5, success=0.25, **fields):
    fields = {"kl": 0.5, "zero_variance": 0.25} | fields
    return DialogueUpdate(number, 4 * number, reward, 4 * number, 0.1, success=success, samples=samples, **fields)


def proxied(number=1):
    """An update that was paid for what is not the truth."""
    return update(
        number,
        sample(-0.5, reward=0.0, success=1.0, words=(" SAY", " END"), change=(-0.2, 0.0)),
        sample(0.5, reward=0.8, success=0.0, words=(")", ")"), change=(0.3, -0.1)),
    )


@pytest.fixture(scope="module")
def learned():
    settings = {"prompts": 3, "samples": 4, "total_steps": 60, "lr": 0.05, "show": 2, "progress": False}
    return reinforce_dialogue(Table(), Guess(), **settings)


@pytest.fixture
def view(learned):
    return ReinforcementOfText(learned, update=2)


# --- the state is what the library says -------------------------------------------------------------------------


def test_every_number_of_every_token_is_that_of_the_record(learned, view):
    (run,) = view.state["runs"]
    for place, record in enumerate(learned.history):
        for prompt in range(2):
            view.update, view.prompt = record.update, prompt
            rows = view.place.rows
            group = sorted(
                (each for each in record.samples if each.group == prompt),
                key=lambda each: (-each.advantage, each.response),
            )
            assert len(rows) == len(group) == 4 and view.place.update == place
            for row, told in zip(rows, group, strict=True):
                assert unpack(run["reward"])[row] == pytest.approx(told.reward)
                for token, word in enumerate(told.response):
                    read = read_token(view.state, run, row, token, "paid")
                    assert read.word == word.replace(" ", "·")
                    assert read.effect == pytest.approx(told.effect[token], rel=1e-5, abs=1e-7)
                    assert read.advantage == pytest.approx(told.token_advantage[token])
                    assert read.before == pytest.approx(told.log_prob[token])


def test_both_curves_are_those_of_the_history(learned, view):
    (run,) = view.state["runs"]
    assert run["updates"] == [record.update for record in learned.history]
    assert unpack(run["mean_return"]) == pytest.approx([record.mean_return for record in learned.history])
    assert unpack(run["success"]) == pytest.approx([record.success for record in learned.history])
    assert run["is_true"] and view.state["meta"] == "GRPO on Guess"


@given(st.lists(st.floats(-3, 3), min_size=2, max_size=8), st.sampled_from(["none", "mean", "rloo", "grpo"]))
def test_the_true_advantage_is_the_librarys_group_advantage_of_the_success(success, kind):
    group = [sample(0.0, success=each) for each in success]
    assert true_advantage(group, kind) == pytest.approx(group_advantage([success], kind)[0].tolist())


def test_a_hacked_update_is_as_paid_and_against_the_truth():
    view = ReinforcementOfText({"proxy": [proxied()]})
    run = view.state["runs"][0]
    assert not run["is_true"]
    paid = [read_token(view.state, run, row, 0, "paid").effect for row in (0, 1)]
    true = [read_token(view.state, run, row, 0, "true").effect for row in (0, 1)]
    assert min(paid) > 0 > max(true)
    view.judge = "true"
    assert view.sentence.startswith("Update 1: proxy 0.50, true success 0.25. ") and "against" in view.sentence
    assert "× true advantage" in texts(view.svg())


def test_where_the_true_reward_is_paid_there_is_one_judge(view):
    before = view.svg()
    view.judge = "true"
    assert view.judging == "paid" and view.svg() == before


def test_tokens_of_others_have_no_effect_and_are_told_as_masked():
    own = (True, False, True)
    view = ReinforcementOfText([update(1, sample(1.0, words=(" CALL", " 65", " SAY"), own=own), sample(-1.0))])
    run, row = view.state["runs"][0], view.place.rows[0]
    masked = read_token(view.state, run, row, 1, "paid")
    assert not masked.own and masked.effect == 0 and verdict(masked, "paid").endswith("read, and masked")
    view.chosen = [0, 1]
    assert view.sentence.endswith("·65 is not written by the policy: read, and masked.")
    assert "= effect" not in texts(view.svg())


# --- what is looked at ----------------------------------------------------------------------------------------


def test_what_is_beyond_the_last_is_the_last(view, learned):
    view.update, view.prompt = 999, 99
    assert view.place.update == len(learned.history) - 1 and view.place.group == 1
    view.update = 0
    assert view.place.update == 0
    view.update = None
    assert view.place.update == len(learned.history) - 1


def test_updates_need_not_be_numbered_without_gaps():
    view = ReinforcementOfText([proxied(1), proxied(5), proxied(60)], update=7)
    assert view.place.update == 1 and view.sentence.startswith("Update 5")


def test_the_token_shown_is_the_chosen_one_or_that_with_the_largest_effect():
    view = ReinforcementOfText({"proxy": [proxied()]})
    assert view.token == (0, 0)  # 0.5 × 0.3
    view.chosen = [1, 1]
    assert view.token == (1, 1) and "This token" in texts(view.svg())
    view.chosen = [1, 7]  # no such token
    assert view.token == (0, 0) and "Largest effect" in texts(view.svg())


def test_a_group_of_equal_rewards_says_that_it_teaches_nothing():
    view = ReinforcementOfText([update(1, sample(0.0), sample(0.0), sample(0.0))])
    assert view.token is None
    assert view.sentence.endswith("All 3 answers to this prompt earned the same: nothing to learn from them.")
    assert "No effect" in texts(view.svg())


def test_what_is_chosen_needs_no_new_state_and_can_be_observed(view):
    before, seen = view.state, []
    view.observe(lambda change: seen.append(change.new), "update")
    view.update = 3
    assert view.state is before and seen == [3] and view.sentence.startswith("Update 3:")
    assert repr(view) == f"ReinforcementOfText: {view.sentence}"


@pytest.mark.parametrize(
    ("advantage", "change", "words"),
    [
        (1.0, 0.2, "got likelier, as its advantage asked"),
        (-1.0, 0.2, "got likelier, against what its advantage asked"),
        (-1.0, -0.2, "got less likely, as its advantage asked"),
        (0.0, -0.2, "got less likely; an advantage of 0 asks for nothing"),
        (1.0, 0.0, "kept its chance"),
    ],
)
def test_a_token_is_told_in_words(advantage, change, words):
    view = ReinforcementOfText([update(1, sample(advantage, change=(change, 0.0)), sample(-advantage))])
    row = next(row for row in view.place.rows if unpack(view.state["runs"][0]["advantage"])[row] == advantage)
    assert verdict(read_token(view.state, view.state["runs"][0], row, 0, "paid"), "paid") == words


def test_the_table_adds_up(view):
    run, (row, token) = view.state["runs"][0], view.token
    read = read_token(view.state, run, view.place.rows[row], token, "paid")
    number = {label: value for label, value, _ in token_rows(read, "paid")}
    real = {label: float(value.replace("−", "-")) for label, value in number.items() if "→" not in value}
    assert real["= change"] == pytest.approx(real["ln p after the update"] + real["− ln p before"], abs=2e-3)
    assert real["= effect"] == pytest.approx(real["= change"] * read.advantage, abs=2e-3)
    before, after = (float(part) for part in number["probability"].split(" → "))
    assert (before, after) == pytest.approx((math.exp(read.before), math.exp(read.before + read.change)), abs=1e-3)


def test_a_small_chance_does_not_look_like_none():
    assert [chance(math.log(p), 2) for p in (0.5, 0.01, 0.0042, 0.00003)] == ["0.50", "0.01", "0.0042", "<0.0001"]


def test_a_token_that_became_impossible_is_drawn_too():
    view = ReinforcementOfText([update(1, sample(0.0, change=(-math.inf, 0.1)), sample(1.0), sample(-1.0))])
    still = next(row for row in view.place.rows if unpack(view.state["runs"][0]["advantage"])[row] == 0)
    assert read_token(view.state, view.state["runs"][0], still, 0, "paid").effect == 0
    assert "nan" not in view.svg()


# --- sources --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (3, "expected a LearnedDialogue or DialogueUpdates"),
        ("abc", "expected a LearnedDialogue or DialogueUpdates"),
        ([1, 2], "got int"),
        ([proxied(2), proxied(2)], "update 2 behind update 2"),
        ({"one": [proxied(2), proxied(1)]}, "give two runs by name"),
    ],
)
def test_what_is_no_run_of_a_language_policy_is_refused(source, message):
    with pytest.raises(ValueError, match=message):
        ReinforcementOfText(source)


def test_an_unknown_kind_of_advantage_is_refused():
    with pytest.raises(ValueError, match="advantage must be one of"):
        updates_in([], "best")


@pytest.mark.parametrize(
    ("source", "words"), [(None, "No update yet"), ([], "No update yet"), ([update(1)], "kept no dialogue")]
)
def test_what_has_nothing_to_show_says_what_to_do(source, words):
    view = ReinforcementOfText(source)
    assert view.state["status"] == "empty" and words in view.sentence and view.svg().startswith("<svg")


def test_too_many_tokens_or_runs_are_told_and_not_sent(monkeypatch):
    many = ReinforcementOfText({f"run {index}": [proxied()] for index in range(7)})
    assert many.state["status"] == "too-large" and "7 runs" in many.sentence
    monkeypatch.setattr("widgets.reinforcement_of_text_state.MOST_TOKENS", 3)
    view = ReinforcementOfText([proxied()])
    assert view.state["status"] == "too-large" and "show=1" in view.sentence and "runs" not in view.state


def test_an_update_without_dialogues_among_others_says_so():
    view = ReinforcementOfText([proxied(1), update(2)])
    assert view.sentence.endswith("Of this update no dialogue was kept.")
    assert "no dialogue of this update was kept" in texts(view.svg())


def test_a_training_tells_its_updates_and_goes_on_where_it_was_stopped():
    view = ReinforcementOfText()
    settings = DialogueSettings(prompts=2, samples=3, total_steps=24, lr=0.05)
    learner = DialogueLearner(Table(), Guess(), settings)
    for _, record in zip(range(2), learner, strict=False):
        view.add(record)
    assert view.state["runs"][0]["updates"] == [1, 2]
    learner.run(on_record=view.add, progress=False)
    assert view.state["runs"][0]["updates"] == [1, 2, 3, 4] and view.sentence.startswith("Update 4: reward ")
    with pytest.raises(ValueError, match="behind update 4"):
        view.add(learner.records[0])
    view.add(learner.records[0], "again")
    assert [run["name"] for run in view.state["runs"]] == ["reward", "again"]


# --- the picture ----------------------------------------------------------------------------------------------

sizes = st.lists(st.floats(14, 90), min_size=1, max_size=40)


@given(sizes, st.floats(30, 400))
def test_pages_hold_every_chip_once_and_none_overflows(widths, room):
    firsts = pages(widths, room)
    assert firsts[0] == 0 and firsts == sorted(set(firsts))
    for first, last in zip(firsts, [*firsts[1:], len(widths)], strict=True):
        held = widths[first:last]
        assert len(held) == 1 or sum(held) + GAP * (len(held) - 1) <= room + 1e-6


@given(sizes, st.floats(30, 400))
def test_the_tail_is_the_longest_that_has_room(widths, room):
    first = tail(widths, room)
    kept, longer = widths[first:], widths[max(0, first - 1) :]
    assert len(kept) >= 1
    assert len(kept) == 1 or sum(kept) + GAP * (len(kept) - 1) <= room + 1e-6
    assert first == 0 or sum(longer) + GAP * (len(longer) - 1) > room - 1e-6


def test_of_many_answers_the_best_and_the_worst_have_a_row():
    assert rows_shown(10, 16, 8) == ([10, 11, 12, 13, 14, 15], 0)
    assert rows_shown(10, 28, 8) == ([10, 11, 12, 13, 24, 25, 26, 27], 10)


@given(*[st.floats(-50, 50, allow_subnormal=False)] * 2, st.floats(0.01, 10))
def test_a_larger_effect_is_never_paler_and_the_sign_is_kept(one, other, limit):
    small, large = sorted((one, other))
    assert -1 <= shade(small, limit) <= shade(large, limit) <= 1
    assert np.sign(shade(one, limit)) == np.sign(one)


@pytest.mark.parametrize(("dark", "deepest"), [(False, DEEPEST), (True, 0.55)])
def test_ink_is_readable_on_the_deepest_chip(dark, deepest):
    def luminance(value):
        channels = [int(value[start : start + 2], 16) / 255 for start in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    ink = luminance((DARK if dark else LIGHT)["ink"])
    for colour in ("blue", "vermilion"):
        chip = luminance(mix(colour, deepest, dark=dark))
        assert (max(ink, chip) + 0.05) / (min(ink, chip) + 0.05) >= 4.5


def test_letters_are_large_where_the_answers_have_room():
    narrow, wide = (layout(ReinforcementOfText.measures, 860, wide).size for wide in (2000, 100))
    assert (narrow, wide) == (11, 13) and chip_width("(", 13) == 14


def test_the_static_picture_is_the_same_every_time_and_says_its_sentence(learned):
    one, two = (ReinforcementOfText({"truth": learned, "proxy": [proxied()]}, update=1).svg() for _ in range(2))
    assert one == two
    assert ElementTree.fromstring(one).findtext(f"{SVG}title").startswith("Update 1: truth ")
    for text in ("Prompt", "Answers", "Training", "Largest effect", "as asked", "against", "masked", "= effect"):
        assert text in texts(one), text


@pytest.mark.parametrize("width", [640, 860, 1200])
def test_the_picture_stays_inside_its_width_and_under_520_with_the_controls(width):
    words = tuple(f" word{index}" for index in range(40))
    samples = [sample(0.1 * index, words=words, change=(0.1,) * 40) for index in range(12)]
    view = ReinforcementOfText([update(1, *samples)], width=width, page=1)
    document = ElementTree.fromstring(view.svg())
    assert float(document.get("width")) == width and float(document.get("height")) + 44 <= 520
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("x")) >= 0 and float(rect.get("x")) + float(rect.get("width")) <= width


def test_a_token_wider_than_the_row_is_cut():
    view = ReinforcementOfText([update(1, sample(1.0, words=("x" * 300, " END")), sample(-1.0))])
    assert any(text.startswith("xxx") and text.endswith("…") for text in texts(view.svg()))
