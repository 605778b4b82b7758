from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.kernel.context import ContextWindow, Page, lay_out
from agentos_lab.kernel.paging import FIFO, LRU, LRUK, AttentionMass, Clock, Optimal, simulate_paging, windows

BELADY = "123412512345"


def words(n, letter="w"):
    return " ".join([letter] * n)


def kinds(window):
    return [(event.kind, event.page) for event in window.events]


@pytest.mark.parametrize("policy", [FIFO(), LRU(), LRUK(), Clock(), AttentionMass()])
@given(references=st.lists(st.integers(0, 5), max_size=30), frames=st.integers(1, 4))
@settings(max_examples=25, deadline=None)
def test_a_window_of_equal_pages_behaves_as_the_simulation(policy, references, frames):
    window = ContextWindow(frames, policy, lambda text: 1, notes=False)
    ids = {}
    for page in references:
        if page in ids:
            window.reference(ids[page])
        else:
            ids[page] = window.add(f"page {page}", "user")
    run = simulate_paging([ids[page] for page in references], frames, policy)
    assert tuple(window.events) == run.events


def test_the_textbook_string_has_its_faults():
    window, ids = ContextWindow(3, FIFO(), lambda text: 1, notes=False), {}
    for page in BELADY:
        if page in ids:
            window.reference(ids[page])
        else:
            ids[page] = window.add(page, "user", name=f"page {page}")
    assert window.counters() == {"load": 5, "fault": 4, "hit": 3, "evict": 6}
    assert windows(window.events)[11] == (4, 3, 2) and [page.name for page in window.archive] == ["page 1", "page 2"]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 40)),
        st.tuples(st.just("pinned"), st.integers(0, 15)),
        st.tuples(st.sampled_from(["reference", "pin", "unpin", "replace"]), st.integers(0, 12)),
    ),
    max_size=25,
)
COUNTS = {"words": None, "letters": len, "bytes": lambda text: len(text.encode())}


@given(STEPS, st.sampled_from([FIFO(), LRU(), LRUK(), Clock(), AttentionMass()]), st.booleans(), st.booleans(),
       st.sampled_from(sorted(COUNTS)))  # fmt: skip
@settings(max_examples=250, deadline=None)
def test_laws_of_every_window(steps, policy, notes, summarize, count):
    window = ContextWindow(
        60, policy, COUNTS[count], notes=notes, summary_tokens=20,
        summarize=(lambda pages: f"about {len(pages)}") if summarize else None,
    )  # fmt: skip
    counted = window._count
    written: dict[int, str] = {}
    for step, number in steps:
        before = (window.text(), list(window.events), str(window.accounting()))
        try:
            if step in ("add", "pinned"):
                written[window.add(words(number), "user", pinned=step == "pinned")] = words(number)
            elif step == "replace":
                window.replace([number, number + 1], "both")
            else:
                getattr(window, step)(number)
        except ValueError:
            assert (window.text(), list(window.events), str(window.accounting())) == before
        books, everything = window.accounting(), {page.id: page for page in [*window.pages, *window.archive]}
        assert books.resident + books.notes + books.free == books.budget == 60 and books.free >= 0
        assert counted(window.text()) == books.resident + books.notes, "the prompt costs what the books say"
        assert books.archived == sum(page.tokens for page in window.archive)
        assert len(everything) == len(window.pages) + len(window.archive), "a page is in one place"
        assert all(everything[id].text == text for id, text in written.items()), "nothing is lost"
        assert [page.id for page in window.layout() if page.id >= 0] == [page.id for page in window.pages]
        assert all(not page.pinned for page in window.archive)
        missing = sum(int(page.text[1:].split()[0]) for page in window.layout() if page.id < 0)
        assert missing == (len(window.archive) if notes else 0), "every missing page is in a note"
        assert (books.notes > 0) == (notes and bool(window.archive))
        if window.events:
            assert set(windows(window.events)[window.events[-1].time]) == {page.id for page in window.pages}


def test_the_prompt_says_what_is_missing_where_it_is_missing():
    window = ContextWindow(40)
    ids = [window.add(f"{letter} " * 6, "user", pinned=letter in "ad") for letter in "abcdefg"]
    assert [page.id for page in window.pages] == [ids[0], ids[3], ids[6]]
    assert window.text() == (
        "a a a a a a \n[2 pages, 12 tokens, in the archive]\nd d d d d d \n[2 pages, 12 tokens, in the archive]\n"
        "g g g g g g \n"
    )
    books = window.accounting()
    assert (books.roles, books.notes, books.archived, books.free) == ({"user": 18}, 22, 24, 0)
    assert str(books).split("\n") == [
        "user           18",
        "(notes)        22",
        "(free)          0",
        "(archived)     24",
    ]


def test_a_fault_brings_a_page_back_to_its_place():
    window = ContextWindow(10, notes=False)
    first, second, third = (window.add(words(4, letter), "user") for letter in "abc")
    assert window.text() == "b b b b\nc c c c\n"
    assert window.reference(first).text == "a a a a"
    assert window.text() == "a a a a\nc c c c\n"
    assert kinds(window) == [
        ("load", 0), ("load", 1), ("evict", 0), ("load", 2), ("evict", 1), ("fault", 0),
    ]  # fmt: skip
    assert window.events[4].pages == (first,) and window.reference(third).id == third
    assert window.counters()["hit"] == 1 and [page.id for page in window.archive] == [second]


def test_a_page_as_large_as_the_window_fits_alone_and_a_larger_one_never():
    window = ContextWindow(10)
    window.add(words(10), "tool")
    assert window.accounting().free == 0
    with pytest.raises(ValueError, match="11 tokens do not fit into 10, of which 0 are pinned and some"):
        window.add(words(11), "tool")
    with pytest.raises(ValueError, match="make the window larger"):
        window.add(words(10), "tool")  # a note on the first would not fit beside it
    silent = ContextWindow(10, notes=False)
    silent.add(words(10, "a"), "tool")
    silent.add(words(10, "b"), "tool")
    assert silent.text() == words(10, "b") + "\n"


def test_pinned_pages_that_fill_the_window_are_an_error_that_changes_nothing():
    window = ContextWindow(10)
    for _ in range(2):
        window.add(words(5), "system", pinned=True)
    before = window.text(), list(window.events)
    with pytest.raises(ValueError, match="1 tokens do not fit into 10, of which 10 are pinned"):
        window.add("x", "user")
    assert (window.text(), list(window.events)) == before
    with pytest.raises(ValueError, match="unpin others"):
        window.would_evict(1)
    window.add("", "user")  # no token, no room
    assert window.accounting().free == 0


def test_a_pin_brings_a_page_in_and_keeps_it():
    window = ContextWindow(4, notes=False)
    first = window.add(words(2), "user")
    window.add(words(3), "user")
    window.pin(first)
    assert window.pages == [Page(first, "user", "w w", 2, pinned=True)]
    window.add(words(2), "user")
    with pytest.raises(ValueError):
        window.reference(1)
    assert [kind for kind, page in kinds(window) if page == first] == ["load", "evict", "fault", "pin"]
    window.unpin(first)
    assert window.reference(1).id == 1


def test_a_summary_takes_the_place_of_what_goes_and_the_originals_stay():
    asked = []

    def summarize(pages):
        asked.append([page.id for page in pages])
        return f"pages {pages[0].id} to {pages[-1].id}"

    window = ContextWindow(40, FIFO(), summarize=summarize, summary_tokens=4)
    for letter in "abcdef":
        window.add(words(8, letter), "user", name=letter)
    assert asked == [[0, 1, 2]], "5 tokens would be left for the summary"
    (summary,) = [page for page in window.pages if page.summary_of]
    assert (summary.role, summary.text, summary.name) == ("summary", "pages 0 to 2", "summary of 3 pages")
    assert window.text().startswith("[3 pages, 24 tokens, in the archive]\npages 0 to 2\nd d d")
    event = next(event for event in window.events if event.kind == "summarize")
    assert (event.page, event.pages) == (summary.id, summary.summary_of) == (6, (0, 1, 2))
    assert window.reference(0).text == words(8, "a")
    (again,) = [page for page in window.pages if page.summary_of]
    assert asked[1:] == [[3, 4, 6]] and again.summary_of == (0, 1, 2, 3, 4), "a summary of a summary"
    roomy = ContextWindow(40, FIFO(), summarize=summarize, summary_tokens=6)
    for letter in "abcdef":
        roomy.add(words(8, letter), "user")
    assert asked[2:] == [[0, 1, 2, 3]], "one page more had to go for a longer summary"


def test_a_summary_that_is_too_long_is_left_out_and_one_that_fails_changes_nothing():
    window = ContextWindow(40, summarize=lambda pages: words(99), summary_tokens=4)
    for letter in "abcdef":
        window.add(words(8, letter), "user")
    assert "summarize" not in window.counters() and window.counters()["evict"] > 0
    broken = ContextWindow(30, summarize=lambda pages: 1 / 0)
    broken.add(words(18), "user")
    with pytest.raises(ZeroDivisionError):
        broken.add(words(15), "user")
    assert len(broken.pages) == len(broken.events) == 1
    wrong = ContextWindow(30, summarize=lambda pages: None)
    wrong.add(words(18), "user")
    with pytest.raises(ValueError, match="two texts"):
        wrong.add(words(15), "user")
    assert len(wrong.pages) == len(wrong.events) == 1


def test_an_agent_summarizes_by_hand_what_would_go():
    window = ContextWindow(40, notes=False)
    for letter in "abcde":
        window.add(words(8, letter), "user")
    going = window.would_evict(10)
    assert [page.id for page in going] == [0, 1]
    id = window.replace([page.id for page in going], "short")
    assert [page.id for page in window.pages] == [id, 2, 3, 4] and window.would_evict(10) == []
    with pytest.raises(ValueError, match="do not fit in the place"):
        window.replace([2], words(30))
    for ids in ([], [0], [2, 0]):
        with pytest.raises(ValueError, match="in the window that are not pinned"):
            window.replace(ids, "short")
    nested = window.replace([id, 2], "shorter")
    assert [page.id for page in window.pages] == [nested, 3, 4]
    assert [page.id for page in window.archive] == [0, 1, id, 2]


def test_attention_adds_up_and_decides_what_stays():
    window = ContextWindow(3, AttentionMass(), lambda text: 1, notes=False)
    for letter in "abc":
        window.add(letter, "user")
    window.attend({0: 0.2, 1: 0.1})
    window.attend({1: 0.3})
    window.add("d", "user")
    assert [page.text for page in window.pages] == ["b", "c", "d"]
    for wrong in ({0: float("nan")}, {0: -1.0}, {99: 1.0}):
        with pytest.raises(ValueError):
            window.attend(wrong)


@pytest.mark.parametrize("budget", [0, -1, True, 2.5, "9", None, float("inf")])
def test_a_budget_is_a_whole_number_from_one(budget):
    with pytest.raises(ValueError, match="budget: a whole number"):
        ContextWindow(budget)


def test_what_is_no_page_is_refused():
    window = ContextWindow(9)
    for text, role in ((None, "user"), (b"x", "user"), ("x", ""), ("x", None), (3, "user")):
        with pytest.raises(ValueError, match="two texts were expected"):
            window.add(text, role)
    for use in (window.reference, window.pin, window.unpin):
        for id in (0, -1, "0", None, [0]):
            with pytest.raises(ValueError, match="there is no page"):
                use(id)
    assert window.events == [] and window.text() == "" and window.pages == window.archive == []
    for count in (lambda text: -1, lambda text: 1.0, lambda text: None, lambda text: True):
        with pytest.raises(ValueError, match="count: a whole number"):
            ContextWindow(9, count=count).add("x", "user")


def test_the_future_cannot_be_known_in_a_real_window():
    window = ContextWindow(4, Optimal(), notes=False)
    window.add(words(4), "user")
    with pytest.raises(ValueError, match="Optimal needs the future"):
        window.add(words(4), "user")
    assert len(window.pages) == 1


def test_the_layout_is_a_pure_function():
    pages = [Page(id, "user", "x", 3) for id in range(5)]
    laid = lay_out(pages, {0, 3}, len)
    assert [page.text for page in laid] == [
        "x", "[2 pages, 6 tokens, in the archive]", "x", "[1 page, 3 tokens, in the archive]",
    ]  # fmt: skip
    assert lay_out(pages, {0, 3}, None) == [pages[0], pages[3]] and lay_out([], set(), len) == []


def test_tokens_of_a_real_tokenizer_add_up_to_those_of_the_prompt():
    tokenizers = pytest.importorskip("tokenizers")
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE())
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = tokenizers.pre_tokenizers.ByteLevel.alphabet()
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=400, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(["the cat sat on the mat", "3 pages, 12 tokens, in the archive"] * 9, trainer)
    window = ContextWindow(30, count=lambda text: len(tokenizer.encode(text).ids))
    for text in ("the cat sat", "on the mat, Zoë 😀", "the archive", "the cat", "tokens of the cat " * 2):
        window.add(text, "user")
    books = window.accounting()
    assert window.archive and len(tokenizer.encode(window.text()).ids) == books.resident + books.notes


def test_a_window_prints_itself():
    window = ContextWindow(20)
    window.add("You are brief.", "system", pinned=True, name="rules")
    window.add("Hello " * 40 and "Hello", "user")
    assert str(window).split("\n")[:2] == ["  0 system        4 pinned rules", "  1 user          1 'Hello'"]
    assert repr(window) == str(window)
