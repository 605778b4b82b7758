"""Deadlock: rings are found if and only if there are some, and the right one has to give way."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel.deadlock import awaited, choose_victim, find_cycle
from agentos_lab.kernel.locks import LockTable
from agentos_lab.kernel.process import Process
from agentos_lab.kernel.syscall import Acquire, Call, Receive, Sleep, Wait
from agentos_lab.kernel.tools import Toolbox, tool

GRAPHS = st.dictionaries(st.sampled_from("abcdefg"), st.lists(st.sampled_from("abcdefg"), max_size=3), max_size=7)


@given(GRAPHS, st.sampled_from("abcdefg"))
def test_a_ring_is_found_where_networkx_finds_one(waits, start):
    graph = nx.DiGraph([(a, b) for a, others in waits.items() for b in others])
    graph.add_node(start)
    in_ring = graph.has_edge(start, start) or any(
        start in ring and len(ring) > 1 for ring in nx.strongly_connected_components(graph)
    )
    found = find_cycle(lambda node: waits.get(node, []), start)
    assert bool(found) == in_ring
    if found:
        assert found[0] == start and len(set(found)) == len(found)
        assert all(graph.has_edge(a, b) for a, b in zip(found, (*found[1:], start), strict=True))


def process(pid, priority=0, daemon=False, call=None) -> Process:
    return Process(pid, pid, None, priority=priority, daemon=daemon, call=call)  # type: ignore[arg-type]


def test_one_waits_for_who_must_act():
    locks = LockTable({"x": "9"})
    tools = Toolbox([tool(lambda: 1, name="prints", exclusive="x"), tool(lambda: 1, name="free")])
    expected = [
        (Wait("3"), ["3"]), (Receive("4"), ["4"]), (Receive("4", 5), []), (Receive(), []), (Acquire("x"), ["9"]),
        (Acquire("y"), []), (Call("prints"), ["9"]), (Call("free"), []), (Call("unknown"), []), (Sleep(3), []),
    ]  # fmt: skip
    for call, pids in expected:
        assert awaited(process("1", call=call), locks, tools) == pids


def test_the_least_urgent_of_a_ring_gives_way_and_of_those_the_youngest():
    living = [process("1", 5), process("2", 1), process("3", 1), process("4", 0)]
    ring = {"1": ["2"], "2": ["3"], "3": ["1"], "4": ["1"]}
    victim, cycle = choose_victim(living, ring.__getitem__)
    assert victim.pid == "3" and set(cycle) == {"1", "2", "3"}


def test_without_a_ring_the_least_urgent_of_all_gives_way_a_daemon_last():
    living = [process("1", 5), process("2", 1, daemon=True), process("3", 3)]
    victim, cycle = choose_victim(living, lambda pid: [])
    assert victim.pid == "3" and cycle == ()
    assert choose_victim(living[1:2], lambda pid: [])[0].pid == "2"
