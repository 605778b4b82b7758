"""Atomic writing: what a reader can see at any moment."""

import pytest

from agentos_lab.atomic_file import replacing


def test_the_file_appears_when_all_is_written_in_a_folder_that_is_made(tmp_path):
    target = tmp_path / "new" / "folder" / "note.txt"
    with replacing(target) as partial:
        partial.write_text("whole")
        assert not target.exists()
    assert target.read_text() == "whole" and list(target.parent.iterdir()) == [target]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path):
    target = tmp_path / "note.txt"
    target.write_text("old")
    with pytest.raises(RuntimeError), replacing(target) as partial:
        partial.write_text("half")
        raise RuntimeError
    assert target.read_text() == "old" and list(tmp_path.iterdir()) == [target]


def test_others_may_read_it_as_they_may_any_file(tmp_path):
    (tmp_path / "usual").write_text("")
    with replacing(tmp_path / "ours") as partial:
        partial.write_text("")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode
