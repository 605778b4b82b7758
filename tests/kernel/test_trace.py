"""The trace: all figures and charts are folds over it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel import Fifo, Kernel, RoundRobin, ScriptedCore, Trace
from agentos_lab.kernel.trace import Event, Metrics, ProcessMetrics

PLANS = st.lists(
    st.tuples(st.integers(0, 6), st.lists(st.tuples(st.sampled_from("gsr"), st.integers(1, 6)), max_size=4)),
    min_size=1,
    max_size=5,
)


def run(plans, slots=1, scheduler=None) -> Kernel:
    async def agent(syscall, plan):
        for kind, length in plan:
            if kind == "g":
                await syscall.generate("x", max_new_tokens=length)
            elif kind == "s":
                await syscall.sleep(length)
            else:
                await syscall.receive(timeout=length)

    kernel = Kernel(ScriptedCore(slots=slots), scheduler=scheduler or RoundRobin(2), journal=False)
    for arrives, plan in plans:
        kernel.spawn(agent, arguments={"plan": plan}, arrives=arrives)
    kernel.run()
    return kernel


@given(PLANS, st.integers(1, 3))
def test_the_intervals_cover_each_life_without_gap_or_overlap(plans, slots):
    trace = run(plans, slots).trace
    for each in trace.metrics().processes:
        life = [interval for interval in trace.intervals() if interval.pid == each.pid]
        end = each.arrival
        for interval in life:
            assert interval.start == end < interval.end
            end = interval.end
        assert end == each.arrival + each.turnaround


@given(PLANS, st.integers(1, 3))
def test_figures_are_sums_of_the_intervals(plans, slots):
    trace = run(plans, slots).trace
    metrics = trace.metrics()
    for each, (_, plan) in zip(metrics.processes, plans, strict=True):
        spans = {
            state: sum(i.end - i.start for i in trace.intervals() if (i.pid, i.state) == (each.pid, state))
            for state in ("queued", "decoding", "waiting")
        }
        assert each.tokens == spans["decoding"] == sum(length for kind, length in plan if kind == "g")
        assert each.waiting == spans["queued"]
        assert spans["waiting"] == sum(length for kind, length in plan if kind != "g")
        assert each.turnaround == sum(spans.values())
    assert metrics.tokens == sum(each.tokens for each in metrics.processes)


@given(PLANS)
def test_no_slot_holds_two_at_a_time(plans):
    cells = [
        (tick, interval.slot)
        for interval in run(plans, 2).trace.intervals()
        if interval.state == "decoding"
        for tick in range(interval.start, interval.end)
    ]
    assert len(cells) == len(set(cells)) and {slot for _, slot in cells} <= {0, 1}


EVENTS = st.builds(
    Event, st.integers(0, 99), st.floats(0, 9), st.text(max_size=3), st.text(max_size=5),
    st.dictionaries(st.text(), st.none() | st.integers() | st.text() | st.lists(st.text(), max_size=2), max_size=3),
)  # fmt: skip


@given(st.lists(EVENTS, max_size=6))
def test_lines_of_json_bring_every_event_back(tmp_path_factory, events):
    path = tmp_path_factory.mktemp("trace") / "trace.jsonl"
    assert Trace.load(Trace(list(events)).save(path)).events == events


def test_a_trace_that_was_read_again_draws_the_same_chart(tmp_path):
    trace = run([(0, [("g", 3)]), (1, [("s", 2), ("g", 2)])]).trace
    again = Trace.load(trace.save(tmp_path / "trace.jsonl"))
    assert str(again) == str(trace) and again.metrics() == trace.metrics()


@pytest.mark.parametrize("line", ["[1, 2]", "{}", "nonsense", '[1, 2, "1", "x", 3]', "[]"])
def test_a_line_that_is_no_event_is_named(tmp_path, line):
    path = tmp_path / "trace.jsonl"
    path.write_text('[0, 0.0, "1", "ready", {}]\n' + line + "\n")
    with pytest.raises(ValueError, match="line 2 is no event"):
        Trace.load(path)


def test_the_chart_shows_who_decodes_who_queues_and_who_waits():
    trace = run([(0, [("g", 3)]), (0, [("g", 2)]), (2, [("s", 4)])], scheduler=Fifo()).trace
    assert str(trace).splitlines() == [
        "agent ███", "agent ░░░██", "agent   ────",
        "      0 … 6, 1 tick a character: █ decoding  ░ queued  ─ waiting",
    ]  # fmt: skip
    assert len(trace.gantt(width=3).splitlines()[0].split()[1]) == 2


def test_percentiles_take_the_nearest_rank():
    each = [ProcessMetrics(str(k), "x", 0, k, None if k > 4 else k, None, 0, 0) for k in range(1, 11)]
    metrics = Metrics(tuple(each), 10, 0.0)
    assert (metrics.mean("waiting"), metrics.p90("waiting")) == (5.5, 9)
    assert metrics.values("first_token") == [1, 2, 3, 4] and metrics.p90("first_token") == 4
    assert metrics.mean("turnaround") != metrics.mean("turnaround")  # nobody has ended: not a number
    assert "10 processes" in str(metrics)


def test_events_are_found_by_process_and_by_kind():
    trace = Trace()
    trace.add(0, "1", "spawn", name="a")
    trace.add(0, "1", "ready")
    trace.add(2, "2", "ready")
    assert len(trace) == 3 and trace.end == 2 and trace.names == {"1": "a"}
    assert [event.tick for event in trace.of(kind="ready")] == [0, 2] and len(trace.of("1", "ready")) == 1
    assert [event.kind for event in trace] == ["spawn", "ready", "ready"]
