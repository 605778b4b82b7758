"""What the documents show runs."""

from __future__ import annotations

import warnings

import pytest
from documents import DOCUMENTS, blocks

SNIPPETS = [
    pytest.param(snippet, id=f"{document}-{number}")
    for document in DOCUMENTS
    for number, snippet in enumerate(blocks(document, "python"), 1)
]


@pytest.mark.slow
@pytest.mark.parametrize("snippet", SNIPPETS)
def test_every_snippet_runs_as_it_stands(snippet, request, tmp_path, monkeypatch, capsys):
    """In an empty folder, with names of its own; in this process, which has loaded torch already."""
    if "load_pretrained(" in snippet:
        request.getfixturevalue("smollm2")
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        exec(compile(snippet, "snippet", "exec", dont_inherit=True), {"__name__": "__main__"})
    assert capsys.readouterr().out.strip(), "a snippet shows a result"
