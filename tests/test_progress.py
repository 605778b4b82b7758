"""Progress bars: shown to people, hidden from what compares output."""

import pytest

from agentos_lab.progress import progress_bar

VARIABLES = ("CI", "NBVAL", "AGENTOS_LAB_QUIET")


@pytest.fixture(autouse=True)
def nobody_asks_for_quiet(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


def test_a_bar_is_shown_unless_it_is_hidden(capsys):
    for hidden in (False, True):
        with progress_bar(hidden=hidden, total=3, desc="three steps") as bar:
            bar.update(3)
        assert ("three steps" in capsys.readouterr().err) is not hidden


@pytest.mark.parametrize("name", VARIABLES)
def test_where_output_is_compared_there_is_none(name, monkeypatch, capsys):
    monkeypatch.setenv(name, "1")
    assert list(progress_bar(iterable=range(3))) == [0, 1, 2]
    assert capsys.readouterr().err == ""
