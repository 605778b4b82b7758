"""The data of the course, each with its licence and checksum, loaded offline.

``load_text("stories")`` is the corpus made by this package's own generator; ``available()`` lists the others.
"""

from __future__ import annotations

from .cards import Card, Catalogue, available, card, data_folder
from .downloads import cache_folder, download
from .python_texts import python_docstrings, python_topics
from .stories import Story, make_stories, make_story
from .tables import load_table
from .texts import TextDataset, load_text

__all__ = [
    "Card",
    "Catalogue",
    "Story",
    "TextDataset",
    "available",
    "cache_folder",
    "card",
    "data_folder",
    "download",
    "load_table",
    "load_text",
    "make_stories",
    "make_story",
    "python_docstrings",
    "python_topics",
]
