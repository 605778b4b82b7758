"""Stories with their logs: text to train on, and the facts behind it to ask about.

``make_story(7)`` is the eighth story of the corpus that ships as ``load_text("stories")``; it brings along what
happened in its world, event by event with causes, and questions with their answers.
"""

from __future__ import annotations

from dataclasses import dataclass

from .entities import Event, Fact
from .plots import PLOTS
from .questions import Question, questions_about
from .stage import Stage

__all__ = ["Story", "make_stories", "make_story"]

SHORTEST, LONGEST = 60, 150  # words
ATTEMPTS = 64


@dataclass(frozen=True)
class Story:
    """A story, and the world behind it.

    Attributes:
        seed: What it was made from.
        plot: Which of the plots it follows, e.g. ``"left_behind"``.
        sentences: The sentences, in order.
        events: What happened, with causes; `Event.sentence` is an index into `sentences`.
        facts: What is true at the end.
        questions: Questions that the text answers.
    """

    seed: int
    plot: str
    sentences: tuple[str, ...]
    events: tuple[Event, ...]
    facts: tuple[Fact, ...]
    questions: tuple[Question, ...]

    @property
    def text(self) -> str:
        """The story as one paragraph."""
        return " ".join(self.sentences)

    def __str__(self) -> str:
        return self.text


def make_story(seed: int) -> Story:
    """Make one story; the same seed makes the same story on every Python.

    Args:
        seed: Any integer from 0.

    Returns:
        A story of 60 to 150 words with its log, its final facts and its questions.

    Raises:
        ValueError: The seed is negative.
    """
    if seed < 0:
        raise ValueError(f"a story's seed is an integer from 0, got {seed}")
    plot = Stage(ATTEMPTS * seed).pick(PLOTS)
    for attempt in range(ATTEMPTS):
        stage = Stage(ATTEMPTS * seed + attempt)
        plot(stage)
        sentences = tuple(stage.narrator.sentences)
        if SHORTEST <= sum(len(sentence.split()) for sentence in sentences) <= LONGEST:
            break
    return Story(seed, plot.__name__, sentences, stage.events(), stage.world.facts(), questions_about(stage))


def make_stories(seed: int = 0, characters: int = 1_200_000) -> str:
    """Make a corpus of stories, one a paragraph, separated by blank lines; no story occurs twice.

    Args:
        seed: 0 makes the corpus that ships with the project: `make_story(0)`, `make_story(1)` and so on.
            Other seeds make others.
        characters: Stop at the first story that makes the text at least this long.

    Returns:
        The text; it ends in a newline.

    Raises:
        ValueError: `characters` is not positive.
    """
    if characters < 1:
        raise ValueError(f"characters must be positive, got {characters}")
    texts: dict[str, None] = {}  # keeps the order, and refuses repetitions
    length, number = 0, 1_000_000 * seed
    while length < characters:
        text = make_story(number).text
        if text not in texts:
            texts[text] = None
            length += len(text) + 2
        number += 1
    return "\n\n".join(texts) + "\n"
