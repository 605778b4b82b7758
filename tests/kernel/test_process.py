"""Processes: numbers by descent, budgets of families."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel import Budget
from agentos_lab.kernel.process import Process, budget_of, lineage


async def nothing():
    return None


def process(pid="1", parent=None, **limits) -> Process:
    coroutine = nothing()
    coroutine.close()
    return Process(pid, f"p{pid}", coroutine, parent, budget=Budget(**{**vars(Budget.unlimited()), **limits}))


TREES = st.lists(st.tuples(st.integers(0, 10), st.none() | st.integers(0, 12)), min_size=1, max_size=8)


@given(TREES, st.lists(st.tuples(st.integers(0, 7), st.integers(1, 4)), max_size=30))
def test_no_family_ever_uses_more_than_its_budget(tree, charges):
    members = []
    for place, (parent, limit) in enumerate(tree):
        above = members[parent % len(members)] if members and parent else None
        members.append(process(f"{place + 1}", above, tokens=limit))
    own = dict.fromkeys(range(len(members)), 0)
    for who, amount in charges:
        member = members[who % len(members)]
        if member.exceeds("tokens", amount) is None:
            member.charge("tokens", amount)
            own[who % len(members)] += amount
    for each in members:
        family = [place for place, other in enumerate(members) if each in other.family()]
        assert each.usage.tokens == sum(own[place] for place in family)
        assert each.budget.tokens is None or each.usage.tokens <= each.budget.tokens


def test_a_budget_that_is_used_up_says_whose_it_is():
    parent = process("1", tool_calls=1000)
    child = process("1.1", parent, tool_calls=2000)
    assert child.exceeds("tool_calls", 1000) is None
    assert "its ancestor p1's 1,000 tool calls" in child.exceeds("tool_calls", 1001).message
    assert "has used up its 1,000 tool calls" in parent.exceeds("tool_calls", 1001).message


def test_seeds_differ_by_process_call_and_kernel_and_never_by_schedule():
    seeds = set()
    for pid in ("1", "2", "1.1"):
        each = process(pid)
        for each.n in range(3):
            seeds |= {each.seed(0), each.seed(1)}
            assert each.seed(0) == each.seed(0)
    assert len(seeds) == 18


@given(st.lists(st.lists(st.integers(1, 30), min_size=1, max_size=3), max_size=6))
def test_numbers_sort_by_descent(paths):
    pids = [".".join(map(str, path)) for path in paths]
    assert [lineage(pid) for pid in sorted(pids, key=lineage)] == sorted(tuple(path) for path in paths)


@pytest.mark.parametrize("wrong", [{"tokens": -1}, {"ticks": 2.5}, {"memory": "much"}])
def test_limits_are_whole_numbers(wrong):
    with pytest.raises(ValueError, match="a whole number or None"):
        Budget(**wrong)


def test_budgets_have_short_forms():
    assert budget_of(None) == Budget() and budget_of(7) == Budget(tokens=7)
    assert budget_of({"ticks": 3}) == Budget(ticks=3) and budget_of(Budget(memory=1)).memory == 1
    assert set(vars(Budget.unlimited()).values()) == {None}
    with pytest.raises(ValueError, match=r"tokens.*got 'token'"):
        budget_of({"token": 3})


def test_what_a_dying_agent_raises_stays_with_it():
    async def stubborn():
        try:
            await Never()
        finally:
            raise KeyError("mine")

    class Never:
        def __await__(self):
            yield

    coroutine = stubborn()
    coroutine.send(None)
    each = Process("1", "x", coroutine)
    assert each.close().kind == "KeyError" and each.close() is None
    assert str(each) == "process 1 (x): ready"
