"""The shipped reference: small, and as good as its log says."""

import json
import math
import re
from pathlib import Path

import pytest

from agentos_lab.datasets import card
from agentos_lab.lm import load_pretrained
from agentos_lab.rl.dialogue_evaluation import evaluate_dialogue
from agentos_lab.rl.tool_call_task import VOCABULARY, ToolCallTask

FOLDER = Path(__file__).resolve().parents[2] / "datasets" / "tool_call_gpt"


@pytest.fixture(scope="module")
def reference():
    return load_pretrained("tool-call-gpt").model


def stated(turns):
    """Success of samples, as the log says it: estimate and standard error."""
    log = (FOLDER / "log.txt").read_text("utf-8")
    found = re.search(rf"examination, {turns} turns?: success ([\d.]+) ± ([\d.]+) of samples", log)
    return float(found[1]), float(found[2])


def test_it_is_small_and_speaks_the_vocabulary_of_the_task():
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 500_000
    assert card("tool_call_gpt").kind == "model"
    tokenizer = load_pretrained("tool-call-gpt").tokenizer
    assert tuple(tokenizer.token_text(token) for token in range(tokenizer.vocab_size)) == VOCABULARY
    assert json.loads((FOLDER / "model" / "config.json").read_text("utf-8"))["name"] == "tool-call-gpt"


@pytest.mark.parametrize("turns", [1, 2])
def test_it_succeeds_in_a_fifth_of_its_samples_and_never_when_greedy(reference, turns):
    examination = ToolCallTask(turns=turns).examination()
    sampled = evaluate_dialogue(reference, examination, episodes=500, seed=5)
    estimate, error = stated(turns)
    assert 0.15 < estimate < 0.25 and abs(sampled.mean - estimate) < 4 * math.hypot(error, sampled.std_error)
    assert evaluate_dialogue(reference, examination, episodes=100, greedy=True).mean == 0.0
