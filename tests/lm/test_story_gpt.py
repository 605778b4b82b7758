"""The model that ships: small, intact, and a teller of stories that it has not learnt by heart."""

import json
import re
from pathlib import Path

import pytest
import torch

from agentos_lab.datasets import card, load_text
from agentos_lab.lm import TrainSettings, load_pretrained
from agentos_lab.lm.training import Trainer

FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "story_gpt"


@pytest.fixture(scope="module")
def story_gpt():
    return load_pretrained("story-gpt")


def test_it_is_small_and_computes_in_float32(story_gpt):
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 5_000_000
    assert story_gpt.model.dtype == torch.float32 and 1e6 < story_gpt.model.num_parameters() < 3e6
    assert card("story_gpt").kind == "model"


def test_it_tells_a_whole_story_in_the_words_of_the_stories(story_gpt):
    known = set(re.findall(r"[A-Za-z]+", load_text("stories").text))
    told = story_gpt.generate("", max_new_tokens=240, seed=0)
    assert told.finish_reason == "stop" and told.text.rstrip().endswith((".", '"', "!", "?"))
    for opening in ("", "One rainy day", "The little girl"):
        text = opening + story_gpt.generate(opening, max_new_tokens=100, temperature=0.7, seed=1).text
        words = re.findall(r"[A-Za-z]+", text)[:-1]  # the last one may be cut off
        assert len(words) > 40 and sum(word in known for word in words) > 0.97 * len(words), text


def test_it_scores_on_unseen_stories_what_its_log_says(story_gpt):
    log = (FOLDER / "log.txt").read_text("utf-8")
    stated = float(re.findall(r"^validation loss ([\d.]+)", log, re.MULTILINE)[-1])
    end = story_gpt.tokenizer.special["eos"]
    stories = load_text("stories").text.strip().split("\n\n")
    tokens = [end, *(token for story in stories for token in (*story_gpt.tokenizer.encode(story), end))]
    trainer = Trainer(story_gpt.model, tokens, TrainSettings(evaluate_windows=16), validation=tokens)
    assert trainer.evaluate() == pytest.approx(stated, abs=0.1) and stated < 1.5
    assert f"{stated:.4f} nats/token" in json.loads((FOLDER / "card.json").read_text("utf-8"))["description"]
