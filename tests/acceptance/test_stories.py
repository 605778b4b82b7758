"""The shipped stories are what the generator makes, to the last letter."""

from __future__ import annotations

import pytest

from agentos_lab.datasets import load_text
from agentos_lab.datasets.stories import Story, make_stories, make_story


@pytest.fixture(scope="module")
def corpus() -> str:
    return load_text("stories").text


@pytest.fixture(scope="module")
def stories() -> list[Story]:
    return [make_story(seed) for seed in range(600)]


def test_the_shipped_corpus_is_what_the_generator_makes(corpus: str) -> None:
    assert make_stories(seed=0, characters=1_200_000) == corpus
