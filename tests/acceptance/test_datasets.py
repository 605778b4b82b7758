"""The texts that every Python carries with it are long, and the same each time."""

from __future__ import annotations

from agentos_lab.datasets import load_text


def test_texts_of_the_running_python_are_long_and_the_same_each_time() -> None:
    topics, docstrings = load_text("python_topics"), load_text("python_docstrings")
    assert len(topics) > 300_000 and "assert" in topics.text
    assert len(docstrings) > 1_000_000 and "Return" in docstrings.text
    docstrings.text.encode("utf-8")
    assert load_text("python_docstrings").text is docstrings.text  # made once in a session
