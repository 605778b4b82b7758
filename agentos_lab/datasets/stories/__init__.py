"""A seeded generator of simple stories: a small world is simulated, and then told.

Read `world` (what is possible and what follows), then a plot, say `losing`, then `narrator` and `reference` (how
events become English), then `story`, which puts it together, and `questions`.
"""

from __future__ import annotations

from .entities import Event, Fact
from .questions import Question
from .story import Story, make_stories, make_story

__all__ = ["Event", "Fact", "Question", "Story", "make_stories", "make_story"]
