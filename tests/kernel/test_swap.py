"""Swapping: in memory up to the budget, the rest on disk, and nothing is left behind."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel.swap import Swap


@dataclass(frozen=True)
class Snapshot:
    name: str
    nbytes: int


class Core:
    def save(self, snapshot, path):
        path.write_text(f"{snapshot.name} {snapshot.nbytes}")

    def load(self, path, **settings):
        name, nbytes = path.read_text().split()
        return Snapshot(name, int(nbytes))


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["put", "put", "take", "drop"]), st.sampled_from("abcd"), st.integers(0, 60)), max_size=25
)


@given(st.none() | st.integers(0, 100), ACTIONS)
def test_memory_stays_within_the_budget_and_every_snapshot_comes_back(budget, actions):
    swap, model = Swap(Core(), budget), {}
    for kind, pid, nbytes in actions:
        if kind == "put" and pid not in model:
            model[pid] = Snapshot(pid, nbytes)
            swap.put(pid, model[pid])
        elif kind == "take":
            assert swap.take(pid) == model.pop(pid, None)
        elif kind == "drop":
            swap.drop(pid)
            model.pop(pid, None)
        assert budget is None or swap.nbytes <= budget
        assert {*swap.in_memory, *swap.on_disk} == set(model)
        assert all(path.exists() for path in swap.on_disk.values())
    if swap._folder is not None:
        from pathlib import Path

        assert len(list(Path(swap._folder.name).iterdir())) == len(swap.on_disk)


def test_who_has_been_in_memory_the_longest_goes_first():
    swap = Swap(Core(), 100)
    assert [swap.put(pid, Snapshot(pid, 50)) for pid in "abc"] == [0, 0, 1]
    assert list(swap.on_disk) == ["a"] and list(swap.in_memory) == ["b", "c"] and swap.written == 1


def test_a_core_that_cannot_save_is_refused():
    with pytest.raises(ValueError, match="cannot save snapshots"):
        Swap(object(), 100)
    assert Swap(object()).take("1") is None
