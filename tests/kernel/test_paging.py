from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel.paging import (
    FIFO,
    LRU,
    LRUK,
    AttentionMass,
    Clock,
    Optimal,
    PageTable,
    Resident,
    simulate_paging,
    windows,
)

REFERENCES = st.lists(st.integers(0, 6), max_size=40)
POLICIES = (FIFO(), LRU(), LRUK(2), LRUK(3), Clock(), AttentionMass(), Optimal())
BELADY = "123412512345"  # Belady, Nelson & Shedler 1969
SILBERSCHATZ = "70120304230321201701"
STALLINGS = "232152453252"


@pytest.mark.parametrize(
    ("references", "policy", "frames", "faults"),
    [
        (BELADY, FIFO(), 3, 9),
        (BELADY, FIFO(), 4, 10),
        (BELADY, LRU(), 3, 10),
        (BELADY, LRU(), 4, 8),
        (BELADY, Optimal(), 3, 7),
        (BELADY, Optimal(), 4, 6),
        (SILBERSCHATZ, FIFO(), 3, 15),
        (SILBERSCHATZ, Optimal(), 3, 9),
        (SILBERSCHATZ, LRU(), 3, 12),
        (STALLINGS, Optimal(), 3, 3 + 3),  # its figure counts faults after the frames are full
        (STALLINGS, LRU(), 3, 4 + 3),
        (STALLINGS, FIFO(), 3, 6 + 3),
        (STALLINGS, Clock(), 3, 5 + 3),
    ],
)
def test_faults_are_those_of_the_textbooks(references, policy, frames, faults):
    run = simulate_paging(references, frames, policy)
    assert (run.faults, run.hits) == (faults, len(references) - faults)
    assert run.first_loads == len(set(references))


def lru_by_stack_distance(references, frames):
    """Mattson et al. 1970: a reference hits when fewer than `frames` other pages came since the last one to it."""
    faults = 0
    for time, page in enumerate(references):
        earlier = [t for t in range(time) if references[t] == page]
        faults += not earlier or len(set(references[earlier[-1] + 1 : time])) >= frames
    return faults


def clock_with_frames(references, frames):
    """The clock as textbooks draw it: an array of frames, a mark each, and a hand."""
    memory, marks, hand, faults = [None] * frames, [False] * frames, 0, 0
    for page in references:
        if page not in memory:
            faults += 1
            while marks[hand]:
                marks[hand], hand = False, (hand + 1) % frames
            memory[hand], place = page, hand
            hand = (hand + 1) % frames
        else:
            place = memory.index(page)
        marks[place] = True
    return faults


def fewest_faults(references, frames):
    """The optimum, by trying every choice."""
    memories = {frozenset(): 0}
    for page in references:
        following = {}
        for memory, faults in memories.items():
            if page in memory:
                choices, cost = [memory], faults
            else:
                full = len(memory) == frames
                choices, cost = [memory - {out} | {page} for out in memory] if full else [memory | {page}], faults + 1
            for choice in choices:
                following[choice] = min(cost, following.get(choice, cost))
        memories = following
    return min(memories.values())


def lru_k_by_looking_back(references, frames, k):
    """O'Neil, O'Neil & Weikum 1993, definition 2.1: the page with the largest backward k-distance goes."""
    memory, faults = set(), 0
    for time, page in enumerate(references):
        uses = {held: [t for t in range(time - 1, -1, -1) if references[t] == held] for held in memory}
        distance = {held: time - back[k - 1] if len(back) >= k else float("inf") for held, back in uses.items()}
        if page not in memory:
            faults += 1
            if len(memory) == frames:
                memory.remove(max(memory, key=lambda held: (distance[held], time - uses[held][0])))
            memory.add(page)
    return faults


@given(REFERENCES, st.integers(1, 5))
def test_policies_agree_with_independent_accounts_of_them(references, frames):
    assert simulate_paging(references, frames, LRU()).faults == lru_by_stack_distance(references, frames)
    assert simulate_paging(references, frames, Clock()).faults == clock_with_frames(references, frames)
    assert simulate_paging(references, frames, Optimal()).faults == fewest_faults(references, frames)
    for k in (1, 2, 3):
        assert simulate_paging(references, frames, LRUK(k)).faults == lru_k_by_looking_back(references, frames, k)
    assert simulate_paging(references, frames, LRUK(1)).events == simulate_paging(references, frames, LRU()).events


@given(REFERENCES, st.integers(1, 5), st.sampled_from([LRU(), LRUK(2), LRUK(3), Optimal()]))
def test_more_memory_holds_all_that_less_memory_holds(references, frames, policy):
    small, large = (windows(simulate_paging(references, size, policy).events) for size in (frames, frames + 1))
    assert all(set(small[time]) <= set(large[time]) for time in range(len(references)))


@given(REFERENCES, st.integers(1, 5), st.sampled_from(POLICIES))
def test_laws_of_every_run(references, frames, policy):
    run = simulate_paging(references, frames, policy)
    assert simulate_paging(references, frames, Optimal()).faults <= run.faults
    assert run.first_loads <= run.faults <= len(references) == run.faults + run.hits
    stacks = windows(run.events)
    assert sorted(stacks) == list(range(len(references)))
    for time, page in enumerate(references):
        assert stacks[time][0] == page and len(stacks[time]) == len(set(stacks[time])) <= frames
        assert run.next_out[time] in stacks[time]
    evicted = {event.time: event.page for event in run.events if event.kind == "evict"}
    for time, page in evicted.items():
        assert page in stacks[time - 1] and page not in stacks[time]
    assert list(run.faults_so_far[-1:]) == ([run.faults] if references else [])
    if len(set(references)) <= frames:
        assert run.faults == run.first_loads and not evicted


def test_a_scan_costs_lru_its_working_set_and_lru_2_keeps_it():
    references = ["plan", "tools"] * 3 + [f"report p.{n}" for n in range(4)] + ["plan", "tools"]
    assert simulate_paging(references, 4, LRU()).faults == 8
    assert simulate_paging(references, 4, LRUK(2)).faults == 6


def test_attention_keeps_what_the_model_looks_at():
    references, look = "abcabdabeab", {"a": 1.0, "b": 0.5}
    run = simulate_paging(references, 3, AttentionMass(), masses=[look] * len(references))
    assert run.faults == run.first_loads == 5
    pages = [Resident("old", 0, (0,), mass=0.2), Resident("loved", 1, (1,), mass=3), Resident("new", 2, (2,), mass=0)]
    assert AttentionMass(recent=0).victim(pages, 3) == "new"
    assert AttentionMass(recent=1).victim(pages, 3) == AttentionMass(recent=9).victim(pages, 3) == "old"
    with pytest.raises(ValueError, match="11 mappings expected"):
        simulate_paging(references, 3, AttentionMass(), masses=[look])


@given(REFERENCES, st.integers(2, 5), st.sampled_from(POLICIES))
def test_a_pinned_page_stays_once_it_is_in(references, frames, policy):
    run = simulate_paging(references, frames, policy, pinned=[0])
    assert ("evict", 0) not in {(event.kind, event.page) for event in run.events} and 0 not in run.next_out


def test_pins_that_leave_no_frame_are_refused_and_pins_that_need_none_are_not():
    with pytest.raises(ValueError, match="2 pinned pages leave none of 2 frames free"):
        simulate_paging("abc", 2, pinned="ab")
    run = simulate_paging("abab", 2, pinned="abz")
    assert run.faults == 2 and run.next_out[1:] == (None, None, None)


@pytest.mark.parametrize("frames", [0, -1, True, 2.0, "3", None])
def test_a_number_of_frames_is_a_whole_number_from_one(frames):
    with pytest.raises(ValueError, match="frames: a whole number"):
        simulate_paging("abc", frames)


def test_wrong_policies_are_named():
    class Wild(LRU):
        def victim(self, pages, now):
            return "nobody"

    with pytest.raises(ValueError, match=r"Wild chose page 'nobody', which is none of \['a'\]"):
        simulate_paging("ab", 1, Wild())
    with pytest.raises(ValueError, match=r"like LRU\(\)"):
        simulate_paging("ab", 1, LRU)
    with pytest.raises(ValueError, match="k: a whole number"):
        LRUK(0)
    table = PageTable(Optimal())
    table.reference("a")
    with pytest.raises(ValueError, match="Optimal needs the future"):
        table.victims(lambda going: bool(going))


def test_a_policy_of_ones_own_needs_nothing_but_a_decision():
    class Latest:
        def victim(self, pages, now):
            return max(pages, key=lambda page: page.times[-1]).id

    assert simulate_paging("abcabcabc", 2, Latest()).faults < simulate_paging("abcabcabc", 2, LRU()).faults


def test_a_run_draws_itself_as_textbooks_do():
    assert str(simulate_paging("1231", 2, FIFO())).split("\n") == [
        "FIFO, 2 frames: 4 faults, 0 hits",
        "reference    1 2 3 1",
        "recent first 1 2 3 1",
        "               1 2 3",
        "fault        * * * *",
    ]
    assert str(simulate_paging("", 2)) == "LRU, 2 frames: 0 faults, 0 hits"
    assert "\n" not in str(simulate_paging([f"page {n}" for n in range(50)], 2))
