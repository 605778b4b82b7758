"""Locks: one holder, the most urgent next, and inherited priorities."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel import FairShare, Kernel, Priority, RoundRobin, ScriptedCore
from agentos_lab.kernel.locks import LockTable, effective_priority

PIDS = [str(k) for k in range(6)]


@st.composite
def tables(draw):
    locks = {f"lock {k}": draw(st.sampled_from(PIDS)) for k in range(4)}
    queues = {
        name: draw(st.lists(st.sampled_from([p for p in PIDS if p != locks[name]]), unique=True)) for name in locks
    }
    return LockTable(locks, queues), {pid: draw(st.integers(-3, 9)) for pid in PIDS}


@given(tables())
def test_a_priority_is_that_of_the_most_urgent_who_waits_directly_or_not(drawn):
    table, priorities = drawn
    waits = nx.DiGraph()
    waits.add_nodes_from(PIDS)
    waits.add_edges_from((waiting, table.holders[lock]) for lock, queue in table.queues.items() for waiting in queue)
    for pid in PIDS:
        expected = max(priorities[each] for each in {pid, *nx.ancestors(waits, pid)})
        assert effective_priority(pid, priorities, table) == expected >= priorities[pid]


def test_the_most_urgent_is_next_and_among_equals_who_came_first():
    table = LockTable({"x": "1"})
    for pid in ("2", "3", "4"):
        table.enqueue("x", pid)
    assert table.next("x", {"2": 0, "3": 5, "4": 5}.__getitem__) == "3"
    table.leave("3")
    assert table.next("x", lambda pid: 0) == "2" and table.next("y", lambda pid: 0) is None
    assert table.held_by("1") == ["x"] and table.held_by("2") == []


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(["x", "y"]), st.integers(0, 3), st.booleans()), max_size=4),
        min_size=2,
        max_size=5,
    ),
    st.sampled_from([RoundRobin(1), Priority(), FairShare(2)]),
)
def test_a_lock_never_has_two_holders_and_all_are_free_in_the_end(plans, scheduler):
    inside = {"x": [], "y": []}

    async def agent(syscall, plan):
        for lock, length, writes in plan:
            async with syscall.lock(lock):
                inside[lock].append(syscall.pid)
                assert inside[lock] == [syscall.pid]
                await (syscall.generate("…", max_new_tokens=length + 1) if writes else syscall.sleep(length))
                inside[lock].remove(syscall.pid)
        return "done"

    kernel = Kernel(ScriptedCore(slots=2), scheduler=scheduler, journal=False)
    for k, plan in enumerate(plans):
        kernel.spawn(agent, arguments={"plan": plan}, priority=k)
    assert set(kernel.run().results.values()) == {"done"}
    assert not kernel.locks.holders and not any(kernel.locks.queues.values())
